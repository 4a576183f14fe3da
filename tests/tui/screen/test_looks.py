"""How the chat looks and reads on a small terminal: nothing cut, nothing out of reach, and all of it in the language of the moment."""

from __future__ import annotations

from pathlib import Path

from lossclinic.tui.display import display_width
from lossclinic.tui.screen.bubble import Bubble
from lossclinic.tui.screen.chat import Chat
from lossclinic.tui.screen.help import HelpScreen
from lossclinic.tui.screen.plan import CERTAIN, PlanList
from lossclinic.tui.screen.room import KeyBar
from lossclinic.tui.spans import plain
from textual.widget import Widget

from .guest import Guest, Use, talk

SPIKE = str(Path(__file__).parents[3] / "examples" / "spike.tsv")
SMALL = (80, 24)


def keys_shown(guest: Guest) -> list[Widget]:
    """The keys in the line at the bottom, from left to right."""
    return list(guest.screen.query_one(KeyBar).children)


def test_an_explanation_longer_than_the_view_is_read_from_its_beginning(use: Use) -> None:
    """Its first line stands on top, its code is whole, and PageDown and PageUp leaf through it while a question has focus."""

    async def conversation(guest: Guest) -> None:
        await guest.press("question_mark")
        chat, bubble = guest.screen.query_one(Chat), list(guest.screen.query(Bubble))[-1]
        assert bubble.region.height > chat.region.height
        assert bubble.region.y == chat.region.y
        told = [plain(line) for line in bubble.lines(chat.scrollable_content_region.width)]
        assert not any(line.rstrip().endswith("...") for line in told)
        assert all(display_width(line) < chat.region.width for line in told)
        top = chat.scroll_y
        await guest.press("pagedown")
        assert chat.scroll_y > top
        await guest.press("pageup", "pageup", "pageup")
        assert chat.scroll_y < top
        await guest.press("1")
        assert chat.scroll_y == chat.max_scroll_y

    talk(use, conversation, size=SMALL, logs=(SPIKE,))


def test_no_key_at_the_bottom_is_cut_off(use: Use) -> None:
    """Those that fit are shown whole, the others are left out; a wider terminal shows more."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss becomes NaN")
        for _ in range(3):
            await guest.press("f4")
            assert all(key.region.right <= 80 for key in keys_shown(guest))
        small = len(keys_shown(guest))
        await guest.pilot.resize_terminal(120, 40)
        await guest.settle()
        assert len(keys_shown(guest)) >= small
        await guest.pilot.resize_terminal(40, 12)
        await guest.settle()
        assert 0 < len(keys_shown(guest)) < small
        assert all(key.region.right <= 40 for key in keys_shown(guest))

    talk(use, conversation, size=SMALL)


def test_the_help_shows_its_keys_side_by_side(use: Use) -> None:
    """So that all of it is seen at once; in both languages, in order."""

    async def conversation(guest: Guest) -> None:
        await guest.press("f1")
        page = guest.pilot.app.screen
        assert isinstance(page, HelpScreen)
        assert page.query_one("#help-text").region.bottom < 30
        (row,) = [line for line in page.text().splitlines() if "F10 " in line]
        assert "File the case" in row
        assert len(row.split()) > 4
        await guest.press("f2")
        rows = [line for line in page.text().splitlines() if line.startswith("F")]
        assert [row.split()[0] for row in rows] == sorted((row.split()[0] for row in rows), key=lambda key: int(key[1:]))

    talk(use, conversation, size=(80, 30))


def test_all_that_was_said_is_told_again_in_the_other_language(use: Use) -> None:
    """Also the complaint that was picked, and why a number was refused."""

    async def conversation(guest: Guest) -> None:
        await guest.press("up", "1")
        assert "The loss becomes NaN" in guest.said()
        for _ in range(30):
            if guest.screen.query_one("#hint").render().plain.startswith("Type a number"):  # type: ignore[union-attr]
                break
            await guest.press("0")
        await guest.type("-5")
        refused = guest.said()[-1]
        await guest.press("f2")
        assert "loss 变成 NaN 了" in guest.said()
        assert guest.said()[-1] != refused
        ours = "".join(text for text in guest.said() if text != "-5")
        assert not [word for word in ("The ", "What ", "number ", " is ") if word in ours]

    talk(use, conversation, size=SMALL)


def test_a_plan_for_a_cause_that_is_certain_begins_with_confirming_it(use: Use) -> None:
    """Nothing is left to ask; while it is open, the questions that would tell come first."""

    async def conversation(guest: Guest) -> None:
        plan = guest.screen.query_one(PlanList)
        assert plan.items[0].id.startswith("ask:")
        await guest.press("1")
        assert guest.session.diagnosis().causes[0].probability >= CERTAIN
        assert plan.items[0].id.startswith("check:")

    talk(use, conversation, logs=(SPIKE,))
