"""Cliffs in a loss: spikes that heal, surges that do not, jumps where training was resumed, climbs that are divergence.

What happens in and after an excursion decides its name: back within a short window = spike; still high after a cliff = surge (at least
twice the lowest level); still high after a rise of many points = divergence.
"""

from __future__ import annotations

import numpy as np

from ...finding import NotChecked, Observed, RawFinding
from ..curve import Curve, curve_of, median
from ..log import Log
from .drift import climb, drift
from .excursion import NOISE_UNITS, Jump, excursions, factor, unmoved, val_follows

FAR_ABOVE = 8.0
"""Training at eight times the validation loss after a jump is broken training data or weights; harder examples or augmentation stay below."""

SPIKE_SHARE = 0.15
"""A jump that is gone within this share of the run is a spike; one that lasts longer is a surge (taxonomy: "short window")."""

SURGE_RATIO = 2.0
"""A surge stands at least this much above the lowest level so far (taxonomy)."""


AFTER_STEP, UNLEARNED, AT_ONCE, KEPT = 24, 1.5, 0.6, 0.75
"""A step up by half, most of it within five points, of which so many points later three quarters are left, is no curriculum, ..."""

BETTER = 0.9
"""... unless validation has come down by a tenth since."""

GRADUAL = ("jump.step_up", "jump.climb")
"""Rises of the training loss that are no company for a spike of validation."""


def find(log: Log, out: Observed) -> None:
    """Report spikes, surges, jumps at a resume and divergence in every loss of the log."""
    if log.get("train_loss") is None:
        out.skipped.append(NotChecked("loss_spike", "skip.no_loss"))
    val = log.get("val_loss")
    val_curve = curve_of(val) if val is not None and curve_of(val).n >= 4 else None
    for series in log.all("train_loss") + log.all("val_loss"):
        curve = curve_of(series)
        if series.metric == "train_loss" and curve.n < 24 and not series.part:
            values: dict[str, str | int | float] = {"points": curve.n, "least": 24}
            out.skipped.append(NotChecked("loss_divergence", "skip.too_few", values))
            if curve.n < 6:
                out.skipped.append(NotChecked("loss_spike", "skip.too_few", {**values, "least": 6}))
        if curve.n < 6:
            continue
        jumps = excursions(curve)
        if series.metric == "train_loss":
            _name(curve, jumps, log, out, val_curve)
        else:
            _val_alone(curve, jumps, out)
        if series.metric == "train_loss":
            drift(curve, out, val_curve)


def _name(curve: Curve, jumps: list[Jump], log: Log, out: Observed, val: Curve | None) -> None:
    """Turn the jumps of one curve into findings."""
    series, grown, raised = curve.series, climb(curve), -np.inf
    if grown is not None:
        jumps = [grown, *(j for j in jumps if not (_lasts(j, curve) and grown.first <= j.first <= grown.last))]
    for jump in sorted(jumps, key=lambda j: j.first):
        first, last = float(curve.steps[jump.first]), float(curve.steps[jump.last])
        lowest = float(np.min(curve.smooth[: jump.first + 1]))
        rise = factor(jump.after * jump.base if jump.base > 0 else curve.end, lowest, curve) if jump.base > 0 else jump.after
        lasting = _lasts(jump, curve)
        numbers = {
            "step": first, "peak_step": float(curve.steps[jump.peak]), "base": jump.base, "peak": float(curve.peaks[jump.peak]),
            "ratio": jump.height, "after": jump.after, "units": jump.units, "points": float(jump.last - jump.first),
        }  # fmt: skip
        followed = val_follows(val, first, last) if val is not None else None
        if followed is not None:
            numbers["val_ratio"] = followed
        strength = float(np.clip(0.4 + 0.2 * np.log2(max(jump.height, 1.0)) + 0.01 * jump.units, 0.3, 1.0))
        near_resume = any(abs(first - r) <= max(0.01 * (curve.steps[-1] - curve.steps[0]), 3.0) for r in log.restarts)
        if near_resume:
            id, message = "jump_at_resume", "jump.resume"
        elif jump is grown:
            id, message = "loss_divergence", "jump.climb"
            numbers["top"] = jump.base * jump.height if jump.base > 0 else float(curve.peaks[jump.peak])
        elif lasting and ((jump.height >= SURGE_RATIO and max(rise, jump.after) >= 1.5) or jump.height >= 3):
            id, message = "loss_surge", "jump.surge" if jump.recovery in ("none", "partial") else "jump.surge_healed"
        elif lasting:
            id, message = "loss_divergence", "jump.step_up"
            if first <= raised:
                continue
            raised = last
        else:
            id, message = "loss_spike", "jump.spike"
        # a training loss that steps up while validation stays put is what a harder curriculum or stronger augmentation looks like
        still = followed is not None and unmoved(followed, jump.height) and not _far_above(curve, val, jump)
        unlearned = jump is not grown and _stays_up(jump, curve, val)
        intended = still and not unlearned and (id in ("loss_surge", "loss_divergence") or (id == "loss_spike" and jump.recovery == "slow"))
        mild = id == "loss_spike" and jump.recovery == "fast" and jump.height < 2.0 and jump.last - jump.first <= 2
        out.findings.append(RawFinding(
            id, series.metric, first, last, strength, message, numbers, jump.recovery, series.part, alarming=not (intended or mild),
        ))  # fmt: skip
        if series.metric == "train_loss":
            if followed is not None:
                out.note("val_follows_jump", "yes" if followed > 1.3 else "slightly" if followed > 1.1 else "no", "val_loss", first, last)
            out.note("jump_size", "huge" if jump.height > 10 else "large" if jump.height > 3 else "small", "train_loss", first, last)
            out.note("recovery", jump.recovery, "train_loss", first, last)


