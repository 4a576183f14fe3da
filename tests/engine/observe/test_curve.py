"""A curve prepared for detectors: level, trend and noise, whatever its scale, length or sign."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.observe.curve import MAX_POINTS, Curve, running_median, sigma
from lossclinic.engine.observe.log import Floats, Series


def curve(values: Floats | list[float], steps: Floats | None = None) -> Curve:
    """The curve of a training loss with these values."""
    array = np.asarray(values, dtype=np.float64)
    return Curve(Series("train_loss", "loss", np.arange(len(array), dtype=np.float64) if steps is None else steps, array))


FLOATS = st.floats(-1e6, 1e6, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(st.lists(FLOATS, min_size=3, max_size=80), st.integers(1, 60))
def test_a_running_median_is_the_median_of_what_is_around(values: list[float], window: int) -> None:
    """Away from the ends it is exactly the median of the window; everywhere it stays within the values, as long as they are."""
    array = np.array(values)
    out = running_median(array, window)
    assert len(out) == len(array)
    assert out.min() >= array.min()
    assert out.max() <= array.max()
    half = max(1, min(window // 2, (len(array) - 1) // 2))
    for i in range(half, len(array) - half):
        assert out[i] == np.median(array[i - half : i + half + 1])


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_running_median_of_next_to_nothing_is_next_to_nothing(n: int) -> None:
    """No, one and two values are smoothed without an error."""
    assert running_median(np.arange(n, dtype=float), 5).tolist() == [np.median(np.arange(n))] * n if n else True
    assert len(running_median(np.empty(0), 5)) == 0


@pytest.mark.parametrize("n", [200, 2000, 12_000])
@pytest.mark.parametrize("window", [5, 51, 91])
def test_a_wide_median_follows_the_curve(n: int, window: int) -> None:
    """However long the curve and wide the window, a smooth descent is followed closely and a lone spike is not followed at all."""
    smooth = np.exp(-4 * np.linspace(0, 1, n))
    spiky = smooth.copy()
    spiky[n // 2] = 50.0
    assert np.abs(running_median(spiky, window) - smooth)[window:-window].max() < 4 * window / n


def test_the_robust_spread_ignores_a_tail() -> None:
    """A tenth of wild values hardly moves the estimate, and of normal values it is the standard deviation."""
    values = np.random.default_rng(0).standard_normal(4000)
    assert sigma(values) == pytest.approx(1.0, abs=0.05)
    values[:400] = 1e6
    assert sigma(values) == pytest.approx(1.0, abs=0.25)
    assert sigma(np.empty(0)) == 0.0


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("n", [60, 400, 20_000])
def test_scale_changes_levels_and_nothing_else(scale: float, n: int) -> None:
    """Multiplying a loss by a constant multiplies its levels and leaves noise and working scale alone."""
    values = np.exp(-4 * np.linspace(0, 1, n)) * np.exp(0.05 * np.random.default_rng(1).standard_normal(n))
    one, other = curve(values), curve(scale * values)
    assert other.is_log
    assert other.end == pytest.approx(scale * one.end)
    assert other.start == pytest.approx(scale * one.start)
    assert other.best == pytest.approx(scale * one.best)
    assert other.best_at == one.best_at
    assert other.noise == pytest.approx(one.noise)


@pytest.mark.parametrize("noise", [0.02, 0.1])
def test_multiplicative_noise_is_measured(noise: float) -> None:
    """The noise of a descent with multiplicative noise is that noise, on the logarithmic scale."""
    values = np.exp(-4 * np.linspace(0, 1, 2000)) * np.exp(noise * np.random.default_rng(2).standard_normal(2000))
    assert float(np.median(curve(values).noise)) == pytest.approx(noise, rel=0.15)


def test_curves_that_hardly_span_or_go_below_zero_are_judged_as_they_are() -> None:
    """A logarithm is only taken of positive curves that span more than a factor of two."""
    assert curve(np.linspace(10, 1, 50)).is_log
    assert not curve(np.linspace(10, 9, 50)).is_log
    assert not curve(np.linspace(10, -1, 50)).is_log
    assert not curve(np.zeros(50)).is_log


def test_only_finite_points_count() -> None:
    """NaN and infinite values are left out together with their steps."""
    one = curve([3.0, np.nan, 2.0, np.inf, 1.0])
    assert one.steps.tolist() == [0, 2, 4]
    assert one.values.tolist() == [3, 2, 1]
    assert (one.n, one.n_logged) == (3, 5)


def test_a_long_curve_keeps_its_extremes() -> None:
    """Cutting a long run into blocks loses neither its length in steps nor a single point's peak."""
    values = np.full(50_000, 1.0)
    values[31_234] = 9.0
    one = curve(values)
    assert MAX_POINTS / 2 <= one.n <= MAX_POINTS
    assert one.values.max() == 1.0
    at = int(np.argmax(one.peaks))
    assert one.peaks[at] == 9.0
    assert one.steps[at] <= 31_234 < one.steps[at] + 50_000 / MAX_POINTS + 1


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [np.nan] * 5, [0.0] * 30, [-1.0] * 30, [1e300, 1e-300] * 10])
def test_every_question_has_an_answer_for_any_curve(values: list[float]) -> None:
    """Empty, tiny, constant and absurd curves answer all questions without an error."""
    with np.errstate(all="ignore"):
        one = curve(values)
        assert len(one.trend) == len(one.noise) == len(one.smooth) == one.n
        assert (one.noise > 0).all()
        if one.n:
            assert one.index_at(-1.0) == 0
            assert one.index_at(1e9) == one.n - 1
            assert min(one.values) <= one.level(0.0, 1.0) <= max(one.values)
            assert one.best == one.smooth[one.best_at]
        else:
            assert np.isnan(one.start)
            assert np.isnan(one.best)
