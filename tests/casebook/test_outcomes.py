"""Predicted against confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from lossclinic.casebook.case import Case, Opinion
from lossclinic.casebook.outcomes import calibration, tally

Make = Callable[..., Case]


def test_brier_and_calibration_error_by_hand(make: Make) -> None:
    """Two diagnoses of 80 %, one right and one wrong, and one of something that was not listed."""
    right = make(cause="a", diagnosis=Opinion(causes={"a": 0.8, "b": 0.2}))
    wrong = make(cause="b", diagnosis=Opinion(causes={"a": 0.8, "b": 0.1}, something_else=0.1))
    other = make(cause="a bug of ours", diagnosis=Opinion(causes={"a": 0.5}, something_else=0.5))
    found = calibration([right, wrong, other, make(cause="a"), make(cause="a", diagnosis=Opinion(healthy=True))])
    assert (found.cases, found.right) == (3, 1)
    assert found.brier == pytest.approx(((0.04 + 0.04) + (0.64 + 0.81 + 0.01) + (0.25 + 0.25)) / 3)
    assert [(row.low, row.n, row.right) for row in found.bins] == [(0.5, 1, 0.0), (0.8, 2, 0.5)]
    assert found.ece == pytest.approx((1 * 0.5 + 2 * 0.3) / 3)
    assert 0.0 < found.bins[1].least < 0.5 < found.bins[1].most < 1.0
    assert calibration([]).cases == 0


def test_causes_are_tallied(make: Make) -> None:
    """How often each was named first, among three, and how many days it took."""
    opened, resolved = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)
    cases = [
        make(cause="a", opened=opened, resolved=resolved, diagnosis=Opinion(causes={"a": 0.6})),
        make(cause="a", opened=opened, resolved=opened, diagnosis=Opinion(causes={"b": 0.5, "a": 0.4})),
        make(cause="b"),
    ]
    assert [tuple(row) for row in tally(cases)] == [("a", 2, 1, 2, 2, 1.0), ("b", 1, 0, 0, 0, None)]
