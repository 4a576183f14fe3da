"""Compressed logs: gzip, bzip2, xz and zstd are unpacked on the way, block by block.

Recognised by their first bytes. Zstandard comes with Python 3.14; before, the package zstandard does it where it is installed.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import zlib
from collections.abc import Callable, Generator
from functools import partial
from typing import IO, Any

from ....errors import InputError
from .names import clean

__all__ = ["GZIP", "is_packed", "unpacked"]

GZIP = b"\x1f\x8b"
BZIP2 = b"BZh"
XZ_MEMORY = 256 << 20
"""Bytes that an archive may ask for; xz -9 asks for 65 MB."""
XZ = b"\xfd7zXZ\x00"
ZSTD = b"\x28\xb5\x2f\xfd"


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive."""
    return head.startswith((GZIP, BZIP2, XZ, ZSTD))


def unpacked(raw: IO[bytes], size: int, name: str) -> Generator[bytes]:
    """The content of `raw`, at most `size` bytes at a time.

    Raises `EOFError` when an archive breaks off (after all that it still holds), `InputError` when it is damaged or no package is there
    to unpack it, `OSError` when the disk fails.
    """
    magic = raw.read(6)
    raw.seek(0)
    if magic.startswith(GZIP):
        yield from _gzip(raw, size, name)
    elif magic.startswith(ZSTD):
        yield from _zstd(raw, size, name)
    elif magic.startswith((BZIP2, XZ)):
        yield from _streams(raw, size, name, bz2.BZ2Decompressor if magic.startswith(BZIP2) else partial(lzma.LZMADecompressor, memlimit=XZ_MEMORY))
    else:
        while block := raw.read(size):
            yield block


def _gzip(raw: IO[bytes], size: int, name: str) -> Generator[bytes]:
    with gzip.GzipFile(fileobj=raw) as file:
        try:
            while block := file.read1(size):
                yield block
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError.of("read.damaged_gzip", name=name, reason=clean(str(error))) from None


def _streams(raw: IO[bytes], size: int, name: str, new: Callable[[], Any]) -> Generator[bytes]:
    """bzip2 and xz, which may be several archives one after another."""
    unpacker = new()
    while True:
        packed = b""
        if unpacker.eof:
            packed = unpacker.unused_data or raw.read(size)
            if not packed.strip(b"\0"):
                return
            unpacker = new()
        elif unpacker.needs_input:
            packed = raw.read(size)
            if not packed:
                raise EOFError
        try:
            block = unpacker.decompress(packed, size)
        except (OSError, EOFError, lzma.LZMAError) as error:
            raise InputError.of("read.damaged_archive", name=name, reason=clean(str(error))) from None
        if block:
            yield block


def _zstd(raw: IO[bytes], size: int, name: str) -> Generator[bytes]:
    for module in ("compression.zstd", "zstandard"):
        try:
            zstd: Any = importlib.import_module(module)
        except ImportError:
            continue
        break
    else:
        raise InputError.of("read.no_zstd", name=name)
    native = hasattr(zstd, "ZstdFile")
    promised = 0 if native else _promised(zstd, raw)
    file: Any = zstd.ZstdFile(raw) if native else zstd.ZstdDecompressor().stream_reader(raw, read_across_frames=True, closefd=False)
    try:
        while block := file.read1(size) if native else file.read(size):
            promised -= len(block)
            yield block
        if promised > 0:
            raise EOFError
    except zstd.ZstdError as error:
        raise InputError.of("read.damaged_zstd", name=name, reason=clean(str(error))) from None
    finally:
        file.close()


def _promised(zstd: Any, raw: IO[bytes]) -> int:
    """How many bytes the first frame says it holds; 0 when it does not say. Its reader does not notice where a file breaks off."""
    head = raw.read(32)
    raw.seek(0)
    try:
        size = int(zstd.get_frame_parameters(head).content_size)
    except zstd.ZstdError:
        return 0
    return size if 0 < size < 1 << 60 else 0
