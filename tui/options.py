"""The options of `diagnose`, as a table: the parser and the help are both made from it.

argparse splits the arguments; values are checked here, so that every message exists in both languages and is one line.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ..errors import InputError
from ..messages import say
from .display import printable
from .language import Lang, asked_for
from .suggest import hint

__all__ = ["DEFAULT_QUESTIONS", "OPTIONS", "Option", "Options", "parse"]

DEFAULT_QUESTIONS = 5
"""Most questions when answers are on offer and no number was given: enough to settle most cases, few enough to be answered."""

LANGUAGES = ("en", "zh")
FORMATS = ("text", "json", "markdown", "html")
Format = Literal["text", "json", "markdown", "html"]

_BY_SUFFIX: dict[str, Format] = {
    ".json": "json",
    ".jsonl": "json",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
}


class Option(NamedTuple):
    """One option: how it is written, what it takes, and under which heading the help explains it."""

    flag: str
    group: str
    value: str = ""
    """Message id of the placeholder of its value; "" = a switch."""
    many: Literal["", "repeat", "list", "may"] = ""
    """How often it stands, and whether its value may be left out ("may")."""
    short: str = ""

    @property
    def name(self) -> str:
        """Attribute of the parsed arguments, and tail of the message id."""
        return self.flag.strip("-").replace("-", "_")


OPTIONS = (
    Option("--metrics", "input", "file", "list"),
    Option("--say", "input", "text", "repeat"),
    Option("--know", "input", "know", "repeat"),
    Option("--map", "input", "map", "repeat"),
    Option("--ask", "questions"),
    Option("--answers", "questions", "file"),
    Option("--max-questions", "questions", "number"),
    Option("--explain", "explain", "cause", "repeat"),
    Option("--why-not", "explain", "cause", "repeat"),
    Option("--what-if", "explain", "know", "may"),
    Option("--casebook", "casebook", "casebook"),
    Option("--no-casebook", "casebook"),
    Option("--file", "casebook"),
    Option("--title", "casebook", "text"),
    Option("--lang", "output", "lang"),
    Option("--format", "output", "format"),
    Option("--output", "output", "file"),
    Option("--exit-code", "output"),
    Option("--color", "output"),
    Option("--no-color", "output"),
    Option("--plain", "output"),
    Option("--help", "other", short="-h"),
    Option("--version", "other"),
)


class Options(NamedTuple):
    """What the user asked for."""

    metrics: tuple[str, ...]
    say: str | None
    know: tuple[str, ...]
    map: tuple[str, ...]
    ask: bool
    answers: str | None
    max_questions: int
    explain: tuple[str, ...]
    why_not: tuple[str, ...]
    what_if: tuple[str, ...]
    """`FACT=VALUE`, or "" for whatever would change the verdict."""
    casebook: str | None
    no_casebook: bool
    file: bool
    title: str
    lang: Lang | None
    format: Format
    output: str | None
    exit_code: bool
    color: bool | None
    plain: bool
    help: bool
    version: bool


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options in `arguments`. InputError, in the user's language, for what is not understood."""
    speak = asked_for(arguments, environ)
    head, tail = _before_and_after_dashes(arguments)
    try:
        found, rest = _parser().parse_known_args(head)
    except argparse.ArgumentError as error:
        entry = "takes_no_value" if "ignored" in error.message else "needs_value"
        raise InputError(say(f"cli.{entry}", speak, option=error.argument_name or "")) from None
    files: list[str] = [*(found.metrics or ())]
    for argument in rest:
        if argument.startswith("-") and argument != "-":
            name = argument.partition("=")[0]
            known = [option.flag for option in OPTIONS]
            raise InputError(say("cli.unknown_option", speak, name=printable(name), hint=hint(name, known, speak)))
        files.append(argument)
    return _checked(found, (*files, *tail), speak)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in OPTIONS:
        flags = [flag for flag in (option.flag, option.short) if flag]
        if not option.value:
            parser.add_argument(*flags, action="store_true")
        elif option.many == "list":
            parser.add_argument(*flags, action="extend", nargs="+")
        elif option.many == "may":
            parser.add_argument(*flags, action="append", nargs="?", const="")
        else:
            parser.add_argument(*flags, action="append" if option.many else "store")
    return parser


def _before_and_after_dashes(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    position = arguments.index("--") if "--" in arguments else len(arguments)
    return list(arguments[:position]), list(arguments[position + 1 :])


def _checked(found: Any, files: tuple[str, ...], speak: Lang) -> Options:
    if found.color and found.no_color:
        raise InputError(say("cli.both_colors", speak))
    supposed = tuple(found.what_if or ())
    files = (*files, *(value for value in supposed if value and "=" not in value and "＝" not in value))
    if files.count("-") > 1:
        raise InputError(say("cli.twice_stdin", speak))
    if found.ask and "-" in files:
        raise InputError(say("cli.ask_and_stdin", speak))
    cap = DEFAULT_QUESTIONS if found.ask or found.answers is not None else 0
    return Options(
        metrics=files,
        say="\n".join(found.say).strip() or None if found.say else None,
        know=tuple(found.know or ()),
        map=tuple(found.map or ()),
        ask=found.ask,
        answers=found.answers,
        max_questions=cap if found.max_questions is None else _count("--max-questions", found.max_questions, speak),
        explain=tuple(found.explain or ()),
        why_not=tuple(found.why_not or ()),
        what_if=tuple("" if value in files else value for value in supposed),
        casebook=found.casebook,
        no_casebook=found.no_casebook,
        file=found.file or found.title is not None,
        title=found.title or "",
        lang=_one_of("--lang", found.lang, LANGUAGES, speak),
        format=_one_of("--format", found.format, FORMATS, speak) or _format_of(found.output),
        output=found.output,
        exit_code=found.exit_code,
        color=True if found.color else False if found.no_color else None,
        plain=found.plain,
        help=found.help,
        version=found.version,
    )


def _one_of(option: str, value: str | None, choices: tuple[str, ...], speak: Lang) -> Any:
    if value is None or value in choices:
        return value
    listed = ", ".join(choices)
    raise InputError(say("cli.one_of", speak, option=option, choices=listed, value=printable(value), hint=hint(value, choices, speak)))


def _count(option: str, value: str, speak: Lang) -> int:
    try:
        number = int(value)
    except ValueError:
        number = -1
    if number < 0:
        raise InputError(say("cli.not_a_count", speak, option=option, value=printable(value)))
    return number


def _format_of(output: str | None) -> Format:
    return _BY_SUFFIX.get(os.path.splitext(output)[1].lower(), "text") if output else "text"
