"""A session of practice: what is asked, what is written down, what can be taken back, and what survives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.errors import StoreError
from lossclinic.kb import load
from lossclinic.quiz.card import LEVELS, Card, Choice, Words
from lossclinic.quiz.deck import Filter, build, chosen
from lossclinic.quiz.drill import Drill, Plan
from lossclinic.quiz.journal import Journal
from lossclinic.quiz.progress import Progress
from lossclinic.quiz.stats import statistics

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time."""
        return self.now


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    """The product's deck."""
    return build(load())


@pytest.fixture
def clock() -> Clock:
    """The time of the learner."""
    return Clock()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A real file."""
    with Journal(tmp_path / "quiz.db") as journal:
        yield journal


def right(drill: Drill) -> int:
    """Position of the right option of the card shown."""
    assert drill.shown is not None
    return next(n for n, option in enumerate(drill.shown.options) if option.right)


def start(cards: dict[str, Card], journal: Journal, clock: Clock, kind: str = "judge", **plan: int | bool) -> Drill:
    """A session with cards of one kind."""
    return Drill(cards, chosen(cards, Filter(kind=kind)), journal, Plan(**{"new_a_day": 5, "limit": 5, **plan}), clock=clock)  # type: ignore[arg-type]


def test_new_cards_are_limited_by_the_day(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """Five today, and five more tomorrow."""
    drill = start(cards, journal, clock)
    assert drill.total == 5
    while drill.shown is not None:
        drill.reply(right(drill), 2.0)
    drill.end()
    assert start(cards, journal, clock, due_only=False).shown is None
    clock.now += timedelta(days=1)
    fresh = start(cards, journal, clock, limit=50)
    assert len([id for id in fresh.queue if id not in fresh.progress.memory]) == 5


def test_due_cards_come_first_the_likeliest_forgotten_at_the_head(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """And `due_only` asks nothing new."""
    drill = start(cards, journal, clock)
    asked = list(drill.queue)
    for took in (2.0, 60.0, 2.0, 60.0, 60.0):
        drill.reply(right(drill), took)
    drill.end()
    clock.now += timedelta(days=30)
    again = start(cards, journal, clock, limit=20, due_only=True)
    assert sorted(again.queue) == sorted(asked)
    due = again.progress.due(clock.now)
    assert list(again.queue) == due
    stability = [again.progress.memory[id].stability for id in due]
    assert stability == sorted(stability)


def test_a_session_that_was_broken_off_goes_on(cards: dict[str, Card], tmp_path: Path, clock: Clock) -> None:
    """The file alone knows where we were: nothing is asked twice, nothing is left out."""
    with Journal(tmp_path / "quiz.db") as journal:
        drill = start(cards, journal, clock)
        queue = list(drill.queue)
        drill.reply(right(drill), 2.0)
        drill.reply(right(drill), 2.0)
    with Journal(tmp_path / "quiz.db") as journal:
        clock.now += timedelta(hours=1)
        again = start(cards, journal, clock)
        assert again.resumed
        assert list(again.queue) == queue[2:]
        clock.now += timedelta(hours=20)
        assert not start(cards, journal, clock).resumed


def test_an_answer_can_be_taken_back(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """Again and again, until the session is as it began; the journal keeps everything."""
    drill = start(cards, journal, clock)
    queue = list(drill.queue)
    for _ in range(3):
        drill.reply((right(drill) + 1) % 2, 2.0)
    while drill.undo():
        pass
    assert list(drill.queue) == queue
    assert drill.progress.reviews == []
    assert drill.progress.memory == {}
    assert [event.kind for event in journal.events()] == ["session", *["review"] * 3, *["undo"] * 3]


def test_a_wrong_answer_comes_back_in_the_same_session(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """At the end of it, three times at most."""
    drill = start(cards, journal, clock, limit=1)
    times = 0
    while drill.shown is not None:
        drill.reply((right(drill) + 1) % 2, 2.0)
        times += 1
    assert times == 3


def test_the_learner_overrules_and_rates(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """The last word counts, also after the program was started anew."""
    drill = Drill(cards, [cards["interview/loss_spike"]], journal, Plan(), clock=clock)
    outcome = drill.reply("I would look at the data of that batch, whether there is an outlier.", 30.0)
    assert outcome.grade is not None
    better = drill.amend(ids=[hit.id for hit in outcome.grade.missed])
    assert better.score == 1.0
    drill.amend(4)
    progress = Progress.of(journal.events())
    assert [(review.rating, review.score) for review in progress.reviews] == [(4, 1.0)]


def test_it_is_said_when_the_answer_of_a_card_changed(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """The progress stays with the id, the content tells that it was about something else."""
    drill = start(cards, journal, clock, limit=1)
    assert drill.shown is not None
    card = drill.shown.card
    drill.reply(right(drill), 60.0)
    drill.end()
    clock.now += timedelta(days=20)
    assert isinstance(card.answer, Choice)
    new = Card(card.id, card.kind, card.level, card.dimension, card.prompt, Choice(tuple(o._replace(right=not o.right) for o in card.answer.options)))
    same, changed = (Drill({card.id: c}, [c], journal, Plan(due_only=True), clock=clock) for c in (card, new))
    assert not same.changed
    assert changed.changed


def test_the_journal_is_never_rewritten(journal: Journal) -> None:
    """Not even by somebody with a database tool: the file refuses."""
    journal.add("session", NOON, queue=["a"])
    other = sqlite3.connect(journal.path)
    for statement in ("UPDATE events SET kind='x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            other.execute(statement)
    other.close()
    assert [event.kind for event in journal.events()] == ["session"]


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be read as one" * 40, b""])
def test_a_file_that_is_no_journal_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    """An empty file is a new journal; rubbish is told by name, with the way out, in both languages."""
    path = tmp_path / "quiz.db"
    path.write_bytes(content)
    if not content:
        with Journal(path) as journal:
            assert list(journal.events()) == []
        return
    with pytest.raises(StoreError) as caught:
        Journal(path)
    for lang in ("en", "zh"):
        assert str(path) in caught.value.in_words(lang)
        assert "LOSSCLINIC_HOME" in caught.value.in_words(lang)


def test_a_newer_file_is_refused_rather_than_misread(tmp_path: Path) -> None:
    """Nothing of it is touched."""
    path = tmp_path / "quiz.db"
    Journal(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version=99")
    other.close()
    with pytest.raises(StoreError, match="newer"):
        Journal(path)


def test_a_card_of_the_deck_that_is_gone_is_forgotten_quietly(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """Cards of a casebook can be withdrawn; what was answered stays in the journal and troubles nobody."""
    journal.add("session", NOON, queue=["case/gone", "judge/also_gone"])
    journal.add("review", NOON, session=1, card="case/gone", content="x", rating=3, score=1.0, took=3.0)
    drill = start(cards, journal, clock)
    assert drill.shown is not None
    assert statistics(cards, drill.progress, NOON).answers == 1


_ACTIONS = st.lists(st.sampled_from(["right", "wrong", "undo", "skip", "amend"]), max_size=25)


@settings(max_examples=25, deadline=None)
@given(_ACTIONS)
def test_whatever_is_done_the_journal_alone_gives_the_state(tmp_path_factory: pytest.TempPathFactory, actions: list[str]) -> None:
    """Replayed from the file, the progress is what the session believes."""
    clock = Clock()
    with Journal(tmp_path_factory.mktemp("any") / "quiz.db") as journal:
        drill = start(_CARDS, journal, clock)
        for action in actions:
            clock.now += timedelta(seconds=30)
            if action == "undo":
                drill.undo()
            elif action == "amend" and drill.last is not None:
                drill.amend(2)
            elif drill.shown is None:
                continue
            elif action == "skip":
                drill.skip()
            elif action in ("right", "wrong"):
                drill.reply((right(drill) + (action == "wrong")) % 2, 3.0)
        again = Progress.of(journal.events())
        assert again.reviews == drill.progress.reviews
        assert again.memory == drill.progress.memory
        assert len(set(drill.queue)) == len(drill.queue)


_CARDS = {card.id: card for card in chosen(build(load()), Filter(kind="judge"))[:12]}


def test_statistics_count_days_streaks_retention_and_readiness(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """Ten days of practice with a day off: what is expected of memory stands beside what was known."""
    count = 0
    for day in range(10):
        clock.now = NOON + timedelta(days=day)
        if day == 4:
            continue
        drill = start(cards, journal, clock, limit=30)
        while drill.shown is not None:
            count += 1
            drill.reply((right(drill) + (count % 6 == 0)) % 2, 60.0)
        drill.end()
    stats = statistics(cards, Progress.of(journal.events()), clock.now)
    assert (stats.days, stats.streak, stats.longest) == (9, 5, 5)
    assert stats.retention is not None
    assert 0.5 < stats.retention.real < 1.0
    assert 0.7 < stats.retention.predicted < 1.0
    assert sum(ready.seen for ready in stats.readiness.values()) == len({review.card for review in Progress.of(journal.events()).reviews})
    assert all(0.0 <= ready.known <= 1.0 for ready in stats.readiness.values())
    idle = statistics(cards, Progress.of(journal.events()), clock.now + timedelta(days=3))
    assert idle.streak == 0
    assert idle.longest == 5


def test_a_session_mixes_levels_and_kinds(cards: dict[str, Card], journal: Journal, clock: Clock) -> None:
    """No row of twenty questions of one sort."""
    drill = Drill(cards, list(cards.values()), journal, Plan(), clock=clock)
    asked = [cards[id] for id in drill.queue]
    assert {card.level for card in asked} == set(LEVELS)
    assert len({card.kind for card in asked}) >= 6
    assert any(isinstance(card.answer, Words) for card in asked)
