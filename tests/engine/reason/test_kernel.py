"""The kernel: what is believed follows from what was told, whatever was told and taken back on the way."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lossclinic.engine.reason.kernel import Memory, RuleSet, Value
from lossclinic.errors import KnowledgeError
from lossclinic.kb.model import Range, Rule

BECAUSE = {"en": "because", "zh": "因为"}


def rule(when: Mapping[str, Any], conclude: Mapping[str, Any] | None = None, unless: Mapping[str, Any] | None = None) -> Rule:
    """A rule as it would be read from the knowledge base."""
    return Rule.model_validate({
        "if": dict(when), "unless": dict(unless or {}), "then": {"conclude": dict(conclude or {})}, "because": BECAUSE,
        "examples": [{"given": {}, "fires": True}],
    })  # fmt: skip


def memory(**rules: Rule) -> Memory:
    """An empty memory over `rules`."""
    return Memory(RuleSet(rules))


def state(memory: Memory) -> tuple[dict[str, Value], dict[str, Value], list[str]]:
    """Everything that can be seen of a memory."""
    return dict(memory.told), memory.derived(), memory.fired_rules()


# ---------------------------------------------------------------------------------------------------------------- one thing at a time


def test_a_rule_fires_when_all_of_its_conditions_hold() -> None:
    """A conclusion needs every condition, not just one of them."""
    m = memory(r=rule({"optimizer": "adam", "learning_rate": {"gt": 0.01}}, {"lr_level": "extreme"}))
    m.tell("optimizer", "adam")
    assert m.value("lr_level") is None
    m.tell("learning_rate", 0.1)
    assert m.value("lr_level") == "extreme"
    assert m.fired_rules() == ["r"]


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ("adam", ["adam"], ["sgd", "Adam", True]),
        (("adam", "adamw"), ["adam", "adamw"], ["sgd"]),
        (True, [True], [False, 1, 1.0, "true"]),
        (False, [False], [True, 0, "false"]),
        ({"gt": 1}, [1.5, 2], [1, 0.5, "2", True]),
        ({"ge": 1}, [1, 2], [0.99]),
        ({"lt": 1}, [0.5, -3], [1, 2, False]),
        ({"le": 1}, [1, 0], [1.01]),
        ({"gt": 1, "le": 2}, [1.5, 2], [1, 2.5]),
    ],
)
def test_a_condition_is_one_value_one_of_several_or_a_range(condition: Any, holds: list[Value], fails: list[Value]) -> None:
    """Equal, one-of and range conditions hold for exactly the values they describe, and true is never taken for 1."""
    for value in holds:
        m = memory(r=rule({"x": condition}, {"y": True}))
        m.tell("x", value)
        assert m.value("y") is True, value
    for value in fails:
        m = memory(r=rule({"x": condition}, {"y": True}))
        m.tell("x", value)
        assert m.value("y") is None, value


def test_one_and_true_are_two_conditions() -> None:
    """A rule about the number 1 does not swallow a rule about the answer yes."""
    m = memory(number=rule({"x": 1}, {"p": True}), answer=rule({"x": True}, {"q": True}))
    m.tell("x", True)
    assert m.derived() == {"q": True}
    m.tell("x", 1)
    assert m.derived() == {"p": True}


def test_unless_blocks_a_rule_while_it_holds() -> None:
    """An exception silences a rule for as long as it stands, and no longer."""
    m = memory(r=rule({"a": True}, {"b": True}, unless={"c": True}))
    m.tell("a", True)
    assert m.value("b") is True
    m.tell("c", True)
    assert m.value("b") is None
    m.tell("c", False)
    assert m.value("b") is True


def test_unless_sees_what_other_rules_conclude() -> None:
    """An exception may itself be a conclusion: the rule waits for the verdict on it, whatever the order of the rules."""
    rules = {"late": rule({"a": True}, {"verdict": True}, unless={"excuse": True}), "early": rule({"a": True}, {"excuse": True})}
    for order in (rules, dict(reversed(rules.items()))):
        m = Memory(RuleSet(order))
        m.tell("a", True)
        assert m.derived() == {"excuse": True}
        assert m.fired_rules() == ["early"]


def test_conclusions_chain() -> None:
    """What one rule concludes sets off the next, and all of it falls with its first reason."""
    m = memory(one=rule({"a": True}, {"b": True}), two=rule({"b": True}, {"c": True}), three=rule({"c": True}, {"d": True}))
    m.tell("a", True)
    assert m.derived() == {"b": True, "c": True, "d": True}
    m.retract("a")
    assert state(m) == ({}, {}, [])


def test_a_conclusion_stands_while_one_reason_stands() -> None:
    """Taking back one of two reasons changes nothing; taking back both does."""
    m = memory(one=rule({"a": True}, {"c": True}), two=rule({"b": True}, {"c": True}))
    m.tell("a", True)
    m.tell("b", True)
    assert m.supports("c") == ["one", "two"]
    m.retract("a")
    assert m.value("c") is True
    assert m.supports("c") == ["two"]
    m.retract("b")
    assert m.value("c") is None


def test_two_contradicting_conclusions_leave_the_fact_open() -> None:
    """When rules say both low and high, the engine believes neither, and the one that stays once the other falls."""
    m = memory(low=rule({"a": True}, {"level": "low"}), high=rule({"b": True}, {"level": "high"}))
    m.tell("a", True)
    m.tell("b", True)
    assert m.value("level") is None
    m.retract("a")
    assert m.value("level") == "high"


def test_a_told_value_beats_a_derived_one_and_gives_way_again() -> None:
    """What the user says about a fact counts more than what follows from rules, until the user takes it back."""
    m = memory(derive=rule({"a": True}, {"level": "low"}), follow=rule({"level": "high"}, {"alarm": True}))
    m.tell("a", True)
    m.tell("level", "high")
    assert m.value("level") == "high"
    assert m.derived() == {"alarm": True}
    m.retract("level")
    assert m.derived() == {"level": "low"}


def test_telling_again_replaces() -> None:
    """A corrected answer leaves no trace of the first one."""
    m = memory(small=rule({"x": {"lt": 1}}, {"size": "small"}), large=rule({"x": {"ge": 1}}, {"size": "large"}))
    m.tell("x", 0.5)
    m.tell("x", 5)
    assert state(m) == ({"x": 5}, {"size": "large"}, ["large"])


@pytest.mark.parametrize("value", [False, 0, 0.0, ""])
def test_a_false_answer_can_be_taken_back_too(value: Value) -> None:
    """No, zero and the empty text are answers like any other."""
    m = memory(r=rule({"x": value}, {"y": True}))
    m.tell("x", value)
    assert m.value("y") is True
    m.retract("x")
    assert state(m) == ({}, {}, [])


def test_taking_back_what_was_never_told_is_harmless() -> None:
    """Retracting an unknown fact, a fact twice, or a derived fact changes nothing."""
    m = memory(r=rule({"a": True}, {"b": True}))
    m.tell("a", True)
    before = state(m)
    for fact in ("nobody_knows", "b", "b"):
        m.retract(fact)
        assert state(m) == before
    m.retract("a")
    m.retract("a")
    assert state(m) == ({}, {}, [])


@pytest.mark.parametrize(
    "rules",
    [
        {"self": rule({"a": True}, {"a": False})},
        {"there": rule({"a": True}, {"b": True}), "back": rule({"b": True}, {"a": True})},
        {"there": rule({"a": True}, {"b": True}), "back": rule({"x": True}, {"a": True}, unless={"b": True})},
        {"one": rule({"a": 1}, {"b": 1}), "two": rule({"b": 1}, {"c": 1}), "three": rule({"c": {"gt": 0}}, {"a": 2})},
    ],
)
def test_circles_are_refused(rules: dict[str, Rule]) -> None:
    """Rules that rest on each other in a circle are an error of the knowledge base that names the facts of the circle."""
    with pytest.raises(KnowledgeError, match=r"^rules:1:1: .*circle: \w+( <- \w+)+$") as error:
        RuleSet(rules)
    facts = str(error.value).rpartition(": ")[2].split(" <- ")
    assert facts[0] == facts[-1]
    assert {"a"} <= set(facts)


def test_a_long_chain_of_rules_is_no_circle() -> None:
    """A knowledge base may chain thousands of rules; neither compiling nor telling runs out of stack."""
    m = Memory(RuleSet({f"r{i}": rule({f"f{i}": True}, {f"f{i + 1}": True}) for i in range(3000)}))
    m.tell("f0", True)
    assert m.value("f3000") is True
    m.retract("f0")
    assert state(m) == ({}, {}, [])


def test_each_rule_is_settled_once() -> None:
    """Either-or rules stacked forty deep settle at once instead of trying every combination on the way."""
    rules: dict[str, Rule] = {}
    for i in range(40):
        rules[f"a{i}"] = rule({f"f{i}": True}, {f"a{i}": True})
        rules[f"b{i}"] = rule({f"f{i}": True}, {f"b{i}": True})
        rules[f"only_a{i}"] = rule({f"a{i}": True}, {f"f{i + 1}": True}, unless={f"b{i}": True})
        rules[f"only_b{i}"] = rule({f"b{i}": True}, {f"f{i + 1}": True}, unless={f"a{i}": True})
    m = Memory(RuleSet(rules))
    m.tell("f0", True)
    assert m.derived() == {"a0": True, "b0": True}
    m.tell("b0", False)
    assert set(m.derived()) == {"a0", "f1", "a1", "b1"}


def test_memories_share_rules_but_nothing_else() -> None:
    """Two triages over the same knowledge do not hear each other."""
    rules = RuleSet({"r": rule({"a": True}, {"b": True})})
    one, other = Memory(rules), Memory(rules)
    one.tell("a", True)
    assert other.value("b") is None
    assert other.fired_rules() == []


# ------------------------------------------------------------------------------------------------ any rules, any order of telling

FACTS = tuple(f"f{i}" for i in range(9))
POOLS: tuple[tuple[Value, ...], ...] = ((True, False), ("low", "usual", "high"), (0, 0.5, 1, 2.0, -3))
"""Values of a fact by its type: yes/no, one of several, number. Fact i is of type i % 3."""


def pool(fact: str) -> tuple[Value, ...]:
    """The values that `fact` may have."""
    return POOLS[int(fact[1:]) % 3]



def conditions(fact: str) -> st.SearchStrategy[Any]:
    """Conditions on `fact`: a value, one of several, or (for numbers) a range with one or two bounds."""
    values = pool(fact)
    one_of = st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple)
    bound = st.sampled_from((-1, 0, 0.5, 1, 2))
    low, high = st.sampled_from(("gt", "ge")), st.sampled_from(("lt", "le"))
    ranges = [st.builds(lambda k, b: {k: b}, k, bound) for k in (low, high)]
    both = st.builds(lambda k, a, q, b: {k: a, q: b}, low, bound, high, bound)
    return st.one_of(st.sampled_from(values), one_of, *([*ranges, both] if values is POOLS[2] else []))


CONDITIONS = {fact: conditions(fact) for fact in FACTS}
VALUES = {fact: st.sampled_from(pool(fact)) for fact in FACTS}


def rules_above(top: int) -> st.SearchStrategy[Rule]:
    """Rules that look at facts below `top` and conclude facts from `top` on."""

    def chosen(facts: tuple[str, ...], value_of: Mapping[str, st.SearchStrategy[Any]], least: int, most: int) -> st.SearchStrategy[Any]:
        pairs = st.one_of([st.tuples(st.just(fact), value_of[fact]) for fact in facts])
        return st.lists(pairs, min_size=least, max_size=most).map(dict)

    below, above = FACTS[:top], FACTS[top:]
    return st.builds(rule, chosen(below, CONDITIONS, 1, 3), chosen(above, VALUES, 0, 2), chosen(below, CONDITIONS, 0, 2))


def rule_sets() -> st.SearchStrategy[dict[str, Rule]]:
    """Up to fourteen rules without circles: a rule concludes only facts that come after all it looks at."""
    one = st.one_of([rules_above(top) for top in range(1, len(FACTS))])
    return st.lists(one, min_size=1, max_size=14).map(lambda rules: {f"r{i}": r for i, r in enumerate(rules)})


def doings() -> st.SearchStrategy[list[tuple[str, Value | None]]]:
    """Things that happen in a triage: (fact, value) is told, (fact, None) is taken back."""
    choices: list[tuple[str, Value | None]] = [(fact, value) for fact in FACTS for value in (*pool(fact), None)]
    return st.lists(st.sampled_from([*choices, ("unrelated", True), ("unrelated", None)]), max_size=24)


RULE_SETS, DOINGS = rule_sets(), doings()


def satisfied(condition: Any, value: Value | None) -> bool:
    """What a condition means, written down a second time."""
    if value is None:
        return False
    if not isinstance(condition, Range):
        return any(type(one) is type(value) and one == value for one in (condition if isinstance(condition, tuple) else (condition,)))
    if isinstance(value, bool | str):
        return False
    wants = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
    return all(wants[name](value, bound) for name, bound in condition.model_dump(exclude_none=True).items())


def naive(rules: dict[str, Rule], told: dict[str, Value]) -> tuple[dict[str, Value], dict[str, Value], list[str]]:
    """What follows from `told`, by looking at every rule again for every fact, in the order of the facts."""
    believed: dict[str, Value] = {}
    fired: list[str] = []
    for fact in sorted({*FACTS, *told}):
        said = {
            (type(value), value)
            for r in rules.values()
            for concluded, value in r.then.conclude.items()
            if concluded == fact and fires(r, believed)
        }
        if fact in told:
            believed[fact] = told[fact]
        elif len(said) == 1:
            believed[fact] = next(iter(said))[1]
    fired = [id for id, r in rules.items() if fires(r, believed)]
    return told, {fact: value for fact, value in believed.items() if fact not in told}, fired


def fires(r: Rule, believed: dict[str, Value]) -> bool:
    """Whether all of a rule's conditions hold and none of its exceptions."""
    return all(satisfied(c, believed.get(f)) for f, c in r.when.items()) and not any(satisfied(c, believed.get(f)) for f, c in r.unless.items())


