"""What goes on inside the model: gradient norms, weights, dead units, loss scale."""

from __future__ import annotations

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import finite_points, median, medians_before, quantile, running_median, sigma
from ..log import Log, Series

GRAD_SPIKE = 10.0
"""A gradient norm this many times its earlier median (taxonomy; runmedic, trainproof and Megatron-LM use the same factor)."""

HABIT = 4.5
"""Where one value in ten is this many times the median, spikes are the habit of the run (tiny batches, a loss at its noise floor)."""

LASTING = 3.0
"""A gradient norm that stays this many times its earlier level has not calmed down."""

MANY_SPIKES = 4
"""A gradient norm that spikes and calms down again is told without alarm, unless it keeps coming back and gets above where it began: once
nearly everything is learned, single examples that are not stand out."""

VANISHED = 1e-3
"""A gradient norm under this share of its early level, or under 1e-7 at all (SageMaker Debugger), while the loss is still high."""

DEAD = 0.5
"""More than half of the units always at zero (SageMaker Debugger DeadRelu)."""

WEIGHT_JUMP = 8.0
"""A change of the weight norm in one interval this many times the usual change."""


def find(log: Log, out: Observed) -> None:
    """Report gradient spikes, vanishing gradients, weight jumps, dead units and loss-scale collapse."""
    grad = log.get("grad_norm")
    if grad is None:
        out.skipped.append(NotChecked("grad_norm_spike", "skip.no_grad_norm"))
    elif len(grad) < 6:
        out.skipped.append(NotChecked("grad_norm_spike", "skip.few_grad_norm", {"points": len(grad)}))
    else:
        _gradients(grad, log, out)
    _weights(log, out)
    _dead(log, out)
    _loss_scale(log, out)


