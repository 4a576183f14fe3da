"""MLflow's file store: a folder with one file a metric, each line "timestamp value step"; also one such file alone.

Recognised by lines of a 13-digit timestamp, a number and a whole number. The metric's name is the path below the metrics folder, which
is where MLflow keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from .cells import to_float
from .names import clean
from .source import Source
from .table import NotThisFormatError, Table, Track

__all__ = ["is_metric_file", "read", "read_metrics", "sniff"]

_LINE = re.compile(r"(\d{12,14}) (\S+) (\d{1,18})\s*")


def is_metric_file(source: Source) -> bool:
    """Whether the first lines are "timestamp value step"."""
    if not source.head_text.lstrip()[:1].isdigit():
        return False
    lines = [line for line in source.head_lines[:20] if line.strip()]
    return bool(lines) and all(_LINE.fullmatch(line) for line in (lines[:-1] or lines))


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is the file of one metric."""
    return 0.97 if not source.binary and is_metric_file(source) else 0.0


def read(source: Source) -> Table:
    """One metric, called like its file."""
    return read_metrics({source.path.name: source})


def read_metrics(files: Mapping[str, Source]) -> Table:
    """All metrics of a run on their common steps; `files` maps metric names to their files."""
    points: dict[str, dict[int, float]] = {}
    for name, source in files.items():
        own = points.setdefault(clean(name), {})
        for lines in source.lines():
            for line in lines:
                found = _LINE.fullmatch(line)
                value = to_float(found[2]) if found else None
                if found and value is not None:
                    own[int(found[3])] = value
    steps = sorted({step for own in points.values() for step in own})
    if not steps:
        raise NotThisFormatError
    row = {step: i for i, step in enumerate(steps)}
    tracks = [Track("step", np.arange(len(steps), dtype=np.int64), np.array(steps, dtype=np.float64))]
    for name, own in points.items():
        at = sorted(own)
        tracks.append(Track(name, np.array([row[s] for s in at], dtype=np.int64), np.array([own[s] for s in at], dtype=np.float64)))
    return Table("mlflow", tracks, len(steps))
