"""What the batches tell: how few examples they hold, and that the data changed when a loss did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(("examples", "alarmed"), [(1, True), (2, True), (3, True), (8, False), (64, False)])
def test_batches_of_a_few_examples_are_told_by_their_accuracies(run_of: Any, alarms: Any, examples: int, alarmed: bool) -> None:
    """A noisy loss whose accuracies are all thirds, halves or wholes comes from batches of that many examples; eighths are small, not tiny."""
    run = run_of(300)
    right = np.random.default_rng(3).binomial(examples, 0.7, run.n) / examples
    seen = run.see(train_loss=run.descent(noise=0.45), train_accuracy=right)
    assert alarms(seen) == (["loss_oscillation"] if alarmed else [])
    if alarmed:
        assert seen.findings[0].numbers["examples"] == examples


def test_accuracies_in_percent_tell_the_same(run_of: Any, alarms: Any) -> None:
    """Accuracies from 0 to 100 are read as those from 0 to 1."""
    run = run_of(300)
    right = 100 * np.random.default_rng(3).binomial(2, 0.7, run.n) / 2
    assert alarms(run.see(train_loss=run.descent(noise=0.45), train_accuracy=right)) == ["loss_oscillation"]


def test_a_quiet_loss_is_left_alone_however_coarse_its_accuracy(run_of: Any, alarms: Any) -> None:
    """An accuracy rounded to whole or half is no reason for an alarm where the loss itself is calm."""
    run = run_of(300)
    right = np.random.default_rng(3).binomial(2, 0.7, run.n) / 2
    assert alarms(run.see(train_loss=run.descent(noise=0.03), train_accuracy=right)) == []


@pytest.mark.parametrize("changes", [True, False])
def test_a_mild_rise_of_validation_calls_for_action_where_the_data_changed(run_of: Any, alarms: Any, changes: bool) -> None:
    """Validation that gets slightly worse from the step at which the inputs changed is no mere overfitting to be told in passing."""
    run = run_of(300)
    x = np.linspace(0, 1, 40)
    val = 0.5 + 0.5 * np.exp(-8 * x) + 0.15 * np.maximum(x - 0.55, 0)
    spread = 1.0 + 0.02 * np.random.default_rng(1).standard_normal(run.n)
    if changes:
        spread[run.at(0.55) :] += 0.4
    seen = run.see(train_loss=run.descent(floor=0.3), val_loss=(run.evaluations(40), val), batch_std=spread)
    assert [f.id for f in seen.findings] == ["overfitting_gap"]
    assert bool(alarms(seen)) == changes


@pytest.mark.parametrize("changes", [True, False])
def test_a_step_down_with_the_data_is_found_though_validation_follows(run_of: Any, alarms: Any, changes: bool) -> None:
    """Examples that become easier at one step lower the training loss at once, even where validation gains from them too."""
    run = run_of(300)
    at, evaluations = run.at(0.5), np.linspace(0, 1, 40) >= 0.5
    loss, val = run.descent(noise=0.02, floor=0.4, rate=8), run.descent(noise=0.01, floor=0.4, rate=8, n=40)
    loss[at:] *= 0.2
    val[evaluations] *= 0.4
    spread = 1.0 + 0.02 * np.random.default_rng(1).standard_normal(run.n)
    if changes:
        spread[at:] -= 0.4
    seen = run.see(train_loss=loss, val_loss=(run.evaluations(40), val), batch_std=spread)
    assert ("loss_too_low" in alarms(seen)) == changes
