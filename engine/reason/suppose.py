"""What the ranking would be if something were told: many hypothetical answers at once, each through the real rules, none of which stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ...kb.model import WEIGHT, Then
from ...kb.plain import PlainThen
from ..observe.log import Floats
from .kernel import Memory, Value
from .ranking import EXCLUDED, RULE_BOUND, Ranking

__all__ = ["options_of", "rule_effect", "suppose"]


def suppose(ranking: Ranking, memory: Memory, options: Sequence[tuple[str, Value]]) -> Floats:
    """(options, causes + 1): the probabilities if each (fact, value) alone were told beside what is believed; `memory` is left as it was.

    The evidence of what changes is added to and taken from the present sum; the answers of a whole interview take a few milliseconds.
    """
    known = {**memory.told, **memory.derived()}
    weighing = memory.rules.weighing
    derivable = [fact for fact in memory.rules.beliefs if fact in ranking.values]
    effects: dict[int, Floats] = {}

    def effect(rule: int) -> Floats:
        if rule not in effects:
            effects[rule] = rule_effect(ranking, memory.rules.rules[rule].then)
        return effects[rule]

    stood = weighing.intersection(memory.fired)
    present = np.zeros((3, len(ranking.causes)))
    present[0] = _evidence(ranking, known.items())
    for rule in stood:
        present[1:] += effect(rule)
    sums = np.tile(present, (len(options), 1, 1))
    touched: list[int] = []
    memory.touched = touched
    for at, (fact, value) in enumerate(options):
        before = memory.told.get(fact)
        touched.clear()
        memory.tell(fact, value)
        for one in {fact, *derivable}:
            _replace(ranking, sums[at, 0], one, known.get(one), memory.value(one))
        for rule in weighing.intersection(touched):
            if memory.stands(rule) != (rule in stood):
                sums[at, 1:] += effect(rule) if rule not in stood else -effect(rule)
        if before is None:
            memory.retract(fact)
        else:
            memory.tell(fact, before)
    memory.touched = None
    scores = sums[:, 0] + np.clip(sums[:, 1], -RULE_BOUND, RULE_BOUND)
    scores[sums[:, 2] > 0.5] = EXCLUDED
    scores = ranking.prior + np.concatenate([scores, np.zeros((len(options), 1))], axis=1)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def rule_effect(ranking: Ranking, then: Then | PlainThen) -> Floats:
    """(2, causes): nats that a fired rule adds to each cause, before the bound on all rules together, and 1 for each cause that it excludes."""
    nats, excluded = effect = np.zeros((2, len(ranking.causes)))
    for words, sign in ((then.support, 1.0), (then.oppose, -1.0)):
        for cause, word in words.items():
            nats[ranking.index[cause]] += sign * WEIGHT[word]
    for cause in then.exclude:
        excluded[ranking.index[cause]] = 1.0
    return effect


def _evidence(ranking: Ranking, known: Iterable[tuple[str, Value]]) -> Floats:
    total = np.zeros(len(ranking.causes))
    for finding, value in known:
        row = ranking.row(finding, value)
        if row is not None:
            total += row
    return total


def _replace(ranking: Ranking, total: Floats, finding: str, before: Value | None, after: Value | None) -> None:
    if before == after and type(before) is type(after):
        return
    if before is not None and (row := ranking.row(finding, before)) is not None:
        total -= row
    if after is not None and (row := ranking.row(finding, after)) is not None:
        total += row


def options_of(values: Mapping[str, int]) -> list[Value]:
    """The values of a finding as facts have them: yes and no as bool."""
    return [{"true": True, "false": False}.get(value, value) for value in values]
