"""What the exit status of every command means; scripts rely on it."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """Exit status of a command."""

    DONE = 0
    """The work was done. Without `--exit-code` this says nothing about the runs."""
    FOUND = 1
    """With `--exit-code` only: something was found that calls for action."""
    BAD_INPUT = 2
    """Bad usage, or input that cannot be used; one line on standard error says which."""
    INTERNAL = 70
    """A fault of lossclinic itself (EX_SOFTWARE of sysexits.h)."""
    INTERRUPTED = 130
    """Ctrl-C."""
