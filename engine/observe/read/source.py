"""Opening a log: plain or packed bytes, whatever encoding, in blocks of bounded size.

A long file is read block by block as often as a reader asks; a short one, and anything else (a pipe, standard input), is read once into
memory.
"""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import IO

from ....errors import InputError
from ..log import Note
from .archive import DEFLATE, is_packed, unpacked
from .names import clean

__all__ = ["MAX_DOCUMENT", "MAX_LINE", "Source"]

HEAD = 1 << 16
"""Bytes that the readers look at before one of them is chosen, and more where these are not yet `HEAD_LINES` whole lines."""
HEAD_LINES = 4
BLOCK = 1 << 20
SHORT = 1 << 20
"""Bytes. A file no longer than this is read once and kept, however often a reader asks."""
MAX_LINE = 8 << 20
"""Bytes; a longer line is no line of a training log."""
SHRUNK = 8
"""So many times smaller a packed log is than the log."""
SWOLLEN = 100
SWOLLEN_FROM = 1 << 20
"""Bytes. An archive that has unpacked to more, and to more than `SWOLLEN` times what was read of it, is not unpacked any further: text with
numbers in it shrinks to a tenth or a twentieth, a thousandth is a trick to fill memories."""
DEFLATED, DEFLATED_FROM = 30, 8 << 20
"""The same for gzip and zip, once so many bytes have come out of it: of 126 real logs the one that shrank most became a twenty-ninth (xz: a 57th)."""
MAX_DOCUMENT = 128 << 20
"""Bytes of a JSON document or of a pipe, which have to be held in memory as a whole."""

