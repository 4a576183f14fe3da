"""Copying: by the terminal (OSC 52), by the program of the system if there is one, and always into a file, which nothing can block."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from ..places import data_folder

__all__ = ["keep", "with_program"]

PROGRAMS = ("pbcopy", "wl-copy", "xclip -selection clipboard", "clip.exe")
"""Of macOS, Wayland, X11, Windows; the X11 and Wayland ones only where there is a display."""

PATIENCE = 1.0
"""Seconds that such a program may take."""


def with_program(text: str) -> bool:
    """Hand `text` to `$LOSSCLINIC_CLIPBOARD`, or to the first known program that is there; whether one took it."""
    own = os.environ.get("LOSSCLINIC_CLIPBOARD")
    for line in (own,) if own else PROGRAMS:
        name, *options = shlex.split(line)
        if not own and not _usable(name):
            continue
        if program := shutil.which(name):
            try:
                command = [program, *options]
                subprocess.run(command, input=text.encode(), timeout=PATIENCE, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            except (OSError, subprocess.SubprocessError):
                continue
            return True
    return False


def _usable(name: str) -> bool:
    if name == "wl-copy":
        return "WAYLAND_DISPLAY" in os.environ
    if name == "xclip":
        return "DISPLAY" in os.environ
    return name != "pbcopy" or sys.platform == "darwin"


def keep(text: str) -> Path | None:
    """Write `text` to `copied.txt` of the user's data; None when that cannot be written."""
    target = data_folder() / "copied.txt"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", errors="replace")
    except OSError:
        return None
    return target
