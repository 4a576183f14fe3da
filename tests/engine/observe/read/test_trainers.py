"""What trainers print and write, in miniature: which number is the loss, of which phase, at which step."""
# ruff: noqa: E501 -- a line of a log is as long as it is

from __future__ import annotations

import json

import pytest

LOSSES = [round(3.0 - 0.05 * i, 3) for i in range(20)]


def lines(line, n=20):
    """A line for each of the first `n` losses; `line` gets index, loss, and a validation loss a little above."""
    return "".join(line(i, LOSSES[i], round(LOSSES[i] + 0.4, 3)) for i in range(n))


def summary(log):
    """Metric -> (steps, values) of its main series, and the kind of the axis."""
    return {s.metric: (s.steps.tolist(), s.values.tolist()) for s in log.series if not s.part}, log.axis


def test_progress_bars_called_steps(read_text):
    """diffusers and kohya: the percentage behind "Steps:" is no step, the count in the bar is one."""
    text = "".join(f"\rSteps: {5 * i:3d}%|██   | {10 * i}/200 [00:1{i % 10}<01:02,  1.5it/s, lr=1e-5, step_loss={v}]" for i, v in enumerate(LOSSES))
    found, axis = summary(read_text(text + "\n"))
    assert axis == "step"
    assert found["train_loss"] == ([10 * i for i in range(20)], LOSSES)


def test_epoch_before_a_count(read_text):
    """timm: "Train: 3 [ 50/100" is epoch 3; the speed "2901.01/s" is no step."""
    text = ""
    for e in range(5):
        text += "".join(
            f"Train: {e} [{b:4d}/1251 ({b // 13:3d}%)]  Loss: {LOSSES[2 * e + (b > 0)]:.3f} (3.1)  Time: 0.352s, 2901.01/s  (0.355s, 2880.10/s)  LR: 1e-3\n"
            for b in (0, 1250)
        )
        text += f"Test: [  48/48]  Time: 0.112 (0.212)  Loss:   {LOSSES[e] + 1:.3f} (3.0)  Acc@1:  {20 + e}.000 (19.0)\n *   Acc@1 {30 + e}.000 Acc@5 60.000\n"
    found, axis = summary(read_text(text))
    assert axis == "step"
    assert found["train_loss"][1] == LOSSES[:10]
    assert len(found["val_loss"][0]) == 5
    assert found["val_accuracy"][1] == [30, 31, 32, 33, 34]
    assert "train_accuracy" not in found


def test_results_below_a_heading_without_a_colon(read_text):
    """Coqui: what stands below "EVAL PERFORMANCE" belongs to the validation; a date behind "TIME:" is no time."""
    text = ""
    for e in range(5):
        text += f"> TRAINING (2023-05-01 12:00:00)\n --> TIME: 2023-05-01 12:00:01 -- STEP: 0/10 -- GLOBAL_STEP: {10 * e}\n | > loss: {LOSSES[e]}  ({LOSSES[e]})\n"
        text += f"\n > EVALUATION \n\n --> EVAL PERFORMANCE\n | > avg_loss: {LOSSES[e] + 1:.3f} (-0.0123)\n\n"
    found, _ = summary(read_text(text))
    assert found["train_loss"] == ([0, 10, 20, 30, 40], LOSSES[:5])
    assert found["val_loss"][1] == [round(v + 1, 3) for v in LOSSES[:5]]
    assert "time" not in found


def test_an_evaluation_that_counts_its_own_steps(read_text):
    """Paddle: "step 20/20" below "Eval begin..." is no step of the training."""
    text = ""
    for e in range(5):
        text += f"Epoch {e + 1}/5\n" + "".join(f"step {b}/100 - loss: {LOSSES[2 * e + b // 100]} - acc: 0.8 - 20ms/step\n" for b in (50, 100))
        text += f"Eval begin...\nstep 20/20 - loss: {LOSSES[e] + 1:.3f} - acc: 0.7 - 10ms/step\nEval samples: 10000\n"
    found, axis = summary(read_text(text))
    assert axis == "step"
    assert found["train_loss"] == ([50 * (i + 1) for i in range(10)], LOSSES[:10])
    assert len(found["val_loss"][0]) == len(found["val_accuracy"][0]) == 5


