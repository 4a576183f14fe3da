"""Rates over a thousand synthetic runs of every length, scale, noise and spacing: what is wrong is found, what is intended is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lossclinic.engine.finding import RawFinding
from lossclinic.engine.observe.detect import observe

from .shapes import HEALTHY, SICK, Columns, Setting, Sick, settings

TIMES = 25


def seen(s: Setting, columns: Columns) -> list[RawFinding]:
    """What is found in a log of these columns."""
    return observe(s.log(columns)).findings


def test_healthy_courses_are_left_alone() -> None:
    """At most 2 % of the healthy runs raise an alarm, and at most 16 % of any one kind."""
    rates: dict[str, float] = {}
    for salt, make in enumerate(HEALTHY):
        alarms = [any(f.alarming for f in seen(s, make(s))) for s in settings(TIMES, 9000 + salt)]
        rates[make.__name__] = sum(alarms) / TIMES
    assert max(rates.values()) <= 0.16, rates
    assert sum(rates.values()) / len(rates) <= 0.02, rates


def test_what_is_wrong_is_found() -> None:
    """At least 97 % of the sick runs raise an alarm, 95 % by the right name, 95 % of those within 2 % of the true onset."""
    alarmed: list[bool] = []
    named: list[bool] = []
    dated: list[bool] = []
    for salt, (make, least) in enumerate(SICK):
        for s in settings(TIMES, 9500 + salt, least, 0.12):
            sick = make(s)
            findings = seen(s, sick.columns)
            right = [f for f in findings if f.id in sick.names]
            alarmed.append(any(f.alarming for f in findings))
            named.append(bool(right))
            if right and sick.onset is not None:
                dated.append(abs(right[0].first_step / s.every - sick.onset) <= max(1.0, 0.02 * s.n))
    assert sum(alarmed) / len(alarmed) >= 0.97
    assert sum(named) / len(named) >= 0.95
    assert sum(dated) / len(dated) >= 0.95


@pytest.mark.parametrize(("make", "least"), SICK, ids=[make.__name__ for make, _ in SICK])
def test_every_kind_of_trouble_is_found_in_most_runs(make: Callable[[Setting], Sick], least: int) -> None:
    """No single kind of trouble is overlooked in more than one run of seven."""
    hits = 0
    for s in settings(14, 9700 + least, least, 0.12):
        sick = make(s)
        hits += any(f.id in sick.names for f in seen(s, sick.columns))
    assert hits >= 12


@pytest.mark.parametrize(("make", "least"), SICK[:12], ids=[make.__name__ for make, _ in SICK[:12]])
def test_neither_scale_nor_spacing_changes_what_is_found(make: Callable[[Setting], Sick], least: int) -> None:
    """The same course in other units and logged at other steps gives the same findings."""
    first = None
    for scale, every in ((1.0, 1), (1e-6, 1000), (1e6, 10)):
        s = Setting(max(least, 150), scale, every, 0.03, "plain", 5)
        found = [(f.id, f.alarming, round(f.first_step / every)) for f in seen(s, make(s).columns)]
        first = found if first is None else first
        assert found == first
