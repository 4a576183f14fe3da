"""The curve of a run in a terminal: panels one above the other on one axis of steps, and a rail of numbered marks beneath.

    3.0 ┤⡇
        │⠱⡀            ⡇
    1.0 ┤ ⠈⠒⠤⢄⣀⣀⣀⣀⣀⡠⠃⠑⠒⠤⠤⣀⣀
        └┴────────┴────────┴─────
         0       500     1000      step
                     1─
Pure: series in, styled lines out; the command line paints them, and so can a screen. There is no wide character on the canvas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine.observe.log import Floats, Series
from .canvas import DOTS_HIGH, DOTS_WIDE, Trace, dot_count, glyph, raster
from .scale import Scale, choose_scale, step_ticks
from .spans import Line, Span, width_of
from .terminal import UNICODE, Glyphs

__all__ = ["Mark", "Panel", "draw_curve", "mark_rows"]

GUTTER = 9
"""Cells left of the canvas: indent, label, axis."""

RAIL_ROWS = 4
"""Most rows of marks; what overlaps more often than that is listed, not drawn."""

LOW = 4
"""Up to so many rows a panel has no room for round numbers."""

_STYLES = {"train_loss": "train", "val_loss": "val"}

MISSING, ZERO = "x", "0"
"""Signs on the axis: a value that is no finite number; an exact zero, which a logarithmic axis cannot show."""


class Mark(NamedTuple):
    """A numbered place on the axis of steps."""

    label: str
    first: float
    last: float
    metric: str | None = None


class Panel(NamedTuple):
    """One set of axes: the main series first, others beside it are dotted."""

    series: tuple[Series, ...]
    rows: int
    caption: Line = ()
    """Line above it; the place for names in any language."""
    caption_if_solid: Line = ()
    """What the caption adds when a line is so dense that its median is left blank."""
    log: bool | None = None
    """Whether the axis of values is logarithmic; None = as fits the values best."""

    def scale(self) -> Scale:
        """The scale that fits all its series."""
        return choose_scale(np.concatenate([series.values for series in self.series]), log=self.log)


class _Frame(NamedTuple):
    """What the panels share: the range of steps and the cells it is drawn on."""

    first: float
    last: float
    columns: int
    glyphs: Glyphs

    def place(self, steps: Floats) -> Floats:
        return (steps - self.first) / (self.last - self.first) if self.last > self.first else np.zeros(len(steps))

    def cell(self, step: float) -> int:
        dots = self.columns * DOTS_WIDE - 1
        return int(np.rint(np.clip(self.place(np.array([step]))[0], 0.0, 1.0) * dots)) // DOTS_WIDE


def draw_curve(
    panels: Sequence[Panel],
    marks: Sequence[Mark] = (),
    *,
    width: int,
    axis: str = "step",
    glyphs: Glyphs = UNICODE,
    window: tuple[float, float] | None = None,
    rail: int = RAIL_ROWS,
) -> list[Line]:
    """The panels, their axis of steps and at most `rail` rows of `marks`, as lines of at most `width` cells; nothing when there is no
    point. `window`: first and last step of the axis, where it is not that of the points; marks outside are left out."""
    steps = [series.steps[np.isfinite(series.steps)] for panel in panels for series in panel.series]
    steps = [some for some in steps if some.size]
    if not steps:
        return []
    first, last = window or (min(float(some.min()) for some in steps), max(float(some.max()) for some in steps))
    marks = _inside(marks, first, last)
    frame = _Frame(first, last, max(10, width - GUTTER - 1), glyphs)
    lines: list[Line] = []
    for position, panel in enumerate(panels):
        scale = panel.scale()
        lines += _canvas(panel, scale, frame, marks, width)
        lines.append(_axis(panel.series[0], scale, frame, ticks=position == len(panels) - 1))
    lines.append(_step_labels(frame, axis))
    return lines + _rail(frame, marks, rail)


def mark_rows(marks: Sequence[Mark], window: tuple[float, float], *, width: int, rail: int = RAIL_ROWS) -> list[Line]:
    """The rows of marks that `draw_curve` sets under a window of steps."""
    return _rail(_Frame(*window, max(10, width - GUTTER - 1), UNICODE), _inside(marks, *window), rail)


def _inside(marks: Sequence[Mark], first: float, last: float) -> list[Mark]:
    return [mark for mark in marks if mark.last >= first and mark.first <= last]


def _fitting(caption: Line, width: int) -> list[Line]:
    """The caption, without its last parts where they do not fit."""
    while width_of(caption) > width:
        caption = caption[:-1]
    return [caption] if caption else []


def _canvas(panel: Panel, scale: Scale, frame: _Frame, marks: Sequence[Mark], width: int) -> list[Line]:
    """The caption of a panel and its rows."""
    styles = [_STYLES.get(series.metric, "other") for series in panel.series]
    rasters = [
        raster(Trace(frame.place(s.steps), scale.place(s.values), dotted=n > 0), frame.columns, panel.rows)
        for n, s in enumerate(panel.series)
    ]
    together = np.bitwise_or.reduce([each.bits for each in rasters]).tolist()
    owners = np.argmax([dot_count(each.bits) for each in rasters], axis=0).tolist()
    troubled = _troubled(frame, marks, panel.series[0].metric)
    labels = _row_labels(scale, panel.rows)
    solid = any(each.solid for each in rasters)
    lines = _fitting(panel.caption + panel.caption_if_solid if solid else panel.caption, width)
    for row in range(panel.rows):
        label = labels.get(row, "")
        spans = [Span(f"{label:>{GUTTER - 2}} ", "dim"), Span(frame.glyphs.tick_y if label else frame.glyphs.axis_y, "axis")]
        for cell, (bits, owner) in enumerate(zip(together[row], owners[row], strict=True)):
            style = "bad" if owner == 0 and cell in troubled else styles[owner]
            spans.append(Span(glyph(bits, braille=frame.glyphs.braille, dotted=owner > 0), style))
        lines.append(_merge(spans))
    return lines


def _troubled(frame: _Frame, marks: Sequence[Mark], metric: str) -> set[int]:
    """Columns of cells that a mark on `metric` covers."""
    return {
        cell for mark in marks if mark.metric == metric for cell in range(frame.cell(mark.first), frame.cell(mark.last) + 1)
    }  # fmt: skip


def _row_labels(scale: Scale, rows: int) -> dict[int, str]:
    """Row of characters to the number beside it: round numbers, or on a low panel just the ends of the range."""
    if rows <= LOW:
        return {0: scale.label(1.0), rows - 1: scale.label(0.0)}
    labels: dict[int, str] = {}
    for tick in scale.ticks((rows + 1) // 2):
        labels.setdefault(min(rows - 1, int((1.0 - tick.place) * (rows * DOTS_HIGH - 1)) // DOTS_HIGH), tick.label)
    return labels


def _axis(main: Series, scale: Scale, frame: _Frame, *, ticks: bool) -> Line:
    """The line under a panel: ticks, and signs where the main series has no value that can be drawn."""
    cells = [Span(frame.glyphs.axis_x, "axis")] * frame.columns
    if ticks:
        for cell, _ in _ticks(frame):
            cells[cell] = Span(frame.glyphs.tick_x, "axis")
    signs = {MISSING: ~np.isfinite(main.values)}
    if scale.log:
        signs[ZERO] = main.values == 0.0
    for sign, where in signs.items():
        for first, last in _stretches(main.steps, where):
            for cell in range(frame.cell(first), frame.cell(last) + 1):
                cells[cell] = Span(sign, "bad")
    return _merge([Span(" " * (GUTTER - 1)), Span(frame.glyphs.corner, "axis"), *cells])


def _stretches(steps: Floats, where: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """First and last step of each run of points at which `where` holds."""
    edges = np.flatnonzero(np.diff(where, prepend=False, append=False)).reshape(-1, 2)
    ends = [(float(steps[first]), float(steps[stop - 1])) for first, stop in edges]
    return [(min(pair), max(pair)) for pair in ends if np.isfinite(pair).all()]


def _ticks(frame: _Frame) -> list[tuple[int, str]]:
    ticks = step_ticks(frame.first, frame.last, max(2, frame.columns // 12))
    return [(min(frame.columns - 1, int(tick.place * (frame.columns - 1) + 0.5)), tick.label) for tick in ticks]


def _step_labels(frame: _Frame, axis: str) -> Line:
    """The round steps under their ticks, and at the end what the steps count."""
    room = [" "] * (GUTTER + frame.columns)
    room[len(room) - len(axis) :] = axis
    end = len(room) - len(axis)
    free = 0
    for cell, label in _ticks(frame):
        start = max(free, GUTTER + cell - (len(label) - 1) // 2)
        if start + len(label) < end:
            room[start : start + len(label)] = label
            free = start + len(label) + 1
    return (Span("".join(room), "dim"),)


def _rail(frame: _Frame, marks: Sequence[Mark], most: int) -> list[Line]:
    """Marks under the steps they are about, in as few rows as they fit in without touching: short ones first, they share a row."""
    rows: list[list[str]] = []
    for mark in sorted(marks, key=lambda mark: frame.cell(mark.last) - frame.cell(mark.first)):
        start = frame.cell(mark.first)
        length = max(len(mark.label), frame.cell(mark.last) - start + 1)
        start = min(start, frame.columns - len(mark.label))
        text = (mark.label + frame.glyphs.span * (length - len(mark.label)))[: frame.columns - start]
        for row in rows:
            if all(cell == " " for cell in row[max(0, start - 1) : start + len(text) + 1]):
                break
        else:
            if len(rows) == most:
                continue
            row = [" "] * frame.columns
            rows.append(row)
        row[start : start + len(text)] = text
    return [(Span(" " * GUTTER), Span("".join(row).rstrip(), "mark")) for row in rows]


def _merge(spans: Sequence[Span]) -> Line:
    """The same line with neighbours of one style joined."""
    joined: list[Span] = []
    for span in spans:
        if joined and (joined[-1].style == span.style or not span.text.strip()):
            joined[-1] = Span(joined[-1].text + span.text, joined[-1].style)
        else:
            joined.append(span)
    return tuple(joined)
