"""TensorBoard event files: TFRecords of Event messages, scalars as simple_value (TensorFlow 1, PyTorch) or as tensors (TensorFlow 2).

Recognised by a first record whose length and masked CRC fit and which says "brain.Event:". Damaged or half-written records at the end
are skipped with a note. No TensorFlow is needed.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ....errors import InputError
from ..log import Floats, Note
from .columns import meaning
from .names import clean
from .protobuf import fields, to_double, to_float, varint
from .source import Source
from .table import Table, Track

__all__ = ["read", "read_files", "sniff"]

MAX_RECORD = 64 << 20
_HEADER = struct.Struct("<QI")
_DOUBLE, _FLOAT, _HALF, _BFLOAT, _INT32, _INT64 = 2, 1, 19, 14, 3, 9
_DTYPES = {_FLOAT: "<f4", _DOUBLE: "<f8", _INT32: "<i4", _INT64: "<i8", _HALF: "<f2"}

_WALL, _VALUE = struct.Struct("<d"), struct.Struct("<f")
_STEP_AT = 10
"""Where the step stands in an event that begins with its wall time (a byte of key, eight of number) and the key of the step."""
MAX_KNOWN = 10_000
"""So many kinds of events are known by what lies between step and value."""

Scalar = tuple[float, int, str, float]
"""Wall time, step, tag, value."""


class _Points:
    """The scalars of one tag in the order of the file: wall time, step, value."""

    __slots__ = ("steps", "values", "walls")

    def __init__(self) -> None:
        self.walls, self.steps, self.values = array("d"), array("d"), array("d")

    def add(self, wall: float, step: float, value: float) -> None:
        """Keep one more."""
        self.walls.append(wall)
        self.steps.append(step)
        self.values.append(value)

    def __len__(self) -> int:
        return len(self.values)

    def times(self) -> tuple[Floats, Floats]:
        """Wall times and steps."""
        return np.frombuffer(self.walls), np.frombuffer(self.steps)


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
    tags: dict[str, _Points] = {}
    damaged = 0
    for source in sources:
        phase = (phases or {}).get(source.name, "")
        known: dict[bytes, _Points] = {}
        for data in _records(source):
            if data is None:
                damaged += 1
            elif not _add_known(data, known):
                try:
                    _add(data, phase, tags, known)
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


def _add_known(data: bytes, known: Mapping[bytes, _Points]) -> bool:
    """Keep the scalar of an event whose like was read before: all but wall time, step and value is the same."""
    if data[:1] != b"\x09" or data[9:10] != b"\x10":
        return False
    at = _STEP_AT
    step, shift = 0, 0
    for byte in data[at : at + 5]:
        step |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            break
    points = known.get(data[at:-4])
    if points is None:
        return False
    points.add(_WALL.unpack_from(data, 1)[0], step, _VALUE.unpack_from(data, len(data) - 4)[0])
    return True


def _add(data: bytes, phase: str, tags: dict[str, _Points], known: dict[bytes, _Points]) -> None:
    """Keep the scalars of an event; `known` is told of one whose value, a float behind its key 0x15, ends the event."""
    found = list(_scalars(data))
    for wall, step, tag, value in found:
        tags.setdefault(f"{phase}/{tag}" if phase else tag, _Points()).add(wall, step, value)
    if len(found) == 1 and data[:1] == b"\x09" and data[9:10] == b"\x10" and data[-5:-4] == b"\x15" and len(known) < MAX_KNOWN:
        wall, step, tag, value = found[0]
        count, at = varint(data, _STEP_AT)
        if count == step and at <= _STEP_AT + 5 and value == _VALUE.unpack_from(data, len(data) - 4)[0]:
            known[data[at:-4]] = tags[f"{phase}/{tag}" if phase else tag]


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


def _table(tags: dict[str, _Points], notes: list[Note]) -> Table:
    """Rows in order of time; points of one step written together share a row.

    Tags may count different things (epochs here, iterations there): only those that count like the main one give the step.
    """
    alike = _alike(tags)
    lengths = [len(points) for points in tags.values()]
    order = np.argsort(np.concatenate([points.times()[0] for points in tags.values()]), kind="stable")
    steps = np.concatenate([points.times()[1] for points in tags.values()])[order]
    which = np.repeat(np.arange(len(tags)), lengths)[order]
    counted = np.repeat([tag in alike for tag in tags], lengths)[order]
    rows = _rows(steps, counted, which)
    begins = np.append(True, rows[1:] != rows[:-1])
    row_steps, row_counted = steps[begins], counted[begins]
    given = np.flatnonzero(row_counted)
    tracks = [Track("step", given, row_steps[given])]
    of_tag = np.empty(len(order), dtype=np.int64)
    of_tag[order] = rows
    at = 0
    for tag, points in tags.items():
        name, index = clean(tag), of_tag[at : at + len(points)]
        values = np.frombuffer(points.values)
        if len(index) > 1 and (index[1:] < index[:-1]).any():
            sorting = np.argsort(index, kind="stable")
            index, values = index[sorting], values[sorting]
        tracks.append(Track(name if name != "step" else "step (tag)", index, values))
        at += len(points)
    return Table("tfevents", tracks, len(row_steps), notes=notes, is_table=False)


def _rows(steps: Floats, counted: NDArray[np.bool_], which: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of each point, in order of time: a new one begins with another step, another way of counting, or a tag that the row has."""
    group = np.cumsum(np.append(False, (steps[1:] != steps[:-1]) | (counted[1:] != counted[:-1])))
    by_tag = np.lexsort((which, group))
    again = (group[by_tag][1:] == group[by_tag][:-1]) & (which[by_tag][1:] == which[by_tag][:-1])
    if not again.any():
        return group
    begins = np.append(False, group[1:] != group[:-1])
    held: set[int] = set()
    for i in np.flatnonzero(np.isin(group, group[by_tag][1:][again])).tolist():
        if begins[i]:
            held.clear()
        if which[i] in held:
            begins[i] = True
            held.clear()
        held.add(int(which[i]))
    return np.cumsum(begins)


def _alike(tags: dict[str, _Points]) -> set[str]:
    """The tags whose steps fit between those of the main loss (or of the longest tag) when everything is put in order of time."""
    lead = max(tags, key=lambda tag: _lead(tag, len(tags[tag])))
    base = tags[lead].times()
    stride = float(np.median(np.abs(np.diff(base[1])))) if len(base[1]) > 1 else 0.0
    alike = {lead}
    for tag, points in tags.items():
        own = points.times()
        walls, steps = (np.concatenate(both) for both in zip(base, own, strict=True))
        together = steps[np.lexsort((steps, walls))]
        extra = _backward(together, stride) - _backward(base[1], stride) - _backward(own[1], stride)
        if extra <= max(1, len(points) // 20):
            alike.add(tag)
    return alike


def _lead(tag: str, count: int) -> tuple[bool, float, int]:
    what = meaning(tag)
    return what.kind == "train_loss" and count > 1, what.score if what.kind == "train_loss" else 0.0, count


def _backward(steps: Floats, stride: float) -> int:
    return int((np.diff(steps) < -2 * stride).sum())
