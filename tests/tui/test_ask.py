"""Questions at a plain prompt: what a person may type, and what they get to see."""

from __future__ import annotations

import io

import pytest
from lossclinic.engine.diagnosis import Diagnosis
from lossclinic.kb import load
from lossclinic.tui.ask import Enough, Prompt


class Conversation:
    """A prompt with typed replies, and what it showed."""

    def __init__(self, typed: str, lang: str = "en") -> None:
        """`typed` is all that will be typed."""
        self.screen = io.StringIO()
        self.prompt = Prompt(load(), "zh" if lang == "zh" else "en", io.StringIO(typed), self.screen, most=3)

    def ask(self, fact: str) -> object:
        """The answer about `fact`."""
        return self.prompt.ask(fact, lambda: self.diagnosis)

    diagnosis: Diagnosis

    @property
    def shown(self) -> str:
        """Everything on the screen so far."""
        return self.screen.getvalue()


@pytest.mark.parametrize("typed", ["1", "１", "yes", "Y", "是", " 1 ", "true"])
def test_yes_in_any_form(typed: str) -> None:
    """A number, a full-width digit from a Chinese keyboard, or the word."""
    assert Conversation(f"{typed}\n").ask("shuffle") is True


@pytest.mark.parametrize("typed", ["", "0", "０", "unknown", "不知道"])
def test_not_knowing_is_an_answer(typed: str) -> None:
    """Enter or 0 means "I don't know"."""
    assert Conversation(f"{typed}\n").ask("shuffle") is None


def test_zero_is_a_number_where_numbers_are_asked() -> None:
    """For a learning rate 0 is a value, and only Enter means "I don't know"."""
    assert Conversation("0\n").ask("learning_rate") == 0
    assert Conversation("\n").ask("learning_rate") is None
    assert Conversation("1e-3\n").ask("learning_rate") == 0.001
    assert Conversation("１ｅ－３\n").ask("learning_rate") == 0.001


@pytest.mark.parametrize("typed", ["q\n", "Q\n", "退出\n", ""])
def test_asking_can_be_stopped(typed: str) -> None:
    """By q, or by closing the input."""
    with pytest.raises(Enough):
        Conversation(typed).ask("shuffle")


@pytest.mark.parametrize("typed", ["9\n", "perhaps\n", "-1\n"])
def test_a_slip_is_forgiven(typed: str) -> None:
    """An impossible answer is pointed out in a line, and the question stays."""
    talk = Conversation(typed + "2\n")
    assert talk.ask("shuffle") is False
    assert "Please give a number from 1 to 2" in talk.shown


def test_a_number_out_of_range_is_pointed_out() -> None:
    """With the range that is possible."""
    talk = Conversation("-5\n0.1\n")
    assert talk.ask("learning_rate") == 0.1
    assert "between 0 and 1000" in talk.shown


@pytest.mark.parametrize(("key", "lang", "why", "how"), [("?", "en", "Why: ", "How: "), ("？", "zh", "为什么问：", "怎么查：")])
def test_a_question_mark_explains(diagnosis: Diagnosis, key: str, lang: str, why: str, how: str) -> None:
    """Which causes the answer would tell apart, and how to find it out; then the question stands again."""
    talk = Conversation(f"{key}\n1\n", lang)
    talk.diagnosis = diagnosis
    assert talk.ask("grad_clipping") is True
    assert why in talk.shown
    assert how in talk.shown


def test_the_keys_are_explained_once() -> None:
    """The first question tells how to answer; the second is only the question."""
    talk = Conversation("1\n1\n")
    talk.ask("shuffle")
    talk.ask("grad_clipping")
    assert talk.shown.count("q = stop") == 1
    assert "Question 2: " in talk.shown


def test_answers_are_numbered_with_their_wording() -> None:
    """An enum shows its values in words, in the language of the user."""
    talk = Conversation("2\n", "zh")
    answer = talk.ask("mixed_precision")
    entry = load().fact("mixed_precision")
    assert answer == entry.values[1]
    assert f"2：{entry.labels[entry.values[1]].zh}" in talk.shown
