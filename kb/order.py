"""The order in which facts settle: whatever a fact is concluded from comes before it."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from ..errors import KnowledgeError
from .model import Rule
from .plain import PlainRule

Rules = Mapping[str, Rule] | Mapping[str, PlainRule]


def in_order(rules: Rules) -> list[str]:
    """Facts that rules mention, each after whatever it is concluded from: a rule is done when all facts it looks at are, a fact when all its
    rules are.

    Raises KnowledgeError when rules depend on each other in a circle.
    """
    all_rules = list(rules.values())
    looks: dict[str, list[int]] = {}
    open_rules: dict[str, int] = {}
    open_facts: list[int] = []
    for number, rule in enumerate(all_rules):
        seen = rule.when.keys() | rule.unless.keys() if rule.unless else rule.when
        open_facts.append(len(seen))
        for fact in seen:
            looks.setdefault(fact, []).append(number)
        for fact in rule.then.conclude:
            open_rules[fact] = open_rules.get(fact, 0) + 1
    order = [fact for fact in looks if fact not in open_rules]
    for fact in order:  # grows while it is read
        for number in looks.get(fact, ()):
            open_facts[number] -= 1
            if not open_facts[number]:
                for concluded in all_rules[number].then.conclude:
                    open_rules[concluded] -= 1
                    if not open_rules[concluded]:
                        order.append(concluded)
    if any(open_rules.values()):
        raise KnowledgeError(f"rules:1:1: rules depend on each other in a circle: {_circle(rules)}")
    return order


def _circle(rules: Rules) -> str:
    before: dict[str, set[str]] = {}
    for rule in rules.values():
        for concluded in rule.then.conclude:
            before.setdefault(concluded, set()).update(rule.when, rule.unless)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return " <- ".join(reversed(error.args[1]))
    raise AssertionError("no circle")
