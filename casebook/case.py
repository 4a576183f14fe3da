"""A case: one training run that was looked at, from the first symptom to the cause that was confirmed.

A case is immutable; a change makes a new one, and the store keeps them all. It is withdrawn, never deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

__all__ = [
    "CLOSED", "ID", "SCHEMA", "SECTIONS", "STATUSES", "Case", "Change", "Lang", "Opinion", "Sign", "Source", "Status", "Telling", "Value",
    "clean", "now",
]  # fmt: skip

SCHEMA = 1
"""Version of the form that cases are written in. It grows when a field changes its meaning."""

ID = re.compile(r"LC-(?:\d{4}|REF)-\d{4,9}")
"""`LC-2026-0007`: the seventh case filed in 2026. `LC-REF-0007`: the seventh of the reference cases."""

Lang = Literal["en", "zh"]
Status = Literal["open", "resolved", "withdrawn", "superseded"]
STATUSES: tuple[Status, ...] = ("open", "resolved", "withdrawn", "superseded")
CLOSED = frozenset({"withdrawn", "superseded"})
"""A case in one of these states teaches nothing any more."""

Value = bool | int | float | str

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def clean(text: str) -> str:
    """`text` with LF line ends and no control characters: they are drawn (an escape becomes U+241B), so that no store, file or
    terminal takes them for commands."""
    return _CONTROL.sub(_visible, text.replace("\r\n", "\n").replace("\r", "\n"))


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _paragraphs(text: str) -> str:
    return _BLANK_LINES.sub("", clean(text).rstrip())


def _utc(moment: datetime) -> datetime:
    """To the second, in UTC. A time without a zone is taken for UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(microsecond=0)


