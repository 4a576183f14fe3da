"""The reference cases that come with the product: told in the sources and in public training chronicles, in both languages.

They can be looked up beside a team's own cases and teach the engine nothing: what gets published is not what happens most.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, final

import numpy as np

from .case import Case, Lang
from .markdown import from_markdown
from .search import index_text
from .similar import LENGTH, fingerprint_of
from .store import Filter, Fingerprints, Sketch

__all__ = ["FOLDER", "Shelf", "is_reference", "shelf", "shown", "sketch_of"]

EVERYTHING = Filter()

FOLDER = Path(__file__).parent / "cases"


def is_reference(id: str) -> bool:
    """Whether this is the number of a reference case."""
    return id.startswith("LC-REF-")


def matches(sketch: Sketch, wanted: Filter) -> bool:
    """Whether a case is one of those wanted."""
    return (
        (wanted.cause is None or wanted.cause == (sketch.cause or sketch.guess))
        and (wanted.status is None or wanted.status == sketch.status)
        and (wanted.since is None or sketch.opened >= wanted.since)
    )


@final
class Shelf:
    """Cases in memory that can be looked up as those of a store can; nothing can be changed."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = {case.id: case for case in cases}
        self._sketches = {case.id: sketch_of(case)._replace(words=index_text(case)) for case in cases}
        rows = [fingerprint_of(case) for case in cases]
        self._fingerprints = Fingerprints([case.id for case in cases], np.array(rows, dtype=np.float32).reshape(len(rows), LENGTH))
        self._tokens = {id: set(sketch.words.split()) for id, sketch in self._sketches.items()}

    def get(self, id: str) -> Case | None:
        """The case with this id, or None."""
        return self._cases.get(id)

    def all(self) -> Iterator[Case]:
        """Every case, by number."""
        return iter(self._cases.values())

    def count(self, wanted: Filter = EVERYTHING) -> int:
        """How many there are."""
        return len(self.list(wanted))

    def list(self, wanted: Filter = EVERYTHING) -> list[Sketch]:
        """Cases, newest first."""
        found = [sketch for sketch in self._sketches.values() if matches(sketch, wanted)]
        return sorted(found, key=lambda sketch: sketch.opened, reverse=True)

    def fingerprints(self) -> Fingerprints:
        """What is known of the curves of all cases: their symptoms, for cases without a log."""
        return self._fingerprints

    def counts(self, tokens: Sequence[str]) -> dict[str, int]:
        """In how many cases each token stands."""
        return {token: sum(token in some for some in self._tokens.values()) for token in tokens}

    def cases(self, ids: Sequence[str]) -> list[Case]:
        """The cases with these ids, in this order."""
        return [self._cases[id] for id in ids if id in self._cases]

    def candidates(self, tokens: Sequence[str], wanted: Filter = EVERYTHING, *, limit: int = 200) -> list[Sketch]:
        """The cases that share most with `tokens`, rare ones counting more, best first."""
        rarity = {token: math.log(1.0 + len(self._tokens) / (0.5 + count)) for token, count in self.counts(tokens).items()}
        scored = [(sum(rarity[token] for token in tokens if token in some), id) for id, some in self._tokens.items()]
        found = [self._sketches[id] for score, id in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score > 0]
        return [sketch for sketch in found if matches(sketch, wanted)][:limit]


UNDATED = datetime.min.replace(tzinfo=UTC)


def _told(case: Case) -> datetime:
    """When what is told happened: the first day of the month or the year where no day is known."""
    when = case.source.when if case.source is not None else ""
    return datetime.fromisoformat((when + "-01-01")[:10]).replace(tzinfo=UTC) if when else UNDATED


class Shown(NamedTuple):
    """What a list shows of a case."""

    title: str
    day: str
    """Or the month or year; "" = not dated."""
    cause: str
    """Id, or in words; "" = not known."""


def shown(sketch: Sketch, lang: Lang) -> Shown:
    """A case as a list shows it: a reference case in the language of the reader, with the day of its source."""
    case = shelf().get(sketch.id) if is_reference(sketch.id) else None
    if case is None:
        return Shown(sketch.title, f"{sketch.opened:%Y-%m-%d}", sketch.cause or sketch.guess)
    told = case.told(lang)
    outside = " " in case.cause
    return Shown(told.title, case.source.when if case.source is not None else "", told.cause.partition("\n")[0] if outside else case.cause)


def sketch_of(case: Case) -> Sketch:
    """A case as lists know it, without the words it is found by; a reference case by the day of its source."""
    best = case.diagnosis.best() if case.diagnosis is not None else None
    return Sketch(
        id=case.id, title=case.title, lang=case.lang, status=case.status, opened=_told(case) if is_reference(case.id) else case.opened,
        cause=case.cause, guess=best[0] if best else "",
        symptoms=tuple(sign.id for sign in case.symptoms), words="",
    )  # fmt: skip


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """The reference cases, read once."""
    cases = [from_markdown(path.read_text("utf-8"), path.name) for path in FOLDER.glob("*.md")]
    return Shelf(sorted(cases, key=lambda case: case.id))
