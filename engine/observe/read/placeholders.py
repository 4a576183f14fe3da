"""NaN that is no value: some loggers write NaN into every row in which a metric was not measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..curve import any_nan
from ..log import Floats, Note
from .table import Track

__all__ = ["drop_placeholders"]

ENOUGH = 3
EVEN_SHARE = 0.9
"""So many of the numbers must stand at the usual distance (within one row) for the NaN between them to be mere filling."""


def drop_placeholders(track: Track, notes: list[Note]) -> None:
    """Take out of `track` the NaN between evenly spaced numbers. NaN that stays to the end is kept: that is how training breaks."""
    drop = _filling(track.values)
    if drop is not None:
        notes.append(Note("nan_as_missing", {"column": track.name, "count": int(drop.sum())}))
        track.keep(~drop)


def _filling(values: Floats) -> NDArray[np.bool_] | None:
    if not any_nan(values):
        return None
    nan = np.isnan(values)
    good = np.flatnonzero(~nan)
    if len(good) == len(values) or len(good) < ENOUGH or np.isinf(values).any():
        return None
    gaps = np.diff(good)
    usual = int(np.median(gaps))
    if usual < 2 or float(np.mean(np.abs(gaps - usual) <= 1)) < EVEN_SHARE:
        return None
    due = np.arange(int(good[-1]) + usual, len(values), usual)
    if len(due) > 1:
        nan[due] = False
    return nan
