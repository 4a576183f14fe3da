"""A mock interview: questions with follow-ups against the clock, no word on how it goes until the end, then a scorecard.

Every answer is an event in the journal before the next question is asked, so that an interview that was broken off can be taken up
again. The scorecard is computed from the answers alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from ..kb.model import Text
from .card import DIMENSIONS, Card, Words
from .grade import Grade, Hit, Verdict, grade
from .journal import Event, Journal
from .rubric import Point, Rubric

__all__ = ["MINUTES", "QUESTIONS", "Answered", "Asked", "Mock", "Scorecard", "pick", "scorecard"]

QUESTIONS = 5
MINUTES = 30
"""Time of the whole interview; when it is over no further question is asked."""

FOLLOW_UPS = 2
"""Follow-ups to one question, at most."""

LATE = 0.5
"""What a point is worth that was only made when asked for."""

RESUME_HOURS = 12.0


class Asked(NamedTuple):
    """What the interviewer says."""

    number: int
    """Of the question, from 1."""
    card: Card
    point: str
    """Id of the point that a follow-up is after; "" = the question itself."""
    text: Text


class Turn(NamedTuple):
    """An answer that was given."""

    card: str
    point: str
    answer: str
    took: float
    """Seconds."""


class Answered(NamedTuple):
    """One question with all that was said to it."""

    card: Card
    turns: tuple[Turn, ...]
    grade: Grade
    """Of the first answer."""
    late: frozenset[str]
    """Points made in answer to a follow-up."""
    wrong: tuple[Hit, ...]
    """Wrong claims, in any of the answers."""
    score: float
    """Share of the weight, with late points at half."""


class Scorecard(NamedTuple):
    """What the interviewer wrote down."""

    answered: tuple[Answered, ...]
    asked_for: int
    """Questions the interview was to have."""
    dimensions: dict[str, tuple[float, float]]
    """Dimension to weight reached and weight asked about."""
    score: float
    seconds: float

    @property
    def missed(self) -> list[tuple[Answered, Point]]:
        """Points never made, the heaviest first."""
        found = [
            (one, point)
            for one in self.answered
            for point in _rubric(one.card).points
            if point.id not in one.late and point.id in {hit.id for hit in one.grade.missed}
        ]  # fmt: skip
        return sorted(found, key=lambda pair: (not pair[1].must, -pair[1].weight))


def pick(cards: Iterable[Card], journal: Journal, number: int = QUESTIONS) -> list[str]:
    """Questions for the next interview: those asked least often so far, in an order that changes from interview to interview."""
    past = [event for event in journal.events() if event.kind == "mock"]
    times: dict[str, int] = {}
    for event in past:
        for id in event.data["questions"]:
            times[id] = times.get(id, 0) + 1
    interviews = [card.id for card in cards if card.kind == "interview"]
    return sorted(interviews, key=lambda name: (times.get(name, 0), hashlib.blake2b(f"{len(past)}.{name}".encode()).digest()))[:number]


@dataclass
class Mock:
    """One interview."""

    cards: Mapping[str, Card]
    journal: Journal
    questions: Sequence[str]
    minutes: float = MINUTES
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seq: int = 0
    turns: list[Turn] = field(default_factory=list[Turn])
    resumed: bool = False

    @classmethod
    def take_up(cls, cards: Mapping[str, Card], journal: Journal, clock: Callable[[], datetime]) -> Mock | None:
        """The last interview, if it was broken off in the last hours."""
        events = [event for event in journal.events() if event.kind in ("mock", "turn", "mock_end")]
        begun = next((event for event in reversed(events) if event.kind == "mock"), None)
        if begun is None or (clock() - begun.at).total_seconds() > RESUME_HOURS * 3600:
            return None
        if any(event.kind == "mock_end" and event.data["mock"] == begun.seq for event in events) or not set(begun.data["questions"]) <= set(cards):
            return None
        turns = [_turn(event) for event in events if event.kind == "turn" and event.data["mock"] == begun.seq]
        return cls(cards, journal, begun.data["questions"], float(begun.data["minutes"]), clock, begun.seq, turns, resumed=True)

    def begin(self) -> None:
        """Write down that it begins."""
        if not self.seq:
            self.seq = self.journal.add("mock", self.clock(), questions=list(self.questions), minutes=self.minutes)

    @property
    def seconds(self) -> float:
        """Time spent on answers so far."""
        return sum(turn.took for turn in self.turns)

    @property
    def left(self) -> float:
        """Seconds left, 0 when the time is over."""
        return max(0.0, self.minutes * 60 - self.seconds)

    def next(self) -> Asked | None:
        """What is asked now; None = the interview is over."""
        if self.left <= 0:
            return None
        for number, id in enumerate(self.questions, start=1):
            card = self.cards[id]
            mine = [turn for turn in self.turns if turn.card == id]
            if not mine:
                return Asked(number, card, "", card.prompt)
            open_ = _follow_ups(card, mine)
            if open_:
                assert open_[0].follow_up is not None  # noqa: S101 - only such points are asked about
                return Asked(number, card, open_[0].id, open_[0].follow_up.ask)
        return None

    def answer(self, asked: Asked, text: str, took: float) -> None:
        """Write an answer down. An empty one passes."""
        turn = Turn(asked.card.id, asked.point, text, round(took, 1))
        self.journal.add("turn", self.clock(), mock=self.seq, **turn._asdict())
        self.turns.append(turn)

    def end(self) -> Scorecard:
        """Close it and look at the scorecard."""
        self.journal.add("mock_end", self.clock(), mock=self.seq)
        return scorecard(self.cards, self.questions, self.turns)


def scorecard(cards: Mapping[str, Card], questions: Sequence[str], turns: Sequence[Turn]) -> Scorecard:
    """The scorecard of these answers."""
    answered: list[Answered] = []
    dimensions = {str(dimension): (0.0, 0.0) for dimension in DIMENSIONS}
    for id in questions:
        mine = tuple(turn for turn in turns if turn.card == id)
        if not mine:
            continue
        one = _judge(cards[id], mine)
        answered.append(one)
        made = {hit.id for hit in one.grade.hit}
        for point in _rubric(one.card).points:
            got, total = dimensions[point.dimension]
            worth = 1.0 if point.id in made else LATE if point.id in one.late else 0.0
            dimensions[point.dimension] = (got + worth * point.weight, total + point.weight)
    score = sum(one.score for one in answered) / len(questions) if questions else 0.0
    asked = {name: pair for name, pair in dimensions.items() if pair[1]}
    return Scorecard(tuple(answered), len(questions), asked, score, sum(turn.took for turn in turns))


def _judge(card: Card, turns: tuple[Turn, ...]) -> Answered:
    rubric = _rubric(card)
    first = grade(rubric, turns[0].answer)
    late = frozenset(turn.point for turn in turns[1:] if _made(rubric, turn))
    claims = {hit.id: hit for turn in turns for hit in grade(rubric, turn.answer).wrong}
    total = sum(point.weight for point in rubric.points)
    extra = sum(point.weight for point in rubric.points if point.id in late and point.id in {hit.id for hit in first.missed})
    later = sum(hit.weight for id, hit in claims.items() if id not in {hit.id for hit in first.wrong})
    score = max(0.0, min(1.0, first.score + (LATE * extra - later) / total))
    return Answered(card, turns, first, late, tuple(claims.values()), score)


def _made(rubric: Rubric, turn: Turn) -> bool:
    """Whether the answer to a follow-up makes its point, in the wordings of the point or in those of the model answer."""
    point = next((point for point in rubric.points if point.id == turn.point), None)
    if point is None:
        return False
    if any(hit.id == point.id for hit in grade(rubric, turn.answer, brief=True).hit):
        return True
    answer = point.follow_up.answer if point.follow_up else point.text
    alone = Rubric((point._replace(text=answer, statements=(answer.en, answer.zh)),), asked=point.follow_up.ask if point.follow_up else None)
    return grade(alone, turn.answer, brief=True).verdict is Verdict.GOOD


def _follow_ups(card: Card, turns: Sequence[Turn]) -> list[Point]:
    """What to ask about now: of the points missed in the first answer the weightiest with a follow-up, without those asked already."""
    missed = {hit.id for hit in grade(_rubric(card), turns[0].answer).missed}
    open_ = [point for point in _rubric(card).points if point.id in missed and point.follow_up is not None]
    worth = sorted(open_, key=lambda point: (not point.must, -point.weight))[:FOLLOW_UPS]
    asked = {turn.point for turn in turns}
    return [point for point in worth if point.id not in asked]


def _rubric(card: Card) -> Rubric:
    assert isinstance(card.answer, Words)  # noqa: S101 - an interview question is answered in words
    return card.answer.rubric


def _turn(event: Event) -> Turn:
    data = event.data
    return Turn(str(data["card"]), str(data["point"]), str(data["answer"]), float(data["took"]))
