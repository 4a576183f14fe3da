"""Faults of the learning rate, the optimizer and the training loop."""

# ruff: noqa: ARG001 - every fault is called with the same arguments
from __future__ import annotations

from dataclasses import replace

from faults import ADAM, BATCHNORM, CLASSES, SCHEDULED, TEXT, Answers, At, fault
from training import Plan


@fault("lr_too_high/constant_factor")
def _(plan: Plan, at: At) -> Answers:
    plan.lr *= (12, 30, 80)[at.strength] if plan.optimizer != "sgd_momentum" else (10, 20, 40)[at.strength]
    return {"lower_lr_helps": True}


@fault("lr_too_low/constant_factor")
def _(plan: Plan, at: At) -> Answers:
    plan.lr /= (30, 80, 300)[at.strength]
    return {"lower_lr_helps": False, "overfits_tiny_batch": False}


@fault("lr_no_decay/constant", *SCHEDULED)
def _(plan: Plan, at: At) -> Answers:
    plan.lr *= (4, 6, 10)[at.strength]
    plan.schedule = "none"
    return {"lr_schedule": "none"}


@fault("warmup_missing/deep_net", "digits_cnn", "signals_mlp", "prose_gru", "prose_transformer", "signals_deep")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, depth={"gru": 2, "transformer": 3}.get(plan.task.model, 6), norm="none")
    plan.lr *= (4, 6, 10)[at.strength]
    plan.optimizer = plan.optimizer if plan.task.name in TEXT else "sgd_momentum"
    if plan.optimizer == "sgd_momentum":
        plan.lr = (0.15, 0.25, 0.4)[at.strength]
    plan.schedule, plan.warmup, plan.clip = "warmup_decay", 0, 0.0
    return {"warmup_used": False, "lr_schedule": "warmup_decay", "very_deep_or_long": True, "lower_lr_helps": False}


@fault("lr_schedule_bug/jump")
def _(plan: Plan, at: At) -> Answers:
    plan.rate = lambda step, rate: rate * ((8, 15, 40)[at.strength] if step >= at.onset else 1)
    return {"lr_schedule": "custom", "lr_changed_at_onset": True}


@fault("lr_schedule_bug/decays_at_once")
def _(plan: Plan, at: At) -> Answers:
    plan.rate = lambda step, rate: rate * ((0.5, 0.7, 0.9)[2 - at.strength] ** (step / 4))
    return {"lr_schedule": "custom"}


@fault("lr_schedule_bug/rebound")
def _(plan: Plan, at: At) -> Answers:
    plan.rate = lambda step, rate: rate * (0.1 + (6, 12, 25)[at.strength] * max(0.0, (step - at.onset) / plan.steps))
    return {"lr_schedule": "custom"}


@fault("missing_zero_grad/never_cleared")
def _(plan: Plan, at: At) -> Answers:
    plan.carry = 1.0
    plan.lr *= (1.0, 1.5, 2.5)[at.strength]
    return {"zero_grad_called": False}


@fault("detached_graph/optimizer_holds_other_params")
def _(plan: Plan, at: At) -> Answers:
    plan.frozen = ("all",)
    return {"params_in_optimizer": False, "overfits_tiny_batch": False}


@fault("detached_graph/body_detached")
def _(plan: Plan, at: At) -> Answers:
    plan.frozen = ("detached",)
    return {"graph_cut": True, "grads_none": True, "overfits_tiny_batch": False}


@fault("training_logic_bug/sign_flipped")
def _(plan: Plan, at: At) -> Answers:
    plan.sign = -1.0
    plan.lr *= (0.3, 1, 2)[at.strength]
    return {"logic_error_found": True}


@fault("training_logic_bug/double_softmax", *CLASSES)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, loss="double_softmax")
    return {"logic_error_found": True, "overfits_tiny_batch": False}


@fault("training_logic_bug/nll_on_logits", *CLASSES, *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, loss="nll_on_logits")
    return {"logic_error_found": True}


@fault("training_logic_bug/rare_step")
def _(plan: Plan, at: At) -> Answers:
    plan.rare = (20, 50, 150)[at.strength]
    return {"logic_error_found": True, "grads_none": True}


@fault("batch_too_small/one_or_two")
def _(plan: Plan, at: At) -> Answers:
    plan.batch = (2, 2, 1)[at.strength]
    plan.steps *= 2
    return {}


@fault("batch_too_large/full_batch_same_epochs")
def _(plan: Plan, at: At) -> Answers:
    whole = len(plan.data.x)
    plan.steps = max(25, plan.steps * plan.batch // whole * (3, 2, 1)[at.strength])
    plan.batch = whole
    return {}


@fault("optimizer_misconfig/betas", *ADAM)
def _(plan: Plan, at: At) -> Answers:
    plan.betas = ((0.99, 0.9), (0.999, 0.5), (0.999, 0.1))[at.strength]
    return {"optimizer_hparams_default": False}


@fault("optimizer_misconfig/eps", *ADAM)
def _(plan: Plan, at: At) -> Answers:
    plan.eps = (0.1, 1.0, 10.0)[at.strength]
    return {"optimizer_hparams_default": False, "overfits_tiny_batch": False, "lower_lr_helps": False}


@fault("optimizer_misconfig/weight_decay")
def _(plan: Plan, at: At) -> Answers:
    plan.optimizer = "adamw" if plan.optimizer == "adam" else plan.optimizer
    plan.decay = (5, 20, 60)[at.strength] if plan.optimizer == "adamw" else (0.1, 0.3, 1.0)[at.strength]
    return {"optimizer_hparams_default": None, "overfits_tiny_batch": False, "lower_lr_helps": False}


@fault("optimizer_misconfig/momentum", *BATCHNORM)
def _(plan: Plan, at: At) -> Answers:
    plan.momentum = (0.99, 0.995, 0.999)[at.strength]
    return {"optimizer_hparams_default": False, "lower_lr_helps": True}
