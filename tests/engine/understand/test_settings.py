"""Code, configs and command lines pasted into a message are read as what they set."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lossclinic.engine.understand import Heard


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("warmup_steps=0", "warmup_used", False),
        ("python train.py --warmup_steps 500 --fp16", "warmup_used", True),
        ("python train.py --lr 1e-4 --fp16", "mixed_precision", "fp16"),
        ('{"max_grad_norm": 0.0}', "grad_clipping", False),
        ("clip_grad_norm_(model.parameters(), 1.0)", "grad_clipping", True),
        ("Trainer(gradient_clip_val=0.5, precision='16-mixed')", "grad_clipping", True),
        ("Trainer(precision='16-mixed')", "mixed_precision", "fp16"),
        ("gradient_accumulation_steps: 8", "accumulation_steps", 8.0),
        ("--per_device_train_batch_size 4 --gradient_accumulation_steps 16", "accumulation_steps", 16.0),
        ("DataLoader(ds, batch_size=64, shuffle=False, drop_last=True)", "shuffle", False),
        ("optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)", "optimizer", "sgd_momentum"),
        ("AdamW(params, lr=3e-4, betas=(0.9, 0.5))", "optimizer_hparams_default", False),
        ("lr_scheduler_type: cosine", "lr_schedule", "cosine"),
        ("torchrun --nproc_per_node=8 train.py", "distributed", True),
        ("loss = f(x)\nloss.backward()\nopt.step()", "zero_grad_called", False),
        ("gradient_clipping is 0", "grad_clipping", False),
    ],
)
def test_a_setting_is_read_from_a_paste(text: str, fact: str, value: object, hear: Callable[[str], Heard]) -> None:
    """I paste a line of my script instead of describing it, and it counts as told."""
    assert hear(text).facts[fact][0] == value


def test_a_setting_asked_about_is_not_believed(hear: Callable[[str], Heard]) -> None:
    """Asking whether to set something is not having set it."""
    assert "warmup_used" not in hear("should I set warmup_steps=500?").facts
