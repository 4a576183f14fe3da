"""Labelled runs as the bench programs see them: read and observed once, with their truth."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from lossclinic.engine.finding import Observed
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Log
from lossclinic.engine.observe.read import read

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Run:
    """One labelled run: `truth` is its case.yaml."""

    id: str
    truth: dict[str, Any]
    log: Log
    seen: Observed

    @property
    def cause(self) -> str:
        """The injected cause, or "healthy"."""
        return self.truth["cause"]

    @property
    def right(self) -> set[str]:
        """Causes that count as right when ranked first."""
        return {self.cause, *(self.truth.get("acceptable") or [])}

    @property
    def evident(self) -> bool:
        """Whether the log itself shows that something is wrong (always False for healthy runs)."""
        return self.cause != "healthy" and bool(self.truth.get("visible")) and bool(self.truth.get("evident"))


def load(folder: Path) -> list[Run]:
    """Every run under `folder`."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_one, sorted(folder.glob("*/case.yaml")), chunksize=8))


def _one(path: Path) -> Run:
    truth = yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
    log = read(next(p for p in sorted(path.parent.iterdir()) if p.name != "case.yaml"))
    return Run(path.parent.name, truth, log, observe(log))
