"""CSV and its relatives."""

from __future__ import annotations

import gzip
import json
import math

import numpy as np
import pytest
from lossclinic import InputError

ROWS = "0,2.5,0.01\n10,2.25,0.01\n20,2.0,0.005\n30,1.5,0.005\n"
CSV = "step,loss,lr\n" + ROWS


def points(log, metric="train_loss", part=None):
    """Steps and values of a series, as lists."""
    series = log.get(metric, part)
    return series.steps.tolist(), series.values.tolist()


def note_ids(log):
    """The ids of what reading brought up."""
    return [note.id for note in log.notes]


def test_plain_csv(read_text):
    """I give a CSV with step, loss and lr, and get the three columns under their canonical names."""
    log = read_text(CSV)
    assert (log.format, log.axis) == ("csv", "step")
    assert points(log) == ([0, 10, 20, 30], [2.5, 2.25, 2.0, 1.5])
    assert points(log, "lr")[1] == [0.01, 0.01, 0.005, 0.005]
    assert [(c.name, c.metric) for c in log.columns] == [("step", "step"), ("loss", "train_loss"), ("lr", "lr")]
    assert log.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8"])
def test_encodings(read_text, encoding):
    """My spreadsheet saved the log in whatever encoding it likes, with Chinese headers."""
    log = read_text("步数,训练损失,学习率\n" + ROWS, encoding=encoding)
    assert points(log) == ([0, 10, 20, 30], [2.5, 2.25, 2.0, 1.5])
    assert ("encoding" in note_ids(log)) == (encoding != "utf-8")


@pytest.mark.parametrize("separator", ["\t", ";", "|", "   "])
def test_separators(read_text, separator):
    """My columns are separated by tabs, semicolons, bars or blanks."""
    assert points(read_text(CSV.replace(",", separator)))[1] == [2.5, 2.25, 2.0, 1.5]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(read_text, end):
    """The file comes from Windows, or from an old Mac."""
    assert points(read_text(CSV.replace("\n", end)))[1] == [2.5, 2.25, 2.0, 1.5]


def test_padded_header_cells(read_text):
    """My trainer pads the header with blanks to line it up."""
    log = read_text("   epoch,    train/box_loss,    val/box_loss\n     1,     0.5,   0.75\n     2,    0.25,    0.5\n")
    assert log.axis == "epoch"
    assert points(log, "train_loss") == ([1, 2], [0.5, 0.25])
    assert log.get("train_loss").column == "train/box_loss"


def test_decimal_commas(read_text):
    """My German spreadsheet writes 0,5 and separates with semicolons."""
    log = read_text("Epoch;loss\n1;2,5\n2;1,125\n")
    assert points(log)[1] == [2.5, 1.125]
    assert "decimal_comma" in note_ids(log)


def test_thousands_separators(read_text):
    """Steps above a thousand are written 1,000 in quotes."""
    assert points(read_text('step,loss\n"1,000",0.5\n"2,000",0.25\n"12,000",0.125\n'))[0] == [1000, 2000, 12000]


def test_words_for_nan_and_nothing(read_text):
    """NaN and inf in any spelling are values; empty cells, None and N/A are no points."""
    log = read_text("step,loss,val_loss\n1,0.5,\n2,nan,None\n3,1.#INF,N/A\n4,NaN,null\n5,-inf,0.25\n6,0.5,-\n")
    steps, values = points(log)
    assert steps == [1, 2, 3, 4, 5, 6]
    assert math.isnan(values[1])
    assert values[2] == math.inf
    assert math.isnan(values[3])
    assert values[4] == -math.inf
    assert points(log, "val_loss") == ([5], [0.25])


def test_nan_that_only_fills_gaps(read_text):
    """My script writes nan for val_loss in the rows without validation: that is no NaN in the loss."""
    log = read_text("step,loss,val_loss\n" + "".join(f"{i},1.5,{0.5 if i % 5 == 0 else 'nan'}\n" for i in range(31)))
    assert points(log, "val_loss")[0] == [0, 5, 10, 15, 20, 25, 30]
    assert "nan_as_missing" in note_ids(log)