def _gradients(grad: Series, log: Log, out: Observed) -> None:
    steps, values = finite_points(grad)
    values = np.abs(values)
    if len(values) < 6:
        out.note("grad_norm_level", "exploding", "grad_norm")
        return
    skip = max(3, len(values) // 60)
    past = medians_before(values, min(max(len(values) // 15, 5), 31), 3)
    ratio = values / np.maximum(past, 1e-12)
    ratio[:skip] = 0.0
    peak = int(ratio.argmax())
    calm = float(quantile(ratio[skip:], 0.9)) < HABIT
    window = min(max(len(values) // 10, 5), 51)
    early = float(median(values[: max(3, len(values) // 10)]))
    late = float(median(values[-max(3, len(values) // 10) :]))
    bar = GRAD_SPIKE
    if ratio[peak] >= bar:
        first = int(np.flatnonzero(ratio >= bar)[0])
        lasting = float(median(values[peak : peak + max(3, window)])) > LASTING * float(past[peak])
        leaps, repeats = _leaps_for_good(values, first, window), len(_episodes(ratio >= bar)) >= MANY_SPIKES
        out.findings.append(RawFinding(
            "grad_norm_spike", "grad_norm", float(steps[first]), float(steps[peak]), float(np.clip(0.3 + 0.15 * np.log10(ratio[peak]), 0.4, 1.0)),
            "grad.spike", {"ratio": float(ratio[peak]), "base": float(past[peak]), "peak": float(values[peak]), "step": float(steps[peak])},
            "none" if lasting or leaps else "fast",
            alarming=bool(ratio[peak] >= 100.0 or leaps or (calm and (lasting or (repeats and float(values[peak]) > median(values[:3]))))),
        ))  # fmt: skip
        _lead(float(steps[first]), out)
    loss = log.get("train_loss")
    stuck = loss is not None and out.has("loss_plateau")
    if (late < max(VANISHED * early, 1e-7) and (stuck or late < 1e-7)) or (late < 1e-5 and stuck):
        out.findings.append(RawFinding(
            "grad_norm_vanishing", "grad_norm", float(steps[len(steps) // 2]), float(steps[-1]), 0.7, "grad.vanish",
            {"early": early, "late": late}, "none",
        ))  # fmt: skip
        out.note("grad_norm_level", "vanishing", "grad_norm")
    elif ratio[peak] >= bar or late > 30 * early or float(median(values)) > 1e3 or len(values) < len(grad):
        out.note("grad_norm_level", "exploding", "grad_norm", float(steps[peak]))
    elif not out.has("loss_plateau"):
        out.note("grad_norm_level", "normal", "grad_norm")


def _leaps_for_good(values: np.ndarray, first: int, window: int) -> bool:
    """Whether the level after `first` stays above three times the one before, by more than the run's own scatter around either allows."""
    before, after = np.log(np.maximum(values[max(0, first - window) : first], 1e-30)), np.log(np.maximum(values[first : first + window], 1e-30))
    if len(before) < 4 or len(after) < 4:
        return False
    rise, scatter = float(median(after) - median(before)), max(sigma(before), sigma(after), 0.05)
    return rise > np.log(LASTING) and rise > 2.0 * scatter and float(quantile(before, 0.9)) < float(quantile(after, 0.25))


def _episodes(over: np.ndarray) -> np.ndarray:
    """Indices at which a stretch of True begins."""
    return np.flatnonzero(over & ~np.concatenate([[False], over[:-1]]))


def _lead(grad_first: float, out: Observed) -> None:
    """Whether the gradient norm left its band before the loss did (same logging step = together)."""
    hurt = ("loss_spike", "loss_surge", "loss_nan_inf", "loss_divergence")
    onset = [f.first_step for f in out.findings if f.metric == "train_loss" and f.id in hurt]
    if onset and grad_first <= max(onset):
        out.note("grad_spike_precedes_loss", bool(grad_first < min(onset)), "grad_norm", grad_first)


def _weights(log: Log, out: Observed) -> None:
    logged = [s for s in (log.get("update_norm"), log.get("weight_norm")) if s is not None]
    points = max((len(s) for s in logged), default=0)
    if points < 10:
        out.skipped.append(NotChecked("weight_jump", "skip.few_weights" if logged else "skip.no_weights", {"points": points}))
    for metric in ("update_norm", "weight_norm"):
        series = log.get(metric)
        if series is None or len(series) < 10:
            continue
        finite = np.isfinite(series.values)
        values, steps = series.values[finite], series.steps[finite]
        if len(values) < 10:
            continue
        change = np.abs(np.diff(values)) if metric == "weight_norm" else np.abs(values[1:])
        skip = max(2, len(change) // 12)
        usual = running_median(change, int(np.clip(len(change) // 5, 9, 101)))
        floor = max(1e-9 * float(np.max(np.abs(values))), 0.1 * float(median(change)), 1e-12)
        ratio = change / np.maximum(usual, floor)
        ratio[:skip] = 0.0
        peak = int(np.argmax(ratio))
        tail = float(quantile(np.delete(ratio, peak)[skip:], 0.98))
        bar = max(WEIGHT_JUMP, (3.0 if metric == "weight_norm" else 2.5) * tail)
        moved = change / np.maximum(np.abs(values[1:]), 1e-12)
        hits = np.flatnonzero((ratio > bar) & ((moved > 0.02) | (metric != "weight_norm")))
        if len(hits):
            step = float(steps[hits[0] + 1])
            out.findings.append(RawFinding(
                "weight_jump", metric, step, float(steps[hits[-1] + 1]), float(np.clip(0.3 + 0.15 * np.log2(ratio[peak]), 0.4, 1.0)), "weights.jump",
                {"ratio": float(ratio[peak]), "step": step, "change": float(change[peak])}
            ))  # fmt: skip
            out.note("weights_jumped", True, metric, step)
            return
        if metric == "weight_norm":
            out.note("weights_jumped", False, metric)


def _dead(log: Log, out: Observed) -> None:
    series = log.get("dead_fraction")
    if series is None or len(series) == 0:
        return
    values = series.values[np.isfinite(series.values)]
    if len(values) == 0:
        return
    late = float(median(values[-max(1, len(values) // 4) :]))
    if late > DEAD:
        out.findings.append(RawFinding(
            "dead_units", "dead_fraction", float(series.steps[int(np.argmax(series.values > DEAD))]), float(series.steps[-1]),
            float(np.clip(late, 0.5, 1.0)), "dead",
            {"percent": 100 * late}, "none",
        ))  # fmt: skip
    out.note("dead_units_high", late > DEAD, "dead_fraction")


def _loss_scale(log: Log, out: Observed) -> None:
    series = log.get("loss_scale")
    if series is None or len(series) < 5:
        return
    values = series.values[np.isfinite(series.values) & (series.values > 0)]
    if len(values) < 5:
        return
    top, late = float(np.max(values)), float(median(values[-max(3, len(values) // 10) :]))
    if late <= 1.0 < top or late < top / 2**10:
        out.findings.append(RawFinding(
            "loss_scale_collapse", "loss_scale", float(series.steps[int(np.argmax(series.values <= 2 * late))]), float(series.steps[-1]), 0.8,
            "loss_scale", {"top": top, "late": late}, "none",
        ))  # fmt: skip
