"""Causes ranked: probabilities that sum to 1, evidence that adds up, causes that are out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.mind import Mind
from lossclinic.engine.reason.kernel import Memory, RuleSet, Value
from lossclinic.engine.reason.ranking import ELSE_PRIOR, FAINT, RULE_BOUND, Ranking
from lossclinic.kb.likelihood import Tables
from lossclinic.kb.model import WEIGHT, Rule

Book = Callable[..., Ranking]


def memory(*thens: Mapping[str, Any]) -> Memory:
    """A memory in which one rule has fired for each of `thens`."""
    rules = {
        f"r{i}": Rule.model_validate({
            "if": {"on": True}, "then": dict(then), "because": {"en": "because", "zh": "因为"}, "examples": [{"given": {"on": True}, "fires": True}],
        })
        for i, then in enumerate(thens)
    }  # fmt: skip
    out = Memory(RuleSet(rules))
    out.tell("on", True)
    return out


# -------------------------------------------------------------------------------------------------------------- by hand, on small books


def test_without_any_evidence_the_prior_stands(book: Book) -> None:
    """Before anything is known, causes are as likely as they are common, and a little is kept for the unknown."""
    ranking = book([0.75, 0.25], {})
    assert ranking.posterior({}, memory()) == pytest.approx([0.75 * (1 - ELSE_PRIOR), 0.25 * (1 - ELSE_PRIOR), ELSE_PRIOR])


def test_evidence_multiplies_the_odds(book: Book) -> None:
    """A finding four times as likely under one cause as under another makes that cause four times as likely against it."""
    ranking = book([0.5, 0.5], {"x": {"true": [0.8, 0.2], "false": [0.2, 0.8]}})
    first, second, _ = ranking.posterior({"x": True}, memory())
    assert first / second == pytest.approx(4.0)
    first, second, _ = ranking.posterior({"x": False}, memory())
    assert first / second == pytest.approx(0.25)


def test_something_else_expects_what_is_usual(book: Book) -> None:
    """Evidence that fits no known cause raises the chance that it is something else."""
    table = {"x": {"true": [0.02, 0.02], "false": [0.98, 0.98]}}
    ranking = book([0.5, 0.5], table, base={"x": [0.5, 0.5]})
    known = book([0.5, 0.5], table).posterior({}, memory())[-1]
    assert ranking.posterior({"x": True}, memory())[-1] > 0.4 > known
    assert ranking.posterior({"x": False}, memory())[-1] < known


def test_a_cooler_temperature_makes_less_of_the_same_evidence(book: Book) -> None:
    """Half the temperature halves the log odds that a finding gives."""
    table = {"x": {"true": [0.8, 0.2], "false": [0.2, 0.8]}}
    first, second, _ = book([0.5, 0.5], table, temperature=0.5).posterior({"x": True}, memory())
    assert first / second == pytest.approx(2.0)


@pytest.mark.parametrize("value", ["purple", 3.0, True])
def test_a_value_outside_the_table_says_nothing(book: Book, value: Value) -> None:
    """A number, or a value that no cause was described with, is no evidence and no error."""
    ranking = book([0.6, 0.4], {"x": {"red": [0.8, 0.2], "blue": [0.2, 0.8]}})
    assert ranking.posterior({"x": value, "nobody": value}, memory()) == pytest.approx(ranking.posterior({}, memory()))


def test_a_finding_that_all_causes_share_changes_nothing(book: Book) -> None:
    """What is as likely under every cause as without any tells nothing apart."""
    ranking = book([0.6, 0.4], {"x": {"true": [0.3, 0.3], "false": [0.7, 0.7]}})
    assert ranking.posterior({"x": True}, memory()) == pytest.approx(ranking.posterior({}, memory()))


@pytest.mark.parametrize("word", list(WEIGHT))
def test_a_fired_rule_adds_its_word_to_the_log_odds(book: Book, word: str) -> None:
    """Support and opposition are worth what the scale of words says, up to the bound."""
    ranking = book([0.5, 0.5], {})
    nats = min(WEIGHT[word], RULE_BOUND)
    first, second, _ = ranking.posterior({}, memory({"support": {"c0": word}}))
    assert log(first / second) == pytest.approx(nats)
    first, second, _ = ranking.posterior({}, memory({"oppose": {"c0": word}}))
    assert log(first / second) == pytest.approx(-nats)


def test_rules_together_are_bounded(book: Book) -> None:
    """Ten rules that agree move a cause no further than the bound: evidence decides, rules adjust."""
    ranking = book([0.5, 0.5], {})
    first, second, _ = ranking.posterior({}, memory(*[{"support": {"c0": "strong"}}] * 10))
    assert log(first / second) == pytest.approx(RULE_BOUND)


def test_excluded_causes_vanish(book: Book) -> None:
    """A cause that a rule rules out has probability zero whatever else speaks for it, and the others share what it had."""
    ranking = book([0.8, 0.15, 0.05], {"x": {"true": [0.99, 0.01, 0.01], "false": [0.01, 0.99, 0.99]}})
    out = ranking.posterior({"x": True}, memory({"exclude": ["c0"]}, {"support": {"c0": "strong"}}))
    assert out[0] == 0.0
    assert out.sum() == pytest.approx(1.0)
    assert out[1] / out[2] == pytest.approx(3.0)


def test_when_all_causes_are_out_it_is_something_else(book: Book) -> None:
    """With every known cause ruled out the probability goes to the unknown, without a division by nothing."""
    ranking = book([0.5, 0.5], {"x": {"true": [0.8, 0.2], "false": [0.2, 0.8]}})
    standing = memory({"exclude": ["c0", "c1"]})
    out = ranking.posterior({"x": True}, standing)
    assert out == pytest.approx([0.0, 0.0, 1.0])
    assert all(np.isfinite(c.nats) for c in ranking.contributions("c0", {"x": True}, standing))


def test_evidence_is_listed_strongest_first_with_its_kind(book: Book) -> None:
    """The reader meets what counts most first, and sees whether it is a finding or a rule."""
    table = {"x": {"true": [0.6, 0.4], "false": [0.4, 0.6]}, "y": {"true": [0.1, 0.9], "false": [0.9, 0.1]}}
    ranking, standing = book([0.5, 0.5], table), memory({"support": {"c0": "moderate"}})
    beliefs: dict[str, Value] = {"x": True, "y": True}
    listed = ranking.contributions("c0", beliefs, standing)
    assert [(c.id, c.kind) for c in listed] == [("y", "fact"), ("r0", "rule"), ("x", "fact")]
    assert [c.nats for c in listed] == pytest.approx([log(0.1 / 0.9), WEIGHT["moderate"], log(0.6 / 0.4)], rel=0.1)


def test_what_all_likely_causes_share_still_counts(book: Book) -> None:
    """A finding that two causes explain alike, and that all but rules out a third, is listed for both: it is why they lead."""
    ranking = book([0.1, 0.1, 0.8], {"x": {"true": [0.9, 0.9, 0.01], "false": [0.1, 0.1, 0.99]}})
    for cause in ("c0", "c1"):
        (only,) = ranking.contributions(cause, {"x": True}, memory())
        assert only.nats > 1.0


def test_ruling_a_rival_out_counts_for_the_others(book: Book) -> None:
    """A rule that excludes a cause is listed with what the room it leaves is worth to another one."""
    ranking = book([0.2, 0.6, 0.2], {})
    standing = memory({"exclude": ["c1"]})
    (only,) = ranking.contributions("c0", {}, standing)
    out = ranking.posterior({}, standing)
    before = float(np.exp(ranking.prior[0]))
    assert only.nats == pytest.approx(log(out[0] / (1 - out[0])) - log(before / (1 - before)))


# ----------------------------------------------------------------------------------------------------------------- on any book at all


@st.composite
def books(draw: st.DrawFn) -> tuple[Tables, dict[str, Value], Memory]:
    """Tables of two to five causes, some beliefs (true or false), and a few fired rules."""
    n = draw(st.integers(2, 5))
    share = st.integers(1, 99).map(lambda p: p / 100)
    shares = st.lists(share, min_size=n, max_size=n)
    weights = draw(shares)
    rows = draw(st.lists(st.tuples(shares, share), max_size=5))
    findings = [f"x{i}" for i in range(len(rows))]
    word, cause = st.sampled_from(sorted(WEIGHT)), st.sampled_from([f"c{i}" for i in range(n)])
    effects = st.dictionaries(cause, word, max_size=2)
    thens = draw(st.lists(st.fixed_dictionaries({"support": effects, "oppose": effects}), max_size=4))
    tables = Tables(
        causes=[f"c{i}" for i in range(n)],
        prior=[w / sum(weights) for w in weights],
        findings=findings,
        values=[["true", "false"] for _ in rows],
        kinds=["symptom" for _ in rows],
        groups=[draw(st.sampled_from(["g", "h"])) for _ in rows],
        base=[[base, 1 - base] for _, base in rows],
        given=[[yes, [1 - p for p in yes]] for yes, _ in rows],
        temperature=draw(st.sampled_from([0.5, 0.8, 1.0])),
        exponents=draw(st.dictionaries(st.sampled_from(["g", "h"]), st.sampled_from([0.3, 1.0]), max_size=2)),
    )
    beliefs = {finding: draw(st.booleans()) for finding in findings if draw(st.booleans())}
    return tables, beliefs, memory(*thens)


def by_the_formula(tables: Tables, beliefs: dict[str, Value], standing: Memory) -> list[float]:
    """Scores of all causes, as the opening of ranking.py defines them, in plain arithmetic."""
    out: list[float] = []
    for at, cause in enumerate(tables["causes"]):
        score = log(tables["prior"][at] * (1 - ELSE_PRIOR))
        for finding, value in beliefs.items():
            f = tables["findings"].index(finding)
            v = tables["values"][f].index(str(value).lower())
            exponent = tables["exponents"].get(tables["groups"][f], 1.0)
            score += tables["temperature"] * exponent * log(tables["given"][f][v][at] / tables["base"][f][v])
        thens = [standing.rules.rules[i].then for i in standing.fired]
        moved = sum(WEIGHT[t.support[cause]] for t in thens if cause in t.support) - sum(WEIGHT[t.oppose[cause]] for t in thens if cause in t.oppose)
        out.append(score + max(-RULE_BOUND, min(RULE_BOUND, moved)))
    return out


@settings(max_examples=80, deadline=None)
@given(books())
def test_probabilities_follow_the_documented_formula_and_sum_to_one(case: tuple[Tables, dict[str, Value], Memory]) -> None:
    """The log odds of any two causes are the sum of prior, tempered evidence and bounded rules; all with something else make 1."""
    tables, beliefs, standing = case
    posterior = Ranking(tables).posterior(beliefs, standing)
    assert posterior.sum() == pytest.approx(1.0)
    assert (posterior >= 0).all()
    scores = by_the_formula(tables, beliefs, standing)
    for a, b in pairwise(range(len(scores))):
        assert log(posterior[a] / posterior[b]) == pytest.approx(scores[a] - scores[b], abs=1e-9)
    assert log(posterior[0] / posterior[-1]) == pytest.approx(scores[0] - log(ELSE_PRIOR), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(books())
def test_contributions_lead_from_the_prior_to_the_probability(case: tuple[Tables, dict[str, Value], Memory]) -> None:
    """The prior odds of a cause and everything listed make its odds now, but for what was too faint to list."""
    tables, beliefs, standing = case
    ranking = Ranking(tables)
    prior, posterior = np.exp(ranking.prior), ranking.posterior(beliefs, standing)
    for at, cause in enumerate(tables["causes"]):
        listed = ranking.contributions(cause, beliefs, standing)
        left_out = len(beliefs) + len(standing.fired) - len(listed)
        now = log(posterior[at] / np.delete(posterior, at).sum())
        assert log(prior[at] / (1 - prior[at])) + sum(c.nats for c in listed) == pytest.approx(now, abs=left_out * FAINT + 0.01)
        assert all(abs(c.nats) > FAINT for c in listed)


@settings(max_examples=40, deadline=None)
@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(case: tuple[Tables, dict[str, Value], Memory], order: Any) -> None:
    """The same beliefs in another order give the same probabilities."""
    tables, beliefs, standing = case
    shuffled = list(beliefs.items())
    order.shuffle(shuffled)
    ranking = Ranking(tables)
    assert ranking.posterior(dict(shuffled), standing) == pytest.approx(ranking.posterior(beliefs, standing), abs=1e-12)


# ------------------------------------------------------------------------------------------------------------------ the product's book


def test_the_tables_of_the_product_are_probabilities(product: Mind) -> None:
    """Under every cause and without any, the values of a finding are all possible and their probabilities make 1."""
    ranking = product.ranking
    assert exp(ranking.prior[-1]) == pytest.approx(ELSE_PRIOR)
    assert np.exp(ranking.prior).sum() == pytest.approx(1.0)
    for finding in ranking.findings:
        assert ranking.given[finding].sum(axis=0) == pytest.approx(np.ones(len(ranking.causes))), finding
        assert ranking.base[finding].sum() == pytest.approx(1.0), finding
        assert ranking.given[finding].min() > 0, finding
        assert ranking.base[finding].min() > 0, finding


def test_every_rule_of_the_product_names_causes_it_knows(product: Mind) -> None:
    """Firing every rule at once moves and excludes causes without stumbling over an unknown name."""
    standing = Memory(product.rules)
    standing._missing[:] = [0] * len(product.rules.ids)
    adjust, excluded = product.ranking.rule_effects(standing)
    assert np.isfinite(adjust).all()
    assert all(0 <= at < len(product.ranking.causes) for at in excluded)


def test_each_single_value_of_the_product_keeps_the_books_balanced(product: Mind) -> None:
    """Whatever one thing is known, the probabilities of all causes and something else make 1, and none is certain."""
    ranking, empty = product.ranking, Memory(product.rules)
    for finding, values in ranking.values.items():
        for value in values:
            posterior = ranking.posterior({finding: value}, empty)
            assert posterior.sum() == pytest.approx(1.0), (finding, value)
            assert posterior.max() < 0.95, (finding, value)
