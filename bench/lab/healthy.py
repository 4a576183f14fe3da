"""Sound runs that look unusual."""

# ruff: noqa: ARG001 - every fault is called with the same arguments
from __future__ import annotations

from faults import FLOATS, TEXT, Answers, At, fault
from training import Plan


@fault("healthy/plain")
def _(plan: Plan, at: At) -> Answers:
    return {}


@fault("healthy/other_lr")
def _(plan: Plan, at: At) -> Answers:
    plan.lr *= (0.6, 1.3, 1.6)[at.strength]
    return {}


@fault("healthy/step_decay")
def _(plan: Plan, at: At) -> Answers:
    plan.schedule = "step"
    return {"lr_schedule": "step"}


@fault("healthy/warmup_cosine")
def _(plan: Plan, at: At) -> Answers:
    plan.schedule, plan.warmup = "warmup_decay", plan.steps // 15
    return {"lr_schedule": "warmup_decay", "warmup_used": True}


@fault("healthy/small_batch", "digits_cnn", "digits_vae", "signals_mlp", "waves_autoencoder", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.batch = (16, 12, 8)[at.strength]
    plan.lr *= 0.6
    return {}


@fault("healthy/augmented", *FLOATS)
def _(plan: Plan, at: At) -> Answers:
    plan.augment = (0.05, 0.1, 0.2)[at.strength]
    return {}


@fault("healthy/resumed_well")
def _(plan: Plan, at: At) -> Answers:
    return {"resumed_at_onset": True, "optimizer_state_restored": True, "step_counter_restored": True, "checkpoint_verified": True}
