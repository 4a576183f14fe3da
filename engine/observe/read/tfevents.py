"""TensorBoard event files: TFRecords of Event messages, scalars as simple_value (TensorFlow 1, PyTorch) or as tensors (TensorFlow 2).

Recognised by a first record whose length and masked CRC fit and which says "brain.Event:". Damaged or half-written records at the end
are skipped with a note. No TensorFlow is needed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ....errors import InputError
from ..log import Note
from .columns import meaning
from .names import clean
from .protobuf import fields, to_double, to_float
from .source import Source
from .table import Table, Track

__all__ = ["read", "read_files", "sniff"]

MAX_RECORD = 64 << 20
_HEADER = struct.Struct("<QI")
_DOUBLE, _FLOAT, _HALF, _BFLOAT, _INT32, _INT64 = 2, 1, 19, 14, 3, 9
_DTYPES = {_FLOAT: "<f4", _DOUBLE: "<f8", _INT32: "<i4", _INT64: "<i8", _HALF: "<f2"}

Scalar = tuple[float, int, str, float]
"""Wall time, step, tag, value."""


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is an event file."""
    head = source.head
    if len(head) < 12:
        return 0.0
    size, _ = _HEADER.unpack_from(head)
    return 1.0 if 0 < size < 4096 and b"brain.Event:" in head[12 : 12 + size] else 0.0


def read(source: Source) -> Table:
    """The scalars of one file."""
    return read_files([source])


def read_files(sources: Sequence[Source], phases: Mapping[str, str] | None = None) -> Table:
    """The scalars of several files of one run, put together in order of time; raises `InputError` when there are none.

    `phases` maps names of sources to the phase ("train", "validation") whose folder they lie in, which becomes part of the tags.
    """
    tags: dict[str, list[tuple[float, int, float]]] = {}
    damaged = 0
    for source in sources:
        phase = (phases or {}).get(source.name, "")
        for data in _records(source):
            if data is None:
                damaged += 1
                continue
            try:
                for wall, step, tag, value in _scalars(data):
                    tags.setdefault(f"{phase}/{tag}" if phase else tag, []).append((wall, step, value))
            except (ValueError, struct.error, TypeError):
                damaged += 1
    if not tags:
        raise InputError.of("read.no_scalars", name=sources[0].name)
    notes = [note for source in sources for note in source.notes]
    if damaged:
        notes.append(Note("damaged_records", {"count": damaged}))
    return _table(tags, notes)


def _records(source: Source) -> Iterator[bytes | None]:
    """The payload of each record, None for one that is cut off or has an impossible length (which ends the file)."""
    buffer = bytearray()
    for block in source.blocks():
        buffer += block
        at = 0
        while len(buffer) - at >= 12:
            size, _ = _HEADER.unpack_from(buffer, at)
            if size > MAX_RECORD:
                yield None
                return
            end = at + 12 + size + 4
            if len(buffer) < end:
                break
            yield bytes(buffer[at + 12 : end - 4])
            at = end
        del buffer[:at]
    if buffer:
        yield None


def _scalars(event: bytes) -> Iterator[Scalar]:
    wall, step = 0.0, 0
    summary = b""
    for number, kind, value in fields(event):
        if number == 1 and isinstance(value, int):
            wall = to_double(value)
        elif number == 2 and isinstance(value, int):
            step = value - (1 << 64) if value >> 63 else value
        elif number == 5 and kind == 2 and isinstance(value, bytes):
            summary = value
    for number, _, value in fields(summary):
        if number == 1 and isinstance(value, bytes):
            tag, scalar = _value(value)
            if tag and scalar is not None:
                yield wall, step, tag, scalar


def _value(message: bytes) -> tuple[str, float | None]:
    tag, scalar = "", None
    for number, kind, value in fields(message):
        if number == 1 and isinstance(value, bytes):
            tag = value.decode("utf-8", errors="replace")
        elif number == 2 and kind == 5 and isinstance(value, int):
            scalar = to_float(value)
        elif number == 8 and isinstance(value, bytes):
            scalar = _tensor(value)
    return tag, scalar


