"""From words to numbers: how likely each value of each finding is under each cause.

A finding is a symptom, a fact or an observation; its values are finite ("true"/"false" or the values of an enum). An author's word
(`model.WORDS`) counts as `prior_weight` cases; counts of labelled runs are added to it (Dirichlet), so that a word yields to many
cases and stands where there are none. What a cause does not mention is as likely as without it: no evidence either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from .model import FREQUENCY, WORDS, Cause, Fact, Fitted, Likelihood, Observation, Symptom

BOOL = ("true", "false")

CASES = 12.0
"""Labelled cases that an author's frequency of a cause is worth in its prior. Small, since a cause that hundreds of cases never show is
rare, and not smaller, since who collects cases chooses among them."""


class Tables(TypedDict):
    """Everything the ranking needs, as plain data (kept in the cache)."""

    causes: list[str]
    prior: list[float]
    """Prior probability of each cause; sums to 1."""
    findings: list[str]
    values: list[list[str]]
    """Per finding, its values."""
    kinds: list[str]
    """Per finding: symptom, fact or observation."""
    groups: list[str]
    """Per finding, the group of correlated findings that it is tempered with."""
    base: list[list[float]]
    """Per finding and value, its probability whatever the cause."""
    given: list[list[list[float]]]
    """Per finding, value and cause: its probability under that cause."""
    temperature: float
    exponents: dict[str, float]


def build(
    causes: Mapping[str, Cause],
    symptoms: Mapping[str, Symptom],
    facts: Mapping[str, Fact],
    observations: Mapping[str, Observation],
    fitted: Fitted | None,
) -> Tables:
    """The tables of a knowledge base. Findings that no cause expects and no run counted carry no information and are left out."""
    ids = list(causes)
    cases = fitted.cases if fitted else {}
    weight = [CASES * FREQUENCY[cause.frequency] + cases.get(id, 0.0) for id, cause in causes.items()]
    counts = fitted.counts if fitted else {}
    strength = fitted.prior_weight if fitted else 20.0
    tables = Tables(
        causes=ids, prior=[w / sum(weight) for w in weight], findings=[], values=[], kinds=[], groups=[], base=[], given=[],
        temperature=fitted.temperature if fitted else 1.0, exponents=dict(fitted.exponents) if fitted else {},
    )  # fmt: skip
    mentioned = {finding for cause in causes.values() for finding in cause.expects}
    mentioned |= {finding for per_cause in counts.values() for finding in per_cause}
    for id, symptom in symptoms.items():
        if id in mentioned:
            _add(tables, id, "symptom", "symptoms", BOOL, _spread(symptom.base, BOOL, None), causes, counts, strength)
    for id, fact in facts.items():
        values = BOOL if fact.type == "bool" else fact.values
        if id in mentioned and values:
            _add(tables, id, "fact", fact.topic, values, _spread(fact.base, values, None), causes, counts, strength)
    for id, observation in observations.items():
        if id in mentioned:
            _add(tables, id, "observation", observation.group, observation.values, None, causes, counts, strength)
    return tables


def _add(
    tables: Tables, id: str, kind: str, group: str, values: tuple[str, ...], base: list[float] | None,
    causes: Mapping[str, Cause], counts: Mapping[str, Mapping[str, Mapping[str, float]]], strength: float,
) -> None:  # fmt: skip
    base = _with_runs(id, values, base, counts, strength)
    per_cause: list[list[float]] = []
    for name, cause in causes.items():
        word = cause.expects.get(id)
        expected = _spread(word, values, base) if word is not None else base
        seen = counts.get(name, {}).get(id, {})
        total = sum(seen.values())
        per_cause.append([(strength * p + seen.get(v, 0.0)) / (strength + total) for p, v in zip(expected, values, strict=True)])
    tables["findings"].append(id)
    tables["kinds"].append(kind)
    tables["groups"].append(group)
    tables["values"].append(list(values))
    tables["base"].append(base)
    tables["given"].append([[row[i] for row in per_cause] for i in range(len(values))])


def _spread(word: Likelihood | dict[str, Likelihood] | None, values: tuple[str, ...], base: list[float] | None) -> list[float]:
    """Probability of each value from a word, or a word per value; what is not listed shares the rest in proportion to `base`."""
    even = [1.0 / len(values)] * len(values)
    if word is None:
        return even
    if isinstance(word, str):
        yes = WORDS[word]
        return [yes, 1.0 - yes] if values == BOOL else even
    listed = {value: WORDS[w] for value, w in word.items()}
    mass = sum(listed.values())
    rest = [(base or even)[i] for i, v in enumerate(values) if v not in listed]
    room = max(1.0 - mass, 0.01 * len(rest))
    share = room / sum(rest) if rest and sum(rest) > 0 else 0.0
    raw = [listed.get(v, (base or even)[i] * share) for i, v in enumerate(values)]
    return [p / sum(raw) for p in raw]


def _with_runs(
    id: str, values: tuple[str, ...], word: list[float] | None, counts: Mapping[str, Mapping[str, Mapping[str, float]]], strength: float
) -> list[float]:
    """Base rate of a finding: the author's word, moved by the average over the counted causes (each cause weighs as one case)."""
    rows = [per_cause[id] for per_cause in counts.values() if id in per_cause and sum(per_cause[id].values()) > 0]
    start = word or [1.0 / len(values)] * len(values)
    weight = strength if word is not None else 2.0
    pooled = [sum(row.get(v, 0.0) / sum(row.values()) for row in rows) for v in values]
    total = weight + len(rows)
    return [(weight * p + n) / total for p, n in zip(start, pooled, strict=True)]
