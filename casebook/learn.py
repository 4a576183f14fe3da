"""What confirmed cases teach the engine: how often each cause is met here, and how it shows.

Counts of confirmed cases are added to the tables of the knowledge base (Dirichlet): the prior of a cause, and the probability of each
value of each finding under it, start from the knowledge base as if it had been seen `prior_weight` times. A confirmation may be wrong:
each case counts by the probability that its label is right, given everything else that was seen (`WRONG`). Learning must prove itself
on the casebook: every case is judged by tables that do not count it, and when the Brier score gets no better, nothing is learnt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, final

import numpy as np

from ..engine.observe.log import Floats
from ..engine.reason.kernel import Value
from ..engine.reason.ranking import Ranking
from ..kb.likelihood import Tables
from .lessons import Lesson
from .precedents import Precedents

__all__ = ["PRIOR_WEIGHT", "Learned", "Strength", "learn"]

PRIOR_WEIGHT = 20.0
"""Number of cases that the knowledge base is worth. Measured in simulation: 5 harms early, 80 learns slowly
(`docs/casebook-learning.md`)."""

WRONG = 0.1
"""Share of confirmations that may be wrong."""

ENOUGH = 8
"""Fewer confirmed cases than this cannot show whether learning helps, and teach nothing."""

MOST = 2000
"""Cases that are counted: the latest ones. What a team ran into years ago tells less, and the proof takes time with their number."""

SURE: dict[str, float] = {"likelihood": 1.0, "prior": 2.0, "precedents": 2.0}
"""Standard errors by which each kind of learning must be better than without it. How often each cause was met, and what ended alike,
moves much by chance while cases are few: it has more to prove."""

ROUNDS = 2
"""Times that the weight of each label is estimated anew."""


class Strength(NamedTuple):
    """How much of each kind of learning is used: 0 = none, 1 = cases count in full against `prior_weight`."""

    prior: float
    likelihood: float
    precedents: float


NOTHING = Strength(0.0, 0.0, 0.0)

CHOICES: tuple[tuple[str, tuple[float, ...]], ...] = (("likelihood", (0.5, 1.0)), ("prior", (0.25, 1.0)), ("precedents", (0.5, 1.0)))
"""What is tried, in this order: each kind of learning must prove itself on top of those before it. The prior moves most by chance (few
cases for each of many causes), so it may also be moved as if the knowledge base were worth four times as many cases."""


@final
@dataclass(frozen=True, slots=True)
class Learned:
    """What was learnt from a casebook, as plain data for the engine."""

    verdict: Literal["used", "few", "refused"]
    """`few`: not enough confirmed cases to tell; `refused`: it would make the diagnoses worse."""
    cases: dict[str, int] = field(default_factory=dict[str, int])
    """Confirmed cases of each cause."""
    tables: Tables | None = None
    """Tables that count them; None unless used."""
    precedents: Precedents | None = None
    """Similar past cases; None unless used."""
    brier_before: float = float("nan")
    brier_after: float = float("nan")
    """Mean Brier score of the confirmed cases, each judged without itself: by the knowledge base alone, and with what was learnt (the
    best choice, used or not)."""
    strength: Strength = NOTHING

    @property
    def total(self) -> int:
        """Number of confirmed cases."""
        return sum(self.cases.values())

    def tables_for(self, beliefs: Mapping[str, Value]) -> Tables | None:
        """The tables for one run: similar past cases, found by what is believed of it, move the prior (within `precedents.BOUND`)."""
        if self.tables is None or self.precedents is None:
            return self.tables
        prior = np.array(self.tables["prior"]) * np.exp(self.strength.precedents * self.precedents.evidence(beliefs))
        return {**self.tables, "prior": (prior / prior.sum()).tolist()}


def learn(lessons: Sequence[Lesson], tables: Tables, *, prior_weight: float = PRIOR_WEIGHT) -> Learned:
    """What `lessons` (oldest first) teach beside `tables`, and whether it helps."""
    counted = [lesson for lesson in lessons[-MOST:] if lesson.cause in tables["causes"]]
    cases = dict(Counter(lesson.cause for lesson in counted))
    if len(counted) < ENOUGH:
        return Learned("few", cases)
    trial = _Trial(counted, tables, prior_weight)
    before = now = trial.brier(NOTHING)
    best, tried = NOTHING, float("inf")
    for kind, strengths in CHOICES:
        found = best
        for strength in (best._replace(**{kind: value}) for value in strengths):
            after = trial.brier(strength)
            tried = min(tried, float(after.mean()))
            if _better(now, after, SURE[kind]):
                found, now = strength, after
        best = found
    if best == NOTHING:
        return Learned("refused", cases, None, None, float(before.mean()), tried)
    precedents = trial.precedents if best.precedents else None
    return Learned("used", cases, trial.tables(best), precedents, float(before.mean()), float(now.mean()), best)


def _better(before: Floats, after: Floats, errors: float) -> bool:
    """Whether a score per lesson fell by more than so many standard errors."""
    gain = before - after
    return bool(gain.mean() > errors * gain.std() / np.sqrt(len(gain)))


class _Trial:
    """Tables with and without the lessons, and the verdict on every lesson by tables that do not count it.

    Arrays: `C` causes, `D` pairs of finding and value ("columns"), `N` lessons.
    """

    def __init__(self, lessons: Sequence[Lesson], tables: Tables, prior_weight: float) -> None:
        self.plain = tables
        self.weight = prior_weight
        ranking = Ranking(tables)
        self.causes = ranking.causes
        self.right = np.array([ranking.index[lesson.cause] for lesson in lessons], dtype=int)
        self.precedents = Precedents(lessons, tables)
        self.present: Floats = self.precedents.matrix.astype(np.float64)
        """(N, D): 1 where the lesson has the value."""
        self.given: Floats = np.concatenate([*ranking.given.values()])
        """(D, C): probability of the value under the cause."""
        self.findings = {finding: at for at, finding in enumerate(ranking.given)}
        self.finding = np.array([self.findings[finding] for finding, _ in self.precedents.columns], dtype=int)
        """(D): number of the finding."""
        self.tempered: Floats = np.array([ranking.weight(finding) for finding, _ in self.precedents.columns])
        """(D): factor on its evidence."""
        self.trust: Floats = np.ones(len(lessons))
        for _ in range(ROUNDS):
            self._count()
            self.trust = _trust(self._posteriors(Strength(1.0, 1.0, 0.0)), self.right)
        self._count()
        self.precedents = Precedents(lessons, tables, self.trust)
        self.neighbours = self.precedents.without_each()

    def _count(self) -> None:
        truth = np.zeros((len(self.right), len(self.causes)))
        truth[np.arange(len(self.right)), self.right] = self.trust
        self.seen: Floats = truth.sum(axis=0)
        """(C): cases of each cause, each by its trust."""
        self.counts: Floats = self.present.T @ truth
        """(D, C): how often each value was seen under each cause."""
        totals = np.zeros((len(self.findings), len(self.causes)))
        np.add.at(totals, self.finding, self.counts)
        self.totals: Floats = totals[self.finding]
        """(D, C): how often its finding was seen at all."""

    def _prior(self, strength: Strength) -> Floats:
        return (self.weight * np.array(self.plain["prior"]) + strength.prior * self.seen) / (self.weight + strength.prior * self.seen.sum())

    def tables(self, strength: Strength) -> Tables:
        """The tables of the knowledge base with the counts added."""
        given = (self.weight * self.given + strength.likelihood * self.counts) / (self.weight + strength.likelihood * self.totals)
        rows = [given[self.finding == self.findings[finding]].tolist() for finding in self.plain["findings"]]
        return {**self.plain, "prior": self._prior(strength).tolist(), "given": rows}

    def _posteriors(self, strength: Strength) -> Floats:
        """(N, C + 1): probabilities of the causes of each lesson, judged without it. Rules are left out on both sides."""
        ranking = Ranking(self.tables(strength))
        evidence = np.stack([row for at, value in self.precedents.columns if (row := ranking.row(at, _back(value))) is not None])
        scores = np.tile(ranking.prior, (len(self.right), 1))
        scores[:, :-1] += self.present @ evidence + strength.precedents * (self.neighbours if strength.precedents else 0.0)
        own = np.arange(len(self.right)), self.right
        with_it, part = self.weight * np.array(self.plain["prior"])[self.right] + strength.prior * self.seen[self.right], strength.prior * self.trust
        scores[own] += np.log(with_it - part) - np.log(with_it)
        scores[own] += (self.present * self._taken_out(strength)).sum(axis=1)
        return np.exp(scores - scores.max(axis=1, keepdims=True)) / np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)

    def _taken_out(self, strength: Strength) -> Floats:
        """(N, D): what the evidence of each value for the cause of a lesson loses when that lesson is not counted, in nats."""
        part = (strength.likelihood * self.trust)[:, None] * self.present
        n = (self.weight * self.given + strength.likelihood * self.counts)[:, self.right].T
        total = (self.weight + strength.likelihood * self.totals)[:, self.right].T
        return self.tempered * (np.log(n - part) - np.log(n) - np.log(total - part) + np.log(total))

    def brier(self, strength: Strength) -> Floats:
        """(N): Brier score of each lesson over all causes (0 = perfect, 2 = certain and wrong)."""
        posteriors = self._posteriors(strength)
        posteriors[np.arange(len(self.right)), self.right] -= 1.0
        return (posteriors**2).sum(axis=1)


def _back(value: str) -> bool | str:
    return value == "true" if value in ("true", "false") else value


def _trust(posteriors: Floats, right: Floats) -> Floats:
    """Probability that each label is right: it is, unless one confirmation in ten names any other cause instead."""
    p = posteriors[np.arange(len(right)), right.astype(int)]
    good = (1.0 - WRONG) * p
    return good / (good + WRONG * (1.0 - p) / (posteriors.shape[1] - 2))
