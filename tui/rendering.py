"""The output formats, behind one interface: a report at a time, and whatever closes the document."""

from __future__ import annotations

import os
import re
import sys
from typing import Protocol

from ..kb import KnowledgeBase
from .consultation import Result
from .options import Options
from .spans import Line, Span, paint
from .terminal import PIPED, Terminal, look_at

__all__ = ["Rendering", "rendering"]


class Rendering(Protocol):
    """Turns results into the text of one document."""

    def one(self, result: Result, /) -> str:
        """The next report, as far as it can be written now."""
        ...

    def end(self) -> str:
        """What is still to be written after the last report."""
        ...


def rendering(options: Options, kb: KnowledgeBase) -> Rendering:
    """The rendering for `--format`."""
    if options.format == "json":
        return _Json()
    if options.format == "markdown":
        return _Markdown(kb)
    if options.format == "html":
        return _Html(kb)
    if options.output is not None:
        return _Text(kb, Terminal(PIPED, options.color is True, pictures=not options.plain), asks=options.ask)
    return _Text(kb, look_at(sys.stdout, os.environ, colour=options.color, pictures=not options.plain), asks=options.ask)


class _Text:
    def __init__(self, kb: KnowledgeBase, terminal: Terminal, *, asks: bool) -> None:
        self.kb, self.terminal, self.asks = kb, terminal, asks
        self._many = False

    def one(self, result: Result, /) -> str:
        from .report_text import text_report

        lines = text_report(result.diagnosis, result.log, self.kb, self.terminal, asks=self.asks)
        rule: list[Line] = [(), (Span(self.terminal.glyphs.bar * self.terminal.width, "dim"),), ()] if self._many else []
        self._many = True
        return paint([*rule, *lines], colour=self.terminal.colour)

    def end(self) -> str:
        return ""


class _Json:
    """One object a line (JSON Lines). Characters that a terminal could act on are written as escapes."""

    _STEERING = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

    def one(self, result: Result, /) -> str:
        return self._STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", result.diagnosis.to_json()) + "\n"

    def end(self) -> str:
        return ""


class _Markdown:
    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self._many = False

    def one(self, result: Result, /) -> str:
        from .report_markdown import markdown_report

        rule = "\n---\n\n" if self._many else ""
        self._many = True
        return rule + markdown_report(result.diagnosis, result.log, self.kb)

    def end(self) -> str:
        return ""


class _Html:
    """One page with all reports, written when the last is known."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self._results: list[Result] = []

    def one(self, result: Result, /) -> str:
        self._results.append(result)
        return ""

    def end(self) -> str:
        from .report_html import html_report

        return html_report([(result.diagnosis, result.log) for result in self._results], self.kb) if self._results else ""
