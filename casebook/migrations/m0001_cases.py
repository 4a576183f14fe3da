"""The first tables.

`lc_versions` keeps every version of every case in full and is only ever added to (a trigger sees to it). The other tables say the
newest version again in the form that lists, filters and searches read. `lc_numbers` hands out numbers: one row a year, and row 0 counts
the changes. It is the first row that every change takes, so that changes come one after another and none waits for another in a circle.
"""

from __future__ import annotations

_SHARED = (
    """
    create table lc_versions (
        seq {bigint} primary key,
        id text not null,
        version {int} not null,
        rev text not null,
        body text not null,
        unique (id, rev)
    ){strict}
    """,
    """
    create table lc_cases (
        no {bigint} primary key,
        id text not null unique,
        uid text not null unique,
        rev text not null,
        seq {bigint} not null references lc_versions (seq),
        status text not null,
        lang text not null,
        title text not null,
        opened text not null,
        resolved text not null,
        cause text not null,
        guess text not null,
        symptoms text not null
    ){strict}
    """,
    "create index lc_cases_opened on lc_cases (opened, no)",
    "create index lc_cases_cause on lc_cases (cause)",
    "create index lc_cases_status on lc_cases (status)",
    """
    create table lc_tokens (
        no {bigint} primary key references lc_cases (no),
        tokens text not null
    ){strict}
    """,
    """
    create table lc_fingerprints (
        no {bigint} primary key references lc_cases (no),
        curve {bytes} not null
    ){strict}
    """,
    "create table lc_numbers (year {int} primary key, last {bigint} not null){strict}",
    "insert into lc_numbers (year, last) values (0, 0)",
)


def _filled(**words: str) -> tuple[str, ...]:
    return tuple(statement.format(**words) for statement in _SHARED)


SQLITE = (
    *_filled(bigint="integer", int="integer", bytes="blob", strict=" strict"),
    "create trigger lc_versions_no_update before update on lc_versions begin select raise(abort, 'lc_versions is append-only'); end",
    "create trigger lc_versions_no_delete before delete on lc_versions begin select raise(abort, 'lc_versions is append-only'); end",
    "create trigger lc_cases_no_delete before delete on lc_cases begin select raise(abort, 'cases are withdrawn, not deleted'); end",
    "create virtual table lc_search using fts5(tokens, content='', detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 0')",
)

POSTGRES = (
    *_filled(bigint="bigint", int="integer", bytes="bytea", strict=""),
    """
    create function lc_append_only() returns trigger language plpgsql as
    $$begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end$$
    """,
    "create trigger lc_versions_append_only before update or delete or truncate on lc_versions execute function lc_append_only()",
    "create trigger lc_cases_no_delete before delete or truncate on lc_cases execute function lc_append_only()",
    "create table lc_search (no bigint primary key references lc_cases (no), tokens tsvector not null) with (toast_tuple_target = 128)",
    "alter table lc_search alter column tokens set storage external",
    "create index lc_search_tokens on lc_search using gin (tokens) with (fastupdate = on)",
)
