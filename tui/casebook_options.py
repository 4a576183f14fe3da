"""The arguments of `lossclinic casebook`: commands and options as tables, from which the parser and the help are both made."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import InputError
from ..messages import say
from .display import printable, wrap
from .kb_options import entry
from .language import Lang, asked_for, choose
from .spans import Line, Span
from .suggest import hint

__all__ = ["COMMANDS", "Options", "casebook_help", "parse"]


class Command(NamedTuple):
    """A command: how many words it takes, and which options besides the general ones."""

    least: int
    most: int | None
    options: tuple[str, ...] = ()
    writes: bool = False


COMMANDS = {
    "find": Command(0, None, ("--like", "--limit", "--format")),
    "show": Command(1, None, ("--format", "--history")),
    "list": Command(0, None, ("--limit", "--format")),
    "stats": Command(0, 0, ("--format",)),
    "add": Command(
        0, None, ("--metrics", "--say", "--know", "--title", "--cause", "--fix", "--verified", "--link", "--by", "--format"), writes=True
    ),
    "confirm": Command(1, 1, ("--cause", "--fix", "--verified", "--by", "--format"), writes=True),
    "edit": Command(1, 1, ("--set", "--by", "--format"), writes=True),
    "withdraw": Command(1, 1, ("--superseded-by", "--by", "--format"), writes=True),
    "export": Command(1, None, ("--keep-private",)),
    "import": Command(1, None, ("--renumber", "--dry-run", "--by", "--format"), writes=True),
    "calibrate": Command(0, 0, ("--format",)),
    "where": Command(0, 0, ("--format",)),
}  # fmt: skip

CHOICES = {"--lang": ("en", "zh"), "--format": ("text", "json")}
MANY = ("--know", "--link", "--set", "--say")
VALUES = (
    "--casebook", "--lang", "--format", "--limit", "--like", "--metrics", "--title", "--cause", "--fix", "--verified", "--by", "--superseded-by",
)  # fmt: skip
SWITCHES = ("--history", "--keep-private", "--renumber", "--dry-run", "--color", "--no-color", "--plain", "--help", "-h")
GENERAL = ("--casebook", "--lang", "--color", "--no-color", "--plain", "--help", "-h")


class Options(NamedTuple):
    """What the user asked for."""

    command: str
    words: tuple[str, ...]
    lang: Lang
    casebook: str | None
    format: str
    limit: int | None
    like: str | None
    metrics: str | None
    say: str | None
    know: tuple[str, ...]
    title: str
    cause: str
    fix: str
    verified: str
    link: tuple[str, ...]
    set: tuple[str, ...]
    by: str | None
    superseded_by: str
    history: bool
    keep_private: bool
    renumber: bool
    dry_run: bool
    color: bool | None
    plain: bool
    help: bool


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The command and its options. InputError, in the user's language, for what is not understood."""
    speak = asked_for(arguments, environ)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in VALUES:
        parser.add_argument(option)
    for option in MANY:
        parser.add_argument(option, action="append")
    for option in SWITCHES:
        parser.add_argument(option, action="store_true")
    cut = list(arguments).index("--") if "--" in arguments else len(arguments)
    try:
        found, rest = parser.parse_known_args(list(arguments[:cut]))
    except argparse.ArgumentError as error:
        entry = "takes_no_value" if "ignored" in error.message else "needs_value"
        raise InputError(say(f"casebook.{entry}", speak, option=error.argument_name or "")) from None
    words: list[str] = []
    for word in rest:
        if word.startswith("-") and word != "-":
            name = word.partition("=")[0]
            near = hint(name, (*VALUES, *MANY, *SWITCHES), speak)
            raise InputError(say("casebook.unknown_option", speak, name=printable(name), hint=near))
        words.append(word)
    words += arguments[cut + 1 :]
    values: dict[str, object] = {name: value for name, value in vars(found).items() if value not in (None, False)}
    for option, choices in CHOICES.items():
        value = values.get(option[2:])
        if isinstance(value, str) and value not in choices:
            listed, near = ", ".join(choices), hint(value, choices, speak)
            raise InputError(say("cli.one_of", speak, option=option, choices=listed, value=printable(value), hint=near))
    command = words.pop(0) if words else ""
    if command and command not in COMMANDS:
        raise InputError(say("casebook.unknown_command", speak, name=printable(command), hint=hint(command, COMMANDS, speak)))
    if command and not values.get("help") and not values.get("h"):
        _check(command, words, values, speak)
    return _options(command, words, values, speak, environ)


