"""The result types of explanations: why a question, how a cause, why not another, what if, and what an answer changed.

All texts are in the language of the session. Probabilities are 0..1; evidence is in decibans (10 log10 of a likelihood ratio).
"""

from __future__ import annotations

from typing import Literal

from .diagnosis import Model, Origin, Value

__all__ = [
    "Cited", "Contrast", "Difference", "Explanation", "Flip", "Ground", "How", "IfAnswer", "Reason", "Shift", "Standing", "WhatIf", "Why", "WhyNot",
]  # fmt: skip


class Standing(Model):
    """A cause and its probability."""

    id: str
    name: str
    probability: float


class Shift(Model):
    """A cause whose probability changes, with its places in the ranking (1 = first)."""

    id: str
    name: str
    before: float
    after: float
    place_before: int
    place_after: int


class Cited(Model):
    """A claim of a source: its id (`lossclinic kb claim ID`) and what the source is."""

    id: str
    source: str


class Ground(Model):
    """Something that a piece of evidence rests on: a finding, a fact, or a rule, in words."""

    id: str
    text: str
    origin: Origin
    cites: tuple[Cited, ...] = ()


class Reason(Model):
    """One piece of evidence for or against a cause."""

    id: str
    value: Value
    decibans: float
    """10 log10 of what it does to the odds of the cause; positive = for. All of them together lead from the prior to the probability."""
    text: str
    origin: Origin
    rests_on: tuple[Ground, ...] = ()
    """For what rules say: the rules and, one step further down each, what made them fire."""
    cites: tuple[Cited, ...] = ()


class IfAnswer(Model):
    """What one answer to a question would do."""

    value: Value
    label: str
    chance: float
    """How likely this answer is, going by what is known."""
    shifts: tuple[Shift, ...]
    """Of the leaders before and after."""
    first: Standing
    """The first cause with this answer."""
    changes: bool
    """Whether another cause would be first."""
    stop: bool = False
    """Whether this answer is a red flag: the run should be stopped at once."""


class Why(Model):
    """Why a question is asked."""

    kind: Literal["why"] = "why"
    fact: str
    name: str
    ask: str
    find: str
    code: dict[str, str] = {}
    gain: float
    """Expected information about the cause, in bits."""
    effort: Literal["look", "check", "rerun"]
    minutes: float
    urgent: bool
    """A red flag that is likely enough to come first."""
    leaders: tuple[Standing, ...]
    """Empty, like `answers`, for a check of a log that looks healthy: there is nothing yet to tell apart."""
    answers: tuple[IfAnswer, ...]


class How(Model):
    """How a cause came to its place: everything that speaks for and against it."""

    kind: Literal["how"] = "how"
    cause: Standing
    place: int
    prior: float
    """How common it is before anything is known."""
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    excluded_by: tuple[Ground, ...] = ()
    cites: tuple[Cited, ...] = ()
    """What the sources say about the cause."""


class Contrast(Model):
    """One piece of evidence that separates two causes."""

    id: str
    value: Value
    decibans: float
    """For the first of the two against the other."""
    text: str
    origin: Origin
    cites: tuple[Cited, ...] = ()


class Flip(Model):
    """One thing that would change the verdict, or bring a cause nearer to it, if it were so."""

    fact: str
    name: str
    value: Value | None
    """None = if it were not known."""
    label: str
    chance: float | None
    """How likely it is, going by what is known; None for what is known already."""
    first: Standing
    """The first cause then."""
    probability: float
    """Of the cause in question then: in `WhyNot` the other one, in `WhatIf` the one that is first now."""


class WhyNot(Model):
    """Why one cause stands above another."""

    kind: Literal["why_not"] = "why_not"
    first: Standing
    other: Standing
    prior_decibans: float
    """Of the first against the other, before anything is known."""
    for_first: tuple[Contrast, ...]
    for_other: tuple[Contrast, ...]
    excluded_by: tuple[Ground, ...] = ()
    tell_apart: str = ""
    """How the two are told apart in general."""
    open: tuple[Flip, ...] = ()
    """Single answers that would lift the other cause most, best first."""
    otherwise: tuple[Flip, ...] = ()
    """Known facts that, were they otherwise, would put the other cause above the first."""


class WhatIf(Model):
    """Which single thing would change the verdict."""

    kind: Literal["what_if"] = "what_if"
    first: Standing
    flips: tuple[Flip, ...]
    """Open questions whose answer would put another cause first, most likely first."""
    held_up_by: tuple[Flip, ...]
    """Known facts without which another cause would be first."""


class Difference(Model):
    """What changed between two moments of a session."""

    kind: Literal["difference"] = "difference"
    title: str = ""
    """The supposition, when it is one."""
    first_before: Standing
    first_after: Standing
    shifts: tuple[Shift, ...]
    """Causes that moved by a percent or more, largest first."""
    fired: tuple[Ground, ...]
    fell: tuple[Ground, ...]
    came: tuple[str, ...]
    gone: tuple[str, ...]


Explanation = Why | How | WhyNot | WhatIf | Difference
