"""A small, well-formed log in every format that can be read, made here so that no file has to be kept: format id -> bytes."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import json
import lzma
import math
import random
import struct
from collections.abc import Callable, Iterable
from typing import Any

import polars

__all__ = ["SHORT", "seeds"]

ROWS = 60
SHORT = 20
"""Rows of a log that is quickly diagnosed: just long enough for every check of a curve."""

Row = tuple[int, float, float, float, float | None]
"""Step, loss, gradient norm, learning rate, validation loss every tenth step."""


def seeds(length: int = ROWS) -> dict[str, bytes]:
    """All of them, with `length` rows. Zstandard only where a package that writes it is installed."""
    rows = _rows(length)
    made = {name: write(rows).encode() for name, write in _TEXT.items()}
    made |= {"utf16": _csv(rows).encode("utf-16"), "gb18030": _chinese(rows).encode("gb18030"), "bom": b"\xef\xbb\xbf" + _csv(rows).encode()}
    made |= {"tfevents": _tfevents(rows), "wandb_run": _wandb_run(rows), "mlflow": _mlflow(rows)}
    plain = made["csv"]
    made |= {"gzip": gzip.compress(plain, mtime=0), "bz2": bz2.compress(plain), "xz": lzma.compress(plain), "gzip_events": gzip.compress(made["tfevents"])}
    made |= _with_packages(rows, plain)
    return made


def _rows(length: int) -> list[Row]:
    chance = random.Random(7)
    return [
        (i * 10, 0.5 + 3 * math.exp(-i / 15) + 0.05 * chance.random(), 1 + chance.random(), 3e-4 * (1 - i / length), 0.7 if i % 10 == 0 else None)
        for i in range(length)
    ]


def _csv(rows: Iterable[Row]) -> str:
    return "step,loss,grad_norm,lr,val_loss\n" + "".join(f"{s},{a:.5f},{g:.4f},{r:.3e},{'' if v is None else v}\n" for s, a, g, r, v in rows)


def _chinese(rows: Iterable[Row]) -> str:
    return "".join(f"第{s}步 训练损失：{a:.4f}，学习率：{r:.2e}，梯度范数 {g:.3f}\n" for s, a, g, r, _ in rows)


def _trainer_state(rows: Iterable[Row]) -> str:
    history: list[dict[str, Any]] = []
    for s, a, g, r, v in rows:
        history.append({"epoch": s / 100, "grad_norm": g, "learning_rate": r, "loss": a, "step": s})
        if v is not None:
            history.append({"epoch": s / 100, "eval_loss": v, "eval_runtime": 3.1, "step": s})
    return json.dumps({"best_metric": None, "epoch": 6.0, "log_history": history, "max_steps": 600}, indent=2)


def _keras_bars(rows: list[Row]) -> str:
    out: list[str] = []
    epochs = len(rows) // 10
    for e in range(epochs):
        out.append(f"Epoch {e + 1}/{epochs}\n")
        for k, (_, a, *_rest) in enumerate(rows[10 * e : 10 * e + 10]):
            bar = "=" * (3 * k) + ">" + "." * (27 - 3 * k)
            out.append(f"\r{k + 1:2d}/10 [{bar}] - ETA: {9 - k}s - loss: {a:.4f} - accuracy: 0.{k}512")
        out.append(f" - val_loss: {rows[10 * e][1]:.4f} - val_accuracy: 0.5{e}\n")
    return "".join(out)


def _megatron(rows: Iterable[Row]) -> str:
    return "".join(
        f" [2024-03-01 10:00:{s // 10:02d}] iteration {s:8d}/     600 | consumed samples: {s * 8:12d} | elapsed time per iteration (ms): 512.3 | "
        f"learning rate: {r:.6E} | global batch size:     8 | lm loss: {a:.6E} | loss scale: 65536.0 | grad norm: {g:.3f} | "
        "number of skipped iterations:   0 | number of nan iterations:   0 |\n"
        for s, a, g, r, _ in rows
    )


def _tqdm(rows: list[Row]) -> str:
    return "".join(f"\r\x1b[32mEpoch 0:\x1b[0m {100 * k // len(rows):3d}%|{'█' * (k // 6)}| {k}/{len(rows)} [00:0{k % 10}<00:01, 9.1it/s, loss={a:.3f}]" for k, (_, a, *_r) in enumerate(rows)) + "\n"


def _nested(rows: Iterable[Row]) -> str:
    return json.dumps({"run": {"config": {"lr": 1e-3}, "metrics": {"train": {"loss": [a for _, a, *_r in rows]}, "val": {"loss": [0.7, 0.6]}}}})


def _wandb_export(rows: Iterable[Row]) -> str:
    head = '"Step","a-1 - loss","a-1 - loss__MIN","a-1 - loss__MAX","b-2 - loss","b-2 - loss__MIN","b-2 - loss__MAX"\n'
    return head + "".join(f'"{s}","{a:.4f}","{a:.4f}","{a:.4f}","{a + 1:.4f}","{a + 1:.4f}","{a + 1:.4f}"\n' for s, a, *_r in rows)


_TEXT: dict[str, Callable[[list[Row]], str]] = {
    "csv": _csv,
    "tsv": lambda rows: _csv(rows).replace(",", "\t"),
    "decimal_comma": lambda rows: _csv(rows).replace(",", ";").replace(".", ","),
    "markdown": lambda rows: "| epoch | train loss | val loss |\n|---|---|---|\n" + "".join(f"| {s} | {a:.3f} | {g:.3f} |\n" for s, a, g, *_r in rows),
    "blanks": lambda rows: "iter   loss   gnorm\n" + "".join(f"{s:5d}  {a:.4f}  {g:.4f}\n" for s, a, g, *_r in rows),
    "headerless": lambda rows: "".join(f"{s} {a:.4f}\n" for s, a, *_r in rows),
    "keras_csv": lambda rows: "epoch,accuracy,loss,val_accuracy,val_loss\n" + "".join(f"{s},0.5,{a},0.4,{g}\n" for s, a, g, *_r in rows),
    "lightning": lambda rows: "epoch,step,train_loss_step,val_loss\n" + "".join(f"{s // 100},{s},{a},\n{s // 100},{s},,{g}\n" for s, a, g, *_r in rows),
    "ultralytics": lambda rows: "                  epoch,         train/box_loss,         train/cls_loss,       metrics/mAP50(B),           val/box_loss\n"
    + "".join(f"{s:23d},{a:23.5f},{g:23.5f},{0.5:23},{a + 0.1:23.5f}\n" for s, a, g, *_r in rows),
    "fastai": lambda rows: "epoch,train_loss,valid_loss,accuracy,time\n" + "".join(f"{s},{a:.6f},{g:.6f},0.81,00:{s % 60:02d}\n" for s, a, g, *_r in rows),
    "wandb_export": _wandb_export,
    "runs_table": lambda rows: "Name,State,Created,loss,lr\n" + "".join(f"run-{s},finished,2024-01-01,{a},{r}\n" for s, a, _g, r, _v in rows),
    "long_form": lambda rows: "tag,step,value\n" + "".join(f"loss,{s},{a}\nlr,{s},{r}\n" for s, a, _g, r, _v in rows),
    "jsonl": lambda rows: "".join(json.dumps({"step": s, "train": {"loss": a, "grad_norm": g}, "lr": r}) + "\n" for s, a, g, r, _v in rows),
    "mmengine": lambda rows: "".join(json.dumps({"lr": r, "data_time": 0.01, "loss": a, "loss_cls": a / 2, "epoch": 1, "iter": s, "step": s}) + "\n" for s, a, _g, r, _v in rows),
    "mmdet_json": lambda rows: '{"env_info": "CUDA", "seed": null}\n'
    + "".join(json.dumps({"mode": "train", "epoch": 1, "iter": s, "lr": r, "loss": a}) + "\n" for s, a, _g, r, _v in rows),
    "trainer_state": _trainer_state,
    "keras_history": lambda rows: json.dumps({"loss": [a for _, a, *_r in rows], "val_loss": [g for _, _a, g, *_r in rows]}),
    "records": lambda rows: json.dumps([{"step": s, "loss": a, "lr": r} for s, a, _g, r, _v in rows], indent=1),
    "nested_json": _nested,
    "triples": lambda rows: json.dumps([[1.7e9 + s, s, a] for s, a, *_r in rows]),
    "hf_stdout": lambda rows: "".join(f"{{'loss': {a:.4f}, 'grad_norm': {g:.3f}, 'learning_rate': {r:.3e}, 'epoch': {s / 100:.2f}}}\n" for s, a, g, r, _v in rows),
    "nanogpt": lambda rows: "".join(f"iter {s}: loss {a:.4f}, time 135.24ms, mfu 12.10%\n" + (f"step {s}: train loss {a:.4f}, val loss {v:.4f}\n" if v else "") for s, a, _g, _r, v in rows),
    "llmc": lambda rows: "".join(f"s:{s} trl:{a:.4f} lr:{r:.6f} norm:{g:.2f}\n" + (f"s:{s} tel:{v:.4f}\n" if v else "") for s, a, g, r, v in rows),
    "modded": lambda rows: "".join(f"step:{s}/600 train_loss:{a:.4f} train_time:{s * 90}ms step_avg:90.00ms\n" for s, a, *_r in rows),
    "megatron": _megatron,
    "deepspeed": lambda rows: "".join(f"[2024-05-01 12:00:00,123] [INFO] [logging.py:96:log_dist] [Rank 0] step={s}, skipped=0, lr=[{r}], mom=[[0.9, 0.95]]\nsteps: {s} loss: {a:.4f} iter time (s): 0.512 samples/sec: 62.4\n" for s, a, _g, r, _v in rows),
    "fairseq": lambda rows: "".join(f'2024-01-01 00:00:00 | INFO | train_inner | {{"epoch": 1, "update": {s / 100}, "loss": "{a:.3f}", "ppl": "8.1", "num_updates": "{s}", "lr": "{r:.3e}", "gnorm": "{g:.3f}"}}\n' for s, a, g, r, _v in rows),
    "fairseq_simple": lambda rows: "".join(f"2024-01-01 00:00:00 | INFO | train_inner | epoch 001: {s:6d} / 600 loss={a:.3f}, ppl=8.1, wps=9000, num_updates={s}, lr={r:.3e}, gnorm={g:.3f}\n" for s, a, g, r, _v in rows),
    "paddle": lambda rows: "".join(f"[04/01 12:00:00] ppdet.engine INFO: Epoch: [0] [{s:4d}/600] learning_rate: {r:.6f} loss: {a:.6f} loss_cls: {a / 2:.6f} eta: 1:02:03 batch_cost: 0.51 ips: 15.6 images/s\n" for s, a, _g, r, _v in rows),
    "mmdet_text": lambda rows: "".join(f"2021-04-01 12:00:00,000 - mmdet - INFO - Epoch [1][{s}/600]\tlr: {r:.3e}, eta: 1:02:03, time: 0.5, memory: 3020, loss_cls: {a / 2:.4f}, loss: {a:.4f}, grad_norm: {g:.4f}\n" for s, a, g, r, _v in rows),
    "yolo_txt": lambda rows: "".join(f"{k}/59   3.2G  {a:.5f}  0.03  0.01  {a + 0.04:.5f}   12   640  0.5  0.4  0.45  0.25  0.05  0.03  0.01\n" for k, (_s, a, *_r) in enumerate(rows)),
    "keras_bars": _keras_bars,
    "tqdm": _tqdm,
    "chinese": _chinese,
}  # fmt: skip


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _field(number: int, value: bytes | int | float) -> bytes:
    if isinstance(value, bytes):
        return _varint(number << 3 | 2) + _varint(len(value)) + value
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    return _varint(number << 3) + _varint(value)


def _tfevents(rows: Iterable[Row]) -> bytes:
    def record(data: bytes) -> bytes:
        return struct.pack("<QI", len(data), 0) + data + b"\0\0\0\0"

    def scalar(wall: float, step: int, tag: str, value: float) -> bytes:
        return record(_varint(9) + struct.pack("<d", wall) + _field(2, step) + _field(5, _field(1, _field(1, tag.encode()) + _field(2, value))))

    start = record(_varint(9) + struct.pack("<d", 1.0) + _field(3, b"brain.Event:2"))
    return start + b"".join(scalar(s + 0.0, s, tag, value) for s, a, g, r, _v in rows for tag, value in (("train/loss", a), ("grad_norm", g), ("lr", r)))


def _wandb_run(rows: Iterable[Row]) -> bytes:
    out = b":W&B\xe1\xbe\x00"
    for s, a, g, *_r in rows:
        items = b"".join(_field(1, _field(2, k.encode()) + _field(16, json.dumps(v).encode())) for k, v in (("loss", a), ("grad_norm", g), ("_step", s)))
        data = _field(2, items + _field(2, _field(1, s)))
        out += struct.pack("<IHB", 0, len(data), 1) + data
    return out


def _mlflow(rows: Iterable[Row]) -> bytes:
    return "".join(f"1700000000{s:03d} {a} {s}\n" for s, a, *_r in rows).encode()


def _with_packages(rows: list[Row], plain: bytes) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for module in ("compression.zstd", "zstandard"):
        try:
            made["zstd"] = importlib.import_module(module).compress(plain)
        except ImportError:
            continue
        break
    file = io.BytesIO()
    polars.DataFrame({"step": [r[0] for r in rows], "loss": [r[1] for r in rows], "val_loss": [r[4] for r in rows]}).write_parquet(file)
    made["parquet"] = file.getvalue()
    return made
