"""The cells of a table while it is being read, column by column, in a bounded amount of memory.

A table of more than `FULL` rows is thinned: of every few rows those stay in which some column has its smallest, its largest or its first
broken value, beside the first row; and all of them where a column leaps, so that it can be told exactly where. What stays are rows of
the file, with their own values. Why, and what it costs: docs/reading-large-logs.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..curve import MAD_TO_SIGMA, changes, median
from ..log import Floats

__all__ = ["BIN", "FULL", "MAX_CELLS", "Cells", "Store"]

FULL = 1_000_000
"""So many rows are kept as they are."""
MAX_CELLS = 32 << 20
"""Numbers that are kept at most, a quarter of a gigabyte of them; then the bins are made wider."""
BIN = 32
"""Rows of which a few stay: at most two, and two for each column."""
COARSER = 4
LEAP = 8.0
"""A smallest or largest value of a bin that differs from its neighbour's by so many times the usual difference (scaled median absolute
deviation) is a leap: normal noise gives one in a million bins."""
LEAPS_SHARE = 0.02
"""In more bins than this share there is no leap but a habit; the greatest ones count."""

Cells = tuple[NDArray[np.int64] | None, Floats]
"""The rows of one column that have a value (None = all of them), and the values."""


class _Column:
    """One column, piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[tuple[int, int, Cells]] = []
        """First row, number of rows, cells."""
        self.count = 0

    def add(self, start: int, n: int, cells: Cells) -> None:
        if len(cells[1]):
            self.pieces.append((start, n, cells))
            self.count += len(cells[1])

    def cells(self, rows: int) -> Cells:
        if len(self.pieces) == 1:
            start, n, (where, values) = self.pieces[0]
            values = values if values.flags.writeable else values.copy()
            if self.count == rows:
                return None, values
            return (np.arange(n, dtype=np.int64) if where is None else where) + start, values
        values = np.concatenate([np.empty(0), *(values for _, _, (_, values) in self.pieces)])
        if self.count == rows:
            return None, values
        where = [np.arange(a, a + n, dtype=np.int64) if r is None else r + a for a, n, (r, _) in self.pieces]
        return np.concatenate([np.empty(0, dtype=np.int64), *where]), values


class Store:
    """Rows as they come in, piece by piece; `rows` says how many are kept, `seen` how many came."""

    def __init__(self, width: int) -> None:
        self.rows = 0
        self.seen = 0
        self.marks: list[int] = []
        """Rows that something was said about (a repeated header): they are renumbered with the rest."""
        self._numbers: list[NDArray[np.int64]] = []
        self._columns = [_Column() for _ in range(width)]
        self._bin = 1

    def add(self, rows: int, columns: Sequence[Cells], marks: Sequence[int] = ()) -> None:
        """`rows` more rows with the cells of each column; `marks` are rows among them."""
        if self._bin == 1 and self.seen + rows > FULL:
            self._coarsen(BIN)
        if self._bin > 1:
            numbers, columns, marks = _thinned(rows, columns, marks, self._bin)
            self._numbers.append(self.seen + numbers)
            self.seen += rows
            rows = len(numbers)
        else:
            self.seen += rows
        self.marks += [self.rows + mark for mark in marks]
        for column, cells in zip(self._columns, columns, strict=True):
            column.add(self.rows, rows, cells)
        self.rows += rows
        if sum(column.count for column in self._columns) > MAX_CELLS:
            self._coarsen(BIN if self._bin == 1 else COARSER)

    def widen(self, width: int) -> None:
        """There are `width` columns now; the new ones have nothing in the rows so far."""
        self._columns += [_Column() for _ in range(len(self._columns), width)]

    def expect(self, rows: int) -> None:
        """So many rows will come, as far as one can tell from the first of them: whether to thin is decided at once."""
        if not self.seen and rows > FULL:
            self._bin = BIN

    def numbers(self) -> NDArray[np.int64] | None:
        """Which rows of the file are kept; None = all of them."""
        return np.concatenate(self._numbers) if self._bin > 1 else None

    def take(self, column: int) -> Cells:
        """Rows and values of `column`, which the store then forgets."""
        cells = self._columns[column].cells(self.rows)
        self._columns[column] = _Column()
        return cells

    def _coarsen(self, size: int) -> None:
        columns = [self.take(column) for column in range(len(self._columns))]
        before = self.numbers()
        kept, columns, marks = _thinned(self.rows, columns, self.marks, size)
        self._numbers = [kept if before is None else before[kept]]
        self._bin *= size
        self.rows, self.marks = len(kept), marks
        for column, cells in zip(self._columns, columns, strict=True):
            column.add(0, self.rows, cells)


def _thinned(n: int, columns: Sequence[Cells], marks: Sequence[int], size: int) -> tuple[NDArray[np.int64], list[Cells], list[int]]:
    """The rows worth keeping of each `size`, and renumbered by them the cells of every column and the `marks`."""
    keep = np.zeros(n, dtype=bool)
    keep[::size] = True
    keep[-1:] = True
    keep[[mark for mark in marks if mark < n]] = True
    for rows, values in columns:
        if len(values):
            seldom = rows is not None and len(values) <= n // size
            where = np.arange(len(values)) if seldom else _telling(values, size)
            keep[where if rows is None else rows[where]] = True
    kept = np.flatnonzero(keep)
    out: list[Cells] = []
    for rows, values in columns:
        if rows is None:
            out.append((None, values[kept]))
        else:
            here = keep[rows]
            out.append((np.searchsorted(kept, rows[here]).astype(np.int64), values[here]))
    return kept, out, np.searchsorted(kept, np.array(marks, dtype=np.int64)).tolist()


def _telling(values: Floats, size: int) -> NDArray[np.int64]:
    """Indices of the smallest, the largest and the first broken of every `size` values, and of all values near a leap."""
    whole = len(values) // size * size
    bins = values[:whole].reshape(-1, size)
    first = np.arange(0, whole, size)
    found = [np.arange(whole, len(values))]
    if whole:
        low, high = bins.argmin(axis=1), bins.argmax(axis=1)
        least, most = values[first + low], values[first + high]
        found += [first + low, first + high]
        broken = np.flatnonzero(~(np.isfinite(least) & np.isfinite(most)))
        if len(broken):
            found += _extremes_of_broken(bins[broken], first[broken])
        for of_bin in (least, most):
            leaps = _leaps(of_bin)
            found.append((leaps[:, None] * size + np.arange(size)).ravel())
    return np.concatenate(found)


def _extremes_of_broken(bins: Floats, first: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Indices of the first broken value, the smallest and the largest of what is sound, in bins with values that are not finite."""
    sound = np.isfinite(bins)
    return [first + sound.argmin(axis=1), first + np.where(sound, bins, np.inf).argmin(axis=1), first + np.where(sound, bins, -np.inf).argmax(axis=1)]


def _leaps(of_bin: Floats) -> NDArray[np.int64]:
    """The bins on both sides of a leap."""
    steps = np.abs(changes(of_bin))
    steps[~np.isfinite(steps)] = 0.0
    if not len(steps):
        return np.zeros(0, dtype=np.int64)
    bar = LEAP * MAD_TO_SIGMA * median(steps)
    leaps = np.flatnonzero(steps > bar)
    most = max(4, int(LEAPS_SHARE * len(steps)))
    if len(leaps) > most:
        leaps = leaps[np.argpartition(steps[leaps], -most)[-most:]]
    beside = np.zeros(len(of_bin), dtype=bool)
    beside[leaps] = beside[leaps + 1] = True
    return np.flatnonzero(beside)

