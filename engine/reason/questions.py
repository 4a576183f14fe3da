"""Which question to ask next: the expected gain about the cause, per cost of finding out.

Gain of a question = mutual information between its answer and the cause, in bits. Its worth adds `SETTLE` times the expected rise of the
top probability: information alone prefers to split the field in halves, but a short interview should end with one cause ahead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

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

RED_FLAG_CHANCE = 0.10
"""A red flag (hot GPU, corrupt checkpoint) is asked first while it is at least this likely: the run may have to be stopped."""

SURE = 0.95
"""Above this probability of the first cause no question is worth an interruption."""

LEAST_GAIN = 0.05
"""Bits below which an answer would not change the advice (engines.md 3.3: stop at 0.05 nat)."""


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

    def applies(self, known: Mapping[str, Value]) -> bool:
        """Whether the question makes sense given what is believed."""
        return all(atom.fact in known and atom.holds(known[atom.fact]) for atom in self.only_if)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question with its worth."""

    ask: Askable
    gain: float
    """Bits."""
    worth: float
    """Gain and settling power over cost, with the topic considered."""
    urgent: bool = False
    """A red flag that is likely enough to be asked before anything else."""


def rank_questions(
    ranking: Ranking, posterior: Floats, askables: Collection[Askable], known: Mapping[str, Value], last_topic: str | None = None
) -> list[Candidate]:
    """Open questions, likely red flags first, then the most worthwhile. Facts in `known`, and facts whose finding is known, are not asked."""
    causes = posterior[:-1] / max(float(posterior[:-1].sum()), 1e-12)
    top = float(causes.max())
    out: list[Candidate] = []
    for ask in askables:
        if ask.fact in known or ask.finding in known or ask.finding not in ranking.given or not ask.applies(known):
            continue
        given = _tempered(ranking, ask.finding)
        joint = given * causes
        answer = joint.sum(axis=1)
        gain = _entropy(answer) - float(_entropy_columns(given) @ causes)
        settle = float((joint.max(axis=1)).sum()) - top
        worth = (gain + SETTLE * max(settle, 0.0)) * ask.known / COST[ask.effort]
        at = ranking.values[ask.finding].get(ask.red_flag) if ask.red_flag is not None else None
        urgent = at is not None and float(answer[at]) >= RED_FLAG_CHANCE
        if ask.topic == last_topic:
            worth *= 1.05
        out.append(Candidate(ask, max(gain, 0.0), worth, urgent))
    return sorted(out, key=lambda c: (not c.urgent, -c.worth, c.ask.fact))


def should_stop(candidates: list[Candidate], posterior: Floats) -> str | None:
    """Why to stop asking: "sure", "no_gain", or None to go on."""
    if float(posterior[:-1].max()) >= SURE:
        return "sure"
    if not candidates or max(candidates, key=lambda c: c.worth).gain < LEAST_GAIN:
        return "no_gain"
    return None


def _tempered(ranking: Ranking, finding: str) -> Floats:
    """P(value | cause) as the ranking really weighs it: flattened towards the base rate by the finding's tempering."""
    weight = ranking.weight(finding)
    raw = ranking.base[finding][:, None] * np.exp(weight * ranking.evidence[finding])
    return raw / raw.sum(axis=0)


def _entropy(p: Floats) -> float:
    return float(-(p * np.log2(np.maximum(p, 1e-300))).sum())


def _entropy_columns(p: Floats) -> Floats:
    return -(p * np.log2(np.maximum(p, 1e-300))).sum(axis=0)
