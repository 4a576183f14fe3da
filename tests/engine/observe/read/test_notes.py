"""The notes that reading brings up."""

from __future__ import annotations

import re
from pathlib import Path

import lossclinic.engine.observe.read as package
import pytest
from lossclinic.engine.observe.read import READERS, reader
from lossclinic.messages import catalogue

NOTES = [entry.removeprefix("note.") for entry in catalogue("read") if entry.startswith("note.")]
SOURCE = "".join(path.read_text("utf-8") for path in Path(package.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("note", NOTES)
def test_both_languages_say_the_same(note):
    """Each note is worded in English and Chinese, with the same values in both."""
    english, chinese = catalogue("read")[f"note.{note}"]
    assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese))
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_every_note_in_the_code_is_worded():
    """No reader makes a note that has no wording, and no wording is left without a reader."""
    assert set(re.findall(r'Note\(\s*"(\w+)"', SOURCE)) <= set(NOTES)
    assert [note for note in NOTES if f'"{note}"' not in SOURCE] == []


def test_every_reader_says_how_it_recognises_its_format():
    """Each format has one module, and its docstring says what it is."""
    assert len(READERS) >= 9
    assert all(len(reader(name).__doc__ or "") > 100 for name in READERS)
