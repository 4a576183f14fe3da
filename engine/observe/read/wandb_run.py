"""Offline runs of Weights & Biases (run-*.wandb): LevelDB-like blocks of protobuf records; the history is read, the rest skipped.

Recognised by the bytes ":W&B" at the beginning. A run that is still being written ends in a partial record, which is only a note.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator

from ....errors import InputError
from ..log import Note
from .json_records import add_record
from .protobuf import fields
from .source import Source
from .table import Builder, Table

__all__ = ["read", "sniff"]

BLOCK = 32768
_HEADER = struct.Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
MAX_RECORD = 64 << 20


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is such a file."""
    return 1.0 if source.head[:4] == b":W&B" else 0.0


def read(source: Source) -> Table:
    """One row for each call of wandb.log; raises `InputError` when nothing was logged."""
    builder = Builder()
    damaged = 0
    for data in _records(source):
        try:
            for number, _, value in fields(data):
                if number == 2 and isinstance(value, bytes) and (row := _history(value)):
                    add_record(builder, row)
                    builder.next()
        except (ValueError, RecursionError):
            damaged += 1
    if not builder.rows:
        raise InputError.of("read.no_history", name=source.name)
    notes = [*source.notes, *([Note("damaged_records", {"count": damaged})] if damaged else [])]
    return builder.table("wandb", notes)


def _history(message: bytes) -> dict[str, object]:
    row: dict[str, object] = {}
    for number, _, item in fields(message):
        if number == 2 and isinstance(item, bytes):
            for n, _, value in fields(item):
                if n == 1 and isinstance(value, int):
                    row["_step"] = value
        if number != 1 or not isinstance(item, bytes):
            continue
        names: list[str] = []
        text = "null"
        for n, _, value in fields(item):
            if isinstance(value, bytes) and n in {1, 2}:
                names.append(value.decode("utf-8", errors="replace"))
            elif isinstance(value, bytes) and n == 16:
                text = value.decode("utf-8", errors="replace")
        name = "/".join(n for n in names if n)
        if name:
            row[name] = json.loads(text)
    return row


def _records(source: Source) -> Iterator[bytes]:
    """The payloads, put together from the pieces in the blocks; stops where the file breaks off."""
    parts: list[bytes] = []
    at = 7
    for block in _blocks(source):
        while at + _HEADER.size <= len(block):
            _, size, kind = _HEADER.unpack_from(block, at)
            piece = block[at + _HEADER.size : at + _HEADER.size + size]
            if kind not in {_FULL, _FIRST, _MIDDLE, _LAST}:
                break
            if len(piece) < size:
                return
            at += _HEADER.size + size
            if kind in {_FULL, _FIRST}:
                parts = []
            parts.append(piece)
            if sum(map(len, parts)) > MAX_RECORD:
                return
            if kind in {_FULL, _LAST}:
                yield b"".join(parts)
                parts = []
        at = 0


def _blocks(source: Source) -> Iterator[bytes]:
    rest = b""
    for data in source.blocks():
        rest += data
        while len(rest) >= BLOCK:
            yield rest[:BLOCK]
            rest = rest[BLOCK:]
    if rest:
        yield rest
