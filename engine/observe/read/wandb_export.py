"""What Weights & Biases exports as CSV: a chart (one column "<run> - <metric>" for each run, with __MIN and __MAX beside it), which is
split into runs; and the table of runs (one row a run), which is no curve and holds nothing to diagnose.
"""

from __future__ import annotations

import re

from .columns import meaning
from .table import Table

__all__ = ["is_runs_table", "split_runs"]

_CELL = re.compile(r"(?P<run>.+?) - (?P<metric>\S.*)")
_TWIN = re.compile(r"__(MIN|MAX)$")
_RUN_NAMES = frozenset({"name", "run", "run_name", "run name", "id", "run id", "run_id", "experiment"})
_RUN_FACTS = frozenset({"state", "created", "runtime", "sweep", "user", "tags", "notes", "group", "hostname", "status", "start time", "duration"})


def split_runs(table: Table) -> Table:
    """The columns of a chart export, named by run; any other table is handed back as it is."""
    if not any(" - " in track.name for track in table.tracks):
        return table
    cells = {t.name: found for t in table.tracks if (found := _CELL.fullmatch(_TWIN.sub("", t.name)))}
    if not cells or len(cells) < len(table.tracks) - 3 or not any(meaning(f["metric"]).kind for f in cells.values()):
        return table
    runs = {found["run"] for found in cells.values()}
    tracks = table.tracks
    for track in list(tracks):
        found = cells.get(track.name)
        if found is None:
            continue
        if _TWIN.search(track.name):
            tracks.remove(track)
            table.text_columns[track.name] = "range of another column"
            continue
        track.means = found["metric"].removeprefix("_") if meaning(found["metric"]).kind is None else found["metric"]
        track.run = found["run"] if len(runs) > 1 else ""
    table.format = "wandb_csv"
    return table


def is_runs_table(header: list[str], texts: list[list[str]]) -> bool:
    """Whether the rows are runs: a name and a state in words in every row, settings and results beside them."""
    if not any(texts):
        return False
    names = [h.strip().lower() for h in header]
    worded = {n for n, cells in zip(names, texts, strict=True) if any(c.strip() for c in cells)}
    facts = worded & _RUN_FACTS
    return bool(worded & _RUN_NAMES) and len(facts) >= 2 and ("state" in facts or "created" in facts or "status" in facts)
