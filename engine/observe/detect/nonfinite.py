"""NaN, infinity, and the exact zeros behind which a trainer hides them."""

from __future__ import annotations

import numpy as np

from ...finding import Observed, RawFinding
from ..curve import median
from ..log import Log, Series

ZERO_TAIL = 5
"""Exact zeros at the end of a loss that make a tail (trainproof 0.22 uses the same five)."""

MOST_DECIMALS, LAST_DIGITS = 10, 3.5
"""A descent that ends in zeros passes through the last three values that can be printed."""

ABSURD = 1e15
"""A finite loss above this is an overflow in all but name: float32 training cannot come back from it."""


def find(log: Log, out: Observed) -> None:
    """Report non-finite losses (`loss_nan_inf`), zero tails (`loss_zero_tail`), and where the non-finite values began."""
    for metric in ("train_loss", "val_loss"):
        for series in log.all(metric):
            _non_finite(series, out)
            _zero_tail(series, log, out)
    grad = log.get("grad_norm")
    if grad is not None and len(grad) and not np.isfinite(grad.values).all() and not out.has("loss_nan_inf"):
        bad = np.flatnonzero(~np.isfinite(grad.values))
        if len(bad) >= 3 and bad[-1] - bad[0] + 1 == len(bad):
            step = float(grad.steps[bad[0]])
            out.findings.append(RawFinding(
                "loss_nan_inf", "grad_norm", step, float(grad.steps[bad[-1]]), 0.8, "nan.grad_norm",
                {"count": float(len(bad)), "step": step}, recovery="none" if bad[-1] == len(grad) - 1 else "fast",
            ))  # fmt: skip


def _non_finite(series: Series, out: Observed) -> None:
    values = series.values
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad) == 0:
        bad = np.flatnonzero(np.abs(values) > ABSURD)
    if len(bad) == 0 or out.has("loss_nan_inf"):
        return
    first, last = int(bad[0]), int(bad[-1])
    kind_inf = not np.isnan(values[first])
    to_the_end = last == len(values) - 1 and len(bad) >= 0.5 * (len(values) - first)
    numbers = {"count": float(len(bad)), "step": float(series.steps[first]), "share": len(bad) / len(values)}
    before = values[max(0, first - 5) : first]
    before = before[np.isfinite(before)]
    if len(before):
        numbers["before"] = float(before[-1])
    message = "nan.from_start" if first == 0 and to_the_end else "nan.inf" if kind_inf else "nan.to_the_end" if to_the_end else "nan.passing"
    out.findings.append(RawFinding(
        "loss_nan_inf", series.metric, float(series.steps[first]), float(series.steps[last]), 1.0, message, numbers,
        recovery="none" if to_the_end else "fast", part=series.part,
    ))  # fmt: skip
    if series.metric == "train_loss":
        out.note("nan_kind", _how_it_came(values, first), "train_loss", float(series.steps[first]))


def _how_it_came(values: np.ndarray, first: int) -> str:
    """Whether the loss climbed before it stopped being a number, was huge from the start, or went out of the blue."""
    if first <= 2:
        return "at_once"
    before = values[:first]
    before = before[np.isfinite(before)]
    if len(before) < 4:
        return "at_once"
    calm = float(median(before[: max(3, len(before) * 3 // 4)]))
    recent = float(np.max(before[-max(3, len(before) // 20) :]))
    spread = float(median(np.abs(before - median(before)))) * 1.4826
    return "climbing" if recent > calm + max(5 * spread, 0.5 * abs(calm)) else "suddenly"


def _zero_tail(series: Series, log: Log, out: Observed) -> None:
    values = series.values
    if len(values) < ZERO_TAIL + 2:
        return
    nonzero = np.flatnonzero(values != 0.0)
    if len(nonzero) == 0:
        return
    start = int(nonzero[-1]) + 1
    length = len(values) - start
    if length < ZERO_TAIL:
        return
    before = values[max(0, start - 20) : start]
    before = np.abs(before[np.isfinite(before)])
    first = np.abs(values[np.isfinite(values)][:5])
    cliff = len(before) > 0 and len(first) > 0 and float(median(before)) > 1e-3 * float(median(first))
    cliff = cliff and not _rounded_away(before)
    grad = log.get("grad_norm")
    hidden = grad is not None and len(grad) > 0 and not np.isfinite(grad.values[-max(1, length // 2) :]).all()
    if not (cliff or hidden):
        return
    out.findings.append(RawFinding(
        "loss_zero_tail", series.metric, float(series.steps[start]), float(series.steps[-1]), 0.95 if hidden else 0.8, "zero_tail",
        {"count": float(length), "step": float(series.steps[start]), "before": float(before[-1]) if len(before) else 0.0},
        recovery="none", part=series.part,
    ))  # fmt: skip


def _rounded_away(before: np.ndarray) -> bool:
    """Whether the values before the zeros are a few units of their last decimal: the next ones were merely too small to be printed."""
    for decimals in range(MOST_DECIMALS):
        digits = before * 10.0**decimals
        if (np.abs(digits - np.round(digits)) < 1e-6).all() and digits.max() > 0.5:
            return float(median(digits[-3:])) <= LAST_DIGITS
    return False
