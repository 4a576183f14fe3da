"""`lossclinic kb`: read, search, check and export what is known."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..errors import InputError
from ..messages import say
from .display import printable
from .exit_codes import ExitCode
from .kb_options import Options, kb_help, parse
from .language import Lang
from .output import Output
from .progress import Progress
from .spans import Line, Span, paint
from .suggest import hint
from .terminal import look_at

if TYPE_CHECKING:
    from ..kb import KnowledgeBase

__all__ = ["main", "open_knowledge"]


def main(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:  # noqa: ARG001 - the shape of every command
    """Run `lossclinic kb ...`. InputError for what stops it."""
    options = parse(arguments, os.environ)
    terminal = look_at(sys.stdout, os.environ, colour=options.color, pictures=not options.plain)
    out = Output(None, options.lang, data=False)

    def write(lines: list[Line]) -> None:
        out.write(paint(lines, colour=terminal.colour))

    if options.help or not options.command:
        write(kb_help(options.command, options.lang, terminal.width))
        return ExitCode.DONE
    if options.command == "lint":
        from .kb_lint import lint_command

        return lint_command(options, write)
    if options.command == "new":
        from .kb_new import new_command

        return new_command(options, write)
    kb = open_knowledge(options.lang)
    if options.command == "search":
        from .kb_search import search_command

        write(search_command(kb, options, terminal))
    elif options.command == "facts":
        from .kb_facts import facts_command

        write(facts_command(kb, options, terminal))
    elif options.command == "coverage":
        from .kb_coverage import coverage_command

        return coverage_command(kb, options, terminal, write)
    elif options.command == "export":
        from .handbook.site import export

        count = export(kb, options.words[0], options.format, options.lang)
        write([(Span(say("kb.exported", options.lang, n=count, folder=printable(options.words[0]))),)])
    else:
        from .kb_show import show_command

        write(show_command(kb, options, terminal))
    return ExitCode.DONE


def open_knowledge(lang: Lang) -> KnowledgeBase:
    """The product's knowledge; a line on standard error while it is prepared for the first time."""
    from ..kb import load

    progress = Progress(sys.stderr, os.environ)
    try:
        return load(on_compile=lambda: progress.begin(say("cli.compiling", lang)))
    finally:
        progress.end()


def unknown(options: Options, name: str, names: Sequence[str], entry: str) -> InputError:
    """The error for an id that does not exist, with the nearest that does."""
    return InputError(say(f"kb.{entry}", options.lang, name=printable(name), hint=hint(name, names, options.lang)))
