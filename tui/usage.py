"""`--help`: made from the table of options, aligned by display width in either language."""

from __future__ import annotations

from collections.abc import Mapping

from ..messages import say
from .display import display_width, pad, wrap
from .language import Lang
from .options import DEFAULT_QUESTIONS, OPTIONS, Option
from .page import INDENT
from .spans import Line, Span

__all__ = ["diagnose_help", "lossclinic_help", "screen_help"]

COLUMN = 28
"""Where explanations begin."""

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
                lines += _entry(_written(option, lang), text, width)
    lines += [(), _heading(say("cli.examples", lang))]
    for command, entry in EXAMPLES:
        aligned = pad(command, max(len(example) for example, _ in EXAMPLES) + INDENT)
        lines.append((Span(" " * INDENT), Span(aligned, "code"), Span(say(f"cli.example.{entry}", lang), "dim")))
    return lines


def lossclinic_help(lang: Lang, width: int, commands: Mapping[str, str]) -> list[Line]:
    """The help of `lossclinic`; `commands` maps each command to the message id of its explanation."""
    lines = [*_opening("lossclinic", lang, width), (), _heading(say("cli.commands", lang))]
    for name, about in commands.items():
        lines += _entry(name, say(about, lang), width)
    return [*lines, (), (Span(say("cli.lossclinic.more", lang)),)]


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


def _entry(name: str, text: str, width: int) -> list[Line]:
    lead = " " * INDENT + name
    column = min(COLUMN, width // 2)
    lines: list[Line] = []
    if display_width(lead) + 2 > column:
        lines.append((Span(lead, "strong"),))
        lead = ""
    for line in wrap(text, width - column):
        lines.append((Span(pad(lead, column), "strong"), Span(line)))
        lead = ""
    return lines
