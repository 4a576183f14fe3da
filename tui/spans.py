"""Lines of styled text, and how they become bytes: ANSI colours on a terminal, plain text elsewhere.

A style is a meaning ("title", "train", "bad"), never a colour: the same lines serve the command line and the screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .display import display_width, printable

__all__ = ["Line", "Span", "paint", "plain", "width_of"]


class Span(NamedTuple):
    """A piece of a line in one style; "" is normal text."""

    text: str
    style: str = ""


Line = tuple[Span, ...]

_SGR = {
    "title": "1",
    "heading": "1",
    "strong": "1",
    "dim": "2",
    "axis": "2",
    "good": "32",
    "warn": "33",
    "bad": "31",
    "mark": "1;31",
    "train": "36",
    "val": "35",
    "other": "33",
    "bar": "36",
    "code": "36",
    "for": "32",
    "against": "31",
}
"""Select Graphic Rendition (ECMA-48) of each style, from the 16 colours that every terminal theme defines."""


def plain(line: Line) -> str:
    """The text of a line."""
    return "".join(span.text for span in line)


def width_of(line: Line) -> int:
    """Cells that a line takes."""
    return sum(display_width(span.text) for span in line)


def paint(lines: Iterable[Line], *, colour: bool) -> str:
    """The lines as one text, each with its newline. Control characters in them are spelt out, wherever they came from."""
    return "".join(_paint_line(line, colour) + "\n" for line in lines)


def _paint_line(line: Line, colour: bool) -> str:
    if not colour:
        return printable(plain(line)).rstrip()
    pieces: list[str] = []
    for span in line:
        text = printable(span.text)
        code = _SGR.get(span.style)
        pieces.append(f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text)
    return "".join(pieces).rstrip()