@settings(max_examples=150, deadline=None)
@given(rules=RULE_SETS, doings=DOINGS)
def test_any_history_ends_where_a_fresh_start_with_the_surviving_facts_ends(
    rules: dict[str, Rule], doings: list[tuple[str, Value | None]]
) -> None:
    """After every single step of telling and taking back, beliefs and fired rules are those of a memory that was only told what survived."""
    compiled = RuleSet(rules)
    m = Memory(compiled)
    told: dict[str, Value] = {}
    for fact, value in doings:
        if value is None:
            m.retract(fact)
            told.pop(fact, None)
        else:
            m.tell(fact, value)
            told[fact] = value
        assert state(m) == naive(rules, told)
    fresh = Memory(compiled)
    for fact in sorted(told):
        fresh.tell(fact, told[fact])
    assert state(m) == state(fresh)


@settings(max_examples=40, deadline=None)
@given(rules=RULE_SETS, doings=DOINGS, order=st.randoms(use_true_random=False))
def test_the_order_of_rules_and_of_telling_does_not_matter(rules: dict[str, Rule], doings: list[tuple[str, Value | None]], order: Any) -> None:
    """The same facts give the same beliefs, in whatever order they and the rules come."""
    told = {fact: value for fact, value in doings if value is not None}
    m = Memory(RuleSet(rules))
    for fact, value in told.items():
        m.tell(fact, value)
    shuffled_rules, shuffled_facts = list(rules.items()), list(told.items())
    order.shuffle(shuffled_rules)
    order.shuffle(shuffled_facts)
    other = Memory(RuleSet(dict(shuffled_rules)))
    for fact, value in shuffled_facts:
        other.tell(fact, value)
    assert m.told == other.told
    assert m.derived() == other.derived()
    assert sorted(m.fired_rules()) == sorted(other.fired_rules())


