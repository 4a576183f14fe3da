"""The compiled phrases on disk: as good as new, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossclinic.engine.understand.script import plain
from lossclinic.engine.understand.tokens import tokens
from lossclinic.engine.understand.vocabulary import Vocabulary
from lossclinic.kb import load

TEXT = "The loss explodes after 2000 steps with lr 3e-4 and fp16, 验证集 loss 一直在涨, 梯度裁剪 1.0"


@pytest.mark.parametrize("harm", [None, b"{}", b'[[{"loss": 9}, [], []]]'])
def test_phrases_out_of_the_cache_are_found_as_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes | None) -> None:
    """I start for the second time, the cache whole or broken, and every word is heard as before."""
    kb = load()
    monkeypatch.setenv("LOSSCLINIC_HOME", str(tmp_path))
    first = Vocabulary(kb).lexicon
    (kept,) = (tmp_path / "cache").glob("phrases-*.json")
    whole = kept.read_bytes()
    if harm is not None:
        kept.write_bytes(harm)
    second = Vocabulary(kb).lexicon
    row = tokens(plain(TEXT))
    assert second.find(row) == first.find(row) != []
    assert second.known == first.known
    assert kept.read_bytes() == whole
