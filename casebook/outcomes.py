"""How often the diagnoses were right, and how far their probabilities can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from .case import Case

__all__ = ["Bin", "Outcomes", "Tally", "calibration", "tally"]

BINS = 10
"""Intervals of the reliability table (Guo et al. 2017 use 15; a casebook has fewer cases)."""

Z = 1.96
"""Standard normal quantile of the 95 % interval."""


class Tally(NamedTuple):
    """One cause in the confirmed cases."""

    cause: str
    confirmed: int
    first: int
    """How often it was the likeliest of the diagnosis."""
    among_three: int
    diagnosed: int
    """How many of these cases have a diagnosis to compare with."""
    days: float | None
    """Median time from opening to confirming, in days."""


class Bin(NamedTuple):
    """One row of the reliability table: diagnoses that gave their first cause a probability in [low, high)."""

    low: float
    high: float
    n: int
    said: float
    """Mean probability that was given."""
    right: float
    """Share that turned out right."""
    least: float
    most: float
    """95 % interval of that share (Wilson 1927)."""


class Outcomes(NamedTuple):
    """Predicted against confirmed."""

    cases: int
    right: int
    brier: float
    """Mean over the cases of the sum over the causes and "something else" of (p - outcome)^2: 0 perfect, 2 worst (Brier 1950)."""
    ece: float
    """Expected calibration error of the first cause: mean distance of `said` and `right`, weighted by cases (Naeini et al. 2015)."""
    bins: tuple[Bin, ...]


def tally(cases: Iterable[Case]) -> list[Tally]:
    """The confirmed causes, most frequent first."""
    by_cause: dict[str, list[Case]] = {}
    for case in cases:
        by_cause.setdefault(case.cause, []).append(case)
    rows = [_row(cause, some) for cause, some in by_cause.items()]
    return sorted(rows, key=lambda row: (-row.confirmed, row.cause))


def _row(cause: str, cases: list[Case]) -> Tally:
    ranked = [list(case.diagnosis.causes) for case in cases if case.diagnosis is not None]
    days = sorted((case.resolved - case.opened).total_seconds() / 86400 for case in cases if case.resolved is not None)
    middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2 if days else None
    return Tally(cause, len(cases), sum(cause in ids[:1] for ids in ranked), sum(cause in ids[:3] for ids in ranked), len(ranked), middle)


def calibration(cases: Iterable[Case]) -> Outcomes:
    """How the probabilities of the diagnoses held against what was confirmed. Cases without a diagnosis, and those that were called
    healthy, do not count. A confirmed cause that the diagnosis did not list counts as "something else"."""
    pairs: list[tuple[float, bool]] = []
    brier = 0.0
    for case in cases:
        if case.diagnosis is None or case.diagnosis.healthy or not case.diagnosis.causes:
            continue
        shares = case.diagnosis.causes
        brier += sum((p - (cause == case.cause)) ** 2 for cause, p in shares.items())
        brier += (case.diagnosis.something_else - (case.cause not in shares)) ** 2
        best, p = next(iter(shares.items()))
        pairs.append((p, best == case.cause))
    count = len(pairs)
    sorted_in = Counter(min(int(p * BINS), BINS - 1) for p, _ in pairs)
    bins = tuple(_bin(number, [pair for pair in pairs if min(int(pair[0] * BINS), BINS - 1) == number]) for number in sorted(sorted_in))
    ece = sum(row.n * abs(row.said - row.right) for row in bins) / count if count else 0.0
    return Outcomes(count, sum(right for _, right in pairs), brier / count if count else 0.0, ece, bins)


def _bin(number: int, pairs: list[tuple[float, bool]]) -> Bin:
    n = len(pairs)
    right = sum(hit for _, hit in pairs) / n
    middle = (right + Z * Z / (2 * n)) / (1 + Z * Z / n)
    spread = Z / (1 + Z * Z / n) * (right * (1 - right) / n + Z * Z / (4 * n * n)) ** 0.5
    return Bin(number / BINS, (number + 1) / BINS, n, sum(p for p, _ in pairs) / n, right, max(0.0, middle - spread), min(1.0, middle + spread))
