"""A session of practice: which cards are asked, and every answer written down before the next question."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from .card import LEVELS, Card
from .check import Outcome, Presented, Reply, check, overruled, present
from .grade import Verdict
from .journal import Event, Journal
from .progress import Progress

__all__ = ["Drill", "Plan", "queue_for"]

RESUME_HOURS = 12.0
"""A session that was broken off is taken up again within so many hours."""

SOON = timedelta(minutes=15)
"""A card that is due again within this time comes back in the same session."""

MOST_AGAIN = 3
"""Times a card is asked in one session, at most."""


class Plan(NamedTuple):
    """How much to ask."""

    new_a_day: int = 20
    limit: int = 20
    """Cards of one session."""
    due_only: bool = False


def queue_for(cards: Sequence[Card], progress: Progress, plan: Plan, now: datetime) -> list[str]:
    """The cards to ask, first those that are due (likeliest to be forgotten first), then new ones, levels and kinds mixed."""
    wanted = {card.id: card for card in cards}
    queue = [id for id in progress.due(now) if id in wanted][: plan.limit]
    room = max(0, min(plan.limit - len(queue), plan.new_a_day - progress.new_on(now.astimezone().date())))
    if not plan.due_only:
        queue += _mixed([card for card in cards if card.id not in progress.memory])[:room]
    return queue


def _mixed(cards: Sequence[Card]) -> list[str]:
    """Turn by turn from each level and kind, so that a session is no row of the same questions."""
    groups: dict[tuple[int, str], deque[Card]] = {}
    for card in sorted(cards, key=lambda card: card.content):
        groups.setdefault((LEVELS.index(card.level), card.kind), deque()).append(card)
    out: list[str] = []
    order = [groups[key] for key in sorted(groups)]
    while any(order):
        out.extend(group.popleft().id for group in order if group)
    return out


class Drill:
    """One session. `shown` is the card to ask now, None when there is no more."""

    def __init__(
        self, cards: Mapping[str, Card], chosen: Sequence[Card], journal: Journal, plan: Plan, *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        """Takes up the session that was broken off when it asked for the same cards, else begins one."""
        self.cards, self.journal, self.clock = cards, journal, clock
        self.progress = Progress.of(journal.events())
        now = clock()
        self.resumed = False
        ids = {card.id for card in chosen}
        last = self.progress.open_sitting(now, RESUME_HOURS)
        left = [id for id in last.queue if id in cards and id not in self.progress.answered(last)] if last else []
        if last and left and set(left) <= ids:
            self.session, self.resumed, self.total = last.seq, True, len(last.queue)
            self._queue = deque(left)
        else:
            queue = queue_for(chosen, self.progress, plan, now)
            self.session = journal.add("session", now, queue=queue) if queue else 0
            self._queue = deque(queue)
            self.total = len(queue)
        self.done = self.total - len(self._queue)
        self._asked: dict[str, int] = {}
        self._history: list[tuple[int, str, bool, bool]] = []
        self.last: tuple[int, Presented, Outcome, float] | None = None
        self.shown: Presented | None = None
        self._next()

    def _next(self) -> None:
        self.shown = None
        if self._queue:
            id = self._queue[0]
            before = self.progress.memory.get(id)
            self.shown = present(self.cards[id], str(before.reviews if before else 0))

    @property
    def changed(self) -> bool:
        """Whether the answer of the card changed since it was last asked."""
        return self.shown is not None and self.progress.content.get(self.shown.card.id, self.shown.card.content) != self.shown.card.content

    def reply(self, reply: Reply, took: float) -> Outcome:
        """Judge the reply to the card shown, and write it down with the rating it suggests; `amend` may change it."""
        assert self.shown is not None  # noqa: S101 - there is a question
        shown = self.shown
        outcome = check(shown, reply, took)
        card = shown.card
        now = self.clock()
        data = {
            "session": self.session, "card": card.id, "content": card.content, "rating": outcome.suggested, "verdict": outcome.verdict.name.lower(),
            "score": round(outcome.score, 4), "took": round(took, 1), "reply": reply,
        }  # fmt: skip
        seq = self.journal.add("review", now, **data)
        self.progress.take(Event(seq, now, "review", data))
        self.last = (seq, shown, outcome, took)
        self._queue.popleft()
        self._asked[card.id] = self._asked.get(card.id, 0) + 1
        again = self.progress.memory[card.id].due - now <= SOON and self._asked[card.id] < MOST_AGAIN and outcome.suggested == 1
        if again:
            self._queue.append(card.id)
        self.done += not again
        self._history.append((seq, card.id, again, outcome.verdict is Verdict.GOOD))
        self._next()
        return outcome

    @property
    def answers(self) -> int:
        """Replies given since it was opened, without those taken back."""
        return len(self._history)

    @property
    def right(self) -> int:
        """How many of them were right."""
        return sum(right for *_, right in self._history)

    @property
    def queue(self) -> tuple[str, ...]:
        """Cards still to be asked in this session."""
        return tuple(self._queue)

    def amend(self, rating: int | None = None, ids: Sequence[str] = ()) -> Outcome:
        """Change what the last reply counts: decisions turned round by the learner, and the rating (None = what is suggested then)."""
        assert self.last is not None  # noqa: S101 - there was a reply
        seq, shown, outcome, took = self.last
        outcome = overruled(shown, outcome, ids, took)
        rating = outcome.suggested if rating is None else rating
        self.journal.add("amend", self.clock(), review=seq, rating=rating, score=round(outcome.score, 4), overruled=list(ids))
        self.progress = Progress.of(self.journal.events())
        self.last = (seq, shown, outcome, took)
        return outcome

    def undo(self) -> bool:
        """Take the last reply back: the card is asked again. False when there is none in this session."""
        if not self._history:
            return False
        seq, id, again, _ = self._history[-1]
        self.journal.add("undo", self.clock(), review=seq)
        self._history.pop()
        self.progress = Progress.of(self.journal.events())
        if again and id in self._queue:
            self._queue.remove(id)
        self._queue.appendleft(id)
        self._asked[id] -= 1
        self.done -= not again
        self.last = None
        self._next()
        return True

    def skip(self) -> None:
        """Leave the card for later in the session."""
        self._queue.rotate(-1)
        self._next()

    def end(self) -> None:
        """The session is over, whether everything was asked or not."""
        if self.session:
            self.journal.add("end", self.clock(), session=self.session)
