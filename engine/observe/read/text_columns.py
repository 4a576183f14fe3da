"""What was found in a text, name by name, brought to columns: which counters are one, and which numbers of one name belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..log import Floats
from .columns import meaning
from .names import clean
from .table import Track

__all__ = ["Column", "Found", "tracks_of"]

MAX_COUNTERS = 12
"""Rarer counters are words of some text between the metrics."""
OFTEN = 3
"""A loss with so many values has begun in earnest."""
SAME_COUNT = 0.5
"""When more than this share of the nameless repetitions of a metric follow a line that has it already, they are a column of their own."""
LOSSES = frozenset({"train_loss", "val_loss"})


@dataclass(slots=True)
class Column:
    """One name: the rows where it stands, ascending, and its values."""

    name: str
    means: str
    rows: NDArray[np.int64]
    values: Floats

    @property
    def kind(self) -> str | None:
        """The metric that it is."""
        return meaning(self.means or self.name).kind


@dataclass(slots=True)
class Found:
    """All that a text holds. Metrics by name in lower case, phase ("val" or "") and level ("step", "epoch": counted on their own line; "")."""

    counters: Sequence[Column]
    inner: Sequence[Column]
    """Counters that start again in each epoch."""
    epochs: Sequence[Column]
    metrics: Mapping[tuple[str, str, str], Column]
    settings: NDArray[np.int64]
    """Rows of lines that list settings rather than metrics."""
    losses: int
    """Lines with a loss."""


def tracks_of(found: Found) -> tuple[list[Track], set[str]]:
    """The columns with names of their own, counters first, and the names of the counters that start again in each epoch."""
    counters, inner, epochs = _merged(found.counters), _merged(found.inner), _merged(found.epochs)[:1]
    heads = [c for c in (*counters[:1], *inner[:1], *epochs) if len(c.rows)]
    counted = min((int(c.rows[0]) for c in heads), default=0)
    counter_rows = np.unique(np.concatenate([np.zeros(0, np.int64), *(c.rows for c in (*counters, *inner, *epochs))]))
    metrics = _metrics({key: _without(c, found.settings[found.settings < counted]) for key, c in found.metrics.items()}, counter_rows)
    losses = [m for m in metrics if m.kind in LOSSES]
    often = min(OFTEN, max((len(m.rows) for m in losses), default=0))
    first = min((int(m.rows[0]) for m in losses if len(m.rows) >= often and len(m.rows)), default=0)
    start = min(max((int(r) for c in heads for r in c.rows[c.rows <= first][-1:]), default=first), first)
    used: set[str] = set()
    tracks: list[Track] = []
    within: set[str] = set()
    for column in [*counters, *inner, *epochs]:
        name = _free(column.name, used)
        if any(c is column for c in inner):
            within.add(name)
        tracks.append(Track(name, column.rows, column.values, "" if meaning(name).kind in {"step", "epoch"} else "step"))
    for column in metrics:
        begun = column.rows >= start
        track = Track(_free(column.name, used), column.rows[begun], column.values[begun], column.means)
        if len(track) >= min(OFTEN, found.losses) or (len(track) and meaning(track.means or track.name).kind):
            tracks.append(track)
    return tracks, within


def _free(name: str, used: set[str]) -> str:
    unique, n = clean(name), 2
    while unique.lower() in used:
        unique, n = f"{clean(name)} ({n})", n + 1
    used.add(unique.lower())
    return unique


def _without(column: Column, rows: NDArray[np.int64]) -> Column:
    if not len(rows):
        return column
    keep = ~np.isin(column.rows, rows)
    return Column(column.name, column.means, column.rows[keep], column.values[keep])


def _joined(columns: Sequence[Column], name: str) -> Column:
    means = next((c.means for c in columns if c.means), "")
    if len(columns) == 1:
        return Column(name, means, columns[0].rows, columns[0].values)
    rows, values = np.concatenate([c.rows for c in columns]), np.concatenate([c.values for c in columns])
    order = np.argsort(rows, kind="stable")
    return Column(name, means, rows[order], values[order])


def _merged(counters: Sequence[Column]) -> list[Column]:
    """Counters that only go forward when taken together ("step 0: val loss" and "iter 0: loss") as one, the longest one leading."""
    if len(counters) < 2:
        return list(counters)
    lead, *others = sorted(counters, key=lambda c: -len(c.rows))[:MAX_COUNTERS]
    rest: list[Column] = []
    for other in others:
        both = _joined([lead, other], lead.name)
        if _backward(both) <= _backward(lead) + (1 if len(other.rows) > 20 else 0):
            lead = both
        else:
            rest.append(other)
    return [lead, *rest]


def _backward(column: Column) -> int:
    return int((column.values[1:] < column.values[:-1]).sum())


def _metrics(columns: Mapping[tuple[str, str, str], Column], counter_rows: NDArray[np.int64]) -> list[Column]:
    """Columns of one name at different levels (per step, per epoch, on lines of their own) put together or told apart."""
    result: list[Column] = []
    done: set[tuple[str, str]] = set()
    for name, phase, _level in columns:
        if (name, phase) in done:
            continue
        done.add((name, phase))
        levels = {lv: c for lv in ("step", "epoch", "") if (c := columns.get((name, phase, lv))) is not None and len(c.rows)}
        if not levels:
            continue
        called = next(iter(levels.values())).name
        called = f"{phase}/{called}" if phase else called
        per_step, per_epoch, plain = levels.get("step"), levels.get("epoch"), levels.get("")
        if per_step is None or per_step.kind is None:
            result.append(_joined(list(levels.values()), called))
            continue
        together = [per_step]
        if plain is not None and len(plain.rows) >= len(per_step.rows) / 3 and not _repeats(plain, per_step, counter_rows):
            together.append(plain)
            plain = None
        result.append(_joined(together, called))
        rest = [c for c in (per_epoch, plain) if c is not None]
        if rest:
            joined = _joined(rest, f"{called} (epoch)")
            joined.means = f"{joined.means or called} epoch"
            result.append(joined)
    return result


def _repeats(plain: Column, per_step: Column, counter_rows: NDArray[np.int64]) -> bool:
    """Whether most values of `plain` come after a line that gives the same step the same metric already."""
    before = np.searchsorted(counter_rows, plain.rows, side="left") - 1
    last = counter_rows[np.maximum(before, 0)]
    return bool(np.isin(last[before >= 0], per_step.rows).sum() > SAME_COUNT * len(plain.rows))
