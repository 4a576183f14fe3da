"""The compiled phrases on disk: as good as new, and never in the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lossclinic.engine.understand.script import plain
from lossclinic.engine.understand.tokens import tokens
from lossclinic.engine.understand.vocabulary import Vocabulary
from lossclinic.kb import cache, load

TEXT = "The loss explodes after 2000 steps with lr 3e-4 and fp16, 验证集 loss 一直在涨, 梯度裁剪 1.0"


def test_phrases_out_of_the_cache_are_found_as_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I start for the second time, and every word is heard as before."""
    kb = load()
    monkeypatch.setenv("LOSSCLINIC_HOME", str(tmp_path))
    first = Vocabulary(kb)
    (kept,) = (tmp_path / "cache").glob("phrases-*.json")
    written = kept.stat().st_mtime_ns
    second = Vocabulary(kb)
    row = tokens(plain(TEXT))
    assert second.lexicon.find(row) == first.lexicon.find(row) != []
    assert second.lexicon.known == first.lexicon.known
    assert second.rules.strong == first.rules.strong
    assert second.judge.weights("heard nothing") == first.judge.weights("heard nothing") != ()
    assert kept.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    ("harm", "made"),
    [(lambda raw: raw, 1), (lambda _: b"", 2), (lambda _: b"{}", 2), (lambda raw: raw[:-2], 2), (lambda raw: raw.replace(b"7", b"9"), 2)],
    ids=["whole", "empty", "other", "cut", "changed"],
)
def test_what_is_kept_is_used_only_while_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[bytes], bytes], made: int
) -> None:
    """A file in the cache was cut off or changed: it is made again, and nobody notices."""
    monkeypatch.setenv("LOSSCLINIC_HOME", str(tmp_path))
    calls: list[int] = []

    def make() -> list[int]:
        calls.append(7)
        return [1, 7]

    assert cache.kept("numbers", "k", make, tuple) == (1, 7)
    (kept,) = (tmp_path / "cache").glob("numbers-*.json")
    kept.write_bytes(harm(kept.read_bytes()))
    assert cache.kept("numbers", "k", make, tuple) == (1, 7)
    assert len(calls) == made