def _tensor(message: bytes) -> float | None:
    """The value of a tensor with exactly one number in it; None for anything larger (histograms, images) and for text."""
    dtype = 0
    found: list[float] = []
    for number, kind, value in fields(message):
        if number == 1 and isinstance(value, int):
            dtype = value
        elif number == 2 and isinstance(value, bytes) and any(size != 1 for size in _sizes(value)):
            return None
        elif number == 4 and isinstance(value, bytes) and dtype in _DTYPES:
            found += [float(v) for v in np.frombuffer(value, dtype=_DTYPES[dtype])[:2]]
        elif number == 5:
            found += [to_float(value)] if isinstance(value, int) else [float(v) for v in np.frombuffer(value, dtype="<f4")[:2]]
        elif number == 6:
            found += [to_double(value)] if isinstance(value, int) else [float(v) for v in np.frombuffer(value, dtype="<f8")[:2]]
        elif number in {7, 10} and kind == 0 and isinstance(value, int):
            found.append(float(value))
    return found[0] if len(found) == 1 else None


def _sizes(shape: bytes) -> Iterator[int]:
    for number, _, value in fields(shape):
        if number == 2 and isinstance(value, bytes):
            yield next((v for n, _, v in fields(value) if n == 1 and isinstance(v, int)), 0)


def _table(tags: dict[str, list[tuple[float, int, float]]], notes: list[Note]) -> Table:
    """Rows in order of time; points of one step written together share a row.

    Tags may count different things (epochs here, iterations there): only those that count like the main one give the step.
    """
    points = sorted(((wall, step, tag, value) for tag, found in tags.items() for wall, step, value in found), key=lambda p: p[0])
    alike = _alike(tags)
    rows: dict[str, tuple[list[int], list[float]]] = {tag: ([], []) for tag in tags}
    steps: list[float] = []
    counted: list[bool] = []
    last = ""
    for _, step, tag, value in points:
        index, values = rows[tag]
        if not steps or steps[-1] != step or counted[-1] != (tag in alike) or (index and index[-1] == len(steps) - 1) or tag == last:
            steps.append(step)
            counted.append(tag in alike)
        index.append(len(steps) - 1)
        values.append(value)
        last = tag
    given = np.flatnonzero(np.array(counted))
    tracks = [Track("step", given.astype(np.int64), np.array(steps, dtype=np.float64)[given])]
    for tag, (index, values) in rows.items():
        name = clean(tag)
        tracks.append(Track(name if name != "step" else "step (tag)", np.array(index, dtype=np.int64), np.array(values, dtype=np.float64)))
    return Table("tfevents", tracks, len(steps), notes=notes, is_table=False)


def _alike(tags: dict[str, list[tuple[float, int, float]]]) -> set[str]:
    """The tags whose steps fit between those of the main loss (or of the longest tag) when everything is put in order of time."""
    lead = max(tags, key=lambda tag: _lead(tag, len(tags[tag])))
    base = [(wall, step) for wall, step, _ in tags[lead]]
    stride = float(np.median(np.abs(np.diff([s for _, s in base])))) if len(base) > 1 else 0.0
    alike = {lead}
    for tag, found in tags.items():
        own = [(wall, step) for wall, step, _ in found]
        extra = _backward(sorted(base + own), stride) - _backward(base, stride) - _backward(own, stride)
        if extra <= max(1, len(own) // 20):
            alike.add(tag)
    return alike


def _lead(tag: str, count: int) -> tuple[bool, float, int]:
    what = meaning(tag)
    return what.kind == "train_loss" and count > 1, what.score if what.kind == "train_loss" else 0.0, count


def _backward(points: list[tuple[float, int]], stride: float) -> int:
    steps = np.array([step for _, step in points], dtype=np.float64)
    return int((np.diff(steps) < -2 * stride).sum())
