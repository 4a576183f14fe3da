"""One course of a training, drawn at random: how long it is, how it is logged, and how its loss falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from lossclinic.engine.observe.log import Floats, Log, Series

NOISES = ("gauss", "gauss", "heavy", "additive", "correlated", "smoothed", "saw")
LENGTHS = (40, 100, 300, 1000, 3000, 20000)
SCALES = (1e-6, 1e-3, 1.0, 1.0, 30.0, 1e6)
COLUMNS = {"g_loss": "train_loss", "d_loss": "train_loss", "box_loss": "train_loss", "cls_loss": "train_loss", "dfl_loss": "train_loss"}


@dataclass
class Draw:
    """One run to be drawn: how it is logged, and its chances."""

    n: int
    scale: float
    every: int
    sigma: float
    noise: str
    rng: np.random.Generator

    @property
    def x(self) -> Floats:
        """Share of the run at every point."""
        return np.linspace(0.0, 1.0, self.n)

    def shake(self, n: int | None = None, sigma: float | None = None) -> Floats:
        """Multiplicative noise around 1."""
        n, sigma = self.n if n is None else n, self.sigma if sigma is None else sigma
        white = self.rng.standard_normal(n)
        match self.noise:
            case "heavy":
                return np.exp(sigma * np.clip(self.rng.standard_t(3, n), -7, 7) / 1.5)
            case "correlated" | "smoothed":
                keep = 0.9 if self.noise == "correlated" else 0.98
                sigma *= 0.7 if self.noise == "correlated" else 0.3
                long = self.rng.standard_normal(n + 300)
                return np.exp(sigma * np.convolve(long, np.sqrt(1 - keep**2) * keep ** np.arange(300), "valid")[:n])
            case "saw" if n >= 60:
                epochs = int(self.rng.integers(3, 9))
                return np.exp(sigma * white - 0.7 * sigma * ((np.arange(n) * epochs / n) % 1.0))
            case "additive":
                return 1.0 + np.clip(sigma * white, -0.9, 0.9)
            case _:
                return np.exp(sigma * white)

    def fall(self) -> Floats:
        """A learning curve without noise: exponential, power law or both, from 1 down to a floor between 2 and 60 %."""
        floor, x = float(np.exp(self.rng.uniform(np.log(0.02), np.log(0.6)))), self.x
        match int(self.rng.integers(3)):
            case 0:
                return floor + (1 - floor) * np.exp(-self.rng.uniform(4, 15) * x)
            case 1:
                power = (1 + self.rng.uniform(30, 2000) * x) ** -self.rng.uniform(0.25, 0.8)
                return floor + (1 - floor) * (power - power[-1]) / (1 - power[-1])
            case _:
                return floor + (1 - floor) * (0.7 * np.exp(-self.rng.uniform(15, 60) * x) + 0.3 * np.exp(-3.5 * x))

    def evaluated(self, values: Floats, sigma: float | None = None, least: int = 5) -> tuple[Floats, Floats]:
        """5 to 40 evaluations of a course given at every point, with little noise."""
        count = int(min(self.n, self.rng.integers(least, 41)))
        at = np.unique(np.linspace(max(1, self.n // count) - 1, self.n - 1, count).astype(int))
        return at * float(self.every), values[at] * np.exp(
            (0.25 * min(self.sigma, 0.1) if sigma is None else sigma) * self.rng.standard_normal(len(at))
        )

    def when(self, low: float = 0.3, high: float = 0.75) -> int:
        """A point where something happens."""
        return int(self.n * self.rng.uniform(low, high))

    def log(self, columns: dict[str, Any], start: float = 0.0) -> Log:
        """The log of these columns, losses scaled."""
        series: list[Series] = []
        for name, given in columns.items():
            steps, values = given if isinstance(given, tuple) else (np.arange(len(given)) * float(self.every), given)
            metric = COLUMNS.get(name, name)
            values = np.asarray(values, float) * (self.scale if metric.endswith("_loss") else 1.0)
            series.append(Series(metric, name, np.asarray(steps, float) + start, values, name if name != metric else ""))
        return Log("(data)", "data", tuple(series), "step")


Made = tuple[dict[str, Any], frozenset[str]] | tuple[dict[str, Any], frozenset[str], int]
"""Columns of a run, the symptoms of which one must be named, and the point where it begins, if it has one."""


def drawn(rng: np.random.Generator) -> Draw:
    """A run of any length, scale, interval and noise."""
    lengths = np.array(LENGTHS)
    return Draw(
        int(rng.choice(lengths, p=np.array([2, 3, 3, 3, 1, 0.3]) / 12.3)), float(rng.choice(SCALES)), int(rng.choice([1, 10, 1000])),
        float(np.exp(rng.uniform(np.log(0.003), np.log(0.25)))), str(rng.choice(NOISES)), rng,
    )  # fmt: skip
