"""The inference kernel: what was told, what the rules make of it, and how both are taken back.

Compiled (`RuleSet`), facts and rules are integers, and every value of a fact knows what believing it does: which rules it *helps*
(one of their conditions holds) and which it *hurts* (one of their exceptions holds). Numbers are looked up by the interval they fall
into. In a `Memory` each rule counts what it still *misses*: conditions that do not hold and exceptions that do. At zero it stands fired,
and each of its conclusions has one more support; a conclusion stands while one reason stands, and a told value beats a derived one.

Telling and retracting are exact inverses, because both only move these counters, touch only rules that mention the fact, and rules have
no circles (refused when compiling). Facts are numbered so that whatever a fact is concluded from comes before it, and settle in that
order: no rule fires on what is about to change, also when an exception (`unless`) is itself a conclusion.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from typing import Any, NamedTuple, final

from ...kb.model import Condition, Range, Rule
from ...kb.order import in_order
from ...kb.plain import PlainCondition, PlainRule

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number must be: every bound that is given must hold."""

    gt: float = -inf
    ge: float = -inf
    lt: float = inf
    le: float = inf

    def hold(self, value: float) -> bool:
        """Whether `value` is within all bounds."""
        return self.gt < value < self.lt and self.ge <= value <= self.le


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition on one fact."""

    fact: str
    values: tuple[Value, ...] = ()
    range: Bounds | None = None

    @classmethod
    def of(cls, fact: str, condition: Condition | PlainCondition) -> Atom:
        """The atom of a condition as the knowledge base writes it."""
        values = values_of(condition)
        return cls(fact, range=bounds_of(condition)) if values is None else cls(fact, tuple(values))

    def holds(self, value: Value) -> bool:
        """Whether a fact with this value satisfies the condition."""
        if self.range is None:
            return any(v == value and isinstance(v, bool) == isinstance(value, bool) for v in self.values)
        return not isinstance(value, WORDS) and self.range.hold(value)


WORDS = (bool, str)


def values_of(condition: Any) -> Collection[Value] | None:
    """The values that satisfy a condition as the knowledge base writes it, each once; None when it is a range."""
    kind: object = type(condition)  # pyright: ignore[reportUnknownVariableType] - by type, because isinstance asks the metaclass of pydantic
    if kind is Range or kind is dict:
        return None
    if kind is tuple or kind is list:
        return {(value, type(value) is bool): value for value in condition}.values()
    return (condition,)


def bounds_of(condition: Any) -> Bounds:
    """The bounds of a range."""
    return Bounds(**(condition.model_dump(exclude_none=True) if isinstance(condition, Range) else condition))


class Effect(NamedTuple):
    """What believing a value does: the rules with a condition that it satisfies, and those with an exception that it satisfies."""

    helps: list[int]
    hurts: list[int]


NOTHING = Effect([], [])


@final
class Reading:
    """What each value of one fact does."""

    __slots__ = ("_conditions", "_cuts", "_exact", "_ranges", "_segments", "_yes_no", "fact")

    def __init__(self, fact: int) -> None:
        self.fact = fact
        self._conditions: list[tuple[Condition | PlainCondition, int, bool]] = []
        """Conditions that are not yes or no, with their rule and whether they are exceptions; sorted by value when the fact is first told."""
        self._exact: dict[Value, Effect] = {}
        self._yes_no = Effect([], []), Effect([], [])
        """What False and True do: apart from `_exact`, because True == 1, yet they are two values."""
        self._ranges: list[tuple[Bounds, int, bool]] = []
        self._cuts: list[float] = []
        self._segments: dict[int, Effect] = {}
        """Numbers between two neighbouring cuts do the same, and so does each cut: their effect, once it was needed."""

    def add(self, condition: Condition | PlainCondition, rule: int, exception: bool) -> None:
        """A condition that `rule` has on the fact, or an exception."""
        if condition is True or condition is False:
            self._yes_no[condition][exception].append(rule)
        else:
            self._conditions.append((condition, rule, exception))

    def _sort(self) -> None:
        """Sort the conditions by the values that satisfy them."""
        for condition, rule, exception in self._conditions:
            values = values_of(condition)
            if values is None:
                self._ranges.append((bounds_of(condition), rule, exception))
                continue
            for value in values:
                if value is True or value is False:
                    effect = self._yes_no[value]
                elif (effect := self._exact.get(value)) is None:
                    self._exact[value] = effect = Effect([], [])
                effect[exception].append(rule)
        self._conditions.clear()
        bounds = {bound for b, _, _ in self._ranges for bound in (b.gt, b.ge, b.lt, b.le)}
        self._cuts = sorted(bounds.union(v for v in self._exact if not isinstance(v, str))) if bounds else []

    def effect(self, value: Value) -> Effect:
        """What believing `value` does."""
        if self._conditions:
            self._sort()
        if value is True or value is False:
            return self._yes_no[value]
        if self._ranges and not isinstance(value, str):
            return self._number(value)
        return self._exact.get(value, NOTHING)

    def _number(self, value: float) -> Effect:
        at = bisect_left(self._cuts, value)
        segment = 2 * at + (at < len(self._cuts) and self._cuts[at] == value)
        if segment not in self._segments:
            exact = self._exact.get(value, NOTHING)
            self._segments[segment] = effect = Effect([*exact.helps], [*exact.hurts])
            for bounds, rule, exception in self._ranges:
                if bounds.hold(value):
                    effect[exception].append(rule)
        return self._segments[segment]


class Conclusion(NamedTuple):
    """A value that some rule concludes for a fact."""

    number: int
    value: Value
    effect: Effect


@final
class RuleSet:
    """Rules compiled for `Memory`; shared by any number of memories.

    `order`: what `in_order` says of these rules, when it is known already. Raises KnowledgeError when rules depend on each other in a circle.
    """

    __slots__ = ("alone", "concluded", "conclusions", "derivable", "facts", "ids", "missing", "readings", "results", "rules", "subject")

    def __init__(self, rules: Mapping[str, Rule] | Mapping[str, PlainRule], order: list[str] | None = None) -> None:
        self.ids: list[str] = list(rules)
        self.rules: list[Rule | PlainRule] = list(rules.values())
        self.facts = in_order(rules) if order is None else order
        """Facts that rules mention; whatever a fact is concluded from comes before it."""
        self.readings = {fact: Reading(number) for number, fact in enumerate(self.facts)}
        self.missing = [len(rule.when) for rule in self.rules]
        """Per rule, how many conditions it has."""
        for number, rule in enumerate(self.rules):
            for fact, condition in rule.when.items():
                self.readings[fact].add(condition, number, False)
            for fact, condition in rule.unless.items():
                self.readings[fact].add(condition, number, True)
        self.concluded: list[list[Conclusion]] = [[] for _ in self.facts]
        """Per fact, the values that rules conclude for it."""
        self.subject: list[int] = []
        """Per conclusion, the fact it is about."""
        self.results: list[Effect] = []
        """Per conclusion, what believing it does."""
        known: dict[object, int] = {}
        self.conclusions = [[self._conclusion(known, fact, value) for fact, value in rule.then.conclude.items()] for rule in self.rules]
        """Per rule, the numbers of its conclusions."""
        self.alone = [known[0].number if len(known) == 1 else -1 for known in self.concluded]
        """Per fact, the only conclusion there can be about it, or -1."""
        self.derivable = [fact for fact, known in enumerate(self.concluded) if known]

    def _conclusion(self, known: dict[object, int], fact: str, value: Value) -> int:
        key = (fact, value, isinstance(value, bool))
        number = known.get(key)
        if number is None:
            known[key] = number = len(self.subject)
            reading = self.readings[fact]
            effect = reading.effect(value)
            self.subject.append(reading.fact)
            self.results.append(effect)
            self.concluded[reading.fact].append(Conclusion(number, value, effect))
        return number


@final
class Memory:
    """What is believed now: told facts, what the rules make of them, and which rules stand fired.

    `tell` and `retract` return what happened to rules, in order: the number of each that fired, and `~number` of each that fell.
    """

    __slots__ = ("_effects", "_is_told", "_missing", "_support", "rules", "told")

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.told: dict[str, Value] = {}
        self._is_told = bytearray(len(rules.facts))
        self._effects = [NOTHING] * len(rules.facts)
        """Per fact, the effect of the value that is believed."""
        self._missing = list(rules.missing)
        """Per rule, how many conditions do not hold plus how many exceptions do."""
        self._support = [0] * len(rules.subject)
        """Per conclusion, how many fired rules conclude it."""

    def tell(self, fact: str, value: Value) -> list[int]:
        """Believe that `fact` has `value`; an earlier value of the same fact is replaced. Rules fire to the fixpoint."""
        self.told[fact] = value
        reading = self.rules.readings.get(fact)
        if reading is None:
            return []
        self._is_told[reading.fact] = True
        return self._settle(reading.fact, reading.effect(value))

    def retract(self, fact: str) -> list[int]:
        """Take back what was told about `fact`; everything that rested on it alone falls too. Unknown facts are ignored."""
        reading = self.rules.readings.get(fact)
        if self.told.pop(fact, None) is None or reading is None:
            return []
        self._is_told[reading.fact] = False
        standing = self._standing(reading.fact) if self.rules.concluded[reading.fact] else None
        return self._settle(reading.fact, standing.effect if standing else NOTHING)

    def value(self, fact: str) -> Value | None:
        """The believed value: the told one, else the derived one; None when there is none, or when rules derive two."""
        if fact in self.told:
            return self.told[fact]
        reading = self.rules.readings.get(fact)
        standing = self._standing(reading.fact) if reading else None
        return standing.value if standing else None

    def derived(self) -> dict[str, Value]:
        """Facts that only rules say, with their values."""
        found = ((fact, self._standing(fact)) for fact in self.rules.derivable if not self._is_told[fact])
        return {self.rules.facts[fact]: standing.value for fact, standing in found if standing}

    @property
    def fired(self) -> list[int]:
        """Numbers of the rules that stand fired."""
        return [rule for rule, missing in enumerate(self._missing) if not missing]

    def fired_rules(self) -> list[str]:
        """Ids of the rules that stand fired, in the order of the knowledge base."""
        return [self.rules.ids[rule] for rule in self.fired]

    def supports(self, fact: str) -> list[str]:
        """Ids of the fired rules that conclude something about `fact`."""
        return [self.rules.ids[rule] for rule in self.fired if fact in self.rules.rules[rule].then.conclude]

    def _standing(self, fact: int) -> Conclusion | None:
        """The only conclusion about `fact` that has a support, if there is just one."""
        standing = [conclusion for conclusion in self.rules.concluded[fact] if self._support[conclusion.number]]
        return standing[0] if len(standing) == 1 else None

    def _settle(self, fact: int, effect: Effect) -> list[int]:
        """Give `fact` this effect, and then every fact that is concluded from it, in order, the effect that follows."""
        effects, missing, support, rules = self._effects, self._missing, self._support, self.rules
        conclusions, subject = rules.conclusions, rules.subject
        happened: list[int] = []
        queue: list[int] = []
        while True:
            before = effects[fact]
            if effect is not before:
                effects[fact] = effect
                for rule in before.helps + effect.hurts if effect.hurts else before.helps:
                    misses = missing[rule]
                    missing[rule] = misses + 1
                    if not misses:
                        happened.append(~rule)
                        for number in conclusions[rule]:
                            support[number] -= 1
                            if not support[number]:
                                heappush(queue, subject[number])
                for rule in before.hurts + effect.helps if before.hurts else effect.helps:
                    missing[rule] = misses = missing[rule] - 1
                    if not misses:
                        happened.append(rule)
                        for number in conclusions[rule]:
                            if not support[number]:
                                heappush(queue, subject[number])
                            support[number] += 1
            while queue:
                fact = heappop(queue)
                if not self._is_told[fact]:
                    break
            else:
                return happened
            number = rules.alone[fact]
            if number >= 0:
                effect = rules.results[number] if support[number] else NOTHING
            else:
                standing = self._standing(fact)
                effect = standing.effect if standing else NOTHING
