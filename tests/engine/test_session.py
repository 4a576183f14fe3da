"""One triage: what it believes, what it asks, what an answer does, and what taking it back undoes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lossclinic.engine.mind import mind
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Log
from lossclinic.engine.observe.read import read
from lossclinic.engine.one_call import diagnose_log
from lossclinic.engine.reason.questions import SURE
from lossclinic.engine.session import Session
from lossclinic.errors import InputError

KB = mind().kb


def posterior(session: Session) -> np.ndarray:
    """Probabilities of all causes and something else, as they stand."""
    return session.mind.ranking.posterior(session.known(), session.memory)


def answers_to(fact: str) -> tuple[Any, ...]:
    """Everything that can be answered to the question for `fact`."""
    spec = KB.fact(fact)
    if spec.type == "bool":
        return (True, False)
    if spec.type == "enum":
        return spec.values
    low, high = spec.minimum or 0.0, spec.maximum if spec.maximum is not None else 100.0
    return (low, (low + high) / 2, high, 10 ** ((np.log10(max(low, 1e-9)) + np.log10(max(high, 1e-8))) / 2))


ANSWERS: tuple[tuple[str, Any], ...] = tuple(
    (askable.fact, answer) for askable in mind().questions.askables for answer in (*answers_to(askable.fact), None)
)


def log_of(columns_of: Any, kind: str) -> Log:
    """The log of a synthetic run."""
    return read(columns_of(kind))


# ------------------------------------------------------------------------------------------------------------------ what it believes


def test_words_are_judged_by_reports_until_a_log_is_read(columns_of: Any) -> None:
    """People tell of other faults, and otherwise, than logs show: what is reasoned with changes when a log comes in, and what was said stays."""
    session = Session()
    session.hear("the loss suddenly became nan")
    assert session.mind is mind().told
    session.read(log_of(columns_of, "nan"))
    assert session.mind is mind()
    assert session.heard


def test_what_was_found_and_what_was_not_is_believed(columns_of: Any) -> None:
    """Symptoms that were found are true, symptoms that were looked for in vain are false, what could not be looked for is open."""
    session = Session(log_of(columns_of, "surge"))
    known = session.known()
    assert known["loss_surge"] is True
    assert known["loss_nan_inf"] is False
    assert "dead_units" not in known
    assert session.origins["loss_surge"].kind == session.origins["loss_nan_inf"].kind == "metric"
    assert session.origins["loss_surge"].first_step == 250


@pytest.mark.parametrize(("lang", "several"), [("en", "One of 3 such findings."), ("zh", "（同类现象共 3 处）")])
def test_evidence_that_was_seen_several_times_names_the_place_it_speaks_of(columns_of: Any, lang: str, several: str) -> None:
    """Of three spikes the text tells of the first, says that there are more, and the steps beside it are those of the first."""
    columns = columns_of("healthy")
    for at in (120, 200, 310):
        columns["train_loss"][at : at + 3] *= 7
    session = Session(read(columns), lang="zh" if lang == "zh" else "en")
    evidence = next(e for cause in session.diagnosis().causes for e in cause.evidence if e.id == "loss_spike")
    assert "120" in evidence.text
    assert evidence.text.endswith(several)
    assert evidence.origin.first_step == 120


def test_what_the_log_shows_is_not_asked(sick_log: Log) -> None:
    """No question is about something that the log answers already."""
    session = Session(sick_log)
    known = session.known()
    asked = {c.ask.fact for c in session.candidates()}
    assert "learning_rate" in known
    assert asked
    assert not asked & set(known)


def test_a_user_who_says_otherwise_is_believed_and_can_take_it_back(columns_of: Any) -> None:
    """What the user states overrules what the log says; taken back, the log's word stands again with its origin."""
    session = Session(log_of(columns_of, "surge"))
    before, read_off, origin = posterior(session), session.known()["learning_rate"], session.origins["learning_rate"]
    session.tell("learning_rate", 5.0)
    session.tell("learning_rate", 7.0)
    assert session.known()["learning_rate"] == 7.0
    assert session.origins["learning_rate"].kind == "told"
    session.take_back("learning_rate")
    assert session.known()["learning_rate"] == read_off
    assert session.origins["learning_rate"] == origin
    assert posterior(session) == pytest.approx(before, abs=1e-12)


