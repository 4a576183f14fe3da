"""Text on a grid of terminal cells: how wide it is, how it wraps, and how it stays harmless.

Chinese characters and full-width punctuation take two cells. Lines break between Chinese characters and at blanks, and obey
the rules of Chinese typesetting (GB/T 15834): no line starts with a closing mark, none ends with an opening one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["cut", "display_width", "pad", "printable", "wrap"]

_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")
"""Control characters, invisible and direction-changing characters, halves of surrogate pairs."""

_CLOSING = frozenset("，。；：？！、）】》〉」』〕］｝”’…—～％‰℃,.;:!?)]}%")
_OPENING = frozenset("（【《〈「『〔［｛“‘([{")

_ATOM = re.compile(r"\s+|[^\s\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—]+|.", re.DOTALL)
"""Blanks, a run of letters that must stay together, or one character that may stand alone."""


def printable(text: str) -> str:
    r"""`text` with everything that could steer a terminal spelt out (`\x1b`, `\n`, `\u202e`), so that it is one harmless line."""
    return _HARMFUL.sub(_spell_out, text)


def _spell_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return {9: r"\t", 10: r"\n", 13: r"\r"}.get(code) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def display_width(text: str) -> int:
    """Cells that `text` takes in a terminal. Characters of ambiguous width count one, as Western and modern Chinese set-ups draw them."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled up with blanks to `width` cells; `right` aligns it to the right."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def cut(text: str, width: int, ellipsis: str = "...") -> str:
    """`text` if it fits in `width` cells, else its beginning and `ellipsis`."""
    if display_width(text) <= width:
        return text
    return _split_at(text, max(0, width - display_width(ellipsis)))[0].rstrip() + ellipsis


def _split_at(text: str, width: int) -> tuple[str, str]:
    """The longest beginning of `text` that fits in `width` cells, and the rest."""
    used = 0
    for position, character in enumerate(text):
        used += _cells(character)
        if used > width:
            return text[:position], text[position:]
    return text, ""


def wrap(text: str, width: int) -> list[str]:
    """`text` as lines of at most `width` cells. A word longer than a line is split, a path after one of its
    slashes; an empty text gives no line."""
    lines: list[str] = []
    line = ""
    gap = ""
    for chunk in _chunks(text):
        if chunk.isspace():
            gap = " " if line else ""
            continue
        if line and display_width(line) + len(gap) + display_width(chunk) > width:
            lines.append(line)
            line, gap = "", ""
        line += gap + chunk
        gap = ""
        while display_width(line) > width:
            head, line = _split_at(line, max(width, 2))
            if (joint := max(map(head.rfind, "/\\_-=&?")) + 1) * 2 > len(head):
                head, line = head[:joint], head[joint:] + line
            lines.append(head)
    return [*lines, line] if line else lines


def _chunks(text: str) -> list[str]:
    """`text` cut wherever a line may end: blanks alone, and marks together with what they belong to."""
    chunks: list[str] = []
    for atom in _ATOM.findall(text):
        previous = chunks[-1] if chunks else " "
        if not atom.isspace() and not previous.isspace() and (atom[0] in _CLOSING or previous[-1] in _OPENING):
            chunks[-1] += atom
        else:
            chunks.append(atom)
    return chunks
