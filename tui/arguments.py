"""Splitting what follows a command into words and options: one grammar a command, and mistakes told alike by all of them.

argparse splits; values are checked here, so that every message exists in both languages and is one line.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import InputError
from ..messages import say
from .display import printable
from .language import Lang
from .suggest import hint

__all__ = ["COLOURS", "LANGUAGES", "Command", "Given", "Grammar", "split"]

LANGUAGES = ("en", "zh")
COLOURS = ("--color", "--no-color", "--plain")


class Command(NamedTuple):
    """A command of a command: how many words it takes, and which options besides those that all take."""

    least: int
    most: int | None
    options: tuple[str, ...] = ()


class Grammar(NamedTuple):
    """What may follow a command."""

    command: str
    """As it is called: `lossclinic kb`; errors refer to its `--help`."""
    values: tuple[str, ...] = ()
    """Options that take a value; the last one counts."""
    repeated: tuple[str, ...] = ()
    """Options that take a value each time they stand."""
    lists: tuple[str, ...] = ()
    """Options that take all words up to the next option."""
    optional: tuple[str, ...] = ()
    """Options that may stand without their value ("")."""
    switches: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = {}
    """Option to the only values that it takes."""
    commands: Mapping[str, Command] = {}
    """What the first word may be; empty = words are words."""
    about: str = ""
    """Part of the catalogue where the usage of these commands stands; "" = they take nothing."""

    @property
    def flags(self) -> tuple[str, ...]:
        """Every option there is."""
        return (*self.values, *self.repeated, *self.lists, *self.optional, *self.switches, "--help", "-h")


class Given(NamedTuple):
    """What was given: words, and options by name with underscores."""

    command: str
    words: tuple[str, ...]
    values: Mapping[str, Any]
    speak: Lang

    def has(self, name: str) -> bool:
        """Whether a switch is set."""
        return bool(self.values.get(name))

    def text(self, name: str) -> str | None:
        """Value of an option; None when it was not given."""
        return self.values.get(name)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an option that may stand several times."""
        return tuple(self.values.get(name) or ())

    @property
    def lang(self) -> Lang | None:
        """`--lang`."""
        return self.values.get("lang")

    @property
    def color(self) -> bool | None:
        """`--color`, `--no-color`, or None for neither."""
        if self.has("color") and self.has("no_color"):
            raise InputError(say("cli.both_colors", self.speak))
        return True if self.has("color") else False if self.has("no_color") else None

    @property
    def help(self) -> bool:
        """Whether help is wanted, whatever else was given."""
        return self.has("help") or self.has("h")

    def number(self, name: str, default: int, least: int = 0) -> int:
        """Value of an option that is a whole number from `least` to 10^9."""
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and least <= int(value[:11]) <= 10**9):
            option = "--" + name.replace("_", "-")
            raise InputError(say("cli.not_a_count", self.speak, option=option, least=least, value=printable(value)))
        return int(value)


def split(arguments: Sequence[str], grammar: Grammar, speak: Lang) -> Given:
    """Words and options in `arguments`; after `--` all are words. InputError, in language `speak`, for what is not understood."""
    cut = list(arguments).index("--") if "--" in arguments else len(arguments)
    try:
        found, rest = _parser(grammar).parse_known_args(list(arguments[:cut]))
    except argparse.ArgumentError as error:
        entry = "takes_no_value" if "ignored" in error.message else "needs_value"
        raise InputError(say(f"cli.{entry}", speak, option=error.argument_name or "", command=grammar.command)) from None
    for word in rest:
        if word.startswith("-") and word != "-":
            name = word.partition("=")[0]
            near = hint(name, grammar.flags, speak)
            raise InputError(say("cli.unknown_option", speak, name=printable(name), hint=near, command=grammar.command))
    words = [*rest, *arguments[cut + 1 :]]
    values = {name: value for name, value in vars(found).items() if value not in (None, False)}
    for option, choices in grammar.choices.items():
        value = values.get(option[2:])
        if value is not None and value not in choices:
            near = hint(value, choices, speak)
            listed = say("report.comma", speak).join(choices)
            raise InputError(say("cli.one_of", speak, option=option, choices=listed, value=printable(value), hint=near))
    command = words.pop(0) if grammar.commands and words else ""
    given = Given(command, tuple(words), values, speak)
    if command:
        _check(given, grammar)
    return given


def _parser(grammar: Grammar) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in grammar.values:
        parser.add_argument(option)
    for option in grammar.repeated:
        parser.add_argument(option, action="append")
    for option in grammar.lists:
        parser.add_argument(option, action="extend", nargs="+")
    for option in grammar.optional:
        parser.add_argument(option, action="append", nargs="?", const="")
    for option in (*grammar.switches, "--help", "-h"):
        parser.add_argument(option, action="store_true")
    return parser


def _check(given: Given, grammar: Grammar) -> None:
    """Whether the command exists, and takes these words and options."""
    command, speak = given.command, given.speak
    if command not in grammar.commands:
        near = hint(command, grammar.commands, speak)
        called = f"{grammar.command.removeprefix('lossclinic ')} {printable(command)}"
        raise InputError(say("cli.unknown_command", speak, name=called, hint=near, command=grammar.command))
    if given.help:
        return
    spec = grammar.commands[command]
    if len(given.words) < spec.least or (spec.most is not None and len(given.words) > spec.most):
        usage = say(f"{grammar.about}.usage.{command}", speak) if grammar.about else f"{grammar.command} {command}"
        raise InputError(say("cli.wrong_words", speak, usage=usage))
    every = {option for one in grammar.commands.values() for option in one.options}
    for option in grammar.flags:
        if option in every and option not in spec.options and option.strip("-").replace("-", "_") in given.values:
            raise InputError(say("cli.not_its_option", speak, option=option, command=f"{grammar.command} {command}"))
