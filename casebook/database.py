"""What a casebook needs of the database it lies in: the one place where SQLite and PostgreSQL differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Database", "Note"]

Note = tuple[str, Mapping[str, object]]
"""Message id of the catalogue, and what fills its placeholders."""


class Database(Protocol):
    """A connection. SQL is written with `?` for parameters. Everything raises StoreError for what goes wrong."""

    where: str
    notes: tuple[Note, ...]
    read_only: bool

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows; inside `writing` as part of that transaction."""
        ...

    def run(self, sql: str, *parameters: Any) -> None:
        """Run one statement that answers nothing; an error in it may show only when `writing` is left."""
        ...

    def stream(self, sql: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a large answer, one after another, as they all were at one moment."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """One transaction: on disk when the block is left, nothing of it there when it is left by an exception. A block within a block
        is part of the outer one."""
        ...

    def index(self, no: int, tokens: Sequence[str], before: Sequence[str] | None) -> None:
        """Let case `no` be found by `tokens`; `before` = those it was found by so far, None for a new case."""
        ...

    def counts(self, tokens: Sequence[str], most: int) -> Mapping[str, int]:
        """In how many cases each token stands, counted up to `most` + 1."""
        ...

    def postings(self, tokens: Sequence[str]) -> Mapping[str, np.ndarray]:
        """The numbers (int64) of the cases that each token stands in."""
        ...

    def newest_with_all(self, tokens: Sequence[str], most: int) -> np.ndarray:
        """The numbers (int64) of at most `most` cases that all tokens stand in, newest first."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
