"""Cliffs in a loss: spikes that heal, surges that do not, jumps where training was resumed, slow divergence.

A jump is where the curve leaves the band in which it ran before: the median of the next k points (k = 1, 4, 16) stands out from the
running median by more than the local noise allows, and by more than the heaviest tail this run has shown elsewhere. What happens
after it decides its name: back within a short window = spike; still high = surge (at least twice the lowest level) or divergence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...finding import NotChecked, Observed, RawFinding, Recovery
from ..curve import MEDIAN_VARIANCE, Curve, curve_of, median, quantile, row_medians, running_median, sigma
from ..log import Log

NOISE_UNITS = 7.0
"""Least height of a jump in units of the run's own noise (OLMo-core's stability monitor uses 6 sigma of 128 values; the loss tail is heavier)."""

SHIFT_UNITS = 8.0
"""The same for the median of several points, in units of its standard error: slow drifts of a healthy run reach 4 or 5."""

TAIL_FACTOR = 2.5
"""And at least this many times the tail (2.5 %) of the run's other residuals: a run with heavy tails has earned a higher bar."""

SCALES = (1, 4, 16)
"""Numbers of points over which a jump is looked for: a single bad batch, a short burst, a new level."""

DRIFT_RATIO = 1.15
"""A sustained rise of the smoothed loss by 15 % over its best is divergence (trainspotter: 1.5 times the minimum, trainproof the same)."""

DRIFT_UNITS = 6.0
"""And it must stand out by six standard errors of the two levels compared."""

DRIFT_BLOCKS = 12

VAL_CLIMB_UNITS = 4.0
"""The same for a validation that takes part in the drift."""

WANDER_UNITS = 4.0
"""And by this many standard deviations of what the levels wander from block to block anyhow."""

CLIMB_UNITS = 5.5
"""Or the straight line through everything since the best level climbs by this many of its own standard errors."""

SMALL = 1.15
"""A jump of less than 15 % of the level is not worth anyone's night."""

FAR_ABOVE = 8.0
"""Training at eight times the validation loss after a jump is broken training data or weights; harder examples or augmentation stay below."""

HEALED = 1.15
"""A curve that ends less than 15 % above the level before has come back, however late."""

RAISED = 1.25
"""A level that stays a quarter above the one before the jump has not recovered, ..."""

RAISED_UNITS = 4.0
"""... when it does so by this many standard errors."""

SPIKE_SHARE = 0.15
"""A jump that is gone within this share of the run is a spike; one that lasts longer is a surge (taxonomy: "short window")."""

