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
    evidence = _evidence(ranking, known.items())
    adjust, excluded = np.zeros(len(ranking.causes)), np.zeros(len(ranking.causes))
    effects: dict[int, tuple[Floats, Floats]] = {}
    for rule in memory.fired:
        then = memory.rules.rules[rule].then
        if not (then.support or then.oppose or then.exclude):
            continue
        effects[rule] = rule_effect(ranking, then)
        adjust += effects[rule][0]
        excluded += effects[rule][1]
    sums = np.tile(np.array([evidence, adjust, excluded]), (len(options), 1, 1))
    for at, (fact, value) in enumerate(options):
        before = memory.told.get(fact)
        happened = memory.tell(fact, value)
        changed = {fact}
        for rule in happened:
            number, sign = (rule, 1) if rule >= 0 else (~rule, -1)
            then = memory.rules.rules[number].then
            changed.update(then.conclude)
            if then.support or then.oppose or then.exclude:
                if number not in effects:
                    effects[number] = rule_effect(ranking, then)
                sums[at, 1] += sign * effects[number][0]
                sums[at, 2] += sign * effects[number][1]
        for one in changed:
            if one in ranking.values:
                _replace(ranking, sums[at, 0], one, known.get(one), memory.value(one))
        if before is None:
            memory.retract(fact)
        else:
            memory.tell(fact, before)
    scores = sums[:, 0] + np.clip(sums[:, 1], -RULE_BOUND, RULE_BOUND)
    scores[sums[:, 2] > 0.5] = EXCLUDED
    scores = ranking.prior + np.concatenate([scores, np.zeros((len(options), 1))], axis=1)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def rule_effect(ranking: Ranking, then: Then | PlainThen) -> tuple[Floats, Floats]:
    """Nats that a fired rule adds to each cause, before the bound on all rules together, and 1 for each cause that it excludes."""
    nats, excluded = np.zeros(len(ranking.causes)), np.zeros(len(ranking.causes))
    for words, sign in ((then.support, 1.0), (then.oppose, -1.0)):
        for cause, word in words.items():
            nats[ranking.index[cause]] += sign * WEIGHT[word]
    for cause in then.exclude:
        excluded[ranking.index[cause]] = 1.0
    return nats, excluded


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
