"""Excursions: where a curve leaves the band in which it ran before, upwards, how far, and whether it comes back.

The median of the next k points (k = 1, 4, 16) stands out from the running median of the past by more than the local noise allows, and by
more than the heaviest tail this run has shown elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...finding import Recovery
from ..curve import MEDIAN_VARIANCE, Curve, median, medians_before, quantiles, running_median, sigma
from ..log import Floats

NOISE_UNITS = 7.0
"""Least height of a jump in units of the run's own noise (OLMo-core's stability monitor uses 6 sigma of 128 values; the loss tail is heavier)."""

SHIFT_UNITS = 8.0
"""The same for the median of several points, in units of its standard error: slow drifts of a healthy run reach 4 or 5."""

TAIL_FACTOR = 2.5
"""And at least this many times the tail (2.5 %) of the run's other residuals: a run with heavy tails has earned a higher bar."""

SCALES = (1, 4, 16)
"""Numbers of points over which a jump is looked for: a single bad batch, a short burst, a new level."""

BRIEF, BRIEF_NOISE = 30, 0.03
"""With fewer points the lower of the last two says what is normal, and averages over epochs are not believed to be quieter than this."""

TRIFLE = 0.02
"""With so few points a rise of less than this share of the whole descent is no event: what is left of a converged loss wanders."""

SMALL = 1.15
"""A jump of less than 15 % of the level is not worth anyone's night."""

HEALED = 1.15
"""A curve that ends less than 15 % above the level before has come back, however late."""

RAISED = 1.25
"""A level that stays a quarter above the one before the jump has not recovered, ..."""

RAISED_UNITS = 4.0
"""... when it does so by this many standard errors."""


@dataclass(slots=True)
class Jump:
    """One excursion above the band: indices into the curve, and its figures."""

    first: int
    peak: int
    last: int
    base: float
    """Level before, raw scale."""
    height: float
    """Peak over base, as a factor."""
    after: float
    """Level once the excursion is over (or at the end of the run) over the level before."""
    units: float
    """Height in units of the local noise."""
    recovery: Recovery


