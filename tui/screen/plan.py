"""The plan as a checklist: what to find out, what to do now, what to do for good, and how to see that it helped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ...messages import say
from ..display import wrap
from ..spans import Line, Span
from .code import code_lines
from .themes import painted

if TYPE_CHECKING:
    from ...engine.diagnosis import Diagnosis
    from ...engine.session import Session
    from ..phrases import Phrases

__all__ = ["Item", "PlanList", "plan_of"]

SURE, CERTAIN = 0.5, 0.8
"""Probabilities from which the plan is about the first cause, below which finding out comes first, and from which nothing is left to ask."""

OPEN = 3
"""Questions to find out about when no cause is ahead."""


class Item(NamedTuple):
    """One thing to do."""

    id: str
    section: str
    """Heading it stands under."""
    name: str
    text: str
    code: str = ""


def plan_of(session: Session, diagnosis: Diagnosis, words: Phrases, frameworks: Sequence[str]) -> list[Item]:
    """What to do, in order."""
    from ..phrases import sentences

    if diagnosis.healthy or not diagnosis.causes or not session.known():
        return []
    kb, lang = session.mind.kb, words.lang
    cause = diagnosis.causes[0]
    entry = kb.cause(cause.id)
    items: list[Item] = []
    sure = cause.probability >= SURE
    asked = 0 if cause.probability >= CERTAIN else 1 if sure else OPEN
    for question in diagnosis.next_questions[:asked]:
        fact = kb.fact(question.fact)
        code = words.code(fact.code, frameworks)
        items.append(Item(f"ask:{question.fact}", _say(lang, "find_out"), question.ask, sentences(fact.find.pick(lang), 2), code[1] if code else ""))
    name = words.named(cause.name)
    heading = _say(lang, "confirm", cause=name)
    for number, check in enumerate(entry.confirm[:2]):
        how = sentences(check.how.pick(lang), 1)
        code = words.code(check.code, frameworks)
        rest = check.how.pick(lang)[len(how) :].strip()
        items.append(Item(f"check:{cause.id}:{number}", heading, how, rest, code[1] if code else ""))
    plan = words.fixes(cause)
    for horizon, section in (("now", words.say("now") if sure else words.say("now_if", cause=name)), ("for_good", words.say("for_good"))):
        for fix in plan[horizon]:  # type: ignore[index]
            code = words.code(fix.code, frameworks)
            items.append(Item(f"fix:{fix.id}", section, words.named(fix.name), fix.do, code[1] if code else ""))
    items.append(Item(f"verify:{cause.id}", _say(lang, "verify"), sentences(entry.verify.pick(lang), 1), ""))
    return items


def as_markdown(items: Sequence[Item], done: set[str]) -> str:
    """The plan as a task list."""
    lines: list[str] = []
    section = ""
    for item in items:
        if item.section != section:
            section = item.section
            lines += ["", f"## {section}", ""]
        lines.append(f"- [{'x' if item.id in done else ' '}] **{item.name}** {item.text}".rstrip())
        if item.code:
            lines += ["", *("      " + row for row in item.code.splitlines()), ""]
    return "\n".join(lines).strip() + "\n"


def _say(lang: str, entry: str, **values: object) -> str:
    return say(f"triage.plan.{entry}", lang, **values)


class PlanList(Widget, can_focus=True):
    """The checklist: arrows move, Space or Enter (or a click) ticks off. `[x]` is done."""

    HELP_ENTRY: ClassVar[str] = "triage.help.plan"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "triage.key.up", show=False, id="plan.up"),
        Binding("down,j", "move(1)", "triage.key.down", show=False, id="plan.down"),
        Binding("space,enter", "tick", "triage.key.tick", id="plan.tick"),
    ]
    DEFAULT_CSS = """
    PlanList { height: auto; padding: 0 1; }
    """

    class Toggled(Message):
        """An item was ticked off, or not after all."""

        def __init__(self, id: str, done: bool) -> None:
            super().__init__()
            self.id = id
            self.done = done

    at: reactive[int] = reactive(0)

    def __init__(self, lang: Callable[[], str]) -> None:
        super().__init__(id="plan-list")
        self._lang = lang
        self.items: list[Item] = []
        self.done: set[str] = set()
        self._tops: list[int] = []

    def show(self, items: list[Item], done: set[str]) -> None:
        """Draw a plan."""
        self.items, self.done = items, set(done)
        self.at = max(0, min(self.at, len(items) - 1))
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines."""
        del container, viewport
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The list."""
        return painted(self._lines(self.content_size.width))

    def _lines(self, width: int) -> list[Line]:
        lang = self._lang()
        if not self.items:
            return [(Span(row, "dim"),) for row in wrap(_say(lang, "none"), max(10, width))]
        done = sum(item.id in self.done for item in self.items)
        lines: list[Line] = [(Span(_say(lang, "title", done=done, n=len(self.items)), "title"),)]
        self._tops = []
        section = ""
        for number, item in enumerate(self.items):
            if item.section != section:
                section = item.section
                lines += [(), *((Span(row, "heading"),) for row in wrap(section, max(10, width)))]
            self._tops.append(len(lines))
            lines += self._item(item, number, max(16, width))
        return lines

    def _item(self, item: Item, number: int, width: int) -> list[Line]:
        chosen = number == self.at
        box = "[x] " if item.id in self.done else "[ ] "
        lead: Line = (Span("> " if chosen else "  ", "mark"), Span(box, "good" if item.id in self.done else ""))
        style = "chosen" if chosen and self.has_focus else "dim" if item.id in self.done else "strong"
        lines: list[Line] = []
        for n, row in enumerate(wrap(item.name, width - 6)):
            lines.append((*(lead if n == 0 else (Span(" " * 6),)), Span(row, style)))
        if chosen:
            lines += [(Span(" " * 6), Span(row)) for row in wrap(item.text, width - 6)]
            lines += code_lines(item.code, width, 8)
        return lines

    def on_click(self, event: events.Click) -> None:
        """Choose the item under the mouse; its box ticks it off."""
        at = max((n for n, top in enumerate(self._tops) if top <= event.y), default=None)
        if at is None:
            return
        self.focus()
        self.at = at
        self.refresh(layout=True)
        if event.x <= 6 and event.y == self._tops[at]:
            self.action_tick()

    def action_move(self, by: int) -> None:
        """The next item, scrolled into view."""
        if self.items:
            self.at = max(0, min(len(self.items) - 1, self.at + by))
            self.refresh(layout=True)
            self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        if self._tops:
            self.parent.scroll_to_region(Region(0, self._tops[self.at], 1, 6), animate=False)  # type: ignore[union-attr]

    def action_tick(self) -> None:
        """Done, or not after all."""
        if self.items:
            id = self.items[self.at].id
            self.post_message(self.Toggled(id, id not in self.done))

    def copyable(self) -> str:
        """The plan as a task list."""
        return as_markdown(self.items, self.done)
