"""What moved first: the metric that left its band before the others, by how many steps, known to within how many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lossclinic.engine.observe.detect.timing import departure
from lossclinic.engine.observe.log import Series
from lossclinic.engine.wording import finding


def surge(run: Any, at: int) -> np.ndarray:
    """A descent that is thrown up to six times its level for good."""
    loss = run.descent(noise=0.02)
    loss[at:] *= 6.0
    return loss


@pytest.mark.parametrize("lead", [5, 20])
def test_gradients_that_leave_their_band_first_are_said_to(long_run: Any, lead: int) -> None:
    """A gradient norm that quadruples some points before the loss surges is named as the first mover, with its lead in steps."""
    at, n = long_run.at(0.6), long_run.n
    lead = max(min(lead, n // 15), n // 400)
    grad = long_run.noise(0.1, 3) * np.where(np.arange(n) >= at - lead, 4.0, 1.0)
    seen = long_run.see(train_loss=surge(long_run, at), grad_norm=grad)
    assert seen.seen["first_mover"].value == "grad_norm"
    assert seen.seen["lead"].value == ("long" if lead > 3 else "short")
    event = long_run.found(seen, "loss_surge")
    first = event.moved[0]
    if n <= 6000:
        assert abs((event.first_step - first.step) / long_run.every - lead) <= 1
        assert first.within == long_run.every
        assert event.numbers["lead_grad_norm"] == event.first_step - first.step
    assert "left its usual range first" in finding(event, "en").summary
    assert "最先偏离正常范围" in finding(event, "zh").summary


def test_a_learning_rate_that_jumps_at_the_same_step_came_first(plain: Any) -> None:
    """A loss cannot move the learning rate: on a tie the learning rate is the first mover."""
    at = plain.at(0.6)
    seen = plain.see(train_loss=surge(plain, at), lr=np.where(np.arange(plain.n) >= at, 1e-2, 1e-3), grad_norm=plain.noise(0.1, 3))
    assert seen.seen["first_mover"].value == "lr"
    assert seen.seen["lead"].value == "none"


def test_a_loss_that_surges_alone_is_said_to_have_moved_first(plain: Any) -> None:
    """With the gradient norm and the learning rate in their bands, the loss moved first."""
    seen = plain.see(train_loss=surge(plain, plain.at(0.6)), grad_norm=plain.noise(0.1, 3), lr=np.linspace(1e-3, 0, plain.n))
    assert seen.seen["first_mover"].value == "loss"
    assert [m.metric for m in plain.found(seen, "loss_surge").moved] == ["train_loss"]


def test_metrics_that_move_at_once_are_told_together(plain: Any) -> None:
    """Loss and gradient norm that leave their bands at the same logging step moved together."""
    at = plain.at(0.6)
    grad = plain.noise(0.1, 3) * np.where(np.arange(plain.n) >= at, 8.0, 1.0)
    seen = plain.see(train_loss=surge(plain, at), grad_norm=grad)
    assert seen.seen["first_mover"].value == "together"
    assert "At the same time" in finding(plain.found(seen, "loss_surge"), "en").summary


def test_nothing_is_said_about_what_was_not_logged(plain: Any) -> None:
    """With the loss alone in the log there is no first mover."""
    seen = plain.see(train_loss=surge(plain, plain.at(0.6)))
    assert "first_mover" not in seen.seen
    assert plain.found(seen, "loss_surge").moved == ()


def test_a_schedule_is_no_departure() -> None:
    """A cosine, a warm-up and a slow growth of the weights stay in their bands."""
    x = np.linspace(0, 1, 400)
    steps = np.arange(400.0)
    for metric, values in (("lr", 1e-3 * (1 + np.cos(np.pi * x)) + 1e-5), ("weight_norm", 20 + 5 * x), ("grad_norm", 2 * np.exp(-x))):
        for at in (100.0, 200.0, 320.0):
            assert departure(Series(metric, metric, steps, values), at, 48.0) == (True, None)
