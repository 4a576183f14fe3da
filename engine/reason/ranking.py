"""Causes ranked by posterior probability, every contribution named.

    score(c) = log prior(c) + T * sum over groups g of a_g * sum over findings f in g of log P(f | c) / P(f | whatever the cause)
               + bounded adjustments of fired rules;          probability = softmax(score) over causes and "something else"

"Something else" expects every finding as often as it is seen whatever the cause, so it has no evidence of its own; its prior is
`ELSE_PRIOR`. A fired rule may exclude a cause altogether, and is then its proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from ...kb.likelihood import Tables
from ...kb.model import WEIGHT, Then
from ...kb.plain import PlainThen
from ..observe.log import Floats
from .kernel import Memory, Value

ELSE_PRIOR = 0.03
"""Prior of "none of these": the share of public reports whose confirmed cause is outside the taxonomy is of this order."""

RULE_BOUND = 1.5
"""All rules together move a cause by at most this many nats (a factor of 4.5): evidence decides, rules adjust."""

FAINT = 0.05
"""Nats (0.2 decibans) below which a contribution is not worth a line."""

EXCLUDED = -1e9


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one finding or rule does to one cause: nats against the average of the other causes, after tempering."""

    id: str
    value: Value
    kind: str
    nats: float


@final
class Ranking:
    """Likelihood tables as arrays, and the posterior for a set of beliefs. Shared by any number of sessions."""

    def __init__(self, tables: Tables) -> None:
        self.causes = tables["causes"]
        self.findings = tables["findings"]
        self.kinds = dict(zip(self.findings, tables["kinds"], strict=True))
        self.groups = dict(zip(self.findings, tables["groups"], strict=True))
        self.values = {f: {v: i for i, v in enumerate(vs)} for f, vs in zip(self.findings, tables["values"], strict=True)}
        self.given: dict[str, Floats] = {f: np.array(rows) for f, rows in zip(self.findings, tables["given"], strict=True)}
        """Finding -> (values, causes): probability of each value under each cause."""
        self.base: dict[str, Floats] = {f: np.array(row) for f, row in zip(self.findings, tables["base"], strict=True)}
        self.evidence: dict[str, Floats] = {f: np.log(self.given[f]) - np.log(self.base[f])[:, None] for f in self.findings}
        self.prior: Floats = np.log(np.array([*(np.array(tables["prior"]) * (1 - ELSE_PRIOR)), ELSE_PRIOR]))
        self.temperature = tables["temperature"]
        self.exponents = tables["exponents"]
        self.index = {cause: i for i, cause in enumerate(self.causes)}

    def weight(self, finding: str) -> float:
        """Factor on the evidence of a finding: temperature times its own exponent, or that of its group."""
        return self.temperature * self.exponents.get(finding, self.exponents.get(self.groups[finding], 1.0))

    def row(self, finding: str, value: Value) -> Floats | None:
        """Evidence of one finding for every cause, in nats, tempered; None when the value says nothing."""
        key = str(value).lower() if isinstance(value, bool) else str(value)
        at = self.values.get(finding, {}).get(key)
        return None if at is None else self.weight(finding) * self.evidence[finding][at]

    def scores(self, beliefs: Mapping[str, Value], memory: Memory) -> Floats:
        """Log scores of all causes and, last, of something else."""
        total = np.zeros(len(self.causes))
        for finding, value in beliefs.items():
            row = self.row(finding, value)
            if row is not None:
                total += row
        adjust, excluded = self.rule_effects(memory)
        total += np.clip(adjust, -RULE_BOUND, RULE_BOUND)
        total[excluded] = EXCLUDED
        return self.prior + np.append(total, 0.0)

    def rule_effects(self, memory: Memory) -> tuple[Floats, list[int]]:
        """Nats that fired rules add to each cause, and the causes that they exclude."""
        adjust = np.zeros(len(self.causes))
        excluded: list[int] = []
        for i in memory.fired:
            then = memory.rules.rules[i].then
            self._add_effect(then, adjust)
            excluded.extend(self.index[cause] for cause in then.exclude)
        return adjust, excluded

    def _add_effect(self, then: Then | PlainThen, adjust: Floats) -> None:
        for cause, word in then.support.items():
            adjust[self.index[cause]] += WEIGHT[word]
        for cause, word in then.oppose.items():
            adjust[self.index[cause]] -= WEIGHT[word]

    def posterior(self, beliefs: Mapping[str, Value], memory: Memory) -> Floats:
        """Probabilities of all causes and, last, of something else; they sum to 1."""
        return softmax(self.scores(beliefs, memory))

    def contributions(self, cause: str, beliefs: Mapping[str, Value], memory: Memory, posterior: Floats) -> list[Contribution]:
        """Everything that speaks for or against a cause, largest first; what moves it by less than `FAINT` nats is left out.

        The nats of a finding or rule are its evidence for this cause minus the average evidence for the others, weighted by their
        probability. Rules that hit `RULE_BOUND` together share what is left of their effect, so that everything adds up: the log
        prior against that average plus all nats is the score against the average score of the others.
        """
        at = self.index[cause]
        others = posterior[:-1].copy()
        others[at] = 0.0
        if others.sum() <= 0:
            others[:] = 1.0
            others[at] = 0.0
        others /= max(float(others.sum()), 1e-300)
        out: list[Contribution] = []
        for finding, value in beliefs.items():
            row = self.row(finding, value)
            if row is None:
                continue
            nats = float(row[at] - row @ others)
            if abs(nats) > FAINT:
                out.append(Contribution(finding, value, self.kinds[finding], nats))
        adjust, _ = self.rule_effects(memory)
        share = np.divide(np.clip(adjust, -RULE_BOUND, RULE_BOUND), adjust, out=np.ones_like(adjust), where=adjust != 0.0)
        for i in sorted(memory.fired):
            effect = np.zeros(len(self.causes))
            self._add_effect(memory.rules.rules[i].then, effect)
            effect *= share
            nats = float(effect[at] - effect @ others)
            if abs(nats) > FAINT:
                out.append(Contribution(memory.rules.ids[i], True, "rule", nats))
        return sorted(out, key=lambda c: -abs(c.nats))


def softmax(scores: Floats) -> Floats:
    """Probabilities from log scores."""
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()
