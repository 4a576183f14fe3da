"""Compressed logs: gzip and zstd are unpacked on the way, block by block.

Recognised by their first bytes. Zstandard comes with Python 3.14; before, the package zstandard does it where it is installed.
"""

from __future__ import annotations

import gzip
import importlib
import zlib
from collections.abc import Generator
from typing import IO, Any

from ....errors import InputError
from .names import clean

__all__ = ["is_packed", "unpacked"]

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive."""
    return head.startswith((GZIP, ZSTD))


def unpacked(raw: IO[bytes], size: int, name: str) -> Generator[bytes]:
    """The content of `raw`, at most `size` bytes at a time.

    Raises `EOFError` when an archive breaks off (after all that it still holds), `InputError` when it is damaged or no package is there
    to unpack it, `OSError` when the disk fails.
    """
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(GZIP):
        yield from _gzip(raw, size, name)
    elif magic == ZSTD:
        yield from _zstd(raw, size, name)
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
    file: Any = zstd.ZstdFile(raw) if native else zstd.ZstdDecompressor().stream_reader(raw, read_across_frames=True, closefd=False)
    try:
        while block := file.read1(size) if native else file.read(size):
            yield block
    except zstd.ZstdError as error:
        raise InputError.of("read.damaged_zstd", name=name, reason=clean(str(error))) from None
    finally:
        file.close()
