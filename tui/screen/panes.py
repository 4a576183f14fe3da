"""What the consultation has come to: the curve, the ranking, the page of the chosen cause, and the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from ...messages import say
from ..language import Lang
from ..page import Page
from ..spans import Line, Span
from ..terminal import Terminal
from .curve_view import CurveView
from .plan import PlanList
from .ranking import Ranking
from .sheet import Sheet
from .welcome import welcome_lines

if TYPE_CHECKING:
    from ...engine.diagnosis import Diagnosis
    from ..phrases import Phrases
    from .cause_page import CausePage
    from .consult import Consult
    from .plot import Plot

__all__ = ["CauseSheet", "Panes"]


class CauseSheet(Sheet):
    """The page of the chosen cause."""

    HELP_ENTRY: ClassVar[str] = "triage.help.cause"
    page: CausePage | None = None

    def copyable(self) -> str | None:
        """What to do now about it."""
        return self.page.to_do() if self.page is not None else None


class Panes(Vertical):
    """The panes beside the conversation; while there is nothing to show in them, a page for newcomers in their place."""

    def __init__(self, words: Callable[[], Phrases], lang: Callable[[], Lang]) -> None:
        """`words` puts results into the language of the moment, which is `lang`."""
        super().__init__(id="side", classes="-waiting")
        self._words, self._lang = words, lang
        self._consult: Consult | None = None
        self._diagnosis: Diagnosis | None = None

    def compose(self) -> ComposeResult:
        """Curve, causes with the plan below the ranking, and the page for newcomers."""
        with Vertical(id="curve-pane"):
            yield CurveView(self._words, lambda read: say("triage.no_curve_in_it" if read else "triage.no_curve", self._lang()))
        with Vertical(id="causes-pane"):
            with Vertical(id="likely"):
                yield Ranking(self._words)
                with VerticalScroll(id="plan-pane", can_focus=False):
                    yield PlanList(self._lang)
            with VerticalScroll(id="cause-scroll"):
                yield CauseSheet(lambda _: [], id="cause")
        yield Sheet(lambda width: welcome_lines(self._lang(), width), id="welcome")

    @property
    def waiting(self) -> bool:
        """Whether there is nothing to show yet."""
        return self._diagnosis is None

    def show(self, consult: Consult, diagnosis: Diagnosis | None, plot: Plot | None, *, moved: bool) -> None:
        """Bring all panes up to a diagnosis. `moved` = evidence may have changed."""
        self._consult, self._diagnosis = consult, diagnosis
        self.set_class(self.waiting, "-waiting")
        ranking = self.query_one(Ranking)
        if moved:
            ranking.at = 0
        ranking.show(diagnosis, moved=moved)
        self.query_one(CurveView).show(plot, diagnosis)
        self._show_cause()
        self.show_plan()

    def clear(self) -> None:
        """Begin anew."""
        self._consult = self._diagnosis = None
        self.add_class("-waiting")
        self.query_one(Ranking).show(None, moved=True)

    def retell(self) -> None:
        """Say what does not come from the consultation in the language of the moment."""
        self.query_one("#welcome", Sheet).show()

    def _show_cause(self) -> None:
        sheet = self.query_one(CauseSheet)
        consult, diagnosis = self._consult, self._diagnosis
        if consult is None or diagnosis is None or not diagnosis.causes or not consult.session.known():
            sheet.page = None
            sheet.show(self._without_cause)
            return
        from .cause_page import CausePage

        cause = diagnosis.causes[min(self.query_one(Ranking).at, len(diagnosis.causes) - 1)]
        if sheet.page is None or sheet.page.cause.id != cause.id:
            self.query_one("#cause-scroll", VerticalScroll).scroll_home(animate=False)
        sheet.page = CausePage(consult.session, diagnosis, cause, self._words(), consult.frameworks)
        sheet.show(sheet.page.lines)

    def _without_cause(self, width: int) -> list[Line]:
        """What stands in place of a cause: how a run went in which nothing is wrong, or what will be here."""
        from ..course import course
        from ..explaining import unjudged

        lang = self._lang()
        consult, diagnosis = self._consult, self._diagnosis
        page = Page(Terminal(max(20, width)))
        if consult is None or diagnosis is None or not diagnosis.healthy or unjudged(diagnosis, consult.session.log):
            page.text(say("triage.no_cause", lang), indent=0, style="dim")
            return page.lines
        words = self._words()
        sentences = course(consult.session.log, words) if consult.session.log is not None else []
        if sentences:
            page.heading(say("triage.course", lang))
            for sentence in sentences:
                page.text(sentence, indent=0)
        if skipped := words.skipped(diagnosis):
            page.heading(words.say("not_checked"))
            for line in skipped:
                page.text(line, style="dim", first=(Span("  - ", "dim"),))
        return page.lines

    def show_plan(self) -> None:
        """Bring the plan up to what was ticked off."""
        from .plan import plan_of

        plan = self.query_one(PlanList)
        if self._consult is None or self._diagnosis is None:
            plan.show([], set())
            return
        session = self._consult.session
        plan.show(plan_of(session, self._diagnosis, self._words(), self._consult.frameworks), session.done)

    @on(Ranking.Chosen)
    def _chosen(self, event: Ranking.Chosen) -> None:
        event.stop()
        self._show_cause()
        if event.opened:
            self.query_one("#cause-scroll", VerticalScroll).focus()

    def to_do(self) -> str | None:
        """What to do now about the chosen cause."""
        return self.query_one(CauseSheet).copyable()
