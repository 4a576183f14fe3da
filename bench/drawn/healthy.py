"""Courses that call for no action."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from drawn.draw import Draw, Made

OK: frozenset[str] = frozenset()


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
