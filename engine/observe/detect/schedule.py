"""The learning rate as it was logged: its shape, and jumps that no warm-up explains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..log import Log

JUMP = 1.5
"""A rise of the learning rate by half in one interval outside warm-up; cosine and step schedules never do that."""


FLAT = 1e-3
"""A rate that varies by less than this share is constant: formatting, not a schedule."""

COSINE = 0.05
"""A cosine decay stays this close to half a cosine wave, as a share of the peak; a straight line is off by a tenth."""

WAVE_POINTS = 20_000
"""So many points of a schedule show the shape of its decay."""

STAIRS = 0.3
"""A warm-up in stairs (one an epoch) is over within this share of the run."""


def find(log: Log, out: Observed) -> None:
    """Report `lr_jump`, and read the schedule off the log."""
    series = log.get("lr")
    if series is None or len(series) < 3:
        out.skipped.append(NotChecked("lr_jump", "skip.no_lr"))
        return
    finite = np.isfinite(series.values)
    if np.count_nonzero(finite) < 3:
        return
    values, steps = (series.values, series.steps) if finite.all() else (series.values[finite], series.steps[finite])
    out.note("learning_rate", float(np.max(values)), "lr")
    shape = _shape(values)
    if shape:
        out.note("lr_schedule", shape, "lr")
    peak = int(np.argmax(values >= 0.99 * values.max()))
    out.note("lr_course", _course(values), "lr")
    head = values[: peak + 1]
    warm = bool(values[0] < 0.5 * values.max() and (_rises(head) or (peak <= STAIRS * len(values) and _climbs_stairs(head))))
    if values[0] > 0 or warm:
        out.note("warmup_used", warm, "lr")
    _jump(values, steps, peak if warm else 0, out)


def _course(values: np.ndarray) -> str:
    """What the learning rate does over the run as a whole."""
    top = float(values.max())
    if top <= 0:
        return "zero"
    if _holds(values, top):
        return "constant"
    peak = int(np.argmax(values))
    if float(np.mean(values < 0.02 * top)) > 0.5:
        return "dies_early"
    if peak >= 0.9 * len(values) and values[0] < 0.5 * top:
        return "rises_throughout"
    steps = np.diff(values)
    if peak > 0.3 * len(values) or np.any(steps[max(peak, 1) :] > 0.3 * top):
        return "jumps"
    return "decays"


def _rises(head: np.ndarray) -> bool:
    """Whether the head of a schedule climbs in several steps, as a warm-up does, and not in a single leap."""
    return len(head) >= 3 and float(np.mean(np.diff(head) > 0)) > 0.9


def _climbs_stairs(head: np.ndarray) -> bool:
    """Whether the head climbs in equal stairs, as a warm-up does that is set once an epoch and logged every step."""
    stairs = np.diff(head)
    stairs = stairs[stairs != 0.0]
    return len(stairs) >= 2 and bool(stairs.min() > 0.0) and float(stairs.max()) < 1.5 * float(stairs.min())


def _shape(values: np.ndarray) -> str | None:
    """Kind of schedule, as the `lr_schedule` fact names it; None when the log is too short to tell."""
    if len(values) < 5:
        return None
    top = float(values.max())
    if top <= 0:
        return None
    if _holds(values, top):
        return "none"
    steps = np.diff(values)
    leaps = np.flatnonzero(steps > 0.3 * top)
    if len(leaps) and leaps[-1] > len(values) // 20:
        return "cyclic_or_restart" if len(leaps) >= 2 else None
    peak = int(np.argmax(values))
    if 2 <= peak <= 0.3 * len(values) and values[0] < 0.5 * top:
        return "warmup_decay"
    changes = np.abs(steps) > 1e-6 * top
    if changes.mean() < 0.1:
        return "step"
    some = values[:: max(1, len(values) // WAVE_POINTS)]
    half_wave = float(values.min()) + np.ptp(values) * (1 + np.cos(np.linspace(0, np.pi, len(some)))) / 2
    return "cosine" if float(np.abs(some - half_wave).max()) < COSINE * top else None


def _holds(values: np.ndarray, top: float) -> bool:
    """Whether the rate stays at one value, at the latest after a warm-up."""
    settled = values[int(np.argmax(values >= (1 - FLAT) * top)) :]
    return len(settled) >= 0.7 * len(values) and float(np.ptp(settled)) < FLAT * top


def _jump(values: np.ndarray, steps: np.ndarray, warm_end: int, out: Observed) -> None:
    top, begin = float(values.max()), max(warm_end, 1)
    leaps = begin + np.flatnonzero((values[begin + 1 :] > (JUMP - 0.01) * values[begin:-1]) & (values[begin + 1 :] > 0.02 * top))
    before, after = values[leaps], values[leaps + 1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(before > 0, after / np.maximum(before, 1e-300), np.where(after > 0, np.inf, 1.0))
    sharp = ratio >= JUMP
    leaps, before, after, ratio = leaps[sharp], before[sharp], after[sharp], ratio[sharp]
    if len(leaps) == 0:
        if float(np.ptp(values)) >= 0 and len(values) >= 10:
            out.note("lr_changed_at_onset", False, "lr")
        return
    first = int(leaps[0])
    step = float(steps[first + 1])
    numbers = {
        "ratio": float(min(ratio[0], 1e6)), "before": float(before[0]), "after": float(after[0]),
        "step": step, "count": float(len(leaps)),
    }  # fmt: skip
    record = float(after[0]) > 1.2 * float(values[: first + 1].max())
    restarts = len(leaps) >= 2 and not record
    if restarts:
        _excuse(steps[leaps + 1], float(np.median(np.diff(steps))), out)
    out.findings.append(RawFinding(
        "lr_jump", "lr", step, step, 0.9 if record else 0.6, "lr.jump" if not restarts else "lr.restart", numbers, None,
        alarming=not restarts,
    ))  # fmt: skip
    out.note("lr_changed_at_onset", True, "lr", step)
    out.note("lr_jump_kind", "record" if record else "restart", "lr", step)


def _excuse(leaps: np.ndarray, every: float, out: Observed) -> None:
    """A loss that rises right after a planned restart of the schedule, and does not double for good, is intended: told, not alarmed."""
    for i, found in enumerate(out.findings):
        planned = bool(np.any((found.first_step >= leaps - every) & (found.first_step <= leaps + 5 * every)))
        if planned and (found.id == "loss_spike" or found.message == "jump.step_up"):
            out.findings[i] = replace(found, alarming=False, message="jump.restart")
