"""What a learner has done and knows, computed from the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from .journal import Event
from .schedule import Memory, Rated, retention, step

__all__ = ["Progress", "Review", "Sitting"]


class Review(NamedTuple):
    """One answer."""

    seq: int
    at: datetime
    card: str
    content: str
    rating: int
    score: float
    took: float
    """Seconds."""
    session: int
    predicted: float | None
    """Chance to know it just before, as the scheduler saw it; None for a card that was new or still in its first steps."""


@dataclass
class Sitting:
    """One session of practice: which cards it set out to ask."""

    seq: int
    at: datetime
    queue: tuple[str, ...]
    options: dict[str, Any]
    ended: bool = False


@dataclass
class Progress:
    """The state of every card that was ever asked."""

    reviews: list[Review] = field(default_factory=list[Review])
    memory: dict[str, Memory] = field(default_factory=dict[str, Memory])
    content: dict[str, str] = field(default_factory=dict[str, str])
    """Card to the content it had when it was last answered."""
    sittings: list[Sitting] = field(default_factory=list[Sitting])

    @classmethod
    def of(cls, events: Iterable[Event]) -> Progress:
        """What the events come to. Undone reviews count for nothing, amended ones with their last rating."""
        listed = list(events)
        undone = {event.data["review"] for event in listed if event.kind == "undo"}
        rating = {event.data["review"]: int(event.data["rating"]) for event in listed if event.kind == "amend"}
        score = {event.data["review"]: float(event.data["score"]) for event in listed if event.kind == "amend" and "score" in event.data}
        progress = cls()
        for event in listed:
            if event.kind == "session":
                progress.sittings.append(Sitting(event.seq, event.at, tuple(event.data["queue"]), event.data.get("options", {})))
            elif event.kind == "end":
                for sitting in progress.sittings:
                    sitting.ended |= sitting.seq == event.data["session"]
            elif event.kind == "review" and event.seq not in undone:
                progress.take(event, rating.get(event.seq), score.get(event.seq))
        return progress

    def take(self, event: Event, rating: int | None = None, score: float | None = None) -> Review:
        """Add one review."""
        data = event.data
        card = str(data["card"])
        before = self.memory.get(card)
        given = rating if rating is not None else int(data["rating"])
        predicted = retention(before, event.at) if before is not None and before.learnt else None
        review = Review(
            event.seq, event.at, card, str(data.get("content", "")), given, score if score is not None else float(data.get("score", 0.0)),
            float(data.get("took", 0.0)), int(data.get("session", 0)), predicted,
        )  # fmt: skip
        self.reviews.append(review)
        self.memory[card] = step(before, Rated(event.at, given))
        self.content[card] = review.content
        return review

    def new_on(self, day: date) -> int:
        """Cards that were asked for the first time on a (local) day."""
        seen: set[str] = set()
        count = 0
        for review in self.reviews:
            if review.card not in seen:
                seen.add(review.card)
                count += review.at.astimezone().date() == day
        return count

    def due(self, at: datetime) -> list[str]:
        """Cards that are due, those first that are likeliest to be forgotten; leeches are left out."""
        found = [(retention(memory, at), card) for card, memory in self.memory.items() if memory.due <= at and not memory.leech]
        return [card for _, card in sorted(found)]

    def leeches(self) -> list[str]:
        """Cards that were forgotten again and again."""
        return [card for card, memory in self.memory.items() if memory.leech]

    def open_sitting(self, now: datetime, hours: float) -> Sitting | None:
        """The last session, if it was begun in the last `hours` and was not finished."""
        if not self.sittings:
            return None
        last = self.sittings[-1]
        return last if not last.ended and (now - last.at).total_seconds() < hours * 3600 else None

    def answered(self, sitting: Sitting) -> set[str]:
        """Cards that were answered in it."""
        return {review.card for review in self.reviews if review.session == sitting.seq}
