"""`diagnose` says when and how the casebook changed a diagnosis, and leaves it out when asked to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lossclinic.casebook.case import Case, Telling, now
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.teaching import teaching
from lossclinic.kb import load
from lossclinic.tui.cli import diagnose_main
from lossclinic.tui.screen.consult import Consult
from lossclinic.tui.screen.record import Recorder

SAID = ["--say", "loss jumps right after resuming from a checkpoint", "--lang", "en"]


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Thirty confirmed cases: after a resume it was nearly always the optimizer's state, once a batch."""
    where = tmp_path_factory.mktemp("team") / "casebook.db"
    store = open_casebook(where)
    for i in range(30):
        cause, facts = (
            ("optimizer_state_fault", {"optimizer_state_restored": False}) if i % 6 else ("resume_mismatch", {"step_counter_restored": False})
        )
        facts |= {"jump_at_resume": True, "resumed_at_onset": True}
        known = {id: value for id, value in facts.items() if id != "jump_at_resume"}
        telling = Telling(title=f"jump after a resume, run {i}")
        store.add(
            Case(lang="en", texts={"en": telling}, status="resolved", cause=cause, resolved=now(), facts=known, observed={"jump_at_resume": True})
        )
    store.close()
    return str(where)


def test_a_casebook_changes_a_diagnosis_and_says_so(casebook: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line beside the report, and a line of evidence at each cause that was moved."""
    assert diagnose_main([*SAID, "--casebook", casebook, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    lines = [e["text"] for cause in json.loads(out)["causes"] for e in cause["evidence"] if e["origin"]["kind"] == "casebook"]
    assert "30 confirmed cases taught this diagnosis" in err
    assert any("confirmed cases moved it from" in line for line in lines)


def test_the_chat_learns_from_the_casebook_too(casebook: str, tmp_path: Path) -> None:
    """The same words, held in the chat: it says that it was taught, and the causes that were moved say so."""
    kb = load()
    store = open_casebook(casebook, create=False)
    taught = teaching(store, kb)
    store.close()
    plain, learned = Consult("en", Recorder(tmp_path / "a.jsonl", deaf=True)), Consult("en", Recorder(tmp_path / "b.jsonl", deaf=True), taught=taught)
    assert any("30 confirmed cases" in paragraph.text for turn in learned.take_fresh() for paragraph in turn.words(learned.words))
    for consult in (plain, learned):
        consult.send(SAID[1])
    before, after = plain.diagnosis(), learned.diagnosis()
    assert before is not None
    assert after is not None
    assert before.causes[0].probability != after.causes[0].probability
    assert any(e.origin.kind == "casebook" for cause in after.causes for e in cause.evidence)


def test_no_casebook_is_a_clean_run(casebook: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where one is set for everything."""
    monkeypatch.setenv("LOSSCLINIC_CASEBOOK", casebook)
    assert diagnose_main([*SAID]) == 0
    taught, err = capsys.readouterr()
    assert "Casebook: " in taught
    assert "casebook: 30" in err
    assert diagnose_main([*SAID, "--no-casebook"]) == 0
    clean, err = capsys.readouterr()
    assert "Casebook: " not in clean
    assert err == ""
