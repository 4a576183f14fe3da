"""Faults of the data and of how it reaches the network."""

# ruff: noqa: ARG001, ARG005 - every fault is called with the same arguments
from __future__ import annotations

from typing import Any

import numpy as np
from faults import CLASSES, FLOATS, TEXT, Answers, At, fault, later
from training import Plan, Run


@fault("label_corruption/from_onset", *CLASSES, "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    def mix(run: Run) -> None:
        bad = run.rng.random(len(run.data.y)) < (0.2, 0.4, 0.7)[at.strength]
        run.data.y[bad] = run.rng.permutation(run.data.y[bad])

    later(plan, at.onset, mix)
    return {"label_errors_found": True, "data_changed_midrun": None}


@fault("label_corruption/from_start", *CLASSES, "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    bad = at.rng.random(len(plan.data.y)) < (0.3, 0.5, 0.8)[at.strength]
    plan.data.y = plan.data.y.copy()
    plan.data.y[bad] = at.rng.permutation(plan.data.y[bad])
    return {"label_errors_found": True}


@fault("bad_batch/outlier_inputs", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    plan.every = lambda run, i, x, y: (x * (20, 60, 300)[at.strength] if i in (at.onset, at.onset + 1) else x, y)
    return {"bad_batch_found": True, "data_changed_midrun": None, "reproduces_same_step": True}


@fault("bad_batch/outlier_targets", "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    plan.every = lambda run, i, x, y: (x, y + (15, 50, 300)[at.strength] if i == at.onset else y)
    return {"bad_batch_found": True, "data_changed_midrun": None, "reproduces_same_step": True, "target_range_ok": None}


@fault("bad_batch/garbage_text", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.every = lambda run, i, x, y: (
        (run.rng.integers(0, 50, x.shape), run.rng.integers(0, 50, y.shape)) if at.onset <= i < at.onset + (3, 8, 15)[at.strength] else (x, y)
    )
    return {"bad_batch_found": True, "data_changed_midrun": None, "reproduces_same_step": True}


@fault("data_drift/feature_shift", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    shift = at.rng.normal(0, (0.5, 1.0, 2.0)[at.strength] * float(plan.data.x.std()), plan.data.x.shape[1]).astype(np.float32)

    def drift(run: Run) -> None:
        run.data.x = run.data.x + shift

    later(plan, at.onset, drift)
    return {"data_changed_midrun": True, "reproduces_same_step": True}


@fault("data_drift/class_shift", *CLASSES)
def _(plan: Plan, at: At) -> Answers:
    half = plan.task.classes // 2
    x, y = plan.data.x, plan.data.y
    early, late = y < half, y >= half
    plan.data.x, plan.data.y = x[early], y[early]

    def swap(run: Run) -> None:
        run.data.x, run.data.y = x[late].copy(), y[late].copy()

    later(plan, at.onset, swap)
    return {"data_changed_midrun": True, "class_mix_changed": True, "reproduces_same_step": True}


@fault("data_drift/new_corpus", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    table = at.rng.permutation(50)

    def swap(run: Run) -> None:
        run.data.x, run.data.y = table[run.data.x], table[run.data.y]

    later(plan, at.onset, swap)
    return {"data_changed_midrun": True, "reproduces_same_step": True}


@fault("data_pipeline_bug/normalisation_lost", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    def lose(run: Run) -> None:
        run.data.x = run.data.x * (4, 16, 40)[at.strength] + (1, 3, 8)[at.strength]

    later(plan, at.onset, lose)
    return {
        "preprocessing_consistent": False,
        "data_changed_midrun": None,
        "logic_error_found": None,
        "reproduces_same_step": True,
        "bad_batch_found": None,
    }


@fault("data_pipeline_bug/val_preprocessing", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    plan.data.vx = plan.data.vx * (0.3, 4, 16)[at.strength] + (0.5, 1, 2)[at.strength]
    return {"preprocessing_consistent": False, "data_changed_midrun": None, "logic_error_found": None}


@fault("data_pipeline_bug/rows_misaligned", *CLASSES, "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    def shift(run: Run) -> None:
        run.data.y = np.roll(run.data.y, 1)

    later(plan, at.onset, shift)
    return {"label_errors_found": True, "data_changed_midrun": None, "logic_error_found": None, "reproduces_same_step": True, "bad_batch_found": None}


@fault("data_pipeline_bug/nan_from_augmentation", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    plan.every = lambda run, i, x, y: (x * np.nan if i == at.onset else x, y)
    return {
        "nan_in_inputs": True,
        "data_changed_midrun": None,
        "logic_error_found": None,
        "bad_batch_found": True,
        "reproduces_same_step": True,
        "fp32_fixes": False,
    }


@fault("data_leakage/target_in_features", *CLASSES, "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    def put(x: Any, y: Any) -> Any:
        x = x.copy()
        if plan.task.classes:
            x[np.arange(len(y)), y] += 6
        else:
            x[:, 0] = y * 2
        return x

    plan.data.x, plan.data.vx = put(plan.data.x, plan.data.y), put(plan.data.vx, plan.data.vy)
    return {"leakage_found": True, "logic_error_found": None}


@fault("data_leakage/input_holds_target", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.data.x, plan.data.vx = plan.data.y, plan.data.vy
    return {"leakage_found": True, "logic_error_found": None}


@fault("class_imbalance/rare_classes", *CLASSES)
def _(plan: Plan, at: At) -> Answers:
    k = plan.task.classes
    keep = (0.1, 0.05, 0.02)[at.strength]
    take = (plan.data.y < max(1, k // 3)) | (at.rng.random(len(plan.data.y)) < keep)
    plan.data.x, plan.data.y = plan.data.x[take], plan.data.y[take]
    return {"classes_imbalanced": True}


@fault("sample_order/sorted_by_target", *CLASSES, "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    order = np.argsort(plan.data.y, kind="stable")
    plan.data.x, plan.data.y = plan.data.x[order], plan.data.y[order]
    plan.shuffle, plan.schedule, plan.augment = False, "none", 0.0
    return {"shuffle": False, "lr_schedule": "none"}


@fault("target_mismatch/raw_targets", "diabetes_mlp")
def _(plan: Plan, at: At) -> Answers:
    plan.data.y = plan.data.y * 77 + 152
    plan.data.vy = plan.data.vy * 77 + 152
    return {"target_range_ok": False, "logic_error_found": None}


@fault("target_mismatch/val_scaled_differently", "diabetes_mlp", "digits_vae", "waves_autoencoder")
def _(plan: Plan, at: At) -> Answers:
    plan.data.vy = plan.data.vy * (3, 8, 16)[at.strength]
    return {"target_range_ok": False, "logic_error_found": None}


@fault("target_mismatch/beyond_output_range", "digits_vae")
def _(plan: Plan, at: At) -> Answers:
    plan.data.y, plan.data.vy = plan.data.y * (2, 4, 16)[at.strength], plan.data.vy * (2, 4, 16)[at.strength]
    return {"target_range_ok": False, "logic_error_found": None, "overfits_tiny_batch": False}


@fault("augmentation_stopped/stops", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    plan.augment = (0.3, 0.5, 0.8)[at.strength]

    def stop(run: Run) -> None:
        run.plan.augment = 0.0

    later(plan, at.onset, stop)
    return {"augmentation_changed": True, "reproduces_same_step": True}


@fault("augmentation_stopped/changes", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    plan.augment = 0.1

    def more(run: Run) -> None:
        run.plan.augment = (0.5, 0.9, 1.6)[at.strength]

    later(plan, at.onset, more)
    return {"augmentation_changed": True, "reproduces_same_step": True}
