"""Long tables: the fast reader gives what the careful one gives, and more rows than fit are thinned without losing an extreme."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lossclinic.engine.observe.read import delimited, dialect, gather, plain_numbers, plain_rows, read, store
from lossclinic.errors import InputError

CELL = st.one_of(
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(["", "", "nan", "NaN", "-inf", "None", "null", "NA", " 1", "1 ", "1e400", "1.#INF", "1_0", "0x1", "1d5", "\t2", "+3", ".5"]),
    st.sampled_from(["7.", "1e", "9" * 30]),
    st.text(alphabet='0123456789.eE+-,;"\r# naif_', max_size=6),
)
ROW = st.lists(CELL, min_size=3, max_size=3).map(",".join)
LINE = st.one_of(ROW, ROW, ROW, st.lists(CELL, max_size=5).map(",".join), st.sampled_from(["", "step,loss,lr", " ", ",,", "# resumed"]))
HEADS = ["step,loss,lr", "# log", "", "step,loss,"]
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def everything(path):
    """All that the reader of tables finds in a file, in a form that compares NaN as equal."""
    try:
        table = delimited.read(delimited.Source(path))
    except InputError as error:
        return error.id, error.values.get("reason")
    except delimited.NotThisFormatError:
        return "another format"
    tracks = [(t.name, t.means, t.run, t.rows.tolist(), [v.hex() for v in t.values.tolist()]) for t in table.tracks]
    return table.format, tracks, table.n_rows, table.text_columns, table.labels, table.notes, table.restart_rows


def both_ways(path, monkeypatch, piece=40):
    """What the careful reader finds, and what is found where pieces of a few lines, or a short table as a whole, may be read fast."""
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "plain_rows", lambda *_: None)
        patch.setattr(delimited, "FROM_BYTES", 1 << 40)
        careful = everything(path)
        patch.setattr(delimited, "FROM_BYTES", 0)
        patch.setattr(delimited, "PIECE", piece)
        in_pieces = everything(path)
    return careful, in_pieces, everything(path)


@QUICK
@given(body=st.lists(LINE, max_size=30), end=st.sampled_from(["\n", "\n", "", "\r\n"]), head=st.sampled_from(HEADS))
def test_fast_and_careful_read_the_same(tmp_path, monkeypatch, body, end, head):
    """Whatever stands in the cells, a table read in fast pieces is the table read with care, bit for bit."""
    path = tmp_path / "log"
    sound = "".join(f"{i},{1 / (i + 1)!r},0.5\n" for i in range(4))
    path.write_bytes((f"{head}\n" + sound + (end or "\n").join(body) + end).encode())
    careful, in_pieces, at_once = both_ways(path, monkeypatch)
    assert careful == in_pieces == at_once


@QUICK
@given(values=st.lists(st.tuples(st.floats(), st.floats() | st.none()), min_size=1, max_size=60))
@pytest.mark.parametrize("short", [True, False])
def test_plain_numbers_are_read_fast(values, short):
    """Floats and gaps are read without the careful reader, and every float is the one that was written."""
    if short:
        values = [(a if math.isfinite(a) else 0.5, b if b is None or math.isfinite(b) else 0.5) for a, b in values]
    piece = "".join(f"{i},{a!r},{'' if b is None else repr(b)}\n" for i, (a, b) in enumerate(values))
    found = plain_rows.plain_rows("step,a,b\n" + piece, 3, ",") if short else plain_numbers.plain_numbers(piece.encode(), 3, ",")
    assert found is not None
    rows, (steps, first, second) = found
    assert rows == len(values)
    assert steps[1].tolist() == list(range(rows))
    assert [a.hex() for a in first[1].tolist()] == [a.hex() if not math.isnan(a) else "nan" for a, _ in values]
    there = range(rows) if second[0] is None else second[0].tolist()
    assert list(there) == [i for i, (_, b) in enumerate(values) if b is not None]


@pytest.mark.parametrize("piece", [b"1,2\n\n3,4\n", b"1,2\n,\n3\n", b"1,2\n3,x\n", b'1,"2"\n', b"1,2,3\n", b"1,2\r3,4\n", b"1,\0\n", b"1,1_0\n"])
def test_what_is_not_certain_is_left_to_the_careful_reader(piece):
    """Blank lines, short and long rows, words and quotation marks."""
    assert plain_numbers.plain_numbers(piece, 2, ",") is None
    assert plain_rows.plain_rows("step,loss\n" + piece.decode(), 2, ",") is None


def test_more_rows_than_fit_are_thinned(tmp_path, monkeypatch):
    """Too many numbers: the kept rows are rows of the file, and the extremes, NaN and the end are among them."""
    n = 40_000
    loss = 2 + np.sin(np.arange(n) * 0.7)
    loss[23_456], loss[31_007], loss[5_003] = 99.0, -7.0, math.nan
    path = tmp_path / "log"
    rows = (f"{10 * i},{v!r},{'3.5' if i % 500 == 0 else ''}\n" for i, v in enumerate(loss.tolist()))
    path.write_text("step,loss,val_loss\n" + "".join(rows))
    for fast, full in ((False, 1_000), (True, 1_000), (True, 1 << 40)):
        with monkeypatch.context() as patch:
            patch.setattr(store, "FULL", full)
            patch.setattr(store, "MAX_CELLS", 20_000)
            patch.setattr(delimited, "BATCH", 3_000)
            patch.setattr(delimited, "FROM_BYTES", 0 if fast else 1 << 40)
            patch.setattr(delimited, "PIECE", 50_000)
            log = read(path)
        assert "thinned" in [note.id for note in log.notes]
        series = log.get("train_loss")
        assert len(series) < 20_000
        index = (series.steps / 10).astype(int)
        assert np.array_equal(series.values, loss[index], equal_nan=True)
        assert {0, 23_455, 23_456, 23_457, 31_006, 31_007, 31_008, 5_003, n - 1} <= set(index.tolist())
        assert len(log.get("val_loss")) > 20


@pytest.mark.parametrize("line", ["step {i} loss {a:.4f} lr 0.001\n", '{{"step": {i}, "loss": {a:.4f}, "lr": 0.001}}\n'])
def test_long_texts_and_json_lines_are_thinned_too(tmp_path, monkeypatch, line):
    """Beyond the rows that are kept as they are, those stay that say something, with their own steps; a restart keeps its place."""
    monkeypatch.setattr(store, "FULL", 1500)
    monkeypatch.setattr(gather, "CHUNK", 500)
    path = tmp_path / "log"
    text = [line.format(i=i, a=9.0 if i == 7777 else 0.5 + i % 7 / 100) for i in range(20_000)]
    path.write_text("".join(text))
    log = read(path)
    loss = log.get("train_loss")
    assert len(loss) < 6000
    assert loss.steps[loss.values.argmax()] == 7777
    assert np.isin(np.arange(7770, 7784), loss.steps).all()
    assert "thinned" in [note.id for note in log.notes]
    path.write_text("".join(text[:12_000]) + "Resuming from checkpoint step_10000.pt\n" + "".join(text[10_000:]))
    if line.startswith("step"):
        assert read(path).restarts == (12_000.0,)
