"""Compressed logs: gzip, bzip2, xz, zstd and a zip archive with one file in it are unpacked on the way, block by block.

Recognised by their first bytes. Zstandard comes with Python 3.14; before, the package zstandard does it where it is installed.
"""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import zipfile
import zlib
from collections.abc import Callable, Generator
from functools import partial
from typing import IO, Any

from ....errors import InputError
from .names import clean

__all__ = ["DEFLATE", "is_packed", "unpacked"]

GZIP = b"\x1f\x8b"
BZIP2 = b"BZh"
XZ_MEMORY = 256 << 20
"""Bytes that an archive may ask for; xz -9 asks for 65 MB."""
XZ = b"\xfd7zXZ\x00"
ZSTD = b"\x28\xb5\x2f\xfd"
ZIP = b"PK\x03\x04"
DEFLATE = (GZIP, ZIP)
"""Archives that pack with deflate."""
ZIP_END = b"PK\x05\x06"
ZIP_TAIL = 22 + (1 << 16)
"""Bytes at the end of a zip archive within which its directory is announced."""
ZIP_DIRECTORY = 1 << 20
"""Bytes that the directory may have: that of a log and its folders has a few hundred."""
SHOWN = 5
"""So many files of an archive are named in a message."""


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with `head` is an archive."""
    return head.startswith((GZIP, BZIP2, XZ, ZSTD, ZIP))


def unpacked(raw: IO[bytes], size: int, name: str) -> Generator[bytes]:
    """The content of `raw`, at most `size` bytes at a time.

    Raises `EOFError` when an archive breaks off (after all that it still holds), `InputError` when it is damaged or no package is there
    to unpack it, `OSError` when the disk fails.
    """
    magic = raw.read(6)
    raw.seek(0)
    if magic.startswith(GZIP):
        yield from _gzip(raw, size, name)
    elif magic.startswith(ZIP):
        yield from _zip(raw, size, name)
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


def _zip(raw: IO[bytes], size: int, name: str) -> Generator[bytes]:
    try:
        _check_directory(raw, name)
        with zipfile.ZipFile(raw) as archive:
            logs = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
            if len(logs) != 1:
                listed = tuple(clean(info.filename, 80) for info in logs[:SHOWN])
                raise InputError.of("read.many_in_zip", name=name, n=len(logs), files=listed or ("-",))
            if logs[0].compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise InputError.of("read.damaged_archive", name=name, reason=f"compress_type {logs[0].compress_type}")
            with archive.open(logs[0]) as file:
                while block := file.read(size):
                    yield block
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError) as error:
        raise InputError.of("read.damaged_archive", name=name, reason=clean(str(error))) from None


def _check_directory(raw: IO[bytes], name: str) -> None:
    """Refuse a zip archive whose directory alone would fill the memory."""
    end = raw.seek(0, 2)
    raw.seek(max(0, end - ZIP_TAIL))
    tail = raw.read(ZIP_TAIL)
    at = tail.rfind(ZIP_END)
    if at >= 0 and int.from_bytes(tail[at + 12 : at + 16], "little") > ZIP_DIRECTORY:
        raise InputError.of("read.many_in_zip", name=name, n=int.from_bytes(tail[at + 10 : at + 12], "little"), files=("...",))
    raw.seek(0)


def _hidden(path: str) -> bool:
    """Whether a file in an archive was put there by the system rather than by its owner."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2].startswith(".")


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
