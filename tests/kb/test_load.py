"""The compiled knowledge base: the same as the YAML, quick when warm, and never in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lossclinic
import pytest
from lossclinic.errors import KnowledgeError
from lossclinic.kb import cache
from lossclinic.kb.base import KnowledgeBase, collect, compile_all, load
from lossclinic.kb.layout import KINDS, fingerprint

from ..elsewhere import NOBODY, elsewhere, let_in

SMALL = Path(__file__).with_name("small_base")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for the cache."""
    monkeypatch.setenv("LOSSCLINIC_HOME", str(tmp_path / "home"))
    load.cache_clear()
    return tmp_path / "home"


def test_what_comes_from_the_cache_is_what_the_yaml_says(home: Path) -> None:
    """I start for the second time, and every entry and every number is as after the first."""
    cold = load(SMALL)
    assert len(list((home / "cache").glob("kb-*.json"))) == 1
    load.cache_clear()
    told: list[str] = []
    warm = load(SMALL, lambda: told.append("compiling"))
    assert told == []
    found = collect(SMALL)
    for kind in KINDS:
        assert warm.ids(kind) == cold.ids(kind)
        for id in warm.ids(kind):
            assert warm.entry(kind, id) == cold.entry(kind, id) == found[kind][id]
    assert warm.tables == cold.tables
    assert warm.names == cold.names


def test_a_changed_word_is_noticed(home: Path, tmp_path: Path) -> None:
    """I mend a typing error in the YAML, and the next start shows it."""
    root = tmp_path / "base"
    shutil.copytree(SMALL, root)
    before = load(root).cause("hot_rate").what.en
    path = root / "causes" / "hot_rate.yaml"
    path.write_text(path.read_text("utf-8").replace("The loss swings.", "The loss sways."), encoding="utf-8")
    load.cache_clear()
    assert load(root).cause("hot_rate").what.en == before.replace("swings", "sways")
    assert len(list((home / "cache").glob("kb-*.json"))) == 1


@pytest.mark.parametrize("harm", [b"", b"{}", b"garbage\n\n", b'{"size": 5}\n[]\n'])
def test_a_broken_cache_is_made_anew(home: Path, harm: bytes) -> None:
    """The disk was full when the cache was written, and the next start does not mind."""
    load(SMALL)
    path = next((home / "cache").glob("kb-*.json"))
    path.write_bytes(harm)
    load.cache_clear()
    assert load(SMALL).cause("hot_rate").id == "hot_rate"
    assert len(path.read_bytes()) > 1000


@pytest.mark.skipif(os.name != "posix", reason="needs a folder that can be closed to a user")
def test_a_home_that_cannot_be_written_is_no_trouble(home: Path) -> None:
    """My home is read-only, and it works all the same."""
    load(SMALL)  # whatever else is read from the disk is read before the user changes
    shutil.rmtree(home)
    home.mkdir()
    let_in(home)
    home.chmod(0o555)
    load.cache_clear()

    def work() -> None:
        with pytest.raises(PermissionError):
            (home / "cache").mkdir()
        assert load(SMALL).cause("hot_rate").id == "hot_rate"

    try:
        assert elsewhere(work, user=NOBODY) == ""
        assert list(home.iterdir()) == []
    finally:
        home.chmod(0o755)


def test_a_home_that_is_a_file_is_no_trouble(home: Path) -> None:
    """There is a file where the cache should be, and it works all the same."""
    home.write_text("not a folder", encoding="utf-8")
    assert load(SMALL).cause("hot_rate").id == "hot_rate"
    assert cache.read(fingerprint(SMALL)) is None


def test_nothing_but_what_it_needs_is_imported(home: Path) -> None:
    """A warm start reads one file: no YAML parser, no arithmetic, no search."""
    script = (
        "import sys; from lossclinic.kb import load; kb = load(); kb.tables; kb.cause('bad_batch');"
        "print(*sorted({'yaml', 'numpy', 'rapidfuzz', 'lossclinic.kb.source', 'lossclinic.kb.lint'} & set(sys.modules)))"
    )
    root = str(Path(lossclinic.__path__[0]).parent)
    environment = {**os.environ, "PYTHONPATH": root, "LOSSCLINIC_HOME": str(home)}
    for _ in ("cold", "warm"):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("frequency: common\n", "frequency: common\nfrequency: exotic\n", ":6:1: the key frequency appears twice"),
        ("frequency: common", "frequency: [common", ":6:"),
        ("frequency: common", "frequency: daily", ":5:12: hot_rate: frequency"),
        ("id: hot_rate\n", "id: hotter_rate\n", ":1:5: the id 'hotter_rate' is not the name of the file"),
    ],
)
def test_a_fault_stops_the_clinic_with_its_place(home: Path, tmp_path: Path, old: str, new: str, message: str) -> None:  # noqa: ARG001
    """Half a knowledge base must not diagnose: the first fault is named with file, line and column."""
    root = tmp_path / "base"
    shutil.copytree(SMALL, root)
    path = root / "causes" / "hot_rate.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(root)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_an_unknown_entry_is_a_key_error() -> None:
    """I ask for an id that does not exist, and the error names it."""
    kb = KnowledgeBase(*compile_all(SMALL))
    with pytest.raises(KeyError, match="no such entry in causes: nothing"):
        kb.cause("nothing")
