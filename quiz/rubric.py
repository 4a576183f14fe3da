"""What a free answer is graded against: points that count, claims that cost, and the wordings of both, ready to be looked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..kb import KnowledgeBase
from ..kb.model import Aliases, FollowUp, Interview, Text
from .wording import Wording, compile_wording, find
from .words import words

__all__ = ["Names", "Point", "Rubric", "Side", "Wrong", "heedless", "names_of", "rubric_of", "wordings"]

Names = Callable[[str], Iterable[str]]


class Side(NamedTuple):
    """One of two things that are told apart, by the content words that name it and not the other."""

    mine: frozenset[str]
    other: frozenset[str]

    def turned(self) -> Side:
        """The other one."""
        return Side(self.other, self.mine)


class Point(NamedTuple):
    """One thing a good answer says."""

    id: str
    text: Text
    dimension: str
    wordings: tuple[Wording, ...]
    weight: float = 1.0
    must: bool = False
    follow_up: FollowUp | None = None
    statements: tuple[str, ...] = ()
    """Sentences of which one, told in other words, makes the point (`gist.told`); without any, `text` itself must be said."""
    side: Side | None = None
    """For one of two look-alikes: only what the answer says of it counts."""


class Wrong(NamedTuple):
    """A claim that costs."""

    id: str
    says: Text
    truth: Text
    wordings: tuple[Wording, ...]
    cost: float = 1.0
    mixed_up: bool = False
    """Made by telling of one of two look-alikes what holds of the other, in whatever words."""


class Rubric(NamedTuple):
    """Everything an answer to one question is graded against."""

    points: tuple[Point, ...]
    wrong: tuple[Wrong, ...] = ()
    enough: float = 0.0
    """Share of the weight that is a full answer, when naming everything is not expected of anybody; 0 = the usual one."""
    asked: Text | None = None
    """The question: repeating its words earns nothing."""


def heedless(rubric: Rubric, asked: Text) -> Rubric:
    """The rubric without the wordings that stand in the question already."""
    rows = (words(asked.en), words(asked.zh))
    points = tuple(
        point._replace(wordings=tuple(wording for wording in point.wordings if not any(find(wording, row) for row in rows)))
        for point in rubric.points
    )  # fmt: skip
    return rubric._replace(points=points, asked=asked)


def names_of(kb: KnowledgeBase) -> Names:
    """Every way of saying a phrase: itself and, where the glossary has it, its counterpart in the other language, because people mix
    them; for `@id` the names and aliases of a symptom, a cause or a fact in both languages."""
    other: dict[str, str] = {}
    for term in kb.terms():
        one, two = _bare(term.en), _bare(term.zh)
        other.setdefault(one, two)
        other.setdefault(two, one)

    def names(phrase: str) -> Iterable[str]:
        if not phrase.startswith("@"):
            yield phrase
            if phrase in other:
                yield other[phrase]
            return
        id = phrase[1:]
        for kind in ("symptoms", "causes", "fixes", "facts"):
            if id in kb.ids(kind):
                yield from kb.called(kind, id)

    return names


def _bare(term: str) -> str:
    return re.split(r"[(（/]", term)[0].strip().casefold()


def wordings(aliases: Aliases, names: Names) -> tuple[Wording, ...]:
    """The wordings of both languages: people mix them."""
    lines: Sequence[str] = (*aliases.en, *aliases.zh)
    return tuple(compile_wording(line, names) for line in lines)


def rubric_of(interview: Interview, names: Names) -> Rubric:
    """The rubric of an interview question."""
    points = tuple(Point(p.id, p.point, p.dimension, wordings(p.aliases, names), p.weight, p.must, p.follow_up) for p in interview.points)
    return Rubric(points, tuple(Wrong(w.id, w.says, w.truth, wordings(w.aliases, names), w.cost) for w in interview.wrong))
