"""A loss that does not come down: flat from the start, flat too early, or descending far too slowly."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import MEDIAN_VARIANCE, Curve, curve_of, finite_points, incline, median, quantile, sigma
from ..log import Log

STUCK = 0.08
"""A run that lost less than this share of its first loss has learned next to nothing (runmedic: 2 %, trainspotter: plateau under 2 %)."""

SAME = 1.5
"""Levels closer than this many standard errors are the same."""

WELL_DOWN = 0.9
"""A curve that lost nine tenths before it went flat has converged as far as anyone can tell."""

ORDINARY = 15.0
"""A loss that begins above this begins with a start-up transient (ln of the largest vocabulary is 12)."""

FEW = 100
"""With fewer points the first one is an average over an epoch, or at least a per cent of the run: what it shows is learning."""

CLEAR = 12.0
"""A descent of this many standard errors shows its shape."""

STILL_LEARNING = 3.0
"""A second half that comes down by this many standard errors of the two levels is slow progress, not a plateau."""

DESCENDS, LATE = 2.5, 0.015
"""So is a straight line through the last three fifths that falls by this many of its standard errors, and by 1.5 % of the level."""

STEADY = 0.05
"""A line that does not, nor changes by a twentieth of the level, stands still, however correlated the noise."""

LITTLE = 0.14
"""Below this share the little that was learned is told, without alarm: fine-tuning of a trained model looks like that."""

POOR, POOR_SETTLED = 0.28, 0.34
"""A run that went flat after losing less than this share; the second for one that did all of its descent in the first quarter."""

POOR_WORDS, POOR_WORDS_SETTLED, WORDS = 0.33, 0.40, 4.0
"""The same for a loss that begins above 4, as that of a language model does from scratch (ln vocabulary): it gets well under two thirds of it.
Fine-tuning, which has a third to learn, begins below."""

FLAT = 0.02
"""Flat: the second half of the run brings less than this share of the level."""

STRAIGHT = 0.55
"""A descent that has done less than this share of its work at half time is a straight line, not a learning curve: the step is too small."""

STRAIGHT_SHORT = 0.62
"""The same for a descent of less than 30 %, of which a learning curve does most at once."""

BEGINS_WITH = 12
"""Of at least so many evaluations the first one, within that part of the run, shows where training began."""

BRIEF, POOR_BRIEF = 30, 0.25
"""With fewer points than this, only a run that lost less than a quarter is said to have gone flat too early."""

GUESS_NOISE = 0.03
"""A loss that fell to that of a uniform guess hardly varies from batch to batch there, for all batches cost the same."""

GUESSING = (
    *range(2, 11), 12, 16, 20, 26, 32, 50, 64, 100, 128, 200, 256, 365, 512, 1000, 21841, 32000, 32768, 50257, 50304, 65536, 128256,
)  # fmt: skip
"""Class and vocabulary sizes whose ln is the cross-entropy of a uniform guess."""


def find(log: Log, out: Observed) -> None:
    """Report `loss_plateau`, `loss_slow` and `constant_prediction`."""
    train = log.get("train_loss")
    if train is not None:
        curve = curve_of(train)
        if curve.n < 5:
            out.skipped.append(NotChecked("loss_plateau", "skip.too_few", {"points": curve.n, "least": 5}))
        elif not any(_falls(curve_of(part)) for part in log.all("train_loss") if len(part) >= 0.5 * curve.n):
            _stall(curve, log, out)
            _validation_stands(curve, log, out)
            if curve.steps[0] > curve.steps[-1] - curve.steps[0] and incline(curve.z)[1] < -DESCENDS:
                _excuse(out)
    _constant_prediction(log, out)


def _validation_stands(curve: Curve, log: Log, out: Observed) -> None:
    """A training loss too noisy to tell whether it learned anything, and a validation that began with it and hardly moved: a plateau."""
    val = log.get("val_loss")
    if val is None or any(f.alarming and f.metric == "train_loss" for f in out.findings) or min(entry_level(curve), curve.end) <= 0:
        return
    v = curve_of(val)
    early = v.n >= BEGINS_WITH and float(v.steps[0] - curve.steps[0]) <= (1.0 / BEGINS_WITH) * float(curve.steps[-1] - curve.steps[0])
    start, end = (float(v.values[0]), v.end) if v.n else (0.0, 0.0)
    learned = 1.0 - curve.end / entry_level(curve)
    if early and min(start, end) > 0.0 and 0.0 <= 1.0 - end / start < LITTLE and learned < POOR_WORDS_SETTLED:
        out.findings.append(RawFinding(
            "loss_plateau", "val_loss", float(v.steps[0]), float(v.steps[-1]), 0.6, "stall.flat",
            {"start": start, "end": end, "drop_percent": 100 * (1.0 - end / start)}, "none", val.part,
        ))  # fmt: skip


def _excuse(out: Observed) -> None:
    """A log that begins after more than half of the training tells nothing of what was learned before: a small descent is told, not alarmed."""
    for i, found in enumerate(out.findings):
        small = found.message in ("stall.flat", "stall.slow") and found.numbers["drop_percent"] < 100 * STUCK
        if found.metric == "train_loss" and small:
            out.findings[i] = replace(found, alarming=False)


def _falls(curve: Curve) -> bool:
    """Whether a part of a composite loss clearly comes down: then the run as a whole is learning."""
    start = entry_level(curve) if curve.n >= 5 else 0.0
    return bool(curve.series.part) and start > 0 and curve.end < 0.6 * start


_GUESS_COSTS = tuple((k, float(np.log(k))) for k in GUESSING)


def guess_classes(level: float, tolerance: float = 0.01) -> int | None:
    """Number of classes k whose uniform guess costs `level` (ln k within `tolerance` of it), or None."""
    return next((k for k, cost in _GUESS_COSTS if abs(level - cost) <= tolerance * cost), None)


def _stall(curve: Curve, log: Log, out: Observed) -> None:
    if out.has("loss_surge") or out.has("loss_divergence"):
        _after_jump(curve, out)
        return
    first, last = float(curve.steps[0]), float(curve.steps[-1])
    start, end, middle, quarter = entry_level(curve), curve.end, curve.level(0.45, 0.55), curve.level(0.2, 0.3)
    noise = curve.middling_noise
    noise_raw = noise * abs(end) if curve.is_log else noise
    error = noise_raw * math.sqrt(2 * MEDIAN_VARIANCE / max(3, curve.n // 10))
    if min(start, end) <= 0:
        _below_zero(curve, start, end, noise_raw, out)
        return
    drop, late = (start - end) / start, (middle - end) / max(middle, 1e-9 * start)
    done_half = (start - middle) / (start - end) if start - end > max(noise_raw, 1e-12) else 1.0
    later = curve.level(0.4, 0.7) - curve.level(0.7, 1.0)
    later_error = noise_raw * math.sqrt(2 * MEDIAN_VARIANCE / (0.3 * curve.n))
    stands = abs(middle - end) < FLAT * middle or abs(later) < min(SAME * later_error, 0.06 * end)
    classes = guess_classes(float(median(curve.values[curve.n // 3 :]))) if abs(late) < FLAT else None
    if classes and 1.06 < start / float(np.log(classes)) < 1.5:
        classes = None  # it neither began there nor fell to it from far above: the level is a coincidence
    if classes and start >= 1.5 * float(np.log(classes)) and sigma(curve.values[curve.n // 3 :]) > GUESS_NOISE * middle:
        classes = None
    numbers = {"start": start, "end": end, "drop_percent": 100 * drop, "middle": middle, "late_percent": 100 * late}
    if classes:
        numbers["classes"] = float(classes)
    near_guess = guess_classes(float(median(curve.values[: max(3, curve.n // 50)])), 0.015) is not None
    val_learned = _validation_fell(log, POOR_WORDS)
    if curve.n < 8:
        if drop < 0.05:
            out.findings.append(RawFinding("loss_plateau", "train_loss", first, last, 0.6, _flat(drop), numbers, "none"))
        return
    if drop < STUCK or (drop < LITTLE and (classes or near_guess or late < 0.5 * FLAT or start - end < 1.5 * noise_raw)):
        slow = late > 0.01 and done_half < 0.75 and (middle - end) > 2 * noise_raw / np.sqrt(curve.n / 10)
        id, message = ("loss_slow", "stall.slow") if slow and drop > 0.04 else ("loss_plateau", "stall.guess" if classes else _flat(drop))
        out.findings.append(RawFinding(id, "train_loss", first, last, float(np.clip(1.0 - 2 * drop, 0.5, 1.0)), message, numbers, "none"))
        out.note("stall_kind", "chance" if classes else "slow" if id == "loss_slow" else "stuck", "train_loss", first, last)
        return
    straight = _work_at_half(curve)
    if straight is not None and straight < (STRAIGHT_SHORT if drop < 0.3 else STRAIGHT) and drop < 0.7 and late > 0.05:
        out.findings.append(RawFinding("loss_slow", "train_loss", first, last, 0.6, "stall.straight", {**numbers, "half": 100 * straight}, "none"))
        out.note("stall_kind", "slow", "train_loss", first, last)
        return
    change, units = incline(curve.z[int(0.4 * curve.n) :])
    change = change if curve.is_log else change / max(middle, 1e-9 * start)
    stands = stands or (abs(units) < DESCENDS and abs(change) < STEADY)
    learning = not classes and ((middle - end > STILL_LEARNING * error and late > 0.005) or (units < -DESCENDS and change < -LATE))
    settled_early = quarter - end < 0.06 * (start - end)
    at = _went_flat(curve)
    words = WORDS <= start <= ORDINARY
    poor, settled = (POOR_BRIEF, 0.0) if curve.n < BRIEF else (POOR_WORDS, POOR_WORDS_SETTLED) if words else (POOR, POOR_SETTLED)
    little = drop < poor and quarter - end < 0.1 * start
    if stands and not learning and (classes or (not val_learned and (little or (drop < settled and settled_early)))):
        began = 0 if at < 0.25 * curve.n else at
        out.findings.append(RawFinding(
            "loss_plateau", "train_loss", float(curve.steps[began]), last, 0.6 if classes is None else 0.8,
            "stall.guess" if classes else "stall.early", {**numbers, "step": float(curve.steps[at])}, "none",
        ))  # fmt: skip
        out.note("stall_kind", "chance" if classes else "early", "train_loss", first, last)
    elif abs(middle - end) < max(2.0 * FLAT * middle, SAME * error) and not learning and drop < WELL_DOWN and at < 0.7 * curve.n and curve.n >= 20:
        out.findings.append(RawFinding(
            "loss_plateau", "train_loss", float(curve.steps[at]), last, 0.3, "stall.floor" if at else "stall.floor_at_once",
            {**numbers, "step": float(curve.steps[at])}, "none",
            alarming=False,
        ))  # fmt: skip


def _flat(drop: float) -> str:
    """The sentence for a loss that gets nowhere: it may end higher than it began."""
    return "stall.flat" if drop >= 0.0 else "stall.not_down"


def _validation_fell(log: Log, share: float) -> bool:
    """Whether the validation loss lost more than this share of its first value: then something was learned, whatever training shows."""
    val = log.get("val_loss")
    values = finite_points(val)[1] if val is not None else np.empty(0)
    return len(values) >= 4 and values[0] > 0 and float(median(values[-3:])) < (1.0 - share) * float(values[0])


def _below_zero(curve: Curve, start: float, end: float, noise: float, out: Observed) -> None:
    """A loss that is or becomes negative has no level of its own to compare with: it stalls when all it did drowns in its noise."""
    error = noise * math.sqrt(2 * MEDIAN_VARIANCE / max(3, curve.n // 10))
    drowned = max(noise, STILL_LEARNING * error)
    if curve.n >= 8 and abs(start - end) < drowned and float(np.ptp(curve.trend)) < 2 * drowned:
        first, last = float(curve.steps[0]), float(curve.steps[-1])
        out.findings.append(RawFinding("loss_plateau", "train_loss", first, last, 0.5, "stall.below_zero", {"start": start, "end": end}, "none"))
        out.note("stall_kind", "stuck", "train_loss", first, last)


def _work_at_half(curve: Curve) -> float | None:
    """Share of the descent that is done at half time; None for a curve too short, too still or too noisy to tell."""
    if curve.n < 20:
        return None
    size = max(3, curve.n // 20)
    parts = (curve.values[:size], curve.values[-size:], curve.values[curve.n // 2 - size // 2 :][:size])
    start, end, middle = (float(median(part)) for part in parts)
    noise = curve.middling_noise * (abs(middle) if curve.is_log else 1.0)
    error = noise * math.sqrt(MEDIAN_VARIANCE / size)
    return (start - middle) / (start - end) if start - end > CLEAR * error else None


def entry_level(curve: Curve) -> float:
    """Level at which training began.

    The first point, where the head of the curve descends from it or has few points; the median of the first fiftieth where that
    point stands alone, or above any ordinary loss: start-up transients say nothing about the task.
    """
    head = curve.values[: max(3, curve.n // 50)]
    first, typical = float(curve.values[0]), float(median(head))
    if first <= typical or typical <= 0:
        return typical
    descends = first < ORDINARY and int(np.count_nonzero(head > 1.3 * typical)) >= 3
    if curve.n >= FEW and not descends and first >= 2.0 * typical:
        return typical
    doubt = 2.0 * curve.middling_noise * (first if curve.is_log else 1.0)
    return max(typical, first - doubt)


def _went_flat(curve: Curve) -> int:
    """Index from which the trend stays within its final band."""
    final = float(median(curve.trend[-max(3, curve.n // 5) :]))
    band = max(2.5 * curve.middling_noise, 0.02 * abs(final) if not curve.is_log else 0.02)
    outside = np.flatnonzero(np.abs(curve.trend - final) > band)
    return int(min(outside[-1] + 1, curve.n - 1)) if len(outside) else 0


def _after_jump(curve: Curve, out: Observed) -> None:
    """After a jump that lasts: whether the run stays where it was thrown, and whether that is the level of a uniform guess."""
    hurt = [f for f in out.findings if f.id in ("loss_surge", "loss_divergence") and f.metric == "train_loss" and f.alarming]
    if not hurt:
        return
    first, last = min(f.first_step for f in hurt), float(curve.steps[-1])
    tail = curve.values[-max(3, curve.n // 10) :]
    end = float(median(tail))
    classes = guess_classes(end, 0.015)
    if classes and quantile(tail, 0.9) - quantile(tail, 0.1) < 0.05 * end:
        out.note("stall_kind", "chance", "train_loss", None, last)
        out.findings.append(RawFinding(
            "loss_plateau", "train_loss", first, last, 0.7, "stall.guess_after", {"end": end, "classes": float(classes), "step": first}, "none",
        ))  # fmt: skip
        return
    since = max((f.numbers.get("peak_step", f.first_step) for f in hurt if f.message != "divergence"), default=last)
    after = curve.values[curve.index_at(since) :]
    if len(after) >= max(12, 0.15 * curve.n) and end > 0:
        half = len(after) // 2
        early, late = float(median(after[half // 2 : half])), float(median(after[half:]))
        if abs(early - late) < 0.06 * late and late > 1.3 * curve.best:
            out.findings.append(RawFinding(
                "loss_plateau", "train_loss", first, last, 0.4, "stall.after", {"end": late, "step": since}, "none", alarming=False,
            ))  # fmt: skip


def _constant_prediction(log: Log, out: Observed) -> None:
    """An accuracy that stays at exactly one value, or at chance level, over most of the run."""
    if log.get("val_accuracy") is None and log.get("train_accuracy") is None:
        out.skipped.append(NotChecked("constant_prediction", "skip.no_accuracy"))
    for metric in ("val_accuracy", "train_accuracy"):
        series = log.get(metric)
        if series is None or len(series) < 5:
            continue
        values = series.values[np.isfinite(series.values)]
        tail = values[-max(4, len(values) // 2) :]
        if len(tail) < 4:
            continue
        typical, spread = float(median(tail)), float(quantile(tail, 0.9) - quantile(tail, 0.1))
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
