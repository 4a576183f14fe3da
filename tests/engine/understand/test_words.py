"""Words in all their forms: full width, traditional characters, inflections, contractions, typing errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lossclinic.engine.understand import Heard
from lossclinic.engine.understand.forms import keys, stem
from lossclinic.engine.understand.lexicon import Lexicon, longest
from lossclinic.engine.understand.phrases import Tree, groups
from lossclinic.engine.understand.script import plain
from lossclinic.engine.understand.tokens import tokens
from lossclinic.engine.understand.typos import Corrector

Hear = Callable[[str], Heard]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｌｒ＝１ｅ－３，ｌｏｓｓ 变 ｎａｎ", "lr=1e-3, loss 变 nan"),
        ("損失一直震盪，學習率 0.01", "损失一直震荡，学习率 0.01"),
        ("The loss doesn’t go down", "the loss does not go down"),
        ("loss dosent decrese", "loss doesn't decrease"),
        ("LOSS EXPLODED", "loss explodes"),
        ("acuracy is oscilating", "accuracy is oscillating"),
    ],
)
def test_the_same_in_other_letters_is_the_same(one: str, other: str, hear: Hear) -> None:
    """Width, script, case, apostrophes and slips of the finger change nothing."""
    assert hear(one).symptoms.keys() == hear(other).symptoms.keys() != set()


@pytest.mark.parametrize("forms", [("increase", "increases", "increased", "increasing"), ("go", "goes", "went", "gone"), ("optimise", "optimized")])
def test_inflections_share_a_key(forms: tuple[str, ...]) -> None:
    """However a verb is bent, it is the same verb."""
    assert len({stem(form) for form in forms}) == 1


def test_a_negative_contraction_is_a_not() -> None:
    """Isn't, dont and cannot all say no; articles say nothing."""
    assert keys("isn't") == keys("dont") == keys("cannot") == ("not",)
    assert keys("the") == ()


@pytest.mark.parametrize(
    ("typed", "meant"), [("oscilating", "oscillating"), ("gradiants", "gradients"), ("convering", "converging"), ("explore", None), ("ray", None)]
)
def test_only_a_likely_slip_is_mended(typed: str, meant: str | None) -> None:
    """A misspelt word is traced back; another word of its own right, and a short one, is left alone."""
    corrector = Corrector(["oscillating", "gradients", "converging", "explode", "rate"], ["explore"])
    row = tokens(plain(typed))
    corrector.mend(row, ())
    assert row[0].key == stem(meant or typed)


def test_places_in_the_text_survive_every_change_of_script() -> None:
    """Characters that become two, or vanish, do not shift what comes behind them."""
    text = "½ ﬁne，損失 nan"
    simple = plain(text)
    assert len(simple.origin) == len(simple.text) + 1
    nan = tokens(simple)[-1]
    assert text[simple.origin[nan.start] : simple.origin[nan.end]] == "nan"


def test_phrases_have_alternatives_gaps_and_numbers() -> None:
    """One line of the vocabulary stands for many phrases; the longest found one counts."""
    tree = Tree()
    tree.add("x", "move", ["(go|shoot|) (up|down) now", "no .. rate", "stuck at <n>"])
    lexicon = Lexicon(tree.packed())
    for text in ("it goes up now", "down now", "shooting up now", "no matter what the rate", "stuck at 0.5"):
        assert [m.label for m in longest(lexicon.find(tokens(plain(text))))] == ["move"], text
    assert not lexicon.find(tokens(plain("go up. now")))


@pytest.mark.parametrize("phrase", ["the", ".. rate", "go (up|down", "up|down"])
def test_a_phrase_that_cannot_be_found_is_refused(phrase: str) -> None:
    """An author learns at once of a phrase that would never be heard."""
    with pytest.raises(ValueError, match=r"in|of"):
        groups(phrase)


def test_optional_words_may_be_left_out_wherever_they_stand() -> None:
    """Two optional words in a row, before a gap or at the end, need not be there."""
    tree = Tree()
    tree.add("a", "changed", ["(改|调)(了|过|) .. (学习率|lr)"])
    tree.add("a", "off", ["amp(一|给|)(关|停)(掉|了|)"])
    lexicon = Lexicon(tree.packed())
    found = {text: {m.label for m in lexicon.find(tokens(plain(text)))} for text in ("调 lr", "改了几次学习率", "amp 一关", "amp 停掉", "amp 开着")}
    assert found == {"调 lr": {"changed"}, "改了几次学习率": {"changed"}, "amp 一关": {"off"}, "amp 停掉": {"off"}, "amp 开着": set()}


@pytest.mark.parametrize(
    ("typed", "value"), [("8.x", 8.0), ("0.9几", 0.9), ("一万多条", 10000.0), ("九十多", 90.0), ("5w的样本", 50000.0), ("3.多", 3.0)]
)
def test_rounded_numbers_are_numbers(typed: str, value: float) -> None:
    """A number said roughly is read by the part that is certain."""
    assert tokens(plain(typed))[0].value == value
