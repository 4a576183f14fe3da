"""What is particular about the casebook in a file: where it lies, who may write, what is on the disk."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from lossclinic.casebook.case import Case
from lossclinic.casebook.opening import open_casebook, place
from lossclinic.casebook.sqlite import SqliteFile, on_network
from lossclinic.casebook.store import Store
from lossclinic.errors import StoreError

from ..elsewhere import NOBODY, elsewhere, let_in

Make = Callable[..., Case]

MOUNTS = """/dev/vda / ext4 rw 0 0
filer:/home /home nfs4 rw 0 0
tmpfs /home/me/tmp tmpfs rw 0 0
x /mnt/a\\040b fuse.sshfs rw 0 0
y /win fuseblk rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "network"),
    [("/home/me/casebook.db", True), ("/home/me/tmp/x.db", False), ("/var/x.db", False), ("/mnt/a b/x.db", True), ("/win/x.db", False)],
)
def test_network_file_systems_are_recognised(path: str, network: bool) -> None:
    """By the mount that is nearest to the file; a local NTFS disk is none."""
    assert on_network(Path(path), MOUNTS) is network


def test_a_file_on_a_network_uses_the_rollback_journal_and_says_so(tmp_path: Path) -> None:
    """The write-ahead log needs shared memory between the machines, which there is not."""
    database = SqliteFile(tmp_path / "a.db", mounts=f"filer:/ {tmp_path} nfs rw 0 0\n")
    assert [note for note, _ in database.notes] == ["casebook.note.network"]
    assert database.rows("pragma journal_mode") == [("delete",)]
    database.close()
    local = SqliteFile(tmp_path / "a.db", mounts="")
    assert (local.notes, local.rows("pragma journal_mode"), local.rows("pragma synchronous")) == ((), [("wal",)], [(2,)])
    local.close()


def test_looking_into_a_casebook_that_is_not_there_makes_none(tmp_path: Path) -> None:
    """It reads as empty, and says where it would be."""
    store = open_casebook(tmp_path / "deep" / "casebook.db", create=False)
    assert (store.count(), store.list(), store.candidates(["loss"]), store.read_only) == (0, [], [], True)
    assert store.notes[0][0] == "casebook.note.not_there"
    store.close()
    assert not (tmp_path / "deep").exists()


def test_folders_on_the_way_are_made(tmp_path: Path, make: Make) -> None:
    """The first case needs no set-up; a place that cannot be is one line."""
    store = open_casebook(tmp_path / "a" / "b" / "casebook.db")
    store.add(make())
    store.close()
    with pytest.raises(StoreError, match="cannot be made"):
        open_casebook(tmp_path / "a" / "b" / "casebook.db" / "c.db")
    with pytest.raises(StoreError, match="is a folder"):
        open_casebook(tmp_path)


def test_files_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    """Neither a text nor the database of something else becomes a casebook."""
    text = tmp_path / "notes.db"
    text.write_text("not a database, but long enough to be looked at as if it were one. " * 20)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table things (x)")
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(StoreError, match="is not a casebook"):
            open_casebook(path)
        assert path.read_bytes() == before


def test_a_newer_casebook_is_refused(where: str, make: Make) -> None:
    """An old program does not touch what it does not understand, in a file or on a server."""
    store = open_casebook(where)
    store.add(make())
    store.close()
    if where.startswith("postgresql"):
        import psycopg

        with psycopg.connect(where) as server:
            server.execute("insert into lc_migrations (number, name) values (99, 'to come')")
    else:
        with sqlite3.connect(where) as connection:
            connection.execute("pragma user_version = 99")
        connection.close()
    with pytest.raises(StoreError, match="newer lossclinic"):
        open_casebook(where)


def test_the_history_cannot_be_rewritten(tmp_path: Path, make: Make) -> None:
    """Not even by somebody with a SQL prompt and the best intentions."""
    store = open_casebook(tmp_path / "a.db")
    store.add(make())
    store.close()
    connection = sqlite3.connect(tmp_path / "a.db")
    for statement in ("update lc_versions set body = ''", "delete from lc_versions", "delete from lc_cases"):
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|withdrawn"):
            connection.execute(statement)
    connection.close()


