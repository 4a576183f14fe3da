"""The curve as inline SVG: the same panels and marks as in the terminal, thinned without losing a spike."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from ..engine.observe.log import Floats, Series
from .curve import Mark, Panel
from .scale import Scale, step_ticks

__all__ = ["svg_curve"]

WIDTH, LEFT, RIGHT = 860.0, 64.0, 12.0
ROW = 22.0
"""Height of a panel for each row that it has in the terminal."""
CAPTION, RAIL, TICKS = 20.0, 18.0, 22.0
_LINE = 'fill="none" stroke="currentColor"'
"""What lines look like where the style sheet of the page does not reach."""

_ROLES = ("main", "second")

COLUMNS = 800
"""Points of a line are thinned to the lowest and the highest of each of so many columns."""


def svg_curve(panels: Sequence[Panel], marks: Sequence[Mark], *, axis: str) -> str:
    """An `<svg>` element; classes name what a line is, the page gives the colours. "" when there is nothing to draw."""
    steps = np.concatenate([s.steps[np.isfinite(s.steps)] for panel in panels for s in panel.series] or [np.empty(0)])
    if not steps.size:
        return ""
    first, last = float(steps.min()), float(steps.max())
    bottom = sum(CAPTION + panel.rows * ROW for panel in panels)
    parts = [part for mark in marks for part in _mark(mark, first, last, bottom)]
    top = 0.0
    for panel in panels:
        height = panel.rows * ROW
        parts += _panel(panel, first, last, top + CAPTION, height)
        top += CAPTION + height
    for tick in step_ticks(first, last, 8):
        x = LEFT + tick.place * (WIDTH - LEFT - RIGHT)
        parts.append(f'<line class="tick" {_LINE} x1="{x:.1f}" y1="{bottom:.1f}" x2="{x:.1f}" y2="{bottom + 4:.1f}"/>')
        parts.append(f'<text class="label" x="{x:.1f}" y="{bottom + 16:.1f}" text-anchor="middle">{escape(tick.label)}</text>')
    parts.append(f'<text class="label" x="{WIDTH - RIGHT:.1f}" y="{bottom + TICKS + 10:.1f}" text-anchor="end">{escape(axis)}</text>')
    height = bottom + TICKS + RAIL
    names = escape(", ".join(dict.fromkeys(series.metric for panel in panels for series in panel.series)))
    return f'<svg viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{names}">{"".join(parts)}</svg>'


def _x(steps: Floats, first: float, last: float) -> Floats:
    share = (steps - first) / (last - first) if last > first else np.zeros(len(steps))
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _panel(panel: Panel, first: float, last: float, top: float, height: float) -> list[str]:
    scale = panel.scale()
    bottom = top + height
    parts = [f'<text class="caption" x="{LEFT:.1f}" y="{top - 6:.1f}" fill="currentColor">{_caption(panel)}</text>']
    for tick in scale.ticks(5 if height > 100 else 3):
        y = bottom - tick.place * height
        parts.append(f'<line class="grid" {_LINE} opacity=".2" x1="{LEFT:.1f}" y1="{y:.1f}" x2="{WIDTH - RIGHT:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="label" x="{LEFT - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(tick.label)}</text>')
    parts.append(f'<path class="axis" {_LINE} d="M{LEFT:.1f} {top:.1f}V{bottom:.1f}H{WIDTH - RIGHT:.1f}"/>')
    for number, series in enumerate(panel.series):
        style = f"line {_ROLES[number > 0]}"
        parts.append(f'<path class="{style}" {_LINE} d="{_path(series, scale, first, last, top, height)}"/>')
    lost = np.unique(np.rint(_x(panel.series[0].steps[~np.isfinite(panel.series[0].values)], first, last)))
    parts += [f'<text class="lost" x="{x:.0f}" y="{bottom + 4:.1f}" text-anchor="middle">×</text>' for x in lost[np.isfinite(lost)]]
    return parts


def _caption(panel: Panel) -> str:
    """The caption of the terminal with samples of the lines in place of braille."""
    texts: list[str] = []
    samples = 0
    for span in panel.caption:
        if "\u2800" <= span.text[:1] <= "\u28ff":
            texts.append(f'<tspan class="key {_ROLES[samples > 0]}">{"- -" if samples else "—"}</tspan>')
            samples += 1
        elif span.text.strip():
            texts.append(escape(span.text.strip()) + "\u2003")
    return " ".join(texts)


def _path(series: Series, scale: Scale, first: float, last: float, top: float, height: float) -> str:
    """The line of a series; it is broken where a value is missing and where the steps go back."""
    x, y = _x(series.steps, first, last), top + (1.0 - scale.place(series.values)) * height
    usable = np.isfinite(x) & np.isfinite(y)
    breaks = np.flatnonzero(np.diff(usable) | (np.diff(np.where(np.isfinite(x), x, 0.0)) < 0)) + 1
    pieces: list[str] = []
    for piece in np.split(np.arange(len(x)), breaks):
        if len(piece) and usable[piece[0]]:
            kept = piece[_thinned(x[piece], y[piece])]
            points = [f"{a:.1f} {b:.1f}" for a, b in zip(x[kept].tolist(), y[kept].tolist(), strict=True)]
            pieces.append("M" + "L".join(points if len(points) > 1 else points * 2))
    return "".join(pieces)


def _thinned(x: Floats, y: Floats) -> NDArray[np.intp]:
    """Positions of the points that make the picture: first, lowest, highest and last of each column."""
    if len(x) <= 2 * COLUMNS:
        return np.arange(len(x))
    column = np.floor((x - x[0]) / max(float(x[-1] - x[0]), 1e-300) * COLUMNS)
    start = np.flatnonzero(np.diff(column, prepend=-1.0))
    stop = np.append(start[1:], len(x)) - 1
    order = np.lexsort((y, column))
    return np.unique(np.concatenate((start, stop, order[start], order[stop])))


def _mark(mark: Mark, first: float, last: float, bottom: float) -> list[str]:
    left, right = _x(np.array([mark.first, mark.last]), first, last).tolist()
    y = bottom + TICKS + 4
    return [
        f'<line class="guide" {_LINE} x1="{left:.1f}" y1="{CAPTION:.1f}" x2="{left:.1f}" y2="{bottom:.1f}"/>',
        f'<line class="mark" {_LINE} x1="{left:.1f}" y1="{y:.1f}" x2="{max(right, left + 2):.1f}" y2="{y:.1f}"/>',
        f'<text class="number" x="{left:.1f}" y="{y + 14:.1f}" text-anchor="middle">{escape(mark.label)}</text>',
    ]
