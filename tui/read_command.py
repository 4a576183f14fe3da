"""`lossclinic read`: what was understood of a log, before anyone judges it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..messages import say
from .arguments import LANGUAGES, Grammar, split
from .display import display_width, pad, printable, wrap
from .exit_codes import ExitCode
from .language import Lang, asked_for, choose
from .output import Output
from .suggest import nearest

if TYPE_CHECKING:
    from ..engine.observe.log import Column, Log, Series

__all__ = ["main"]

SHOWN = 40
"""Columns that are listed before the rest is only counted."""
LIKE = 80
"""Least similarity (0..100) of a column's name and a metric that is suggested for it."""
WIDE = 24
"""Cells of a name before it is cut."""
_WHY = {
    "text": "text", "empty": "empty", "no name": "no_name", "another counter": "another_counter", "another metric": "another_metric",
    "about the loss, not the loss": "about_loss", "best so far": "best", "range of another column": "range", "one value a run": "setting",
}  # fmt: skip
GRAMMAR = Grammar("lossclinic read", ("--format", "--lang"), ("--map",), choices={"--format": ("text", "json"), "--lang": LANGUAGES})


def main(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:
    """Run the command. InputError for what stops it; what is wrong with one of several logs goes to `report`, and the others go on."""
    given = split(arguments, GRAMMAR, asked_for(arguments, os.environ))
    files, form, lang = given.words, given.text("format"), choose(given.lang, None, os.environ)
    if given.help:
        lines = [f"{say('cli.usage', lang)}: {say('reading.usage', lang)}", "", *wrap(say("reading.help", lang), 78)]
        Output(None, lang, data=False).write("\n".join(lines) + "\n")
        return ExitCode.DONE
    if not files:
        raise InputError(say("reading.no_file", lang))
    from ..engine.observe.read import read
    from .consultation import columns_of

    chosen = columns_of(given.all("map"), lang) or None
    output = Output(None, lang, data=form == "json")
    failed = False
    for number, name in enumerate(files):
        try:
            log = read(name, columns=chosen)
        except InputError as error:
            if len(files) < 2:
                raise
            report(error)
            failed = True
            continue
        if form == "json":
            output.write(json.dumps(_as_data(log, lang), ensure_ascii=False) + "\n")
        else:
            output.write(("\n" if number else "") + "\n".join(_as_text(log, lang)) + "\n")
    output.close()
    return ExitCode.BAD_INPUT if failed else ExitCode.DONE


def _as_data(log: Log, lang: Lang) -> dict[str, Any]:
    """What was understood, for programs."""
    used = {(s.column, s.metric): s for s in log.series}
    return {
        "source": log.source,
        "format": log.format,
        "axis": log.axis,
        "restarts": list(log.restarts),
        "notes": [{"id": note.id, "text": say(f"read.note.{note.id}", lang, **note.values), **note.values} for note in log.notes],
        "columns": [_column_data(c, used.get((c.name, c.metric or ""))) for c in log.columns],
    }


def _column_data(column: Column, series: Series | None) -> dict[str, Any]:
    data: dict[str, Any] = {"column": column.name, "metric": column.metric}
    if column.part:
        data["part"] = column.part
    if column.metric is None:
        data["why_not"] = column.why_not
        data["nearest"] = nearest(column.name, _metrics(), LIKE)
    if series is not None and len(series):
        low, high, broken = _spread(series)
        data |= {"points": len(series), "first_step": float(series.steps[0]), "last_step": float(series.steps[-1])}
        data |= {"lowest": low, "highest": high, "not_finite": broken}
    return data


def _metrics() -> tuple[str, ...]:
    from ..engine.observe.log import METRICS

    return METRICS


def _spread(series: Series) -> tuple[float | None, float | None, int]:
    import numpy as np

    good = series.values[np.isfinite(series.values)]
    return (float(good.min()), float(good.max()), len(series) - len(good)) if len(good) else (None, None, len(series))


def _as_text(log: Log, lang: Lang) -> list[str]:
    """What was understood, for people."""
    form = say(f"report.format.{log.format}", lang)
    longest = max(log.series, key=len, default=None)
    lines = [printable(log.source)]
    if longest is None or not len(longest):
        lines.append("  " + say("reading.shape.none", lang, format=form))
    else:
        first, last = _number(float(longest.steps[0])), _number(float(longest.steps[-1]))
        lines.append("  " + say(f"reading.shape.{log.axis}", lang, format=form, points=len(longest), first=first, last=last))
        lines += ["  " + text for text in _rhythm(longest, lang)]
    if log.restarts:
        shown = ", ".join(_number(step) for step in log.restarts[:5])
        more = say("read.comma", lang) + say("reading.more", lang, count=len(log.restarts) - 5) if len(log.restarts) > 5 else ""
        lines.append("  " + say("reading.restarts", lang, steps=shown + more))
    if log.series:
        lines += ["", *_used(log, lang)]
    unused = [c for c in log.columns if c.metric is None]
    if unused:
        lines += ["", say("reading.unused", lang), *(_unused(c, lang) for c in unused[:SHOWN])]
        if len(unused) > SHOWN:
            lines.append("  " + say("reading.more", lang, count=len(unused) - SHOWN))
    if log.notes:
        lines += ["", say("reading.notes", lang)]
        for note in log.notes:
            lines += ["  " + line for line in wrap(say(f"read.note.{note.id}", lang, **note.values), 76)]
    return lines


def _rhythm(series: Series, lang: Lang) -> list[str]:
    """How often it was logged, and the longest gap where one is three times as long as usual."""
    import numpy as np

    if len(series) < 3:
        return []
    strides = np.diff(series.steps)
    usual, widest = float(np.median(strides)), int(np.argmax(strides))
    said = [say("reading.every", lang, every=_number(usual))]
    if strides[widest] > 3 * usual:
        ends = _number(float(series.steps[widest])), _number(float(series.steps[widest + 1]))
        said.append(say("reading.gap", lang, size=_number(float(strides[widest])), first=ends[0], last=ends[1]))
    return said


def _used(log: Log, lang: Lang) -> list[str]:
    rows = [tuple(say(f"reading.{name}", lang) for name in ("column", "metric", "points", "range"))]
    drawn = {s.column for s in log.series}
    counters = [c for c in log.columns if c.metric in {"step", "epoch"} and c.name not in drawn]
    rows += [(_cut(c.name), c.metric or "", "", say("reading.axis_is", lang)) for c in counters]
    for s in log.series:
        low, high, broken = _spread(s)
        if low is None or high is None:
            course = ""
        else:
            course = f"{_number(float(s.values[0]))} … {_number(float(s.values[-1]))} ({_number(low)}~{_number(high)})"
        course += ("  " if course else "") + say("reading.broken", lang, count=broken) if broken else ""
        rows.append((_cut(s.column), s.metric + (f" [{s.part}]" if s.part else ""), str(len(s)), course))
    rows = rows[: SHOWN + 1] if len(rows) > SHOWN + 1 else rows
    widths = [max(display_width(row[i]) for row in rows) + 2 for i in range(3)]
    out = ["  " + "".join(pad(cell, width) for cell, width in zip(row, widths, strict=False)) + row[3] for row in rows]
    if len(log.series) > SHOWN:
        out.append("  " + say("reading.more", lang, count=len(log.series) - SHOWN))
    return [line.rstrip() for line in out]


def _unused(column: Column, lang: Lang) -> str:
    why = say(f"reading.why.{_WHY.get(column.why_not, 'unknown')}", lang)
    line = "  " + pad(_cut(column.name), WIDE + 2) + why
    near = nearest(column.name, _metrics(), LIKE) if column.why_not == "unknown meaning" else None
    return line + "; " + say("reading.map_it", lang, metric=near, column=_quoted(column.name)) if near else line


def _quoted(name: str) -> str:
    return name if name.replace("_", "").replace("/", "").isalnum() else f'"{name}"'


def _cut(name: str) -> str:
    return name if display_width(name) <= WIDE else name[: WIDE // 2] + "…"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.4g}"
