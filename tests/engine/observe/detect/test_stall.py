"""A loss that does not come down: flat, at the level of a guess, flat too early, far too slow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("noise", [0.0, 0.005, 0.05])
def test_a_loss_that_does_not_move_is_a_plateau(run: Any, noise: float) -> None:
    """A flat loss is found as a plateau over the whole run, with noise or without, at any scale and length."""
    found = run.found(run.see(train_loss=1.7 * run.noise(noise)), "loss_plateau")
    assert found.first_step == run.steps[0]
    assert run.near(found.last_step, run.n - 1)


@pytest.mark.parametrize("n", [6, 7, 10, 15])
def test_a_short_flat_log_is_a_plateau_too(run_of: Any, n: int) -> None:
    """Six epochs without any progress are enough to say so."""
    assert run_of(n).found(run_of(n).see(train_loss=np.full(n, 0.69)), "loss_plateau")


@pytest.mark.parametrize("classes", [2, 10, 1000, 50257])
def test_a_loss_at_ln_k_is_a_uniform_guess(run_of: Any, classes: int) -> None:
    """A loss that sits at ln k is told as guessing among k classes."""
    for n in (30, 400, 20_000):
        run = run_of(n)
        found = run.found(run.see(train_loss=np.log(classes) * run.noise(0.002)), "loss_plateau")
        assert (found.message, found.numbers["classes"]) == ("stall.guess", classes)


def test_a_descent_that_ends_far_too_early_is_a_plateau(long_run: Any) -> None:
    """A loss that loses a quarter within the first moments and nothing afterwards is reported as flat too early."""
    found = long_run.found(long_run.see(train_loss=long_run.descent(floor=0.75, rate=60, noise=0.005)), "loss_plateau")
    assert found.message == "stall.early"


def test_a_straight_line_is_too_slow(long_run: Any) -> None:
    """A loss that still falls at the end as fast as at the start is too slow: the steps are too small."""
    loss = (2.3 - 0.5 * np.linspace(0, 1, long_run.n)) * long_run.noise(0.002)
    found = long_run.found(long_run.see(train_loss=loss), "loss_slow")
    assert found.message == "stall.straight"


@pytest.mark.parametrize("n", [100, 2000, 20_000])
def test_a_crawl_is_too_slow(run_of: Any, n: int, alarms: Any) -> None:
    """A loss that has lost six per cent when the run ends, and is still falling, is slow rather than stuck; not so when the log begins late."""
    whole, late = run_of(n), run_of(n, offset=3 * n)
    loss = (2.0 - 0.12 * np.linspace(0, 1, n)) * whole.noise(0.002)
    assert whole.found(whole.see(train_loss=loss), "loss_slow").message == "stall.slow"
    assert alarms(late.see(train_loss=loss)) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_slow_end_of_a_learning_curve_is_no_plateau(run_of: Any, seed: int, alarms: Any) -> None:
    """A contrastive loss that has lost less than a third and still creeps down beneath its noise is learning."""
    run = run_of(400)
    loss = np.log(512) * (0.69 + 0.31 * (1 + 60 * np.linspace(0, 1, 400)) ** -0.6) * run.noise(0.03, seed)
    assert alarms(run.see(train_loss=loss)) == []


@pytest.mark.parametrize("floor", [0.05, 0.3, 0.5])
@pytest.mark.parametrize("rate", [4, 10])
def test_a_curve_that_learned_and_settled_is_no_stall(run: Any, floor: float, rate: float, alarms: Any) -> None:
    """A descent to half of the start or below that then runs flat is what a finished training looks like."""
    assert alarms(run.see(train_loss=run.descent(floor=floor, rate=rate, noise=0.02))) == []


def test_a_flat_tail_after_a_surge_is_no_second_illness(plain: Any) -> None:
    """After a surge the loss may lie flat: that is told, and the alarm is the surge's."""
    loss = plain.descent(rate=10)
    loss[200:] = 2.65 * plain.noise(0.02)[200:]
    seen = plain.see(train_loss=loss).findings
    assert [(f.id, f.alarming) for f in seen] == [("loss_surge", True), ("loss_plateau", False)]


def test_a_model_that_guesses_after_a_surge_is_told_as_such(plain: Any) -> None:
    """When the loss stays at ln 10 after a surge, the model predicts nothing any more, and that is said."""
    loss = plain.descent(rate=10)
    loss[200:] = np.log(10) * plain.noise(0.003)[200:]
    seen = plain.see(train_loss=loss)
    assert [f.message for f in seen.findings] == ["jump.surge", "stall.guess_after"]
    assert seen.seen["stall_kind"].value == "chance"


def test_one_part_that_learns_is_enough(plain: Any, alarms: Any) -> None:
    """A composite loss whose total hardly moves while one of its parts falls is learning."""
    total, part = 2.0 * plain.noise(0.01), plain.descent()
    seen = plain.see(**{"train_loss:loss": total, "train_loss:cls_loss": part})
    assert alarms(seen) == []


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_too_few_points_are_said_to_be_too_few(run_of: Any, n: int) -> None:
    """With fewer than five points nothing is called a plateau; the skipped check says how many there were."""
    seen = run_of(n).see(train_loss=np.ones(n))
    assert seen.findings == []
    assert [s.values["points"] for s in seen.skipped if s.check == "loss_plateau"] == [n]


@pytest.mark.parametrize("value", [0.1, 10.0, 0.5])
def test_an_accuracy_that_is_one_single_value_is_a_constant_prediction(plain: Any, value: float) -> None:
    """A validation accuracy that is exactly the same in every evaluation means one and the same answer to everything."""
    seen = plain.see(train_loss=plain.descent(), val_accuracy=(plain.evaluations(20), np.full(20, value)))
    found = plain.found(seen, "constant_prediction", "val_accuracy")
    assert (found.first_step, found.numbers["value"]) == (0.0, value)


def test_an_accuracy_that_collapses_to_one_value_is_dated(plain: Any) -> None:
    """The constant prediction begins at the first of the equal evaluations."""
    where, accuracy = plain.evaluations(30), np.concatenate([np.linspace(0.2, 0.6, 10), np.full(20, 0.1)])
    found = plain.found(plain.see(train_loss=plain.descent(), val_accuracy=(where, accuracy)), "constant_prediction", "val_accuracy")
    assert found.first_step == where[10]


@pytest.mark.parametrize("accuracy", [np.linspace(0.1, 0.9, 20), np.full(20, 1.0), np.full(20, 99.5), [0.1, 0.5]])
def test_an_ordinary_accuracy_is_no_constant_prediction(plain: Any, accuracy: Any) -> None:
    """An accuracy that moves, that is perfect, or that was measured twice is not reported."""
    seen = plain.see(train_loss=plain.descent(), val_accuracy=(plain.evaluations(len(accuracy)), accuracy))
    assert "constant_prediction" not in {f.id for f in seen.findings}


@pytest.mark.parametrize("seed", range(4))
def test_a_validation_that_stands_shows_a_plateau_beneath_the_noise_of_training(run_of: Any, seed: int) -> None:
    """When the batches are too noisy to tell, a validation loss that has hardly moved since the beginning tells."""
    run = run_of(200)
    val = (run.steps[::10], 1.0 - 0.08 * np.linspace(0, 1, 20))
    seen = run.see(train_loss=(1.1 - 0.2 * np.linspace(0, 1, 200)) * run.noise(0.5, seed), val_loss=val)
    assert "loss_plateau" in [f.id for f in seen.findings if f.alarming]
