"""Levels at which a loss has no business to stand: its first one for a good part of the run, or that of a softmax taken twice."""

from __future__ import annotations

import math

import numpy as np

from ...finding import Observed, RawFinding
from ..curve import Curve, curve_of
from ..log import Log
from .stall import entry_level

LEAST = 30
"""Points that it takes to say so."""

LATE = 0.3
"""Training that begins to learn after this share of the run was stuck at first (healthy labelled runs: before a fifth of it)."""

STILL = 0.07
"""A loss that has lost less than this share has not begun to learn."""

START_NEAR, FLOOR_NEAR = 0.04, 0.03
"""A start within 4 % of ln k and an end within 3 % of the floor, ..."""

MOST_CLASSES = 30
"""With more classes the floor is so near the start that the loss has gone flat far too early anyhow."""

BELOW = 1e-3
"""... and no batch below it: probabilities given to a second softmax leave a loss of ln(1 + (k - 1) / e) to the surest right answer."""


def find(log: Log, out: Observed) -> None:
    """Report such levels as `loss_plateau`."""
    train = log.get("train_loss")
    if train is None or any(f.alarming and f.metric == "train_loss" for f in out.findings):
        return
    curve = curve_of(train)
    if curve.n < LEAST or float(curve.values.min()) <= 0.0:
        return
    first, start = float(curve.steps[0]), entry_level(curve)
    last = float(curve.steps[-1])
    classes = _twice_normalised(curve, start)
    if classes is not None:
        floor = _floor(classes)
        step = float(curve.steps[int(np.argmax(curve.smooth < (1.0 + 2 * FLOOR_NEAR) * floor))])
        _tell("stall.two_softmaxes", step, last, {"end": curve.end, "classes": float(classes), "step": step}, train.part, out)
        return
    learning = np.flatnonzero(curve.smooth < (1.0 - STILL) * start)
    begins = float(curve.steps[int(learning[0])]) if len(learning) else last
    if begins - first > LATE * (last - first) and curve.end < (1.0 - 2 * STILL) * start:
        percent = 100 * (begins - first) / (last - first)
        _tell("stall.late", first, begins, {"start": start, "end": curve.end, "step": begins, "percent": percent}, train.part, out)


def _tell(message: str, first: float, last: float, numbers: dict[str, float], part: str, out: Observed) -> None:
    """Add the finding in place of the milder word that the same loss may have reached its floor."""
    out.findings[:] = [f for f in out.findings if f.alarming or f.id != "loss_plateau" or f.metric != "train_loss" or f.part != part]
    out.findings.append(RawFinding("loss_plateau", "train_loss", first, last, 0.6, message, numbers, "none", part))


def _floor(classes: int) -> float:
    """Cross-entropy of the surest right answer when probabilities are taken for logits."""
    return math.log(1.0 + (classes - 1) / math.e)


def _twice_normalised(curve: Curve, start: float) -> int | None:
    """Number of classes whose floor the loss reached by half time, to stand there without ever getting below; None where there is none."""
    if start > math.log(MOST_CLASSES):
        return None
    lowest, half, end = float(curve.values.min()), curve.level(0.5, 0.6), curve.end
    for k in range(max(2, math.floor(math.exp(start * (1 - START_NEAR)))), math.ceil(math.exp(start * (1 + START_NEAR))) + 1):
        floor = _floor(k)
        if lowest > (1.0 - BELOW) * floor and half < (1.0 + 2 * FLOOR_NEAR) * floor and end < (1.0 + FLOOR_NEAR) * floor:
            return k
    return None
