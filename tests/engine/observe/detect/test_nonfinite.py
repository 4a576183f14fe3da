"""NaN, infinity and the exact zeros behind which they hide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize(("bad", "message"), [(np.nan, "nan.to_the_end"), (np.inf, "nan.inf"), (-np.inf, "nan.inf"), (1e30, "nan.inf")])
def test_a_loss_that_stops_being_a_number_is_found_where_it_does(run: Any, share: float, bad: float, message: str) -> None:
    """NaN, infinity or an absurd number to the end is found at its first step, at any scale and length."""
    loss, at = run.descent(), run.at(share)
    loss[at:] = bad
    found = run.found(run.see(train_loss=loss), "loss_nan_inf")
    assert (found.first_step, found.last_step) == (run.steps[at], run.steps[-1])
    assert (found.message, found.recovery) == (message, "none")
    assert found.numbers["count"] == run.n - at


def test_a_nan_that_passes_is_told_as_passing(run: Any) -> None:
    """A single NaN among numbers is found at its step, and that the loss came back is part of it."""
    loss, at = run.descent(), run.at(0.5)
    loss[at] = np.nan
    found = run.found(run.see(train_loss=loss), "loss_nan_inf")
    assert (found.first_step, found.last_step, found.message, found.recovery) == (run.steps[at], run.steps[at], "nan.passing", "fast")


@pytest.mark.parametrize("n", [1, 2, 5, 10, 1000])
def test_a_loss_that_never_was_a_number_is_said_so(run_of: Any, n: int) -> None:
    """All-NaN from the first step is its own sentence, and nothing else is made of it."""
    run = run_of(n)
    seen = run.see(train_loss=np.full(n, np.nan))
    assert [(f.id, f.message, f.first_step) for f in seen.findings] == [("loss_nan_inf", "nan.from_start", 0)]
    assert seen.seen["nan_kind"].value == "at_once"


def test_nan_out_of_the_blue_and_after_a_climb_are_told_apart(run: Any) -> None:
    """Whether the loss was calm or climbing before the NaN is observed, since the causes differ."""
    at = run.at(0.6)
    calm, climbing = run.descent(noise=0.02), run.descent(noise=0.02)
    climbing[at - max(5, run.n // 15) : at] *= np.linspace(1.5, 30, max(5, run.n // 15))
    calm[at:] = climbing[at:] = np.nan
    assert run.see(train_loss=calm).seen["nan_kind"].value == "suddenly"
    assert run.see(train_loss=climbing).seen["nan_kind"].value == "climbing"


def test_a_validation_loss_of_nan_is_found(run: Any) -> None:
    """NaN in the validation loss alone is reported with its metric, and the training loss stays unblamed."""
    val = np.full(20, np.nan)
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(20), val))
    found = run.found(seen, "loss_nan_inf", "val_loss")
    assert found.first_step == run.steps[0]
    assert {f.metric for f in seen.findings} == {"val_loss"}
    assert "overfitting_gap" in {skipped.check for skipped in seen.skipped}


def test_a_gradient_norm_of_nan_is_found_while_the_loss_is_a_number(plain: Any) -> None:
    """Gradients that are no numbers from some step on are reported even if the logged loss still looks fine."""
    grad = plain.noise(0.1)
    grad[300:] = np.nan
    found = plain.found(plain.see(train_loss=plain.descent(), grad_norm=grad), "loss_nan_inf", "grad_norm")
    assert found.first_step == 300


def test_skipped_gradient_norms_are_no_nan_finding(plain: Any, alarms: Any) -> None:
    """A gradient norm that is infinite here and there, as loss scaling makes it, is not reported as a NaN loss."""
    grad = plain.noise(0.1)
    grad[[5, 100, 250]] = np.inf
    assert "loss_nan_inf" not in alarms(plain.see(train_loss=plain.descent(), grad_norm=grad))


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_exact_zeros_to_the_end_are_a_zero_tail(run: Any, share: float) -> None:
    """A loss that is exactly 0 from some step on, right after ordinary values, is found at that step."""
    loss, at = run.descent(), run.at(share)
    loss[at:] = 0.0
    seen = run.see(train_loss=loss)
    tail = run.found(seen, "loss_zero_tail")
    assert (tail.first_step, tail.last_step) == (run.steps[at], run.steps[-1])
    assert "loss_too_low" not in {f.id for f in seen.findings}


def test_zeros_that_were_learned_are_no_zero_tail(plain: Any) -> None:
    """A loss that shrinks to nothing step by step and is rounded to 0 is not taken for a hidden NaN."""
    loss = np.exp(-40 * np.linspace(0, 1, plain.n)) * plain.noise(0.02)
    loss[loss < 1e-6] = 0.0
    assert "loss_zero_tail" not in {f.id for f in plain.see(train_loss=loss).findings}


def test_four_zeros_are_too_few_for_a_tail(plain: Any) -> None:
    """The last few values may be 0 without anything being said."""
    loss = plain.descent()
    loss[-4:] = 0.0
    assert "loss_zero_tail" not in {f.id for f in plain.see(train_loss=loss).findings}


def test_a_loss_of_nothing_but_zeros_is_no_zero_tail(plain: Any) -> None:
    """A column that was 0 from the start did not fall to 0."""
    assert "loss_zero_tail" not in {f.id for f in plain.see(train_loss=np.zeros(plain.n)).findings}


@pytest.mark.parametrize("decimals", [2, 3, 4])
def test_a_perfect_fit_that_is_printed_as_zero_is_no_zero_tail(run_of: Any, decimals: int) -> None:
    """A loss that descends below its last printed decimal ends in zeros, and nothing was hidden; a loss that drops to zero at once hides a NaN."""
    for n in (40, 300):
        loss = 2.3 * np.exp(-3.4 * decimals * np.linspace(0, 1, n))
        fitted, cut = np.round(loss, decimals), np.round(loss, decimals)
        cut[n // 4 :] = 0.0
        assert "loss_zero_tail" not in [f.id for f in run_of(n).see(train_loss=fitted).findings]
        assert "loss_zero_tail" in [f.id for f in run_of(n).see(train_loss=cut).findings]
