"""Spikes, surges, jumps at a resume, divergence: found where they begin, and not seen where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("height", [3.0, 8.0])
def test_a_single_bad_point_is_a_spike(run: Any, share: float, height: float) -> None:
    """One point several times too high is found at its step, at any scale, length and logging interval."""
    loss, at = run.descent(), run.at(share)
    loss[at] *= height
    spike = run.found(run.see(train_loss=loss), "loss_spike")
    assert run.near(spike.first_step, at)
    assert spike.recovery == "fast"
    assert spike.numbers["ratio"] == pytest.approx(height, rel=0.25 if run.n > 30 else 0.5)


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_burst_that_heals_is_one_spike(long_run: Any, share: float) -> None:
    """A few bad points in a row that calm down again are one spike with the right beginning and about the right end."""
    run, at = long_run, long_run.at(share)
    loss, width = run.descent(), max(3, run.n // 33)
    loss[at : at + width] *= 5
    seen = run.see(train_loss=loss)
    spike = run.found(seen, "loss_spike")
    assert run.near(spike.first_step, at)
    assert run.near(spike.last_step, at + width)
    assert [f.id for f in seen.findings] == ["loss_spike"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("height", [5.0, 20.0])
def test_a_cliff_that_does_not_heal_is_a_surge(run: Any, share: float, height: float) -> None:
    """A loss that leaps and stays high is a surge from the step of the leap on, not a spike and not a divergence."""
    loss, at = run.descent(), run.at(share)
    loss[at:] *= height
    seen = run.see(train_loss=loss)
    surge = run.found(seen, "loss_surge")
    assert run.near(surge.first_step, at)
    assert surge.recovery in ("none", "partial")
    assert not {"loss_spike", "loss_divergence"} & {f.id for f in seen.findings}


@pytest.mark.parametrize("n", [9, 11, 14, 20])
@pytest.mark.parametrize("seed", range(3))
def test_one_bad_epoch_among_a_few_is_a_spike_and_a_lasting_one_a_surge(run_of: Any, n: int, seed: int, alarms: Any) -> None:
    """In a descent of 9 to 20 epochs one epoch at three times the level is found, and so is a level that stays; the descent alone is left alone."""
    run, at = run_of(n), n - 3
    loss = run.descent(noise=0.03, rate=4, seed=seed)
    assert alarms(run.see(train_loss=loss)) == []
    spiked, raised = loss.copy(), loss.copy()
    spiked[at] *= 3
    raised[at:] *= 4
    assert run.found(run.see(train_loss=spiked), "loss_spike").first_step == run.steps[at]
    assert run.found(run.see(train_loss=raised), "loss_surge").first_step == run.steps[at]


@pytest.mark.parametrize(("begin", "peaks"), [(0.05, False), (0.5, False), (0.05, True)])
def test_a_climb_of_many_points_by_orders_of_magnitude_is_divergence(long_run: Any, begin: float, peaks: bool) -> None:
    """A loss that grows two hundredfold point by point and stays there diverges: no cliff, and single peaks on the way do not make it one."""
    run, at = long_run, long_run.at(begin)
    grown = np.clip((np.arange(run.n) - at) / (0.3 * run.n), 0.0, 1.0)
    loss = run.descent() * 200.0**grown
    if peaks:
        loss[at + int(0.25 * run.n) : at + int(0.35 * run.n) : 3] *= 1e3
    seen = run.see(train_loss=loss)
    divergence = run.found(seen, "loss_divergence")
    assert run.near(divergence.first_step, at, 0.05)
    assert "loss_surge" not in {f.id for f in seen.findings}


@pytest.mark.parametrize("seed", range(12))
def test_noise_just_before_a_cliff_does_not_hide_it(run_of: Any, seed: int) -> None:
    """Whatever the noise does in the points before a surge, the surge is found and dated."""
    run = run_of(2000)
    loss = run.descent(noise=0.08, seed=seed)
    loss[1200:] *= 6
    assert run.near(run.found(run.see(train_loss=loss), "loss_surge").first_step, 1200)


def test_two_spikes_are_two_findings(plain: Any) -> None:
    """Spikes far apart are told apart, in the order of their steps."""
    loss = plain.descent()
    loss[[120, 300]] *= 6
    spikes = [f for f in plain.see(train_loss=loss).findings if f.id == "loss_spike"]
    assert [f.first_step for f in spikes] == [120, 300]


def test_a_small_blip_that_heals_at_once_is_told_without_alarm(plain: Any, alarms: Any) -> None:
    """A point less than twice too high that is gone with the next one costs nobody a night."""
    loss = plain.descent(noise=0.01)
    loss[250] *= 1.7
    seen = plain.see(train_loss=loss)
    assert [f.id for f in seen.findings] == ["loss_spike"]
    assert alarms(seen) == []


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_jump_where_training_was_resumed_is_named_so(run: Any, share: float) -> None:
    """A leap at the step where the log shows a restart is a jump at resume."""
    at = run.at(share)
    loss = run.descent(noise=0.02, rate=8)
    loss[at:] *= 1 + 3 * np.exp(-np.linspace(0, 8, run.n - at))
    jump = run.found(run.see(restarts=[run.steps[at]], train_loss=loss), "jump_at_resume")
    assert run.near(jump.first_step, at)


def test_a_smooth_resume_is_nothing(run: Any, alarms: Any) -> None:
    """A restart that the loss does not notice is not reported."""
    assert alarms(run.see(restarts=[run.steps[run.at(0.5)]], train_loss=run.descent())) == []


@pytest.mark.parametrize("growth", [3.0, 10.0])
def test_growth_over_many_steps_is_divergence(run_of: Any, growth: float) -> None:
    """A loss that turns and climbs to the end is found as diverging (or, where it is steep for its noise, surging), not before it turns."""
    for n, scale, every in ((100, 1e-6, 100), (400, 1.0, 1), (2000, 1e6, 1), (20_000, 1.0, 100)):
        run = run_of(n, scale, every, 1000)
        at = run.at(0.5)
        loss = run.descent(rate=15)
        loss[at:] *= np.exp(np.linspace(0, np.log(growth), n - at))
        found = [f for f in run.see(train_loss=loss).findings if f.id in ("loss_divergence", "loss_surge") and f.alarming]
        assert found, run
        assert found[0].first_step >= run.steps[run.at(0.4)], run
        assert run.near(found[-1].last_step, n - 1), run
        assert n < 2000 or run.near(found[0].first_step, at, share=0.12), (run, found[0].first_step)


def test_a_validation_that_leaps_alone_is_only_validation(run_of: Any) -> None:
    """A validation loss that jumps tenfold and stays there while training goes on is "only validation is bad", from that evaluation on."""
    for n, scale in ((400, 1e-6), (2000, 1.0), (20_000, 1e6)):
        run = run_of(n, scale, 10, 500)
        where = run.evaluations(60)
        val = run.descent(n=60, seed=1)
        val[40:] *= 10
        found = run.found(run.see(train_loss=run.descent(), val_loss=(where, val)), "val_only_bad", "val_loss")
        assert abs(found.first_step - where[40]) <= where[1] - where[0]


def test_a_validation_spike_that_heals_is_a_spike(plain: Any) -> None:
    """One bad evaluation among good ones is a spike of the validation loss."""
    where, val = plain.evaluations(60), plain.descent(n=60, seed=1)
    val[40] *= 8
    spike = plain.found(plain.see(train_loss=plain.descent(), val_loss=(where, val)), "loss_spike", "val_loss")
    assert spike.first_step == where[40]


def test_a_harder_curriculum_is_told_without_alarm(run_of: Any, alarms: Any) -> None:
    """A training loss that steps up while validation does not move is what a harder curriculum looks like: told, not alarmed."""
    for n, scale in ((400, 1e-6), (2000, 1.0), (20_000, 1e6)):
        run = run_of(n, scale, 1, 0)
        loss, at = run.descent(noise=0.02), run.at(0.6)
        loss[at:] *= 2.5
        seen = run.see(train_loss=loss, val_loss=(run.evaluations(60), run.descent(noise=0.02, n=60)))
        told = [f for f in seen.findings if f.metric == "train_loss"]
        assert [f.id for f in told] in (["loss_surge"], ["loss_divergence"])
        assert run.near(told[0].first_step, at)
        assert alarms(seen) == []
        assert seen.seen["val_follows_jump"].value == "no"


@pytest.mark.parametrize("learned", [True, False])
def test_a_step_up_that_is_not_learned_away_calls_for_action(run_of: Any, alarms: Any, learned: bool) -> None:
    """Harder examples are learned in time; a training loss that steps up and stays there, validation unmoved, shows broken or overdone input."""
    run = run_of(400)
    at = run.at(0.6)
    loss, harder = run.descent(noise=0.02, rate=12.0), np.full(run.n - at, 2.5)
    if learned:
        harder = 1.3 + 1.2 * np.exp(-np.linspace(0, 5, run.n - at))
    loss[at:] *= harder
    seen = run.see(train_loss=loss, val_loss=(run.evaluations(60), run.descent(noise=0.02, rate=12.0, n=60)))
    assert any(f.message.startswith("jump.") for f in seen.findings)
    assert bool(alarms(seen)) != learned


@pytest.mark.parametrize(("climb", "alarmed"), [(0.0, False), (0.12, True)])
def test_a_slow_climb_of_both_losses_is_divergence_however_small(run_of: Any, alarms: Any, climb: float, alarmed: bool) -> None:
    """A tenth more over the second half of a run is divergence where every part of it is higher than the one before, in validation as well."""
    run = run_of(800)
    x = np.linspace(0, 1, run.n)
    loss = (0.6 + 0.4 * np.exp(-20 * x) + 1.2 * climb * np.maximum(x - 0.4, 0)) * run.noise(0.03)
    val = 0.62 + 0.4 * np.exp(-20 * x[::40]) + 1.2 * climb * np.maximum(x[::40] - 0.4, 0)
    seen = run.see(train_loss=loss, val_loss=(run.steps[::40], val))
    assert ("loss_divergence" in alarms(seen)) == alarmed


def test_a_step_up_that_validation_follows_is_an_alarm(plain: Any, alarms: Any) -> None:
    """The same step alarms when the validation loss goes with it."""
    loss, val = plain.descent(noise=0.02), plain.descent(noise=0.02, n=60)
    loss[240:] *= 2.5
    val[36:] *= 2.5
    seen = plain.see(train_loss=loss, val_loss=(plain.evaluations(60), val))
    assert alarms(seen)[0] in ("loss_surge", "loss_divergence")
    assert seen.seen["val_follows_jump"].value == "yes"


@pytest.mark.parametrize("drop", [0.5, 0.1])
def test_a_drop_is_no_jump(run: Any, drop: float, alarms: Any) -> None:
    """A loss that falls at once, as after a learning-rate decay, is not reported."""
    loss = run.descent()
    loss[run.at(0.5) :] *= drop
    assert alarms(run.see(train_loss=loss)) == []


def test_a_negative_loss_jumps_too(run_of: Any) -> None:
    """A surge is found in a loss below zero (a log likelihood, an ELBO) as well."""
    for scale in (1e-6, 1.0, 1e6):
        run = run_of(600, scale, 10, 0)
        loss = run.descent(noise=0.0) - 2.0 + 0.02 * np.random.default_rng(0).standard_normal(600)
        loss[400:] += 2.0
        assert run.near(run.found(run.see(train_loss=loss), "loss_surge").first_step, 400)


def test_a_spike_of_validation_is_no_part_of_a_slight_rise_of_training(plain: Any) -> None:
    """Where training steps up by a quarter and validation leaps to three times its level for once, both are told."""
    train, val = plain.descent(rate=20, noise=0.01), plain.descent(rate=20, noise=0.01, n=40)
    train[200:] *= 1.3
    val[20] *= 3
    seen = plain.see(train_loss=train, val_loss=(plain.steps[::10], val))
    assert [(f.id, f.metric) for f in seen.findings if f.id == "loss_spike"] == [("loss_spike", "val_loss")]
