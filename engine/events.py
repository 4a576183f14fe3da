"""What happens in a consultation, one event at a time, and how events become lines of a file and come back.

A consultation is its list of events; everything else (`engine/session.py`) follows from them. An event holds what was understood, not
what to understand again: a record reads the same years later, with other knowledge, and when the log it is about is gone.

    {"lossclinic": "record", "version": 1}
    {"at": "2026-11-21T05:18:03Z", "event": {"kind": "began", "lang": "zh"}}
    {"at": "2026-11-21T05:18:09Z", "event": {"kind": "heard", "text": "loss 变 nan 了", "symptoms": {"loss_nan_inf": "变 nan"}, ...}}

Pure: whoever has a file writes the lines to it (`tui/screen/record.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from ..errors import InputError
from .finding import Observed
from .observe.log import Column, Log, Note
from .reason.kernel import Value
from .wording import Lang

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = [
    "VERSION", "Answered", "Asked", "Began", "ChipRemoved", "Ended", "Event", "Filed", "HeardText", "LanguageSwitched", "LogNamed", "LogOutline",
    "LogRead", "LogRefused",    "Record", "TakenBack", "Ticked", "Told", "header_line", "parse", "to_line",
]  # fmt: skip

VERSION = 1
"""Raise when a kind of event changes its meaning; older records stay readable."""

MAGIC = "record"

ENOUGH = 5
"""Points from which a metric counts as logged: with fewer, that a symptom was not seen says nothing."""


@dataclass(frozen=True, slots=True)
class LogOutline:
    """A log without its numbers: what reports say about it, and which metrics were looked at."""

    source: str
    format: str
    axis: str
    points: int
    columns: tuple[Column, ...]
    notes: tuple[Note, ...]
    restarts: tuple[float, ...]
    logged: tuple[str, ...]
    """Metrics with at least `ENOUGH` points."""

    @classmethod
    def of(cls, log: Log) -> LogOutline:
        """The outline of a log."""
        logged = tuple(dict.fromkeys(s.metric for s in log.series if len(s) >= ENOUGH))
        points = max((len(s) for s in log.series), default=0)
        return cls(log.source, log.format, log.axis, points, log.columns, log.notes, tuple(float(r) for r in log.restarts), logged)


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody came in."""

    lang: Lang
    program: str = ""
    """Version of the program that wrote the record."""
    kind: Literal["began"] = "began"


@dataclass(frozen=True, slots=True)
class LogNamed:
    """A log was handed over; it is about to be read."""

    path: str
    kind: Literal["log_named"] = "log_named"


@dataclass(frozen=True, slots=True)
class LogRefused:
    """The log that was handed over cannot be read; why, in both languages."""

    path: str
    en: str
    zh: str
    kind: Literal["log_refused"] = "log_refused"


@dataclass(frozen=True, slots=True)
class LogRead:
    """A log was read, and this was seen in it. It takes the place of an earlier one."""

    outline: LogOutline
    seen: Observed
    path: str = ""
    """Where it can be read again."""
    kind: Literal["log_read"] = "log_read"


@dataclass(frozen=True, slots=True)
class HeardText:
    """Something was said in words, and this was understood: id to the words, fact to value and words, and where the words stand."""

    text: str
    symptoms: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, tuple[Value, str]] = field(default_factory=dict[str, "tuple[Value, str]"])
    absent: dict[str, str] = field(default_factory=dict[str, str])
    spans: dict[str, tuple[int, int]] = field(default_factory=dict[str, "tuple[int, int]"])
    confidence: dict[str, float] = field(default_factory=dict[str, float])
    """How sure it was of each symptom and fact, 0 to 1."""
    guesses: tuple[str, ...] = ()
    """Symptoms and facts that were guessed rather than said."""
    missed: tuple[tuple[int, int], ...] = ()
    """Where words stand of which nothing was understood."""
    kind: Literal["heard"] = "heard"


@dataclass(frozen=True, slots=True)
class Told:
    """A fact was stated outright."""

    fact: str
    value: Value
    kind: Literal["told"] = "told"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question was put."""

    fact: str
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered; None = "I don't know"."""

    fact: str
    value: Value | None
    kind: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An answer or a fact was taken back."""

    fact: str
    kind: Literal["taken_back"] = "taken_back"


@dataclass(frozen=True, slots=True)
class ChipRemoved:
    """Something that was heard had not been meant."""

    id: str
    kind: Literal["chip_removed"] = "chip_removed"


@dataclass(frozen=True, slots=True)
class LanguageSwitched:
    """The conversation goes on in another language."""

    lang: Lang
    kind: Literal["language"] = "language"


@dataclass(frozen=True, slots=True)
class Ticked:
    """An item of the plan was done, or was not done after all."""

    item: str
    done: bool
    kind: Literal["ticked"] = "ticked"


@dataclass(frozen=True, slots=True)
class Filed:
    """The case went into the casebook."""

    case: str
    kind: Literal["filed"] = "filed"


@dataclass(frozen=True, slots=True)
class Ended:
    """The consultation is over; it is not offered for resuming any more."""

    kind: Literal["ended"] = "ended"


Event = (
    Began | LogNamed | LogRefused | LogRead | HeardText | Told | Asked | Answered
    | TakenBack | ChipRemoved | LanguageSwitched | Ticked | Filed | Ended
)  # fmt: skip


class Record(NamedTuple):
    """What a file of events holds."""

    events: list[Event]
    torn: bool
    """The last line was not written to its end, as when the machine lost power: it is left out."""


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Event]:
    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def header_line() -> str:
    """The first line of a record, with its newline."""
    return json.dumps({"lossclinic": MAGIC, "version": VERSION}) + "\n"


def to_line(event: Event, at: datetime | None = None) -> str:
    """One event as one line, with its newline. `at`: when it happened (default: now)."""
    when = (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f'{{"at": "{when}", "event": {_adapter().dump_json(event, warnings=False).decode()}}}\n'


def parse(lines: Iterable[bytes], name: str) -> Record:
    """The events in the lines of the file `name`. A torn last line is left out; InputError for anything else that is no event, naming
    the file and the line, and for a record of a later version."""
    rows = list(lines)
    if not rows or not rows[0].endswith(b"\n"):
        raise InputError.of("triage.record.not_one", file=name)
    _check_header(rows[0], name)
    torn = not rows[-1].endswith(b"\n")
    if torn:
        rows.pop()
    events: list[Event] = []
    for number, row in enumerate(rows[1:], start=2):
        try:
            envelope = json.loads(row)
            events.append(_adapter().validate_python(envelope["event"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            if number == len(rows):
                return Record(events, torn=True)
            raise InputError.of("triage.record.bad_line", file=name, line=number) from None
    return Record(events, torn)


def _check_header(row: bytes, name: str) -> None:
    try:
        header = json.loads(row)
        is_one = header["lossclinic"] == MAGIC
        version = int(header["version"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError.of("triage.record.not_one", file=name) from None
    if not is_one:
        raise InputError.of("triage.record.not_one", file=name)
    if version > VERSION:
        raise InputError.of("triage.record.too_new", file=name, version=version, known=VERSION)
