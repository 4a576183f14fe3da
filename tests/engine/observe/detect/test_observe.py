"""All detectors together: healthy runs are left alone, odd logs are survived, and nothing ever crashes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lossclinic.engine.observe.detect import LARGEST, SMALLEST, observe
from lossclinic.engine.observe.log import METRICS, Log, Series
from lossclinic.engine.wording import finding, skipped

# ---------------------------------------------------------------------------------------------------------------------- healthy runs


@pytest.mark.parametrize("noise", [0.003, 0.03, 0.1])
@pytest.mark.parametrize("floor", [0.05, 0.3])
@pytest.mark.parametrize("rate", [3, 8])
def test_a_descent_is_healthy(long_run: Any, noise: float, floor: float, rate: float, alarms: Any) -> None:
    """An exponential descent with noise calls for nothing, at any scale, length, logging interval and first step."""
    for seed in range(2 if long_run.n <= 2000 else 1):
        assert alarms(long_run.see(train_loss=long_run.descent(noise, floor, rate, seed))) == []


@pytest.mark.parametrize("n", [10, 12, 15, 20, 24, 30, 50])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_a_short_descent_is_healthy(run_of: Any, n: int, scale: float, alarms: Any) -> None:
    """A handful of epochs that come down is left alone as well."""
    for seed in range(5):
        for every, offset in ((1, 0), (100, 5000)):
            run = run_of(n, scale, every, offset)
            assert alarms(run.see(train_loss=run.descent(0.02, seed=seed))) == []


@pytest.mark.parametrize("level", [0.0, 5.0])
def test_a_descent_below_zero_is_healthy(run_of: Any, level: float, alarms: Any) -> None:
    """A loss that may be negative (a log likelihood, an ELBO, a reward) and comes down is left alone."""
    for n, scale in ((60, 1e-6), (400, 1.0), (20_000, 1e6)):
        run = run_of(n, scale, 10, 100)
        descent = run.descent(noise=0.0) + 0.01 * np.random.default_rng(0).standard_normal(n)
        assert alarms(run.see(train_loss=descent - 0.6 - level)) == []


def test_a_complete_healthy_log_is_healthy(run: Any, alarms: Any) -> None:
    """Loss, validation, schedule, gradients, weights, temperature, all in order: no alarm, and no check is skipped."""
    seen = run.see(
        train_loss=run.descent(), val_loss=(run.evaluations(20), 1.1 * run.descent(0.01, n=20)), lr=1e-3 * (1 - np.linspace(0, 1, run.n)),
        grad_norm=run.noise(0.2), weight_norm=20 + np.linspace(0, 5, run.n), update_norm=0.02 * run.noise(0.2),
        dead_fraction=np.full(run.n, 0.05), gpu_temp=70 + run.noise(0.2),
        val_accuracy=np.linspace(0.5, 0.9, run.n), loss_scale=np.full(run.n, 65536.0),
    )  # fmt: skip
    assert alarms(seen) == []
    assert seen.skipped == []


def test_generator_and_discriminator_may_chase_each_other(plain: Any, alarms: Any) -> None:
    """Adversarial losses that rise, swing and stand still are the ordinary course of things: told, not alarmed."""
    x = np.arange(plain.n)
    g = 1.5 + np.linspace(0, 2, plain.n) + 0.5 * np.sin(x / 11) * plain.noise(0.3)
    d = 0.7 * plain.noise(0.3, 1)
    seen = plain.see(**{"train_loss:g_loss": g, "train_loss:d_loss": d})
    assert alarms(seen) == []


def test_a_generator_that_turns_nan_is_still_an_alarm(plain: Any, alarms: Any) -> None:
    """What is wrong in any training stays an alarm in adversarial training."""
    g = plain.noise(0.3)
    g[300:] = np.nan
    assert alarms(plain.see(**{"train_loss:g_loss": g, "train_loss:d_loss": plain.noise(0.3, 1)})) == ["loss_nan_inf"]


# --------------------------------------------------------------------------------------------------------------------------- odd logs


@pytest.mark.parametrize("n", range(7))
def test_the_shortest_logs_are_survived(run_of: Any, n: int, alarms: Any) -> None:
    """Logs of no, one or a few points are read without a crash and without a false alarm."""
    run = run_of(n)
    columns = {m: np.linspace(0.4, 0.2, n) * (65536.0 if m == "loss_scale" else 1.0) for m in METRICS}
    assert alarms(run.see(**columns)) == []
    assert observe(Log("(data)", "data", (), "row")).findings == []


@pytest.mark.parametrize("metric", METRICS)
def test_constant_series_are_survived(run_of: Any, metric: str) -> None:
    """A metric that is one and the same value from start to end, whatever the value, never crashes a detector and blames nothing else."""
    run = run_of(40)
    for value in (0.0, 1.0, -1.0, np.nan, np.inf, 1e308, 5e-324):
        seen = run.see(**{"train_loss": run.descent(), metric: np.full(40, value)})
        assert {f.metric for f in seen.findings} <= {metric}, value


@pytest.mark.parametrize("value", [1e308, -1e308, 5e-324, LARGEST * 10, SMALLEST / 10])
def test_one_absurd_number_is_survived(plain: Any, value: float) -> None:
    """A single number at the edge of what a float can hold makes no arithmetic overflow."""
    loss = plain.descent()
    loss[200] = value
    found = {f.id for f in plain.see(train_loss=loss).findings}
    assert ("loss_nan_inf" in found) is (abs(value) > 1)


def test_the_log_itself_is_left_alone(plain: Any) -> None:
    """Looking at a log does not change it."""
    log = plain.log(train_loss=np.where(np.arange(plain.n) % 50 == 3, 1e200, plain.descent()), lr=np.full(plain.n, 1e-200))
    before = [(s.steps.copy(), s.values.copy()) for s in log.series]
    observe(log)
    for series, (steps, values) in zip(log.series, before, strict=True):
        np.testing.assert_array_equal(series.steps, steps)
        np.testing.assert_array_equal(series.values, values)


def test_the_same_log_gives_the_same_findings(run: Any) -> None:
    """Nothing is left to chance."""
    loss = run.descent()
    loss[run.at(0.5)] *= 7
    assert run.see(train_loss=loss) == run.see(train_loss=loss.copy())


# ---------------------------------------------------------------------------------------------------------------------- any log at all

ODD = st.sampled_from([0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e308, -1e308, 1e16, 1e-200, 5e-324, 2.302585, 88.0])


def broken_off(start: float, rate: float, n: int, odd: float, times: int) -> list[float]:
    """A geometric course that goes odd for some points and then on."""
    course = [start * rate**i for i in range(n + n // 3)]
    return [*course[:n], *([odd] * times), *course[n:]]


VALUES = st.one_of(
    st.lists(st.floats(width=64), max_size=40),
    st.lists(ODD, max_size=60),
    st.lists(st.floats(0.1, 3.0), min_size=20, max_size=60),
    st.builds(broken_off, st.floats(1e-6, 1e6), st.floats(0.8, 1.1), st.integers(0, 80), ODD, st.integers(0, 30)),
)
STEPS = st.sampled_from(["every", "hundredth", "same", "backwards", "shuffled", "huge"])


def steps_of(kind: str, n: int) -> np.ndarray:
    """Steps as logs have them, and as they should not."""
    x = np.arange(n, dtype=np.float64)
    shuffled = np.random.default_rng(n).permutation(x)
    return {"every": x, "hundredth": 1e6 + 100 * x, "same": 0 * x, "backwards": -x, "shuffled": shuffled, "huge": 1e17 * x}[kind]


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Logs of up to four series of any metric, with any numbers in them."""
    series: list[Series] = []
    others = st.one_of(st.just("val_loss"), st.sampled_from(METRICS))
    for i, metric in enumerate([*draw(st.lists(others, max_size=3)), "train_loss"]):
        values = np.array(draw(VALUES), dtype=np.float64)
        series.append(Series(metric, f"{metric} {i}", steps_of(draw(STEPS), len(values)), values, "" if i % 2 else f"part {i}"))
    restarts = tuple(draw(st.lists(st.sampled_from([0.0, 5.0, 30.0]), max_size=2)))
    return Log("(data)", "data", tuple(series), "step", restarts=restarts)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(logs())
