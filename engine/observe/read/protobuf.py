"""As much of the protobuf wire format as event files need: walking over the fields of a message."""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["fields", "to_double", "to_float", "varint"]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The variable-length integer at `at` and the place behind it; raises ValueError when it is cut off or too long."""
    result = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return result, at
        shift += 7
        if shift > 63:
            break
    raise ValueError("damaged integer")


def fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """(field number, wire type, value) of a message: integers for types 0, 1 and 5 (raw bits), bytes for 2. Raises ValueError."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
            yield number, kind, value
            continue
        if kind == 2:
            size, at = varint(data, at)
        elif kind in {1, 5}:
            size = 8 if kind == 1 else 4
        else:
            raise ValueError("unknown wire type")
        chunk = data[at : at + size]
        if len(chunk) != size:
            raise ValueError("field is cut off")
        at += size
        yield number, kind, chunk if kind == 2 else int.from_bytes(chunk, "little")


def to_float(bits: int) -> float:
    """A 32-bit pattern as a number."""
    return struct.unpack("<f", bits.to_bytes(4, "little"))[0]


def to_double(bits: int) -> float:
    """A 64-bit pattern as a number."""
    return struct.unpack("<d", bits.to_bytes(8, "little"))[0]
