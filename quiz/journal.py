"""What was answered, as an append-only list of events in one SQLite file: nothing is changed, nothing is deleted.

Every event is committed (`synchronous=FULL`) before the next question is shown, so that a killed process loses no answer. Undo and
overruling are events too; what a learner knows is computed from the list (`progress.py`). The rollback journal is used rather than
the write-ahead log because homes on clusters lie on network file systems, where the latter is unsafe (sqlite.org/wal.html).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from ..errors import StoreError

__all__ = ["Event", "Journal"]

VERSION = 1
"""Form of the file. A newer one is refused rather than misread."""

_SCHEMA = (
    "CREATE TABLE events (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL CHECK (json_valid(data))) STRICT",
    "CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
    "CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",
)


class Event(NamedTuple):
    """Something that happened."""

    seq: int
    at: datetime
    """In UTC."""
    kind: str
    """`session`, `review`, `amend`, `undo`, `end`, `mock`, `turn`, `mock_end`."""
    data: dict[str, Any]


class Journal:
    """The file of one learner."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file. StoreError when that is not possible."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False)
            self._db.execute("PRAGMA synchronous=FULL")
            self._prepare()
        except sqlite3.DatabaseError as error:
            damaged = str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))
            raise StoreError.of("quiz.error.damaged" if damaged else "quiz.error.open", file=str(path), reason=str(error)) from None
        except OSError as error:
            raise StoreError.of("quiz.error.open", file=str(path), reason=str(error)) from None

    def _prepare(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            self._db.execute("ROLLBACK")
            raise StoreError.of("quiz.error.newer", file=str(self.path))
        if version == 0:
            for statement in _SCHEMA:
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={VERSION}")
        self._db.execute("COMMIT")

    def add(self, kind: str, at: datetime, **data: object) -> int:
        """Write an event and return its number; it is on the disk when this returns. StoreError when it cannot be."""
        text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
        try:
            cursor = self._db.execute(
                "INSERT INTO events (at, kind, data) VALUES (?, ?, ?)", (at.astimezone(UTC).isoformat(timespec="milliseconds"), kind, text)
            )
        except sqlite3.Error as error:
            raise StoreError.of("quiz.error.write", file=str(self.path), reason=str(error)) from None
        return int(cursor.lastrowid or 0)

    def events(self) -> Iterator[Event]:
        """All events in the order in which they were written. StoreError when the file is damaged."""
        try:
            for seq, at, kind, data in self._db.execute("SELECT seq, at, kind, data FROM events ORDER BY seq"):
                yield Event(seq, datetime.fromisoformat(at), kind, json.loads(data))
        except (sqlite3.Error, ValueError) as error:
            raise StoreError.of("quiz.error.read", file=str(self.path), reason=str(error)) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
