"""The commands `lossclinic` and `diagnose`: who is called for what, and how everything that goes wrong is said in one line.

Nothing heavy is imported here: `--help` and `--version` answer at once.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module

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
    return _guarded(lambda given, report: _run("diagnose")(given, report), sys.argv[1:] if arguments is None else arguments)


def _run(command: str) -> Command:
    """What runs a command, imported when it is called."""
    module, function, _ = COMMANDS[command]
    return getattr(import_module(module, __package__), function)


COMMANDS = {
    "triage": (".screen_command", "triage", "triage.cli.triage.about"),
    "resume": (".screen_command", "resume", "triage.cli.resume.about"),
    "replay": (".screen_command", "replay", "triage.cli.replay.about"),
    "diagnose": (".diagnose", "main", "cli.diagnose.about"),
    "casebook": (".casebook_command", "main", "casebook.about"),
    "read": (".read_command", "main", "reading.about"),
    "kb": (".kb_command", "main", "kb.about"),
    "quiz": (".quiz_command", "main", "quiz.about"),
}
"""Command to the module and function that run it, and the message id of its one-line explanation."""


def _dispatch(arguments: Sequence[str], report: Report) -> ExitCode:
    if arguments and arguments[0] in COMMANDS:
        return _run(arguments[0])(arguments[1:], report)
    from .output import Output

    lang = asked_for(arguments, os.environ)
    name = next((argument for argument in arguments if argument not in ("--lang", lang)), "")
    if not name:
        from .screen_command import has_screen

        if has_screen():
            return _run("triage")(arguments, report)
        name = "--help"
    if name == "--version":
        from .version import version_line

        text = version_line() + "\n"
    elif name in ("--help", "-h", "help"):
        from .spans import paint
        from .terminal import look_at
        from .usage import lossclinic_help

        terminal = look_at(sys.stdout, os.environ)
        lines = lossclinic_help(lang, terminal.width, {command: about for command, (*_, about) in COMMANDS.items()})
        text = paint(lines, colour=terminal.colour)
    else:
        from .suggest import hint

        raise InputError(say("cli.unknown_command", lang, name=printable(name), hint=hint(name, COMMANDS, lang), command="lossclinic"))
    Output(None, lang, data=False).write(text)
    return ExitCode.DONE


def _guarded(command: Command, arguments: Sequence[str]) -> int:
    """Run a command; whatever goes wrong is one line on standard error and an exit status, never a traceback.

    numpy is told not to start a thread for every core: there is nothing here to multiply that would be worth the start.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
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
