"""One file a symptom family. `observe(log)` runs them all, in the order in which they build on each other."""

from __future__ import annotations

from ...finding import Observed
from ..log import Log
from . import gap, internals, jumps, machine, nonfinite, profile, schedule, stall, swing

DETECTORS = (nonfinite, jumps, gap, stall, swing, internals, schedule, machine, profile)
"""Later detectors may look at the findings of earlier ones (a stall after a surge is no second illness)."""


def observe(log: Log) -> Observed:
    """Findings, facts and observations of one log, and the checks that could not be made."""
    out = Observed()
    for detector in DETECTORS:
        detector.find(log, out)
    return out
