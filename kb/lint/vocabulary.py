"""The knowledge base against the ids that the outside world speaks (`taxonomy.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from .finding import Finding
from .shelf import Shelf
from .taxonomy import Vocabulary

__all__ = ["check"]


def check(shelf: Shelf, contract: Vocabulary) -> Iterator[Finding]:
    """Ids of the contract that are missing, or that are something else here."""
    for kind, ids in (("causes", contract.causes), ("symptoms", contract.symptoms), ("facts", contract.facts)):
        for id in ids:
            if id not in shelf.ids[kind]:
                yield Finding(shelf.root / kind, 1, 1, "contract-id-missing", {"kind": kind, "entry": id})
    for id, cause in shelf.causes.items():
        yield from _differs(shelf, "causes", id, "group", cause.group, contract.causes.get(id))
    for id, symptom in shelf.symptoms.items():
        wanted = contract.symptoms.get(id)
        if wanted is not None and not set(wanted) <= set(symptom.seen_in):
            yield from _differs(shelf, "symptoms", id, "seen_in", symptom.seen_in, wanted)
        for at, metric in enumerate(symptom.seen_in):
            if metric not in contract.metrics and metric not in (wanted or ()):
                yield shelf.finding("unknown-id", "symptoms", id, "seen_in", at, name=metric, kinds="metrics", near="")
    for id, fact in shelf.facts.items():
        kind = contract.facts.get(id)
        if kind is not None:
            yield from _differs(shelf, "facts", id, "type", fact.type, kind.type)
            yield from _differs(shelf, "facts", id, "values", fact.values, kind.values)
            yield from _differs(shelf, "facts", id, "effort", fact.effort, kind.effort)


def _differs(shelf: Shelf, kind: str, id: str, field: str, here: str | tuple[str, ...], wanted: str | tuple[str, ...] | None) -> Iterator[Finding]:
    if wanted is not None and (set(here) != set(wanted) if isinstance(here, tuple) else here != wanted):
        yield shelf.finding("contract-differs", kind, id, field, field=field, here=_listed(here), wanted=_listed(wanted))


def _listed(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "-"
