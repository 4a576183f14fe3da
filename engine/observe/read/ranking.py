"""Which of several columns of one metric is the main one, and what the others are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log10

from .columns import Meaning
from .table import Track

__all__ = ["MAIN", "Candidate", "order"]

MAIN = 55.0
"""A loss whose name scores less is never called the total where there are others beside it (box, generator, KL...)."""
DENSITY = 2.0
"""Points of score for ten times as many points: between "loss" and "train/loss" the one that was logged more often is the curve."""
SIBLING = 5.0
"""Points for the same name as the training loss but for the phase."""
PHASE_WORD = re.compile(r"train(?:ing)?|val(?:id(?:ation)?)?|eval(?:uation)?|训练|验证")


@dataclass(slots=True)
class Candidate:
    """A column that could be a series of some metric."""

    track: Track
    meaning: Meaning
    score: float = 0.0
    part: str = ""
    chosen: bool = False
    """The user said so (`columns=`)."""


def order(candidates: list[Candidate], sibling: str = "") -> list[Candidate]:
    """Candidates of one metric, main one first with part ""; without a plausible main one, all are parts, in order of the file.

    `sibling` is the name of the main training loss: beside "train_loss", "valid_loss" is the validation loss rather than "val/loss".
    """
    if not candidates:
        return []
    runs = {c.track.run for c in candidates}
    if len(runs) > 1:
        return _by_run(candidates)
    for c in candidates:
        density = DENSITY * log10(max(len(c.track), 1)) if c.meaning.kind in {"train_loss", "val_loss"} else 0.0
        c.score = c.meaning.score + density + (SIBLING if sibling and _pattern(c.track.name) == _pattern(sibling) else 0.0)
    ranked = sorted(candidates, key=lambda c: (-c.chosen, -c.score))
    best = ranked[0]
    if not best.chosen and not _is_main(ranked):
        ranked = candidates
        _name(ranked, None)
        return ranked
    best.part = ""
    _name(ranked, best)
    return [best, *[c for c in candidates if c is not best]]


def _pattern(name: str) -> str:
    return PHASE_WORD.sub("*", name.lower())


def _is_main(ranked: list[Candidate]) -> bool:
    best = ranked[0].meaning
    if len(ranked) == 1 or best.kind not in {"train_loss", "val_loss"}:
        return True
    rivals = [c.meaning for c in ranked[1:] if c.meaning.part.lower() != best.part.lower()]
    if best.score >= MAIN or not rivals:
        return True
    return best.score >= 40 and all(r.score <= best.score - 15 for r in rivals)


def _by_run(candidates: list[Candidate]) -> list[Candidate]:
    """Several runs side by side: each run's main series is a part called like the run."""
    ordered: list[Candidate] = []
    for run in dict.fromkeys(c.track.run for c in candidates):
        own = [c for c in candidates if c.track.run == run]
        for i, c in enumerate(sorted(own, key=lambda c: -c.meaning.score)):
            c.part = run if i == 0 else f"{run} {c.meaning.part}"
            ordered.append(c)
    seen: set[str] = set()
    for c in ordered:
        c.part = _unused(c.part, seen)
    return ordered


def _name(candidates: list[Candidate], main: Candidate | None) -> None:
    seen: set[str] = set()
    for c in candidates:
        if c is main:
            continue
        part = c.meaning.part or c.track.name
        if main is not None and part.lower() == (main.meaning.part or main.track.name).lower():
            part = c.meaning.twin or (c.meaning.phase if c.meaning.phase in {"test"} else c.track.name)
        elif c.meaning.twin == "epoch" and any(o is not c and o.meaning.part == part and o.meaning.twin == "step" for o in candidates):
            part = f"{part} epoch"
        c.part = _unused(part, seen)


def _unused(part: str, seen: set[str]) -> str:
    name, n = part, 2
    while name in seen:
        name, n = f"{part} {n}", n + 1
    seen.add(name)
    return name
