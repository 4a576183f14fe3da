"""From columns of numbers to a `Log`: which column is what, on which axis, and what the owner should know about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ....errors import InputError
from ..log import METRICS, Column, Floats, Log, Note, Series
from .axis import Axis, fill, straighten
from .columns import Meaning, meaning, words
from .names import clean
from .ranking import MAIN, Candidate, order
from .split import unfold
from .table import Table, Track

__all__ = ["assemble"]

AxisKind = Literal["step", "epoch", "row"]

WEAK = 10.0
"""Names scoring less ("mse", "bpb") are taken for a loss only when nothing else in the file is one."""
SAME_STEP_SHARE = 0.3
"""An axis on which more than this share of the loss points coincide does not tell them apart."""
_IN_EPOCH = frozenset({
    "batch", "batches", "batch idx", "batch num", "batch no", "batch index", "batch step", "minibatch", "mini batch", "iter", "iters", "i",
    "it", "itr", "iteration", "批次",
})  # fmt: skip
"""Counters that may start again in every epoch."""
_UNNAMED = frozenset({"value", "y", "scalar", "values"})


def assemble(table: Table, name: str, chosen: Mapping[str, str] | None = None) -> Log:
    """The `Log` of `table`, read from `name`; `chosen` maps metrics (or "step") to column names and overrules the guess.

    Raises `InputError`: no rows, no loss, a chosen column that is not there, a loss without a single number.
    """
    table = unfold(table)
    picked = _picked(table, name, chosen or {})
    tracks = [t for t in table.tracks if len(t)]
    for track in table.tracks:
        if not len(track):
            table.text_columns.setdefault(track.name, "empty")
    if not tracks and not table.text_columns:
        raise InputError(f"{name}: no numbers in it; give a training log (CSV, JSON lines, text output, ...)")
    if not table.n_rows:
        raise InputError(f"{name}: there are columns but no values in them; give a log that has been written to")
    meanings = {id(t): _meaning(t, picked) for t in tracks}
    losses = _losses(tracks, meanings, picked)
    if not losses:
        raise InputError(_no_loss(table, tracks, name))
    notes = list(table.notes)
    if not any(np.isfinite(t.values).any() for t in tracks):
        raise InputError(f'{name}: the loss column "{losses[0].track.name}" holds not a single number; give a log with numbers in it')
    _drop_placeholders(tracks, notes)
    with np.errstate(all="ignore"):
        main, axis = _main_and_axis(table, tracks, meanings, losses, picked)
        return _build(table, name, tracks, meanings, main, axis, picked, notes)


def _main_and_axis(
    table: Table, tracks: list[Track], meanings: dict[int, Meaning], losses: list[Candidate], picked: dict[int, str]
) -> tuple[Candidate, tuple[AxisKind, Track | None, Axis]]:
    """The main loss and its axis; a loss as plausible as the first one takes its place if it alone has a step for every point."""
    found = _axis(table, tracks, meanings, losses[0], picked)
    if found[0] == "row" and not losses[0].chosen:
        for other in losses[1:6]:
            if other.meaning.score >= max(losses[0].meaning.score, MAIN):
                better = _axis(table, tracks, meanings, other, picked)
                if better[0] != "row":
                    other.chosen = True
                    return other, better
    return losses[0], found


def _build(
    table: Table,
    name: str,
    tracks: list[Track],
    meanings: dict[int, Meaning],
    main: Candidate,
    found: tuple[AxisKind, Track | None, Axis],
    picked: dict[int, str],
    notes: list[Note],
) -> Log:
    kind, counter, axis = found
    notes += axis.notes
    if kind == "row":
        notes.append(Note("row_axis"))
    columns: dict[int, Column] = {}
    if counter is not None:
        columns[id(counter)] = Column(counter.name, "step" if kind == "step" else "epoch")
    series: list[Series] = []
    duplicates = 0
    for metric in METRICS:
        candidates = [
            Candidate(t, meanings[id(t)], chosen=id(t) in picked or (main.chosen and t is main.track))
            for t in tracks
            if meanings[id(t)].kind == metric and id(t) not in columns
        ]
        if metric == main.meaning.kind:
            strong = [c for c in candidates if c.chosen or c.meaning.score >= WEAK or c.track is main.track]
        else:
            strong = [c for c in candidates if c.chosen or metric not in {"train_loss", "val_loss"} or c.meaning.score >= WEAK]
            strong = strong or candidates if metric == "val_loss" and main.meaning.score < WEAK else strong
        for c in candidates:
            columns[id(c.track)] = Column(c.track.name, None, why_not="another metric")
        for c in order(strong, main.track.name if metric == "val_loss" else ""):
            steps, values, same = _settle(axis.positions[c.track.rows], c.track.values)
            duplicates += same if c.track is main.track else 0
            series.append(Series(metric, c.track.name, steps, values, c.part))
            columns[id(c.track)] = Column(c.track.name, metric, c.part)
            bad = int(len(values) - np.isfinite(values).sum())
            if bad and metric in {"train_loss", "val_loss", "grad_norm"}:
                notes.append(Note("nan_values", {"column": c.track.name, "count": bad}))
    if duplicates:
        notes.append(Note("duplicate_steps", {"count": duplicates}))
    restarts = _restarts(table, axis, main.track, series, notes)
    listed = [columns.get(id(t)) or Column(t.name, None, why_not=_why_not(meanings[id(t)])) for t in tracks]
    listed += [Column(clean(text), None, why_not=why) for text, why in table.text_columns.items()]
    return Log(name, table.format, tuple(series), kind, tuple(listed), tuple(notes), restarts)


def _why_not(what: Meaning) -> str:
    return "another counter" if what.kind in {"step", "epoch"} else what.why_not or "unknown meaning"


def _picked(table: Table, name: str, chosen: Mapping[str, str]) -> dict[int, str]:
    """id of the track -> metric that the user wants it to be."""
    picked: dict[int, str] = {}
    for metric, column in chosen.items():
        if metric != "step" and metric not in METRICS:
            raise InputError(f'{name}: unknown metric "{clean(metric)}" in --map; use one of: step, {", ".join(METRICS)}')
        wanted = clean(str(column))
        exact = [t for t in table.tracks if t.name == wanted]
        alike = exact or [t for t in table.tracks if t.name.casefold() == wanted.casefold()]
        if not alike or not len(alike[0]):
            names = ", ".join(t.name for t in table.tracks[:30] if len(t)) or "none"
            raise InputError(f'{name}: no column of numbers called "{wanted}"; there are: {names}')
        picked[id(alike[0])] = metric
    return picked


def _meaning(track: Track, picked: dict[int, str]) -> Meaning:
    guess = meaning(track.means or track.name)
    wanted = picked.get(id(track))
    if wanted is not None:
        return Meaning(wanted, 200.0, guess.part, guess.twin, phase=guess.phase)
    if guess.kind in picked.values() and guess.kind in {"step", "epoch"}:
        return Meaning(None, why_not="another counter")
    return guess


def _losses(tracks: list[Track], meanings: dict[int, Meaning], picked: dict[int, str]) -> list[Candidate]:
    """The loss columns, main one first: those of training, or where there are none, those of validation."""
    for kind in ("train_loss", "val_loss"):
        found = [Candidate(t, meanings[id(t)], chosen=id(t) in picked) for t in tracks if meanings[id(t)].kind == kind]
        strong = [c for c in found if c.chosen or c.meaning.score >= WEAK]
        if strong or (kind == "val_loss" and found):
            return order(strong or found)
    weak = [Candidate(t, meanings[id(t)]) for t in tracks if meanings[id(t)].kind == "train_loss"]
    if weak:
        return order(weak)
    unnamed = [t for t in tracks if t.name.lower() in _UNNAMED and meanings[id(t)].kind is None]
    if len(unnamed) == 1:
        meanings[id(unnamed[0])] = Meaning("train_loss", 50)
        return [Candidate(unnamed[0], meanings[id(unnamed[0])])]
    return []


def _no_loss(table: Table, tracks: list[Track], name: str) -> str:
    losses = [text for text, why in table.text_columns.items() if (meaning(text).kind or "").endswith("_loss") and why == "empty"]
    if losses:
        return f'{name}: the loss column "{losses[0]}" holds not a single number; log the loss, or choose one with --map train_loss=COLUMN'
    names = [t.name for t in tracks] + [t for t, why in table.text_columns.items() if why != "empty"]
    found = ", ".join(f'"{n}"' for n in names[:25]) + (f" and {len(names) - 25} more" if len(names) > 25 else "")
    return f"{name}: no column could be a loss; found {found or 'no names'}; say which one it is with --map train_loss=COLUMN"


def _drop_placeholders(tracks: list[Track], notes: list[Note]) -> None:
    """NaN that fills the rows between regularly logged values is no value."""
    for track in tracks:
        drop = _placeholders(track.values)
        if drop is not None:
            notes.append(Note("nan_as_missing", {"column": track.name, "count": int(drop.sum())}))
            track.rows, track.values = track.rows[~drop], track.values[~drop]


def _placeholders(values: Floats) -> NDArray[np.bool_] | None:
    """Mask of the NaN that only fill gaps: at least three numbers, evenly spaced, with NaN between all of them."""
    nan = np.isnan(values)
    if not nan.any():
        return None
    good = np.flatnonzero(~nan)
    if len(good) < 3 or np.isinf(values).any():
        return None
    gaps = np.diff(good)
    usual = int(np.median(gaps))
    if usual < 2 or float(np.mean(np.abs(gaps - usual) <= 1)) < 0.9:
        return None
    mask = nan.copy()
    tail = np.arange(int(good[-1]) + usual, len(values), usual)
    if len(tail) > 1:
        mask[tail] = False
    return mask


def _axis(
    table: Table, tracks: list[Track], meanings: dict[int, Meaning], main: Candidate, picked: dict[int, str]
) -> tuple[AxisKind, Track | None, Axis]:
    epochs = sorted((t for t in tracks if meanings[id(t)].kind == "epoch"), key=lambda t: -meanings[id(t)].score)
    finite = [_finite(t) for t in epochs]
    epoch = next((t for t in finite if len(t)), None)
    epoch_of_row = fill(epoch.rows, epoch.values, table.n_rows) if epoch is not None else None
    ranked = sorted(
        (t for t in tracks if meanings[id(t)].kind == "step"),
        key=lambda t: -meanings[id(t)].score - (0 if _covers(t, main.track, table) else -60),
    )
    for track in ranked:
        counter = _finite(track)
        if not len(counter) or (id(track) not in picked and (table.is_table and not _covers(track, main.track, table))):
            continue
        axis = straighten(
            counter.rows,
            counter.values,
            table.n_rows,
            epoch_of_row,
            within=track.name in table.within,
            known=set(table.restart_rows) if table.is_table else set(),
            counts_in_epoch=" ".join(words(track.name)) in _IN_EPOCH,
        )
        if id(track) in picked or _tells_apart(axis.positions[main.track.rows]):
            return "step", track, axis
    for track, counter in zip(epochs, finite, strict=True):
        if len(counter) and (not table.is_table or _covers(track, main.track, table)):
            axis = straighten(counter.rows, counter.values, table.n_rows, None, within=False, counts_in_epoch=False, known=set(table.restart_rows))
            if _tells_apart(axis.positions[main.track.rows]):
                return "epoch", track, axis
    counted = np.searchsorted(main.track.rows, np.arange(table.n_rows), side="right") - 1
    return "row", None, Axis(np.maximum(counted, 0).astype(np.float64))


def _finite(track: Track) -> Track:
    good = np.isfinite(track.values)
    return track if good.all() else Track(track.name, track.rows[good], track.values[good])


def _covers(counter: Track, main: Track, table: Table) -> bool:
    """Whether at least half of the rows of the main loss have this counter."""
    if not table.is_table or not len(main):
        return True
    return bool(np.isin(main.rows, counter.rows).mean() >= 0.5)


def _tells_apart(positions: Floats) -> bool:
    if len(positions) < 2:
        return True
    return len(np.unique(positions)) >= (1 - SAME_STEP_SHARE) * len(positions)


def _settle(steps: Floats, values: Floats) -> tuple[Floats, Floats, int]:
    """Steps ascending, of equal steps the last value; and how many points that cost."""
    if len(steps) > 1 and (np.diff(steps) < 0).any():
        index = np.argsort(steps, kind="stable")
        steps, values = steps[index], values[index]
    if len(steps) > 1:
        last = np.append(np.diff(steps) != 0, True)
        if not last.all():
            return steps[last], values[last], int(len(last) - last.sum())
    return steps, values, 0


def _restarts(table: Table, axis: Axis, main: Track, series: list[Series], notes: list[Note]) -> tuple[float, ...]:
    found = {float(axis.positions[row]) for row in axis.restart_rows}
    banners = {r for r in table.restart_rows if len(main) and main.rows[0] < r <= main.rows[-1]}
    if banners and len(banners) <= max(20, len(main) // 20):
        places = {float(axis.positions[main.rows[int(np.searchsorted(main.rows, r))]]) for r in banners}
        if places - found:
            notes.append(Note("resume_banner", {"count": len(places)}))
        found |= places
    clock = next((s for s in series if s.metric == "time" and not s.part), None)
    if clock is not None and len(clock) >= 10 and np.isfinite(clock.values).all():
        resets = np.flatnonzero(np.diff(clock.values) < 0) + 1
        if 0 < len(resets) <= max(1, len(clock) // 20) and (clock.values[resets] < 0.8 * clock.values[resets - 1]).all():
            places = {float(clock.steps[i]) for i in resets.tolist()}
            if places - found:
                notes.append(Note("clock_reset", {"count": len(places)}))
            found |= places
    return tuple(sorted(found))
