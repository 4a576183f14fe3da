"""Facts carry over from the sources, sentences do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lossclinic.kb.base import ROOT
from lossclinic.kb.layout import files
from lossclinic.kb.lint.document import read

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

HAN = 16
"""Chinese characters (and marks between them) in a row that count as copied; authors aim at 14."""

WORDS = 10
"""English words in a row that count as copied."""

NOT_PROSE = frozenset({"code", "references", "reference", "source", "aliases"})

_HAN = re.compile("[\u4e00-\u9fff，。、；：（）！？]+")
_WORD = re.compile("[a-z']+")


def han_runs(text: str, length: int) -> Iterator[str]:
    """Every run of so many Chinese characters in a text."""
    for run in _HAN.findall(re.sub(r"\s+", "", text)):
        yield from (run[at : at + length] for at in range(len(run) - length + 1))


def word_runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of so many English words in a text."""
    words = _WORD.findall(text.lower())
    yield from (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sources (../shared/seeds) are not beside this checkout")
def test_no_entry_shares_a_sentence_with_a_source() -> None:
    """I compare every text of the knowledge base with the sources, and find no run of words that was taken over."""
    sources = [path.read_text("utf-8", "ignore") for path in sorted(SEEDS.iterdir()) if path.is_file()]
    copied_han = {run for source in sources for run in han_runs(source, HAN)}
    copied_words = {run for source in sources for run in word_runs(source, WORDS)}
    assert copied_han
    assert copied_words
    shared: list[str] = []
    for kind, path in files(ROOT):
        for leaf in read(kind, path).leaves():
            if NOT_PROSE.intersection(leaf.location):
                continue
            hits = [run for run in han_runs(leaf.text, HAN) if run in copied_han]
            hits += [" ".join(run) for run in word_runs(leaf.text, WORDS) if run in copied_words]
            shared += [f"{path.name}: {'.'.join(map(str, leaf.location))}: {hit}" for hit in hits[:1]]
    assert shared == []
