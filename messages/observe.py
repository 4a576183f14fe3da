"""Sentences about what was seen in a log: findings, checks that were skipped."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "nan.from_start": (
        "{metric} is not a finite number from the first steps on ({axis} {step}).",
        "{metric}从最初几步（第 {step} {axis}）起就不是有限数值。",
    ),
    "nan.to_the_end": (
        "{metric} turns NaN at {axis} {step} and stays so to the end ({count} values).",
        "{metric}在第 {step} {axis}变为 NaN，此后直到结束都没有恢复（共 {count} 个值）。",
    ),
    "nan.inf": (
        "{metric} overflows at {axis} {step} ({count} values that are infinite or beyond 1e15).",
        "{metric}在第 {step} {axis}溢出（共 {count} 个无穷大或超过 1e15 的值）。",
    ),
    "nan.passing": ("{metric} is NaN at {count} points, first at {axis} {step}.", "{metric}有 {count} 个点为 NaN，最早在第 {step} {axis}。"),
    "nan.grad_norm": (
        "The gradient norm is not finite from {axis} {step} on ({count} values), while the loss still looks like a number.",
        "梯度范数从第 {step} {axis}起不再是有限数值（共 {count} 个），而损失看上去仍是数字。",
    ),
    "zero_tail": (
        "{metric} is exactly 0 from {axis} {step} to the end ({count} values; it was {before} before): often a NaN that the trainer filtered out.",
        "{metric}从第 {step} {axis}到结束恒为 0（共 {count} 个值，此前为 {before}）：多半是被训练器过滤掉的 NaN。",
    ),
    "jump.spike": (
        "{metric} jumps from {base} to {peak} at {axis} {step} ({ratio}x, {units} times its noise) and is back after {points} {points:point|points}.",
        "{metric}在第 {step} {axis}从 {base} 跳到 {peak}（{ratio} 倍，为自身噪声的 {units} 倍），{points} 个点后回落。",
    ),
    "jump.restart": (
        "{metric} rises from {base} to {peak} at {axis} {step} and heals: the learning rate was restarted there, so this looks intended.",
        "{metric}在第 {step} {axis}从 {base} 升到 {peak} 后恢复：此处学习率按计划重启，看起来是预期之内的。",
    ),
    "jump.surge": (
        "{metric} surges from {base} to {peak} at {axis} {step} ({ratio}x) and does not come back: it settles at {after} times the level before.",
        "{metric}在第 {step} {axis}从 {base} 骤升到 {peak}（{ratio} 倍），此后没有恢复，停在原水平的 {after} 倍。",
    ),
    "jump.surge_healed": (
        "{metric} surges from {base} to {peak} at {axis} {step} ({ratio}x) and takes {points} {points:point|points} to come back.",
        "{metric}在第 {step} {axis}从 {base} 骤升到 {peak}（{ratio} 倍），过了 {points} 个点才回到原水平。",
    ),
    "jump.step_up": (
        "{metric} steps up at {axis} {step}, from {base} to a peak of {peak} ({ratio}x), and stays raised for {points} {points:point|points}.",
        "{metric}在第 {step} {axis}抬升，从 {base} 升到最高 {peak}（{ratio} 倍），并在 {points} 个点内保持偏高。",
    ),
    "jump.climb": (
        "{metric} climbs point by point from {base} at {axis} {step} to {top} and does not come back: it diverges.",
        "{metric}自第 {step} {axis}起逐点攀升，从 {base} 升到 {top}，没有回落，属于发散。",
    ),
    "jump.resume": (
        "{metric} jumps from {base} to {peak} ({ratio}x) at {axis} {step}, where training was resumed.",
        "{metric}在第 {step} {axis}恢复训练时从 {base} 跳到 {peak}（{ratio} 倍）。",
    ),
    "divergence": (
        "{metric} has been rising since {axis} {since}: from its best {best} to {end} ({ratio}x).",
        "{metric}自第 {since} {axis}起持续上升：从最低 {best} 升到 {end}（{ratio} 倍）。",
    ),
    "gap.overfit": (
        "Validation loss has risen {rise_percent} % since its minimum {val_min} at {axis} {step} (now {val_end}), while training fell from {train_then} to {train_end}.",
        "验证损失自第 {step} {axis}的最低点 {val_min} 起回升了 {rise_percent}%（现为 {val_end}），同期训练损失从 {train_then} 降到 {train_end}。",
    ),
    "gap.widening": (
        "Validation loss has stopped at {val_end} while training goes on falling to {train_end}: the gap widens, but validation does not get worse yet.",
        "验证损失停在 {val_end}，训练损失仍在降（现为 {train_end}）：差距在拉大，但验证集尚未变差。",
    ),
    "gap.val_breaks": (
        "From {axis} {step} on validation alone goes wrong: from {val_min} to {val_end}, {gap} times the training loss, which goes on falling.",
        "从第 {step} {axis}起只有验证损失出问题：从 {val_min} 升到 {val_end}，是训练损失的 {gap} 倍，而训练损失仍在下降。",
    ),
    "gap.val_jump": (
        "Validation alone leaps at {axis} {step}, from {base} to {peak} ({ratio}x), and stays bad; the training loss does not notice.",
        "只有验证损失在第 {step} {axis}从 {base} 跃升到 {peak}（{ratio} 倍）并一直偏高，训练损失毫无反应。",
    ),
    "gap.val_bad": (
        "Only validation is bad: it ends at {val_end}, typically {typical} times the training loss, while training is fine ({train_end}).",
        "只有验证集异常：最终为 {val_end}，通常是训练损失的 {typical} 倍，而训练损失正常（{train_end}）。",
    ),
    "low.train": (
        "The training loss falls to {end}, {share} of where it began ({start}): too good to be learning alone.",
        "训练损失降到 {end}，仅为起点 {start} 的 {share}：好得不像是单靠学习得来的。",
    ),
    "low.both": (
        "Training and validation loss both fall to next to nothing ({end} and {val}; they began at {start}).",
        "训练和验证损失都降到几乎为零（{end} 与 {val}，起点为 {start}）。",
    ),
    "low.val": (
        "Validation ends at {val_end}, far below the training loss ({train_end}, {times} times as much), and has been all along: more than dropout and augmentation explain.",
        "验证损失最终为 {val_end}，始终远低于训练损失（{train_end}，为其 {times} 倍）：dropout 和数据增强解释不了这么大的差距。",
    ),
    "low.val_negative": (
        "Validation goes down to {val_end}, below zero, while the training loss stays positive ({train_end}): the two are not measured alike.",
        "验证损失降到 {val_end}，已为负数，而训练损失仍为正（{train_end}）：两者的算法不一致。",
    ),
    "low.step_down": (
        "{metric} steps down at {axis} {step}, from {before} to {after}, and stays there, while validation does not follow: the data or the mode of the model changed, not the model.",
        "{metric}在第 {step} {axis}从 {before} 骤降到 {after} 并一直保持，验证损失却没有跟着下降：变的是数据或模型的运行模式，而不是模型本身。",
    ),
    "low.negative": (
        "The loss goes negative, from {start} to {end}: check whether this loss may be negative at all.",
        "损失变成负数，从 {start} 到 {end}：请确认这个损失是否允许为负。",
    ),
    "stall.flat": (
        "{metric} hardly moves: {start} at the start, {end} at the end ({drop_percent} % less).",
        "{metric}几乎不动：开始 {start}，结束 {end}（只降了 {drop_percent}%）。",
    ),
    "stall.not_down": (
        "{metric} does not come down: {start} at the start, {end} at the end.",
        "{metric}没有下降：开始 {start}，结束 {end}。",
    ),
    "stall.guess": (
        "{metric} sits at {end}, the loss of a uniform guess over {classes} classes (ln {classes}).",
        "{metric}停在 {end}，正好是 {classes} 类均匀猜测的损失（ln {classes}）。",
    ),
    "stall.guess_after": (
        "After the jump at {axis} {step} the loss stays at {end}, that of a uniform guess over {classes} classes: the model no longer predicts anything.",
        "第 {step} {axis}跳变之后损失停在 {end}，即 {classes} 类均匀猜测的水平：模型已经不再做出有效预测。",
    ),
    "stall.early": (
        "{metric} goes flat at {axis} {step} after losing only {drop_percent} % ({start} to {end}).",
        "{metric}在第 {step} {axis}就走平，总共只降了 {drop_percent}%（{start} 到 {end}）。",
    ),
    "stall.floor": (
        "{metric} has not come down any further since {axis} {step}; it fell from {start} to {end} before ({drop_percent} % less). It may have reached its floor.",
        "{metric}自第 {step} {axis}起不再下降；此前从 {start} 降到 {end}（降了 {drop_percent}%）。可能已经到了它的下限。",
    ),
    "stall.floor_at_once": (
        "{metric} came down from {start} to {end} ({drop_percent} % less) within its first points and no further. It may have reached its floor.",
        "{metric}一开始就从 {start} 降到 {end}（降了 {drop_percent}%），之后不再下降。可能已经到了它的下限。",
    ),
    "stall.val": (
        "{metric} has stood still at {val_end} since {axis} {step}, while training goes on.",
        "{metric}自第 {step} {axis}起停在 {val_end}，而训练仍在继续。",
    ),
    "stall.below_zero": (
        "{metric} gets nowhere: {start} at the start, {end} at the end, and all in between is noise.",
        "{metric}没有进展：开始 {start}，结束 {end}，中间的变化都在噪声之内。",
    ),
    "stall.after": (
        "After the jump at {axis} {step} the loss stands still at {end} and learns nothing more.",
        "第 {step} {axis}跳变之后损失停在 {end}，不再有任何进展。",
    ),
    "stall.two_softmaxes": (
        "{metric} has come down to {end} and never below: the floor of a softmax taken twice over {classes} classes, ln(1 + ({classes} - 1) / e).",
        "{metric}降到 {end} 后再不更低：这正是对 {classes} 类重复做两次 softmax 时的下限 ln(1 + ({classes} - 1) / e)。",
    ),
    "stall.late": (
        "{metric} stands at its first level ({start}) until {axis} {step}, {percent} % of the run, and only then begins to fall.",
        "{metric}到第 {step} {axis}（已过全程的 {percent}%）为止一直停在起点 {start}，之后才开始下降。",
    ),
    "stall.rate_gone": (
        "Since {axis} {step} the learning rate has been below a hundredth of its peak, and {metric} stands still at {end}.",
        "自第 {step} {axis}起学习率已不足峰值的百分之一，{metric}停在 {end} 不再变化。",
    ),
    "stall.slow": (
        "{metric} falls, but far too slowly: {start} to {end} ({drop_percent} %), still descending at the end.",
        "{metric}在降，但太慢：从 {start} 到 {end}（{drop_percent}%），结束时仍在下降。",
    ),
    "stall.straight": (
        "{metric} descends in a straight line ({start} to {end}, {half} % of it at half time) instead of a learning curve: the steps look too small.",
        "{metric}近乎直线下降（{start} 到 {end}，过半时只完成 {half}%），不像正常的学习曲线：步子可能太小。",
    ),
    "constant_prediction": (
        "{metric} is exactly {value} in {count} evaluations in a row: the model seems to predict one and the same thing.",
        "{metric}连续 {count} 次评估都恰好是 {value}：模型似乎总在输出同一个结果。",
    ),
    "swing": (
        "{metric} swings without descending: ±{swing_percent} % in the last third, {ratio} times its earlier noise.",
        "{metric}持续震荡而不再下降：最后三分之一的摆幅为 ±{swing_percent}%，是早期噪声的 {ratio} 倍。",
    ),
    "swing.wild": (
        "{metric} is wild: from one point to the next it typically changes by a factor of {factor}.",
        "{metric}极不稳定：相邻两点之间通常相差 {factor} 倍。",
    ),
    "swing.few_examples": (
        "{metric} swings by {noise_percent} % from point to point: its accuracies show that a batch holds {examples} {examples:example|examples} only.",
        "{metric}逐点波动达 {noise_percent}%：从训练准确率的取值看，每批只有 {examples} 个样本。",
    ),
    "swing.val": (
        "The validation loss goes up and down by about {swing_percent} % from one evaluation to the next, without coming down.",
        "验证损失在相邻两次评估之间上下摆动约 {swing_percent}%，且不再下降。",
    ),
    "periodic": (
        "{metric} repeats a pattern every {period} {axis}s (±{size_percent} %).",
        "{metric}每 {period} {axis}重复一次波动（±{size_percent}%）。",
    ),
    "periodic.epoch": (
        "{metric} repeats a pattern every {period} {axis}s, which is the epoch (±{size_percent} %).",
        "{metric}每 {period} {axis}重复一次波动，恰好是一轮（epoch）的长度（±{size_percent}%）。",
    ),
    "grad.spike": (
        "The gradient norm jumps from {base} to {peak} at {axis} {step} ({ratio}x).",
        "梯度范数在第 {step} {axis}从 {base} 跳到 {peak}（{ratio} 倍）。",
    ),
    "grad.vanish": (
        "The gradient norm has all but vanished: {early} at first, {late} at the end.",
        "梯度范数几乎消失：开始为 {early}，最后只有 {late}。",
    ),
    "weights.jump": (
        "The parameters move {ratio} times further than usual in one interval ({axis} {step}).",
        "参数在一个记录间隔内的变化是平时的 {ratio} 倍（第 {step} {axis}）。",
    ),
    "dead": ("{percent} % of the units are always zero.", "{percent}% 的神经元始终输出零。"),
    "loss_scale": ("The AMP loss scale falls from {top} to {late}.", "AMP 损失缩放系数从 {top} 跌到 {late}。"),
    "lr.jump": (
        "The learning rate jumps from {before} to {after} at {axis} {step} ({ratio}x), outside any warm-up.",
        "学习率在第 {step} {axis}从 {before} 跳到 {after}（{ratio} 倍），并不处于预热阶段。",
    ),
    "lr.restart": (
        "The learning rate goes back up from {before} to {after} at {axis} {step} ({count} such rises in all), as in a schedule with restarts.",
        "学习率在第 {step} {axis}从 {before} 回升到 {after}（共 {count} 次），像是带重启的调度。",
    ),
    "hot": (
        "The GPU reaches {peak} °C at {axis} {step} (usually {usual} °C).",
        "GPU 在第 {step} {axis}附近达到 {peak} °C（平时约 {usual} °C）。",
    ),
    "leak": (
        "GPU memory keeps growing, from {early} to {late} ({ratio}x): something holds on to tensors.",
        "显存占用持续增长，从 {early} 升到 {late}（{ratio} 倍）：有张量一直没有释放。",
    ),
    "ranks": (
        "From {axis} {step} on the losses of the ranks differ by up to {percent} %.",
        "从第 {step} {axis}起，各卡（rank）的损失相差最多达 {percent}%。",
    ),
    "axis.step": ("step", "步"),
    "axis.epoch": ("epoch", "轮"),
    "axis.row": ("row", "行"),
    "moved.before": (
        "{metric} left its usual range first, at {axis} {step}: {lead} {axis}s earlier (known to within {within}).",
        "{metric}最先偏离正常范围，在第 {step} {axis}，早了 {lead} {axis}（误差约 {within} {axis}）。",
    ),
    "moved.along": (
        "At the same time, to within {within} {axis}s, the {metrics} left the usual range.",
        "同一时间（误差约 {within} {axis}）偏离正常范围的还有{metrics}。",
    ),
    "moved.alone": ("Nothing else that was logged moved before it.", "其他记录的指标都没有更早出现异常。"),
    "moved.and": (" and the ", "、"),
    "skip.no_val": ("no validation loss was logged; log one at least every epoch", "没有记录验证损失；建议每轮至少记录一次"),
    "skip.few_val": ("only {points} validation points; at least 3 are needed", "验证损失只有 {points} 个点；至少需要 3 个"),
    "skip.no_grad_norm": (
        "no gradient norm was logged; log the total norm before clipping",
        "没有记录梯度范数；建议记录裁剪前的总范数",
    ),
    "skip.no_lr": ("no learning rate was logged; log it at every step", "没有记录学习率；建议每步记录"),
    "skip.too_few": (
        "only {points} {points:point|points} of training loss, {least} are needed; log more often",
        "训练损失只有 {points} 个点，至少需要 {least} 个；建议提高记录频率",
    ),
    "skip.few_grad_norm": (
        "only {points} {points:value|values} of the gradient norm; log it as often as the loss",
        "梯度范数只有 {points} 个值；建议与损失同频率记录",
    ),
    "skip.no_weights": (
        "neither weight norm nor update norm was logged; log the norm of the weights beside the gradient norm",
        "没有记录权重范数或更新量范数；建议与梯度范数一起记录权重范数",
    ),
    "skip.few_weights": (
        "only {points} {points:value|values} of the weight or update norm; 10 are needed",
        "权重范数或更新量范数只有 {points} 个值；至少需要 10 个",
    ),
    "skip.no_accuracy": (
        "no accuracy or other score was logged; log one on the validation set",
        "没有记录准确率等指标；建议在验证集上记录一项",
    ),
    "skip.no_gpu": (
        "neither temperature nor memory of the GPU was logged; log both every minute",
        "没有记录 GPU 温度和显存；建议每分钟记录一次",
    ),
    "skip.no_loss": ("no training loss was logged; log it at every step", "没有记录训练损失；建议每步记录"),
    "heard": ("{name}, as you describe it (“{words}”).", "{name}：来自你的描述（“{words}”）。"),
    "not_seen": ("{name}: looked for, not there", "{name}：查过，没有发现"),
    "one_of": ("{text} One of {n} such findings.", "{text}（同类现象共 {n} 处）"),
    "fact_is": ("{name}: {value}", "{name}：{value}"),
    "metric.train_loss": ("training loss", "训练损失"),
    "metric.val_loss": ("validation loss", "验证损失"),
    "metric.lr": ("learning rate", "学习率"),
    "metric.grad_norm": ("gradient norm", "梯度范数"),
    "metric.weight_norm": ("weight norm", "权重范数"),
    "metric.update_norm": ("update norm", "更新量范数"),
    "metric.train_accuracy": ("training accuracy", "训练准确率"),
    "metric.val_accuracy": ("validation accuracy", "验证准确率"),
    "metric.loss_scale": ("loss scale", "损失缩放系数"),
    "metric.dead_fraction": ("share of dead units", "死亡神经元比例"),
    "metric.gpu_temp": ("GPU temperature", "GPU 温度"),
    "metric.gpu_mem": ("GPU memory", "显存占用"),
    "metric.rank_loss": ("loss per rank", "各卡损失"),
}
