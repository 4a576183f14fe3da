"""A casebook on a PostgreSQL server (12 or later), for a team. Needs psycopg 3: `pip install 'lossclinic[postgres]'`.

The tables lie in the first schema of the search path. A role that may only read looks cases up; one that may not create tables can
write once somebody else has made them (docs/casebook.md has the grants).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast, final

import numpy as np

from ..errors import StoreError
from .database import Note
from .migrations import STEPS, Step

if TYPE_CHECKING:
    import psycopg

__all__ = ["PostgresServer", "shown"]

LOCK = 0x4C435342
"""Key of the advisory lock that migrations are made under."""

LARGE = 10_000
"""Cases from which the statistics of the server are trusted."""

PATIENCE = 10
"""Seconds to wait for a server that does not answer."""


def _driver() -> Any:
    try:
        import psycopg
    except ImportError:
        raise StoreError.of("casebook.store.no_psycopg") from None
    # It warns on stderr of what is raised as well.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    return psycopg


def shown(address: str) -> str:
    """`address` for people: server, port and database, without user and password."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
        return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
    except ValueError:
        return "postgresql://"


@final
class PostgresServer:
    """A connection to the casebook at `address`, `postgresql://...` (a `Database`). The tables are made if they are missing."""

    def __init__(self, address: str) -> None:
        """Connects and migrates. StoreError when that cannot be."""
        self._psycopg = _driver()
        self._address = address
        self.where = shown(address)
        self.notes: tuple[Note, ...] = ()
        self._lock = threading.RLock()
        self._inside = False
        with self._said():
            self._connection = self._connect()
            try:
                self.read_only = False
                self._migrate()
                self.read_only = self._may_only_read()
                if self.read_only:
                    self.notes += (("casebook.note.read_only", {"where": self.where}),)
            except BaseException:
                self._connection.close()
                raise

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = self._psycopg.connect(
            self._address, autocommit=True, connect_timeout=PATIENCE, application_name="lossclinic", prepare_threshold=2
        )
        connection.execute("select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'")
        return connection

    def _execute(self, sql: str, parameters: Sequence[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        self._reconnect()
        return self._connection.execute(cast("Any", sql.replace("?", "%s")), parameters or None)

    def _reconnect(self) -> None:
        """A server that was started anew between two transactions is greeted anew."""
        if self._connection.broken and not self._inside:
            self._connection = self._connect()

    def _may_only_read(self) -> bool:
        sql = (
            "select current_setting('transaction_read_only') = 'on' or pg_is_in_recovery()"
            " or not has_table_privilege('lc_versions', 'insert') or not has_table_privilege('lc_numbers', 'update')"
        )
        return bool(self.rows(sql)[0][0])

    def _applied(self) -> int:
        if self.rows("select to_regclass('lc_migrations') is null")[0][0]:
            return 0
        return int(self.rows("select coalesce(max(number), 0) from lc_migrations")[0][0])

    def _migrate(self) -> None:
        applied = self._applied()
        if applied > STEPS[-1].number:
            raise StoreError.of("casebook.store.newer", where=self.where, found=applied, known=STEPS[-1].number)
        if applied == STEPS[-1].number:
            return
        may_create = "select current_setting('transaction_read_only') = 'off' and has_schema_privilege(current_schema(), 'create')"
        if not self.rows(may_create)[0][0]:
            raise StoreError.of("casebook.store.no_tables" if not applied else "casebook.store.older", where=self.where)
        # The lock is taken before the transaction begins: what it then sees is what the one before it has left.
        self.rows("select pg_advisory_lock(?)", LOCK)
        try:
            for step in STEPS:
                with self.writing():
                    if self._applied() < step.number:
                        self._make(step)
        finally:
            self.rows("select pg_advisory_unlock(?)", LOCK)

    def _make(self, step: Step) -> None:
        self.run("create table if not exists lc_migrations (number integer primary key, name text not null, made timestamptz default now())")
        for statement in step.postgres:
            self._connection.execute(cast("Any", statement))
        self.run("insert into lc_migrations (number, name) values (?, ?)", step.number, step.name)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        with self._lock, self._said():
            return self._execute(sql, parameters).fetchall()

    def run(self, sql: str, *parameters: Any) -> None:
        """Run one statement that answers nothing; inside `writing` it travels together with those after it."""
        with self._lock, self._said():
            self._execute(sql, parameters)

    def stream(self, sql: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a large answer, from a connection of its own, so that they are of one moment."""
        with self._said(), self._connect() as connection, connection.transaction(), connection.cursor("lc_stream") as cursor:
            cursor.itersize = 500
            cursor.execute(cast("Any", sql.replace("?", "%s")), parameters or None)
            yield from cursor

    @contextmanager
    def writing(self) -> Generator[None]:
        """One transaction, on disk when the outermost block is left. A server is far away: what is only to be done is sent along with the
        next question, and not waited for."""
        with self._lock, self._said():
            if self._inside:
                yield
                return
            self._reconnect()
            self._inside = True
            try:
                with self._connection.pipeline(), self._connection.transaction():
                    yield
            finally:
                self._inside = False

    def index(self, no: int, tokens: Sequence[str], before: Sequence[str] | None) -> None:
        """Let case `no` be found by `tokens`."""
        if before is None:
            self.run("insert into lc_search (no, tokens) values (?, array_to_tsvector(?))", no, sorted(set(tokens)))
        else:
            self.run("update lc_search set tokens = array_to_tsvector(?) where no = ?", sorted(set(tokens)), no)

    def counts(self, tokens: Sequence[str], most: int) -> Mapping[str, int]:
        """In how many cases each token stands, counted up to `most` + 1; in a large casebook those of frequent tokens are what the server
        estimated when it last gathered its statistics, because counting them is what takes longest."""
        sql = (
            "with frequent as materialized (select u.token, u.share * c.reltuples as n from pg_class c"
            " join pg_stats s on s.schemaname = c.relnamespace::regnamespace::text and s.tablename = c.relname and s.attname = 'tokens',"
            " unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) as u (token, share)"
            " where c.oid = 'lc_search'::regclass and c.reltuples >= ? and u.token is not null)"
            " select t.token, coalesce((select least(round(f.n), ?) from frequent f where f.token = t.token)::int,"
            " (select count(*) from (select 1 from lc_search s where s.tokens @@ t.token::tsquery limit ?) as few))"
            " from unnest(?::text[]) as t (token)"
        )
        with self._by_index():
            return dict(cast("list[tuple[str, int]]", self.rows(sql, LARGE, most + 1, most + 1, list(tokens))))

    def postings(self, tokens: Sequence[str]) -> Mapping[str, np.ndarray]:
        """The numbers of the cases that each token stands in."""
        sql = (
            "select t.token, (select string_agg(s.no::text, ',') from lc_search s where s.tokens @@ t.token::tsquery)"
            " from unnest(?::text[]) as t (token)"
        )
        with self._by_index():
            return {token: _numbers(listed) for token, listed in self.rows(sql, list(tokens))}

    def newest_with_all(self, tokens: Sequence[str], most: int) -> np.ndarray:
        """The numbers of at most `most` cases that all tokens stand in, newest first."""
        inner = "select no from lc_search where tokens @@ ?::tsquery order by no desc limit ?"
        sql = f"select string_agg(no::text, ',') from ({inner}) as newest"  # noqa: S608 - fixed words
        return _numbers(self.rows(sql, " & ".join(tokens), most)[0][0])

    @contextmanager
    def _by_index(self) -> Generator[None]:
        """A token in many cases makes the planner read every row in full; the index alone is quicker."""
        with self.writing():
            self.run("set local enable_seqscan = off")
            yield

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _said(self) -> Generator[None]:
        """What the driver raises, as a StoreError in words."""
        try:
            yield
        except self._psycopg.Error as error:
            raise self._in_words(error) from error

    def _in_words(self, error: Exception) -> StoreError:
        state = str(getattr(error, "sqlstate", None) or "")
        for start, entry in _CAUSES.items():
            if state.startswith(start):
                return StoreError.of(f"casebook.store.{entry}", where=self.where)
        reason = " ".join(str(error).split()) or type(error).__name__
        entry = "unreachable" if isinstance(error, self._psycopg.OperationalError) and not state else "failed"
        return StoreError.of(f"casebook.store.{entry}", where=self.where, reason=reason)


_CAUSES = {
    "53100": "full",
    "42501": "not_allowed",
    "25006": "read_only",
    "28": "login",
    "3D000": "no_database",
    "3F000": "no_schema",
    "XX001": "corrupt",
    "XX002": "corrupt",
    "57P03": "busy",
    "53300": "busy",
}
"""SQLSTATE (its beginning) to message."""


def _numbers(listed: str | None) -> np.ndarray:
    return np.array(listed.split(","), np.int64) if listed else np.empty(0, np.int64)
