"""Labelled runs, and their logs written anew in the form that each tool documents: CSV, one row a step, the tool's own column names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from lossclinic import InputError
from lossclinic.engine.observe.log import METRICS, Floats
from lossclinic.engine.observe.read import READERS, read, reader
from lossclinic.engine.observe.read.columns import meaning
from lossclinic.engine.observe.read.source import Source

__all__ = ["CORE", "Case", "Curves", "cases", "curves", "write"]

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CORE = ("train_loss", "val_loss", "lr", "grad_norm")
"""What every tool has a name for."""

Curves = dict[str, tuple[Floats, Floats]]
"""Metric -> its steps and values."""


@dataclass(frozen=True)
class Case:
    """One labelled run."""

    id: str
    log: Path
    healthy: bool
    evident: bool
    """The log itself shows that something is wrong (never true of a healthy run)."""
    truth: frozenset[str]
    """Families of the symptoms that are really there."""


def cases(folder: Path, family_of: Mapping[str, str]) -> list[Case]:
    """Every run under `folder`: RUN/case.yaml with the log beside it."""
    found: list[Case] = []
    for path in sorted(folder.glob("*/case.yaml")):
        label = yaml.load(path.read_text("utf-8"), Loader=LOADER)  # noqa: S506 - a safe loader
        log = next(p for p in sorted(path.parent.iterdir()) if p.name != path.name)
        healthy = label["cause"] == "healthy"
        evident = not healthy and bool(label.get("visible", True)) and bool(label.get("evident"))
        found.append(Case(path.parent.name, log, healthy, evident, frozenset(family_of[s] for s in label.get("symptoms") or ())))
    return found


def curves(log: Path, *, everything: bool = False) -> Curves:
    """What `log` holds: the columns `CORE`, or all that have a canonical name. Raises `InputError` when it cannot be read at all."""
    wanted = tuple(m for m in METRICS if everything or m in CORE)
    try:
        known = read(log)
        return {metric: (series.steps, series.values) for metric in wanted if (series := known.get(metric)) is not None}
    except InputError:
        return {metric: curve for metric, curve in _bare(log).items() if metric in wanted}


def _bare(log: Path) -> Curves:
    """The columns by their names alone, for a log that our reader refuses to make sense of: the peers shall not suffer from that."""
    source = Source(log)
    table = max((reader(name) for name in READERS), key=lambda r: r.sniff(source)).read(source)
    longest = {meaning(track.name).kind: track for track in sorted(table.tracks, key=len)}
    at = longest.pop("step", None)
    step_of = {} if at is None else dict(zip(at.rows.tolist(), at.values.tolist(), strict=True))
    return {
        kind: (np.array([step_of.get(row, float(row)) for row in track.rows.tolist()]), track.values)
        for kind, track in longest.items()
        if kind is not None
    }


def write(path: Path, log: Curves, names: Mapping[str, str]) -> None:
    """`log` as CSV under the column names `names` (a metric without one keeps its own). A step counter that starts again does so there too."""
    rows: dict[tuple[int, float], dict[str, str]] = {}
    for metric, (steps, values) in log.items():
        session = np.concatenate([[0], np.cumsum(np.diff(steps) < 0)]) if len(steps) else ()
        for key, value in zip(zip(session, steps.tolist(), strict=True), values.tolist(), strict=True):
            rows.setdefault((int(key[0]), key[1]), {})[metric] = repr(value)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([names["step"], *(names.get(metric, metric) for metric in log)])
        out.writerows([_number(step), *_cells(row, log)] for (_, step), row in sorted(rows.items(), key=lambda item: item[0]))


def _cells(row: Mapping[str, str], metrics: Iterable[str]) -> list[str]:
    return [row.get(metric, "") for metric in metrics]


def _number(step: float) -> str:
    return str(int(step)) if step.is_integer() else repr(step)
