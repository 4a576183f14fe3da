"""Parquet tables, read by polars in slices, so that a long one is thinned like a long CSV.

Recognised by the bytes PAR1 at the beginning.
"""

from __future__ import annotations

import importlib
import io
from typing import Any

import numpy as np

from ....errors import InputError
from ..log import Note
from .cells import numbers
from .names import clean
from .source import MAX_DOCUMENT, Source
from .store import Cells, Store
from .table import Table, Track

__all__ = ["read", "sniff"]

MARK = b"PAR1"
MAX_NUMBERS = 1 << 29
"""Cells; a damaged or malicious file of a kilobyte can promise any number of them."""
SLICE = 16 << 20
"""Cells at a time."""
MAX_LABELS = 1_000_000
"""Rows up to which cells of text are kept for the names of runs and metrics in them."""


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is Parquet."""
    return 1.0 if source.head[:4] == MARK else 0.0


def read(source: Source) -> Table:
    """All columns of numbers or text; raises `InputError` when the file is damaged or longer than anybody logs."""
    polars: Any = importlib.import_module("polars")
    try:
        lazy: Any = polars.scan_parquet(_file(source))
        schema: dict[str, Any] = dict(lazy.collect_schema())
        rows = int(lazy.select(polars.len()).collect().item())
        if rows * len(schema) > MAX_NUMBERS:
            raise InputError.of("read.long_parquet", name=source.name, n=rows)
        return _table(source, lazy, {name: _cast(polars, name, kind) for name, kind in schema.items()}, rows)
    except (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError, ValueError, OverflowError) as error:
        raise InputError.of("read.damaged_parquet", name=source.name, reason=clean(str(error))) from None


def _file(source: Source) -> Any:
    """What polars may open: the path, or the content where the file is packed; raises `InputError` when the end is missing."""
    if source.on_disk:
        with open(source.path, "rb") as file:
            file.seek(-min(4, source.size), io.SEEK_END)
            whole, place = file.read() == MARK, str(source.path)
    else:
        data = bytearray()
        for block in source.blocks():
            data += block
            if len(data) > MAX_DOCUMENT:
                raise InputError.of("read.endless", name=source.name, size=MAX_DOCUMENT >> 20)
        whole, place = data.endswith(MARK), io.BytesIO(data)
    if not whole:
        raise InputError.of("read.damaged_parquet", name=source.name, reason="no PAR1")
    return place


def _cast(polars: Any, name: str, kind: Any) -> Any:
    """The column as numbers or as text; None for times, lists and whatever else is no value."""
    if kind.is_numeric() or kind == polars.Boolean:
        return polars.col(name).cast(polars.Float64, strict=False)
    if kind in {polars.String, polars.Categorical, polars.Enum}:
        return polars.col(name).cast(polars.String)
    return None


def _table(source: Source, lazy: Any, columns: dict[str, Any], rows: int) -> Table:
    kept = {name: column for name, column in columns.items() if column is not None}
    texts = {clean(name): "text" for name in columns if name not in kept}
    store = Store(len(kept))
    store.expect(rows)
    words: dict[str, list[str]] = {name: [] for name in kept}
    step = max(1, SLICE // max(1, len(kept)))
    for start in range(0, rows if kept else 0, step):
        frame: Any = lazy.slice(start, step).select(list(kept.values())).collect()
        store.add(frame.height, [_cells(frame[name], words[name] if rows <= MAX_LABELS else None) for name in kept])
    tracks: list[Track] = []
    labels: dict[str, list[str]] = {}
    for i, name in enumerate(kept):
        found = store.take(i)
        if len(found[1]):
            tracks.append(Track(clean(name), *found))
            continue
        texts[clean(name)] = "text" if any(words[name]) else "empty"
        if len(words[name]) == store.rows:
            labels[clean(name)] = words[name]
    notes = [*source.notes, *([Note("thinned", {"count": store.seen, "kept": store.rows})] if store.rows < store.seen else [])]
    return Table("parquet", tracks, store.rows, texts, labels, notes, numbers=store.numbers())


def _cells(column: Any, words: list[str] | None) -> Cells:
    """The numbers of `column`; cells of text go to `words` where they are no numbers."""
    if str(column.dtype) == "String":
        text: list[str] = column.fill_null("").to_list()
        rows, values, odd = numbers(text)
        if words is not None and odd:
            words += text
        return (rows, values) if not odd else (np.zeros(0, dtype=np.int64), np.zeros(0))
    if not column.null_count():
        return None, np.asarray(column.to_numpy(), dtype=np.float64)
    there = np.flatnonzero(column.is_not_null().to_numpy()).astype(np.int64)
    return there, np.asarray(column.to_numpy()[there], dtype=np.float64)
