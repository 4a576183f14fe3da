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

Words = Mapping[str, Likelihood | dict[str, Likelihood]]
"""Finding -> how likely it is, or each of its values."""

CASES = 12.0
"""Labelled cases that an author's frequency of a cause is worth in its prior. Small, since a cause that hundreds of cases never show is
rare, and not smaller, since who collects cases chooses among them."""


RUNS_IN_WORDS = 0.15
"""Cases that a labelled run is worth beside public reports, when a report in words alone is judged: faults that are injected show otherwise
than those that people meet and tell of. Of 0 to 1 tried on 100 reports, each judged without itself, 0.1 to 0.5 do equally well."""


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
    *,
    told: bool = False,
) -> Tables:
    """The tables of a knowledge base. Findings that no cause expects and no run counted carry no information and are left out.

    `told`: for reports in words alone.
    """
    ids = list(causes)
    cases = fitted.cases if fitted else {}
    weight = [CASES * FREQUENCY[cause.frequency] + cases.get(id, 0.0) for id, cause in causes.items()]
    counts = fitted.counts if fitted else {}
    strength = fitted.prior_weight if fitted else 20.0
    tables = Tables(
        causes=ids, prior=[w / sum(weight) for w in weight], findings=[], values=[], kinds=[], groups=[], base=[], given=[],
        temperature=fitted.temperature if fitted else 1.0, exponents=dict(fitted.exponents) if fitted else {},
    )  # fmt: skip
    expects: dict[str, Words] = {id: {**cause.expects, **cause.told} if told else cause.expects for id, cause in causes.items()}
    mentioned = {finding for cause in causes.values() for finding in (*cause.expects, *cause.told)}
    mentioned |= {finding for per_cause in counts.values() for finding in per_cause}
    for id, symptom in symptoms.items():
        if id in mentioned:
            _add(tables, id, "symptom", "symptoms", BOOL, _spread(symptom.base, BOOL, None), expects, counts, strength)
    for id, fact in facts.items():
        values = BOOL if fact.type == "bool" else fact.values
        if id in mentioned and values:
            _add(tables, id, "fact", fact.topic, values, _spread(fact.base, values, None), expects, counts, strength)
    for id, observation in observations.items():
        if id in mentioned:
            _add(tables, id, "observation", observation.group, observation.values, None, expects, counts, strength)
    return tables


def in_words(runs: Fitted | None, reports: Fitted | None) -> Fitted | None:
    """The weights for reports in words alone: the exponents of the runs, every run worth `RUNS_IN_WORDS` beside the counted reports, and
    the temperature of the reports."""
    if runs is None or reports is None:
        return runs
    counts = {cause: {id: {v: n * RUNS_IN_WORDS for v, n in row.items()} for id, row in rows.items()} for cause, rows in runs.counts.items()}
    for cause, rows in reports.counts.items():
        for id, row in rows.items():
            seen = counts.setdefault(cause, {}).setdefault(id, {})
            for value, n in row.items():
                seen[value] = seen.get(value, 0.0) + n
    cases = {id: RUNS_IN_WORDS * runs.cases.get(id, 0.0) + reports.cases.get(id, 0.0) for id in {**runs.cases, **reports.cases}}
    return runs.model_copy(update={"counts": counts, "cases": cases, "temperature": reports.temperature})


def carried_over(before: Tables, after: Tables, onto: Tables) -> Tables:
    """`onto`, changed as `after` differs from `before`: all three are of the same causes and findings."""
    prior = [p * a / b for p, a, b in zip(onto["prior"], after["prior"], before["prior"], strict=True)]
    given: list[list[list[float]]] = []
    for rows, changed, plain in zip(onto["given"], after["given"], before["given"], strict=True):
        moved = [[p * a / b for p, a, b in zip(*values, strict=True)] for values in zip(rows, changed, plain, strict=True)]
        totals = [sum(column) for column in zip(*moved, strict=True)]
        given.append([[p / total for p, total in zip(row, totals, strict=True)] for row in moved])
    return {**onto, "prior": [p / sum(prior) for p in prior], "given": given}


def _add(
    tables: Tables, id: str, kind: str, group: str, values: tuple[str, ...], base: list[float] | None,
    expects: Mapping[str, Words], counts: Mapping[str, Mapping[str, Mapping[str, float]]], strength: float,
) -> None:  # fmt: skip
    base = _with_runs(id, values, base, counts, strength)
    per_cause: list[list[float]] = []
    for name, words in expects.items():
        word = words.get(id)
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
