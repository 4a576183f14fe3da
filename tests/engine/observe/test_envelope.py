"""Long runs: what happens in a few of millions of steps is found, and placed exactly."""

from __future__ import annotations

import numpy as np
import pytest
from lossclinic.engine.observe.curve import MAX_POINTS
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.envelope import envelope
from lossclinic.engine.observe.log import Log, Series

N = 400_000


def a_run(change=None, n=N, seed=0):
    """A healthy training loss of `n` steps with 5 % noise, after `change` did something to it."""
    t = np.arange(n) / n
    loss = (0.5 + 3.5 * np.exp(-8 * t)) * np.exp(0.05 * np.random.default_rng(seed).standard_normal(n))
    if change is not None:
        change(loss)
    return Log("(data)", "data", (Series("train_loss", "loss", np.arange(n, dtype=np.float64), loss),), "step")


def times(first, last, factor):
    """A change that multiplies the loss between two steps."""

    def change(loss):
        loss[first:last] *= factor

    return change


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_healthy_long_run_is_left_alone(seed):
    """The greatest of 400,000 values of ordinary noise is no spike."""
    assert [f.id for f in observe(a_run(seed=seed)).findings if f.alarming] == []


SPIKES = [(123_456, 40, 6.0), (200_001, 1, 9.0), (330_000, 15, 1.9), (250_000, 15, 3.0), (240_077, 90, 6.0), (240_033, 67, 5.0)]


@pytest.mark.parametrize(("first", "length", "factor"), SPIKES)
def test_a_short_spike_is_placed_to_the_step(first, length, factor):
    """A spike of one to forty steps is found, begins at its first step and ends behind its last."""
    found = [f for f in observe(a_run(times(first, first + length, factor))).findings if f.id == "loss_spike"]
    assert [f.first_step for f in found] == [first]
    assert first + length <= found[0].last_step <= first + length + 2


def test_a_surge_begins_where_it_begins():
    """A loss that triples and stays there, at a step in the middle of a block."""
    found = [f for f in observe(a_run(times(271_829, N, 4.0))).findings if f.id == "loss_surge"]
    assert [f.first_step for f in found] == [271_829]


def test_a_single_nan_is_found():
    """One NaN in 400,000 values."""

    def change(loss):
        loss[312_345] = np.nan

    found = [f for f in observe(a_run(change)).findings if f.id == "loss_nan_inf"]
    assert [f.first_step for f in found] == [312_345]


def test_an_envelope_is_made_of_points_of_the_series():
    """Bounded, ascending, real points; the extraordinary one and the NaN are among them; a short series is left as it is."""
    series = a_run(times(99_999, 100_000, 50.0)).series[0]
    series.values[7] = np.nan
    thin = envelope(series)
    assert len(thin) <= 2 * MAX_POINTS
    assert (np.diff(thin.steps) > 0).all()
    assert np.array_equal(thin.values, series.values[thin.steps.astype(int)], equal_nan=True)
    assert {7, 99_999} <= set(thin.steps.astype(int).tolist())
    assert envelope(thin) is thin or len(thin) > MAX_POINTS
