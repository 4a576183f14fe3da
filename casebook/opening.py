"""Where the casebook is, and how it is opened."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .store import Index, Store

__all__ = ["Place", "is_server", "open_casebook", "place"]

LOCAL = "casebook.db"
"""A file of this name in the working directory is the casebook of the project."""


class Place(NamedTuple):
    """Where the casebook is, and why there."""

    where: str
    """Path, or `postgresql://...` (may hold a password: see `postgres.shown`)."""
    reason: str
    """`option`, `environment`, `folder` (there is a ./casebook.db), `home` (LOSSCLINIC_HOME) or `user`."""


def place(option: str | None, environ: Mapping[str, str], folder: Path | None = None) -> Place:
    """The casebook that is meant: `--casebook`, else LOSSCLINIC_CASEBOOK, else ./casebook.db if there is one, else that of the user."""
    if option:
        return Place(option, "option")
    if environ.get("LOSSCLINIC_CASEBOOK"):
        return Place(environ["LOSSCLINIC_CASEBOOK"], "environment")
    local = (folder or Path.cwd()) / LOCAL
    if local.is_file():
        return Place(str(local), "folder")
    if environ.get("LOSSCLINIC_HOME"):
        return Place(str(Path(environ["LOSSCLINIC_HOME"]).expanduser() / LOCAL), "home")
    import platformdirs

    return Place(str(Path(platformdirs.user_data_dir("lossclinic", appauthor=False)) / LOCAL), "user")


def is_server(where: str) -> bool:
    """Whether `where` is the address of a server, not a path."""
    return where.startswith(("postgresql://", "postgres://"))


def open_casebook(where: str | os.PathLike[str], *, create: bool = True, index: Index | None = None) -> Store:
    """The casebook at `where`: a path, or `postgresql://...`. StoreError when it cannot be opened.

    `create`: make the file when it is not there; without it a file that is not there reads as an empty casebook. `index`: by what a case
    is found, in place of `search.index_text`.
    """
    if index is None:
        from .search import index_text

        index = index_text
    from .book import Book

    address = os.fspath(where)
    if is_server(address):
        from .postgres import PostgresServer

        return Book(PostgresServer(address), index)
    from .sqlite import SqliteFile

    return Book(SqliteFile(address, create=create), index)
