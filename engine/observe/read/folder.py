"""A folder given instead of a file: TensorBoard log directories, MLflow runs, and folders with one log among other files.

Event files that lie in one folder are one run; those in subfolders called train, validation, Loss_val and the like are its phases. Among other
files the one with the most points of a loss is the log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ....errors import InputError
from ..log import Note
from . import mlflow, tfevents
from .columns import meaning
from .names import clean
from .source import Source
from .table import NotThisFormatError, Table

__all__ = ["read_folder"]

MAX_FILES = 300
MAX_DEPTH = 5
_SCALARS = frozenset({"train_loss", "val_loss", "train_accuracy", "val_accuracy"})
_PHASES = frozenset({"train", "training", "val", "valid", "validation", "eval", "test"})


def read_folder(path: Path, load: Callable[[Source], Table]) -> Table:
    """The log in the folder `path`; `load` reads a single file. Raises `InputError` when there is none."""
    sources = list(_sources(path))
    events = [s for s in sources if tfevents.sniff(s)]
    if events:
        return _events(path, events)
    metrics = [s for s in sources if mlflow.sniff(s)]
    if metrics:
        return _mlflow(path, metrics)
    found: list[tuple[int, Source, Table]] = []
    for source in sources:
        try:
            table = load(source)
        except (InputError, NotThisFormatError):
            continue
        points = max((len(t) for t in table.tracks if meaning(t.means or t.name).kind in {"train_loss", "val_loss"}), default=0)
        if points:
            found.append((points, source, table))
    if not found:
        raise InputError.of("read.no_log_in_folder", name=clean(str(path), 300))
    _, source, table = max(found, key=lambda f: (f[0], f[1].name))
    if len(found) > 1:
        table.notes.append(Note("picked_file", {"count": len(found), "file": clean(str(source.path.relative_to(path)))}))
    return table


def _sources(path: Path) -> Iterator[Source]:
    """Files below `path` that hold something, at most `MAX_FILES` of them, hidden ones left out."""
    seen = 0
    base = len(path.parts)
    for root, folders, files in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if len(Path(root).parts) - base < MAX_DEPTH else []
        for file in sorted(files):
            if file.startswith(".") or seen >= MAX_FILES:
                continue
            seen += 1
            try:
                if (Path(root) / file).is_file():
                    yield Source(Path(root) / file)
            except InputError:
                continue


def _events(path: Path, events: list[Source]) -> Table:
    runs: dict[Path, dict[str, list[Source]]] = {}
    for source in events:
        folder = source.path.parent
        phase = _phase_of(folder.name) if folder != path else ""
        runs.setdefault(folder.parent if phase else folder, {}).setdefault(phase, []).append(source)
    latest = max(runs, key=lambda folder: max(s.path.stat().st_mtime for group in runs[folder].values() for s in group))
    table = tfevents.read_files([s for group in runs[latest].values() for s in group], _phase_names(runs[latest]))
    if len(runs) > 1:
        table.notes.append(Note("picked_file", {"count": len(runs), "file": clean(os.path.relpath(latest, path))}))
    return table


def _phase_of(folder: str) -> str:
    """The phase that a folder of event files is called by: "validation", or "Loss_val" as PyTorch's add_scalars makes them; "" for a run."""
    if folder.lower() in _PHASES:
        return folder.lower()
    what = meaning(folder)
    return what.phase if what.kind in _SCALARS else ""


def _phase_names(groups: dict[str, list[Source]]) -> dict[str, str]:
    return {source.name: phase for phase, group in groups.items() for source in group if len(groups) > 1 or phase not in {"", "train"}}


def _mlflow(path: Path, metrics: list[Source]) -> Table:
    runs: dict[Path, dict[str, Source]] = {}
    for source in metrics:
        home = next((p for p in source.path.parents if p.name == "metrics"), source.path.parent)
        runs.setdefault(home, {})[source.path.relative_to(home).as_posix()] = source
    latest = max(runs, key=lambda home: max(s.path.stat().st_mtime for s in runs[home].values()))
    table = mlflow.read_metrics(runs[latest])
    if len(runs) > 1:
        table.notes.append(Note("picked_file", {"count": len(runs), "file": clean(os.path.relpath(latest.parent, path))}))
    return table
