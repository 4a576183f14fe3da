"""Starts the worker of a tool, feeds it the logs and collects what it found; starts it again after a log that killed it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers.mapping import Finding

__all__ = ["Outcome", "WorkerFailure", "run"]

WORKER = Path(__file__).with_name("worker.py")
START = 60.0
"""Seconds that a tool may take to be imported, beyond the limit of a run."""


class WorkerFailure(Exception):  # noqa: N818 - it is the worker that failed
    """A tool could not be started at all."""


@dataclass(frozen=True)
class Outcome:
    """What a tool said about one log."""

    findings: list[Finding]
    seconds: float | None
    """Reading and checking; None when the worker died of it."""
    error: str = ""
    """Why there is no answer ("" = there is one)."""


def run(python: Path, tool: str, logs: Mapping[str, Path], limit: float) -> tuple[str, dict[str, Outcome]]:
    """The version of `tool`, and its outcome for every id of `logs`. Raises `WorkerFailure` when it cannot be imported."""
    version, outcomes, waiting = "", dict[str, Outcome](), dict(logs)
    while waiting:
        with tempfile.TemporaryFile("w+") as narration:
            answers = _answers([str(python), "-I", str(WORKER), tool, str(limit)], waiting, limit + START, narration)
            hello = next(answers, None)
            if hello is None:
                narration.seek(0)
                raise WorkerFailure(f"{tool} does not start: {(narration.read().strip() or 'no word').splitlines()[-1]}")
            version = hello["version"]
            for answer in answers:
                findings = [Finding(*f) for f in answer.get("findings", ())]
                outcomes[answer["id"]] = Outcome(findings, answer["seconds"], answer.get("error", ""))
                del waiting[answer["id"]]
        if waiting:
            killer = next(iter(waiting))
            outcomes[killer] = Outcome([], None, "the process died or hung")
            del waiting[killer]
    return version, outcomes


def _answers(command: list[str], logs: Mapping[str, Path], patience: float, narration: Any) -> Iterator[dict[str, Any]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=narration, text=True) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        try:
            worker.stdin.write("".join(f"{id}\t{path}\n" for id, path in logs.items()))
            worker.stdin.close()
        except BrokenPipeError:
            return
        while True:
            watchdog = threading.Timer(patience, worker.kill)
            watchdog.start()
            line = worker.stdout.readline()
            watchdog.cancel()
            if not line.endswith("\n"):
                return
            yield json.loads(line)
