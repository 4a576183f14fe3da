"""Any text that a training script prints: nanoGPT, Megatron-LM, fairseq, OLMo, mmdetection, Keras, tqdm, Chinese logs, own prints.

The reader of last resort: it accepts any text and looks for names with numbers, line by line, while it keeps track of the current step
and epoch. What lines look like is worked out in `line_plan`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ..log import Note
from .columns import meaning
from .line_keys import section_phase
from .line_plan import NUMBER, Plan, make_plan
from .names import clean
from .positional import header_names
from .source import Source
from .table import NotThisFormatError, Table, Track

__all__ = ["read", "sniff"]

MAX_TEXT_LINE = 4000
"""Characters; longer lines are printed configurations and data, not metrics."""
SECTION = 40
"""Characters; a longer line without numbers heads nothing."""
FEW = 3
PROSE = 20
"""A text of more than this many lines in which no loss has at least `FEW` values only talks about losses."""
MAX_SHAPES = 20_000
MAX_COLUMNS = 600
MAX_COUNTERS = 12
"""Rarer counters are words of some text between the metrics."""
ENOUGH = 10
"""With so many finished progress bars their intermediate states are left out."""
_ADDRESS = re.compile(r"(?:^|\s)/\S|https?\b", re.I)
"""Names that hold a path or the word HTTP are requests of a web server."""
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]|\x08")
_STAMP = re.compile(
    r"\s*[\[(<]?(?:[IWEFD]\d{4}\s+)?(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T ,_]*)?"
    r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?:\s?[AP]M)?(?:[+-]\d\d:?\d\d|Z)?[\])>]?[\s\-:,|]*"
)


@dataclass(slots=True)
class _Column:
    name: str
    means: str = ""
    rows: list[int] = field(default_factory=list[int])
    values: list[float] = field(default_factory=list[float])

    def without(self, rows: list[int]) -> None:
        """Leave out `rows`, which are among the first."""
        gone = set(rows)
        while self.rows and self.rows[0] in gone:
            del self.rows[0], self.values[0]


class _Scan:
    """State of one walk through the text."""

    def __init__(self, *, every_state: bool) -> None:
        self.every_state = every_state
        self.row = 0
        self.lines = 0
        self.columns: dict[tuple[str, str, str], _Column] = {}
        self.counters: dict[tuple[str, bool, bool], _Column] = {}
        self.epochs: dict[bool, _Column] = {}
        self.banners: list[int] = []
        self.dumps: list[int] = []
        """Rows of lines that list settings rather than metrics."""
        self.header: tuple[str, ...] = ()
        self.section = ""
        """"val" below a line like "Test Error:", until a counter or another such line comes."""
        self.plans: dict[tuple[str, ...], Plan | None] = {}
        self.bars = 0
        self.skipped_states = 0
        self.losses = 0

    def line(self, text: str) -> None:
        """One physical line; of the states of a progress bar only the last with a loss, unless every one is wanted."""
        if "\x1b" in text or "\x08" in text:
            text = _ANSI.sub("", text)
        if "\r" not in text:
            self._state(text)
            return
        states = text.split("\r")
        if self.every_state:
            for state in states:
                self._state(state)
            return
        self.bars += 1
        for i in range(len(states) - 1, -1, -1):
            if states[i] and self._state(states[i]):
                self.skipped_states += i
                return

    def _state(self, text: str) -> bool:
        """Read `text`; whether it held a loss."""
        if len(text) > MAX_TEXT_LINE:
            return False
        stamp = _STAMP.match(text)
        if stamp is not None:
            text = text[stamp.end() :]
        parts = NUMBER.split(text)
        shape = tuple(parts[0::2])
        try:
            plan = self.plans[shape]
        except KeyError:
            plan = self._plan(shape)
        if plan is None:
            if len(shape) == 1 and shape[0].rstrip()[-1:] in {":", "："} and len(shape[0]) <= SECTION:
                self.section = section_phase(shape[0])
            return False
        if plan.banner and not plan.fields:
            self.banners.append(self.row)
        if plan.epoch < 0 and plan.step < 0 and not plan.fields:
            return False
        self._record(plan, parts)
        return plan.has_loss

    def _plan(self, shape: tuple[str, ...]) -> Plan | None:
        if len(self.plans) >= MAX_SHAPES:
            self.plans.clear()
        if len(shape) == 1:
            header = header_names(shape[0])
            if header and header != self.header:
                self.header = header
                self.plans.clear()
        plan = make_plan(shape, self.header)
        self.plans[shape] = plan
        return plan

    def _record(self, plan: Plan, parts: list[str]) -> None:
        row = self.row
        if plan.epoch >= 0:
            epochs = self.epochs.get(plan.alone)
            if epochs is None:
                epochs = self.epochs[plan.alone] = _Column("epoch")
            epochs.rows.append(row)
            epochs.values.append(_float(parts[2 * plan.epoch + 1]))
        if plan.step >= 0:
            key = (plan.step_name.lower(), plan.within, plan.alone)
            counter = self.counters.get(key)
            if counter is None:
                counter = self.counters[key] = _Column(plan.step_name)
            counter.rows.append(row)
            counter.values.append(_float(parts[2 * plan.step + 1]))
        if plan.step >= 0 or plan.epoch >= 0:
            self.section = ""
        level = "step" if plan.step >= 0 else "epoch" if plan.epoch >= 0 else ""
        for f in plan.fields:
            phase = f.phase
            if self.section and not phase and meaning(f.means or f.name).kind in {"train_loss", "train_accuracy"}:
                phase = self.section
            key3 = (f.name.lower(), phase, level)
            column = self.columns.get(key3)
            if column is None:
                if len(self.columns) >= MAX_COLUMNS:
                    continue
                column = self.columns[key3] = _Column(f.name, f.means)
            if column.rows and column.rows[-1] == row:
                continue
            column.rows.append(row)
            value = _float(parts[2 * f.index + 1])
            if f.total >= 0:
                value /= _float(parts[2 * f.total + 1]) or 1.0
            column.values.append(value)
        if plan.dump:
            self.dumps.append(row)
        self.losses += plan.has_loss
        self.row += 1


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def sniff(source: Source) -> float:
    """Always a little: any text may be a log."""
    return 0.0 if source.binary else 0.1


def read(source: Source) -> Table:
    """Every named number of the text; raises `NotThisFormatError` when there is none."""
    scan = _scan(source, every_state=False)
    notes = list(source.notes)
    if scan.losses < ENOUGH and scan.skipped_states > 10:
        scan = _scan(source, every_state=True)
    elif scan.bars > 1 and scan.skipped_states:
        notes.append(Note("progress_bars"))
    if not scan.columns:
        raise NotThisFormatError
    tracks, within = _tracks(scan)
    losses = [len(t.values) for t in tracks if meaning(t.name).kind in {"train_loss", "val_loss"}]
    if max(losses, default=FEW) < FEW and scan.lines > PROSE:
        raise NotThisFormatError  # prose that mentions a loss here and there
    return Table("text", tracks, scan.row, notes=notes, restart_rows=scan.banners, within=within, is_table=False)


def _scan(source: Source, *, every_state: bool) -> _Scan:
    scan = _Scan(every_state=every_state)
    for lines in source.lines():
        for line in lines:
            scan.lines += 1
            scan.line(line)
    return scan


def _tracks(scan: _Scan) -> tuple[list[Track], set[str]]:
    tracks: list[Track] = []
    within: set[str] = set()
    counters = _merged([c for (_, inside, _), c in scan.counters.items() if not inside])
    inner = _merged([c for (_, inside, _), c in scan.counters.items() if inside])
    epochs = _merged(list(scan.epochs.values()))[:1]
    counted = min((c.rows[0] for c in (*counters[:1], *inner[:1], *epochs) if c.rows), default=0)
    for column in scan.columns.values():
        column.without([row for row in scan.dumps if row < counted])
    metrics = _metrics(scan)
    losses = [m for m in metrics if meaning(m.means or m.name).kind in {"train_loss", "val_loss"}]
    often = min(3, max((len(m.rows) for m in losses), default=0))
    first = min((m.rows[0] for m in losses if len(m.rows) >= often), default=0)
    heads = [c for c in (*counters[:1], *inner[:1], *epochs) if c.rows]
    start = min(max((r for c in heads for r in c.rows[:2000] if r <= first), default=first), first)
    used: set[str] = set()
    for column in [*counters, *inner, *epochs]:
        name = _free(column.name, used)
        if any(c is column for c in inner):
            within.add(name)
        means = "" if meaning(name).kind in {"step", "epoch"} else "step"
        tracks.append(_track(name, means, column, 0))
    for column in metrics:
        track = _track(_free(column.name, used), column.means, column, start)
        if len(track) >= min(3, scan.losses) or (len(track) and meaning(track.means or track.name).kind):
            tracks.append(track)
    return tracks, within


def _free(name: str, used: set[str]) -> str:
    unique, n = clean(name), 2
    while unique.lower() in used:
        unique, n = f"{clean(name)} ({n})", n + 1
    used.add(unique.lower())
    return unique


def _track(name: str, means: str, column: _Column, start: int) -> Track:
    rows = np.array(column.rows, dtype=np.int64)
    keep = rows >= start
    return Track(name, rows[keep], np.array(column.values, dtype=np.float64)[keep], means)


def _merged(counters: list[_Column]) -> list[_Column]:
    """Counters that only go forward when taken together ("step 0: val loss" and "iter 0: loss") as one, the longest one leading."""
    if len(counters) < 2:
        return counters
    lead, *others = sorted(counters, key=lambda c: -len(c.rows))[:MAX_COUNTERS]
    rest: list[_Column] = []
    for other in others:
        pairs = sorted([*zip(lead.rows, lead.values, strict=True), *zip(other.rows, other.values, strict=True)])
        both = _Column(lead.name, "", [r for r, _ in pairs], [v for _, v in pairs])
        if _backward(both.values) <= _backward(lead.values) + (1 if len(other.rows) > 20 else 0):
            lead = both
        else:
            rest.append(other)
    return [lead, *rest]


def _backward(values: list[float]) -> int:
    return sum(1 for a, b in pairwise(values) if b < a)


def _metrics(scan: _Scan) -> list[_Column]:
    """Columns of one name at different levels (per step, per epoch, on lines of their own) put together or told apart."""
    result: list[_Column] = []
    done: set[tuple[str, str]] = set()
    for name, phase, _level in scan.columns:
        if (name, phase) in done or _ADDRESS.search(name):
            continue
        done.add((name, phase))
        levels = {lv: c for lv in ("step", "epoch", "") if (c := scan.columns.get((name, phase, lv))) is not None and c.rows}
        if not levels:
            continue
        per_step, per_epoch, plain = levels.get("step"), levels.get("epoch"), levels.get("")
        if per_step is None or meaning(per_step.means or per_step.name).kind is None:
            result.append(_joined(list(levels.values()), phase))
            continue
        if plain is not None and len(plain.rows) >= len(per_step.rows) / 3:
            result.append(_joined([per_step, plain], phase))
            plain = None
        else:
            result.append(_joined([per_step], phase))
        rest = [c for c in (per_epoch, plain) if c is not None]
        if rest:
            joined = _joined(rest, phase)
            joined.name, joined.means = f"{joined.name} (epoch)", f"{joined.means or joined.name} epoch"
            result.append(joined)
    return result


def _joined(columns: list[_Column], phase: str) -> _Column:
    pairs = sorted(pair for c in columns for pair in zip(c.rows, c.values, strict=True))
    name = columns[0].name if not phase else f"{phase}/{columns[0].name}"
    return _Column(name, next((c.means for c in columns if c.means), ""), [r for r, _ in pairs], [v for _, v in pairs])
