"""A training loss that steps down at once and for good, though nothing in the log asked it to and validation does not follow.

Augmentation or dropout that stopped, a data source that dropped out, labels that leaked in: the loss looks better and the model is not.
A cut of the learning rate, which does the same to both losses, is no such thing; nor are the small steps of repeated epochs.
"""

from __future__ import annotations

import numpy as np

from ...finding import Observed, RawFinding
from ..curve import MEDIAN_VARIANCE, Curve, curve_of, median, sigma, trailing_medians
from ..log import Log, Series
from .batches import data_break
from .stall import entry_level

LEAST_POINTS = 40

HALVED = 0.69
"""Natural logarithm of the least factor: the loss falls to half at once. Closing mosaic augmentation (YOLO) and new epochs stay above."""

SHARP = 0.4
"""Of that, what the slope of the curve around the step does not explain."""

UNITS = 6.0
"""Least size in standard errors of the difference of the two levels."""

LEARNED = 0.03
"""Twice that below this share of the first loss: once nearly everything is learned, the last few examples come and go in steps."""

FOLLOWS = 0.35
"""Validation that takes this share of the step with it shows that the model did get better."""

CUT = 0.7
"""A learning rate below this share of what it was explains a step down."""


def find(log: Log, out: Observed) -> None:
    """Report a step down of the training loss as `loss_too_low`."""
    train, val = log.get("train_loss"), log.get("val_loss")
    if train is None or val is None or out.has("loss_nan_inf") or out.has("loss_zero_tail"):
        return
    curve = curve_of(train)
    if curve.n < LEAST_POINTS or not curve.is_log:
        return
    at, size, units = step_down(curve)
    learned = float(np.exp(curve.z[at - 1])) < LEARNED * entry_level(curve)
    if size < HALVED or units < (2.0 * UNITS if learned else UNITS):
        return
    step, every = float(curve.steps[at]), float(median(np.diff(curve.steps)))
    followed = _followed(val, step)
    if followed is None or (followed > FOLLOWS * size and not _data_changed(log, step, 4 * every)) or _rate_was_cut(log.get("lr"), step, 4 * every):
        return
    before, after = (float(np.exp(median(curve.z[part]))) for part in (slice(max(0, at - curve.n // 12), at), slice(at, at + curve.n // 12)))
    out.findings.append(RawFinding(
        "loss_too_low", "train_loss", step, float(curve.steps[-1]), float(np.clip(0.4 + 0.2 * size, 0.4, 1.0)), "low.step_down",
        {"step": step, "before": before, "after": after, "ratio": before / max(after, 1e-300), "units": units}, "none",
    ))  # fmt: skip


def step_down(curve: Curve) -> tuple[int, float, float]:
    """Index of the sharpest fall of the level, its size on the logarithmic scale, and its size in standard errors.

    The medians of `wide` points before and after must differ, those of a third as many as well, and by more than the slopes inside the
    two windows explain. (0, 0, 0) when no point of the run qualifies.
    """
    z, n = curve.z, curve.n
    wide = min(max(n // 16, 8), 60)
    near, half = max(4, wide // 3), wide // 2
    at = np.arange(max(wide, n // 10), n - wide)
    if len(at) == 0:
        return 0, 0.0, 0.0
    level, close, part = (trailing_medians(z, w)[w - 1 :] for w in (wide, near, half))
    far, sharp = level[at - wide] - level[at], close[at - near] - close[at]
    slope = np.maximum(np.abs(part[at - half] - part[at - wide]), np.abs(part[at + half] - part[at]))
    score = np.minimum(far, sharp) - 1.5 * slope
    best = int(np.argmax(score))
    if score[best] < SHARP:
        return 0, 0.0, 0.0
    i = int(at[best])
    edge = 0.5 * (level[i - wide] + level[i])
    first = int(np.argmax(z[i - near : i + near] < edge)) + i - near
    error = max(sigma(np.diff(z)) / np.sqrt(2), curve.floor) * float(np.sqrt(2 * MEDIAN_VARIANCE / wide))
    return first, float(far[best]), float(far[best] / error)


def _followed(val: Series, step: float) -> float | None:
    """Logarithm of how far the validation loss came down across `step`, beyond what it was coming down before; None when not known."""
    good = np.isfinite(val.values) & (val.values > 0)
    steps, values = val.steps[good], np.log(val.values[good])
    before, after = values[steps < step], values[steps >= step][:2]
    if len(before) == 0 or len(after) == 0:
        return None
    habit = float(median(before[-4:-2]) - median(before[-2:])) if len(before) >= 4 else 0.0
    return float(median(before[-2:]) - median(after)) - max(habit, 0.0)


def _data_changed(log: Log, step: float, reach: float) -> bool:
    """Whether the statistics of the batches changed at the step, within `reach`: then the loss fell because the examples got easier."""
    changed = data_break(log)
    return changed is not None and abs(changed - step) <= reach


def _rate_was_cut(lr: Series | None, step: float, reach: float) -> bool:
    """Whether the learning rate fell clearly around `step`, within `reach` steps."""
    if lr is None:
        return False
    good = np.isfinite(lr.values)
    before, after = lr.values[good & (lr.steps < step - reach)][-1:], lr.values[good & (lr.steps > step + reach)][:1]
    return bool(len(before) and len(after) and after[0] < CUT * before[0])
