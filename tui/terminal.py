"""What the place we write to can show: width, colours, glyphs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import NamedTuple, TextIO

__all__ = ["ASCII", "UNICODE", "Glyphs", "Terminal", "look_at", "wants_colour"]

NARROWEST = 40
WIDEST = 120
PIPED = 80
"""Cells of a line when the output is no terminal."""


class Glyphs(NamedTuple):
    """The characters that rules, axes and bars are drawn with."""

    braille: bool
    rule: str
    axis_y: str
    tick_y: str
    corner: str
    axis_x: str
    tick_x: str
    span: str
    bar: str
    half_bar: str
    dash: str
    dot: str
    ellipsis: str


UNICODE = Glyphs(True, "─", "│", "┤", "└", "─", "┴", "─", "━", "╸", "–", "·", "…")
ASCII = Glyphs(False, "-", "|", "+", "+", "-", "+", "-", "#", "", "-", "|", "...")


class Terminal(NamedTuple):
    """What may be used when writing there."""

    width: int = PIPED
    colour: bool = False
    glyphs: Glyphs = UNICODE
    pictures: bool = True
    """Whether curves and bars are drawn; a screen reader is better off without."""


def wants_colour(stream: TextIO | None, environ: Mapping[str, str], option: bool | None = None) -> bool:
    """Whether to colour: the option if given, else `NO_COLOR`, else `FORCE_COLOR`, else a terminal that is not dumb."""
    if option is not None:
        return option
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    if environ.get("TERM") == "dumb" or not _is_terminal(stream):
        return False
    return sys.platform != "win32" or any(name in environ for name in ("WT_SESSION", "TERM", "ANSICON", "ConEmuANSI"))


def look_at(stream: TextIO | None, environ: Mapping[str, str], *, colour: bool | None = None, pictures: bool = True) -> Terminal:
    """What `stream` can show. Its encoding decides the glyphs: what it cannot encode is drawn in ASCII."""
    width = PIPED
    if _is_terminal(stream) or environ.get("COLUMNS"):
        width = min(WIDEST, max(NARROWEST, shutil.get_terminal_size((PIPED, 24)).columns))
    glyphs = UNICODE if _can_encode(stream, "⣿─┤└┴━╸│–−·…") else ASCII
    return Terminal(width, wants_colour(stream, environ, colour), glyphs, pictures)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def _can_encode(stream: TextIO | None, text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
