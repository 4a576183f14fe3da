"""The machine: temperature, memory, and ranks that no longer agree."""

from __future__ import annotations

import numpy as np

from ...finding import Observed, RawFinding
from ..log import Log

HOT = 88.0
"""Degrees Celsius from which data-centre GPUs throttle (A100/H100 slow down at 85 to 90)."""

RANKS_APART = 0.25
"""Relative distance between the highest and lowest per-rank loss that lasts: ranks see different batches, but the same model."""


def find(log: Log, out: Observed) -> None:
    """Report `hardware_alarm` and `ranks_disagree`."""
    temp = log.get("gpu_temp")
    if temp is not None and np.isfinite(temp.values).sum() >= 3:
        finite = np.isfinite(temp.values)
        values, steps = temp.values[finite], temp.steps[finite]
        hot = np.flatnonzero(values >= HOT)
        usual = float(np.median(values[: max(3, len(values) // 4)]))
        out.note("gpu_overheat", bool(len(hot)), "gpu_temp")
        if len(hot):
            out.findings.append(RawFinding(
                "hardware_alarm", "gpu_temp", float(steps[hot[0]]), float(steps[hot[-1]]), 0.9, "hot",
                {"peak": float(np.max(values)), "usual": usual, "step": float(steps[hot[0]])},
            ))  # fmt: skip
    _ranks(log, out)


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
    early = float(np.median(smooth[: max(1, len(smooth) // 5)]))
    apart = np.flatnonzero(smooth > max(RANKS_APART, 3 * early))
    out.note("ranks_disagree", bool(len(apart)), "rank_loss")
    if len(apart):
        at = float(ranks[0].steps[int(apart[0])])
        out.findings.append(RawFinding(
            "ranks_disagree", "rank_loss", at, float(ranks[0].steps[length - 1]), 0.8, "ranks",
            {"percent": 100 * float(smooth[apart].max()), "step": at},
        ))  # fmt: skip
