"""What cannot be read: one line that says what is wrong, where, and what to do."""

from __future__ import annotations

import gzip
import os
import pickle
import re
from pathlib import Path

import lossclinic
import pytest
from lossclinic.engine.observe.read import read
from lossclinic.errors import InputError
from lossclinic.messages import catalogue

ROOT = Path(lossclinic.__path__[0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"step,loss,lr\n", "header but no row"),
        (b"step,foo,bar\n1,2,3\n2,3,4\n", r"no column could be a loss; found step, foo, bar; .*--map train_loss=COLUMN"),
        (b"step,loss\n1,\n2,\n", '"loss" holds not a single number'),
        (b"loss\nnan\nnan\n", '"loss" holds not a single number'),
        (bytes(range(256)) * 20, "binary data"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary data"),
        (b"x" * (9 << 20), "a line of more than 8 MB"),
        (b'{"log_history": [', "breaks off at line 1"),
        (b'{"a": 1, b}', "is not JSON"),
        (b"{}", "JSON without a list"),
        (b"[" * 100_000, "nested too deeply|breaks off"),
        (b"Dear Sir,\nI bought 3 apples.\n", "no line with a name and a number"),
        (b"\x1f\x8b" + b"junk" * 50, "damaged gzip"),
        (gzip.compress(bytes(range(256)) * 20), "binary data"),
        (b"PAR1" + b"junk" * 50, "Parquet"),
        (b":W&B" + b"junk" * 50, "W&B"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_files(tmp_path, content, message):
    """Each of these is refused with one line that names the file."""
    path = tmp_path / "my.log"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert caught.value.in_words("en") == str(caught.value)
    assert re.match(re.escape(str(path)) + ".*[\u4e00-\u9fff].*；请", caught.value.in_words("zh"))
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_places(tmp_path):
    """A path that is not there, an empty folder, a device, an impossible name."""
    for place, message in [
        (tmp_path / "none.csv", "no such file"),
        (tmp_path, "a folder without a log"),
        (Path(os.devnull), "is empty"),
        ("a\0b", "not a valid path"),
    ]:
        with pytest.raises(InputError, match=message):
            read(place)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"train_loss": "zzz"}, 'no column of numbers called "zzz"; there are: step, foo'),
        ({"los": "foo"}, 'unknown metric "los"'),
    ],
)
def test_wrong_choice_of_columns(read_text, columns, message):
    """I mistyped the column, or the metric."""
    with pytest.raises(InputError, match=message):
        read_text("step,foo\n1,2\n", columns=columns)


@pytest.mark.parametrize("data", [{}, {"loss": 5}, {"loss": [[1, 2], [3]]}, {"loss": ["a", "b"]}, {"x": [1, 2]}, {"loss": []}, {"loss": "abc"}])
def test_wrong_data(data):
    """Mappings that are no columns of numbers."""
    with pytest.raises(InputError, match=r"^\(data\): "):
        read(data)


def test_data_in_memory():
    """A mapping of lists is a log as well; None is a gap and NaN a value."""
    log = read({"step": [1, 2, 3], "loss": [1, None, float("nan")], "val_loss": (3.0, 2.0, 1.0)})
    assert log.source == "(data)"
    assert log.get("train_loss").steps.tolist() == [1, 3]
    assert log.get("val_loss").values.tolist() == [3, 2, 1]


def test_control_characters_never_reach_the_terminal(read_text):
    """Names that carry terminal codes come out clean, in columns and in messages."""
    log = read_text('step,"\x1b[31mloss\x1b[0m","\x1b]0;title\x07foo"\n1,2,3\n2,3,4\n')
    assert [c.name for c in log.columns] == ["step", "loss", "foo"]
    with pytest.raises(InputError) as caught:
        read_text('step,"\x1b[2Jx\u202ey"\n1,2\n2,3\n')
    for lang in ("en", "zh"):
        assert caught.value.in_words(lang).isprintable()


def test_lists_are_written_as_each_language_does():
    """Commas between names: ", " in English, "、" in Chinese."""
    error = InputError.of("read.no_column", name="a.csv", column="x", columns=("step", "foo"))
    assert str(error) == 'a.csv: no column of numbers called "x"; there are: step, foo'
    assert error.in_words("zh") == "a.csv：没有名为“x”的数字列；请从这些列里选：step、foo"


def test_an_error_travels_between_processes(tmp_path):
    """Pickled and back, it still speaks both languages."""
    with pytest.raises(InputError) as caught:
        read(tmp_path / "{none}.csv")
    back = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - its own
    assert str(back) == str(caught.value)
    assert back.in_words("zh") == f"{tmp_path / '{none}.csv'}：文件不存在；请检查路径"


def test_an_error_without_an_entry_says_the_same_in_both_languages():
    """Words made elsewhere are passed on as they are."""
    assert InputError("as {it} is").in_words("zh") == "as {it} is"


RAISERS = [ROOT / "__init__.py", ROOT / "engine" / "facts.py", *(ROOT / "engine" / "observe" / "read").glob("*.py")]
RAISED = set(re.findall(r'"read\.(\w+)"', "".join(path.read_text("utf-8") for path in RAISERS)))
ERRORS = {entry for entry in catalogue("read") if entry != "comma" and not entry.startswith("note.")}


def test_every_error_has_its_words_and_all_words_are_used():
    """What is raised is in the catalogue, nothing else is, and no reader has words of its own."""
    assert RAISED == ERRORS
    for path in RAISERS:
        assert not re.search(r"raise InputError\(|= InputError\(", path.read_text("utf-8")), path


@pytest.mark.parametrize("entry", sorted(ERRORS))
def test_every_error_says_what_to_do(entry):
    """What is wrong, then, after the last semicolon, the way out; Chinese has Chinese marks."""
    english, chinese = catalogue("read")[entry]
    assert "; " in english or entry.startswith("fact_")
    assert re.search("；请[^；]+$", chinese)
    assert not re.search(r"[\u4e00-\u9fff]\s?[,;:!?()]|[,;!?()]\s?[\u4e00-\u9fff]", chinese)


def test_the_nearest_columns_are_named(tmp_path):
    """A column called a little wrong: the likeliest ones are offered, not all three hundred; "loss" is short for the training loss."""
    path = tmp_path / "log.csv"
    path.write_text(",".join(["step", *(f"norm_{i}" for i in range(300)), "objective_2", "objective_3"]) + "\n" + (",".join(["1"] * 303) + "\n") * 3)
    with pytest.raises(InputError, match=r'"objectve2" among the 303; did you mean objective_2, objective_3') as caught:
        read(path, columns={"loss": "objectve2"})
    assert "norm_0" not in str(caught.value)
    assert read(path, columns={"loss": "objective_2"}).get("train_loss") is not None
