"""The quiz on the screen: cards by keyboard alone, both languages, small terminals, and the mock interview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from lossclinic.quiz.journal import Journal
from lossclinic.tui.language import Lang
from lossclinic.tui.quiz_options import parse
from lossclinic.tui.screen.app import ClinicApp
from lossclinic.tui.screen.choices import Choices
from lossclinic.tui.screen.prompt import Prompt
from lossclinic.tui.screen.quiz import QuizScreen
from lossclinic.tui.spans import plain
from textual.containers import VerticalScroll
from textual.pilot import Pilot

Use = Callable[..., None]


def quiz(pilot: Pilot[None]) -> QuizScreen:
    """The room."""
    return cast("QuizScreen", pilot.app.screen)


def opened(*arguments: str, lang: Lang = "en") -> ClinicApp:
    """The clinic opened in the quiz."""
    return ClinicApp(lang, room="quiz", opening=parse((*arguments, "--lang", lang), {}))


def page(screen: QuizScreen) -> str:
    """What stands on the page at 78 cells, without line ends."""
    return " ".join(" ".join(plain(line) for line in screen._lines(78)).split())


def kinds(home: Path) -> list[str]:
    """What was written down."""
    with Journal(home / "quiz.db") as journal:
        return [event.kind for event in journal.events()]


def test_cards_are_answered_rated_and_taken_back_with_keys_alone(use: Use, home: Path) -> None:
    """A digit answers, Enter takes the rating that is suggested, Ctrl+B takes back; the language changes in between."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = quiz(pilot)
        assert "Does this hold?" in page(screen)
        assert screen.query_one(Choices).has_focus
        await pilot.press("1")
        await pilot.pause()
        assert screen.told is not None
        assert "Right" in page(screen) or "Not right" in page(screen)
        await pilot.press("enter")
        await pilot.pause()
        assert screen.told is None
        await pilot.press("f2")
        await pilot.pause()
        assert "这个说法成立吗" in page(screen)
        await pilot.press("２", "4")
        await pilot.pause()
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert screen.drill is not None
        assert screen.drill.answers == 1

    use(opened("--kind", "judge", "--limit", "3"), deed)
    assert kinds(home)[:2] == ["session", "review"]
    assert kinds(home)[-1] == "undo"


def test_an_answer_in_words_is_judged_and_overruled(use: Use, home: Path) -> None:
    """Typed, sent with Enter; a letter turns a decision round."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = quiz(pilot)
        assert screen.query_one(Prompt).has_focus
        await pilot.press(*"a bad batch", "ctrl+j", *"or lr too high", "enter")
        await pilot.pause()
        assert screen.told is not None
        before = screen.told[1]
        assert before.grade is not None
        assert {hit.id for hit in before.grade.hit} == {"data", "rate"}
        await pilot.press("c")
        await pilot.pause()
        assert screen.told[1].score > before.score
        await pilot.press("3")
        await pilot.pause()
        assert screen.told is None

    use(opened("--topic", "loss_spike", "--kind", "interview"), deed)
    assert kinds(home) == ["session", "review", "amend", "amend", "end"] or kinds(home) == ["session", "review", "amend", "end"]


def test_a_long_page_scrolls_in_a_small_terminal(use: Use) -> None:
    """At 80x24 a curve with its reasoning is longer than the page; Page down reaches its end."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = quiz(pilot)
        assert any("\u2800" < sign < "\u28ff" for sign in page(screen))
        await pilot.press("1")
        await pilot.pause()
        scroll = screen.query_one("#page", VerticalScroll)
        assert scroll.max_scroll_y > 0
        for _ in range(12):
            await pilot.press("pagedown")
        await pilot.pause()
        assert scroll.scroll_offset.y == scroll.max_scroll_y

    use(opened("--kind", "curve", "--limit", "1"), deed)


def test_a_mock_interview_on_the_screen(use: Use, home: Path) -> None:
    """Five questions with follow-ups, no verdict until the end, then the scorecard; the cards wait meanwhile."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = quiz(pilot)
        await pilot.press("f9")
        await pilot.pause()
        assert "Mock interview, question 1 of 5" in page(screen)
        await pilot.press(*"I would check the data and the learning rate", "enter")
        await pilot.pause()
        for turn in range(20):
            if screen.scorecard is not None:
                break
            assert "%" not in page(screen)
            assert screen.query_one(Prompt).has_focus
            await pilot.press(*(("escape", "0") if turn % 2 else ("０", "enter")))
            await pilot.pause()
        assert "Scorecard" in page(screen)
        assert "What to revise" in page(screen)
        assert "I would check the data" in (screen.copyable() or "")

    use(opened("--kind", "judge", "--limit", "3"), deed)
    assert kinds(home).count("mock_end") == 1
    assert kinds(home).count("turn") >= 10


def test_statistics_and_levels_by_key(use: Use) -> None:
    """F10 shows how far one is and goes back; F4 goes through the levels."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = quiz(pilot)
        await pilot.press("f10")
        await pilot.pause()
        assert "准备度" in page(screen)
        await pilot.press("f10", "f4", "f4")
        await pilot.pause()
        assert screen.drill is not None
        assert {screen.cards[id].level for id in screen.drill.queue} == {"mechanism"}

    use(opened(lang="zh"), deed)


def test_a_journal_that_cannot_be_opened_is_told_on_the_page(use: Use, home: Path) -> None:
    """No traceback, and the way out."""
    (home / "quiz.db").write_bytes(b"this is no database, whatever it is called" * 60)

    async def deed(pilot: Pilot[None]) -> None:
        assert "is damaged or holds no answers of yours; move it away" in " ".join(page(quiz(pilot)).split())

    use(opened(), deed)
