"""Text that training scripts print."""

from __future__ import annotations

import numpy as np
import pytest


def points(log, metric="train_loss", part=None):
    """Steps and values of a series, as lists."""
    series = log.get(metric, part)
    return series.steps.tolist(), series.values.tolist()


N = 12
STEPS = [10 * i for i in range(1, N + 1)]
LOSSES = [4.0 - 0.25 * i for i in range(1, N + 1)]


def printed(line, count=N):
    """`line` once for each i, with s = step and v = loss."""
    return "".join(line.format(i=i, s=10 * i, v=4.0 - 0.25 * i) for i in range(1, count + 1))


@pytest.mark.parametrize(
    "line",
    [
        "iter {s}: loss {v:.4f}, time 10.06ms, mfu -100.00%\n",
        "step {s:5d} | loss: {v:.6f} | lr 8.3916e-07 | norm: 15.3421 | dt: 235.83ms | tok/sec: 22264.81\n",
        "step {s:5d}/19560 | loss {v:7.6f} (+nanz)| norm 15.3426 (+nanz)| lr 8.57e-07 | 3120.51 ms | 60.8% bf16 MFU | 168015 tok/s\n",
        "s:{s} trl:{v:.4f} lr:0.0006 norm:1.23\n",
        "step:{s}/1390 train_loss:{v:.4f} train_time:{i}285ms step_avg:nanms\n",
        "{s} train {v:.6f}\n",
        " iteration {s:8d}/   10000 | consumed samples: {s:12d} | elapsed time per iteration (ms): 512.3 | learning rate: 1.500E-04 |"
        " global batch size:   512 | lm loss: {v:.6E} | loss scale: 65536.0 | grad norm: 1.003 | number of nan iterations:   0 |\n",
        "2021-03-01 10:00:01 | INFO | train_inner | epoch 001: {s} / 5000 loss={v:.3f}, nll_loss=9, ppl=230.1, num_updates={s}, gnorm=2.5\n",
        "[2023-05-01 10:00:02,123] [INFO] [Rank 0] steps: {s} loss: {v:.4f} iter time (s): 1.234 samples/sec: 12.345\n",
        "[rank0]:2024-06-01 10:00:00,000 - root - INFO - \x1b[31mstep: {s:2d}  \x1b[32mloss: {v:7.4f}  \x1b[33mmemory: 12.3GiB(13.1%)\x1b[39m\n",
        "[05/01 10:00:02 d2.utils.events]:  eta: 1:02:03  iter: {s}  total_loss: {v:.4f}  loss_cls: 0.3  loss_box_reg: 0.2  lr: 0.00025\n",
        'INFO:trainer:{{"step": {s}, "loss": {v:.4f}, "lr": 0.001}}\n',
        "{{'loss': {v:.4f}, 'grad_norm': 1.2, 'learning_rate': 4.9e-05, 'step': {s}}}\n",
        "2025-12-11 00:28:07.408\thost:0\tolmo.train:979\tINFO\t[step={s}/2500,epoch=0]\n    optim/total_grad_norm=7.9\n"
        "    train/CrossEntropyLoss={v:.3f}\n    train/Perplexity=43,048\n",
        "| time/               |       |\n|    total_timesteps  | {s}   |\n| train/    |  |\n|    loss   | {v:.4f} |\n-----------\n",
        "[2023-02-01 10:00:02] Ep. 1 : Up. {s} : Sen. 1,234 : Cost {v:.8f} * 1,234,567 @ 12,345 after 3,456,789 : Time 1.34s : L.r. 3e-04\n",
        "2024-03-01 10:00:02,123 DEBUG TRAIN | Epoch 0 | Batch {s}/10000 | loss {v:.6f} loss_att 4.1 loss_ctc 9.2 lr 0.00010 rank 0\n",
        "[2021-06-01 10:00:02,123 INFO] Step {s}/100000; acc:  12.9; ppl: 40.1; xent: {v:.2f}; lr: 0.00012; 12345/12345 tok/s;  12 sec\n",
        "[2024-09-01 10:00:02] INFO fairseq2 - Train Metrics (step {s}) - NLL Loss: {v:.4f} | Gradient Norm: 1.2 | Learning Rate: 1e-05\n",
        "completed step: {s}, seconds: 1.234, TFLOP/s/device: 123.456, Tokens/s/device: 4567.8, total_weights: 65536, loss: {v:.3f}\n",
        "I0301 10:00:02.123456 140234 train_lib.py:123] Step {s}: loss={v:.5f}, learning_rate=0.01, accuracy=0.1\n",
        "INFO:tensorflow:loss = {v:.7f}, step = {s} (12.345 sec)\n",
        "Step {s} | loss:{v} lr:2e-05 tokens_per_second_per_gpu:1234.5 grad_norm:1.2\n",
        "步数: {s}, 损失: {v:.4f}, 学习率: 3e-4\n",
        "第 {s} 步，训练损失：{v:.4f}\n",
    ],
)
def test_steps_and_losses(read_text, line):
    """Whatever way my script prints step and loss, I get both, among banners, warnings and a traceback."""
    noise = 'Using device: cuda\nTraceback (most recent call last):\n  File "train.py", line 296, in step\nValueError: 3 is wrong\n'
    log = read_text("number of parameters: 0.03M\nbatch_size: 128\n" + printed(line, 6) + noise + printed(line)[len(printed(line, 6)) :])
    assert (log.format, log.axis) == ("text", "step")
    assert points(log) == (STEPS, pytest.approx(LOSSES))
    assert log.restarts == ()


