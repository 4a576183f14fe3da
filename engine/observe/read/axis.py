"""The axis: from the step counter (or the epoch) that a file has in each row to one axis that only goes forward.

A counter that starts again in every epoch is put end to end and is no restart; a counter that goes back otherwise is one: what
follows is moved up so that the series goes on, and the place is remembered. Rows out of order without any such sense are sorted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..log import Floats, Note

__all__ = ["Axis", "fill", "straighten"]

UNSORTED_SHARE = 0.05
"""More backward jumps than this share of the rows are disorder, not restarts (no run is resumed every twenty lines)."""


@dataclass(slots=True)
class Axis:
    """Position of every row (NaN where the file gives none), the rows where a restart begins, and what to tell about it."""

    positions: Floats
    restart_rows: list[int] = field(default_factory=list[int])
    notes: list[Note] = field(default_factory=list[Note])


def distinct(values: Floats) -> int:
    """How many different values there are. `np.unique` would do, but its first call imports `numpy.ma` (10 ms)."""
    if not len(values):
        return 0
    if bool((values[1:] > values[:-1]).all()):
        return len(values)
    ascending = bool((values[1:] >= values[:-1]).all())
    return 1 + int(np.count_nonzero(np.diff(values if ascending else np.sort(values))))


def fill(rows: NDArray[np.int64], values: Floats, n_rows: int) -> Floats:
    """One value a row: the last one said, and before the first one the first."""
    if len(rows) == n_rows:
        return values
    index = np.searchsorted(rows, np.arange(n_rows), side="right") - 1
    return values[np.maximum(index, 0)]


def straighten(
    rows: NDArray[np.int64],
    values: Floats,
    n_rows: int,
    epochs: Floats | None,
    *,
    within: bool,
    counts_in_epoch: bool,
    known: set[int],
) -> Axis:
    """The axis over all `n_rows`, from a counter with `values` at `rows` (ascending, finite).

    `epochs` is the epoch of every row if known; `within` says that the counter is known to start again each epoch, and
    `counts_in_epoch` that its name allows it ("batch", "iter"); `known` are rows at which the file itself says that it starts again.
    """
    back = np.flatnonzero(values[1:] < values[:-1]) + 1
    if not len(back):
        return Axis(fill(rows, values, n_rows))
    stride = _stride(np.diff(values))
    if epochs is not None:
        here = epochs[rows]
        if _follows_epochs(values, here, back, within=within):
            return _end_to_end(rows, values, n_rows, here, stride)
    if (within or counts_in_epoch) and _periodic(values, back, stride):
        starts = np.zeros(len(values))
        starts[back] = 1
        axis = _end_to_end(rows, values, n_rows, np.cumsum(starts), stride)
        axis.notes.append(Note("within_epoch", {"count": len(back) + 1}))
        return axis
    said = [b for b in back.tolist() if int(rows[b]) in known]
    if len(said) == len(back):
        return _moved_up(rows, values, n_rows, back, stride, [])
    back, swaps = _real_jumps(values, back, stride)
    if _disorder(values, back):
        return Axis(fill(rows, values, n_rows), [], [Note("unsorted", {"count": len(back) + swaps})])
    notes = [Note("unsorted", {"count": swaps})] if swaps else []
    if not len(back):
        return Axis(fill(rows, values, n_rows), [], notes)
    return _moved_up(rows, values, n_rows, back, stride, notes)


def _stride(jumps: Floats) -> float:
    forward = jumps[jumps > 0]
    return float(np.median(forward)) if len(forward) else 1.0


def _follows_epochs(values: Floats, epochs: Floats, back: NDArray[np.int64], *, within: bool) -> bool:
    """Whether the counter goes back just where a new epoch begins, and (nearly) nowhere else."""
    rises = epochs[back] > epochs[back - 1]
    if rises.mean() < 0.75:
        return False
    new_epoch = np.flatnonzero(np.diff(epochs) > 0) + 1
    if not within and len(new_epoch) > 2 * len(back) + 2:
        return False
    return bool(within or len(back) > 1 or values[back[0]] <= values[0] + 2 * _stride(np.diff(values)))


def _periodic(values: Floats, back: NDArray[np.int64], stride: float) -> bool:
    """Whether at least three stretches begin at the same place and all but the last end at the same place."""
    if len(back) < 2:
        return False
    starts, ends = np.append(values[0], values[back]), values[back - 1]
    return bool(np.ptp(starts) <= stride and np.ptp(ends) <= max(stride, 0.02 * float(np.median(ends))))


def _end_to_end(rows: NDArray[np.int64], values: Floats, n_rows: int, epochs: Floats, stride: float) -> Axis:
    """Counter within the epoch + epochs before x length of an epoch; epochs that go back are a restart."""
    restarts: list[int] = []
    number = np.zeros(len(values))
    shift = 0.0
    first = float(epochs[0])
    redo = (np.diff(epochs) < 0) | ((np.diff(epochs) == 0) & (np.diff(values) < 0))
    cuts = np.flatnonzero(redo) + 1
    start = 0
    for cut in [*cuts.tolist(), len(values)]:
        number[start:cut] = epochs[start:cut] - first + shift
        if cut < len(values):
            restarts.append(int(rows[cut]))
            shift = number[cut - 1] + 1 - (float(epochs[cut]) - first)
        start = cut
    number = np.floor(number)
    lowest = float(values.min())
    length = float(values.max()) + stride - lowest
    notes = [Note("restart", {"count": len(restarts)})] if restarts else []
    return Axis(fill(rows, values + number * length, n_rows), restarts, notes)


def _real_jumps(values: Floats, back: NDArray[np.int64], stride: float) -> tuple[NDArray[np.int64], int]:
    """The backward jumps that repeat what was counted before or go far back, and how many others (neighbours swapped) there are."""
    if len(back) > 200:
        return back, 0
    real: list[int] = []
    for b in back.tolist():
        near = values[max(0, b - 8) : b]
        swapped = values[b - 1] - values[b] <= 2 * stride and values[b] not in near and values[b] > values[0]
        if not (swapped and (b + 1 >= len(values) or values[b + 1] > near.max())):
            real.append(b)
    return np.array(real, dtype=np.int64), len(back) - len(real)


def _disorder(values: Floats, back: NDArray[np.int64]) -> bool:
    """Whether the backward jumps are rows out of order: too many, or nothing is counted twice (a restart repeats or overlaps)."""
    if len(back) > 3 and len(back) > UNSORTED_SHARE * len(values):
        return True
    if not len(back) or distinct(values) < len(values):
        return False
    if len(back) > 2:
        return True
    return all(values[b:].max() < values[:b].min() for b in back.tolist())


def _moved_up(rows: NDArray[np.int64], values: Floats, n_rows: int, back: NDArray[np.int64], stride: float, notes: list[Note]) -> Axis:
    moved = values.copy()
    lengths = np.diff(np.concatenate(([0], back, [len(values)])))
    runs = 1
    for i, b in enumerate(back.tolist()):
        highest = moved[max(0, b - int(lengths[i])) : b].max()
        end = b + int(lengths[i + 1])
        moved[b:end] = values[b:end] + (highest + stride - values[b])
        if values[b] <= values[0] + stride and lengths[i] >= 3 and lengths[i + 1] >= 3:
            runs += 1
    where = [int(rows[b]) for b in back.tolist()]
    notes = [*notes, Note("restart", {"count": len(where)})]
    if runs > 1:
        notes.append(Note("several_runs", {"count": runs}))
    return Axis(fill(rows, moved, n_rows), where, notes)
