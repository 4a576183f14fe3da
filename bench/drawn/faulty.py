"""Courses that go wrong, each with the symptoms of which one must be named."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from drawn.draw import Draw, Made
from lossclinic.engine.observe.log import Floats

JUMP = frozenset({"loss_spike", "loss_surge", "loss_divergence", "jump_at_resume"})
STALL = frozenset({"loss_plateau", "loss_slow", "constant_prediction"})
SWING = frozenset({"loss_oscillation", "periodic_pattern"})


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


FAULTY: tuple[Callable[[Draw], Made], ...] = (
    spike_llm, spike_one_batch, spike_few_epochs, spike_slow_heal, surge_both, surge_few_epochs, surge_val, drift_slow, diverges, diverges_early,
    nan_tail, zero_tail, uniform_guess, falls_to_guess, stuck, stuck_few_epochs, flat_early, too_slow, overfits, overfits_in_few_epochs,
    oscillates_later, oscillates_always, hills, resumed, gradients_leap, gradients_vanish, rate_leaps, leaks, one_answer, scale_collapses,
    weights_leap, ranks,
)  # fmt: skip
