"""What people type is understood: symptoms, facts, negations, numbers; and nothing is believed that was not said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.understand import Heard, understand
from lossclinic.kb import load

KB = load()

def hear(text: str) -> Heard:
    """What the product hears in `text`."""
    return understand(text, KB)


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("没开梯度裁剪", "grad_clipping", False),
        ("没有梯度裁剪", "grad_clipping", False),
        ("I clip gradients at 1.0", "grad_clipping", True),
        ("lowering lr didn't help", "lower_lr_helps", False),
        ("调小学习率也没用", "lower_lr_helps", False),
        ("lr=3e-4", "learning_rate", 3e-4),
        ("trained in fp16", "mixed_precision", "fp16"),
        ("batch size 8", "batch_size", 8.0),
        ("shuffle=False", "shuffle", False),
    ],
)
def test_facts_come_with_their_values_and_negations(text: str, fact: str, value: object) -> None:
    """Values, units and "not" are taken as they are meant."""
    assert hear(text).facts[fact][0] == value


def test_everything_heard_carries_its_words() -> None:
    """Each thing heard can be shown beside the words it was heard in."""
    text = "lr=3e-4, fp16, loss goes to nan after resuming from epoch 20"
    heard = hear(text)
    assert heard.symptoms
    assert all(words and words in text for words in heard.symptoms.values())
    assert all(words and words in text for _, words in heard.facts.values())


def test_full_width_letters_are_read_as_plain_ones() -> None:
    """What a Chinese keyboard types in full width means the same."""
    assert hear("ｌｒ＝１ｅ－３，ｌｏｓｓ 变 ｎａｎ").symptoms.keys() == hear("lr=1e-3, loss 变 nan").symptoms.keys()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed, it is heard or not heard, and never an error."""
    heard = hear(text)
    assert all(id in KB.names["symptoms"] for id in heard.symptoms)
    assert all(id in KB.names["facts"] for id in heard.facts)
