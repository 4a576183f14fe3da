"""The manners of the clinic: nothing said twice, nothing promised that it does not know, and every room a key away."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from lossclinic.casebook.case import Case, Telling, now
from lossclinic.casebook.opening import open_casebook, place
from lossclinic.tui.screen.app import ClinicApp
from lossclinic.tui.screen.bubble import ChipRow
from lossclinic.tui.screen.casebook import CasebookScreen
from lossclinic.tui.screen.code import code_lines
from lossclinic.tui.screen.curve_view import CurveView
from lossclinic.tui.screen.panes import CauseSheet, Panes
from lossclinic.tui.screen.plan import PlanList
from lossclinic.tui.screen.prompt import Prompt
from lossclinic.tui.screen.quiz import QuizScreen
from lossclinic.tui.screen.ranking import Ranking
from lossclinic.tui.screen.sheet import Sheet
from lossclinic.tui.screen.top_bar import TopBar
from lossclinic.tui.screen.triage import TriageScreen
from lossclinic.tui.spans import plain, width_of
from textual.pilot import Pilot
from textual.widgets import Input

from .conftest import settled
from .guest import Guest, Use, talk

EXAMPLES = Path(__file__).parents[3] / "examples"
CALM = "step,loss,val_loss\n" + "".join(f"{n},{3 * 0.97**n + 0.2:.5f},{3 * 0.97**n + 0.25:.5f}\n" for n in range(200))
RUNS = "Name,State,Created,loss,lr\n" + "".join(f"run-{n},finished,2024-01-01,{1 + n},0.1\n" for n in range(9))
BURST = "step,loss\n" + "".join(f"{n},{2 - n / 100 if n < 60 else 'nan'}\n" for n in range(100))


def log(folder: Path, text: str) -> str:
    """A log in a folder with a long name."""
    file = folder / "metrics.csv"
    file.write_text(text, "utf-8")
    return str(file)


def test_a_healthy_run_is_called_so_once(use: Use, tmp_path: Path) -> None:
    """How it went stands beside it; a few checks follow; what is told later is noted, and changes nothing."""

    async def conversation(guest: Guest) -> None:
        assert [text for text in guest.said() if "calls for action" in text] == [guest.said()[-2]]
        assert "I have read metrics.csv:" in guest.said()[-2]
        assert "fell from" in str(guest.screen.query_one(CauseSheet).render())
        while guest.session.current is not None:
            faulty = guest.session.mind.faults[guest.session.current]
            await guest.press("2" if "true" in faulty else "1")
        assert len(guest.session.asked) == 3
        assert guest.said()[-1].startswith("Nothing came to light there either")
        await guest.type("lr=3e-4, no clipping")
        assert guest.said()[-1].startswith("Noted.")

    talk(use, conversation, logs=(log(tmp_path, CALM),))


def test_a_file_without_a_curve_is_not_called_healthy(use: Use, tmp_path: Path) -> None:
    """There was nothing to judge, and another file is asked for."""

    async def conversation(guest: Guest) -> None:
        assert "没有能判断的曲线" in guest.said()[-1]
        assert not [text for text in guest.said() if "没有需要处理的问题" in text]
        assert "没有需要处理的问题" not in str(guest.screen.query_one(Ranking).render())
        assert "没有可以画的曲线" in str(guest.screen.query_one(CurveView).render())

    talk(use, conversation, "zh", logs=(log(tmp_path, RUNS),))


def test_a_run_that_should_be_stopped_is_said_to_be_at_once(use: Use, tmp_path: Path) -> None:
    """Numbers that are gone for good; once, and without a note that tells the same again."""

    async def conversation(guest: Guest) -> None:
        alarms = [text for text in guest.said() if "Stop the run now" in text]
        assert len(alarms) == 1
        assert "Note:" not in " ".join(guest.said())
        await guest.type("fp16, no clipping")
        assert [text for text in guest.said() if "Stop the run now" in text] == alarms

    talk(use, conversation, logs=(log(tmp_path, BURST),))


@pytest.mark.parametrize(("lang", "points"), [("en", "does not move the ranking"), ("zh", "不影响排名")])
def test_the_past_case_most_like_the_run_is_named(use: Use, lang: str, points: str) -> None:
    """With what became of it. A published case is to be read; it moves nothing."""

    async def conversation(guest: Guest) -> None:
        (note,) = [text for text in guest.said() if "LC-REF-" in text]
        assert points in note.replace("do not", "does not")
        assert ".." not in note.replace("...", "")
        assert "。。" not in note

    talk(use, conversation, lang, logs=(str(EXAMPLES / "spike.tsv"),))


def test_what_confirmed_cases_do_to_the_ranking_is_said(use: Use) -> None:
    """How many there are, and from where to where the first cause was moved; not again with every sentence."""
    book = open_casebook(place(None, os.environ).where)
    for n in range(30):
        cause, fact = ("optimizer_state_fault", "optimizer_state_restored") if n % 6 else ("resume_mismatch", "step_counter_restored")
        telling = Telling(title=f"jump after a resume, run {n}")
        facts = {fact: False, "resumed_at_onset": True}
        told = {"texts": {"en": telling}, "facts": facts, "observed": {"jump_at_resume": True}}
        book.add(Case(lang="en", status="resolved", cause=cause, resolved=now(), **told))
    book.close()

    async def conversation(guest: Guest) -> None:
        await guest.type("loss jumps right after resuming from a checkpoint")
        first = guest.session.diagnosis().causes[0].name
        (note,) = [text for text in guest.said() if "confirmed cases moved it from" in text]
        assert first.casefold() in note.casefold()
        await guest.type("lr=3e-4")
        assert [text for text in guest.said() if "moved it from" in text and first.casefold() in text.casefold()] == [note]

    talk(use, conversation)


def test_the_page_for_newcomers_makes_room_for_what_is_known(use: Use) -> None:
    """Beside the greeting stands what can be said; on a large screen ranking, plan and cause are then seen together."""

    async def conversation(guest: Guest) -> None:
        panes = guest.screen.query_one(Panes)
        assert "runs/exp3/metrics.csv" in str(panes.query_one("#welcome", Sheet).render())
        assert not panes.query_one(Ranking).region.area
        await guest.press("f9")
        assert guest.screen.query_one(Prompt).has_focus
        await guest.press("f2")
        assert "说说现象" in str(panes.query_one("#welcome", Sheet).render())
        await guest.type("loss 变成 NaN 了")
        assert not panes.query_one("#welcome", Sheet).region.area
        for shown in (Ranking, PlanList, CauseSheet):
            assert panes.query_one(shown).region.area
        await guest.pilot.resize_terminal(80, 24)
        await guest.press("f9")
        assert panes.query_one(PlanList).region.area
        assert not panes.query_one(Ranking).region.area
        await guest.press("escape")
        assert not panes.region.area

    talk(use, conversation, size=(200, 50))


def test_every_room_is_a_key_away_while_somebody_types(use: Use) -> None:
    """F6 and F7 from the line of the chat, F5 back; what was typed stays; over a page they do nothing."""

    async def deed(pilot: Pilot[None]) -> None:
        app: Any = pilot.app
        app.screen.query_one(Prompt).insert("half a sen")
        await pilot.press("f6")
        await settled(pilot)
        assert isinstance(app.screen, CasebookScreen)
        assert app.screen.query_one(TopBar).about.endswith("cases")
        await pilot.press("f2")
        await settled(pilot)
        assert app.screen.query_one(TopBar).about.endswith("例")
        assert app.screen.query_one("#filter", Input).has_focus
        await pilot.press("f7")
        await settled(pilot)
        assert isinstance(app.screen, QuizScreen)
        await pilot.press("f5")
        await settled(pilot)
        assert isinstance(app.screen, TriageScreen)
        assert app.screen.query_one(Prompt).text == "half a sen"
        await pilot.press("f1", "f6")
        await pilot.press("escape")
        assert isinstance(app.screen, TriageScreen)

    use(ClinicApp("en"), deed)


@pytest.mark.parametrize(
    ("lang", "said", "answered"),
    [
        ("en", "thanks!", "welcome"),
        ("en", "ok", "still open"),
        ("en", "hello", "still open"),
        ("en", "so, what should I do?", "First thing to do"),
        ("en", "asdf qwer zxcv", "question above still stands"),
        ("zh", "谢谢你", "不客气"),
        ("zh", "那，怎么办？", "先做这一步"),
        ("zh", "嗯嗯", "还没回答"),
    ],
)
def test_small_talk_gets_an_answer_and_leaves_the_question_open(use: Use, lang: str, said: str, answered: str) -> None:
    """Nobody is told that "thanks" holds no symptom; whoever asks what to do hears it."""

    async def conversation(guest: Guest) -> None:
        question = guest.session.current
        await guest.type(said)
        assert guest.said()[-2] == said
        assert answered in guest.said()[-1]
        assert guest.session.current == question

    talk(use, conversation, lang, logs=(str(EXAMPLES / "spike.tsv"),))


def test_the_language_can_be_asked_for(use: Use) -> None:
    """Whoever writes Chinese on an English screen is told the key, once; and asking for it is enough."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss 突然飙升，没开梯度裁剪")
        await guest.type("学习率是 3e-4")
        assert len([text for text in guest.said() if "按 F2 切换到中文" in text]) == 1
        await guest.type("你好，能说中文吗？")
        assert guest.screen.lang == guest.session.lang == "zh"
        assert "训练出什么情况了" in guest.said()[0]
        await guest.type("English please")
        assert guest.screen.lang == "en"

    talk(use, conversation)


