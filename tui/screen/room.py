"""What every screen of the clinic has in common: one language for all, words from the catalogue, help, copying, and a narrow layout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

from ...messages import catalogue, say
from ..display import display_width
from ..language import Lang

if TYPE_CHECKING:
    from .app import ClinicApp

__all__ = ["KeyBar", "RoomScreen", "clinic", "described", "help_entry", "key_name"]

PADDING = 3
"""Cells around a key and its description in the line at the bottom."""

FIRST = ("help", "quit")
"""Ids of the keys that the line at the bottom begins with."""

NARROW = 100
"""Cells below which panes become tabs."""

SHORT = 18
"""Rows below which frames and titles give way to what is said."""


def clinic(node: MessagePump) -> ClinicApp:
    """The application that a screen or widget is part of."""
    return cast("ClinicApp", node.app)  # pyright: ignore[reportUnknownMemberType]


class RoomScreen(Screen[None]):
    """A room of the clinic. Descriptions of its bindings are message ids ("triage.key.back"); `retell` puts new words on the screen
    when the language changes."""

    AUTO_FOCUS = "*"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide"), (160, "-very-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (SHORT, "-tall")]  # noqa: RUF012 - as Textual declares it
    HELP_ENTRY: ClassVar[str] = ""
    """Message id of what F1 says when nothing more particular has focus; its first line is the title."""

    @property
    def clinic(self) -> ClinicApp:
        """The application."""
        return clinic(self)

    @property
    def lang(self) -> Lang:
        """The language of the screen."""
        return self.clinic.lang

    def say(self, entry: str, **values: object) -> str:
        """A text of the catalogue in the language of the screen."""
        return say(entry, self.lang, **values)

    def retell(self) -> None:
        """The language changed: say everything again. Override, and keep what the user typed."""

    def copyable(self) -> str | None:
        """What the copy key copies when the focused widget has nothing to offer; None = nothing."""
        return None

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The bindings in force, described in the language of the screen; help and quitting first, so that they always have their place."""
        found = described(super().active_bindings, self.lang)
        first = {key: found[key] for id in FIRST for key in found if found[key].binding.id == id}
        return first | found

    def on_screen_resume(self, _: events.ScreenResume) -> None:
        """Back in this room: the language may have changed meanwhile."""
        self.retell()


def described(bindings: dict[str, ActiveBinding], lang: Lang) -> dict[str, ActiveBinding]:
    """The same bindings with message ids replaced by words."""
    return {
        key: found._replace(binding=replace(found.binding, description=_words(found.binding.description, lang)), tooltip=_words(found.tooltip, lang))
        for key, found in bindings.items()
    }


_KEYS = {
    "enter": ("Enter", "回车"), "space": ("Space", "空格"), "escape": ("Esc", "Esc"), "delete": ("Delete", "Delete"), "tab": ("Tab", "Tab"),
    "backspace": ("Backspace", "退格"), "home": ("Home", "Home"), "end": ("End", "End"), "pageup": ("PageUp", "PageUp"),
    "pagedown": ("PageDown", "PageDown"), "up": ("↑", "↑"), "down": ("↓", "↓"), "left": ("←", "←"), "right": ("→", "→"),
    "plus": ("+", "+"), "minus": ("-", "-"), "equals_sign": ("=", "="), "question_mark": ("?", "?"),
}  # fmt: skip
"""Names of keys as keyboards print them, in English and Chinese."""


def key_name(key: str, lang: Lang) -> str:
    """What a key is called: "Ctrl+S", "F4", "Enter"."""
    *modifiers, plain = key.split("+")
    capital = plain.upper() if modifiers or (plain[:1] == "f" and plain[1:].isdigit()) else plain
    name = _KEYS.get(plain, (capital, capital))[lang == "zh"]
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def _words(entry: str, lang: Lang) -> str:
    part, dot, rest = entry.partition(".")
    if not dot or not part.isidentifier() or " " in rest:
        return entry
    try:
        return say(entry, lang) if rest in catalogue(part) else entry
    except ModuleNotFoundError:
        return entry


class KeyBar(Footer):
    """The few most useful keys, in the language of the screen."""

    DEFAULT_CSS = """
    KeyBar { background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False)
        self._room = 0

    def compose(self) -> ComposeResult:
        """Those that fit wholly; F1 lists all."""
        self._room = left = clinic(self).size.width
        for key in super().compose():
            if isinstance(key, FooterKey):
                left -= display_width(key.key_display) + display_width(key.description) + PADDING
                if left < 0:
                    return
            yield key

    def on_resize(self) -> None:
        """More or fewer of them."""
        if clinic(self).size.width != self._room:
            self.call_after_refresh(self.recompose)


def help_entry(widget: Widget | None) -> str:
    """Message id of the help for `widget`: its own `HELP_ENTRY`, or that of the nearest thing around it that has one."""
    node = widget
    while node is not None:
        if entry := getattr(node, "HELP_ENTRY", ""):
            return str(entry)
        node = cast("Widget | None", node.parent)
    return ""