SURGE_RATIO = 2.0
"""A surge stands at least this much above the lowest level so far (taxonomy)."""


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
    width = int(np.clip(n // 12, 4, 48))
    base = _past_level(curve, width)
    noise = _past_noise(curve)
    hits = np.zeros(n)
    for k in SCALES:
        if n < 6 * k:
            continue
        ahead = curve.z_peaks if k == 1 else _next_median(curve.z, k)
        spread = 1.0 if k == 1 else float(np.sqrt(MEDIAN_VARIANCE / k + MEDIAN_VARIANCE / width))
        excess = (ahead - base) / (noise * spread)
        hits = np.maximum(hits, np.where(excess > _bar(excess, k), excess, 0.0))
    hits[: min(3, n // 10 + 1)] = 0.0
    jumps: list[Jump] = []
    for first, last in _runs(hits > 0, gap=max(3, curve.window // 2)):
        jump = _measure(curve, first, last, base, noise)
        if jump is not None:
            jumps.append(jump)
    jumps.sort(key=lambda j: -j.units)
    return jumps[:8]


def _past_level(curve: Curve, width: int) -> np.ndarray:
    """Median of the `width` points before each point, on the working scale: where the curve was, not where it is."""
    n = curve.n
    past = np.empty(n)
    past[width:] = row_medians(sliding_window_view(curve.z, width)[: n - width])
    for i in range(min(width, n)):
        past[i] = median(curve.z[: max(i, 1)])
    return past


def _past_noise(curve: Curve) -> np.ndarray:
    """Noise that the run has shown so far: the local noise, but not the noise that the excursion itself makes."""
    overall = float(median(curve.noise))
    smooth = running_median(curve.noise, 4 * curve.window)
    lagged = np.concatenate([np.full(min(curve.n, 2 * curve.window), smooth[0]), smooth[: max(0, curve.n - 2 * curve.window)]])[: curve.n]
    return np.maximum(np.minimum(smooth, np.maximum(lagged, overall)), curve.floor)


def _next_median(z: np.ndarray, k: int) -> np.ndarray:
    """Median of each point and the k-1 that follow; the last ones look at what is left."""
    centred = running_median(z, k + 1)
    out = np.empty(len(z))
    half = (k + 1) // 2
    out[: len(z) - half] = centred[half:]
    out[len(z) - half :] = median(z[-half:])
    return out


def _bar(excess: np.ndarray, k: int) -> float:
    """Height that an excursion of k points must reach, in units of its own standard error.

    The run's own tail is read off its bulk (10th and 90th percentile after the first descent), taking the quieter side: a jump
    inflates the upper one, a descent the lower one.
    """
    body = excess[len(excess) // 4 :]
    low, centre, high = (quantile(body, share) for share in (0.1, 0.5, 0.9))
    tail = 2.0 * min(centre - low, high - centre)
    if k == 1:
        tail = max(tail, float(quantile(body, 0.95)) - centre)
    return max(NOISE_UNITS if k == 1 else SHIFT_UNITS, min(TAIL_FACTOR * tail, 30.0))


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
    smooth = z if n < 10 else curve.trend if last - first > 2 * curve.window else running_median(z, 5)
    first = _onset(curve, first, last, base, noise, smooth)
    level = float(base[first])
    raw = float(np.exp(level)) if curve.is_log else level
    ceiling = level + max(3.0 * float(noise[first]), 0.1 * float(curve.z_peaks[first : last + 1].max() - level))
    after = np.flatnonzero(smooth[first + 1 :] <= ceiling)
    back = first + 1 + int(after[0]) if len(after) else n
    end = max(back, first + 1)
    peak = first + int(np.argmax(curve.z_peaks[first : max(end, first + 1)]))
    height = _factor(float(curve.peaks[peak]), raw, curve)
    units = float((curve.z_peaks[peak] - level) / noise[first])
    settled = values[min(end, n - 1) :] if end < n else values[-max(1, min(5, n - first)) :]
    settled = settled[: max(3, curve.window)]
    after_level = _factor(float(median(settled)), raw, curve)
    if height < SMALL:
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


def _factor(value: float, base: float, curve: Curve) -> float:
    """`value` over `base` for positive levels; otherwise the rise in units of the curve's own range, plus one."""
    if base > 0 and value > 0:
        return value / base
    span = float(quantile(curve.values, 0.9) - quantile(curve.values, 0.1)) or abs(base) or 1.0
    return 1.0 + (value - base) / span


def find(log: Log, out: Observed) -> None:
    """Report spikes, surges, jumps at a resume and divergence in every loss of the log."""
    if log.get("train_loss") is None:
        out.skipped.append(NotChecked("loss_spike", "skip.no_loss"))
    val = log.get("val_loss")
    val_curve = curve_of(val) if val is not None and np.isfinite(val.values).sum() >= 4 else None
    for series in log.all("train_loss") + log.all("val_loss"):
        curve = curve_of(series)
        if series.metric == "train_loss" and curve.n < 24 and not series.part:
            values: dict[str, str | int | float] = {"points": curve.n, "least": 24}
            out.skipped.append(NotChecked("loss_divergence", "skip.too_few", values))
            if curve.n < 6:
                out.skipped.append(NotChecked("loss_spike", "skip.too_few", {**values, "least": 6}))
        if curve.n < 6:
            continue
        jumps = excursions(curve)
        if series.metric == "train_loss":
            _name(curve, jumps, log, out, val_curve)
        else:
            _val_alone(curve, jumps, out)
        if series.metric == "train_loss":
            _drift(curve, out, val_curve)


def _name(curve: Curve, jumps: list[Jump], log: Log, out: Observed, val: Curve | None) -> None:
    """Turn the jumps of one curve into findings."""
    series = curve.series
    for jump in sorted(jumps, key=lambda j: j.first):
        first, last = float(curve.steps[jump.first]), float(curve.steps[jump.last])
        lowest = float(np.min(curve.smooth[: jump.first + 1]))
        rise = _factor(jump.after * jump.base if jump.base > 0 else curve.end, lowest, curve) if jump.base > 0 else jump.after
        lasting = (jump.last - jump.first) / curve.n > SPIKE_SHARE or jump.recovery in ("none", "partial")
        numbers = {
            "step": first, "peak_step": float(curve.steps[jump.peak]), "base": jump.base, "peak": float(curve.peaks[jump.peak]),
            "ratio": jump.height, "after": jump.after, "units": jump.units, "points": float(jump.last - jump.first),
        }  # fmt: skip
        followed = _val_follows(val, first, last) if val is not None else None
        if followed is not None:
            numbers["val_ratio"] = followed
        strength = float(np.clip(0.4 + 0.2 * np.log2(max(jump.height, 1.0)) + 0.01 * jump.units, 0.3, 1.0))
        near_resume = any(abs(first - r) <= max(0.01 * (curve.steps[-1] - curve.steps[0]), 3.0) for r in log.restarts)
        if near_resume:
            id, message = "jump_at_resume", "jump.resume"
        elif lasting and ((jump.height >= SURGE_RATIO and max(rise, jump.after) >= 1.5) or jump.height >= 3):
            id, message = "loss_surge", "jump.surge" if jump.recovery in ("none", "partial") else "jump.surge_healed"
        elif lasting:
            id, message = "loss_divergence", "jump.step_up"
        else:
            id, message = "loss_spike", "jump.spike"
        # a training loss that steps up while validation stays put is what a harder curriculum or stronger augmentation looks like
        unmoved = followed is not None and _unmoved(followed, jump.height) and not _far_above(curve, val, jump)
        intended = id in ("loss_surge", "loss_divergence") and unmoved
        mild = id == "loss_spike" and jump.recovery == "fast" and jump.height < 2.0 and jump.last - jump.first <= 2
        out.findings.append(RawFinding(
            id, series.metric, first, last, strength, message, numbers, jump.recovery, series.part, alarming=not (intended or mild),
        ))  # fmt: skip
        if series.metric == "train_loss":
            if followed is not None:
                out.note("val_follows_jump", "yes" if followed > 1.3 else "slightly" if followed > 1.1 else "no", "val_loss", first, last)
            out.note("jump_size", "huge" if jump.height > 10 else "large" if jump.height > 3 else "small", "train_loss", first, last)
            out.note("recovery", jump.recovery, "train_loss", first, last)


def _far_above(curve: Curve, val: Curve | None, jump: Jump) -> bool:
    """Whether training stands at many times the validation loss behind the jump: no honest example is that much harder."""
    if val is None or jump.base <= 0:
        return False
    width = max(3, curve.n // 12)
    level = float(median(curve.values[jump.first : jump.first + width]))
    then = val.values[val.steps >= curve.steps[jump.first]][: max(1, val.n // 12)]
    return len(then) > 0 and level > FAR_ABOVE * float(median(then)) > 0


def _unmoved(followed: float, height: float) -> bool:
    """Whether validation ignored a jump of the training loss: under 30 % itself, and under a fifth of the jump in log terms."""
    return followed < 1.3 and np.log(max(followed, 1.0)) < 0.2 * np.log(max(height, 1.0001))


def _val_follows(val: Curve, first: float, last: float) -> float | None:
    """Highest validation level in and shortly after the excursion over the level before it; None when not validated around it."""
    before = val.values[val.steps < first][-3:]
    span = max(last - first, 0.1 * float(val.steps[-1] - val.steps[0]))
    after = val.values[(val.steps >= first) & (val.steps <= first + span)]
    if len(before) < 1 or len(after) < 1 or float(median(before)) <= 0:
        return None
    return float(np.max(after)) / float(median(before))


def _val_alone(curve: Curve, jumps: list[Jump], out: Observed) -> None:
    """A validation loss that leaps while the training loss stays calm: spikes that heal, or a validation that broke."""
    hurt = [f for f in out.findings if f.metric == "train_loss" and f.message.startswith(("jump.", "nan."))]
    drifts = [f.first_step for f in out.findings if f.metric == "train_loss" and f.message == "divergence"]
    near = 0.05 * float(curve.steps[-1] - curve.steps[0])
    for jump in jumps:
        at, until = float(curve.steps[jump.first]), float(curve.steps[jump.last])
        heals = jump.recovery in ("fast", "slow")
        shared = any(abs(f.first_step - at) <= near or (not heals and f.first_step - near <= until and f.last_step + near >= at) for f in hurt)
        if shared or (not heals and any(step - near <= at for step in drifts)):
            continue
        halfway = 0.5 * (jump.base + float(curve.peaks[jump.peak]))
        sudden = int(np.argmax(curve.peaks[jump.first :] >= halfway)) <= max(2, curve.n // 20)
        if not sudden or jump.units < 2 * NOISE_UNITS or jump.height < 2.0:
            continue
        first, last = float(curve.steps[jump.first]), float(curve.steps[jump.last])
        numbers = {"step": first, "base": jump.base, "peak": float(curve.peaks[jump.peak]), "ratio": jump.height, "units": jump.units,
                   "points": float(jump.last - jump.first), "after": jump.after}  # fmt: skip
        out.findings.append(RawFinding(
            "loss_spike" if heals else "val_only_bad", "val_loss", first, last, 0.7, "jump.spike" if heals else "gap.val_jump", numbers,
            jump.recovery, curve.series.part,
        ))  # fmt: skip


def _harder(out: Observed) -> bool:
    """Whether the training loss stepped up in a way that looks intended: the drift is then the tail of that step."""
    return any(f.metric == "train_loss" and not f.alarming and f.message in ("jump.surge", "jump.surge_healed", "jump.step_up") for f in out.findings)


def _improves(val: Curve, since: float) -> bool:
    """Whether validation has come down since that step, all the same: the examples get harder, the model better."""
    then, now = val.values[val.steps <= since][-3:], val.values[-3:]
    return len(then) > 0 and float(median(now)) < float(median(then)) - 0.02 * abs(float(median(then)))


def _bend(z: np.ndarray) -> int:
    """Index at which `z` leaves its first level: by a step, or on the straight line that fits best from some point on."""
    n, y = len(z), np.clip(z, quantile(z, 0.02), quantile(z, 0.98))
    best, where = np.inf, 0
    total, sums = float(y.sum()), np.cumsum(y)
    squares = float(y @ y)
    for k in np.unique(np.linspace(2, 0.9 * n, 60).astype(int)):
        if not 2 <= k <= n - 3:
            continue
        step = squares - float(sums[k - 1]) ** 2 / k - (total - float(sums[k - 1])) ** 2 / (n - k)
        ramp = np.maximum(np.arange(n) - k, 0.0)
        ramp -= ramp.mean()
        line = squares - total**2 / n - float(ramp @ y) ** 2 / float(ramp @ ramp)
        if min(step, line) < best:
            best, where = min(step, line), int(k)
    return where


def _steps_up(z: np.ndarray) -> bool:
    """Whether two levels describe `z` better than a straight line does."""
    n, y = len(z), np.clip(z, quantile(z, 0.02), quantile(z, 0.98))
    k = np.arange(max(2, n // 20), n - max(2, n // 20))
    if len(k) == 0:
        return False
    total, part = float(y.sum()), np.cumsum(y)[k - 1]
    step = float((part**2 / k + (total - part) ** 2 / (n - k)).max()) - total**2 / n
    x = np.linspace(-1.0, 1.0, n)
    return step > float(x @ (y - y.mean())) ** 2 / float(x @ x)


def _ignores(val: Curve, curve: Curve, first: float, ratio: float) -> bool:
    """Whether validation takes no part in a drift of the training loss that began at `first`."""
    if _climb(val.z[val.steps >= first]) >= VAL_CLIMB_UNITS:
        return False
    followed = _val_follows(val, first, float(curve.steps[-1]))
    return followed is not None and _unmoved(followed, ratio)


def _climb(z: np.ndarray) -> float:
    """Slope of the straight line through `z` in units of its standard error, allowing for noise that is correlated with itself."""
    if len(z) < 20:
        return 0.0
    x = np.linspace(-1.0, 1.0, len(z))
    low, high = (quantile(z, 0.02), quantile(z, 0.98))
    y = np.clip(z, low, high)
    slope = float(x @ (y - y.mean()) / (x @ x))
    rest = y - y.mean() - slope * x
    spread = float(rest.std())
    if spread <= 0.0:
        return np.inf if slope > 0 else 0.0
    memory = float(np.clip(rest[1:] @ rest[:-1] / (rest @ rest), 0.0, 0.95))
    return slope * float(np.sqrt(x @ x)) / spread * float(np.sqrt((1.0 - memory) / (1.0 + memory)))


def _drift(curve: Curve, out: Observed, val: Curve | None) -> None:
    """Sustained growth: the level ends well above its best, and got there over many steps.

    Levels are medians of twelve equal blocks, so that the best one is not the luckiest noise. The rise must stand out by `DRIFT_UNITS`
    standard errors, or by half as many when nearly every block since the best is higher than the one before.
    """
    if curve.n < 24 or out.has("loss_surge"):
        return
    series = curve.series
    blocks = np.array([float(median(part)) for part in np.array_split(curve.z, DRIFT_BLOCKS)])
    low = int(np.argmin(blocks[:-1]))
    rise, steps_up = float(blocks[-1] - blocks[low]), np.diff(blocks[low:]) > 0
    error = float(median(curve.noise)) * float(np.sqrt(2 * MEDIAN_VARIANCE * DRIFT_BLOCKS / curve.n))
    raw = np.exp(blocks) if curve.is_log else blocks
    best, end, start_at = float(raw[low]), float(raw[-1]), (low * curve.n) // DRIFT_BLOCKS
    ratio = _factor(end, best, curve)
    steady = len(steps_up) >= 4 and float(steps_up.mean()) >= 0.75
    wander = sigma(np.diff(blocks[DRIFT_BLOCKS // 4 :])) / float(np.sqrt(2))
    apart = rise > max((0.5 if steady else 1.0) * DRIFT_UNITS * error, WANDER_UNITS * wander)
    grows = ratio >= DRIFT_RATIO and (apart or _climb(curve.z[start_at:]) >= CLIMB_UNITS)
    if grows and (len(steps_up) >= 2):
        if any(f.metric == "train_loss" and f.recovery in ("none", "partial") and f.numbers.get("ratio", 0.0) > 1.3 for f in out.findings):
            return
        first = float(curve.steps[start_at + _bend(curve.z[start_at:])])
        lowest_step = float(curve.steps[((2 * low + 1) * curve.n) // (2 * DRIFT_BLOCKS)])
        strength = float(np.clip(0.4 + 0.3 * np.log2(ratio), 0.3, 1.0))
        sudden = _steps_up(curve.z[start_at:])
        intended = val is not None and (_improves(val, lowest_step) or (sudden and _ignores(val, curve, first, ratio)))
        out.findings.append(RawFinding(
            "loss_divergence", series.metric, first, float(curve.steps[-1]), strength, "divergence",
            {"best": best, "end": end, "ratio": ratio, "step": lowest_step, "since": first, "units": rise / max(error, 1e-12)}, "none", series.part,
            alarming=not (_harder(out) or intended),
        ))  # fmt: skip
