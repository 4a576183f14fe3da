"""Runs one tool over many logs; started by `drive`, in the environment of that tool. Only the standard library and the tool are imported.

    python -I worker.py TOOL SECONDS < lines "ID<tab>PATH"

The first line of the answer is {"version": ...}; then, for each log, {"id", "seconds", "findings": [[id, metric, severity], ...]} or
{"id", "seconds", "error"}. The seconds are processor time for reading and checking; the tool has been imported before. A log that takes more than
SECONDS is an error. Each tool is called as its own command line calls it, with its defaults, as far as the findings: writing a report is
not timed for any of them, and lossclinic's ranking of causes, which the others have nothing like, is the tool "lossclinic-diagnosis".
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Findings = list[tuple[str, str, str]]


def lossclinic() -> Callable[[str], Findings]:
    """What `lossclinic diagnose` finds in the log before it looks for causes."""
    reading, detect = (importlib.import_module(f"lossclinic.engine.observe.{name}") for name in ("read", "detect"))

    def check(path: str) -> Findings:
        found = detect.observe(reading.read(path)).findings
        return [(f.id, f.metric or "", "warning" if f.alarming else "info") for f in found]

    return check


def lossclinic_diagnosis() -> Callable[[str], Findings]:
    """`lossclinic.diagnose` without a question: the findings in words, causes ranked with evidence, advice, the next question."""
    tool = importlib.import_module("lossclinic")

    def check(path: str) -> Findings:
        found = tool.diagnose(path).symptoms
        return [(f.id, f.metric or "", "warning" if f.alarming else "info") for f in found]

    return check


def runmedic() -> Callable[[str], Findings]:
    """`runmedic diagnose`."""
    loaders, roles, checks = (importlib.import_module(f"runmedic.{name}") for name in ("loaders", "roles", "checks"))

    def check(path: str) -> Findings:
        runs = loaders.load(path)
        if not runs:
            raise ValueError("no training metrics found")
        return [(f.check, f.metric or "", f.severity) for run in runs for f in checks.run_checks(run, roles.detect(run))]

    return check


def trainspotter() -> Callable[[str], Findings]:
    """`trainspotter analyze`."""
    tool = importlib.import_module("trainspotter")

    def check(path: str) -> Findings:
        run = tool.load_run(path)
        if not run.metric_names():
            raise ValueError("no numeric metrics found")
        return [(f.title, f.metric, f.severity) for f in tool.run_all(run)]

    return check


def trainproof() -> Callable[[str], Findings]:
    """`trainproof epoch`."""
    epoch = importlib.import_module("trainproof.epoch")

    def check(path: str) -> Findings:
        return [(f["id"], "", f["level"]) for f in epoch.check_epoch(path)["findings"]]

    return check


def losslint() -> Callable[[str], Findings]:
    """`losslint check`."""
    parsing, checks = (importlib.import_module(f"losslint.{name}") for name in ("parsing", "checks"))

    def check(path: str) -> Findings:
        return [(f.check, f.details.get("series", ""), f.severity) for f in checks.run_all_checks(parsing.load_run(Path(path)))]

    return check


TOOLS = {tool.__name__.replace("_", "-"): tool for tool in (lossclinic, lossclinic_diagnosis, runmedic, trainspotter, trainproof, losslint)}


def too_long(*_: object) -> None:
    """The alarm went off."""
    raise TimeoutError("took too long")


def main() -> int:
    """Answer for every line of the input."""
    name, limit = sys.argv[1], float(sys.argv[2])
    out, sys.stdout = sys.stdout, sys.stderr  # what a tool prints is no answer

    def say(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=out, flush=True)

    check = TOOLS[name]()
    say({"version": importlib.metadata.version(name.partition("-")[0])})
    signal.signal(signal.SIGALRM, too_long)
    for line in sys.stdin.read().splitlines():
        id, path = line.split("\t", 1)
        answer: dict[str, Any] = {"id": id}
        started = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            answer["findings"] = check(path)
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        say({**answer, "seconds": time.process_time() - started})
    return 0


if __name__ == "__main__":
    sys.exit(main())
