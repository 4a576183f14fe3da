"""Cards from casebooks: the reference cases, and what a team has confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossclinic.casebook.case import Case, Telling
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.reference import shelf
from lossclinic.kb import KnowledgeBase
from lossclinic.quiz.card import Choice
from lossclinic.quiz.cases import case_cards
from lossclinic.tui.quiz_command import deck


def test_reference_cases_become_cards_that_do_not_name_their_cause(kb: KnowledgeBase) -> None:
    """In both languages; one answer is right."""
    cards = list(case_cards(kb, shelf().all()))
    assert len(cards) > 30
    for card in cards:
        assert isinstance(card.answer, Choice)
        (right,) = (option.text for option in card.answer.options if option.right)
        assert len({option.text.en for option in card.answer.options}) == 4
        for lang in ("en", "zh"):
            assert right.pick(lang).casefold() not in card.prompt.pick(lang).casefold(), card.id


def test_a_confirmed_case_of_the_team_is_asked_and_an_open_one_is_not(kb: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the casebook that the command line would open; withdrawn or unconfirmed ones teach nothing."""
    where = str(tmp_path / "casebook.db")
    store = open_casebook(where)
    told = {"zh": Telling(title="第 300 步损失飞了", seen="损失一步之内涨了二十倍，之后回落。")}
    filed = store.add(Case(lang="zh", texts=told, status="resolved", cause="bad_batch"))  # type: ignore[arg-type]
    store.add(Case(lang="zh", texts=told))  # type: ignore[arg-type]
    store.close()
    monkeypatch.setenv("LOSSCLINIC_CASEBOOK", where)
    mine = [card for card in deck(kb).values() if filed.id in card.topics]
    assert [card.id for card in mine] == [f"case/{filed.uid}"]
    assert "飞了" in mine[0].prompt.en
    assert len([card for card in deck(kb).values() if card.kind == "case"]) == 1 + len(list(case_cards(kb, shelf().all())))
