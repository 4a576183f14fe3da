"""Courses that training takes, healthy and not, over lengths, scales, noises and ways of logging: what detection rates are counted on.

Every maker takes a `Setting` and returns the columns of a log (values, or steps and values); `SICK` adds what must be found and where.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from lossclinic.engine.observe.log import Floats, Log, Series

LOSSES = ("train_loss", "val_loss")
Columns = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """How one run was logged, and the chances it took."""

    n: int
    scale: float
    every: int
    noise: float
    kind: str
    """Of the noise: "plain", "heavy" (Student's t), "slow" (autocorrelated, as smoothed losses are)."""
    seed: int

    @property
    def rng(self) -> np.random.Generator:
        """The same chances whenever asked."""
        return np.random.default_rng(self.seed)

    @property
    def x(self) -> Floats:
        """Share of the run at every point."""
        return np.linspace(0.0, 1.0, self.n)

    def shake(self, n: int | None = None, salt: int = 0, sigma: float | None = None) -> Floats:
        """Multiplicative noise around 1."""
        n = self.n if n is None else n
        rng, sigma = np.random.default_rng((self.seed, salt)), self.noise if sigma is None else sigma
        if self.kind == "heavy":
            return np.exp(sigma * np.clip(rng.standard_t(4, n), -6, 6) / 1.4)
        if self.kind == "slow" and n >= 30:
            white = rng.standard_normal(n + 40)
            return np.exp(sigma * np.convolve(white, 0.8 ** np.arange(40), "valid")[:n] * 0.6)
        return np.exp(sigma * rng.standard_normal(n))

    def fall(self, floor: float = 0.2, rate: float = 6.0) -> Floats:
        """A learning curve from 1 to `floor`, without noise."""
        return floor + (1 - floor) * np.exp(-rate * self.x)

    def evaluations(self, values: Floats, sigma: float | None = None) -> tuple[Floats, Floats]:
        """About twenty evaluations of a course given at every point, with a third of its noise."""
        at = np.unique(np.linspace(self.n // 20, self.n - 1, min(20, self.n)).astype(int))
        return at * float(self.every), values[at] * self.shake(len(at), 7, self.noise / 3 if sigma is None else sigma)

    def log(self, columns: Columns) -> Log:
        """The log of these columns; losses are scaled."""
        series: list[Series] = []
        for metric, given in columns.items():
            steps, values = given if isinstance(given, tuple) else (np.arange(len(given)) * float(self.every), given)
            series.append(Series(metric, metric, np.asarray(steps, float), np.asarray(values, float) * (self.scale if metric in LOSSES else 1.0)))
        return Log("(data)", "data", tuple(series), "step")


# ------------------------------------------------------------------------------------------------------------------------------ healthy


def descent(s: Setting) -> Columns:
    """An exponential descent."""
    return {"train_loss": s.fall() * s.shake()}


def power_law(s: Setting) -> Columns:
    """The slow power law of a language model that starts at ln(vocabulary)."""
    loss = 10.8 * (1 + 400 * s.x) ** -0.18
    return {"train_loss": loss * s.shake(), "val_loss": s.evaluations(loss * 1.02)}


def warm_up(s: Setting) -> Columns:
    """A hump while the learning rate warms up, then a cosine."""
    hump = 1 + 0.25 * np.exp(-(((s.x - 0.02) / 0.015) ** 2))
    lr = np.minimum(s.x / 0.05, 1.0) * 0.5 * (1 + np.cos(np.pi * s.x))
    return {"train_loss": s.fall(0.1) * hump * s.shake(), "lr": lr * 1e-3}


def step_decay(s: Setting) -> Columns:
    """The loss steps down where the learning rate is cut."""
    cut = s.x > 0.5
    return {"train_loss": s.fall() * np.where(cut, 0.55, 1.0) * s.shake(), "lr": np.where(cut, 1e-3, 1e-2),
            "val_loss": s.evaluations(s.fall() * np.where(cut, 0.7, 1.05))}  # fmt: skip


def step_decay_unlogged(s: Setting) -> Columns:
    """The same without the learning rate in the log: validation follows."""
    columns = step_decay(s)
    del columns["lr"]
    return columns


def warm_restarts(s: Setting) -> Columns:
    """A cosine with restarts: a bump at each of them, that heals."""
    phase = (3.999 * s.x) % 1.0
    lr = 1e-3 * (0.5 * (1 + np.cos(np.pi * phase)) + 1e-3)
    bump = 1 + np.where(s.x >= 0.25, 0.4 * np.exp(-phase / 0.15), 0.0)
    return {"train_loss": s.fall(0.15, 4.0) * bump * s.shake(), "lr": lr}


def curriculum(s: Setting) -> Columns:
    """Harder examples from mid-run on: training steps up to validation, which has held them all along and goes on improving."""
    hard = s.x >= 0.45
    train = np.where(hard, s.fall(0.35, 3.0), s.fall(0.2, 5.0))
    return {"train_loss": train * s.shake(), "val_loss": s.evaluations(1.1 * s.fall(0.35, 3.0))}


def epochs(s: Setting) -> Columns:
    """A small step down at each of five epochs, as when a language model sees its data again."""
    epoch = np.floor(5 * s.x)
    return {"train_loss": s.fall(0.5, 2.0) * 0.94**epoch * s.shake(), "epoch": 5 * s.x}


def converged(s: Setting) -> Columns:
    """A fast descent and a long floor."""
    return {"train_loss": s.fall(0.08, 40.0) * s.shake(), "val_loss": s.evaluations(1.1 * s.fall(0.08, 40.0))}


def negative(s: Setting) -> Columns:
    """A log likelihood that falls through zero, with additive noise."""
    return {"train_loss": s.fall() - 0.7 + s.noise * 0.3 * s.rng.standard_normal(s.n)}


def mild_overfitting(s: Setting) -> Columns:
    """Validation stands still while training goes on."""
    return {"train_loss": s.fall(0.15, 5.0) * s.shake(), "val_loss": s.evaluations(s.fall(0.3, 7.0))}


def fine_tuning(s: Setting) -> Columns:
    """A trained model that has a third left to learn."""
    return {"train_loss": s.fall(0.65, 5.0) * s.shake(), "grad_norm": 1.5 * s.shake(salt=3, sigma=0.25) * (0.5 + 0.5 * s.fall())}


def measured_inside(s: Setting) -> Columns:
    """Everything logged: gradients, updates and weights take their ordinary course."""
    lr = 1e-3 * 0.5 * (1 + np.cos(np.pi * s.x)) + 1e-6
    return {"train_loss": s.fall(0.1) * s.shake(), "lr": lr, "grad_norm": 2 * s.fall(0.2) * s.shake(salt=3, sigma=0.35),
            "update_norm": 300 * lr * s.shake(salt=4, sigma=0.2), "weight_norm": 20 * (1 + 0.2 * (1 - s.fall()))}  # fmt: skip


HEALTHY: tuple[Callable[[Setting], Columns], ...] = (
    descent, power_law, warm_up, step_decay, step_decay_unlogged, warm_restarts, curriculum, epochs, converged, negative, mild_overfitting,
    fine_tuning, measured_inside,
)  # fmt: skip

# --------------------------------------------------------------------------------------------------------------------------------- sick


@dataclass(frozen=True)
class Sick:
    """A course with something wrong: its columns, the symptoms any of which names it, and the point where it begins."""

    columns: Columns
    names: frozenset[str]
    onset: int | None = None
    metric: str = "train_loss"


JUMPS = frozenset({"loss_spike", "loss_surge", "loss_divergence", "jump_at_resume"})
STALLS = frozenset({"loss_plateau", "loss_slow"})


def _when(s: Setting) -> int:
    return int(s.n * s.rng.uniform(0.35, 0.7))


def spike(s: Setting) -> Sick:
    """A bad batch or a few: three times the level, gone soon."""
    at, width = _when(s), max(2, s.n // 60)
    loss = s.fall() * s.shake()
    loss[at : at + width] *= 4.0
    return Sick({"train_loss": loss}, JUMPS, at)


def small_spike(s: Setting) -> Sick:
    """What a language model shows: 40 % up for fifteen points, in a quiet curve."""
    at = _when(s)
    loss = 3.2 * (1 + 400 * s.x) ** -0.1 * s.shake(sigma=0.015)
    loss[at : at + 15] *= 1.4
    return Sick({"train_loss": loss}, JUMPS, at)


def surge(s: Setting) -> Sick:
    """Up to five times the level for good; validation as well."""
    at = _when(s)
    up = np.where(np.arange(s.n) >= at, 5.0, 1.0)
    return Sick({"train_loss": s.fall() * up * s.shake(), "val_loss": s.evaluations(1.1 * s.fall() * up)}, JUMPS, at)


def divergence(s: Setting) -> Sick:
    """Growth without a cliff, to four times the best."""
    t = np.clip((s.x - 0.55) / 0.45, 0.0, 1.0)
    return Sick({"train_loss": s.fall() * 4.0**t * s.shake()}, JUMPS)


def drift(s: Setting) -> Sick:
    """Half as much again over the last 40 %."""
    t = np.clip((s.x - 0.6) / 0.4, 0.0, 1.0)
    return Sick({"train_loss": s.fall(0.3, 12.0) * (1 + 0.5 * t) * s.shake(sigma=min(s.noise, 0.08))}, JUMPS)


def not_a_number(s: Setting) -> Sick:
    """NaN from some point on."""
    at, loss = _when(s), s.fall() * s.shake()
    loss[at:] = np.nan
    return Sick({"train_loss": loss}, frozenset({"loss_nan_inf"}), at)


def zeros(s: Setting) -> Sick:
    """A NaN that the trainer filtered out."""
    at, loss = _when(s), s.fall() * s.shake()
    loss[at:] = 0.0
    return Sick({"train_loss": loss}, frozenset({"loss_zero_tail"}), at)


def stuck(s: Setting) -> Sick:
    """Nothing is learned."""
    return Sick({"train_loss": 0.9 * s.shake(sigma=min(s.noise, 0.06))}, STALLS, 0)


def guessing(s: Setting) -> Sick:
    """Falls to the loss of a uniform guess over ten classes and stays (not scaled: ln 10 is ln 10)."""
    return Sick({"train_loss": np.log(10) / s.scale * (1 + 2 * np.exp(-60 * s.x)) * s.shake(sigma=0.01)}, STALLS)


def slow(s: Setting) -> Sick:
    """A straight line that gets a fifth of the way."""
    return Sick({"train_loss": (1 - 0.2 * s.x) * s.shake(sigma=min(s.noise, 0.02))}, STALLS)


def oscillation(s: Setting) -> Sick:
    """Swings that grow to two thirds of the level and more, and no descent."""
    grow = np.clip((s.x - 0.3) / 0.3, 0.0, 1.0)
    wave = np.exp(1.0 * grow * np.sin(np.cumsum(s.rng.uniform(0.5, 1.5, s.n))))
    return Sick({"train_loss": s.fall(0.3, 15.0) * wave * s.shake(sigma=min(s.noise, 0.08))}, frozenset({"loss_oscillation", "periodic_pattern"}))


def periodic(s: Setting) -> Sick:
    """Unshuffled data: the same hill every tenth of the run."""
    hill = 1 + 0.8 * np.exp(-((((10 * s.x) % 1.0) - 0.5) ** 2) / 0.02)
    return Sick({"train_loss": s.fall() * hill * s.shake(sigma=min(s.noise, 0.1))}, frozenset({"periodic_pattern"}))


def overfitting(s: Setting) -> Sick:
    """Validation turns and doubles while training goes on to fall."""
    val = s.fall(0.4, 10.0) * (1 + np.clip((s.x - 0.35) / 0.65, 0, 1))
    return Sick({"train_loss": s.fall(0.03, 7.0) * s.shake(), "val_loss": s.evaluations(val)}, frozenset({"overfitting_gap"}), metric="val_loss")


def bad_validation(s: Setting) -> Sick:
    """Validation never gets good."""
    return Sick({"train_loss": s.fall(0.05) * s.shake(), "val_loss": s.evaluations(0.9 + 0 * s.x)}, frozenset({"val_only_bad"}))


def gradient_leap(s: Setting) -> Sick:
    """The gradient norm is thirty times as large from some point on."""
    at = _when(s)
    grad = s.shake(salt=3, sigma=0.25) * np.where(np.arange(s.n) >= at, 30.0, 1.0)
    return Sick({"train_loss": s.fall() * s.shake(), "grad_norm": grad}, frozenset({"grad_norm_spike"}), at, "grad_norm")


def rate_leap(s: Setting) -> Sick:
    """The learning rate is ten times as high from some point on."""
    at = _when(s)
    return Sick({"train_loss": s.fall() * s.shake(), "lr": np.where(np.arange(s.n) >= at, 1e-2, 1e-3)}, frozenset({"lr_jump"}), at, "lr")


def weights_leap(s: Setting) -> Sick:
    """The weights move by a quarter within one interval."""
    at = _when(s)
    weight = 20 * (1 + 0.2 * (1 - s.fall())) * np.where(np.arange(s.n) >= at, 1.25, 1.0)
    return Sick({"train_loss": s.fall() * s.shake(), "weight_norm": weight}, frozenset({"weight_jump"}), at, "weight_norm")


def training_steps_down(s: Setting) -> Sick:
    """Augmentation stops: training falls to a third at once, validation does not notice."""
    at = _when(s)
    train = s.fall(0.4, 6.0) * np.where(np.arange(s.n) >= at, 0.3, 1.0)
    return Sick({"train_loss": train * s.shake(), "val_loss": s.evaluations(s.fall(0.3, 6.0))}, frozenset({"loss_too_low"}), at)


SICK: tuple[tuple[Callable[[Setting], Sick], int], ...] = (
    (spike, 30), (small_spike, 150), (surge, 12), (divergence, 40), (drift, 60), (not_a_number, 10), (zeros, 20), (stuck, 12), (guessing, 20),
    (slow, 40), (oscillation, 90), (periodic, 150), (overfitting, 15), (bad_validation, 15), (gradient_leap, 20), (rate_leap, 12),
    (weights_leap, 20), (training_steps_down, 40),
)  # fmt: skip
"""Makers, each with the least number of points at which its course is there to be seen."""

LENGTHS = (6, 10, 15, 20, 30, 60, 150, 400, 1500, 8000)
SCALES = (1e-6, 1e-3, 1.0, 40.0, 1e6)
NOISES = (0.005, 0.03, 0.1, 0.2)


def settings(times: int, salt: int, least: int = 0, most_noise: float = 1.0) -> list[Setting]:
    """`times` settings at random, of at least `least` points; long runs are rarer, because they take longer."""
    rng = np.random.default_rng(salt)
    lengths = np.array([n for n in LENGTHS if n >= least])
    weight = np.where(lengths >= 1500, 0.3, 1.0)
    noises = [noise for noise in NOISES if noise <= most_noise]
    return [
        Setting(int(rng.choice(lengths, p=weight / weight.sum())), float(rng.choice(SCALES)), int(rng.choice([1, 10, 1000])),
                float(rng.choice(noises)), str(rng.choice(["plain", "plain", "heavy", "slow"])), int(rng.integers(1 << 30)))
        for _ in range(times)
    ]  # fmt: skip
