"""The arguments of `lossclinic kb`: commands and options as tables, from which the parser and the help are both made."""

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

__all__ = ["Options", "entry", "kb_help", "parse"]


class Command(NamedTuple):
    """A command: how many words it takes, and which options besides the general ones."""

    least: int
    most: int | None
    options: tuple[str, ...] = ()


COMMANDS = {
    "show": Command(1, None, ("--framework",)),
    "search": Command(1, None, ("--kind", "--limit")),
    "playbook": Command(0, 1, ("--framework",)),
    "claim": Command(1, None),
    "facts": Command(0, 0),
    "coverage": Command(0, 0),
    "lint": Command(0, 1, ("--no-examples", "--run-snippets")),
    "new": Command(2, 2, ("--group", "--into")),
    "export": Command(1, 1, ("--format",)),
}

CHOICES = {
    "--lang": ("en", "zh"),
    "--framework": ("pytorch", "lightning", "transformers", "keras", "shell"),
    "--kind": ("causes", "symptoms", "playbooks", "fixes", "facts", "rules", "glossary", "claims"),
    "--format": ("html", "markdown"),
    "--group": ("data", "learning_rate", "gradient", "model", "numerics", "optimizer", "code", "strategy", "environment"),
}
VALUES = (*CHOICES, "--limit", "--into")
SWITCHES = ("--no-examples", "--run-snippets", "--color", "--no-color", "--plain", "--help", "-h")
GENERAL = ("--lang", "--color", "--no-color", "--plain", "--help", "-h")


class Options(NamedTuple):
    """What the user asked for."""

    command: str
    words: tuple[str, ...]
    lang: Lang
    framework: str
    kind: str | None
    limit: int
    format: str
    group: str
    into: str | None
    examples: bool
    run: bool
    color: bool | None
    plain: bool
    help: bool


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """The command and its options. InputError, in the user's language, for what is not understood."""
    speak = asked_for(arguments, environ)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in VALUES:
        parser.add_argument(option)
    for option in SWITCHES:
        parser.add_argument(option, action="store_true")
    cut = list(arguments).index("--") if "--" in arguments else len(arguments)
    try:
        found, rest = parser.parse_known_args(list(arguments[:cut]))
    except argparse.ArgumentError as error:
        entry = "takes_no_value" if "ignored" in error.message else "needs_value"
        raise InputError(say(f"kb.{entry}", speak, option=error.argument_name or "")) from None
    words: list[str] = []
    for word in rest:
        if word.startswith("-") and word != "-":
            name = word.partition("=")[0]
            raise InputError(say("kb.unknown_option", speak, name=printable(name), hint=hint(name, (*VALUES, *SWITCHES), speak)))
        words.append(word)
    words += arguments[cut + 1 :]
    values: dict[str, str | bool | None] = {name: value for name, value in vars(found).items() if value not in (None, False)}
    for option, choices in CHOICES.items():
        value = values.get(option[2:])
        if isinstance(value, str) and value not in choices:
            listed, near = ", ".join(choices), hint(value, choices, speak)
            raise InputError(say("cli.one_of", speak, option=option, choices=listed, value=printable(value), hint=near))
    command = words.pop(0) if words else ""
    if command and command not in COMMANDS:
        raise InputError(say("kb.unknown_command", speak, name=printable(command), hint=hint(command, COMMANDS, speak)))
    if command and not values.get("help") and not values.get("h"):
        _check(command, words, values, speak)
    return _options(command, words, values, speak, environ)


def _check(command: str, words: list[str], values: Mapping[str, object], speak: Lang) -> None:
    spec = COMMANDS[command]
    if len(words) < spec.least or (spec.most is not None and len(words) > spec.most):
        raise InputError(say("kb.wrong_words", speak, usage=say(f"kb.usage.{command}", speak)))
    if command == "new" and words[0] != "cause":
        raise InputError(say("kb.only_causes", speak, name=printable(words[0])))
    allowed = {name.lstrip("-").replace("-", "_") for name in (*spec.options, *GENERAL)}
    for name in values:
        if name not in allowed:
            raise InputError(say("kb.not_its_option", speak, option="--" + name.replace("_", "-"), command=command))


def _options(command: str, words: list[str], values: Mapping[str, str | bool | None], speak: Lang, environ: Mapping[str, str]) -> Options:
    limit = str(values.get("limit") or "10")
    if not limit.isdigit() or int(limit) < 1:
        raise InputError(say("kb.not_a_limit", speak, value=printable(limit)))
    if values.get("color") and values.get("no_color"):
        raise InputError(say("cli.both_colors", speak))
    asked = values.get("lang")
    text = " ".join(words) if command == "search" else None
    return Options(
        command=command,
        words=tuple(words),
        lang=choose("zh" if asked == "zh" else "en" if asked == "en" else None, text, environ),
        framework=str(values.get("framework") or "pytorch"),
        kind=_word(values.get("kind")),
        limit=int(limit),
        format=str(values.get("format") or "html"),
        group=str(values.get("group") or "code"),
        into=_word(values.get("into")),
        examples=not values.get("no_examples"),
        run=bool(values.get("run_snippets")),
        color=True if values.get("color") else False if values.get("no_color") else None,
        plain=bool(values.get("plain")),
        help=bool(values.get("help") or values.get("h")),
    )


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def kb_help(command: str, lang: Lang, width: int) -> list[Line]:
    """The help of `lossclinic kb`, or of one of its commands."""
    usage = say(f"kb.usage.{command}", lang) if command else say("kb.usage", lang)
    about = say(f"kb.about.{command}" if command else "kb.about", lang)
    lines: list[Line] = [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), Span(usage)), ()]
    lines += [(Span(line),) for line in wrap(about, width)]
    if not command:
        lines += [(), (Span(say("cli.commands", lang), "heading"),)]
        for name in COMMANDS:
            lines += entry(say(f"kb.usage.{name}", lang).removeprefix("lossclinic kb "), say(f"kb.about.{name}", lang), width)
    options = (*(COMMANDS[command].options if command else ()), "--lang")
    lines += [(), (Span(say("kb.options", lang), "heading"),)]
    for option in options:
        lines += entry(say(f"kb.option.{option[2:]}.shape", lang), say(f"kb.option.{option[2:]}", lang), width)
    return lines


def entry(name: str, text: str, width: int) -> list[Line]:
    """A command or option in the help, and what it does."""
    column = min(34, width // 2)
    lead = " " * INDENT + name
    lines: list[Line] = []
    if display_width(lead) + 2 > column:
        lines.append((Span(lead, "strong"),))
        lead = ""
    for line in wrap(text, width - column):
        lines.append((Span(pad(lead, column), "strong"), Span(line)))
        lead = ""
    return lines