def test_nan_until_the_end_is_kept(read_text):
    """My loss became NaN at step 11 and stayed so: I want to see that."""
    log = read_text("step,loss\n" + "".join(f"{i},{'nan' if i > 10 else 1.0}\n" for i in range(20)))
    assert np.isnan(log.get("train_loss").values).sum() == 9


def test_all_nan_is_a_finding(read_text):
    """Every loss in my log is NaN while the gradient norm has numbers: that is what I came for, not an error."""
    assert np.isnan(read_text("step,loss,grad_norm\n1,nan,2.5\n2,nan,2.1\n3,nan,1.9\n").get("train_loss").values).all()


def test_all_nan_beside_a_learning_rate_is_a_finding(read_text):
    """A learning rate is no counter: a log of it and of a loss that is NaN from the first step on shows just that."""
    assert np.isnan(read_text("step,loss,lr\n1,nan,0.1\n2,nan,0.1\n3,nan,0.1\n").get("train_loss").values).all()


def test_a_log_of_nothing_but_nan_is_an_error(read_text):
    """A file in which nothing but the step counter is a number cannot be diagnosed, and says so."""
    with pytest.raises(InputError, match="not a single number"):
        read_text("step,loss\n1,nan\n2,nan\n3,nan\n")


def test_lightning_metrics(read_text):
    """Lightning leaves most cells empty and logs loss twice, by step and by epoch."""
    text = "epoch,step,train_loss_epoch,train_loss_step,val_loss\n0,49,,2.5,\n0,99,,2.25,\n0,99,,,2.0\n0,99,2.375,,\n1,149,,2.125,\n"
    log = read_text(text)
    assert log.format == "lightning_csv"
    assert points(log) == ([49, 99, 149], [2.5, 2.25, 2.125])
    assert points(log, "train_loss", "epoch") == ([99], [2.375])
    assert points(log, "val_loss") == ([99], [2.0])


def test_keras_history_without_epochs(read_text):
    """My Keras log has no epoch column: rows are counted."""
    log = read_text("val_loss,loss,acc,val_acc\n1.0,1.5,0.25,0.5\n0.5,1.0,0.5,0.5\n")
    assert log.axis == "row"
    assert points(log) == ([0, 1], [1.5, 1.0])
    assert points(log, "val_accuracy")[1] == [0.5, 0.5]
    assert "row_axis" in note_ids(log)


def test_no_header(read_text):
    """My file has only numbers: the first column counts, the second is taken for the loss, and I am told."""
    log = read_text("1,0.5,9\n2,0.25,9\n3,0.125,9\n")
    assert points(log) == ([1, 2, 3], [0.5, 0.25, 0.125])
    assert [n.values for n in log.notes if n.id == "headerless"] == [{"loss": "column 2"}]


def test_header_and_trailing_separators(read_text):
    """Every line of my file ends in a tab."""
    log = read_text("total loss\tctc loss\t\n46.5\t9.25\t\n41.5\t8.25\t\n43.5\t8.75\t\n")
    assert points(log)[1] == [46.5, 41.5, 43.5]
    assert points(log, "train_loss", "ctc loss")[1] == [9.25, 8.25, 8.75]


def test_comments_and_markdown(read_text):
    """There are comment lines above the header, or the table is in Markdown."""
    assert points(read_text("# my run\n# lr=0.1\n" + CSV))[0] == [0, 10, 20, 30]
    assert points(read_text("| epoch | loss |\n|---|---|\n| 1 | 0.5 |\n| 2 | 0.25 |\n"))[1] == [0.5, 0.25]


def test_file_that_is_still_being_written(read_text):
    """Training goes on and the last line is only half there."""
    log = read_text(CSV + "40,1.2")
    assert points(log)[0] == [0, 10, 20, 30]
    assert "partial_last_line" in note_ids(log)


def test_wandb_chart_with_several_runs(read_text):
    """I exported a W&B chart with two runs: each run is a part, MIN and MAX are left out."""
    names = [f"{run} - train/loss{end}" for run in ("red-1", "blue-2") for end in ("", "__MIN", "__MAX")]
    text = ",".join(f'"{n}"' for n in ["Step", *names]) + "\n" + "".join(f'"{i}",{i},1,1,{i + 0.5},1,1\n' for i in range(5))
    log = read_text(text)
    assert log.format == "wandb_csv"
    assert [(s.metric, s.part) for s in log.series] == [("train_loss", "red-1"), ("train_loss", "blue-2")]
    assert points(log, part="blue-2")[1] == [0.5, 1.5, 2.5, 3.5, 4.5]


