"""Any text that a training script prints: nanoGPT, Megatron-LM, fairseq, OLMo, mmdetection, Keras, tqdm, Chinese logs, own prints.

The reader of last resort: it accepts any text and looks for names with numbers, line by line, while it keeps track of the current step
and epoch. What lines look like is worked out in `line_plan`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from ..log import Note
from .columns import meaning, simplified
from .gather import Gather, Pending
from .line_keys import heading_phase
from .line_plan import AT_SOME_TIME, NUMBER, WHEN, Plan, make_plan
from .positional import header_names
from .progress_bars import Bars
from .ranks import Ranks
from .source import Source
from .table import NotThisFormatError, Table
from .text_columns import LOSSES, Column, Found, tracks_of

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
ENOUGH = 10
"""With so many finished progress bars their intermediate states may be left out."""
_ADDRESS = re.compile(r"(?:^|\s)/\S|https?\b", re.I)
"""Names that hold a path or the word HTTP are requests of a web server."""
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]|\x08")
_STAMP = re.compile(
    r"\s*[\[(<]?(?:[IWEFD]\d{4}\s+)?(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T ,_]*)?"
    r"\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?:\s?[AP]M)?(?:[+-]\d\d:?\d\d|Z)?[\])>]?[\s\-:,|]*"
    r"|(?:DEBUG|INFO|WARNING|ERROR):[\w.\-]+:"
)
"""The time at the beginning of a line, or level and name of a Python logger."""


@dataclass(slots=True)
class _Named:
    """A column in the making."""

    name: str
    means: str
    pending: Pending


@dataclass(frozen=True, slots=True)
class _Known:
    """A shape of line that has been read once: the column and the place in the line of each number."""

    places: tuple[tuple[Pending, int], ...]
    has_loss: bool
    phase: str
    total: int


class _Scan:
    """State of one walk through the text."""

    def __init__(self, *, every_state: bool, ranks: Ranks) -> None:
        self.every_state = every_state
        self.ranks = ranks
        self.gather = Gather()
        self.lines = 0
        self.metrics: dict[tuple[str, str, str], _Named] = {}
        self.counters: dict[tuple[str, bool, bool], _Named] = {}
        self.epochs: dict[bool, _Named] = {}
        self.marked: list[bool] = []
        """For each marked row: whether training was started again before it; otherwise its line lists settings."""
        self.header: tuple[str, ...] = ()
        self.section = ""
        """"val" below a line like "Test Error:", until a counter or another such line comes."""
        self.after = ""
        """Phase of the last line that said one."""
        self.total = ""
        """How many steps the training lines say there are."""
        self.plans: dict[tuple[str, ...], Plan | None] = {}
        self.known: dict[tuple[str, ...], _Known] = {}
        """Where the numbers of a line go, for shapes that mean the same wherever they stand."""
        self.bars = Bars()
        self.skipped_states = 0
        self.losses = 0

    def line(self, text: str) -> None:
        """One physical line; of the states of a progress bar only the last with a loss, unless every one is wanted."""
        self.lines += 1
        if not text or text.isspace():
            return
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
        for i in range(len(states) - 1, -1, -1):
            if states[i] and self._state(states[i]):
                self.skipped_states += i
                self.bars.follow(states[: i + 1], self._loss)
                return

    @property
    def finite(self) -> bool:
        """Whether any training loss is a number; of a very long text that is taken for granted."""
        losses = (named.pending.values for named in self.metrics.values() if meaning(named.means or named.name).kind == "train_loss")
        return self.gather.seen > self.gather.row or any(np.isfinite(np.array(values)).any() for values in losses)

    def _loss(self, text: str) -> float | None:
        """The training loss in a state of a bar, without keeping it."""
        if len(text) > MAX_TEXT_LINE:
            return None
        parts, _ = self._apart(text)
        shape = tuple(parts[0::2])
        plan = self.plans[shape] if shape in self.plans else self._plan(shape)
        fields = plan.fields if plan is not None and plan.has_loss else ()
        return next((_float(parts[2 * f.index + 1]) for f in fields if meaning(f.means or f.name).kind == "train_loss"), None)

    def _apart(self, text: str) -> tuple[list[str], int | None]:
        """What is between the numbers of a line and the numbers, in turn, and the process that printed it."""
        text, rank = self.ranks.taken_off(text)
        stamp = _STAMP.match(text)
        if stamp is not None:
            text = text[stamp.end() :]
        if ":" in text or "-" in text or "/" in text:
            text = WHEN.sub(AT_SOME_TIME, text)
        return NUMBER.split(simplified(text)), rank

    def _state(self, text: str) -> bool:
        """Read `text`; whether it held a loss."""
        if len(text) > MAX_TEXT_LINE:
            return False
        parts, rank = self._apart(text)
        shape = tuple(parts[0::2])
        if rank is None and not self.section and (known := self.known.get(shape)) is not None:
            return self._record_known(known, parts)
        try:
            plan = self.plans[shape]
        except KeyError:
            plan = self._plan(shape)
        if plan is None:
            if len(shape) == 1 and len(shape[0]) <= SECTION:
                phase = heading_phase(shape[0])
                self.section = self.section if phase is None else phase
            return False
        if plan.banner and not plan.fields:
            self._mark(restart=True)
        if plan.epoch < 0 and plan.step < 0 and not plan.fields:
            return False
        if rank is not None and plan.has_loss and self.ranks.is_another(rank):
            self._record_rank(plan, parts, rank)
        else:
            places = self._record(plan, parts)
            if places is not None:
                self.known[shape] = _Known(tuple(places), plan.has_loss, plan.phase, plan.total if plan.has_loss and plan.phase != "val" else -1)
        return plan.has_loss

    def _record_known(self, known: _Known, parts: list[str]) -> bool:
        row = self.gather.row
        for pending, place in known.places:
            rows = pending.rows
            if not rows or rows[-1] != row:
                rows.append(row)
                text = parts[place]
                pending.values.append(_float(text) if "," in text else float(text))
        self.after = known.phase
        self.losses += known.has_loss
        if known.total >= 0:
            self.total = parts[2 * known.total + 1]
        self.gather.next()
        return known.has_loss

    def _plan(self, shape: tuple[str, ...]) -> Plan | None:
        if len(self.plans) >= MAX_SHAPES:
            self.plans.clear()
            self.known.clear()
        if len(shape) == 1:
            header = header_names(shape[0])
            if header and header != self.header:
                self.header = header
                self.plans.clear()
                self.known.clear()
        plan = make_plan(shape, self.header)
        self.plans[shape] = plan
        return plan

    def _mark(self, *, restart: bool) -> None:
        self.marked.append(restart)
        self.gather.mark()

    def _put(self, named: _Named, value: float) -> None:
        rows, row = named.pending.rows, self.gather.row
        if not rows or rows[-1] != row:
            rows.append(row)
            named.pending.values.append(value)

    def _record(self, plan: Plan, parts: list[str]) -> list[tuple[Pending, int]] | None:
        """Keep the numbers of a line; where each went, if all lines of this shape are to be read in the same way."""
        counted = plan.step >= 0 or plan.epoch >= 0
        if counted and self.section and self._other_total(plan, parts):
            counted = False
        elif counted:
            self.section = ""
        level = "step" if counted and plan.step >= 0 else "epoch" if counted else ""
        places = self._count(plan, parts) if counted else []
        for f in plan.fields:
            phase = f.phase
            if self.section and not phase and meaning(f.means or f.name).kind in {"train_loss", "train_accuracy"}:
                phase = self.section
            elif not counted and self.after == "val" and not plan.has_loss and meaning(f.means or f.name).kind == "train_accuracy":
                phase = self.after
            name, means = f.name, f.means
            key = (name.lower(), phase, level)
            named = self.metrics.get(key)
            if named is None:
                if len(self.metrics) >= MAX_COLUMNS:
                    continue
                named = self.metrics[key] = _Named(name, means, self.gather.column())
            text = parts[2 * f.index + 1]
            if f.behind >= 0 and text.isdigit() and not parts[2 * f.behind + 1].isdigit():
                if not counted:
                    self._put(self._counter("step", within=False, alone=False), _float(text))
                text = parts[2 * f.behind + 1]
            value = _float(text)
            if f.total >= 0:
                value /= _float(parts[2 * f.total + 1]) or 1.0
            self._put(named, value)
            places.append((named.pending, 2 * f.index + 1))
        if plan.fields:
            self.after = plan.phase if counted or plan.phase else self.after
        if plan.dump:
            self._mark(restart=False)
        self.losses += plan.has_loss
        self.gather.next()
        plain = counted and plan.fields and not self.section and not plan.dump and not plan.banner
        return places if plain and all(f.behind < 0 and f.total < 0 for f in plan.fields) else None

    def _other_total(self, plan: Plan, parts: list[str]) -> bool:
        """Whether the line counts something else than the training lines do: "step 20/20" below "Eval begin..."."""
        return plan.epoch < 0 and plan.total >= 0 and bool(self.total) and parts[2 * plan.total + 1] != self.total

    def _count(self, plan: Plan, parts: list[str]) -> list[tuple[Pending, int]]:
        """Keep the counters of a line, and say which number of it each one is."""
        places: list[tuple[Pending, int]] = []
        if plan.epoch >= 0:
            named = self.epochs.get(plan.alone)
            if named is None:
                named = self.epochs[plan.alone] = _Named("epoch", "", self.gather.column())
            self._put(named, _float(parts[2 * plan.epoch + 1]))
            places.append((named.pending, 2 * plan.epoch + 1))
        if plan.step >= 0:
            named = self._counter(plan.step_name, within=plan.within, alone=plan.alone)
            self._put(named, _float(parts[2 * plan.step + 1]))
            places.append((named.pending, 2 * plan.step + 1))
            if plan.total >= 0 and plan.has_loss and plan.phase != "val":
                self.total = parts[2 * plan.total + 1]
        return places

    def _counter(self, name: str, *, within: bool, alone: bool) -> _Named:
        key = (name.lower(), within, alone)
        named = self.counters.get(key)
        if named is None:
            named = self.counters[key] = _Named(name, "", self.gather.column())
        return named

    def _record_rank(self, plan: Plan, parts: list[str], rank: int) -> None:
        """Of the line of another process only its loss, as the loss of that rank."""
        field = next((f for f in plan.fields if meaning(f.means or f.name).kind == "train_loss" and not f.phase), None)
        if field is None:
            return
        key = (f"{field.name.lower()} (rank {rank})", "", "")
        named = self.metrics.get(key)
        if named is None:
            if len(self.metrics) >= MAX_COLUMNS:
                return
            named = self.metrics[key] = _Named(f"{field.name} (rank {rank})", f"rank {rank} loss", self.gather.column())
        self._put(named, _float(parts[2 * field.index + 1]))
        self.gather.next()

    def found(self) -> tuple[Found, list[int]]:
        """Everything, and the rows before which training was started again."""
        gather = self.gather
        gather.finish()

        def column(named: _Named) -> Column:
            rows, values = gather.take(named.pending)
            return Column(named.name, named.means, np.arange(len(values), dtype=np.int64) if rows is None else rows, values)

        marks = gather.marks()
        counters = {key: column(named) for key, named in self.counters.items()}
        found = Found(
            [c for (_, within, _), c in counters.items() if not within],
            [c for (_, within, _), c in counters.items() if within],
            [column(named) for named in self.epochs.values()],
            {key: column(named) for key, named in self.metrics.items() if not _ADDRESS.search(named.name)},
            np.array([row for row, restart in zip(marks, self.marked, strict=True) if not restart], dtype=np.int64),
            self.losses,
        )
        return found, [row for row, restart in zip(marks, self.marked, strict=True) if restart]


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def sniff(source: Source) -> float:
    """Always a little: any text may be a log."""
    return 0.0 if source.binary else 0.1


def read(source: Source) -> Table:
    """Every named number of the text; raises `NotThisFormatError` when there is none."""
    scan, left_out = _chosen(source)
    notes = [*source.notes, *([Note("progress_bars")] if left_out else [])]
    if not scan.metrics:
        raise NotThisFormatError
    found, restarts = scan.found()
    tracks, within = tracks_of(found)
    losses = [len(t.values) for t in tracks if meaning(t.name).kind in LOSSES]
    if max(losses, default=FEW) < FEW and scan.lines > PROSE:
        raise NotThisFormatError  # prose that mentions a loss here and there
    gather = scan.gather
    if gather.rows < gather.seen:
        notes.append(Note("thinned", {"count": gather.seen, "kept": gather.rows}))
    notes += scan.ranks.notes()
    return Table("text", tracks, gather.rows, notes=notes, restart_rows=restarts, within=within, is_table=False, numbers=gather.numbers())


def _chosen(source: Source) -> tuple[_Scan, bool]:
    """The reading of the text that tells most, and whether states of progress bars were left out for it.

    Every state is read of one bar, however many pieces it is in, of bars that show the losses of batches, and where none of the last
    states has a number; of others, which show running means, only the last.
    """
    scan = _scan(source, every_state=False)
    if (scan.losses < ENOUGH and scan.skipped_states > 10) or scan.bars.is_one:
        return _scan(source, every_state=True), False
    if scan.bars.count < 2 or not scan.skipped_states:
        return scan, False
    if scan.bars.of_batches or not scan.finite:
        return _scan(source, every_state=True), False
    return scan, True


def _scan(source: Source, *, every_state: bool) -> _Scan:
    scan = _Scan(every_state=every_state, ranks=Ranks(source.head_lines))
    for lines in source.lines():
        for line in lines:
            scan.line(line)
    return scan
