"""The learning rate as it was logged: its shape, and jumps that no warm-up explains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import changes, finite_points, median, share
from ..log import Floats, Log

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
    steps, values = finite_points(series)
    if len(values) < 3:
        return
    top = float(values.max())
    out.note("learning_rate", top, "lr")
    holds, moves = _holds(values, top), changes(values)
    shape = _shape(values, top, holds, moves)
    if shape:
        out.note("lr_schedule", shape, "lr")
    peak = int((values >= 0.99 * top).argmax())
    out.note("lr_course", _course(values, top, holds, moves), "lr")
    head = values[: peak + 1]
    warm = bool(values[0] < 0.5 * top and (_rises(head) or (peak <= STAIRS * len(values) and _climbs_stairs(head))))
    if values[0] > 0 or warm:
        out.note("warmup_used", warm, "lr")
    _jump(values, steps, peak if warm else 0, out)


def _course(values: Floats, top: float, holds: bool, moves: Floats) -> str:
    """What the learning rate does over the run as a whole: `top` is its highest value, `moves` are its changes."""
    if top <= 0:
        return "zero"
    if holds:
        return "constant"
    peak = int(values.argmax())
    if share(values < 0.02 * top) > 0.5:
        return "dies_early"
    if peak >= 0.9 * len(values) and values[0] < 0.5 * top:
        return "rises_throughout"
    if peak > 0.3 * len(values) or (moves[max(peak, 1) :] > 0.3 * top).any():
        return "jumps"
    return "decays"


def _rises(head: np.ndarray) -> bool:
    """Whether the head of a schedule climbs in several steps, as a warm-up does, and not in a single leap."""
    return len(head) >= 3 and share(changes(head) > 0) > 0.9


def _climbs_stairs(head: np.ndarray) -> bool:
    """Whether the head climbs in equal stairs, as a warm-up does that is set once an epoch and logged every step."""
    stairs = changes(head)
    stairs = stairs[stairs != 0.0]
    return len(stairs) >= 2 and bool(stairs.min() > 0.0) and float(stairs.max()) < 1.5 * float(stairs.min())


def _shape(values: Floats, top: float, holds: bool, moves: Floats) -> str | None:
    """Kind of schedule, as the `lr_schedule` fact names it; None when the log is too short to tell."""
    if len(values) < 5 or top <= 0:
        return None
    if holds:
        return "none"
    leaps = np.flatnonzero(moves > 0.3 * top)
    if len(leaps) and leaps[-1] > len(values) // 20:
        return "cyclic_or_restart" if len(leaps) >= 2 else None
    peak = int(values.argmax())
    if 2 <= peak <= 0.3 * len(values) and values[0] < 0.5 * top:
        return "warmup_decay"
    if share(np.abs(moves) > 1e-6 * top) < 0.1:
        return "step"
    some = values[:: max(1, len(values) // WAVE_POINTS)]
    low = float(values.min())
    half_wave = low + (top - low) * (1 + np.cos(np.linspace(0, np.pi, len(some)))) / 2
    return "cosine" if float(np.abs(some - half_wave).max()) < COSINE * top else None


def _holds(values: np.ndarray, top: float) -> bool:
    """Whether the rate stays at one value, at the latest after a warm-up."""
    settled = values[int((values >= (1 - FLAT) * top).argmax()) :]
    return len(settled) >= 0.7 * len(values) and float(settled.max() - settled.min()) < FLAT * top


def _jump(values: Floats, steps: Floats, warm_end: int, out: Observed) -> None:
    top, begin = float(values.max()), max(warm_end, 1)
    leaps = begin + np.flatnonzero((values[begin + 1 :] > (JUMP - 0.01) * values[begin:-1]) & (values[begin + 1 :] > 0.02 * top))
    before, after, ratio = values[leaps], values[leaps + 1], np.ones(0)
    if len(leaps):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = np.where(before > 0, after / np.maximum(before, 1e-300), np.where(after > 0, np.inf, 1.0))
        sharp = ratio >= JUMP
        leaps, before, after, ratio = leaps[sharp], before[sharp], after[sharp], ratio[sharp]
    if not len(leaps):
        if len(values) >= 10:
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
        _excuse(steps[leaps + 1], median(changes(steps)), out)
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
