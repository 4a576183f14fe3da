"""A casebook in one SQLite file: nothing to set up, several processes at once.

Write-ahead log and `synchronous=FULL`: what was acknowledged survives a crash and a power failure, and readers never wait. The
write-ahead log needs shared memory, which network file systems do not have (https://sqlite.org/wal.html): there, and wherever SQLite
refuses it, the rollback journal is used instead, and said so.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, final
from urllib.parse import quote

import numpy as np

from ..errors import StoreError
from .database import Note
from .migrations import STEPS

__all__ = ["SqliteFile", "on_network"]

APPLICATION = 0x4C435342
"""`PRAGMA application_id` of a casebook: "LCSB". Another program's file has another one."""

OLDEST = (3, 37, 0)
"""First SQLite with STRICT tables."""

PATIENCE = 60.0
"""Seconds that a change waits for those of other processes."""

_NETWORK = frozenset({
    "9p", "acfs", "afpfs", "afs", "beegfs", "ceph", "cephfs", "cifs", "davfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
    "ocfs2", "orangefs", "panfs", "pvfs2", "smb2", "smb3", "smbfs", "virtiofs", "wekafs",
})  # fmt: skip
"""File systems that several machines share (types as in /proc/mounts); besides them everything that starts with `fuse.`."""


def on_network(path: Path, mounts: str | None = None) -> bool:
    """Whether `path` lies on a network file system. `mounts`: the contents of /proc/mounts (read when None)."""
    if sys.platform == "win32":
        return str(path.absolute()).startswith("\\\\")
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text("utf-8", "replace")
        except OSError:
            return False
    real = os.path.realpath(path)
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace(r"\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind in _NETWORK or kind.startswith("fuse.")


@final
class SqliteFile:
    """A connection to the casebook in the file `path` (a `Database`), which is made when it is not there and `create` is true.

    Without `create` a file that is not there reads as an empty casebook. A file that may not be written opens for reading.
    """

    def __init__(self, path: str | os.PathLike[str], *, create: bool = True, mounts: str | None = None) -> None:
        """Opens and migrates. StoreError when that cannot be. `mounts` stands in for /proc/mounts."""
        self.path = Path(path).expanduser()
        self.where = str(self.path)
        self.notes: tuple[Note, ...] = ()
        self.read_only = False
        self._lock = threading.RLock()
        self._uri = "file::memory:"
        if sqlite3.sqlite_version_info < OLDEST:
            raise StoreError.of("casebook.store.old_sqlite", found=sqlite3.sqlite_version, oldest=".".join(map(str, OLDEST)))
        with self._said():
            self._connection = self._connect(create)
            try:
                self._prepare(mounts)
            except BaseException:
                self._connection.close()
                raise

    def _connect(self, create: bool) -> sqlite3.Connection:
        if self.path.is_dir():
            raise StoreError.of("casebook.store.is_folder", where=self.where)
        try:
            there = self.path.exists()
            if not there and not create:
                self.read_only = True
                self.notes += (("casebook.note.not_there", {"where": self.where}),)
                return _connection(self._uri)
            if not there:
                self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError.of("casebook.store.no_folder", where=self.where, reason=error) from None
        self.read_only = there and not (os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK))
        mode = "rwc"
        if self.read_only:
            # Without a folder to put the shared memory in, a file nobody writes to must be declared so.
            log = Path(f"{self.path}-wal")
            mode = "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"
            self.notes += (("casebook.note.read_only", {"where": self.where}),)
        self._uri = f"file:{quote(str(self.path.absolute()))}?mode={mode}"
        return _connection(self._uri)

    def _prepare(self, mounts: str | None) -> None:
        run = self._connection.execute
        run("pragma foreign_keys = on")
        run("pragma synchronous = full")
        if self._uri == "file::memory:":
            self._migrate(0)
            return
        empty = not run("select 1 from sqlite_master limit 1").fetchall()
        if not empty and run("pragma application_id").fetchone()[0] != APPLICATION:
            raise StoreError.of("casebook.store.not_a_casebook", where=self.where)
        network = on_network(self.path.parent, mounts)
        if not self.read_only:
            wanted = "delete" if network else "wal"
            found = _patiently(lambda: run("pragma journal_mode").fetchone()[0])
            if found != wanted:
                found = _patiently(lambda: run(f"pragma journal_mode = {wanted}").fetchone()[0])
            if found != "wal":
                entry = "network" if network else "no_wal"
                self.notes += ((f"casebook.note.{entry}", {"where": self.where}),)
        self._migrate(self._applied())

    def _applied(self) -> int:
        """Number of the newest step that was made here."""
        return int(self._connection.execute("pragma user_version").fetchone()[0])

    def _migrate(self, applied: int) -> None:
        if applied > STEPS[-1].number:
            raise StoreError.of("casebook.store.newer", where=self.where, found=applied, known=STEPS[-1].number)
        if applied < STEPS[-1].number and self.read_only and self._uri != "file::memory:":
            raise StoreError.of("casebook.store.older", where=self.where)
        for step in STEPS[applied:]:
            with self._transaction():
                if self._applied() >= step.number:  # another process was quicker
                    continue
                for statement in step.sqlite:
                    self._connection.execute(statement)
                self._connection.execute(f"pragma application_id = {APPLICATION}")
                self._connection.execute(f"pragma user_version = {step.number}")

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        with self._lock, self._said():
            return self._connection.execute(sql, parameters).fetchall()

    def run(self, sql: str, *parameters: Any) -> None:
        """Run one statement that answers nothing."""
        with self._lock, self._said():
            self._connection.execute(sql, parameters)

    def stream(self, sql: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a large answer, from a connection of its own, so that they are of one moment."""
        if self._uri == "file::memory:":
            yield from self.rows(sql, *parameters)
            return
        with self._said():
            connection = _connection(self._uri)
            try:
                cursor = connection.execute(sql, parameters)
                while rows := cursor.fetchmany(500):
                    yield from rows
            finally:
                connection.close()

    @contextmanager
    def writing(self) -> Generator[None]:
        """One transaction, on disk when the outermost block is left."""
        with self._lock, self._said():
            if self._connection.in_transaction:
                yield
                return
            with self._transaction():
                yield

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("begin immediate")
        try:
            yield
            self._connection.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled back already
                self._connection.execute("rollback")
            raise

    def index(self, no: int, tokens: Sequence[str], before: Sequence[str] | None) -> None:
        """Let case `no` be found by `tokens`."""
        if before is not None:
            self.run("insert into lc_search (lc_search, rowid, tokens) values ('delete', ?, ?)", no, " ".join(before))
        self.run("insert into lc_search (rowid, tokens) values (?, ?)", no, " ".join(tokens))

    def counts(self, tokens: Sequence[str], most: int) -> Mapping[str, int]:
        """In how many cases each token stands, counted up to `most` + 1."""
        sql = "select count(*) from (select 1 from lc_search where lc_search match ? limit ?)"
        return {token: self.rows(sql, f'"{token}"', most + 1)[0][0] for token in tokens}

    def postings(self, tokens: Sequence[str]) -> Mapping[str, np.ndarray]:
        """The numbers of the cases that each token stands in."""
        return {token: self._numbers("select group_concat(rowid) from lc_search where lc_search match ?", f'"{token}"') for token in tokens}

    def newest_with_all(self, tokens: Sequence[str], most: int) -> np.ndarray:
        """The numbers of at most `most` cases that all tokens stand in, newest first."""
        words = " AND ".join(f'"{token}"' for token in tokens)
        inner = "select rowid as no from lc_search where lc_search match ? order by rowid desc limit ?"
        return self._numbers(f"select group_concat(no) from ({inner})", words, most)  # noqa: S608 - fixed words

    def _numbers(self, sql: str, *parameters: Any) -> np.ndarray:
        """One string of numbers is read many times faster than as many rows."""
        listed = self.rows(sql, *parameters)[0][0]
        return np.array(listed.split(","), np.int64) if listed else np.empty(0, np.int64)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _said(self) -> Generator[None]:
        """What SQLite raises, as a StoreError in words."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def _in_words(self, error: sqlite3.Error) -> StoreError:
        code = str(getattr(error, "sqlite_errorname", ""))
        for start, entry in _CAUSES.items():
            if code.startswith(start):
                return StoreError.of(f"casebook.store.{entry}", where=self.where)
        return StoreError.of("casebook.store.failed", where=self.where, reason=" ".join(str(error).split()))


_CAUSES = {
    "SQLITE_FULL": "full",
    "SQLITE_IOERR": "io",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_PERM": "cannot_open",
    "SQLITE_AUTH": "cannot_open",
    "SQLITE_NOTADB": "not_a_casebook",
    "SQLITE_CORRUPT": "corrupt",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
}


def _connection(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _patiently(ask: Callable[[], str]) -> str:
    """The answer to a question about the journal, which several processes that open a new file at once may have to ask again: here
    SQLite does not wait by itself."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY") or time.monotonic() > end:
                raise
            time.sleep(0.01)
