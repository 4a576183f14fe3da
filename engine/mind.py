"""The knowledge base compiled for reasoning: rules, ranking and questions, shared by all sessions."""

from __future__ import annotations

from functools import lru_cache

from ..kb import KnowledgeBase, load, plain
from ..kb.likelihood import Tables
from .reason.kernel import Atom, RuleSet
from .reason.questions import ANSWERED, Askable, Questions
from .reason.ranking import Ranking

__all__ = ["Mind", "mind"]


class Mind:
    """A knowledge base compiled for reasoning; shared by all sessions. `tables` replace those of the knowledge base (fitting, learning)."""

    def __init__(self, kb: KnowledgeBase, tables: Tables | None = None) -> None:
        self.kb = kb
        self.ranking = Ranking(tables or kb.tables)
        self.rules = RuleSet(plain.rules(kb.plain), kb.plain["order"])
        self.questions = Questions(self.ranking, self._askables())
        self.faults = {id: frozenset(fact.fault) for id, fact in plain.facts(kb.plain).items() if fact.fault}
        """Fact -> values (as text) that are a fault in themselves."""

    def _askables(self) -> list[Askable]:
        out: list[Askable] = []
        for id, fact in plain.facts(self.kb.plain).items():
            if fact.finding in self.ranking.given:
                known = fact.known if fact.known is not None else ANSWERED[fact.effort]
                only_if = tuple(Atom.of(other, condition) for other, condition in fact.only_if.items())
                faults = frozenset(fact.fault or ())
                out.append(Askable(id, fact.finding, fact.effort, fact.minutes, fact.topic, fact.red_flag, known, only_if, faults))
        return out


@lru_cache(maxsize=1)
def mind() -> Mind:
    """The product's own knowledge, compiled once."""
    return Mind(load())
