"""The frame around all screens: languages, themes, keys of one's own, help, copying, the palette."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

import pytest
from lossclinic.tui.screen.app import ROOMS, ClinicApp
from lossclinic.tui.screen.help import HelpScreen
from lossclinic.tui.screen.room import KeyBar, RoomScreen
from lossclinic.tui.screen.settings import Settings, read_settings
from lossclinic.tui.screen.sheet import Sheet
from lossclinic.tui.screen.top_bar import TopBar
from lossclinic.tui.spans import Span
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, Static


class Hall(RoomScreen):
    """A room with a line to type in and a line of text."""

    HELP_ENTRY: ClassVar[str] = "screen.help.room"

    def compose(self) -> ComposeResult:
        """Title, text, input, keys."""
        yield TopBar()
        yield Static(id="words")
        yield Input(id="typed")
        yield KeyBar()

    def retell(self) -> None:
        """The name of the house."""
        self.query_one("#words", Static).update(self.say("screen.name"))

    def copyable(self) -> str:
        """What there is to copy."""
        return "the words of the hall"


class House(ClinicApp):
    """The clinic with that room."""

    def __init__(self, **more: object) -> None:
        super().__init__("en", room="hall", **more)  # type: ignore[arg-type]
        self.add_mode("hall", Hall)


Deed = Callable[[Pilot[None]], Awaitable[None]]
Use = Callable[..., None]


def house_of(pilot: Pilot[None]) -> ClinicApp:
    """The application that is being used."""
    assert isinstance(pilot.app, ClinicApp)
    return pilot.app


def words(app: ClinicApp) -> str:
    """What the line of text says."""
    return str(app.screen.query_one("#words", Static).render())


def test_the_first_frame_needs_no_engine() -> None:
    """The screen is there before the knowledge and the reasoning are loaded."""
    program = """
import os, sys
from lossclinic.tui.screen.app import ClinicApp
class Program(ClinicApp):
    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        if screen.query("#prompt") and screen.size:
            os._exit(any(name in sys.modules for name in ("numpy", "pydantic", "lossclinic.kb", "lossclinic.engine.session")))
