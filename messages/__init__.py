"""The words of the interface, in English and Chinese: one catalogue, one file for each part of the house.

`say("report.causes", lang)` finds the entry `causes` of `messages/report.py`. Each of those files holds nothing but
`MESSAGES: dict[str, tuple[str, str]]`, id to (English, Chinese). What is known about training lives in `kb/knowledge`, not here.

A text may hold `{name}` with the usual format specifications, and `{n:point|points}`, which picks the first word when `n` is 1.
"""

from __future__ import annotations

from importlib import import_module
from string import Formatter
from typing import Any

__all__ = ["LANGUAGES", "catalogue", "say"]

LANGUAGES = ("en", "zh")
"""Order of the texts in every entry."""

_catalogues: dict[str, dict[str, tuple[str, str]]] = {}


class _Wording(Formatter):
    """`str.format` that also knows `{n:point|points}`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if bar:
            return one if value in (1, "1") else many
        return super().format_field(value, format_spec)


_wording = _Wording()


def catalogue(part: str) -> dict[str, tuple[str, str]]:
    """Every entry of `messages/PART.py`."""
    if part not in _catalogues:
        _catalogues[part] = import_module(f".{part}", __name__).MESSAGES
    return _catalogues[part]


def say(id: str, lang: str, /, **values: object) -> str:
    """The text `id` ("part.entry") in `lang` ("zh"; anything else is English), with `values` filled in.

    Raises `KeyError` for an id or a placeholder that does not exist: a mistake in the program, never in the user's input.
    """
    part, _, entry = id.partition(".")
    english, chinese = catalogue(part)[entry]
    return _wording.vformat(chinese if lang == "zh" else english, (), values)
