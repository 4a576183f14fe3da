"""Small books of causes and findings, and the product's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from lossclinic.engine.mind import Mind, mind
from lossclinic.engine.reason.ranking import Ranking
from lossclinic.kb.likelihood import Tables

Given = Mapping[str, Mapping[str, Sequence[float]]]


def tables_of(prior: Sequence[float], given: Given, base: Mapping[str, Sequence[float]] | None = None, temperature: float = 1.0) -> Tables:
    """Tables of causes c0, c1, ... from their prior and, per finding and value, its probability under each cause."""
    even = {finding: [sum(row) / len(prior) for row in rows.values()] for finding, rows in given.items()}
    return Tables(
        causes=[f"c{i}" for i in range(len(prior))],
        prior=list(prior),
        findings=list(given),
        values=[list(rows) for rows in given.values()],
        kinds=["fact"] * len(given),
        groups=[f"group of {finding}" for finding in given],
        base=[list((base or even)[finding]) for finding in given],
        given=[[list(row) for row in rows.values()] for rows in given.values()],
        temperature=temperature,
        exponents={},
    )


@pytest.fixture
def book() -> Callable[..., Ranking]:
    """Builds a small `Ranking`: book(prior, {finding: {value: [probability under each cause]}})."""
    return lambda *args, **more: Ranking(tables_of(*args, **more))


@pytest.fixture(scope="session")
def product() -> Mind:
    """The product's own knowledge."""
    return mind()
