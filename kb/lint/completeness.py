"""What an entry must have beyond what the schema asks for, so that it is of use at three in the morning."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Cause, Interview
from .finding import Finding
from .shelf import Shelf

__all__ = ["check"]

DEAREST = {"look": 0, "check": 1, "rerun": 2}


def check(shelf: Shelf) -> Iterator[Finding]:
    """All gaps."""
    for id, cause in shelf.causes.items():
        yield from _cause(shelf, id, cause)
    for id, symptom in shelf.symptoms.items():
        for field in ("thresholds", "is_not", "usual_causes"):
            if not getattr(symptom, field):
                yield shelf.finding("section-missing", "symptoms", id, field, field=field)
        yield from _aliases(shelf, "symptoms", id, symptom.aliases.en, symptom.aliases.zh)
    for id, fact in shelf.facts.items():
        wanted = ("true", "false") if fact.type == "bool" else fact.values
        for value in wanted:
            if value not in fact.labels:
                yield shelf.finding("section-missing", "facts", id, "labels", key=True, field=f"labels.{value}")
    for id, observation in shelf.observations.items():
        for value in observation.values:
            if value not in observation.labels:
                yield shelf.finding("section-missing", "observations", id, "labels", key=True, field=f"labels.{value}")
    for id, interview in shelf.interviews.items():
        yield from _interview(shelf, id, interview)
    used = {fix for cause in shelf.causes.values() for fix in (*cause.now, *cause.for_good)}
    for id in shelf.fixes:
        if id not in used:
            yield shelf.finding("fix-unused", "fixes", id, key=True)


def _cause(shelf: Shelf, id: str, cause: Cause) -> Iterator[Finding]:
    for field in ("mistaken_for", "examples", "references", "expects"):
        if not getattr(cause, field):
            yield shelf.finding("section-missing", "causes", id, field, field=field)
    yield from _aliases(shelf, "causes", id, cause.aliases.en, cause.aliases.zh)
    if not any(check_.code for check_ in cause.confirm):
        yield shelf.finding("section-missing", "causes", id, "confirm", key=True, field="confirm.code")
    efforts = [DEAREST[check_.effort] for check_ in cause.confirm]
    for at in range(1, len(efforts)):
        if efforts[at] < efforts[at - 1]:
            yield shelf.finding("dear-before-cheap", "causes", id, "confirm", at, "effort", effort=cause.confirm[at].effort)
    for at, item in enumerate(cause.misconceptions):
        if item.claims and item.reference is None:  # who contradicts a source names a better one
            yield shelf.finding("section-missing", "causes", id, "misconceptions", at, field="misconceptions.reference")


def _interview(shelf: Shelf, id: str, interview: Interview) -> Iterator[Finding]:
    for field, items in (("points", interview.points), ("wrong", interview.wrong)):
        for at, item in enumerate(items):
            for lang, words in (("en", item.aliases.en), ("zh", item.aliases.zh)):
                if not words:
                    yield shelf.finding("section-missing", "interviews", id, field, at, field=f"{field}.{item.id}.aliases.{lang}")
    for at, item in enumerate(interview.points):
        if item.must and item.follow_up is None:
            yield shelf.finding("section-missing", "interviews", id, "points", at, field=f"points.{item.id}.follow_up")


def _aliases(shelf: Shelf, kind: str, id: str, en: tuple[str, ...], zh: tuple[str, ...]) -> Iterator[Finding]:
    for lang, words in (("en", en), ("zh", zh)):
        if not words:
            yield shelf.finding("section-missing", kind, id, "aliases", key=True, field=f"aliases.{lang}")
