"""The casebook on a screen: browse, filter as you type, open, compare with the run at hand, confirm an outcome.

The list is filled by a worker, so that typing is never held up; a search that is overtaken by the next letter is dropped.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from ..display import cut, printable
from ..spans import Line, Span
from ..terminal import Terminal
from .room import KeyBar, RoomScreen
from .sheet import Sheet
from .top_bar import TopBar

if TYPE_CHECKING:
    from ...casebook.case import Case
    from ...casebook.store import Sketch, Store
    from ...engine.session import Session
    from ...kb import KnowledgeBase

__all__ = ["CasebookScreen"]

LISTED = 100
"""Cases that are listed; the filter finds the others."""


class CasebookScreen(RoomScreen):
    """Cases on the left, the chosen one on the right."""

    HELP_ENTRY: ClassVar[str] = "casebook.help.room"
    AUTO_FOCUS = "#filter"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "confirm", "casebook.key.confirm", id="casebook.confirm"),
        Binding("f10", "compare", "casebook.key.compare", id="casebook.compare"),
        Binding("down", "to_list", "casebook.key.list", show=False, id="casebook.list"),
        Binding("escape", "back", "casebook.key.back", show=False, id="casebook.back"),
        Binding("pageup", "turn(-1)", "casebook.key.up", show=False, priority=True, id="casebook.up"),
        Binding("pagedown", "turn(1)", "casebook.key.down", show=False, priority=True, id="casebook.down"),
    ]
    DEFAULT_CSS = """
    CasebookScreen #filter { border: round $axis; background: $background; height: 3; }
    CasebookScreen #filter:focus { border: round $primary; }
    CasebookScreen #panes { height: 1fr; }
    CasebookScreen #cases { width: 2fr; height: 1fr; border: none; background: $background; scrollbar-size-vertical: 1; }
    CasebookScreen #cases { text-wrap: nowrap; text-overflow: ellipsis; background-tint: $background 0%; }
    CasebookScreen #cases > .option-list--option { padding: 0 1; }
    CasebookScreen #cases > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: bold; }
    CasebookScreen #cases:focus > .option-list--option-highlighted { background: $primary 30%; color: $foreground; text-style: bold; }
    CasebookScreen #page { width: 3fr; height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    CasebookScreen.-narrow #panes { layout: vertical; }
    CasebookScreen.-narrow #cases { width: 1fr; height: 8; }
    CasebookScreen.-narrow #page { width: 1fr; border-top: solid $axis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.store: Store | None = None
        self.kb: KnowledgeBase | None = None
        self.case: Case | None = None
        self.sketches: list[Sketch] = []
        self.likeness: dict[str, float] = {}
        self.comparing = False
        self.confirming = False
        self._failure = ""

    def compose(self) -> ComposeResult:
        """A line to type in, the list and the page."""
        yield TopBar()
        yield Input(id="filter")
        with Horizontal(id="panes"):
            yield OptionList(id="cases", compact=True, markup=False)
            with VerticalScroll(id="page", can_focus=False):
                yield Sheet(self._lines, id="sheet")
        yield KeyBar()

    def on_mount(self) -> None:
        """Open the casebook in the background."""
        self.retell()
        self._look("")

    def on_unmount(self) -> None:
        """Let go of the casebook."""
        if self.store is not None:
            self.store.close()

    def retell(self) -> None:
        """Everything in the language of the screen; what was typed stays."""
        field = self.query_one("#filter", Input)
        field.placeholder = self.say("casebook.screen.cause" if self.confirming else "casebook.screen.filter")
        self._fill()
        if self.sketches:
            self._count()
        self.query_one(Sheet).show()

    def on_screen_resume(self, _: object) -> None:
        """Back in this room: a case may have been filed meanwhile."""
        self.retell()
        if not self.confirming:
            self._look(self.query_one("#filter", Input).value)

    @on(Input.Changed, "#filter")
    def _typed(self, event: Input.Changed) -> None:
        if not self.confirming:
            self._look(event.value)

    @work(thread=True, exclusive=True, group="look")
    def _look(self, text: str) -> None:
        """Find what the line says, in a thread of its own."""
        from ...errors import LossclinicError

        try:
            sketches = self._found(text)
            failure = ""
        except LossclinicError as error:
            sketches, failure = [], printable(error.in_words(self.lang))
        self.clinic.call_from_thread(self._found_these, text, sketches, failure)

    def _found(self, text: str) -> list[Sketch]:
        from ...casebook.opening import open_casebook, place
        from ...casebook.reference import shelf
        from ...casebook.search import find
        from ...kb import load
        from ..casebook_filters import filters

        if self.kb is None:
            self.kb = load()
        where = place(None, os.environ).where
        if self.store is None or (self.store.read_only and Path(where).exists()):
            if self.store is not None:
                self.store.close()
            self.store = open_casebook(where, create=False)
        words, wanted = filters([text], self.kb, self.lang)
        if self.comparing:
            return self._alike()
        if words:
            return find(words, [self.store, shelf()], wanted, limit=LISTED)
        return [*self.store.list(wanted, limit=LISTED), *shelf().list(wanted)]

    def _alike(self) -> list[Sketch]:
        """The cases most like the run of the consultation."""
        from ...casebook.reference import shelf, sketch_of
        from ...casebook.similar import fingerprint, like

        session = self._session()
        if session is None or self.store is None or self.kb is None:
            return []
        facts = {id: value for id, value in session.known().items() if id in self.kb.facts}
        found = like(fingerprint(session.log, session.seen), facts, [self.store, shelf()], limit=20)
        self.likeness = {alike.case.id: alike.likeness for alike in found}
        return [sketch_of(alike.case) for alike in found]

    def _session(self) -> Session | None:
        """The consultation in the other room, if there is one with something in it."""
        rooms: Any = self.clinic
        try:
            stack: list[object] = rooms.get_screen_stack("triage")
        except KeyError:
            return None
        consult = next((found for screen in stack if (found := getattr(screen, "consult", None)) is not None), None)
        session = cast("Session | None", getattr(consult, "session", None))
        return session if session is not None and session.known() else None

    def _found_these(self, text: str, sketches: Sequence[Sketch], failure: str) -> None:
        if not self.confirming and text != self.query_one("#filter", Input).value:  # overtaken by what was typed since
            return
        self.sketches, self._failure = list(sketches), failure
        kept = self.case.id if self.case is not None else ""
        self._fill()
        cases = self.query_one("#cases", OptionList)
        ids = [sketch.id for sketch in self.sketches]
        if ids:
            cases.highlighted = ids.index(kept) if kept in ids else 0
        else:
            self.case = None
        self._count()
        self.query_one(Sheet).show()

    def _count(self) -> None:
        self.query_one(TopBar).about = self.say("casebook.holds", n=len(self.sketches))

    def _fill(self) -> None:
        cases = self.query_one("#cases", OptionList)
        at = cases.highlighted
        cases.clear_options()
        cases.add_options([Option(self._row(sketch), id=sketch.id) for sketch in self.sketches])
        if at is not None and at < len(self.sketches):
            cases.highlighted = at

    def _row(self, sketch: Sketch) -> Content:
        from ...casebook.reference import shown
        from ..casebook_pages import cause_name, status_word

        title, _, cause = shown(sketch, self.lang)
        name = cause_name(cause, self.kb, self.lang) if cause and self.kb is not None else self.say("casebook.no_cause")
        parts = [sketch.id, status_word(sketch.status, self.lang), printable(name)]
        if self.comparing and sketch.id in self.likeness:
            parts.insert(1, self.say("casebook.likeness", percent=round(self.likeness[sketch.id] * 100)))
        return Content.assemble(cut(printable(title), 120), "\n", ("  " + "  ".join(parts), "$soft"))

    @on(OptionList.OptionHighlighted, "#cases")
    def _open(self, event: OptionList.OptionHighlighted) -> None:
        from ...casebook.reference import shelf
        from ...errors import LossclinicError

        id = event.option.id
        if id is None or self.store is None:
            return
        try:
            self.case = self.store.get(id) or shelf().get(id)
        except LossclinicError as error:
            self._failure = printable(error.in_words(self.lang))
        self.query_one(Sheet).show()
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)

    def _lines(self, width: int) -> list[Line]:
        from ..casebook_pages import case_page, comparison

        if self._failure:
            return [(Span(self._failure, "warn"),)]
        if self.case is None or self.kb is None:
            return [(Span(self.say("casebook.screen.nothing"), "dim"),)]
        terminal = Terminal(width=max(width, 20))
        session = self._session() if self.comparing else None
        lines = comparison(self.case, session, self.kb, self.lang, terminal) if session is not None else []
        return [*lines, *case_page(self.case, self.kb, self.lang, terminal)]

    def action_to_list(self) -> None:
        """From the line to the cases."""
        self.query_one("#cases", OptionList).focus()

    def action_turn(self, by: int) -> None:
        """A page up or down in the case."""
        page = self.query_one("#page", VerticalScroll)
        (page.scroll_page_down if by > 0 else page.scroll_page_up)(animate=False)

    def action_back(self) -> None:
        """Out of confirming, or out of comparing, or back to the line."""
        field = self.query_one("#filter", Input)
        if self.confirming or self.comparing:
            if self.confirming:
                field.value = ""
            self.confirming = self.comparing = False
            self.retell()
            self._look(field.value)
        field.focus()

    def action_compare(self) -> None:
        """The cases most like the run of the consultation."""
        if self._session() is None:
            self.notify(self.say("casebook.screen.no_run"), timeout=6)
            return
        self.comparing = not self.comparing
        self._look(self.query_one("#filter", Input).value)

    def action_confirm(self) -> None:
        """Say what the chosen case turned out to be."""
        from ...casebook.reference import is_reference

        if self.case is None or is_reference(self.case.id):
            self.notify(self.say("casebook.screen.not_yours"), timeout=6)
            return
        self.confirming = True
        field = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            likeliest = next(iter(self.case.diagnosis.causes), "") if self.case.diagnosis is not None else ""
            field.value = self.case.cause or likeliest
        self.retell()
        field.focus()
        field.action_end()

    @on(Input.Submitted, "#filter")
    def _sent(self, event: Input.Submitted) -> None:
        if not self.confirming:
            self.action_to_list()
            return
        if event.value.strip():
            self._confirm(event.value.strip())

    def _confirm(self, text: str) -> None:
        from ...casebook.filing import confirmed, person
        from ...errors import LossclinicError
        from ..casebook_filters import cause_meant

        if self.case is None or self.store is None or self.kb is None:
            return
        try:
            cause = cause_meant(text, self.kb, self.lang)
            by = person()
            self.case = self.store.put(confirmed(self.case, cause, by=by), expected=self.case.rev, by=by, what=f"confirmed {cause}")
        except LossclinicError as error:
            self.notify(printable(error.in_words(self.lang)), severity="warning", timeout=10)
            return
        self.notify(self.say("casebook.done.confirmed", id=self.case.id, version=self.case.version), timeout=6)
        field = self.query_one("#filter", Input)
        self.confirming = False
        field.value = ""
        self.retell()
        self._look("")

    def copyable(self) -> str | None:
        """The case as Markdown, without what is private."""
        if self.case is None:
            return None
        from ...casebook.markdown import to_markdown
        from ...casebook.privacy import scrub

        return to_markdown(scrub(self.case))
