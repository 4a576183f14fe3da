"""`lossclinic`, `lossclinic triage`, `resume` and `replay`: what opens the screens. Textual is imported when a screen is wanted, not before."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError
from ..messages import say
from .arguments import LANGUAGES, Grammar, split
from .display import printable
from .exit_codes import ExitCode
from .language import Lang, asked_for
from .output import Output
from .places import config_file, records_folder

if TYPE_CHECKING:
    from .screen.opening import Opening

__all__ = ["has_screen", "replay", "resume", "triage"]


class _Given(NamedTuple):
    """What stands on the command line."""

    files: tuple[str, ...]
    say: str
    lang: Lang | None
    help: bool


def has_screen() -> bool:
    """Whether there is a terminal to draw on and a keyboard to listen to."""
    try:
        return sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:
        return False


def triage(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:
    """Open the triage chat, with a log and a first message if they are given."""
    del report
    lang = asked_for(arguments, os.environ)
    given = _parse(arguments, "triage", lang)
    if given.help:
        return _help("triage", lang)
    _need_screen("triage", lang)
    for file in given.files:
        if not Path(file).exists():
            raise InputError.of("triage.record.missing", file=printable(file))
    from .screen.opening import Opening

    return _open(Opening(given.files, given.say), given.lang)


def resume(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:
    """Take up the last consultation that is not over, or the one in a file."""
    del report
    lang = asked_for(arguments, os.environ)
    given = _parse(arguments, "resume", lang)
    if given.help:
        return _help("resume", lang)
    from .screen.record import is_open, newest, read_record

    path = Path(given.files[0]) if given.files else newest(records_folder())
    if path is None:
        raise InputError.of("triage.record.none", folder=printable(str(records_folder())))
    read_record(path)
    if is_open(path):
        raise InputError.of("triage.record.open", file=printable(str(path)))
    _need_screen("resume", lang)
    from .screen.opening import Opening

    return _open(Opening(record=path), given.lang)


def replay(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:
    """Show a recorded consultation: on the screen, or as text where there is none."""
    lang = asked_for(arguments, os.environ)
    given = _parse(arguments, "replay", lang)
    if given.help:
        return _help("replay", lang)
    if len(given.files) != 1:
        raise InputError(say("triage.cli.one_file", lang))
    from .screen.record import read_record

    path = Path(given.files[0])
    record = read_record(path)
    if has_screen():
        from .screen.opening import Opening

        return _open(Opening(record=path, replay=True), given.lang)
    if record.torn:
        report(InputError.of("triage.record.torn", file=printable(str(path))))
    from .screen.transcript import transcript

    Output(None, lang, data=False).write(transcript(record.events, given.lang))
    return ExitCode.DONE


def _parse(arguments: Sequence[str], command: str, lang: Lang) -> _Given:
    given = split(arguments, Grammar(f"lossclinic {command}", ("--lang",), ("--say",), ("--metrics",), choices={"--lang": LANGUAGES}), lang)
    return _Given((*given.all("metrics"), *given.words), "\n".join(given.all("say")).strip(), given.lang, given.help)


def _need_screen(command: str, lang: Lang) -> None:
    if not has_screen():
        raise InputError(say("triage.cli.no_screen", lang, command=command))


def _help(command: str, lang: Lang) -> ExitCode:
    from .spans import paint
    from .terminal import look_at
    from .usage import screen_help

    terminal = look_at(sys.stdout, os.environ)
    Output(None, lang, data=False).write(paint(screen_help(command, lang, terminal.width), colour=terminal.colour))
    return ExitCode.DONE


def _open(opening: Opening, lang: Lang | None) -> ExitCode:
    """Run the application until the user leaves it."""
    from .language import of_environment, of_text
    from .screen.app import ClinicApp
    from .screen.settings import read_settings

    settings = read_settings(config_file())
    spoken = lang or (of_text(opening.say) if opening.say else None) or settings.lang or of_environment(os.environ)
    app = ClinicApp(spoken, opening=opening, settings=settings)
    app.run()
    if app.left is not None and (record := app.left()) is not None:
        import shlex

        Output(None, app.lang, data=False).write(say("triage.cli.go_on", app.lang, file=shlex.quote(printable(str(record)))) + "\n")
    return ExitCode.DONE if app.return_code in (0, None) else ExitCode.INTERNAL
