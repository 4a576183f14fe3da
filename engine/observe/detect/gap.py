"""Training against validation: overfitting, a validation that is bad by itself, losses too good to be true."""

from __future__ import annotations

import math

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import ROOT_TWO, Curve, changes, curve_of, finite_points, median, running_median, sigma
from ..log import Log, Series
from .excursion import BRIEF
from .stall import entry_level

OVERFIT_SCORE = 0.28
"""ln(validation end / minimum) x ln(validation end / training end) from which overfitting calls for action: a rise of 20 % with a
fivefold gap, or of 5 % with a 300-fold gap. Fitted on labelled runs, cross-validated by task (bench/RESULTS.md)."""

GIVEN_BACK = 0.04
"""A borderline rise that gives back less than this share of what validation had gained is told, not alarmed."""

FEW = 20
"""With fewer evaluations the lowest one is taken as it is: a median of three would hide the turn."""

VAL_FACTOR = 4.0
"""Validation this many times the training loss over most of the run, ..."""

VAL_POOR = 0.13
"""... and never below this share of the first training loss: it did not merely overfit, it never got good."""

AVERAGED = 3.0
"""Times that share in a log of few points: its first one is the average of a whole epoch, in which most was learned already."""

ORDINARY = 15.0
"""Losses that begin above this (sums, raw regression targets, start-up transients) are measured from here: their start says nothing."""

NEVER_GOOD = 0.7
"""Validation that never falls below this share of the first training loss, while training falls by more than two thirds, did not overfit
alone: there was nothing good that it could lose."""

VAL_TINY = 2e-4
"""A validation loss below this share of the first training loss: unseen examples hold no surprise at all."""

FAR_BELOW, BELOW = 8.0, 5.0
"""Validation at an eighth of the training loss at the end, and below a fifth most of the time: dropout and augmentation, which only training
suffers from, explain a factor of up to five in healthy labelled runs."""

DESCENT, PARALLEL = 0.5, 0.2
"""Two losses that come down by more than two fifths and stray less than a fifth of that (in logarithms) from a fixed ratio are one loss."""

LEAST_BELOW = 6
"""Evaluations that it takes to say so."""

LASTING = ("jump.surge", "jump.surge_healed", "jump.climb", "jump.resume")
"""Jumps of the training loss after which the two losses are no longer compared."""

MILD_RISE = 0.01
"""A rise of validation by 1 % over its minimum while training falls is told, not alarmed (SageMaker alarms at 10 % of the gap)."""


def find(log: Log, out: Observed) -> None:
    """Report `overfitting_gap`, `val_only_bad` and `loss_too_low`."""
    val, train = log.get("val_loss"), log.get("train_loss")
    if val is None or curve_of(val).n < 3:
        reason = "skip.no_val" if val is None else "skip.few_val"
        out.skipped.append(NotChecked("overfitting_gap", reason, {"points": 0 if val is None else len(val)}))
        _too_low(log, None, out)
        return
    if train is not None and curve_of(train).n >= 3:
        tried: set[str] = set()
        for series in log.all("val_loss"):
            partner = log.get("train_loss", series.part) or train
            if series.part not in tried:
                tried.add(series.part)
                if series.part == partner.part or not series.part:
                    _gap(series, partner, out)
                    _far_below(series, curve_of(partner), out)
    _too_low(log, val, out)


