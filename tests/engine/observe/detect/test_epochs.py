"""Logs of one line an epoch: averages that begin when most was learned already, and few of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Log, Series


def epochs(train: list[float], val: list[float] | None = None) -> Log:
    """A log of one row an epoch."""
    steps = np.arange(1.0, len(train) + 1)
    series = [Series("train_loss", "loss", steps, np.array(train))]
    if val is not None:
        series.append(Series("val_loss", "val_loss", steps, np.array(val)))
    return Log("log.csv", "CSV", tuple(series), "epoch")


CONVERGED = [0.95, 0.18, 0.086, 0.061, 0.041, 0.033, 0.022, 0.0185, 0.0173]


@pytest.mark.parametrize("end", [[0.0122, 0.0162, 0.0142], [0.016, 0.021, 0.0175], [0.0121, 0.0122, 0.0175]])
def test_what_is_left_of_a_converged_loss_may_wander(end: list[float], alarms: Any) -> None:
    """My loss has come down to a hundredth and wanders by a third of that: no divergence."""
    assert alarms(observe(epochs(CONVERGED + end))) == []


@pytest.mark.parametrize("bad", [0.4, 0.9, 3.0])
def test_an_epoch_that_undoes_the_training_is_seen(bad: float, alarms: Any) -> None:
    """From one epoch to the next the loss is back at a good part of where it began, and stays there."""
    assert "loss_surge" in alarms(observe(epochs([*CONVERGED, bad, 0.95 * bad, 1.02 * bad])))


def test_a_validation_that_was_good_from_the_first_epoch_is_not_bad(alarms: Any) -> None:
    """After one epoch validation is a quarter of the first training loss, which is an average; it comes down, more slowly than training."""
    train = [0.82, 0.13, 0.077, 0.063, 0.042, 0.041, 0.027, 0.023, 0.0244, 0.0231, 0.0217, 0.0206]
    val = [0.1855, 0.147, 0.148, 0.1123, 0.131, 0.13, 0.109, 0.1, 0.111, 0.1056, 0.1065, 0.107]
    assert alarms(observe(epochs(train, val))) == []


def test_validation_at_its_lowest_in_the_last_epoch_is_no_overfitting(alarms: Any) -> None:
    """A noisy validation loss: its best epoch is the last one."""
    train = [1.39, 0.265, 0.159, 0.127, 0.0885, 0.064, 0.057, 0.0586]
    val = [0.53, 0.22, 0.105, 0.166, 0.087, 0.139, 0.16, 0.072]
    assert alarms(observe(epochs(train, val))) == []


def test_overfitting_of_a_few_epochs_is_seen(alarms: Any) -> None:
    """Validation turns in the third epoch of eight and doubles."""
    train = [1.39, 0.265, 0.159, 0.1, 0.06, 0.03, 0.02, 0.01]
    val = [0.53, 0.3, 0.25, 0.27, 0.33, 0.39, 0.45, 0.52]
    assert "overfitting_gap" in alarms(observe(epochs(train, val)))
