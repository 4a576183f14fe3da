"""Where the claims of the sources live: which entries cite which claim, and which claims have no place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from pydantic import BaseModel

from ..model import Claim
from .finding import Finding
from .shelf import Shelf

__all__ = ["Citation", "Coverage", "check", "coverage"]

CORRECTIONS = frozenset({"misconceptions", "disagreements", "wrong"})
"""Fields of an entry that hold corrected beliefs."""


class Citation(NamedTuple):
    """An entry that cites a claim; `corrects` = as a belief that it sets right."""

    kind: str
    id: str
    corrects: bool


class Coverage(NamedTuple):
    """Claims and the entries that cite them."""

    cited: dict[str, list[Citation]]
    """Every claim, with its entries."""
    homeless: list[str]
    """Claims that no entry cites."""
    uncorrected: list[str]
    """Disputed claims that no misconception cites."""
    unknown: dict[str, list[Citation]]
    """Cited ids that are no claims."""


def coverage(claims: Mapping[str, Claim], entries: Iterable[tuple[str, str, BaseModel]]) -> Coverage:
    """Which entries cite which claim. `entries`: kind, id and content of everything in the knowledge base."""
    cited: dict[str, list[Citation]] = {claim: [] for claim in claims}
    unknown: dict[str, list[Citation]] = {}
    for kind, id, entry in entries:
        if kind in ("claims", "weights", "glossary"):
            continue
        for claim, _, corrects in _citations(entry.model_dump(include=None), (), corrects=False):
            here = cited if claim in cited else unknown
            citation = Citation(kind, id, corrects)
            if citation not in here.setdefault(claim, []):
                here[claim].append(citation)
    return Coverage(
        cited,
        [claim for claim, by in cited.items() if not by],
        [claim for claim, what in claims.items() if what.disputed and cited[claim] and not any(by.corrects for by in cited[claim])],
        unknown,
    )


def check(shelf: Shelf) -> Iterator[Finding]:
    """Claims without a place, disputed ones without a correction, and citations of claims that do not exist."""
    found = coverage(shelf.claims, shelf.entries())
    for claim in found.homeless:
        yield shelf.finding("claim-uncited", "claims", claim, key=True)
    for claim in found.uncorrected:
        yield shelf.finding("claim-uncorrected", "claims", claim, key=True)
    for kind, id, entry in shelf.entries():
        if kind in ("claims", "weights", "glossary") or not shelf.ids["claims"]:
            continue
        for claim, location, _ in _citations(entry.model_dump(), (), corrects=False):
            if claim not in shelf.ids["claims"]:
                yield shelf.finding("unknown-id", kind, id, *location, name=claim, kinds="claims", near="")


def _citations(value: Any, location: tuple[str | int, ...], *, corrects: bool) -> Iterator[tuple[str, tuple[str | int, ...], bool]]:
    """Claim, where it is cited, and whether as a corrected belief."""
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield from _citations(item, (*location, key), corrects=corrects or key in CORRECTIONS)
    elif isinstance(value, list | tuple):
        named = bool(location) and location[-1] == "claims"
        for at, item in enumerate(cast("Iterable[Any]", value)):
            if named and isinstance(item, str):
                yield item, (*location, at), corrects
            else:
                yield from _citations(item, (*location, at), corrects=corrects)