Program("en").run(headless=True, size=(120, 40))
"""
    assert subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL).returncode == 0


def test_the_language_changes_at_any_moment_and_keeps_what_was_typed(use: Use) -> None:
    """F2 says everything in the other language; the half-typed sentence stays."""

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        assert words(app) == "lossclinic"
        await pilot.press(*"loss 变", "f2")
        assert words(app) == "损失门诊"
        assert app.screen.query_one(Input).value == "loss 变"
        assert "退出" in {found.binding.description for found in app.screen.active_bindings.values()}

    use(House(), deed)


def test_there_are_three_themes_and_each_can_be_shown(use: Use) -> None:
    """F3 goes round: dark, light, high contrast, dark; every style of the reports has a colour in each."""

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        seen = []
        for _ in range(3):
            seen.append(app.theme)
            await pilot.press("f3")
        assert seen == ["clinic-dark", "clinic-light", "clinic-contrast"]
        assert app.theme == "clinic-dark"

    use(House(), deed)


def test_keys_can_be_given_other_keys_by_a_file(use: Use, tmp_path: Path) -> None:
    """A keymap in config.toml moves the language to F4; F2 does nothing then."""
    file = tmp_path / "config.toml"
    file.write_text('lang = "zh"\ntheme = "light"\n[keymap]\nlanguage = "f4"\n', "utf-8")

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        await pilot.press("f2")
        assert app.lang == "en"
        await pilot.press("f4")
        assert app.lang == "zh"
        assert app.theme == "clinic-light"

    use(House(settings=read_settings(file)), deed)


@pytest.mark.parametrize(
    ("text", "says"),
    [("theme = ", "cannot be used"), ('theme = "pink"', "dark, light, contrast"), ("colour = 1", "no setting colour"), ("keymap = 3", "[keymap]")],
)
def test_a_mistake_in_the_settings_is_said_and_no_reason_to_stop(tmp_path: Path, text: str, says: str) -> None:
    """The file, the key and what is possible are named; everything else holds."""
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    settings = read_settings(file)
    (complaint,) = settings.complaints("en")
    assert says in complaint
    assert str(file) in complaint
    assert settings.theme == "dark"
    assert settings.complaints("zh") != [complaint]


def test_an_unknown_key_in_the_keymap_is_said(use: Use) -> None:
    """A mistyped id shows at the start; ids of rooms that were not entered yet are left alone."""

    async def deed(pilot: Pilot[None]) -> None:
        told = [note.message for note in house_of(pilot)._notifications]
        assert [text for text in told if "langauge" in text]
        assert not [text for text in told if "quiz" in text]

    use(House(settings=Settings(keymap={"langauge": "f9", "quiz.undo": "g"})), deed)


@pytest.mark.parametrize("key", ["f1", "fullwidth_question_mark", "question_mark"])
def test_help_explains_what_has_focus_and_lists_the_keys(use: Use, key: str) -> None:
    """F1, and ? where nobody types, in either width; Escape goes back."""

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        app.screen.set_focus(None)
        await pilot.press(key)
        assert isinstance(app.screen, HelpScreen)
        assert "Clinic" in app.screen.text()
        assert "Ctrl+Q" in app.screen.text()
        await pilot.press("f2")
        assert "门诊" in app.screen.text()
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpScreen)

    use(House(), deed)


def test_a_question_mark_can_be_typed(use: Use) -> None:
    """In a line of text ? and ？ are characters."""

    async def deed(pilot: Pilot[None]) -> None:
        await pilot.press("why"[0], "?", "fullwidth_question_mark")
        assert house_of(pilot).screen.query_one(Input).value.startswith("w?")

    use(House(), deed)


def test_what_is_copied_can_be_had_from_a_file_too(use: Use, tmp_path: Path) -> None:
    """F8 copies; where the terminal passes nothing on, the file is named."""

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        await pilot.press("f8")
        assert app.clipboard == "the words of the hall"
        assert (tmp_path / "home" / "copied.txt").read_text("utf-8") == "the words of the hall"
        assert any("copied.txt" in note.message for note in app._notifications)

    use(House(), deed)


def test_the_palette_lists_every_command_in_the_language_of_the_screen(use: Use) -> None:
    """Ctrl+P; each action once."""

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert len(titles) == len(set(titles))
        assert {"Help", "Copy", "Quit", "Theme: light"} <= set(titles)
        await pilot.press("f2")
        assert {"帮助", "复制", "退出", "主题：浅色"} <= {command.title for command in app.get_system_commands(app.screen)}
        await pilot.press("ctrl+p")
        assert app.screen is not app.screen_stack[0]
        await pilot.press("escape")

    use(House(), deed)


def test_every_key_of_the_frame_has_an_id_and_a_description() -> None:
    """So that it can be remapped, found and explained."""
    for binding in ClinicApp.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.id
        assert binding.description
    assert len({room.key for room in ROOMS.values()}) == len(ROOMS)


def test_ctrl_q_quits_and_ctrl_c_says_what_it_is_for(use: Use) -> None:
    """Nobody loses a consultation by copying."""

    async def deed(pilot: Pilot[None]) -> None:
        app = house_of(pilot)
        app.screen.set_focus(None)
        await pilot.press("ctrl+c")
        assert any("Ctrl+Q" in note.message for note in app._notifications)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert app._exit

    use(House(), deed)


def test_chinese_text_is_wrapped_as_it_should_be(use: Use) -> None:
    """On no width does a line of a sheet begin with a comma or a full stop."""
    text = "先看梯度范数，再看学习率；如果都正常（warmup 也没动），多半是那一批数据有问题。"

    async def deed(pilot: Pilot[None]) -> None:
        from lossclinic.tui.display import wrap

        sheet = Sheet(lambda width: [(Span(line),) for line in wrap(text, width)])
        await house_of(pilot).screen.mount(sheet)
        for width in range(8, 60):
            sheet.styles.width = width
            await pilot.pause()
            lines = str(sheet.render()).split("\n")
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            assert not [line for line in lines if line[0] in "，。；）"]
            assert sheet.size.height == len(lines)

    use(House(), deed)
