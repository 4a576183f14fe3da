"""Where a report goes: standard output as it comes, or a file at the end. What cannot be written is one clear error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from ..errors import InputError, refusal
from ..messages import say
from .display import printable
from .language import Lang

__all__ = ["Output", "drop_standard_output"]


class Output:
    """Takes text and delivers it."""

    def __init__(self, path: str | None, lang: Lang, *, data: bool) -> None:
        """`path` None = standard output. `data` = for programs: always UTF-8, whatever the locale says."""
        self.path = path
        self.lang: Lang = lang
        self._pieces: list[str] = []
        stdout = sys.stdout
        if path is None and stdout is not None and hasattr(stdout, "reconfigure"):
            utf8 = data and not stdout.isatty()
            stdout.reconfigure(encoding="utf-8" if utf8 else None, errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

    def check(self, inputs: Iterable[str]) -> None:
        """InputError when the file obviously cannot be written, or is one of `inputs`: better now than after the work."""
        if self.path is None:
            return
        target = Path(self.path)
        if any(_same(target, name) for name in inputs):
            raise InputError(say("cli.output_is_input", self.lang, file=printable(self.path)))
        if target.is_dir():
            raise self._failed(self.path, IsADirectoryError(errno.EISDIR, ""))
        if not target.parent.is_dir():
            raise self._failed(self.path, FileNotFoundError(errno.ENOENT, ""))

    def write(self, text: str) -> None:
        """Deliver `text`. InputError when standard output takes no more (a full disk); BrokenPipeError when its reader left."""
        if self.path is not None:
            self._pieces.append(text)
            return
        if sys.stdout is None:  # closed by the caller, who does not want it
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            drop_standard_output()
            raise
        except OSError as error:
            drop_standard_output()
            raise self._failed(say("cli.stdout", self.lang), error) from None

    def close(self) -> None:
        """Write the file, if it is one."""
        if self.path is None:
            return
        try:
            Path(self.path).write_text("".join(self._pieces), encoding="utf-8", errors="replace", newline="\n")
        except OSError as error:
            raise self._failed(self.path, error) from None

    def _failed(self, file: str, error: OSError) -> InputError:
        return InputError(say("cli.output_fails", self.lang, file=printable(file), reason=refusal(error, self.lang)))


def drop_standard_output() -> None:
    """Send whatever is still to be written nowhere, so that the interpreter does not complain on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _same(target: Path, name: str) -> bool:
    try:
        return name != "-" and target.samefile(name)
    except (OSError, ValueError):
        return False
