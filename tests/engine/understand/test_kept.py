"""The compiled phrases on disk: as good as new, and never in the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lossclinic.engine.understand.script import plain
from lossclinic.engine.understand.tokens import tokens
from lossclinic.engine.understand.vocabulary import Vocabulary
from lossclinic.kb import load

TEXT = "The loss explodes after 2000 steps with lr 3e-4 and fp16, 验证集 loss 一直在涨, 梯度裁剪 1.0"


@pytest.mark.parametrize(
    "harm",
    [lambda raw: raw, lambda _: b"{}", lambda raw: raw[:-9], lambda raw: raw.replace(b":7,", b":9,", 1)],
    ids=["whole", "other", "cut", "changed"],
)
def test_phrases_out_of_the_cache_are_found_as_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[bytes], bytes]) -> None:
    """I start for the second time, the cache whole or broken, and every word is heard as before."""
    kb = load()
    monkeypatch.setenv("LOSSCLINIC_HOME", str(tmp_path))
    first = Vocabulary(kb).lexicon
    (kept,) = (tmp_path / "cache").glob("phrases-*.json")
    whole = kept.read_bytes()
    kept.write_bytes(harm(whole))
    second = Vocabulary(kb).lexicon
    row = tokens(plain(TEXT))
    assert second.find(row) == first.find(row) != []
    assert second.known == first.known
    assert kept.read_bytes() == whole
