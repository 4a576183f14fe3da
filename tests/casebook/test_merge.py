"""Cases that come in from files: nobody's change is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lossclinic.casebook.case import Case
from lossclinic.casebook.markdown import from_markdown, to_markdown
from lossclinic.casebook.merge import bring_in
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.privacy import scrub
from lossclinic.casebook.store import Store

Make = Callable[..., Case]


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Store]:
    """One casebook."""
    store = open_casebook(tmp_path / "mine.db", index=Case.words)
    yield store
    store.close()


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Store]:
    """Another one, of somebody else."""
    store = open_casebook(tmp_path / "theirs.db", index=Case.words)
    yield store
    store.close()


def sent(case: Case) -> Case:
    """A case as it arrives by way of a file."""
    return from_markdown(to_markdown(case))


def test_a_case_travels_with_its_history(mine: Store, theirs: Store, make: Make) -> None:
    """Exported, imported elsewhere and exported again it is the same, byte for byte."""
    filed = mine.add(make(), by="lin")
    filed = mine.put(filed.revised(cause="bad_batch", status="resolved"), expected=filed.rev, by="wang", what="confirmed")
    assert bring_in(sent(filed), theirs).outcome == "added"
    assert bring_in(sent(filed), theirs).outcome == "same"
    there = theirs.get(filed.id)
    assert there is not None
    assert to_markdown(there) == to_markdown(filed)


def test_changes_go_back_and_forth(mine: Store, theirs: Store, make: Make) -> None:
    """Each side takes over what the other did since; an old file changes nothing."""
    first = mine.add(make())
    bring_in(sent(first), theirs)
    second = theirs.put(first.revised(cause="bad_batch"), expected=first.rev)
    assert bring_in(sent(second), mine).outcome == "updated"
    assert mine.get(first.id) == second
    assert bring_in(sent(first), mine).outcome == "older"
    assert mine.get(first.id) == second


def test_a_file_edited_by_hand_becomes_a_new_version(mine: Store, make: Make) -> None:
    """Also one that was scrubbed: what was scrubbed stays as it was here."""
    filed = mine.add(make(seen="in /home/lin/a.csv", log="/home/lin/a.csv", people=("lin",)))
    public = sent(scrub(filed))
    assert bring_in(public, mine).outcome == "same"
    edited = public.revised(cause="bad_batch")
    assert bring_in(edited, mine, by="wang").outcome == "updated"
    after = mine.get(filed.id)
    assert after is not None
    assert (after.cause, after.log, after.people, after.texts["en"].seen) == ("bad_batch", filed.log, filed.people, filed.texts["en"].seen)
    assert [change.what for change in after.history] == ["opened", "imported"]


def test_changes_on_both_sides_are_a_conflict(mine: Store, theirs: Store, make: Make) -> None:
    """It is reported with both versions, and neither is overwritten."""
    first = mine.add(make())
    bring_in(sent(first), theirs)
    ours = mine.put(first.revised(cause="lr_too_high"), expected=first.rev)
    other = theirs.put(first.revised(cause="bad_batch"), expected=first.rev)
    merged = bring_in(sent(other), mine)
    assert (merged.outcome, merged.id, merged.mine, merged.theirs) == ("conflict", first.id, 2, 2)
    assert bring_in(sent(first).revised(cause="dead_relu"), mine).outcome == "conflict"
    assert mine.get(first.id) == ours


def test_two_cases_with_one_number(mine: Store, theirs: Store, make: Make) -> None:
    """Two people filed their first case on their own: the number is taken, and only when asked a new one is given."""
    ours, other = mine.add(make("ours")), theirs.add(make("theirs"))
    assert ours.id == other.id
    assert bring_in(sent(other), mine).outcome == "taken"
    assert mine.get(ours.id) == ours
    merged = bring_in(sent(other), mine, renumber=True)
    assert (merged.outcome, merged.id) == ("added", ours.id[:-1] + "2")
    assert bring_in(sent(other), mine, renumber=True).outcome == "same"
    assert mine.count() == 2


def test_a_trial_writes_nothing(mine: Store, make: Make) -> None:
    """It says what would happen."""
    assert bring_in(make(), mine, write=False).outcome == "added"
    assert mine.count() == 0
