"""Tables of text: CSV, TSV, semicolons, bars or runs of blanks, with or without a header.

Recognised by lines that split into the same number of cells, mostly numbers below a first line without any. What loggers write as
CSV (Lightning, Keras, Ultralytics, OpenAI baselines, W&B) differs only in the names of the columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import numpy as np

from ....errors import InputError
from ..log import Note
from . import wandb_export
from .cells import numbers
from .dialect import Dialect, dialect_of, split
from .names import clean
from .source import Source
from .table import NotThisFormatError, Table, Track

__all__ = ["read", "sniff"]

BATCH = 50_000
"""Rows converted at a time."""


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is a table."""
    dialect = dialect_of(source)
    if dialect is None:
        return 0.0
    return 0.9 if dialect.header else 0.7


def read(source: Source) -> Table:
    """All columns of the table.

    Raises `InputError` for a header without rows and for a table with one row per run instead of one per step.
    """
    dialect = dialect_of(source)
    if dialect is None:
        raise NotThisFormatError
    return _Reading(source, dialect).table()


class _Reading:
    """The walk through the rows, in batches."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self.source = source
        self.separator = dialect.separator
        self.header = self._names(dialect)
        self.given = [h.strip() for h in dialect.header]
        self.skip = dialect.skip
        self.has_header = bool(dialect.header)
        self.pieces: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in self.header]
        self.odd = [0] * len(self.header)
        self.filled = [0] * len(self.header)
        self.texts: list[list[str]] = [[] for _ in self.header]
        self.restarts: list[int] = []
        self.n_rows = 0
        self.ragged = 0
        self.last_short = False
        self.comma: bool | None = True if self.separator == ";" else None
        self.commas_seen = False

    @staticmethod
    def _names(dialect: Dialect) -> list[str]:
        names = [clean(h) for h in dialect.header] or []
        names += [""] * (dialect.width - len(names))
        seen: set[str] = set()
        for i, name in enumerate(names):
            base = name or f"column {i + 1}"
            unique, n = base, 2
            while unique in seen:
                unique, n = f"{base} ({n})", n + 1
            seen.add(unique)
            names[i] = unique
        return names

    def table(self) -> Table:
        """Read everything."""
        csv.field_size_limit(16 << 20)
        batch: list[list[str]] = []
        skipped = 0
        try:
            for row in split(self._text_lines(), self.separator):
                if skipped < self.skip:
                    skipped += any(cell.strip() for cell in row)
                    continue
                if not row or (len(row) == 1 and not row[0].strip()):
                    continue
                batch.append(row)
                if len(batch) >= BATCH:
                    self._take(batch)
                    batch = []
        except csv.Error as error:
            where = self.n_rows + len(batch) + self.skip + 1
            raise InputError.of("read.bad_row", name=self.source.name, line=where, reason=clean(str(error))) from None
        if batch:
            self._take(batch, last=True)
        return self._finish()

    def _text_lines(self) -> Iterator[str]:
        for lines in self.source.lines():
            yield from lines

    def _take(self, batch: list[list[str]], *, last: bool = False) -> None:
        width = len(self.header)
        if last and self.source.unfinished and len(batch[-1]) < min(width, len(self.given) or width):
            batch.pop()
            self.last_short = True
            if not batch:
                return
        if self.has_header:
            batch = self._without_headers(batch)
        if any(len(row) != width for row in batch):
            batch = self._even(batch, width)
        for i, cells in enumerate(zip(*batch, strict=True)):
            rows, values, odd = numbers(cells, decimal_comma=self.comma)
            self.odd[i] += odd
            self.filled[i] += len(rows) + odd
            if odd and not len(rows):
                self.texts[i] += cells
            if len(rows):
                self.pieces[i].append((rows + self.n_rows, values))
                self.commas_seen = self.commas_seen or (bool(self.comma) and any("," in c for c in cells[:50]))
        self.n_rows += len(batch)

    def _without_headers(self, batch: list[list[str]]) -> list[list[str]]:
        first = self.given[0]
        if not any(row[0].strip() == first for row in batch):
            return batch
        kept: list[list[str]] = []
        for row in batch:
            if row[0].strip() == first and [c.strip() for c in row] == self.given[: len(row)]:
                self.restarts.append(self.n_rows + len(kept))
            else:
                kept.append(row)
        return kept

    def _even(self, batch: list[list[str]], width: int) -> list[list[str]]:
        even: list[list[str]] = []
        for row in batch:
            if len(row) == width:
                even.append(row)
                continue
            extra = [c for c in row[width:] if c.strip()]
            self.ragged += bool(extra) or len(row) < width - 1
            even.append(row[:width] if len(row) > width else row + [""] * (width - len(row)))
        return even

    def _finish(self) -> Table:
        source = self.source
        notes = list(source.notes)
        if self.last_short:
            notes.append(Note("partial_last_line"))
        if self.ragged:
            notes.append(Note("ragged_rows", {"count": self.ragged}))
        if self.restarts:
            notes.append(Note("repeated_header", {"count": len(self.restarts)}))
        if self.commas_seen:
            notes.append(Note("decimal_comma"))
        if not self.n_rows:
            raise InputError.of("read.only_header", name=source.name)
        wandb_export.refuse_runs_table(source.name, self.header, self.texts, self.n_rows)
        tracks: list[Track] = []
        texts: dict[str, str] = {}
        for name, pieces, odd, filled in zip(self.header, self.pieces, self.odd, self.filled, strict=True):
            count = sum(len(rows) for rows, _ in pieces)
            if not count or count < 0.5 * filled:
                if name.startswith("column ") and not filled:
                    continue
                texts[name] = "text" if odd else "empty"
                continue
            tracks.append(Track(name, np.concatenate([r for r, _ in pieces]), np.concatenate([v for _, v in pieces])))
        labels = {n: cells for n, cells in zip(self.header, self.texts, strict=True) if texts.get(n) == "text" and len(cells) == self.n_rows}
        table = Table(self._format(), tracks, self.n_rows, texts, labels, notes, self.restarts)
        if not self.has_header:
            _guess_names(table)
        return wandb_export.split_runs(table)

    def _format(self) -> str:
        names = {h.lower() for h in self.header}
        if any(n.endswith(("_step", "_epoch")) for n in names) and "step" in names and "epoch" in names:
            return "lightning_csv"
        keras = self.header[:1] == ["epoch"] and self.header[1:] == sorted(self.header[1:])  # CSVLogger sorts what it logs
        if self.separator in ",;" and keras and "loss" in names and any(n.startswith("val_") for n in names):
            return "keras_csv"
        return {",": "csv", "\t": "tsv", ";": "csv", "|": "csv"}.get(self.separator, "table")


def _guess_names(table: Table) -> None:
    """A table without header: a first column that counts is the axis, the next one the loss."""
    tracks = table.tracks
    if not tracks:
        return
    rest = tracks
    first = tracks[0].values
    if len(tracks) > 1 and len(first) > 1 and np.isfinite(first).all() and (first == np.floor(first)).all() and (np.diff(first) > 0).mean() > 0.9:
        tracks[0].means = "step"
        rest = tracks[1:]
    rest[0].means = "train loss"
    table.notes.append(Note("headerless", {"loss": rest[0].name}))