def _gap(val: Series, train: Series, out: Observed) -> None:
    steps, values = finite_points(val)
    t = curve_of(train)
    if len(values) < 3 or t.n < 3 or out.has("loss_nan_inf"):
        return
    smooth = running_median(values, 3)
    low = int(np.argmin(smooth))
    lowest, end = float(smooth[low]), float(median(values[-3:]))
    if len(values) < FEW:
        lowest = float(values.min())
    k = t.index_at(float(steps[low]))
    train_then = float(median(t.smooth[max(0, k - 2) : k + 3]))
    train_end = t.end
    if lowest <= 0 or train_end <= 0 or train_then <= 0:
        return
    rise, gap = end / lowest, end / train_end
    falls = train_end / train_then
    best = int(np.argmin(values))
    seen_low = float(values[best]) if values[best] > 0 else lowest
    numbers = {
        "val_min": float(values[best]), "val_end": float(values[-1]), "step": float(steps[best]), "rise": rise, "gap": gap,
        "train_then": train_then, "train_end": train_end, "rise_percent": 100 * (float(values[-1]) / seen_low - 1),
    }  # fmt: skip
    turned = max(low, best) if len(values) < FEW else low
    significant = turned < len(values) - 2 and end - lowest > sigma(changes(values[low:] if len(values) - low >= 4 else values)) / ROOT_TWO
    score = math.log(max(rise, 1.0)) * math.log(max(gap, 1.0))
    broken = [f for f in out.findings if f.message in LASTING and f.metric == "train_loss" and f.alarming]
    jumped = any(f.recovery in ("none", "partial") for f in broken)
    if significant and falls < 0.95 and rise > 1 + MILD_RISE and gap > 1.1 and not jumped:
        if end > 8 * lowest and low > 0 and float(values[low + 1]) > 3 * lowest and gap > 8:
            _val_bad(numbers, steps, low, val, out)
            return
        strength = float(np.clip(0.5 * score / OVERFIT_SCORE, 0.2, 1.0))
        gained = max(float(values[0]), t.start) - lowest
        alarming = score >= OVERFIT_SCORE and (score >= 2.0 * OVERFIT_SCORE or end - lowest > GIVEN_BACK * gained)
        out.findings.append(RawFinding(
            "overfitting_gap", "val_loss", float(steps[low]), float(steps[-1]), strength, "gap.overfit", numbers, "none", val.part,
            alarming=alarming,
        ))  # fmt: skip
        if alarming:
            if lowest > NEVER_GOOD * t.start and t.end < 0.3 * t.start:
                _val_bad_throughout(numbers, steps, gap, val, out)
            return
    elif _widens(values, t, rise) and not jumped:
        out.findings.append(RawFinding(
            "overfitting_gap", "val_loss", float(steps[low]), float(steps[-1]), 0.3, "gap.widening", numbers, "none", val.part, alarming=False,
        ))  # fmt: skip
        at = int(np.argmax(smooth <= 1.02 * end))
        out.findings.append(RawFinding(
            "loss_plateau", "val_loss", float(steps[at]), float(steps[-1]), 0.3, "stall.val", {**numbers, "step": float(steps[at])}, "none",
            val.part, alarming=False,
        ))  # fmt: skip
    _val_bad_from_the_start(values, steps, t, numbers, val, out)


