"""Which language to speak when nobody said."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

__all__ = ["Lang", "asked_for", "choose", "of_environment", "of_text"]

Lang = Literal["en", "zh"]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def of_text(text: str) -> Lang | None:
    """Language of what somebody typed: one Han character makes it Chinese ("loss 变成 nan 了"); None when there is no word."""
    if _HAN.search(text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]{2}", text) else None


def of_environment(environ: Mapping[str, str]) -> Lang:
    """Language of the locale: LC_ALL, else LC_MESSAGES, else LANG, as POSIX ranks them; on Windows the user's locale; else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    if sys.platform == "win32":
        import locale

        if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")):
            return "zh"
    return "en"


def choose(option: Lang | None, text: str | None, environ: Mapping[str, str]) -> Lang:
    """The language of a command: its `--lang`, else that of the text it was given, else that of the locale."""
    return option or (of_text(text) if text else None) or of_environment(environ)


def asked_for(arguments: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """The language for messages about the arguments themselves, looked up before they are parsed."""
    option: Lang | None = None
    text = ""
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in ("--lang", "--say"):
            value = value if equals else next(iter(arguments[position + 1 : position + 2]), "")
            if name == "--say":
                text += value
            elif value == "zh" or value == "en":
                option = value
    return choose(option, text, environ)
