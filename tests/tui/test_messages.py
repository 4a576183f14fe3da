"""The message catalogue: both languages, the same placeholders, natural plurals."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from string import Formatter

import lossclinic
import pytest
from lossclinic.errors import InputError, refusal
from lossclinic.messages import catalogue, say

HOUSE = Path(lossclinic.__path__[0])
PARTS = sorted(path.stem for path in (HOUSE / "messages").glob("*.py") if path.stem != "__init__")
ENTRIES = [(part, entry) for part in PARTS for entry in catalogue(part)]


def placeholders(text: str) -> set[str]:
    """Names in braces; the ones that only pick a plural are English grammar and need no counterpart."""
    return {name for _, name, spec, _ in Formatter().parse(text) if name is not None and "|" not in (spec or "")}


@pytest.mark.parametrize(("part", "entry"), ENTRIES)
def test_every_text_exists_in_english_and_in_chinese_with_the_same_placeholders(part: str, entry: str) -> None:
    """Nobody sees a missing text, or a sentence with its number missing, in either language."""
    english, chinese = catalogue(part)[entry]
    assert english.strip()
    assert chinese.strip()
    assert placeholders(english) == placeholders(chinese)


@pytest.mark.parametrize(("part", "entry"), ENTRIES)
def test_english_texts_hold_no_chinese(part: str, entry: str) -> None:
    """The two columns of the catalogue were not swapped."""
    assert not re.search(r"[\u3400-\u9fff]", catalogue(part)[entry][0])


@pytest.mark.parametrize(("part", "entry"), ENTRIES)
def test_chinese_texts_have_full_width_brackets(part: str, entry: str) -> None:
    """A bracket beside a Chinese character, or around Chinese words, is （）."""
    assert not re.search(r"[\u4e00-\u9fff}]\(|\([^()]*[\u4e00-\u9fff]", re.sub(r"`[^`]*`", "", catalogue(part)[entry][1]))


def test_every_id_that_the_program_says_is_in_the_catalogue() -> None:
    """No mistyped message id waits for its first user."""
    said = [
        (path.name, match)
        for path in HOUSE.rglob("*.py")
        if "tests" not in path.parts and ".venv" not in path.parts
        for match in re.findall(r"""[^.\w]say\(\s*"([a-z_]+\.[a-zA-Z_.]+)\"""", path.read_text("utf-8"))
    ]
    assert said
    assert [(name, id_) for name, id_ in said if id_.partition(".")[2] not in catalogue(id_.partition(".")[0])] == []


def test_one_is_singular_and_many_are_plural() -> None:
    """ "1 point" but "2 points", and nothing of that in Chinese."""
    values = {"format": "csv", "range": "steps 0-9"}
    assert "1 point," in say("report.read", "en", points=1, **values)
    assert "2 points," in say("report.read", "en", points=2, **values)
    assert "2 个点" in say("report.read", "zh", points=2, **values)


def test_the_system_gives_its_reasons_in_the_language_of_the_user() -> None:
    """A disk that is full is 磁盘已满; a reason that has no entry stays as the system words it."""
    full = InputError.of("triage.record.unreadable", file="a.jsonl", reason=OSError(errno.ENOSPC, "No space left on device"))
    assert full.in_words("zh") == "a.jsonl：无法读取：磁盘已满"
    assert full.in_words("en") == "a.jsonl: cannot be read: No space left on device"
    assert refusal(OSError(errno.EPIPE, "Broken pipe"), "zh") == "Broken pipe"


def test_braces_in_a_file_name_are_left_alone() -> None:
    """A file called {n}.csv is only a name."""
    assert say("cli.answers_missing", "en", file="{n}.csv").startswith("{n}.csv: ")
