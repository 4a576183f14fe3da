"""Text on the screen, wrapped as Chinese typesetting wants it: Textual breaks lines anywhere, also before a full stop."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import RenderResult
from textual.geometry import Size
from textual.widget import Widget

from ..spans import Line, width_of
from .themes import painted

__all__ = ["Sheet"]

Draw = Callable[[int], list[Line]]
"""Styled lines for a width in cells."""


class Sheet(Widget):
    """Styled lines that are made anew whenever their width changes. As tall as they are; as wide as the widest with `width: auto`."""

    DEFAULT_CSS = """
    Sheet { height: auto; }
    """

    def __init__(self, draw: Draw, *, id: str | None = None, classes: str | None = None) -> None:
        """`draw` makes the lines."""
        super().__init__(id=id, classes=classes)
        self._draw = draw
        self._lines: tuple[int, list[Line]] | None = None

    def show(self, draw: Draw | None = None) -> None:
        """Draw anew, with other content when `draw` is given."""
        if draw is not None:
            self._draw = draw
        self._lines = None
        self.refresh(layout=True)

    def lines(self, width: int) -> list[Line]:
        """The lines at `width`."""
        if self._lines is None or self._lines[0] != width:
            self._lines = (width, self._draw(width))
        return self._lines[1]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The widest line."""
        del viewport
        return max((width_of(line) for line in self.lines(container.width)), default=0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines."""
        del container, viewport
        return len(self.lines(width))

    def render(self) -> RenderResult:
        """The lines."""
        return painted(self.lines(self.content_size.width))
