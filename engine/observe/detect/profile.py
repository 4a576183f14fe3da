"""The habit of a run: features that are no symptom by themselves but tell causes apart.

Where the trouble began, how it rose, what level the loss started from and ended at, how noisy it was, what the data statistics and the
weights did at the onset. Each is an observation with a few values (`kb/knowledge/observations.yaml`); how telling each value is was
counted on labelled runs (`kb/knowledge/weights`).
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from ...finding import Observed
from ..curve import ROOT_TWO, Curve, changes, curve_of, finite_points, median, sigma
from ..log import Floats, Log, Series

DATA_SHIFT = 6.0
"""A change of a batch statistic at the onset by this many of its own standard errors."""


def find(log: Log, out: Observed) -> None:
    """Record the observations; report no symptom."""
    train = log.get("train_loss")
    if train is None:
        return
    curve = curve_of(train)
    if curve.n < 5:
        return
    _levels(curve, out)
    _noise(curve, out)
    onset = _onset(curve, out)
    _validation(log, curve, out)
    _weights(log, out)
    _gradients(log, out)
    if onset is not None:
        _data(log, onset, out)


def _band(value: float, cuts: tuple[float, ...], names: tuple[str, ...]) -> str:
    """Name of the band that `value` falls into; one more name than cuts."""
    return names[bisect_right(cuts, value)]


def _levels(curve: Curve, out: Observed) -> None:
    start, end = float(median(curve.values[:3])), curve.end
    settled = curve.level(0.02, 0.06)
    first = float(curve.values[0])
    if min(curve.values[0], end) <= 0:
        out.note("start_level", "negative", "train_loss")
    else:
        out.note("start_level", _band(first / max(settled, 1e-12), (0.8, 2.0, 6.0), ("rising", "normal", "steep", "huge")), "train_loss")
        share = _band(end / max(start, 1e-12), (1e-3, 0.03, 0.3, 0.85, 1.5), ("nil", "low", "usual", "high", "same", "above"))
        out.note("end_level", share, "train_loss")
        peak = float(curve.smooth.max()) / max(float(curve.smooth[0]), 1e-12)
        out.note("train_peak", _band(peak, (1.01, 2.0), ("start", "above", "far")), "train_loss")


def _noise(curve: Curve, out: Observed) -> None:
    if curve.n < 20:
        return
    late = curve.z[-max(8, curve.n // 3) :]
    rough = sigma(changes(late)) / ROOT_TWO
    relative = rough if curve.is_log else rough / max(abs(curve.end), 1e-12)
    out.note("noise_level", _band(relative, (0.03, 0.12, 0.4, 0.9), ("none", "low", "medium", "high", "wild")), "train_loss")
    rest = curve.values - curve.smooth
    spread = float(rest.std())
    if spread > 1e-9 * max(abs(curve.end), 1e-300):
        lean = float(np.mean((rest / spread) ** 3))
        out.note("noise_lean", _band(lean, (-0.3, 1.0), ("down", "even", "up")), "train_loss")


def _onset(curve: Curve, out: Observed) -> float | None:
    """Step at which the first alarming finding in the losses began."""
    steps = [f for f in out.findings if f.alarming and f.metric in ("train_loss", "val_loss", "grad_norm", "weight_norm", "update_norm", "lr")]
    if not steps:
        return None
    first = min(steps, key=lambda f: f.first_step)
    span = float(curve.steps[-1] - curve.steps[0]) or 1.0
    share = (first.first_step - float(curve.steps[0])) / span
    out.note("onset_phase", _band(share, (0.03, 0.2, 0.6), ("start", "early", "middle", "late")), first.metric, first.first_step)
    jumps = [f for f in out.findings if f.id in ("loss_spike", "loss_surge", "jump_at_resume", "loss_divergence") and f.metric == "train_loss"]
    if jumps:
        count = len(jumps)
        out.note("jump_count", "one" if count == 1 else "few" if count <= 3 else "many", "train_loss")
        worst = max(jumps, key=lambda f: f.numbers.get("ratio", 1.0))
        points = worst.numbers.get("peak_step", worst.first_step) - worst.first_step
        every = median(changes(curve.steps)) if curve.n > 1 else 1.0
        out.note("jump_rise", "at_once" if points <= 2 * every else "climbing", "train_loss", worst.first_step)
        after = worst.numbers.get("after", worst.numbers.get("ratio", 1.0))
        out.note("level_after", _band(after, (0.9, 1.25, 2.5, 8.0), ("below", "same", "raised", "high", "far")), "train_loss", worst.first_step)
    return first.first_step


def _validation(log: Log, curve: Curve, out: Observed) -> None:
    val = log.get("val_loss")
    if val is None:
        return
    steps, values = finite_points(val)
    if len(values) >= 6:
        _company(steps, values, curve, out)
    if len(values) < 3 or min(float(values.min()), curve.end) <= 0:
        return
    end = float(median(values[-3:]))
    gap = _band(end / curve.end, (0.8, 1.3, 3.0, 10.0, 100.0), ("below", "equal", "above", "far", "very_far", "absurd"))
    out.note("val_over_train", gap, "val_loss")
    rise = end / float(values.min())
    out.note("val_rise", _band(rise, (1.03, 1.12, 1.6, 4.0), ("none", "slight", "clear", "strong", "extreme")), "val_loss")
    peak = float(values.max()) / float(values[0])
    out.note("val_peak", _band(peak, (1.001, 1.05, 2.0), ("start", "slightly", "above", "far")), "val_loss")
    early = float(values[min(1, len(values) - 1)]) / max(curve.level(0.03, 0.12), 1e-12)
    out.note("val_early", _band(early, (0.5, 1.25, 2.5), ("below", "equal", "above", "far")), "val_loss")


def _company(steps: Floats, values: Floats, curve: Curve, out: Observed) -> None:
    """How steadily validation improves, and whether it moves when training does."""
    change = changes(values)
    better = int((change < 0.0).sum()) / len(change)
    out.note("val_course", _band(better, (0.55, 0.8), ("wavers", "uneven", "steady")), "val_loss")
    beside = changes(np.interp(steps, curve.steps, curve.smooth))
    size = float(change.std()) * float(beside.std())
    if size > 0.0:
        together = float(((change - change.mean()) @ (beside - beside.mean())) / len(change)) / size
        out.note("val_company", _band(together, (0.45, 0.9), ("apart", "loosely", "closely")), "val_loss")


def _weights(log: Log, out: Observed) -> None:
    update, weight = log.get("update_norm"), log.get("weight_norm")
    if update is not None and len(update) >= 5:
        values = finite_points(update)[1]
        if len(values) >= 5:
            known = weight is not None and bool(np.isfinite(weight.values).any())
            scale = float(np.nanmedian(np.abs(weight.values))) if weight is not None and known else 1.0
            rate = float(median(np.abs(values))) / max(scale, 1e-12)
            out.note("update_rate", _band(rate, (1e-6, 1e-4, 1e-3, 3e-2), ("none", "tiny", "small", "usual", "large")), "update_norm")
    if weight is not None and np.isfinite(weight.values).sum() >= 5:
        values = weight.values[np.isfinite(weight.values)]
        growth = float(values[-1]) / max(float(values[0]), 1e-12)
        course = _band(growth, (0.7, 0.999, 1.001, 1.5, 4.0), ("shrinks", "eases", "frozen", "grows", "swells", "explodes"))
        out.note("weight_growth", course, "weight_norm")
        change = np.abs(changes(values))
        leap = float(change.max()) / max(float(median(change)), 1e-12 * float(np.abs(values).max()), 1e-300)
        out.note("weight_leap", _band(leap, (5.0, 12.0, 30.0, 250.0), ("none", "small", "clear", "large", "extreme")), "weight_norm")


def _gradients(log: Log, out: Observed) -> None:
    grad = log.get("grad_norm")
    if grad is None:
        return
    values = finite_points(grad)[1]
    if len(values) < 5:
        return
    out.note("grad_size", _band(float(median(values)), (1e-5, 1e-2, 5.0, 100.0), ("nil", "small", "usual", "large", "huge")), "grad_norm")
    rough = float(median(np.abs(changes(values)))) / max(float(median(values)), 1e-300)
    out.note("grad_roughness", _band(rough, (0.1, 0.2, 0.3, 0.45), ("even", "calm", "usual", "rough", "wild")), "grad_norm")


def _data(log: Log, onset: float, out: Observed) -> None:
    """Whether the statistics of the batches changed at the onset, for good or for a moment."""
    kinds: list[str] = []
    for metric in ("batch_mean", "batch_std", "label_mean"):
        series = log.get(metric)
        if series is not None and len(series) >= 20:
            kinds.append(_shift(series, onset))
    if kinds:
        out.note("data_statistics", next((k for k in ("lasting", "outlier") if k in kinds), "steady"), "batch_mean", onset)


def _shift(series: Series, onset: float) -> str:
    finite = np.isfinite(series.values)
    steps, values = series.steps[finite], series.values[finite]
    before, after = values[steps < onset], values[steps >= onset]
    if len(before) < 8 or len(after) < 4:
        return "steady"
    spread = max(sigma(before), 1e-3 * float(np.ptp(before)), 1e-12)
    near = after[:5]
    if abs(float(median(after)) - float(median(before))) > DATA_SHIFT * spread * np.sqrt(1.57 / len(before) + 1.57 / len(after)) + 0.3 * spread:
        return "lasting"
    return "outlier" if float(np.max(np.abs(near - median(before)))) > DATA_SHIFT * spread else "steady"