_TEXT_BYTES = bytes({7, 8, 9, 10, 12, 13, 27} | set(range(32, 127)) | set(range(128, 256)))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Source:
    """One file, ready to be recognised (`head`) and read (`lines`, `text`, `blocks`).

    Raises `InputError` when there is nothing to open or it holds no text at all; `binary` says whether the bytes are no text.
    """

    def __init__(self, path: Path) -> None:
        """Look at the file at `path` and its first bytes."""
        self.path = path
        self.name = clean(str(path), 300)
        self.notes: list[Note] = []
        self.memo: dict[str, object] = {}
        """What a reader found out while it looked at the head."""
        self.unfinished = False
        """The last line has no end; known after reading."""
        self._memory: bytes | None = None
        self._piped = False
        self.size = self._look()
        self._packed, self._deflated = True, False
        self.head = self._first()
        if not self.head.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
            raise InputError.of("read.cut_archive" if self.notes else "read.empty", name=self.name)
        self.encoding, self._skip = _encoding(self.head)
        self.binary = self.encoding == "binary"
        self.head_text = "" if self.binary else self._decode_head()

    @cached_property
    def head_lines(self) -> list[str]:
        """The lines of the head, the last one perhaps cut."""
        return self.head_text.splitlines()

    @property
    def on_disk(self) -> bool:
        """Whether the bytes of the file are those of the log: neither packed nor out of a pipe."""
        return not self._packed

    @property
    def likely_size(self) -> int:
        """Bytes of the log, as far as one can tell before it is read."""
        return self.size if self.on_disk else self.size * SHRUNK

    def _look(self) -> int:
        try:
            info = os.stat(self.path)
            self._piped = not stat.S_ISREG(info.st_mode)
            if self._piped:
                with open(self.path, "rb") as file:
                    self._memory = file.read(MAX_DOCUMENT + 1)
                if len(self._memory) > MAX_DOCUMENT:
                    raise InputError.of("read.endless", name=self.name, size=MAX_DOCUMENT >> 20)
            elif info.st_size <= SHORT:
                with open(self.path, "rb", buffering=0) as file:
                    content = file.read(info.st_size + 1)
                self._memory = content if len(content) == info.st_size else None
        except FileNotFoundError:
            raise InputError.of("read.no_file", name=self.name) from None
        except OSError as error:
            raise InputError.of("read.not_opened", name=self.name, reason=error) from None
        except ValueError:
            raise InputError.of("read.no_path", name=self.name) from None
        return info.st_size

    def _raw(self) -> IO[bytes]:
        return io.BytesIO(self._memory) if self._memory is not None else open(self.path, "rb")

    def _first(self) -> bytes:
        """The first `HEAD` bytes; of a text with longer lines as many as hold the first few of them, up to `MAX_LINE`."""
        with self._raw() as raw:
            start = raw.read(8)
        self._packed, self._deflated = self._piped or is_packed(start), start.startswith(DEFLATE)
        if self._memory is not None and len(self._memory) <= HEAD and not self._packed:
            return self._memory
        head = bytearray()
        lines = 0
        with closing(self.blocks(HEAD)) as blocks:
            for block in blocks:
                head += block
                lines += block.count(b"\n") + block.count(b"\r")
                if len(head) >= HEAD and (lines >= HEAD_LINES or len(head) >= MAX_LINE or _encoding(bytes(head[:HEAD]))[0] == "binary"):
                    break
        return bytes(head)

    def blocks(self, size: int = BLOCK) -> Generator[bytes]:
        """The unpacked bytes, at most `size` at a time, from the beginning."""
        try:
            with self._raw() as raw:
                whole = 0
                for block in unpacked(raw, size, self.name):
                    yield block
                    whole += len(block)
                    times = DEFLATED if self._deflated and whole >= DEFLATED_FROM else SWOLLEN
                    if self._packed and whole >= SWOLLEN_FROM and whole > times * raw.tell():
                        self._note(Note("swollen_archive", {"times": times, "size": whole >> 20}))
                        return
        except EOFError:
            self._note(Note("cut_archive"))
        except OSError as error:
            raise InputError.of("read.not_readable", name=self.name, reason=clean(str(error))) from None

    def chunks(self) -> Iterator[str]:
        """The text in pieces that end where a line ends; line ends are "\\n", and "\\r" inside a line is left alone."""
        only_returns = "\n" not in self.head_text and "\r" in self.head_text
        last = ""
        for chunk in self._wide() if self.encoding.startswith(("utf-16", "utf-32")) else self._narrow():
            text = chunk
            if "\r" in text:
                text = text.replace("\r\n", "\n")
                if only_returns:
                    text = text.replace("\r", "\n")
            if "\0" in text:
                text = text.replace("\0", "")
            if text:
                yield text
                last = text[-1]
        self.unfinished = last != "\n"

    def short_text(self) -> str | None:
        """The whole text as `chunks` gives it; None where the file is packed or was too long to be kept."""
        if self._memory is None or self._packed:
            return None
        if self._memory is self.head and self.head.isascii() and b"\r" not in self.head and b"\0" not in self.head:
            self.unfinished = self.head_text[-1:] != "\n"
            return self.head_text
        return "".join(self.chunks())

    def lines(self) -> Iterator[list[str]]:
        """The lines without their ends, many at a time."""
        for chunk in self.chunks():
            lines = chunk.split("\n")
            if not lines[-1]:
                lines.pop()
            if lines:
                yield lines

    def pieces(self, size: int) -> Iterator[bytes]:
        """The bytes of a UTF-8 text in pieces of about `size` that end where a line ends; the last one only where the file ends."""
        whole = self._cut_lines(size) if self._packed else self._cut_file(size)
        skip = self._skip
        for piece in whole:
            if piece[-1:] != b"\n":
                self.unfinished = True
            yield piece[skip:] if skip else piece
            skip = 0

    def _cut_lines(self, size: int) -> Iterator[bytes]:
        waiting = bytearray()
        for block in self.blocks(min(size, BLOCK)):
            waiting += block
            if len(waiting) >= size:
                cut = waiting.rfind(b"\n") + 1
                if cut:
                    yield bytes(waiting[:cut])
                    del waiting[:cut]
                self._check_line(len(waiting))
        cut = waiting.rfind(b"\n") + 1
        for piece in (waiting[:cut], waiting[cut:]):
            if piece:
                yield bytes(piece)

    def _cut_file(self, size: int) -> Iterator[bytes]:
        """The same without a copy: the end of the line is looked for in the file."""
        try:
            with open(self.path, "rb", buffering=0) as file:
                at = 0
                while True:
                    end = self._end_of_line(file, at + size)
                    file.seek(at)
                    piece = file.read(end - at)
                    if not piece:
                        return
                    yield piece
                    at += len(piece)
        except OSError as error:
            raise InputError.of("read.not_readable", name=self.name, reason=clean(str(error))) from None

    def _end_of_line(self, file: IO[bytes], at: int) -> int:
        """The place behind the first line feed at or after `at`, or the end of the file."""
        start = at
        file.seek(at)
        while block := file.read(HEAD):
            cut = block.find(b"\n") + 1
            if cut:
                return at + cut
            at += len(block)
            self._check_line(at - start)
        return at

    def _check_line(self, length: int) -> None:
        if length > MAX_LINE:
            raise InputError.of("read.long_line", name=self.name, size=MAX_LINE >> 20)

    def tidy(self, piece: bytes, *, last: bool = False) -> str:
        """The text of one of the `pieces`, as `chunks` gives it."""
        return self._decode(piece, last=last).replace("\r\n", "\n").replace("\0", "")

    def text(self) -> str:
        """The whole text; raises `InputError` when it is longer than `MAX_DOCUMENT`."""
        parts: list[str] = []
        size = 0
        for part in self._wide(MAX_DOCUMENT):
            size += len(part)
            if size > MAX_DOCUMENT:
                raise InputError.of("read.long_json", name=self.name, size=MAX_DOCUMENT >> 20)
            parts.append(part)
        return "".join(parts)

    def _narrow(self) -> Iterator[str]:
        carry = b""
        skip = self._skip
        for block in self.blocks():
            data = carry + block[skip:] if carry else block[skip:]
            skip = 0
            cut = data.rfind(b"\n") + 1
            if not cut and len(data) > BLOCK:
                cut = data.rfind(b"\r", 0, len(data) - 1) + 1
            if cut:
                yield self._decode(data[:cut])
            carry = data[cut:]
            self._check_line(len(carry))
        if carry:
            yield self._decode(carry, last=True)

    def _wide(self, longest: int = MAX_LINE) -> Iterator[str]:
        if self.encoding == "utf-8" and longest > MAX_LINE:
            yield from self._whole(longest)
            return
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        carry = ""
        skip = self._skip
        for block in self.blocks():
            data = carry + decoder.decode(block[skip:])
            skip = 0
            cut = data.rfind("\n") + 1
            if cut:
                yield data[:cut]
            carry = data[cut:]
            if len(carry) > longest:
                raise InputError.of("read.long_line", name=self.name, size=longest >> 20)
        carry += decoder.decode(b"", final=True)
        if carry:
            yield carry

    def _whole(self, longest: int) -> Iterator[str]:
        data = bytearray()
        for block in self.blocks():
            data += block
            if len(data) > longest:
                raise InputError.of("read.long_json", name=self.name, size=longest >> 20)
        yield self._decode(bytes(data[self._skip :]), last=True)

    def _decode(self, data: bytes, *, last: bool = False) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            if last and error.end >= len(data) - 3 and error.reason == "unexpected end of data":
                return data.decode("utf-8", errors="ignore")
        if self.encoding == "gb18030":
            return data.decode("gb18030", errors="replace")
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            self._note(Note("broken_characters"))
            return data.decode("utf-8", errors="replace")
        self._note(Note("encoding", {"encoding": "gb18030"}))
        return text

    def _decode_head(self) -> str:
        if self.encoding not in {"utf-8"} or self._skip:
            self._note(Note("encoding", {"encoding": self.encoding + ("-sig" if self.encoding == "utf-8" else "")}))
        return self.head[self._skip :].decode(self.encoding, errors="ignore")

    def _note(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)