def test_a_mistyped_file_is_guessed_and_the_words_stay_whole(use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name that was meant is offered, a folder is read by its name alone, and a chip goes when its answer is asked again."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my runs").mkdir()
    log(tmp_path, BURST)
    log(tmp_path / "my runs", BURST)

    async def conversation(guest: Guest) -> None:
        await guest.type("please look at metirc.csv")
        assert guest.said()[-2:] == ["please look at metirc.csv", "There is no file metirc.csv here; did you mean metrics.csv?"]
        await guest.type("no clipping, and the log is in my runs")
        await guest.press("ctrl+r", "enter")
        assert not guest.screen.query_one(ChipRow).ids
        await guest.type("my runs")
        assert any("turns NaN" in text for text in guest.said())

    talk(use, conversation)


@pytest.mark.parametrize("width", [24, 40, 57])
def test_code_beside_prose_keeps_its_shape(width: int) -> None:
    """No line is wider than its place, none begins left of it, and nothing of the code is lost."""
    code = "with torch.autograd.set_detect_anomaly(True):\n"
    code += "    for inputs, targets in replay(loader, start=bad_step - 5, stop=bad_step + 1):\n\tloss.backward()\n"
    code += "nvidia-smi --query-gpu=timestamp,index,temperature.gpu,utilization.gpu,memory.used,memory.total,clocks.sm --format=csv -l 10\n"
    lines = code_lines(code, width, 5)
    assert all(width_of(line) <= width for line in lines)
    assert all(plain(line).startswith("     ") for line in lines)
    assert "".join("".join(plain(line) for line in lines).split()) == "".join(code.split())
    assert sum(len(plain(line).split()) for line in lines) <= len(code.split()) + len(lines) - len(code.splitlines())


