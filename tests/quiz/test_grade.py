"""Grading in words: agreement with people, and the turns of phrase that must not fool it."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.kb import KnowledgeBase
from lossclinic.quiz.card import Card, Words
from lossclinic.quiz.deck import build
from lossclinic.quiz.grade import Verdict, grade, overrule
from lossclinic.quiz.rubric import Rubric, names_of, rubric_of


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The program that measures the grading."""
    spec = importlib.util.spec_from_file_location("quiz_grading", Path(__file__).parents[2] / "bench" / "quiz_grading.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.graded = lru_cache(module.graded)
    return module


@pytest.mark.parametrize("part", ["tune", "held_out", "later"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_grades_agree_with_people(bench: ModuleType, part: str, lang: str) -> None:
    """Quadratic weighted kappa of at least 0.80 in each language, and at most 3 % full marks that are not deserved."""
    pairs = [(label, got) for _, of, label, got, _ in bench.graded(part) if of == lang]
    assert bench.kappa(pairs) >= 0.80
    assert sum(got == Verdict.GOOD > label for label, got in pairs) <= 0.03 * len(pairs)


def test_grades_of_cards_agree_with_people(bench: ModuleType) -> None:
    """Explaining a cause and telling two look-alikes apart is judged by key points from the knowledge base: less sharply, but far from chance."""
    pairs = [(label, got) for part in ("tune", "held_out") for _, _, label, got, _ in bench.graded_cards(part)]
    assert len(pairs) == 50
    assert bench.kappa(pairs) >= 0.70
    assert sum(got == Verdict.GOOD > label for label, got in pairs) <= 2


@pytest.mark.parametrize(
    ("answer", "mixed"),
    [
        ("A spike is one steep rise with calm on both sides. Oscillation has no calm side.", False),
        ("Oscillation is one steep rise with calm on both sides. A spike has no calm side.", True),
        ("震荡是单独一次陡升，两边都平静。尖峰没有平静的一边。", True),
    ],
)
def test_saying_of_the_one_what_holds_of_the_other_costs(deck: dict[str, Card], answer: str, mixed: bool) -> None:
    """The words are right and the answer is wrong."""
    words = deck["apart/loss_oscillation+loss_spike"].answer
    assert isinstance(words, Words)
    graded = grade(words.rubric, answer)
    assert bool(graded.wrong) == mixed
    assert (graded.verdict is Verdict.GOOD) == (not mixed)


@pytest.fixture(scope="module")
def deck(kb: KnowledgeBase) -> dict[str, Card]:
    """The product's deck."""
    return build(kb)


def test_the_labelled_answers_are_of_every_kind_in_both_languages(bench: ModuleType) -> None:
    """A hundred and fifty of them, a third put aside."""
    tune, held = bench.graded("tune"), bench.graded("held_out")
    assert len(tune) + len(held) >= 150
    assert len(held) >= 50
    for part in (tune, held):
        assert {(lang, label) for _, lang, label, _, _ in part} == {(lang, verdict) for lang in ("en", "zh") for verdict in Verdict}


@pytest.mark.parametrize(
    ("answer", "point"),
    [
        ("It has nothing to do with the data: I would not look for a bad batch.", "data"),
        ("不是数据的问题，不用查坏批次。", "data"),
        ("There is no need to clip.", "repair"),
        ("梯度裁剪没用。", "repair"),
    ],
)
def test_a_point_that_is_denied_is_not_made(rubrics: dict[str, Rubric], answer: str, point: str) -> None:
    """Mentioning is not claiming."""
    assert point not in {hit.id for hit in grade(rubrics["loss_spike"], answer).hit}


@pytest.mark.parametrize(
    ("answer", "claim", "made"),
    [
        ("Gradient clipping solves every spike.", "clipping_cures", True),
        ("Gradient clipping will not solve every spike.", "clipping_cures", False),
        ("That clipping solves every spike is a myth.", "clipping_cures", False),
        ("加了裁剪就能解决所有尖峰。", "clipping_cures", True),
        ("裁剪并不能解决所有尖峰。", "clipping_cures", False),
        ("有人说裁剪能解决所有尖峰，这是误区。", "clipping_cures", False),
        ("It is always the learning rate that is too high.", "always_rate", True),
        ("It is not always the learning rate that is too high.", "always_rate", False),
        ("肯定是学习率太高。", "always_rate", True),
        ("不一定是学习率太高。", "always_rate", False),
    ],
)
def test_a_wrong_claim_costs_only_when_it_is_made(rubrics: dict[str, Rubric], answer: str, claim: str, made: bool) -> None:
    """Not when it is denied, doubted, or called a myth."""
    assert (claim in {hit.id for hit in grade(rubrics["loss_spike"], answer).wrong}) is made


def test_wrong_claims_cost(rubrics: dict[str, Rubric]) -> None:
    """The same answer with a wrong claim in it is worth less and is never full."""
    good = "A bad batch, a rate lr too high, exploding gradients, an overflow. I replay it from a checkpoint, roll back and clip."
    whole, spoilt = (grade(rubrics["loss_spike"], text) for text in (good, good + " Clipping solves every spike anyway."))
    assert whole.verdict is Verdict.GOOD
    assert spoilt.verdict < Verdict.GOOD
    assert spoilt.score < whole.score


@pytest.mark.parametrize(
    "answer",
    [
        "bad batch, lr too high, exploding gradients, log(0), adam eps, fp16, replay, rollback, clipping",
        "坏批次、学习率过高、梯度爆炸、除零、adam eps、fp16、重放、回滚、裁剪",
    ],
)
def test_terms_lined_up_are_no_answer(rubrics: dict[str, Rubric], answer: str) -> None:
    """Every term of the rubric without a sentence is a partial answer at most, and we say why."""
    graded = grade(rubrics["loss_spike"], answer)
    assert graded.verdict is Verdict.PARTIAL
    assert graded.bare


@pytest.mark.parametrize("answer", ["gradient clipping", "梯度裁剪", "Gradient clipping.", "warmup", "  坏数据 "])
def test_a_term_by_itself_earns_nothing(rubrics: dict[str, Rubric], answer: str) -> None:
    """Neither in English nor in Chinese, and we say why; two words that say what to do are an answer."""
    for rubric in rubrics.values():
        graded = grade(rubric, answer)
        assert not graded.hit
        assert graded.verdict <= Verdict.WRONG
    assert grade(rubrics["guard_a_run"], "梯度裁剪").bare
    assert grade(rubrics["loss_spike"], "降学习率").hit


def test_misspelt_full_width_and_traditional_answers_count(rubrics: dict[str, Rubric]) -> None:
    """People type quickly and on all kinds of keyboards."""
    for answer, point in (
        ("I think the gradiants are exploading", "gradients"),
        ("ｌｅａｒｎｉｎｇ　ｒａｔｅ　ｔｏｏ　ｈｉｇｈ", "rate"),
        ("學習率太大", "rate"),
        ("learning rate 太大", "rate"),
    ):
        assert point in {hit.id for hit in grade(rubrics["loss_spike"], answer).hit}, answer


def test_the_learner_has_the_last_word(rubrics: dict[str, Rubric]) -> None:
    """A point can be claimed and a reproach refused; doing it twice restores the grade."""
    rubric = rubrics["loss_spike"]
    graded = grade(rubric, "It is always the learning rate that is too high.")
    missed = {hit.id for hit in graded.missed}
    assert {"data", "gradients"} <= missed
    better = overrule(rubric, graded, {"data", "gradients", "numerics", "search", "repair", "always_rate"})
    assert better.verdict is Verdict.GOOD
    assert not better.wrong
    again = overrule(rubric, better, {"data", "gradients", "numerics", "search", "repair"})
    assert {hit.id for hit in again.missed} == missed


@pytest.mark.parametrize("answer", ["", " \n", "？？？", "asdf qwer zxcv", "\x1b[31m\x00\u202e", pytest.param("啊" * 50_000, id="long"), "+ & / @ ("])
def test_nonsense_is_worth_nothing_and_breaks_nothing(rubrics: dict[str, Rubric], answer: str) -> None:
    """Whatever is typed, there is a grade."""
    for rubric in rubrics.values():
        assert grade(rubric, answer).verdict is Verdict.OFF_TOPIC


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_graded(text: str) -> None:
    """No input raises, and the score stays between 0 and 1."""
    graded = grade(_RUBRIC, text)
    assert 0.0 <= graded.score <= 1.0


def _one() -> Rubric:
    from lossclinic.kb import load

    kb: KnowledgeBase = load()
    return rubric_of(kb.interview("nan_or_spike"), names_of(kb))


_RUBRIC = _one()
