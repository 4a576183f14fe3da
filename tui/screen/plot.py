"""What the curve pane shows: one metric (or the two losses) in a window of steps, its marks, and their legend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ...engine.diagnosis import Diagnosis
from ...engine.observe.log import Log, Series
from ...messages import say
from ..canvas import DOTS_WIDE
from ..curve import GUTTER, Mark, Panel, draw_curve, mark_rows
from ..display import cut
from ..phrases import Phrases
from ..picture import marks
from ..scale import choose_scale
from ..sightings import sightings
from ..spans import Line, Span, width_of
from .pyramid import Pyramid

__all__ = ["Plot", "View"]

DENSITY = 12
"""Points that are drawn for each column of dots: enough for its range and its median."""

FURNITURE = 3
"""Rows of a picture that are neither canvas nor marks: the caption, the axis and its labels."""

RAIL, TALL = 2, 16
"""Rows of marks under the axis, and lines from which there are twice as many."""

CLOSEST = 1e-6
"""Smallest share of the run that a window can be."""


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at."""

    metric: int = 0
    """Which of the plot's `choices`."""
    window: tuple[float, float] | None = None
    """First and last step; None = the whole run."""
    log: bool | None = None
    """Logarithmic axis of values; None = as fits."""


@dataclass(slots=True)
class Plot:
    """A log ready to be drawn at any zoom. Made in a worker: the pyramids of a long log take a moment."""

    log: Log
    choices: list[tuple[Series, ...]] = field(init=False)
    """The losses together, then every other series."""
    _pyramids: dict[tuple[str, str, str], Pyramid] = field(init=False)
    _scales: dict[int, bool] = field(default_factory=dict[int, bool])

    def __post_init__(self) -> None:
        drawn = [series for series in self.log.series if np.isfinite(series.steps).any()]
        losses = tuple(s for metric in ("train_loss", "val_loss") if (s := next((d for d in drawn if d.metric == metric), None)))
        self.choices = [losses] if losses else []
        self.choices += [(series,) for series in drawn if all(series is not loss for loss in losses)]
        self._pyramids = {_key(s): Pyramid(s) for choice in self.choices for s in choice}

    def extent(self) -> tuple[float, float]:
        """First and last step of the run."""
        ends = [(s.steps[0], s.steps[-1], s.steps) for pyramid in self._pyramids.values() if len(s := pyramid.series)]
        return min(float(steps.min()) for _, _, steps in ends), max(float(steps.max()) for _, _, steps in ends)

    def name(self, view: View, words: Phrases) -> str:
        """The metrics that a view shows."""
        return words.say("comma").join(words.series(s.metric, s.part) for s in self.choices[view.metric])

    def is_log(self, view: View) -> bool:
        """Whether the axis of values is logarithmic; without a wish that is decided by the whole run, so that zooming does not flip it."""
        if view.log is not None:
            return view.log
        if view.metric not in self._scales:
            whole = [self._pyramids[_key(s)].view(*self.extent(), most=20_000).values for s in self.choices[view.metric]]
            self._scales[view.metric] = choose_scale(np.concatenate(whole)).log
        return self._scales[view.metric]

    def moved(self, view: View, *, pan: float = 0.0, zoom: float = 1.0, at: float = 0.5) -> tuple[float, float] | None:
        """The window after moving it by `pan` of its width, and making it `zoom` times as wide around its place `at` (0..1)."""
        low, high = self.extent()
        first, last = view.window or (low, high)
        width = min(high - low, max((last - first) * zoom, (high - low) * CLOSEST))
        if width <= 0:
            return None
        start = first + (last - first) * at - width * at + (last - first) * pan
        start = max(low, min(high - width, start))
        return None if width >= (high - low) * 0.999 else (start, start + width)

    def around(self, mark: Mark) -> tuple[float, float] | None:
        """A window in which a mark is seen with what came before and after."""
        low, high = self.extent()
        margin = max((mark.last - mark.first) * 1.5, (high - low) * 0.02)
        first, last = max(low, mark.first - margin), min(high, mark.last + margin)
        return None if last - first >= (high - low) * 0.95 else (first, last)

    def lines(self, view: View, words: Phrases, diagnosis: Diagnosis | None, width: int, height: int) -> list[Line]:
        """The picture in `height` lines of `width` cells: caption, canvas, axis, marks, legend."""
        width = max(GUTTER + 12, width)
        window = view.window or self.extent()
        columns = max(10, width - GUTTER - 1) * DOTS_WIDE
        series = tuple(self._pyramids[_key(s)].view(*window, most=columns * DENSITY) for s in self.choices[view.metric])
        seen = [s for s in series if len(s)]
        placed = marks(diagnosis) if diagnosis is not None else []
        legend = self._legend(diagnosis, words, width)
        rail = 2 * RAIL if height >= TALL else RAIL
        log = self.is_log(view)
        caption = self._caption(view, words, width, log=log, missing=not np.isfinite(series[0].values).all())
        if not seen:
            return [caption]
        axis = words.say(f"axis.{self.log.axis}")
        below = len(mark_rows(placed, window, width=width, rail=rail)) + len(legend)
        solid = (Span("   "), Span(words.say("caption.solid"), "dim"))
        panel = Panel(tuple(seen), max(2, height - FURNITURE - below), caption, solid, log)
        lines = draw_curve([panel], placed, width=width, axis=axis, window=window, rail=rail)
        return [*lines, *legend][:height]

    def _caption(self, view: View, words: Phrases, width: int, *, log: bool, missing: bool) -> Line:
        samples = ("⠒⠒⠒", "⠂⠂⠂")
        styles: Mapping[str, str] = {"train_loss": "train", "val_loss": "val"}
        spans: list[Span] = [Span(" " * GUTTER)]
        for series, sample in zip(self.choices[view.metric], samples, strict=False):
            spans += [Span(f"{sample} ", styles.get(series.metric, "other")), Span(words.series(series.metric, series.part)), Span("   ")]
        if log:
            spans += [Span(words.say("caption.log"), "dim"), Span("   ")]
        if view.window is not None:
            low, high = self.extent()
            spans += [Span(say("triage.zoomed", words.lang, times=f"{(high - low) / (view.window[1] - view.window[0]):.3g}"), "dim"), Span("   ")]
        if missing:
            spans += [Span(words.say("caption.missing"), "dim"), Span("   ")]
        if len(self.choices) > 1:
            spans.append(Span(say("triage.metric_of", words.lang, n=view.metric + 1, total=len(self.choices)), "dim"))
        while width_of(tuple(spans)) > width or spans[-1].text.strip() in samples:
            spans.pop()
        return tuple(spans)

    def _legend(self, diagnosis: Diagnosis | None, words: Phrases, width: int) -> list[Line]:
        """What the numbers under the axis stand for, on one line."""
        if diagnosis is None:
            return []
        spans: list[Span] = []
        room = width - 1
        for seen in sightings(diagnosis):
            if seen.first_step is None:
                continue
            name, _ = words.sighting(seen)
            piece = (Span(f" {seen.number} ", "mark"), Span(name))
            if width_of(tuple(spans)) + width_of(piece) + 2 > room:
                spans.append(Span(cut(" ...", room)))
                break
            spans += [*piece, Span(" ")]
        return [tuple(spans)] if spans else []


def _key(series: Series) -> tuple[str, str, str]:
    return series.metric, series.part, series.column
