"""Whether an answer tells what a text of the knowledge base tells, in words of its own.

What a text is about is the set of its content words (English stems, pairs of Chinese characters) and of the concepts of the knowledge base
that it names, by whatever alias and in whichever language. Words of the question earn nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from ..casebook.concepts import concepts
from ..engine.understand.forms import stem
from ..kb.model import Text
from .rubric import Side
from .words import Word, light, words

__all__ = ["about", "asked_words", "content", "gist", "names_any", "pairs", "quote", "same_words", "told"]

SAME_WORDS = 0.6
"""Share of the content words of a point that a sentence must hold to count as saying it in other words."""

LEAST, SHARE, SHORT = 3.0, 0.25, 0.8
"""Weight of what an answer has in common with a statement from which it tells it: in words, and as a share of the statement's; of a
statement of three words or fewer the last share is enough. Chosen on the part `tune` of `tests/quiz/card_answers.yaml`."""

CONCEPT = 1.5
"""A concept in words: it is named by two of them, as a rule."""


def same_words(text: Text, row: Sequence[Word], answer: str, denials: frozenset[str]) -> str:
    """The sentence of the answer that holds most of the content words of `text` and no denial, or ""."""
    for wanted in (content(text.en), content(text.zh)):
        if len(wanted) < 4:
            continue
        for sentence in {word.sentence for word in row}:
            here = [word for word in row if word.sentence == sentence]
            if len(wanted & pairs(here)) >= SAME_WORDS * len(wanted) and not any(word.key in denials for word in here):
                return quote(here, answer)
    return ""


def told(statements: Iterable[str], row: Sequence[Word], answer: str, asked: frozenset[str]) -> str:
    """The words of the answer that tell one of the statements, or "". `asked`: what stands in the question."""
    said = pairs(row) | _named(" ".join(answer[start:end] for start, end in _stretches(row)))
    for statement in statements:
        wanted = gist(statement) - asked - _EMPTY
        shared = said & wanted
        whole = _weight(wanted)
        if shared and _weight(shared) >= max(min(LEAST, SHORT * whole), SHARE * whole):
            here = [word for word in row if word.key in shared or any(word.key in key for key in shared if word.han)]
            return quote(here or row, answer)
    return ""


def about(side: Side | None, row: Sequence[Word]) -> list[Word]:
    """The clauses that speak of one side: from where it is named until the other one is; those before any name may mean either."""
    if side is None:
        return list(row)
    out: list[Word] = []
    now = ""
    for clause in dict.fromkeys(word.clause for word in row):
        here = [word for word in row if word.clause == clause]
        named = pairs(here)
        mine, other = bool(named & side.mine), bool(named & side.other)
        now = "both" if mine and other else "mine" if mine else "other" if other else now
        if now != "other":
            out += here
    return out


def names_any(answer: str, asked: frozenset[str]) -> bool:
    """Whether an answer names a concept that the question is about."""
    return bool(_named(answer) & asked)


def quote(row: Sequence[Word], answer: str) -> str:
    """The answer from the first to the last of these words."""
    return answer[row[0].start : row[-1].end] if row else ""


def _stretches(row: Sequence[Word]) -> list[tuple[int, int]]:
    """Where the row stands in the answer: one place for each run of neighbouring clauses."""
    out: list[tuple[int, int]] = []
    last = -2
    for word in row:
        start = out.pop()[0] if out and word.clause - last <= 1 else word.start
        out.append((start, word.end))
        last = word.clause
    return out


_EMPTY = frozenset(
    stem(word)
    for line in (
        "and or for with on at by from than as then when while where what which who how all any each every both either other some more most",
        "very much time times one two go goes going get gets make makes take takes do does not no never need without too also only just even",
        "after before here there them they their into over under out up down off again still yet so but if because since that this these those",
    )
    for word in line.split()
)
"""Words that any two texts have in common."""


def _weight(keys: Iterable[str]) -> float:
    return sum(CONCEPT if key.startswith("@") else 1.0 for key in keys)


@lru_cache(maxsize=4096)
def gist(text: str) -> frozenset[str]:
    """Content words and concepts of a text."""
    return content(text) | _named(text)


def asked_words(asked: Text) -> frozenset[str]:
    """What a question mentions: its words, and every concept that has a name made of them."""
    return _asked(asked.en, asked.zh)


@lru_cache(maxsize=512)
def _asked(en: str, zh: str) -> frozenset[str]:
    said = gist(en) | gist(zh)
    return said | {f"@{concept}" for concept, names in concepts().names.items() if any(known and known <= said for known in map(content, names))}


@lru_cache(maxsize=1024)
def _named(text: str) -> frozenset[str]:
    return frozenset(f"@{concept}" for concept in concepts().of(text))


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Content words of a text."""
    return pairs(words(text))


def pairs(row: Sequence[Word]) -> frozenset[str]:
    """Content words of a row: English stems, and pairs of neighbouring Chinese characters."""
    out = {word.key for word in row if not word.han and not light(word.key) and len(word.key) > 1}
    for one, other in pairwise(row):
        if one.han and other.han and one.end == other.start and not (light(one.key) or light(other.key)):
            out.add(one.key + other.key)
    return frozenset(out)
