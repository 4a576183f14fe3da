"""A long series at any zoom in no time: coarser and coarser copies of it, each made of its own extreme points.

Every block of points keeps its lowest, its median and its highest point and the first and last that is no number. All that is kept are
real points at their real steps: a spike of one step among a million is in every copy, and the median of a dense band survives.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...engine.observe.log import Floats, Series

__all__ = ["Pyramid"]

BLOCK = 16
"""Points of a block; it keeps three to five of them."""

SMALL = 4_000
"""Points below which a copy is not made coarser."""


class Pyramid:
    """A series and its coarser copies. Building it takes about a tenth of a second for a million points, `view` a millisecond."""

    def __init__(self, series: Series) -> None:
        """Points without a finite step are left out: they have no place on the axis."""
        placed = np.isfinite(series.steps)
        if not placed.all():
            series = replace(series, steps=series.steps[placed], values=series.values[placed])
        self.series = series
        self._runs = _runs(series.steps)
        self._levels: list[NDArray[np.intp] | None] = [None]
        kept: NDArray[np.intp] = np.arange(len(series.values))
        while len(kept) > SMALL:
            kept = _coarser(kept, series.values)
            self._levels.append(kept)

    def view(self, first: float, last: float, most: int) -> Series:
        """The points between two steps, at most about `most` of them, and the points where lines cross the edges."""
        series = self.series
        pieces: list[tuple[Floats, Floats]] = []
        for start, stop in self._runs:
            pieces.append(self._piece(start, stop, first, last, max(64, most // len(self._runs))))
        steps = np.concatenate([steps for steps, _ in pieces]) if pieces else series.steps[:0]
        values = np.concatenate([values for _, values in pieces]) if pieces else series.values[:0]
        return replace(series, steps=steps, values=values)

    def _piece(self, start: int, stop: int, first: float, last: float, most: int) -> tuple[Floats, Floats]:
        steps, values = self.series.steps, self.series.values
        low = start + int(np.searchsorted(steps[start:stop], first, "left"))
        high = start + int(np.searchsorted(steps[start:stop], last, "right"))
        chosen = np.arange(low, high)
        for kept in self._levels[1:]:
            if len(chosen) <= most or kept is None:
                break
            chosen = kept[np.searchsorted(kept, low) : np.searchsorted(kept, high)]
        at, of = steps[chosen], values[chosen]
        if start < low < stop and (low == high or steps[low] > first):
            at, of = np.insert(at, 0, first), np.insert(of, 0, _between(steps, values, low, first))
        if start < high < stop and (low == high or steps[high - 1] < last):
            at, of = np.append(at, last), np.append(of, _between(steps, values, high, last))
        return at, of


def _between(steps: Floats, values: Floats, after: int, step: float) -> float:
    """The value at `step` on the line between the points `after - 1` and `after`."""
    a, b = steps[after - 1], steps[after]
    share = float((step - a) / (b - a)) if b > a else 0.0
    return float(values[after - 1] * (1 - share) + values[after] * share)


def _runs(steps: Floats) -> list[tuple[int, int]]:
    """Stretches in which the steps ascend: a log that starts again has several."""
    cuts = np.flatnonzero(np.diff(steps) < 0) + 1
    edges = [0, *cuts.tolist(), len(steps)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _coarser(kept: NDArray[np.intp], values: Floats) -> NDArray[np.intp]:
    """Of every block of kept points those that matter."""
    whole = len(kept) // BLOCK * BLOCK
    blocks = kept[:whole].reshape(-1, BLOCK)
    some = values[blocks]
    finite = np.isfinite(some)
    rows = np.arange(len(blocks))
    lowest = np.where(finite, some, np.inf).argmin(axis=1)
    high = np.where(finite, some, -np.inf)
    highest = high.argmax(axis=1)
    middle = np.argpartition(high, BLOCK // 2, axis=1)[:, BLOCK // 2]
    picked = [blocks[rows, column] for column in (lowest, middle, highest)]
    lost = np.flatnonzero(~finite.all(axis=1))
    if len(lost):
        gone = ~finite[lost]
        picked += [blocks[lost, gone.argmax(axis=1)], blocks[lost, BLOCK - 1 - gone[:, ::-1].argmax(axis=1)]]
    return np.unique(np.concatenate([*picked, kept[whole:]]))
