"""Explanations: what they say about a session is what the session would really do, in both languages."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.explanation import Difference, WhatIf
from lossclinic.engine.mind import mind
from lossclinic.engine.reason.explain import difference, how, snapshot, what_if, why, why_not
from lossclinic.engine.reason.kernel import Value
from lossclinic.engine.reason.suppose import options_of, suppose
from lossclinic.engine.report import DECIBANS
from lossclinic.engine.session import Session
from lossclinic.errors import InputError

SPIKE = "loss spikes at step 3000 and recovers; Adam; the gradient norm jumps at the same step"
MIND = mind()
OPTIONS: list[tuple[str, Value]] = [
    (a.fact, value) for a in MIND.questions.askables if a.fact == a.finding for value in options_of(MIND.ranking.values[a.finding])
]


def spike(lang: str = "en") -> Session:
    """A session about a spike that was described in words."""
    session = Session(lang="zh" if lang == "zh" else "en")
    session.hear(SPIKE)
    return session


def posterior(session: Session) -> np.ndarray:
    """Probabilities of all causes and something else."""
    return session.mind.ranking.posterior(session.known(), session.memory)


def belief(session: Session) -> object:
    """Everything that a session believes."""
    return session.known(), session.memory.fired, posterior(session).tolist()


@settings(max_examples=25, deadline=None)
@given(told=st.lists(st.sampled_from(OPTIONS), max_size=8), options=st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=12))
def test_a_supposed_answer_does_what_the_real_answer_would(told: list[tuple[str, Value]], options: list[tuple[str, Value]]) -> None:
    """For any history and any hypothetical answers: the probabilities are those of telling it for real, and nothing stays behind."""
    session = spike()
    for fact, value in told:
        session.tell(fact, value)
    before = belief(session)
    rows = suppose(session.mind.ranking, session.memory, options)
    assert belief(session) == before
    for (fact, value), row in zip(options, rows, strict=True):
        really = spike()
        for past in (*told, (fact, value)):
            really.tell(*past)
        assert row == pytest.approx(posterior(really), abs=1e-9), fact


def test_no_explanation_changes_the_session() -> None:
    """One may ask why, how, why not and what if at any time; beliefs, rules and probabilities stay to the last bit."""
    session = spike()
    session.answer("optimizer", "adam")
    before = belief(session)
    why(session, session.next_question() or "")
    how(session, "bad_batch")
    why_not(session, "lr_too_high")
    what_if(session)
    what_if(session, "bad_batch_found", True)
    what_if(session, "optimizer", "sgd")
    assert belief(session) == before


def test_why_tells_what_each_answer_would_do() -> None:
    """Every answer with its chance, the causes it moves, and whether another cause would be first: as it then really is."""
    session = spike()
    fact = session.next_question()
    assert fact is not None
    told = why(session, fact)
    assert sum(a.chance for a in told.answers) == pytest.approx(1.0)
    assert told.gain == pytest.approx(session.candidates()[0].gain)
    for answer in told.answers:
        really = spike()
        really.answer(fact, answer.value)
        now = really.diagnosis().causes
        assert answer.first.id == now[0].id
        assert answer.changes == (now[0].id != told.leaders[0].id)
        assert {s.id: s.after for s in answer.shifts}[now[0].id] == pytest.approx(now[0].probability)


def test_why_not_adds_up() -> None:
    """The evidence that separates two causes, with their priors, is the whole difference of their log odds."""
    session = spike()
    session.answer("bad_batch_found", True)
    session.answer("lr_changed_at_onset", False)
    told = why_not(session, "lr_too_high")
    parts = told.prior_decibans + sum(c.decibans for c in (*told.for_first, *told.for_other))
    odds = DECIBANS * log(told.first.probability / told.other.probability)
    assert parts == pytest.approx(odds, abs=0.5 * len(session.known()))
    assert [abs(c.decibans) for c in told.for_first] == sorted((abs(c.decibans) for c in told.for_first), reverse=True)
    assert told.first.id == "bad_batch"


def test_why_not_says_what_would_have_to_be_true() -> None:
    """Each answer that is said to put the other cause first does so."""
    session = spike()
    told = why_not(session, "lr_too_high")
    decisive = [flip for flip in told.open if flip.first.id == "lr_too_high"]
    assert decisive
    for flip in told.open:
        assert flip.probability > told.other.probability


def test_why_not_the_first_compares_it_with_the_second() -> None:
    """Asked about the cause that is first already, the contrast is with the next one."""
    session = spike()
    causes = session.diagnosis().causes
    assert why_not(session, causes[0].id).other.id == causes[1].id


def test_how_traces_every_piece_to_its_origin() -> None:
    """Words to the words, answers to the answer, rules to what made them fire, claims to a source with a name."""
    session = spike()
    session.answer("reproduces_same_step", True)
    session.answer("lr_changed_at_onset", False)
    told = how(session, "bad_batch")
    reasons = {r.id: r for r in (*told.reasons_for, *told.reasons_against)}
    assert reasons["loss_spike"].origin.kind == "text"
    assert reasons["reproduces_same_step"].origin.kind == "answer"
    rule = reasons["spike_reproduces_without_rate_change"]
    assert rule.origin.kind == "rule"
    assert {g.id for g in rule.rests_on} == {"loss_spike", "reproduces_same_step", "lr_changed_at_onset"}
    assert rule.cites[0].id == "S3-033"
    assert "interview answer" in rule.cites[0].source
    assert told.place == 1


def test_how_shows_the_rules_behind_a_derived_fact() -> None:
    """A level that follows from a number shows the rule and the number."""
    session = spike()
    session.tell("optimizer", "adam")
    session.tell("learning_rate", 0.1)
    reasons = how(session, "lr_too_high").reasons_for
    level = next(r for r in reasons if r.id == "lr_level")
    assert [g.id for g in level.rests_on] == ["lr_extreme_adam", "optimizer", "learning_rate"]


def test_how_names_the_rule_that_excludes() -> None:
    """A cause that a rule has ruled out comes with its proof."""
    session = spike()
    session.tell("classes_imbalanced", False)
    assert [g.id for g in how(session, "class_imbalance").excluded_by] == ["balanced_classes_rule_out_imbalance"]
    assert why_not(session, "class_imbalance").excluded_by


def test_what_if_lists_the_answers_that_change_the_verdict() -> None:
    """Most likely first, each really changes which cause is first, and no other single answer does."""
    session = spike()
    told = what_if(session)
    assert isinstance(told, WhatIf)
    assert told.flips
    assert [f.chance for f in told.flips] == sorted((f.chance for f in told.flips), reverse=True)
    for flip in told.flips:
        really = spike()
        askable = next(a for a in MIND.questions.askables if a.fact == flip.fact)
        really.memory.tell(askable.finding, flip.value if flip.value is not None else "")
        assert MIND.ranking.causes[int(posterior(really)[:-1].argmax())] == flip.first.id != told.first.id


def test_what_if_says_what_the_verdict_rests_on() -> None:
    """A fact without which another cause would be first is named."""
    session = spike()
    session.answer("lower_lr_helps", True)
    session.answer("lr_changed_at_onset", True)
    told = what_if(session)
    assert isinstance(told, WhatIf)
    for flip in told.held_up_by:
        really = spike()
        for fact in ("lower_lr_helps", "lr_changed_at_onset"):
            if fact != flip.fact:
                really.answer(fact, True)
        if flip.fact in ("lower_lr_helps", "lr_changed_at_onset"):
            assert really.diagnosis().causes[0].id == flip.first.id
    assert "lr_changed_at_onset" in {flip.fact for flip in told.held_up_by}


def test_taking_an_answer_back_shows_the_way_back() -> None:
    """The difference names the answer that went, the rules that fell, and the causes that moved; the other way round it names them again."""
    session = spike()
    session.answer("lr_changed_at_onset", False)
    before = snapshot(session)
    session.answer("reproduces_same_step", True)
    answered = snapshot(session)
    session.take_back("reproduces_same_step")
    back = difference(answered, snapshot(session))
    assert [g.id for g in back.fell] == ["spike_reproduces_without_rate_change"]
    assert back.fired == ()
    assert len(back.gone) == 1
    assert back.came == ()
    there = difference(before, answered)
    assert {s.id: (s.before, s.after) for s in there.shifts} == {s.id: (s.after, s.before) for s in back.shifts}
    assert [g.id for g in there.fired] == [g.id for g in back.fell]


def test_what_if_with_a_value_is_the_difference_it_would_make() -> None:
    """Supposing an answer shows the same causes as giving it."""
    session = spike()
    supposed = what_if(session, "bad_batch_found", True)
    assert isinstance(supposed, Difference)
    session.answer("bad_batch_found", True)
    assert supposed.first_after.id == session.diagnosis().causes[0].id
    assert supposed.first_after.probability == pytest.approx(session.diagnosis().causes[0].probability)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_languages_tell_the_same(lang: str) -> None:
    """One proof, two wordings: the same ids, figures and order, in the language of the session."""
    english, chinese = how(spike(), "bad_batch"), how(spike("zh"), "bad_batch")
    assert [(r.id, r.decibans) for r in english.reasons_for] == [(r.id, r.decibans) for r in chinese.reasons_for]
    text = how(spike(lang), "bad_batch").reasons_for[0].text
    assert any("一" <= c <= "鿿" for c in text) == (lang == "zh")


def test_unknown_causes_and_facts_are_named() -> None:
    """A cause or a fact that does not exist is an error of the user's, in one line."""
    with pytest.raises(InputError, match="nonsense"):
        how(spike(), "nonsense")
    with pytest.raises(InputError, match="nonsense"):
        why(spike(), "nonsense")
    with pytest.raises(InputError, match="nonsense"):
        what_if(spike(), "nonsense", True)
