"""The reference cases are whole, told in both languages, and can be looked up."""

from __future__ import annotations

import pytest
from lossclinic.casebook.case import Case
from lossclinic.casebook.markdown import from_markdown, to_markdown
from lossclinic.casebook.reference import FOLDER, is_reference, shelf
from lossclinic.casebook.store import Filter
from lossclinic.kb import load

CASES = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
SHELF = list(shelf().all())


def test_there_are_enough_of_them_and_each_has_a_number_of_its_own() -> None:
    """Forty and more; numbers are not used twice."""
    assert len(SHELF) == len(CASES) >= 40
    assert all(is_reference(case.id) for case in SHELF)


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_written_as_an_export_writes_it(name: str) -> None:
    """So that a team that edits a copy sees only what it changed."""
    assert to_markdown(from_markdown(CASES[name], name)) == CASES[name]


@pytest.mark.parametrize("case", SHELF, ids=lambda case: case.uid)
def test_a_reference_case_is_told_in_both_languages_with_its_source(case: Case) -> None:
    """The same sections in English and Chinese: what was seen, how it was found, what it was, what fixed it, how that was verified."""
    assert case.source is not None
    assert case.source.work
    assert case.texts["en"].sections().keys() == case.texts["zh"].sections().keys() >= {"seen", "course", "cause", "fix", "verified"}
    assert any("\u4e00" <= letter <= "\u9fff" for letter in case.texts["zh"].title)
    assert (case.status == "resolved") == bool(case.cause)


@pytest.mark.parametrize("case", SHELF, ids=lambda case: case.uid)
def test_ids_of_a_reference_case_exist(case: Case) -> None:
    """Symptoms, facts, causes and claims are those of the knowledge base; a cause outside it is told in words."""
    kb = load()
    assert {sign.id for sign in case.symptoms} <= set(kb.symptoms)
    assert set(case.facts) <= set(kb.facts)
    assert set(case.ruled_out) <= set(kb.causes)
    assert case.cause in kb.causes or case.cause == "" or " " in case.cause
    assert case.source is not None
    assert set(case.source.claims) <= set(kb.ids("claims"))
    for fact, value in case.facts.items():
        entry = kb.fact(fact)
        assert isinstance(value, bool) if entry.type == "bool" else value in entry.values if entry.type == "enum" else not isinstance(value, str), (
            fact
        )


def test_the_shelf_is_looked_up_as_a_store_is() -> None:
    """By cause, by status, by time, newest first."""
    found = shelf().list(Filter(cause="hardware_fault"))
    assert len(found) >= 3
    assert found == sorted(found, key=lambda sketch: sketch.opened, reverse=True)
    assert {sketch.cause for sketch in found} == {"hardware_fault"}
    assert shelf().count(Filter(status="open")) == sum(not case.cause for case in SHELF)
    assert all(sketch.opened >= found[0].opened for sketch in shelf().list(Filter(since=found[0].opened)))
