"""Experiments people report: what they tried, and whether it helped."""

from __future__ import annotations

import itertools
import re

from .clauses import Reading
from .lexicon import Mention
from .quantities import Number
from .scene import Scene
from .statements import Statement

LOWER = "action:lower_lr_helps"
RELIEF = frozenset({"fall", "learn", "recover"})
"""Movements that, said right after the change, mean that it helped."""
RAISED = re.compile("(调|加|增|提|换|改|拉|升|放|设)(的|得|了|)(更|)(大|高)")
"""A learning rate that was raised tells nothing of a lower one."""
TROUBLE = frozenset({"nan", "explode", "surge", "jump", "stuck", "swing", "rise", "bad", "spike", "zero", "same", "ln", "astronomic"})
"""Movements that, said of a run with the change, mean that it did not help."""


def trials(reading: Reading, scene: Scene, rates: list[Number]) -> dict[str, Statement]:
    """Outcome (true = helped) of each change that was tried."""
    out: dict[str, Statement] = {}
    for family in [f for f in reading.families if f.startswith("action:")]:
        for action in reading[family]:
            found = None if family == LOWER and _raised(reading, action) else _outcome(reading, scene, action)
            if found is not None and family[7:] not in out:
                helped, end = found
                out[family[7:]] = Statement(family[7:], helped, min(action.first, end), max(action.last, end), 3.0)
    if "lower_lr_helps" not in out and (contrast := _contrast(rates)) is not None:
        out["lower_lr_helps"] = contrast
    if "lower_lr_helps" not in out and (listed := _listed(reading, rates)) is not None:
        out["lower_lr_helps"] = listed
    return out


def _raised(reading: Reading, action: Mention) -> bool:
    """Whether the learning rate was raised: 调大学习率也没用."""
    clause = reading.clause(action)
    near = reading.tokens[max(clause.first, action.first - 3) : action.last + 1]
    return RAISED.search("".join(token.key for token in near)) is not None


def _listed(reading: Reading, rates: list[Number]) -> Statement | None:
    """ "lr 0.01, 0.001, 0.0001, doesn't matter": several learning rates in one sentence, and that none of them helped."""
    row = reading.tokens
    for a, b in itertools.pairwise(rates):
        sentence = row[a.index].sentence
        if b.index - a.index <= 2 and row[b.index].sentence == sentence and a.value != b.value:
            vain = [m for m in reading.by_stance["no_help"] if row[m.first].sentence == sentence and m.first > b.index]
            if vain:
                return Statement("lower_lr_helps", False, a.first, vain[0].last, 3.0)
    return None


def _contrast(rates: list[Number]) -> Statement | None:
    """ "0.001 is fine, 0.01 gives NaN": two learning rates, the smaller one without trouble."""
    good, bad = [n for n in rates if n.fine], [n for n in rates if not n.fine]
    if good and bad and max(n.value for n in good) < min(n.value for n in bad):
        return Statement("lower_lr_helps", True, good[0].first, good[0].last, 3.0)
    return None


def _outcome(reading: Reading, scene: Scene, action: Mention) -> tuple[bool, int] | None:
    """Whether the change helped, and the last token of the words that say so; None when nothing is said, or "lr" is only the head of "lr_scheduler"."""
    clause = reading.clause(action)
    goes_on = any(t.before.startswith("_") for t in reading.tokens[action.last + 1 : action.last + 2])
    if not clause.told or goes_on:
        return None
    fails = reading.within(action, reading.by_stance["no_help"])
    helps = [h for h in reading.within(action, reading.by_stance["helps"]) if not any(h.overlaps(f) for f in fails)]
    partly = reading.within(action, reading.by_stance["partly"])
    around = [(m.first, m.last, False) for m in fails]
    around += [(m.first, m.last, not reading.negated(m, [])) for m in helps if m.first > action.last]
    if any(0 < action.first - h.last <= 2 and reading.tokens[action.first - 1].key in ("with", "in", "use", "on", "用") for h in helps):
        return True, action.last
    gone = {reading.tokens[m.first].clause for m in reading.by_stance["gone"]}
    around += [
        (f.first, f.last, f.clause in gone) for f in scene.frames if f.sentence == clause.sentence and f.move in TROUBLE and f.last > action.last
    ]
    around += [
        (f.first, f.last, True) for f in scene.frames if f.clause == clause.index and f.move in RELIEF and f.kind in ("loss", "none", "model") and f.first > action.last
    ]
    after = sorted(a for a in around if a[0] >= action.first)
    if any(p.first > action.last for p in partly) and not fails:
        return None
    if after:
        first = after[0]
        contradicted = next((m.last for m in fails if m.first > first[1]), None) if first[2] else None
        if contradicted is None and any(f.move in RELIEF and (f.first, f.last) == first[:2] for f in scene.frames):
            contradicted = next((f.last for f in scene.frames if f.move == "stuck" and f.kind != "model" and f.sentence == clause.sentence and f.first > first[1]), None)
        return (False, contradicted) if contradicted is not None else (first[2], first[1])
    before = [a for a in around if a[1] < action.first and action.first - a[1] <= 12 and not a[2]]
    if before:
        return False, action.last
    return _next_sentence(reading, scene, action)


def _next_sentence(reading: Reading, scene: Scene, action: Mention) -> tuple[bool, int] | None:
    """The outcome said at the start of the sentence after: "Tried a lower lr. No effect." """
    wanted = reading.tokens[action.first].sentence + 1
    sentence = reading.tokens[action.first].sentence
    if not any("trying" in c.stances for c in reading.clauses if c.sentence == sentence):
        return None
    start = next((c.first for c in reading.clauses if c.sentence == wanted), None)
    if start is None:
        return None
    if any(f.sentence == wanted and f.move in TROUBLE for f in scene.frames if f.clause == reading.tokens[start].clause):
        return False, action.last
    for label, helped in (("no_help", False), ("helps", True)):
        for m in reading.by_stance[label]:
            if start <= m.first <= start + 3 and reading.tokens[m.first].sentence == wanted:
                return helped and not reading.negated(m, []), m.last
    return None
