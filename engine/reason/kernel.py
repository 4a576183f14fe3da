"""The inference kernel: a working memory whose every fact has an origin, and rules that fire to a fixpoint and can be taken back.

Rules are compiled to integers. An *atom* is one thing that can be true: "optimizer is adam", "learning_rate >= 1". Telling a fact
makes atoms true or false; each atom knows the rules that wait for it (`need`) or are blocked by it (`blocked`). A rule fires while
nothing is needed and nothing blocks. Its conclusions are atoms with a support count: a conclusion stands while one reason stands.
Telling and retracting are exact inverses, because both only move counters and the rules have no cycles (checked when compiling).
Facts settle in the order of their rank, conditions before conclusions, so that no rule fires on what is about to change.
A told value beats a derived one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import final

from ...errors import KnowledgeError
from ...kb.model import Condition, Range, Rule
from ...kb.plain import Bounds, PlainCondition, PlainRule

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition on one fact."""

    fact: str
    values: tuple[Value, ...] = ()
    range: Range | Bounds | None = None

    @classmethod
    def of(cls, fact: str, condition: Condition | PlainCondition) -> Atom:
        """The atom of a condition as the knowledge base writes it."""
        if isinstance(condition, Range | Bounds):
            return cls(fact, range=condition)
        return cls(fact, condition if isinstance(condition, tuple) else (condition,))

    def holds(self, value: Value) -> bool:
        """Whether a fact with this value satisfies the condition."""
        if self.range is None:
            return any(v == value and isinstance(v, bool) == isinstance(value, bool) for v in self.values)
        if isinstance(value, bool | str):
            return False
        r = self.range
        return (
            (r.gt is None or value > r.gt) and (r.ge is None or value >= r.ge) and (r.lt is None or value < r.lt) and (r.le is None or value <= r.le)
        )


@final
class RuleSet:
    """Rules compiled for `Memory`; shared by any number of memories.

    Raises KnowledgeError when rules depend on each other in a circle.
    """

    __slots__ = ("atoms", "atoms_of", "blocks", "conclusions", "ids", "n_atoms", "need", "rank", "rules", "waits")

    def __init__(self, rules: Mapping[str, Rule] | Mapping[str, PlainRule]) -> None:
        self.ids: list[str] = list(rules)
        self.rules: list[Rule | PlainRule] = list(rules.values())
        self.atoms: list[Atom] = []
        self.atoms_of: dict[str, list[int]] = {}
        self.waits: list[list[int]] = []
        self.blocks: list[list[int]] = []
        self.need: list[int] = []
        self.conclusions: list[tuple[tuple[str, Value], ...]] = []
        known: dict[object, int] = {}
        for index, rule in enumerate(self.rules):
            self.need.append(len(rule.when))
            self.conclusions.append(tuple(rule.then.conclude.items()))
            for fact, condition in rule.when.items():
                self.waits[self._atom(known, fact, condition)].append(index)
            for fact, condition in rule.unless.items():
                self.blocks[self._atom(known, fact, condition)].append(index)
        self.n_atoms = len(self.atoms)
        self.rank: dict[str, int] = self._order()
        """Fact -> place in an order in which whatever a fact is concluded from comes before it."""

    def _atom(self, known: dict[object, int], fact: str, condition: Condition | PlainCondition) -> int:
        atom = Atom.of(fact, condition)
        key = (atom, tuple(isinstance(value, bool) for value in atom.values))  # True == 1, yet they are two conditions
        if key not in known:
            known[key] = len(self.atoms)
            self.atoms.append(atom)
            self.atoms_of.setdefault(fact, []).append(known[key])
            self.waits.append([])
            self.blocks.append([])
        return known[key]

    def _order(self) -> dict[str, int]:
        before: dict[str, set[str]] = {}
        for rule in self.rules:
            for concluded in rule.then.conclude:
                before.setdefault(concluded, set()).update(rule.when, rule.unless)
        try:
            return {fact: rank for rank, fact in enumerate(TopologicalSorter(before).static_order())}
        except CycleError as error:
            circle = " <- ".join(reversed(error.args[1]))
            raise KnowledgeError(f"rules:1:1: rules depend on each other in a circle: {circle}") from None


@final
class Memory:
    """What is believed now: told facts, what the rules make of them, and which rules stand fired."""

    __slots__ = ("_blocked", "_need", "_state", "_support", "fired", "rules", "told")

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.told: dict[str, Value] = {}
        self.fired: set[int] = set()
        self._support: dict[str, dict[Value, int]] = {}
        self._need = list(rules.need)
        self._blocked = [0] * len(rules.need)
        self._state = bytearray(rules.n_atoms)

    def tell(self, fact: str, value: Value) -> None:
        """Believe that `fact` has `value`; an earlier value of the same fact is replaced. Rules fire to the fixpoint."""
        self.told[fact] = value
        self._settle(fact)

    def retract(self, fact: str) -> None:
        """Take back what was told about `fact`; everything that rested on it alone falls too. Unknown facts are ignored."""
        if self.told.pop(fact, None) is not None:
            self._settle(fact)

    def value(self, fact: str) -> Value | None:
        """The believed value: the told one, else the derived one; None when there is none, or when rules derive two."""
        if fact in self.told:
            return self.told[fact]
        standing = [v for v, count in self._support.get(fact, {}).items() if count > 0]
        return standing[0] if len(standing) == 1 else None

    def derived(self) -> dict[str, Value]:
        """Facts that only rules say, with their values."""
        out: dict[str, Value] = {}
        for fact in self._support:
            if fact not in self.told and (value := self.value(fact)) is not None:
                out[fact] = value
        return out

    def fired_rules(self) -> list[str]:
        """Ids of the rules that stand fired, in the order of the knowledge base."""
        return [self.rules.ids[i] for i in sorted(self.fired)]

    def supports(self, fact: str) -> list[str]:
        """Ids of the fired rules that conclude something about `fact`."""
        return [self.rules.ids[i] for i in sorted(self.fired) if any(f == fact for f, _ in self.rules.conclusions[i])]

    def _settle(self, changed: str) -> None:
        queue = [(0, changed)]
        rules, state = self.rules, self._state
        while queue:
            _, fact = heappop(queue)
            value = self.value(fact)
            for atom in rules.atoms_of.get(fact, ()):
                now = value is not None and rules.atoms[atom].holds(value)
                if now == bool(state[atom]):
                    continue
                state[atom] = now
                step = 1 if now else -1
                for rule in rules.waits[atom]:
                    self._need[rule] -= step
                    self._update(rule, queue)
                for rule in rules.blocks[atom]:
                    self._blocked[rule] += step
                    self._update(rule, queue)

    def _update(self, rule: int, queue: list[tuple[int, str]]) -> None:
        fires = self._need[rule] == 0 and self._blocked[rule] == 0
        if fires == (rule in self.fired):
            return
        (self.fired.add if fires else self.fired.discard)(rule)
        for fact, value in self.rules.conclusions[rule]:
            support = self._support.setdefault(fact, {})
            support[value] = support.get(value, 0) + (1 if fires else -1)
            if support[value] == 0:
                del support[value]
            heappush(queue, (self.rules.rank[fact], fact))
