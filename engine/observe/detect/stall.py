"""A loss that does not come down: flat from the start, flat too early, or descending far too slowly."""

from __future__ import annotations

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import Curve
from ..log import Log

STUCK = 0.08
"""A run that lost less than this share of its first loss has learned next to nothing (runmedic: 2 %, trainspotter: plateau under 2 %)."""

STILL_LEARNING = 3.0
"""A second half that comes down by this many standard errors of the two levels is slow progress, not a plateau."""

LITTLE = 0.14
"""Below this share the little that was learned is told, without alarm: fine-tuning of a trained model looks like that."""

POOR = 0.38
"""A run that went flat after losing less than this share. Language models keep well under their first loss (ln vocabulary) at two thirds."""

POOR_SETTLED = 0.45
"""The same for a run that did all of its descent in the first quarter."""

FLAT = 0.02
"""Flat: the second half of the run brings less than this share of the level."""

STRAIGHT = 0.55
"""A descent that has done less than this share of its work at half time is a straight line, not a learning curve: the step is too small."""

GUESSING = (
    *range(2, 11), 12, 16, 20, 26, 32, 50, 64, 100, 128, 200, 256, 365, 512, 1000, 21841, 32000, 32768, 50257, 50304, 65536, 128256,
)  # fmt: skip
"""Class and vocabulary sizes whose ln is the cross-entropy of a uniform guess."""


def find(log: Log, out: Observed) -> None:
    """Report `loss_plateau`, `loss_slow` and `constant_prediction`."""
    train = log.get("train_loss")
    if train is not None:
        curve = Curve(train)
        if curve.n < 5:
            out.skipped.append(NotChecked("loss_plateau", "skip.few_points", {"points": curve.n}))
        elif not any(_falls(Curve(part)) for part in log.all("train_loss") if len(part) >= 0.5 * curve.n):
            _stall(curve, out)
    _constant_prediction(log, out)


def _falls(curve: Curve) -> bool:
    """Whether a part of a composite loss clearly comes down: then the run as a whole is learning."""
    start = _entry_level(curve) if curve.n >= 5 else 0.0
    return bool(curve.series.part) and start > 0 and curve.end < 0.7 * start


def guess_classes(level: float, tolerance: float = 0.01) -> int | None:
    """Number of classes k whose uniform guess costs `level` (ln k within `tolerance` of it), or None."""
    for k in GUESSING:
        if abs(level - np.log(k)) <= tolerance * np.log(k):
            return k
    return None


