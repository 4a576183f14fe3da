"""What the consultation has come to: the curve, the ranking, the page of the chosen cause, and the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from ...messages import say
from ..spans import Span
from .curve_view import CurveView
from .plan import PlanList
from .ranking import Ranking
from .sheet import Sheet

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
    """The panes beside the conversation."""

    def __init__(self, words: Callable[[], Phrases], lang: Callable[[], str]) -> None:
        """`words` puts results into the language of the moment, which is `lang`."""
        super().__init__(id="side")
        self._words, self._lang = words, lang
        self._consult: Consult | None = None
        self._diagnosis: Diagnosis | None = None

    def compose(self) -> ComposeResult:
        """Curve, causes, plan."""
        with Vertical(id="curve-pane"):
            yield CurveView(self._words, lambda: say("triage.no_curve", self._lang()))
        with Vertical(id="causes-pane"):
            yield Ranking(self._words)
            with VerticalScroll(id="cause-scroll"):
                yield CauseSheet(lambda _: [], id="cause")
        with VerticalScroll(id="plan-pane", can_focus=False):
            yield PlanList(self._lang)

    def show(self, consult: Consult, diagnosis: Diagnosis | None, plot: Plot | None, *, moved: bool) -> None:
        """Bring all panes up to a diagnosis. `moved` = evidence may have changed."""
        self._consult, self._diagnosis = consult, diagnosis
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
        self.query_one(Ranking).show(None, moved=True)

    def _show_cause(self) -> None:
        sheet = self.query_one(CauseSheet)
        consult, diagnosis = self._consult, self._diagnosis
        if consult is None or diagnosis is None or not diagnosis.causes or not consult.session.known():
            sheet.page = None
            sheet.show(lambda _: [(Span(say("triage.no_cause", self._lang()), "dim"),)])
            return
        from .cause_page import CausePage

        cause = diagnosis.causes[min(self.query_one(Ranking).at, len(diagnosis.causes) - 1)]
        sheet.page = CausePage(consult.session, diagnosis, cause, self._words(), consult.frameworks)
        sheet.show(sheet.page.lines)

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
        scroll = self.query_one("#cause-scroll", VerticalScroll)
        scroll.scroll_home(animate=False)
        if event.opened:
            scroll.focus()

    def to_do(self) -> str | None:
        """What to do now about the chosen cause."""
        return self.query_one(CauseSheet).copyable()
