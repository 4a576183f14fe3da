"""Sentences of our own invention, as people write them, with what they say: symptoms exactly, facts at least, and what must not be heard."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Report(NamedTuple):
    """A message; the symptoms it states, all of them; facts it states; facts that it does not state, however it looks."""

    text: str
    symptoms: str = ""
    facts: Mapping[str, bool | float | str] = MappingProxyType({})
    silent: str = ""


COMPLAINTS = [
    # not going down
    Report("Training a small convnet on 3,000 images, cross entropy sits at 1.0986 from the first step to the last.", "loss_plateau", {"architecture": "cnn", "dataset_size": 3000}),
    Report("我的二分类模型训练了50轮，loss 还是 0.69，一点都不降。", "loss_plateau", {"task_kind": "classification"}),
    Report("The cost flatlines right away and never budges, no matter which optimizer I pick.", "loss_plateau"),
    Report("ViT from scratch on CIFAR-100, accuracy is no better than random guessing after 60 epochs.", "loss_plateau", {"architecture": "transformer", "task_kind": "classification"}),
    Report("训练了两天，损失一直在 4.6 左右徘徊，怎么调都下不来。", "loss_plateau"),
    Report("LSTM for stock prediction, loss hardly changes after the first few batches. lr 1e-4, adam.", "loss_plateau", {"architecture": "rnn", "task_kind": "regression", "learning_rate": 1e-4, "optimizer": "adam"}),
    Report("微调 bert 做文本分类，准确率卡在 50% 不动，跟瞎猜一样", "loss_plateau", {"architecture": "transformer", "task_kind": "classification", "init_scheme": "pretrained"}),
    Report("The net just does not learn: loss hovers around 2.3 for hundreds of epochs.", "loss_plateau"),
    Report("reward 一直是 -200，DQN 训了一百万步完全没学到东西。", "loss_plateau", {"task_kind": "reinforcement"}),
    Report("My GRU translator refuses to converge, perplexity is stuck at 900.", "loss_plateau", {"architecture": "rnn", "task_kind": "language_modeling"}),
    Report("損失完全沒有下降，卡在 0.693，學習率 0.01。", "loss_plateau", {"learning_rate": 0.01}),
    Report("loss dosent decrese at all, acuracy stays constant at 10%", "loss_plateau"),
    Report("mAP stays at 0 for every epoch with yolov8 on my 800 images", "loss_plateau", {"task_kind": "detection_segmentation", "dataset_size": 800}),
    Report("After epoch 5 the training loss stops decreasing and remains around 1.7, batch size 64, SGD momentum 0.9, lr=0.1.", "loss_plateau", {"batch_size": 64, "optimizer": "sgd_momentum", "learning_rate": 0.1}),
    Report("分割网络的dice loss降不下去，一直0.98，学习率从1e-2试到1e-5都没用", "loss_plateau", {"task_kind": "detection_segmentation", "lower_lr_helps": False}),
    # NaN
    Report("Loss becomes NaN after about 300 iterations, fp16, no grad clipping.", "loss_nan_inf", {"mixed_precision": "fp16", "grad_clipping": False}),
    Report("训着训着就 nan 了，lr 调到 1e-6 也一样，没开梯度裁剪", "loss_nan_inf", {"lower_lr_helps": False, "grad_clipping": False}),
    Report("Faster R-CNN, custom VOC data: rpn_box_loss = nan from iteration 1.", "loss_nan_inf", {"task_kind": "detection_segmentation", "architecture": "cnn"}),
    Report("在第1500步左右 loss 直接变 inf，之前都很正常。", "loss_nan_inf"),
    Report("Switching off amp makes the nans disappear.", "loss_nan_inf", {"fp32_fixes": True}),
    Report("fp16 下第二个 epoch 出 nan，换 fp32 就好了", "loss_nan_inf", {"mixed_precision": "fp16", "fp32_fixes": True}),
    Report("nan even with fp32, lr 1e-5 and clip 0.5", "loss_nan_inf", {"grad_clipping": True, "learning_rate": 1e-5}),
    Report("VAE on MNIST: the KL term goes to infinity and then everything is nan.", "loss_nan_inf", {"task_kind": "generative"}),
    Report("CTC loss is inf for some batches, bilstm, warm-up 500 steps", "loss_nan_inf", {"architecture": "rnn", "warmup_used": True}),
    Report("权重都变成 nan 了，数据里没有 nan，已经检查过", "loss_nan_inf", {"nan_in_inputs": False, "weights_jumped": True}),
    # diverging, exploding
    Report("Loss blows up to 1e12 within ten steps. lr is 0.5, plain SGD.", "loss_divergence", {"learning_rate": 0.5, "optimizer": "sgd"}),
    Report("loss 一路往上涨，越训越大，adam，lr=0.01", "loss_divergence", {"optimizer": "adam", "learning_rate": 0.01}),
    Report("My regression net diverges: the MSE keeps growing every epoch.", "loss_divergence", {"task_kind": "regression"}),
    Report("训练 loss 直接飞了，涨到几十万", "loss_divergence"),
    Report("PPO agent: the reward gets worse and worse over time", "loss_divergence", {"task_kind": "reinforcement"}),
    Report("the loss keeps increasing instead of decreasing", "loss_divergence"),
    # surges
    Report("At step 12k the training loss suddenly jumps from 2.1 to 7.5 and never comes back.", "loss_surge"),
    Report("训练到第 8 个 epoch，loss 突然飙升到之前的十倍，之后再也没降回来", "loss_surge"),
    Report("GPT-2 small on 8 A100, bf16: all of a sudden the loss shot up and stayed there.", "loss_surge", {"architecture": "transformer", "task_kind": "language_modeling", "distributed": True, "mixed_precision": "bf16"}),
    Report("模型训到一半崩了，准确率从 90% 一下子掉到 10%", "loss_surge"),
    Report("Everything is fine for 40 epochs, then accuracy collapses to chance level within one epoch.", "loss_surge"),
    # spikes
    Report("Every now and then there is a huge spike in the loss, after which it settles back to normal.", "loss_spike"),
    Report("loss 曲线上有很多毛刺，过几步又掉回来", "loss_spike"),
    Report("loss shoots up at step 5000, then recovers after 200 steps", "loss_spike"),
    Report("预训练 7B 模型，loss 偶尔突然冲高，几十步后又恢复正常，没有跳过 batch", "loss_spike", {"task_kind": "language_modeling"}),
    # oscillation
    Report("The training loss bounces up and down wildly and shows no trend, batch size 2.", "loss_oscillation", {"batch_size": 2}),
    Report("loss 震荡得很厉害，忽高忽低，bs=1", "loss_oscillation", {"batch_size": 1}),
    Report("accuracy jumps around all over the place between epochs, lr 0.1 constant", "loss_oscillation", {"learning_rate": 0.1, "lr_schedule": "none"}),
    Report("loss 抖得像心电图一样，rmsprop 1e-3", "loss_oscillation", {"optimizer": "rmsprop", "learning_rate": 1e-3}),
    Report("Loss values: 2.1, 3.5, 1.2, 4.8, 0.9, 3.3. Is something wrong?", "loss_oscillation"),
    # slow
    Report("It converges very slowly, after 100 epochs the loss went from 5.2 to 4.9 only. sgd lr 1e-5", "loss_slow", {"learning_rate": 1e-5, "optimizer": "sgd"}),
    Report("收敛特别慢，跑了三天 loss 才降了一点点", "loss_slow"),
    Report("The loss does decrease, but at a snail's pace.", "loss_slow"),
    Report("用我自己的数据训 fcos，最后 mAP 比论文低好几个点", "loss_slow", {"task_kind": "detection_segmentation"}),
    Report("I can't reproduce the numbers of the paper: I get 71% instead of 76% with resnet50.", "loss_slow", {"architecture": "cnn"}),
    # overfitting
    Report("Training loss goes down nicely while validation loss starts rising after epoch 3. 500 samples, no dropout.", "overfitting_gap", {"dataset_size": 500, "regularization": "none"}),
    Report("训练集 loss 一直降，验证集 loss 从第 10 轮开始反而上升", "overfitting_gap"),
    Report("val_loss increases every epoch although train_loss decreases", "overfitting_gap"),
    Report("validation accuracy peaks at epoch 4 and then keeps dropping, train acc goes to 99%", "overfitting_gap"),
    Report("验证损失涨个不停，训练损失已经接近 0 了，就 600 张图", "overfitting_gap", {"dataset_size": 600}),
    # too low, zero
    Report("Loss drops to almost zero in the first epoch and accuracy is 100%, which seems too good to be true.", "loss_too_low"),
    Report("第一个 epoch 准确率就 99.9%，感觉不太对", "loss_too_low"),
    Report("Fine-tuning Qwen with LoRA shows loss 0.0 and grad_norm nan from the first logged step.", "loss_zero_tail", {"architecture": "transformer", "task_kind": "language_modeling", "init_scheme": "pretrained", "grad_norm_level": "exploding"}),
    Report("llama 微调，loss 一直是 0，fp16", "loss_zero_tail", {"mixed_precision": "fp16"}),
    # periodic
    Report("The loss curve is a perfect sawtooth: it jumps at the start of every epoch and then falls again.", "periodic_pattern"),
    Report("每到新的 epoch loss 就跳一下，呈锯齿状，shuffle=False", "periodic_pattern", {"shuffle": False}),
    Report("Every 2000 steps the loss goes up sharply and comes down again, it looks like a staircase", "periodic_pattern"),
    # resume
    Report("After resuming from epoch 20 the loss is much higher than before the interruption.", "jump_at_resume", {"resumed_at_onset": True}),
    Report("断点续训之后 loss 接不上，只加载了权重没有加载优化器", "jump_at_resume", {"resumed_at_onset": True, "optimizer_state_restored": False}),
    Report("I stopped the job and resumed it: accuracy dropped from 72% to 40% and it starts over as if from scratch.", "jump_at_resume", {"resumed_at_onset": True}),
    Report("从 checkpoint 恢复训练后 loss 突然变大，学习率又从头开始 warmup", "jump_at_resume", {"resumed_at_onset": True, "step_counter_restored": False}),
    Report("Reloading the checkpoint gives a loss of 6.2 although it was 1.4 when saved; both model and optimizer state are restored.", "jump_at_resume", {"resumed_at_onset": True, "optimizer_state_restored": True}),
    # validation only
    Report("Train loss looks fine but the validation loss is enormous and random from the very first epoch. Uses batchnorm.", "val_only_bad", {"normalization": "batchnorm"}),
    Report("训练正常，一切到 model.eval() 结果就全乱了，不调 eval 反而好", "val_only_bad"),
    Report("During training accuracy reaches 97%, but running model.evaluate on the very same data gives 12%.", "val_only_bad"),
    Report("验证集 loss 忽高忽低，训练集 loss 很平稳地下降", "val_only_bad"),
    Report("saved model predicts garbage at inference time although training went perfectly", "val_only_bad"),
    # constant prediction
    Report("The classifier outputs the same class for every image, 90% of my data is class 0.", "constant_prediction", {"constant_prediction": True, "task_kind": "classification", "classes_imbalanced": True}),
    Report("不管输入什么图，输出都一样，全预测成第 3 类", "constant_prediction", {"constant_prediction": True}),
    Report("My unet only outputs background, all masks are black.", "constant_prediction", {"constant_prediction": True, "task_kind": "detection_segmentation"}),
    Report("GAN mode collapse: the generator produces the same image whatever the noise", "constant_prediction", {"architecture": "gan"}),
    Report("回归网络的预测值都是同一个数，等于均值", "constant_prediction", {"task_kind": "regression"}),
    # gradients, machine, ranks
    Report("Gradient norm shoots up to 5000 around step 800, clipping is off.", "grad_norm_spike", {"grad_norm_level": "exploding", "grad_clipping": False}),
    Report("grad_norm 突然飙升好几个数量级", "grad_norm_spike"),
    Report("The gradients of the first layers are practically zero, 20 layers of sigmoid.", "grad_norm_vanishing", {"activation": "sigmoid", "grad_norm_level": "vanishing"}),
    Report("前几层梯度几乎为 0，用的 tanh", "grad_norm_vanishing", {"activation": "tanh"}),
    Report("Most ReLU neurons are dead, activations all zero after a few hundred steps.", "dead_units", {"dead_units_high": True, "activation": "relu"}),
    Report("Loss scale keeps halving, 'gradient overflow, skipping step' all the time with apex O1", "loss_scale_collapse", {"mixed_precision": "fp16"}),
    Report("loss scale 一直往下掉，掉到 1 就报错了", "loss_scale_collapse"),
    Report("CUDA out of memory after 3 epochs, single GPU", "hardware_alarm", {"oom_seen": True, "distributed": False}),
    Report("训练中显卡掉卡，Xid 报错，机器重启", "hardware_alarm", {"gpu_errors_logged": True}),
    Report("With DDP on 4 GPUs every rank shows a different loss and the weights drift apart.", "ranks_disagree", {"distributed": True, "ranks_disagree": True}),
    Report("多卡训练，每张卡的 loss 不一样，参数不同步", "ranks_disagree", {"distributed": True}),
    # several at once
    Report("Loss swings for a while and then goes to nan, bs 8 x 4 卡, lr=3e-4, adamw", "loss_oscillation loss_nan_inf", {"batch_size": 8, "distributed": True, "learning_rate": 3e-4, "optimizer": "adamw"}),
    Report("从第1500步开始 loss 突然变大然后变 nan，梯度范数也飙升", "loss_surge loss_nan_inf grad_norm_spike"),
    Report("The training loss rises steadily and eventually becomes NaN", "loss_divergence loss_nan_inf"),
    Report("Validation loss climbs from the second epoch while the train loss falls; the model always predicts class 1 on the test set.", "overfitting_gap constant_prediction", {"constant_prediction": True}),
]
"""Reports of trouble."""

SETUPS = [
    Report("imagenet resnet50, bs 256, lr 0.1, cosine", "", {"task_kind": "classification", "architecture": "cnn", "batch_size": 256, "learning_rate": 0.1, "lr_schedule": "cosine"}),
    Report("bert finetune, lr 2e-5, warmup 10%, 3 epochs", "", {"architecture": "transformer", "init_scheme": "pretrained", "learning_rate": 2e-5, "warmup_used": True}),
    Report("dcgan on celeba, adam betas 0.5 0.999, lr 2e-4", "", {"architecture": "gan", "task_kind": "generative", "optimizer": "adam", "learning_rate": 2e-4, "optimizer_hparams_default": False}),
    Report("三层 MLP，激活用 sigmoid，MSE 损失，7 个点", "", {"architecture": "mlp", "activation": "sigmoid", "task_kind": "regression", "dataset_size": 7}),
    Report("batch_size=16, accumulate 4 steps, fp16, AdamW(lr=5e-5), max_grad_norm=1.0, no warmup", "", {"batch_size": 16, "mixed_precision": "fp16", "optimizer": "adamw", "learning_rate": 5e-5, "grad_clipping": True, "warmup_used": False}),
    Report("gradient_accumulation_steps: 8, per_device_train_batch_size: 2, lr_scheduler_type: cosine, bf16: true", "", {"accumulation_steps": 8, "batch_size": 2, "lr_schedule": "cosine", "mixed_precision": "bf16"}),
    Report("学习率 10^-3，批大小 32，用了 BN，没有 dropout，也没有权重衰减", "", {"learning_rate": 1e-3, "batch_size": 32, "normalization": "batchnorm", "regularization": "none"}),
    Report("8xV100, DeepSpeed zero-2, bs per gpu 4", "", {"distributed": True, "batch_size": 4}),
    Report("单卡 3090，batch 12，数据集 2.5万张图", "", {"distributed": False, "batch_size": 12, "dataset_size": 25000}),
    Report("I train with SGD with momentum, learning rate .01, StepLR, weight decay 5e-4", "", {"optimizer": "sgd_momentum", "learning_rate": 0.01, "lr_schedule": "step", "regularization": "normal"}),
    Report("lr 1e-3 with linear warmup for 2000 steps and then decay", "", {"learning_rate": 1e-3, "warmup_used": True}),
    Report("用 ReduceLROnPlateau，早停 patience 10，初始学习率 0.001", "", {"lr_schedule": "plateau", "early_stopping": True, "learning_rate": 0.001}),
    Report("The weights are initialised with zeros, activation is leaky relu", "", {"init_scheme": "zeros", "activation": "leaky_relu"}),
    Report("自己写的 loss，里面有 log 和除法", "", {"custom_loss_math": True}),
    Report("I wrote my own attention layer, layer norm everywhere, gelu", "", {"custom_layers": True, "normalization": "layernorm", "activation": "gelu_silu"}),
    Report("The config was written for 8 GPUs, I run it on a single GPU with the same learning rate", "", {"config_from_other_setup": True, "distributed": False}),
    Report("官方配置是8卡的，我只有一张卡，学习率没改", "", {"config_from_other_setup": True, "distributed": False}),
    Report("1.2M training samples, sequence length 4096, gradient clipping at 1.0", "", {"dataset_size": 1.2e6, "grad_clipping": True, "very_deep_or_long": True}),
    Report("shuffle=True, sampler is random", "", {"shuffle": True}),
    Report("数据没有打乱，按类别顺序排的", "", {"shuffle": False}),
    Report("dataloader with shuffle = False", "", {"shuffle": False}),
    Report("I forgot optimizer.zero_grad()", "", {"zero_grad_called": False}),
    Report("zero_grad 每步都调了", "", {"zero_grad_called": True}),
    Report("没有调用 zero_grad", "", {"zero_grad_called": False}),
    Report("some parameters have grad None after backward", "", {"grads_none": True}),
    Report("It can overfit a single batch without problems.", "", {"overfits_tiny_batch": True}),
    Report("it cannot even overfit 10 samples", "loss_plateau", {"overfits_tiny_batch": False}, "dataset_size"),
    Report("小批量数据能过拟合，代码应该没问题", "", {"overfits_tiny_batch": True}),
    Report("labels are fine, I double checked them; classes are balanced", "", {"label_errors_found": False, "classes_imbalanced": False}),
    Report("大概 3% 的标签是错的，标注有误", "", {"label_errors_found": True}),
    Report("正负样本悬殊，正样本只有 1%", "", {"classes_imbalanced": True}),
    Report("It fails at exactly the same step with the same seed.", "", {"reproduces_same_step": True}),
    Report("每次出问题的步数不固定", "", {"reproduces_same_step": False}),
    Report("I switched to a new data shard right before it started", "", {"data_changed_midrun": True}),
    Report("关了 mosaic 增强之后开始的", "", {"augmentation_changed": True}),
    Report("target values range from 0 to 5000 and are not normalized", "", {"target_range_ok": False}),
    Report("图像分割，Dice loss，Adam 默认参数，学习率1e-4", "", {"task_kind": "detection_segmentation", "optimizer": "adam", "learning_rate": 1e-4}),
    Report("OneCycleLR with max lr 0.01", "", {"lr_schedule": "cyclic_or_restart", "learning_rate": 0.01}),
    Report("lr decays by 0.1 every 30 epochs, starting from 0.05", "", {"lr_schedule": "step"}),
    Report("Trained with 2 nodes, 16 GPUs in total, NCCL", "", {"distributed": True}),
]
"""Setups, told without a complaint."""

TRIALS = [
    Report("Lowering the learning rate didn't help.", "", {"lower_lr_helps": False}, "learning_rate"),
    Report("A ten times smaller learning rate fixes it.", "", {"lower_lr_helps": True}),
    Report("学习率降了十倍也没用", "", {"lower_lr_helps": False}, "learning_rate"),
    Report("把学习率调小之后就正常了", "", {"lower_lr_helps": True}),
    Report("I have tried different learning rates, batch sizes and optimizers without any luck.", "", {"lower_lr_helps": False}, "batch_size optimizer"),
    Report("试过调低学习率、加 warmup、换优化器，都不行", "", {"lower_lr_helps": False}),
    Report("With lr 1e-4 it trains fine, with 1e-2 it explodes immediately.", "loss_divergence", {"lower_lr_helps": True, "learning_rate": 0.01}),
    Report("lr=0.1 就炸，0.001 没问题", "loss_divergence", {"learning_rate": 0.1}),
    Report("Tried reducing the lr. Same result.", "", {"lower_lr_helps": False}),
    Report("fp32 has the same problem", "", {"fp32_fixes": False}),
    Report("关掉混合精度还是不行", "", {"fp32_fixes": False}),
    Report("In full precision everything works.", "", {"fp32_fixes": True}),
    Report("changing the learning rate makes no difference", "", {"lower_lr_helps": False}),
    Report("no matter what learning rate I use, the loss is stuck", "loss_plateau", {"lower_lr_helps": False}),
]
"""What was tried, and what came of it."""

SILENT = [
    Report("Should I lower the learning rate?", "", {}, "lower_lr_helps learning_rate"),
    Report("要不要加梯度裁剪？", "", {}, "grad_clipping"),
    Report("I read that Adam with lr 3e-4 is always a good choice.", "", {}, "optimizer learning_rate"),
    Report("网上说 batch size 要设成 32 才行", "", {}, "batch_size"),
    Report("Would batch norm help here?", "", {}, "normalization"),
    Report("有人建议用 fp16，会不会出问题", "", {}, "mixed_precision"),
    Report("What happens if I set shuffle to False?", "", {}, "shuffle"),
    Report("打算把学习率改成 1e-5 试试", "", {}, "lower_lr_helps"),
    Report("The paper uses 64 GPUs and a batch size of 4096.", "", {}, "batch_size"),
    Report("Is this normal?"),
    Report("谢谢，我去试试看"),
    Report("Hello, can you help me with my training run?"),
    Report("no NaN so far, and no spikes either"),
    Report("没有出现 nan，loss 也没有震荡"),
    Report("The loss decreases smoothly and validation looks good."),
    Report("loss 正常下降，准确率稳步上升"),
    Report("训练很顺利，没什么问题"),
    Report("I don't know why it happens, no errors in the console."),
    Report("How can I make the loss go down faster?"),
    Report("Could it be overfitting?"),
    Report("是不是梯度爆炸了？"),
    Report("Do I need warmup for a transformer?", "", {"architecture": "transformer"}, "warmup_used"),
    Report("Maybe the labels are wrong?", "", {}, "label_errors_found"),
    Report("怀疑是数据泄漏", "", {}, "leakage_found"),
    Report("My friend says I should use gradient clipping at 1.0", "", {}, "grad_clipping"),
    Report("这个 batch 在第 3 步出错", "", {}, "batch_size"),
    Report("at batch 500 I print the loss", "", {}, "batch_size"),
    Report("it is 2 points lower than the baseline", "loss_slow", {}, "dataset_size"),
    Report("the model has 7B parameters and 32 layers", "", {}, "dataset_size batch_size"),
    Report("Training takes 3 hours per epoch on my machine."),
    Report("显存占用 20G，速度 5 it/s"),
    Report("We expect the loss to decrease from 3 to about 1."),
    Report("在考虑换成 AdamW", "", {}, "optimizer"),
    Report("The learning rate should be multiplied by 10 according to the docs", "", {}, "learning_rate"),
]
"""Sentences in which little or nothing is stated."""

ALL = [*COMPLAINTS, *SETUPS, *TRIALS, *SILENT]
