"""The mock interview: follow-ups to what was missed, a scorecard from the answers alone, and the two that are printed in the documentation."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from lossclinic.kb import load
from lossclinic.quiz.card import Card
from lossclinic.quiz.deck import build
from lossclinic.quiz.journal import Journal
from lossclinic.quiz.mock import FOLLOW_UPS, QUESTIONS, Mock, Scorecard, pick

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    """The product's deck."""
    return build(load())


def held(cards: dict[str, Card], path: Path, answer: str, **options: float) -> tuple[Mock, Scorecard]:
    """An interview in which everything is answered alike, each answer in 20 seconds."""
    with Journal(path / "quiz.db") as journal:
        mock = Mock(cards, journal, pick(cards.values(), journal), clock=lambda: NOON, **options)  # type: ignore[arg-type]
        mock.begin()
        while (asked := mock.next()) is not None:
            mock.answer(asked, answer, 20.0)
        return mock, mock.end()


def test_five_questions_with_follow_ups_about_what_was_missed(cards: dict[str, Card], tmp_path: Path) -> None:
    """Who says nothing is asked twice more about each question; the score is zero and everything is to be revised."""
    mock, card = held(cards, tmp_path, "")
    assert len(card.answered) == QUESTIONS
    assert len(mock.turns) == QUESTIONS * (1 + FOLLOW_UPS)
    assert card.score == 0.0
    assert set(card.dimensions) >= {"data", "learning_rate", "gradients", "model_numerics", "optimizer", "code_environment"}
    assert all(got == 0.0 for got, _ in card.dimensions.values())
    assert card.missed[0][1].must


def test_a_point_made_when_asked_counts_half(cards: dict[str, Card], tmp_path: Path) -> None:
    """The model answers of the follow-ups earn their points, late."""
    with Journal(tmp_path / "quiz.db") as journal:
        mock = Mock(cards, journal, ["interview/loss_spike"])
        mock.begin()
        mock_asked = mock.next()
        assert mock_asked is not None
        mock.answer(mock_asked, "", 5.0)
        late = 0
        while (asked := mock.next()) is not None:
            point = next(p for p in load().interview("loss_spike").points if p.id == asked.point)
            assert point.follow_up is not None
            mock.answer(asked, point.follow_up.answer.zh, 5.0)
            late += 1
        (answered,) = mock.end().answered
    assert len(answered.late) == late == FOLLOW_UPS
    assert 0.0 < answered.score < 0.3


def test_when_the_time_is_over_nothing_more_is_asked(cards: dict[str, Card], tmp_path: Path) -> None:
    """A minute is three answers of twenty seconds; what was not asked counts as not answered."""
    mock, card = held(cards, tmp_path, "I do not know", minutes=1)
    assert len(mock.turns) == 3
    assert card.asked_for == QUESTIONS
    assert len(card.answered) < QUESTIONS


def test_the_next_interview_asks_other_questions(cards: dict[str, Card], tmp_path: Path) -> None:
    """Those asked least often come first."""
    first, _ = held(cards, tmp_path, "")
    second, _ = held(cards, tmp_path, "")
    interviews = sum(card.kind == "interview" for card in cards.values())
    assert len(set(first.questions) & set(second.questions)) == max(0, 2 * QUESTIONS - interviews)


def test_an_interview_that_was_broken_off_goes_on_within_hours(cards: dict[str, Card], tmp_path: Path) -> None:
    """With the answers given so far; not on the next day, and not when it was finished."""
    with Journal(tmp_path / "quiz.db") as journal:
        mock = Mock(cards, journal, pick(cards.values(), journal), clock=lambda: NOON)
        mock.begin()
        asked = mock.next()
        assert asked is not None
        mock.answer(asked, "数据", 9.0)
        again = Mock.take_up(cards, journal, lambda: NOON + timedelta(hours=2))
        assert again is not None
        assert again.turns == mock.turns
        assert again.next() == mock.next()
        assert Mock.take_up(cards, journal, lambda: NOON + timedelta(hours=20)) is None
        again.end()
        assert Mock.take_up(cards, journal, lambda: NOON) is None


@pytest.fixture(scope="module")
def page() -> ModuleType:
    """The program that draws the pages."""
    spec = importlib.util.spec_from_file_location("interview", ROOT / "docs" / "interview.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("lang", "name"), [("en", "mock-interview.md"), ("zh", "mock-interview.zh-CN.md")])
def test_the_printed_interviews_are_what_the_program_writes(page: ModuleType, lang: str, name: str) -> None:
    """Drawn again, the pages are the same (`uv run docs/interview.py`)."""
    assert page.interview(lang) == (ROOT / "docs" / name).read_text("utf-8")
