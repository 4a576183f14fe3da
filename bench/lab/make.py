"""Train labelled runs: small convolutional, recurrent, variational and plain networks, each with one injected fault or none.

    uv run --with "jax[cpu]" --with scikit-learn bench/lab/make.py OUT --seeds 2      # OUT/RUN/log.csv and OUT/RUN/case.yaml

Nothing is drawn: every curve is that of a network that was really trained. A run counts as visible when what was written differs from its
twin, the same run without the fault, by more than two twins of other seeds differ. The files are those that `score_runs` and
`bench/fit.py` read. About two seconds a run on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from functools import lru_cache
from pathlib import Path
from typing import Any

import data
import healthy
import machine
import network
import numpy as np
import optimisation
import yaml
from faults import FAULTS, At
from nets import TASKS
from training import Plan, Run

GROUPS = (data, healthy, machine, network, optimisation)
"""Modules that register the faults."""

LEVELS = {
    "L0": ("step", "train_loss"),
    "L1": ("step", "epoch", "train_loss", "val_loss", "lr"),
    "L2": ("step", "epoch", "train_loss", "val_loss", "lr", "grad_norm"),
    "L3": (
        "step",
        "epoch",
        "train_loss",
        "val_loss",
        "lr",
        "grad_norm",
        "weight_norm",
        "update_norm",
        "train_accuracy",
        "val_accuracy",
        "dead_fraction",
        "batch_mean",
        "batch_std",
        "label_mean",
    ),
}
ACTIVATION = {"relu": "relu", "tanh": "tanh", "gelu": "gelu_silu", "sigmoid": "sigmoid", "square": "other"}
NO = (
    "model_much_larger_than_data",
    "very_deep_or_long",
    "early_stopping",
    "custom_loss_math",
    "custom_layers",
    "distributed",
    "resumed_at_onset",
    "data_changed_midrun",
    "class_mix_changed",
    "augmentation_changed",
    "bad_batch_found",
    "label_errors_found",
    "nan_in_inputs",
    "leakage_found",
    "grads_none",
    "graph_cut",
    "params_all_zero",
    "logic_error_found",
    "gpu_overheat",
    "gpu_errors_logged",
    "oom_seen",
    "classes_imbalanced",
    "lr_changed_at_onset",
)
YES = (
    "optimizer_hparams_default",
    "shuffle",
    "preprocessing_consistent",
    "target_range_ok",
    "zero_grad_called",
    "params_in_optimizer",
    "train_mode_set",
)


def answers(plan: Plan, rows: list[dict[str, float]], jumped: bool, special: dict[str, Any]) -> dict[str, Any]:
    """What the owner would truthfully say; None is left out: they could not know."""
    told: dict[str, Any] = dict.fromkeys(NO, False) | dict.fromkeys(YES, True)
    norms = np.array([row["grad_norm"] for row in rows])
    top = norms[np.isfinite(norms)]
    late = float(np.median(top[-max(3, len(top) // 5) :])) if len(top) else np.inf
    wild = len(top) < len(norms) or float(top.max(initial=0)) > 30 * float(np.median(top[:20]) + 1e-9)
    told |= {
        "task_kind": plan.task.kind,
        "architecture": plan.task.architecture,
        "optimizer": plan.optimizer,
        "learning_rate": float(f"{plan.lr:.2g}"),
        "batch_size": plan.batch,
        "dataset_size": len(plan.data.x),
        "lr_schedule": {"step": "step", "cosine": "cosine"}.get(plan.schedule, plan.schedule),
        "warmup_used": plan.warmup > 0,
        "grad_clipping": plan.clip > 0,
        "mixed_precision": "none",
        "activation": ACTIVATION[plan.net.activation],
        "normalization": plan.net.norm,
        "init_scheme": "default",
        "regularization": "normal" if plan.net.dropout else "weak",
        "grad_norm_level": "exploding" if wild else "vanishing" if late < 1e-4 else "normal",
        "weights_jumped": jumped,
        "dead_units_high": max((row["dead_fraction"] for row in rows), default=0) > 0.5,
    }
    return {k: v for k, v in (told | special).items() if v is not None}


def differs(rows: list[dict[str, float]], twin: list[dict[str, float]], other: list[dict[str, float]]) -> bool:
    """Whether the losses, smoothed and on a logarithmic scale, stray much further from the twin than those of another healthy seed do."""
    worst: list[float] = []
    for pair in ((rows, twin), (other, twin)):
        gaps: list[float] = []
        for name in ("train_loss", "val_loss"):
            (at, a), (when, b) = (np.array([(r["step"], r[name]) for r in side if name in r]).T for side in pair)
            if not np.all(np.isfinite(a)):
                return True
            unit = 0.05 * float(np.median(np.abs(b))) + 1e-9
            a, b = (smooth(np.arcsinh(v / unit)) for v in (a, b))
            gaps.append(float(np.abs(a - np.interp(at, when, b)).max()))
        worst.append(max(gaps))
    return worst[0] > 1.5 * worst[1] + 0.2


def smooth(values: np.ndarray) -> np.ndarray:
    """Moving mean over a fifteenth of the points."""
    n = max(1, len(values) // 15)
    return np.convolve(np.pad(values, (n // 2, n - 1 - n // 2), mode="edge"), np.ones(n) / n, "valid")


@lru_cache(maxsize=64)
def twin_of(task: str, seed: int) -> list[dict[str, float]]:
    """Rows of the run of a task that nothing is wrong with."""
    return Run(Plan.of(TASKS[task], seed)).train(1, TASKS[task].steps // 30)


def settings(rng: np.random.Generator, steps: int) -> tuple[int, int]:
    """How often a run is logged and validated."""
    log_every = int(rng.choice([1, 2, 5, 10, 10, 20]))
    return log_every, max(log_every, steps // int(rng.choice([12, 20, 30])))


def one(name: str, task_name: str, seed: int, out: Path, level: str) -> str:
    """Train one faulty run with its twins, and write it."""
    rng = np.random.default_rng([seed, *name.encode(), *task_name.encode()])
    cause, variant = name.split("/")
    fault, _ = FAULTS[name]
    plan = Plan.of(TASKS[task_name], seed)
    strength = int(rng.integers(0, 3))
    onset = int(plan.steps * rng.uniform(0.3, 0.75))
    special = fault(plan, At(strength, onset, rng))
    log_every, validate_every = settings(rng, plan.steps)
    rows = Run(plan).train(log_every, validate_every)
    visible: bool | None = None
    if cause != "healthy":
        visible = differs(rows, twin_of(task_name, seed), twin_of(task_name, seed + 1000))
    weights = np.array([row["weight_norm"] for row in rows])
    jumped = bool(np.any(np.abs(np.diff(weights)) > 0.2 * weights[:-1])) if np.all(np.isfinite(weights)) else True
    mean = bool(rng.random() < 0.3)
    columns = [c for c in LEVELS[level] if any(c in row and not (c.endswith("accuracy") and not np.isfinite(row[c])) for row in rows)]
    if task_name == "prose_gru":
        columns = [c for c in columns if c != "dead_fraction"]
    run = f"{cause}-{variant}-{task_name}-{seed}"
    folder = out / run
    folder.mkdir(parents=True, exist_ok=True)
    lines = [",".join(columns)]
    for row in rows:
        row = {**row, "train_loss": row["train_loss_mean"]} if mean else row
        lines.append(",".join("" if c not in row else f"{row[c]:.6g}" for c in columns))
    (folder / "log.csv").write_text("\n".join(lines) + "\n")
    case = {
        "run_id": run,
        "split": "lab",
        "file": "log.csv",
        "cause": cause,
        "acceptable": [cause],
        "visible": visible,
        "evident": visible,
        "symptoms": [],
        "symptom_steps": {},
        "onset_step": onset if plan.at or plan.every or plan.rate else 0,
        "level": level,
        "dialect": "csv",
        "columns": columns,
        "rows": len(rows),
        "log_every": log_every,
        "variant": variant,
        "severity": ("mild", "medium", "severe")[strength],
        "task": task_name,
        "model": plan.task.model,
        "seed": seed,
        "answers": answers(plan, rows, jumped, special),
    }
    (folder / "case.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(case, default=float)), sort_keys=False))
    return f"{run} {level} visible={visible}"


def main() -> int:
    """Train all runs; those that are there already are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=2, help="runs of each fault")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="this part of so many")
    args = parser.parse_args()
    jobs = [(name, i) for i in range(args.seeds) for name in FAULTS]
    for number, (name, i) in enumerate(jobs):
        if number % args.part[1] != args.part[0]:
            continue
        tasks = FAULTS[name][1] or tuple(TASKS)
        rng = np.random.default_rng([i, *name.encode()])
        task = str(tasks[(int(rng.integers(0, 1000)) + i) % len(tasks)])
        if (args.out / f"{name.replace('/', '-')}-{task}-{11 + i}" / "case.yaml").exists():
            continue
        try:
            print(one(name, task, 11 + i, args.out, str(rng.choice(["L0", "L1", "L1", "L2", "L2", "L3", "L3"]))), flush=True)
        except Exception:
            print(name, task, traceback.format_exc(limit=3).splitlines()[-3:], file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
