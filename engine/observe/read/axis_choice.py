"""Which counter the axis is made of: the best step that tells the losses apart, else the epoch, else the rows themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..log import Floats
from .axis import Axis, distinct, fill, straighten
from .columns import phrase
from .ranking import Candidate
from .table import Table, Track
from .vocabulary import name_set

__all__ = ["Choice", "choose_axis"]

SAME_STEP_SHARE = 0.3
"""An axis on which more than this share of the loss points coincide does not tell them apart."""
FEW_COUNTS = 5
"""Fewer rows say little about whether a column counts."""
EVEN_SHARE = 0.9
"""So many of the steps of a counter without a known name must be equal."""
_IN_EPOCH = name_set("""
    batch, batches, batch idx, batch num, batch no, batch index, batch step, minibatch, mini batch, iter, iters, i, it, itr, iteration, 批次
""")
"""Counters that may start again in every epoch."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the axis counts, the column that it is made of (None: rows are counted), and the axis itself."""

    kind: Literal["step", "epoch", "row"]
    counter: Candidate | None
    axis: Axis


def choose_axis(table: Table, columns: Sequence[Candidate], main: Track) -> Choice:
    """The axis for `table` with `main` as its loss."""
    epochs = sorted((c for c in columns if c.meaning.kind == "epoch" and _covers(c.track, main, table)), key=lambda c: -c.meaning.score)
    steps = sorted((c for c in columns if c.meaning.kind == "step"), key=lambda c: -c.meaning.score)
    epoch = next((t for c in epochs if len(t := _finite(c.track))), None)
    epoch_of_row = None
    if epoch is not None:
        epoch_of_row = epoch.values if len(epoch) == table.n_rows else fill(epoch.rows, epoch.values, table.n_rows)
    for c in steps:
        if c.chosen or _covers(c.track, main, table):
            axis = _straight(table, c.track, epoch_of_row)
            if axis is not None and (c.chosen or _tells_apart(axis.positions, main)):
                return Choice("step", c, axis)
    for c in epochs:
        axis = _straight(table, c.track, None)
        if axis is not None and (c.chosen or _tells_apart(axis.positions, main)):
            return Choice("epoch", c, axis)
    for c in columns:
        if c.meaning.kind is None and len(c.track) == table.n_rows and _counts(c.track.values):
            return Choice("step", c, Axis(c.track.values))
    if table.numbers is not None:
        return Choice("row", None, Axis(table.numbers.astype(np.float64)))
    counted = np.searchsorted(main.rows, np.arange(table.n_rows), side="right") - 1
    return Choice("row", None, Axis(np.maximum(counted, 0).astype(np.float64)))


def _counts(values: Floats) -> bool:
    """Whether a column of unknown meaning goes up in whole and equal steps from row to row: a counter of an unusual name."""
    if len(values) < FEW_COUNTS or not np.isfinite(values).all() or (values != np.floor(values)).any() or values[0] < 0:
        return False
    steps = np.diff(values)
    return bool((steps > 0).all() and (steps == np.median(steps)).mean() >= EVEN_SHARE)


def _straight(table: Table, track: Track, epochs: Floats | None) -> Axis | None:
    counter = _finite(track)
    if not len(counter):
        return None
    if len(counter) == table.n_rows and bool((counter.values[1:] >= counter.values[:-1]).all()):
        return Axis(counter.values)
    return straighten(
        counter.rows,
        counter.values,
        table.n_rows,
        epochs,
        within=track.name in table.within,
        counts_in_epoch=phrase(track.name) in _IN_EPOCH,
        known=set(table.restart_rows) if table.is_table else set(),
    )


def _finite(track: Track) -> Track:
    good = np.isfinite(track.values)
    return track if good.all() else Track(track.name, track.rows[good], track.values[good])


def _covers(counter: Track, main: Track, table: Table) -> bool:
    """Whether at least half of the points of the main loss have this counter in their row; text is read on from line to line."""
    if not table.is_table or not len(main) or len(counter) == table.n_rows:
        return True
    return bool(np.isin(main.rows, counter.rows, assume_unique=True).mean() >= 0.5)


def _tells_apart(positions: Floats, main: Track) -> bool:
    of_main = positions if len(main) == len(positions) else positions[main.rows]
    return len(of_main) < 2 or distinct(of_main) >= (1 - SAME_STEP_SHARE) * len(of_main)
