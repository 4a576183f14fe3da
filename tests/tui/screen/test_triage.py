"""Whole conversations, as somebody holds them with the keyboard, in both languages."""

from __future__ import annotations

from pathlib import Path

import lossclinic
import pytest
from lossclinic.engine.session import Session
from lossclinic.tui.screen.bubble import ChipRow
from lossclinic.tui.screen.choices import Choices
from lossclinic.tui.screen.offers import choices, wants_number
from lossclinic.tui.screen.plan import PlanList
from lossclinic.tui.screen.prompt import Prompt
from lossclinic.tui.screen.ranking import Ranking

from .guest import Guest, Use, talk

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize(
    ("lang", "message", "expected", "front"),
    [
        ("en", "the loss became NaN after resuming, lr=3e-4 and fp16, no clipping", "What is the run doing?", "Understood:"),
        ("zh", "恢复训练之后 loss 变 nan 了，lr=3e-4，fp16，没开梯度裁剪", "训练出什么情况了", "我的理解是"),
    ],
)
def test_a_conversation_from_the_first_word_to_the_plan(use: Use, lang: str, message: str, expected: str, front: str) -> None:
    """Words are understood and repeated as chips; questions are answered by digits until the clinic says what it comes to."""

    async def conversation(guest: Guest) -> None:
        assert expected in guest.said()[0]
        await guest.type(message)
        assert any(front in text for text in guest.said())
        assert {"loss_nan_inf", "learning_rate", "grad_clipping"} <= set(guest.screen.query_one(ChipRow).ids)
        for _ in range(40):
            if guest.session.current is None:
                break
            await guest.press("0" if wants_number(guest.session) else "1")
        assert guest.session.ended
        assert "F9" in guest.said()[-1]
        assert guest.session.diagnosis().causes[0].probability > 0.3
        await guest.press("f9")
        plan = guest.screen.query_one(PlanList)
        assert plan.has_focus
        await guest.press("space")
        assert guest.session.done == {plan.items[0].id}
        assert "- [x]" in plan.copyable()
        diagnosis = lossclinic.diagnose(text=message, lang=lang)
        assert guest.session.heard.keys() == {s.id for s in diagnosis.symptoms}

    talk(use, conversation, lang)


def test_chips_are_taken_out_with_one_key(use: Use) -> None:
    """Delete on a chip: the clinic never believes a guess that was not meant."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss spikes, lr=3e-4")
        row = guest.screen.query_one(ChipRow)
        assert row.ids == ("loss_spike", "learning_rate")
        row.focus()
        await guest.press("right", "delete")
        assert row.ids == ("loss_spike",)
        assert "learning_rate" not in guest.session.known()
        row.focus()
        await guest.press("delete")
        assert not guest.session.heard
        assert not row.display

    talk(use, conversation)


def test_what_was_not_understood_is_said_so(use: Use) -> None:
    """Clauses without anything known are quoted; a message without anything gets a question back."""

    async def conversation(guest: Guest) -> None:
        await guest.type("你好呀")
        assert "没听出" in guest.said()[-1]
        assert guest.session.current is None
        assert guest.offered()
        await guest.type("loss 变成 nan 了，今天天气不错")
        assert any("今天天气不错" in text and "没看懂" in text for text in guest.said())

    talk(use, conversation, "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_complaints_on_offer_are_all_understood(use: Use, lang: str) -> None:
    """Whoever does not know how to begin picks one; each leads somewhere else."""

    async def conversation(guest: Guest) -> None:
        heard = []
        for choice in choices(guest.session):
            session = Session(lang=lang)  # type: ignore[arg-type]
            heard.append(tuple(session.hear(choice.label).symptoms))
        assert all(heard)
        assert len(set(heard)) == len(heard)
        await guest.press("up", "1")
        assert guest.session.heard
        assert guest.session.current is not None

    talk(use, conversation, lang)


def test_why_dont_know_back_and_change(use: Use) -> None:
    """At any time: why it is asked, I don't know, one step back, another answer to an earlier question; by key or in words."""

    async def conversation(guest: Guest) -> None:
        await guest.type("the loss spikes now and then")
        first = "grad_clipping"
        guest.session.ask(first)
        guest.screen.show()
        await guest.settle()
        await guest.press("?")
        assert "How:" in guest.said()[-1]
        assert guest.session.current == first
        await guest.press("0")
        assert guest.session.unknown == {first}
        second = guest.session.current
        assert second != first
        guest.screen.query_one(Choices).focus()
        await guest.press("<")
        assert guest.session.current == first
        assert guest.session.unknown == set()
        await guest.press("1")
        answered = guest.session.asked[-1]
        assert answered.fact == first
        await guest.type("why?")
        assert "How:" in guest.said()[-1]
        await guest.type("don't know")
        assert second in guest.session.unknown or guest.session.asked[-1].answer is None
        await guest.press("ctrl+r")
        await guest.pilot.press("escape")
        await guest.settle()
        guest.screen.query_one(Prompt).focus()
        await guest.type("back")
        assert guest.session.current is not None

    talk(use, conversation)


