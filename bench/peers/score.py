"""The figures of one tool, counted as `score_runs` counts ours, and the table of all."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peers.drive import Outcome
from peers.mapping import Tool
from peers.neutral import Case

__all__ = ["Row", "by_family", "score", "table"]


@dataclass
class Row:
    """One tool's figures."""

    tool: str
    version: str
    nameable: int = 0
    """Evident faulty runs with a labelled symptom."""
    named: int = 0
    """... in which some finding is of a right family."""
    named_by_warning: int = 0
    """... in which some warning is."""
    healthy: int = 0
    warned: int = 0
    """Healthy runs with a warning or worse."""
    right: int = 0
    """Families found that are true, over the evident faulty runs."""
    wrong: int = 0
    right_warnings: int = 0
    wrong_warnings: int = 0
    crashed: int = 0
    seconds: list[float] = field(default_factory=list)
    cold: float | None = None
    """Seconds of the whole process of its command."""
    truths: Counter[str] = field(default_factory=Counter)
    """Family -> nameable runs that have it."""
    hits: Counter[str] = field(default_factory=Counter)
    """Family -> of those, in how many it was found."""


def score(tool: Tool, version: str, cases: Sequence[Case], outcomes: Mapping[str, Outcome]) -> Row:
    """Count. A run without an answer counts as one in which nothing was found."""
    row = Row(tool.name, version)
    for case in cases:
        outcome = outcomes[case.id]
        warnings = [f for f in outcome.findings if f.severity in tool.warns]
        row.crashed += bool(outcome.error)
        if outcome.seconds is not None:
            row.seconds.append(outcome.seconds)
        seen, alarmed = tool.seen(outcome.findings, case.truth), tool.seen(warnings, case.truth)
        if case.healthy:
            row.healthy += 1
            row.warned += bool(warnings)
        if not case.evident:
            continue
        row.right += len(seen & case.truth)
        row.wrong += len(seen - case.truth)
        row.right_warnings += len(alarmed & case.truth)
        row.wrong_warnings += len(alarmed - case.truth)
        if case.truth:
            row.nameable += 1
            row.named += bool(seen & case.truth)
            row.named_by_warning += bool(alarmed & case.truth)
            row.truths.update(case.truth)
            row.hits.update(seen & case.truth)
    return row


def table(rows: Sequence[Row]) -> str:
    """One Markdown table, a tool a line."""
    named = "| tool | version | symptom named | named by a warning | healthy runs warned | family precision | of warnings "
    head = named + "| seconds a run: median | mean | 90 % below | command, s | crashed |"
    lines = [head, "| --- | --- |" + " ---: |" * 10]
    for row in rows:
        cells = (
            row.tool,
            row.version,
            _share(row.named, row.nameable),
            _share(row.named_by_warning, row.nameable),
            f"{_share(row.warned, row.healthy)} ({row.warned})",
            _share(row.right, row.right + row.wrong),
            _share(row.right_warnings, row.right_warnings + row.wrong_warnings),
            *(f"{figure(row.seconds):.4f}" if len(row.seconds) > 1 else "-" for figure in (statistics.median, statistics.fmean, _ninth)),
            f"{row.cold:.2f}" if row.cold is not None else "-",
            str(row.crashed),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def by_family(rows: Sequence[Row]) -> str:
    """A second table: in how many of the runs with a symptom of this family it was found."""
    families = [family for family, _ in rows[0].truths.most_common()]
    head = [f"{family} ({rows[0].truths[family]})" for family in families]
    lines = [f"| found | {' | '.join(head)} |", "| --- |" + " ---: |" * len(families)]
    lines += [f"| {row.tool} | {' | '.join(str(row.hits[family]) for family in families)} |" for row in rows]
    return "\n".join(lines)


def _ninth(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=10)[-1]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
