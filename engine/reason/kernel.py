"""The inference kernel: what was told, what the rules make of it, and how both are taken back.

Compiled (`RuleSet`), facts and rules are integers, and every value of a fact knows what believing it does (`readings.py`): which rules it
*helps*, because one of their conditions holds, and which it *hurts*, because one of their exceptions does. In a `Memory` each rule counts what
it still *misses*: conditions that do not hold and exceptions that do. At zero it stands fired, and its conclusion has one more reason; a
conclusion stands while one reason stands, and a told value beats a derived one.

Telling and retracting are exact inverses, because both only move these counters, touch only rules that mention the fact, and rules have
no circles (refused when compiling), so that the counters come to rest, and at the same place whatever the order. All that falls falls before
anything rises, and that before what falls in turn because an exception (`unless`) has risen: in each such wave a rule moves at most once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from ...kb.model import Rule
from ...kb.order import in_order
from ...kb.plain import PlainRule
from .readings import NOTHING, Atom, Effect, Reading, Value

__all__ = ["Atom", "Memory", "RuleSet", "Value"]

Outcome = tuple[int, list[int], list[int]]
"""What a fired rule brings: the number of its conclusion, and the rules that the conclusion helps and hurts while it stands."""

NO_OUTCOME: Outcome = (0, [], [])

TOLD = 1 << 20
"""Reasons that a conclusion about a told fact has beside those from rules: so many that it neither falls nor rises by them."""


@final
class RuleSet:
    """Rules compiled for `Memory`; shared by any number of memories.

    `order`: what `in_order` says of these rules, when it is known already. Raises KnowledgeError when rules depend on each other in a circle.

    Every rule has one outcome. So a rule that concludes several things helps nameless rules, one for each; and when rules conclude several
    values for one fact, each value is believed by a nameless rule that has the other values as exceptions.
    """

    __slots__ = ("beliefs", "conclusions", "ids", "missing", "outcomes", "readings", "rules", "weighing")

    def __init__(self, rules: Mapping[str, Rule] | Mapping[str, PlainRule], order: list[str] | None = None) -> None:
        self.ids: list[str] = list(rules)
        self.rules: list[Rule | PlainRule] = list(rules.values())
        self.readings = {fact: Reading() for fact in (in_order(rules) if order is None else order)}
        self.missing = [len(rule.when) for rule in self.rules]
        """Per rule, how many conditions it has."""
        for number, rule in enumerate(self.rules):
            for fact, condition in rule.when.items():
                self.readings[fact].add(condition, number, False)
            for fact, condition in rule.unless.items():
                self.readings[fact].add(condition, number, True)
        thens = [rule.then for rule in self.rules]
        self.weighing = frozenset([number for number, then in enumerate(thens) if then.support or then.oppose or then.exclude])
        """Rules that speak for or against causes."""
        known: dict[tuple[str, Value, bool], int] = {}
        concluded: list[list[int]] = [[] for _ in thens]
        for then, numbers in zip(thens, concluded, strict=True):
            for fact, value in then.conclude.items():
                numbers.append(known.setdefault((fact, value, value is True or value is False), len(known) + 1))
        self.conclusions = 1 + len(known)
        """How many there are; number 0 is none."""
        self.beliefs: dict[str, list[tuple[Value, Outcome]]] = {}
        """Facts that rules conclude: each value, and what believing it brings."""
        outcomes = [NO_OUTCOME]
        for (fact, value, _), number in known.items():
            outcomes.append((number, *self.readings[fact].effect(value)))
            self.beliefs.setdefault(fact, []).append((value, outcomes[number]))
        self.outcomes = [NO_OUTCOME] * len(self.rules)
        """Per rule."""
        for fact, believed in self.beliefs.items():
            if len(believed) > 1:
                self.beliefs[fact] = self._contested(believed, outcomes)
        for rule, numbers in enumerate(concluded):
            if len(numbers) == 1:
                self.outcomes[rule] = outcomes[numbers[0]]
            elif numbers:
                self.outcomes[rule] = (self._conclusion(), [self._nameless(outcomes[number]) for number in numbers], [])

    def _contested(self, values: list[tuple[Value, Outcome]], outcomes: list[Outcome]) -> list[tuple[Value, Outcome]]:
        """Several values for one fact: let concluding each help a nameless rule for it and hurt those for the others. Returns what these bring."""
        believed = [(value, (self._conclusion(), helps, hurts)) for value, (_, helps, hurts) in values]
        verdicts = [self._nameless(outcome) for _, outcome in believed]
        for (_, (number, _, _)), verdict in zip(values, verdicts, strict=True):
            outcomes[number] = (number, [verdict], [other for other in verdicts if other != verdict])
        return believed

    def _conclusion(self) -> int:
        self.conclusions += 1
        return self.conclusions - 1

    def _nameless(self, outcome: Outcome) -> int:
        self.missing.append(1)
        self.outcomes.append(outcome)
        return len(self.missing) - 1


@final
class Memory:
    """What is believed now: told facts, what the rules make of them, and which rules stand fired."""

    __slots__ = ("_missing", "_said", "_support", "rules", "told", "touched")

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.told: dict[str, Value] = {}
        self.touched: list[int] | None = None
        """While it is a list, every rule that telling or taking back touches is added to it."""
        self._said: dict[str, Effect] = {}
        """Per told fact that rules mention, what its value does."""
        self._missing = list(rules.missing)
        """Per rule, how many conditions do not hold plus how many exceptions do."""
        self._support = [0] * rules.conclusions
        """Per conclusion, how many fired rules have it, and `TOLD` more while its fact is told."""

    def tell(self, fact: str, value: Value) -> None:
        """Believe that `fact` has `value`; an earlier value of the same fact is replaced. Rules fire to the fixpoint."""
        self.told[fact] = value
        reading = self.rules.readings.get(fact)
        if reading is None:
            return
        before = self._said.get(fact)
        if before is None:
            before = self._count(fact, TOLD) if fact in self.rules.beliefs else NOTHING
        self._said[fact] = after = reading.effect(value)
        self._settle(before, after)

    def retract(self, fact: str) -> None:
        """Take back what was told about `fact`; everything that rested on it alone falls too. Unknown facts are ignored."""
        self.told.pop(fact, None)
        before = self._said.pop(fact, None)
        if before is not None:
            self._settle(before, self._count(fact, -TOLD) if fact in self.rules.beliefs else NOTHING)

    def _count(self, fact: str, reasons: int) -> Effect:
        """Count so many reasons more for whatever rules conclude about `fact`. Returns the effect of what stands without being told."""
        standing = NOTHING
        for _, (number, helps, hurts) in self.rules.beliefs[fact]:
            self._support[number] += reasons
            if self._support[number] % TOLD:
                standing = (helps, hurts)
        return standing

    def value(self, fact: str) -> Value | None:
        """The believed value: the told one, else the derived one; None when there is none, or when rules derive two."""
        if fact in self.told:
            return self.told[fact]
        return next((value for value, outcome in self.rules.beliefs.get(fact, ()) if self._support[outcome[0]]), None)

    def derived(self) -> dict[str, Value]:
        """Facts that only rules say, with their values."""
        support = self._support
        return {fact: value for fact, values in self.rules.beliefs.items() for value, (number, _, _) in values if 0 < support[number] < TOLD}

    def stands(self, rule: int) -> bool:
        """Whether a rule stands fired."""
        return not self._missing[rule]

    @property
    def fired(self) -> list[int]:
        """Numbers of the rules that stand fired."""
        return [rule for rule, missing in enumerate(self._missing[: len(self.rules.ids)]) if not missing]

    def fired_rules(self) -> list[str]:
        """Ids of the rules that stand fired, in the order of the knowledge base."""
        return [self.rules.ids[rule] for rule in self.fired]

    def supports(self, fact: str) -> list[str]:
        """Ids of the fired rules that conclude something about `fact`."""
        return [self.rules.ids[rule] for rule in self.fired if fact in self.rules.rules[rule].then.conclude]

    def _settle(self, before: Effect, after: Effect) -> None:
        """Undo what `before` did and do what `after` does, and likewise whatever falls or rises by it."""
        missing, support, outcomes, touched = self._missing, self._support, self.rules.outcomes, self.touched
        helped, hurt = before
        helps, hurts = after
        falling, rising = helped + hurts, hurt + helps
        while True:
            for rule in falling:  # grows while it is read
                misses = missing[rule]
                missing[rule] = misses + 1
                if not misses:
                    conclusion, helps, hurts = outcomes[rule]
                    support[conclusion] = reasons = support[conclusion] - 1
                    if not reasons:
                        falling += helps
                        if hurts:
                            rising += hurts
            if touched is not None:
                touched += falling
            falling: list[int] = []
            for rule in rising:  # grows while it is read
                missing[rule] = misses = missing[rule] - 1
                if not misses:
                    conclusion, helps, hurts = outcomes[rule]
                    reasons = support[conclusion]
                    support[conclusion] = reasons + 1
                    if not reasons:
                        rising += helps
                        if hurts:
                            falling += hurts
            if touched is not None:
                touched += rising
            if not falling:
                return
            rising = []
