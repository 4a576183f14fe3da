"""What the answers say about the learner: streak, calendar, retention predicted and real, weak spots, readiness."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .card import DIMENSIONS, Card
from .progress import Progress
from .schedule import retention

__all__ = ["Readiness", "Retention", "Statistics", "Weak", "statistics"]

WEEKS = 26
"""Weeks of the calendar."""

FEW = 3
"""Answers below which a topic is not judged."""


class Retention(NamedTuple):
    """Cards that came back after they were learnt: how many were still known, against what the scheduler expected."""

    reviews: int
    predicted: float
    real: float
    log_loss: float
    """Mean of -log of the probability given to what happened; 0.35 is usual for FSRS-6 (srs-benchmark)."""


class Readiness(NamedTuple):
    """How ready one is in a dimension."""

    cards: int
    seen: int
    known: float
    """Expected share of all its cards that would be known now; what was never seen counts as unknown."""
    score: float
    """Mean score of the latest answers to the cards seen."""


class Weak(NamedTuple):
    """A topic that goes badly."""

    topic: str
    answers: int
    score: float


class Statistics(NamedTuple):
    """Everything at a glance."""

    answers: int
    days: int
    streak: int
    """Days in a row with at least one answer, up to today or yesterday."""
    longest: int
    calendar: dict[date, int]
    """Answers a day, of the last weeks."""
    retention: Retention | None
    readiness: dict[str, Readiness]
    weakest: tuple[Weak, ...]
    leeches: tuple[str, ...]
    due: int
    seconds: float


def statistics(cards: Mapping[str, Card], progress: Progress, now: datetime) -> Statistics:
    """The statistics at `now`; days are those of the local calendar."""
    days = Counter(review.at.astimezone().date() for review in progress.reviews)
    today = now.astimezone().date()
    known = {id: id in progress.memory for id in cards}
    streak, longest = _streaks(days, today)
    leeches = tuple(id for id in progress.leeches() if id in cards)
    return Statistics(
        len(progress.reviews), len(days), streak, longest, {day: n for day, n in days.items() if day > today - timedelta(weeks=WEEKS)},
        _retention(progress), _readiness(cards, progress, now, known), _weakest(cards, progress), leeches,
        len([id for id in progress.due(now) if id in cards]), sum(review.took for review in progress.reviews),
    )  # fmt: skip


def _streaks(days: Counter[date], today: date) -> tuple[int, int]:
    longest = run = 0
    previous: date | None = None
    for day in sorted(days):
        run = run + 1 if previous is not None and day - previous == timedelta(days=1) else 1
        longest, previous = max(longest, run), day
    current = run if previous is not None and today - previous <= timedelta(days=1) else 0
    return current, longest


def _retention(progress: Progress) -> Retention | None:
    pairs = [(review.predicted, review.rating > 1) for review in progress.reviews if review.predicted is not None]
    if not pairs:
        return None
    loss = -sum(math.log(max(1e-6, p if known else 1 - p)) for p, known in pairs) / len(pairs)
    return Retention(len(pairs), sum(p for p, _ in pairs) / len(pairs), sum(known for _, known in pairs) / len(pairs), loss)


def _readiness(cards: Mapping[str, Card], progress: Progress, now: datetime, known: Mapping[str, bool]) -> dict[str, Readiness]:
    latest = {review.card: review.score for review in progress.reviews}
    out: dict[str, Readiness] = {}
    for dimension in DIMENSIONS:
        mine = [id for id, card in cards.items() if card.dimension == dimension]
        seen = [id for id in mine if known[id]]
        chance = sum(retention(progress.memory[id], now) * latest[id] for id in seen)
        out[dimension] = Readiness(
            len(mine), len(seen), chance / len(mine) if mine else 0.0, sum(latest[id] for id in seen) / len(seen) if seen else 0.0
        )
    return out


def _weakest(cards: Mapping[str, Card], progress: Progress) -> tuple[Weak, ...]:
    scores: dict[str, list[float]] = defaultdict(list)
    for review in progress.reviews:
        if review.card in cards:
            for topic in _ids(cards[review.card]):
                scores[topic].append(review.score)
    judged = [Weak(topic, len(found), sum(found) / len(found)) for topic, found in scores.items() if len(found) >= FEW]
    return tuple(sorted((weak for weak in judged if weak.score < 0.85), key=lambda weak: weak.score)[:5])


def _ids(card: Card) -> list[str]:
    """Topics that are ids of the knowledge base: lower case, with underscores."""
    return [topic for topic in card.topics if "_" in topic and topic.isascii() and topic == topic.lower() and " " not in topic]
