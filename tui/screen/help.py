"""F1: what has focus, what it is for, and the keys that work now: those of the thing itself first, then the room's, then everybody's."""

from __future__ import annotations

from itertools import chain, repeat, zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from ...messages import say
from ..display import display_width, pad
from ..page import Page
from ..spans import Line, Span, plain, width_of
from ..terminal import Terminal
from .room import clinic, described, key_name
from .sheet import Sheet

__all__ = ["HelpScreen"]

UNSAID = frozenset({"help.mark"})
"""Second keys of an action that are no use while somebody types."""

GAP = 3
"""Cells between a key and what it does."""

BETWEEN, LEAST = 4, 32
"""Cells between two groups of keys side by side, and fewest cells of each."""


class HelpScreen(ModalScreen[None]):
    """The help of one thing, over the screen it belongs to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,enter", "dismiss", "screen.key.close", id="help.close"),
        Binding("f2", "app.language", "中文/English", id="language"),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen > VerticalScroll { width: 82; max-width: 100%; height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    HelpScreen > VerticalScroll { background: $surface; border: round $primary; padding: 0 2; }
    """

    def __init__(self, entry: str, working: dict[str, ActiveBinding]) -> None:
        """`entry`: message id, the title on its first line; `working`: the keys that worked when help was called, and on what."""
        super().__init__()
        self._entry, self._working = entry, working

    def compose(self) -> ComposeResult:
        """One page."""
        with VerticalScroll():
            yield Sheet(self._lines, id="help-text")

    def on_mount(self) -> None:
        """Follow the language."""
        self.watch(clinic(self), "lang", self._retell)

    def _retell(self) -> None:
        self.query_one(VerticalScroll).border_subtitle = say("screen.help.close", clinic(self).lang)
        self.query_one(Sheet).show()

    def text(self) -> str:
        """What it says."""
        return "\n".join(plain(line) for line in self.query_one(Sheet).lines(72))

    def _lines(self, width: int) -> list[Line]:
        lang = clinic(self).lang
        title, _, body = say(self._entry, lang).partition("\n")
        page = Page(Terminal(max(20, width)))
        page.heading(title)
        for paragraph in body.strip().splitlines():
            page.text(paragraph, indent=0)
        page.add()
        page.lines += self._table(page.prose)
        page.add()
        page.text(say("screen.help.select", lang), indent=0, style="dim")
        return page.lines

    def _table(self, width: int) -> list[Line]:
        """The groups of keys: side by side where there is room, so that each can be seen whole."""
        groups = self._keys()
        half = (width - BETWEEN) // 2
        if half < LEAST or len(groups) < 2:
            return _stacked([self._group_lines(group, rows, width) for group, rows in groups.items()])
        own, *others = (self._group_lines(group, rows, half) for group, rows in groups.items())
        ways = [([own], others), ([own, *others[1:]], others[:1]), ([own, *others[:-1]], others[-1:])]
        pairs = [(_stacked(left), _stacked(right)) for left, right in ways]
        left, right = min(pairs, key=lambda pair: max(map(len, pair)))
        gaps = (Span(" " * (half + BETWEEN - width_of(line))) for line in chain(left, repeat(())))
        return [(*one, gap, *other) if other else one for gap, (one, other) in zip(gaps, zip_longest(left, right, fillvalue=()), strict=False)]

    def _group_lines(self, group: str, rows: list[tuple[str, str]], width: int) -> list[Line]:
        page = Page(Terminal(width))
        page.heading(say(f"screen.help.{group}", clinic(self).lang))
        column = max(display_width(keys) for keys, _ in rows) + GAP
        for keys, description in rows:
            page.text(description, indent=column, first=(Span(pad(keys, column), "code"),))
        return page.lines

    def _keys(self) -> dict[str, list[tuple[str, str]]]:
        """Keys of each action, and what it does, by where they work."""
        lang = clinic(self).lang
        rows: dict[str, dict[str, list[str]]] = {"keys": {}, "room_keys": {}, "all_keys": {}}
        for found in described(self._working, lang).values():
            binding = found.binding
            if binding.id is None or not binding.description or binding.system or binding.id in UNSAID or binding.key.startswith("fullwidth"):
                continue
            keys = rows[self._group(found.node)].setdefault(binding.description, [])
            if (name := key_name(binding.key, lang)) not in keys:
                keys.append(name)
        named = {group: [(" ".join(keys), description) for description, keys in found.items()] for group, found in rows.items() if found}
        return {group: found if group == "keys" else _in_order(found) for group, found in named.items()}

    def _group(self, node: DOMNode) -> str:
        if isinstance(node, Screen):
            return "room_keys"
        return "keys" if isinstance(node, Widget) else "all_keys"


def _stacked(groups: list[list[Line]]) -> list[Line]:
    """Groups one below the other."""
    lines: list[Line] = []
    for group in groups:
        lines += [(), *group] if lines else group
    return lines


def _in_order(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Function keys by their number, then the others as they are."""
    return sorted(rows, key=lambda row: int(row[0][1:]) if row[0][0] == "F" and row[0][1:].isdigit() else 99)
