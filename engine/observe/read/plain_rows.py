"""Short tables of plain numbers, taken in at once.

As `plain_numbers` does for long tables, this takes only what cannot mean anything else than the careful reader (`delimited`, `cells`)
would see in it: every row has all its cells, and every cell is a number as JSON writes them or empty. Joined to one JSON array, the rows
are read by the parser that the knowledge base needs anyhow, in a third of the time that cutting and converting them one by one takes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ..curve import any_nan
from ..log import Floats
from .store import Cells

__all__ = ["Plain", "plain_rows"]

Plain = tuple[int, list[Cells]]
"""Number of rows, and the cells of each column."""

_LINE_FEED = 10
_OF_NUMBERS = b"0123456789.eE+-\n"
_used = False


def plain_rows(text: str, width: int, separator: str) -> Plain | None:
    """The rows of `text` below its first line, of `width` cells each; None if not certain."""
    body = text[text.find("\n") + 1 :].removesuffix("\n").encode()
    mark = separator.encode()
    if width < 2 or not body or body.translate(None, _OF_NUMBERS + mark):
        return None
    data = np.frombuffer(body, dtype=np.uint8)
    marks = data[(data == mark[0]) | (data == _LINE_FEED)] == _LINE_FEED
    rows, rest = divmod(len(marks) + 1, width)
    if rest or np.count_nonzero(marks) != rows - 1 or not marks[width - 1 :: width].all():
        return None
    values = _numbers(b"," + body.replace(mark, b",").replace(b"\n", b",") + b",")
    if values is None or len(values) != rows * width:
        return None
    columns = values.reshape(rows, width).T.copy()
    return rows, [_there(columns[i]) for i in range(width)]


def _parser() -> Callable[[bytes], Any]:
    """What reads JSON: for the first table of a process the standard library, for others the parser of pydantic, which is five times as quick
    but takes longer to import than one table does."""
    global _used
    if _used or "pydantic_core" in sys.modules:
        from pydantic_core import from_json

        return from_json
    _used = True
    return json.loads


def _there(column: Floats) -> Cells:
    if not any_nan(column):
        return None, column
    where = (~np.isnan(column)).nonzero()[0]
    return where, column[where]


def _numbers(cells: bytes) -> Floats | None:
    """The `cells`, each between two commas, NaN for an empty one."""
    if b",-0," in cells:
        return None
    if b",," in cells:
        cells = cells.replace(b",,", b",NaN,").replace(b",,", b",NaN,")
    try:
        return np.array(_parser()(b"[" + cells[1:-1] + b"]"), dtype=np.float64)
    except (ValueError, OverflowError):
        return None
