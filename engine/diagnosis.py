"""The result types that everything above the engine reads. `Diagnosis.model_dump(mode="json")` is what `--format json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from ..kb.record import Record

if TYPE_CHECKING:
    from pydantic import Field, SerializeAsAny

__all__ = [
    "Also", "Answer", "Diagnosis", "Evidence", "Experiment", "Finding", "FixAdvice", "Origin", "Outcome", "Question", "RankedCause", "RedFlag",
    "Skipped", "TrustedFact",
]  # fmt: skip

Value = bool | int | float | str


class Model(Record):
    """Base of the result types: immutable."""

    model_config = {"frozen": True}


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
    strength: Annotated[float, Field(ge=0.0, le=1.0)]
    """How sure and how large: 0.5 = just beyond the threshold, 1 = unmistakable."""
    summary: str
    """One sentence with the numbers, in the language of the diagnosis."""
    part: str = ""
    """Which of several series of the metric, when there are several."""
    numbers: dict[str, float] = {}
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
    """10 log10 of what it does to the odds of the cause; positive = for. All of them together lead from the prior to the probability."""
    text: str
    origin: Origin


class FixAdvice(Model):
    """Something to do about a cause."""

    id: str
    horizon: Literal["now", "for_good"]
    name: str
    do: str
    code: dict[str, str] = {}
    """Lines to paste, by framework."""


class RankedCause(Model):
    """A cause with its probability and why."""

    id: str
    name: str
    probability: Annotated[float, Field(ge=0.0, le=1.0)]
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
    urgent: bool = False
    """A red flag that is likely: the run may have to be stopped."""


class Outcome(Model):
    """One outcome of an experiment."""

    value: Value | None = None
    label: str
    """What is seen."""
    chance: float | None = None
    """How likely it is, going by what is known; None when it is not known."""
    means: str = ""
    cause: str = ""
    """The cause that would then be first, its name and probability."""
    name: str = ""
    probability: float | None = None


class Experiment(Model):
    """The cheapest check or run that best separates the leading causes."""

    fact: str | None = None
    """The fact that it settles."""
    title: str
    separates: tuple[str, ...]
    """Names of the causes that it tells apart; a single one when it can only be confirmed."""
    effort: Literal["look", "check", "rerun"]
    minutes: float
    gain: float
    """Expected information about these causes, in bits."""
    how: str
    code: dict[str, str] = {}
    outcomes: tuple[Outcome, ...]


class Also(Model):
    """A second cause that may be at work at the same time: it explains strong findings that the first one does not."""

    id: str
    name: str
    decibans: float
    """How much better it explains them than the first cause does. No probability: the ranking weighs single causes."""
    explains: tuple[Evidence, ...]


class RedFlag(Model):
    """Something on which the run should be stopped at once."""

    id: str
    """Symptom or fact."""
    text: str


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
    """Why no further question was asked: `sure`, `no_gain`, `nothing_left`, `cap`, `healthy`; empty when asking was not begun or was broken off."""
    red_flags: tuple[RedFlag, ...] = ()
    also: Also | None = None
    experiment: Experiment | None = None
    """What to do next when questions have run out; None when healthy."""
    explanations: tuple[SerializeAsAny[Model], ...] = ()
    """Those that were asked for (`engine/explanation.py`)."""
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
