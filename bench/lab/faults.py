"""What can be wrong with a run: each fault changes a sound plan, and says what the owner would answer to questions about it.

A fault is named `cause/variant`. The modules beside this one register theirs when they are imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from nets import TASKS
from training import Plan, Run

Answers = dict[str, Any]


class At(NamedTuple):
    """How and when a fault strikes."""

    strength: int
    """0 (mild), 1 (medium) or 2 (severe)."""
    onset: int
    """Step, for faults that begin during training."""
    rng: np.random.Generator


Fault = Callable[[Plan, At], Answers]
"""Changes a sound plan and returns the answers that then differ from those of a sound run."""

FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {}
"""Fault and the tasks that it is possible for (all when empty)."""


def fault(name: str, *tasks: str) -> Callable[[Fault], Fault]:
    """Register a fault."""

    def keep(f: Fault) -> Fault:
        FAULTS[name] = (f, tasks)
        return f

    return keep


def later(plan: Plan, onset: int, action: Callable[[Run], None]) -> None:
    """Let something happen before the step `onset`."""
    plan.at[onset] = action


def touch(run: Run, change: Callable[[Any, np.random.Generator], Any], share: float) -> None:
    """Change a share of the weight matrices."""
    leaves, tree = jax.tree.flatten(run.params)
    big = [i for i, leaf in enumerate(leaves) if leaf.ndim > 1]
    for i in run.rng.permutation(big)[: max(1, round(share * len(big)))]:
        leaves[i] = jnp.array(change(np.array(leaves[i]), run.rng), jnp.float32)
    run.params = jax.tree.unflatten(tree, leaves)


def _those(*, kind: str = "", optimizer: str = "", floats: bool = False, norm: str = "") -> tuple[str, ...]:
    found = [t for t in TASKS.values() if t.kind.startswith(kind) and t.optimizer.startswith(optimizer) and (not norm or t.net.norm == norm)]
    return tuple(t.name for t in found if not floats or t.kind != "language_modeling")


CLASSES = _those(kind="classification")
FLOATS = _those(floats=True)
ADAM = _those(optimizer="adam")
BATCHNORM = _those(norm="batchnorm")
PLAIN = tuple(name for name in _those(floats=True, norm="none") if name != "digits_vae")
"""Tasks whose networks have no normalisation and may be made deeper."""
TEXT = _those(kind="language_modeling")
SCHEDULED = tuple(t.name for t in TASKS.values() if t.schedule != "none")