def test_conclusions_name_the_rules_they_rest_on() -> None:
    """A fact that nobody stated carries the rules that derived it, and goes with its reasons."""
    session = Session()
    session.tell("optimizer", "adam")
    session.tell("learning_rate", 0.5)
    assert session.known()["lr_level"] == "extreme"
    assert "lr_extreme_adam" in session.memory.supports("lr_level")
    session.take_back("optimizer")
    assert session.memory.supports("lr_level") == ["lr_high_whatever"]
    session.take_back("learning_rate")
    assert "lr_level" not in session.known()


# ------------------------------------------------------------------------------------------------------------------------- its values


@pytest.mark.parametrize(
    ("fact", "value", "believed"),
    [
        ("mixed_precision", "FP16 ", "fp16"), ("mixed_precision", False, "none"), ("gpu_overheat", "yes", True), ("gpu_overheat", "是", True),
        ("gpu_overheat", "没有", False), ("gpu_overheat", 0, False), ("learning_rate", "3e-4", 3e-4), ("learning_rate", 1, 1.0),
    ],
)  # fmt: skip
def test_values_are_taken_as_people_write_them(fact: str, value: Any, believed: Any) -> None:
    """Yes, no, words and numbers are understood in the forms in which people type them."""
    session = Session()
    session.tell(fact, value)
    assert session.known()[fact] == believed
    assert type(session.known()[fact]) is type(believed)


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("gpu_overheat", "perhaps", "true or false"), ("optimizer", "magic", "one of"), ("learning_rate", "fast", "a number"),
        ("learning_rate", -1, "a number"), ("learning_rate", float("nan"), "a number"), ("learning_rate", True, "a number"),
        ("learning_rate", None, "a number"), ("learning_rate", [1], "a number"), ("learning_rate", 10**400, "a number"),
    ],
)  # fmt: skip
def test_an_impossible_value_is_refused_with_what_is_possible(fact: str, value: Any, says: str) -> None:
    """A value that the fact cannot have raises one line that names the fact, the value and what is possible; nothing changes."""
    session = Session()
    with pytest.raises(InputError, match=says) as error:
        session.tell(fact, value)
    assert fact in str(error.value)
    assert repr(value) in str(error.value)
    assert "\n" not in str(error.value)
    assert session.known() == {}


@pytest.mark.parametrize(("typed", "meant"), [("learning_rat", "learning_rate"), ("gpu_overheated", "gpu_overheat"), ("zzz", None)])
def test_an_unknown_fact_is_refused_with_the_nearest_one(typed: str, meant: str | None) -> None:
    """A fact that does not exist raises one line that names it and, where one is near, the fact that was probably meant."""
    session = Session()
    for act in (session.tell, session.answer):
        with pytest.raises(InputError, match=f"'{typed}'") as error:
            act(typed, None if act == session.answer else True)
        assert meant is None or f"'{meant}'" in str(error.value)
    assert session.known() == {}
    assert session.asked == []


# -------------------------------------------------------------------------------------------------------------------------- interview


def test_it_never_asks_more_than_the_cap(sick_log: Log) -> None:
    """Whatever the cap, no more questions than that are asked, and none twice."""
    for cap in (0, 1, 3, 7):
        session = Session(sick_log)
        facts: list[str] = []
        session.interview(lambda fact: facts.append(fact), cap)  # noqa: B023 - called at once
        assert [a.fact for a in session.asked] == facts
        assert len(facts) == len(set(facts)) <= cap


def test_it_says_why_it_stopped(columns_of: Any) -> None:
    """Cap, certainty, nothing left worth asking, and a healthy run are told apart."""
    capped = Session(log_of(columns_of, "stuck"))
    capped.interview(lambda _: None, 2)
    assert (capped.stopped, len(capped.asked)) == ("cap", 2)
    capped.interview(lambda _: None, 1000)
    assert capped.stopped == "no_gain"
    capped.take_back(capped.asked[0].fact)
    assert capped.stopped == ""
    for cap, asked in ((0, 0), (2, 2), (5, 3)):
        fine = Session(log_of(columns_of, "healthy"))
        fine.interview(lambda _: None, cap)
        assert (fine.stopped, len(fine.asked)) == ("healthy", asked)


def _in_order(session: Session) -> dict[str, bool]:
    """What the owner of a run in order answers."""
    return {fact: "true" not in values for fact, values in session.mind.faults.items()}


