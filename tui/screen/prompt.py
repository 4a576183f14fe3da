"""The line to type in: Enter sends, Ctrl+J breaks the line, and what is pasted is looked at before it is shown."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from .intake import take_in
from .room import clinic

__all__ = ["Prompt"]

SHORT = 2_000
"""Characters up to which a paste is put into the line to be looked over; a longer one is handed over at once."""

_COLOURS = re.compile(r"(?:\x1b|\^\[)(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\|\^G)?)")
"""What a terminal makes colours and titles of (ECMA-48, section 5.4), also where it is written out as `^[`."""


class Prompt(TextArea):
    """What the user types."""

    HELP_ENTRY: ClassVar[str] = "triage.help.prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "triage.key.send", show=False, id="prompt.send"),
        Binding("ctrl+j,shift+enter", "new_line", "triage.key.new_line", show=False, id="prompt.new_line"),
        Binding("escape", "leave", "triage.key.leave", show=False, id="prompt.leave"),
    ]
    DEFAULT_CSS = """
    Prompt { height: auto; min-height: 3; max-height: 7; border: round $axis; background: $background; padding: 0 1; }
    Prompt { scrollbar-size-vertical: 1; }
    Prompt:focus { border: round $primary; background-tint: $background 0%; }
    """

    class Sent(Message):
        """A message, ready to be taken in."""

        def __init__(self, text: str, *, pasted: bool = False) -> None:
            super().__init__()
            self.text = text
            self.pasted = pasted

    class WantsChoices(Message):
        """Up, or Escape, in an empty line: to the answers above."""

    def __init__(self) -> None:
        super().__init__(id="prompt", soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        """Send here, in the order of the keys: a binding would overtake, or fall behind, what is typed fast."""
        if event.key in self._sends():
            event.stop()
            event.prevent_default()
            self.action_send()

    def _sends(self) -> list[str]:
        return clinic(self).settings.keymap.get("prompt.send", "enter").split(",")

    def take_key(self, event: events.Key) -> None:
        """A key that was pressed while something else had focus, and is the beginning, or the end, of a message."""
        self.focus()
        if event.key in self._sends():
            self.action_send()
        elif event.character is not None and event.is_printable:
            self.insert(event.character)

    def action_send(self) -> None:
        """Hand the message over."""
        text = self.text.strip()
        if text:
            self.clear()
            self.post_message(self.Sent(text))

    def action_new_line(self) -> None:
        """A second line."""
        self.insert("\n")

    def action_leave(self) -> None:
        """To the answers."""
        self.post_message(self.WantsChoices())

    def action_cursor_up(self, select: bool = False) -> None:
        """A row up; from the first row to the answers."""
        if not select and self.cursor_location[0] == 0:
            self.post_message(self.WantsChoices())
            return
        super().action_cursor_up(select)

    async def _on_paste(self, event: events.Paste) -> None:
        """A short paste goes into the line, where it can be changed; a long one, or lines of a log, are handed over as they are."""
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """A paste, wherever it was made."""
        self.focus()
        text = _COLOURS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        whole = take_in(text)
        if len(text) > SHORT or whole.block or (whole.files and not whole.words):
            self.post_message(self.Sent(text, pasted=True))
        else:
            self.insert(text.rstrip("\n"))
