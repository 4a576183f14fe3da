"""The file that a consultation is kept in: one line an event, on the disk before the screen answers, so that a crash loses nothing sent.

A consultation in which nothing was said leaves no file. Whoever has a record open holds a lock on it where the system has locks.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, final

from ...engine.events import Began, Ended, Event, LanguageSwitched, Record, header_line, parse, to_line
from ...errors import InputError
from ..display import printable

__all__ = ["Recorder", "newest", "open_record", "read_record"]

IDLE = (Began, LanguageSwitched)
"""What by itself is not worth a file."""


@final
class Recorder:
    """Appends events to one file."""

    def __init__(self, path: Path, *, kept: int = 0, deaf: bool = False) -> None:
        """`kept`: how many events the file holds already; 0 = it begins with the first event that says something. `deaf`: nothing is
        written, as when a record is only looked at."""
        self.path = path
        self.deaf = deaf
        self.failed: OSError | None = None
        """Why the file cannot be written; events are then only in memory."""
        self._waiting: list[Event] = []
        self._file: IO[bytes] | None = None
        if kept:
            self._open(fresh=False)

    def __call__(self, event: Event) -> None:
        """Keep `event`. A disk that takes no more is remembered in `failed`."""
        if self.deaf:
            return
        if self._file is None and not self.failed:
            self._waiting.append(event)
            if isinstance(event, IDLE):
                return
            self._open(fresh=True)
        else:
            self._waiting = [event]
        self._write("".join(to_line(waiting) for waiting in self._waiting))

    def _open(self, *, fresh: bool) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._file = os.fdopen(handle, "ab", buffering=0)
            _lock(self._file)
        except OSError as error:
            self.failed = error
            return
        if fresh:
            self._write(header_line())

    def _write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text.encode())
            os.fsync(self._file.fileno())
        except OSError as error:
            self.failed = error

    def close(self) -> None:
        """Give the file and its lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


def open_record(folder: Path) -> Recorder:
    """A new record in `folder`, named after the time: names sort as the consultations do."""
    return Recorder(folder / f"{datetime.now():%Y-%m-%dT%H-%M-%S}-{secrets.token_hex(2)}.jsonl")


def read_record(path: Path, *, mend: bool = False) -> Record:
    """The events in a file. InputError when there is no such record. `mend`: cut a torn last line off, so that the file can grow on."""
    name = printable(str(path))
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        raise InputError.of("triage.record.missing", file=name) from None
    except OSError as error:
        raise InputError.of("triage.record.unreadable", file=name, reason=error) from None
    record = parse(lines, name)
    if mend and record.torn:
        with contextlib.suppress(OSError):
            os.truncate(path, sum(map(len, lines[: 1 + len(record.events)])))
    return record


def newest(folder: Path) -> Path | None:
    """The latest consultation that is not over and not open elsewhere; failing that the latest of all."""
    first: Path | None = None
    for path in sorted(folder.glob("*.jsonl"), reverse=True):
        with contextlib.suppress(InputError):
            if is_open(path):
                continue
            first = first or path
            if not _over(read_record(path).events):
                return path
    return first


def _over(events: Sequence[Event]) -> bool:
    return any(isinstance(event, Ended) for event in events[-2:])


def is_open(path: Path) -> bool:
    """Whether another program is writing to a record."""
    try:
        with path.open("rb") as file:
            return not _lock(file, shared=True)
    except OSError:
        return False


def _lock(file: IO[bytes], *, shared: bool = False) -> bool:
    """Try to lock a file; True where there are no locks."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

