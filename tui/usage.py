"""`--help`: made from the table of options, aligned by display width in either language."""

from __future__ import annotations

from collections.abc import Mapping

from ..messages import say
from .arguments import Grammar
from .display import pad, wrap
from .language import Lang
from .options import DEFAULT_QUESTIONS, OPTIONS, Option
from .page import INDENT, entry
from .spans import Line, Span

__all__ = ["commands_help", "diagnose_help", "lossclinic_help", "screen_help"]

COLUMN = 28
"""Where explanations begin."""

WIDE = 34
"""The same where options are explained with the shape of their values."""

EXAMPLES = (
    ("diagnose --metrics metrics.csv", "file"),
    ("diagnose metrics.csv --ask", "ask"),
    ('diagnose --say "loss is NaN after 3k steps"', "say"),
)


def diagnose_help(lang: Lang, width: int) -> list[Line]:
    """The help of `diagnose`."""
    lines = _opening("diagnose", lang, width)
    for group in dict.fromkeys(option.group for option in OPTIONS):
        lines += [(), _heading(say(f"cli.group.{group}", lang))]
        for option in OPTIONS:
            if option.group == group:
                text = say(f"cli.option.{option.name}", lang, default=DEFAULT_QUESTIONS)
                lines += entry(_written(option, lang), text, width, COLUMN)
    lines += [(), _heading(say("cli.examples", lang))]
    for command, example in EXAMPLES:
        aligned = pad(command, max(len(one) for one, _ in EXAMPLES) + INDENT)
        lines.append((Span(" " * INDENT), Span(aligned, "code"), Span(say(f"cli.example.{example}", lang), "dim")))
    return lines


def lossclinic_help(lang: Lang, width: int, commands: Mapping[str, str]) -> list[Line]:
    """The help of `lossclinic`; `commands` maps each command to the message id of its explanation."""
    lines = [*_opening("lossclinic", lang, width), (), _heading(say("cli.commands", lang))]
    for name, about in commands.items():
        lines += entry(name, say(about, lang), width, COLUMN)
    return [*lines, (), (Span(say("cli.lossclinic.more", lang)),)]


def commands_help(grammar: Grammar, command: str, general: tuple[str, ...], lang: Lang, width: int) -> list[Line]:
    """The help of a command that has commands of its own, or of one of these; `general` = options that all of them take."""
    about = f".{command}" if command else ""
    part = grammar.about
    usage = Span(say(f"{part}.usage{about}", lang))
    lines: list[Line] = [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), usage), ()]
    lines += [(Span(line),) for line in wrap(say(f"{part}.about{about}", lang), width)]
    if not command:
        lines += [(), _heading(say("cli.commands", lang))]
        for name in grammar.commands:
            shape = say(f"{part}.usage.{name}", lang).removeprefix(f"{grammar.command} ")
            lines += entry(shape, say(f"{part}.about.{name}", lang), width, WIDE)
    lines += [(), _heading(say("cli.options", lang))]
    for option in (*(grammar.commands[command].options if command else ()), *general):
        name = option[2:].replace("-", "_")
        lines += entry(say(f"{part}.option.{name}.shape", lang), say(f"{part}.option.{name}", lang), width, WIDE)
    return lines


def screen_help(command: str, lang: Lang, width: int) -> list[Line]:
    """The help of a command that opens the screen; it has few options."""
    lines = [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), Span(say(f"triage.cli.{command}.usage", lang))), ()]
    return [*lines, *((Span(line),) for line in wrap(say(f"triage.cli.{command}.help", lang), width))]


def _opening(command: str, lang: Lang, width: int) -> list[Line]:
    usage = Span(say(f"cli.{command}.usage", lang))
    about = [(Span(line),) for line in wrap(say(f"cli.{command}.about", lang), width)]
    return [(Span(say("cli.usage", lang) + say("report.colon", lang), "heading"), usage), (), *about]


def _heading(text: str) -> Line:
    return (Span(text, "heading"),)


def _written(option: Option, lang: Lang) -> str:
    flags = f"{option.short}, {option.flag}" if option.short else option.flag
    value = say(f"cli.value.{option.value}", lang) if option.value else ""
    return f"{flags} {value}{'...' if option.many == 'list' else ''}".rstrip()
