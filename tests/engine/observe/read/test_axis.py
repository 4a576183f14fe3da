"""Steps: restarts, epochs put end to end, doubles, disorder."""

from __future__ import annotations

import numpy as np
import pytest


def csv(steps, header="step,loss", values=None):
    """A table of `steps` with a loss that counts."""
    return header + "\n" + "".join(f"{s},{v}\n" for s, v in zip(steps, values or range(len(steps)), strict=True))


def note_ids(log):
    """The ids of what reading brought up."""
    return {note.id for note in log.notes}


def test_resumed_from_a_checkpoint(read_text):
    """My run crashed at step 50 and went on from 30: the series goes on and the place is marked, without a zigzag."""
    log = read_text(csv([0, 10, 20, 30, 40, 50, 30, 40, 50, 60]))
    assert log.get("train_loss").steps.tolist() == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert log.get("train_loss").values.tolist() == list(range(10))
    assert log.restarts == (60,)
    assert note_ids(log) == {"restart"}


def test_two_runs_in_one_file(read_text):
    """I started over and the logger appended to the same file."""
    log = read_text(csv([0, 1, 2, 3, 0, 1, 2, 3]))
    assert log.restarts == (4,)
    assert "several_runs" in note_ids(log)


def test_header_again_in_the_middle(read_text):
    """The second run wrote its header into the file again."""
    log = read_text(csv([0, 1, 2, 3]) + csv([0, 1, 2, 3]))
    assert len(log.get("train_loss")) == 8
    assert "repeated_header" in note_ids(log)
    assert log.restarts == (4,)


def test_batches_count_from_zero_in_every_epoch(read_text):
    """The batch number starts again each epoch: that is no restart."""
    log = read_text("epoch,batch,loss\n" + "".join(f"{e},{b},{e * 4 + b}\n" for e in range(3) for b in range(4)))
    assert log.get("train_loss").steps.tolist() == list(range(12))
    assert log.restarts == ()


def test_batches_without_an_epoch_column(read_text):
    """The batch number starts again and nothing says why: equal stretches are epochs."""
    log = read_text(csv([0, 10, 20, 0, 10, 20, 0, 10], "batch,loss"))
    assert log.get("train_loss").steps.tolist() == [0, 10, 20, 30, 40, 50, 60, 70]
    assert "within_epoch" in note_ids(log)


def test_epoch_logged_again_after_a_resume(read_text):
    """Epoch 2 was repeated after a crash, while batches count within the epoch."""
    rows = [(e, b) for e in (0, 1, 2, 2, 3) for b in (0, 1, 2)]
    log = read_text("epoch,batch,loss\n" + "".join(f"{e},{b},1\n" for e, b in rows))
    assert len(log.get("train_loss")) == 15
    assert (np.diff(log.get("train_loss").steps) > 0).all()
    assert len(log.restarts) == 1


def test_a_step_logged_twice(read_text):
    """A step that stands twice in the file keeps its last value, and I am told."""
    log = read_text(csv([0, 10, 10, 20]))
    assert log.get("train_loss").values.tolist() == [0, 2, 3]
    assert note_ids(log) == {"duplicate_steps"}


@pytest.mark.parametrize("steps", [[50, 10, 40, 20, 30, 0, 70, 60, 90, 80], list(range(20, 0, -1)), [0, 1, 3, 2, 4, 5]])
def test_rows_out_of_order(read_text, steps):
    """Rows that are shuffled, newest first or swapped are sorted, not taken for restarts."""
    log = read_text(csv(steps, values=steps))
    assert log.get("train_loss").values.tolist() == sorted(steps)
    assert log.restarts == ()
    assert "unsorted" in note_ids(log)


def test_many_rows_in_one_epoch(read_text):
    """Only the epoch is logged, several rows each: rows are counted."""
    log = read_text(csv([0, 0, 0, 1, 1, 1, 2, 2, 2], "epoch,loss"))
    assert log.axis == "row"
    assert log.get("train_loss").steps.tolist() == list(range(9))


def test_fractional_epochs(read_text):
    """Without steps, a fractional epoch is the axis."""
    log = read_text(csv([0.25, 0.5, 0.75, 1.0], "epoch,loss"))
    assert (log.axis, log.get("train_loss").steps.tolist()) == ("epoch", [0.25, 0.5, 0.75, 1.0])


def test_clock_that_starts_again(read_text):
    """The elapsed time falls back to zero at epoch 12: there the run was resumed."""
    log = read_text("epoch,loss,time\n" + "".join(f"{e},1,{(e if e < 12 else e - 11) * 60}\n" for e in range(1, 21)))
    assert log.restarts == (12,)
    assert "clock_reset" in note_ids(log)


def test_sparse_step_column(read_text):
    """Rows of the evaluation have no step of their own: they belong to the step before."""
    log = read_text("step,loss,val_loss\n1,1,\n2,1,\n,,5\n3,1,\n4,1,\n,,6\n")
    assert log.get("val_loss").steps.tolist() == [2, 4]
