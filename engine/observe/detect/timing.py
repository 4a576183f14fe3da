"""What moved first: the step at which each metric left its own band, around the moment at which the loss went wrong.

A learning rate that jumps cannot be the loss's doing; a gradient norm that leaves its band before the loss does points at weights or
batches, one that follows is an echo. Steps are known to within the logging interval, which is given as the uncertainty.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...finding import Moved, Observed, RawFinding
from ..curve import median, running_median, sigma
from ..log import Floats, Log, Series

EVENTS = ("loss_spike", "loss_surge", "jump_at_resume", "loss_divergence", "loss_nan_inf")
"""Symptoms of the losses that begin at a certain step."""

OTHERS = ("lr", "grad_norm", "weight_norm", "update_norm", "val_loss")

REACH = 0.12
"""Share of the run, before and after the onset, in which a departure belongs to it."""

OUT = 5.0
"""A metric has left its band where it is this many of its standard deviations away from its recent median, ..."""

CLEARLY = 0.1
"""... and by a tenth."""

LEAST_BEFORE = 6
"""Points before the window that it takes to know a band."""

RATE_STEP = 0.15
"""Logarithm of the least change of a learning rate in one interval that is no part of its schedule; and five times its usual change."""

SHORT = 3.5
"""A lead of up to three logging intervals is short."""


def find(log: Log, out: Observed) -> None:
    """Add to the first alarming finding of a loss what else moved around it, and note what moved first."""
    events = [f for f in out.findings if f.id in EVENTS and f.alarming and f.metric in ("train_loss", "val_loss")]
    if not events:
        return
    event = min(events, key=lambda f: (f.metric != "train_loss", f.first_step))
    own = log.get(event.metric, event.part)
    if own is None or len(own) < LEAST_BEFORE:
        return
    reach, every = REACH * abs(float(own.steps[-1] - own.steps[0])), _every(own)
    moved = [Moved(event.metric, event.first_step, every)]
    judged = 0
    for metric in OTHERS:
        series = log.get(metric)
        if series is None or metric == event.metric:
            continue
        known, step = departure(series, event.first_step, max(reach, 2 * _every(series)))
        judged += known
        if step is not None:
            moved.append(Moved(metric, step, max(every, _every(series))))
    if not judged:
        return
    moved.sort(key=lambda m: (m.step, m.metric != "lr"))
    leads = {f"lead_{m.metric}": event.first_step - m.step for m in moved if m.metric != event.metric}
    told = replace(event, moved=tuple(moved), numbers={**event.numbers, **leads})
    out.findings[next(i for i, f in enumerate(out.findings) if f is event)] = told
    _note(event, moved, every, out)


def _note(event: RawFinding, moved: list[Moved], every: float, out: Observed) -> None:
    first = next((m for m in moved if m.metric == "lr" and m.step <= event.first_step + m.within), moved[0])
    lead = event.first_step - first.step
    at_once = [m for m in moved if abs(m.step - first.step) < 0.5 * max(m.within, first.within)]
    names = {"train_loss": "loss", "update_norm": "weight_norm"}
    alone = first.metric == "lr" or len(at_once) == 1
    out.note("first_mover", names.get(first.metric, first.metric) if alone else "together", first.metric, first.step)
    out.note("lead", "none" if lead < 0.5 * every else "short" if lead <= SHORT * every else "long", first.metric, first.step, event.first_step)


def _every(series: Series) -> float:
    """Steps between two points."""
    return float(median(np.abs(np.diff(series.steps)))) if len(series) > 1 else 1.0


def departure(series: Series, onset: float, reach: float) -> tuple[bool, float | None]:
    """Whether there are points enough to judge, and the first step within `reach` of `onset` at which the metric is out of its band."""
    finite = np.isfinite(series.values)
    steps, values = series.steps[finite], series.values[finite]
    before = int(np.searchsorted(steps, onset - reach))
    end = int(np.searchsorted(steps, onset + reach, side="right"))
    if before < LEAST_BEFORE or end <= before:
        return False, None
    z: Floats = np.log(values) if float(values.min()) > 0 else values
    scale = 1.0 if float(values.min()) > 0 else max(float(median(np.abs(values))), 1e-120)
    if series.metric == "lr":
        change = np.abs(np.diff(z)) / scale
        bar = max(RATE_STEP, OUT * float(median(change)))
        hits = np.flatnonzero(change[before - 1 : end - 1] > bar)
        return True, float(steps[before + int(hits[0])]) if len(hits) else None
    if series.metric == "weight_norm":
        steps, z, before, end = steps[1:], np.abs(np.diff(z)), before - 1, end - 1
        scale = max(float(median(z)), 1e-12)
    width = int(np.clip(len(z) // 20, 5, 31))
    band = running_median(z[:before], width)
    spread = max(sigma(z[:before] - band), 1e-4 * scale)
    recent = float(median(z[max(0, before - width) : before]))
    slope = float(median(band[-width:]) - median(band[-2 * width : -width])) / width if before >= 2 * width else 0.0
    ahead = np.arange(end - before) + 0.5 * width
    away = np.abs(z[before:end] - (recent + slope * ahead)) - 0.5 * abs(slope) * ahead
    outside = away > max(OUT * spread, CLEARLY * scale)
    if len(outside) > 1:
        stays = np.concatenate([outside[1:], [True]]) | (away > 2 * OUT * spread)
        outside &= stays
    hits = np.flatnonzero(outside)
    return True, float(steps[before + int(hits[0])]) if len(hits) else None
