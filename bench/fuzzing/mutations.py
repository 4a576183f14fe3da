"""Ways in which a log gets damaged: each takes bytes and a source of chance, and gives other bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import re
import zlib
from collections.abc import Callable
from itertools import accumulate, takewhile

__all__ = ["BOMB_SHARE", "mutate"]

BOMB_SHARE = 0.0005
"""Archives that unpack to a hundred megabytes and more are rare, because each takes seconds to make and to read."""
LONGEST = 1 << 20
HUGE = (b"1e400", b"-1e999", b"9" * 400, b"1e-400", b"18446744073709551616", b"-0", b"0x1F", b"1_000", b"nan", b"-inf", b"1.#INF", b"1.#QNAN", b"NaN", b"\xe2\x88\x9e")
ODD = (
    b"\0", b"\0" * 50, b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[31m", b"\r", b"\r\n", b"\x08" * 5, b"\"", b"'", b"{", b"}" * 20, b"[" * 200, b",,,,", b";",
    b"\t", b"\x0b\x0c\x1c", "\u2028\u2029".encode(), "損失：".encode("big5"), "验证损失".encode(), b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae", b"loss", b"step", b"epoch", b"%s%n", b"=1+1",
)  # fmt: skip
MAGIC = (b"PAR1", b":W&B\xe1\xbe\x00", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"BZh9", b"\xfd7zXZ\x00", b"PK\x03\x04", b"\x93NUMPY", b"\x89PNG", b"SQLite format 3\0", b"%PDF-1.7", b"\x80\x04\x95")
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")

Mutation = Callable[[bytes, random.Random], bytes]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """`data` damaged in one to five ways, at most `LONGEST` bytes of it (but for bombs)."""
    if chance.random() < BOMB_SHARE:
        return _bomb(data, chance)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        data = chance.choice(MUTATIONS)(data, chance)[:LONGEST]
    return data


def _place(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 2, 10, 100))):
        if out:
            out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def _flip_head(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 3))):
        if out:
            out[chance.randrange(min(len(out), 64))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: _place(data, chance)]


def _behead(data: bytes, chance: random.Random) -> bytes:
    return data[_place(data, chance) :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 4, 30))):
        at = _place(data, chance)
        data = data[:at] + chance.choice(ODD) + data[at:]
    return data


def _numbers(data: bytes, chance: random.Random) -> bytes:
    share = chance.choice((0.005, 0.05, 1.0))
    one = chance.choice(HUGE)
    return _NUMBER.sub(lambda m: (one if chance.random() < 0.5 else chance.choice(HUGE)) if chance.random() < share else m[0], data)


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    how = chance.randrange(7)
    if how == 0:
        chance.shuffle(lines)
    elif how == 1:
        lines = [line for line in lines if chance.random() < 0.7]
    elif how == 2:
        lines = [line for line in lines for _ in range(chance.choice((1, 1, 2, 5)))]
    elif how == 3:
        lines = lines + lines[:1] + lines
    elif how == 4:
        lines.reverse()
    elif how == 5 and lines:
        lines = lines * chance.choice((2, 20))
    else:
        lines = [b" " * chance.randrange(3) + line for line in lines]
    ends = accumulate(map(len, lines))
    return b"".join(lines[: 1 + sum(1 for _ in takewhile(lambda end: end < LONGEST, ends))])


def _splice(data: bytes, chance: random.Random) -> bytes:
    a, b, c = sorted(_place(data, chance) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    a = _place(data, chance)
    piece = data[a : a + chance.choice((1, 5, 40, 400))]
    return data[:a] + piece * chance.choice((2, 50, 1000)) + data[a:]


def _long_line(data: bytes, chance: random.Random) -> bytes:
    piece = chance.choice((b"a", b"1,", b"loss=1.0 ", b"[", b'{"a":', b" ", b"\r", b"\n", b"0", b"=", b"loss ", b"1/2 ", b"|", b"-", b"1e5e", b"\xe6\x8d\x9f", b'"', b"(("))
    size = chance.choice((1_000,) * 40 + (30_000,) * 8 + (1_000_000,))
    at = _place(data, chance)
    return data[:at] + piece * (size // len(piece)) + data[at:]


def _many_columns(data: bytes, chance: random.Random) -> bytes:
    n = chance.choice((100,) * 20 + (2000,) * 4 + (20_000,))
    separator = chance.choice((b",", b"\t", b";", b" ", b"|"))
    head = separator.join(b"c%d" % i for i in range(n)) if chance.random() < 0.7 else b"loss" + separator * n
    row = separator.join(b"%d.5" % i for i in range(n))
    return head + b"\n" + (row + b"\n") * chance.choice((1, 20)) + data[:1000]


def _deep(data: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((50,) * 10 + (1500,) * 5 + (100_000,))
    opening, closing = chance.choice(((b"[", b"]"), (b'{"loss":', b"}"), (b'{"a":[', b"]}")))
    return opening * depth + (data if chance.random() < 0.3 else b"1") + closing * (depth if chance.random() < 0.7 else depth // 2)


def _encoding(data: bytes, chance: random.Random) -> bytes:
    source, target = chance.choice(("utf-8", "latin-1", "gb18030")), chance.choice(("utf-16", "utf-16-le", "utf-32", "gb18030", "shift_jis", "utf-7", "latin-1"))
    return data.decode(source, "replace").encode(target, "replace")


def _magic(data: bytes, chance: random.Random) -> bytes:
    return chance.choice(MAGIC) + data[chance.choice((0, 4, 7)) :]


def _ends(data: bytes, chance: random.Random) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"", b" ", b"\0\n", b"\r\r\n")))


def _separators(data: bytes, chance: random.Random) -> bytes:
    marks = (b",", b";", b"\t", b" ", b"|", b":", b"=", b".", b"\"")
    return data.replace(chance.choice(marks), chance.choice(marks))


def _pack(data: bytes, chance: random.Random) -> bytes:
    packed = chance.choice((gzip.compress, bz2.compress, lzma.compress, zlib.compress))(data)
    return _flip(packed, chance) if chance.random() < 0.5 else packed[: _place(packed, chance)] if chance.random() < 0.5 else packed


def _bomb(data: bytes, chance: random.Random) -> bytes:
    piece = chance.choice((b"\0", b"\n", b"a", b" ", b"{}\n", b"1,2\n", b"loss 1\n", b"\r", data))
    size = chance.choice((60, 200, 1000)) << 20
    block = piece * ((1 << 20) // len(piece) + 1)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as file:
        file.write(data if chance.random() < 0.5 else b"")
        for _ in range(size // len(block)):
            file.write(block)
    return out.getvalue()


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _flip_head, _truncate, _behead, _insert, _insert, _numbers, _numbers, _lines, _lines, _splice, _repeat, _long_line, _many_columns,
    _deep, _encoding, _magic, _ends, _separators, _pack,
)  # fmt: skip
"""Some twice, because they find more."""
