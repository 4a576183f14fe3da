"""A loss curve prepared for detectors: level, trend and noise, whatever its scale, length or sign.

All detectors ask the same questions ("how high is it here?", "how noisy is it here?", "when did it first leave its band?"), so the
answers are computed once. Comparisons are made on a working scale: the logarithm for curves that stay positive and span more than
a factor of two (noise of a training loss is close to multiplicative), the raw values otherwise. Medians and median absolute
deviations are used throughout, because the tails of a training loss are heavy.
"""

from __future__ import annotations

import importlib
import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .log import Floats, Series

MAD_TO_SIGMA = 1.4826
"""Median absolute deviation of a normal distribution -> its standard deviation."""

MEDIAN_VARIANCE = 1.57
"""Variance of a median of k normal values is pi / 2 times that of their mean."""

ROOT_TWO = math.sqrt(2.0)
"""The difference of two values scatters by so much more than either."""

MAX_POINTS = 6000
"""Longer curves are cut into this many blocks, each standing for its median; extremes are looked up in the full series."""

LOG_SPAN = 2.0
"""A positive curve whose robust span exceeds this factor is judged on a logarithmic scale."""


_fast: Any = importlib.import_module("bottleneck")
"""Medians in C: those of short arrays in a third of the time that sorting takes, running ones in a tenth."""


def median(values: Floats) -> float:
    """Median of a 1-D array, NaN of an empty one or where one of them is NaN."""
    return float(_fast.median(values))


def any_nan(values: Floats) -> bool:
    """Whether one of the values is NaN."""
    return bool(_fast.anynan(values))


def all_nan(values: Floats) -> bool:
    """Whether all values are NaN, or there are none."""
    return bool(_fast.allnan(values))


def mean(values: Floats) -> float:
    """Mean of a 1-D array that is not empty (`numpy.mean` with its overhead left out)."""
    return float(np.add.reduce(values)) / len(values)


def deviation(values: Floats) -> float:
    """Standard deviation of a 1-D array that is not empty (`numpy.std` with its overhead left out)."""
    apart = values - mean(values)
    return math.sqrt(float(np.add.reduce(apart * apart)) / len(values))


def share(mask: NDArray[np.bool_]) -> float:
    """Share of True in a 1-D array that is not empty."""
    return int(np.count_nonzero(mask)) / len(mask)


def changes(values: Floats) -> Floats:
    """From each value to the next (`numpy.diff` with its overhead left out)."""
    return values[1:] - values[:-1]


def quantiles(values: Floats, *shares: float) -> list[float]:
    """Quantiles of a 1-D array that is not empty, interpolated linearly (`numpy.quantile` with its overhead left out)."""
    ordered = np.array(values)
    ordered.sort()
    last = len(ordered) - 1
    out: list[float] = []
    for share in shares:
        at = share * last
        low = int(at)
        below = ordered[low]
        out.append(float(below + (at - low) * (ordered[min(low + 1, last)] - below)))
    return out


def quantile(values: Floats, share: float) -> float:
    """One of the `quantiles`."""
    return quantiles(values, share)[0]


def row_medians(windows: Floats) -> Floats:
    """Median of each row of a 2-D array."""
    return _fast.median(windows, axis=1)


def trailing_medians(values: Floats, width: int) -> Floats:
    """Median of each point and the `width` - 1 before it, of as many as there are for the first ones; `values` finite."""
    return _fast.move_median(values, min(width, len(values)), min_count=1)


def medians_before(values: Floats, width: int, least: int = 1) -> Floats:
    """Median of the `width` points before each point: of as many as there are, but of the first `least` for the first ones."""
    trailing = trailing_medians(values, width)
    return np.concatenate([trailing[[least - 1] * least], trailing[least - 1 : -1]])[: len(values)]


