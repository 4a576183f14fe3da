"""Findings of one kind belong together: eight spikes are one thing to think about, seen eight times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..engine.diagnosis import Diagnosis, Finding

__all__ = ["Sighting", "by_kind", "sightings"]


class Sighting(NamedTuple):
    """All findings of one symptom in one metric, under the number that lists and pictures give it."""

    number: int
    findings: tuple[Finding, ...]

    @property
    def strongest(self) -> Finding:
        """The one to describe; among equals the earliest."""
        return max(self.findings, key=lambda finding: finding.strength)

    @property
    def first_step(self) -> float | None:
        """Where it begins."""
        return min((f.first_step for f in self.findings if f.first_step is not None), default=None)

    @property
    def last_step(self) -> float | None:
        """Where it ends."""
        return max((f.last_step for f in self.findings if f.last_step is not None), default=None)


def sightings(diagnosis: Diagnosis) -> list[Sighting]:
    """The findings of a diagnosis by kind, numbered from 1 in the order in which each kind comes first."""
    return by_kind(diagnosis.symptoms)


def by_kind(symptoms: Iterable[Finding]) -> list[Sighting]:
    """Findings by kind, numbered from 1 in the order in which each kind comes first."""
    kinds: dict[tuple[str, str | None, str], list[Finding]] = {}
    for finding in symptoms:
        kinds.setdefault((finding.id, finding.metric, finding.part), []).append(finding)
    return [Sighting(number, tuple(findings)) for number, findings in enumerate(kinds.values(), start=1)]