def test_past_cases_are_brought_back_by_words_alone(use: Use) -> None:
    """What is told and answered finds other past cases, they move the ranking at once, and the most alike are named."""
    book = open_casebook(place(None, os.environ).where)
    ours = []
    for n in range(60):
        cause, facts = ("optimizer_state_fault", {"optimizer_state_restored": False}) if n % 2 else ("lr_too_high", {"learning_rate": 0.1})
        observed = {"jump_at_resume": True} if n % 2 else {"loss_spike": True}
        case = Case(
            lang="en", status="resolved", cause=cause, resolved=now(), texts={"en": Telling(title=f"run {n}")}, facts=facts, observed=observed
        )
        ours.append(book.add(case).id)
    book.close()

    async def conversation(guest: Guest) -> None:
        consult = guest.screen.consult
        assert consult is not None
        assert any("60 confirmed cases" in text for text in guest.said())
        assert not any("--no-casebook" in text for text in guest.said())
        before = guest.session.mind
        await guest.type("loss jumps right after resuming from a checkpoint")
        assert guest.session.mind is not before
        (note,) = [text for text in guest.said() if "moved it from" in text]
        assert [id for id in ours[1::2] if id in note.partition("most alike")[2]]
        await guest.press("f2")
        assert [text for text in guest.said() if "个已确认病例把它从" in text]

    talk(use, conversation)
