"""One file a symptom family. `observe(log)` runs them all, in the order in which they build on each other."""

from __future__ import annotations

import operator
from dataclasses import replace

import numpy as np

from ...finding import Observed
from ..curve import forget_curves
from ..envelope import brief, refine
from ..log import Log, Series
from . import batches, gap, halt, internals, jumps, levels, machine, nonfinite, profile, schedule, shift, stall, swing, timing

DETECTORS = (nonfinite, jumps, shift, gap, stall, halt, levels, swing, internals, schedule, machine, batches, timing, profile)
"""Later detectors may look at the findings of earlier ones (a stall after a surge is no second illness)."""


EXACT = (nonfinite, schedule, machine)
"""Detectors that compare each point with the next: they are quick, and see every point of a long run."""

ALWAYS_ALARMING = frozenset({"loss_nan_inf", "loss_zero_tail", "loss_scale_collapse", "hardware_alarm"})
"""What stays an alarm in adversarial training, where losses that rise, swing or stand still are the ordinary course of things."""


LARGEST, SMALLEST = 1e100, 1e-100
"""A number beyond the first is infinite to every detector, one below the second is zero: no ratio or square of the rest overflows.
A step beyond the first is set to it, so that the distance of two steps is a number."""


def observe(log: Log) -> Observed:
    """Findings, facts and observations of one log, and the checks that could not be made."""
    log = _with(log, [_bounded(series) for series in log.series])
    seen = brief(log)
    out = Observed()
    for detector in DETECTORS:
        detector.find(log if detector in EXACT else seen, out)
    forget_curves()
    if seen is not log:
        refine(out, log, seen)
    out.skipped[:] = [check for check in out.skipped if not out.has(check.check)]
    if log.adversarial:
        out.findings[:] = [f if f.id in ALWAYS_ALARMING else replace(f, alarming=False) for f in out.findings]
    return out


def _with(log: Log, series: list[Series]) -> Log:
    """`log` with these series in place of its own; itself if they are its own."""
    return log if all(map(operator.is_, log.series, series)) else replace(log, series=tuple(series))


def _bounded(series: Series) -> Series:
    if not len(series):
        return series
    values, steps = series.values, series.steps
    if values.min() >= SMALLEST and values.max() <= LARGEST and steps.max() <= LARGEST and steps.min() >= -LARGEST:
        return series
    size = np.abs(values)
    if not (steps.max() <= LARGEST and steps.min() >= -LARGEST):
        steps = np.clip(steps, -LARGEST, LARGEST)
    if not (size.max() <= LARGEST and size.min() >= SMALLEST):
        huge, tiny = size > LARGEST, (size < SMALLEST) & (size > 0.0)
        if huge.any() or tiny.any():
            values = np.where(huge, np.copysign(np.inf, values), np.where(tiny, 0.0, values))
    return series if steps is series.steps and values is series.values else replace(series, steps=steps, values=values)
