"""The arguments of `lossclinic quiz`: a table, from which the parser and the help are both made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..messages import say
from .arguments import COLOURS, LANGUAGES, Command, Grammar, split
from .display import wrap
from .language import Lang, asked_for, choose, of_text
from .page import entry
from .spans import Line, Span

__all__ = ["Options", "parse", "quiz_help"]

COMMANDS = {"stats": Command(0, 0), "list": Command(0, 0)}

CHOICES = {
    "--level": ("recall", "mechanism", "design", "debug"),
    "--kind": ("name", "explain", "apart", "order", "fix", "judge", "code", "interview", "curve", "case"),
    "--lang": LANGUAGES,
}
NUMBERS = {"--limit": 20, "--new": 20, "--minutes": 30}
GRAMMAR = Grammar(
    "lossclinic quiz", values=(*CHOICES, *NUMBERS, "--topic", "--export"), switches=("--due", "--mock", *COLOURS), choices=CHOICES, commands=COMMANDS
)
SHOWN = ("--due", "--topic", "--level", "--kind", "--limit", "--new", "--mock", "--minutes", "--export", "--plain", "--lang")
"""What the help explains, in this order."""
COLUMN = 24


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
    given = split(arguments, GRAMMAR, asked_for(arguments, environ))
    topic = given.text("topic") or ""
    return Options(
        command=given.command,
        lang=choose(given.lang, topic if of_text(topic) == "zh" else None, environ),
        topic=topic,
        level=given.text("level") or "",
        kind=given.text("kind") or "",
        due=given.has("due"),
        mock=given.has("mock"),
        limit=given.number("limit", NUMBERS["--limit"]),
        new=given.number("new", NUMBERS["--new"]),
        minutes=given.number("minutes", NUMBERS["--minutes"]),
        export=given.text("export"),
        plain=given.has("plain"),
        color=given.color,
        help=given.help,
    )


def quiz_help(lang: Lang, width: int) -> list[Line]:
    """The help of `lossclinic quiz`."""
    usage = Span(say("quiz.usage", lang))
    lines: list[Line] = [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), usage), ()]
    lines += [(Span(line),) for line in wrap(say("quiz.about", lang), width)]
    lines += [(), (Span(say("cli.commands", lang), "heading"),)]
    for command in COMMANDS:
        lines += entry(command, say(f"quiz.about.{command}", lang), width, COLUMN)
    lines += [(), (Span(say("cli.options", lang), "heading"),)]
    for option in SHOWN:
        listed = say("report.comma", lang).join(CHOICES.get(option, ()))
        text = say(f"quiz.option.{option[2:]}", lang, choices=listed, default=NUMBERS.get(option, ""))
        lines += entry(f"{option} {say(f'quiz.value.{option[2:]}', lang)}".rstrip() if option in GRAMMAR.values else option, text, width, COLUMN)
    return lines