@settings(max_examples=40, deadline=None)
@given(rules=RULE_SETS, doings=DOINGS)
def test_taking_everything_back_leaves_an_empty_memory(rules: dict[str, Rule], doings: list[tuple[str, Value | None]]) -> None:
    """Nothing lingers once all that was told is gone."""
    m = Memory(RuleSet(rules))
    for fact, value in doings:
        if value is not None:
            m.tell(fact, value)
    for fact in list(m.told):
        m.retract(fact)
    assert state(m) == ({}, {}, [])
    assert [m.value(fact) for fact in FACTS] == [None] * len(FACTS)


@settings(max_examples=40, deadline=None)
@given(rules=RULE_SETS, doings=DOINGS, fact=st.sampled_from(FACTS), data=st.data())
def test_a_told_value_always_wins_and_always_gives_way(
    rules: dict[str, Rule], doings: list[tuple[str, Value | None]], fact: str, data: st.DataObject
) -> None:
    """Overruling a conclusion and taking the overruling back leaves everything as it was before."""
    m = Memory(RuleSet(rules))
    for name, value in doings:
        if value is not None and name != fact:
            m.tell(name, value)
    before, concluded = state(m), m.value(fact)
    told = data.draw(st.sampled_from(pool(fact)))
    m.tell(fact, told)
    assert m.value(fact) == told
    assert fact not in m.derived()
    m.retract(fact)
    assert m.value(fact) == concluded
    assert state(m) == before