def excursions(curve: Curve) -> list[Jump]:
    """Upward jumps of a curve, largest first, at most eight."""
    n = curve.n
    if n < 6:
        return []
    width = min(max(n // 12, 4), 48) if n >= BRIEF else 2
    base = medians_before(curve.z, width) if n >= BRIEF else np.minimum(curve.z[[0, *range(n - 1)]], curve.z[[0, 0, *range(n - 2)]])
    noise = _past_noise(curve) if n >= BRIEF else np.maximum(np.minimum(_past_noise(curve), _brief_noise(curve)), BRIEF_NOISE)
    hits = np.zeros(n)
    for k in SCALES:
        if n < 6 * k:
            continue
        ahead = curve.z_peaks if k == 1 else _next_median(curve, k)
        spread = 1.0 if k == 1 else math.sqrt(MEDIAN_VARIANCE / k + MEDIAN_VARIANCE / width)
        excess = (ahead - base) / (noise * spread)
        if float(excess.max()) > _least(k):
            hits = np.maximum(hits, np.where(excess > _bar(excess, k), excess, 0.0))
    hits[: min(3, n // 10 + 1)] = 0.0
    jumps: list[Jump] = []
    for first, last in _runs(hits > 0, gap=max(3, curve.window // 2)):
        jump = _measure(curve, first, last, base, noise)
        if jump is not None:
            jumps.append(jump)
    jumps.sort(key=lambda j: -j.units)
    return jumps[:8]


def _past_noise(curve: Curve) -> np.ndarray:
    """Noise that the run has shown so far: the local noise, but not the noise that the excursion itself makes."""
    overall = curve.middling_noise
    smooth = running_median(curve.noise, 4 * curve.window)
    lagged = np.concatenate([np.full(min(curve.n, 2 * curve.window), smooth[0]), smooth[: max(0, curve.n - 2 * curve.window)]])[: curve.n]
    return np.maximum(np.minimum(smooth, np.maximum(lagged, overall)), curve.floor)


def _brief_noise(curve: Curve) -> float:
    """Noise of a curve of few points, most of whose moves are its descent: what three neighbours in a row are off a straight line."""
    return max(sigma(np.diff(curve.z, 2)) / math.sqrt(6), BRIEF_NOISE, curve.floor)


def _next_median(curve: Curve, k: int) -> Floats:
    """Median of each point and the k-1 that follow, on the working scale; the last ones look at what is left."""
    z = curve.z
    centred = curve.of_five if k == 4 else running_median(z, k + 1)
    out = np.empty(len(z))
    half = (k + 1) // 2
    out[: len(z) - half] = centred[half:]
    out[len(z) - half :] = median(z[-half:])
    return out


def _trifling(values: Floats, rise: float) -> bool:
    """Whether a rise is next to nothing beside what the loss came down by."""
    return rise < TRIFLE * float(values[0] - values.min())


def _least(k: int) -> float:
    """Least height of an excursion of k points, in units of its own standard error, however quiet the run is."""
    return NOISE_UNITS if k == 1 else SHIFT_UNITS


def _bar(excess: np.ndarray, k: int) -> float:
    """Height that an excursion of k points must reach, in units of its own standard error.

    The run's own tail is read off its bulk (10th and 90th percentile after the first descent), taking the quieter side: a jump
    inflates the upper one, a descent the lower one. For single points the 95th percentile counts as well. The three highest never count.
    """
    body = excess[len(excess) // 4 :]
    spared = max(0.5, 1.0 - 3.5 / len(body))
    low, centre, high, higher = quantiles(body, 0.1, 0.5, min(0.9, spared), min(0.95, spared))
    tail = 2.0 * min(centre - low, high - centre)
    if k == 1:
        tail = max(tail, higher - centre)
    return max(_least(k), min(TAIL_FACTOR * tail, 30.0))


def _runs(mask: np.ndarray, gap: int) -> list[tuple[int, int]]:
    """Stretches of True, joined over up to `gap` False."""
    where = np.flatnonzero(mask)
    if len(where) == 0:
        return []
    cuts = np.flatnonzero(np.diff(where) > gap)
    starts = [int(where[0]), *(int(where[i + 1]) for i in cuts)]
    ends = [*(int(where[i]) for i in cuts), int(where[-1])]
    return list(zip(starts, ends, strict=True))


def _measure(curve: Curve, first: int, last: int, base: np.ndarray, noise: np.ndarray) -> Jump | None:
    """Figures of the excursion that starts near `first`; None when it is too small to matter."""
    z, values, n = curve.z, curve.values, curve.n
    smooth = z if n < 10 else curve.trend if last - first > 2 * curve.window else curve.of_five
    first = _onset(curve, first, last, base, noise, smooth)
    level = float(base[first])
    raw = float(np.exp(level)) if curve.is_log else level
    ceiling = level + max(3.0 * float(noise[first]), 0.1 * float(curve.z_peaks[first : last + 1].max() - level))
    after = np.flatnonzero(smooth[first + 1 :] <= ceiling)
    back = first + 1 + int(after[0]) if len(after) else n
    end = max(back, first + 1)
    peak = first + int(np.argmax(curve.z_peaks[first : max(end, first + 1)]))
    height = factor(float(curve.peaks[peak]), raw, curve)
    units = float((curve.z_peaks[peak] - level) / noise[first])
    settled = values[min(end, n - 1) :] if end < n else values[-max(1, min(5, n - first)) :]
    settled = settled[: max(3, curve.window)]
    after_level = factor(float(median(settled)), raw, curve)
    if height < SMALL or (n < BRIEF and _trifling(values, float(curve.peaks[peak]) - raw)):
        return None
    share = (end - first) / n
    error = float(noise[first]) * float(np.sqrt(2 * MEDIAN_VARIANCE / len(settled)))
    raised = float(median(z[end : end + len(settled)])) - level if end < n else 0.0
    if end >= n:
        recovery: Recovery = "none" if after_level > 0.5 * height else "partial" if after_level > HEALED else "slow"
    elif after_level > RAISED and raised > RAISED_UNITS * error:
        recovery = "partial"
    elif share <= 0.02 or end - first <= 3:
        recovery = "fast"
    else:
        recovery = "slow"
    return Jump(first, peak, min(end, n - 1), raw, height, after_level, units, recovery)


def _onset(curve: Curve, first: int, last: int, base: np.ndarray, noise: np.ndarray, smooth: np.ndarray) -> int:
    """Index at which the excursion found between `first` and `last` begins.

    From the first point that reaches half of its height, back to where the curve leaves its band: what precedes the band's edge is
    the reach of the look-ahead, or a fluke of the noise.
    """
    level, peaks = float(base[first]), curve.z_peaks[first : last + 1]
    height = float(peaks.max()) - level
    ceiling = level + max(3.0 * float(noise[first]), 0.1 * height)
    at = first + int(np.argmax(peaks >= level + 0.5 * height))
    while at > first and max(curve.z[at - 1], smooth[at - 1]) > ceiling:
        at -= 1
    return at


def factor(value: float, base: float, curve: Curve) -> float:
    """`value` over `base` for positive levels; otherwise the rise in units of the curve's own range, plus one."""
    if base > 0 and value > 0:
        return value / base
    low, high = quantiles(curve.values, 0.1, 0.9)
    span = (high - low) or abs(base) or 1.0
    return 1.0 + (value - base) / span


def unmoved(followed: float, height: float) -> bool:
    """Whether validation ignored a jump of the training loss: under 30 % itself, and under a fifth of the jump in log terms."""
    return followed < 1.3 and np.log(max(followed, 1.0)) < 0.2 * np.log(max(height, 1.0001))


def val_follows(val: Curve, first: float, last: float) -> float | None:
    """Highest validation level in and shortly after the excursion over the level before it; None when not validated around it."""
    before = val.values[val.steps < first][-3:]
    span = max(last - first, 0.1 * float(val.steps[-1] - val.steps[0]))
    after = val.values[(val.steps >= first) & (val.steps <= first + span)]
    if len(before) < 1 or len(after) < 1 or float(median(before)) <= 0:
        return None
    return float(np.max(after)) / float(median(before))
