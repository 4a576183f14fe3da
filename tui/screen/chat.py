"""The conversation on the screen: bubbles and chips, from the top down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.widget import Widget

from .bubble import Bubble, ChipRow
from .room import clinic

if TYPE_CHECKING:
    from ..phrases import Phrases
    from .turns import Turn

__all__ = ["Chat"]

MOUNTED = 120
"""Turns that stand on the screen; older ones are in the record."""


class Chat(VerticalScroll, can_focus=False):
    """What was said, the latest in view: its end, or its beginning when it is longer than the view."""

    def __init__(self, words: Callable[[], Phrases], chip: Callable[[str], str]) -> None:
        """`words` puts turns into the language of the moment, `chip` what was understood."""
        super().__init__(id="chat")
        self._words, self._chip = words, chip
        self._window = Size()

    def add(self, turns: Sequence[Turn]) -> None:
        """Somebody said something."""
        new: list[Widget] = []
        bubble = None
        for turn in turns:
            new.append(bubble := Bubble(turn, self._words))
            if turn.chips:
                new.append(ChipRow(turn.chips, self._chip, turn.guessed))
        if bubble is None:
            return
        self.mount(*new)
        surplus = len(self.children) - MOUNTED
        if surplus > 0:
            self.remove_children(list(self.children)[:surplus])
        self._show(bubble)

    def _show(self, bubble: Bubble) -> None:
        if self._too_long(bubble):
            self.anchor(False)
            self.call_after_refresh(self.scroll_to_widget, bubble, animate=False, top=True)
        else:
            self.anchor()

    def _too_long(self, bubble: Bubble) -> bool:
        """Whether a turn has more lines than can be seen at once: it is then read from its beginning."""
        room = self.scrollable_content_region
        return bubble.turn.who == "clinic" and 0 < room.height <= len(bubble.lines(room.width))

    @property
    def rest(self) -> int:
        """Lines below what is in view."""
        return round(self.max_scroll_y - max(0.0, self.scroll_y))

    def on_resize(self) -> None:
        """Textual keeps the end in view by the height that was; once more by the one that is. In another window the latest is in view."""
        self.refresh(layout=True)
        if self._window != clinic(self).size and (bubbles := list(self.query(Bubble))):
            self._show(bubbles[-1])
        self._window = clinic(self).size

    def drop(self, id: str) -> None:
        """Take a chip off wherever it stands."""
        for row in self.query(ChipRow):
            row.drop(id)

    def retell(self) -> None:
        """Say everything again in the language of the moment."""
        for bubble in self.query(Bubble):
            bubble.show()
        for row in self.query(ChipRow):
            row.refresh(layout=True)

    def clear(self) -> None:
        """Begin anew."""
        self.remove_children()
