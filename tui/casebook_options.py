"""The arguments of `lossclinic casebook`: commands and options as tables, from which the parser and the help are both made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .arguments import COLOURS, LANGUAGES, Command, Grammar, split
from .language import Lang, asked_for, choose
from .spans import Line
from .usage import commands_help

__all__ = ["MAKING", "Options", "casebook_help", "parse"]


COMMANDS = {
    "find": Command(0, None, ("--like", "--limit", "--all", "--format")),
    "show": Command(1, None, ("--format", "--history")),
    "list": Command(0, None, ("--limit", "--all", "--format")),
    "stats": Command(0, 0, ("--format",)),
    "add": Command(
        0, None, ("--metrics", "--say", "--know", "--title", "--cause", "--fix", "--verified", "--link", "--by", "--format"),
    ),
    "confirm": Command(1, 1, ("--cause", "--fix", "--verified", "--by", "--format")),
    "edit": Command(1, 1, ("--set", "--by", "--format")),
    "withdraw": Command(1, 1, ("--superseded-by", "--by", "--format")),
    "export": Command(1, None, ("--keep-private",)),
    "import": Command(1, None, ("--renumber", "--dry-run", "--by", "--format")),
    "calibrate": Command(0, 0, ("--format",)),
    "where": Command(0, 0, ("--format",)),
}  # fmt: skip

MAKING = ("add", "import")
"""Commands that make the casebook when it is not there."""

GRAMMAR = Grammar(
    "lossclinic casebook",
    values=(
        "--casebook", "--lang", "--format", "--limit", "--like", "--metrics", "--title", "--cause", "--fix", "--verified", "--by", "--superseded-by",
    ),
    repeated=("--know", "--link", "--set", "--say"),
    switches=("--all", "--history", "--keep-private", "--renumber", "--dry-run", *COLOURS),
    choices={"--lang": LANGUAGES, "--format": ("text", "json")},
    commands=COMMANDS,
    about="casebook",
)  # fmt: skip


class Options(NamedTuple):
    """What the user asked for."""

    command: str
    words: tuple[str, ...]
    lang: Lang
    casebook: str | None
    format: str
    limit: int | None
    all: bool
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
    given = split(arguments, GRAMMAR, asked_for(arguments, environ))
    typed = "\n".join(given.all("say")) or None
    spoken = typed or (" ".join(given.words) if given.command == "find" else None)
    return Options(
        command=given.command,
        words=given.words,
        lang=choose(given.lang, spoken, environ),
        casebook=given.text("casebook"),
        format=given.text("format") or "text",
        limit=given.number("limit", 0, least=1) or None,
        all=given.has("all"),
        like=given.text("like"),
        metrics=given.text("metrics"),
        say=typed,
        know=given.all("know"),
        title=given.text("title") or "",
        cause=given.text("cause") or "",
        fix=given.text("fix") or "",
        verified=given.text("verified") or "",
        link=given.all("link"),
        set=given.all("set"),
        by=given.text("by"),
        superseded_by=given.text("superseded_by") or "",
        history=given.has("history"),
        keep_private=given.has("keep_private"),
        renumber=given.has("renumber"),
        dry_run=given.has("dry_run"),
        color=given.color,
        plain=given.has("plain"),
        help=given.help,
    )


def casebook_help(command: str, lang: Lang, width: int) -> list[Line]:
    """The help of `lossclinic casebook`, or of one of its commands."""
    return commands_help(GRAMMAR, command, ("--casebook", "--lang"), lang, width)
