"""The line at the top: the rooms of the clinic, and on the right what this room is about."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ...messages import say
from ..display import cut, display_width
from .room import clinic

__all__ = ["TopBar"]


class TopBar(Widget):
    """Rooms can be clicked; the one that is open stands in brackets."""

    DEFAULT_CSS = """
    TopBar { height: 1; background: $panel; color: $foreground; padding: 0 1; link-style: none; link-background: transparent; }
    TopBar { link-color: $foreground; }
    """

    about: reactive[str] = reactive("")
    """What the room is about now: the name of a log, the number of cases."""

    def on_mount(self) -> None:
        """Follow the language."""
        self.watch(clinic(self), "lang", self._retell, init=False)

    def _retell(self) -> None:
        self.refresh()

    def render(self) -> Content:
        """One line."""
        app = clinic(self)
        lang = app.lang
        pieces: list[tuple[str, str] | Content] = [(say("screen.name", lang), "bold $primary"), ("  ", "")]
        used = display_width(say("screen.name", lang)) + 2
        if len(app.rooms) > 1:
            for mode, room in app.rooms.items():
                name = say(room.name, lang)
                here = mode == app.current_mode
                text = f"[{name}]" if here else f" {name} "
                style = "bold" if here else "$soft"
                pieces.append(Content.styled(text, style).stylize(f"@click=app.enter('{mode}')"))
                used += display_width(text)
        room_left = self.size.width - used - 2
        if self.about and room_left > 8:
            text = cut(self.about, room_left, "...")
            pieces += [(" " * (room_left + 2 - display_width(text)), ""), (text, "$soft")]
        return Content.assemble(*pieces)

