"""A program of its own: runs snippets beside a small model, and prints which fail and where, as JSON.

Reads a JSON list of snippets from standard input; writes a list with null for each that ran (or could not be tried) and
[line, reason] for each that failed. It is started with a fresh interpreter in an empty folder, so that a snippet can do no harm.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import json
import signal
import sys
import traceback
from importlib import import_module
from typing import Any

SECONDS = 20
"""Longest that one snippet may run; longer means that it trains in earnest, which is no fault."""

FAULTS = (AttributeError, TypeError, ImportError, NameError)
"""What only the snippet itself can be blamed for. Shapes, files, devices and values are the reader's."""


class _TooLongError(Exception):
    """The snippet was stopped."""


def world() -> dict[str, Any]:
    """What a reader has around a snippet: PyTorch under its usual names, a model, an optimizer, some batches, and a training loop."""
    torch: Any = import_module("torch")
    nn: Any = torch.nn
    data_tools: Any = import_module("torch.utils.data")
    functional: Any = import_module("torch.nn.functional")

    class Net(nn.Module):
        def __init__(self) -> None:
            nn.Module.__init__(self)
            self.backbone = nn.Sequential(nn.Linear(8, 16), nn.ReLU())
            self.head = nn.Linear(16, 4)

        def forward(self, x: Any) -> Any:
            return self.head(self.backbone(x[0] if isinstance(x, tuple | list) else x))

    class Data(data_tools.TensorDataset):
        transform = None

        @property
        def targets(self) -> Any:
            return self.tensors[1]

    def train_step(*_: Any) -> Any:
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss

    def compute_loss(net: Any, batch: Any) -> Any:
        return criterion(net(batch[0]), batch[1])

    def number(*_: Any, **__: Any) -> float:
        return 0.5

    torch.manual_seed(0)
    model = Net()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    data = Data(torch.randn(64, 8), torch.randint(0, 4, (64,)))
    loader = data_tools.DataLoader(data, batch_size=8)
    inputs, targets = next(iter(loader))
    criterion = nn.CrossEntropyLoss()
    train_step()

    return {
        "torch": torch, "nn": nn, "F": functional, "DataLoader": data_tools.DataLoader, "Dataset": data_tools.Dataset,
        "Subset": data_tools.Subset,
        "model": model, "optimizer": optimizer, "scheduler": torch.optim.lr_scheduler.LambdaLR(optimizer, number),
        "scaler": torch.amp.GradScaler("cpu"), "criterion": criterion, "loss_fn": criterion,
        "compute_loss": compute_loss, "build_model": Net,
        "train_set": data, "val_set": data, "dataset": data, "loader": loader, "train_loader": loader, "val_loader": loader,
        "inputs": inputs, "targets": targets, "batch": (inputs, targets), "batches": iter(loader), "x": inputs, "y": targets, "labels": targets,
        "logits": model(inputs), "loss": criterion(model(inputs), targets), "device": torch.device("cpu"), "train_step": train_step,
        "train_one_epoch": number, "validate": number, "evaluate": number, "losses": [0.9, 0.5, 0.4], "val_losses": [1.0, 0.7, 0.8],
        "step": 100, "epoch": 1, "epochs": 1, "total_steps": 40, "steps_per_epoch": 8, "accumulation_steps": 2, "num_classes": 4,
        "batch_size": 8, "base_lr": 1e-3, "lr": 1e-3, "max_epochs": 1, "warmup_steps": 10, "bad_step": 3, "onset": 3, "start_step": 0,
    }  # fmt: skip


def unknown_names(code: str, known: set[str]) -> set[str]:
    """Names that a snippet uses and neither makes nor finds in the world."""
    tree = ast.parse(code)
    made: set[str] = set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            made.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            made.add(node.name)
    return used - made - known - set(dir(builtins))


def run(code: str) -> list[object] | None:
    """Line and reason of the fault, or None."""
    around = world()
    if unknown_names(code, set(around)):
        return None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), _limit():
            exec(compile(code, "snippet", "exec"), around)  # noqa: S102 - our own code, in a process of its own
    except FAULTS as error:
        if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("torch."):
            return None
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "snippet"]
        return [lines[-1] if lines else 1, f"{type(error).__name__}: {error}"]
    except BaseException:
        return None
    return None


@contextlib.contextmanager
def _limit() -> Any:
    def stop(*_: object) -> None:
        raise _TooLongError

    alarm = getattr(signal, "SIGALRM", None)
    if alarm is None:
        yield
        return
    signal.signal(alarm, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    results = [run(code) for code in json.loads(sys.stdin.read())]
    sys.stdout.write(json.dumps(results))
