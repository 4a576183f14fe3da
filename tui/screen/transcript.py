"""A recorded consultation as text: what was said, and what it came to."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ...engine.events import Event
from ...engine.session import Session
from ..language import Lang
from ..page import Page
from ..report_text import text_report
from ..spans import Span, paint
from ..terminal import look_at
from .dialogue import Dialogue, voice_of

__all__ = ["transcript"]


def transcript(events: Sequence[Event], lang: Lang | None) -> str:
    """The conversation and the report, in the language it was held in unless another is asked for."""
    dialogue = Dialogue()
    session = Session.resumed(events, listeners=(dialogue.follow,))
    session.lang = lang or session.lang
    terminal = look_at(sys.stdout, os.environ)
    page = Page(terminal)
    words = voice_of(session)
    for turn in dialogue.turns:
        lead = {"you": "> ", "note": "- "}.get(turn.who, "")
        for paragraph in turn.words(words):
            mark = f"{paragraph.mark:>2} " if paragraph.mark else ""
            style = "strong" if turn.who == "you" else paragraph.style
            page.text(paragraph.text, indent=2, first=(Span(lead or "  ", "dim"), Span(mark)), style=style)
        page.add()
    lines = page.lines
    if session.known() or session.outline is not None:
        lines = [*lines, (Span(terminal.glyphs.rule * page.prose, "dim"),), *text_report(session.diagnosis(), session.log, session.mind.kb, terminal)]
    return paint(lines, colour=terminal.colour)
