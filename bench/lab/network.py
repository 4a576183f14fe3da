"""Faults of the network, and networks that learn their data by heart."""

# ruff: noqa: ARG001 - every fault is called with the same arguments
from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
from faults import BATCHNORM, PLAIN, TEXT, Answers, At, fault, later
from training import Plan, Run


@fault("bad_init/too_large")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, init="too_large")
    return {"init_scheme": "custom"}


@fault("bad_init/too_small", *PLAIN, "digits_vae")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, init="too_small", depth=4)
    plan.optimizer = "sgd"
    plan.lr = 0.02
    return {"init_scheme": "custom"}


@fault("bad_init/zeros", *PLAIN, *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, init="zeros")
    return {"init_scheme": "zeros", "params_all_zero": True}


@fault("dead_relu/killed_early", *PLAIN, "digits_vae")
def _(plan: Plan, at: At) -> Answers:
    def kill(run: Run) -> None:
        share = (0.85, 0.95, 1.0)[at.strength]
        for name in ("body", "enc", "layer0", "dec", "layer1", "conv1"):
            if name in run.params:
                b = run.params[name]["b"]
                run.params[name] = {**run.params[name], "b": jnp.where(jnp.array(run.rng.random(b.shape) < share), b - 60.0, b)}

    later(plan, (0, 5, 15)[at.strength], kill)
    return {"dead_units_high": True}


@fault("vanishing_gradient/deep_sigmoid", *PLAIN)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, activation="sigmoid", depth=(6, 8, 10)[at.strength])
    return {"activation": "sigmoid", "very_deep_or_long": True, "overfits_tiny_batch": False, "lower_lr_helps": False}


@fault("vanishing_gradient/deep_tanh", *PLAIN)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, activation="tanh", depth=(8, 10, 14)[at.strength], init="too_small")
    return {"activation": "tanh", "very_deep_or_long": True, "init_scheme": "custom"}


@fault("gradient_explosion/rnn_unclipped", "prose_gru")
def _(plan: Plan, at: At) -> Answers:
    plan.task = replace(plan.task, model="rnn")
    plan.net = replace(plan.net, activation=("tanh", "relu", "relu")[at.strength], gain=(6.0, 3.0, 5.0)[at.strength])
    plan.clip, plan.optimizer, plan.lr = 0.0, "sgd", (0.5, 0.1, 0.2)[at.strength]
    return {"grad_clipping": False, "very_deep_or_long": True}


@fault("gradient_explosion/deep_unclipped", *PLAIN)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, depth=12, gain=(1.0, 1.0, 1.6)[at.strength])
    plan.optimizer, plan.lr = "sgd_momentum", (0.03, 0.05, 0.08)[at.strength]
    return {"grad_clipping": False, "very_deep_or_long": True}


@fault("unstable_architecture/square_activation", *PLAIN, "digits_vae")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, activation="square", depth=(3, 3, 4)[at.strength])
    plan.lr *= (1, 2, 3)[at.strength]
    return {"activation": "other", "custom_layers": True}


@fault("unstable_architecture/residual_gain", "digits_cnn", "signals_mlp", "signals_deep", "waves_autoencoder", "prose_transformer")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, gain=(2.5, 4.0, 8.0)[at.strength], depth=8, norm="none")
    return {"custom_layers": True, "very_deep_or_long": True}


@fault("batchnorm_failure/running_stats_polluted", *BATCHNORM)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, bn="polluted")
    return {"logic_error_found": None}


@fault("batchnorm_failure/running_stats_never_follow", *BATCHNORM)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, bn="never_follows")
    return {"logic_error_found": None}


@fault("batchnorm_failure/tiny_batch", *BATCHNORM)
def _(plan: Plan, at: At) -> Answers:
    plan.batch = (3, 2, 2)[at.strength]
    plan.steps *= 2
    return {}


@fault("train_eval_mode/validates_in_train_mode", *BATCHNORM)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, eval_in_train=True)
    plan.data.vx = plan.data.vx[: (24, 12, 6)[at.strength]]
    plan.data.vy = plan.data.vy[: (24, 12, 6)[at.strength]]
    return {"train_mode_set": False, "logic_error_found": None}


@fault("train_eval_mode/stays_in_eval", *BATCHNORM, "signals_mlp", "diabetes_mlp", "signals_deep")
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, train_in_eval=True)
    return {"train_mode_set": False, "logic_error_found": None}


@fault("weak_regularization/none_at_all", "digits_cnn", "diabetes_mlp", "signals_mlp", "teacher_mlp_bn", "waves_autoencoder", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, dropout=0.0)
    plan.decay, plan.schedule = 0.0, "none"
    n = 250 if plan.task.name in ("digits_cnn", *TEXT) else len(plan.data.x)
    plan.data.x, plan.data.y = plan.data.x[:n], plan.data.y[:n]
    plan.steps = int(plan.steps * (1.5, 2, 3)[at.strength])
    return {"regularization": "none", "lr_schedule": "none"}


@fault("overcapacity/wide_on_few_rows", "digits_cnn", "diabetes_mlp", "signals_mlp", "teacher_mlp_bn", "waves_autoencoder", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.net = replace(plan.net, width=256, dropout=0.0)
    n = (200, 120, 60)[at.strength]
    plan.data.x, plan.data.y = plan.data.x[:n], plan.data.y[:n]
    return {"model_much_larger_than_data": True, "regularization": "weak"}


@fault("no_early_stopping/long_past_optimum", "diabetes_mlp", "signals_mlp", "teacher_mlp_bn", *TEXT)
def _(plan: Plan, at: At) -> Answers:
    plan.schedule = "none"
    plan.steps = int(plan.steps * (3, 4, 6)[at.strength])
    plan.data.x, plan.data.y = plan.data.x[:600], plan.data.y[:600]
    return {"early_stopping": False, "regularization": "normal", "lr_schedule": "none"}
