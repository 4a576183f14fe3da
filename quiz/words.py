"""A text as a row of words for grading: English stems, single Chinese characters, numbers, each with its clause and its sentence.

The script, the stems and the cutting are those of `engine/understand`; nothing is left out here, because "just" and "only" decide
whether a claim is too strong.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..engine.understand.forms import FILLERS, HAN_FILLERS, SKIPPED, SPLIT, stem
from ..engine.understand.script import plain
from ..engine.understand.tokens import PIECES

__all__ = ["Word", "light", "words"]

_LIST_PAUSE = "、"
_BREAKS = re.compile(r"但是|不过|然而|而是|\bbut\b|\bhowever\b|\binstead\b|\brather\b")
"""Words that begin a new clause."""

_LIGHT = frozenset(stem(word) for word in FILLERS) | FILLERS | HAN_FILLERS | SKIPPED | frozenset("这那其之和与及在到给把会能可以要将被所该并很更先再")


class Word(NamedTuple):
    """One word (by its stem), one Chinese character, or one number, and where it stands."""

    key: str
    start: int
    end: int
    """Place in the text as it was typed."""
    clause: int
    sentence: int
    han: bool = False


def light(key: str) -> bool:
    """Whether a phrase may step over this word."""
    return key in _LIGHT


def words(text: str) -> list[Word]:
    """The words of `text` (its first 20,000 characters or so; `understand.script` sets the limit)."""
    simple = plain(text)
    out: list[Word] = []
    clause = sentence = 0
    breaks = {match.start() for match in _BREAKS.finditer(simple.text)}
    for match in PIECES.finditer(simple.text):
        kind, raw = match.lastgroup, match[0]
        if kind == "stop":
            if out and out[-1].sentence == sentence:
                sentence, clause = sentence + 1, clause + 1
            continue
        if kind == "pause":
            if raw != _LIST_PAUSE and out and out[-1].clause == clause:
                clause += 1
            continue
        if kind in ("soft", "arrow", "abbreviation"):
            continue
        if match.start() in breaks and out and out[-1].clause == clause:
            clause += 1
        start, end = simple.origin[match.start()], simple.origin[match.end()]
        keys: tuple[str, ...]
        if kind == "han":
            keys = (raw,)
        elif kind in ("number", "share", "written", "times", "version"):
            keys = (raw.strip(),)
        elif raw in SPLIT:
            keys = tuple(stem(word) for word in SPLIT[raw])
        elif raw.endswith("n't"):
            keys = ("not",)
        else:
            keys = (stem(raw.partition("'")[0] or raw),)
        out.extend(Word(key, start, end, clause, sentence, kind == "han") for key in keys)
    return out
