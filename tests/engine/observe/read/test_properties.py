"""Properties: whatever floats are written read back equal; whatever bytes are given, nothing but InputError is raised."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lossclinic.engine.observe.read import read
from lossclinic.errors import InputError

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64)
NAMES = ("loss", "val_loss", "lr", "grad_norm")
TABLES = st.integers(1, len(NAMES)).flatmap(lambda n: st.lists(st.lists(FINITE, min_size=n, max_size=n), min_size=1, max_size=30))
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_text(rows, how):
    """`rows` of floats below a step column, written as `how` says."""
    names = ["step", *NAMES[: len(rows[0])]]
    full = [[i, *row] for i, row in enumerate(rows)]
    if how == "jsonl":
        return "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in full)
    if how == "json":
        return json.dumps([dict(zip(names, row, strict=True)) for row in full], indent=1)
    if how == "text":
        return "".join(" ".join(f"{n}={v!r}" for n, v in zip(names, row, strict=True)) + "\n" for row in full)
    separator = {"csv": ",", "tsv": "\t", "blanks": "  "}[how]
    return "".join(separator.join(map(str, row)) + "\n" for row in [names, *full])


@pytest.mark.parametrize("how", ["csv", "tsv", "blanks", "jsonl", "json", "text"])
@QUICK
@given(rows=TABLES)
def test_any_table_of_floats_reads_back_equal(tmp_path, how, rows):
    """Any table of floats comes back bit for bit, written as CSV, TSV, blanks, JSON or text."""
    path = tmp_path / "log"
    path.write_text(as_text(rows, how))
    log = read(path)
    for k, name in enumerate(NAMES[: len(rows[0])]):
        series = next(s for s in log.series if s.column == name)
        assert series.values.tolist() == [row[k] for row in rows]
        assert series.steps.tolist() == list(range(len(rows)))


@QUICK
@given(steps=st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_any_order_of_steps_gives_ascending_steps(tmp_path, steps):
    """However the step counter jumps about, the series' steps only go up and no value is invented."""
    path = tmp_path / "log"
    path.write_text("step,loss\n" + "".join(f"{s},{i}\n" for i, s in enumerate(steps)))
    series = read(path).get("train_loss")
    assert (np.diff(series.steps) > 0).all()
    assert set(series.values.tolist()) <= set(range(len(steps)))


WORDS = [b"step", b"loss", b"epoch", b"1", b"2.5", b"nan", "损失".encode(), b"\xff", b"\n", b"\r", b"\t", *(bytes([c]) for c in b',:={}[]"-| /')]
ANYTHING = st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode), st.lists(st.sampled_from(WORDS), max_size=80).map(b"".join))
BEGINNINGS = [b":W&B\xe1\xbe\x00", b"PAR1", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"\x0d" + b"\0" * 11 + b"\x0d\x0dbrain.Event:2"]


def outcome(path):
    """The log, or the refusal."""
    try:
        return read(path)
    except InputError as error:
        return error


@QUICK
@given(data=ANYTHING)
def test_any_bytes_are_read_or_refused(tmp_path, data):
    """Any bytes at all give a log or one clear line, never a traceback."""
    path = tmp_path / "log"
    path.write_bytes(data)
    found = outcome(path)
    if isinstance(found, InputError):
        assert found.__cause__ is None
        assert str(found).isprintable()
    else:
        assert found.series
        assert all(s.values.dtype == np.float64 and not math.isnan(s.steps.sum()) for s in found.series)


@QUICK
@given(data=st.binary(max_size=400), head=st.sampled_from(BEGINNINGS))
def test_junk_behind_a_known_beginning(tmp_path, data, head):
    """A file that begins like a known format and goes on as junk is refused as clearly."""
    path = tmp_path / "log"
    path.write_bytes(head + data)
    found = outcome(path)
    assert not isinstance(found, InputError) or found.__cause__ is None
