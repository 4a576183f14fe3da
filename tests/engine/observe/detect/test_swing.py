"""Curves that do not settle: sustained oscillation, and jumps at a fixed interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("kind", ["wave", "noise"])
def test_swings_that_outgrow_the_earlier_noise_are_oscillation(run: Any, kind: str) -> None:
    """A loss that begins to swing by a factor of two for the rest of the run is oscillating, from the first third on."""
    at = run.n // 3
    loss, i = run.descent(rate=15), np.arange(run.n)
    swing = np.sin(2 * np.pi * i / 7.3) if kind == "wave" else np.random.default_rng(1).standard_normal(run.n)
    loss[at:] *= np.exp(0.8 * swing[at:])
    found = run.found(run.see(train_loss=loss), "loss_oscillation")
    assert run.near(found.first_step, at)
    assert run.near(found.last_step, run.n - 1)


@pytest.mark.parametrize("noise", [0.02, 0.1, 0.25])
def test_noise_that_was_always_there_is_no_oscillation(long_run: Any, noise: float) -> None:
    """A loss that is equally noisy from start to end does not oscillate, however noisy it is."""
    assert "loss_oscillation" not in {f.id for f in long_run.see(train_loss=long_run.descent(noise=noise)).findings}


def test_a_validation_that_goes_up_and_down_is_oscillation(run: Any) -> None:
    """A validation loss that swings by a half between evaluations and no longer falls is reported for itself."""
    val = run.descent(n=40, rate=20, noise=0.4)
    seen = run.see(train_loss=run.descent(), val_loss=(run.evaluations(40), val))
    assert run.found(seen, "loss_oscillation", "val_loss").message == "swing.val"


@pytest.mark.parametrize("share", [0.03, 0.12])
def test_a_sawtooth_is_a_periodic_pattern(long_run: Any, share: float) -> None:
    """A loss that jumps at a fixed interval is found with that interval in steps."""
    run, period = long_run, max(6, int(share * long_run.n))
    loss = run.descent() * np.exp(0.4 * (1 - (np.arange(run.n) % period) / period))
    found = run.found(run.see(train_loss=loss), "periodic_pattern")
    assert found.numbers["period"] == pytest.approx(period * run.every, rel=0.05)


def test_a_period_of_one_epoch_is_named_so(plain: Any) -> None:
    """When the log counts epochs, a sawtooth of an epoch's length is told as the epoch's; another one is not."""
    for period, kind in ((40, "epoch"), (29, "other")):
        loss = plain.descent() * np.exp(0.4 * (1 - (np.arange(plain.n) % period) / period))
        seen = plain.see(train_loss=loss, epoch=np.arange(plain.n) / 40)
        assert plain.found(seen, "periodic_pattern").message == ("periodic.epoch" if kind == "epoch" else "periodic")
        assert seen.seen["period"].value == kind


@pytest.mark.parametrize("seed", range(5))
def test_plain_noise_has_no_period(run: Any, seed: int) -> None:
    """White noise on a descent is never called periodic."""
    assert "periodic_pattern" not in {f.id for f in run.see(train_loss=run.descent(noise=0.1, seed=seed)).findings}


def test_short_logs_are_not_judged_and_say_so(run_of: Any) -> None:
    """With twenty points nothing is said about swings, except that there were too few."""
    seen = run_of(20).see(train_loss=run_of(20).descent(noise=0.3))
    assert not {"loss_oscillation", "periodic_pattern"} & {f.id for f in seen.findings}
    assert ("loss_oscillation", "skip.too_few") in {(s.check, s.reason) for s in seen.skipped}


@pytest.mark.parametrize(("swing", "alarmed"), [(0.05, False), (0.4, True)])
def test_a_validation_that_swings_far_is_found_though_it_comes_down(run_of: Any, alarms: Any, swing: float, alarmed: bool) -> None:
    """Validation that rises and falls by half from evaluation to evaluation swings, even where it ends lower than it began."""
    run = run_of(400)
    val = np.exp(-0.9 * np.linspace(0, 1, 30)) * run.noise(swing, seed=5, n=30)
    seen = run.see(train_loss=run.descent(floor=0.4), val_loss=(run.evaluations(30), val))
    assert alarms(seen) == (["loss_oscillation"] if alarmed else [])
