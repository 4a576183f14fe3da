"""The interview questions: what their rubrics accept, and what their wording keeps to itself."""

from __future__ import annotations

import pytest
from lossclinic.kb import KnowledgeBase, load
from lossclinic.quiz.grade import Verdict, grade
from lossclinic.quiz.rubric import Rubric

LANGS = ("en", "zh")
IDS = load().ids("interviews")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id", IDS)
def test_the_model_answer_is_a_good_answer(kb: KnowledgeBase, rubrics: dict[str, Rubric], id: str, lang: str) -> None:
    """What we show as the model would pass our own grading, and no sentence of it counts as a wrong claim."""
    answer = "\n".join(text.pick(lang) for text in kb.interview(id).answer.values())
    graded = grade(rubrics[id], answer)
    assert graded.verdict is Verdict.GOOD, [hit.id for hit in graded.missed]
    assert not graded.wrong, graded.wrong


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id", IDS)
def test_the_question_does_not_answer_itself(kb: KnowledgeBase, rubrics: dict[str, Rubric], id: str, lang: str) -> None:
    """Typing the question back earns nothing."""
    graded = grade(rubrics[id], kb.interview(id).ask.pick(lang))
    assert not graded.hit, graded.hit


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id", IDS)
def test_a_follow_up_asks_for_the_point_without_giving_it_away(kb: KnowledgeBase, rubrics: dict[str, Rubric], id: str, lang: str) -> None:
    """The follow-up to a missed point earns nothing when typed back; its model answer earns the point."""
    for point in kb.interview(id).points:
        if point.follow_up is not None:
            asked = grade(rubrics[id], point.follow_up.ask.pick(lang))
            assert point.id not in {hit.id for hit in asked.hit}, asked.hit
            answered = grade(rubrics[id], point.follow_up.answer.pick(lang))
            assert point.id in {hit.id for hit in answered.hit}, point.id
