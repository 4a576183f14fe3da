"""What is particular about the casebook on a server: roles, addresses, drivers."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lossclinic.casebook.book import Book
from lossclinic.casebook.case import Case
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.postgres import PostgresServer, shown
from lossclinic.errors import StoreError

Make = Callable[..., Case]


@pytest.fixture
def role(schema: str) -> Iterator[Callable[[str], str]]:
    """Makes a role with some grants ("$s" = the schema), and the address to log in as it."""
    import psycopg

    name = parse_qs(urlsplit(schema).query)["options"][0].rpartition("=")[2]
    made: list[str] = []
    with psycopg.connect(schema, autocommit=True) as owner:

        def make(grants: str) -> str:
            role = f"{name}_role{len(made)}"
            try:
                owner.execute(f"create role {role} login password 'pw'".encode())
            except psycopg.errors.InsufficientPrivilege:
                pytest.skip("this server's user may not make roles")
            made.append(role)
            for grant in grants.split(";"):
                owner.execute(grant.replace("$s", name).replace("$r", role).encode())
            return psycopg.conninfo.make_conninfo(schema, user=role, password="pw")  # noqa: S106 - of a role that lives for one test

        yield make
        for role in made:
            owner.execute(f"drop owned by {role}; drop role {role}".encode())


READER = "grant usage on schema $s to $r; grant select on all tables in schema $s to $r"
WRITER = f"""{READER}; grant insert on all tables in schema $s to $r;
grant update on $s.lc_cases, $s.lc_tokens, $s.lc_search, $s.lc_fingerprints, $s.lc_numbers to $r"""


def opened(address: str) -> Any:
    """The casebook at an address in either of the two forms that PostgreSQL knows."""
    return Book(PostgresServer(address), Case.words)


def test_a_role_that_may_only_read_looks_cases_up(schema: str, role: Callable[[str], str], make: Make) -> None:
    """And is refused a change in one line."""
    owner = open_casebook(schema, index=Case.words)
    filed = owner.add(make("spike"))
    reader = opened(role(READER))
    assert reader.read_only
    assert (reader.get(filed.id), reader.candidates(["spike"])[0].id, list(reader.all())) == (filed, filed.id, [filed])
    with pytest.raises(StoreError, match="can only be read here"):
        reader.add(make())
    reader.close()
    owner.close()


def test_a_role_that_may_write_needs_no_other_right(schema: str, role: Callable[[str], str], make: Make) -> None:
    """It adds and changes cases, and can neither rewrite the history nor delete."""
    import psycopg

    open_casebook(schema).close()
    address = role(WRITER)
    writer = opened(address)
    filed = writer.add(make("spike", fingerprint=(1.0,)))
    writer.put(filed.revised(cause="lr_too_high"), expected=filed.rev)
    assert len(writer.history(filed.id)) == 2
    writer.close()
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in (b"update lc_versions set body = ''", b"delete from lc_versions", b"delete from lc_cases", b"create table x ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_schema_without_a_casebook_says_who_can_make_one(role: Callable[[str], str]) -> None:
    """A role without the right to make tables is told so."""
    with pytest.raises(StoreError, match="may not create tables"):
        opened(role("grant usage on schema $s to $r"))


def test_the_history_cannot_be_rewritten_by_the_owner_either(schema: str, make: Make) -> None:
    """Every version stays as it was."""
    import psycopg

    store = open_casebook(schema)
    store.add(make())
    store.close()
    with psycopg.connect(schema, autocommit=True) as connection:
        for statement in (b"update lc_versions set body = ''", b"truncate lc_versions cascade", b"delete from lc_cases"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement)


def test_a_server_that_is_not_there_is_one_line_without_the_password() -> None:
    """Nobody's password lands in a log."""
    with pytest.raises(StoreError) as caught:
        open_casebook("postgresql://lin:s3cret@127.0.0.1:9/team?connect_timeout=2")
    assert "127.0.0.1:9/team does not answer" in str(caught.value)
    assert "s3cret" not in str(caught.value) + caught.value.in_words("zh")
    assert "\n" not in str(caught.value)
    assert shown("postgresql://lin:s3cret@db.example:5432/team?sslmode=require") == "postgresql://db.example:5432/team"


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line with the command."""
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("psycopg"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError, match=r"pip install 'lossclinic\[postgres\]'"):
        open_casebook("postgresql://server/db")


def test_a_lost_connection_is_said_once_and_then_made_anew(schema: str, make: Make) -> None:
    """After the server was started anew the next change goes through, and nothing is half done."""
    import psycopg

    server = PostgresServer(schema)
    store = Book(server, Case.words)
    first = store.add(make("before"))
    with psycopg.connect(schema, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", server.rows("select pg_backend_pid()")[0])
    with pytest.raises(StoreError, match="does not answer"):
        store.add(make("while it is down"))
    after = store.add(make("after"))
    assert [case.title for case in (first, after)] == [case.title for case in store.all()]
    store.close()


def test_how_frequent_a_word_is_may_be_taken_from_the_server(schema: str, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large casebook frequent words are not counted anew, and rare ones, also those that came later, are."""
    monkeypatch.setattr("lossclinic.casebook.postgres.LARGE", 20)
    server = PostgresServer(schema)
    store = Book(server, Case.words)
    with store.together():
        for n in range(40):
            store.add(make(f"spike {'resume' if n % 2 else 'warmup'} run{n}"))
    server.run("analyze lc_search")
    store.add(make("spike later"))
    assert store.counts(["spike", "resume", "run7", "later", "never"]) == {"spike": 40, "resume": 20, "run7": 1, "later": 1, "never": 0}
    assert store.candidates(["run7"])[0].title.endswith("run7")
    store.close()