def _check(command: str, words: list[str], values: Mapping[str, object], speak: Lang) -> None:
    spec = COMMANDS[command]
    if len(words) < spec.least or (spec.most is not None and len(words) > spec.most):
        raise InputError(say("casebook.wrong_words", speak, usage=say(f"casebook.usage.{command}", speak)))
    allowed = {name.lstrip("-").replace("-", "_") for name in (*spec.options, *GENERAL)}
    for name in values:
        if name not in allowed:
            raise InputError(say("casebook.not_its_option", speak, option="--" + name.replace("_", "-"), command=command))


def _options(command: str, words: list[str], values: Mapping[str, object], speak: Lang, environ: Mapping[str, str]) -> Options:
    def text(name: str) -> str | None:
        value = values.get(name)
        return value if isinstance(value, str) else None

    def several(name: str) -> tuple[str, ...]:
        value = values.get(name)
        return tuple(str(item) for item in value) if isinstance(value, list) else ()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    limit = text("limit")
    if limit is not None and (not limit.isdigit() or not 0 < int(limit) <= 10**9):
        raise InputError(say("casebook.not_a_limit", speak, value=printable(limit)))
    if values.get("color") and values.get("no_color"):
        raise InputError(say("cli.both_colors", speak))
    asked, typed = text("lang"), "\n".join(several("say")) or None
    spoken = typed or (" ".join(words) if command == "find" else None)
    return Options(
        command=command, words=tuple(words), lang=choose("zh" if asked == "zh" else "en" if asked == "en" else None, spoken, environ),
        casebook=text("casebook"), format=text("format") or "text", limit=int(limit) if limit else None, like=text("like"), metrics=text("metrics"),
        say=typed, know=several("know"), title=text("title") or "", cause=text("cause") or "", fix=text("fix") or "",
        verified=text("verified") or "", link=several("link"), set=several("set"), by=text("by"), superseded_by=text("superseded_by") or "",
        history=bool(values.get("history")), keep_private=bool(values.get("keep_private")), renumber=bool(values.get("renumber")),
        dry_run=bool(values.get("dry_run")), color=True if values.get("color") else False if values.get("no_color") else None,
        plain=bool(values.get("plain")), help=bool(values.get("help") or values.get("h")),
    )  # fmt: skip


def casebook_help(command: str, lang: Lang, width: int) -> list[Line]:
    """The help of `lossclinic casebook`, or of one of its commands."""
    usage = say(f"casebook.usage.{command}", lang) if command else say("casebook.usage", lang)
    about = say(f"casebook.about.{command}" if command else "casebook.about", lang)
    lines: list[Line] = [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), Span(usage)), ()]
    lines += [(Span(line),) for line in wrap(about, width)]
    if not command:
        lines += [(), (Span(say("cli.commands", lang), "heading"),)]
        for name in COMMANDS:
            lines += entry(say(f"casebook.usage.{name}", lang).removeprefix("lossclinic casebook "), say(f"casebook.about.{name}", lang), width)
    options = (*(COMMANDS[command].options if command else ()), "--casebook", "--lang")
    lines += [(), (Span(say("kb.options", lang), "heading"),)]
    for option in options:
        name = option[2:].replace("-", "_")
        lines += entry(say(f"casebook.option.{name}.shape", lang), say(f"casebook.option.{name}", lang), width)
    return lines

