"""What one side says, and the chips of what was understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ..display import display_width, wrap
from ..spans import Line, Span, width_of
from .code import code_lines
from .sheet import Sheet
from .themes import painted

if TYPE_CHECKING:
    from ..phrases import Phrases
    from .turns import Paragraph, Turn

__all__ = ["Bubble", "ChipRow"]

WIDEST = 84
"""Cells of the longest line of a bubble."""

MARGIN = 5
"""Cells that a bubble leaves free on the other side."""


class Bubble(Sheet):
    """A turn of the conversation: the clinic on the left, the user on the right behind a `>`, notes dim in between."""

    DEFAULT_CSS = """
    Bubble { margin: 0 0 1 0; }
    Bubble.-chipped { margin: 0; }
    """

    def __init__(self, turn: Turn, words: Callable[[], Phrases]) -> None:
        """`words` puts the turn into the language of the moment."""
        super().__init__(self._lines_of, classes="-chipped" if turn.chips else None)
        self.turn = turn
        self._words = words

    def _lines_of(self, width: int) -> list[Line]:
        lead = "> " if self.turn.who == "you" else ""
        room = max(8, min(WIDEST, width - MARGIN - 2 - len(lead)))
        style = "dim" if self.turn.who == "note" else ""
        lines: list[Line] = []
        for paragraph in self.turn.words(self._words()):
            lines += _laid(paragraph, room, style, lead)
            lead = " " * len(lead)
        return lines

    def render(self) -> RenderResult:
        """The lines in a block of colour."""
        width = self.content_size.width
        lines = self.lines(width)
        block = max((width_of(line) for line in lines), default=0)
        who = self.turn.who
        if who == "note":
            return painted([(Span(" "), *line) for line in lines])
        indent = max(0, width - block - 2) if who == "you" else 0
        colour = "on $primary 22%" if who == "you" else "on $surface"
        rows: list[Content] = []
        for line in lines:
            text = Content.assemble(" ", painted([line]), " " * (block - width_of(line) + 1)).stylize_before(colour)
            rows.append(Content(" " * indent) + text if indent else text)
        return Content("\n").join(rows)


def _laid(paragraph: Paragraph, room: int, style: str, lead: str) -> list[Line]:
    if paragraph.style == "code":
        return [(Span(" " * len(lead)), *line) for line in code_lines(paragraph.text, room, 0)]
    mark = f"{paragraph.mark:>2} " if paragraph.mark else ""
    hang = " " * display_width(mark)
    rows = wrap(paragraph.text, room - len(mark))
    first: Line = (Span(lead, "you"), Span(mark, "mark")) if mark else (Span(lead, "you"),)
    rest: Line = (Span(" " * len(lead) + hang),)
    return [(*(rest if number else first), Span(row, paragraph.style or style)) for number, row in enumerate(rows)]


class ChipRow(Widget, can_focus=True):
    """Chips in rows: arrows choose one, Delete (or a click) takes it out. `[name x]` is one, `[? name x]` a guess;
    the chosen one is shown reversed."""

    HELP_ENTRY: ClassVar[str] = "triage.help.chips"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "triage.key.previous", show=False, id="chips.previous"),
        Binding("right", "move(1)", "triage.key.next", show=False, id="chips.next"),
        Binding("delete,backspace,x", "take_out", "triage.key.take_out", id="chips.take_out"),
    ]
    DEFAULT_CSS = """
    ChipRow { height: auto; margin: 0 0 1 1; link-style: none; link-color: $accent; link-background: transparent; }
    ChipRow { link-style-hover: bold reverse; link-color-hover: $accent; link-background-hover: transparent; }
    """

    class TakenOut(Message):
        """The user did not mean this one."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    ids: reactive[tuple[str, ...]] = reactive((), layout=True)
    at: reactive[int] = reactive(0)

    def __init__(self, ids: tuple[str, ...], name: Callable[[str], str], guessed: frozenset[str] = frozenset()) -> None:
        """`name` gives the words on a chip in the language of the moment; those of `guessed` get a question mark."""
        super().__init__()
        self._name = name
        self.guessed = guessed
        self.set_reactive(ChipRow.ids, ids)

    def _rows(self, width: int) -> list[list[tuple[int, str]]]:
        """Numbers and texts of the chips in each row."""
        rows: list[list[tuple[int, str]]] = [[]]
        used = 0
        for number, id in enumerate(self.ids):
            text = f"[{'? ' if id in self.guessed else ''}{self._name(id)} x]"
            if rows[-1] and used + display_width(text) > width:
                rows.append([])
                used = 0
            rows[-1].append((number, text))
            used += display_width(text) + 1
        return rows if self.ids else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows of chips."""
        del container, viewport
        return len(self._rows(width))

    def render(self) -> RenderResult:
        """All chips."""
        rows: list[Content] = []
        for row in self._rows(self.content_size.width):
            pieces: list[Content | str] = []
            for number, text in row:
                style = "bold reverse" if self.has_focus and number == self.at else "$accent"
                pieces += [Content.styled(text, style).stylize(f"@click=take_out('{self.ids[number]}')"), " "]
            rows.append(Content.assemble(*pieces))
        return Content("\n").join(rows)

    def action_move(self, by: int) -> None:
        """The next chip."""
        if self.ids:
            self.at = (self.at + by) % len(self.ids)

    def action_take_out(self, id: str | None = None) -> None:
        """Take the chosen one out, or the one that was clicked."""
        if id is None and self.ids:
            id = self.ids[min(self.at, len(self.ids) - 1)]
        if id is not None:
            self.post_message(self.TakenOut(id))

    def drop(self, id: str) -> None:
        """Show one chip less."""
        self.ids = tuple(other for other in self.ids if other != id)
        self.at = max(0, min(self.at, len(self.ids) - 1))
        self.display = bool(self.ids)
