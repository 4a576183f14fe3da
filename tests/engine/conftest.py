"""Logs that a triage can start from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lossclinic.engine.observe.log import Log
from lossclinic.engine.observe.read import read


def columns_of(kind: str) -> dict[str, Any]:
    """Columns of a synthetic training log: healthy, spike, surge, nan, overfit, stuck."""
    n = 400
    x, rng = np.linspace(0, 1, n), np.random.default_rng(7)
    train = (0.2 + 2.1 * np.exp(-5 * x)) * np.exp(0.03 * rng.standard_normal(n))
    val = 1.05 * (0.2 + 2.1 * np.exp(-5 * x)) * np.exp(0.005 * rng.standard_normal(n))
    grad = np.exp(0.2 * rng.standard_normal(n))
    lr = 1e-3 * (1 - 0.9 * x)
    if kind == "spike":
        train[250:254] *= 6
    elif kind == "surge":
        train[250:] *= 8
        val[250:] *= 8
        grad[249:] *= 40
    elif kind == "nan":
        train[300:] = np.nan
    elif kind == "overfit":
        train, val = train - 0.19, 0.5 + np.abs(x - 0.4) * 2
    elif kind == "stuck":
        train, val = np.full(n, 2.3026), np.full(n, 2.3026)
    return {"step": np.arange(n), "train_loss": train, "val_loss": val, "grad_norm": grad, "lr": lr}


KINDS = ("spike", "surge", "nan", "overfit", "stuck")


@pytest.fixture(name="columns_of")
def _columns_of() -> Any:
    """Columns of a synthetic training log by kind: healthy, spike, surge, nan, overfit, stuck."""
    return columns_of


@pytest.fixture(params=KINDS)
def sick(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Columns of a run in which something is wrong."""
    return columns_of(request.param)


@pytest.fixture
def sick_log(sick: dict[str, Any]) -> Log:
    """The log of a run in which something is wrong."""
    return read(sick)


@pytest.fixture
def healthy() -> dict[str, Any]:
    """Columns of a run in which nothing is wrong."""
    return columns_of("healthy")
