"""A casebook in a database: files cases, keeps every version of them, finds them again.

Every change is one transaction that begins by counting itself in row 0 of `lc_numbers`: changes come one after another, numbers have
no gaps, and whoever keeps something in memory sees by that count that it is stale.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, cast, final

import numpy as np

from ..errors import ConflictError, StoreError
from .case import ID, Case, Change, Lang, Status, clean, now
from .database import Database, Note
from .retrieval import Retrieval
from .store import Filter, Fingerprints, Index, Sketch

__all__ = ["MOST_BYTES", "Book"]

MOST_BYTES = 32_000_000
"""Largest case, as JSON: far beyond anything a person writes, small enough for every database."""

MOST_TEXT = 50_000
"""Characters of a section that the case can be found by."""

MOST_TOKENS = 4_000
"""Tokens of a case that it can be found by (PostgreSQL takes 1 MB of them)."""

LONGEST_TOKEN = 64
LONGEST_TITLE = 500
"""Characters of a title in lists; the case itself has all of it."""

_SKETCH = "c.id, c.title, c.lang, c.status, c.opened, c.cause, c.guess, c.symptoms, t.tokens"
_FROM = "from lc_cases c join lc_tokens t on t.no = c.no"


@final
class Book:
    """The casebook in `database` (a `Store`). `index` says by what a case is found."""

    def __init__(self, database: Database, index: Index) -> None:
        """Takes over an open, migrated database."""
        self._database = database
        self._index = index
        self._retrieval = Retrieval(database)
        self._fingerprints: tuple[int, Fingerprints] | None = None

    @property
    def where(self) -> str:
        """Path or address, for people; without a password."""
        return self._database.where

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is worth knowing about how it was opened."""
        return self._database.notes

    @property
    def read_only(self) -> bool:
        """Whether it can only be looked up."""
        return self._database.read_only

    def add(self, case: Case, *, by: str = "", what: str = "opened") -> Case:
        """File a new case (see `Store.add`)."""
        self._check_writable()
        uid = case.uid or secrets.token_hex(16)
        words = self._words(case)
        with self._database.writing():
            seq = self._next_seq()
            there, no = self._database.rows("select (select id from lc_cases where uid = ?), (select coalesce(max(no), 0) + 1 from lc_cases)", uid)[0]
            if there is not None:
                return self._must_get(there)
            id = self._number(case)
            history = case.history or (Change(rev=secrets.token_hex(4), at=now(), by=by, what=what),)
            filed = case.revised(id=id, uid=uid, history=history)
            body = self._body(filed)
            self._insert_version(seq, filed, body)
            self._database.run(
                "insert into lc_cases (no, id, uid, rev, seq, status, lang, title, opened, resolved, cause, guess, symptoms)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                no, id, uid, filed.rev, seq, *_columns(filed),
            )  # fmt: skip
            self._database.run("insert into lc_tokens (no, tokens) values (?, ?)", no, words)
            self._database.index(no, _searched(words), None)
            self._write_curve(no, filed)
        return filed

    def put(self, case: Case, *, expected: str, by: str = "", what: str = "edited") -> Case:
        """Replace a case by a new version (see `Store.put`)."""
        self._check_writable()
        words = self._words(case)
        with self._database.writing():
            seq = self._next_seq()
            rows = self._database.rows("select c.no, c.uid, c.rev, t.tokens from lc_cases c join lc_tokens t on t.no = c.no where c.id = ?", case.id)
            if not rows:
                raise StoreError.of("casebook.store.no_case", id=case.id, where=self.where)
            no, uid, rev, before = rows[0]
            if rev != expected or (case.uid and case.uid != uid):
                raise ConflictError.of("casebook.store.moved_on", id=case.id)
            history = case.history
            if case.rev == expected or expected not in {change.rev for change in history}:
                change = Change(rev=secrets.token_hex(4), at=now(), by=by, what=what)
                history = (*self._must_get(case.id).history, change)
            filed = case.revised(uid=uid, history=history)
            self._insert_version(seq, filed, self._body(filed))
            self._database.run(
                "update lc_cases set rev = ?, seq = ?, status = ?, lang = ?, title = ?, opened = ?, resolved = ?, cause = ?, guess = ?,"
                " symptoms = ? where no = ?",
                filed.rev, seq, *_columns(filed), no,
            )  # fmt: skip
            if words != before:
                self._database.run("update lc_tokens set tokens = ? where no = ?", words, no)
                self._database.index(no, _searched(words), _searched(before))
            self._write_curve(no, filed)
        return filed

    def together(self) -> AbstractContextManager[None]:
        """Everything that is filed within is filed together (see `Store.together`)."""
        return self._database.writing()

    def get(self, id: str) -> Case | None:
        """The case with this id, or None."""
        return self._one("c.id = ?", id) if ID.fullmatch(id) else None

    def cases(self, ids: Sequence[str]) -> list[Case]:
        """The cases with these ids, in this order."""
        found: dict[str, Case] = {}
        for some in _pages(ids):
            marks = ", ".join("?" * len(some))
            sql = f"select v.body from lc_cases c join lc_versions v on v.seq = c.seq where c.id in ({marks})"  # noqa: S608 - marks
            found.update((case.id, case) for case in (_case(row[0]) for row in self._database.rows(sql, *some)))
        return [found[id] for id in ids if id in found]

    def by_uid(self, uid: str) -> Case | None:
        """The case with this uid, or None."""
        return self._one("c.uid = ?", clean(uid))

    def list(self, wanted: Filter = Filter(), *, limit: int | None = None, offset: int = 0) -> list[Sketch]:  # noqa: B008 - immutable
        """Cases, newest first."""
        condition, parameters = _condition(wanted)
        page = "" if limit is None else " limit ? offset ?"
        numbers = () if limit is None else (limit, offset)
        sql = f"select {_SKETCH} {_FROM} {condition} order by c.opened desc, c.no desc{page}"
        return [_sketch(row) for row in self._database.rows(sql, *parameters, *numbers)]

    def count(self, wanted: Filter = Filter()) -> int:  # noqa: B008 - immutable
        """How many there are."""
        condition, parameters = _condition(wanted)
        return int(self._database.rows(f"select count(*) from lc_cases c {condition}", *parameters)[0][0])  # noqa: S608 - fixed words

    def counts(self, tokens: Sequence[str]) -> dict[str, int]:
        """In how many cases each token stands, counted up to 8,001 (see `Store.counts`)."""
        return self._retrieval.counts([_safe(token) for token in tokens], self.stamp()) if tokens else {}

    def candidates(
        self,
        tokens: Sequence[str],
        wanted: Filter = Filter(),  # noqa: B008 - immutable
        *,
        limit: int = 200,
    ) -> list[Sketch]:
        """The cases that share most with `tokens` (see `Store.candidates`)."""
        stamp = self.stamp()
        total = int(self._database.rows("select coalesce(max(no), 0) from lc_cases")[0][0])
        allowed = None
        if wanted != Filter():
            condition, parameters = _condition(wanted)
            rows = self._database.rows(f"select c.no from lc_cases c {condition}", *parameters)  # noqa: S608 - fixed words
            allowed = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        numbers = self._retrieval.best([_safe(token) for token in dict.fromkeys(tokens)], total, stamp, allowed, limit)
        return self._by("c.no", numbers)

    def sketches(self, ids: Sequence[str]) -> list[Sketch]:
        """The cases with these ids, in this order."""
        return self._by("c.id", ids)

    def fingerprints(self) -> Fingerprints:
        """The curves of all cases, kept in memory until something changes."""
        stamp = self.stamp()
        if self._fingerprints is None or self._fingerprints[0] != stamp:
            rows = self._database.rows(
                "select c.id, f.curve from lc_fingerprints f join lc_cases c on c.no = f.no"
                " where length(f.curve) > 0 and c.status not in ('withdrawn', 'superseded') order by c.no"
            )
            longest = max((len(curve) for _, curve in rows), default=0) // 4
            matrix = np.full((len(rows), longest), np.nan, np.float32)
            if rows and all(len(curve) == longest * 4 for _, curve in rows):
                matrix = np.frombuffer(b"".join(curve for _, curve in rows), "<f4").reshape(len(rows), longest)
            else:
                for row, (_, curve) in zip(matrix, rows, strict=True):
                    row[: len(curve) // 4] = np.frombuffer(curve, "<f4")
            self._fingerprints = (stamp, Fingerprints([id for id, _ in rows], matrix))
        return self._fingerprints[1]

    def all_confirmed(self) -> Iterator[Case]:
        """Every case whose cause is confirmed and stands, in the order they were resolved."""
        sql = (
            "select v.body from lc_cases c join lc_versions v on v.seq = c.seq where c.cause <> ''"
            " and c.status not in ('withdrawn', 'superseded') order by c.resolved, c.no"
        )
        return (_case(row[0]) for row in self._database.stream(sql))

    def all(self) -> Iterator[Case]:
        """Every case, by number."""
        return (_case(row[0]) for row in self._database.stream("select v.body from lc_cases c join lc_versions v on v.seq = c.seq order by c.id"))

    def history(self, id: str) -> Sequence[Case]:
        """Every version of a case as it was, oldest first."""
        return [_case(row[0]) for row in self._database.rows("select body from lc_versions where id = ? order by seq", id)]

    def stamp(self) -> int:
        """A number that is another one after every change."""
        return int(self._database.rows("select last from lc_numbers where year = 0")[0][0])

    def close(self) -> None:
        """Let go of the file or the connection."""
        self._database.close()

    def _check_writable(self) -> None:
        if self.read_only:
            raise StoreError.of("casebook.store.read_only", where=self.where)

    def _words(self, case: Case) -> str:
        texts = {
            lang: telling.model_copy(update={name: text[:MOST_TEXT] for name, text in telling.sections().items()})
            for lang, telling in case.texts.items()
        }
        return " ".join(self._index(case.model_copy(update={"texts": texts})).split()[:MOST_TOKENS])

    def _next_seq(self) -> int:
        return int(self._database.rows("update lc_numbers set last = last + 1 where year = 0 returning last")[0][0])

    def _number(self, case: Case) -> str:
        """The id for a new case; one that it brings must be free."""
        if case.id:
            if self._database.rows("select 1 from lc_cases where id = ?", case.id):
                raise ConflictError.of("casebook.store.number_taken", id=case.id)
            _, year, number = case.id.split("-")
            if year.isdigit():
                self._database.run(
                    "insert into lc_numbers (year, last) values (?, ?) on conflict (year) do update"
                    " set last = excluded.last where excluded.last > lc_numbers.last",
                    int(year), int(number),
                )  # fmt: skip
            return case.id
        year = now().year
        last = self._database.rows(
            "insert into lc_numbers (year, last) values (?, 1) on conflict (year) do update set last = lc_numbers.last + 1 returning last", year
        )
        return f"LC-{year}-{last[0][0]:04d}"

    def _body(self, case: Case) -> str:
        body = case.model_dump_json()
        size = len(body.encode())
        if size > MOST_BYTES:
            raise StoreError.of("casebook.store.too_large", size=size // 1_000_000, most=MOST_BYTES // 1_000_000)
        return body

    def _insert_version(self, seq: int, case: Case, body: str) -> None:
        self._database.run(
            "insert into lc_versions (seq, id, version, rev, body) values (?, ?, ?, ?, ?)", seq, case.id, case.version, case.rev, body
        )

    def _write_curve(self, no: int, case: Case) -> None:
        if case.fingerprint or case.version > 1:
            curve = np.asarray(case.fingerprint, "<f4").tobytes()
            sql = "insert into lc_fingerprints (no, curve) values (?, ?) on conflict (no) do update set curve = excluded.curve"
            self._database.run(sql, no, curve)

    def _one(self, condition: str, value: str) -> Case | None:
        sql = f"select v.body from lc_cases c join lc_versions v on v.seq = c.seq where {condition}"  # noqa: S608 - fixed words
        rows = self._database.rows(sql, value)
        return _case(rows[0][0]) if rows else None

    def _must_get(self, id: str) -> Case:
        case = self.get(id)
        if case is None:
            raise StoreError.of("casebook.store.no_case", id=id, where=self.where)
        return case

    def _by(self, column: str, keys: Sequence[Any]) -> list[Sketch]:
        found: dict[Any, Sketch] = {}
        for some in _pages(keys):
            marks = ", ".join("?" * len(some))
            sql = f"select {column}, {_SKETCH} {_FROM} where {column} in ({marks})"
            found.update((row[0], _sketch(row[1:])) for row in self._database.rows(sql, *some))
        return [found[key] for key in keys if key in found]


def _pages(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """As many keys as a statement takes at a time."""
    return (keys[start : start + 500] for start in range(0, len(keys), 500))


def _searched(words: str) -> list[str]:
    """The different tokens among `words`, as the databases take them."""
    return list(dict.fromkeys(_safe(token) for token in words.split() if any(letter.isalnum() for letter in token)))


def _safe(token: str) -> str:
    """A token as both databases take it for one word: what is neither ASCII letter, digit nor Chinese character is spelt as hex."""
    if all(("a" <= c <= "z") or ("0" <= c <= "9") or ("\u3400" <= c <= "\u4dbf") or ("\u4e00" <= c <= "\u9fbf") for c in token):
        return token[:LONGEST_TOKEN]
    return "xx" + token.encode("utf-8", "replace").hex()[: LONGEST_TOKEN - 2]


def _columns(case: Case) -> tuple[str, ...]:
    best = case.diagnosis.best() if case.diagnosis else None
    symptoms = json.dumps(list(dict.fromkeys(sign.id for sign in case.symptoms)), ensure_ascii=False)
    resolved = case.resolved.strftime("%Y-%m-%dT%H:%M:%SZ") if case.resolved else ""
    return (case.status, case.lang, case.title[:LONGEST_TITLE], _iso(case.opened), resolved, case.cause, best[0] if best else "", symptoms)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _condition(wanted: Filter) -> tuple[str, tuple[object, ...]]:
    parts: list[str] = []
    values: list[object] = []
    if wanted.cause is not None:
        parts.append("(c.cause = ? or (c.cause = '' and c.guess = ?))")
        values += [clean(wanted.cause)] * 2
    if wanted.status is not None:
        parts.append("c.status = ?")
        values.append(wanted.status)
    if wanted.since is not None:
        parts.append("c.opened >= ?")
        values.append(_iso(wanted.since.astimezone(UTC)))
    return ("where " + " and ".join(parts) if parts else ""), tuple(values)


def _sketch(row: Sequence[Any]) -> Sketch:
    id, title, lang, status, opened, cause, guess, symptoms, tokens = row
    moment = datetime.fromisoformat(opened)
    return Sketch(id, title, cast("Lang", lang), cast("Status", status), moment, cause, guess, tuple(json.loads(symptoms)), tokens)


def _case(body: str) -> Case:
    return Case.model_validate_json(body)
