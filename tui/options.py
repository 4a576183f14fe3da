"""The options of `diagnose`, as a table: the parser and the help are both made from it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, cast

from ..errors import InputError
from ..messages import say
from .arguments import LANGUAGES, Grammar, split
from .language import Lang, asked_for

__all__ = ["DEFAULT_QUESTIONS", "OPTIONS", "Option", "Options", "parse"]

DEFAULT_QUESTIONS = 5
"""Most questions when answers are on offer and no number was given: enough to settle most cases, few enough to be answered."""

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


def _written(many: str) -> tuple[str, ...]:
    return tuple(option.flag for option in OPTIONS if option.value and option.many == many)


GRAMMAR = Grammar(
    "diagnose", values=_written(""), repeated=_written("repeat"), lists=_written("list"), optional=_written("may"),
    switches=tuple(option.flag for option in OPTIONS if not option.value and option.flag != "--help"),
    choices={"--lang": LANGUAGES, "--format": FORMATS},
)  # fmt: skip


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The options in `arguments`. InputError, in the user's language, for what is not understood."""
    speak = asked_for(arguments, environ)
    given = split(arguments, GRAMMAR, speak)
    supposed = given.all("what_if")
    files = (*given.all("metrics"), *given.words, *(value for value in supposed if value and "=" not in value and "＝" not in value))
    if files.count("-") > 1:
        raise InputError(say("cli.twice_stdin", speak))
    ask, answers, output = given.has("ask"), given.text("answers"), given.text("output")
    if ask and "-" in files:
        raise InputError(say("cli.ask_and_stdin", speak))
    form = given.text("format")
    return Options(
        metrics=files,
        say="\n".join(given.all("say")).strip() or None,
        know=given.all("know"),
        map=given.all("map"),
        ask=ask,
        answers=answers,
        max_questions=given.number("max_questions", DEFAULT_QUESTIONS if ask or answers is not None else 0),
        explain=given.all("explain"),
        why_not=given.all("why_not"),
        what_if=tuple("" if value in files else value for value in supposed),
        casebook=given.text("casebook"),
        no_casebook=given.has("no_casebook"),
        file=given.has("file") or given.text("title") is not None,
        title=given.text("title") or "",
        lang=given.lang,
        format=_format_of(output) if form is None else cast("Format", form),
        output=output,
        exit_code=given.has("exit_code"),
        color=given.color,
        plain=given.has("plain"),
        help=given.help,
        version=given.has("version"),
    )


def _format_of(output: str | None) -> Format:
    return _BY_SUFFIX.get(os.path.splitext(output)[1].lower(), "text") if output else "text"
