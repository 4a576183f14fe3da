"""Learning rates: schedules as people use them are no alarm, jumps outside of them are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def schedules(n: int) -> dict[str, np.ndarray]:
    """Schedules as people use them, over `n` points, with a highest learning rate of 1."""
    x, i, w = np.linspace(0, 1, n), np.arange(n), max(2, n // 20)
    return {
        "constant": np.ones(n),
        "warm-up": np.minimum(1, (i + 1) / w),
        "warm-up from zero": np.minimum(1, i / w),
        "warm-up in three points": np.minimum(1, (i + 1) / 3),
        "warm-up, one stair an epoch": np.minimum(1, (np.floor(x * 20) + 1) / 5),
        "exponential warm-up": np.minimum(1, 10.0 ** (-4 + 4 * (i + 1) / w)),
        "zero at the first step": np.where(i == 0, 0, 1 - 0.9 * x),
        "cosine": 0.5 * (1 + np.cos(np.pi * x)),
        "warm-up and cosine": np.minimum(1, (i + 1) / w) * 0.5 * (1 + np.cos(np.pi * x)),
        "steps down": 0.1 ** np.floor(x * 2.999),
        "exponential": np.exp(-5 * x),
        "linear": 1 - x,
        "inverse square root": np.minimum((i + 1) / w, np.sqrt(w / (i + 1))),
        "warm-up, stable, decay": np.minimum(1, np.minimum((i + 1) / w, (1 - x) / 0.2)),
        "one cycle": np.where(x < 0.3, 0.04 + 0.96 * x / 0.3, 0.5 * (1 + np.cos(np.pi * (x - 0.3) / 0.7))),
        "cosine with restarts": 0.5 * (1 + np.cos(np.pi * ((x * 3.999) % 1))),
        "triangles": 0.1 + 0.9 * np.abs(((x * 6) % 2) - 1),
    }


SCHEDULES = tuple(schedules(10))


def schedule(name: str, n: int, top: float = 1e-3) -> np.ndarray:
    """The learning rate of `n` points by the schedule called `name`."""
    return top * schedules(n)[name]


@pytest.mark.parametrize("name", SCHEDULES)
def test_no_ordinary_schedule_is_an_alarm(run_of: Any, name: str, alarms: Any) -> None:
    """Warm-up, decays and planned restarts are never reported as a jump of the learning rate that calls for action."""
    for n, top in ((10, 1e-3), (20, 1e-6), (20, 2.0), (50, 1e-3), (100, 1e-6), (1000, 1e-3), (10_000, 2.0)):
        run = run_of(n, 1.0, 100, 50)
        seen = run.see(train_loss=run.descent(noise=0.02), lr=schedule(name, n, top))
        assert alarms(seen) == [], (n, name)
        assert seen.seen["learning_rate"].value == pytest.approx(schedule(name, n, top).max())


@pytest.mark.parametrize("share", [0.3, 0.9])
@pytest.mark.parametrize("name", ["constant", "warm-up and cosine", "steps down", "exponential"])
def test_a_jump_outside_of_warm_up_is_an_alarm(run: Any, name: str, share: float) -> None:
    """A learning rate that is ten times higher from one point to the next is found at that point, on any schedule."""
    lr, at = schedule(name, run.n), run.at(share)
    lr[at:] *= 10
    found = run.found(run.see(train_loss=run.descent(noise=0.02), lr=lr), "lr_jump", "lr")
    assert found.first_step == run.steps[at]
    assert found.numbers["ratio"] == pytest.approx(10, rel=0.6)


def test_a_single_warm_restart_is_a_jump_back_and_a_new_record_a_jump_ahead(plain: Any) -> None:
    """Going back to an earlier learning rate and going beyond any used before are told apart."""
    back, ahead = schedule("linear", plain.n), schedule("constant", plain.n)
    back[200:] = 1e-3
    ahead[200:] *= 10
    assert plain.see(train_loss=plain.descent(), lr=back).seen["lr_jump_kind"].value == "restart"
    assert plain.see(train_loss=plain.descent(), lr=ahead).seen["lr_jump_kind"].value == "record"


def test_planned_restarts_excuse_the_bumps_they_make(plain: Any, alarms: Any) -> None:
    """A loss that rises at each restart of the schedule and heals is told as intended, without alarm."""
    lr, loss = schedule("cosine with restarts", plain.n), plain.descent(noise=0.02)
    at = np.flatnonzero(np.diff(lr) > 0.5e-3) + 1
    assert len(at) == 3
    for i in at:
        loss[i : i + 4] *= 2.5
    seen = plain.see(train_loss=loss, lr=lr)
    assert alarms(seen) == []
    assert {f.message for f in seen.findings} == {"jump.restart", "lr.restart"}


@pytest.mark.parametrize(("name", "warm"), [("warm-up", True), ("warm-up, one stair an epoch", True), ("constant", False), ("cosine", False)])
def test_whether_there_was_a_warm_up_is_read_off_the_log(plain: Any, name: str, warm: bool) -> None:
    """Nobody is asked about a warm-up that the log shows, or shows not to be there."""
    assert plain.see(train_loss=plain.descent(), lr=schedule(name, plain.n)).seen["warmup_used"].value is warm


@pytest.mark.parametrize(
    ("name", "read"),
    [("constant", "none"), ("warm-up and cosine", "warmup_decay"), ("steps down", "step"), ("cosine", "cosine"),
     ("cosine with restarts", "cyclic_or_restart")],
)  # fmt: skip
def test_the_kind_of_schedule_is_read_off_the_log(plain: Any, name: str, read: str) -> None:
    """The log answers the question for the schedule."""
    assert plain.see(train_loss=plain.descent(), lr=schedule(name, plain.n)).seen["lr_schedule"].value == read


@pytest.mark.parametrize("lr", [np.zeros(50), np.full(50, np.nan), np.full(50, -1.0), np.array([1e-3, np.nan, 1e-3])])
def test_a_learning_rate_that_makes_no_sense_is_no_alarm(plain: Any, lr: np.ndarray, alarms: Any) -> None:
    """Zeros, NaN and negative learning rates are read without a crash and without a jump."""
    assert alarms(plain.see(train_loss=plain.descent(), lr=lr)) == []


def test_without_a_learning_rate_the_check_is_skipped_with_advice(plain: Any) -> None:
    """A log without the learning rate says that it should be logged."""
    assert ("lr_jump", "skip.no_lr") in {(s.check, s.reason) for s in plain.see(train_loss=plain.descent()).skipped}
