"""Long series for detectors: a bounded number of its own points, among them everything extraordinary; and back to the exact step.

A series of more than `MAX_POINTS` points is cut into as many blocks. Each is spoken for by its median point, or by its highest or lowest
one where that stands out from the noise inside the blocks: as if the run had been logged more rarely, and its spikes all the same. What
the detectors find in it is then placed on the full series (`refine`).
"""

from __future__ import annotations

from dataclasses import replace
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from ..finding import Observed, RawFinding
from .curve import MAD_TO_SIGMA, MAX_POINTS, median, quantiles, row_medians, running_median, sigma
from .log import Floats, Log, Series

__all__ = ["brief", "envelope", "refine"]

STANDS_OUT = 8.0
"""An extreme this many times the noise inside its block away from the level around it is extraordinary: the greatest of ten million
normal values reaches 5.3."""
TAIL = 4.0
"""And it is beyond the usual extreme by this many times the distance from the middle one to the 95th percentile of all blocks' extremes."""
SEVERAL = 0.05
"""In more blocks than this share nothing is extraordinary any more; the greatest ones count."""
NEAR = 9
"""Blocks whose middle one says what is normal there: an excursion may fill a block or two."""
SAMPLE = 64
"""Points of a block from which its noise is measured."""
PLACED = frozenset({"loss_spike", "loss_surge", "loss_divergence", "jump_at_resume", "grad_norm_spike", "val_only_bad"})
"""Findings that begin at one step."""
BEFORE = 256
"""Points before an excursion that say what was normal."""


