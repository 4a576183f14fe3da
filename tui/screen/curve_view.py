"""The pane of the curve: keys and wheel to look at it from all sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from ..display import wrap
from ..spans import Span
from .themes import painted

if TYPE_CHECKING:
    from ...engine.diagnosis import Diagnosis
    from ..phrases import Phrases
    from .plot import Plot, View

__all__ = ["CurveView"]

STEP = 0.25
"""Share of the window that a key moves it by."""

CLOSER = 0.5
"""How much smaller a key makes the window."""


class CurveView(Widget, can_focus=True):
    """The curve of the run. Arrows move and zoom, digits go to an anomaly."""

    HELP_ENTRY: ClassVar[str] = "triage.help.curve"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "pan(-1)", "triage.key.left", show=False, id="curve.left"),
        Binding("right", "pan(1)", "triage.key.right", show=False, id="curve.right"),
        Binding("up,plus,equals_sign,fullwidth_plus_sign,fullwidth_equals_sign", "zoom(1)", "triage.key.closer", id="curve.closer"),
        Binding("down,minus,fullwidth_hyphen_minus", "zoom(-1)", "triage.key.farther", id="curve.farther"),
        Binding("home,0,fullwidth_digit_zero", "whole", "triage.key.whole", show=False, id="curve.whole"),
        Binding("m,space", "metric(1)", "triage.key.metric", id="curve.metric"),
        Binding("M", "metric(-1)", "triage.key.metric_back", show=False, id="curve.metric_back"),
        Binding("l,end", "log", "triage.key.log", id="curve.log"),
    ]
    DEFAULT_CSS = """
    CurveView { height: 1fr; }
    """

    def __init__(self, words: Callable[[], Phrases], empty: Callable[[bool], str]) -> None:
        """`empty`: what stands there while there is no log, or (told so) for a log without a curve."""
        super().__init__(id="curve")
        self._words, self._empty = words, empty
        self.plot: Plot | None = None
        self.diagnosis: Diagnosis | None = None
        self.view: View | None = None

    def show(self, plot: Plot | None, diagnosis: Diagnosis | None) -> None:
        """Draw a log with the marks of a diagnosis; another log is seen whole."""
        from .plot import View

        if plot is not self.plot or self.view is None:
            self.plot, self.view = plot, View()
        self.diagnosis = diagnosis
        self.refresh()

    def render(self) -> RenderResult:
        """The picture."""
        width, height = self.size.width, self.size.height
        if self.plot is None or self.view is None or not self.plot.choices:
            rows = wrap(self._empty(self.plot is not None), max(10, width - 4))
            return painted([(), *((Span("  "), Span(row, "dim")) for row in rows)])
        return painted(self.plot.lines(self.view, self._words(), self.diagnosis, width - 1, height))

    def _look(self, **changes: object) -> None:
        if self.view is not None:
            self.view = replace(self.view, **changes)  # pyright: ignore[reportArgumentType]
            self.refresh()

    def action_pan(self, by: int) -> None:
        """Left or right."""
        if self.plot is not None and self.view is not None and self.view.window is not None:
            self._look(window=self.plot.moved(self.view, pan=by * STEP))

    def action_zoom(self, by: int, at: float = 0.5) -> None:
        """Closer or farther."""
        if self.plot is not None and self.view is not None:
            self._look(window=self.plot.moved(self.view, zoom=CLOSER**by, at=at))

    def action_whole(self) -> None:
        """The whole run."""
        self._look(window=None)

    def action_metric(self, by: int) -> None:
        """The next metric."""
        if self.plot is not None and self.view is not None and self.plot.choices:
            self._look(metric=(self.view.metric + by) % len(self.plot.choices), log=None)

    def action_log(self) -> None:
        """Logarithmic or linear."""
        if self.plot is not None and self.view is not None:
            self._look(log=not self.plot.is_log(self.view))

    def on_key(self, event: events.Key) -> None:
        """A digit goes to the anomaly with this number."""
        digit = event.character
        if digit is not None and "１" <= digit <= "９":
            digit = chr(ord(digit) - 0xFEE0)
        if digit is not None and digit in "123456789":
            event.stop()
            self.go(int(digit))

    def go(self, number: int) -> None:
        """Look at an anomaly from near, in the metric it was found in; again at the next one of its kind."""
        if self.plot is None or self.view is None or self.diagnosis is None:
            return
        from ..picture import marks

        found = [mark for mark in marks(self.diagnosis) if mark.label == str(number)]
        if not found:
            return
        now = self.view.window
        following = [mark for mark in found if now is not None and mark.first > (now[0] + now[1]) / 2]
        mark = (following or found)[0]
        metric = next((n for n, choice in enumerate(self.plot.choices) if any(s.metric == mark.metric for s in choice)), self.view.metric)
        self._look(window=self.plot.around(mark), metric=metric, log=None if metric != self.view.metric else self.view.log)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Closer, to what is under the mouse."""
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Farther."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        from ..curve import GUTTER

        event.stop()
        if event.shift:
            self.action_pan(-by)
            return
        at = (event.x - GUTTER) / max(1, self.size.width - GUTTER - 2)
        self.action_zoom(by, max(0.0, min(1.0, at)))
