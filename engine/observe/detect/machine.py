"""The machine: temperature, memory that leaks, and ranks that no longer agree."""

from __future__ import annotations

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import MEDIAN_VARIANCE, median, sigma
from ..log import Log

HOT = 88.0
"""Degrees Celsius from which data-centre GPUs throttle (A100/H100 slow down at 85 to 90)."""

LEAK = 1.3
"""GPU memory that grows by 30 % after the first fifth of a run (caches are warm by then), block after block, is leaking."""

RANKS_APART = 0.25
"""Relative distance between the highest and lowest per-rank loss that lasts: ranks see different batches, but the same model."""


def find(log: Log, out: Observed) -> None:
    """Report `hardware_alarm` and `ranks_disagree`."""
    temp = log.get("gpu_temp")
    if temp is not None and np.isfinite(temp.values).sum() >= 3:
        finite = np.isfinite(temp.values)
        values, steps = temp.values[finite], temp.steps[finite]
        hot = np.flatnonzero(values >= HOT)
        usual = float(median(values[: max(3, len(values) // 4)]))
        out.note("gpu_overheat", bool(len(hot)), "gpu_temp")
        if len(hot):
            out.findings.append(RawFinding(
                "hardware_alarm", "gpu_temp", float(steps[hot[0]]), float(steps[hot[-1]]), 0.9, "hot",
                {"peak": float(np.max(values)), "usual": usual, "step": float(steps[hot[0]])},
            ))  # fmt: skip
    memory = log.get("gpu_mem")
    if memory is not None and np.isfinite(memory.values).sum() >= 15:
        _memory(memory.steps[np.isfinite(memory.values)], memory.values[np.isfinite(memory.values)], out)
    if temp is None and memory is None:
        out.skipped.append(NotChecked("hardware_alarm", "skip.no_gpu"))
    _ranks(log, out)


def _memory(steps: np.ndarray, values: np.ndarray, out: Observed) -> None:
    """Memory in use that keeps growing, whatever its unit."""
    late = values[len(values) // 5 :]
    blocks = np.array([float(median(part)) for part in np.array_split(late, 6)])
    error = sigma(np.diff(late)) * float(np.sqrt(MEDIAN_VARIANCE * 6 / len(late)))
    if blocks[0] > 0 and blocks[-1] > LEAK * blocks[0] and float(np.mean(np.diff(blocks) > error)) >= 0.8:
        out.findings.append(RawFinding(
            "hardware_alarm", "gpu_mem", float(steps[len(values) // 5]), float(steps[-1]), 0.6, "leak",
            {"early": float(blocks[0]), "late": float(blocks[-1]), "ratio": float(blocks[-1] / blocks[0])}, "none",
        ))  # fmt: skip


def _ranks(log: Log, out: Observed) -> None:
    ranks = [s for s in log.all("rank_loss") if len(s) >= 5]
    if not ranks:
        return
    if len(ranks) == 1:
        train = log.get("train_loss")
        if train is None:
            return
        ranks = [ranks[0], train]
    length = min(len(s) for s in ranks)
    table = np.vstack([s.values[:length] for s in ranks])
    table = table[:, np.isfinite(table).all(axis=0)]
    if table.shape[1] < 5:
        return
    length = table.shape[1]
    spread = (np.max(table, axis=0) - np.min(table, axis=0)) / np.maximum(np.abs(np.mean(table, axis=0)), 1e-12)
    window = max(3, length // 10)
    smooth = np.convolve(spread, np.ones(window) / window, mode="valid")
    early = float(median(smooth[: max(1, len(smooth) // 5)]))
    apart = np.flatnonzero(smooth > max(RANKS_APART, 3 * early))
    out.note("ranks_disagree", bool(len(apart)), "rank_loss")
    if len(apart):
        at = float(ranks[0].steps[int(apart[0])])
        out.findings.append(RawFinding(
            "ranks_disagree", "rank_loss", at, float(ranks[0].steps[length - 1]), 0.8, "ranks",
            {"percent": 100 * float(smooth[apart].max()), "step": at},
        ))  # fmt: skip
