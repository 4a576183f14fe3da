"""How the chat looks and reads on a small terminal: nothing cut, nothing out of reach, and all of it in the language of the moment."""

from __future__ import annotations

from pathlib import Path

from lossclinic.tui.display import display_width
from lossclinic.tui.screen.bubble import Bubble
from lossclinic.tui.screen.chat import Chat
from lossclinic.tui.screen.help import HelpScreen
from lossclinic.tui.screen.plan import CERTAIN, PlanList
from lossclinic.tui.screen.prompt import Prompt
from lossclinic.tui.screen.review import ReviewScreen
from lossclinic.tui.screen.room import KeyBar
from lossclinic.tui.spans import plain
from textual.widget import Widget
from textual.widgets import OptionList

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


def test_on_a_tiny_terminal_the_question_is_seen_and_a_larger_window_shows_the_latest(use: Use) -> None:
    """Frames give way to words; after any resize the last thing said is in view, with no blank lines below it."""

    async def conversation(guest: Guest) -> None:
        chat = guest.screen.query_one(Chat)
        for width, height in ((40, 12), (200, 50), (80, 24)):
            await guest.pilot.resize_terminal(width, height)
            await guest.settle()
            last = list(guest.screen.query(Bubble))[-1]
            assert chat.region.height >= 3
            assert chat.region.bottom - 1 <= last.region.bottom <= chat.region.bottom
        await guest.press("question_mark", "1")
        last = list(guest.screen.query(Bubble))[-1]
        assert chat.region.bottom - 1 <= last.region.bottom <= chat.region.bottom

    talk(use, conversation, size=SMALL, logs=(SPIKE,))


def test_pasted_colours_and_device_names_say_nothing_about_the_run(use: Use) -> None:
    """Escape sequences are taken out of a paste; a path that is no log is told so, and no symptom is heard in it."""

    async def conversation(guest: Guest) -> None:
        await guest.paste("\x1b[31mred\x1b[0m loss \x1b]0;title\x07^[[0m is NaN")
        assert guest.screen.query_one(Prompt).text == "red loss  is NaN"
        await guest.press("enter")
        assert guest.session.heard.keys() == {"loss_nan_inf"}
        for path in ("/dev/zero", "~/no/val_loss_spike"):
            await guest.type(path)
            assert guest.said()[-2:] == [path, f"There is no file {path} here."]
        await guest.type("lr=3e-4, see /runs/loss_spike_after_resume/now")
        assert guest.session.heard.keys() == {"loss_nan_inf"}
        assert guest.session.known()["learning_rate"] == 3e-4

    talk(use, conversation)


def test_help_and_language_work_over_the_list_of_what_was_told(use: Use) -> None:
    """Ctrl+R, then F1 and F2: the list explains itself and changes its language, and the chosen line stays chosen."""

    async def conversation(guest: Guest) -> None:
        await guest.type("loss becomes NaN, lr=3e-3, fp16")
        await guest.press("ctrl+r", "down")
        page = guest.pilot.app.screen
        assert isinstance(page, ReviewScreen)
        options = page.query_one(OptionList)
        chosen = options.highlighted
        before = str(options.get_option_at_index(1).prompt)
        await guest.press("f2")
        assert str(options.get_option_at_index(1).prompt) != before
        assert options.highlighted == chosen == 1
        await guest.press("f1")
        assert isinstance(guest.pilot.app.screen, HelpScreen)
        assert "你告诉我的" in guest.pilot.app.screen.text()
        await guest.press("escape", "escape")
        assert guest.screen.consult is not None

    talk(use, conversation, size=SMALL)
