"""Parquet tables, read with pyarrow where it is installed (an optional extra).

Recognised by the bytes PAR1 at the beginning.
"""

from __future__ import annotations

import importlib
from typing import Any

from ....errors import InputError
from .mapping import read_mapping
from .names import clean
from .source import Source
from .table import Table

__all__ = ["read", "sniff"]

MAX_BYTES = 512 << 20


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is Parquet."""
    return 1.0 if source.head[:4] == b"PAR1" else 0.0


def read(source: Source) -> Table:
    """All columns of numbers or text; raises `InputError` when pyarrow is missing or the file is damaged or very large."""
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise InputError.of("read.no_pyarrow", name=source.name) from None
    if source.size > MAX_BYTES:
        raise InputError.of("read.long_parquet", name=source.name, size=MAX_BYTES >> 20)
    try:
        data: Any = parquet.read_table(str(source.path))
        columns: dict[str, Any] = {}
        for name in data.column_names:
            kind = str(data.schema.field(name).type)
            if not kind.startswith(("list", "struct", "map", "binary", "large_list", "large_binary", "timestamp", "date")):
                columns[str(name)] = data.column(name).to_pylist()
    except Exception as error:
        raise InputError.of("read.damaged_parquet", name=source.name, reason=clean(str(error))) from None
    table = read_mapping(columns) if columns else Table("parquet", [], 0)
    table.format = "parquet"
    return table
