"""Tables of text: CSV, TSV, semicolons, bars or runs of blanks, with or without a header.

Recognised by lines that split into the same number of cells, mostly numbers below a first line without any. What loggers write as
CSV (Lightning, Keras, Ultralytics, OpenAI baselines, W&B) differs only in the names of the columns.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from ....errors import InputError
from ..log import Note
from . import wandb_export
from .cells import EMPTY, numbers, to_float
from .dialect import Dialect, dialect_of, plain_table, split
from .names import clean
from .plain_numbers import FROM_BYTES, PIECE, plain_numbers
from .source import Source
from .store import Cells, Store
from .table import NotThisFormatError, Table, Track

__all__ = ["read", "sniff"]

Parsed = tuple[bytes, tuple[int, list[Cells]] | None]
"""A piece of the file, and its rows and cells where they are certain."""
BATCH = 50_000
"""Rows converted at a time."""
SECONDS_SINCE_1970 = 1e9
"""Greater numbers that never go down are times rather than losses."""
HEADED = 0.2
"""A header that comes before more than this share of the rows is how the table is drawn; a rarer one says that training was started again."""
MAX_LABELS = 2_000_000
"""Cells of a text column that are kept for the names of runs, ranks and metrics in them."""


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
        self.store = Store(len(self.header))
        self.odd = [0] * len(self.header)
        self.filled = [0] * len(self.header)
        self.texts: list[list[str]] = [[] for _ in self.header]
        self.lines = 0
        self.ragged = 0
        self.last_short = False
        self.comma: bool | None = True if self.separator == ";" else None
        self.commas_seen = False

    @staticmethod
    def _names(dialect: Dialect) -> list[str]:
        names = [clean(h) for h in dialect.header] or []
        names += [""] * (dialect.width - len(names))
        seen: dict[str, int] = {}
        for i, name in enumerate(names):
            base = unique = name or f"column {i + 1}"
            while unique in seen:
                seen[base] += 1
                unique = f"{base} ({seen[base]})"
            seen[unique] = 1
            names[i] = unique
        return names

    def table(self) -> Table:
        """Read everything."""
        plain = plain_table(self.source)
        if plain is not None:
            self._add(*plain)
        elif self.source.likely_size >= FROM_BYTES and self._may_be_plain():
            self._in_pieces()
        else:
            self._carefully(self._text_lines(), last=True)
        return self._finish()

    def _add(self, rows: int, columns: list[Cells]) -> None:
        for i, (_, values) in enumerate(columns):
            self.filled[i] += len(values)
        self.lines += rows
        self.store.add(rows, columns)

    def _may_be_plain(self) -> bool:
        """Whether the head speaks for a table of plain numbers whose lines can be cut anywhere."""
        head = self.source.head_text
        return self.source.encoding == "utf-8" and self.separator in ",;\t" and '"' not in head and "\n" in head

    def _in_pieces(self) -> None:
        """Read the pieces fast where they are plain, with care where they are not; from the first quotation mark on with care alone."""
        pieces = self._without_head(self.source.pieces(PIECE))
        empty = self._words_for_nothing()

        def parsed(piece: bytes) -> Parsed:
            return piece, plain_numbers(piece, len(self.header), self.separator, empty) if piece[-1:] == b"\n" else None

        ahead = _ahead(parsed, pieces)
        for piece, found in ahead:
            if b'"' in piece:
                rest = (self.source.tidy(p) for p in chain([piece], (later for later, _ in ahead)))
                self._carefully((line for text in rest for line in _lines_of(text)), last=True)
                return
            if found is None:
                ends = piece[-1:] != b"\n"
                self._carefully(_lines_of(self.source.tidy(piece, last=ends)), last=ends)
                continue
            rows, columns = found
            self.store.expect(rows * self.source.size // len(piece))
            self._add(rows, columns)

    def _without_head(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            while self.skip and piece:
                cut = piece.find(b"\n") + 1 or len(piece)
                self._carefully(_lines_of(self.source.tidy(piece[:cut])))
                piece = piece[cut:]
            if piece:
                yield piece

    def _words_for_nothing(self) -> tuple[str, ...]:
        cells = {c for row in split(iter(self.source.head_lines[self.skip : -1]), self.separator) for c in row}
        return tuple(c for c in cells if c and c.lower() in EMPTY and to_float(c) is None)

    def _text_lines(self) -> Iterator[str]:
        for lines in self.source.lines():
            yield from lines

    def _carefully(self, lines: Iterator[str], *, last: bool = False) -> None:
        batch: list[list[str]] = []
        try:
            for row in split(lines, self.separator):
                if self.skip:
                    self.skip -= any(cell.strip() for cell in row)
                    self.lines += 1
                    continue
                if not row or (len(row) == 1 and not row[0].strip()):
                    continue
                batch.append(row)
                if len(batch) >= BATCH:
                    self._take(batch)
                    batch = []
        except csv.Error as error:
            where = self.lines + len(batch) + 1
            raise InputError.of("read.bad_row", name=self.source.name, line=where, reason=clean(str(error))) from None
        if batch:
            self._take(batch, last=last)

    def _take(self, batch: list[list[str]], *, last: bool = False) -> None:
        width = len(self.header)
        self.lines += len(batch)
        if last and self.source.unfinished and len(batch[-1]) < min(width, len(self.given) or width):
            batch.pop()
            self.last_short = True
            if not batch:
                return
        marks: list[int] = []
        if self.has_header:
            batch, marks = self._without_headers(batch)
        if any(len(row) != width for row in batch):
            batch = self._even(batch, width)
        columns: list[Cells] = []
        for i, cells in enumerate(zip(*batch, strict=True) if batch else [()] * width):
            rows, values, odd = numbers(cells, decimal_comma=self.comma)
            self.odd[i] += odd
            self.filled[i] += len(rows) + odd
            if odd and not len(rows) and len(self.texts[i]) < MAX_LABELS:
                self.texts[i] += [*[""] * (self.store.rows - len(self.texts[i])), *cells]
            if len(rows):
                self.commas_seen = self.commas_seen or (bool(self.comma) and any("," in c for c in cells[:50]))
            columns.append((None if len(rows) == len(batch) else rows, values))
        self.store.add(len(batch), columns, marks)

    def _without_headers(self, batch: list[list[str]]) -> tuple[list[list[str]], list[int]]:
        first = self.given[0]
        if not any(row[0].strip() == first for row in batch):
            return batch, []
        kept: list[list[str]] = []
        marks: list[int] = []
        for row in batch:
            if row[0].strip() == first and [c.strip() for c in row] == self.given[: len(row)]:
                marks.append(len(kept))
            else:
                kept.append(row)
        return kept, marks

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
        store = self.store
        if store.marks:
            notes.append(Note("repeated_header", {"count": len(store.marks)}))
        if self.commas_seen:
            notes.append(Note("decimal_comma"))
        if not store.rows:
            raise InputError.of("read.only_header", name=source.name)
        if store.rows < store.seen:
            notes.append(Note("thinned", {"count": store.seen, "kept": store.rows}))
        if wandb_export.is_runs_table(self.header, self.texts):
            notes.append(Note("runs_table", {"count": store.seen}))
            return Table("wandb_runs", [], store.rows, dict.fromkeys(self.header, "one value a run"), notes=notes, has_course=False)
        tracks: list[Track] = []
        texts: dict[str, str] = {}
        for i, (name, odd, filled) in enumerate(zip(self.header, self.odd, self.filled, strict=True)):
            count = filled - odd
            if not count or count < 0.5 * filled:
                if name.startswith("column ") and not filled:
                    continue
                texts[name] = "text" if odd else "empty"
                continue
            tracks.append(Track(name, *store.take(i)))
        labels = {
            name: [*("" if cell.strip().lower() in EMPTY else cell for cell in cells), *[""] * (store.rows - len(cells))]
            for name, cells, odd, filled in zip(self.header, self.texts, self.odd, self.filled, strict=True)
            if texts.get(name) == "text" and odd == filled and len(cells) <= store.rows == store.seen
        }
        again = store.marks if len(store.marks) <= HEADED * store.rows else []
        table = Table(self._format(), tracks, store.rows, texts, labels, notes, again, numbers=store.numbers())
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


def _ahead(parse: Callable[[bytes], Parsed], pieces: Iterator[bytes]) -> Iterator[Parsed]:
    """The pieces parsed one after another, the next one already while the last one is taken in."""
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        waiting: Future[Parsed] | None = None
        for piece in pieces:
            coming = pool.submit(parse, piece)
            if waiting is not None:
                yield waiting.result()
            waiting = coming
        if waiting is not None:
            yield waiting.result()


def _lines_of(text: str) -> Iterator[str]:
    lines = text.split("\n")
    return iter(lines if lines[-1] else lines[:-1])


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
    for track in list(rest[:-1]):
        if len(track) > 1 and np.isfinite(track.values).all() and track.values.min() > SECONDS_SINCE_1970 and (np.diff(track.values) >= 0).all():
            track.means = "timestamp"
            rest.remove(track)
    rest[0].means = "train loss"
    table.notes.append(Note("headerless", {"loss": rest[0].name}))
