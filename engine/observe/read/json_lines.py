"""JSON lines: one object a line, flat or nested (StyleGAN stats.jsonl, LLaMA-Factory trainer_log.jsonl, mmengine, own loggers).

Recognised by first lines that are JSON objects of their own. NaN and Infinity are read in any spelling; a last line that breaks off is
only a note.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

from ....errors import InputError
from ..log import Note
from .json_records import add_record, with_json_numbers
from .source import Source
from .table import Builder, NotThisFormatError, Table

__all__ = ["read", "sniff"]


def sniff(source: Source) -> float:
    """0..1: how sure it is that every line is an object."""
    if "{" not in source.head_text:
        return 0.0
    lines = [line for line in source.head_lines[:50] if line.strip()]
    if len(lines) > 1 and source.head_text[-1:] not in "\r\n":
        lines.pop()
    objects = sum(1 for line in lines[:20] if line.lstrip()[:1] == "{" and _parse(line) is not None)
    tried = len(lines[:20])
    if not tried or objects < max(1, 0.7 * tried - 1):
        return 0.0
    if len(source.head_lines) == 1:
        return 0.5
    return 0.95 if objects == tried else 0.85


def read(source: Source) -> Table:
    """Every object a row; raises `InputError` when hardly a line is an object."""
    builder = Builder()
    bad = 0
    last_bad = False
    scan = cast("Callable[[str, int], tuple[Any, int]]", cast("Any", json.JSONDecoder()).scan_once)
    for lines in source.lines():
        for line in lines:
            try:
                record, end = scan(line, 0)
                if end != len(line) and line[end:].strip():
                    record = _parse(line)
            except (ValueError, RecursionError, StopIteration):
                if not line.strip():
                    continue
                record = _parse(line)
            last_bad = type(record) is not dict
            if last_bad:
                bad += 1
                continue
            add_record(builder, cast("dict[str, Any]", record))
            builder.next()
    if not builder.rows:
        raise NotThisFormatError
    if bad > 1 + builder.rows:
        raise InputError.of("read.json_lines", name=source.name, n=bad)
    notes = list(source.notes)
    if last_bad and source.unfinished:
        notes.append(Note("partial_last_line"))
        bad -= 1
    if bad:
        notes.append(Note("bad_lines", {"count": bad}))
    return builder.table("jsonl", notes)


def _parse(line: str) -> dict[str, Any] | None:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError):
        try:
            record = json.loads(with_json_numbers(line.strip().rstrip(",")))
        except (ValueError, RecursionError):
            return None
    return cast("dict[str, Any]", record) if isinstance(record, dict) else None
