"""Similar past cases as evidence, bounded: what ended alike before is a hint, never a proof.

Two cases are the more alike, the more of the telling findings they share: a finding that is seldom as it is here tells more than one
that nearly every run shows (its weight is the information of its value, -log of how common it is).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, final

import numpy as np

from ..engine.observe.log import Floats
from ..engine.reason.kernel import Value
from ..kb.likelihood import Tables
from .lessons import Lesson, key

__all__ = ["BOUND", "Neighbour", "Precedents"]

BOUND = 0.7
"""Nats that all similar cases together add to a cause, or take from it, at most: a factor of two."""

NEAREST = 12
"""Similar cases that are heard."""

ALIKE = 0.3
"""Least similarity (0..1) of a case that is heard."""

CALM = 2.0
"""Similar cases (each weighing its similarity) that the expectation is worth: one or two matches say little."""


class Neighbour(NamedTuple):
    """A past case that is like the present one."""

    id: str
    cause: str
    similarity: float


@final
class Precedents:
    """Confirmed cases as a matrix, ready to be compared with."""

    def __init__(self, lessons: Sequence[Lesson], tables: Tables, trust: Floats | None = None) -> None:
        """`trust`: probability that each label is right."""
        self.lessons = lessons
        self.trust = np.ones(len(lessons)) if trust is None else trust
        self.causes = tables["causes"]
        base = {f: zip(values, shares, strict=True) for f, values, shares in zip(tables["findings"], tables["values"], tables["base"], strict=True)}
        common = {(finding, value): share for finding, pairs in base.items() for value, share in pairs}
        self.columns: dict[tuple[str, str], int] = {pair: at for at, pair in enumerate(common)}
        """Finding and value to their column in `matrix`; a symptom and a fact of one name are one finding, as in the engine."""
        self.worth: Floats = -np.log(np.maximum(list(common.values()), 1e-3))
        index = {cause: i for i, cause in enumerate(self.causes)}
        self.labels = np.array([index[lesson.cause] for lesson in lessons], dtype=int)
        self.matrix = np.zeros((len(lessons), len(self.worth)), dtype=np.float32)
        for row, lesson in zip(self.matrix, lessons, strict=True):
            row[self._at(lesson.beliefs)] = 1.0
        self.prior = np.bincount(self.labels, self.trust, len(self.causes)) / max(float(self.trust.sum()), 1e-9)

    def _at(self, beliefs: Mapping[str, str]) -> list[int]:
        return [at for pair in beliefs.items() if (at := self.columns.get(pair)) is not None]

    def similarity(self, beliefs: Mapping[str, Value]) -> Floats:
        """How like the present case each past one is, 0..1: shared information over the information of both."""
        mine = np.zeros(len(self.worth), dtype=np.float32)
        mine[self._at({id: key(value) for id, value in beliefs.items()})] = 1.0
        return self._compare(mine)

    def _compare(self, mine: np.ndarray) -> Floats:
        weighed = self.matrix @ (self.worth * mine)
        both = self.matrix @ self.worth + float(self.worth @ mine) - weighed
        return np.divide(weighed, both, out=np.zeros(len(weighed)), where=both > 0)

    def nearest(self, beliefs: Mapping[str, Value]) -> list[Neighbour]:
        """The past cases that are heard, most similar first."""
        similarity = self.similarity(beliefs)
        order = np.argsort(-similarity, kind="stable")[:NEAREST]
        places: list[int] = order.tolist()
        alike = [(self.lessons[at], float(similarity[at])) for at in places]
        return [Neighbour(lesson.id, lesson.cause, likeness) for lesson, likeness in alike if likeness >= ALIKE]

    def evidence(self, beliefs: Mapping[str, Value]) -> Floats:
        """Nats for each cause, between -`BOUND` and `BOUND`."""
        return self._evidence(self.similarity(beliefs))

    def _evidence(self, similarity: Floats) -> Floats:
        order = np.argpartition(-similarity, NEAREST)[:NEAREST] if len(similarity) > NEAREST else np.arange(len(similarity))
        order = order[similarity[order] >= ALIKE]
        votes = np.bincount(self.labels[order], similarity[order] * self.trust[order], len(self.causes))
        expected = (CALM + votes.sum()) * np.maximum(self.prior, 1.0 / (10 * len(self.causes)))
        return np.clip(np.log((CALM * np.maximum(self.prior, 1.0 / (10 * len(self.causes))) + votes) / expected), -BOUND, BOUND)

    def without_each(self) -> Floats:
        """(lessons, causes): the evidence for each past case from the others."""
        out = np.empty((len(self.lessons), len(self.causes)))
        weighed = self.matrix * self.worth.astype(np.float32)
        own = weighed.sum(axis=1)
        for first in range(0, len(out), 256):
            rows = slice(first, first + 256)
            common = weighed[rows] @ self.matrix.T
            similarity = common / np.maximum(own[rows, None] + own[None, :] - common, 1e-9)
            for i, row in enumerate(similarity, first):
                row[i] = -1.0
                out[i] = self._evidence(row.astype(np.float64))
        return out
