"""Curves that do not settle: sustained oscillation, and jumps that come back at a fixed interval."""

from __future__ import annotations

import math

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import (
    ROOT_TWO,
    Curve,
    changes,
    curve_of,
    deviation,
    finite_points,
    mean,
    median,
    quantile,
    quantiles,
    running_median,
    share,
    sigma,
)  # fmt: skip
from ..log import Log

GROWN = 2.0
"""Later swings at least this many times the earlier noise (taxonomy: "larger than this run's own earlier noise")."""

RELATIVE = 0.25
"""Swings of at least a quarter of the level: less is ordinary batch noise."""

WILD = 1.5
"""Noise in natural-log units: consecutive values differ by a factor of 4.5 (healthy labelled runs, tiny batches included, stay under 1.35)."""

VAL_SWING = 0.15
"""Validation averages over a whole set: a fifth up and down between evaluations is not sampling noise."""

TO_AND_FRO = 2.0
"""And a validation whose rises add up to a factor of seven, and to four times its whole descent, swings though it also comes down."""

PERIODIC = 0.45
"""Autocorrelation of the residuals at a repeated lag from which a pattern counts as periodic; white noise of n points stays under 3/sqrt(n)."""


def find(log: Log, out: Observed) -> None:
    """Report `loss_oscillation` and `periodic_pattern`."""
    train = log.get("train_loss")
    if train is None:
        return
    curve = curve_of(train)
    _validation_swings(log, out)
    if curve.n < 30:
        for check in ("loss_oscillation", "periodic_pattern"):
            out.skipped.append(NotChecked(check, "skip.too_few", {"points": curve.n, "least": 30}))
        return
    for part in log.all("train_loss"):
        if curve_of(part).n >= 30:
            _oscillation(curve_of(part), out)
    _wild(curve, out)
    _periodic(curve, log, out)
    val = log.get("val_loss")
    if val is not None and not out.has("periodic_pattern") and len(val) >= 30:
        _periodic(curve_of(val), log, out)


