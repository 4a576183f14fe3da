"""How a table of text is written: what separates its cells, whether it has a header, and whether it is a table at all."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from .cells import EMPTY, to_float
from .columns import meaning
from .plain_rows import Plain, plain_rows
from .source import MAX_LINE, Source

__all__ = ["Dialect", "dialect_of", "plain_table", "split"]

SAMPLE = 60
"""Lines from which the dialect is found out."""
PREAMBLE = 12
"""So many lines of other text may stand above the header."""
MAX_WIDTH = 100_000
"""More columns than anybody logs."""
MAX_NAMELESS = 12
"""More columns without a header are a matrix, not a log."""
BLANKS = " "
_COMMENT = ("#", "//", "%")
_RULE = re.compile(r"[\s|:+=\-]*")
"""A line that is only drawn, as between the header and the rows of a Markdown table."""
_HEADER_NAMES = frozenset({"wall time", "value", "metric", "tag", "name", "key"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines split, and where the table begins."""

    separator: str
    header: tuple[str, ...]
    """Empty when the file has none."""
    width: int
    skip: int
    """Lines before the first row of numbers."""


def dialect_of(source: Source) -> Dialect | None:
    """How the lines of `source` split; None when they are no table. Found out once for each source."""
    if "dialect" not in source.memo:
        source.memo["dialect"] = _plain(source) or _bestdialect_of(source)
    return cast("Dialect | None", source.memo["dialect"])


def plain_table(source: Source) -> Plain | None:
    """The rows of a short table of nothing but plain numbers below one line of names, as they were read to find that out; else None."""
    return cast("Plain | None", source.memo.get("plain"))


def _plain(source: Source) -> Dialect | None:
    """The dialect of such a table: there can be no better one."""
    text = source.short_text()
    if text is None:
        return None
    line = text[: text.find("\n")]
    marks = [mark for mark in ",\t;|" if mark in line]
    if len(marks) != 1 or marks == ["|"] or '"' in line or line.lstrip().startswith(_COMMENT):
        return None
    names = _strip_marker(line.split(marks[0]))
    if not _telling(tuple(names)):
        return None
    found = plain_rows(text, len(names), marks[0])
    if found is None or found[1][0][0] is not None:
        return None
    source.memo["plain"] = found
    return Dialect(marks[0], tuple(names), len(names), 1)


@lru_cache(maxsize=256)
def _telling(names: tuple[str, ...]) -> bool:
    """Whether these are the names of columns, and at least one says what it is; found out once for each header."""
    header = list(names)
    return _is_header(header) and _names_only(header) and _has_meaning(header)


def _bestdialect_of(source: Source) -> Dialect | None:
    lines = [line for line in source.head_lines[:SAMPLE] if line.strip()]
    if len(lines) > 2 and len(source.head_lines) <= SAMPLE and source.head_text[-1:] not in "\r\n":
        lines.pop()
    found = _best(lines, (",", "\t", ";", "|", BLANKS))
    for start in range(1, min(PREAMBLE, len(lines) - 2) if found is None or not _has_meaning(list(found.header)) else 0):
        below = _best(lines[start:], (",", "\t", ";"))
        if below is not None and len(below.header) > 1 and _has_meaning(list(below.header)):
            return replace(below, skip=below.skip + start)
    return found


