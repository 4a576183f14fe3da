"""Which question to ask next: the expected gain about the cause, per cost of finding out.

Gain of a question = mutual information between its answer and the cause, in bits. Its worth adds `SETTLE` times the expected rise of the
top probability: information alone prefers to split the field in halves, but a short interview should end with one cause ahead. For reports
in words alone it is the expected rise of the log probability of the true cause: of each cause, how likely it is, how likely its
reporter knows the answer, and how much the answer speaks for it (Kullback-Leibler), in bits, again over its price.

All questions are weighed at once: P(value | cause) of every value of every question stands in one matrix, question after question, so
that one product with the posterior gives the chance of every answer, and sums over the values of a question (`np.add.reduceat`) its gain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
import numpy.typing as npt

from ...kb.model import Effort
from ..observe.log import Floats
from .kernel import Atom, Value
from .ranking import Ranking

COST: dict[Effort, float] = {"look": 1.0, "check": 1.25, "rerun": 2.5}
"""Relative price of an answer. A check takes minutes, a re-run hours, but a decisive answer is worth either."""

ANSWERED: dict[Effort, float] = {"look": 0.97, "check": 0.85, "rerun": 0.3}
"""How often an owner can answer, by effort, where the knowledge base says nothing else (counted on the labelled runs)."""

SETTLE = 2.0
"""Bits that a rise of the top probability from 0 to 1 is worth. Held-out top-1 on labelled runs rises from 0.632 (0.5) to 0.636 (2)."""

SAME_TOPIC = 1.05
"""Factor on the worth of a question on the topic just talked about: people dislike to jump."""

RED_FLAG_CHANCE = 0.10
"""A red flag (hot GPU, corrupt checkpoint) is asked first while it is at least this likely: the run may have to be stopped."""

SURE = 0.95
"""Above this probability of the first cause no question is worth an interruption."""

TELLING = 1.0
"""Nats by which the answer to a question speaks, on average, for a cause that is at work: from here on the question settles that cause."""

LEAST_GAIN = 0.05
"""Bits below which an answer would not change the advice (engines.md 3.3: stop at 0.05 nat)."""

TELLTALE, MOSTLY, HARDLY = 0.3, 0.7, 0.1
"""Who reports in words alone can tell what was looked into, and that is above all what was at work: of 5,700 questions to the authors of
100 public reports the answer is known of 0.3 % where it hardly tells of the true cause, of 6 % at 0.2 nats, 13 % at 0.8, 46 % at 1.25, 68 % above
1.5; what a re-run would show is known nearly as often as the rest. `TELLTALE * nats ** 1.5`, at most `MOSTLY`, runs through these. It is at least
`HARDLY`: whoever is there can also have a look now. Held out, top 3 after five questions is 0.75 with it and 0.71 without."""

WITHHELD = 0.4
"""Share of that for what people volunteer: a report that is silent about it has little to say. In 154 reports such facts (task and
architecture apart) are stated 82 times, and could be asked for 18 times. Held out, top 1 and top 3 are higher by 0.01."""

RISE = 3.0
"""Bits that it is worth, in a report in words, when the true cause comes first, and again when it comes among the first three. What confirms
the leader moves neither: rivals are asked about. Held out on 154 reports, top 1 and top 3 are 0.74 and 0.83 with it, 0.72 and 0.79 without; with
10 they are 0.76 and 0.84, but then the leader is hardly ever asked about, and answers that people do have are not made use of."""

RIVALS = 20
"""Causes that one more answer may bring among the first three."""

Whole = npt.NDArray[np.intp]

TINY = 1e-300
"""Stands for the logarithm of nothing, which is multiplied by nothing."""


@dataclass(frozen=True, slots=True)
class Askable:
    """A fact that can be asked: which finding its answer informs, what it costs, and how likely there is an answer."""

    fact: str
    finding: str
    effort: Effort
    minutes: float
    topic: str
    red_flag: str | None
    known: float
    only_if: tuple[Atom, ...] = ()
    faults: frozenset[str] = frozenset()
    """Answers, as text, that are a fault in themselves."""
    volunteered: bool = False
    """Whether people who report say it unasked when there is something to say."""

    def applies(self, known: Mapping[str, Value]) -> bool:
        """Whether the question makes sense given what is believed."""
        return all(atom.fact in known and atom.holds(known[atom.fact]) for atom in self.only_if)


class Candidate(NamedTuple):
    """A question with its worth."""

    ask: Askable
    gain: float
    """Bits."""
    worth: float
    """Gain and settling power over cost, with the topic considered."""
    urgent: bool = False
    """A red flag that is likely enough to be asked before anything else."""


@final
class Questions:
    """The questions of a knowledge base, ready to be weighed; shared by any number of sessions."""

    def __init__(self, ranking: Ranking, askables: Iterable[Askable], *, reported: bool = False) -> None:
        """Questions whose finding `ranking` does not know are left out: their answer could not move anything.

        `reported`: they are put to the author of a report in words alone.
        """
        self.askables = tuple(sorted((a for a in askables if a.finding in ranking.given), key=lambda a: a.fact))
        tables = [_tempered(ranking, a.finding) for a in self.askables]
        self._given: Floats = np.ascontiguousarray(np.concatenate(tables).T) if tables else np.zeros((len(ranking.causes), 0))
        """(causes, values of all questions): P(value | cause) as the ranking weighs it."""
        sizes = [len(table) for table in tables]
        self._starts = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, dtype=np.intp)
        """Per question, the place of its first value."""
        self._doubt = self._sums(_surprise(self._given))
        """(causes, questions): entropy of the answer under each cause, in bits."""
        self._price = np.array([COST[a.effort] for a in self.askables])
        self._ease = np.array([a.known for a in self.askables]) / self._price
        self._topics = np.array([a.topic for a in self.askables])
        flags = [(i, ranking.values[a.finding].get(a.red_flag)) for i, a in enumerate(self.askables) if a.red_flag is not None]
        self._flagged = [(i, int(self._starts[i]) + at) for i, at in flags if at is not None]
        """Questions about red flags, with the place of the value that is one."""
        self._faulty: Floats = np.array([float(str(v).lower() in a.faults) for a in self.askables for v in ranking.values[a.finding]])
        """Per value of all questions, whether it is a fault in itself."""
        self._asked_by: dict[str, list[int]] = {}
        for i, a in enumerate(self.askables):
            for id in {a.fact, a.finding}:
                self._asked_by.setdefault(id, []).append(i)
        self._place = {a.fact: i for i, a in enumerate(self.askables)}
        self._telling: Floats = self._sums(self._given * (np.log(np.maximum(self._given, TINY)) - self._base(ranking)))
        """(causes, questions): nats by which the answer speaks for a cause that is at work, against the base rate (Kullback-Leibler)."""
        self._reported = reported
        if reported:
            known = np.clip(TELLTALE * np.maximum(self._telling, 0.0) ** 1.5, HARDLY, MOSTLY)
            known *= np.array([WITHHELD if a.volunteered else 1.0 for a in self.askables])
            self._known_given: Floats = self._given * np.repeat(known, np.diff([*self._starts, self._given.shape[1]]), axis=1)
            """(causes, values of all questions): P(the answer is known, and is this | cause)."""
            self._known_doubt: Floats = known * self._doubt
            self._given_causes, self._known_causes = np.ascontiguousarray(self._given.T), np.ascontiguousarray(self._known_given.T)
            """The same two with a row for each value: the causes of an answer lie side by side."""
        self._conditional = [(i, a) for i, a in enumerate(self.askables) if a.only_if]

    def rank(
        self, posterior: Floats, known: Mapping[str, Value], unknown: Collection[str] = (), last_topic: str | None = None
    ) -> list[Candidate]:
        """Open questions, likely red flags first, then the most worthwhile, then by name.

        `posterior`: probabilities of all causes and, last, of something else. Facts in `known` or `unknown`, and facts whose finding is
        known, are not asked, nor is what makes no sense given what is known.
        """
        open_ = self._open(known, unknown)
        if not len(open_):
            return []
        causes = posterior[:-1] / max(float(posterior[:-1].sum()), 1e-12)
        answers = causes @ self._given
        gain = np.maximum(self._sums(_surprise(answers)) - causes @ self._doubt, 0.0)
        if self._reported:
            worth = -self._sums(causes @ self._known_given * np.log2(np.maximum(answers, TINY))) - causes @ self._known_doubt
            worth = (worth + RISE * self._rise(causes)) / self._price
        else:
            settle = self._sums((self._given * causes[:, None]).max(axis=0)) - float(causes.max())
            worth = (gain + SETTLE * np.maximum(settle, 0.0)) * self._ease
        if last_topic is not None:
            worth[self._topics == last_topic] *= SAME_TOPIC
        urgent = np.zeros(len(self.askables), dtype=bool)
        for question, place in self._flagged:
            urgent[question] = answers[place] >= RED_FLAG_CHANCE
        order = open_[np.lexsort((-worth[open_], ~urgent[open_]))]  # a stable sort of what stands in the order of names
        places: list[int] = order.tolist()
        figures = zip(places, gain[order].tolist(), worth[order].tolist(), urgent[order].tolist(), strict=True)
        return [Candidate(self.askables[i], gained, worthy, pressing) for i, gained, worthy, pressing in figures]

    def revealing(self, posterior: Floats, known: Mapping[str, Value], unknown: Collection[str] = ()) -> str | None:
        """The open question that most likely brings a fault to light which the log hides, per cost; None when there is none."""
        open_ = self._open(known, unknown)
        if not len(open_):
            return None
        chance = self._sums((posterior[:-1] @ self._given) * self._faulty) * self._ease
        best = int(open_[chance[open_].argmax()])
        return self.askables[best].fact if chance[best] > 0.0 else None

    def chances(self, posterior: Floats) -> dict[str, list[float]]:
        """Fact -> how likely each answer is, in the order of the values of its finding."""
        causes = posterior[:-1] / max(float(posterior[:-1].sum()), 1e-12)
        answers: list[float] = (causes @ self._given).tolist()
        ends = [*self._starts.tolist(), len(answers)]
        return {a.fact: answers[ends[i] : ends[i + 1]] for i, a in enumerate(self.askables)}

    def settles(self, leader: int, candidates: Iterable[Candidate], known: Collection[str]) -> Candidate | None:
        """The open question that would settle the leading cause, when nothing that settles it is known; None when there is none.

        A log alone can make a cause look certain. Before the interview ends on it, its own tell-tale is asked.
        """
        telling = self._telling[leader]
        if any(telling[i] >= TELLING for id in known for i in self._asked_by.get(id, ())):
            return None
        open_ = [c for c in candidates if c.ask.effort != "rerun" and telling[self._place[c.ask.fact]] >= TELLING]
        return max(open_, key=lambda c: float(telling[self._place[c.ask.fact]]), default=None)

    def _rise(self, causes: Floats) -> Floats:
        """Per question, how much likelier its answer makes it that the true cause comes first, and again that it is among the first three;
        none when the answer is not known."""
        rivals = np.argsort(-causes)[:RIVALS]
        joint = self._given_causes.take(rivals, axis=1) * causes[rivals]
        known = self._known_causes.take(rivals, axis=1) * causes[rivals]
        ordered = np.sort(joint, axis=1)
        three = min(3, len(rivals))
        first, among = (np.einsum("ij,ij->i", joint >= ordered[:, -n, None], known) for n in (1, three))
        return self._sums(first + among - known[:, 0] - known[:, :three].sum(axis=1))

    def _base(self, ranking: Ranking) -> Floats:
        return np.log(np.concatenate([ranking.base[a.finding] for a in self.askables])) if self.askables else np.zeros(0)

    def _open(self, known: Mapping[str, Value], unknown: Collection[str]) -> Whole:
        closed = {i for id in known if id in self._asked_by for i in self._asked_by[id]}
        closed.update(i for i, a in self._conditional if i not in closed and not a.applies(known))
        closed.update(i for fact in unknown for i in self._asked_by.get(fact, ()) if self.askables[i].fact == fact)
        return np.array([i for i in range(len(self.askables)) if i not in closed], dtype=np.intp)

    def _sums(self, values: Floats) -> Floats:
        """Sums over the values of each question, along the last axis."""
        return np.add.reduceat(values, self._starts, axis=-1) if self.askables else values


def should_stop(candidates: list[Candidate], posterior: Floats) -> str | None:
    """Why to stop asking: "sure", "nothing_left" (no question is open), "no_gain" (none would change the advice), or None to go on."""
    if float(posterior[:-1].max()) >= SURE:
        return "sure"
    if not candidates:
        return "nothing_left"
    return "no_gain" if max(candidates, key=lambda c: c.worth).gain < LEAST_GAIN else None


def _tempered(ranking: Ranking, finding: str) -> Floats:
    """P(value | cause) by the exponent of the finding: flattened towards the base rate as far as it says less than its counts claim.

    The temperature corrects probabilities of causes, not of answers: with it, held-out top 1 on labelled runs is lower by 0.01.
    """
    raw = ranking.base[finding][:, None] * np.exp(ranking.weight(finding) / ranking.temperature * ranking.evidence[finding])
    return raw / raw.sum(axis=0)


def _surprise(p: Floats) -> Floats:
    """Term of the entropy of each probability, in bits."""
    return -p * np.log2(np.maximum(p, TINY))
