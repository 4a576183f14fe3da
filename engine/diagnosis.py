"""The result types that everything above the engine reads. `Diagnosis.model_dump(mode="json")` is what `--format json` prints."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Answer", "Diagnosis", "Evidence", "Finding", "FixAdvice", "Origin", "Question", "RankedCause", "Skipped", "TrustedFact"]

Value = bool | int | float | str


class Model(BaseModel):
    """Base of the result types: immutable."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Origin(Model):
    """Where a fact or a piece of evidence comes from."""

    kind: Literal["metric", "answer", "told", "text", "rule", "prior", "casebook"]
    """`metric` = read off the log; `answer` = reply to a question; `told` = known before; `text` = heard in what was typed."""
    detail: str = ""
    """For `metric` its name, for `rule` the rule id, for `text` the words."""
    first_step: float | None = None
    last_step: float | None = None
    claims: tuple[str, ...] = ()
    """Source claims behind it (knowledge base ids, `lossclinic kb claim ID`)."""


class Finding(Model):
    """A symptom that was found."""

    id: str
    metric: str | None = None
    """Canonical name of the metric it shows in; None when a person reported it."""
    first_step: float | None = None
    last_step: float | None = None
    strength: float = Field(ge=0.0, le=1.0)
    """How sure and how large: 0.5 = just beyond the threshold, 1 = unmistakable."""
    summary: str
    """One sentence with the numbers, in the language of the diagnosis."""
    part: str = ""
    """Which of several series of the metric, when there are several."""
    numbers: dict[str, float] = Field(default_factory=dict[str, float])
    """The figures of the summary by name (`ratio`, `size_noise`, `period`, ...)."""
    recovery: Literal["fast", "slow", "partial", "none"] | None = None
    alarming: bool = True
    """False when it is worth telling but calls for no action by itself."""
    origin: Origin


class Evidence(Model):
    """One finding that speaks for or against a cause, with its weight."""

    id: str
    """Symptom, fact, observation, or rule."""
    value: Value
    decibans: float
    """10 log10 of the likelihood ratio against the average of the other causes; positive = for."""
    text: str
    origin: Origin


class FixAdvice(Model):
    """Something to do about a cause."""

    id: str
    horizon: Literal["now", "for_good"]
    name: str
    do: str
    code: dict[str, str] = Field(default_factory=dict[str, str])
    """Lines to paste, by framework."""


class RankedCause(Model):
    """A cause with its probability and why."""

    id: str
    name: str
    probability: float = Field(ge=0.0, le=1.0)
    evidence: tuple[Evidence, ...] = ()
    fixes: tuple[FixAdvice, ...] = ()


class TrustedFact(Model):
    """A fact that the engine believes."""

    value: Value
    origin: Origin


class Answer(Model):
    """A question that was asked, and the answer (None = "I don't know")."""

    fact: str
    answer: Value | None


class Question(Model):
    """A question that it would ask next."""

    fact: str
    ask: str
    gain: float
    """Expected information about the cause, in bits."""
    effort: Literal["look", "check", "rerun"]
    minutes: float


class Skipped(Model):
    """A check that could not be made, why, and what to log so that it can be made next time."""

    check: str
    reason: str


class ColumnUse(Model):
    """How a column of the log was understood."""

    column: str
    metric: str | None
    note: str = ""


class LogSummary(Model):
    """What was read."""

    source: str
    format: str
    axis: str
    points: int
    columns: tuple[ColumnUse, ...]
    notes: tuple[str, ...] = ()


class Diagnosis(Model):
    """What the clinic has to say about one run."""

    schema_version: int = 1
    lang: Literal["en", "zh"]
    healthy: bool
    """Nothing found that calls for action."""
    symptoms: tuple[Finding, ...]
    causes: tuple[RankedCause, ...]
    """Best first. Their probabilities and `something_else` sum to 1."""
    something_else: float
    """Probability that the cause is none of those known."""
    facts: dict[str, TrustedFact]
    asked: tuple[Answer, ...] = ()
    next_questions: tuple[Question, ...] = ()
    stopped: str = ""
    """Why no further question was asked: `sure`, `no_gain`, `cap`, `healthy`."""
    skipped: tuple[Skipped, ...] = ()
    log: LogSummary | None = None

    def symptom_ids(self) -> tuple[str, ...]:
        """Ids of the symptoms found, without repeats."""
        return tuple(dict.fromkeys(finding.id for finding in self.symptoms))

    def to_json(self) -> str:
        """One JSON object on one line."""
        return self.model_dump_json()

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return self.model_dump(mode="json")
