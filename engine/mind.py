"""The knowledge base compiled for reasoning: rules, ranking and questions, shared by all sessions."""

from __future__ import annotations

from functools import cached_property, lru_cache

from ..kb import KnowledgeBase, load, plain
from ..kb.likelihood import Tables, carried_over
from .reason.kernel import Atom, RuleSet
from .reason.questions import ANSWERED, Askable, Questions
from .reason.ranking import Ranking

__all__ = ["Mind", "mind"]


class Mind:
    """A knowledge base compiled for reasoning about runs whose log was read, and, as `told`, about reports in words alone.

    Whoever tells of a fault names little of what a log would show, and what people meet is not what is injected into runs: rules are the
    same, tables and the choice of questions are not.
    """

    def __init__(self, kb: KnowledgeBase, tables: Tables | None = None) -> None:
        """`tables` replace those of the knowledge base (fitting, learning); what they change is changed for reports in words as well."""
        self.kb = kb
        self.rules = RuleSet(plain.rules(kb.plain), kb.plain["order"])
        self.faults = {id: frozenset(fact.fault) for id, fact in plain.facts(kb.plain).items() if fact.fault}
        """Fact -> values (as text) that are a fault in themselves."""
        self._tables = tables

    @cached_property
    def ranking(self) -> Ranking:
        """Causes by probability."""
        return Ranking(self._tables or self.kb.tables)

    @cached_property
    def questions(self) -> Questions:
        """What to ask."""
        return Questions(self.ranking, _askables(self.kb, self.ranking))

    @cached_property
    def told(self) -> Mind:
        """The same knowledge, for reports in words alone."""
        return _Told(self)


class _Told(Mind):
    def __init__(self, logged: Mind) -> None:
        self.kb, self.rules, self.faults, self._tables = logged.kb, logged.rules, logged.faults, logged._tables

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(self.kb.told if self._tables is None else carried_over(self.kb.tables, self._tables, self.kb.told))

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.ranking, _askables(self.kb, self.ranking), reported=True)

    @cached_property
    def told(self) -> Mind:
        return self


def _askables(kb: KnowledgeBase, ranking: Ranking) -> list[Askable]:
    out: list[Askable] = []
    for id, fact in plain.facts(kb.plain).items():
        if fact.finding in ranking.given:
            known = fact.known if fact.known is not None else ANSWERED[fact.effort]
            only_if = tuple(Atom.of(other, condition) for other, condition in fact.only_if.items())
            faults = frozenset(fact.fault or ())
            out.append(Askable(id, fact.finding, fact.effort, fact.minutes, fact.topic, fact.red_flag, known, only_if, faults, fact.volunteered))
    return out


@lru_cache(maxsize=1)
def mind() -> Mind:
    """The product's own knowledge, compiled once."""
    return Mind(load())
