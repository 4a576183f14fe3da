"""`diagnose`: logs and words in, reports out."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..errors import InputError
from ..messages import say
from .exit_codes import ExitCode
from .language import Lang, choose
from .options import Options, parse
from .output import Output
from .spans import paint
from .terminal import look_at

if TYPE_CHECKING:
    from .rendering import Rendering

__all__ = ["main"]


def main(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:
    """Run the command. InputError for what stops it; what is wrong with one of several logs goes to `report`, and the others go on."""
    options = parse(arguments, os.environ)
    lang = choose(options.lang, options.say, os.environ)
    if options.version:
        from .version import version_line

        return _show(version_line() + "\n", lang)
    if options.help:
        from .usage import diagnose_help

        terminal = look_at(sys.stdout, os.environ, colour=options.color)
        return _show(paint(diagnose_help(lang, terminal.width), colour=terminal.colour), lang)
    if not options.metrics and not options.say and not options.know:
        raise InputError(say("cli.nothing_given", lang))
    return _diagnose(options, lang, report)


def _aside(text: str) -> None:
    """A line beside the report, which is data."""
    if text and sys.stderr is not None:
        sys.stderr.write(text + "\n")


def _show(text: str, lang: Lang) -> ExitCode:
    Output(None, lang, data=False).write(text)
    return ExitCode.DONE


def _diagnose(options: Options, lang: Lang, report: Callable[[InputError], None]) -> ExitCode:
    output = Output(options.output, lang, data=options.format != "text")
    output.check(options.metrics)
    collects = gc.isenabled()
    gc.disable()  # what is imported and loaded here stays: looking for what could go costs a twentieth of the start
    try:
        from .consultation import Consultation
        from .rendering import rendering

        consultation = Consultation(options, lang)
    finally:
        if collects:
            gc.enable()
    page: Rendering = rendering(options, consultation.kb)
    found = failed = False
    for source in options.metrics or (None,):
        try:
            result = consultation.hold(source)
        except InputError as error:
            if len(options.metrics) < 2:
                raise
            report(error)
            failed = True
            continue
        output.write(page.one(result))
        _aside(result.filed)
        found = found or not result.diagnosis.healthy
    output.write(page.end())
    output.close()
    if found and consultation.casebook is not None:
        _aside(consultation.casebook.note())
    if failed:
        return ExitCode.BAD_INPUT
    return ExitCode.FOUND if options.exit_code and found else ExitCode.DONE
