"""`kb lint`: what is wrong with a knowledge folder, line by line; exit status 1 when there is anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from ..errors import InputError, KnowledgeError
from ..kb.base import ROOT
from ..kb.lint import Finding, lint
from ..messages import say
from .display import printable
from .exit_codes import ExitCode
from .kb_options import Options
from .spans import Line, Span

__all__ = ["lint_command", "shown_path"]


def lint_command(options: Options, write: Callable[[list[Line]], None]) -> ExitCode:
    """Findings on standard output, one a line; a summary on standard error. A file instead of a folder shows only its own findings."""
    given = Path(options.words[0]) if options.words else ROOT
    only = given.resolve() if given.is_file() else None
    root = _root_of(given, options)
    found = lint(root, run_snippets=options.run)
    if options.examples and not any(finding.rule in ("schema", "language-missing", "unreadable", "doubled-key", "doubled-id") for finding in found):
        found += _examples(root, found)
    shown = sorted({(str(f.path), f.line, f.column, f.rule, f.message(options.lang)) for f in found if only in (None, f.path.resolve())})
    write([_line(*finding) for finding in shown])
    if sys.stderr is not None:
        entry = "kb.lint_clean" if not shown else "kb.lint_found"
        sys.stderr.write(say(entry, options.lang, n=len(shown), root=shown_path(str(given))) + "\n")
    return ExitCode.FOUND if shown else ExitCode.DONE


def _root_of(given: Path, options: Options) -> Path:
    """The knowledge folder that `given` is, holds (`kb/knowledge`), or lies in."""
    if not given.exists():
        raise InputError(say("kb.no_folder", options.lang, folder=printable(str(given))))
    if given.is_file():
        folders = [folder for folder in given.resolve().parents if (folder / "causes").is_dir()]
    else:
        folders = [folder for folder in (given, given / "knowledge", given / "kb" / "knowledge") if (folder / "causes").is_dir()]
    if not folders:
        raise InputError(say("kb.no_knowledge", options.lang, folder=printable(str(given))))
    return folders[0]


def _examples(root: Path, found: list[Finding]) -> list[Finding]:
    """Examples that fail in the engine; nothing when the base cannot be compiled for faults that are listed already."""
    from .kb_examples import failing

    try:
        return list(failing(root))
    except (KnowledgeError, KeyError):
        if found:
            return []
        raise


def _line(path: str, line: int, column: int, rule: str, message: str) -> Line:
    place = f"{shown_path(path)}:{line}:{column}"
    return (Span(place, "strong"), Span(f": {message} "), Span(f"[{rule}]", "dim"))


def shown_path(path: str) -> str:
    """A path as an editor can open it from here: relative inside the working directory, else as it is."""
    near = os.path.relpath(path)
    return printable(path if near.startswith(os.pardir) else near)
