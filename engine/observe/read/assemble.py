"""From columns of numbers to a `Log`: which column is what, on which axis, and what the owner should know about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....errors import InputError
from ..curve import all_nan
from ..log import METRICS, Column, Floats, Log, Note, Series
from .axis_choice import Choice, choose_axis
from .columns import Meaning, meaning, words
from .maximised import turn_maximised
from .names import clean
from .placeholders import drop_placeholders
from .ranking import MAIN, Candidate, order
from .restarts import find_restarts
from .split import unfold
from .table import Table, Track

__all__ = ["CALLED", "assemble", "has_loss"]

WEAK = 10.0
"""Names scoring less ("mse", "bpb") are taken for a loss only when nothing else in the file is one."""
CHOSEN = 200.0
"""Score of what the user said."""
ALTERNATIVES = 6
"""So many losses are tried for one that every point of has a step of its own."""
MAX_SERIES = 1024
"""So many series of one metric are looked at, the main one among them."""
ALIKE = 75.0
"""Similarity (0..100, rapidfuzz WRatio) from which a name may have been meant."""
CALLED = {"loss": "train_loss", "acc": "train_accuracy", "accuracy": "train_accuracy"}
"""Short names that `columns` may use for metrics."""
SHOWN = 25
"""So many columns are named in a message."""
_LOSSES = ("train_loss", "val_loss")
_UNNAMED = frozenset({"value", "y", "scalar", "values"})


def has_loss(table: Table) -> bool:
    """Whether some column of `table` could be a loss by its name, or has no telling name at all."""
    return any(meaning(t.means or t.name).kind in _LOSSES or t.name.lower() in _UNNAMED for t in table.tracks)


_PHASE_ALONE = (["train"], ["training"], ["val"], ["valid"], ["validation"], ["训练"], ["验证"], ["训练集"], ["验证集"])
CLOCKS = frozenset({"step", "epoch", "time"})
"""Columns that go on counting whatever the training does: numbers in them alone are no log of anything."""


def assemble(table: Table, name: str, chosen: Mapping[str, str] | None = None) -> Log:
    """The `Log` of `table`, read from `name`; `chosen` maps metrics (or "step") to column names and overrules the guess.

    Raises `InputError`: no rows, no loss, a chosen column that is not there, a loss without a single number.
    """
    if not table.has_course:
        listed = tuple(Column(clean(text), None, why_not=why) for text, why in table.text_columns.items())
        return Log(name, table.format, (), "row", listed, tuple(table.notes))
    table = unfold(table)
    columns = _candidates(table, name, {CALLED.get(metric, metric): column for metric, column in (chosen or {}).items()})
    if not table.n_rows:
        raise InputError.of("read.no_values", name=name)
    losses = _losses(columns)
    if not losses:
        raise _no_loss(table, columns, name)
    if all(all_nan(c.track.values) for c in columns if c.meaning.kind not in CLOCKS):
        raise InputError.of("read.loss_without_number", name=name, column=losses[0].track.name)
    notes = list(table.notes)
    for c in columns:
        drop_placeholders(c.track, notes)
        if c.meaning.kind in _LOSSES and not c.chosen:
            turn_maximised(c.track, notes)
    _take_lone_validation(columns)
    with np.errstate(all="ignore"):
        main, choice = _main_and_axis(table, columns, losses)
        return _log(table, name, columns, main, choice, notes)


def _candidates(table: Table, name: str, chosen: Mapping[str, str]) -> list[Candidate]:
    """Every column with a value, with what it means or is said to mean."""
    picked = {id(_find(table, name, metric, column)): metric for metric, column in chosen.items()}
    candidates: list[Candidate] = []
    for track in table.tracks:
        if not len(track):
            table.text_columns.setdefault(track.name, "empty")
            continue
        what = meaning(track.means or track.name)
        said = picked.get(id(track))
        if said is not None:
            what = Meaning(said, CHOSEN, what.part, what.twin, phase=what.phase)
        elif what.kind in {"step", "epoch"} and what.kind in picked.values():
            what = Meaning(None, why_not="another counter")
        candidates.append(Candidate(track, what, chosen=said is not None))
    return candidates


def _find(table: Table, name: str, metric: str, column: str) -> Track:
    if metric != "step" and metric not in METRICS:
        raise InputError.of("read.unknown_metric", name=name, metric=clean(metric), metrics=("step", *METRICS))
    wanted = clean(str(column))
    there = [t for t in table.tracks if len(t)]
    for track in (*(t for t in there if t.name == wanted), *(t for t in there if t.name.casefold() == wanted.casefold())):
        return track
    if not there:
        raise InputError.of("read.no_column_at_all", name=name, column=wanted)
    names = [track.name for track in there]
    near = tuple(_nearest(wanted, names))
    if near:
        raise InputError.of("read.no_column_but", name=name, column=wanted, near=near, n=len(names))
    raise InputError.of("read.no_column", name=name, column=wanted, columns=tuple(names[:SHOWN]))


def _nearest(wanted: str, names: Sequence[str]) -> list[str]:
    """At most three of `names` that `wanted` may have been meant for, the likeliest first."""
    from rapidfuzz import fuzz, process

    found = process.extract(wanted.casefold(), [name.casefold() for name in names], scorer=fuzz.WRatio, limit=3, score_cutoff=ALIKE)
    return [names[index] for _, _, index in found]


def _losses(columns: Sequence[Candidate]) -> list[Candidate]:
    """The loss columns, main one first: those of training, or where there are none, those of validation."""
    for least in (WEAK, 0.0):
        for kind in _LOSSES:
            found = [c for c in columns if c.meaning.kind == kind and (c.chosen or c.meaning.score >= least)]
            if found:
                return order(found)
    said = [c for c in columns if c.meaning.kind is None and words(c.track.name) in _PHASE_ALONE and not _like_accuracy(c.track.values)]
    for c in said:
        c.meaning = Meaning("train_loss" if c.meaning.phase == "train" else "val_loss", 50, phase=c.meaning.phase)
    if said:
        return order([c for c in said if c.meaning.kind == "train_loss"] or said)
    unnamed = [c for c in columns if c.track.name.lower() in _UNNAMED and c.meaning.kind is None]
    if len(unnamed) == 1:
        unnamed[0].meaning = Meaning("train_loss", 50)
        return unnamed
    return []


def _take_lone_validation(columns: Sequence[Candidate]) -> None:
    """Beside a training loss and no other validation loss, a column called "val" and nothing more is its validation."""
    kinds = {c.meaning.kind for c in columns}
    if "train_loss" in kinds and "val_loss" not in kinds:
        for c in columns:
            if c.meaning.kind is None and c.meaning.phase == "val" and words(c.track.name) in _PHASE_ALONE and not _like_accuracy(c.track.values):
                c.meaning = Meaning("val_loss", 50, phase="val")


def _like_accuracy(values: Floats) -> bool:
    """Whether the values of a column that is only called "train" or "val" rise within 0..1 or 0..100, as an accuracy does."""
    sound = values[np.isfinite(values)]
    if not len(sound) or sound.min() < 0 or sound.max() > 100:
        return False
    few = max(1, len(sound) // 5)
    return float(np.median(sound[-few:])) > float(np.median(sound[:few]))


def _no_loss(table: Table, columns: Sequence[Candidate], name: str) -> InputError:
    empty = [text for text, why in table.text_columns.items() if meaning(text).kind in _LOSSES and why == "empty"]
    if empty:
        return InputError.of("read.loss_empty", name=name, column=clean(empty[0]))
    names = [c.track.name for c in columns] + [t for t, why in table.text_columns.items() if why != "empty"]
    if not names:
        return InputError.of("read.all_empty", name=name)
    shown = tuple(clean(n) for n in names[:SHOWN])
    if len(names) > SHOWN:
        return InputError.of("read.no_loss_of_many", name=name, columns=shown, n=len(names) - SHOWN)
    return InputError.of("read.no_loss", name=name, columns=shown)


def _main_and_axis(table: Table, columns: Sequence[Candidate], losses: Sequence[Candidate]) -> tuple[Candidate, Choice]:
    """The main loss and its axis; a loss as plausible as the first one takes its place if it alone has a step for every point."""
    first = losses[0]
    choice = choose_axis(table, columns, first.track)
    if choice.kind == "row" and not first.chosen:
        for other in losses[1:ALTERNATIVES]:
            if other.meaning.score >= max(first.meaning.score, MAIN):
                better = choose_axis(table, columns, other.track)
                if better.kind != "row":
                    other.chosen = True
                    return other, better
    return first, choice


def _log(table: Table, name: str, columns: Sequence[Candidate], main: Candidate, choice: Choice, notes: list[Note]) -> Log:
    notes += choice.axis.notes
    if choice.kind == "row":
        notes.append(Note("row_axis"))
    series: list[Series] = []
    used: dict[int, Column] = {}
    ascending: bool | None = None
    if choice.counter is not None:
        used[id(choice.counter)] = Column(choice.counter.track.name, choice.kind)
    of_metric: dict[str | None, list[Candidate]] = {}
    for c in columns:
        if c is not choice.counter:
            of_metric.setdefault(c.meaning.kind, []).append(c)
    for metric in METRICS:
        mine = of_metric.get(metric)
        if mine is None:
            continue
        least = WEAK if metric in _LOSSES and main.meaning.score >= WEAK else 0.0
        ranked = order([c for c in mine if c.chosen or c.meaning.score >= least], main.track.name if metric == "val_loss" else "")
        for c in ranked[:MAX_SERIES]:
            positions = choice.axis.positions
            whole = len(c.track) == len(positions)
            if whole and ascending is None:
                ascending = bool((positions[1:] > positions[:-1]).all())
            ready = whole and ascending
            steps, values, same = (positions, c.track.values, 0) if ready else _settle(positions[c.track.rows], c.track.values)
            if same and c is main:
                notes.append(Note("duplicate_steps", {"count": same}))
            bad = len(values) - int(np.isfinite(values).sum())
            if bad and metric in {*_LOSSES, "grad_norm"}:
                notes.append(Note("nan_values", {"column": c.track.name, "count": bad}))
            series.append(Series(metric, c.track.name, steps, values, c.part))
            used[id(c)] = Column(c.track.name, metric, c.part)
    restarts = find_restarts(table, choice.axis, main.track, series, notes)
    listed = [used.get(id(c)) or Column(c.track.name, None, why_not=_why_not(c.meaning)) for c in columns]
    listed += [Column(clean(text), None, why_not=why) for text, why in table.text_columns.items()]
    return Log(name, table.format, tuple(series), choice.kind, tuple(listed), tuple(notes), restarts)


def _why_not(what: Meaning) -> str:
    if what.kind in {"step", "epoch"}:
        return "another counter"
    return "another metric" if what.kind else what.why_not or "unknown meaning"


def _settle(steps: Floats, values: Floats) -> tuple[Floats, Floats, int]:
    """Steps ascending, of equal steps the last value; and how many points that cost."""
    if len(steps) > 1 and bool((steps[1:] > steps[:-1]).all()):
        return steps, values, 0
    if len(steps) > 1 and (np.diff(steps) < 0).any():
        index = np.argsort(steps, kind="stable")
        steps, values = steps[index], values[index]
    if len(steps) > 1:
        last = np.append(np.diff(steps) != 0, True)
        if not last.all():
            return steps[last], values[last], int(len(last) - last.sum())
    return steps, values, 0
