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

STEPS = 128
"""Bits in which evidence is let in to see what each piece does to the odds; the error is some thousandths of a decibel."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one finding or rule does to the odds of one cause, in nats, after tempering."""

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

    def contributions(self, cause: str, beliefs: Mapping[str, Value], memory: Memory) -> list[Contribution]:
        """Everything that speaks for or against a cause, largest first; what moves it by less than `FAINT` nats is left out.

        The nats add up to the way from the prior odds of the cause to its odds now. What a piece of evidence does to the odds depends on the
        rivals that are left; so all of it is let in together, bit by bit, and weighed against the rivals as they stand on the way. Causes that
        rules exclude leave before that, and what their leaving is worth is the rule's. Rules that hit `RULE_BOUND` together share what is left
        of their effect. For a cause that is itself excluded, this is how it would have come out.
        """
        at = self.index[cause]
        adjust, excluded = self.rule_effects(memory)
        bounded = np.clip(adjust, -RULE_BOUND, RULE_BOUND)
        share = np.divide(bounded, adjust, out=np.ones_like(adjust), where=adjust != 0.0)
        rows = {finding: row for finding, value in beliefs.items() if (row := self.row(finding, value)) is not None}
        rivals = np.ones(len(self.prior), dtype=bool)
        rivals[[at, *excluded]] = False
        total = np.append(sum(rows.values(), bounded), 0.0)
        way = self.prior + np.linspace(0.5 / STEPS, 1 - 0.5 / STEPS, STEPS)[:, None] * total
        weights = np.where(rivals, np.exp(way - way.max(axis=1, where=rivals, initial=-np.inf, keepdims=True)), 0.0)
        against = (weights / weights.sum(axis=1, keepdims=True)).mean(axis=0)[:-1]
        found = [Contribution(finding, beliefs[finding], self.kinds[finding], float(row[at] - row @ against)) for finding, row in rows.items()]
        prior = np.exp(self.prior)
        gone, relief = 1.0 - prior[at] - prior[rivals].sum(), np.log((1.0 - prior[at]) / prior[rivals].sum())
        for rule in memory.fired:
            then = memory.rules.rules[rule].then
            effect = np.zeros(len(self.causes))
            self._add_effect(then, effect)
            effect *= share
            nats = float(effect[at] - effect @ against)
            for other in then.exclude:
                if other != cause:
                    nats += float(relief * prior[self.index[other]] / gone / excluded.count(self.index[other]))
            found.append(Contribution(memory.rules.ids[rule], True, "rule", nats))
        return sorted((c for c in found if abs(c.nats) > FAINT), key=lambda c: -abs(c.nats))


def softmax(scores: Floats) -> Floats:
    """Probabilities from log scores."""
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()
