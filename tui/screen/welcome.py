"""What stands beside the first greeting: what can be said and handed over, and what comes of it."""

from __future__ import annotations

from ...messages import say
from ..display import display_width, pad
from ..language import Lang
from ..page import Page
from ..spans import Line, Span
from ..terminal import Terminal

__all__ = ["welcome_lines"]

GAP = 2
"""Cells between a key and what it does."""

WIDEST = 76
"""Cells of a line: a page to read, not to fill the screen with."""

QUOTE = "> "
"""What a user may say is marked as it is in the conversation."""

KEYS = {"F9": "plan", "F10": "file", "Ctrl+S": "export", "Ctrl+R": "change", "F6": "casebook", "F7": "quiz"}


def welcome_lines(lang: Lang, width: int) -> list[Line]:
    """The page at `width` cells."""
    page = Page(Terminal(max(20, min(WIDEST, width))))
    for part in ("tell", "log", "then"):
        page.heading(say(f"triage.welcome.{part}", lang))
        for line in say(f"triage.welcome.{part}.text", lang).splitlines():
            quoted = line.startswith(QUOTE)
            page.text(line.removeprefix(QUOTE), style="" if quoted else "dim", first=(Span("  "), Span(QUOTE, "you")) if quoted else ())
    page.heading(say("triage.welcome.keys", lang))
    column = max(map(display_width, KEYS)) + GAP
    for key, what in KEYS.items():
        page.text(say(f"triage.welcome.key.{what}", lang), style="dim", first=(Span("  "), Span(pad(key, column), "code")))
    return page.lines
