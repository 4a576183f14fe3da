"""Cases are found by words in either language, with typing errors, and the right one comes first."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lossclinic.casebook.case import Case, Sign, Telling
from lossclinic.casebook.search import index_text, rank, read_query, tokens


class Shelved(NamedTuple):
    """A case as ranking sees it."""

    id: str
    title: str
    cause: str = ""
    symptoms: tuple[str, ...] = ()
    words: str = ""


def shelved(id: str, title: str, text: str = "", cause: str = "", symptoms: tuple[str, ...] = ()) -> Shelved:
    """A case with its words as a store keeps them."""
    case = Case(
        lang="en", texts={"en": Telling(title=title, seen=text)}, cause=cause, symptoms=tuple(Sign(id=symptom) for symptom in symptoms)
    )  # fmt: skip
    return Shelved(id, title, cause, symptoms, index_text(case))


SHELF = [
    shelved("explosion", "Exploding gradients in a deep net", "No clipping was on; the norm went from 0.2 to 50.", "gradient_explosion"),
    shelved("resume", "续训之后验证损失骤升", "断点恢复时学习率调度器没有接上。", "resume_mismatch", ("jump_at_resume",)),
    shelved("nan", "fp16 训练第 1500 步变 nan", "loss scale 一直减半，换成 bf16 之后正常。", "mixed_precision", ("loss_nan_inf",)),
    shelved("batch", "One spike, gone after thirty steps", "A batch of HTML in the text data.", "bad_batch", ("loss_spike",)),
    shelved("zero", "Loss falls, then oscillates", "The gradients were never cleared.", "missing_zero_grad", ("loss_oscillation",)),
    shelved("plain", "Accuracy is lower than in the paper", "A learning rate of 1e-4 was used; training for longer helped.", "undertrained"),
]


def first(query: str) -> str | None:
    """Id of the case that is ranked first."""
    found = rank(read_query(query), SHELF)
    return found[0].id if found else None


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("梯度爆炸", "explosion"),
        ("验证损失骤升 resume", "resume"),
        ("loss jumps after resuming", "resume"),
        ("断点续训学习率不对", "resume"),
        ("half precision overflow", "nan"),
        ("脏数据", "batch"),
        ("忘了清梯度", "zero"),
        ("not trained long enough", "plain"),
    ],
)
def test_a_case_is_found_from_the_other_language_too(query: str, id: str) -> None:
    """梯度爆炸 finds exploding gradients, and English words find what is told in Chinese."""
    assert first(query) == id


@pytest.mark.parametrize(("query", "id"), [("explodign gradiants", "explosion"), ("梯度暴炸", "explosion"), ("osilation", "zero")])
def test_typing_errors_are_read_as_what_was_meant(query: str, id: str) -> None:
    """Swapped letters, a wrong letter, a wrong character."""
    assert first(query) == id


def test_it_is_said_what_a_misspelt_word_was_read_as() -> None:
    """So that nobody wonders why a case was found."""
    assert ("gradiant", "gradient") in read_query("gradiants").read_as


def test_a_word_that_a_case_uses_is_no_typing_error() -> None:
    """A team's own words are looked for as they are written."""
    assert read_query("grodient", known=lambda word: word == "grodient").read_as == ()


def test_a_two_character_word_is_enough() -> None:
    """Most Chinese words of the field have two characters."""
    assert first("骤升") == "resume"


def test_a_number_is_found_however_it_is_written() -> None:
    """0.0001 and 1e-4 are the same learning rate."""
    assert first("0.0001") == "plain"


def test_full_width_and_upper_case_make_no_difference() -> None:
    """What an input method types is found as well."""
    assert first("ＦＰ１６ ＮＡＮ") == "nan"


def test_nothing_in_common_finds_nothing() -> None:
    """No answer is better than any answer."""
    assert rank(read_query("quarterly invoice"), SHELF) == []
    assert rank(read_query("  。 "), SHELF) == []


def test_the_confirmed_cause_counts_more_than_a_mention() -> None:
    """A case that merely rules the cause out comes after one that had it."""
    shelf = [shelved("mention", "A spike", "It was not a bad batch.", "hardware_fault"), shelved("cause", "A spike", "Garbage.", "bad_batch")]
    assert [found.id for found in rank(read_query("bad batch"), shelf)] == ["cause", "mention"]


@given(st.text(max_size=60))
def test_any_text_can_be_looked_for_and_filed(text: str) -> None:
    """Symbols, controls and scripts that nobody expected are no error; tokens hold letters and digits alone."""
    assert all(token.isalnum() for token in tokens(text))
    rank(read_query(text), SHELF)
