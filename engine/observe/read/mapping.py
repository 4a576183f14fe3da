"""Data handed over in memory: a mapping from column names to sequences of numbers (lists, arrays, tensors, text cells)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ....errors import InputError
from ..log import Note
from .cells import to_float
from .json_records import number
from .names import clean
from .table import Table, Track

__all__ = ["read_mapping"]


def read_mapping(data: Mapping[str, Sequence[Any]]) -> Table:
    """The `Table` of `data`; None and empty text are gaps, shorter columns are spread over the longest.

    Raises `InputError` for no columns and for columns that are no 1-D sequences.
    """
    columns: dict[str, list[float | None]] = {}
    texts: dict[str, str] = {}
    for key, column in data.items():
        name = clean(str(key))
        values = _values(name, column)
        if any(v is not None for v in values):
            columns[name] = values
        else:
            texts[name] = "text" if len(values) and any(v is not None and str(v).strip() for v in column) else "empty"
    if not columns and not texts:
        raise InputError.of("read.data_no_columns")
    longest = max((len(v) for v in columns.values()), default=0)
    tracks: list[Track] = []
    uneven = False
    for name, values in columns.items():
        rows = [i for i, v in enumerate(values) if v is not None]
        index = np.array(rows, dtype=np.int64)
        if len(values) != longest:
            uneven = True
            index = ((index + 1) * longest) // len(values) - 1
        tracks.append(Track(name, index, np.array([values[i] for i in rows], dtype=np.float64)))
    return Table("data", tracks, longest, texts, notes=[Note("different_lengths")] if uneven else [])


def _values(name: str, column: Any) -> list[float | None]:
    if isinstance(column, np.ndarray):
        array = cast("NDArray[Any]", column)
        if array.dtype.kind in "fiu" and array.ndim == 1:
            return cast("list[float | None]", array.astype(np.float64).tolist())
        column = cast("list[Any]", array.tolist() if array.ndim else [])
    if isinstance(column, (str, bytes, Mapping)) or not isinstance(column, Iterable):
        raise InputError.of("read.data_no_sequence", column=name)
    return [_value(name, item) for item in cast("Iterable[Any]", column)]


def _value(name: str, item: Any) -> float | None:
    if item is None or isinstance(item, bool):
        return None if item is None else float(item)
    found = number(item)
    if found is not None:
        return found
    if isinstance(item, str):
        return to_float(item)
    try:
        return float(item)
    except OverflowError:
        return float("inf")
    except (TypeError, ValueError, RuntimeError):
        raise InputError.of("read.data_no_numbers", column=name, kind=type(item).__name__) from None
