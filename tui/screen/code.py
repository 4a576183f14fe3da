"""Code beside prose on a screen: long lines go on further in, so that nothing is cut and the shape stays."""

from __future__ import annotations

import textwrap

from ..display import display_width, printable, wrap
from ..spans import Line, Span

__all__ = ["code_lines"]

REST, LEAST = 4, 8
"""Cells by which the rest of a long line is set in, and fewest cells of a piece of one."""


def code_lines(code: str, width: int, indent: int) -> list[Line]:
    """`code` in lines of at most `width` cells, `indent` cells from the left. To be read; what is copied keeps its lines whole."""
    lines: list[Line] = []
    for row in textwrap.dedent(code.expandtabs(4)).splitlines():
        text = printable(row.strip())
        lead = indent + len(row) - len(row.lstrip())
        first, rest = text, ""
        if display_width(text) > width - lead:
            text = " ".join(text.split())
            first = wrap(text, max(LEAST, width - lead))[0]
            rest = text.removeprefix(first).lstrip()
        lines.append((Span(" " * lead), Span(first, "code")))
        further = wrap(rest, max(LEAST, width - lead - REST))
        lines += [(Span(" " * (lead + REST)), Span(piece, "code")) for piece in further]
    return lines
