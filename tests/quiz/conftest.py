"""The knowledge base and the rubrics of its interview questions."""

from __future__ import annotations

import pytest
from lossclinic.kb import KnowledgeBase, load
from lossclinic.quiz.rubric import Rubric, names_of, rubric_of


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The product's knowledge."""
    return load()


@pytest.fixture(scope="session")
def rubrics(kb: KnowledgeBase) -> dict[str, Rubric]:
    """Rubric of every interview question."""
    names = names_of(kb)
    return {id: rubric_of(kb.interview(id), names) for id in kb.ids("interviews")}
