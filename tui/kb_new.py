"""`kb new cause ID`: the skeleton of an entry, where it belongs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ..errors import InputError, refusal
from ..kb.base import ROOT
from ..kb.template import cause_skeleton
from ..messages import say
from .display import printable
from .exit_codes import ExitCode
from .kb_lint import shown_path
from .kb_options import Options
from .spans import Line, Span

__all__ = ["new_command"]


def new_command(options: Options, write: Callable[[list[Line]], None]) -> ExitCode:
    """Write the skeleton. InputError when the id is none, is taken, or the folder cannot be written."""
    id, lang = options.words[1], options.lang
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", id):
        raise InputError(say("kb.bad_id", lang, name=printable(id)))
    folder = Path(options.into) if options.into else ROOT
    target = folder / "causes" / f"{id}.yaml"
    if target.exists():
        raise InputError(say("kb.id_taken", lang, file=shown_path(str(target))))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(cause_skeleton(id, options.group), encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(say("cli.output_fails", lang, file=printable(str(target)), reason=refusal(error, lang))) from None
    shown = shown_path(str(target))
    write([(Span(say("kb.new_written", lang, file=shown)),), (Span(say("kb.new_next", lang, file=shown), "dim"),)])
    return ExitCode.DONE
