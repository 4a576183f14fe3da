"""Reading training logs: whatever a trainer wrote -> a `Log`.

    log = read("metrics.csv")
    log.get("train_loss").values

The format is recognised by content; `READERS` lists the formats, one module each. A module offers `sniff(source) -> 0..1` and
`read(source) -> Table`; what the columns mean (`columns`, `ranking`), the axis (`axis`) and the `Log` (`assemble`) are the same for all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from ....errors import InputError
from ..log import Log
from .assemble import CALLED, assemble, has_loss
from .folder import read_folder
from .mapping import read_mapping
from .names import clean
from .source import Source
from .table import NotThisFormatError, Table

__all__ = ["CALLED", "READERS", "Reader", "read", "reader"]


SURE = 0.9
"""With this score the readers further down the list are not asked."""


class Reader(Protocol):
    """One format: how sure it is that a file is its own (0..1), and how it reads it."""

    def sniff(self, source: Source) -> float:
        """0..1."""
        ...

    def read(self, source: Source) -> Table:
        """The table in the file; `NotThisFormatError` when it is another format after all."""
        ...


READERS = ("tfevents", "wandb_run", "parquet", "mlflow", "yolo_results", "json_lines", "json_document", "delimited", "text")
"""The formats that are single files, the more particular ones first: names of modules, imported when a file gets as far as them."""


@cache
def reader(name: str) -> Reader:
    """The module of one of the `READERS`."""
    return cast("Reader", import_module(f".{name}", __name__))


def read(source: str | os.PathLike[str] | Mapping[str, Sequence[Any]], *, columns: Mapping[str, str] | None = None) -> Log:
    """Read the log at path `source` (file or folder), or take a mapping from column names to 1-D sequences.

    `columns` says what the names do not: metric (or "step") -> name of the column, e.g. {"train_loss": "objective_2"}.
    Raises `InputError`, one line naming the file, the place and the way out, for anything that is no readable log; nothing else.
    """
    if isinstance(source, Mapping):
        name, load = "(data)", lambda: read_mapping(source)
    else:
        path = Path(os.fspath(source))
        name, load = clean(str(path), 300), lambda: _load(path)
    try:
        return assemble(load(), name, columns)
    except InputError:
        raise
    except MemoryError:
        raise InputError.of("read.too_large", name=name) from None
    except Exception as error:
        reason = f"{type(error).__name__}: {clean(str(error), 80)}"
        raise InputError.of("read.unforeseen", name=name, reason=reason) from error


def _load(path: Path) -> Table:
    return read_folder(path, _load_file) if os.path.isdir(path) else _load_file(Source(path))


def _said_in_words(source: Source) -> Table | None:
    """The log inside the text fields of records that hold no loss themselves: what a training printed, wrapped by a container or a cloud."""
    text = reader(READERS[-1])
    try:
        table = text.read(source) if text.sniff(source) > 0 else None
    except (NotThisFormatError, InputError):
        return None
    return table if table is not None and has_loss(table) else None


def _load_file(source: Source) -> Table:
    scores: list[tuple[float, Reader]] = []
    for name in READERS:
        candidate = reader(name)
        score = candidate.sniff(source)
        scores.append((score, candidate))
        if score >= SURE:
            break
    first: Table | None = None
    for score, candidate in sorted(scores, key=lambda s: -s[0]):
        if score <= 0:
            break
        try:
            table = candidate.read(source)
        except NotThisFormatError:
            continue
        if has_loss(table) or not table.has_course:
            return table
        first = first or table
    if first is not None:
        return _said_in_words(source) or first
    raise InputError.of("read.binary" if source.binary else "read.no_numbers", name=source.name)
