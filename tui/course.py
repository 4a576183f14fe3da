"""The course of the losses in a sentence each: what a healthy run is summed up with."""

from __future__ import annotations

import numpy as np

from ..engine.observe.log import Log, Series
from .phrases import Phrases

__all__ = ["course"]

ENDS = 0.02
"""Share of the points whose median stands for the end."""


def course(log: Log, words: Phrases) -> list[str]:
    """One sentence for the training loss and one for the validation loss, as far as they are in the log."""
    found = (log.get("train_loss"), log.get("val_loss"))
    return [sentence for series in found if series is not None and (sentence := _sentence(series, words))]


def _sentence(series: Series, words: Phrases) -> str:
    finite = np.isfinite(series.values)
    values, steps = series.values[finite], series.steps[finite]
    if len(values) < 2:
        return ""
    some = max(1, round(len(values) * ENDS))
    first, last = float(values[0]), float(np.median(values[-some:]))
    lowest = int(np.argmin(values))
    return words.say(
        "course_down" if last < first else "course_flat",
        metric=words.named(words.metric(series.metric)),
        first=f"{first:.3g}",
        last=f"{last:.3g}",
        low=f"{values[lowest]:.3g}",
        where=words.steps(float(steps[lowest]), None),
    )
