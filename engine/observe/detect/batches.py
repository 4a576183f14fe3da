"""What the batches tell about themselves: statistics that change for good, accuracies that betray how few examples a batch holds.

A change of the data is no fault by itself; it makes one of a loss that got worse, or too good, at that very moment.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...finding import Observed, RawFinding
from ..curve import MEDIAN_VARIANCE, ROOT_TWO, changes, curve_of, finite_points, median, sigma, trailing_medians
from ..log import Floats, Log, Series

BREAK_UNITS = 5.0
"""A change of level of a batch statistic, beyond the slopes around it, in standard errors (healthy labelled runs stay below 3.7)."""

NEAR = 0.12
"""Share of the run within which the change of the data and that of a loss belong together."""

FEW_EXAMPLES = 3
"""Batches of up to so many examples are told by their accuracies: all are 0 or 1, or multiples of a half or a third."""

LEAST_MOVES = 20
"""So many changes of the accuracy from point to point are no accident of a coarse log."""

NOISY = 0.2
"""Noise of the training loss, as a share of its level, that such batches then explain."""


def find(log: Log, out: Observed) -> None:
    """Alarm for losses that went wrong where the data changed, and for batches of a few examples."""
    _tiny_batches(log, out)
    mild = [i for i, f in enumerate(out.findings) if f.id == "overfitting_gap" and not f.alarming]
    if not mild or (step := data_break(log)) is None:
        return
    train = log.get("train_loss")
    if train is None:
        return
    reach = NEAR * abs(float(train.steps[-1] - train.steps[0]))
    for i in mild:
        f = out.findings[i]
        if f.message == "gap.overfit" and f.first_step < step + reach and step < f.last_step - reach:
            out.findings[i] = replace(f, alarming=True)


def data_break(log: Log) -> float | None:
    """Step at which a statistic of the batches changed its level for good; None where there is none, or none is logged."""
    best, where = BREAK_UNITS, None
    for metric in ("batch_mean", "batch_std", "label_mean"):
        series = log.get(metric)
        if series is not None:
            step, units = _level_change(*finite_points(series))
            if units > best:
                best, where = units, step
    return where


def _level_change(steps: Floats, values: Floats) -> tuple[float, float]:
    """Step and size, in standard errors, of the largest change of level that the slopes around it do not explain; size 0 for none."""
    n = len(values)
    wide = min(max(n // 10, 8), 60)
    at = np.arange(max(wide, n // 10), n - wide + 1)
    if len(at) == 0:
        return 0.0, 0.0
    level, half = trailing_medians(values, wide)[wide - 1 :], wide // 2
    part = trailing_medians(values, half)[half - 1 :]
    apart = np.abs(level[at] - level[at - wide])
    slope = np.maximum(np.abs(part[at - half] - part[at - wide]), np.abs(part[np.minimum(at + half, n - half)] - part[at]))
    best = int(np.argmax(apart - slope))
    noise = sigma(changes(values)) / ROOT_TWO
    error = max(noise * float(np.sqrt(2 * MEDIAN_VARIANCE / wide)), 1e-3 * abs(median(values)), 1e-12)
    return float(steps[at[best]]), float((apart - slope)[best]) / error


def _tiny_batches(log: Log, out: Observed) -> None:
    """A training loss that swings because each batch holds one to three examples."""
    accuracy, train = log.get("train_accuracy"), log.get("train_loss")
    if accuracy is None or train is None or any(f.alarming and f.metric == "train_loss" for f in out.findings):
        return
    curve, examples = curve_of(train), examples_in_batch(accuracy)
    if examples is None or curve.n < LEAST_MOVES:
        return
    late = curve.z[-max(20, curve.n // 3) :]
    rough = sigma(changes(late)) / ROOT_TWO
    noise = rough if curve.is_log else rough / max(abs(curve.end), 1e-12)
    if noise > NOISY:
        first = float(curve.steps[0])
        out.findings.append(RawFinding(
            "loss_oscillation", "train_loss", first, float(curve.steps[-1]), 0.5, "swing.few_examples",
            {"examples": float(examples), "noise_percent": 100 * noise, "step": first}, "none", train.part,
        ))  # fmt: skip


def examples_in_batch(accuracy: Series) -> int | None:
    """How many examples the accuracies of single batches were counted on, where these are so few that it shows; None otherwise."""
    values = finite_points(accuracy)[1]
    if len(values) == 0 or float(values.min()) < 0.0:
        return None
    if float(values.max()) > 1.0:
        values = values / 100.0
    if float(values.max()) > 1.0 or int(np.count_nonzero(changes(values))) < LEAST_MOVES:
        return None
    for examples in range(1, FEW_EXAMPLES + 1):
        right = examples * values
        if float(np.abs(right - np.round(right)).max()) < 0.01:
            return examples
    return None
