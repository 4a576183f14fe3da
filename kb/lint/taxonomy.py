"""The ids that the outside world speaks: what the knowledge base may never drop, rename or change the meaning of.

User scripts, labelled runs and answer files name causes, symptoms, facts and values by these ids. The knowledge base may add ids of
its own. A test compares this list with the contract where that is at hand.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONTRACT", "FactKind", "Vocabulary"]


class FactKind(NamedTuple):
    """What a fact is: its type, its values when it is an enum, and the effort of finding it out."""

    type: str
    values: tuple[str, ...]
    effort: str


class Vocabulary(NamedTuple):
    """A set of ids that a knowledge base must have."""

    causes: dict[str, str]
    """Cause -> its group."""
    symptoms: dict[str, tuple[str, ...]]
    """Symptom -> the metrics it is seen in."""
    facts: dict[str, FactKind]
    metrics: frozenset[str]
    """Canonical names of metrics."""


CONTRACT = Vocabulary(
    causes={
        "bad_batch": "data",
        "label_corruption": "data",
        "data_pipeline_bug": "data",
        "data_drift": "data",
        "sample_order": "data",
        "target_mismatch": "data",
        "data_leakage": "data",
        "class_imbalance": "data",
        "augmentation_stopped": "data",
        "lr_too_high": "learning_rate",
        "lr_too_low": "learning_rate",
        "lr_no_decay": "learning_rate",
        "lr_schedule_bug": "learning_rate",
        "warmup_missing": "learning_rate",
        "gradient_explosion": "gradient",
        "vanishing_gradient": "gradient",
        "dead_relu": "model",
        "bad_init": "model",
        "overcapacity": "model",
        "batchnorm_failure": "model",
        "unstable_architecture": "model",
        "numerical_instability": "numerics",
        "mixed_precision": "numerics",
        "optimizer_misconfig": "optimizer",
        "optimizer_state_fault": "optimizer",
        "missing_zero_grad": "code",
        "detached_graph": "code",
        "training_logic_bug": "code",
        "train_eval_mode": "code",
        "batch_too_small": "strategy",
        "batch_too_large": "strategy",
        "weak_regularization": "strategy",
        "no_early_stopping": "strategy",
        "hardware_fault": "environment",
        "distributed_desync": "environment",
        "checkpoint_corruption": "environment",
        "resume_mismatch": "environment",
        "weights_not_loaded": "code",
        "library_fault": "environment",
        "metric_bug": "code",
        "undertrained": "strategy",
        "split_mismatch": "data",
        "adversarial_imbalance": "strategy",
    },
    symptoms={
        "loss_spike": ("train_loss",),
        "loss_surge": ("train_loss", "val_loss"),
        "loss_oscillation": ("train_loss",),
        "loss_plateau": ("train_loss",),
        "loss_slow": ("train_loss",),
        "loss_nan_inf": ("train_loss",),
        "loss_divergence": ("train_loss",),
        "overfitting_gap": ("train_loss", "val_loss"),
        "loss_too_low": ("train_loss", "val_loss"),
        "periodic_pattern": ("train_loss",),
        "jump_at_resume": ("train_loss",),
        "grad_norm_spike": ("grad_norm",),
        "grad_norm_vanishing": ("grad_norm",),
        "lr_jump": ("lr",),
        "val_only_bad": ("val_loss",),
        "constant_prediction": ("accuracy",),
        "loss_scale_collapse": ("loss_scale",),
        "weight_jump": ("weight_norm", "update_norm"),
        "dead_units": ("dead_fraction",),
        "hardware_alarm": ("gpu_temp", "gpu_mem"),
        "ranks_disagree": ("rank_loss",),
        "loss_zero_tail": ("train_loss",),
    },
    facts={
        "task_kind": FactKind(
            "enum",
            ("classification", "regression", "language_modeling", "detection_segmentation", "generative", "reinforcement", "other"),
            "look",
        ),
        "architecture": FactKind("enum", ("mlp", "cnn", "rnn", "transformer", "gan", "other"), "look"),
        "optimizer": FactKind("enum", ("sgd", "sgd_momentum", "adam", "adamw", "rmsprop", "other"), "look"),
        "optimizer_hparams_default": FactKind("bool", (), "look"),
        "learning_rate": FactKind("number", (), "look"),
        "lr_schedule": FactKind("enum", ("none", "step", "cosine", "plateau", "warmup_decay", "cyclic_or_restart", "custom"), "look"),
        "lr_changed_at_onset": FactKind("bool", (), "look"),
        "warmup_used": FactKind("bool", (), "look"),
        "batch_size": FactKind("number", (), "look"),
        "dataset_size": FactKind("number", (), "look"),
        "model_much_larger_than_data": FactKind("bool", (), "look"),
        "very_deep_or_long": FactKind("bool", (), "look"),
        "shuffle": FactKind("bool", (), "look"),
        "grad_clipping": FactKind("bool", (), "look"),
        "mixed_precision": FactKind("enum", ("none", "fp16", "bf16"), "look"),
        "loss_scaling": FactKind("enum", ("dynamic", "static", "none"), "look"),
        "activation": FactKind("enum", ("relu", "leaky_relu", "sigmoid", "tanh", "gelu_silu", "other"), "look"),
        "normalization": FactKind("enum", ("none", "batchnorm", "layernorm", "other"), "look"),
        "regularization": FactKind("enum", ("none", "weak", "normal"), "look"),
        "early_stopping": FactKind("bool", (), "look"),
        "init_scheme": FactKind("enum", ("default", "zeros", "custom", "pretrained"), "look"),
        "custom_loss_math": FactKind("bool", (), "look"),
        "custom_layers": FactKind("bool", (), "look"),
        "distributed": FactKind("bool", (), "look"),
        "accumulation_steps": FactKind("number", (), "look"),
        "config_from_other_setup": FactKind("bool", (), "look"),
        "resumed_at_onset": FactKind("bool", (), "look"),
        "optimizer_state_restored": FactKind("bool", (), "look"),
        "step_counter_restored": FactKind("bool", (), "look"),
        "checkpoint_verified": FactKind("bool", (), "check"),
        "data_changed_midrun": FactKind("bool", (), "look"),
        "class_mix_changed": FactKind("bool", (), "look"),
        "augmentation_changed": FactKind("bool", (), "look"),
        "reproduces_same_step": FactKind("bool", (), "rerun"),
        "bad_batch_found": FactKind("bool", (), "check"),
        "label_errors_found": FactKind("bool", (), "check"),
        "nan_in_inputs": FactKind("bool", (), "check"),
        "preprocessing_consistent": FactKind("bool", (), "check"),
        "target_range_ok": FactKind("bool", (), "check"),
        "leakage_found": FactKind("bool", (), "check"),
        "classes_imbalanced": FactKind("bool", (), "check"),
        "zero_grad_called": FactKind("bool", (), "look"),
        "params_in_optimizer": FactKind("bool", (), "look"),
        "grads_none": FactKind("bool", (), "check"),
        "graph_cut": FactKind("bool", (), "check"),
        "params_all_zero": FactKind("bool", (), "check"),
        "grad_norm_level": FactKind("enum", ("vanishing", "normal", "exploding"), "check"),
        "grad_spike_precedes_loss": FactKind("bool", (), "check"),
        "dead_units_high": FactKind("bool", (), "check"),
        "weights_jumped": FactKind("bool", (), "check"),
        "constant_prediction": FactKind("bool", (), "check"),
        "train_mode_set": FactKind("bool", (), "look"),
        "overfits_tiny_batch": FactKind("bool", (), "rerun"),
        "lower_lr_helps": FactKind("bool", (), "rerun"),
        "fp32_fixes": FactKind("bool", (), "rerun"),
        "nonfinite_op": FactKind("enum", ("log", "div", "sqrt", "exp", "pow", "norm", "other"), "check"),
        "logic_error_found": FactKind("bool", (), "check"),
        "gpu_overheat": FactKind("bool", (), "look"),
        "gpu_errors_logged": FactKind("bool", (), "check"),
        "oom_seen": FactKind("bool", (), "look"),
        "ranks_disagree": FactKind("bool", (), "check"),
    },
    metrics=frozenset({
        "step", "epoch", "time", "train_loss", "val_loss", "lr", "grad_norm", "weight_norm", "update_norm", "train_accuracy",
        "val_accuracy", "loss_scale", "dead_fraction", "batch_mean", "batch_std", "label_mean", "gpu_temp", "gpu_mem",
        "throughput", "rank_loss",
    }),
)  # fmt: skip