@pytest.mark.parametrize("prefix", ["[rank{r}] ", "[rank {r}] INFO ", "{r}: ", "2024-05-01 12:00:00 rank={r} "])
def test_lines_of_several_processes(read_text, prefix):
    """Every process prints every step: the first one is the log, the others' losses are rank losses."""
    text = "".join(prefix.format(r=r) + f"step {10 * i} loss {v + r} lr 1e-4\n" for i, v in enumerate(LOSSES) for r in (0, 1, 2))
    log = read_text(text)
    found, axis = summary(log)
    assert axis == "step"
    assert found["train_loss"] == ([10 * i for i in range(20)], LOSSES)
    assert [len(s) for s in log.all("rank_loss")] == [20, 20]
    assert "several_ranks" in [n.id for n in log.notes]


def test_a_loss_repeated_without_its_step(read_text):
    """Caffe prints the loss of a step twice; the second line has no step and is no point of its own."""
    text = lines(
        lambda i, a, _: (
            f"Iteration {10 * i} (9.1 iter/s, 1.1s/10 iters), loss = {a}\n    Train net output #0: loss = {a + 0.1:.3f} (* 1 = 1 loss)\nIteration {10 * i}, lr = 0.01\n"
        )
    )
    found, axis = summary(read_text(text))
    assert axis == "step"
    assert found["train_loss"] == ([10 * i for i in range(20)], LOSSES)


@pytest.mark.parametrize("line", ["Train loss {s} {a:.6f} Grad Norm 1.234567 1.23s/it\n", "Train loss {s}: {a:9f}\n"])
def test_a_step_between_name_and_value(read_text, line):
    """Tacotron 2: the whole number behind "Train loss" is the step, the next one the loss."""
    found, axis = summary(read_text(lines(lambda i, a, _: line.format(s=100 * i, a=a))))
    assert axis == "step"
    assert found["train_loss"] == ([100 * i for i in range(20)], LOSSES)


def test_a_name_behind_its_number(read_text):
    """Darknet: "2.45 avg loss" names the loss behind it."""
    found, axis = summary(
        read_text(lines(lambda i, a, _: f"\n {i + 1}: {a + 1:.3f}, {a:.3f} avg loss, 0.001000 rate, 1.23 seconds, {64 * i} images\n"))
    )
    assert axis == "step"
    assert found["train_loss"] == ([i + 1 for i in range(20)], LOSSES)


def test_counters_glued_to_their_unit(read_text):
    """ESPnet: "3epoch:train:1-100batch:"; Levanter: "10it/1000it"."""
    espnet = "".join(
        f"[host] INFO: {e}epoch:train:{b - 49}-{b}batch: iter_time=1e-4, loss={LOSSES[2 * e + b // 50 - 3]}, grad_norm=1.2\n"
        for e in (1, 2, 3)
        for b in (50, 100)
    )
    found, axis = summary(read_text(espnet))
    assert axis == "step"
    assert found["train_loss"] == ([50, 100, 150, 200, 250, 300], LOSSES[:6])
    bar = lines(lambda i, a, _: f"Progress on:train {10 * i}it/1000it rate:1.2it/s remaining:10:00 elapsed:01:0{i % 10} postfix:loss={a}\n")
    found, axis = summary(read_text(bar))
    assert axis == "step"
    assert found["train_loss"] == ([10 * i for i in range(20)], LOSSES)


def test_abbreviated_phases(read_text):
    """ "Val. Loss:" is the validation loss, "CV" lines are validation."""
    found, _ = summary(
        read_text(
            lines(
                lambda i, a, b: f"Epoch: {i:02d} | Epoch Time: 0m 36s\n\tTrain Loss: {a} | Train PPL: 120.1\n\t Val. Loss: {b} |  Val. PPL: 130.2\n"
            )
        )
    )
    assert found["train_loss"][1] == LOSSES
    assert len(found["val_loss"][1]) == 20
    found, _ = summary(read_text(lines(lambda i, a, b: f"TRAIN Epoch {i} loss {a} rank 0\nCV Epoch {i} loss {b} rank 0\n")))
    assert (found["train_loss"][1], len(found["val_loss"][1])) == (LOSSES, 20)


def test_times_and_dates_are_no_numbers(read_text):
    """Dates, clock times and durations anywhere in a line, and the names of loggers in front of it."""
    text = lines(
        lambda i, a, _: (
            f'INFO:my-test:time="2024-05-01T12:00:{i + 10}Z" step={i} loss={a} eta=0:12:{i + 10} since 2024/05/{i + 10} elapsed=1:02:03.456\n'
        )
    )
    log = read_text(text)
    assert [(s.metric, s.column) for s in log.series] == [("train_loss", "loss")]
    assert log.get("train_loss").values.tolist() == LOSSES