def test_rows_of_several_runs(read_text):
    """A column says which run each row belongs to: the runs are parts and no restart."""
    log = read_text("run,step,loss\n" + "".join(f"{run},{i},{i * k}\n" for k, run in ((1, "a"), (2, "b")) for i in range(4)))
    assert {s.part: s.values.tolist() for s in log.all("train_loss")} == {"a": [0, 1, 2, 3], "b": [0, 2, 4, 6]}
    assert log.restarts == ()


def test_one_row_for_each_metric(read_text):
    """My logger writes step, tag, value."""
    log = read_text("step,tag,value\n" + "".join(f"{i},train/loss,{i}\n{i},val/loss,{i + 1}\n" for i in range(3)))
    assert points(log) == ([0, 1, 2], [0, 1, 2])
    assert points(log, "val_loss") == ([0, 1, 2], [1, 2, 3])


def test_ranks(read_text):
    """Each of my four ranks writes its own rows: rank 0 is the log, all are rank losses."""
    log = read_text("rank,step,loss\n" + "".join(f"{r},{i},{i + r}\n" for i in range(5) for r in range(4)))
    assert points(log) == ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
    assert [s.values[0] for s in log.all("rank_loss")] == [0, 1, 2, 3]


def test_choosing_a_column(read_text):
    """My loss is called foo, and I say so."""
    log = read_text("n,foo,loss_cls\n5,0.5,1\n6,0.25,1\n", columns={"train_loss": "FOO", "step": "n"})
    assert points(log) == ([5, 6], [0.5, 0.25])
    assert log.get("train_loss").column == "foo"
    assert log.get("train_loss", "loss_cls") is not None


def test_many_rows_are_put_together(read_text):
    """A table of a hundred thousand rows comes back whole and in order."""
    log = read_text("step,loss\n" + "".join(f"{i},{i % 7}\n" for i in range(100_000)))
    assert len(log.get("train_loss")) == 100_000
    assert log.get("train_loss").steps[-1] == 99_999


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_three_thousand_columns(read_text, pack):
    """A header line of 150 KB, and the loss is the last column: read like any other, in CSV and JSON lines, packed or not."""
    names = [f"parameters/model.layers.{i // 10}.block.{i % 10}.weight/mean" for i in range(3000)]
    table = ",".join(["step", *names, "train/loss"]) + "\n" + "".join(f"{row}" + ",1.25" * 3000 + f",{3 - row / 8}\n" for row in range(9))
    lines = "".join(json.dumps({"step": row, **dict.fromkeys(names, 1.25), "train/loss": 3 - row / 8}) + "\n" for row in range(9))
    for content, form in ((table, "csv"), (lines, "jsonl")):
        log = read_text(pack(content.encode()))
        assert (log.format, log.axis) == (form, "step")
        assert log.get("train_loss").values.tolist() == [3 - row / 8 for row in range(9)]
        assert len(log.columns) == 3002


def test_keys_beyond_the_first_thousands_count_where_they_say_something(read_text):
    """Of more names than are kept, a loss is kept all the same."""
    record = {**{f"x{i}": 1.0 for i in range(5000)}, "zloss": 1.0, "train_loss": 2.0}
    log = read_text("".join(json.dumps({"step": row, **record}) + "\n" for row in range(5)))
    assert log.get("train_loss").values.tolist() == [2.0] * 5


def test_a_header_without_end_is_refused(read_text):
    """Beyond 8 MB a line is no header."""
    with pytest.raises(InputError, match="a line of more than 8 MB"):
        read_text(",".join(f"column_number_{i}" for i in range(500_000)) + "\n1\n")


def test_the_same_name_thousands_of_times(read_text):
    """Twenty thousand columns called "x" are told apart in no time."""
    header = ",".join(["step", "loss", *["x"] * 20_000])
    assert len(read_text(header + "\n" + ("1" + ",2.5" * 20_001 + "\n") * 3).columns) == 20_002
