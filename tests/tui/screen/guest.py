"""Somebody who holds a conversation in the triage chat."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lossclinic.engine.session import Session
from lossclinic.tui.screen.app import ClinicApp
from lossclinic.tui.screen.bubble import Bubble
from lossclinic.tui.screen.choices import Choices
from lossclinic.tui.screen.opening import Opening
from lossclinic.tui.screen.prompt import Prompt
from lossclinic.tui.screen.triage import TriageScreen
from textual import events
from textual.pilot import Pilot

Use = Callable[..., None]


class Guest:
    """Somebody at the keyboard."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot

    @property
    def screen(self) -> TriageScreen:
        """The triage chat."""
        screen = self.pilot.app.screen
        assert isinstance(screen, TriageScreen)
        return screen

    @property
    def session(self) -> Session:
        """What the clinic made of it so far."""
        assert self.screen.consult is not None
        return self.screen.consult.session

    async def settle(self) -> None:
        """Until everything is done and drawn."""
        await self.pilot.pause()
        await self.pilot.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            if len(key) == 1 and not key.isascii() and not key.isalnum():
                self.pilot.app.post_message(events.Key(unicodedata.name(key).lower().replace(" ", "_"), key))
                await self.pilot.pause()
            else:
                await self.pilot.press(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """A message, sent: it stands in the line at once, as from an input method."""
        prompt = self.screen.query_one(Prompt)
        prompt.focus()
        prompt.insert(text)
        await self.press("enter")

    async def paste(self, text: str) -> None:
        """A paste, as a terminal hands it over."""
        prompt = self.screen.query_one(Prompt)
        prompt.focus()
        prompt.post_message(events.Paste(text))
        await self.settle()

    def said(self) -> list[str]:
        """All bubbles from top to bottom, each as one line."""
        words = self.screen._words()
        return [" ".join(paragraph.text for paragraph in bubble.turn.words(words)) for bubble in self.screen.query(Bubble)]

    def offered(self) -> list[str]:
        """The quick answers."""
        return [choice.label for choice in self.screen.query_one(Choices).choices]

    def record(self) -> Path:
        """The file that the consultation is kept in."""
        assert self.screen.consult is not None
        return self.screen.consult.recorder.path


def talk(use: Use, conversation: Callable[[Guest], Awaitable[None]], lang: str = "en", size: tuple[int, int] = (120, 40), **opening: Any) -> None:
    """Hold a conversation."""

    async def deed(pilot: Pilot[None]) -> None:
        await conversation(Guest(pilot))

    use(ClinicApp(lang, opening=Opening(**opening)), deed, size)  # type: ignore[arg-type]
