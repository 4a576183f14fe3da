"""The application: one frame for all rooms of the clinic.

A room is a `RoomScreen` (`room.py`) in a module of this package, listed in `ROOMS`: its mode, module, class, and the message id of its
name. The module is imported when somebody first enters; a room whose module is not there does not exist. To add one:

    class CasebookScreen(RoomScreen):                          # tui/screen/casebook.py
        HELP_ENTRY = "casebook.help.room"                      # F1: first line = title; widgets may have a HELP_ENTRY of their own
        BINDINGS = [Binding("delete", "withdraw", "casebook.key.withdraw", id="casebook.withdraw")]    # every binding has an id,
                                                               # its description is a message id; bind full-width twins of punctuation
        def compose(self): yield TopBar(); ...; yield KeyBar() # `self.say("casebook.title")`, `self.lang`
        def retell(self): ...                                  # after a change of language, and on entering: say everything again
        def copyable(self): ...                                # for the copy key (F8); widgets may have a `copyable` of their own

Work that takes longer than a keystroke belongs in a worker (`self.run_worker(..., thread=True)`): the first paint waits for nothing.
The user's files: `tui/places.py`. Colours: `themes.py` (`painted` shows the styled lines of `tui/page.py`). `Sheet` (`sheet.py`) wraps
text as Chinese typesetting wants it. State is never told by colour alone; ambiguous-width glyphs stay out of tables and plots.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from ...messages import say
from ..language import Lang
from ..places import config_file
from .room import RoomScreen, described, help_entry, key_name
from .settings import Settings, read_settings
from .themes import THEMES

__all__ = ["ROOMS", "ClinicApp", "Room", "rooms"]


class Room(NamedTuple):
    """Where a room is."""

    module: str
    screen: str
    name: str
    key: str


ROOMS: dict[str, Room] = {
    "triage": Room("triage", "TriageScreen", "screen.room.triage", "f5"),
    "casebook": Room("casebook", "CasebookScreen", "screen.room.casebook", "f6"),
    "quiz": Room("quiz", "QuizScreen", "screen.room.quiz", "f7"),
}
"""Mode of the application to the room it shows."""


def rooms() -> dict[str, Room]:
    """The rooms that are there."""
    return {mode: room for mode, room in ROOMS.items() if find_spec(f".{room.module}", __package__) is not None}


class ClinicApp(App[object]):
    """The clinic on a full screen."""

    TITLE = "lossclinic"
    CSS = """
    Screen { background: $background; }
    * { scrollbar-background: $background; scrollbar-background-hover: $background; scrollbar-background-active: $background; }
    * { scrollbar-color: $panel; scrollbar-color-hover: $axis; scrollbar-color-active: $primary; scrollbar-corner-color: $background; }
    ToastRack { dock: top; align: right top; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "screen.key.help", id="help"),
        Binding("question_mark,fullwidth_question_mark", "help", "screen.key.help", show=False, id="help.mark"),
        Binding("f2", "language", "中文/English", id="language"),
        Binding("f3", "theme", "screen.key.theme", show=False, id="theme"),
        Binding("f8", "copy", "screen.key.copy", show=False, id="copy"),
        *(Binding(room.key, f"enter('{mode}')", room.name, show=False, priority=True, id=f"room.{mode}") for mode, room in ROOMS.items()),
        Binding("ctrl+p", "command_palette", "screen.key.palette", priority=True, id="palette"),
        Binding("ctrl+q", "quit", "screen.key.quit", priority=True, id="quit"),
    ]
    ENABLE_COMMAND_PALETTE = True

    lang: reactive[Lang] = reactive[Lang]("en", init=False)

    def __init__(self, lang: Lang, *, room: str = "triage", opening: Any = None, settings: Settings | None = None) -> None:
        """Opens in `room`; `opening` is what that room is given to begin with (`app.opening`)."""
        super().__init__()
        self.settings = settings if settings is not None else read_settings(config_file())
        self.opening = opening
        self._first = room
        self.left: Callable[[], Path | None] | None = None
        """Says which record the triage chat leaves behind."""
        self.rooms = rooms()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = f"clinic-{self.settings.theme}"
        self.animation_level = "none"
        for mode, place in self.rooms.items():
            self.add_mode(mode, partial(_build, place))  # pyright: ignore[reportUnknownMemberType]
        self.set_reactive(ClinicApp.lang, lang)

    def on_mount(self) -> None:
        """Enter the first room; say what is wrong with the settings."""
        self.set_keymap({**self.settings.keymap})
        self.switch_mode(self._first)
        wrong = self.settings.complaints(self.lang)
        wrong += [say("screen.settings.no_such_key", self.lang, key=key) for key in unknown_keys(self.settings.keymap)]
        for text in wrong:
            self.notify(text, severity="warning", timeout=15)

    def watch_lang(self) -> None:
        """Say everything on the screen in the new language; other rooms do when they are entered."""
        for screen in self.screen_stack:
            if isinstance(screen, RoomScreen):
                screen.retell()
        self.refresh_bindings()

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:
        """Two actions on one key: say so."""
        ids = ", ".join(sorted(binding.id or binding.action for binding in clashed_bindings))
        del node
        self.notify(say("screen.settings.clash", self.lang, ids=ids), severity="warning")

    def get_key_display(self, binding: Binding) -> str:
        """A key in the line of keys at the bottom: F4, ^Q."""
        return binding.key_display or key_name(binding.key, self.lang).replace("Ctrl+", "^")

    def action_language(self) -> None:
        """The other language."""
        self.lang = "en" if self.lang == "zh" else "zh"

    def action_theme(self, name: str | None = None) -> None:
        """The next theme, or the one called `name`."""
        names = [theme.name for theme in THEMES]
        self.theme = name or names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
        self.notify(say(f"screen.theme.{self.theme.removeprefix('clinic-')}", self.lang), timeout=2)

    def action_enter(self, room: str) -> None:
        """Go into a room; from a page that lies over one, back to that first."""
        if isinstance(self.screen, ModalScreen):
            return
        if room in self.rooms:
            self.switch_mode(room)
        else:
            self.notify(say("screen.no_room", self.lang, room=say(ROOMS[room].name, self.lang)))

    def action_help(self) -> None:
        """Explain what has focus."""
        from .help import HelpScreen

        screen = self.screen
        if isinstance(screen, HelpScreen):
            screen.dismiss()
            return
        entry = help_entry(screen.focused or screen) or help_entry(screen) or "screen.help.room"
        self.push_screen(HelpScreen(entry, dict(screen.active_bindings)))

    def action_help_quit(self) -> None:
        """Ctrl+C with nothing selected: it is for copying here."""
        self.notify(say("screen.ctrl_c", self.lang), timeout=4)

    def action_command_palette(self) -> None:
        """Search all commands."""
        if not CommandPalette.is_open(self):
            self.push_screen(CommandPalette(id="--command-palette", placeholder=say("screen.palette", self.lang)))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action that has a key on this screen, but for moving about in what has focus, and the themes."""
        seen: set[str] = set()
        for found in described(dict(screen.active_bindings), self.lang).values():
            binding = found.binding
            moves = binding.key.startswith("page") or (not isinstance(cast("object", found.node), App | Screen) and not binding.show)
            if binding.id is None or not binding.description or binding.description in seen or binding.id == "palette" or moves:
                continue
            seen.add(binding.description)
            run: Callable[[], Any] = partial(self.run_action, binding.action, found.node)
            yield SystemCommand(binding.description, key_name(binding.key, self.lang), run)
        for theme in THEMES:
            name = theme.name.removeprefix("clinic-")
            yield SystemCommand(say(f"screen.theme.{name}", self.lang), "", partial(self.action_theme, theme.name))

    def action_copy(self) -> None:
        """Copy what has focus, or what the screen offers; text that is selected with the mouse goes first."""
        text = self.screen.get_selected_text() or _offered(self.screen.focused)
        if not text and isinstance(self.screen, RoomScreen):
            text = self.screen.copyable()
        if text:
            self.copy(text)
        else:
            self.notify(say("screen.copy.nothing", self.lang), timeout=3)

    def copy(self, text: str) -> None:
        """Copy `text` every way there is, and say how it can be had if the terminal lets none through."""
        from .clipboard import keep, with_program

        self.copy_to_clipboard(text)
        taken = with_program(text)
        file = keep(text)
        entry = "done" if taken or file is None else "done_file"
        self.notify(say(f"screen.copy.{entry}", self.lang, n=len(text), file=str(file)), timeout=5)


def _build(room: Room) -> Screen[Any]:
    """The screen of a room, imported now."""
    return cast("Screen[Any]", getattr(import_module(f".{room.module}", __package__), room.screen)())


def _offered(widget: Widget | None) -> str | None:
    """What the focused widget, or something around it, offers for copying."""
    node: DOMNode | None = widget
    while node is not None and not isinstance(node, Screen):
        if (offer := getattr(node, "copyable", None)) is not None and (text := offer()):
            return str(text)
        node = node.parent
    return None


def unknown_keys(keymap: Mapping[str, str]) -> list[str]:
    """Ids in a keymap that no key of the rooms entered so far has; those of other rooms may exist."""
    elsewhere = {mode for mode, room in ROOMS.items() if f"{__package__}.{room.module}" not in sys.modules}
    known: set[str | None] = set()
    waiting: list[type[DOMNode]] = [DOMNode]
    for cls in waiting:
        waiting += cls.__subclasses__()
        known |= {binding.id for binding in cls.__dict__.get("BINDINGS", ()) if isinstance(binding, Binding)}
    return [id for id in keymap if id not in known and id.partition(".")[0] not in elsewhere]
