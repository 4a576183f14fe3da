"""Quick answers: one key each, arrows and Enter, or the mouse. Whatever else is typed goes to the line below."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

__all__ = ["Choice", "Choices"]


class Choice(NamedTuple):
    """An answer to choose."""

    key: str
    """The digit, or the sign, that picks it."""
    label: str
    value: str
    """What it stands for: `answer:TEXT`, `hear:TEXT`, or the name of a deed (`unknown`, `why`, `back`)."""
    quiet: bool = False
    """No answer, but something that is always possible."""


class Choices(OptionList):
    """The answers to the question that is open."""

    HELP_ENTRY: ClassVar[str] = "triage.help.choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "triage.key.up", show=False, id="choices.up"),
        Binding("down", "cursor_down", "triage.key.down", show=False, id="choices.down"),
        Binding("enter", "select", "triage.key.choose", show=False, id="choices.choose"),
    ]
    DEFAULT_CSS = """
    Choices { height: auto; max-height: 12; border: none; padding: 0; margin: 0 1; scrollbar-size-vertical: 1; }
    Choices, Choices:focus { border: none; background: $background; background-tint: $background 0%; }
    Choices > .option-list--option, Choices.-textual-compact > .option-list--option { padding: 0 1; background: $background; }
    Choices > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
    Choices:focus > .option-list--option-highlighted { background: $primary; color: $background; text-style: bold; }
    """

    class Picked(Message):
        """An answer was picked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, elsewhere: Callable[[events.Key], None]) -> None:
        """`elsewhere` takes the keys of somebody who types instead of picking."""
        super().__init__(id="choices", compact=True, markup=False)
        self.choices: tuple[Choice, ...] = ()
        self._elsewhere = elsewhere
        self._typing = False

    def offer(self, choices: tuple[Choice, ...]) -> None:
        """Show these answers; none hides the list."""
        same = len(choices) == len(self.choices)
        at = self.highlighted
        self.choices = choices
        self.clear_options()
        self.add_options(
            Option(Content.assemble((f"{choice.key} ", "bold"), (choice.label, "$soft" if choice.quiet else ""))) for choice in choices
        )
        self.display = bool(choices)
        if choices:
            self.highlighted = at if same and at is not None else 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        self.post_message(self.Picked(self.choices[event.option_index]))

    def on_key(self, event: events.Key) -> None:
        """A digit or a sign picks; other characters are the beginning of a sentence, and what follows fast belongs to it."""
        if self._typing:
            event.stop()
            event.prevent_default()
            self._elsewhere(event)
            return
        if event.character is None or not event.is_printable:
            return
        character = {"？": "?", "《": "<", "〈": "<"}.get(event.character, event.character)
        if "０" <= character <= "９":
            character = chr(ord(character) - 0xFEE0)
        event.stop()
        event.prevent_default()
        for choice in self.choices:
            if choice.key == character:
                self.post_message(self.Picked(choice))
                return
        if event.character != " ":
            self._typing = True
            self._elsewhere(event)
            self.call_later(self._typed)

    def _typed(self) -> None:
        self._typing = False
