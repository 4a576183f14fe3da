"""A learning rate that is gone too soon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def decaying(n: int, rate: float) -> np.ndarray:
    """An exponential decay by `rate` natural logarithms over the run."""
    return 1e-3 * np.exp(-rate * np.linspace(0, 1, n))


@pytest.mark.parametrize("n", [120, 3000])
def test_a_rate_that_is_gone_in_the_first_half_halts_training(run_of: Any, alarms: Any, n: int) -> None:
    """A rate below a hundredth of its peak for most of the run, and a loss that stands still from then on, is a plateau that begins there."""
    run = run_of(n)
    loss = np.maximum(1.0 - 2.0 * np.linspace(0, 1, n), 0.6) * run.noise(0.03)
    seen = run.see(train_loss=loss, lr=decaying(n, 20.0))
    assert alarms(seen) == ["loss_plateau"]
    assert seen.findings[0].message == "stall.rate_gone"
    assert seen.findings[0].first_step == pytest.approx(0.23 * n, abs=0.02 * n)


def test_a_rate_that_is_gone_while_the_loss_still_falls_is_left_alone(run_of: Any, alarms: Any) -> None:
    """What still learns is not halted, however small the rate looks."""
    run = run_of(400)
    assert alarms(run.see(train_loss=run.descent(rate=3.0, noise=0.01), lr=decaying(run.n, 12.0))) == []


@pytest.mark.parametrize("shape", ["cosine", "steps", "exponential"])
def test_ordinary_decays_are_left_alone(run_of: Any, alarms: Any, shape: str) -> None:
    """A cosine to zero, three decays by ten and an exponential decay by a hundred leave more than half of the run above a hundredth."""
    run = run_of(400)
    x = np.linspace(0, 1, run.n)
    lr = {"cosine": 0.5 + 0.5 * np.cos(np.pi * x), "steps": 0.1 ** np.floor(x / 0.3), "exponential": 0.01**x}[shape]
    assert alarms(run.see(train_loss=run.descent(rate=20.0), lr=1e-3 * lr)) == []
