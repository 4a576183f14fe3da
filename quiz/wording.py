"""Whether something was said: wordings of the rubric against the words of an answer.

A wording is a line of terms joined by `+`, all of which must stand in one sentence and near each other (joined by `&`: in one
clause); a term is one of several
phrases divided by `/`; `@id` stands for every name of an entry of the knowledge base. A phrase may step over words that carry
nothing, and long English words may be misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from .words import Word, light, words

__all__ = ["Found", "Phrase", "Wording", "compile_wording", "find"]

NEAR = 26
"""Words (or Chinese characters) between the first and the last term of a wording, at most: about a line."""

STEPS = 2
"""Light words that a phrase may step over between two of its own."""

LONG = 6
"""Letters from which an English word may be misspelt."""

ALIKE = 86.0
"""Similarity (rapidfuzz ratio, 0..100) from which a misspelt word is taken for the one meant: one letter in seven."""

Phrase = tuple[str, ...]
Names = Callable[[str], Iterable[str]]


class Wording(NamedTuple):
    """One way of saying it: each term is a set of phrases of which one must be there."""

    terms: tuple[tuple[Phrase, ...], ...]
    close: bool
    """Whether all terms must stand in one clause."""


class Found(NamedTuple):
    """A wording in an answer: the words it was made of."""

    at: tuple[int, ...]
    """Positions in the row of words."""

    @property
    def first(self) -> int:
        """Position of its first word."""
        return min(self.at)

    @property
    def last(self) -> int:
        """Position of its last word."""
        return max(self.at)


def compile_wording(line: str, names: Names) -> Wording:
    """The wording of one line. `names` gives every way of saying a phrase, and all names of an `@id`."""
    terms: list[tuple[Phrase, ...]] = []
    for part in re.split(r"[+&]", line):
        phrases: list[Phrase] = []
        for phrase in part.split("/"):
            said = phrase.strip()
            spoken = names(said)
            phrases.extend(keys for each in spoken if (keys := _keys(each)))
        terms.append(tuple(dict.fromkeys(phrases)))
    return Wording(tuple(terms), "&" in line)


@lru_cache(maxsize=8192)
def _keys(phrase: str) -> Phrase:
    return tuple(word.key for word in words(phrase))


def find(wording: Wording, row: Sequence[Word]) -> list[Found]:
    """Every place where the wording stands in the row, one for each occurrence of its first term."""
    if not wording.terms or not all(wording.terms):
        return []
    places = [_places(term, row) for term in wording.terms]
    if not all(places):
        return []
    out: list[Found] = []
    for head in places[0]:
        sentence, clause = row[head[0]].sentence, row[head[0]].clause
        chosen = list(head)
        for others in places[1:]:
            near = [
                other
                for other in others
                if row[other[0]].sentence == sentence
                and (row[other[0]].clause == clause or not wording.close)
                and not set(other) & set(chosen)
                and _span(chosen, other) <= NEAR
            ]
            if not near:
                break
            chosen.extend(min(near, key=lambda other: _span(chosen, other)))
        else:
            out.append(Found(tuple(sorted(chosen))))
    return out


def _span(chosen: Sequence[int], other: Sequence[int]) -> int:
    return max(*chosen, *other) - min(*chosen, *other)


def _places(term: tuple[Phrase, ...], row: Sequence[Word]) -> list[tuple[int, ...]]:
    there = {word.key for word in row}
    possible = [phrase for phrase in term if phrase[0] in there or len(phrase[0]) >= LONG]
    return [place for phrase in possible for start in range(len(row)) if (place := _at(phrase, row, start))]


def _at(phrase: Phrase, row: Sequence[Word], start: int) -> tuple[int, ...]:
    """Positions of the phrase when it begins at `start`, else nothing."""
    if not _same(phrase[0], row[start]):
        return ()
    places = [start]
    for key in phrase[1:]:
        at = places[-1] + 1
        while at < len(row) and not _same(key, row[at]):
            if at - places[-1] > STEPS or not light(row[at].key) or row[at].clause != row[start].clause:
                return ()
            at += 1
        if at >= len(row) or row[at].sentence != row[start].sentence:
            return ()
        places.append(at)
    return tuple(places)


def _same(key: str, word: Word) -> bool:
    return key == word.key or (len(key) >= LONG and not word.han and len(word.key) >= LONG - 1 and _alike(key, word.key))


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    if one[0] != other[0] or not (one.isalpha() and other.isalpha()):
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) >= ALIKE
