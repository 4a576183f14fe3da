"""What every casebook can do, wherever it lies: the one face of SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .case import Case, Lang, Status
from .database import Note

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Filter", "Fingerprints", "Index", "Sketch", "Store"]

Index = Callable[[Case], str]
"""A case to the tokens that it is found by, with blanks between them (`search.index_text`)."""


class Filter(NamedTuple):
    """Which cases are wanted; None = whatever."""

    cause: str | None = None
    """Confirmed cause, or where none is confirmed the likeliest one of the diagnosis."""
    status: Status | None = None
    since: datetime | None = None
    """Opened then or later."""


class Sketch(NamedTuple):
    """What a list shows of a case and the search needs to rank it, read without decoding the whole."""

    id: str
    title: str
    """In the language of the case."""
    lang: Lang
    status: Status
    opened: datetime
    cause: str
    """Confirmed; "" = not yet."""
    guess: str
    """Likeliest cause of the diagnosis; "" = no diagnosis."""
    symptoms: tuple[str, ...]
    words: str
    """What it is found by (`search.index_text`)."""


class Fingerprints(NamedTuple):
    """The curves of all cases that have some and are not withdrawn or superseded."""

    ids: list[str]
    matrix: np.ndarray
    """(cases, length) float32, one row a case; rows shorter than the longest are filled up with NaN."""


class Store(Protocol):
    """A casebook. Everything may raise StoreError, whose message says what, where, and the way out.

    Several processes may use one at the same time: what was returned is on disk, and is seen by all.
    """

    @property
    def where(self) -> str:
        """Path or address, for people; without a password."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is worth knowing about how it was opened, as message ids of the catalogue with their values."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether it can only be looked up."""
        ...

    def add(self, case: Case, *, by: str = "", what: str = "opened") -> Case:
        """File a new case: it gets the next number of its year (unless it brings an `id`), a `uid`, and its first history entry
        (unless it brings a history). Returns it as filed.

        A `uid` that is there already is the same case filed twice: the one that is there is returned, nothing is written. A number
        that is taken by another case raises ConflictError.
        """
        ...

    def put(self, case: Case, *, expected: str, by: str = "", what: str = "edited") -> Case:
        """Replace a case by a new version of it. `expected` is the `rev` that the change was made on: ConflictError when the case
        has moved on since. Returns it as filed, with the new history entry (unless it brings one beyond `expected`)."""
        ...

    def together(self) -> AbstractContextManager[None]:
        """Everything that is filed within is filed together: all of it, or nothing when it is left by an exception."""
        ...

    def get(self, id: str) -> Case | None:
        """The case with this id, or None."""
        ...

    def cases(self, ids: Sequence[str]) -> list[Case]:
        """The cases with these ids, in this order; ids that do not exist are left out."""
        ...

    def by_uid(self, uid: str) -> Case | None:
        """The case with this uid, or None."""
        ...

    def list(self, wanted: Filter = ..., *, limit: int | None = None, offset: int = 0) -> list[Sketch]:
        """Cases, newest first."""
        ...

    def count(self, wanted: Filter = ...) -> int:
        """How many there are."""
        ...

    def candidates(self, tokens: Sequence[str], wanted: Filter = ..., *, limit: int = 200) -> list[Sketch]:
        """The cases that share most with `tokens`, rare ones counting more, best first: what the search then ranks."""
        ...

    def counts(self, tokens: Sequence[str]) -> dict[str, int]:
        """In how many cases each token stands, counted up to 8,001: above that it is common. In a large casebook it may be an estimate."""
        ...

    def sketches(self, ids: Sequence[str]) -> list[Sketch]:
        """The cases with these ids, in this order; ids that do not exist are left out."""
        ...

    def fingerprints(self) -> Fingerprints:
        """The curves of all cases, kept in memory until something changes."""
        ...

    def all_confirmed(self) -> Iterator[Case]:
        """Every case whose cause is confirmed and that is neither withdrawn nor superseded, in the order they were resolved."""
        ...

    def all(self) -> Iterator[Case]:
        """Every case, by number."""
        ...

    def history(self, id: str) -> Sequence[Case]:
        """Every version of a case as it was, oldest first; empty when there is no such case."""
        ...

    def stamp(self) -> int:
        """A number that is another one after every change: for whoever keeps something in memory."""
        ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...
