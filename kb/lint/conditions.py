"""What the conditions of a rule allow, as sets: whether they can hold at all, together with others, or only when others hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Condition, Fact, Observation, Range, Rule, Scalar

__all__ = ["TRUTH", "Allowed", "Domains", "Span", "implies", "possible", "together"]


TRUTH = frozenset({"true", "false"})
"""The values of what is either so or not."""


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers between two bounds, each inside or outside."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def within(self, other: Span) -> bool:
        """Whether every number of this span lies in `other`."""
        low = self.low > other.low or (self.low == other.low and (self.low_open or not other.low_open))
        high = self.high < other.high or (self.high == other.high and (self.high_open or not other.high_open))
        return self.empty or (low and high)

    def meet(self, other: Span) -> Span:
        """The numbers that lie in both."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Span(low, high, low_open, not high_closed)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values that a condition lets through: some of a finite set, or spans of numbers."""

    values: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing gets through."""
        return not self.values and all(span.empty for span in self.spans)

    def within(self, other: Allowed) -> bool:
        """Whether `other` lets everything through that this does."""
        return self.values <= other.values and all(any(mine.within(theirs) for theirs in other.spans) for mine in self.spans)

    def meets(self, other: Allowed) -> bool:
        """Whether some value gets through both."""
        return bool(self.values & other.values) or any(not a.meet(b).empty for a in self.spans for b in other.spans)


class Domains:
    """The values that every finding of a knowledge base can have."""

    def __init__(self, symptoms: Mapping[str, object], facts: Mapping[str, Fact], observations: Mapping[str, Observation]) -> None:
        """From the entries by id."""
        self._all: dict[str, Allowed] = dict.fromkeys(symptoms, Allowed(TRUTH))
        for id, fact in facts.items():
            if fact.type == "number":
                low = -math.inf if fact.minimum is None else fact.minimum
                high = math.inf if fact.maximum is None else fact.maximum
                self._all[id] = Allowed(spans=(Span(low, high),))
            else:
                self._all[id] = Allowed(frozenset(fact.values or ("true", "false")))
        for id, observation in observations.items():
            self._all[id] = Allowed(frozenset(observation.values))

    def of(self, id: str) -> Allowed | None:
        """All that `id` can be; None when there is no such finding."""
        return self._all.get(id)

    def values(self, id: str) -> list[str]:
        """Its values in words, for messages; empty for numbers."""
        allowed = self._all.get(id)
        return sorted(allowed.values) if allowed else []

    def allowed(self, id: str, condition: Condition) -> Allowed:
        """What of its values the condition lets through: impossible ones are left out."""
        whole = self._all.get(id, Allowed())
        if isinstance(condition, Range):
            high_open, low_open = condition.lt is not None, condition.gt is not None
            low = max((x for x in (condition.gt, condition.ge) if x is not None), default=-math.inf)
            high = min((x for x in (condition.lt, condition.le) if x is not None), default=math.inf)
            met = (Span(low, high, low_open, high_open).meet(span) for span in whole.spans)
            return Allowed(spans=tuple(span for span in met if not span.empty))
        wanted = condition if isinstance(condition, tuple) else (condition,)
        points = [Span(float(v), float(v)) for v in wanted if isinstance(v, int | float) and not isinstance(v, bool)]
        spans = tuple(point for point in points if any(point.within(span) for span in whole.spans))
        return Allowed(whole.values & {written(v) for v in wanted}, spans)

    def fits(self, id: str, value: Scalar) -> bool:
        """Whether `id` can have this value. A bool is not the word of the same spelling, nor the other way round."""
        whole = self._all.get(id, Allowed())
        if isinstance(value, bool):
            return whole.values == TRUTH
        if isinstance(value, str):
            return value in whole.values - TRUTH
        return any(Span(float(value), float(value)).within(span) for span in whole.spans)


def written(value: Scalar) -> str:
    """A value as the tables of the knowledge base write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def possible(rule: Rule, domains: Domains) -> str | None:
    """The finding because of which the rule can never fire, or None when it can."""
    for id, condition in rule.when.items():
        needed = domains.allowed(id, condition)
        if needed.empty:
            return id
        if id in rule.unless and needed.within(domains.allowed(id, rule.unless[id])):
            return id
    return None


def implies(a: Rule, b: Rule, domains: Domains) -> bool:
    """Whether `b` fires whenever `a` does."""
    for id, condition in b.when.items():
        if id not in a.when or not domains.allowed(id, a.when[id]).within(domains.allowed(id, condition)):
            return False
    for id, condition in b.unless.items():
        blocked = domains.allowed(id, condition)
        known_otherwise = id in a.when and not domains.allowed(id, a.when[id]).meets(blocked)
        blocks_a_too = id in a.unless and blocked.within(domains.allowed(id, a.unless[id]))
        if not known_otherwise and not blocks_a_too:
            return False
    return True


def together(a: Rule, b: Rule, domains: Domains) -> bool:
    """Whether some facts make both rules fire."""
    for id, condition in a.when.items():
        needed = domains.allowed(id, condition)
        if id in b.when and not needed.meets(domains.allowed(id, b.when[id])):
            return False
        if id in b.unless and needed.within(domains.allowed(id, b.unless[id])):
            return False
    return not any(id in a.unless and domains.allowed(id, condition).within(domains.allowed(id, a.unless[id])) for id, condition in b.when.items())