def test_table_with_blanks_in_its_names(read_text):
    """spaCy heads its table with names of two words; skorch draws a rule below the header."""
    head = "E    #       LOSS TOK2VEC  LOSS NER  ENTS_F  SCORE \n---  ------  ------------  --------  ------  ------\n"
    log = read_text(
        "ℹ Pipeline: ['tok2vec', 'ner']\n" + head + lines(lambda i, a, b: f"{i:3d}  {200 * i:6d}  {a:12.2f}  {b:8.2f}   {50 + i:5.2f}    0.51\n")
    )
    assert {s.column: len(s) for s in log.all("train_loss")} == {"LOSS TOK2VEC": 20, "LOSS NER": 20}
    skorch = "  epoch    train_loss    valid_loss     dur\n-------  ------------  ------------  ------\n"
    found, axis = summary(read_text(skorch + lines(lambda i, a, b: f"{i + 1:7d}        \x1b[36m{a:.4f}\x1b[0m        {b:.4f}  0.12\n")))
    assert (axis, found["train_loss"][1], len(found["val_loss"][1])) == ("epoch", LOSSES, 20)


def test_yolov5_results(read_text):
    """A name with a colon and a number in it ("mAP_0.5:0.95") is a name all the same; leading blanks are none of it."""
    head = "               epoch,      train/box_loss,      train/obj_loss,     metrics/mAP_0.5,metrics/mAP_0.5:0.95,        val/box_loss,               x/lr0\n"
    log = read_text(
        head + lines(lambda i, a, b: f"{i:20d},{a:20.3f},{a / 2:20.4f},                 0.5,                 0.3,{b:20.3f},                0.01\n")
    )
    assert [(s.metric, s.part) for s in log.series] == [("train_loss", "box_loss"), ("train_loss", "obj_loss"), ("val_loss", ""), ("lr", "")]


def test_a_drawn_table_with_a_header_for_every_row(read_text):
    """PrettyTable, printed anew each epoch: the header that comes again is no restart."""
    rule = "+-------+-------+----------+\n"
    log = read_text(lines(lambda i, a, b: f"{rule}| epoch | loss  | val_loss |\n{rule}| {i:5d} | {a:.3f} | {b:.3f}    |\n{rule}"))
    assert summary(log)[0]["train_loss"] == (list(range(20)), LOSSES)
    assert log.restarts == ()


def test_a_table_inside_a_report(read_text):
    """A Markdown table of two columns with text above and below it."""
    text = "# Run A\n\nSome words about 3 runs.\n\n| step | loss |\n|---|---|\n" + lines(lambda i, a, _: f"| {10 * i} | {a} |\n") + "\nDone.\n"
    assert summary(read_text(text))[0]["train_loss"] == ([10 * i for i in range(20)], LOSSES)


@pytest.mark.parametrize("above", ["# experiment: foo\n# lr: 0.001\nExported by tool v1.2\n", "sep=,\n", "Results of run 7\n\n"])
def test_lines_above_the_header(read_text, above):
    """Comments, a line for a spreadsheet, a title."""
    assert summary(read_text(above + "step,loss,lr\n" + lines(lambda i, a, _: f"{10 * i},{a},0.1\n")))[0]["train_loss"] == (
        [10 * i for i in range(20)],
        LOSSES,
    )


def test_a_counter_of_an_unknown_name(read_text):
    """A column that goes up in equal whole steps is the axis when no known counter is there."""
    log = read_text("schritt;loss\n" + lines(lambda i, a, _: f"{10 * i};{str(a).replace('.', ',')}\n"))
    assert (log.axis, log.get("train_loss").steps.tolist()[:3]) == ("step", [0, 10, 20])


def test_units_and_totals_in_cells(read_text):
    """ "3/10" in the column of the epoch, "12,345 MB", "No log"."""
    head = "epoch,gpu_mem (MB),loss,Time (s),val loss\n"
    found, axis = summary(read_text(head + lines(lambda i, a, b: f'{i + 1}/20,"12,{300 + i} MB",{a},1.5s,{b if i % 5 == 4 else "No log"}\n')))
    assert axis == "epoch"
    assert found["train_loss"] == ([i + 1 for i in range(20)], LOSSES)
    assert found["gpu_mem"][1][0] == 12300
    assert found["time"][1][0] == 1.5
    assert len(found["val_loss"][0]) == 4