@pytest.mark.parametrize(
    "line",
    [
        "Epoch {i}/30\ntrain Loss: {v:.4f} Acc: 0.81\nval Loss: {v:.4f} Acc: 0.82\n\n",
        "Epoch: {i} \tTraining Loss: {v:.10f} \tTraining  Accuracy: 0.81 \tValidation Loss: {v:.6f} \tValidation  Accuracy: 0.82\n"
        "Validation loss decreased (inf --> 0.000003).    Model Saved......\n",
        "Epoch {i}/10\n1875/1875 - 5s - 3ms/step - accuracy: 0.81 - loss: {v:.4f} - val_accuracy: 0.82 - val_loss: {v:.4f}\n",
        "第{i}轮 训练损失: {v:.4f} 验证损失: {v:.4f} 训练准确率: 0.81 验证准确率: 0.82\n",
        "2024-01-01 10:00:00 - [INFO] Epoch {i}/99  train_loss={v:.6f}  train_acc=0.81 val_loss={v:.6f} val_acc=0.82 epoch_time=211.6s\n",
    ],
)
def test_epochs_with_validation(read_text, line):
    """One block an epoch with training and validation, on one line or several, in English or Chinese."""
    log = read_text(printed(line))
    epochs = list(range(1, N + 1))
    assert log.axis == "epoch"
    assert points(log) == (epochs, pytest.approx(LOSSES))
    assert points(log, "val_loss") == (epochs, pytest.approx(LOSSES))
    assert points(log, "train_accuracy")[1] == [0.81] * N
    assert points(log, "val_accuracy")[1] == [0.82] * N


@pytest.mark.parametrize(
    "line",
    [
        "Epoch: [{e}][ {b}0/30]\tTime  1.8 ( 1.9)\tLoss 2.{b}e+00 (2.0170e+00)\tAcc@1  93.75 ( 87.27)\n",
        "Train Epoch: {e} [{b}0/30 ({b}%)]\tLoss: 2.{b}\n",
        "2020-05-01 10:00:02,123 - mmdet - INFO - Epoch [{e}][{b}0/30]\tlr: 2.000e-02, eta: 1 day, 2:03:04, loss_cls: 0.5, loss: 2.{b}\n",
        "[{e}/25][{b}0/30] Loss: 2.{b}\n",
        "[{e},  {b}0] loss: 2.{b}\n",
        "(epoch: {e}, iters: {b}0, time: 0.198, data: 0.278) loss: 2.{b}\n",
        "[2022/01/01 10:00:02] ppcls INFO: [Train][Epoch {e}/120][Iter: {b}0/30]lr: 0.10000, loss: 2.{b}, ips: 256.1 images/sec, eta: 1:00:00\n",
    ],
)
def test_iterations_within_epochs(read_text, line):
    """The iteration starts again in each epoch: the epochs follow one another, and nothing was restarted."""
    log = read_text("".join(line.format(e=e, b=b) for e in (1, 2, 3) for b in (0, 1, 2)))
    assert points(log) == ([10 * i for i in range(9)], [2.0, 2.1, 2.2] * 3)
    assert log.restarts == ()


