"""The examples that causes and rules carry, run through the real engine: facts in, rank or conclusion out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..engine.mind import Mind
from ..engine.reason.kernel import Memory
from ..engine.session import Session
from ..kb import KnowledgeBase, load
from ..kb.base import ROOT, compile_all
from ..kb.lint import Finding, Shelf
from ..kb.model import Example, RuleExample

__all__ = ["failing", "fires", "rank"]


def rank(mind: Mind, cause: str, example: Example) -> int:
    """The place (1 = first) that a cause comes to in an example of its own."""
    session = Session(with_mind=mind)
    for symptom in example.symptoms:
        session.memory.tell(symptom, True)
    for fact, value in example.facts.items():
        if fact in mind.kb.names["facts"]:
            session.tell(fact, value)
        else:
            session.memory.tell(fact, value)
    posterior = mind.ranking.posterior(session.known(), session.memory)[:-1]
    own = posterior[mind.ranking.index[cause]]
    return 1 + int((posterior > own).sum())


def fires(mind: Mind, rule: str, example: RuleExample) -> bool:
    """Whether a rule fires in an example of its own."""
    memory = Memory(mind.rules)
    for fact, value in example.given.items():
        memory.tell(fact, value)
    return rule in memory.fired_rules()


def failing(root: Path) -> Iterator[Finding]:
    """A finding for every example under `root` that does not come out as it says."""
    kb = load() if root == ROOT else KnowledgeBase(*compile_all(root))  # the cache keeps the product's own knowledge only
    mind, shelf = Mind(kb), Shelf(root)
    for id in kb.ids("causes"):
        for at, example in enumerate(kb.cause(id).examples):
            place = rank(mind, id, example)
            if place > example.rank:
                yield shelf.finding(
                    "example-fails", "causes", id, "examples", at, wording="rank", example=example.name, place=place, wanted=example.rank
                )
    for id in kb.ids("rules"):
        for at, example in enumerate(kb.rule(id).examples):
            if fires(mind, id, example) != example.fires:
                yield shelf.finding("example-fails", "rules", id, "examples", at, wording="stays" if example.fires else "fires")
