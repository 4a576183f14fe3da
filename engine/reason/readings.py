"""What the values of a fact do to the rules: conditions, and which of them a value satisfies.

Equal values and lists of values are looked up; numbers by the interval they fall into, cut where some range begins or ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import inf
from typing import Any, cast, final

from ...kb.model import Condition, Range
from ...kb.plain import PlainCondition

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
    if isinstance(condition, Range | dict):
        return None
    if isinstance(condition, tuple | list):
        listed = cast("Iterable[Value]", condition)
        return {(value, type(value) is bool): value for value in listed}.values()
    return (condition,)


def bounds_of(condition: Any) -> Bounds:
    """The bounds of a range."""
    return Bounds(**(condition.model_dump(exclude_none=True) if isinstance(condition, Range) else condition))


Effect = tuple[list[int], list[int]]
"""What believing a value does: the rules that it helps, by a condition that it satisfies, and those that it hurts, by an exception."""

NOTHING: Effect = ([], [])


@final
class Reading:
    """What each value of one fact does."""

    __slots__ = ("_conditions", "_cuts", "_exact", "_ranges", "_segments", "_yes_no")

    def __init__(self) -> None:
        self._conditions: list[tuple[Condition | PlainCondition, int, bool]] = []
        """Conditions that are not yes or no, with their rule and whether they are exceptions; sorted by value when the fact is first told."""
        self._exact: dict[Value, Effect] = {}
        self._yes_no: tuple[Effect, Effect] = ([], []), ([], [])
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
                effect = self._yes_no[value] if value is True or value is False else self._exact.setdefault(value, ([], []))
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
            helps, hurts = self._exact.get(value, NOTHING)
            effect: Effect = ([*helps], [*hurts])
            self._segments[segment] = effect
            for bounds, rule, exception in self._ranges:
                if bounds.hold(value):
                    effect[exception].append(rule)
        return self._segments[segment]
