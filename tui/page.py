"""A page of a text report: paragraphs, headings and bars on lines of a given width."""

from __future__ import annotations

from .display import display_width, pad, printable, wrap
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["Page", "entry"]

PROSE = 96
"""Widest paragraph in cells; longer lines are hard to read, however wide the terminal is."""

INDENT = 2


class Page:
    """Lines of a report, added from top to bottom."""

    def __init__(self, terminal: Terminal) -> None:
        """An empty page, as wide as `terminal`."""
        self.terminal = terminal
        self.lines: list[Line] = []

    @property
    def prose(self) -> int:
        """Widest a paragraph may be."""
        return min(self.terminal.width, PROSE)

    def add(self, *spans: Span | str) -> None:
        """One line as it is; without spans an empty one, unless there is one already."""
        line = tuple(Span(span) if isinstance(span, str) else span for span in spans)
        if line or (self.lines and self.lines[-1]):
            self.lines.append(line)

    def heading(self, text: str) -> None:
        """The heading of a section, with a rule to the edge of the text."""
        self.add()
        *above, title = wrap(printable(text), self.prose)
        for line in above:
            self.add(Span(line, "heading"))
        room = self.prose - display_width(title) - 1
        rule = " " + self.terminal.glyphs.rule * room if self.terminal.pictures and room > 0 else ""
        self.add(Span(title, "heading"), Span(rule, "dim"))

    def text(self, text: str, *, style: str = "", indent: int = INDENT, first: tuple[Span, ...] = (), aside: str = "") -> None:
        """A paragraph, `indent` cells from the left. `first` stands in the indent of its first line (and may be wider); `aside` is
        set dim at the right edge of its last line, or below when there is no room."""
        lead = sum(display_width(span.text) for span in first)
        hang = max(indent, lead)
        lines = wrap(printable(text), self.prose - hang)
        for number, line in enumerate(lines):
            start = (*first, Span(" " * (hang - lead))) if number == 0 else (Span(" " * hang),)
            self.add(*start, Span(line, style))
        if aside and lines:
            self._aside(printable(aside), hang + display_width(lines[-1]))

    def _aside(self, text: str, used: int) -> None:
        gap = self.prose - used - display_width(text)
        if gap >= 2:
            self.lines[-1] = (*self.lines[-1], Span(" " * (gap if self.terminal.pictures else 2)), Span(text, "dim"))
            return
        for line in wrap(text, self.prose - INDENT * 2):
            blanks = self.prose - display_width(line) if self.terminal.pictures else INDENT * 2
            self.add(" " * blanks, Span(line, "dim"))

    def code(self, code: str, *, indent: int) -> None:
        """Lines to paste: never wrapped."""
        for line in code.splitlines():
            self.add(" " * indent, Span(printable(line.expandtabs(4)), "code"))

    def bar(self, share: float, cells: int, style: str = "bar") -> Span:
        """A bar that fills `share` (0..1) of `cells`, in steps of half a cell; something that is not nothing shows."""
        glyphs = self.terminal.glyphs
        if not self.terminal.pictures or cells <= 0:
            return Span("")
        halves = max(1, round(share * cells * 2)) if share > 0 else 0
        whole, half = divmod(halves, 2)
        return Span(pad(glyphs.bar * whole + (glyphs.half_bar or glyphs.bar) * half, cells), style)


def entry(name: str, text: str, width: int, column: int) -> list[Line]:
    """A command or option in a help, and what it does; explanations begin at `column`, or at half of `width` where that is less."""
    column = min(column, width // 2)
    lead = " " * INDENT + name
    lines: list[Line] = []
    if display_width(lead) + 2 > column:
        lines.append((Span(lead, "strong"),))
        lead = ""
    for line in wrap(text, width - column):
        lines.append((Span(pad(lead, column), "strong"), Span(line)))
        lead = ""
    return lines
