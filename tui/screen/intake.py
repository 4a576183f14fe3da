"""What was handed over in the chat: a sentence, the name of a log file, or a piece of a log itself."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shlex
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlparse

__all__ = ["LONGEST", "Intake", "bounded", "nearly", "take_in"]

LONGEST = 16_000_000
"""Characters of a pasted log that are looked at; a longer one is better named than pasted."""

PROSE = 4_000
"""Characters of a message that are read as words."""

LINES, SHARE = 3, 0.6
"""A block is a log when it has so many lines, and this share of them carry numbers."""

MOST, ALIKE = 2_000, 0.7
"""Names in a folder that are looked at for a mistyped one, and how alike (0..1) it has to be."""

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf)(?![\w.])", re.IGNORECASE)
_PATH = re.compile(r"(?:~|\.{1,2})?/[\w.-]+|[A-Za-z]:[\\/]")
_QUOTED = re.compile(r"""'([^']+)'|"([^"]+)"|“([^”]+)”|`([^`]+)`""")


class Intake(NamedTuple):
    """A message, taken apart."""

    words: str
    """What is said in words."""
    files: tuple[Path, ...] = ()
    """Files and run folders that are named and exist."""
    missing: tuple[str, ...] = ()
    """What looks like the name of a log and is none; it stays among the words."""
    block: str = ""
    """Lines of a log."""

    @property
    def said(self) -> str:
        """The words without the names of what is missing: these tell nothing about the run."""
        words = self.words
        for name in self.missing:
            words = words.replace(name, " ")
        return words.strip()


def take_in(text: str) -> Intake:
    """Take a message apart. A path may be quoted, escaped, a file:// address as a terminal drops it, or stand in a sentence."""
    if whole := _path(text.strip()):
        return Intake("", (whole,))
    words, block = _without_block(text)
    files: list[Path] = []
    missing: list[str] = []
    for token in _tokens(words):
        found = _path(token)
        if found is not None:
            files.append(found)
        elif _PATH.match(token) or re.search(r"[\w/\\]\.(csv|tsv|jsonl?|log|txt|tfevents|parquet)$", token, re.IGNORECASE):
            missing.append(token)
            continue
        else:
            continue
        words = words.replace(token, " ")
    return Intake(re.sub(r"['\"“”`]\s*['\"“”`]", " ", words).strip()[:PROSE], tuple(files), tuple(missing), block)


def nearly(name: str) -> str:
    """The file beside a missing one whose name is most like it; "" when none is."""
    wanted = Path(os.path.expanduser(name))
    try:
        there = [entry.name for entry in islice(os.scandir(wanted.parent), MOST)]
    except (OSError, ValueError):
        return ""
    found = difflib.get_close_matches(wanted.name, [name for name in there if name != wanted.name], 1, ALIKE)
    return str(wanted.with_name(found[0])) if found else ""


def _tokens(text: str) -> list[str]:
    """Pieces of a message that may name a file: quoted ones, and those between blanks or Chinese characters."""
    quoted: list[str] = ["".join(groups) for groups in _QUOTED.findall(text)]
    rest = _QUOTED.sub(" ", text)
    plain = re.split(r"[\s，。；：？！、（）\u4e00-\u9fff]+", rest)
    return [token for token in (*quoted, *(piece.strip(",;:!?()[]<>") for piece in plain)) if _may_be_a_path(token)]


def _may_be_a_path(token: str) -> bool:
    return len(token) > 2 and ("." in token or "/" in token or "\\" in token) and not _NUMBER.fullmatch(token)


def _path(text: str) -> Path | None:
    """The file or folder that `text` names as it stands, unquoted, unescaped, or as a file:// address."""
    if not text or len(text) > 4096 or "\n" in text:
        return None
    ways = [text, text.strip("'\"")]
    if text.startswith("file://"):
        ways.append(unquote(urlparse(text).path))
    if "\\ " in text or text[0] in "'\"":
        with contextlib.suppress(ValueError):
            ways += shlex.split(text)[:1]
    for way in ways:
        path = Path(os.path.expanduser(way))
        try:
            if path.is_file() or (path.is_dir() and "/" in way):
                return path
        except (OSError, ValueError):
            continue
    return None


def _without_block(text: str) -> tuple[str, str]:
    """Words and log lines of a message: the longest stretch of lines with numbers, and its head of column names."""
    lines = text[:LONGEST].splitlines()
    if len(lines) < LINES:
        return text, ""
    numeric = [len(_NUMBER.findall(line)) >= 1 and len(line) < 4096 for line in lines]
    first = next((n for n, is_one in enumerate(numeric) if is_one), len(lines))
    last = next((n for n in range(len(lines) - 1, -1, -1) if numeric[n]), -1)
    inside = numeric[first : last + 1]
    if len(inside) < LINES or sum(inside) < SHARE * len(inside) or not _tabular(lines[first : last + 1]):
        return text, ""
    if first and _is_head(lines[first - 1], lines[first]):
        first -= 1
    elif first == 0 and not lines[0].strip():
        first = 1
    return "\n".join((*lines[:first], *lines[last + 1 :])), "\n".join(lines[first : last + 1]) + "\n"


def _tabular(lines: list[str]) -> bool:
    """Whether lines resemble each other as those of a program do: most have the same number of numbers as their neighbour."""
    counts = [len(_NUMBER.findall(line)) for line in lines[:200] if line.strip()]
    alike = sum(a == b for a, b in pairwise(counts))
    return len(counts) >= LINES and alike >= SHARE * (len(counts) - 1)


def _is_head(line: str, below: str) -> bool:
    """Whether `line` holds the names of the columns of the line below."""
    return any(mark in line and line.count(mark) == below.count(mark) for mark in ",\t;|") or (
        len(line.split()) == len(below.split()) > 1 and not _NUMBER.search(line)
    )


def bounded(text: str) -> tuple[str, bool]:
    """`text` as far as it is looked at, cut at the end of a line, and whether it was cut."""
    if len(text) <= LONGEST:
        return text, False
    return text[: text.rfind("\n", 0, LONGEST) + 1] or text[:LONGEST], True
