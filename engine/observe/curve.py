"""A loss curve prepared for detectors: level, trend and noise, whatever its scale, length or sign.

All detectors ask the same questions ("how high is it here?", "how noisy is it here?", "when did it first leave its band?"), so the
answers are computed once. Comparisons are made on a working scale: the logarithm for curves that stay positive and span more than
a factor of two (noise of a training loss is close to multiplicative), the raw values otherwise. Medians and median absolute
deviations are used throughout, because the tails of a training loss are heavy.
"""

from __future__ import annotations

from bisect import insort
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .log import Floats, Series

MAD_TO_SIGMA = 1.4826
"""Median absolute deviation of a normal distribution -> its standard deviation."""

MEDIAN_VARIANCE = 1.57
"""Variance of a median of k normal values is pi / 2 times that of their mean."""

MAX_POINTS = 6000
"""Longer curves are cut into this many blocks, each standing for its median; extremes are looked up in the full series."""

LOG_SPAN = 2.0
"""A positive curve whose robust span exceeds this factor is judged on a logarithmic scale."""


def median(values: Floats) -> float:
    """Median of a 1-D array, NaN of an empty one: what `numpy.median` gives in a fifth of the time for the few hundred points of a log."""
    n = len(values)
    if n == 0:
        return float("nan")
    ordered = np.array(values)
    ordered.sort()
    return float((ordered[(n - 1) // 2] + ordered[n // 2]) / 2)


def quantile(values: Floats, share: float) -> float:
    """Quantile of a 1-D array that is not empty, interpolated linearly (`numpy.quantile` with its overhead left out)."""
    ordered = np.array(values)
    ordered.sort()
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (at - low) * (ordered[high] - ordered[low]))


def row_medians(windows: Floats) -> Floats:
    """Median of each row of a 2-D array."""
    width = windows.shape[1]
    middle = width // 2
    if width % 2:
        return np.partition(windows, middle, axis=1)[:, middle]
    pair = np.partition(windows, (middle - 1, middle), axis=1)
    return (pair[:, middle - 1] + pair[:, middle]) / 2


def windows(values: Floats, width: int) -> Floats:
    """The stretches of `width` neighbouring points as rows, without copying (`sliding_window_view` with its overhead left out). Read only."""
    values = np.ascontiguousarray(values)
    size = values.itemsize
    return np.ndarray((len(values) - width + 1, width), values.dtype, values, 0, (size, size))


def prefix_medians(values: Floats, count: int, least: int = 1) -> list[float]:
    """For each of the first `count` points the median of those before it, of at least the first `least`."""
    seen = sorted(values[:least].tolist())
    out: list[float] = []
    for i in range(count):
        if least < i <= len(values):
            insort(seen, float(values[i - 1]))
        size = len(seen)
        out.append((seen[(size - 1) // 2] + seen[size // 2]) / 2)
    return out


def running_median(values: Floats, window: int) -> Floats:
    """Centred running median, same length as `values`; the window shrinks at the ends. `window` is made odd.

    Windows wider than 64 points are evaluated at every few points only and interpolated: so wide a median hardly changes in between.
    """
    n = len(values)
    half = max(1, min(window // 2, (n - 1) // 2))
    if n <= 2:
        return np.full(n, median(values)) if n else values
    out = np.empty(n)
    stride = 1 + half // 32
    medians = row_medians(windows(values, 2 * half + 1)[::stride])
    middle = np.arange(n - 2 * half)
    out[half : n - half] = medians if stride == 1 else np.interp(middle, middle[::stride], medians)
    out[:half] = _growing_medians(values, half)
    out[n - half :] = _growing_medians(values[::-1], half)[::-1]
    return out


def _growing_medians(values: Floats, half: int) -> list[float]:
    """Medians of the first half+1, half+2, ... 2 half values."""
    seen = sorted(values[: half + 1].tolist())
    out: list[float] = []
    for i in range(half):
        size = len(seen)
        out.append((seen[(size - 1) // 2] + seen[size // 2]) / 2)
        if half + 1 + i < len(values):
            insort(seen, float(values[half + 1 + i]))
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


def incline(z: Floats) -> tuple[float, float]:
    """Change from end to end of the straight line through `z`, and its slope in units of its standard error.

    Outliers beyond the 2nd and 98th percentile are cut off, and noise that is correlated with itself is allowed for. (0, 0) for fewer than
    20 points.
    """
    if len(z) < 20:
        return 0.0, 0.0
    x = np.linspace(-1.0, 1.0, len(z))
    y = np.clip(z, quantile(z, 0.02), quantile(z, 0.98))
    slope = float(x @ (y - y.mean()) / (x @ x))
    rest = y - y.mean() - slope * x
    spread = float(rest.std())
    if spread <= 1e-12 * float(np.abs(y).max()):
        return 2.0 * slope, float(np.copysign(np.inf, slope)) if abs(slope) > 1e-12 * float(np.abs(y).max()) else 0.0
    memory = float(np.clip(rest[1:] @ rest[:-1] / (rest @ rest), 0.0, 0.95))
    return 2.0 * slope, slope * float(np.sqrt(x @ x)) / spread * float(np.sqrt((1.0 - memory) / (1.0 + memory)))


class Curve:
    """The finite points of a series, with level, trend and noise.

    `steps`, `values`: 1-D, finite, at most `MAX_POINTS` long. `z`: `values` on the working scale. `ratio(a, b)` turns a difference
    on the working scale back into a factor where that makes sense.
    """

    def __init__(self, series: Series) -> None:
        finite = np.isfinite(series.values)
        steps, values = series.steps[finite], series.values[finite]
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
        spread = float(quantile(values, 0.98) / quantile(values, 0.02)) if positive else 0.0
        self.is_log = positive and spread > LOG_SPAN
        self.z: Floats = np.log(values) if self.is_log else values
        self.z_peaks: Floats = np.log(self.peaks) if self.is_log else self.peaks

    @cached_property
    def window(self) -> int:
        """Width of the running medians, in points: a twentieth of the run, between 5 and 51."""
        return int(np.clip(self.n // 20, 5, 51)) | 1

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
        span = float(quantile(self.z, 0.98) - quantile(self.z, 0.02))
        if self.is_log:
            return max(1e-3 * span, 1e-4)
        return max(1e-3 * span, 1e-6 * float(median(np.abs(self.values))), 1e-120)

    def level(self, first: float, last: float) -> float:
        """Median of the raw values between two fractions (0..1) of the points; at least three points where there are that many."""
        a = int(np.floor(first * self.n))
        b = max(int(np.ceil(last * self.n)), a + 1)
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
        return int(min(np.searchsorted(self.steps, step), self.n - 1))

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
