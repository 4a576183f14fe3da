"""Where training was started again: the counter went back, the log says so, or the clock fell back to the beginning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..log import Note, Series
from .axis import Axis
from .table import Table, Track

__all__ = ["find_restarts"]

OFTEN = 20
"""A banner that comes more often than this, and than every twentieth point, is no banner of a restart (a checkpoint loaded to test)."""
CLOCK_POINTS = 10
CLOCK_FALLS_BELOW = 0.8
"""A clock that starts again shows less than this share of what it showed before."""


def find_restarts(table: Table, axis: Axis, main: Track, series: Sequence[Series], notes: list[Note]) -> tuple[float, ...]:
    """Positions on the axis, ascending; adds to `notes` what is not told there already."""
    found = {float(axis.positions[row]) for row in axis.restart_rows}
    for note, places in (("resume_banner", _banners(table, axis, main)), ("clock_reset", _clock(series))):
        if places - found:
            notes.append(Note(note, {"count": len(places)}))
        found |= places
    return tuple(sorted(found))


def _banners(table: Table, axis: Axis, main: Track) -> set[float]:
    rows = {r for r in table.restart_rows if len(main) and main.rows[0] < r <= main.rows[-1]}
    if len(rows) > max(OFTEN, len(main) // OFTEN):
        return set()
    return {float(axis.positions[main.rows[int(np.searchsorted(main.rows, r))]]) for r in rows}


def _clock(series: Sequence[Series]) -> set[float]:
    clock = next((s for s in series if s.metric == "time" and not s.part), None)
    if clock is None or len(clock) < CLOCK_POINTS or not np.isfinite(clock.values).all():
        return set()
    resets = np.flatnonzero(np.diff(clock.values) < 0) + 1
    if len(resets) > max(1, len(clock) // OFTEN) or (clock.values[resets] >= CLOCK_FALLS_BELOW * clock.values[resets - 1]).any():
        return set()
    return {float(clock.steps[i]) for i in resets.tolist()}
