"""Training against validation: overfitting, a validation that is bad by itself, losses too good to be true."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def valley(run: Any, turn: float, rise: float, n: int = 60, noise: float = 0.01) -> Any:
    """A validation loss that falls to 0.55 at `turn` (share of the run) and rises to 0.55 x `rise` by the end, with its steps."""
    x = np.linspace(0, 1, n)
    down, up = 1.0 - 0.45 * x / turn, 0.55 * (1 + (rise - 1) * (x - turn) / (1 - turn))
    return run.evaluations(n), np.where(x < turn, down, up) * run.noise(noise, 5, n)


@pytest.mark.parametrize("turn", [0.3, 0.6])
@pytest.mark.parametrize("rise", [1.4, 2.5])
def test_validation_that_rises_while_training_falls_is_overfitting(run: Any, turn: float, rise: float) -> None:
    """Overfitting is found from the minimum of the validation loss on, with the rise in the numbers, at any scale and length."""
    train = run.descent(floor=0.02, rate=5)
    found = run.found(run.see(train_loss=train, val_loss=valley(run, turn, rise)), "overfitting_gap", "val_loss")
    assert abs(found.first_step - run.steps[run.at(turn)]) <= 0.06 * (run.steps[-1] - run.steps[0])
    assert found.last_step == run.steps[-1]
    assert found.numbers["rise"] == pytest.approx(rise, rel=0.15)


def test_a_slight_rise_is_told_without_alarm(plain: Any, alarms: Any) -> None:
    """A validation loss that creeps up by a few per cent close to the training loss is mentioned and no more."""
    train = plain.descent(floor=0.45, rate=5, noise=0.005)
    seen = plain.see(train_loss=train, val_loss=valley(plain, 0.5, 1.05, noise=0.002))
    assert [f.id for f in seen.findings] == ["overfitting_gap"]
    assert alarms(seen) == []


@pytest.mark.parametrize("over", [1.0, 1.1, 1.5])
def test_a_validation_that_follows_training_is_healthy(run: Any, over: float, alarms: Any) -> None:
    """A validation loss that falls beside the training loss, even somewhat above it, is no finding."""
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(30), over * run.descent(n=30, noise=0.02, seed=9)))
    assert alarms(seen) == []


def test_a_validation_below_training_is_healthy(run: Any, alarms: Any) -> None:
    """Dropout and augmentation make the validation loss the lower one; that is nobody's illness."""
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(30), 0.7 * run.descent(n=30, noise=0.02, seed=9)))
    assert alarms(seen) == []


def test_a_validation_that_never_gets_good_is_only_validation(run: Any) -> None:
    """A validation loss that stays where training began, while training falls, is bad from the start, not overfitted."""
    train = run.descent(floor=0.05, rate=6)
    seen = run.see(train_loss=train, val_loss=(run.evaluations(30), 1.3 * run.noise(0.02, 3, 30)))
    found = run.found(seen, "val_only_bad", "val_loss")
    assert found.first_step == run.steps[0]
    assert "overfitting_gap" not in {f.id for f in seen.findings if f.alarming}


def test_a_validation_without_a_single_number_says_why_it_was_not_judged(run: Any) -> None:
    """An all-NaN validation loss crashes nothing, is no overfitting, and the skipped check names the reason."""
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(10), np.full(10, np.nan)))
    assert not {"overfitting_gap", "val_only_bad"} & {f.id for f in seen.findings}
    assert {s.reason for s in seen.skipped if s.check == "overfitting_gap"} == {"skip.few_val"}


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_evaluations_are_too_few(plain: Any, count: int) -> None:
    """With fewer than three evaluations nothing is said about overfitting, except that there were too few."""
    seen = plain.see(train_loss=plain.descent(floor=0.02), val_loss=(plain.evaluations(count), np.linspace(0.5, 5, count)))
    assert [f.id for f in seen.findings] == []
    assert [(s.check, s.values["points"]) for s in seen.skipped if s.reason == "skip.few_val"] == [("overfitting_gap", count)]


def test_without_validation_the_check_is_skipped_with_advice(plain: Any) -> None:
    """A log without a validation loss says that overfitting could not be looked for."""
    assert ("overfitting_gap", "skip.no_val") in {(s.check, s.reason) for s in plain.see(train_loss=plain.descent()).skipped}


def test_a_validation_log_alone_is_judged_as_far_as_it_goes(plain: Any, alarms: Any) -> None:
    """A log with nothing but a validation loss is read without a crash and without an alarm."""
    assert alarms(plain.see(val_loss=plain.descent(n=50))) == []


@pytest.mark.parametrize("scale", [1e-6, 1.0, 5.0])
def test_a_loss_that_falls_to_nothing_at_once_is_too_low(run_of: Any, scale: float) -> None:
    """A training loss at a hundred-thousandth of its start after a few per cent of the run is too good to be true."""
    for n in (60, 400, 20_000):
        run = run_of(n, scale, 1, 0)
        found = run.found(run.see(train_loss=run.descent(floor=1e-5, rate=80)), "loss_too_low")
        assert found.first_step <= run.steps[run.at(0.2)]


def test_both_losses_at_nothing_point_to_both(plain: Any) -> None:
    """When validation is just as impossibly low the sentence says so: that is how a leak looks."""
    val = plain.descent(floor=1e-5, rate=80, n=40)
    found = plain.found(plain.see(train_loss=plain.descent(floor=1e-5, rate=80), val_loss=(plain.evaluations(40), val)), "loss_too_low")
    assert found.message == "low.both"


def test_a_loss_that_turns_far_negative_is_too_low(plain: Any) -> None:
    """A loss that runs away below zero is reported with the step at which it crossed it."""
    found = plain.found(plain.see(train_loss=np.linspace(1.0, -400.0, plain.n)), "loss_too_low")
    assert found.message == "low.negative"
    assert found.first_step == 1


def test_a_loss_that_is_low_because_it_was_learned_is_healthy(run: Any, alarms: Any) -> None:
    """A descent to two per cent of the start over the whole run is ordinary learning."""
    assert alarms(run.see(train_loss=run.descent(floor=0.02, rate=4))) == []


@pytest.mark.parametrize(("below", "alarmed"), [(3.0, False), (5.0, False), (12.0, True)])
def test_validation_far_below_training_is_not_the_same_loss(run_of: Any, alarms: Any, below: float, alarmed: bool) -> None:
    """Dropout and augmentation raise the training loss a few times above validation, not twelve times and from beginning to end."""
    run = run_of(400)
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(30), run.descent(noise=0.01, n=30) / below))
    assert alarms(seen) == (["loss_too_low"] if alarmed else [])


def test_a_negative_validation_beside_a_positive_training_loss_is_not_the_same_loss(run_of: Any, alarms: Any) -> None:
    """A loss that cannot be negative in training and is in validation is computed on other targets there."""
    run = run_of(400)
    val = 1.0 - 6.0 * (1.0 - np.exp(-4.0 * np.linspace(0, 1, 30)))
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(30), val))
    assert alarms(seen) == ["loss_too_low"]
    assert seen.findings[0].message == "low.val_negative"


def test_validation_in_another_unit_is_not_bad(run_of: Any, alarms: Any) -> None:
    """A validation loss summed over a sentence is twenty times that of a word, and comes down with it: nothing is wrong."""
    run = run_of(400)
    assert alarms(run.see(train_loss=run.descent(), val_loss=(run.evaluations(12), 20 * run.descent(noise=0.01, n=12)))) == []
