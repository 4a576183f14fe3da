"""Gradient norms, weights, dead units, loss scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("share", [0.3, 0.7])
@pytest.mark.parametrize("level", [1e-3, 1.0, 50.0])
def test_a_gradient_norm_that_leaps_and_stays_is_a_spike(long_run: Any, share: float, level: float) -> None:
    """A gradient norm thirty times its earlier level is found at its step, whatever the level."""
    run = long_run
    grad, at = level * run.noise(0.2), run.at(share)
    grad[at:] *= 30
    found = run.found(run.see(train_loss=run.descent(), grad_norm=grad), "grad_norm_spike", "grad_norm")
    assert run.near(found.first_step, at)
    assert found.numbers["ratio"] > 10


def test_one_gradient_spike_that_heals_is_told_without_alarm(long_run: Any, alarms: Any) -> None:
    """A single large gradient with calm before and after calls for no action by itself."""
    grad = long_run.noise(0.2)
    grad[long_run.at(0.5)] *= 30
    seen = long_run.see(train_loss=long_run.descent(), grad_norm=grad)
    assert [f.id for f in seen.findings] == ["grad_norm_spike"]
    assert alarms(seen) == []


@pytest.mark.parametrize("noise", [0.1, 0.5])
def test_ordinary_gradients_are_healthy(run: Any, noise: float, alarms: Any) -> None:
    """Noisy gradient norms, also ones that shrink slowly with the loss, are no finding."""
    grad = (1 - 0.7 * np.linspace(0, 1, run.n)) * run.noise(noise)
    seen = run.see(train_loss=run.descent(), grad_norm=grad)
    assert alarms(seen) == []
    assert seen.seen["grad_norm_level"].value == "normal"


def test_whether_the_gradient_or_the_loss_went_first_is_observed(plain: Any) -> None:
    """A gradient that leaps before the loss does is told apart from one that leaps with it."""
    loss, early, together = plain.descent(), plain.noise(0.1), plain.noise(0.1)
    loss[300:] *= 8
    early[290:] *= 40
    together[300:] *= 40
    assert plain.see(train_loss=loss, grad_norm=early).seen["grad_spike_precedes_loss"].value is True
    assert plain.see(train_loss=loss, grad_norm=together).seen["grad_spike_precedes_loss"].value is False


def test_gradients_that_die_while_the_loss_is_stuck_have_vanished(long_run: Any) -> None:
    """A gradient norm that falls to a millionth while the loss does not move is a vanishing gradient."""
    grad = np.exp(-14 * np.linspace(0, 1, long_run.n) * 2).clip(1e-7) * long_run.noise(0.1)
    seen = long_run.see(train_loss=2.0 * long_run.noise(0.002), grad_norm=grad)
    long_run.found(seen, "grad_norm_vanishing", "grad_norm")
    assert seen.seen["grad_norm_level"].value == "vanishing"


def test_without_gradient_norms_the_check_is_skipped_with_advice(plain: Any) -> None:
    """A log without gradient norms says what to log next time."""
    assert ("grad_norm_spike", "skip.no_grad_norm") in {(s.check, s.reason) for s in plain.see(train_loss=plain.descent()).skipped}


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_leap_of_the_weights_is_found(long_run: Any, share: float) -> None:
    """A weight norm that changes by half in one interval after creeping along is a weight jump at that step."""
    run, at = long_run, long_run.at(share)
    weights = 20 + np.cumsum(np.full(run.n, 5.0 / run.n) * run.noise(0.2))
    weights[at:] *= 1.5
    seen = run.see(train_loss=run.descent(), weight_norm=weights)
    assert run.near(run.found(seen, "weight_jump", "weight_norm").first_step, at)
    assert seen.seen["weights_jumped"].value is True


def test_weights_that_grow_steadily_are_healthy(run: Any, alarms: Any) -> None:
    """A weight norm that grows along, or does not change at all, is no finding."""
    for weights in (20 + np.linspace(0, 10, run.n), np.full(run.n, 3.0)):
        seen = run.see(train_loss=run.descent(), weight_norm=weights)
        assert alarms(seen) == []
        assert seen.seen["weights_jumped"].value is False


@pytest.mark.parametrize(("share", "dead"), [(0.95, True), (0.6, True), (0.4, False), (0.0, False)])
def test_more_than_half_of_the_units_dead_is_an_alarm(run: Any, share: float, dead: bool, alarms: Any) -> None:
    """A dead fraction above one half is reported, one below is not, and the fact is known either way."""
    seen = run.see(train_loss=run.descent(), dead_fraction=np.linspace(0.0, share, run.n) if share else np.zeros(run.n))
    assert (alarms(seen) == ["dead_units"]) is dead
    assert seen.seen["dead_units_high"].value is dead


@pytest.mark.parametrize("end", [1.0, 2.0**-10])
def test_a_loss_scale_that_keeps_halving_has_collapsed(run: Any, end: float) -> None:
    """A loss scale that falls to its floor is reported."""
    scale = np.maximum(2.0 ** (16 - np.floor(np.linspace(0, 30, run.n))), end)
    run.found(run.see(train_loss=run.descent(), loss_scale=scale), "loss_scale_collapse", "loss_scale")


def test_an_ordinary_loss_scale_is_healthy(run: Any, alarms: Any) -> None:
    """A loss scale that halves now and then and grows again is what AMP does."""
    scale = 2.0 ** (14 + (np.arange(run.n) * 5 // run.n) % 3)
    assert alarms(run.see(train_loss=run.descent(), loss_scale=scale)) == []


def test_a_loss_scale_of_one_all_along_is_switched_off(run: Any, alarms: Any) -> None:
    """Trainers that log a loss scale of 1 in full precision have no scale that could collapse."""
    assert alarms(run.see(train_loss=run.descent(), loss_scale=np.ones(run.n))) == []