def test_validation_lines_are_not_training(read_text):
    """The same word "Loss" on lines that begin with Validate is the validation loss."""
    text = "".join(f"Epoch: [{e}][ 0/10]\tLoss 2.5 (2.5)\nValidate: [ 0/3]\tLoss 1.{e} (1.5)\n" for e in range(1, 5))
    assert points(read_text(text))[1] == [2.5] * 4
    assert points(read_text(text), "val_loss")[1] == [1.1, 1.2, 1.3, 1.4]


def test_nanogpt_evaluation(read_text):
    """nanoGPT prints the training loss twice: the one of every iteration is the main one."""
    text = "".join(
        (f"step {i}: train loss 9.0, val loss 8.0\n" if i % 50 == 0 else "") + f"iter {i}: loss {i}.5, time 10ms\n" for i in range(0, 200, 10)
    )
    log = read_text(text)
    assert points(log)[1] == [i + 0.5 for i in range(0, 200, 10)]
    assert points(log, "train_loss", "train loss") == ([0, 50, 100, 150], [9] * 4)
    assert points(log, "val_loss") == ([0, 50, 100, 150], [8] * 4)


def test_progress_bars(read_text):
    """Of each tqdm bar only the last state is read, with the names from the header line above."""
    bar = "\r".join("     {e}/15      2.1G   0.0{b}    0.02         0    0.1{b}       168       640:   3%|▎   | 1/38 [00:03<02:25]" for b in range(3))
    head = "\n     Epoch   gpu_mem       box       obj       cls     total    labels  img_size\n"
    log = read_text("".join(head + bar.replace("{e}", str(e)).replace("{b}", "7") + "\n" for e in range(N)))
    assert points(log) == (list(range(N)), [0.17] * N)
    assert [s.part for s in log.all("train_loss")] == ["", "box loss", "obj loss", "cls loss"]
    assert "progress_bars" in [n.id for n in log.notes]


def test_one_long_progress_bar(read_text):
    """A single epoch in one progress bar: every state counts."""
    states = "\r".join(f"Epoch 0:  {b}%|███  | {b}/100 [00:10<00:10, 10.00it/s, v_num=0, train_loss={b / 8}]" for b in range(1, 60))
    assert points(read_text(states + "\n")) == (list(range(1, 60)), [b / 8 for b in range(1, 60)])


def test_a_long_progress_bar_that_lines_are_printed_between(read_text):
    """My validation loss is printed every 20 steps, which breaks the bar of the whole training in pieces: every step is there."""
    states = [f"\r {b}%|██   | {b}/200 [00:10<00:10, 9.00it/s, loss={300 - b}]" for b in range(1, 201)]
    states[19::20] = [f"{state}\nval loss: {300 - n}\n" for n, state in enumerate(states[19::20])]
    log = read_text("".join(states) + "\n")
    assert points(log) == (list(range(1, 201)), [300 - b for b in range(1, 201)])
    assert len(log.get("val_loss")) == 10


@pytest.mark.parametrize("running_mean", [False, True])
def test_bars_of_epochs_with_the_losses_of_batches(read_text, running_mean):
    """Each epoch has a bar: if it shows the loss of every batch all are read, of a running mean only where each epoch ended."""
    rng = np.random.default_rng(3)
    text = ""
    for epoch in range(12):
        losses = rng.normal(3.0, 0.2, 50)
        shown = np.cumsum(losses) / np.arange(1, 51) if running_mean else losses
        states = (f"\rEpoch {epoch}: {2 * b}%|██   | {b}/50 [00:10<00:10, 9it/s, loss={x:.3f}]" for b, x in enumerate(shown, 1))
        text += "".join(states) + "\n"
    log = read_text(text)
    assert len(log.get("train_loss")) == (12 if running_mean else 600)
    assert ("progress_bars" in [n.id for n in log.notes]) is running_mean


