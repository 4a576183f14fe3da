"""The machine: temperature, and ranks that no longer agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_a_gpu_that_runs_hot_is_an_alarm(run: Any) -> None:
    """A temperature at which cards throttle is reported from its first step, with the peak and the usual value."""
    temperature, at = 65 + run.noise(0.5), run.at(0.6)
    temperature[at:] = 93.0
    seen = run.see(train_loss=run.descent(), gpu_temp=temperature)
    found = run.found(seen, "hardware_alarm", "gpu_temp")
    assert (found.first_step, found.last_step) == (run.steps[at], run.steps[-1])
    assert found.numbers["peak"] == 93.0
    assert found.numbers["usual"] == pytest.approx(66, abs=1)
    assert seen.seen["gpu_overheat"].value is True


def test_a_warm_gpu_is_healthy(run: Any, alarms: Any) -> None:
    """Eighty degrees under load are ordinary, and then nobody needs to be asked about heat."""
    seen = run.see(train_loss=run.descent(), gpu_temp=80 + 2 * run.noise(0.3))
    assert alarms(seen) == []
    assert seen.seen["gpu_overheat"].value is False


@pytest.mark.parametrize("gap", [np.nan, np.inf])
def test_gaps_in_the_temperature_are_skipped(plain: Any, gap: float, alarms: Any) -> None:
    """Missing readings are no heat, and a sensor that never read anything is no crash."""
    temperature = np.full(plain.n, 70.0)
    temperature[:200] = gap
    assert alarms(plain.see(train_loss=plain.descent(), gpu_temp=temperature)) == []
    assert "gpu_overheat" not in plain.see(train_loss=plain.descent(), gpu_temp=np.full(plain.n, gap)).seen


def test_ranks_that_drift_apart_are_found(long_run: Any) -> None:
    """Losses of the ranks that part company for good are reported from about where they do."""
    run, at = long_run, long_run.at(0.5)
    one, other = run.descent(noise=0.05), run.descent(noise=0.05, seed=1)
    other[at:] *= 2.5
    seen = run.see(**{"train_loss": one, "rank_loss:rank0": one, "rank_loss:rank1": other})
    assert run.near(run.found(seen, "ranks_disagree", "rank_loss").first_step, at, share=0.11)
    assert seen.seen["ranks_disagree"].value is True


def test_ranks_that_see_different_batches_agree(long_run: Any, alarms: Any) -> None:
    """Ranks differ by the noise of their batches; that is no disagreement."""
    ranks = {f"rank_loss:rank{i}": long_run.descent(noise=0.1, seed=i) for i in range(4)}
    seen = long_run.see(train_loss=long_run.descent(), **ranks)
    assert alarms(seen) == []
    assert seen.seen["ranks_disagree"].value is False
