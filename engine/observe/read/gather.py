"""Numbers as they are found, one after another, by column and row, in a bounded amount of memory: what readers of lines collect into."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from .store import Cells, Store

__all__ = ["Gather", "Pending"]

CHUNK = 250_000
"""Rows that are collected before they are handed to the store."""


class Pending:
    """The numbers of one column that are not in the store yet."""

    __slots__ = ("index", "rows", "values")

    def __init__(self, index: int) -> None:
        self.index = index
        self.rows = array("q")
        self.values = array("d")

    def cells(self, rows: int) -> Cells:
        """All of them, and the column is empty again."""
        where, values = np.array(self.rows, dtype=np.int64), np.array(self.values, dtype=np.float64)
        self.rows, self.values = array("q"), array("d")
        return (None if len(where) == rows else where), values


class Gather:
    """Rows in the making. `row` is the current one, counted within the chunk; `next` closes it."""

    def __init__(self) -> None:
        self.row = 0
        self.columns: list[Pending] = []
        self._store = Store(0)
        self._marks: list[int] = []

    @property
    def rows(self) -> int:
        """How many rows are kept, with those still pending; of a finished one, all."""
        return self._store.rows + self.row

    @property
    def seen(self) -> int:
        """How many rows came."""
        return self._store.seen + self.row

    def column(self) -> Pending:
        """A new column."""
        column = Pending(len(self.columns))
        self.columns.append(column)
        return column

    def mark(self) -> None:
        """The current row is one that something is said about: it stays, and `marks` says where."""
        self._marks.append(self.row)

    def next(self) -> None:
        """Go on to the next row."""
        self.row += 1
        if self.row >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._store.widen(len(self.columns))
        self._store.add(self.row, [column.cells(self.row) for column in self.columns], [mark for mark in self._marks if mark < self.row])
        self._marks = [mark - self.row for mark in self._marks if mark >= self.row]
        self.row = 0

    def finish(self) -> None:
        """No more rows will come."""
        if self.row:
            self._flush()
        self._store.widen(len(self.columns))

    def take(self, column: Pending) -> Cells:
        """Rows (None: all) and values of `column` after `finish`; they are forgotten here."""
        return self._store.take(column.index)

    def marks(self) -> list[int]:
        """The marked rows; one behind the last row where nothing came after a mark."""
        return [*self._store.marks, *(self._store.rows + mark for mark in self._marks)]

    def numbers(self) -> NDArray[np.int64] | None:
        """Which rows of the file are kept; None = all of them."""
        return self._store.numbers()
