"""Curves to diagnose: real logs of the examples, and runs drawn by small simulators, each of which documents its one fault.

A simulated run is a healthy descent `floor + (start - floor) * exp(-step / time)` with noise that shrinks as the loss does, and a fault
written into it the way its mechanism would. The seed is part of the card, so a curve is the same wherever it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..engine.diagnosis import Diagnosis
    from ..engine.observe.log import Log

    Floats = NDArray[np.float64]
    Columns = dict[str, NDArray[np.floating[Any]]]

__all__ = ["BESIDES", "EXAMPLES", "SIMULATORS", "Curve", "diagnosed", "log_of", "simulate"]

FOLDER = Path(__file__).parents[1] / "examples"

EXAMPLES: dict[str, str] = {
    "spike.tsv": "loss_spike",
    "nan_lightning.csv": "loss_nan_inf",
    "surge_trainer_state.json": "loss_surge",
    "overfitting_chinese_columns.csv": "overfitting_gap",
    "healthy_nanogpt.txt": "healthy",
}
"""Real logs that ship with the product, and what is to be seen in each."""


@dataclass(frozen=True)
class Curve:
    """Where a curve comes from: a file of the examples, or a simulator with its seed."""

    source: str
    seed: int = 0


@lru_cache(maxsize=32)
def log_of(curve: Curve) -> Log:
    """The log behind a card. InputError when an example is not installed."""
    from ..engine.observe.read import read

    if curve.source in SIMULATORS:
        return read({name: values.tolist() for name, values in simulate(curve.source, curve.seed).items()})
    return read(FOLDER / curve.source)


@lru_cache(maxsize=32)
def diagnosed(curve: Curve, lang: str) -> Diagnosis:
    """What the engine makes of the curve, with its evidence."""
    from ..engine.one_call import diagnose_log

    return diagnose_log(log_of(curve), lang=lang)


def simulate(name: str, seed: int) -> Columns:
    """The columns of a simulated run: `step`, `train_loss`, and what else the fault shows in."""
    import numpy as np

    return SIMULATORS[name](np.random.default_rng([seed, len(name), ord(name[0])]))


def _run(rng: np.random.Generator, points: int = 600, *, every: int = 10) -> Columns:
    import numpy as np

    start, floor = rng.uniform(2.0, 6.0), rng.uniform(0.2, 0.8)
    steps = np.arange(points) * float(every)
    level = floor + (start - floor) * np.exp(-np.arange(points) / (points * rng.uniform(0.12, 0.2)))
    loss: Floats = level * (1 + rng.normal(0, 0.02, points))
    norm: Floats = 1.0 + np.abs(rng.normal(0, 0.12, points))
    return {"step": steps, "train_loss": loss, "grad_norm": norm}


def _rate(rng: np.random.Generator, points: int) -> Floats:
    import numpy as np

    warm = points // 20
    peak = 10 ** rng.uniform(-3.6, -3.0)
    after = peak * 0.5 * (1 + np.cos(np.pi * np.arange(points - warm) / (points - warm)))
    return np.concatenate([peak * np.arange(1, warm + 1) / warm, np.maximum(after, peak * 0.05)])


def _at(rng: np.random.Generator, points: int) -> int:
    return int(rng.integers(int(0.45 * points), int(0.75 * points)))


def _healthy(rng: np.random.Generator) -> Columns:
    """A run in which nothing happens."""
    run = _run(rng)
    return {**run, "lr": _rate(rng, len(run["step"]))}


def _spike(rng: np.random.Generator) -> Columns:
    """One bad batch: loss and gradient norm leap in the same step and fall back within some twenty points."""
    import numpy as np

    run = _run(rng)
    at, height, decay = _at(rng, 600), rng.uniform(5, 12), rng.uniform(3, 6)
    tail = np.exp(-np.arange(25) / decay)
    run["train_loss"][at : at + 25] *= 1 + height * tail
    run["grad_norm"][at : at + 3] *= rng.uniform(20, 60)
    return {**run, "lr": _rate(rng, 600)}


def _surge(rng: np.random.Generator) -> Columns:
    """From one step on the loss stays several times higher, and validation with it: the weights are spoilt."""
    import numpy as np

    run = _run(rng)
    at, factor = _at(rng, 600), rng.uniform(5, 9)
    run["train_loss"][at:] = run["train_loss"][at] * factor * (1 + rng.normal(0, 0.03, 600 - at))
    val = np.full(600, np.nan)
    val[9::10] = (run["train_loss"] * (1 + rng.normal(0.06, 0.01, 600)))[9::10]
    return {**run, "val_loss": val}


def _oscillation(rng: np.random.Generator) -> Columns:
    """A rate a little too high: after a good start the loss swings within a band and no longer descends."""
    import numpy as np

    run = _run(rng)
    grown = np.clip((np.arange(600) - 150) / 80, 0, 1)
    swing = np.zeros(600)
    for at in range(1, 600):
        swing[at] = -0.6 * swing[at - 1] + rng.normal(0, 0.42)
    run["train_loss"] = run["train_loss"] * np.exp(grown * swing)
    return {**run, "lr": np.full(600, 10 ** rng.uniform(-2.2, -1.8))}


def _divergence(rng: np.random.Generator) -> Columns:
    """The loss turns and climbs without a breaking point until it is far above where it began."""
    import numpy as np

    run = _run(rng)
    turn = int(rng.integers(150, 250))
    climb = np.exp(np.clip((np.arange(600) - turn) / rng.uniform(70, 110), 0, None))
    run["train_loss"] *= climb
    run["grad_norm"] *= climb
    return run


def _nan(rng: np.random.Generator) -> Columns:
    """An illegal operation: calm until one step, NaN from there to the end."""
    import numpy as np

    run = _run(rng)
    at = _at(rng, 600)
    run["train_loss"][at:] = np.nan
    run["grad_norm"][at:] = np.nan
    return run


def _plateau(rng: np.random.Generator) -> Columns:
    """Nothing is learnt: the loss stays near ln(classes) from the first step."""
    import numpy as np

    classes = int(rng.integers(10, 200))
    run = _run(rng)
    run["train_loss"] = np.log(classes) * (1 + rng.normal(0, 0.008, 600))
    run["grad_norm"] = np.abs(rng.normal(0.05, 0.01, 600))
    return run


def _overfitting(rng: np.random.Generator) -> Columns:
    """Training goes on falling, validation turns and climbs slowly."""
    import numpy as np

    run = _run(rng)
    turn = int(rng.integers(180, 260))
    val = run["train_loss"] * (1 + rng.normal(0.05, 0.015, 600))
    val += np.clip(np.arange(600) - turn, 0, None) / 600 * rng.uniform(1.5, 3.0)
    val[np.arange(600) % 10 != 9] = np.nan
    run["train_loss"] *= np.exp(-np.clip(np.arange(600) - turn, 0, None) / 300)
    return {**run, "val_loss": val}


def _lr_jump(rng: np.random.Generator) -> Columns:
    """A schedule with a fault: the rate leaps a hundredfold at one step, and the loss with it."""
    run = _run(rng)
    at, rate = _at(rng, 600), _rate(rng, 600)
    rate[at:] *= 100
    run["train_loss"][at:] = run["train_loss"][at] * rng.uniform(5, 8) * (1 + rng.normal(0, 0.05, 600 - at))
    run["grad_norm"][at:] *= 4
    return {**run, "lr": rate}


def _vanishing(rng: np.random.Generator) -> Columns:
    """The gradient norm sinks by orders of magnitude while the loss is still high, and the loss stands still."""
    import numpy as np

    run = _run(rng)
    run["grad_norm"] = 0.5 * np.exp(-np.arange(600) / rng.uniform(25, 40)) * (1 + 0.1 * rng.normal(0, 1, 600)) + 1e-9
    run["grad_norm"] = np.abs(run["grad_norm"])
    run["train_loss"] = rng.uniform(2, 4) * (1 - 0.03 * (1 - np.exp(-np.arange(600) / 30))) * (1 + rng.normal(0, 0.006, 600))
    return run


def _periodic(rng: np.random.Generator) -> Columns:
    """Data in a fixed order: the same hard stretch comes once per epoch, and the loss rises at equal distances."""
    import numpy as np

    run = _run(rng)
    period, height = int(rng.integers(40, 70)), rng.uniform(0.8, 1.4)
    place = np.arange(600) % period
    run["train_loss"] *= 1 + height * np.exp(-0.5 * ((place - period // 2) / 3.0) ** 2)
    return run


SIMULATORS: Mapping[str, Callable[[np.random.Generator], dict[str, Any]]] = {
    "healthy": _healthy,
    "loss_spike": _spike,
    "loss_surge": _surge,
    "loss_oscillation": _oscillation,
    "loss_divergence": _divergence,
    "loss_nan_inf": _nan,
    "loss_plateau": _plateau,
    "overfitting_gap": _overfitting,
    "periodic_pattern": _periodic,
    "lr_jump": _lr_jump,
    "grad_norm_vanishing": _vanishing,
}
"""What is to be seen (a symptom, or "healthy") to the simulator that draws it."""

BESIDES: Mapping[str, tuple[str, ...]] = {
    "lr_jump": ("loss_surge", "loss_spike", "loss_divergence"),
    "grad_norm_vanishing": ("loss_plateau", "loss_slow"),
    "loss_plateau": ("loss_slow", "grad_norm_vanishing"),
    "loss_divergence": ("loss_surge", "loss_spike"),
    "loss_oscillation": ("periodic_pattern", "loss_plateau"),
    "periodic_pattern": ("loss_oscillation", "loss_spike"),
    "loss_surge": ("loss_divergence", "loss_plateau", "loss_spike", "lr_jump"),
    "loss_nan_inf": ("grad_norm_vanishing", "loss_divergence"),
}
"""What else may be seen in such a curve: no distractor, because it would not be wrong."""