def _stall(curve: Curve, out: Observed) -> None:
    if out.has("loss_surge") or out.has("loss_divergence"):
        _after_jump(curve, out)
        return
    start = _entry_level(curve)
    end, middle, quarter = curve.end, curve.level(0.45, 0.55), curve.level(0.2, 0.3)
    scale = abs(start) if start > 0 else max(abs(start), abs(end), float(np.ptp(curve.values))) or 1.0
    drop = (start - end) / scale
    late = (middle - end) / max(abs(middle), 1e-9 * scale)
    noise = float(np.median(curve.noise))
    noise_raw = noise * abs(end) if curve.is_log else noise
    done_half = (start - middle) / (start - end) if start - end > max(noise_raw, 1e-12) else 1.0
    first, last = float(curve.steps[0]), float(curve.steps[-1])
    classes = guess_classes(float(np.median(curve.values[curve.n // 3 :]))) if abs(late) < FLAT else None
    if classes and 1.06 < start / float(np.log(classes)) < 1.5:
        classes = None  # it neither began there nor fell to it from far above: the level is a coincidence
    numbers = {"start": start, "end": end, "drop_percent": 100 * drop, "middle": middle, "late_percent": 100 * late}
    if classes:
        numbers["classes"] = float(classes)
    near_guess = guess_classes(start, 0.02) is not None
    if curve.n < 8:
        if drop < 0.05:
            out.findings.append(RawFinding("loss_plateau", "train_loss", first, last, 0.6, "stall.flat", numbers, "none"))
        return
    if drop < STUCK or (drop < LITTLE and (classes or near_guess or late < 0.5 * FLAT or start - end < 1.5 * noise_raw)):
        slow = late > 0.01 and done_half < 0.75 and (middle - end) > 2 * noise_raw / np.sqrt(curve.n / 10)
        id, message = ("loss_slow", "stall.slow") if slow and drop > 0.04 else ("loss_plateau", "stall.guess" if classes else "stall.flat")
        out.findings.append(RawFinding(id, "train_loss", first, last, float(np.clip(1.0 - 2 * drop, 0.5, 1.0)), message, numbers, "none"))
        out.note("stall_kind", "chance" if classes else "slow" if id == "loss_slow" else "stuck", "train_loss", first, last)
        return
    if done_half < STRAIGHT and drop < 0.7 and late > 0.05 and curve.n >= 20:
        out.findings.append(RawFinding("loss_slow", "train_loss", first, last, 0.6, "stall.straight", {**numbers, "half": 100 * done_half}, "none"))
        out.note("stall_kind", "slow", "train_loss", first, last)
        return
    high_start = float(curve.values[: max(3, curve.n // 50)].max()) > 3 * max(start, 1e-300) or start > 4 * end > 0
    error = noise_raw * float(np.sqrt(2 * 1.57 / max(3, curve.n // 10)))
    learning = middle - end > STILL_LEARNING * error and late > 0.005 and not classes
    settled_early = quarter - end < 0.06 * (start - end)
    if late < FLAT and not learning and (classes or (drop < POOR and quarter - end < 0.1 * scale) or (drop < POOR_SETTLED and settled_early)):
        at = _went_flat(curve)
        began = 0 if at < 0.25 * curve.n else at
        out.findings.append(RawFinding(
            "loss_plateau", "train_loss", float(curve.steps[began]), last, 0.6 if classes is None else 0.8,
            "stall.guess" if classes else "stall.early", {**numbers, "step": float(curve.steps[at])}, "none",
        ))  # fmt: skip
        out.note("stall_kind", "chance" if classes else "early", "train_loss", first, last)
    elif high_start and late < FLAT and classes:
        out.note("stall_kind", "chance", "train_loss", first, last)


def _entry_level(curve: Curve) -> float:
    """Level at which training began: the first point of a steep start, the median of the first fiftieth where that point is a freak."""
    head = curve.values[: max(3, curve.n // 50)]
    first, typical = float(curve.values[0]), float(np.median(head))
    return first if typical < first < 2.0 * typical else typical


def _went_flat(curve: Curve) -> int:
    """Index from which the trend stays within its final band."""
    final = float(np.median(curve.trend[-max(3, curve.n // 5) :]))
    band = max(2.0 * float(np.median(curve.noise)), 0.02 * abs(final) if not curve.is_log else 0.02)
    outside = np.flatnonzero(np.abs(curve.trend - final) > band)
    return int(min(outside[-1] + 1, curve.n - 1)) if len(outside) else 0


def _after_jump(curve: Curve, out: Observed) -> None:
    """After a surge: does the run stay at the level of a uniform guess?"""
    tail = curve.values[-max(3, curve.n // 10) :]
    classes = guess_classes(float(np.median(tail)), 0.015)
    if classes and float(np.ptp(np.quantile(tail, [0.1, 0.9]))) < 0.05 * float(np.median(tail)):
        out.note("stall_kind", "chance", "train_loss", None, float(curve.steps[-1]))
        first = next(f.first_step for f in out.findings if f.id in ("loss_surge", "loss_divergence"))
        out.findings.append(RawFinding(
            "loss_plateau", "train_loss", first, float(curve.steps[-1]), 0.7, "stall.guess_after",
            {"end": float(np.median(tail)), "classes": float(classes), "step": first}, "none",
        ))  # fmt: skip


def _constant_prediction(log: Log, out: Observed) -> None:
    """An accuracy that stays at exactly one value, or at chance level, over most of the run."""
    for metric in ("val_accuracy", "train_accuracy"):
        series = log.get(metric)
        if series is None or len(series) < 5:
            continue
        values = series.values[np.isfinite(series.values)]
        tail = values[-max(4, len(values) // 2) :]
        if len(tail) < 4:
            continue
        typical, spread = float(np.median(tail)), float(np.quantile(tail, 0.9) - np.quantile(tail, 0.1))
        top = 100.0 if float(np.nanmax(values)) > 1.5 else 1.0
        if metric == "val_accuracy" and spread == 0.0 and typical < 0.9 * top and len(np.unique(tail)) == 1:
            since = int(np.flatnonzero(values != values[-1])[-1]) + 1 if (values != values[-1]).any() else 0
            out.findings.append(RawFinding(
                "constant_prediction", metric, float(series.steps[np.isfinite(series.values)][since]), float(series.steps[-1]), 0.8,
                "constant_prediction",
                {"value": typical, "count": float(len(values) - since)}, "none",
            ))  # fmt: skip
            out.note("constant_prediction", True, metric)
            return