def test_a_file_that_may_not_be_written_is_looked_up(tmp_path: Path, make: Make) -> None:
    """By whoever may read it, without a trace in its folder; a change is refused in one line."""
    folder = tmp_path / "shared"
    store = open_casebook(folder / "casebook.db")
    filed = store.add(make())
    store.close()
    let_in(folder)
    (folder / "casebook.db").chmod(0o444)
    folder.chmod(0o555)

    def look() -> None:
        store = open_casebook(folder / "casebook.db")
        assert store.read_only
        assert store.notes[0][0] == "casebook.note.read_only"
        assert store.get(filed.id) == filed
        assert store.candidates(["case", "spike", "1200"])[0].id == filed.id
        assert list(store.all()) == [filed]
        for change in (lambda: store.add(make()), lambda: store.put(filed, expected=filed.rev)):
            with pytest.raises(StoreError, match="can only be read here"):
                change()
        with pytest.raises(StoreError, match="cannot be opened or made"):
            open_casebook(folder / "new.db")

    before = sorted(path.name for path in folder.iterdir())
    try:
        assert elsewhere(look, user=NOBODY) == ""
        assert sorted(path.name for path in folder.iterdir()) == before
    finally:
        folder.chmod(0o755)


def add_for_ever(store: Store, make: Make) -> None:
    """File large cases until something stops it."""
    while True:
        store.add(make(seen=os.urandom(10_000).hex()))


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path, make: Make) -> None:
    """What was filed before stays readable, and once there is room filing goes on."""
    where = tmp_path / "a.db"
    store = open_casebook(where)
    first = store.add(make())

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        store = open_casebook(where)
        with pytest.raises(StoreError, match=r"disk|written") as caught:
            add_for_ever(store, make)
        assert "\n" not in str(caught.value)
        assert store.count() > 1
        assert store.get(first.id) == first

    assert elsewhere(fill) == ""
    filed = store.count()
    assert store.add(make()).id.endswith(f"{filed + 1:04d}")
    store.close()
    with sqlite3.connect(where) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("insert into lc_search (lc_search) values ('integrity-check')").fetchall() == []
    connection.close()


def test_a_damaged_file_is_one_line(tmp_path: Path, make: Make) -> None:
    """And says what to do."""
    store = open_casebook(tmp_path / "a.db")
    for n in range(40):
        store.add(make(str(n), seen="x" * 3000))
    store.close()
    raw = bytearray((tmp_path / "a.db").read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    (tmp_path / "a.db").write_bytes(raw)
    with pytest.raises(StoreError, match="is damaged"):
        open_casebook(tmp_path / "a.db").list()


def test_where_the_casebook_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option goes before the environment, that before ./casebook.db, that before the user's own."""
    home = {"LOSSCLINIC_HOME": str(tmp_path / "home")}
    assert place(None, home, tmp_path) == (str(tmp_path / "home" / "casebook.db"), "home")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert place(None, {}, tmp_path).reason == "user"
    (tmp_path / "casebook.db").touch()
    assert place(None, home, tmp_path) == (str(tmp_path / "casebook.db"), "folder")
    environ = {**home, "LOSSCLINIC_CASEBOOK": "postgresql://server/db"}
    assert place(None, environ, tmp_path) == ("postgresql://server/db", "environment")
    assert place("x.db", environ, tmp_path) == ("x.db", "option")


def test_a_copy_of_the_file_is_a_casebook(tmp_path: Path, make: Make) -> None:
    """Once it is closed everything is in the one file."""
    store = open_casebook(tmp_path / "a.db")
    filed = store.add(make())
    store.close()
    shutil.copy(tmp_path / "a.db", tmp_path / "b.db")
    store = open_casebook(tmp_path / "b.db")
    assert store.get(filed.id) == filed
    store.close()
