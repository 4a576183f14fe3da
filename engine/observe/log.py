"""A training log as every detector sees it: named series over steps, whatever file they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

METRICS = (
    "train_loss", "val_loss", "lr", "grad_norm", "weight_norm", "update_norm", "train_accuracy", "val_accuracy", "loss_scale",
    "dead_fraction", "batch_mean", "batch_std", "label_mean", "gpu_temp", "gpu_mem", "throughput", "rank_loss", "epoch", "time",
)  # fmt: skip
"""Canonical metric names (taxonomy `columns`, without `step`, which is the axis)."""


GENERATOR = re.compile(r"(?i)(?:^|[^a-z])(?:g|gen|generator|actor)(?:$|[^a-z])")
DISCRIMINATOR = re.compile(r"(?i)(?:^|[^a-z])(?:d|dis|disc|discriminator|critic)(?:$|[^a-z])")
"""How logs call the two sides of adversarial (or actor-critic) training."""


@dataclass(frozen=True, slots=True)
class Series:
    """One metric over the steps at which it was logged.

    `steps` and `values` are 1-D, equally long, in the order of the training (steps ascending unless the log itself restarts; see
    `Log.restarts`). Values may be NaN or infinite where the log says so; a value that the log merely leaves out is no point at all.
    """

    metric: str
    """Canonical name, one of `METRICS`."""
    column: str
    """What the log calls it."""
    steps: Floats
    values: Floats
    part: str = ""
    """Which of several series of this metric it is ("box_loss", "run B"); the main one has none."""

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Column:
    """How one column of the file was understood."""

    name: str
    metric: str | None
    """Canonical metric, "step", or None when the column is not used."""
    part: str = ""
    why_not: str = ""
    """For an unused column: why ("text", "constant", "unknown meaning", ...)."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading the file brought up and that its owner should know, as a message id with its values."""

    id: str
    values: dict[str, str | int | float] = field(default_factory=dict[str, "str | int | float"])


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Log:
    """A log that was read and understood."""

    source: str
    """Path or "(data)"."""
    format: str
    """Id of the reader: "csv", "jsonl", "hf_trainer", ..."""
    series: tuple[Series, ...]
    axis: Literal["step", "epoch", "row"]
    """What the steps count."""
    columns: tuple[Column, ...] = ()
    notes: tuple[Note, ...] = ()
    restarts: tuple[float, ...] = ()
    """Steps at which the log shows that training was started again (the step counter went back, or a banner said so)."""

    def get(self, metric: str, part: str | None = None) -> Series | None:
        """The series of `metric`: the one called `part`, or without `part` the main (first) one."""
        for series in self.series:
            if series.metric == metric and (part is None or series.part == part):
                return series
        return None

    @property
    def adversarial(self) -> bool:
        """Whether the losses are those of a generator and a discriminator: their levels chase each other and mean little by themselves."""
        names = [series.column for series in self.series if series.metric == "train_loss"]
        return any(GENERATOR.search(name) for name in names) and any(DISCRIMINATOR.search(name) for name in names)

    def all(self, metric: str) -> tuple[Series, ...]:
        """Every series of `metric`, main one first."""
        return tuple(series for series in self.series if series.metric == metric)