def running_median(values: Floats, window: int) -> Floats:
    """Centred running median, same length as `values` (finite); the window shrinks at the ends. `window` is made odd.

    Windows wider than 64 points count at every few points only, with straight lines between: so wide a median hardly changes in between.
    """
    n = len(values)
    half = max(1, min(window // 2, (n - 1) // 2))
    if n <= 2:
        return np.full(n, median(values)) if n else values
    out = np.empty(n)
    medians = trailing_medians(values, 2 * half + 1)
    out[: n - half] = medians[half:]
    stride = 1 + half // 32
    if stride > 1:
        middle = np.arange(n - 2 * half)
        out[half : n - half] = np.interp(middle, middle[::stride], medians[2 * half :: stride])
    out[n - half :] = trailing_medians(values[: n - 1 - 2 * half : -1], 2 * half)[: half - 1 : -1]
    return out


def _block_medians(values: Floats, starts: NDArray[np.int64]) -> Floats:
    """Median of each block that begins at `starts`; all are equally long but the last, which holds what is left."""
    size = int(starts[1] - starts[0])
    whole = len(values) // size * size
    medians = row_medians(values[:whole].reshape(-1, size))
    return medians if whole == len(values) else np.append(medians, median(values[whole:]))


def sigma(values: Floats) -> float:
    """Robust standard deviation: scaled median absolute deviation."""
    if len(values) == 0:
        return 0.0
    return MAD_TO_SIGMA * float(median(np.abs(values - median(values))))


def without_tails(z: Floats) -> Floats:
    """`z` with what lies beyond its 2nd and 98th percentile cut off."""
    low, high = quantiles(z, 0.02, 0.98)
    return np.minimum(np.maximum(z, low), high)


def incline(z: Floats) -> tuple[float, float]:
    """Change from end to end of the straight line through `z`, and its slope in units of its standard error.

    Outliers beyond the 2nd and 98th percentile are cut off, and noise that is correlated with itself is allowed for. (0, 0) for fewer than
    20 points.
    """
    if len(z) < 20:
        return 0.0, 0.0
    x = np.linspace(-1.0, 1.0, len(z))
    y = without_tails(z)
    apart, squares = y - mean(y), float(x @ x)
    slope = float(x @ apart) / squares
    rest = apart - slope * x
    spread = deviation(rest)
    least = 1e-12 * max(float(y.max()), -float(y.min()))
    if spread <= least:
        return 2.0 * slope, math.copysign(math.inf, slope) if abs(slope) > least else 0.0
    memory = min(max(float(rest[1:] @ rest[:-1]) / float(rest @ rest), 0.0), 0.95)
    return 2.0 * slope, slope * math.sqrt(squares) / spread * math.sqrt((1.0 - memory) / (1.0 + memory))


def finite_points(series: Series) -> tuple[Floats, Floats]:
    """Steps and values of the points whose value is a finite number."""
    finite = np.isfinite(series.values)
    if finite.all():
        return series.steps, series.values
    return series.steps[finite], series.values[finite]


class Curve:
    """The finite points of a series, with level, trend and noise.

    `steps`, `values`: 1-D, finite, at most `MAX_POINTS` long. `z`: `values` on the working scale. `ratio(a, b)` turns a difference
    on the working scale back into a factor where that makes sense.
    """

    def __init__(self, series: Series) -> None:
        steps, values = finite_points(series)
        self.series = series
        self.n_logged = len(series.values)
        if len(values) > MAX_POINTS:
            starts = np.arange(0, len(values), -(-len(values) // MAX_POINTS))
            self.peaks = np.maximum.reduceat(values, starts)
            steps, values = steps[starts], _block_medians(values, starts)
        else:
            self.peaks = values
        self.steps: Floats = steps
        self.values: Floats = values
        self.n = len(values)
        positive = self.n > 0 and float(values.min()) > 0.0
        low, high = quantiles(values, 0.02, 0.98) if positive else (1.0, 0.0)
        self.is_log = positive and high / low > LOG_SPAN
        self.z: Floats = np.log(values) if self.is_log else values
        self.z_peaks: Floats = np.log(self.peaks) if self.is_log else self.peaks

    @cached_property
    def window(self) -> int:
        """Width of the running medians, in points: a twentieth of the run, between 5 and 51."""
        return min(max(self.n // 20, 5), 51) | 1

    @cached_property
    def trend(self) -> Floats:
        """Running median on the working scale."""
        return running_median(self.z, self.window)

    @cached_property
    def of_five(self) -> Floats:
        """Running median of five points on the working scale: single points smoothed away, little else."""
        return running_median(self.z, 5)

    @cached_property
    def middling_noise(self) -> float:
        """Median of `noise`."""
        return float(median(self.noise))

    @cached_property
    def noise(self) -> Floats:
        """Local standard deviation around the trend, on the working scale; never below a floor set by rounding."""
        residual = np.abs(self.z - self.trend)
        local = MAD_TO_SIGMA * running_median(residual, 4 * self.window)
        overall = MAD_TO_SIGMA * float(median(residual)) if self.n else 0.0
        return np.maximum(local, max(0.25 * overall, self.floor))

    @cached_property
    def floor(self) -> float:
        """Smallest noise that is believed: the rounding of the log, and one part in a thousand of the curve's own range."""
        if self.n < 2:
            return 1e-12
        low, high = quantiles(self.z, 0.02, 0.98)
        span = high - low
        if self.is_log:
            return max(1e-3 * span, 1e-4)
        return max(1e-3 * span, 1e-6 * float(median(np.abs(self.values))), 1e-120)

    def level(self, first: float, last: float) -> float:
        """Median of the raw values between two fractions (0..1) of the points; at least three points where there are that many."""
        a = math.floor(first * self.n)
        b = max(math.ceil(last * self.n), a + 1)
        if b - a < 3:
            a, b = max(0, min(a, self.n - 3)), min(self.n, max(b, 3))
        return float(median(self.values[a:b]))

    @cached_property
    def start(self) -> float:
        """Level of the first points: the median of the first three, or the very first where the loss falls steeply."""
        return float(max(self.values[0], median(self.values[:3]))) if self.n else float("nan")

    @cached_property
    def end(self) -> float:
        """Level of the last tenth."""
        return self.level(0.9, 1.0)

    @cached_property
    def smooth(self) -> Floats:
        """Trend on the raw scale."""
        return np.exp(self.trend) if self.is_log else self.trend

    @cached_property
    def best(self) -> float:
        """Lowest level of the smoothed curve."""
        return float(self.smooth.min()) if self.n else float("nan")

    @cached_property
    def best_at(self) -> int:
        """Index of the lowest level."""
        return int(np.argmin(self.smooth)) if self.n else 0

    def index_at(self, step: float) -> int:
        """Index of the first point at or after `step` (the last point when there is none)."""
        return min(int(self.steps.searchsorted(step)), self.n - 1)

    def size(self, index: int, base: float) -> float:
        """Raw value at `index` relative to raw `base`: a factor for positive curves, a difference over the scale otherwise."""
        value = float(self.values[index])
        if base > 0:
            return value / base
        return 1.0 + (value - base) / max(abs(base), self.floor)


_known: dict[int, Curve] = {}


def curve_of(series: Series) -> Curve:
    """The curve of a series, computed once until `forget_curves`: every detector looks at the same one."""
    curve = _known.get(id(series))
    if curve is None or curve.series is not series:
        curve = _known[id(series)] = Curve(series)
    return curve


def forget_curves() -> None:
    """Let go of the series behind the curves."""
    _known.clear()
