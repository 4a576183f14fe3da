"""The commands `lossclinic` and `diagnose`: who is called for what, and how everything that goes wrong is said in one line.

Nothing heavy is imported here: `--help` and `--version` answer at once.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence

from ..errors import InputError, LossclinicError
from ..messages import say
from .display import printable
from .exit_codes import ExitCode
from .language import asked_for

__all__ = ["diagnose_main", "main"]

Report = Callable[[InputError], None]
Command = Callable[[Sequence[str], Report], ExitCode]


def main(arguments: Sequence[str] | None = None) -> int:
    """`lossclinic`: dispatch to a command."""
    return _guarded(_dispatch, sys.argv[1:] if arguments is None else arguments)


def diagnose_main(arguments: Sequence[str] | None = None) -> int:
    """`diagnose`, which is also `lossclinic diagnose`."""
    return _guarded(_diagnose, sys.argv[1:] if arguments is None else arguments)


def _diagnose(arguments: Sequence[str], report: Report) -> ExitCode:
    from .diagnose import main as diagnose

    return diagnose(arguments, report)


def _read(arguments: Sequence[str], report: Report) -> ExitCode:
    from .read_command import main as read

    return read(arguments, report)


def _kb(arguments: Sequence[str], report: Report) -> ExitCode:
    from .kb_command import main as kb

    return kb(arguments, report)


def _triage(arguments: Sequence[str], report: Report) -> ExitCode:
    from .screen_command import triage

    return triage(arguments, report)


def _resume(arguments: Sequence[str], report: Report) -> ExitCode:
    from .screen_command import resume

    return resume(arguments, report)


def _replay(arguments: Sequence[str], report: Report) -> ExitCode:
    from .screen_command import replay

    return replay(arguments, report)


def _quiz(arguments: Sequence[str], report: Report) -> ExitCode:
    from .quiz_command import main as quiz

    return quiz(arguments, report)


def _casebook(arguments: Sequence[str], report: Report) -> ExitCode:
    from .casebook_command import main as casebook

    return casebook(arguments, report)


COMMANDS: dict[str, tuple[Command, str]] = {
    "triage": (_triage, "triage.cli.triage.about"),
    "resume": (_resume, "triage.cli.resume.about"),
    "replay": (_replay, "triage.cli.replay.about"),
    "diagnose": (_diagnose, "cli.diagnose.about"),
    "casebook": (_casebook, "casebook.about"),
    "read": (_read, "reading.about"),
    "kb": (_kb, "kb.about"),
    "quiz": (_quiz, "quiz.about"),
}
"""Command to what runs it and the message id of its one-line explanation."""


def _dispatch(arguments: Sequence[str], report: Report) -> ExitCode:
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]][0](arguments[1:], report)
    from .output import Output

    lang = asked_for(arguments, os.environ)
    name = next((argument for argument in arguments if argument not in ("--lang", lang)), "")
    if not name:
        from .screen_command import has_screen

        if has_screen():
            return _triage(arguments, report)
        name = "--help"
    if name == "--version":
        from .version import version_line

        text = version_line() + "\n"
    elif name in ("--help", "-h", "help"):
        from .spans import paint
        from .terminal import look_at
        from .usage import lossclinic_help

        terminal = look_at(sys.stdout, os.environ)
        lines = lossclinic_help(lang, terminal.width, {command: about for command, (_, about) in COMMANDS.items()})
        text = paint(lines, colour=terminal.colour)
    else:
        from .suggest import hint

        raise InputError(say("cli.unknown_command", lang, name=printable(name), hint=hint(name, COMMANDS, lang)))
    Output(None, lang, data=False).write(text)
    return ExitCode.DONE


def _guarded(command: Command, arguments: Sequence[str]) -> int:
    """Run a command; whatever goes wrong is one line on standard error and an exit status, never a traceback."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    lang = asked_for(arguments, os.environ)

    def report(error: Exception) -> None:
        if sys.stderr is not None:
            words = error.in_words(lang) if isinstance(error, LossclinicError) else str(error)
            message = printable(" ".join(words.split()))
            sys.stderr.write(say("cli.error", lang, message=message) + "\n")

    try:
        return command(arguments, report)
    except LossclinicError as error:
        report(error)
        return ExitCode.BAD_INPUT
    except BrokenPipeError:
        return ExitCode.DONE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:
        if os.environ.get("LOSSCLINIC_DEBUG"):
            raise
        report(InputError(say("cli.internal", lang, kind=type(error).__name__, reason=str(error))))
        return ExitCode.INTERNAL
