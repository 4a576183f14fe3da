"""Judge the detectors on courses that training takes, drawn at random: false alarms on healthy ones, symptoms named on faulty ones.

    uv run bench/courses.py                 # 120 runs of each kind
    uv run bench/courses.py --times 40 --only spike,llm --show

Every kind is drawn over lengths, scales (1e-6 to 1e6), logging intervals and kinds
of noise: Gaussian, heavy tails, additive, correlated, smoothed, with a saw of the epochs in it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Floats, Log, Series

NOISES = ("gauss", "gauss", "heavy", "additive", "correlated", "smoothed", "saw")
LENGTHS = (40, 100, 300, 1000, 3000, 20000)
SCALES = (1e-6, 1e-3, 1.0, 1.0, 30.0, 1e6)
COLUMNS = {"g_loss": "train_loss", "d_loss": "train_loss", "box_loss": "train_loss", "cls_loss": "train_loss", "dfl_loss": "train_loss"}

JUMP = frozenset({"loss_spike", "loss_surge", "loss_divergence", "jump_at_resume"})
STALL = frozenset({"loss_plateau", "loss_slow", "constant_prediction"})
SWING = frozenset({"loss_oscillation", "periodic_pattern"})


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
OK: frozenset[str] = frozenset()

# ------------------------------------------------------------------------------------------------------------------------------ healthy


def descent(d: Draw) -> Made:
    """Nothing but a learning curve."""
    return {"train_loss": d.fall() * d.shake()}, OK


def descent_val(d: Draw) -> Made:
    """A learning curve with a validation that follows it at some distance."""
    loss = d.fall()
    return {"train_loss": loss * d.shake(), "val_loss": d.evaluated(loss * d.rng.uniform(0.85, 1.2) + d.rng.uniform(0, 0.05))}, OK


def llm(d: Draw) -> Made:
    """A language model: from ln(vocabulary), warm-up, cosine, a gradient norm that calms down, slow power law."""
    top, warm = np.log(d.rng.choice([256, 32000, 50257, 128256])), d.rng.uniform(0.005, 0.05)
    loss = top * (0.2 + 0.8 * (1 + d.rng.uniform(50, 3000) * d.x) ** -d.rng.uniform(0.15, 0.4))
    lr = 6e-4 * np.minimum(d.x / warm, 1.0) * (0.1 + 0.45 * (1 + np.cos(np.pi * d.x)))
    grad = (0.3 + 2.5 * np.exp(-20 * d.x)) * np.exp(0.25 * d.rng.standard_normal(d.n))
    return {
        "train_loss": loss * d.shake(sigma=min(d.sigma, 0.06)) / d.scale,
        "val_loss": (lambda e: (e[0], e[1] / d.scale))(d.evaluated(loss * 1.01)),
        "lr": lr,
        "grad_norm": grad,
    }, OK


def continued(d: Draw) -> Made:
    """A log that begins in the middle of a long training: a few per cent are left to gain."""
    d.n = max(d.n, 100)
    return {"train_loss": (1 - d.rng.uniform(0.02, 0.06) * d.x) * d.shake(sigma=min(d.sigma, 0.01)), "start": 20.0}, OK


def step_decay(d: Draw) -> Made:
    """The rate is cut twice, and the loss steps down both times."""
    level = np.where(d.x > 0.7, 0.35, np.where(d.x > 0.4, 0.6, 1.0))
    loss = d.fall() * level
    columns = {
        "train_loss": loss * d.shake(),
        "lr": 0.1 * np.where(d.x > 0.7, 0.01, np.where(d.x > 0.4, 0.1, 1.0)),
        "val_loss": d.evaluated(1.1 * loss),
    }
    if d.rng.random() < 0.4:
        del columns["lr"]
    return columns, OK


def restarts(d: Draw) -> Made:
    """A cosine with warm restarts: a bump at each."""
    cycles = int(d.rng.integers(3, 7))
    phase = (cycles * d.x * 0.9999) % 1.0
    bump = 1 + np.where(d.x >= 1 / cycles, d.rng.uniform(0.1, 0.5) * np.exp(-phase / 0.2), 0.0)
    return {"train_loss": d.fall() * bump * d.shake(), "lr": 1e-3 * (0.5 * (1 + np.cos(np.pi * phase)) + 1e-3)}, OK


def curriculum(d: Draw) -> Made:
    """Harder examples from some point on; validation, which held them all along, improves."""
    hard = np.arange(d.n) >= d.when()
    return {"train_loss": np.where(hard, 1.6, 1.0) * (0.15 + 0.85 * np.exp(-5 * d.x)) * d.shake(),
            "val_loss": d.evaluated((0.3 + 0.9 * np.exp(-4 * d.x)) * np.where(hard, 0.92, 1.0), least=12)}, OK  # fmt: skip


def adversarial(d: Draw) -> Made:
    """Generator and discriminator chase each other."""
    chase = np.cumsum(d.rng.standard_normal(d.n)) / np.sqrt(d.n)
    return {
        "g_loss": (1.5 + 0.8 * d.x) * np.exp(0.3 * chase) * d.shake(sigma=0.4),
        "d_loss": (0.9 - 0.3 * d.x) * np.exp(-0.3 * chase) * d.shake(sigma=0.4),
    }, OK


def noisy(d: Draw) -> Made:
    """Tiny batches or a value function: consecutive losses differ by a factor of two, and the level comes down all the same."""
    d.noise = "gauss"
    return {"train_loss": (0.1 + 0.9 * np.exp(-4 * d.x)) * d.shake(sigma=0.7)}, OK


def epoch_steps(d: Draw) -> Made:
    """Fine-tuning over a few epochs: a step down at each, a slight rise within."""
    epochs = int(d.rng.integers(2, 6))
    at = epochs * d.x * 0.9999
    loss = (0.75 ** np.floor(at)) * (1 + 0.03 * (at % 1.0)) * (0.9 + 0.6 * np.exp(-40 * d.x))
    return {"train_loss": loss * d.shake(), "epoch": at, "val_loss": d.evaluated(0.9 + 0.2 * np.exp(-10 * d.x), 0.004)}, OK


def interpolation(d: Draw) -> Made:
    """Training error goes to nothing, validation settles: what large networks do."""
    loss = np.exp(-d.rng.uniform(4.5, 6.0) * d.x)
    return {"train_loss": loss * d.shake(), "val_loss": d.evaluated(0.15 + 0.85 * np.exp(-8 * d.x), 0.01)}, OK


def contrastive(d: Draw) -> Made:
    """A contrastive loss: from ln(batch) slowly down by a third."""
    top = np.log(d.rng.choice([256, 512, 4096, 32768]))
    return {"train_loss": top / d.scale * (0.65 + 0.35 * (1 + 60 * d.x) ** -0.6) * d.shake(sigma=min(d.sigma, 0.03))}, OK


def detection(d: Draw) -> Made:
    """Three losses of a detector, one of which hardly moves."""
    a, b = d.fall(), d.fall()
    return {
        "box_loss": (0.6 + 0.4 * a) * d.shake(sigma=min(d.sigma, 0.05)),
        "cls_loss": 2 * b * d.shake(),
        "dfl_loss": (0.9 + 0.1 * a) * d.shake(sigma=min(d.sigma, 0.03)),
    }, OK


def few_epochs(d: Draw) -> Made:
    """4 to 15 epochs with training, validation, accuracy."""
    n = int(d.rng.integers(4, 16))
    x = np.arange(n)
    train = 0.15 + 0.85 * np.exp(-d.rng.uniform(0.25, 0.8) * x)
    val = np.maximum(0.25 + 0.6 * np.exp(-0.7 * x), 0.0) * np.exp(0.02 * d.rng.standard_normal(n))
    return {
        "train_loss": train * np.exp(d.rng.uniform(0.01, 0.1) * d.rng.standard_normal(n)),
        "val_loss": val,
        "val_accuracy": 0.9 - 0.5 * np.exp(-0.6 * x) + 0.005 * d.rng.standard_normal(n),
    }, OK


def late_drop(d: Draw) -> Made:
    """Flat for a while, then it clicks."""
    at = d.rng.uniform(0.08, 0.3)
    return {"train_loss": (0.25 + 0.75 / (1 + np.exp((d.x - at) / 0.02))) * (1 - 0.1 * d.x) * d.shake(sigma=min(d.sigma, 0.06))}, OK


def settles_below_zero(d: Draw) -> Made:
    """A negative log likelihood from 5 to -80, additive noise."""
    return {"train_loss": -80 + 85 * np.exp(-6 * d.x) + 4 * d.sigma * 10 * d.rng.standard_normal(d.n)}, OK


def slight_overfitting(d: Draw) -> Made:
    """Validation gives back two per cent."""
    val = 0.5 + 0.5 * np.exp(-12 * d.x) + 0.012 * np.maximum(d.x - 0.4, 0)
    return {"train_loss": (0.3 + 0.7 * np.exp(-6 * d.x)) * d.shake(), "val_loss": d.evaluated(val, 0.003)}, OK


def small_validation_set(d: Draw) -> Made:
    """A validation loss of few examples: noisy, on its way down."""
    return {"train_loss": (0.2 + 0.8 * np.exp(-4 * d.x)) * d.shake(), "val_loss": d.evaluated(0.3 + 0.7 * np.exp(-4 * d.x), 0.1)}, OK


def mosaic_closes(d: Draw) -> Made:
    """Augmentation is turned off for the last tenth on purpose: training falls by a fifth, validation gains a little."""
    late = d.x > 0.9
    return {
        "train_loss": (0.4 + 0.6 * np.exp(-6 * d.x)) * np.where(late, 0.8, 1.0) * d.shake(),
        "val_loss": d.evaluated((0.4 + 0.6 * np.exp(-6 * d.x)) * np.where(late, 0.97, 1.0)),
    }, OK


def fine_tuning(d: Draw) -> Made:
    """A trained model: a third to learn, soon learned, with gradients and weights logged."""
    loss = 0.65 + 0.35 * np.exp(-8 * d.x)
    return {
        "train_loss": loss * d.shake(sigma=min(d.sigma, 0.1)),
        "grad_norm": 1.5 * np.exp(0.35 * d.rng.standard_normal(d.n)),
        "weight_norm": 120 + 0.5 * (1 - np.exp(-3 * d.x)),
        "lr": 2e-5 * (1 - d.x),
    }, OK


def rounded(d: Draw) -> Made:
    """A learning curve printed with so few decimals that one or two digits are left at its end."""
    level = d.fall()
    loss = level * d.shake()
    unit = 10.0 ** np.floor(np.log10(float(loss[-max(3, d.n // 10) :].mean()))) * d.rng.choice([0.1, 0.01])
    val = d.evaluated(1.1 * level, 0.01)
    return {"train_loss": np.round(loss / unit) * unit, "val_loss": (val[0], np.round(val[1] / unit) * unit)}, OK


def rounded_to_zero(d: Draw) -> Made:
    """A perfect fit printed with four decimals: exact zeros at the end, reached by descent."""
    d.scale = 1.0
    loss = np.exp(-d.rng.uniform(11, 16) * d.x) * d.shake(sigma=min(d.sigma, 0.1))
    return {"train_loss": np.round(loss, 4), "val_loss": d.evaluated(0.1 + 0.9 * np.exp(-9 * d.x), 0.01)}, OK


def transient(d: Draw) -> Made:
    """The very first points are ten to a thousand times the rest."""
    loss = d.fall() * d.shake()
    loss[: max(1, d.n // 100)] *= 10 ** d.rng.uniform(1, 3)
    return {"train_loss": loss}, OK


def evaluation_only(d: Draw) -> Made:
    """Training loss once an epoch, validation every epoch, learning rate halved on plateaus."""
    n = int(d.rng.integers(15, 60))
    x = np.linspace(0, 1, n)
    lr = 0.1 * 0.5 ** np.floor(4 * x)
    train = (0.1 + 0.9 * np.exp(-4 * x)) * np.exp(0.02 * d.rng.standard_normal(n))
    return {"train_loss": train, "val_loss": (0.25 + 0.75 * np.exp(-4 * x)) * np.exp(0.04 * d.rng.standard_normal(n)), "lr": lr}, OK


HEALTHY: tuple[Callable[[Draw], Made], ...] = (
    descent, descent_val, llm, continued, step_decay, restarts, curriculum, adversarial, noisy, epoch_steps, interpolation, contrastive, detection,
    few_epochs, late_drop, settles_below_zero, slight_overfitting, small_validation_set, mosaic_closes, fine_tuning,
    rounded, rounded_to_zero, transient, evaluation_only,
)  # fmt: skip

# --------------------------------------------------------------------------------------------------------------------------------- sick


def _burst(loss: Floats, at: int, width: int, factor: float) -> Floats:
    loss[at : at + width] *= factor
    return loss


def spike_llm(d: Draw) -> Made:
    """+40 % for 15 steps in a long language-model run."""
    d.n, d.sigma = max(d.n, 1000), min(d.sigma, 0.04)
    loss, at = (0.25 + 0.75 * (1 + 300 * d.x) ** -0.4) * d.shake(), d.when(0.15, 0.9)
    return {"train_loss": _burst(loss, at, 15, 1.4)}, JUMP, at


def spike_one_batch(d: Draw) -> Made:
    """One batch at three to ten times the level."""
    d.sigma = min(d.sigma, 0.1)
    at = d.when(0.15, 0.95)
    return {"train_loss": _burst(d.fall() * d.shake(), at, 1, d.rng.uniform(3, 10))}, JUMP, at


def spike_few_epochs(d: Draw) -> Made:
    """One epoch of a dozen at three times the level."""
    d.n = int(d.rng.integers(10, 25))
    at = int(d.rng.integers(d.n // 2, d.n - 2))
    return {"train_loss": _burst((0.2 + 0.8 * np.exp(-4 * d.x)) * np.exp(0.03 * d.rng.standard_normal(d.n)), at, 1, 3.0)}, JUMP, at


def spike_slow_heal(d: Draw) -> Made:
    """Up at once to twice the level, back over a tenth of the run."""
    d.n, d.sigma = max(d.n, 100), min(d.sigma, 0.08)
    at = d.when()
    after = np.maximum(np.arange(d.n) - at, 0) / d.n
    return {"train_loss": d.fall() * d.shake() * (1 + np.where(np.arange(d.n) >= at, 1.2 * np.exp(-after / 0.04), 0.0))}, JUMP, at


def surge_both(d: Draw) -> Made:
    """Training and validation leap to two to eight times the level for good."""
    d.sigma = min(d.sigma, 0.15)
    at, height = d.when(), d.rng.uniform(2.2, 8)
    loss = d.fall() * np.where(np.arange(d.n) >= at, height, 1.0)
    return {"train_loss": loss * d.shake(), "val_loss": d.evaluated(1.05 * loss, least=10)}, JUMP, at


def surge_few_epochs(d: Draw) -> Made:
    """The same in a run of 8 to 20 epochs."""
    d.n = int(d.rng.integers(8, 21))
    at = int(d.rng.integers(4, d.n - 2))
    loss = (0.2 + 0.8 * np.exp(-4 * d.x)) * np.where(np.arange(d.n) >= at, 4.0, 1.0)
    return {"train_loss": loss * np.exp(0.03 * d.rng.standard_normal(d.n)), "val_loss": (np.arange(d.n) * float(d.every), 1.05 * loss)}, JUMP, at


def surge_val(d: Draw) -> Made:
    """Only validation leaps, for good."""
    at, loss = d.when(0.35, 0.7), d.fall()
    return {"train_loss": loss * d.shake(), "val_loss": d.evaluated(1.1 * loss * np.where(np.arange(d.n) >= at, 5.0, 1.0), least=12)}, frozenset(
        {"val_only_bad", "loss_surge", "overfitting_gap"}
    )


def drift_slow(d: Draw) -> Made:
    """Half as much again over the last 40 %."""
    d.n, d.sigma = max(d.n, 60), min(d.sigma, 0.1 if d.noise not in ("smoothed", "correlated") else 0.05)
    return {"train_loss": (0.3 + 0.7 * np.exp(-12 * d.x)) * (1 + 0.5 * np.clip((d.x - 0.6) / 0.4, 0, 1)) * d.shake()}, JUMP


def diverges(d: Draw) -> Made:
    """Exponential growth by one to four orders of magnitude over a third of the run."""
    d.sigma = min(d.sigma, 0.2)
    at = d.when()
    grown = np.clip((np.arange(d.n) - at) / (0.33 * d.n), 0, 1)
    return {"train_loss": d.fall() * 10 ** (d.rng.uniform(1, 4) * grown) * d.shake()}, frozenset({"loss_divergence"})


def diverges_early(d: Draw) -> Made:
    """A learning rate too high: the loss grows from the beginning."""
    d.sigma = min(d.sigma, 0.2)
    return {"train_loss": (1 + d.rng.uniform(2, 30) * d.x) * d.shake()}, JUMP


def nan_tail(d: Draw) -> Made:
    """NaN from some point on."""
    at, loss = d.when(), d.fall() * d.shake()
    loss[at:] = np.nan
    return {"train_loss": loss}, frozenset({"loss_nan_inf"}), at


def zero_tail(d: Draw) -> Made:
    """Exact zeros from some point on."""
    at, loss = d.when(0.3, 0.7), d.fall() * d.shake()
    loss[at:] = 0.0
    return {"train_loss": loss}, frozenset({"loss_zero_tail"}), at


def uniform_guess(d: Draw) -> Made:
    """ln k from the first point to the last."""
    return {"train_loss": np.log(d.rng.choice([2, 10, 37, 100, 1000, 50257])) / d.scale * d.shake(sigma=min(d.sigma, 0.02))}, STALL


def falls_to_guess(d: Draw) -> Made:
    """From a bad initialisation down to ln k, and there it stays."""
    k = np.log(d.rng.choice([2, 10, 100, 1000]))
    return {"train_loss": k / d.scale * (1 + 1.5 * np.exp(-50 * d.x)) * d.shake(sigma=min(d.sigma, 0.01))}, STALL


def stuck(d: Draw) -> Made:
    """Nothing is learned, at any level."""
    return {"train_loss": d.rng.uniform(0.3, 6) * d.shake(sigma=min(d.sigma, 0.15))}, STALL


def stuck_few_epochs(d: Draw) -> Made:
    """Nothing is learned in 5 to 12 epochs."""
    n = int(d.rng.integers(5, 13))
    return {"train_loss": 2.3 * np.exp(0.01 * d.rng.standard_normal(n)), "val_accuracy": np.full(n, 0.1)}, STALL


def flat_early(d: Draw) -> Made:
    """A fifth is learned at once, and nothing after."""
    return {
        "train_loss": (0.8 + 0.2 * np.exp(-60 * d.x)) * d.shake(sigma=min(d.sigma, 0.06)),
        "val_loss": d.evaluated(0.85 + 0.15 * np.exp(-60 * d.x), 0.005),
    }, STALL


def too_slow(d: Draw) -> Made:
    """A straight line down by a tenth to a third."""
    d.n = max(d.n, 40)
    return {"train_loss": (1 - d.rng.uniform(0.1, 0.3) * d.x) * d.shake(sigma=min(d.sigma, 0.02))}, STALL


def overfits(d: Draw) -> Made:
    """Validation turns at a third and rises by 40 to 150 %, training goes on."""
    val = (0.4 + 0.6 * np.exp(-14 * d.x)) * (1 + d.rng.uniform(0.4, 1.5) * np.clip((d.x - 0.35) / 0.65, 0, 1))
    return {"train_loss": (0.03 + 0.97 * np.exp(-6 * d.x)) * d.shake(), "val_loss": d.evaluated(val, 0.02, 8)}, frozenset({"overfitting_gap"})


def overfits_in_few_epochs(d: Draw) -> Made:
    """The same in 5 to 12 epochs."""
    n = int(d.rng.integers(6, 13))
    x = np.arange(n)
    val = 0.45 + 0.4 * np.exp(-1.2 * x) + 0.08 * np.maximum(x - 2, 0)
    return {"train_loss": 0.02 + 0.9 * np.exp(-0.6 * x), "val_loss": val * np.exp(0.01 * d.rng.standard_normal(n))}, frozenset({"overfitting_gap"})


def oscillates_later(d: Draw) -> Made:
    """Swings from mid-run on: irregular, by two thirds and more."""
    d.n, d.sigma = max(d.n, 100), min(d.sigma, 0.1)
    wave = np.exp(d.rng.uniform(0.6, 1.2) * np.clip((d.x - 0.35) / 0.1, 0, 1) * np.sin(np.cumsum(d.rng.uniform(0.3, 1.5, d.n))))
    return {"train_loss": (0.3 + 0.7 * np.exp(-12 * d.x)) * wave * d.shake()}, SWING


def oscillates_always(d: Draw) -> Made:
    """Swings from the beginning, by a factor of three, without descent."""
    d.n = max(d.n, 60)
    return {"train_loss": np.exp(1.1 * np.sin(np.cumsum(d.rng.uniform(0.5, 2.0, d.n)))) * d.shake(sigma=min(d.sigma, 0.1))}, SWING | STALL


def hills(d: Draw) -> Made:
    """Unshuffled data: the same hill every epoch."""
    d.n, d.sigma = max(d.n, 300), min(d.sigma, 0.1)
    period = int(d.n / d.rng.uniform(6, 25))
    return {"train_loss": d.fall() * (1 + d.rng.uniform(0.4, 1.0) * ((np.arange(d.n) % period) > 0.7 * period)) * d.shake()}, SWING


def resumed(d: Draw) -> Made:
    """Training resumed with the wrong state: a leap that heals over a fifth of the run."""
    d.sigma = min(d.sigma, 0.1)
    at = d.when()
    after = np.maximum(np.arange(d.n) - at, 0) / d.n
    return (
        {"train_loss": d.fall() * d.shake() * (1 + np.where(np.arange(d.n) >= at, 2.0 * np.exp(-after / 0.08), 0.0)), "restart": float(at)},
        JUMP,
        at,
    )


def gradients_leap(d: Draw) -> Made:
    """Gradients at thirty times their level from some point on."""
    d.n = max(d.n, 40)
    at = d.when()
    return (
        {"train_loss": d.fall() * d.shake(), "grad_norm": np.exp(0.3 * d.rng.standard_normal(d.n)) * np.where(np.arange(d.n) >= at, 30.0, 1.0)},
        frozenset({"grad_norm_spike"}),
        at,
    )


def gradients_vanish(d: Draw) -> Made:
    """Gradients fall to nothing within a tenth of the run, and the loss stands still from there."""
    d.n = max(d.n, 40)
    grad = np.exp(-14 * np.clip(d.x / 0.15, 0, 1)) * np.exp(0.2 * d.rng.standard_normal(d.n))
    return {"train_loss": (0.9 + 0.1 * np.exp(-40 * d.x)) * d.shake(sigma=min(d.sigma, 0.03)), "grad_norm": grad}, frozenset({"grad_norm_vanishing"})


def rate_leaps(d: Draw) -> Made:
    """The learning rate is ten times as high from some point on."""
    at = d.when()
    return {"train_loss": d.fall() * d.shake(), "lr": np.where(np.arange(d.n) >= at, 1e-2, 1e-3) * (1 - 0.5 * d.x)}, frozenset({"lr_jump"}), at


def leaks(d: Draw) -> Made:
    """The answer is among the inputs: both losses go to nothing at once."""
    d.scale, loss = min(d.scale, 3.0), 1e-5 + np.exp(-60 * d.x)
    return {"train_loss": loss * d.shake(), "val_loss": d.evaluated(loss * 1.02, 0.05)}, frozenset({"loss_too_low"})


def one_answer(d: Draw) -> Made:
    """The network gives one class only."""
    return {"train_loss": np.log(10) / d.scale * d.shake(sigma=0.01), "val_accuracy": np.full(d.n, 0.098)}, frozenset({"constant_prediction"})


def scale_collapses(d: Draw) -> Made:
    """The loss scale halves to its floor."""
    d.n = max(d.n, 40)
    return {"train_loss": d.fall() * d.shake(), "loss_scale": 65536.0 / 2 ** np.clip(np.floor(60 * (d.x - 0.4)), 0, 16)}, frozenset(
        {"loss_scale_collapse"}
    )


def weights_leap(d: Draw) -> Made:
    """The weights move by a fifth within one interval."""
    d.n = max(d.n, 30)
    at = d.when()
    return (
        {"train_loss": d.fall() * d.shake(), "weight_norm": (20 + 4 * d.x) * np.where(np.arange(d.n) >= at, 1.2, 1.0)},
        frozenset({"weight_jump"}),
        at,
    )


def ranks(d: Draw) -> Made:
    """One rank goes its own way."""
    d.n, loss = max(d.n, 40), None
    loss, at = d.fall(), d.when()
    return {
        "train_loss": loss * d.shake(sigma=0.03),
        "rank_loss": loss * d.shake(sigma=0.05) * (1 + np.clip((np.arange(d.n) - at) / (0.2 * d.n), 0, 1)),
    }, frozenset({"ranks_disagree"})


SICK: tuple[Callable[[Draw], Made], ...] = (
    spike_llm, spike_one_batch, spike_few_epochs, spike_slow_heal, surge_both, surge_few_epochs, surge_val, drift_slow, diverges, diverges_early,
    nan_tail, zero_tail, uniform_guess, falls_to_guess, stuck, stuck_few_epochs, flat_early, too_slow, overfits, overfits_in_few_epochs,
    oscillates_later, oscillates_always, hills, resumed, gradients_leap, gradients_vanish, rate_leaps, leaks, one_answer, scale_collapses,
    weights_leap, ranks,
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of one run."""

    alarmed: bool
    named: bool
    dated: bool | None
    noise: str
    n: int
    said: str


