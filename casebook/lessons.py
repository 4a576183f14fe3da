"""What a confirmed case says to the engine: the cause, and the findings that were believed when it was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..engine.reason.kernel import Value
from ..kb import KnowledgeBase

if TYPE_CHECKING:
    from .case import Case

__all__ = ["SETUP_TOPICS", "Lesson", "key", "lesson", "lessons"]

SETUP_TOPICS = frozenset({"setup", "model", "learning_rate", "numerics", "environment"})
"""Topics of facts that describe how a run was set up rather than what happened to it. A team has habits (one optimizer, one
architecture): such a fact is counted only for a cause whose author expects it, else it would tell the team and not the cause."""


class Lesson(NamedTuple):
    """A confirmed case as it is counted."""

    id: str
    cause: str
    beliefs: Mapping[str, str]
    """Finding to value, as the tables of the engine name it."""


def key(value: Value) -> str:
    """A value as the tables name it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def lesson(case: Case, kb: KnowledgeBase) -> Lesson | None:
    """What `case` teaches; None when its cause is not confirmed, or none of the taxonomy."""
    if not case.confirmed or case.cause not in kb.names["causes"]:
        return None
    known: dict[str, Value] = {**case.observed, **case.facts, **{sign.id: True for sign in case.symptoms}}
    return Lesson(case.id, case.cause, countable(case.cause, known, kb))


def countable(cause: str, known: Mapping[str, Value], kb: KnowledgeBase) -> dict[str, str]:
    """The beliefs that count for a cause, out of all that is known."""
    expects = kb.cause(cause).expects
    facts = kb.plain["facts"]
    out: dict[str, str] = {}
    for id, value in known.items():
        fact = facts.get(id)
        if fact is not None and fact["topic"] in SETUP_TOPICS and fact["effort"] == "look" and id not in expects:
            continue
        out[id] = key(value)
    return out


def lessons(cases: Iterable[Case], kb: KnowledgeBase) -> list[Lesson]:
    """All that `cases` teach, in their order."""
    return [found for case in cases if (found := lesson(case, kb)) is not None]
