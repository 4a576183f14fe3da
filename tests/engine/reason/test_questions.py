"""Which question comes next: what it is worth, what is never asked, what comes first, when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log2
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.mind import Mind
from lossclinic.engine.reason.kernel import Atom, Memory, RuleSet, Value
from lossclinic.engine.reason.questions import RED_FLAG_CHANCE, SURE, Askable, Candidate, Questions, should_stop
from lossclinic.engine.reason.ranking import Ranking, softmax
from lossclinic.engine.session import Session
from lossclinic.kb.likelihood import Tables

Book = Callable[..., Ranking]
EMPTY = Memory(RuleSet({}))


def ask(fact: str, **more: Any) -> Askable:
    """A question about `fact` that costs a look and has nothing special about it, but for `more`."""
    return Askable(**{"fact": fact, "finding": fact, "effort": "look", "minutes": 1.0, "topic": fact, "red_flag": None, "known": 1.0, **more})


def rank_questions(
    ranking: Ranking, posterior: Any, askables: Sequence[Askable], known: Mapping[str, Value], last_topic: str | None = None
) -> list[Candidate]:
    """The open ones of these questions, best first."""
    return Questions(ranking, askables).rank(posterior, known, last_topic=last_topic)


SPLITS = {"true": [0.9, 0.1], "false": [0.1, 0.9]}
HINTS = {"true": [0.6, 0.4], "false": [0.4, 0.6]}
SILENT = {"true": [0.3, 0.3], "false": [0.7, 0.7]}


def test_the_question_that_separates_more_comes_first(book: Book) -> None:
    """Of two equally cheap questions the one whose answer tells the leading causes apart is asked."""
    ranking = book([0.5, 0.5], {"hints": HINTS, "splits": SPLITS, "silent": SILENT})
    out = rank_questions(ranking, ranking.posterior({}, EMPTY), [ask("silent"), ask("hints"), ask("splits")], {})
    assert [c.ask.fact for c in out] == ["splits", "hints", "silent"]


def test_a_question_that_separates_nothing_has_no_gain(book: Book) -> None:
    """An answer that is as likely under every cause is worth nothing."""
    ranking = book([0.7, 0.3], {"silent": SILENT})
    (only,) = rank_questions(ranking, ranking.posterior({}, EMPTY), [ask("silent")], {})
    assert only.gain == pytest.approx(0.0, abs=1e-12)
    assert only.worth == pytest.approx(0.0, abs=1e-12)


def test_a_question_that_settles_the_case_gains_all_there_is_to_know(book: Book) -> None:
    """Between two equally likely causes a near-perfect test is worth almost one bit."""
    ranking = book([0.5, 0.5], {"x": {"true": [0.999, 0.001], "false": [0.001, 0.999]}})
    (only,) = rank_questions(ranking, ranking.posterior({}, EMPTY), [ask("x")], {})
    assert only.gain == pytest.approx(1.0, abs=0.02)


def test_a_look_comes_before_a_check_before_a_rerun(book: Book) -> None:
    """Of equally telling questions the cheapest to answer is asked first."""
    ranking = book([0.5, 0.5], {"a": SPLITS, "b": SPLITS, "c": SPLITS})
    questions = [ask("a", effort="rerun"), ask("b", effort="check"), ask("c", effort="look")]
    out = rank_questions(ranking, ranking.posterior({}, EMPTY), questions, {})
    assert [c.ask.fact for c in out] == ["c", "b", "a"]


def test_what_the_owner_can_hardly_know_comes_later(book: Book) -> None:
    """Of equally telling questions the one that will probably get an answer is asked first."""
    ranking = book([0.5, 0.5], {"a": SPLITS, "b": SPLITS})
    out = rank_questions(ranking, ranking.posterior({}, EMPTY), [ask("a", known=0.3), ask("b", known=0.9)], {})
    assert [c.ask.fact for c in out] == ["b", "a"]


def test_a_reporter_is_asked_what_was_looked_into_if_a_cause_is_at_work(book: Book) -> None:
    """Who reports in words knows the tell-tale of what went wrong, and little else: what merely halves the field is asked of others."""
    telltale = {"true": [0.95, 0.05, 0.05, 0.05], "false": [0.05, 0.95, 0.95, 0.95]}
    halves = {"true": [0.75, 0.75, 0.25, 0.25], "false": [0.25, 0.25, 0.75, 0.75]}
    ranking = book([0.4, 0.2, 0.2, 0.2], {"halves": halves, "telltale": telltale})
    posterior = ranking.posterior({}, EMPTY)
    askables = [ask("halves"), ask("telltale", known=0.1)]
    owner = Questions(ranking, askables).rank(posterior, {})
    author = Questions(ranking, askables, reported=True).rank(posterior, {})
    assert [c.ask.fact for c in owner] == ["halves", "telltale"]
    assert [c.ask.fact for c in author] == ["telltale", "halves"]


def test_a_reporter_is_hardly_asked_for_what_people_volunteer(book: Book) -> None:
    """A report that is silent about something that people say unasked has little to say about it: an equally telling question goes first."""
    ranking = book([0.5, 0.5], {"a": SPLITS, "b": SPLITS})
    questions = Questions(ranking, [ask("a", volunteered=True), ask("b")], reported=True)
    assert [c.ask.fact for c in questions.rank(ranking.posterior({}, EMPTY), {})] == ["b", "a"]


def test_questions_of_one_topic_stay_together(book: Book) -> None:
    """Of equally telling questions the one on the topic just talked about is asked first."""
    ranking = book([0.5, 0.5], {"a": SPLITS, "b": SPLITS})
    questions = [ask("a", topic="data"), ask("b", topic="gradients")]
    posterior = ranking.posterior({}, EMPTY)
    assert [c.ask.fact for c in rank_questions(ranking, posterior, questions, {}, last_topic="gradients")] == ["b", "a"]
    assert [c.ask.fact for c in rank_questions(ranking, posterior, questions, {}, last_topic="data")] == ["a", "b"]


def test_what_is_known_is_not_asked(book: Book) -> None:
    """Neither a fact that is known, nor one that is only another way to learn what is known, is asked again."""
    ranking = book([0.5, 0.5], {"lr_level": SPLITS, "clipping": HINTS})
    questions = [ask("learning_rate", finding="lr_level"), ask("clipping")]
    posterior = ranking.posterior({}, EMPTY)

    def asked(known: dict[str, Value]) -> list[str]:
        return [c.ask.fact for c in rank_questions(ranking, posterior, questions, known)]

    assert asked({}) == ["learning_rate", "clipping"]
    assert asked({"learning_rate": 0.1}) == ["clipping"]
    assert asked({"lr_level": "high"}) == ["clipping"]
    assert asked({"lr_level": "high", "clipping": False}) == []


def test_a_question_that_does_not_apply_is_not_asked(book: Book) -> None:
    """Nobody is asked about resuming a run that was never resumed, nor before it is known that it was."""
    ranking = book([0.5, 0.5], {"state_restored": SPLITS})
    question = ask("state_restored", only_if=(Atom("resumed", (True,)),))
    posterior = ranking.posterior({}, EMPTY)
    assert rank_questions(ranking, posterior, [question], {}) == []
    assert rank_questions(ranking, posterior, [question], {"resumed": False}) == []
    assert [c.ask.fact for c in rank_questions(ranking, posterior, [question], {"resumed": True})] == ["state_restored"]


def test_a_question_that_no_cause_was_described_with_is_not_asked(book: Book) -> None:
    """An answer that could not move anything is not asked for."""
    ranking = book([0.5, 0.5], {"x": SPLITS})
    assert rank_questions(ranking, ranking.posterior({}, EMPTY), [ask("nobody")], {}) == []


def test_a_likely_red_flag_comes_first(book: Book) -> None:
    """A hot GPU is asked about before anything cleverer while it is likely: the run may have to be stopped."""
    hot = {"true": [0.6, 0.05], "false": [0.4, 0.95]}
    ranking = book([0.5, 0.5], {"gpu_overheat": hot, "splits": SPLITS})
    questions = [ask("splits"), ask("gpu_overheat", red_flag="true", effort="check", known=0.5)]
    likely = rank_questions(ranking, ranking.posterior({}, EMPTY), questions, {})
    assert [c.ask.fact for c in likely] == ["gpu_overheat", "splits"]
    assert [c.urgent for c in likely] == [True, False]


def test_an_unlikely_red_flag_waits_its_turn(book: Book) -> None:
    """A red flag that hardly can be up does not push ahead."""
    cold = {"true": [0.09, 0.01], "false": [0.91, 0.99]}
    ranking = book([0.5, 0.5], {"gpu_overheat": cold, "splits": SPLITS})
    out = rank_questions(ranking, ranking.posterior({}, EMPTY), [ask("gpu_overheat", red_flag="true"), ask("splits")], {})
    assert [c.ask.fact for c in out] == ["splits", "gpu_overheat"]
    assert not any(c.urgent for c in out)
    assert RED_FLAG_CHANCE == 0.10


def test_a_red_flag_that_gains_little_does_not_end_the_interview(book: Book) -> None:
    """What comes first for safety does not hide that other questions are still worth asking."""
    everywhere = {"true": [0.5, 0.5], "false": [0.5, 0.5]}
    ranking = book([0.5, 0.5], {"gpu_overheat": everywhere, "splits": SPLITS})
    posterior = ranking.posterior({}, EMPTY)
    out = rank_questions(ranking, posterior, [ask("gpu_overheat", red_flag="true"), ask("splits")], {})
    assert [c.ask.fact for c in out] == ["gpu_overheat", "splits"]
    assert should_stop(out, posterior) is None


def test_asking_stops_when_sure(book: Book) -> None:
    """Once the first cause is nearly certain no question is worth an interruption."""
    ranking = book([0.5, 0.5], {"x": {"true": [0.99, 0.001], "false": [0.01, 0.999]}, "y": SPLITS})
    posterior = ranking.posterior({"x": True}, EMPTY)
    assert posterior.max() >= SURE
    assert should_stop(rank_questions(ranking, posterior, [ask("y")], {"x": True}), posterior) == "sure"


def test_asking_stops_when_nothing_is_left_worth_asking(book: Book) -> None:
    """No open question, or only questions that hardly tell anything, end the interview."""
    ranking = book([0.5, 0.5], {"silent": SILENT, "splits": SPLITS})
    posterior = ranking.posterior({}, EMPTY)
    assert should_stop([], posterior) == "nothing_left"
    assert should_stop(rank_questions(ranking, posterior, [ask("silent")], {}), posterior) == "no_gain"
    assert should_stop(rank_questions(ranking, posterior, [ask("silent"), ask("splits")], {}), posterior) is None


def test_with_every_cause_ruled_out_nothing_is_gained_by_asking(book: Book) -> None:
    """When only the unknown is left, questions about known causes are worth nothing, and nothing divides by zero."""
    ranking = book([0.5, 0.5], {"splits": SPLITS})
    posterior = np.array([0.0, 0.0, 1.0])
    out = rank_questions(ranking, posterior, [ask("splits")], {})
    assert [c.gain for c in out] == [0.0]
    assert should_stop(out, posterior) == "no_gain"


# ----------------------------------------------------------------------------------------------------------------- on any book at all


def information(posterior: list[float], table: list[list[float]], base: list[float], weight: float) -> float:
    """Mutual information of answer and cause in bits, from the joint distribution, in plain arithmetic."""
    causes = [p / sum(posterior) for p in posterior]
    columns: list[list[float]] = []
    for at in range(len(causes)):
        column = [base[v] * (row[at] / base[v]) ** weight for v, row in enumerate(table)]
        columns.append([p / sum(column) for p in column])
    total = 0.0
    for v in range(len(table)):
        marginal = sum(c * column[v] for c, column in zip(causes, columns, strict=True))
        for c, column in zip(causes, columns, strict=True):
            if c * column[v] > 0:
                total += c * column[v] * log2(column[v] / marginal)
    return total


@settings(max_examples=120, deadline=None)
@given(st.integers(2, 5).flatmap(lambda n: st.tuples(
    st.lists(st.integers(1, 50), min_size=n, max_size=n),
    st.lists(st.lists(st.integers(1, 50), min_size=3, max_size=3), min_size=n, max_size=n),
    st.lists(st.integers(1, 50), min_size=3, max_size=3),
    st.sampled_from([0.3, 0.8, 1.0]),
)))  # fmt: skip
def test_gain_is_the_information_about_the_cause_and_never_negative(case: Any) -> None:
    """The gain that is shown is the mutual information, in bits, between cause and answer; the temperature is not for answers."""
    weights, per_cause, usual, temperature = case
    rows = [[column[v] / sum(column) for column in per_cause] for v in range(3)]
    base = [u / sum(usual) for u in usual]
    tables = Tables(
        causes=[f"c{i}" for i in range(len(weights))], prior=[w / sum(weights) for w in weights], findings=["x"], values=[["a", "b", "c"]],
        kinds=["fact"], groups=["g"], base=[base], given=[rows], temperature=temperature, exponents={},
    )  # fmt: skip
    ranking = Ranking(tables)
    posterior = ranking.posterior({}, EMPTY)
    (only,) = rank_questions(ranking, posterior, [ask("x")], {})
    assert only.gain >= 0.0
    assert only.gain == pytest.approx(information(posterior[:-1].tolist(), rows, base, 1.0), abs=1e-9)
    assert only.gain <= min(log2(3), log2(len(weights))) + 1e-9
    assert only.worth >= -1e-9


# ------------------------------------------------------------------------------------------------------------------ the product's book


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-30, 5), min_size=200, max_size=200))
def test_the_questions_of_the_product_are_sound_for_any_suspicion(product: Mind, scores: list[float]) -> None:
    """However the suspicion is spread over the causes, every question has a finite gain of at least nothing, and the order is by worth."""
    n = len(product.ranking.causes)
    posterior = softmax(np.array(scores[: n + 1]))
    out = rank_questions(product.ranking, posterior, product.questions.askables, {})
    assert {c.ask.fact for c in out} == {a.fact for a in product.questions.askables if a.applies({})}
    assert all(0.0 <= c.gain < 6.0 and np.isfinite(c.worth) for c in out)
    assert [(not c.urgent, -c.worth) for c in out] == sorted((not c.urgent, -c.worth) for c in out)


def test_dont_know_changes_no_probability_and_is_not_asked_again(product: Mind) -> None:
    """Answering "I don't know" to everything leaves the diagnosis exactly where it was, and every question is put once."""
    session = Session(with_mind=product)
    session.hear("loss is NaN")
    before = session.mind.ranking.posterior(session.known(), session.memory)
    facts: list[str] = []
    while (fact := session.next_question()) is not None:
        facts.append(fact)
        session.answer(fact, None)
        assert (session.mind.ranking.posterior(session.known(), session.memory) == before).all()
    assert len(facts) == len(set(facts)) > 10
    assert session.stopped == "no_gain"
    assert session.diagnosis().causes == Session.diagnosis(fresh(product, "loss is NaN")).causes


def fresh(product: Mind, text: str) -> Session:
    """A session that has heard `text` and nothing else."""
    session = Session(with_mind=product)
    session.hear(text)
    return session


def test_every_question_that_can_be_asked_can_be_answered(product: Mind) -> None:
    """Each askable fact has a question in both languages and, unless it is a number, a label for every value in both."""
    for askable in product.questions.askables:
        fact = product.kb.fact(askable.fact)
        assert fact.ask.en != fact.ask.zh
        values = () if fact.type == "number" else fact.values or ("true", "false")
        assert set(values) <= set(fact.labels), askable.fact
        if askable.red_flag is not None:
            assert askable.red_flag in values
