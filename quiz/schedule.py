"""When a card is due: FSRS-6 with its default weights (the `fsrs` package, whose published test vectors are reproduced).

State is never stored: it is replayed from the reviews, so there is no fuzzing, which would draw other intervals at every replay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import fsrs

__all__ = ["LEECH", "Memory", "Rated", "replay", "retention"]

LEECH = 8
"""Lapses after which a card is a leech: it needs another look at the matter, not another repetition (the limit that Anki uses)."""

RETENTION = 0.9
"""Share of the cards that shall be known when they come back."""


class Rated(NamedTuple):
    """A review as the scheduler sees it."""

    at: datetime
    rating: int
    """1 = again, 2 = hard, 3 = good, 4 = easy."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is believed about one card."""

    due: datetime
    stability: float
    """Days until the chance to know it has fallen to 90 %."""
    difficulty: float
    """1 (easy) to 10."""
    reviews: int
    lapses: int
    """Times it was forgotten after it had been learnt."""
    state: fsrs.Card

    @property
    def leech(self) -> bool:
        """Whether it was forgotten so often that repeating it is no use."""
        return self.lapses >= LEECH

    @property
    def learnt(self) -> bool:
        """Whether it has left the first steps."""
        return self.state.state.name == "Review"


@lru_cache(maxsize=1)
def scheduler() -> fsrs.Scheduler:
    """The scheduler: default weights and steps, 90 % retention, no fuzzing."""
    import fsrs

    return fsrs.Scheduler(desired_retention=RETENTION, enable_fuzzing=False)


def replay(reviews: Sequence[Rated]) -> Memory:
    """The state after these reviews (at least one), in order of time."""
    memory: Memory | None = None
    for review in reviews:
        memory = step(memory, review)
    if memory is None:
        raise ValueError("a card without reviews has no state")
    return memory


def step(memory: Memory | None, review: Rated) -> Memory:
    """The state after one more review; None = the first."""
    import fsrs

    at = review.at.astimezone(UTC)
    card = memory.state if memory is not None else fsrs.Card(card_id=0, due=at)
    lapse = review.rating == 1 and card.state == fsrs.State.Review
    after, _ = scheduler().review_card(card, fsrs.Rating(review.rating), at)
    reviews, lapses = (memory.reviews, memory.lapses) if memory is not None else (0, 0)
    return Memory(after.due, after.stability or 0.0, after.difficulty or 0.0, reviews + 1, lapses + lapse, after)


def retention(memory: Memory, at: datetime) -> float:
    """The chance that the card is known at `at`, 0..1."""
    return scheduler().get_card_retrievability(memory.state, at.astimezone(UTC))
