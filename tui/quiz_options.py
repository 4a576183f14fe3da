"""The arguments of `lossclinic quiz`: a table, from which the parser and the help are both made."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import InputError
from ..messages import say
from .display import display_width, pad, printable, wrap
from .language import Lang, asked_for, choose
from .page import INDENT
from .spans import Line, Span
from .suggest import hint

__all__ = ["Options", "parse", "quiz_help"]

COMMANDS = ("stats", "list")

CHOICES = {
    "--level": ("recall", "mechanism", "design", "debug"),
    "--kind": ("name", "explain", "apart", "order", "fix", "judge", "code", "interview", "curve", "case"),
    "--lang": ("en", "zh"),
}
NUMBERS = {"--limit": 20, "--new": 20, "--minutes": 30}
VALUES = (*CHOICES, *NUMBERS, "--topic", "--export")
SWITCHES = ("--due", "--mock", "--plain", "--color", "--no-color", "--help", "-h")
SHOWN = ("--due", "--topic", "--level", "--kind", "--limit", "--new", "--mock", "--minutes", "--export", "--plain", "--lang")
"""What the help explains, in this order."""


class Options(NamedTuple):
    """What the user asked for."""

    command: str
    lang: Lang
    topic: str
    level: str
    kind: str
    due: bool
    mock: bool
    limit: int
    new: int
    minutes: int
    export: str | None
    plain: bool
    color: bool | None
    help: bool


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options. InputError, in the user's language, for what is not understood."""
    speak = asked_for(arguments, environ)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in VALUES:
        parser.add_argument(option)
    for option in SWITCHES:
        parser.add_argument(option, action="store_true")
    try:
        found, rest = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        entry = "takes_no_value" if "ignored" in error.message else "needs_value"
        raise InputError.of(f"quiz.{entry}", option=error.argument_name or "") from None
    for word in rest:
        if word.startswith("-"):
            name = word.partition("=")[0]
            raise InputError(say("quiz.unknown_option", speak, name=printable(name), hint=hint(name, (*VALUES, *SWITCHES), speak)))
    command = rest[0] if rest else ""
    if command and (command not in COMMANDS or len(rest) > 1):
        wrong = rest[1] if command in COMMANDS else command
        raise InputError(say("quiz.unknown_command", speak, name=printable(wrong), hint=hint(wrong, COMMANDS, speak)))
    values: dict[str, str | bool | None] = vars(found)
    for option, choices in CHOICES.items():
        value = values[option[2:]]
        if isinstance(value, str) and value not in choices:
            listed, near = ", ".join(choices), hint(value, choices, speak)
            raise InputError(say("cli.one_of", speak, option=option, choices=listed, value=printable(value), hint=near))
    if values["color"] and values["no_color"]:
        raise InputError(say("cli.both_colors", speak))
    lang = values["lang"]
    return Options(
        command=command,
        lang=choose("zh" if lang == "zh" else "en" if lang == "en" else None, _word(values["topic"]) or None, environ),
        topic=_word(values["topic"]),
        level=_word(values["level"]),
        kind=_word(values["kind"]),
        due=bool(values["due"]),
        mock=bool(values["mock"]),
        limit=_number("--limit", values["limit"], speak),
        new=_number("--new", values["new"], speak),
        minutes=_number("--minutes", values["minutes"], speak),
        export=_word(values["export"]) or None,
        plain=bool(values["plain"]),
        color=True if values["color"] else False if values["no_color"] else None,
        help=bool(values["help"] or values["h"]),
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(option: str, value: object, speak: Lang) -> int:
    if value is None:
        return NUMBERS[option]
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InputError(say("cli.not_a_count", speak, option=option, value=printable(text)))
    return int(text)


def quiz_help(lang: Lang, width: int) -> list[Line]:
    """The help of `lossclinic quiz`."""
    usage = Span(say("quiz.usage", lang))
    lines: list[Line] = [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), usage), ()]
    lines += [(Span(line),) for line in wrap(say("quiz.about", lang), width)]
    lines += [(), (Span(say("cli.commands", lang), "heading"),)]
    for command in COMMANDS:
        lines += _entry(command, say(f"quiz.about.{command}", lang), width)
    lines += [(), (Span(say("kb.options", lang), "heading"),)]
    for option in SHOWN:
        text = say(f"quiz.option.{option[2:]}", lang, choices=", ".join(CHOICES.get(option, ())), default=NUMBERS.get(option, ""))
        lines += _entry(f"{option} {say(f'quiz.value.{option[2:]}', lang)}".rstrip() if option in VALUES else option, text, width)
    return lines


def _entry(name: str, text: str, width: int) -> list[Line]:
    column = min(24, width // 2)
    lead = " " * INDENT + name
    lines: list[Line] = []
    if display_width(lead) + 2 > column:
        lines.append((Span(lead, "strong"),))
        lead = ""
    for line in wrap(text, width - column):
        lines.append((Span(pad(lead, column), "strong"), Span(line)))
        lead = ""
    return lines