def judge(job: tuple[str, int]) -> Outcome:
    """Draw one run of the kind and look at it."""
    kind, seed = job
    rng = np.random.default_rng((sum(map(ord, kind)), seed))
    lengths = np.array(LENGTHS)
    d = Draw(
        int(rng.choice(lengths, p=np.array([2, 3, 3, 3, 1, 0.3]) / 12.3)), float(rng.choice(SCALES)), int(rng.choice([1, 10, 1000])),
        float(np.exp(rng.uniform(np.log(0.003), np.log(0.25)))), str(rng.choice(NOISES)), rng,
    )  # fmt: skip
    made = globals()[kind](d)
    columns, names = made[0], made[1]
    start, restart = columns.pop("start", 0.0), columns.pop("restart", None)
    log = d.log(columns, start * d.n * d.every)
    if restart is not None:
        log = Log(log.source, log.format, log.series, log.axis, restarts=(restart * d.every,))
    findings = observe(log).findings
    right = [f for f in findings if f.id in names]
    dated = abs(right[0].first_step / d.every - made[2]) <= max(1.0, 0.02 * d.n) if right and len(made) > 2 else None
    said = " ".join(f"{f.id}{'' if f.alarming else '-'}[{f.message}]({f.metric}@{f.first_step / d.every:g})" for f in findings)
    return Outcome(
        any(f.alarming for f in findings), bool(right), dated, d.noise, d.n, f"n={d.n} x{d.scale:g} sigma={d.sigma:.3f} {d.noise} #{seed}: {said}"
    )


