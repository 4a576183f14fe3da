"""What one side of the conversation says at once: paragraphs that are put into words when they are shown, in the language of the moment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from ...errors import refusal
from ...kb.model import Text
from ...messages import say
from ..display import printable
from ..phrases import Phrases

__all__ = [
    "LONG",
    "PASTED",
    "CauseId",
    "Id",
    "Paragraph",
    "Share",
    "Turn",
    "cause_name",
    "in_both",
    "is_pasted",
    "name_of",
    "phrase",
    "plainly",
    "saying",
    "shown",
]

PASTED = ".pasted.txt"
"""How the names of files end that hold pasted lines."""

LONG = 60
"""Cells of a path or of a quoted piece of a message."""


class Paragraph(NamedTuple):
    """A paragraph of what somebody says."""

    text: str
    style: str = ""
    mark: str = ""
    """What stands in front of it: a number, a dash."""


Side = Literal["clinic", "you", "note"]
"""Who speaks; a note is nobody's."""


class Turn(NamedTuple):
    """What one side says at once."""

    who: Side
    words: Callable[[Phrases], list[Paragraph]]
    chips: tuple[str, ...] = ()
    """Ids of what was understood, to be taken out one by one."""
    guessed: frozenset[str] = frozenset()
    """Those of the chips that were only guessed."""


class Id(str):
    """The id of a symptom or a fact, shown by its name."""

    __slots__ = ()


class CauseId(str):
    """The id of a cause, shown by its name; a fact may have the same id."""

    __slots__ = ()


class Share(float):
    """A probability that is shown in per cent."""

    __slots__ = ()


def saying(who: Side, entry: str, style: str = "", /, **values: object) -> Turn:
    """A turn of one paragraph of the catalogue; ids, probabilities and errors of the system among its values are put into words."""

    def words(words: Phrases) -> list[Paragraph]:
        return [Paragraph(phrase(words, entry, **{name: _worded(words, value) for name, value in values.items()}), style)]

    return Turn(who, words)


def _worded(words: Phrases, value: object) -> object:
    if isinstance(value, Share):
        return words.percent(value)
    if isinstance(value, CauseId):
        return cause_name(words, value)
    if isinstance(value, OSError):
        return refusal(value, words.lang)
    return name_of(words, value) if isinstance(value, Id) else value


def plainly(who: Side, text: str, style: str = "") -> Turn:
    """A turn of one paragraph that is what it is in either language."""
    return in_both(who, text, text, style)


def in_both(who: Side, english: str, chinese: str, style: str = "") -> Turn:
    """A turn of one paragraph that is written in both languages."""

    def words(words: Phrases) -> list[Paragraph]:
        return [Paragraph(chinese if words.lang == "zh" else english, style)]

    return Turn(who, words)


def shown(path: str) -> str:
    """A path as it can be opened from here, from the home directory, or just its end where it is long."""
    here, home = os.getcwd() + os.sep, os.path.expanduser("~") + os.sep
    short = path.removeprefix(here)
    if short == path and path.startswith(home):
        short = "~" + os.sep + path.removeprefix(home)
    return printable(short if len(short) <= LONG else "..." + short[-LONG:])


def is_pasted(path: str) -> bool:
    """Whether a log is a file of lines that were pasted (the consultation keeps them beside its record)."""
    return path.endswith(PASTED)


def name_of(words: Phrases, id: str) -> str:
    """The name of a symptom or a fact in a sentence."""
    return words.kb.symptoms[id].pick(words.lang) if id in words.kb.symptoms else words.fact(id)


def cause_name(words: Phrases, id: str) -> str:
    """The name of a cause in a sentence."""
    causes: Mapping[str, Text] = getattr(words.kb, "causes", {})
    return words.named(causes[id].pick(words.lang)) if id in causes else printable(id)


def phrase(words: Phrases, entry: str, **values: object) -> str:
    """A text of the chat's catalogue."""
    return say(f"triage.{entry}", words.lang, **values)
