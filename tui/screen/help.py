"""F1: what has focus, what it is for, and the keys that work now."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from ...messages import say
from ..display import display_width, pad
from ..language import Lang
from ..page import Page
from ..spans import Line, Span
from ..terminal import Terminal
from .room import clinic
from .themes import painted

__all__ = ["HelpScreen"]

WIDTH = 76
FRAME = 8
"""Cells that border, padding and scroll bar take."""


class HelpScreen(ModalScreen[None]):
    """The help of one thing, over the screen it belongs to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,enter", "dismiss", "screen.key.close", id="help.close"),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > VerticalScroll { width: 82; max-width: 100%; height: auto; max-height: 90%; }
    HelpScreen > VerticalScroll { background: $surface; border: round $primary; padding: 0 2; }
    """

    def __init__(self, text: str, bindings: dict[str, ActiveBinding], lang: Lang) -> None:
        """`text`: the title on its first line; `bindings`: the keys that worked when help was called, described in `lang`."""
        super().__init__()
        self._text, self._working, self._lang = text, bindings, lang

    def compose(self) -> ComposeResult:
        """One page."""
        with VerticalScroll() as scroll:
            scroll.border_subtitle = say("screen.help.close", self._lang)
            yield Static(painted(self._lines()), id="help-text")

    def _lines(self) -> list[Line]:
        title, _, body = self._text.partition("\n")
        page = Page(Terminal(max(20, min(WIDTH, clinic(self).size.width - FRAME))))
        page.heading(title)
        for paragraph in body.strip().splitlines():
            page.text(paragraph, indent=0)
            page.add()
        page.heading(say("screen.help.keys", self._lang))
        rows = self._keys()
        column = max((display_width(keys) for keys, _ in rows), default=0) + 2
        for keys, description in rows:
            page.text(description, indent=column, first=(Span(pad(keys, column), "code"),))
        page.add()
        page.text(say("screen.help.select", self._lang), indent=0, style="dim")
        return page.lines

    def _keys(self) -> list[tuple[str, str]]:
        """Keys of each action, and what it does."""
        rows: dict[str, tuple[list[str], str]] = {}
        for found in self._working.values():
            binding = found.binding
            if binding.id is not None and binding.description and not binding.system:
                keys, _ = rows.setdefault(binding.id, ([], binding.description))
                shown = clinic(self).get_key_display(binding)
                if shown not in keys and not binding.key.startswith("fullwidth"):
                    keys.append(shown)
        return [(" ".join(keys), description) for keys, description in rows.values()]
