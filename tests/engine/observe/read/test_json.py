"""JSON lines and JSON documents."""

from __future__ import annotations

import json
import math

import pytest
from lossclinic.errors import InputError


def points(log, metric="train_loss", part=None):
    """Steps and values of a series, as lists."""
    series = log.get(metric, part)
    return series.steps.tolist(), series.values.tolist()


def lines(*records):
    """JSON lines."""
    return "".join(json.dumps(r) + "\n" for r in records)


def test_json_lines(read_text):
    """One object a line, validation only now and then."""
    log = read_text(lines(*({"step": i, "train_loss": 1.0 + i} | ({"val_loss": 0.5} if i == 2 else {}) for i in range(4))))
    assert log.format == "jsonl"
    assert points(log) == ([0, 1, 2, 3], [1, 2, 3, 4])
    assert points(log, "val_loss") == ([2], [0.5])


def test_nested_statistics(read_text):
    """My GAN writes {"num": .., "mean": .., "std": ..} for every statistic: the mean is the value, the losses are parts."""
    stat = {"num": 8, "mean": 0.5, "std": 0.1}
    log = read_text(lines(*({"Loss/G/loss": stat, "Loss/D/loss": stat, "Progress/tick": {"num": 1, "mean": float(i)}} for i in range(3))))
    assert [(s.part, s.values.tolist()) for s in log.all("train_loss")] == [("Loss/G/loss", [0.5] * 3), ("Loss/D/loss", [0.5] * 3)]
    assert log.axis == "step"


def test_progress_of_llama_factory(read_text):
    """current_steps is the step, the texts are no numbers."""
    record = {"total_steps": 90, "loss": 2.5, "learning_rate": 1e-5, "epoch": 0.1, "elapsed_time": "0:00:24", "throughput": "0.00"}
    log = read_text(lines(*({"current_steps": 10 * i, **record} for i in range(1, 4))))
    assert points(log)[0] == [10, 20, 30]
    assert [c.why_not for c in log.columns if c.name == "elapsed_time"] == ["text"]


def test_mode_says_which_lines_are_validation(read_text):
    """Training and validation lines have the same keys, and "mode" tells them apart."""
    log = read_text(
        lines({"env": "linux"}, *({"mode": m, "epoch": e, "iter": 10, "loss": e + k} for e in (1, 2) for m, k in (("train", 0), ("val", 5))))
    )
    assert points(log)[1] == [1, 2]
    assert points(log, "val_loss")[1] == [6, 7]


def test_spellings_of_nan_in_json(read_text):
    """nan, NaN, -inf and numbers in quotes are understood."""
    log = read_text('{"step": 1, "loss": nan}\n{"step": 2, "loss": -inf}\n{"step": 3, "loss": NaN}\n{"step": 4, "loss": "0.5"}\n')
    values = points(log)[1]
    assert math.isnan(values[0])
    assert values[1] == -math.inf
    assert math.isnan(values[2])
    assert values[3] == 0.5


def test_last_line_is_cut(read_text):
    """The file is being written: the last object breaks off and is only noted."""
    log = read_text(lines(*({"step": i, "loss": 1.0} for i in range(5))) + '{"step": 5, "lo')
    assert len(log.get("train_loss")) == 5
    assert [n.id for n in log.notes] == ["partial_last_line"]


def test_trainer_state(read_text):
    """The trainer state of Hugging Face, with evaluation records and the summary at the end."""
    history = [{"epoch": i / 4, "step": i * 10, "loss": 3.0 - i, "learning_rate": 1e-4, "grad_norm": 1.5} for i in range(1, 4)]
    history += [{"epoch": 1.0, "step": 30, "eval_loss": 0.5, "eval_runtime": 3.0}, {"epoch": 1.0, "step": 30, "train_loss": 1.25}]
    log = read_text(json.dumps({"best_metric": None, "epoch": 1.0, "log_history": history}, indent=1))
    assert log.format == "hf_trainer"
    assert points(log) == ([10, 20, 30], [2, 1, 0])
    assert points(log, "val_loss") == ([30], [0.5])
    assert log.get("grad_norm") is not None


def test_trainer_state_cut_off(read_text):
    """The trainer state was cut off while it was written: I am told at which line and column."""
    text = json.dumps({"log_history": [{"step": i, "loss": 1.0} for i in range(30)]}, indent=1)[:500]
    with pytest.raises(InputError, match=r":\d+:\d+: the document breaks off at line \d+, column \d+"):
        read_text(text)


@pytest.mark.parametrize(
    "document",
    [
        {"loss": [3.0, 2.0, 1.0], "val_loss": [3.0, 2.0, 1.0]},
        {"config": {"lr": 0.1}, "history": {"train": {"loss": [3.0, 2.0, 1.0]}, "val": {"loss": [3.0, 2.0, 1.0]}}},
        [{"epoch": i, "train_loss": 3.0 - i, "valid_loss": 3.0 - i} for i in range(3)],
        {"epochs": [{"epoch": i, "loss": 3.0 - i, "val_loss": 3.0 - i} for i in range(3)]},
        {str(i): {"loss": 3.0 - i, "val_loss": 3.0 - i} for i in range(3)},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_shapes_of_documents(read_text, document, indent):
    """Lists by name, records in a list, records by number, nested or not, on one line or many."""
    log = read_text(json.dumps(document, indent=indent))
    assert points(log)[1] == [3, 2, 1]
    assert points(log, "val_loss")[1] == [3, 2, 1]


def test_shorter_list_is_spread(read_text):
    """Six training losses and two validation losses: the latter belong to rows 2 and 5."""
    log = read_text(json.dumps({"train_losses": [6, 5, 4, 3, 2, 1], "val_losses": [5, 2]}))
    assert points(log, "val_loss")[0] == [2, 5]
    assert "different_lengths" in [n.id for n in log.notes]


def test_tensorboard_download(read_text):
    """TensorBoard's download of one curve is [time, step, value] triples without a name."""
    assert points(read_text(json.dumps([[1.7e9 + i, i * 10, 1.0 / (i + 1)] for i in range(3)])))[0] == [0, 10, 20]


def test_objects_one_after_another(read_text):
    """Objects over several lines each, without commas between."""
    assert points(read_text('{\n "step": 1,\n "loss": 2\n}\n{\n "step": 2,\n "loss": 1\n}\n')) == ([1, 2], [2, 1])
