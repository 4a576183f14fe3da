"""A process apart, and another user in it where the tests run as root: for what only shows when one may not write."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534
"""A user who owns nothing."""


def elsewhere(work: Callable[[], None], *, user: int | None = None) -> str:
    """Run `work` in a process of its own, as another user if there is one to become; returns what went wrong, "" = nothing."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def run() -> None:
        try:
            if user is not None and os.getuid() == 0:
                os.setgid(user)
                os.setuid(user)
            work()
            theirs.send("")
        except BaseException:
            theirs.send(traceback.format_exc())

    process = context.Process(target=run)
    process.start()
    said = ours.recv()
    process.join()
    return said


def let_in(folder: Path) -> None:
    """Open the way down to `folder`, and the folder, to every user."""
    for path in (*reversed(folder.parents), folder):
        mode = path.stat().st_mode
        if mode & 0o005 != 0o005:
            path.chmod(mode | 0o005)
