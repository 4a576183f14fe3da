"""Synthetic runs: descents with multiplicative noise, over scales, lengths and ways of logging, and what the engine sees in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from lossclinic.engine.finding import Observed, RawFinding
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Floats, Log, Series
from lossclinic.engine.wording import finding, skipped


@dataclass(frozen=True)
class Run:
    """How a run was logged: number of points, scale of its losses, steps between points, first step."""

    n: int = 400
    scale: float = 1.0
    every: int = 1
    offset: int = 0

    @property
    def steps(self) -> Floats:
        """The step of every point."""
        return self.offset + self.every * np.arange(self.n, dtype=np.float64)

    def at(self, share: float) -> int:
        """Index of the point at this share of the run."""
        return int(share * self.n)

    def noise(self, sigma: float, seed: int = 0, n: int | None = None) -> Floats:
        """Multiplicative noise around 1."""
        return np.exp(sigma * np.random.default_rng(seed).standard_normal(self.n if n is None else n))

    def descent(self, noise: float = 0.03, floor: float = 0.2, rate: float = 5.0, seed: int = 0, n: int | None = None) -> Floats:
        """An exponential descent from 1 to `floor` with multiplicative noise (before scaling)."""
        n = self.n if n is None else n
        return ((1 - floor) * np.exp(-rate * np.linspace(0, 1, n)) + floor) * self.noise(noise, seed, n)

    def evaluations(self, n: int) -> Floats:
        """Steps of `n` evaluations spread over the run."""
        return np.linspace(self.steps[0], self.steps[-1], n)

    def log(self, restarts: Iterable[float] = (), **columns: Any) -> Log:
        """A log of `columns`: values, or (steps, values). Losses are scaled; "train_loss:g_loss" names the column too."""
        series: list[Series] = []
        for name, given in columns.items():
            metric, _, column = name.partition(":")
            steps, values = given if isinstance(given, tuple) else (self.steps[: len(given)], given)
            values = np.asarray(values, dtype=np.float64) * (self.scale if metric in ("train_loss", "val_loss", "rank_loss") else 1.0)
            part = column if any(s.metric == metric for s in series) else ""
            series.append(Series(metric, column or metric, np.asarray(steps, dtype=np.float64), values, part))
        return Log("(data)", "data", tuple(series), "step", restarts=tuple(restarts))

    def see(self, restarts: Iterable[float] = (), **columns: Any) -> Observed:
        """What the engine sees in a log of `columns`; all of it can be said in both languages."""
        seen = observe(self.log(restarts, **columns))
        for lang in ("en", "zh"):
            assert not any("{" in finding(raw, lang).summary for raw in seen.findings)
            assert not any("{" in skipped(check, check.check, lang).reason for check in seen.skipped)
        return seen

    def found(self, seen: Observed, id: str, metric: str = "train_loss") -> RawFinding:
        """The first alarming finding `id`; fails when there is none."""
        match = [f for f in seen.findings if f.id == id and f.metric == metric and f.alarming]
        assert match, f"{id} not found in {self}; there is {[(f.id, f.metric, f.alarming) for f in seen.findings]}"
        return match[0]

    def near(self, step: float, index: int, share: float = 0.02) -> bool:
        """Whether `step` is the step of point `index`, give or take 2 % of the run (one point in short ones)."""
        return abs(step - float(self.steps[index])) <= self.every * max(share * self.n, 1.0)


def alarms(seen: Observed) -> list[str]:
    """Ids of the findings that call for action."""
    return [f.id for f in seen.findings if f.alarming]


RUNS = (
    Run(30, 1.0, 1, 0),
    Run(60, 1e-6, 100, 50_000),
    Run(100, 1e6, 1, 7),
    Run(400, 1e3, 100, 0),
    Run(2000, 1e-6, 1, 1_000_000),
    Run(20_000, 1e6, 100, 50_000),
)


@pytest.fixture(params=RUNS, ids=lambda run: f"{run.n}points-x{run.scale:g}-every{run.every}-from{run.offset}")
def run(request: pytest.FixtureRequest) -> Run:
    """Runs of many lengths, scales, logging intervals and first steps."""
    return request.param


@pytest.fixture(params=RUNS[2:], ids=lambda run: f"{run.n}points-x{run.scale:g}-every{run.every}-from{run.offset}")
def long_run(request: pytest.FixtureRequest) -> Run:
    """The runs with at least a hundred points."""
    return request.param


@pytest.fixture
def plain() -> Run:
    """One ordinary run of 400 points."""
    return Run()


@pytest.fixture(name="run_of")
def _run_of() -> type[Run]:
    """Makes a run of one's own: run_of(points, scale, steps between points, first step)."""
    return Run


@pytest.fixture(name="alarms")
def _alarms() -> Any:
    """Ids of the findings that call for action."""
    return alarms