def _best(lines: list[str], separators: Sequence[str]) -> Dialect | None:
    best: tuple[float, Dialect] | None = None
    for separator in separators:
        if separator == BLANKS and best is not None and len(best[1].header) > 1:
            break
        found = _try(lines, separator)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def _try(lines: list[str], separator: str) -> tuple[float, Dialect] | None:
    absent = separator != BLANKS and not any(separator in line for line in lines[:20])
    if absent and (separator != "," or any(len(line.split()) > 3 for line in lines[:20])):
        return None
    if any(line.count(separator) > MAX_WIDTH for line in lines):
        return None
    rows = [row for row in split(iter(lines), separator) if any(map(str.strip, row))]
    skip = 0
    while skip < len(rows) and rows[skip] and rows[skip][0].lstrip().startswith(_COMMENT) and len(rows) > skip + 1:
        names = _strip_marker(rows[skip])
        if _is_header(names) and len(names) == len(rows[skip + 1]) and len(names) > 1:
            break
        skip += 1
    rows = rows[skip:]
    if not rows:
        return None
    header = _strip_marker(rows[0])
    has_header = _is_header(header)
    body = [row for row in rows[1:] if row != rows[0]] if has_header else rows
    if not body:
        single = has_header and len(header) >= 2 and any(meaning(h).kind for h in header) and _names_only(header)
        return (1.0, Dialect(separator, tuple(header), len(header), skip + 1)) if single else None
    width = rows_width = Counter(len(row) for row in body).most_common(1)[0][0]
    if has_header:
        width = max(width, len(header)) if abs(width - len(header)) <= 1 else width
    same = sum(1 for row in body if abs(len(row) - width) <= 1) / len(body)
    numeric = _numeric_share(body, width)
    if has_header:
        if len(header) < 1 or abs(len(header) - width) > 1 or same < 0.9 or not _names_only(header):
            return None
        if not any(share >= 0.8 for share in numeric) and not _all_empty(body):
            return None
        if len(header) == 1 and meaning(header[0]).kind is None and header[0].strip().lower() not in _HEADER_NAMES:
            return None
        if separator in {BLANKS, "|"} and not (len(header) > 1 and _has_meaning(header) and sum(s >= 0.8 for s in numeric) >= 0.6 * len(numeric)):
            return None
    elif same < 0.9 or width > MAX_NAMELESS or len(body) < 3 or not all(share >= 0.95 for share in numeric):
        return None
    score = same * width + (2 if has_header else 0) - (1.5 if has_header and len(header) != rows_width else 0)
    return score, Dialect(separator, tuple(header) if has_header else (), width, skip + has_header)


def _has_meaning(header: list[str]) -> bool:
    """Whether at least one name of `header` has a meaning."""
    return any(meaning(h).kind is not None for h in header)


def _strip_marker(row: list[str]) -> list[str]:
    first = row[0].lstrip("#%/ \ufeff").strip()
    return [c.strip() for c in (row[1:] if not first and len(row) > 1 and row[0].strip() else [first, *row[1:]])]


def _is_header(row: list[str]) -> bool:
    cells = [c for c in row if c.strip()]
    return bool(cells) and sum(1 for c in cells if to_float(c) is None and c.strip().lower() not in EMPTY) >= max(1, 0.9 * len(cells))


def _names_only(header: list[str]) -> bool:
    """Names of columns are short and hold no "key: number" of a text log."""
    return all(len(h) <= 200 and not re.search(r"(?<!\d)[:=]\s*[-+]?\d|[a-z]\s+\d+\.\d+", h) for h in header) and not header[0].lstrip().startswith(
        ("{", "[")
    )


def _numeric_share(body: list[list[str]], width: int) -> list[float]:
    shares: list[float] = []
    for i in range(width):
        cells = [row[i] for row in body if i < len(row) and row[i].strip().lower() not in EMPTY]
        if cells:
            shares.append(sum(1 for c in cells if to_float(c) is not None) / len(cells))
    return shares


def _all_empty(body: list[list[str]]) -> bool:
    return all(c.strip().lower() in EMPTY for row in body for c in row)


def split(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """The cells of each line."""
    if separator == BLANKS:
        return (line.split() for line in lines)
    if separator == "|":
        return ([c.strip() for c in line.strip().strip("|").split("|")] for line in lines if not _RULE.fullmatch(line))
    csv.field_size_limit(2 * MAX_LINE)
    return iter(csv.reader(lines, delimiter=separator, skipinitialspace=True))
