"""Divergence that comes slowly: a loss that ends well above its best and got there over many steps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...finding import Observed, RawFinding
from ..curve import MEDIAN_VARIANCE, ROOT_TWO, Curve, changes, incline, median, running_median, sigma, without_tails
from ..log import Floats
from .excursion import Jump, factor, unmoved, val_follows

DRIFT_RATIO = 1.15
"""A sustained rise of the smoothed loss by 15 % over its best is divergence (trainspotter: 1.5 times the minimum, trainproof the same)."""

DRIFT_UNITS = 6.0
"""And it must stand out by six standard errors of the two levels compared."""

CERTAIN_RATIO, CERTAIN_UNITS = 1.06, 8.0
"""A rise of 6 % does where the straight line since the best level climbs by this many of its standard errors (healthy labelled runs: 6.3)."""

DRIFT_BLOCKS = 12

VAL_CLIMB_UNITS = 4.0
"""The same for a validation that takes part in the drift."""

WANDER_UNITS = 4.0
"""And by this many standard deviations of what the levels wander from block to block anyhow."""

CLIMB_UNITS = 5.5
"""Or the straight line through everything since the best level climbs by this many of its own standard errors."""


CLIMB_RATIO = 2.0
"""A climb reaches at least twice the lowest level before it, as a surge does (taxonomy), ..."""

CLIMB_KEPT = 0.4
"""... and keeps this share of it to the end."""

CLIMB_POINTS = 5
"""A rise that takes this many points from a quarter to three quarters of its height is growth, no cliff (none to two), ..."""

CLIFF = 0.25
"""... unless a single point takes this share of it."""

CLIMB_NOISE = 6.0
"""Least height of a climb in units of the local noise: the median of five points alone wanders by two."""


def climb(curve: Curve) -> Jump | None:
    """A rise by a factor of two and more that takes many points and is kept to the end of the run; None where there is none."""
    if curve.n < 4 * CLIMB_POINTS:
        return None
    way = running_median(_without_peaks(curve.z), 5)
    lowest = np.minimum.accumulate(way)
    last = int(np.argmax(way - lowest))
    base, top, end = float(lowest[last]), float(way[last]), float(median(way[-max(3, curve.n // 10) :]))
    low, high = (float(np.exp(v)) if curve.is_log else v for v in (base, top))
    height, noise = top - base, curve.middling_noise
    if height < CLIMB_NOISE * noise or factor(high, low, curve) < CLIMB_RATIO or end - base < CLIMB_KEPT * height:
        return None
    if height < WANDER_UNITS * _wander(_levels(curve)):
        return None
    first = int(np.flatnonzero(way[: last + 1] <= base + max(3.0 * noise, 0.05 * height))[-1])
    rise = way[first : last + 1] - base
    quarter, most = (int(np.argmax(rise >= share * height)) for share in (0.25, 0.75))
    if most - quarter < CLIMB_POINTS or float(np.diff(rise).max()) > CLIFF * height:
        return None
    peak = first + int(np.argmax(curve.peaks[first:]))
    after = factor(float(np.exp(end)) if curve.is_log else end, low, curve)
    return Jump(first, peak, curve.n - 1, low, factor(high, low, curve), after, height / noise, "none" if end - base > 0.7 * height else "partial")


def _levels(curve: Curve) -> Floats:
    """Medians of twelve equal blocks of the curve, on the working scale."""
    size, more = divmod(curve.n, DRIFT_BLOCKS)
    ends = [k * size + min(k, more) for k in range(DRIFT_BLOCKS + 1)]
    return np.array([median(curve.z[a:b]) for a, b in pairwise(ends)])


def _wander(blocks: Floats) -> float:
    """Standard deviation of what the level moves from block to block anyhow, once the first descent is over."""
    return sigma(changes(blocks[DRIFT_BLOCKS // 4 :])) / ROOT_TWO


def _without_peaks(z: np.ndarray) -> np.ndarray:
    """`z` with every peak of one or two points cut down to its flanks."""
    padded = np.concatenate([z[:1], z[:1], z, z[-1:], z[-1:]])
    low = np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    return np.maximum(np.maximum(low[:-2], low[1:-1]), low[2:])


def _harder(out: Observed) -> bool:
    """Whether the training loss stepped up in a way that looks intended: the drift is then the tail of that step."""
    steps = ("jump.surge", "jump.surge_healed", "jump.step_up", "jump.climb")
    return any(f.metric == "train_loss" and not f.alarming and f.message in steps for f in out.findings)


def _improves(val: Curve, since: float) -> bool:
    """Whether validation has come down since that step, all the same: the examples get harder, the model better."""
    then, now = val.values[val.steps <= since][-3:], val.values[-3:]
    return len(then) > 0 and float(median(now)) < float(median(then)) - 0.02 * abs(float(median(then)))


def _bend(z: Floats) -> int:
    """Index at which `z` leaves its first level: by a step, or on the straight line that fits best from some point on."""
    n, y = len(z), without_tails(z)
    best, where = np.inf, 0
    total, sums = float(y.sum()), np.cumsum(y)
    squares = float(y @ y)
    for k in sorted(set(np.linspace(2, 0.9 * n, 60).astype(int).tolist())):
        if not 2 <= k <= n - 3:
            continue
        step = squares - float(sums[k - 1]) ** 2 / k - (total - float(sums[k - 1])) ** 2 / (n - k)
        ramp = np.maximum(np.arange(n) - k, 0.0)
        ramp -= ramp.mean()
        line = squares - total**2 / n - float(ramp @ y) ** 2 / float(ramp @ ramp)
        if min(step, line) < best:
            best, where = min(step, line), k
    return where


def _steps_up(z: Floats) -> bool:
    """Whether two levels describe `z` better than a straight line does."""
    n, y = len(z), without_tails(z)
    k = np.arange(max(2, n // 20), n - max(2, n // 20))
    if len(k) == 0:
        return False
    total, part = float(y.sum()), np.cumsum(y)[k - 1]
    step = float((part**2 / k + (total - part) ** 2 / (n - k)).max()) - total**2 / n
    x = np.linspace(-1.0, 1.0, n)
    return step > float(x @ (y - y.mean())) ** 2 / float(x @ x)


def _ignores(val: Curve, curve: Curve, first: float, ratio: float) -> bool:
    """Whether validation takes no part in a drift of the training loss that began at `first`."""
    if incline(val.z[val.steps >= first])[1] >= VAL_CLIMB_UNITS:
        return False
    followed = val_follows(val, first, float(curve.steps[-1]))
    return followed is not None and unmoved(followed, ratio)


def drift(curve: Curve, out: Observed, val: Curve | None) -> None:
    """Sustained growth: the level ends well above its best, and got there over many steps.

    Levels are medians of twelve equal blocks, so that the best one is not the luckiest noise. The rise must stand out by `DRIFT_UNITS`
    standard errors, or by half as many when nearly every block since the best is higher than the one before.
    """
    if curve.n < 24 or out.has("loss_surge") or any(f.message == "jump.climb" for f in out.findings):
        return
    series = curve.series
    blocks = _levels(curve)
    low = int(np.argmin(blocks[:-1]))
    raw = np.exp(blocks) if curve.is_log else blocks
    best, end, start_at = float(raw[low]), float(raw[-1]), (low * curve.n) // DRIFT_BLOCKS
    ratio = factor(end, best, curve)
    since = curve.z[start_at:]
    units = incline(since)[1] if ratio >= CERTAIN_RATIO else 0.0
    if ratio < DRIFT_RATIO and units < CERTAIN_UNITS:
        return
    rise, steps_up = float(blocks[-1] - blocks[low]), changes(blocks[low:]) > 0
    error = curve.middling_noise * float(np.sqrt(2 * MEDIAN_VARIANCE * DRIFT_BLOCKS / curve.n))
    steady = len(steps_up) >= 4 and float(steps_up.mean()) >= 0.75
    wander = _wander(blocks)
    apart = rise > max((0.5 if steady else 1.0) * DRIFT_UNITS * error, WANDER_UNITS * wander)
    grows = apart or units >= CLIMB_UNITS
    if grows and (len(steps_up) >= 2):
        if any(f.metric == "train_loss" and f.recovery in ("none", "partial") and f.numbers.get("ratio", 0.0) > 1.3 for f in out.findings):
            return
        first = float(curve.steps[start_at + _bend(since)])
        lowest_step = float(curve.steps[((2 * low + 1) * curve.n) // (2 * DRIFT_BLOCKS)])
        strength = float(np.clip(0.4 + 0.3 * np.log2(ratio), 0.3, 1.0))
        sudden = _steps_up(since)
        intended = val is not None and (_improves(val, lowest_step) or (sudden and _ignores(val, curve, first, ratio)))
        out.findings.append(RawFinding(
            "loss_divergence", series.metric, first, float(curve.steps[-1]), strength, "divergence",
            {"best": best, "end": end, "ratio": ratio, "step": lowest_step, "since": first, "units": rise / max(error, 1e-12)}, "none", series.part,
            alarming=not (_harder(out) or intended),
        ))  # fmt: skip
