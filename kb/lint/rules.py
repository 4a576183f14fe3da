"""Rules that are wrong as logic: they can never fire, add nothing, contradict each other, run in a circle, or lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import WEIGHT, Condition, Rule, Scalar, Then
from .conditions import Allowed, Domains, implies, possible, together
from .finding import Finding
from .shelf import Shelf

__all__ = ["check"]


def check(shelf: Shelf) -> Iterator[Finding]:
    """All faults of the rules."""
    domains = Domains(dict.fromkeys(shelf.ids["symptoms"]), shelf.facts, shelf.observations)
    alive: dict[str, Rule] = {}
    for id, rule in shelf.rules.items():
        culprit = possible(rule, domains)
        if culprit is not None:
            if domains.of(culprit) is not None:  # an unknown id is reported as such
                yield shelf.finding("never-fires", "rules", id, "if", culprit, key=True, fact=culprit)
            continue
        alive[id] = rule
        yield from _at_odds_with_itself(shelf, id, rule)
        yield from _examples(shelf, id, rule, domains)
    yield from _pairs(shelf, alive, domains)
    yield from _circles(shelf)
    yield from _dead_ends(shelf)


def _at_odds_with_itself(shelf: Shelf, id: str, rule: Rule) -> Iterator[Finding]:
    then = rule.then
    for cause in {*then.support} & ({*then.oppose} | {*then.exclude}) | {*then.oppose} & {*then.exclude}:
        yield shelf.finding("contradicts", "rules", id, "then", wording="itself", cause=cause)
    if not (then.conclude or then.support or then.oppose or then.exclude):
        yield shelf.finding("leads-nowhere", "rules", id, "then", wording="empty")


def _examples(shelf: Shelf, id: str, rule: Rule, domains: Domains) -> Iterator[Finding]:
    """An example must come out as the rule itself says (what other rules derive, the tests run), and both outcomes must be shown."""
    derived = {fact for other in shelf.rules.values() for fact in other.then.conclude}

    def holds(given: dict[str, Scalar], fact: str, condition: Condition) -> bool:
        value = domains.allowed(fact, given[fact]) if fact in given else Allowed()
        return not value.empty and value.within(domains.allowed(fact, condition))

    for at, example in enumerate(rule.examples):
        if derived & ({*rule.when, *rule.unless} - {*example.given}):
            continue
        needed = all(holds(example.given, fact, condition) for fact, condition in rule.when.items())
        blocked = any(holds(example.given, fact, condition) for fact, condition in rule.unless.items())
        if (needed and not blocked) != example.fires:
            yield shelf.finding("example-fails", "rules", id, "examples", at, wording="stays" if example.fires else "fires")
    shown = {example.fires for example in rule.examples}
    if len(shown) < 2:
        yield shelf.finding("example-missing", "rules", id, "examples", key=True, wording="stays" if True in shown else "fires")


def _pairs(shelf: Shelf, rules: dict[str, Rule], domains: Domains) -> Iterator[Finding]:
    items = list(rules.items())
    for at, (a_id, a) in enumerate(items):
        for b_id, b in items[at + 1 :]:
            if not _concern_the_same(a.then, b.then) or not together(a, b, domains):
                continue
            for fact in {*a.then.conclude} & {*b.then.conclude}:
                if a.then.conclude[fact] != b.then.conclude[fact]:
                    yield shelf.finding("contradicts", "rules", b_id, "then", wording="value", fact=fact, other=a_id)
            forward, back = implies(a, b, domains), implies(b, a, domains)
            if not forward and not back:
                continue
            for cause in _opposed(a.then, b.then):
                yield shelf.finding("contradicts", "rules", b_id if back else a_id, "then", cause=cause, other=a_id if back else b_id)
            if back and _covers(a.then, b.then):
                yield shelf.finding("subsumed", "rules", b_id, key=True, other=a_id)
            elif forward and _covers(b.then, a.then):
                yield shelf.finding("subsumed", "rules", a_id, key=True, other=b_id)


def _concern_the_same(a: Then, b: Then) -> bool:
    def touched(then: Then) -> set[str]:
        return {*then.conclude, *then.support, *then.oppose, *then.exclude}

    return bool(touched(a) & touched(b))


def _opposed(a: Then, b: Then) -> set[str]:
    """Causes that one of two conclusions speaks for and the other against."""
    against_a, against_b = {*a.oppose, *a.exclude}, {*b.oppose, *b.exclude}
    return {*a.support} & against_b | {*b.support} & against_a


def _covers(a: Then, b: Then) -> bool:
    """Whether `a` says everything that `b` says, at least as strongly."""
    strong = all(WEIGHT[w] <= WEIGHT.get(a.support.get(c, ""), 0.0) for c, w in b.support.items())
    strong = strong and all(c in a.exclude or WEIGHT[w] <= WEIGHT.get(a.oppose.get(c, ""), 0.0) for c, w in b.oppose.items())
    return strong and b.conclude.items() <= a.conclude.items() and {*b.exclude} <= {*a.exclude}


def _circles(shelf: Shelf) -> Iterator[Finding]:
    """Rules whose conclusion is needed, through others, for their own conditions."""
    after: dict[str, set[str]] = {}
    for rule in shelf.rules.values():
        for fact in rule.then.conclude:
            after.setdefault(fact, set()).update(rule.when, rule.unless)
    for id, rule in shelf.rules.items():
        for fact in rule.then.conclude:
            path = _way_back(after, fact, {*rule.when, *rule.unless})
            if path:
                yield shelf.finding("circle", "rules", id, "then", "conclude", fact, key=True, path=" <- ".join(path))


def _way_back(after: dict[str, set[str]], goal: str, start: set[str]) -> list[str]:
    """The shortest chain of facts from `goal` over one of `start` back to `goal`; empty when there is none."""
    queue = [[goal, first] for first in sorted(start)]
    seen: set[str] = set()
    while queue:
        path = queue.pop(0)
        if path[-1] == goal:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            queue.extend([*path, before] for before in sorted(after.get(path[-1], ())))
    return []


def _dead_ends(shelf: Shelf) -> Iterator[Finding]:
    """Conclusions about facts that no rule and no cause looks at."""
    used = {finding for cause in shelf.causes.values() for finding in (*cause.expects, *cause.told)}
    used |= {fact for rule in shelf.rules.values() for fact in (*rule.when, *rule.unless)}
    for id, rule in shelf.rules.items():
        for fact in rule.then.conclude:
            if fact not in used:
                yield shelf.finding("leads-nowhere", "rules", id, "then", "conclude", fact, key=True, wording="unused", fact=fact)
