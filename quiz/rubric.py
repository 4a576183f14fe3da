"""What a free answer is graded against: points that count, claims that cost, and the wordings of both, ready to be looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..kb import KnowledgeBase
from ..kb.model import Aliases, FollowUp, Interview, Text
from .wording import Wording, compile_wording

__all__ = ["Names", "Point", "Rubric", "Wrong", "names_of", "rubric_of", "wordings"]

Names = Callable[[str], Iterable[str]]


class Point(NamedTuple):
    """One thing a good answer says."""

    id: str
    text: Text
    dimension: str
    wordings: tuple[Wording, ...]
    weight: float = 1.0
    must: bool = False
    follow_up: FollowUp | None = None


class Wrong(NamedTuple):
    """A claim that costs."""

    id: str
    says: Text
    truth: Text
    wordings: tuple[Wording, ...]
    cost: float = 1.0


class Rubric(NamedTuple):
    """Everything an answer to one question is graded against."""

    points: tuple[Point, ...]
    wrong: tuple[Wrong, ...] = ()
    enough: float = 0.0
    """Share of the weight that is a full answer, when naming everything is not expected of anybody; 0 = the usual one."""


def names_of(kb: KnowledgeBase) -> Names:
    """What `@id` stands for: names and aliases of a symptom, a cause or a fact, in both languages."""

    def names(id: str) -> Iterable[str]:
        for kind in ("symptoms", "causes", "facts"):
            if id in kb.ids(kind):
                entry = kb.symptom(id) if kind == "symptoms" else kb.cause(id) if kind == "causes" else kb.fact(id)
                yield from (entry.name.en, entry.name.zh, *entry.aliases.en, *entry.aliases.zh)

    return names


def wordings(aliases: Aliases, names: Names) -> tuple[Wording, ...]:
    """The wordings of both languages: people mix them."""
    lines: Sequence[str] = (*aliases.en, *aliases.zh)
    return tuple(compile_wording(line, names) for line in lines)


def rubric_of(interview: Interview, names: Names) -> Rubric:
    """The rubric of an interview question."""
    points = tuple(Point(p.id, p.point, p.dimension, wordings(p.aliases, names), p.weight, p.must, p.follow_up) for p in interview.points)
    return Rubric(points, tuple(Wrong(w.id, w.says, w.truth, wordings(w.aliases, names), w.cost) for w in interview.wrong))