def test_a_calm_log_is_not_believed_without_a_few_checks(columns_of: Any) -> None:
    """Before a run is called healthy, it asks for the faults that a log may hide; one that is found is followed up."""
    in_order = Session(log_of(columns_of, "healthy"))
    in_order.interview(_in_order(in_order), 5)
    assert in_order.healthy
    assert in_order.stopped == "healthy"
    checks = [answer.fact for answer in in_order.asked]
    assert len(checks) == 3
    assert set(checks) <= set(in_order.mind.faults)
    for fact in checks:
        faulty = in_order.mind.faults[fact]
        found = Session(log_of(columns_of, "healthy"))
        found.interview(_in_order(found) | {fact: "true" in faulty}, 3)
        assert not found.healthy
        assert found.diagnosis().causes


def test_a_fault_that_is_stated_outweighs_a_calm_log(columns_of: Any) -> None:
    """Who says that gradients are never cleared is not told that all is well; who says that they are, is."""
    session = Session(log_of(columns_of, "healthy"))
    session.tell("zero_grad_called", True)
    assert session.healthy
    session.tell("zero_grad_called", False)
    assert not session.healthy
    assert session.diagnosis().causes[0].id == "missing_zero_grad"
    session.take_back("zero_grad_called")
    assert session.healthy


def test_a_symptom_that_is_denied_is_believed_absent(columns_of: Any) -> None:
    """What the user says is not there is not asked for again; what the log shows stands."""
    session = Session()
    session.hear("the loss oscillates a lot, but no NaN so far")
    assert session.known()["loss_nan_inf"] is False
    shown = Session(log_of(columns_of, "stuck"))
    plateau = shown.known()["loss_plateau"]
    shown.hear("it is not stuck")
    assert shown.known()["loss_plateau"] == plateau


def test_it_stops_when_sure() -> None:
    """Told of each question what is usual under one cause, it stops before the cap, sure of a cause or with nothing left to ask, and says which."""
    ranking, finding = mind().ranking, {a.fact: a.finding for a in mind().questions.askables}
    sure = 0
    for cause in ranking.causes[::2]:

        def usual(fact: str, at: int = ranking.index[cause]) -> Any:
            return list(ranking.values[fact])[int(np.argmax(ranking.given[fact][:, at]))] if finding[fact] == fact else None

        session = Session()
        session.interview(usual, 60)
        assert session.stopped in ("sure", "no_gain")
        assert len(session.asked) < 60
        assert bool(posterior(session)[:-1].max() >= SURE) is (session.stopped == "sure")
        sure += session.stopped == "sure"
    assert sure


def test_every_answer_moves_the_diagnosis_as_its_question_promised(sick_log: Log) -> None:
    """The question that is asked has a gain worth asking for, and its possible answers lead to different probabilities."""
    session = Session(sick_log)
    fact = session.next_question()
    assert fact is not None
    assert session.candidates()[0].gain > 0
    outcomes: list[tuple[float, ...]] = []
    for value in answers_to(fact):
        session.answer(fact, value)
        outcomes.append(tuple(np.round(posterior(session), 9)))
        session.take_back(fact)
    assert len(set(outcomes)) > 1


# ----------------------------------------------------------------------------------------------------------------------------- undoing


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ANSWERS), max_size=10), st.sampled_from(ANSWERS), st.sampled_from(["surge", "stuck", "none"]))
def test_taking_an_answer_back_restores_what_was(columns_of: Any, before: list[tuple[str, Any]], answer: tuple[str, Any], kind: str) -> None:
    """After an answer is taken back, beliefs, probabilities, fired rules and open questions are exactly those from before it."""
    session = Session(None if kind == "none" else log_of(columns_of, kind))
    fact, value = answer
    for other, said in before:
        if other != fact:
            session.answer(other, said)
    known, was, fired, asked = session.known(), posterior(session), session.memory.fired_rules(), list(session.asked)
    open_ = {c.ask.fact: c.gain for c in session.candidates()}
    session.answer(fact, value)
    session.take_back(fact)
    assert session.known() == known
    assert session.memory.fired_rules() == fired
    assert session.asked == asked
    assert posterior(session) == pytest.approx(was, abs=1e-12)
    assert {c.ask.fact: c.gain for c in session.candidates()} == pytest.approx(open_, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.booleans()), max_size=14))
