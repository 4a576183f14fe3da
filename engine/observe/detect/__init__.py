"""One file a symptom family. `observe(log)` runs them all, in the order in which they build on each other."""

from __future__ import annotations

from dataclasses import replace

from ...finding import Observed
from ..log import Log
from . import gap, internals, jumps, machine, nonfinite, profile, schedule, stall, swing

DETECTORS = (nonfinite, jumps, gap, stall, swing, internals, schedule, machine, profile)
"""Later detectors may look at the findings of earlier ones (a stall after a surge is no second illness)."""


ALWAYS_ALARMING = frozenset({"loss_nan_inf", "loss_zero_tail", "loss_scale_collapse", "hardware_alarm"})
"""What stays an alarm in adversarial training, where losses that rise, swing or stand still are the ordinary course of things."""


def observe(log: Log) -> Observed:
    """Findings, facts and observations of one log, and the checks that could not be made."""
    out = Observed()
    for detector in DETECTORS:
        detector.find(log, out)
    if log.adversarial:
        out.findings[:] = [f if f.id in ALWAYS_ALARMING else replace(f, alarming=False) for f in out.findings]
    return out