def _widens(values: np.ndarray, t: Curve, rise: float) -> bool:
    """Validation stands still over the second half while training goes on falling by a fifth, and is well below it."""
    if len(values) < 8 or rise > 1.05:
        return False
    half = float(median(values[len(values) // 2 : len(values) // 2 + 3]))
    stands = abs(float(median(values[-3:])) / half - 1.0) < 0.03
    return stands and t.end < 0.8 * t.level(0.45, 0.55) and float(median(values[-3:])) > 2.0 * t.end


def _val_bad(numbers: dict[str, float], steps: np.ndarray, low: int, val: Series, out: Observed) -> None:
    first = float(steps[min(low + 1, len(steps) - 1)])
    out.findings.append(RawFinding(
        "val_only_bad", "val_loss", first, float(steps[-1]), 0.9, "gap.val_breaks", {**numbers, "step": first}, "none", val.part,
    ))  # fmt: skip


def _val_bad_from_the_start(
    values: np.ndarray, steps: np.ndarray, t: Curve, numbers: dict[str, float], val: Series, out: Observed
) -> None:
    """Validation far above training nearly from the first evaluation on, or swinging at random, while training is fine."""
    trained = t.start > 0 and t.end < 0.5 * t.start
    start = max(1, len(values) // 5)
    if not trained or start >= len(values):
        return
    beside = t.smooth[np.minimum(t.steps.searchsorted(steps[start:]), t.n - 1)]
    ratios = values[start:] / np.maximum(beside, 1e-12)
    typical, last = float(median(ratios)), float(median(ratios[-3:]))
    if _other_unit(values, steps, t):
        return
    poor = numbers["val_end"] / t.start
    early = float(ratios[0]) / (1.0 if t.index_at(float(steps[start])) <= 0.25 * t.n else VAL_FACTOR / 2)
    lags = typical > VAL_FACTOR and last > VAL_FACTOR and poor > VAL_POOR * (AVERAGED if t.n < BRIEF else 1.0) and early > 1.3
    far = last > 2 * VAL_FACTOR and poor > 0.5
    swings = typical > 2 and len(values) - start >= 6 and sigma(changes(np.log(np.maximum(values[start:], 1e-12)))) > 1.0
    if lags or far or swings:
        _val_bad_throughout(numbers, steps, typical, val, out)


def _far_below(val: Series, t: Curve, out: Observed) -> None:
    """Validation far below training all along, or negative beside a positive training loss: they are not the same loss of the same data."""
    steps, values = finite_points(val)
    if len(values) < LEAST_BELOW or t.n < LEAST_BELOW or t.end <= 0 or any(f.alarming for f in out.findings):
        return
    tail = slice(len(values) // 4, None)
    beside = t.smooth[np.minimum(t.steps.searchsorted(steps[tail]), t.n - 1)]
    typical, end = float(median(values[tail])), float(median(values[-3:]))
    if beside.min() <= 0:
        return
    negative = typical < -median(beside) and float(values[0]) > 0
    if negative or (end > 0 and typical > 0 and t.end > FAR_BELOW * end and median(beside / np.maximum(values[tail], 1e-300)) > BELOW):
        out.findings.append(RawFinding(
            "loss_too_low", "val_loss", float(steps[0]), float(steps[-1]), 0.6, "low.val_negative" if negative else "low.val",
            {"val_end": end, "train_end": t.end, "times": t.end / max(end, 1e-300)}, "none", val.part,
        ))  # fmt: skip


def _other_unit(values: np.ndarray, steps: np.ndarray, t: Curve) -> bool:
    """Whether validation is the training loss in another unit (summed over a sentence or a batch): a fixed multiple of it all the way down."""
    beside = t.smooth[np.minimum(t.steps.searchsorted(steps), t.n - 1)]
    if float(values.min()) <= 0.0 or float(beside.min()) <= 0.0 or len(values) < LEAST_BELOW:
        return False
    way = np.log(beside)
    apart = np.log(values) - way
    return float(np.ptp(way)) > DESCENT and float(np.ptp(apart)) < PARALLEL * float(np.ptp(way))


def _val_bad_throughout(numbers: dict[str, float], steps: np.ndarray, typical: float, val: Series, out: Observed) -> None:
    out.findings.append(RawFinding(
        "val_only_bad", "val_loss", float(steps[0]), float(steps[-1]), float(np.clip(0.4 + 0.1 * np.log2(typical), 0.4, 1.0)),
        "gap.val_bad", {**numbers, "typical": typical}, "none", val.part,
    ))  # fmt: skip


def _too_low(log: Log, val: Series | None, out: Observed) -> None:
    """Training loss that falls to next to nothing, compared with where it began and with validation."""
    train = log.get("train_loss")
    if train is None:
        return
    t = curve_of(train)
    if t.n < 8 or out.has("loss_nan_inf") or out.has("loss_zero_tail"):
        return
    start, end = min(t.start, entry_level(t), ORDINARY), t.end
    if end < 0 and abs(end) > 20 * float(np.abs(t.values[: max(3, t.n // 20)]).max()):
        out.findings.append(RawFinding(
            "loss_too_low", "train_loss", float(t.steps[int(np.argmax(t.values < 0))]), float(t.steps[-1]), 0.8, "low.negative",
            {"start": start, "end": end}, "none",
        ))  # fmt: skip
        return
    if start <= 0 or end <= 0:
        return
    early = t.level(0.25, 0.35)
    val_end = median(finite_points(val)[1][-3:]) if val is not None else None
    known = val_end is not None and val_end < VAL_TINY * start and end < 30 * VAL_TINY * start
    tiny = end < 1e-3 * start
    both = val_end is not None and val_end < 3e-3 * start
    if known or (tiny and (early < 2e-2 * start or end < 1e-4 * start)):
        out.findings.append(RawFinding(
            "loss_too_low", "train_loss", float(t.steps[int(np.argmax(t.smooth <= max(3e-2 * start, t.best)))]), float(t.steps[-1]),
            float(np.clip(0.4 + 0.15 * np.log10(1e-3 * start / end + 1.0), 0.4, 1.0)), "low.both" if both or known else "low.train",
            {"start": start, "end": end, "share": end / start, **({"val": val_end} if val_end is not None else {})}, "none",
            alarming=end < 2e-4 * start or both or known,
        ))  # fmt: skip
