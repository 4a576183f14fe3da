"""A training that was halted by its own schedule: a learning rate that is all but gone while most of the run is still to come."""

from __future__ import annotations

import numpy as np

from ...finding import Observed, RawFinding
from ..curve import curve_of, finite_points, incline
from ..log import Log, Series

LEAST = 16
"""Points that it takes to say so."""

GONE = 1e-2
"""A learning rate below this share of its peak trains next to nothing (a cosine decay to zero spends 6 % of the run there)."""

HALF = 0.5
"""Share of the run that is wasted."""

STANDS, STANDS_UNITS = 0.02, 3.0
"""A loss that changes by less than this in that time, or by less than this many standard errors of its slope, has stopped with the rate."""


def find(log: Log, out: Observed) -> None:
    """Report a loss that stands still because the learning rate is gone as `loss_plateau`."""
    train, lr = log.get("train_loss"), log.get("lr")
    if train is None or lr is None or any(f.alarming and f.id in ("loss_plateau", "loss_nan_inf", "loss_zero_tail") for f in out.findings):
        return
    gone = _gone(lr)
    if gone is None:
        return
    curve = curve_of(train)
    rest = curve.z[curve.index_at(gone) :] if curve.n else curve.z
    change, units = incline(rest)
    if len(rest) >= LEAST and (abs(change) < STANDS or abs(units) < STANDS_UNITS):
        last = float(curve.steps[-1])
        out.findings[:] = [f for f in out.findings if f.alarming or f.id != "loss_plateau" or f.metric != "train_loss" or f.part != train.part]
        out.findings.append(RawFinding(
            "loss_plateau", "train_loss", gone, last, 0.7, "stall.rate_gone", {"step": gone, "end": curve.end}, "none", train.part,
        ))  # fmt: skip
        out.note("stall_kind", "early", "train_loss", gone, last)


def _gone(lr: Series) -> float | None:
    """Step from which the learning rate stays below a hundredth of its peak, where that is half of the run or more."""
    steps, values = finite_points(lr)
    if len(values) < LEAST or values.max() <= 0:
        return None
    alive = np.flatnonzero(values >= GONE * values.max())
    first = int(alive[-1]) + 1
    if first >= len(values) or float(steps[-1] - steps[first]) < HALF * float(steps[-1] - steps[0]):
        return None
    return float(steps[first])