def _oscillation(curve: Curve, out: Observed) -> None:
    n = curve.n
    residual = curve.z - running_median(curve.z, max(9, n // 12))
    third = n // 3
    early = _spread(residual[max(2, n // 20) : third])
    late = _spread(residual[-third:])
    if early <= 0 or late < GROWN * early or _thrown(out, curve.series.part):
        return
    progress = median(curve.z[third : 2 * third]) - median(curve.z[-third:])
    level = abs(median(curve.values[-third:])) or 1.0
    swing = float(np.exp(late) - 1.0) if curve.is_log else late / level
    signs = share(residual[-third:][1:] * residual[-third:][:-1] < 0)
    raw = curve.values - running_median(curve.values, max(9, n // 12))
    grown = _spread(raw[-third:]) >= 1.2 * _spread(raw[max(2, n // 20) : third])
    if not grown or swing < RELATIVE or progress > late:
        return
    first = float(curve.steps[third])
    out.findings.append(RawFinding(
        "loss_oscillation", "train_loss", first, float(curve.steps[-1]), float(np.clip(0.3 + 0.15 * late / early, 0.4, 1.0)), "swing",
        {"early": early, "late": late, "ratio": late / early, "swing_percent": 100 * swing, "flips": signs, "step": first}, "none",
        part=curve.series.part, alarming=late >= 3 * early and swing > 0.5,
    ))  # fmt: skip


def _thrown(out: Observed, part: str) -> bool:
    """Whether the loss was thrown to another level: the noise is another one there."""
    return any(f.part == part and (f.id == "loss_surge" or f.message == "jump.climb") for f in out.findings)


def _wild(curve: Curve, out: Observed) -> None:
    """A loss whose consecutive values differ by a factor of several as a rule: no batch of ordinary size does that."""
    if not curve.is_log or out.has("loss_oscillation") or _thrown(out, curve.series.part):
        return
    late = curve.z[-max(20, curve.n // 3) :]
    rough = sigma(changes(late)) / ROOT_TWO
    if rough > WILD:
        step = float(curve.steps[-len(late)])
        out.findings.append(RawFinding(
            "loss_oscillation", "train_loss", step, float(curve.steps[-1]), float(np.clip(0.3 * rough, 0.4, 1.0)), "swing.wild",
            {"factor": float(np.exp(rough)), "step": step}, "none",
        ))  # fmt: skip


def _validation_swings(log: Log, out: Observed) -> None:
    """A validation loss that goes up and down by a fifth or more from one evaluation to the next, and no longer comes down."""
    val = log.get("val_loss")
    if val is None or out.has("loss_oscillation"):
        return
    values = finite_points(val)[1]
    if len(values) < 10 or float(values.min()) <= 0:
        return
    late = np.log(values[len(values) // 3 :])
    moves = changes(late)
    swing = sigma(moves) / ROOT_TWO
    if swing <= VAL_SWING:
        return
    progress = median(late[: len(late) // 3]) - median(late[-(len(late) // 3) :])
    flips = share(moves[1:] * moves[:-1] < 0)
    to_and_fro = swing > 2 * VAL_SWING and float(moves[moves > 0.0].sum()) > max(TO_AND_FRO, 4.0 * progress)
    if (progress < swing or to_and_fro) and flips > 0.4:
        step = float(val.steps[len(values) // 3])
        out.findings.append(RawFinding(
            "loss_oscillation", "val_loss", step, float(val.steps[-1]), float(np.clip(swing, 0.4, 1.0)), "swing.val",
            {"swing_percent": 100 * float(np.exp(swing) - 1.0), "step": step}, "none", val.part,
        ))  # fmt: skip


def _spread(residual: np.ndarray) -> float:
    """Half the distance between the 10th and 90th percentile: robust, and aware of both flanks of a swing."""
    if len(residual) < 5:
        return 0.0
    low, high = quantiles(residual, 0.1, 0.9)
    return (high - low) / 2


def _periodic(curve: Curve, log: Log, out: Observed) -> None:
    n, metric = curve.n, curve.series.metric
    if n < 30:
        return
    residual = curve.z - running_median(curve.z, max(9, n // 6))
    residual = residual[n // 10 :]
    m = len(residual)
    if m < 24:
        return
    cap = 4 * quantile(np.abs(residual), 0.9) or 1.0
    residual = np.minimum(np.maximum(residual, -cap), cap)
    residual = residual - mean(residual)
    if deviation(residual) == 0.0:
        return
    size = 1 << (2 * m - 1).bit_length()
    power = np.fft.rfft(residual, size)
    auto = np.fft.irfft(power * np.conj(power), size)[: m // 3]
    auto = auto / auto[0]
    lag, score = _best_lag(auto, max(PERIODIC, 5.0 / math.sqrt(m)))
    if lag is None:
        return
    spacing = median(changes(curve.steps))
    level = abs(median(curve.values)) or 1.0
    amplitude = _spread(residual)
    size_percent = 100 * (float(np.exp(amplitude) - 1.0) if curve.is_log else amplitude / level)
    period = lag * spacing
    epoch = _epoch_steps(log)
    at_epoch = epoch is not None and any(abs(period - k * epoch) <= max(spacing, 0.1 * epoch) for k in (1, 2))
    out.findings.append(RawFinding(
        "periodic_pattern", metric, float(curve.steps[0]) + period, float(curve.steps[-1]), float(np.clip(score, 0.3, 1.0)),
        "periodic.epoch" if at_epoch else "periodic", {"period": period, "score": score, "size_percent": size_percent}, "none",
        alarming=metric == "train_loss" and size_percent > 8, part=curve.series.part,
    ))  # fmt: skip
    if metric == "train_loss":
        out.note("period", "epoch" if at_epoch else "other", metric)


def _best_lag(auto: np.ndarray, least: float) -> tuple[int | None, float]:
    """Lag of the first strong peak of an autocorrelation, `least` high or more, that repeats at its double, and its height."""
    best, score = None, 0.0
    for lag in (3 + np.flatnonzero(auto[3 : len(auto) // 2] >= least)).tolist():
        height = float(auto[lag])
        if height <= score or height < auto[lag - 1] or height < auto[lag + 1]:
            continue
        valley = float(auto[lag // 2 : lag].min()) if lag >= 4 else float(auto[lag - 1])
        double = float(auto[max(0, 2 * lag - 1) : 2 * lag + 2].max())
        if double > 0.5 * height and valley < 0.5 * height:
            best, score = lag, height
    return best, score


def _epoch_steps(log: Log) -> float | None:
    """Steps per epoch, from a logged epoch column."""
    epoch = log.get("epoch")
    steps, values = finite_points(epoch) if epoch is not None else (np.empty(0), np.empty(0))
    if len(values) < 3:
        return None
    span = float(values[-1] - values[0])
    return float(steps[-1] - steps[0]) / span if span >= 1 else None
