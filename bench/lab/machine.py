"""Faults of state, numbers and machines."""

# ruff: noqa: ARG001, ARG005 - every fault is called with the same arguments
from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from faults import ADAM, CLASSES, SCHEDULED, TEXT, Answers, At, fault, later, touch
from training import Plan, Run

RESUMED: Answers = {"resumed_at_onset": True, "optimizer_state_restored": True, "step_counter_restored": True, "checkpoint_verified": True}
"""What is known of a resume in which everything was restored; each fault says what was not."""


@fault("checkpoint_corruption/tensor_zeroed")
def _(plan: Plan, at: At) -> Answers:
    later(plan, at.onset, lambda run: touch(run, lambda w, r: w * 0, (0.2, 0.4, 0.6)[at.strength]))
    return {**RESUMED, "checkpoint_verified": False}


@fault("checkpoint_corruption/garbage_in_tensor")
def _(plan: Plan, at: At) -> Answers:
    later(plan, at.onset, lambda run: touch(run, lambda w, r: np.where(r.random(w.shape) < 0.02, w * (30, 100, 1000)[at.strength], w), 0.3))
    return {**RESUMED, "checkpoint_verified": False}


@fault("checkpoint_corruption/partial_load")
def _(plan: Plan, at: At) -> Answers:
    later(plan, at.onset, lambda run: touch(run, lambda w, r: r.normal(0, np.sqrt(2 / w.shape[0]), w.shape), (0.3, 0.6, 0.9)[at.strength]))
    return {**RESUMED, "checkpoint_verified": False}


@fault("resume_mismatch/other_lr")
def _(plan: Plan, at: At) -> Answers:
    def other(run: Run) -> None:
        run.lr_factor = (6, 12, 30)[at.strength]

    later(plan, at.onset, other)
    return {**RESUMED, "lr_changed_at_onset": True, "step_counter_restored": False}


@fault("resume_mismatch/schedule_restarted", *SCHEDULED)
def _(plan: Plan, at: At) -> Answers:
    def again(run: Run) -> None:
        run.shift = -run.step

    later(plan, plan.steps * (5, 6, 8)[at.strength] // 10, again)
    return {**RESUMED, "lr_changed_at_onset": True, "step_counter_restored": False}


@fault("resume_mismatch/all_state_but_weights_lost", *SCHEDULED)
def _(plan: Plan, at: At) -> Answers:
    def lose(run: Run) -> None:
        run.m, run.v, run.t, run.shift = jax.tree.map(jnp.zeros_like, run.m), jax.tree.map(jnp.zeros_like, run.v), 0, -run.step
        run.lr_factor = (1.0, 2.0, 4.0)[at.strength]

    later(plan, plan.steps * (6, 7, 8)[at.strength] // 10, lose)
    return {**RESUMED, "lr_changed_at_onset": True, "step_counter_restored": False, "optimizer_state_restored": False}


@fault("optimizer_state_fault/not_restored", *ADAM)
def _(plan: Plan, at: At) -> Answers:
    plan.lr *= (1.5, 3, 5)[at.strength]

    def lose(run: Run) -> None:
        run.m, run.v = jax.tree.map(jnp.zeros_like, run.m), jax.tree.map(lambda a: a * 1e-6, run.v)

    later(plan, at.onset, lose)
    return {**RESUMED, "optimizer_state_restored": False}


@fault("optimizer_state_fault/second_moment_huge", *ADAM)
def _(plan: Plan, at: At) -> Answers:
    def blow(run: Run) -> None:
        run.v = jax.tree.map(lambda a: a + (1e2, 1e4, 1e6)[at.strength], run.v)

    later(plan, (at.onset, at.onset // 2, at.onset // 4)[at.strength], blow)
    return {"logic_error_found": None}


@fault("optimizer_state_fault/second_moment_lost", *ADAM)
def _(plan: Plan, at: At) -> Answers:
    def lose(run: Run) -> None:
        run.v = jax.tree.map(lambda a: a * (1e-3, 1e-4, 1e-6)[at.strength], run.v)

    later(plan, at.onset, lose)
    return {"logic_error_found": None}


@fault("mixed_precision/half_weights")
def _(plan: Plan, at: At) -> Answers:
    plan.half = True
    plan.lr /= (5, 15, 40)[at.strength]
    return {"mixed_precision": "fp16", "loss_scaling": "none", "fp32_fixes": True, "lower_lr_helps": False}


@fault("mixed_precision/static_scale_too_high")
def _(plan: Plan, at: At) -> Answers:
    plan.scale = (2.0**15, 2.0**18, 2.0**22)[at.strength]
    return {"mixed_precision": "fp16", "loss_scaling": "static", "fp32_fixes": True}


@fault("mixed_precision/gradient_underflow")
def _(plan: Plan, at: At) -> Answers:
    plan.scale = (1e-4, 3e-5, 1e-5)[at.strength]
    return {"mixed_precision": "fp16", "loss_scaling": "none", "fp32_fixes": True, "lower_lr_helps": False}


@fault("numerical_instability/naive_exp", *CLASSES, *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, loss="naive_exp")
    plan.lr *= (1, 3, 6)[at.strength]
    return {"custom_loss_math": True, "nonfinite_op": "exp", "logic_error_found": None, "fp32_fixes": False}


@fault("numerical_instability/division", "digits_vae")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, loss="division")
    return {"custom_loss_math": True, "nonfinite_op": "div", "logic_error_found": None}


@fault("distributed_desync/stale_gradients")
def _(plan: Plan, at: At) -> Answers:
    plan.stale = (6, 12, 25)[at.strength]
    return {"distributed": True, "ranks_disagree": True}


@fault("distributed_desync/replica_lost_weights")
def _(plan: Plan, at: At) -> Answers:
    later(
        plan,
        at.onset,
        lambda run: touch(run, lambda w, r: 0.5 * w + 0.5 * r.normal(0, np.sqrt(2 / w.shape[0]), w.shape), (0.4, 0.8, 1.0)[at.strength]),
    )
    return {"distributed": True, "ranks_disagree": True}


@fault("hardware_fault/bit_flips")
def _(plan: Plan, at: At) -> Answers:
    def flip(run: Run) -> None:
        touch(run, lambda w, r: np.where(r.random(w.shape) < 3 / w.size, w * (1e3, 1e5, 1e8)[at.strength], w), 0.2)

    later(plan, at.onset, flip)
    return {"gpu_errors_logged": True, "gpu_overheat": bool(at.rng.random() < 0.4), "reproduces_same_step": False}


@fault("hardware_fault/memory_block")
def _(plan: Plan, at: At) -> Answers:
    later(plan, at.onset, lambda run: touch(run, lambda w, r: r.normal(0, (0.5, 1.0, 3.0)[at.strength], w.shape), 0.2))
    return {"gpu_errors_logged": True, "gpu_overheat": False, "reproduces_same_step": False}
