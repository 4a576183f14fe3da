"""What of a diagnosis is drawn: the losses, the other metrics in which something was found, and the marks."""

from __future__ import annotations

import numpy as np

from ..engine.diagnosis import Diagnosis
from ..engine.observe.log import Log, Series
from .curve import GUTTER, Mark, Panel
from .phrases import Phrases
from .sightings import sightings
from .spans import Line, Span

__all__ = ["frameworks", "marks", "panels"]

MAIN_ROWS, STRIP_ROWS, STRIPS = 10, 3, 2

LOSSES = ("train_loss", "val_loss")

_FRAMEWORKS = {"hf": "transformers", "lightning": "lightning", "keras": "keras"}


def frameworks(log: Log | None) -> tuple[str, ...]:
    """The framework that wrote the log, as far as its format tells."""
    sign = log.format.partition("_")[0] if log else ""
    if sign == "keras" and log and log.axis != "epoch":
        return ()  # a CSVLogger counts epochs; this only has columns of the same names
    return (_FRAMEWORKS[sign],) if sign in _FRAMEWORKS else ()


def marks(diagnosis: Diagnosis) -> list[Mark]:
    """One mark for each finding with a place, numbered as in the list of findings."""
    return [
        Mark(str(seen.number), f.first_step, f.first_step if f.last_step is None else f.last_step, f.metric)
        for seen in sightings(diagnosis)
        for f in seen.findings
        if f.first_step is not None
    ]


def panels(log: Log, diagnosis: Diagnosis, words: Phrases) -> list[Panel]:
    """The losses in one panel, and below it a strip for each other metric with a finding, strongest first."""
    part = next((f.part for f in diagnosis.symptoms if f.metric in LOSSES and f.part), None)
    losses = tuple(series for metric in LOSSES if (series := log.get(metric, part) or log.get(metric)) is not None and len(series))
    found = dict.fromkeys(f.metric for f in diagnosis.symptoms if f.metric and f.metric not in LOSSES)
    others = [series for metric in found if (series := log.get(metric)) is not None and len(series)]
    if not losses and not others:
        others = [series for series in log.series[:1] if len(series)]
    drawn = [Panel(losses, _rows(losses))] if losses else []
    drawn += [Panel((series,), STRIP_ROWS if losses else MAIN_ROWS) for series in others[:STRIPS]]
    solid = (Span("   "), Span(words.say("caption.solid"), "dim"))
    return [panel._replace(caption=_caption(panel, words), caption_if_solid=solid) for panel in drawn]


def _rows(losses: tuple[Series, ...]) -> int:
    """Height of the main panel: low where there is no course to be seen."""
    finite = max(int(np.isfinite(series.values).sum()) for series in losses)
    return MAIN_ROWS if finite > 2 else STRIP_ROWS


def _caption(panel: Panel, words: Phrases) -> Line:
    """What is drawn, in the colour and the dots it is drawn with."""
    samples = ("⠒⠒⠒", "⠂⠂⠂") if words.dash == "–" else ("|||", "+++")
    styles = {"train_loss": "train", "val_loss": "val"}
    spans: list[Span] = []
    for series, sample in zip(panel.series, samples, strict=False):
        spans += [Span("   "), Span(f"{sample} ", styles.get(series.metric, "other")), Span(words.series(series.metric, series.part))]
    if panel.scale().log:
        spans += [Span("   "), Span(words.say("caption.log"), "dim")]
    if not np.isfinite(panel.series[0].values).all():
        spans += [Span("   "), Span(words.say("caption.missing"), "dim")]
    return (Span(" " * GUTTER), *spans[1:])
