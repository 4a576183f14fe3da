"""One cell of text -> a number: what loggers, spreadsheets and compilers write for a value, for NaN, for infinity and for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from ..log import Floats
from .names import clean

__all__ = ["EMPTY", "numbers", "to_float"]

EMPTY = frozenset(
    {"", "null", "none", "n/a", "na", "nil", "-", "--", "—", "?", ".", "undefined", "missing", "no log", "#n/a", "<na>", "nat", "无", "空"}
)
"""Lower-case cells that say that there is no value."""

_SPECIAL = {
    "nan": nan, "+nan": nan, "-nan": nan, "1.#nan": nan, "1.#qnan": nan, "1.#snan": nan, "1.#ind": nan, "-1.#ind": nan, "-1.#qnan": nan,
    "nan(ind)": nan, "-nan(ind)": nan, "nanf": nan, "非数": nan, "inf": inf, "+inf": inf, "-inf": -inf, "infinity": inf, "-infinity": -inf,
    "1.#inf": inf, "+1.#inf": inf, "-1.#inf": -inf, "1.#inf00": inf, "-1.#inf00": -inf, "∞": inf, "+∞": inf, "-∞": -inf,
}  # fmt: skip
_POSSIBLE = re.compile(r"[\d(\[]|inf|nan")
"""Without any of these nothing is a number: most names of columns are none at first sight."""
_WRAPPED = re.compile(r"(?:tensor|array|np\.float\d+|float|scalar)?\s*[(\[]+\s*([-+]?[\w.+-]+)\s*[\])]*\s*(?:,.*)?[\])]*\s*", re.S)
_UNIT = re.compile(
    r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*"
    r"(?:%|ms|us|s|secs?|mins?|h|[KMGT]i?B?|°C|C|W|(?:its?|steps?|tok|tokens|samples|img|images|[KMGT]i?B)/(?:s|sec|it|step))"
)
_GROUPED_UNIT = re.compile(r"([-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?)(?=\s*[A-Za-z%°])")
_COUNT = re.compile(r"(\d{1,15})\s*/\s*(\d{1,15})")
"""3/10: the third of ten."""
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")
_DOTTED_COMMA = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+")
_FORTRAN = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+))[dD]([-+]?\d+)")


def to_float(cell: str, *, decimal_comma: bool = False) -> float | None:
    """The number that `cell` shows, or None when it shows none.

    "nan" and "inf" in any spelling are numbers here; for empty cells and their like (`EMPTY`) the answer is None as well.
    """
    try:
        if "_" not in cell:
            return float(cell)
    except ValueError:
        pass
    text = cell.strip().strip("\"'").strip().replace("\u2212", "-").replace("\u00a0", "").replace("\u202f", "")
    if "\x1b" in text:
        text = clean(text)
    low = text.lower()
    if low in EMPTY or len(text) > 200:
        return None
    if low in _SPECIAL:
        return _SPECIAL[low]
    if not _POSSIBLE.search(low):
        return None
    if "," in text:
        if _DOTTED_COMMA.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        elif not decimal_comma and (_GROUPED.fullmatch(text) or _GROUPED_UNIT.match(text)):
            text = text.replace(",", "")
        elif _COMMA.fullmatch(text):
            text = text.replace(",", ".")
    for pattern in (_UNIT, _WRAPPED):
        if found := pattern.fullmatch(text):
            inner = found.group(1)
            return _SPECIAL.get(inner.lower()) if inner.lower() in _SPECIAL else _plain(inner)
    if (found := _COUNT.fullmatch(text)) and int(found[1]) <= int(found[2]):
        return float(found[1])
    if found := _FORTRAN.fullmatch(text):
        text = f"{found.group(1)}e{found.group(2)}"
    return _plain(text)


def _plain(text: str) -> float | None:
    try:
        return float(text) if "_" not in text else None
    except ValueError:
        return None


def numbers(cells: Sequence[str], *, decimal_comma: bool | None = False) -> tuple[NDArray[np.int64], Floats, int]:
    """A column of text: the rows that hold a number, those numbers, and how many cells hold neither a number nor nothing.

    `decimal_comma` None means: find out (a column with "0,5" or "1234,5" anywhere cannot have commas between thousands).
    """
    filled = cells if "" not in cells else list(filter(None, cells))
    try:
        if "_" not in "".join(filled):
            found = np.array(list(map(float, filled)), dtype=np.float64)
            where = np.arange(len(cells)) if filled is cells else np.array([row for row, cell in enumerate(cells) if cell], dtype=np.int64)
            return where, found, 0
    except ValueError:
        pass
    if decimal_comma is None:
        decimal_comma = any("," in cell and _COMMA.fullmatch(t := cell.strip()) and not _GROUPED.fullmatch(t) for cell in cells)
    rows: list[int] = []
    values: list[float] = []
    odd = 0
    for row, cell in enumerate(cells):
        if not cell:
            continue
        value = to_float(cell, decimal_comma=decimal_comma)
        if value is not None:
            rows.append(row)
            values.append(value)
        elif cell.strip().strip("\"'").lower() not in EMPTY:
            odd += 1
    return np.array(rows, dtype=np.int64), np.array(values, dtype=np.float64), odd
