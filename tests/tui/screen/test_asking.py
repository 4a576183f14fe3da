"""What the user asks back in the chat, what is only guessed there, and how to come back to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossclinic.engine.events import HeardText, parse, to_line
from lossclinic.tui.screen.bubble import ChipRow

from .guest import Guest, Use, talk


@pytest.mark.parametrize(
    ("lang", "first", "questions"),
    [
        ("en", "loss is nan after a while, fp16, lr 1e-3", ["why not 2", "what if gradient clipping was on?", "how"]),
        ("zh", "loss 训一会变 nan，fp16，lr 1e-3", ["为什么不是 2", "如果开了梯度裁剪呢", "依据"]),
    ],
)
def test_i_can_ask_why_not_what_if_and_how(use: Use, lang: str, first: str, questions: list[str]) -> None:
    """Each such question gets an answer of its own, changes nothing, and the question that was open stays open."""

    async def conversation(guest: Guest) -> None:
        await guest.type(first)
        before, open_question = guest.session.known(), guest.session.current
        for question in questions:
            turns = len(guest.said())
            await guest.type(question)
            assert len(guest.said()) == turns + 2
            assert len(guest.said()[-1]) > 60
            assert guest.session.known() == before
            assert guest.session.current == open_question

    talk(use, conversation, lang)


def test_an_unclear_question_is_told_in_the_language_of_the_conversation(use: Use) -> None:
    """Whoever asks in Chinese about a cause that does not exist is told so in Chinese; F2 tells it in English."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss 变 nan，fp16")
        await guest.type("为什么不是天气")
        assert "没有名为 天气 的原因" in guest.said()[-1]
        await guest.press("f2")
        assert "unknown cause 天气" in guest.said()[-1]

    talk(use, conversation, "zh")


@pytest.mark.parametrize(("lang", "first", "shrug"), [("en", "loss is nan, fp16", "I dont know"), ("zh", "loss 变 nan，fp16", "不太清楚")])
def test_not_knowing_is_an_answer(use: Use, lang: str, first: str, shrug: str) -> None:
    """However I say that I do not know, the question counts as asked and the next one comes."""

    async def conversation(guest: Guest) -> None:
        await guest.type(first)
        asked = guest.session.current
        assert asked is not None
        await guest.type(shrug)
        assert asked in guest.session.unknown
        assert guest.session.current != asked

    talk(use, conversation, lang)


def test_a_guess_is_marked_on_its_chip_and_in_words(use: Use) -> None:
    """What I wrote with a slip of the finger is a guess: a question mark stands on the chip and a line says what it means."""

    async def conversation(guest: Guest) -> None:
        await guest.type("the loss is oscilating, lr=3e-4, and bananas grow in the garden")
        row = guest.screen.query_one(ChipRow)
        texts = [text for line in row._rows(100) for _, text in line]
        assert any(text.startswith("[? ") for text in texts)
        assert any(not text.startswith("[? ") for text in texts)
        assert any("guess" in text for text in guest.said())
        assert sum("bananas" in text for text in guest.said()[2:]) == 1

    talk(use, conversation)


def test_a_chip_bears_the_name_of_the_fact(use: Use) -> None:
    """Mixed precision on a chip is the setting, not the fault of the same id."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss is nan, trained in fp16")
        name = guest.screen._chip_name("mixed_precision")
        assert "fault" not in name
        assert "fp16" in name

    talk(use, conversation)


def test_what_was_heard_before_there_were_guesses_still_replays() -> None:
    """A record of an earlier version has no confidence and no guesses in it."""
    heard = b'{"kind": "heard", "text": "nan", "symptoms": {"loss_nan_inf": "nan"}}'
    lines = [b'{"lossclinic": "record", "version": 1}\n', b'{"at": "2026-01-01T00:00:00Z", "event": ' + heard + b"}\n"]
    event = parse(lines, "old.jsonl").events[0]
    assert isinstance(event, HeardText)
    assert event.guesses == ()
    assert '"confidence":{}' in to_line(event).replace(" ", "")


def test_the_record_that_is_left_behind_is_known(use: Use) -> None:
    """Nothing said leaves nothing to go on with; after the first message there is a record that can be taken up."""

    async def conversation(guest: Guest) -> None:
        left = guest.pilot.app.left  # type: ignore[attr-defined]
        assert left() is None
        await guest.type("loss is nan")
        assert isinstance(left(), Path)
        assert left() == guest.record()

    talk(use, conversation)
