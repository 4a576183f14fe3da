"""The ranking: a bar a cause, which grows and shrinks as evidence comes; how far it moved stands beside it in points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ...messages import say
from ..display import cut, display_width, pad, wrap
from ..spans import Line, Span
from ..terminal import UNICODE
from .room import clinic
from .themes import painted

if TYPE_CHECKING:
    from ...engine.diagnosis import Diagnosis
    from ..phrases import Phrases

__all__ = ["Ranking"]

SHOWN = 7
"""Causes that are listed; the others are one line."""

BAR = 9
"""Cells that names leave to the bars."""

FIGURES = 14
"""Cells of a row beside the name and the bar: its number, the probability, and how far it moved."""


class Ranking(Widget, can_focus=True):
    """The likeliest causes. Arrows choose the one that the pane beside explains."""

    HELP_ENTRY: ClassVar[str] = "triage.help.ranking"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "triage.key.up", show=False, id="ranking.up"),
        Binding("down,j", "move(1)", "triage.key.down", show=False, id="ranking.down"),
        Binding("enter", "open", "triage.key.open", show=False, id="ranking.open"),
    ]
    DEFAULT_CSS = """
    Ranking { height: auto; padding: 0 1; }
    """

    class Chosen(Message):
        """A cause was chosen."""

        def __init__(self, at: int, *, opened: bool = False) -> None:
            super().__init__()
            self.at = at
            self.opened = opened

    at: reactive[int] = reactive(0)

    def __init__(self, words: Callable[[], Phrases]) -> None:
        super().__init__(id="ranking")
        self._words = words
        self._diagnosis: Diagnosis | None = None
        self._before: Mapping[str, float] = {}
        self._now: Mapping[str, float] = {}

    def show(self, diagnosis: Diagnosis | None, *, moved: bool) -> None:
        """Draw a diagnosis. `moved` = evidence came: bars are compared with what they were."""
        now = {cause.id: cause.probability for cause in diagnosis.causes} if diagnosis is not None else {}
        if moved:
            self._before, self._now = self._now, now
        self._diagnosis = diagnosis
        self.at = min(self.at, max(0, self.count - 1))
        self.refresh(layout=True)

    @property
    def count(self) -> int:
        """Causes that can be chosen."""
        return min(SHOWN, len(self._diagnosis.causes)) if self._diagnosis is not None else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line a cause, and two for the rest."""
        del container, viewport, width
        return self.count + 2 if self.count else 2

    def render(self) -> RenderResult:
        """The bars."""
        return painted(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Line]:
        diagnosis = self._diagnosis
        if diagnosis is None or not self.count:
            judged = diagnosis is not None and diagnosis.healthy and (diagnosis.log is None or diagnosis.log.points > 0)
            text = say("report.healthy_text" if judged else "triage.no_ranking", clinic(self).lang)
            return [(Span(row, "good" if judged else "dim"),) for row in wrap(text, max(10, width))]
        words = self._words()
        rows = [(str(n), words.named(c.name), c.probability, c.id) for n, c in enumerate(diagnosis.causes[: self.count], 1)]
        rest = diagnosis.causes[self.count :]
        rows.append(("", words.say("others", n=len(rest)), sum(c.probability for c in rest), ""))
        rows.append(("", words.say("something_else"), diagnosis.something_else, ""))
        widest = min(max(10, width - FIGURES - BAR), max(display_width(name) for _, name, _, _ in rows))
        room = max(4, width - widest - FIGURES)
        return [self._row(row, n, widest, room) for n, row in enumerate(rows)]

    def _row(self, row: tuple[str, str, float, str], n: int, widest: int, room: int) -> Line:
        number, name, probability, id = row
        chosen = n == self.at and bool(number)
        style = "dim" if not number else "chosen" if chosen and self.has_focus else "strong" if chosen else ""
        before = self._before.get(id, probability) if id else probability
        points = round(100 * probability) - round(100 * before)
        delta = f"{points:+d}" if points else ""
        lead = (">" if chosen else " ") + f"{number:1} "
        label = pad(cut(name, widest), widest)
        return (
            Span(lead, "mark" if chosen else "dim"),
            Span(label, style),
            Span(f"{self._words().percent(probability):>5} ", "strong" if chosen else style if not number else ""),
            *_bar(probability, before, room, "bar" if number else "dim"),
            Span(f" {delta}" if delta else "", "for" if points > 0 else "against"),
        )

    def on_click(self, event: events.Click) -> None:
        """Choose the cause under the mouse."""
        if event.y < self.count:
            self.focus()
            self.at = event.y
            self.post_message(self.Chosen(self.at))

    def action_move(self, by: int) -> None:
        """The next cause."""
        if self.count:
            self.at = max(0, min(self.count - 1, self.at + by))
            self.post_message(self.Chosen(self.at))

    def action_open(self) -> None:
        """Read about the chosen cause."""
        if self.count:
            self.post_message(self.Chosen(self.at, opened=True))


def _bar(now: float, before: float, room: int, style: str) -> tuple[Span, ...]:
    """A bar as long as `now`, in steps of half a cell; what it gained is green, what it lost is left as a thin line."""
    glyphs = UNICODE
    filled, was = (max(1, round(share * room * 2)) if share > 0.004 else 0 for share in (now, before))
    if filled - was >= 2:
        return (Span(glyphs.bar * (was // 2), style), Span(_halves(filled - was // 2 * 2), "for"))
    return (Span(_halves(filled), style), Span(glyphs.rule * ((was - filled) // 2), "dim"))


def _halves(count: int) -> str:
    return UNICODE.bar * (count // 2) + UNICODE.half_bar * (count % 2)
