"""`lossclinic read`: what was understood of a log."""

from __future__ import annotations

import json

import pytest
from lossclinic.tui.cli import main

ROWS = (f"{10 * i},{i},{3 - i / 10},{'nan' if i == 3 else 0.1},ok\n" for i in range(9))
LOG = "step,objective_2,loss,lr,comment\n" + "".join(ROWS) + "900,9,2,0.1,ok\n"


@pytest.fixture
def log(tmp_path):
    """A table with a gap at the end, a NaN, and columns of several kinds."""
    path = tmp_path / "metrics.csv"
    path.write_text(LOG)
    return str(path)


def test_it_says_what_was_understood(log, capsys):
    """Format, steps, rhythm, gap, columns with their metrics, and what is not used."""
    assert main(["read", log, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    for words in ("CSV, 10 points, steps 0 to 900", "logged every 10", "longest gap: 820, from 80 to 900", "train_loss  10"):
        assert words in said
    assert "1 not finite" in said
    assert "comment" in said
    assert main(["read", log, "--lang", "zh"]) == 0
    assert "最长缺口：820，从 80 到 900" in capsys.readouterr().out


def test_a_column_can_be_put_right(log, capsys):
    """--map overrules the guess, and JSON says the same to programs."""
    assert main(["read", "--format", "json", "--map", "train_loss=objective_2", log]) == 0
    columns = {c["column"]: c for c in json.loads(capsys.readouterr().out)["columns"]}
    assert columns["objective_2"]["metric"] == "train_loss"
    assert columns["objective_2"]["points"] == 10
    assert columns["objective_2"]["highest"] == 9.0
    assert columns["comment"]["why_not"] == "text"


def test_one_missing_file_does_not_stop_the_rest(log, capsys):
    """Each log that can be read is shown; the status says that one could not."""
    assert main(["read", "--lang", "en", log, log + ".not", log]) == 2
    said = capsys.readouterr()
    assert said.out.count("CSV, 10 points") == 2
    assert "no such file" in said.err


def test_a_table_of_runs_is_named_as_such(tmp_path, capsys):
    """One row a run is no course of a training; it is read, and said so."""
    path = tmp_path / "runs.csv"
    path.write_text("Name,State,Created,lr,loss\n" + "".join(f"run-{i},finished,2024-01-0{i},0.1,{i / 3}\n" for i in range(1, 9)))
    assert main(["read", "--lang", "en", str(path)]) == 0
    assert "a table of 8 runs, one row each" in " ".join(capsys.readouterr().out.split())
    assert main(["diagnose", "--lang", "en", "--format", "json", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["symptoms"], found["causes"]) == ([], [])


@pytest.mark.parametrize("wrong", [["--fomat", "json"], ["--format", "xml"], ["--map", "loss"], ["--map"], []])
def test_wrong_usage_is_one_line(log, capsys, wrong):
    """Unknown options, values that are missing or cannot be, no file at all."""
    assert main(["read", *([log] if wrong else []), *wrong]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