def envelope(series: Series) -> Series:
    """`series` itself if it is short; otherwise at most twice `MAX_POINTS` of its points, in their order, the first and the last among them."""
    n = len(series)
    if n <= MAX_POINTS:
        return series
    size = -(-n // MAX_POINTS)
    whole = n // size * size
    chosen = _speakers(series.values[:whole].reshape(-1, size))
    if whole < n:
        chosen = np.concatenate([chosen, whole + _speakers(series.values[whole:].reshape(1, -1))])
    chosen = _distinct(np.concatenate([chosen, [0, n - 1]]))
    return replace(series, steps=series.steps[chosen], values=series.values[chosen])


_latest: list[tuple[ref[Log], Log]] = []
"""The long log that `brief` was last asked for, and its answer: detectors and pictures ask for the same one."""


def brief(log: Log) -> Log:
    """`log` with the envelopes of its series: all that a detector or a picture needs. A log of short series is handed back as it is."""
    if all(len(series) <= MAX_POINTS for series in log.series):
        return log
    for seen, answer in _latest:
        if seen() is log:
            return answer
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool:
        answer = replace(log, series=tuple(pool.map(envelope, log.series)))
    _latest[:] = [(ref(log), answer)]
    return answer


def _speakers(blocks: Floats) -> NDArray[np.int64]:
    """Indices into the flattened `blocks` of the points that speak for each row."""
    count, size = blocks.shape
    begin = np.arange(count, dtype=np.int64) * size
    sound = np.isfinite(blocks)
    broken = np.flatnonzero(~sound.all(axis=1))
    if len(broken):
        whole = np.flatnonzero(sound.all(axis=1))
        out = [begin[broken] + sound[broken].argmin(axis=1)]
        for row in broken[sound[broken].any(axis=1)].tolist():
            inside = np.flatnonzero(sound[row])
            out.append(begin[row] + inside[_speakers(blocks[row, inside][None, :])])
        if len(whole):
            some = _speakers(blocks[whole])
            out.append(begin[whole[some // size]] + some % size)
        return _distinct(np.concatenate(out))
    middle = np.argpartition(blocks, size // 2, axis=1)[:, size // 2]
    rows: NDArray[np.int64] = np.arange(count, dtype=np.int64)
    level = blocks[rows, middle]
    chosen = middle.copy()
    positive = float(blocks.min()) > 0.0
    spaced = blocks[:, :: max(1, size // SAMPLE)]
    noise = MAD_TO_SIGMA * row_medians(np.abs(_scaled(spaced, positive) - _scaled(level, positive)[:, None]))
    around = running_median(_scaled(level, positive), NEAR)
    noise = np.maximum(running_median(noise, 25), 1e-9 * np.maximum(np.abs(around), 1e-100))
    for extreme in (blocks.argmin(axis=1), blocks.argmax(axis=1)):
        units = np.abs(_scaled(blocks[rows, extreme], positive) - around) / noise
        middling, high = quantiles(units, 0.5, 0.95)
        odd = np.flatnonzero(units > max(STANDS_OUT, middling + TAIL * (high - middling)))
        most = max(3, int(SEVERAL * count))
        if len(odd) > most:
            odd = odd[np.argsort(-units[odd], kind="stable")[:most]]
        chosen[odd] = extreme[odd]
    return begin + chosen


def _distinct(indices: NDArray[np.int64]) -> NDArray[np.int64]:
    """`indices` in ascending order, each once. `np.unique` would do, but its first call imports `numpy.ma`."""
    return np.array(sorted(set(indices.tolist())), dtype=np.int64)


def _scaled(values: Floats, positive: bool) -> Floats:
    return np.log(values) if positive else values


def refine(out: Observed, full: Log, seen: Log) -> None:
    """Place the findings made in the envelopes of `seen` on the points of `full`."""
    thinned = {(a.metric, a.part): (a, b) for a, b in zip(full.series, seen.series, strict=True) if len(a) != len(b)}
    for i, finding in enumerate(out.findings):
        pair = thinned.get((finding.metric, finding.part))
        if pair is not None and finding.id in PLACED:
            out.findings[i] = _placed(finding, *pair)


def _placed(finding: RawFinding, full: Series, seen: Series) -> RawFinding:
    """`finding` with the step at which the full series leaves its band and the one at which it is back in it."""
    at = int(np.searchsorted(seen.steps, finding.first_step))
    begin = _behind(full, float(seen.steps[max(0, at - 2)]))
    behind = _behind(full, float(seen.steps[min(len(seen) - 1, at + 2)]))
    positive = bool((full.values[max(0, begin - BEFORE) : behind] > 0).all())
    z = _scaled(full.values[max(0, begin - BEFORE) : behind], positive)
    z: Floats = np.where(np.isfinite(z), z, np.nanmax(np.where(np.isfinite(z), z, -np.inf)))
    start = min(begin, BEFORE)
    before = z[:start]
    if len(before) < 8 or start >= len(z):
        return finding
    level, noise = median(before), sigma(before)
    height = float(z[start:].max()) - level
    ceiling = level + max(4.0 * noise, 0.1 * height)
    if height <= 4.0 * noise or height <= 0.0:
        return finding
    onset = start + int(np.argmax(z[start:] >= level + 0.5 * height))
    while onset > 1 and z[onset - 1] > ceiling:
        onset -= 1
    offset = max(0, begin - BEFORE)
    first = float(full.steps[offset + onset])
    numbers = {**finding.numbers, "step": first} if "step" in finding.numbers and finding.metric != "grad_norm" else dict(finding.numbers)
    if "units" in numbers and noise > 0:
        numbers["units"] = height / noise
    last, points = _back(full, offset + onset, ceiling, positive, finding)
    if last is not None:
        numbers = {**numbers, **({"points": float(points)} if "points" in numbers else {})}
    return replace(finding, first_step=first, last_step=max(first, finding.last_step if last is None else last), numbers=numbers)


def _behind(series: Series, step: float) -> int:
    """Index of the first point after `step`."""
    return int(np.searchsorted(series.steps, step, side="right"))


def _back(full: Series, onset: int, ceiling: float, positive: bool, finding: RawFinding) -> tuple[float | None, int]:
    """Step at which a spike is over and the points it lasted; (None, 0) for what does not heal, or not soon."""
    if finding.recovery != "fast" or finding.metric == "grad_norm":
        return None, 0
    end = min(_behind(full, finding.last_step) + BEFORE, len(full))
    values = full.values[onset:end]
    over = ~np.isfinite(values) | (values > (np.exp(ceiling) if positive else ceiling))
    calm = np.flatnonzero(~over[:-1] & ~over[1:]) if len(over) > 1 else np.zeros(0, dtype=np.int64)
    if not len(calm):
        return None, 0
    return float(full.steps[onset + int(calm[0])]), int(calm[0])