def now() -> datetime:
    """This second, in UTC."""
    return _utc(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _clean_value(value: object) -> object:
    return _one_line(value) if isinstance(value, str) else value


def _sorted(values: Mapping[str, object]) -> dict[str, object]:
    return dict(sorted(values.items()))


def _likeliest_first(shares: dict[str, float]) -> dict[str, float]:
    return {id: round(p, 4) for id, p in sorted(shares.items(), key=lambda item: (-round(item[1], 4), item[0]))}


Name = Annotated[str, AfterValidator(_one_line), Field(max_length=100_000)]
"""One line of text."""
Text = Annotated[str, AfterValidator(_paragraphs)]
"""Paragraphs of Markdown."""
Moment = Annotated[datetime, AfterValidator(_utc), PlainSerializer(_iso, when_used="json")]
Known = Annotated[dict[Name, Annotated[Value, BeforeValidator(_clean_value)]], AfterValidator(_sorted)]
Figures = Annotated[dict[Name, float], AfterValidator(_sorted)]
Shares = Annotated[dict[Name, Annotated[float, Field(ge=0.0, le=1.0)]], AfterValidator(_likeliest_first)]


class Model(BaseModel):
    """Base: immutable, no unknown fields, finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Sign(Model):
    """A symptom that was seen, with its figures."""

    id: Name
    """Of the taxonomy (`loss_spike`)."""
    metric: Name = ""
    first_step: float | None = None
    last_step: float | None = None
    strength: float | None = Field(default=None, ge=0.0, le=1.0)
    numbers: Figures = Field(default_factory=dict[str, float])
    summary: Name = ""
    """One sentence, in the language of the case."""


class Opinion(Model):
    """A diagnosis as it was given: probabilities of the causes, before anybody knew."""

    causes: Shares = Field(default_factory=dict[str, float])
    """Cause id to probability, likeliest first; those below 0.0005 may be left out."""
    something_else: float = Field(default=0.0, ge=0.0, le=1.0)
    healthy: bool = False
    at: Moment | None = None
    product: Name = ""
    """Version of lossclinic that gave it."""
    casebook: bool = False
    """Whether what other cases teach had a part in it."""

    def best(self) -> tuple[str, float] | None:
        """The likeliest cause and its probability."""
        return next(iter(self.causes.items()), None)


class Source(Model):
    """Where a reference case is told."""

    work: Name
    """Title of the chronicle, paper, issue or page."""
    url: Name = ""
    place: Name = ""
    """Section, page or line."""
    when: str = Field(default="", pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")
    """Day, month or year of what is told; "" = the source does not say."""
    claims: tuple[Name, ...] = ()
    """Source claims of the knowledge base that rest on it."""


class Change(Model):
    """One entry of the history: somebody made this version of the case."""

    rev: Name
    """Random name of the version: two casebooks tell by it whether one has seen what the other has."""
    at: Moment
    by: Name = ""
    what: Name
    """`opened`, `edited`, `confirmed`, `withdrawn`, `imported`, ..., and what it was about."""


class Telling(Model):
    """The case told in one language. Sections are Markdown and may be empty."""

    title: Name
    seen: Text = ""
    """What was seen."""
    course: Text = ""
    """How it was found: what was tried, in which order."""
    cause: Text = ""
    """What it was, in words."""
    fix: Text = ""
    """What fixed it."""
    verified: Text = ""
    """How that was verified."""
    notes: Text = ""

    def sections(self) -> dict[str, str]:
        """Section name to text, without the empty ones, in the order they are written."""
        return {name: text for name in SECTIONS if (text := cast("str", getattr(self, name)))}


SECTIONS = ("seen", "course", "cause", "fix", "verified", "notes")
"""Sections of a telling, in the order they are written."""


class Case(Model):
    """A case. `id`, `uid` and `history` are given by the casebook that files it."""

    schema_version: int = Field(default=SCHEMA, ge=1, le=SCHEMA)
    id: str = ""
    uid: Name = ""
    """Random name for life: the same case in two casebooks, whatever its number."""
    lang: Lang
    """Language it was written in."""
    status: Status = "open"
    opened: Moment = Field(default_factory=now)
    resolved: Moment | None = None
    """When the cause was confirmed."""
    people: tuple[Name, ...] = ()
    texts: dict[Lang, Telling]
    """The case in its own language, and possibly in the other one."""
    symptoms: tuple[Sign, ...] = ()
    facts: Known = Field(default_factory=dict[str, Value])
    """Fact id to value: the setup, as told, answered or read off the log."""
    observed: Known = Field(default_factory=dict[str, Value])
    """What else the engine believed: observations, and symptoms looked for (True = there, False = not there)."""
    diagnosis: Opinion | None = None
    cause: Name = ""
    """The confirmed cause: a cause of the taxonomy, or in words when it is none of those."""
    ruled_out: dict[Name, Name] = Field(default_factory=dict[str, str])
    """Cause that was ruled out, and how."""
    links: tuple[Name, ...] = ()
    """Of runs, tickets, commits."""
    log: Name = ""
    """Where the log lay."""
    fingerprint: tuple[float, ...] = ()
    """The shape of its curves (`similar.py` says how)."""
    source: Source | None = None
    """For a reference case: where it is told."""
    superseded_by: str = ""
    history: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.id and not ID.fullmatch(self.id):
            raise ValueError("id: looks like LC-2026-0007")
        if self.superseded_by and not ID.fullmatch(self.superseded_by):
            raise ValueError("superseded_by: looks like LC-2026-0007")
        if self.lang not in self.texts:
            raise ValueError(f"title: missing in the language of the case ({self.lang})")
        if (self.status == "superseded") != bool(self.superseded_by):
            raise ValueError("superseded_by: goes together with status: superseded")
        if self.status == "resolved" and not self.cause:
            raise ValueError("cause: a resolved case has one")
        return self

    @property
    def title(self) -> str:
        """In the language of the case."""
        return self.texts[self.lang].title

    @property
    def version(self) -> int:
        """How many versions there are, this one included; 0 before it is filed."""
        return len(self.history)

    @property
    def rev(self) -> str:
        """Name of this version; "" before it is filed."""
        return self.history[-1].rev if self.history else ""

    @property
    def confirmed(self) -> bool:
        """Whether its cause is known and still stands."""
        return bool(self.cause) and self.status not in CLOSED

    def told(self, lang: str) -> Telling:
        """The telling in `lang` if there is one, else in the language of the case."""
        return self.texts["zh" if lang == "zh" else "en"] if lang in self.texts else self.texts[self.lang]

    def words(self) -> str:
        """All its text in both languages, for the search."""
        parts: list[str] = []
        for telling in self.texts.values():
            parts += [telling.title, *telling.sections().values()]
        parts += [sign.summary for sign in self.symptoms]
        parts += [self.cause, *self.ruled_out.values()]
        return "\n".join(part for part in parts if part)

    def revised(self, **changes: object) -> Case:
        """A copy with other field values, checked like any case."""
        return Case.model_validate({**{name: getattr(self, name) for name in type(self).model_fields}, **changes})