def test_no_log_crashes_a_detector(log: Log) -> None:
    """Any numbers at any steps are looked at without an error or a warning, and what is found can be put into words in both languages."""
    seen = observe(log)
    for raw in seen.findings:
        assert 0.0 <= raw.strength <= 1.0
        assert all(np.isfinite(number) for number in raw.numbers.values()), raw
        for lang in ("en", "zh"):
            said = finding(raw, lang).summary
            assert "{" not in said
            assert "nan" not in said.replace("NaN", "").casefold().split()
    for check in seen.skipped:
        for lang in ("en", "zh"):
            assert "{" not in skipped(check, "it", lang).reason
    for one in seen.seen.values():
        assert not isinstance(one.value, float) or np.isfinite(one.value)


def wild(rng: np.random.Generator, n: int) -> np.ndarray:
    """A course that something odd happens to."""
    descent = np.exp(-rng.uniform(0, 8) * np.linspace(0, 1, n)) * np.exp(rng.choice([0.0, 0.05, 0.5]) * rng.standard_normal(n))
    at, odd = rng.integers(0, n), float(rng.choice([0.0, np.nan, np.inf, -1.0, 1e-200, 1e18, 1e200, 3.0]))
    end = n if rng.random() < 0.5 else at + int(rng.integers(1, 6))
    kind = rng.integers(0, 5)
    if kind == 0:
        descent[at:end] = odd
    elif kind == 1:
        descent[at:end] *= float(rng.choice([-1.0, 0.0, 5.0, 1e3, 1e9]))
    elif kind == 2:
        descent = np.round(descent, 1)
    elif kind == 3:
        descent = rng.standard_normal(n) * 10.0 ** rng.integers(-300, 300)
    return descent


