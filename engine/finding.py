"""What a detector hands over: language-free findings, observations and facts, and the checks it could not make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Recovery = Literal["fast", "slow", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Moved:
    """When a metric left its normal band around an event: the step, and to within how many steps it is known."""

    metric: str
    step: float
    within: float


@dataclass(frozen=True, slots=True)
class RawFinding:
    """A symptom seen in a log, without words."""

    id: str
    metric: str
    first_step: float
    last_step: float
    strength: float
    """0..1: 0.5 = just beyond the threshold, 1 = unmistakable."""
    message: str
    """Id of the sentence in the catalogue; its placeholders are the names in `numbers`."""
    numbers: dict[str, float] = field(default_factory=dict[str, float])
    recovery: Recovery | None = None
    part: str = ""
    alarming: bool = True
    """False when the finding is worth telling but calls for no action by itself."""
    moved: tuple[Moved, ...] = ()
    """What left its band around the onset, first one first; the finding's own metric is among them. Empty when nothing could be compared."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A value read off the log for a fact (askable) or an observation (log-only), with where it was read."""

    id: str
    value: bool | str | float
    metric: str
    first_step: float | None = None
    last_step: float | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A check that was skipped, with the reason and what to log next time, as message ids."""

    check: str
    reason: str
    values: dict[str, str | int | float] = field(default_factory=dict[str, "str | int | float"])


@dataclass(slots=True)
class Observed:
    """Everything seen in one log."""

    findings: list[RawFinding] = field(default_factory=list[RawFinding])
    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    skipped: list[NotChecked] = field(default_factory=list[NotChecked])

    def note(self, id: str, value: bool | str | float, metric: str, first: float | None = None, last: float | None = None) -> None:
        """Record what was read for a fact or observation; the first reading stands."""
        self.seen.setdefault(id, Seen(id, value, metric, first, last))

    def in_order(self) -> list[RawFinding]:
        """The findings in the order of telling: what calls for action first, each group by where it begins."""
        return sorted(self.findings, key=lambda f: (not f.alarming, f.first_step))

    def has(self, id: str) -> bool:
        """Whether a finding with this id is there."""
        return any(f.id == id for f in self.findings)