def test_an_earlier_answer_is_changed_from_the_list(use: Use) -> None:
    """Ctrl+R lists what was said; Enter asks again, Delete takes back."""

    async def conversation(guest: Guest) -> None:
        await guest.type("the loss spikes, lr=3e-4")
        await guest.press("ctrl+r")
        await guest.pilot.press("down", "enter")
        await guest.settle()
        assert guest.session.current == "learning_rate"
        await guest.type("0.1")
        assert guest.session.known()["learning_rate"] == 0.1
        await guest.press("ctrl+r")
        await guest.pilot.press("delete")
        await guest.settle()
        assert "loss_spike" not in guest.session.heard

    talk(use, conversation)


def test_answers_come_in_words_unasked_and_several_at_once(use: Use) -> None:
    """A number with a unit of speech, a word of the label, or a sentence that settles other questions as well."""

    async def conversation(guest: Guest) -> None:
        await guest.type("训练 loss 震荡")
        assert guest.screen.consult is not None
        guest.screen.consult.change("learning_rate")
        guest.screen.show()
        await guest.type("０.０１")
        assert guest.session.known()["learning_rate"] == 0.01
        guest.screen.consult.change("grad_clipping")
        guest.screen.show()
        await guest.type("没有，优化器用的 adam，bs 8")
        known = guest.session.known()
        assert (known["grad_clipping"], known["optimizer"], known["batch_size"]) == (False, "adam", 8.0)

    talk(use, conversation, "zh")


def test_a_number_out_of_range_is_said(use: Use) -> None:
    """The range is named and the question stays."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss oscillates")
        assert guest.screen.consult is not None
        guest.screen.consult.change("learning_rate")
        guest.screen.show()
        await guest.type("-5")
        assert "learning_rate" in guest.said()[-1]
        assert guest.session.current == "learning_rate"

    talk(use, conversation)


def test_the_language_changes_in_the_middle_of_a_conversation(use: Use) -> None:
    """Everything said so far reads in the other language, the open question stays open, a half-typed line stays."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss spikes, no clipping")
        question = guest.session.current
        english = guest.said()
        guest.screen.query_one(Prompt).focus()
        await guest.press(*"lr=", "f2")
        assert guest.session.current == question
        assert guest.screen.query_one(Prompt).text == "lr="
        chinese = guest.said()
        assert len(chinese) == len(english)
        assert chinese[1] == english[1]
        assert "我的理解是" in chinese[2]
        assert "不知道" in guest.offered()
        await guest.press("f2")
        assert guest.said() == english

    talk(use, conversation)


def test_typing_begins_a_message_wherever_the_answers_have_focus(use: Use) -> None:
    """No mode to leave: letters go to the line, digits pick; full-width signs of a Chinese keyboard count as well."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss 变 nan 了")
        assert guest.screen.query_one(Choices).has_focus
        await guest.press("？")
        assert "怎么查" in guest.said()[-1]
        guest.screen.query_one(Choices).focus()
        await guest.press(*"没开 amp")
        assert guest.screen.query_one(Prompt).text == "没开 amp"
        assert guest.screen.query_one(Prompt).has_focus

    talk(use, conversation, "zh")


def test_the_bars_move_when_evidence_comes(use: Use) -> None:
    """How many points a cause gained stands beside it, in figures and not in colour alone."""

    async def conversation(guest: Guest) -> None:
        await guest.press("1")
        ranking = str(guest.screen.query_one(Ranking).render())
        first = ranking.splitlines()[0]
        assert "Bad batch" in first
        assert "+" in first
        assert any("-" in line.split("%")[1] for line in ranking.splitlines()[1:])

    talk(use, conversation, logs=(str(EXAMPLES / "spike.tsv"),))


def test_the_chosen_cause_says_how_to_confirm_what_to_do_and_what_it_is_mistaken_for(use: Use) -> None:
    """Down in the ranking changes the page; F8 copies what to do now, with the code."""

    async def conversation(guest: Guest) -> None:
        from lossclinic.tui.screen.panes import CauseSheet

        await guest.press("f4", "f4", "down")
        page = str(guest.screen.query_one(CauseSheet).render())
        for heading in ("How to confirm", "Do now", "For good", "Why", "Or is it"):
            assert heading in page
        await guest.press("f8")
        second = guest.session.diagnosis().causes[1].name
        assert guest.pilot.app.clipboard.casefold().startswith(second.casefold())
        await guest.press("up", "enter", "f8")
        assert guest.pilot.app.clipboard.startswith("Bad batch")

    talk(use, conversation, logs=(str(EXAMPLES / "spike.tsv"),))
