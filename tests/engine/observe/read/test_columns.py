"""What names of columns mean."""

from __future__ import annotations

import pytest
from lossclinic.engine.observe.log import METRICS
from lossclinic.engine.observe.read.columns import meaning

NAMES = {
    "train_loss": "loss, train/loss, train_loss_step, Loss/train, training loss, TrainLoss, trainLoss, 训练损失, 损失, lm loss, total_loss, l_pix, "
    "train/CrossEntropyLoss, nll, loss_total, reduced_train_loss, train_obj, Loss, losses/train, Training Loss, 总损失, cost",
    "val_loss": "val_loss, valid_loss, validation/loss, eval_loss, test_loss, dev_loss, ValLoss, Loss/val, 验证损失, 测试损失, val/box_loss",
    "lr": "lr, learning_rate, lr-AdamW, lr/pg0, 学习率, train/learning_rate, LR, learningRate, optim/learning_rate_group0",
    "grad_norm": "grad_norm, gnorm, norm, grad_2.0_norm_total, 梯度范数, train/grad_norm, optim/total_grad_norm, gradient norm, gradNorm",
    "weight_norm": "weight_norm, params/norm, param_norm, params norm, 权重范数, 参数范数",
    "update_norm": "update_norm, 更新范数",
    "train_accuracy": "acc, accuracy, train/acc, train_acc_step, 训练准确率, 准确率, Acc@1, top1, binary_accuracy",
    "val_accuracy": "val_acc, val_accuracy, eval_accuracy, test accuracy, 验证准确率, validation/accuracy",
    "loss_scale": "loss_scale, amp/scale, loss scale, 损失缩放, grad_scale",
    "dead_fraction": "dead_fraction, dead_relu_ratio, 死亡神经元比例",
    "batch_mean": "batch_mean, 批均值, input_mean",
    "batch_std": "batch_std, 批标准差",
    "label_mean": "label_mean, 标签均值, target_mean",
    "gpu_temp": "gpu_temp, GPU temperature, gpu.0.temp, 显卡温度",
    "gpu_mem": "gpu_mem, System/Peak GPU Memory (MB), max_mem, 显存",
    "rank_loss": "rank_loss, rank0_loss, loss_rank_3, rank 1/loss",
    "throughput": "throughput, tok/sec, tokens_per_second, samples/s, time/fps, wps, throughput/device/tokens_per_second",
    "time": "time, elapsed_time, wall_time, _timestamp, _runtime, total_duration, 用时, epoch_time",
    "epoch": "epoch, Epoch, 轮次, ep, train/epoch, current_epoch",
    "step": "step, _step, global_step, Step, iter, iteration, 步数, current_steps, num_updates, time/total_timesteps, trainer/global_step, 迭代次数",
    "": "perplexity, val_perplexity, best_val_loss, min_loss, loss_weight, total_steps, mae, eta, data_time, eval_runtime, 最佳损失, "
    "warmup_lr, batch_size, seed, loss_fn, val/step, n_params, remaining_time, gpu_count, num_workers, best_acc, 剩余时间",
}


@pytest.mark.parametrize(("kind", "name"), [(kind, n.strip()) for kind, names in NAMES.items() for n in names.split(",")])
def test_meaning_of_a_name(kind, name):
    """Each of these names is taken for what it means, and names that mean something else for nothing."""
    assert (meaning(name).kind or "") == kind


def test_only_canonical_metrics():
    """Names never get a meaning outside the canonical metrics."""
    assert {meaning(n.strip()).kind for names in NAMES.values() for n in names.split(",")} <= {*METRICS, "step", None}


@pytest.mark.parametrize(
    ("header", "main", "parts"),
    [
        ("loss,loss_cls,loss_bbox", "loss", ["loss_cls", "loss_bbox"]),
        ("train/box_loss,train/cls_loss,train/dfl_loss", None, ["box_loss", "cls_loss", "dfl_loss"]),
        ("train/box_loss,train/total_loss", "train/total_loss", ["box_loss"]),
        ("Gen Loss,Disc Loss", None, ["Gen Loss", "Disc Loss"]),
        ("train/value_loss,train/entropy_loss,train/loss", "train/loss", ["value_loss", "entropy_loss"]),
        ("kl_loss,ce_loss", "ce_loss", ["kl_loss"]),
        ("ctc_loss", "ctc_loss", []),
        ("dynamics_loss_step,train_loss_step,dynamics_loss_epoch", "train_loss_step", ["dynamics_loss", "dynamics_loss epoch"]),
        ("loss,mse", "loss", []),
        ("mse", "mse", []),
        ("foo_loss,bar_loss,loss_smooth,loss", "loss", ["foo_loss", "bar_loss", "loss_smooth"]),
    ],
)
def test_main_loss_and_parts(read_text, header, main, parts):
    """The most plausible total is the main training loss; the others are parts; without a total all are parts."""
    log = read_text(
        f"step,{header}\n" + "".join(f"{i}," + ",".join(f"{i + k / 8}" for k in range(header.count(",") + 1)) + "\n" for i in range(1, 5))
    )
    losses = log.all("train_loss")
    assert next((s.column for s in losses if not s.part), None) == main
    assert [s.part for s in losses if s.part] == parts


def test_often_logged_loss_is_the_main_one(read_text):
    """ "loss" at every step beats "train/loss" at every tenth."""
    rows = "".join(f"{i},{i},{9 if i % 10 == 0 else ''},{7 if i % 10 == 0 else ''}\n" for i in range(50))
    log = read_text("global_step,loss,train/loss,validation/loss\n" + rows)
    assert log.get("train_loss").column == "loss"
    assert log.get("train_loss", "train/loss").column == "train/loss"
    assert log.get("val_loss").column == "validation/loss"


def test_every_column_is_accounted_for(read_text):
    """The log lists each column of my file with what became of it."""
    log = read_text("step,iter,loss,note,foo,gap,best_loss\n1,1,0.5,hello,1,,3\n2,2,0.25,you,2,,3\n")
    assert {c.name: c.metric or c.why_not for c in log.columns} == {
        "step": "step",
        "iter": "another counter",
        "loss": "train_loss",
        "note": "text",
        "foo": "unknown meaning",
        "gap": "empty",
        "best_loss": "best so far",
    }
