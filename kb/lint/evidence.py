"""What a diagnostician would object to: causes that nothing confirms or separates, questions that decide nothing, words that backfire.

Judged on the authors' words alone, without the counts of labelled runs: a knowledge base must make sense before it is calibrated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..likelihood import BOOL, Tables, build
from ..model import WORDS
from .finding import Finding
from .shelf import Shelf

__all__ = ["check"]

TELLING = 3.0
"""A finding confirms a cause when it is at least three times as likely under it as in general (about 5 decibans), and..."""

EXPECTED = WORDS["sometimes"]
"""...is seen at least `sometimes` when the cause is at work: a proof that almost never turns up confirms nothing."""

APART = 0.9
"""Least symmetrised Kullback-Leibler divergence, in nats, of the finding that separates two causes best: one has it `often`, the
other `seldom` (0.96). Below, no answer moves one against the other by more than the noise of the words themselves."""


def check(shelf: Shelf) -> Iterator[Finding]:
    """All faults of the evidence."""
    if len(shelf.causes) < 2:
        return
    tables = build(shelf.causes, shelf.symptoms, shelf.facts, shelf.observations, None)
    yield from _unconfirmable(shelf, tables)
    yield from _inseparable(shelf, tables)
    yield from _idle(shelf, tables)
    yield from _backfiring(shelf, tables)


def _unconfirmable(shelf: Shelf, tables: Tables) -> Iterator[Finding]:
    for at, cause in enumerate(tables["causes"]):
        telling = (
            under[at] >= EXPECTED and under[at] >= TELLING * anyway
            for base, given in zip(tables["base"], tables["given"], strict=True)
            for anyway, under in zip(base, given, strict=True)
        )
        if not any(telling):
            yield shelf.finding("unconfirmable", "causes", cause, "expects", key=True)


def _inseparable(shelf: Shelf, tables: Tables) -> Iterator[Finding]:
    causes = tables["causes"]
    columns = [[[row[at] for row in given] for given in tables["given"]] for at in range(len(causes))]
    set_apart = {
        frozenset({cause, other}) for rule in shelf.rules.values() for cause in rule.then.support for other in (*rule.then.oppose, *rule.then.exclude)
    }
    for i, a in enumerate(causes):
        for j in range(i):
            if frozenset({a, causes[j]}) in set_apart:
                continue
            if all(_divergence(p, q) < APART for p, q in zip(columns[i], columns[j], strict=True)):
                yield shelf.finding("inseparable", "causes", a, "expects", key=True, other=causes[j])


def _divergence(p: list[float], q: list[float]) -> float:
    return sum((a - b) * math.log(a / b) for a, b in zip(p, q, strict=True))


def _idle(shelf: Shelf, tables: Tables) -> Iterator[Finding]:
    """Questions and symptoms that neither the tables nor a rule listen to."""
    moving = {finding for finding, given in zip(tables["findings"], tables["given"], strict=True) if any(max(row) / min(row) > 1.05 for row in given)}
    heard = {fact for rule in shelf.rules.values() for fact in (*rule.when, *rule.unless)}
    for id, fact in shelf.facts.items():
        if (fact.reads_as or id) not in moving and id not in moving and id not in heard:
            yield shelf.finding("changes-nothing", "facts", id, key=True, wording="fact")
    for id in shelf.symptoms:
        if id not in moving and id not in heard:
            yield shelf.finding("changes-nothing", "symptoms", id, key=True, wording="symptom")


def _backfiring(shelf: Shelf, tables: Tables) -> Iterator[Finding]:
    """ "rare" and "never" are meant to speak against a cause; where the finding is rarer still in general, they speak for it."""
    base = {f: row[0] for f, row, values in zip(tables["findings"], tables["base"], tables["values"], strict=True) if tuple(values) == BOOL}
    for id, cause in shelf.causes.items():
        for finding, word in cause.expects.items():
            if word in ("rare", "never") and finding in base and WORDS[str(word)] > 1.5 * base[finding]:
                yield shelf.finding("backfires", "causes", id, "expects", finding, word=word, fact=finding, base=f"{base[finding]:.0%}")
    for id, symptom in shelf.symptoms.items():
        for at, cause in enumerate(symptom.usual_causes):
            word = shelf.causes[cause].expects.get(id) if cause in shelf.causes else None
            if word in ("rare", "never"):
                yield shelf.finding("usual-yet-unexpected", "symptoms", id, "usual_causes", at, cause=cause, word=word)