def main() -> None:
    """Draw the runs and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=120, help="runs of each kind")
    parser.add_argument("--first", type=int, default=0, help="number of the first run: other numbers are other runs")
    parser.add_argument("--only", default="", help="only kinds whose name has one of these (comma-separated)")
    parser.add_argument("--show", action="store_true", help="what was said of the runs that went wrong")
    args = parser.parse_args()
    wanted = [part for part in args.only.split(",") if part]
    rates: dict[str, list[float]] = {"false": [], "alarmed": [], "named": []}
    with ProcessPoolExecutor(2) as pool:
        for makers, healthy in ((HEALTHY, True), (SICK, False)):
            print(f"\n{'healthy' if healthy else 'faulty':<24}" + ("   alarms  by noise" if healthy else "  alarmed   named   dated"))
            for make in makers:
                if wanted and not any(part in make.__name__ for part in wanted):
                    continue
                outcomes = list(pool.map(judge, [(make.__name__, args.first + i) for i in range(args.times)], chunksize=8))
                alarmed, named = (float(np.mean([getattr(o, name) for o in outcomes])) for name in ("alarmed", "named"))
                dated = [o.dated for o in outcomes if o.dated is not None]
                if healthy:
                    rates["false"].append(alarmed)
                    print(f"{make.__name__:<24}{alarmed:>9.3f}  {dict(Counter(o.noise for o in outcomes if o.alarmed)) or ''}")
                else:
                    rates["alarmed"].append(alarmed)
                    rates["named"].append(named)
                    print(f"{make.__name__:<24}{alarmed:>9.3f}{named:>8.3f}" + (f"{np.mean(dated):>8.3f}" if dated else ""))
                if args.show:
                    for o in [o for o in outcomes if (o.alarmed if healthy else not (o.alarmed and o.named) or o.dated is False)][:12]:
                        print(f"    {o.said[:230]}")
    print("\n" + "  ".join(f"{name} {np.mean(values):.3f}" for name, values in rates.items() if values))


if __name__ == "__main__":
    main()