@pytest.mark.parametrize("seed", range(8))
def test_no_wild_log_crashes_a_detector(seed: int) -> None:
    """Logs of many metrics, each with something odd in it, are looked at without an error or a warning."""
    rng = np.random.default_rng(seed)
    for _ in range(40):
        series: list[Series] = []
        for metric in ("train_loss", "val_loss", *rng.choice(METRICS, rng.integers(0, 8), replace=False)):
            n = int(rng.choice([1, 2, 3, 5, 6, 8, 10, 20, 30, 60, 150]))
            series.append(Series(str(metric), str(metric), np.sort(rng.integers(0, 3 * n, n)).astype(float), wild(rng, n)))
        seen = observe(Log("(data)", "data", tuple(series), "step", restarts=(float(rng.integers(0, 100)),)))
        assert all(np.isfinite(number) for found in seen.findings for number in found.numbers.values())


UNITS = [("step", "step 200", "第 200 步"), ("epoch", "epoch 200", "第 200 轮"), ("row", "row 200", "第 200 行")]


@pytest.mark.parametrize(("axis", "en", "zh"), UNITS)
def test_a_finding_is_dated_in_the_unit_of_its_log(plain: Any, axis: str, en: str, zh: str) -> None:
    """What a log counts in epochs is told in epochs, and in rows where it has no steps."""
    loss = plain.descent()
    loss[200] *= 8
    spike = plain.found(plain.see(train_loss=loss), "loss_spike")
    assert en in finding(spike, "en", axis).summary
    assert zh in finding(spike, "zh", axis).summary
