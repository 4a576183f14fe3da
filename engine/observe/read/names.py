"""Names as they may be shown: columns, files and messages of other programs without control characters, markup codes and line breaks."""

from __future__ import annotations

import re

__all__ = ["clean"]

_CODES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]")
"""Terminal codes: titles and hyperlinks, colours and cursor movements."""


def clean(text: str, limit: int = 120) -> str:
    """`text` fit for a message or a column name: printable characters only, on one line, at most `limit` of them."""
    text = _CODES.sub(" ", text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