def test_positional_lines(read_text):
    """DARTS prints numbers without names; its epoch-wise training loss is the main one."""
    block = "".join(f"2025-01-14 15:05:48,503 train {b:03d} 2.5{b}e+00 10.93 56.25\n" for b in (0, 50)) + "2025-01-14 15:10:24,159 train_loss 1.5\n"
    text = "".join(f"2025-01-14 15:05:41,656 epoch {e} lr 2.5e-02\n{block}2025-01-14 15:10:58,931 valid_loss 1.25\n" for e in range(4))
    log = read_text(text)
    assert points(log) == ([50, 150, 250, 350], [1.5] * 4)
    assert len(log.get("train_loss", "running loss")) == 8
    assert points(log, "val_loss")[1] == [1.25] * 4


def test_losses_of_a_gan_are_parts(read_text):
    """Generator and discriminator: neither is the training loss."""
    log = read_text("".join(f"(epoch: {e}, iters: 100, time: 0.2) D_A: 0.25 G_A: 0.5 cycle_A: 6.0\n" for e in range(5)))
    assert [(s.metric, s.part) for s in log.series if s.metric == "train_loss"] == [("train_loss", p) for p in ("D_A", "G_A", "cycle_A")]


def test_settings_are_no_metrics(read_text):
    """The learning rate in the settings above the log is not the first learning rate of the run."""
    text = "lr: 0.5\nnum_epochs: 30\nNamespace(lr=0.7, loss_weight=3, epochs=50, batch=3, seed=2)\n"
    log = read_text(text + "".join(f"Epoch: {e}/30\nLR: 0.00{e}\nTrain Loss: {e}.5\n" for e in range(1, 6)))
    assert points(log, "lr")[1] == [0.001, 0.002, 0.003, 0.004, 0.005]
    assert points(log)[0] == [1, 2, 3, 4, 5]


def test_resume_banner(read_text):
    """The log says that training was resumed from a checkpoint: the place is marked."""
    line = "step {s} loss {v}\n"
    text = printed(line, 6) + "Resuming from checkpoint ckpt/step60.pt\n" + printed(line)[len(printed(line, 6)) :]
    log = read_text(text)
    assert log.restarts == (70,)
    assert "resume_banner" in [n.id for n in log.notes]


def test_thousands_separators_in_steps(read_text):
    """Steps above a thousand are printed 1,000."""
    log = read_text("".join(f"[epoch:  {i}, iter: {i * 500:8,d}, lr:(2.000e-04,)] l_pix: 2.5e+0{i}\n" for i in range(1, 6)))
    assert points(log) == ([500, 1000, 1500, 2000, 2500], [25, 250, 2500, 25000, 250000])
    assert points(log, "lr")[1] == [2e-4] * 5


def test_nan_in_text(read_text):
    """The loss becomes nan and the log says so."""
    log = read_text("".join(f"step {i}: loss {'nan' if i > 3 else i / 2}\n" for i in range(8)))
    assert [n.values for n in log.notes if n.id == "nan_values"] == [{"column": "loss", "count": 4}]


def test_generated_text_between_the_lines(read_text):
    """My language model's samples stand between the lines: 'Step 2: do 3 things' is no step."""
    text = "".join(
        f"step {i:5d} | loss: {i / 4:.6f} | lr 1e-3\n" + (f"rank 0 sample: Step 2: do 3 things\n1 lemon, {i} eggs\n" if i % 5 == 2 else "")
        for i in range(40)
    )
    log = read_text(text)
    assert points(log) == (list(range(40)), [i / 4 for i in range(40)])
    assert log.restarts == ()


def test_boxes_of_a_reinforcement_learner(read_text):
    """Stable-Baselines prints boxes of names and numbers: they are no table."""
    names = {"rollout/": "", "   ep_rew_mean": "{s}", "time/": "", "   total_timesteps": "{s}"}
    names |= {"train/": "", "   loss": "{v:.4f}", "   value_loss": "12.3"}
    box = "".join(f"| {name:<20} | {value:<8} |\n" for name, value in names.items()) + "---------------------------------\n"
    log = read_text(printed("---------------------------------\n" + box))
    assert points(log) == (STEPS, pytest.approx(LOSSES))
    assert points(log, "train_loss", "value_loss")[1] == [12.3] * N