def _lasts(jump: Jump, curve: Curve) -> bool:
    """Whether a jump is more than a short burst that heals."""
    return (jump.last - jump.first) / curve.n > SPIKE_SHARE or jump.recovery in ("none", "partial")


def _stays_up(jump: Jump, curve: Curve, val: Curve | None) -> bool:
    """Whether the loss stepped up at once and nothing was learned in all the points that follow, as it would be of harder examples."""
    after = curve.z[jump.first :]
    if jump.recovery != "none" or len(after) < AFTER_STEP or jump.height < UNLEARNED:
        return False
    before = median(curve.z[max(0, jump.first - 5) : jump.first])
    early, late = (median(part) - before for part in (after[: AFTER_STEP // 2], after[-AFTER_STEP // 2 :]))
    if median(after[:5]) - before < AT_ONCE * late or late < KEPT * early:
        return False
    since = val.values[val.steps >= curve.steps[jump.first]] if val is not None else after[:0]
    return len(since) < 3 or median(since[-3:]) > BETTER * since[0]


def _far_above(curve: Curve, val: Curve | None, jump: Jump) -> bool:
    """Whether training stands at many times the validation loss behind the jump: no honest example is that much harder."""
    if val is None or jump.base <= 0:
        return False
    width = max(3, curve.n // 12)
    level = float(median(curve.values[jump.first : jump.first + width]))
    then = val.values[val.steps >= curve.steps[jump.first]][: max(1, val.n // 12)]
    return len(then) > 0 and level > FAR_ABOVE * float(median(then)) > 0


def _val_alone(curve: Curve, jumps: list[Jump], out: Observed) -> None:
    """A validation loss that leaps while the training loss stays calm: spikes that heal, or a validation that broke."""
    hurt = [f for f in out.findings if f.metric == "train_loss" and f.message.startswith(("jump.", "nan."))]
    drifts = [f.first_step for f in out.findings if f.metric == "train_loss" and f.message == "divergence"]
    near = 0.05 * float(curve.steps[-1] - curve.steps[0])
    for jump in jumps:
        at, until = float(curve.steps[jump.first]), float(curve.steps[jump.last])
        heals = jump.recovery in ("fast", "slow")
        beside = any(abs(f.first_step - at) <= near and not (heals and f.message in GRADUAL) for f in hurt)
        shared = beside or (not heals and any(f.first_step - near <= until and f.last_step + near >= at for f in hurt))
        if shared or (not heals and any(step - near <= at for step in drifts)):
            continue
        halfway = 0.5 * (jump.base + float(curve.peaks[jump.peak]))
        sudden = int(np.argmax(curve.peaks[jump.first :] >= halfway)) <= max(2, curve.n // 20)
        if not sudden or jump.units < 2 * NOISE_UNITS or jump.height < 2.0:
            continue
        first, last = float(curve.steps[jump.first]), float(curve.steps[jump.last])
        numbers = {"step": first, "base": jump.base, "peak": float(curve.peaks[jump.peak]), "ratio": jump.height, "units": jump.units,
                   "points": float(jump.last - jump.first), "after": jump.after}  # fmt: skip
        out.findings.append(RawFinding(
            "loss_spike" if heals else "val_only_bad", "val_loss", first, last, 0.7, "jump.spike" if heals else "gap.val_jump", numbers,
            jump.recovery, curve.series.part,
        ))  # fmt: skip
