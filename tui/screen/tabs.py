"""On a narrow terminal panes are behind tabs; the open one stands in brackets."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ...messages import say
from .room import clinic

__all__ = ["PaneTabs"]


class PaneTabs(Widget):
    """One line of tabs; a click opens one, F4 the next."""

    DEFAULT_CSS = """
    PaneTabs { height: 1; padding: 0 1; background: $surface; link-style: none; link-background: transparent; link-color: $foreground; }
    """

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    at: reactive[str] = reactive("")

    def __init__(self, panes: Sequence[str]) -> None:
        super().__init__()
        self._panes = panes
        self.set_reactive(PaneTabs.at, panes[0])

    def render(self) -> RenderResult:
        """The line."""
        lang = clinic(self).lang
        pieces: list[Content] = []
        for pane in self._panes:
            name = say(f"triage.pane.{pane}", lang)
            text = f"[{name}]" if pane == self.at else f" {name} "
            pieces.append(Content.styled(text, "bold $primary" if pane == self.at else "$soft").stylize(f"@click=open('{pane}')"))
        return Content(" ").join(pieces)

    def action_open(self, pane: str) -> None:
        """Open a tab."""
        self.post_message(self.Chosen(pane))
