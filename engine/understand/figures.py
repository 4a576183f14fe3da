"""What numbers say by themselves: a loss of 0, of ln 2, of 1e30; an accuracy of 100 %; a row of losses that goes up and down."""

from __future__ import annotations

from collections.abc import Iterator

from .clauses import Clause, Reading
from .lexicon import Mention
from .scene import Frame, Subject

UNIFORM = (0.6931, 1.0986, 1.3863, 1.6094, 2.3026, 4.6052, 6.9078)
"""Natural logarithms of 2, 3, 4, 5, 10, 100 and 1000: the cross entropy of a uniform guess among so many classes."""
ASTRONOMIC = 1e5
"""A loss from here on is out of any ordinary scale."""
NEAR = 4
"""Tokens between a subject and the number that is its value, at most."""
ROW = 4
"""Numbers that make a row to be read as a curve, at least."""
JUMP = 2.0
"""Factor from one number to the next that is a jump (taxonomy: loss_surge)."""
TURN, GROWTH = 0.08, 3.0
"""Share of a value by which a row must turn to count as a swing; factor by which it must grow to count as a rise."""


def figures(reading: Reading, clause: Clause, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by the numbers of one clause: `zero`, `ln`, `astronomic`, `full`."""
    named = {i for family, found in reading.families.items() if family.startswith(("anchor:", "unit:")) for m in found for i in range(m.last, m.last + 3)}
    for i in range(clause.first, clause.last + 1):
        token = reading.tokens[i]
        owner = next((s for s in reversed(subjects) if s.last < i), None)
        if token.value is None or token.glued or i in named or owner is None or owner.kind not in ("loss", "score", "output", "grad", "unit"):
            continue
        near = i - owner.last <= NEAR
        move = _move(token.raw, token.value, token.percent, owner.kind, near) or ("value" if near and owner.first >= clause.first else "")
        if move:
            start = owner.first if owner.first >= clause.first else i
            yield Frame(owner.kind, owner.splits, move, clause.index, clause.sentence, start, i)


def _move(raw: str, value: float, percent: bool, kind: str, near: bool) -> str:
    if value == 0:
        return "zero" if near else ""
    if kind == "score":
        return "full" if (percent and value >= 99) or (near and raw in ("1.0", "1.00", "1.000")) else ""
    if percent or kind != "loss":
        return ""
    if value >= ASTRONOMIC:
        return "astronomic"
    digits = len(raw.partition(".")[2])
    return "ln" if digits >= 2 and any(abs(value - n) < 1.01 * 10.0**-digits for n in UNIFORM) else ""


def moved(reading: Reading, move: Mention, subject: Subject) -> str:
    """Which way "went to 87.33" leads, seen from the number said of the subject before; "" when there is none."""
    row = reading.tokens
    after = next((v for i in reversed(move.indices) if (v := row[i].value) is not None), None)
    before = next((v for t in reversed(row[subject.last + 1 : move.first]) if (v := t.value) is not None and not t.glued), None)
    if after is None or before is None or before <= 0 or subject.kind != "loss":
        return ""
    return "jump" if after >= JUMP * before else "fall" if before >= JUMP * after else ""


def rows(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by rows of numbers ("1.1, 1.5, 0.87, 1.3"): `swing` or `rise`."""
    row = reading.tokens
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and row[end].value is not None and not row[end].percent and row[end].sentence == row[at].sentence:
            end += 1
        values = [v for t in row[at:end] if (v := t.value) is not None]
        owner = next((s for s in reversed(subjects) if s.last < at <= s.last + NEAR), None)
        if len(values) >= ROW and owner is not None and owner.kind in ("loss", "score") and (move := _shape(values)):
            yield Frame(owner.kind, owner.splits, move, row[at].clause, row[at].sentence, owner.first, end - 1)
        at = max(end, at + 1)


def _shape(values: list[float]) -> str:
    steps = [b - a for a, b in zip(values, values[1:], strict=False) if abs(b - a) > TURN * max(abs(a), abs(b))]
    turns = sum((a > 0) != (b > 0) for a, b in zip(steps, steps[1:], strict=False))
    if turns >= 2:
        return "swing"
    return "rise" if steps and min(steps) > 0 and values[0] > 0 and values[-1] >= GROWTH * values[0] else ""


def gaps(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """`gap`: a percentage of training far above one of validation ("train acc 99%, val acc 61%")."""
    levels: dict[str, list[tuple[float, Subject, int]]] = {"train": [], "val": []}
    for i, token in enumerate(reading.tokens):
        if token.value is None or not (token.percent or (0 < token.value < 1 and "." in token.raw)):
            continue
        owner = next((s for s in reversed(subjects) if s.last < i), None)
        if owner is None or owner.kind not in ("score", "none") or i - owner.last > NEAR + 2:
            continue
        side = "val" if "val" in owner.splits else "train"
        levels[side].append((token.value if token.percent else 100 * token.value, owner, i))
    for high, _, _ in levels["train"]:
        for low, owner, i in levels["val"]:
            if high - low >= WIDE:
                token = reading.tokens[i]
                yield Frame(owner.kind, owner.splits, "gap" if low > CHANCE else "lowgap", token.clause, token.sentence, owner.first, i)
                return


CHANCE = 12.0
"""Percentages up to this one look like guessing rather than like overfitting."""
WIDE = 12.0
"""Points between training and validation score that make a gap."""