def test_a_row_for_each_phase(read_text):
    """One row for training, one for validation, and a column that says which; in English and Chinese."""
    for head, train, val in (("epoch,phase,loss,accuracy\n", "train", "val"), ("轮次,阶段,损失,准确率\n", "训练", "验证")):
        found, axis = summary(read_text(head + lines(lambda i, a, b, t=train, v=val: f"{i},{t},{a},0.8\n{i},{v},{b},0.7\n")))
        assert axis == "epoch"
        assert found["train_loss"][1] == LOSSES
        assert len(found["val_loss"][0]) == len(found["val_accuracy"][0]) == 20


def test_only_the_phases_are_named(read_text):
    """ "train: 3.0 val: 3.4" are losses, unless they rise as accuracies do."""
    found, _ = summary(read_text(lines(lambda i, a, b: f"[epoch {i}] train: {a}  val: {b}\n")))
    assert (found["train_loss"][1], len(found["val_loss"][1])) == (LOSSES, 20)


def test_data_frames_as_json(read_text):
    """pandas to_json: columns of numbered cells, and names apart from the rows."""
    columns = json.dumps({"loss": {str(i): v for i, v in enumerate(LOSSES)}, "val_loss": {str(i): v + 1 for i, v in enumerate(LOSSES)}})
    split = json.dumps({"columns": ["epoch", "loss"], "index": list(range(20)), "data": [[i, v] for i, v in enumerate(LOSSES)]})
    for text in (columns, split):
        assert read_text(text).get("train_loss").values.tolist() == LOSSES


def test_step_and_total_in_one_key(read_text):
    """swift: "global_step/max_steps": "10/200"; a unit in brackets behind the name."""
    log = read_text(
        lines(
            lambda i, a, _: (
                json.dumps({"loss": a, "memory(GiB)": 20.1, "lr(LinearWarmup)": 0.1, "epoch": i / 7, "global_step/max_steps": f"{10 * i}/200"}) + "\n"
            )
        )
    )
    assert (log.axis, log.get("train_loss").steps.tolist()[-1]) == ("step", 190)
    assert {"gpu_mem", "lr"} <= {s.metric for s in log.series}


def test_nameless_times(read_text):
    """Without a header a column of seconds since 1970 is no loss."""
    assert read_text(lines(lambda i, a, _: f"{10 * i},{1700000000000 + i},{a}\n")).get("train_loss").values.tolist() == LOSSES


def test_traditional_characters(read_text):
    """訓練損失 and 驗證損失 are read like 训练损失 and 验证损失, in lines and in tables."""
    line = lines(lambda i, a, b: f"第{i + 1}輪 訓練損失: {a} 驗證損失: {b} 準確率: 85.1%\n")
    table = "輪次,訓練損失,驗證損失\n" + lines(lambda i, a, b: f"{i + 1},{a},{b}\n")
    for text in (line, table):
        found, axis = summary(read_text(text))
        assert axis == "epoch"
        assert (found["train_loss"][1], len(found["val_loss"][1])) == (LOSSES, 20)


@pytest.mark.parametrize("wrap", [{"stream": "stdout", "time": "2024-05-01T12:00:00.1Z"}, {"severity": "INFO", "timestamp": "2024-05-01T12:00:00Z"}])
def test_printed_lines_wrapped_by_a_container(read_text, wrap):
    """Docker and cloud logs hold what was printed in a field of a record."""
    key = "log" if "stream" in wrap else "message"
    found, axis = summary(read_text(lines(lambda i, a, _: json.dumps({key: f"step {10 * i} loss {a} lr 1e-4\n", **wrap}) + "\n")))
    assert axis == "step"
    assert found["train_loss"] == ([10 * i for i in range(20)], LOSSES)


def test_workers_of_ray(read_text):
    """ "(RayTrainWorker pid=1234, ip=10.0.0.1)" in front of a line says whose it is."""
    text = "".join(f"\x1b[36m(RayTrainWorker pid={1234 + r}, ip=10.0.0.{r})\x1b[0m step {10 * i} loss {v + r}\n" for i, v in enumerate(LOSSES) for r in (0, 1))
    log = read_text(text)
    assert log.get("train_loss").values.tolist() == LOSSES
    assert len(log.all("rank_loss")) == 1