@settings(max_examples=15, deadline=None)
@given(rules=RULE_SETS, start=st.sampled_from(FACTS), end=st.sampled_from(FACTS))
@example(rules={}, start="f0", end="f1")
def test_closing_a_chain_into_a_circle_is_refused(rules: dict[str, Rule], start: str, end: str) -> None:
    """Whatever the other rules, adding two that lean on each other is refused before anything fires."""
    circle = {"there": rule({start: pool(start)[0]}, {end: pool(end)[0]}), "back": rule({end: pool(end)[0]}, {start: pool(start)[0]})}
    with pytest.raises(KnowledgeError, match="circle"):
        RuleSet({**rules, **circle})


def test_the_rules_of_the_product_compile_and_their_examples_hold() -> None:
    """Every rule of the knowledge base fires, or stays silent, as its own examples say."""
    from lossclinic.kb import load

    kb = load()
    rules = RuleSet({id: kb.rule(id) for id in kb.ids("rules")})
    wrong: list[str] = []
    for id, one in zip(rules.ids, rules.rules, strict=True):
        for case in one.examples:
            m = Memory(rules)
            for fact, value in case.given.items():
                m.tell(fact, value)
            if (id in m.fired_rules()) != case.fires:
                wrong.append(f"{id}: {case}")
    assert wrong == []
