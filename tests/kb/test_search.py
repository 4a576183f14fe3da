"""Words find entries: in either language, mixed, misspelt."""

from __future__ import annotations

import pytest
from lossclinic.kb import KnowledgeBase
from lossclinic.kb.search import index


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("bad_batch", "bad_batch"),
        ("learning rate too high", "lr_too_high"),
        ("学习率过高", "lr_too_high"),
        ("异常批次", "bad_batch"),
        ("梯度爆炸", "gradient_explosion"),
        ("剃度爆炸", "gradient_explosion"),
        ("gradiant explosion", "gradient_explosion"),
        ("vanising gradients", "vanishing_gradient"),
        ("EXPLODING GRADIENTS", "gradient_explosion"),
        ("loss 变成 NaN", "loss_nan_inf"),
        ("忘了 zero_grad", "missing_zero_grad"),
        ("ＮＣＣＬ timeout", "distributed_desync"),
        ("BN 统计", "batchnorm_failure"),
        ("过拟合", "overfitting_gap"),
        ("clip", "clip_gradients"),
        ("Xid", "hardware_fault"),
        ("checkpoint corrupt", "checkpoint_corruption"),
        ("S3-069", "S3-069"),
    ],
)
def test_words_find_the_entry_that_a_person_means(kb: KnowledgeBase, words: str, wanted: str) -> None:
    """I type what I would call it, and the entry is among the first three."""
    assert wanted in [hit.id for hit in index(kb).search(words, 3)]


def test_every_name_finds_its_own_entry(kb: KnowledgeBase) -> None:
    """I type the exact name of a cause or a symptom in either language, and it comes first (or shares the name with what does)."""
    for kind in ("causes", "symptoms"):
        for id in kb.ids(kind):
            for name in kb.names[kind][id].values():
                hits = index(kb).search(name, 3)
                assert id in [hit.id for hit in hits if hit.score >= hits[0].score - 20], name


@pytest.mark.parametrize("words", ["", "   ", "？！", "qqqqzzzz", "\x00", "😀"])
def test_nonsense_finds_nothing(kb: KnowledgeBase, words: str) -> None:
    """I type nothing or nonsense, and get nothing rather than a guess."""
    assert index(kb).search(words) == []


def test_a_hit_shows_the_sentence_that_fits(kb: KnowledgeBase) -> None:
    """I search for a detail, and see the sentence it stands in, in my language."""
    hit = next(hit for hit in index(kb).search("ReduceLROnPlateau factor patience", 10) if hit.id == "add_lr_decay")
    assert "ReduceLROnPlateau" in hit.snippet["en"]
    assert "ReduceLROnPlateau" in hit.snippet["zh"]


def test_a_kind_can_be_asked_for(kb: KnowledgeBase) -> None:
    """I want fixes only, and get fixes only."""
    assert {hit.kind for hit in index(kb).search("learning rate", 10, ("fixes",))} == {"fixes"}
