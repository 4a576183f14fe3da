"""The triage chat: the conversation on the left; the curve, the ranking, the chosen cause and the plan beside it, or behind tabs.

The screen paints before the engine is loaded; that happens in a worker, and what is sent meanwhile waits in the line below.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from ...errors import LossclinicError, refusal
from ..display import printable
from .bubble import ChipRow
from .chat import Chat
from .choices import Choices
from .opening import Opening
from .panes import Panes
from .plan import PlanList
from .prompt import Prompt
from .room import KeyBar, RoomScreen
from .tabs import PaneTabs
from .top_bar import TopBar

if TYPE_CHECKING:
    from ...engine.diagnosis import Diagnosis
    from ..phrases import Phrases
    from .consult import Consult, Reading
    from .plot import Plot

__all__ = ["TriageScreen"]

AFTER_FIRST_PAINT = 0.05
"""Seconds after which the engine is loaded: the screen is painted first, and the worker does not compete with it."""

PANES = ("talk", "curve", "causes", "plan")


class TriageScreen(RoomScreen):
    """One consultation."""

    HELP_ENTRY: ClassVar[str] = "triage.help.room"
    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "pane(1)", "triage.key.pane", id="triage.pane"),
        Binding("f9", "plan", "triage.key.plan", id="triage.plan"),
        Binding("f10", "file", "triage.key.file", show=False, id="triage.file"),
        Binding("ctrl+r", "review", "triage.key.review", show=False, id="triage.review"),
        Binding("ctrl+b", "back", "triage.key.back", show=False, id="triage.back"),
        Binding("ctrl+g", "why", "triage.key.why", show=False, id="triage.why"),
        Binding("ctrl+o", "unknown", "triage.key.unknown", show=False, id="triage.unknown"),
        Binding("ctrl+s", "export('md')", "triage.key.export", show=False, id="triage.export"),
        Binding("ctrl+l", "export('json')", "triage.key.export_json", show=False, id="triage.export_json"),
        Binding("ctrl+n", "fresh", "triage.key.fresh", show=False, id="triage.fresh"),
        Binding("pageup", "leaf(-1)", "triage.key.earlier", show=False, priority=True, id="triage.earlier"),
        Binding("pagedown", "leaf(1)", "triage.key.later", show=False, priority=True, id="triage.later"),
    ]
    DEFAULT_CSS = """
    TriageScreen { layers: base; }
    #body { height: 1fr; }
    #talk { width: 46%; height: 1fr; }
    #side { width: 1fr; height: 1fr; border-left: vkey $panel; }
    #chat { height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1; }
    #hint { height: 1; padding: 0 2; color: $soft; }
    #curve-pane { height: 38%; min-height: 9; }
    #causes-pane { height: 1fr; }
    #likely { height: auto; }
    #ranking { height: auto; padding: 1 1 0 1; }
    #cause-scroll { height: 1fr; padding: 0 1; border-top: solid $panel; scrollbar-size-vertical: 1; }
    #cause { padding: 0 1 0 0; }
    #cause-scroll:focus { border-top: solid $primary; }
    #plan-pane { height: 1fr; display: none; padding: 1 0 0 0; scrollbar-size-vertical: 1; }
    #welcome { height: auto; max-height: 100%; padding: 1 2; display: none; }
    #side.-waiting { align: left bottom; }
    CurveView:focus, Ranking:focus { background-tint: $primary 6%; }
    PaneTabs { display: none; }

    TriageScreen.-show-plan #plan-pane { display: block; }
    TriageScreen.-show-plan #likely { height: 1fr; }
    TriageScreen.-show-plan #ranking, TriageScreen.-show-plan #cause-scroll { display: none; }

    TriageScreen.-very-wide #talk { width: 38%; }
    TriageScreen.-very-wide #causes-pane { layout: horizontal; }
    TriageScreen.-very-wide #likely { width: 54%; height: 1fr; }
    TriageScreen.-very-wide #ranking { display: block; }
    TriageScreen.-very-wide #plan-pane { display: block; margin: 1 0 0 0; padding: 0; border-top: solid $panel; }
    TriageScreen.-very-wide #cause-scroll { display: block; width: 1fr; border-top: none; padding: 1 1 0 1; border-left: vkey $panel; }

    #side.-waiting > * { display: none; }
    #side.-waiting > #welcome { display: block; }

    TriageScreen.-narrow PaneTabs { display: block; }
    TriageScreen.-narrow #talk, TriageScreen.-narrow #side { width: 100%; border: none; }
    TriageScreen.-narrow #side, TriageScreen.-narrow #side > *, TriageScreen.-narrow #side > #welcome { display: none; }
    TriageScreen.-narrow #curve-pane, TriageScreen.-narrow #causes-pane { height: 1fr; }
    TriageScreen.-narrow.-pane-curve #talk, TriageScreen.-narrow.-pane-causes #talk, TriageScreen.-narrow.-pane-plan #talk { display: none; }
    TriageScreen.-narrow.-pane-curve #side, TriageScreen.-narrow.-pane-curve #curve-pane { display: block; }
    TriageScreen.-narrow.-pane-causes #side, TriageScreen.-narrow.-pane-causes #causes-pane { display: block; }
    TriageScreen.-narrow.-pane-plan #side, TriageScreen.-narrow.-pane-plan #causes-pane { display: block; }
    TriageScreen.-narrow #chat { padding: 0 1; }
    TriageScreen.-short TopBar { display: none; }
    TriageScreen.-short #chat { padding: 0 1; }
    TriageScreen.-short Bubble { margin: 0; }
    TriageScreen.-short Prompt { border: none; min-height: 1; max-height: 2; padding: 0 2; background: $surface; }
    TriageScreen.-short Choices { max-height: 4; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.consult: Consult | None = None
        self._waiting = False
        self._plot: Plot | None = None
        self._diagnosis: Diagnosis | None = None
        self._reading = ""

    def compose(self) -> ComposeResult:
        """Conversation, panes, keys."""
        yield TopBar()
        yield PaneTabs(PANES)
        with Horizontal(id="body"):
            with Vertical(id="talk"):
                yield Chat(self._words, self._chip_name)
                yield Choices(lambda event: self.query_one(Prompt).take_key(event))
                yield Static(id="hint")
                yield Prompt()
            yield Panes(self._words, lambda: self.lang)
        yield KeyBar()

    def on_mount(self) -> None:
        """Greet, then load the engine."""
        self.query_one(Choices).offer(())
        self.query_one("#hint", Static).update(self.say("triage.hint.start"))
        chat = self.query_one(Chat)
        for what in ("scroll_y", "virtual_size"):
            self.watch(chat, what, self._hint_later, init=False)
        self.set_timer(AFTER_FIRST_PAINT, self._load)

    def on_unmount(self) -> None:
        """Give the record back."""
        if self.consult is not None:
            self.consult.recorder.close()

    # ------------------------------------------------------------------------------------------------------------------ loading

    @work(thread=True, exclusive=True, group="load")
    def _load(self) -> None:
        from .opening import begin

        opening = self.clinic.opening or Opening()
        try:
            consult = begin(opening, self.lang)
        except LossclinicError as error:
            self.clinic.call_from_thread(self._broken, error)
            return
        self.clinic.call_from_thread(self._loaded, consult, opening)

    def _broken(self, error: LossclinicError) -> None:
        words = printable(error.in_words(self.lang))
        self.query_one("#hint", Static).update(words)
        self.notify(words, severity="error", timeout=60)

    def _loaded(self, consult: Consult, opening: Opening) -> None:
        self.consult = consult
        self.clinic.left = None if opening.replay else consult.left
        session = consult.session
        if opening.record is not None and session.lang != self.lang:
            self.clinic.lang = session.lang
        if session.pending:
            self._read(session.pending)
        elif session.path:
            self._read(session.path, again=True)
        self.show(moved=True)
        if self._waiting:
            self._waiting = False
            self.query_one(Prompt).action_send()

    @work(thread=True, group="read")
    def _read(self, path: str, again: bool = False) -> None:
        from .plot import Plot

        consult = self.consult
        if consult is None:
            return
        self.clinic.call_from_thread(self._now_reading, path)
        reading = consult.fetch(path)
        plot = Plot(reading.log) if reading.log is not None else None
        self.clinic.call_from_thread(self._have_read, reading, plot, again)

    def _now_reading(self, path: str) -> None:
        self._reading = path
        self._retitle()

    def _have_read(self, reading: Reading, plot: Plot | None, again: bool) -> None:
        consult = self.consult
        if consult is None:
            return
        self._reading = ""
        if again:
            if reading.log is None:
                consult.note("log_gone", file=reading.path)
            consult.session.log = reading.log
        else:
            if consult.session.pending != reading.path:
                return
            consult.take_log(reading)
        if plot is not None:
            self._plot = plot
        self.show(moved=not again)

    # ------------------------------------------------------------------------------------------------------------------ showing

    def _words(self) -> Phrases:
        from ..phrases import Phrases

        if self.consult is not None:
            return self.consult.words._replace(lang=self.lang)
        from ...kb import load

        return Phrases(self.lang, load())

    def show(self, *, moved: bool = False) -> None:
        """Bring the screen up to what the consultation has come to. `moved` = evidence may have changed."""
        consult = self.consult
        if consult is None:
            return
        with self.clinic.batch_update():
            self.query_one(Chat).add(consult.take_fresh())
            self._diagnosis = consult.diagnosis()
            self.query_one(Panes).show(consult, self._diagnosis, self._plot, moved=moved)
            self._show_choices()
            self._retitle()
        if consult.recorder.failed:
            self.notify(self.say("triage.note.not_kept", reason=refusal(consult.recorder.failed, self.lang)), severity="error", timeout=20)

    def _chip_name(self, id: str) -> str:
        from .turns import name_of

        words = self._words()
        name = name_of(words, id)
        known = self.consult.session.known() if self.consult is not None else {}
        if id in words.kb.facts and id in known:
            return words.say("is", name=name, value=words.value(id, known[id]))
        return name

    def _show_choices(self) -> None:
        from . import offers

        consult = self.consult
        if consult is None:
            return
        choices = self.query_one(Choices)
        offered = offers.choices(consult.session)
        choices.offer(offered)
        prompt = self.query_one(Prompt)
        self._hint()
        if self.focused is None or self.focused in (choices, prompt) or isinstance(self.focused, ChipRow):
            questioned = consult.session.current is not None and not offers.wants_number(consult.session)
            (choices if offered and questioned and not prompt.text else prompt).focus()

    def _hint_later(self) -> None:
        self.call_after_refresh(self._hint)

    def _hint(self) -> None:
        """What to type now, and that there is more to read below."""
        from . import offers

        if self.consult is None:
            return
        more = self.query_one(Chat).rest > 1
        text = self.say("triage.hint.below") if more else offers.hint(self.consult.session)
        hint = self.query_one("#hint", Static)
        if text != hint.content:
            hint.update(text)

    def _retitle(self) -> None:
        about = ""
        if self._reading:
            about = self.say("triage.reading", file=self._called(self._reading))
        elif self.consult is not None and self.consult.session.outline is not None:
            about = self._called(self.consult.session.outline.source)
        self.query_one(TopBar).about = about

    def _called(self, path: str) -> str:
        from .turns import is_pasted

        return self.say("triage.pasted") if is_pasted(path) else Path(path).name

    def retell(self) -> None:
        """The same in the other language."""
        if self.consult is None:
            if self.is_mounted:
                self.query_one("#hint", Static).update(self.say("triage.hint.start"))
                self.query_one(Panes).retell()
            return
        self.consult.switch_language(self.lang)
        self.query_one(Chat).retell()
        self.query_one(PaneTabs).refresh()
        self.query_one(Panes).retell()
        self.show()

    # ------------------------------------------------------------------------------------------------------- what the user does

    @on(Prompt.Sent)
    def _sent(self, event: Prompt.Sent) -> None:
        if self.consult is None:
            self.query_one(Prompt).text = event.text
            self._waiting = True
            return
        if self._locked():
            return
        self.consult.send(event.text)
        if self.consult.wish is not None:
            self.clinic.lang, self.consult.wish = self.consult.wish, None
        if self.consult.session.pending:
            self._read(self.consult.session.pending)
        self.show(moved=True)

    @on(Prompt.WantsChoices)
    def _up_to_choices(self) -> None:
        choices = self.query_one(Choices)
        if choices.choices:
            choices.focus()

    @on(Choices.Picked)
    def _picked(self, event: Choices.Picked) -> None:
        if self.consult is not None and not self._locked():
            self.consult.pick(event.choice)
            self.show(moved=event.choice.value != "why")

    @on(ChipRow.TakenOut)
    def _taken_out(self, event: ChipRow.TakenOut) -> None:
        if self.consult is not None and not self._locked():
            self.query_one(Chat).drop(event.id)
            self.consult.take_out(event.id)
            self.show(moved=True)

    @on(PlanList.Toggled)
    def _ticked(self, event: PlanList.Toggled) -> None:
        if self.consult is not None and not self._locked():
            self.consult.session.tick(event.id, event.done)
            self.query_one(Panes).show_plan()

    @on(PaneTabs.Chosen)
    def _tab(self, event: PaneTabs.Chosen) -> None:
        self._go_to(event.pane)

    def on_paste(self, event: events.Paste) -> None:
        """A paste while something else than the line has focus."""
        event.stop()
        self.query_one(Prompt).take_paste(event.text)

    def on_key(self, event: events.Key) -> None:
        """Escape goes back to the conversation."""
        if event.key == "escape":
            event.stop()
            self._go_to("talk")

    def action_pane(self, by: int) -> None:
        """The next pane."""
        now = self._pane()
        self._go_to(PANES[(PANES.index(now) + by) % len(PANES)])

    def action_plan(self) -> None:
        """To the plan, and back."""
        self._go_to("causes" if self._pane() == "plan" else "plan")

    def _pane(self) -> str:
        """The pane that has focus."""
        if self.has_class("-narrow"):
            return next((pane for pane in PANES if self.has_class(f"-pane-{pane}")), "talk")
        node = self.focused
        places = {"talk": "#talk", "curve": "#curve-pane", "plan": "#plan-pane", "causes": "#causes-pane"}
        for pane, place in places.items():
            if node is not None and self.query_one(place) in node.ancestors_with_self:
                return pane
        return "talk"

    def _go_to(self, pane: str) -> None:
        if pane != "talk" and self.query_one(Panes).waiting and not self.has_class("-narrow"):
            self.notify(self.say("triage.file.nothing"), timeout=3)
            pane = "talk"
        before = set(self.classes)
        for name in PANES:
            self.set_class(name == pane, f"-pane-{name}", update=False)
        if pane in ("causes", "plan"):
            self.set_class(pane == "plan", "-show-plan", update=False)
        if before != self.classes:  # once: everything on the screen is styled anew
            self.update_node_styles()
        self.query_one(PaneTabs).at = pane
        offered = self.query_one(Choices).choices and self.consult is not None and self.consult.session.current is not None
        first = {"talk": "#choices" if offered else "#prompt", "curve": "#curve", "causes": "#ranking", "plan": "#plan-list"}[pane]
        self.query_one(first).focus()

    def action_back(self) -> None:
        """Take the last answer back."""
        if self.consult is not None and not self._locked():
            self.consult.go_back()
            self.show(moved=True)

    def action_why(self) -> None:
        """Why the question is asked."""
        if self.consult is not None:
            self.consult.explain()
            self.show()

    def action_unknown(self) -> None:
        """I don't know."""
        if self.consult is not None and not self._locked():
            self.consult.answer(None)
            self.show(moved=True)

    def action_review(self) -> None:
        """Everything that was said, to change it."""
        if self.consult is None:
            return
        from .review import ReviewScreen

        self.clinic.push_screen(ReviewScreen(self.consult.session, self._words()), self._reviewed)

    def _reviewed(self, deed: tuple[str, str] | None) -> None:
        if deed is None or self.consult is None or self._locked():
            return
        what, id = deed
        self.query_one(Chat).drop(id)
        if what == "change":
            self.consult.change(id)
        else:
            self.consult.take_out(id)
        self.show(moved=True)

    def action_file(self) -> None:
        """Put the case into the casebook."""
        if self.consult is None or self._diagnosis is None:
            self.notify(self.say("triage.file.nothing"))
            return
        if self._locked():
            return
        from .filing import file_case

        self.notify(file_case(self.consult, self.lang), timeout=10)
        self.show()

    def action_export(self, kind: str) -> None:
        """The diagnosis as a file in the current folder."""
        if self.consult is None or self._diagnosis is None:
            self.notify(self.say("triage.file.nothing"))
            return
        from .filing import export

        self.notify(export(self.consult, self._diagnosis, kind, self.lang), timeout=10)

    def action_leaf(self, by: int) -> None:
        """A page up or down in the conversation, or in the text of the pane that has focus; two lines stay in view."""
        place = {"causes": "#cause-scroll", "plan": "#plan-pane"}.get(self._pane(), "#chat")
        text = self.query_one(place, VerticalScroll)
        text.scroll_relative(y=by * max(1, text.size.height - 2), animate=False)

    def action_fresh(self) -> None:
        """Another consultation; this one stays in its record."""
        if self.consult is None:
            return
        self.consult.recorder.close()
        self.clinic.opening = None
        self.consult = None
        self._plot = self._diagnosis = None
        self.query_one(Chat).clear()
        self.query_one(Panes).clear()
        self._load()

    def copyable(self) -> str | None:
        """What to do now about the chosen cause."""
        return self.query_one(Panes).to_do()

    def _locked(self) -> bool:
        """Whether this is a replay, to which nothing is added; says so."""
        locked = self.consult is not None and self.consult.recorder.deaf
        if locked:
            self.notify(self.say("triage.note.locked"))
        return locked