def _encoding(head: bytes) -> tuple[str, int]:
    """The encoding of a text that begins with `head`, and the length of its mark; "binary" when it is no text."""
    for bom, name in _BOMS:
        if head.startswith(bom) and not (name == "utf-16-le" and head[2:4] == b"\0\0" and len(head) > 4):
            if name != "utf-8" and not _plausible(head[len(bom) :], name):
                return "binary", 0
            return name, len(bom)
    if b"\0" not in head and head.isascii():
        return ("binary", 0) if _strange(head) else ("utf-8", 0)
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and max(even, odd) > 0.35 * len(sample) / 2 and min(even, odd) <= 0.02 * len(sample):
        name = "utf-16-le" if odd > even else "utf-16-be"
        return (name, 0) if _plausible(head, name) else ("binary", 0)
    if _strange(head):
        return "binary", 0
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        return name, 0
    return "utf-8", 0


def _strange(head: bytes) -> bool:
    """Whether there are more control characters in `head` than in any text."""
    body = head.strip(b"\0")
    count = len(body.translate(None, _TEXT_BYTES)) - (body.count(0) if body.count(0) < len(body) // 20 else 0)
    return count > max(2, len(head) // 50)


def _plausible(data: bytes, encoding: str) -> bool:
    text = data[:4096].decode(encoding, errors="ignore")
    strange = sum(1 for c in text if (ord(c) < 32 and c not in "\t\r\n\x1b\x08\x0c\x07") or 0xE000 <= ord(c) < 0xF900 or ord(c) >= 0xFFF0)
    ascii_share = sum(1 for c in text if ord(c) < 128)
    return bool(text) and strange <= max(1, len(text) // 20) and ascii_share >= len(text) // 4
