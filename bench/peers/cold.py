"""The command of each tool as its users call it: a new process, from the start of Python to the report."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Mapping
from pathlib import Path

__all__ = ["SAMPLED", "seconds"]

SAMPLED = 15
"""Runs, evenly spaced in the order of their ids."""

COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled once and not at every start, as for anyone who installed the tool."""

COMMANDS = {
    "lossclinic": ("lossclinic", "diagnose", "--lang", "en", "--metrics"),
    "runmedic": ("runmedic", "diagnose"),
    "trainspotter": ("trainspotter", "analyze"),
    "trainproof": ("trainproof", "epoch"),
    "losslint": ("losslint", "check"),
}


def seconds(tool: str, programs: Path, logs: Mapping[str, Path]) -> float | None:
    """Median seconds of processor time of the command of `tool`, installed in the folder `programs`; None when it is not there."""
    name, *arguments = COMMANDS[tool]
    program = programs / name
    if not program.exists():
        return None
    paths = list(logs.values())
    taken: list[float] = []
    for path in [paths[0], *paths[:: max(1, len(paths) // SAMPLED)][:SAMPLED]]:
        process = subprocess.Popen([program, *arguments, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=COMPILED)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        taken.append(usage.ru_utime + usage.ru_stime)
    return statistics.median(taken[1:])
