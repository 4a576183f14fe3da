"""Cases whose curves look alike: a small fingerprint of a run, and the nearest ones among any number of them.

A fingerprint is a row of `LENGTH` numbers: for each block (`BLOCKS`) a flag that says whether the log has it, then the blocks. A curve is
compared by its shape alone: on a logarithmic scale where it stays positive, measured from its median in units of its robust spread,
over the fraction of the run that has passed. Peaks have a block of their own, because the median of a stretch hides them. What the
detectors found stands beside the curves: how strongly each symptom shows, where it sets in, and how large it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from ..engine.finding import Observed
from ..engine.observe.log import Log, Series
from ..engine.reason.kernel import Value
from .store import Fingerprints

if TYPE_CHECKING:
    from .case import Case, Sign

__all__ = ["LENGTH", "Alike", "Curves", "fingerprint", "fingerprint_of", "like"]

POINTS = 24
"""Stretches of the run that a curve is summed up in."""

SYMPTOMS = (
    "loss_spike", "loss_surge", "loss_oscillation", "loss_plateau", "loss_slow", "loss_nan_inf", "loss_divergence", "overfitting_gap",
    "loss_too_low", "periodic_pattern", "jump_at_resume", "grad_norm_spike", "grad_norm_vanishing", "lr_jump", "val_only_bad",
    "constant_prediction", "loss_scale_collapse", "weight_jump", "dead_units", "hardware_alarm", "ranks_disagree", "loss_zero_tail",
)  # fmt: skip
"""Order of the symptoms in a fingerprint: new ones are added at the end, none is ever moved."""

BLOCKS: Final[dict[str, tuple[int, float]]] = {
    "train_loss": (POINTS, 1.0),
    "train_loss peaks": (POINTS, 1.0),
    "val_loss": (POINTS, 0.7),
    "grad_norm": (POINTS, 0.5),
    "grad_norm peaks": (POINTS, 0.5),
    "lr": (POINTS, 0.7),
    "symptoms": (len(SYMPTOMS), 3.0),
    "onset": (len(SYMPTOMS), 1.0),
    "size": (len(SYMPTOMS), 1.0),
}
"""Name of a block to its length and its weight. What was found counts most: it is what a person means by "alike"."""

LENGTH = len(BLOCKS) + sum(length for length, _ in BLOCKS.values())
CLIP = 4.0
"""Robust spreads beyond which a curve is simply far away."""

SHORT = 5
"""Curves with fewer finite points have no shape."""

FACTS = 0.25
"""Share of the likeness that the facts decide among the cases whose curves are nearest."""

_STARTS = dict(zip(BLOCKS, accumulate((length for length, _ in BLOCKS.values()), initial=len(BLOCKS)), strict=False))


def fingerprint(log: Log | None, seen: Observed) -> tuple[float, ...]:
    """The fingerprint of a log that was read and observed; without a log, of what was observed alone."""
    out = np.zeros(LENGTH)
    if log is not None:
        for metric in ("train_loss", "val_loss", "grad_norm", "lr"):
            series = log.get(metric)
            if series is not None and np.isfinite(series.values).sum() >= SHORT:
                level, peaks = _shape(series)
                _put(out, metric, level)
                if f"{metric} peaks" in BLOCKS:
                    _put(out, f"{metric} peaks", peaks)
    span = _span(log)
    found = [(f.id, f.strength, _fraction(f.first_step, span), _size(f.numbers)) for f in seen.findings]
    _put_findings(out, found)
    return tuple(round(float(value), 3) for value in out)


def fingerprint_of(case: Case) -> tuple[float, ...]:
    """The fingerprint that was filed with a case, or one of its symptoms when there is none."""
    if len(case.fingerprint) == LENGTH:
        return case.fingerprint
    out = np.zeros(LENGTH)
    _put_findings(out, [_sign(sign) for sign in case.symptoms])
    return tuple(round(float(value), 3) for value in out)


def _sign(sign: Sign) -> tuple[str, float, float | None, float]:
    return sign.id, 0.6 if sign.strength is None else sign.strength, None, _size(sign.numbers)


def _put(out: np.ndarray, block: str, values: np.ndarray) -> None:
    out[list(BLOCKS).index(block)] = 1.0
    out[_STARTS[block] : _STARTS[block] + BLOCKS[block][0]] = values


def _put_findings(out: np.ndarray, found: Sequence[tuple[str, float, float | None, float]]) -> None:
    strength, onset, size = np.zeros((3, len(SYMPTOMS)))
    dated = False
    for id, strong, when, large in found:
        if id in SYMPTOMS:
            at = SYMPTOMS.index(id)
            strength[at] = max(strength[at], 0.5 + 0.5 * strong)
            size[at] = max(size[at], large)
            if when is not None and not onset[at]:
                onset[at], dated = 0.2 + 0.8 * when, True
    _put(out, "symptoms", strength)
    _put(out, "size", size)
    if dated:
        _put(out, "onset", onset)


def _shape(series: Series) -> tuple[np.ndarray, np.ndarray]:
    """Level and peaks of a curve over `POINTS` stretches of the run, each about -1 to 1."""
    finite = np.isfinite(series.values)
    values, steps = series.values[finite], series.steps[finite]
    if values.min() > 0:
        values = np.log(values)
    width = float(steps[-1] - steps[0]) or 1.0
    bins = np.minimum(((steps - steps[0]) / width * POINTS).astype(int).clip(0), POINTS - 1)
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    scale = max(float(high - low) / 2.0, 1e-9)
    level, peaks = np.full(POINTS, np.nan), np.zeros(POINTS)
    for at in np.unique(bins):
        part = values[bins == at]
        level[at] = np.median(part)
        peaks[at] = part.max() - level[at]
    known = np.flatnonzero(np.isfinite(level))
    level = np.interp(np.arange(POINTS), known, level[known])
    return ((level - middle) / scale).clip(-CLIP, CLIP) / CLIP, (peaks / scale).clip(0, CLIP) / CLIP


def _span(log: Log | None) -> tuple[float, float] | None:
    ends = [(s.steps.min(), s.steps.max()) for s in log.series if len(s)] if log is not None else []
    return (float(min(first for first, _ in ends)), float(max(last for _, last in ends))) if ends else None


def _fraction(step: float, span: tuple[float, float] | None) -> float | None:
    return None if span is None or span[1] <= span[0] else float(np.clip((step - span[0]) / (span[1] - span[0]), 0.0, 1.0))


def _size(numbers: Mapping[str, float]) -> float:
    """How large a finding is, 0..1: its size in units of the noise, or its ratio, on a logarithmic scale up to a thousand."""
    size = max((abs(numbers[name]) for name in ("size_noise", "ratio") if name in numbers), default=0.0)
    return min(float(np.log10(1.0 + size)) / 3.0, 1.0) if np.isfinite(size) else 1.0


class Curves:
    """Fingerprints prepared for comparison: one product of a matrix and a vector finds the nearest of all."""

    def __init__(self, fingerprints: Fingerprints) -> None:
        """Rows of another length (written by another version) are left out."""
        matrix = np.asarray(fingerprints.matrix, dtype=np.float32)
        if matrix.ndim < 2 or matrix.shape[1] < LENGTH:
            matrix = np.full((len(fingerprints.ids), LENGTH), np.nan, dtype=np.float32)
        rows = np.flatnonzero(np.isfinite(matrix[:, :LENGTH]).all(axis=1) & np.isnan(matrix[:, LENGTH:]).all(axis=1))
        self.ids = [fingerprints.ids[at] for at in rows.tolist()]
        kept = matrix[rows, :LENGTH]
        self.has = kept[:, : len(BLOCKS)]
        self.root = np.sqrt(np.concatenate([np.full(length, weight / length, dtype=np.float32) for length, weight in BLOCKS.values()]))
        self.weights = np.array([weight for _, weight in BLOCKS.values()], dtype=np.float32)
        self.points = np.ascontiguousarray(kept[:, len(BLOCKS) :] * self.root)
        starts = [_STARTS[block] - len(BLOCKS) for block in BLOCKS]
        self.norms = np.add.reduceat(self.points**2, starts, axis=1) if len(kept) else np.zeros((0, len(BLOCKS)), dtype=np.float32)
        self.starts = starts

    def likeness(self, sought: Sequence[float]) -> np.ndarray:
        """How alike each is, 0..1: 1 less the weighted mean square difference over the blocks that both have; less when few are shared."""
        row = np.asarray(sought, dtype=np.float32)
        has, point = row[: len(BLOCKS)], row[len(BLOCKS) :] * self.root
        norms = np.add.reduceat(point**2, self.starts)
        square = self.norms @ has + self.has @ norms - 2.0 * (self.points @ point)
        shared = self.has @ (has * self.weights)
        either = self.weights.sum() - (1.0 - self.has) @ ((1.0 - has) * self.weights)
        apart = np.sqrt(np.maximum(square, 0.0) / np.maximum(shared, 1e-6))
        return np.where(shared > 0, (1.0 - np.minimum(apart, 1.0)) * (0.5 + 0.5 * shared / either), 0.0)

    def nearest(self, sought: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """The most alike: id and likeness, best first."""
        alike = self.likeness(sought)
        if not len(alike):
            return []
        best = np.argpartition(-alike, min(limit, len(alike) - 1))[:limit]
        return [(self.ids[at], float(alike[at])) for at in best[np.argsort(-alike[best], kind="stable")]]


class Alike(NamedTuple):
    """A case that is like the run at hand."""

    case: Case
    likeness: float
    """0..1."""
    shared: tuple[str, ...]
    """Facts that are the same in both."""


class Kept(Protocol):
    """Where cases with curves are kept: a store, or the shelf of reference cases."""

    def fingerprints(self) -> Fingerprints:
        """The curves of all cases."""
        ...

    def cases(self, ids: Sequence[str]) -> list[Case]:
        """The cases with these ids, in this order."""
        ...


_prepared: dict[int, tuple[np.ndarray, Curves]] = {}


def curves(kept: Kept) -> Curves:
    """The fingerprints of a store, prepared once until they change."""
    fingerprints = kept.fingerprints()
    known = _prepared.get(id(kept))
    if known is None or known[0] is not fingerprints.matrix:
        if len(_prepared) > 4:
            _prepared.clear()
        known = _prepared[id(kept)] = (fingerprints.matrix, Curves(fingerprints))
    return known[1]


def like(
    sought: Sequence[float], facts: Mapping[str, Value], sources: Sequence[Kept], *, limit: int = 10, wanted: Callable[[Case], bool] | None = None
) -> list[Alike]:
    """The cases of all `sources` whose curves, findings and facts are most like those at hand, best first."""
    found: list[Alike] = []
    for source in sources:
        near = dict(curves(source).nearest(sought, 4 * limit))
        for case in source.cases(list(near)):
            if wanted is not None and not wanted(case):
                continue
            likeness = near[case.id]
            both = {fact for fact in case.facts if fact in facts}
            shared = tuple(sorted(fact for fact in both if case.facts[fact] == facts[fact]))
            by_facts = len(shared) / len(both) if both else 0.5
            found.append(Alike(case, (1.0 - FACTS) * likeness + FACTS * by_facts, shared))
    return sorted(found, key=lambda alike: -alike.likeness)[:limit]
