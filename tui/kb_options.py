"""The arguments of `lossclinic kb`: commands and options as tables, from which the parser and the help are both made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import InputError
from ..messages import say
from .arguments import COLOURS, LANGUAGES, Command, Grammar, split
from .display import printable
from .language import Lang, asked_for, choose
from .spans import Line
from .usage import commands_help

__all__ = ["Options", "kb_help", "parse"]


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
    "--lang": LANGUAGES,
    "--framework": ("pytorch", "lightning", "transformers", "keras", "shell"),
    "--kind": ("causes", "symptoms", "playbooks", "fixes", "facts", "rules", "glossary", "claims"),
    "--format": ("html", "markdown"),
    "--group": ("data", "learning_rate", "gradient", "model", "numerics", "optimizer", "code", "strategy", "environment"),
}
GRAMMAR = Grammar(
    "lossclinic kb", values=(*CHOICES, "--limit", "--into"), switches=("--no-examples", "--run-snippets", *COLOURS),
    choices=CHOICES, commands=COMMANDS, about="kb",
)  # fmt: skip


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
    given = split(arguments, GRAMMAR, speak)
    if given.command == "new" and not given.help and given.words[0] != "cause":
        raise InputError(say("kb.only_causes", speak, name=printable(given.words[0])))
    return Options(
        command=given.command,
        words=given.words,
        lang=choose(given.lang, " ".join(given.words) if given.command == "search" else None, environ),
        framework=given.text("framework") or "pytorch",
        kind=given.text("kind"),
        limit=given.number("limit", 10, least=1),
        format=given.text("format") or "html",
        group=given.text("group") or "code",
        into=given.text("into"),
        examples=not given.has("no_examples"),
        run=given.has("run_snippets"),
        color=given.color,
        plain=given.has("plain"),
        help=given.help,
    )


def kb_help(command: str, lang: Lang, width: int) -> list[Line]:
    """The help of `lossclinic kb`, or of one of its commands."""
    return commands_help(GRAMMAR, command, ("--lang",), lang, width)
