"""Questions at a plain prompt: what a person may type, and what they get to see."""

from __future__ import annotations

import io

import pytest
from lossclinic.engine.session import Session
from lossclinic.kb import load
from lossclinic.tui.ask import Back, Enough, Prompt

SPIKE = "loss spikes at step 3000 and recovers; Adam; the gradient norm jumps at the same step"


class Conversation:
    """A prompt with typed replies, and what it showed."""

    def __init__(self, typed: str, lang: str = "en") -> None:
        """`typed` is all that will be typed."""
        self.screen = io.StringIO()
        self.prompt = Prompt(load(), "zh" if lang == "zh" else "en", io.StringIO(typed), self.screen, most=3)
        self.session = Session(lang="zh" if lang == "zh" else "en")
        self.session.hear(SPIKE)

    def ask(self, fact: str) -> object:
        """The answer about `fact`."""
        answer = self.prompt.ask(fact, self.session)
        self.session.answer(fact, answer)
        return answer

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


ASKED_BACK = [
    ("?", "en", "Why ask: "), ("why", "en", "How to find out: "), ("？", "zh", "为什么问："), ("为什么", "zh", "怎么查："),
    ("how", "en", '" came to'), ("怎么得出", "zh", "是怎么得出的"), ("how 2", "en", "place 2"),
    ("why not learning rate too high", "en", 'and not "Learning rate too high"'), ("为什么不是学习率过高", "zh", "，不是“学习率过高”"),
    ("why not", "en", "What would bring"), ("what if", "en", "What would change the verdict"), ("如果", "zh", "什么会改变结论"),
    ("what if bad_batch_found=yes", "en", "If it were so: "), ("why not nosuchthing", "en", '"why not 2" takes the second'),
    ("what if nosuchthing=1", "en", "unknown fact nosuchthing"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "lang", "shown"), ASKED_BACK)
def test_the_user_may_ask_back(typed: str, lang: str, shown: str) -> None:
    """Why, how, why not and what if, in either language, by name or by number; then the question stands again and can be answered."""
    talk = Conversation(f"{typed}\n1\n", lang)
    before = talk.session.known()
    assert talk.prompt.ask("grad_clipping", talk.session) is True
    assert shown in talk.shown.replace("\n", " ")
    assert talk.session.known() == before


@pytest.mark.parametrize("typed", ["back\n", "返回\n", "undo\n"])
def test_an_answer_can_be_taken_back(typed: str) -> None:
    """By a word, in either language."""
    with pytest.raises(Back):
        Conversation(typed).ask("shuffle")


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
