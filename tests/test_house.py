"""The house stands: a room uses only the rooms below it, and what newcomers try first is as the examples promise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import lossclinic
import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"errors": 0, "messages": 0, "kb": 1, "engine": 2, "casebook": 3, "quiz": 4, "tui": 5}
ROOMS = [room for room in FLOORS if (ROOT / room / "__init__.py").is_file()]

OUTSIDE = {
    "kb": {"numpy", "textual", "rich", "sqlite3", "socket", "urllib", "http", "ssl"},
    "engine": {"textual", "rich", "sqlite3", "psycopg", "socket", "urllib", "http", "ssl"},
}
"""What a room never imports: the knowledge knows no arithmetic, the engine no screen, no database, no network."""


def imported(path: Path) -> Iterator[str]:
    """Absolute names of everything that a module imports, `lossclinic.` before the product's own."""
    package = ("lossclinic", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            start = ".".join((*base, *([node.module] if node.module else [])))
            yield from (f"{start}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_the_rooms_below(room: str) -> None:
    """The knowledge never learns who reads it, the engine never learns who shows it."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for name in imported(path):
            root, _, rest = name.partition(".")
            if root == "lossclinic" and rest:
                below = rest.partition(".")[0]
                assert FLOORS.get(below, 0) <= FLOORS[room], f"{path.relative_to(ROOT)} imports {name}"
            assert root not in OUTSIDE.get(room, ()), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_each_other_relatively(room: str) -> None:
    """So that the product works under its import name wherever the folders lie."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").partition(".")[0] not in {"lossclinic", *FLOORS}, path.relative_to(ROOT)


def test_the_house_has_no_attic() -> None:
    """A module says in its name what it is for."""
    attic = {"utils", "util", "common", "helpers", "misc"}
    assert [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.stem in attic] == []


def told() -> dict[str, str]:
    """File name of every example and its cause, as the table in examples/README.md tells them."""
    rows = re.findall(r"^\| `(\S+)` \|.*\| (?:`(\w+)`|none · 无) \|$", (ROOT / "examples" / "README.md").read_text("utf-8"), re.MULTILINE)
    return {name: cause or "healthy" for name, cause in rows}


def test_every_example_is_explained() -> None:
    """The table lists the logs that are there, one of them healthy."""
    there = {path.name for path in (ROOT / "examples").iterdir()} - {"README.md"}
    assert told().keys() == there
    assert list(told().values()).count("healthy") == 1
    assert len(there) >= 6


@pytest.mark.parametrize(("name", "cause"), told().items())
def test_an_example_is_diagnosed_right(name: str, cause: str) -> None:
    """Each is small, and the first cause is the true one before any question is asked."""
    log = ROOT / "examples" / name
    assert log.stat().st_size < 100_000
    diagnosis = lossclinic.diagnose(log)
    if cause == "healthy":
        assert diagnosis.healthy
    else:
        assert diagnosis.causes[0].id == cause
        assert diagnosis.causes[0].fixes
