"""When cards come back: as the reference implementation of FSRS-6 says, computed from the answers alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from lossclinic.quiz.schedule import LEECH, Memory, Rated, replay, retention, step

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)


def when_due(ratings: list[int]) -> list[int]:
    """Days between each review and the next, when each is made as soon as it is due."""
    at, days = START, []
    memory: Memory | None = None
    for rating in ratings:
        memory = step(memory, Rated(at, rating))
        days.append((memory.due - at).days)
        at = memory.due
    return days


def test_the_published_intervals_are_reproduced() -> None:
    """The vector of py-fsrs 6.3, tests/test_basic.py, test_review_card (FSRS-6, default weights); go-fsrs has the same one."""
    ratings = [GOOD] * 6 + [AGAIN] * 2 + [GOOD] * 5
    assert when_due(ratings) == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_the_published_memory_state_is_reproduced() -> None:
    """The vector of py-fsrs, test_memo_state: stability and difficulty after the last review."""
    at, memory = START, None
    for rating, days in zip((AGAIN, GOOD, GOOD, GOOD, GOOD, GOOD), (0, 0, 1, 3, 8, 21), strict=True):
        at += timedelta(days=days)
        memory = step(memory, Rated(at, rating))
    assert memory is not None
    assert memory.stability == pytest.approx(53.62691, abs=1e-4)
    assert memory.difficulty == pytest.approx(6.3574867, abs=1e-4)


def test_easy_ten_times_over_makes_the_easiest_card() -> None:
    """The vector of py-fsrs, test_repeated_correct_reviews."""
    reviews = [Rated(START + timedelta(microseconds=n), EASY) for n in range(10)]
    assert replay(reviews).difficulty == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_any_history_is_scheduled_as_the_package_schedules_it(seed: int) -> None:
    """Random ratings at random times, early and late, in any zone."""
    mixer = random.Random(seed)  # noqa: S311 - no secret
    scheduler, card, at, reviews = fsrs.Scheduler(enable_fuzzing=False), fsrs.Card(card_id=1, due=START), START, []
    for _ in range(40):
        rating = mixer.choice([AGAIN, HARD, GOOD, GOOD, GOOD, EASY])
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), at)
        reviews.append(Rated(at.astimezone(), rating))
        at += timedelta(minutes=mixer.choice([1, 11, 60 * 24, 60 * 24 * 9]))
    memory = replay(reviews)
    assert (memory.due, memory.stability, memory.difficulty) == (card.due, card.stability, card.difficulty)
    assert retention(memory, at) == scheduler.get_card_retrievability(card, at)


def test_a_card_forgotten_eight_times_is_a_leech() -> None:
    """Only what had been learnt can be forgotten."""
    at, memory, lapses = START, None, 0
    for _ in range(200):
        learnt = memory is not None and memory.learnt
        rating = AGAIN if learnt else GOOD
        memory = step(memory, Rated(at, rating))
        lapses += learnt
        assert memory.lapses == lapses
        assert memory.leech == (lapses >= LEECH)
        at = memory.due
        if memory.leech:
            return
    pytest.fail("never a leech")


def test_a_card_without_answers_has_no_state() -> None:
    """Nothing is believed about what was never asked."""
    with pytest.raises(ValueError, match="without reviews"):
        replay([])
