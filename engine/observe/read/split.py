"""Tables that hold several series in the same columns: one row for each rank, for each run, or for each metric ("tag", "value")."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..log import Floats, Note
from .columns import meaning, phrase
from .names import clean
from .table import Table, Track

__all__ = ["unfold"]

MAX_SERIES = 1024
"""More different labels than this are no ranks, runs or metrics."""
_RANKS = frozenset({"rank", "local rank", "global rank", "process", "process rank", "worker", "device rank", "gpu rank", "rank id"})
_RUNS = frozenset({"run", "run name", "run id", "seed", "trial", "fold", "experiment", "exp", "exp name", "model", "run_name", "实验", "运行"})
_TAGS = frozenset({"tag", "metric", "metric name", "variable", "key", "name"})
_PHASES = frozenset({"mode", "split", "phase", "stage", "subset", "set", "dataset", "partition", "阶段", "数据集", "类型", "type"})
_VALUES = frozenset({"value", "val", "scalar", "metric value"})


def unfold(table: Table) -> Table:
    """`table` with one column for each series; a table that is not folded is handed back as it is."""
    if table.is_table:
        _unfold_tags(table)
        _unfold_phases(table)
        _unfold_runs(table)
        _unfold_ranks(table)
    return table


def _called(table: Table, names: frozenset[str]) -> Track | None:
    return next((t for t in table.tracks if phrase(t.name) in names), None)


def _labelled(table: Table, names: frozenset[str]) -> tuple[str, list[str]] | None:
    for name, cells in table.labels.items():
        if phrase(name) in names and 1 <= len(set(cells)) <= MAX_SERIES:
            return name, cells
    return None


def _unfold_tags(table: Table) -> None:
    found = _labelled(table, _TAGS)
    value = next((t for t in table.tracks if t.name.strip().lower() in _VALUES), None)
    if found is None or value is None or any(meaning(t.name).kind in {"train_loss", "val_loss"} for t in table.tracks):
        return
    name, cells = found
    labels = np.array(cells, dtype=object)[value.rows]
    table.tracks.remove(value)
    for tag in dict.fromkeys(cells):
        mine = labels == tag
        if tag.strip() and mine.any():
            table.tracks.append(Track(clean(tag), value.rows[mine], value.values[mine]))
    table.text_columns.pop(name, None)


def _unfold_phases(table: Table) -> None:
    """A row for training and one for validation, and a column that says which: the values of the latter are columns of their own."""
    found = _labelled(table, _PHASES)
    if found is None or len(found[1]) != table.n_rows:
        return
    name, cells = found
    kinds = {cell: meaning(f"{cell.strip().lower()} loss").phase for cell in set(cells)}
    held_out = np.array([kinds[cell] in {"val", "test"} for cell in cells])
    if not held_out.any() or held_out.all() or not all(kinds.values()):
        return
    for track in list(table.tracks):
        if meaning(track.means or track.name).kind in {"step", "epoch", "time"} or meaning(track.name).phase:
            continue
        mine = held_out[track.rows]
        if mine.any():
            table.tracks.append(Track(f"val/{track.name}", track.rows[mine], track.values[mine]))
            track.keep(~mine)
    table.text_columns.pop(name, None)
    table.is_table = False


def _unfold_runs(table: Table) -> None:
    """Rows of several runs (a label or a number says which): each run's columns are tracks of their own on their own rows."""
    found = _labelled(table, _RUNS)
    track = _called(table, _RUNS)
    if found is not None:
        name, cells = found
        labels = [clean(c, 60) for c in cells]
    elif track is not None and len(track) == table.n_rows and _few_integers(track.values):
        name = track.name
        labels = [f"{name} {v:g}" for v in track.values]
    else:
        return
    runs = list(dict.fromkeys(labels))
    step = next((t for t in table.tracks if meaning(t.name).kind in {"step", "epoch"}), None)
    if not 2 <= len(runs) <= 64 or step is None or len(np.unique(step.values)) > 0.75 * len(step):
        return
    owner = np.array([runs.index(label) for label in labels])
    counters = [t for t in table.tracks if meaning(t.name).kind in {"step", "epoch"}]
    others = [t for t in table.tracks if t not in counters and t is not track]
    order, row_of = _lined_up(step, owner)
    table.tracks = [_moved(t, row_of, len(order)) for t in counters]
    for number, run in enumerate(runs):
        for t in others:
            mine = owner[t.rows] == number
            if mine.any():
                table.tracks.append(_moved(Track(f"{t.name} ({run})", t.rows[mine], t.values[mine], t.means or t.name, run), row_of, len(order)))
    table.n_rows = len(order)
    table.notes.append(Note("several_runs", {"count": len(runs)}))
    if found is not None:
        table.text_columns.pop(name, None)


def _lined_up(step: Track, owner: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """The different steps in order, and for each old row the new one; rows without a step keep to the row before."""
    filled = np.zeros(len(owner))
    filled[step.rows] = step.values
    missing = np.ones(len(owner), dtype=bool)
    missing[step.rows] = False
    last = np.maximum.accumulate(np.where(missing, 0, np.arange(len(owner))))
    filled = filled[last]
    order, row_of = np.unique(filled, return_inverse=True)
    return order, row_of.astype(np.int64)


def _moved(track: Track, row_of: NDArray[np.int64], n_rows: int) -> Track:
    rows = row_of[track.rows]
    keep = np.zeros(n_rows)
    here = np.zeros(n_rows, dtype=bool)
    keep[rows] = track.values
    here[rows] = True
    return Track(track.name, np.flatnonzero(here).astype(np.int64), keep[here], track.means, track.run)


def _unfold_ranks(table: Table) -> None:
    """Every rank logs every step: the lowest rank's rows are the log, the losses of all are rank losses."""
    track = _called(table, _RANKS)
    if track is None or len(track) != table.n_rows or not _few_integers(track.values):
        return
    step = next((t for t in table.tracks if meaning(t.name).kind in {"step", "epoch"}), None)
    ranks = np.unique(track.values)
    if step is None or len(ranks) < 2 or len(np.unique(step.values)) > 0.75 * len(step):
        return
    lowest = ranks[0]
    main: list[Track] = []
    extra: list[Track] = []
    for t in table.tracks:
        if t is track:
            continue
        own = track.values[t.rows]
        if meaning(t.means or t.name).kind == "train_loss":
            for rank in ranks.tolist():
                mine = own == rank
                extra.append(Track(f"{t.name} (rank {rank:g})", t.rows[mine], t.values[mine], f"rank {rank:g} loss"))
        main.append(t if meaning(t.name).kind in {"step", "epoch"} else Track(t.name, t.rows[own == lowest], t.values[own == lowest], t.means))
    table.tracks = [*main, *extra]
    table.is_table = False
    table.notes.append(Note("several_ranks", {"count": len(ranks), "main": int(lowest)}))


def _few_integers(values: Floats) -> bool:
    return bool(np.isfinite(values).all() and (values == np.floor(values)).all() and len(np.unique(values[:10_000])) <= MAX_SERIES)
