"""Causes and rules keep the promises of their own examples."""

from __future__ import annotations

import pytest
from lossclinic.engine.mind import Mind
from lossclinic.kb import load
from lossclinic.tui.kb_examples import fires, rank

CASES = [(id, at) for id in load().ids("causes") for at in range(len(load().cause(id).examples))]
RULES = load().ids("rules")


@pytest.fixture(scope="module")
def mind() -> Mind:
    """The product's knowledge, compiled for reasoning."""
    return Mind(load())


@pytest.mark.parametrize(("cause", "at"), CASES, ids=[f"{id}-{at}" for id, at in CASES])
def test_a_cause_ranks_as_its_example_says(mind: Mind, cause: str, at: int) -> None:
    """I tell what an example of a cause tells, and the cause comes as far up as the example promises."""
    example = mind.kb.cause(cause).examples[at]
    assert rank(mind, cause, example) <= example.rank, example.name


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_fires_as_its_examples_say(mind: Mind, rule: str) -> None:
    """I tell the facts of a rule's examples, and it fires in those in which it says so, and in no other."""
    for example in mind.kb.rule(rule).examples:
        assert fires(mind, rule, example) == example.fires, example.given


def test_every_cause_has_an_example_in_which_it_comes_first(mind: Mind) -> None:
    """There is no cause that the clinic could never name first."""
    assert [id for id in mind.kb.ids("causes") if all(example.rank > 1 for example in mind.kb.cause(id).examples)] == []
