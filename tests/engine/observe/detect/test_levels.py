"""Levels at which a loss has no business to stand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("classes", [2, 6, 10, 20])
@pytest.mark.parametrize("twice", [True, False])
def test_a_softmax_taken_twice_is_told_by_its_floor(run_of: Any, classes: int, twice: bool) -> None:
    """A loss that falls from ln k to ln(1 + (k - 1) / e) and never below is that of probabilities taken for logits; below it, it is not."""
    run = run_of(300)
    start, floor = math.log(classes), math.log(1 + (classes - 1) / math.e)
    way = floor + (start - floor) * np.exp(-8 * np.linspace(0, 1, run.n))
    above = np.abs(run.noise(0.004, seed=2) - 1)
    loss = way * (1 + above) if twice else way * run.noise(0.03)
    seen = run.see(train_loss=loss)
    told = [f for f in seen.findings if f.message == "stall.two_softmaxes"]
    assert bool(told) == twice
    if twice:
        assert told[0].numbers["classes"] == pytest.approx(classes, rel=0.25)


@pytest.mark.parametrize(("stuck", "alarmed"), [(0.1, False), (0.6, True)])
def test_a_loss_that_begins_to_fall_late_was_stuck(run_of: Any, alarms: Any, stuck: float, alarmed: bool) -> None:
    """Six tenths of a run at the first level are a plateau even if training then takes off; a tenth of it is warm-up."""
    run = run_of(300)
    loss = 2.3 * np.exp(-9 * np.maximum(np.linspace(0, 1, run.n) - stuck, 0)) * run.noise(0.01)
    assert alarms(run.see(train_loss=loss)) == (["loss_plateau"] if alarmed else [])
