"""One run: a task trained step by step, with hooks that a fault uses, and everything that a trainer could log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from nets import Data, Net, Task, Tree, forward, initial, loss_of

TINY = 1e-12
SETTINGS = ("lr", "b1", "b2", "eps", "momentum", "decay", "clip", "factor", "carry", "scale", "stale", "go", "t")
"""What may differ from step to step without compiling anew."""


@dataclass
class Plan:
    """How a run is trained; faults change it before the start, or change a `Run` at some step."""

    task: Task
    net: Net
    data: Data
    optimizer: str
    lr: float
    batch: int
    steps: int
    schedule: str
    clip: float
    seed: int
    momentum: float = 0.9
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    decay: float = 0.0
    warmup: int = 0
    augment: float = 0.0
    shuffle: bool = True
    sign: float = 1.0
    carry: float = 0.0
    """1: gradients of earlier steps are never cleared."""
    frozen: tuple[str, ...] = ()
    """Parameters that do not learn; "all" for all."""
    rare: int = 1
    """The optimizer steps once in so many updates."""
    half: bool = False
    """Weights are kept in float16."""
    scale: float = 0.0
    """A static loss scale with gradients in float16."""
    stale: int = 0
    """Gradients are so many steps old."""
    at: dict[int, Callable[[Run], None]] = field(default_factory=dict[int, Callable[["Run"], None]])
    """What happens before some step."""
    every: Callable[[Run, int, Any, Any], tuple[Any, Any]] | None = None
    """What happens to each batch."""
    rate: Callable[[int, float], float] | None = None
    """What happens to the learning rate of a step."""

    @classmethod
    def of(cls, task: Task, seed: int) -> Plan:
        """Sound settings."""
        return cls(
            task,
            task.net,
            task.data(seed),
            task.optimizer,
            task.lr,
            task.batch,
            task.steps,
            task.schedule,
            task.clip,
            seed,
            decay=0.01 if task.optimizer == "adamw" else 0.0,
            warmup=task.steps // 20 if task.schedule == "warmup_decay" else 0,
        )


def as_half(x: Any) -> Any:
    """What float16 leaves of numbers."""
    return x.astype(jnp.float16).astype(jnp.float32)


def filled(tree: Tree, value: float) -> Tree:
    """The tree with one number everywhere."""
    return jax.tree.map(lambda _: jnp.float32(value), tree)


@lru_cache(maxsize=256)
def compiled(task_name: str, net: Net, kind: str, half: bool) -> tuple[Any, Any]:
    """The jitted training step and evaluation of a network."""
    from nets import TASKS

    task = TASKS[task_name.removesuffix("+rnn")]
    if task_name.endswith("+rnn"):
        task = replace(task, model="rnn")

    def loss(params: Tree, state: Tree, x: Any, y: Any, key: Any) -> tuple[Any, tuple[Any, Tree, Any]]:
        out, fresh, dead = forward(task, net, params, state, x, key, True)
        value, accuracy = loss_of(task, net, out, y)
        return value, (accuracy, fresh, dead)

    @jax.jit
    def step(params: Tree, state: Tree, m: Tree, v: Tree, held: Tree, x: Any, y: Any, seed: Any, numbers: Any, mask: Tree, old: Tree) -> Any:
        hp = dict(zip(SETTINGS, numbers, strict=True))
        key = jax.random.fold_in(jax.random.PRNGKey(seed[0]), seed[1])
        (value, (accuracy, fresh, dead)), grads = jax.value_and_grad(loss, has_aux=True)(params, state, x, y, key)
        grads = jax.tree.map(lambda g, k, a: g * hp["factor"] * (k >= 0) + hp["carry"] * a, grads, mask, held)
        held = grads
        scaled = jax.tree.map(lambda g: jnp.where(hp["scale"] > 0, as_half(g * hp["scale"]) / jnp.maximum(hp["scale"], TINY), g), grads)
        norm = jnp.sqrt(sum(jnp.sum(g**2) for g in jax.tree.leaves(scaled)))
        used = jax.tree.map(lambda now, then: jnp.where(hp["stale"] > 0, then, now), scaled, old)
        shrink = jnp.where(hp["clip"] > 0, jnp.minimum(1.0, hp["clip"] / (norm + 1e-6)), 1.0)
        used = jax.tree.map(lambda g: g * shrink, used)
        if kind.startswith("sgd"):
            m = jax.tree.map(lambda a, g: hp["momentum"] * a + g, m, used)
            move = jax.tree.map(lambda a, p: -hp["lr"] * (a + hp["decay"] * p), m, params)
        else:
            m = jax.tree.map(lambda a, g: hp["b1"] * a + (1 - hp["b1"]) * g, m, used)
            v = jax.tree.map(lambda a, g: hp["b2"] * a + (1 - hp["b2"]) * g * g, v, used)
            fix1, fix2 = 1 - hp["b1"] ** hp["t"], 1 - hp["b2"] ** hp["t"]
            move = jax.tree.map(lambda a, b, p: -hp["lr"] * ((a / fix1) / (jnp.sqrt(b / fix2) + hp["eps"]) + hp["decay"] * p), m, v, params)
        move = jax.tree.map(lambda u, k: u * (k > 0) * hp["go"], move, mask)
        new = jax.tree.map(lambda p, u: p + u, params, move)
        if half:
            new = jax.tree.map(as_half, new)
        size = jnp.sqrt(sum(jnp.sum(u**2) for u in jax.tree.leaves(move)))
        weight = jnp.sqrt(sum(jnp.sum(p**2) for p in jax.tree.leaves(new)))
        return new, fresh, m, v, held, scaled, jnp.stack([value, accuracy, dead, norm, size, weight])

    @jax.jit
    def judge(params: Tree, state: Tree, x: Any, y: Any) -> Any:
        out, _, _ = forward(task, net, params, state, x, jax.random.PRNGKey(0), False)
        return jnp.stack(loss_of(task, net, out, y))

    return step, judge


class Run:
    """Training as it goes on."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = np.random.default_rng(plan.seed + 7)
        self.data = Data(plan.data.x.copy(), plan.data.y.copy(), plan.data.vx, plan.data.vy)
        self.params, self.state = initial(plan.task, plan.net, plan.seed)
        self.m = jax.tree.map(jnp.zeros_like, self.params)
        self.v = jax.tree.map(jnp.zeros_like, self.params)
        self.t = 0
        self.lr_factor = 1.0
        self.shift = 0
        """Steps by which the schedule is ahead of the run."""
        self.rows: list[dict[str, float]] = []
        self.step = 0

    def lr(self, step: int) -> float:
        """Learning rate of a step."""
        plan, step = self.plan, step + self.shift
        done = min(max((step - plan.warmup) / max(plan.steps - plan.warmup, 1), 0.0), 1.0)
        rate = plan.lr
        if plan.schedule in ("cosine", "warmup_decay"):
            rate *= 0.03 + 0.97 * 0.5 * (1 + np.cos(np.pi * done))
        elif plan.schedule == "step":
            rate *= 0.1 ** int(done * 3 - 1e-9)
        if plan.warmup and step < plan.warmup:
            rate *= (step + 1) / plan.warmup
        rate *= self.lr_factor
        return float(plan.rate(step, rate) if plan.rate else rate)

    def learns(self, name: str) -> float:
        """1 for parameters that learn, 0 for those that the optimizer leaves out, -1 for those that no gradient reaches."""
        frozen = self.plan.frozen
        if "detached" in frozen and name != "head":
            return -1.0
        return 0.0 if name in frozen or "all" in frozen else 1.0

    def train(self, log_every: int, validate_every: int) -> list[dict[str, float]]:
        """Rows of the log: every `log_every` steps, with validation loss where it was measured since; ends a while after NaN."""
        plan = self.plan
        name = plan.task.name + ("+rnn" if plan.task.model == "rnn" else "")
        step, judge = compiled(name, plan.net, plan.optimizer, plan.half)
        held = jax.tree.map(jnp.zeros_like, self.params)
        self.mask = {name: filled(part, self.learns(name)) for name, part in self.params.items()}
        queue: list[Tree] = []
        order: np.ndarray = np.zeros(0, int)
        losses: list[float] = []
        bad = 0
        zero = held
        for i in range(plan.steps):
            self.step = i
            if i in plan.at:
                plan.at[i](self)
            if len(order) < plan.batch:
                order = self.rng.permutation(len(self.data.x)) if plan.shuffle else np.arange(len(self.data.x))
            rows, order = order[: plan.batch], order[plan.batch :]
            x, y = self.data.x[rows], self.data.y[rows]
            if plan.every:
                x, y = plan.every(self, i, x, y)
            if plan.augment and x.dtype.kind == "f":
                x = (x + self.rng.normal(0, plan.augment, x.shape)).astype(np.float32)
            self.t += 1
            rate = self.lr(i)
            hp = {
                "lr": rate,
                "b1": plan.betas[0],
                "b2": plan.betas[1],
                "eps": plan.eps,
                "momentum": plan.momentum if plan.optimizer != "sgd" else 0.0,
                "decay": plan.decay,
                "clip": plan.clip,
                "factor": plan.sign,
                "carry": plan.carry,
                "scale": plan.scale,
                "stale": float(plan.stale > 0 and len(queue) >= plan.stale),
                "go": float(i % plan.rare == plan.rare - 1),
                "t": float(self.t),
            }
            old = queue[-plan.stale] if plan.stale and len(queue) >= plan.stale else zero
            self.params, self.state, self.m, self.v, held, grads, seen = step(
                self.params,
                self.state,
                self.m,
                self.v,
                held,
                x,
                y,
                np.array([plan.seed, i]),
                np.array([hp[name] for name in SETTINGS], np.float32),
                self.mask,
                old,
            )
            if plan.stale:
                queue = [*queue, grads][-plan.stale :]
            loss, accuracy, dead, norm, size, weight = np.asarray(seen).tolist()
            losses.append(loss)
            if i % log_every == 0 or i == plan.steps - 1:
                row = {
                    "step": i,
                    "epoch": i * plan.batch / len(self.data.x),
                    "train_loss": loss,
                    "train_loss_mean": float(np.mean(losses)),
                    "lr": rate,
                    "grad_norm": norm,
                    "weight_norm": weight,
                    "update_norm": size,
                    "train_accuracy": accuracy,
                    "dead_fraction": dead,
                    "batch_mean": float(x.mean()),
                    "batch_std": float(x.std()),
                    "label_mean": float(y.mean()),
                }
                losses = []
                if i % validate_every < log_every or i == plan.steps - 1:
                    value, accuracy = judge(self.params, self.state, self.data.vx, self.data.vy)
                    row |= {"val_loss": float(value), "val_accuracy": float(accuracy)}
                self.rows.append(row)
            bad = bad + 1 if not np.isfinite(loss) else 0
            if bad > 40:
                break
        return self.rows