def test_results_below_a_heading(read_text):
    """The PyTorch quickstart prints the test results below "Test Error:", and the samples seen behind the loss."""
    text = ""
    for e in range(1, 4):
        text += f"Epoch {e}\n-------------\n" + "".join(f"loss: {e}.{b}  [{b * 640:>5d}/60000]\n" for b in range(5))
        text += f"Test Error: \n Accuracy: {50 + e}.5%, Avg loss: 1.{e} \n\n"
    log = read_text(text)
    assert points(log)[1] == [float(f"{e}.{b}") for e in (1, 2, 3) for b in range(5)]
    assert points(log, "val_loss")[1] == [1.1, 1.2, 1.3]
    assert points(log, "val_accuracy")[1] == [51.5, 52.5, 53.5]


def test_tensors_printed_as_python_shows_them(read_text):
    """I printed the loss tensor itself."""
    text = "".join(f"epoch {e} loss: tensor({e}.5, device='cuda:0', grad_fn=<NllLossBackward0>)\n" for e in range(1, 5))
    assert points(read_text(text))[1] == [1.5, 2.5, 3.5, 4.5]


@pytest.mark.parametrize(
    "line",
    [
        "LOG (nnet3-train[5.5]:UpdateNnetOutput():nnet-training.cc:342) Average objective function for 'output' for minibatches {s}-{s}9 is -{v:.5f}"
        " over 12800 frames.\n",
        "step {s} elbo -{v:.5f}\n",
    ],
)
def test_what_is_maximised_is_turned_round(read_text, line):
    """An objective function or an ELBO that is negative and rises is read as a loss that falls, and the log says so."""
    log = read_text(printed(line))
    assert points(log) == (STEPS, LOSSES)
    assert "maximised" in [note.id for note in log.notes]


def test_an_elbo_that_falls_is_left_as_it_is(read_text):
    """A quantity called ELBO that comes down is its negative already."""
    assert points(read_text(printed("step {s} elbo {v:.5f}\n"))) == (STEPS, LOSSES)


def test_validation_that_is_only_called_val(read_text):
    """ "loss train: 2.31, val: 2.45" gives both losses, and "val: n/a" before the first evaluation none."""
    text = printed("Epoch 1 | iter {s} step {s} | loss train: {v:.3f}, val: n/a | iter time: 12.3 ms\n", 4)
    later = zip(STEPS[4:], LOSSES[4:], strict=True)
    text += "".join(f"Epoch 1 | iter {s} step {s} | loss train: {v:.3f}, val: {v + 0.5:.3f} | iter time: 12.3 ms\n" for s, v in later)
    log = read_text(text)
    assert points(log) == (STEPS, LOSSES)
    assert points(log, "val_loss") == (STEPS[4:], [v + 0.5 for v in LOSSES[4:]])


def test_a_score_called_val_leaves_the_loss_behind_it_to_training(read_text):
    """ "train=0.81 val=0.79 loss=0.52" is a training loss beside two accuracies."""
    log = read_text("".join(f"[Epoch {i}] train=0.{10 + i} val=0.{9 + i:02d} loss={4 - 0.25 * i:.4f} time: 12.3\n" for i in range(1, N + 1)))
    assert points(log)[1] == LOSSES
    assert log.get("val_loss") is None


def test_what_an_estimator_saves_is_validation(read_text):
    """ "Saving dict for global step 1000: average_loss = 2.1" is an evaluation."""
    line = "INFO:tensorflow:Saving dict for global step {s}: accuracy = 0.5, average_loss = {v:.4f}, global_step = {s}\n"
    log = read_text(printed("INFO:tensorflow:loss = {v:.7f}, step = {s} (12.3 sec)\n" + line))
    assert points(log) == (STEPS, LOSSES)
    assert points(log, "val_loss") == (STEPS, LOSSES)


def test_a_step_that_a_sentence_names_is_no_loss(read_text):
    """ "average loss after step=9: eval_loss=2.5" holds one loss, of validation."""
    line = "completed step: {s}, seconds: 1.2, loss: {v:.3f}\naverage loss after step={s}: eval_loss={v:.3f}, total_weights=1234.0\n"
    log = read_text(printed(line))
    assert [(s.metric, s.part) for s in log.series if s.metric.endswith("loss")] == [("train_loss", ""), ("val_loss", "")]