def test_any_history_of_answers_ends_where_the_surviving_ones_lead(doings: list[tuple[tuple[str, Any], bool]]) -> None:
    """Answering, correcting and taking back in any order ends where a new triage with the surviving answers ends."""
    session = Session()
    surviving: dict[str, Any] = {}
    for (fact, value), take_back in doings:
        if take_back:
            session.take_back(fact)
            surviving.pop(fact, None)
        else:
            session.answer(fact, value)
            if value is not None:
                surviving[fact] = value
    fresh = Session()
    for fact, value in surviving.items():
        fresh.answer(fact, value)
    assert session.known() == fresh.known()
    assert session.memory.fired_rules() == fresh.memory.fired_rules()
    assert posterior(session) == pytest.approx(posterior(fresh), abs=1e-12)


def test_taking_back_what_was_never_said_is_harmless(sick_log: Log) -> None:
    """Taking back an unknown, an unanswered or a misspelt fact, or what the log itself shows, changes nothing."""
    session = Session(sick_log)
    known = session.known()
    for fact in ("gpu_overheat", "no_such_fact", "", *known):
        session.take_back(fact)
    assert session.known() == known


def test_words_that_were_misheard_can_be_taken_back(columns_of: Any) -> None:
    """A symptom heard in the text falls when it is taken back, and the log's own word on it stands again."""
    session = Session(log_of(columns_of, "healthy"))
    before, known = posterior(session), session.known()
    session.hear("the loss is NaN")
    assert session.known()["loss_nan_inf"] is True
    assert not session.healthy
    for id in list(session.heard):
        session.take_back(id)
    for id, origin in list(session.origins.items()):
        if origin.kind == "text":
            session.take_back(id)
    assert session.known() == known
    assert session.healthy
    assert posterior(session) == pytest.approx(before, abs=1e-12)


# ------------------------------------------------------------------------------------------------------------------------ the diagnosis


def test_looking_at_the_log_beforehand_changes_nothing(sick_log: Log) -> None:
    """A session that is handed what was observed already diagnoses as one that looks for itself."""
    assert Session(sick_log, seen=observe(sick_log)).diagnosis() == Session(sick_log).diagnosis()


def test_evidence_is_traced_to_where_it_comes_from(columns_of: Any) -> None:
    """Each piece of evidence says whether it was read off the log, told, answered or concluded, with steps or rule."""
    session = Session(log_of(columns_of, "surge"))
    session.tell("optimizer", "adam")
    session.answer("bad_batch_found", True)
    causes = {cause.id: cause for cause in session.diagnosis().causes[:8]}
    first = causes["bad_batch"]
    by_id = {e.id: e for e in first.evidence}
    assert by_id["bad_batch_found"].origin.kind == "answer"
    assert by_id["bad_batch_found"].decibans > 3
    assert any(e.origin.kind == "metric" and e.origin.first_step == 250 for e in first.evidence)
    assert [abs(e.decibans) for e in first.evidence] == sorted((abs(e.decibans) for e in first.evidence), reverse=True)
    rules = [e for c in causes.values() for e in c.evidence if e.origin.kind == "rule" and not e.origin.detail]
    assert rules == []


@pytest.mark.parametrize("cap", [0, 4])
def test_the_same_triage_twice_is_the_same_diagnosis(sick_log: Log, cap: int) -> None:
    """Same log, same answers: same findings, same probabilities, same questions, to the last digit."""
    runs = [diagnose_log(sick_log, answers={"bad_batch_found": True, "grad_clipping": False}, max_questions=cap, lang="en") for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].to_json() == runs[1].to_json()


def test_the_examples_of_every_cause_find_it() -> None:
    """Every case that a cause gives as an example ranks it where the example says."""
    wrong: list[str] = []
    for id in KB.ids("causes"):
        for case in KB.cause(id).examples:
            session = Session()
            for symptom in case.symptoms:
                session.memory.tell(symptom, True)
            for fact, value in case.facts.items():
                session.memory.tell(fact, value)
            ranked = [session.mind.ranking.causes[i] for i in np.argsort(-posterior(session)[:-1], kind="stable")]
            if ranked.index(id) >= case.rank:
                wrong.append(f"{id}: {case.name} is {ranked.index(id) + 1}, behind {ranked[0]}")
    assert wrong == []
