"""What numbers say by themselves: a loss of 0, of ln 2, of 1e30; an accuracy of 100 %; a row of losses that goes up and down."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from .clauses import Clause, Reading
from .lexicon import Mention
from .scene import Frame, Subject

UNIFORM = (0.6931, 1.0986, 1.3863, 1.6094, 2.3026, 4.6052, 6.9078)
"""Natural logarithms of 2, 3, 4, 5, 10, 100 and 1000: the cross entropy of a uniform guess among so many classes."""
ASTRONOMIC = 1e5
"""A loss from here on is out of any ordinary scale."""
MINUTE = 1e-3
"""A loss up to here is next to nothing."""
NEAR = 4
"""Tokens between a subject and the number that is its value, at most."""
LEAPT = 5e3
"""A gradient norm from here on is out of scale wherever in the clause it stands."""
ADDED = frozenset({"add", "ep", "epsilon", "加", "个", "ad"})
"""Words before a small number that is put into a formula."""
ROW = 4
"""Numbers that make a row to be read as a curve, at least."""
JUMP = 2.0
"""Factor from one number to the next that is a jump (taxonomy: loss_surge)."""
LITTLE = 0.15
"""Share of a number by which it must change to have moved at all."""
TURN, GROWTH = 0.08, 3.0
"""Share of a value by which a row must turn to count as a swing; factor by which it must grow to count as a rise."""


def figures(reading: Reading, clause: Clause, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by the numbers of one clause: `zero`, `ln`, `astronomic`, `full`."""
    named = reading.numbered
    for i in range(clause.first, clause.last + 1):
        token = reading.tokens[i]
        owner = next((s for s in reversed(subjects) if s.last < i), None)
        behind = next((s for s in subjects if i < s.first <= i + 2 and s.kind == "score"), None)
        owner = behind if behind is not None and (owner is None or i - owner.last > 1) else owner
        if owner is not None and owner.kind == "none" and owner.splits and token.value is not None and (token.percent or 0 < token.value < 1):
            owner = Subject("score", owner.splits, owner.first, owner.last)
        if token.value is None or token.glued or i in named or owner is None or owner.kind not in ("loss", "score", "output", "grad", "unit"):
            continue
        if i + 1 < len(reading.tokens) and reading.tokens[i + 1].key in ("point", "个", "点") and not token.percent:
            continue
        if owner.kind == "grad" and reading.tokens[i - 1].key in ADDED:
            continue
        near = (owner.kind == "grad" and (0 < token.value <= 1e-6 or token.value >= LEAPT)) or _distance(reading, owner.last, i) <= NEAR or (token.value == 0 and owner.first >= clause.first and reading.tokens[i - 1].key in ("是", "为", "于", "成"))
        move = _move(token.raw, token.value, token.percent, owner.kind, near) or ("value" if near and owner.first >= clause.first else "")
        if move:
            start = min(owner.first, i) if owner.first >= clause.first else i
            yield Frame(owner.kind, owner.splits, move, clause.index, clause.sentence, start, i)


def _distance(reading: Reading, a: int, b: int) -> float:
    """Tokens between two tokens, a Chinese character counting half a word."""
    between = reading.tokens[min(a, b) + 1 : max(a, b)]
    return 1 + sum(0.5 if t.kind == "han" else 1.0 for t in between)


def _move(raw: str, value: float, percent: bool, kind: str, near: bool) -> str:
    if value == 0:
        return "zero" if near else ""
    if kind == "score":
        return "full" if (percent and value >= 99) or (near and (raw in ("1.0", "1.00", "1.000") or 0.99 <= value < 1)) else ""
    if kind == "grad" and near and value and not 1e-6 <= value <= 1e3:
        return "tiny" if value < 1 else "huge"
    if percent or kind != "loss":
        return ""
    if value >= ASTRONOMIC:
        return "astronomic"
    if near and 0 < value <= MINUTE:
        return "tiny"
    digits = len(raw.partition(".")[2])
    return "ln" if digits >= 2 and any(abs(value - n) < 1.01 * 10.0**-digits for n in UNIFORM) else ""


def moved(reading: Reading, move: Mention, subject: Subject) -> str:
    """Which way "went to 87.33" or "from 2 up to 7" leads, seen from the number said before; "" when there is none."""
    row = reading.tokens
    inside = [v for i in move.indices if (v := row[i].value) is not None]
    before = inside[0] if len(inside) > 1 else next((v for t in reversed(row[subject.last + 1 : move.first]) if (v := t.value) is not None and not t.glued), None)
    arrow = move.last + 1 < len(row) and "->" in row[move.last + 1].before
    sudden = any(m.label == "sudden" and reading.clause(m) is reading.clause(move) for m in reading["manner"])
    if arrow and inside and sudden and subject.kind == "loss":
        after = row[move.last + 1].value or 0.0
        return "jump" if after >= JUMP * inside[-1] > 0 else ""
    if not inside or arrow:
        return ""
    if before is None or before <= 0:
        return "jump" if sudden and subject.kind == "loss" else ""
    ratio = inside[-1] / before
    if subject.kind == "score":
        return "slow" if 1 < ratio < 1 + LITTLE else "fall" if ratio < 1 else "rise"
    if subject.kind != "loss":
        return ""
    if len(inside) == 1 or sudden:
        return "jump" if ratio >= JUMP else "fall" if ratio <= 1 / JUMP else ""
    return "rise" if ratio >= 1 + LITTLE else "fall" if ratio <= 1 - LITTLE else "slow" if ratio < 1 else ""


def rows(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by rows of numbers ("1.1, 1.5, 0.87, 1.3"): `swing`, `rise` or `fall`."""
    row = reading.tokens
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and row[end].value is not None and not row[end].percent and row[end].sentence == row[at].sentence:
            end += 1
        values = [v for t in row[at:end] if (v := t.value) is not None]
        owner = next((s for s in reversed(subjects) if s.last < at <= s.last + NEAR), None)
        if len(values) >= ROW and owner is not None and owner.kind in ("loss", "score", "scale") and (move := _shape(values)):
            yield Frame(owner.kind, owner.splits, move, row[at].clause, row[at].sentence, owner.first, end - 1)
        at = max(end, at + 1)


def _shape(values: list[float]) -> str:
    steps = [b - a for a, b in itertools.pairwise(values) if abs(b - a) > TURN * max(abs(a), abs(b))]
    turns = sum((a > 0) != (b > 0) for a, b in itertools.pairwise(steps))
    if turns >= 2:
        return "swing"
    if steps and values[0] > 0 and values[-1] > 0 and max(values[-1] / values[0], values[0] / values[-1]) >= GROWTH:
        return "rise" if min(steps) > 0 else "fall" if max(steps) < 0 else ""
    return ""
