"""What numbers say by themselves: a loss of 0, of ln 2, of 1e30; an accuracy of 100 %; a row of losses that goes up and down."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from .clauses import Clause, Reading
from .lexicon import Mention
from .scene import Frame, Subject
from .subjects import joined
from .tokens import Token

UNIFORM = (0.6931, 1.0986, 1.3863, 1.6094, 2.3026, 4.6052, 6.9078)
"""Natural logarithms of 2, 3, 4, 5, 10, 100 and 1000: the cross entropy of a uniform guess among so many classes."""
ASTRONOMIC = 1e5
"""A loss from here on is out of any ordinary scale."""
MINUTE = 1e-3
"""A loss up to here is next to nothing."""
NEAR, FAR = 4, 12
"""Tokens between a subject and the number, or the long row of numbers, that is its value, at most."""
LEAPT = 5e3
"""A gradient norm from here on is out of scale wherever in the clause it stands."""
ADDED = frozenset({"add", "ep", "epsilon", "加", "个", "ad"})
"""Words before a small number that is put into a formula."""
BETWEEN = frozenset({"then", "next", "after", "now", "again", "and", "下", "个", "再", "又", "接", "着", "然", "后"})
"""Words that may stand between the numbers of a row."""
PERIOD = frozenset({"each", "every", "per", "每"})
DESCENT = frozenset({"down", "by", "drop", "fall", "decreas", "lower", "降", "掉", "少", "减"})
LITTLE_A_TIME = 0.05
"""What a loss comes down by in a named period, at most, to be called slow."""
SCALED = re.compile(r"[kwm千万亿]$")
"""A number that a loss, which the clause does not name, is not written as: a count."""
STEPS = frozenset({"iter", "iteration", "step", "epoch", "ep", "batch", "轮", "步"})
"""Words before the number of a step."""
ROW = 4
"""Numbers that make a row to be read as a curve, at least."""
JUMP = 2.0
"""Factor from one number to the next that is a jump (taxonomy: loss_surge)."""
LITTLE = 0.15
"""Share of a number by which it must change to have moved at all."""
BACK, CREEP = 1.3, 0.95
"""Multiple of where it came from at which a loss is back; share of itself left at which it has hardly moved."""
LEAP = 10.0
"""Factor that is a jump of a gradient or weight norm (taxonomy: grad_norm_spike)."""
APART = 7
"""Tokens between the two numbers of a change, at most."""
REACHED = frozenset({"to", "到", "至", "成", "为", "了", "回"})
"""Last words before what a number became."""
BECAME = frozenset({"变成", "变到", "变为", "变了", "涨到", "跳到", "跌到", "掉到", "降到", "升到", "蹦到", "becom"})
"""Words that alone join the number that was with the number that is."""
CHOSEN = frozenset({"set", "chang", "rais", "increas", "lower", "reduc", "decreas", "tri", "try", "tun", "us", "use", "i", "we", "调", "改", "设", "换", "试", "加", "减", "把", "between"})
"""Words by which somebody sets a number."""
COUNTERS = frozenset({"sampl", "imag", "row", "token", "pictur", "record", "epoch", "step", "iter", "iteration", "gpu", "卡", "轮", "步", "张", "条", "个", "次", "类", "层", "天", "小", "hour", "day"})
"""What makes a number the count of something else."""
SAME = 1.01
"""Factor between the largest and the smallest of a row of numbers that stands still."""
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
        if owner is None and token.percent:
            owner = next((s for s in subjects if s.kind == "none" and i < s.first <= i + 2 and reading.tokens[i + 1].key in ("on", "for", "in")), None)
        if owner is not None and owner.kind == "none" and owner.splits and token.value is not None and (token.percent or 0 < token.value < 1 or _plain(reading, owner, i)):
            owner = Subject("score", owner.splits, owner.first, owner.last)
        if owner is None and token.value is not None and i not in named and len(token.raw) > 4 and _move(token.raw, token.value, token.percent, "loss", True, True) == "ln":
            yield Frame("loss", frozenset(), "ln", clause.index, clause.sentence, i, i)
        if token.value is None or token.glued or i in named or owner is None or owner.kind not in ("loss", "score", "output", "sample", "grad", "unit"):
            continue
        if i and reading.tokens[i - 1].key in STEPS and not token.before:
            continue
        if i and i - 1 > owner.last and token.before[:1] in (":", "=") and reading.tokens[i - 1].kind == "word":
            continue
        if i < clause.last and reading.tokens[i + 1].key in (*COUNTERS, "point", "点") and not token.percent:
            continue
        if (owner.kind == "grad" and reading.tokens[i - 1].key in ADDED) or (owner.first < clause.first and SCALED.search(token.raw)):
            continue
        near = (owner.kind == "grad" and (0 < token.value <= 1e-6 or token.value >= LEAPT)) or _distance(reading, owner.last, i) <= NEAR or (token.value == 0 and token.raw.startswith("0.") and owner.kind == "loss" and any(m.label == "steady" and reading.clause(m) is clause for m in reading["manner"])) or (token.value == 0 and (owner.first >= clause.first or (owner.kind == "loss" and any(m.label == "steady" and reading.clause(m) is clause for m in reading["manner"]))) and reading.tokens[i - 1].key in ("是", "为", "于", "成"))
        move = _move(token.raw, token.value, token.percent, owner.kind, near, _distance(reading, owner.last, i) <= FAR, token.before.endswith("-")) or ("value" if near and owner.first >= clause.first else "")
        if move:
            start = min(owner.first, i) if owner.first >= clause.first else i
            yield Frame(owner.kind, owner.splits, move, clause.index, clause.sentence, start, i)
            if move in ("zero", "tiny", "huge", "astronomic"):
                yield from (Frame(s.kind, s.splits, move, clause.index, clause.sentence, s.first, i) for s in subjects if s.last < owner.first and joined(reading, [s, owner]))


def _plain(reading: Reading, owner: Subject, at: int) -> bool:
    """Whether a bare number behind "validation" is its score in percent: 验证集就 99.8 了."""
    token = reading.tokens[at]
    after = reading.tokens[at + 1].key if at < reading.clauses[token.clause].last else ""
    return 1 < (token.value or 0) <= 100 and "." in token.raw and _distance(reading, owner.last, at) <= 2 and after not in COUNTERS


def _distance(reading: Reading, a: int, b: int) -> float:
    """Tokens between two tokens, a Chinese character counting half a word."""
    between = reading.tokens[min(a, b) + 1 : max(a, b)]
    return 1 + sum(0.5 if t.kind == "han" else 1.0 for t in between)


def _move(raw: str, value: float, percent: bool, kind: str, near: bool, within: bool, negative: bool = False) -> str:
    if value == 0 or (kind == "score" and negative and value <= 1):
        return "zero" if near else ""
    if kind == "score":
        return "full" if ((percent or "." in raw) and 99 <= value <= 100) or (near and (raw in ("1.0", "1.00", "1.000") or 0.99 <= value < 1)) else ""
    if kind == "grad" and near and value and not 1e-6 <= value <= 1e3:
        return "tiny" if value < 1 else "huge"
    if percent or kind != "loss":
        return ""
    if abs(value) >= ASTRONOMIC and within:
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
    before = _level_before(reading, move, subject) if before is None and subject.kind == "loss" else before
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


def _level_before(reading: Reading, move: Mention, subject: Subject) -> float | None:
    """The level of the quantity that the sentence gave last: "the loss is 1.x at first, then it becomes 8.x"."""
    row, sentence = reading.tokens, reading.tokens[move.first].sentence
    for named in reversed([m for m in reading["subject"] if m.label == subject.kind and m.last < move.first and row[m.first].sentence == sentence]):
        for i in range(named.last + 1, min(named.last + 1 + NEAR, move.first)):
            if row[i].value is not None and not row[i].glued and not row[i].percent and row[i].clause == row[named.last].clause:
                return row[i].value
    return None


def rows(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by rows of numbers ("1.1, 1.5, 0.87, 1.3"): `swing`, `rise` or `fall`."""
    yield from _numbered(reading, subjects)
    yield from _dated(reading, subjects)
    yield from _logged(reading, subjects)
    row = reading.tokens
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and row[end].sentence == row[at].sentence and not row[end].percent and (row[end].value is not None or (end > at and row[end].key in BETWEEN)):
            end += 1
        values = [v for t in row[at:end] if (v := t.value) is not None]
        reach = FAR if len(values) > ROW else NEAR
        owner = next((s for s in reversed(subjects) if s.last < at <= s.last + reach and row[s.first].sentence == row[at].sentence), None)
        if owner is not None and owner.kind == "scale" and len(values) >= 2 and all(b <= a / JUMP for a, b in itertools.pairwise(values)):
            yield Frame(owner.kind, owner.splits, "fall", row[at].clause, row[at].sentence, owner.first, end - 1)
        if len(values) >= ROW and owner is None and any(t.key in STEPS for t in row[max(0, at - 3) : at]):
            owner = Subject("none", frozenset(), at, at)
        if len(values) >= ROW and owner is not None and owner.kind in ("loss", "score", "scale", "none") and (move := _shape(values)):
            yield Frame(owner.kind, owner.splits, move, row[at].clause, row[at].sentence, owner.first, end - 1)
        at = max(end, at + 1)


def creeps(reading: Reading, clause: Clause, subjects: list[Subject]) -> Iterator[Frame]:
    """A descent told by its rate: "each 10k brings it down by 0.002", 每一万次降 0.002."""
    row = reading.tokens
    keys = {t.key for t in row[clause.first : clause.last + 1]}
    owner = next((s for s in reversed(subjects) if s.kind == "loss"), None)
    if owner is None or not keys & PERIOD or not keys & DESCENT:
        return
    for i in range(clause.first + 1, clause.last + 1):
        value = row[i].value
        if value is not None and 0 < value <= LITTLE_A_TIME and not row[i].percent and not row[i].glued and any(t.key in DESCENT for t in row[max(clause.first, i - 6) : i]):
            yield Frame("loss", owner.splits, "slow", clause.index, clause.sentence, i, i)
            return


def landed(reading: Reading, clause: Clause) -> int | None:
    """The bare number of a clause that names nothing ("boom, 2.3"), if it is no count and no step."""
    row = reading.tokens
    for i in range(clause.first, clause.last + 1):
        if row[i].value is None or row[i].percent or row[i].glued or "." not in row[i].raw or i in reading.numbered:
            continue
        if (i and row[i - 1].key in STEPS) or (i + 1 < len(row) and row[i + 1].key in COUNTERS):
            continue
        return i
    return None


def _numbered(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by losses with their steps: "iter 100 loss 2.7, iter 200 4.7, iter 300 7.6"."""
    row = reading.tokens
    found = [i for i, t in enumerate(row) if t.value is not None and not t.glued and _is_of_step(row, i)]
    values = [v for i in found if (v := row[i].value) is not None]
    owner = next((s for s in subjects if s.kind == "loss"), None)
    if owner is not None and len(values) >= ROW and (move := _shape(values)):
        yield Frame(owner.kind, owner.splits, move, row[found[-1]].clause, row[found[-1]].sentence, min(owner.first, found[0]), max(owner.last, found[-1]))


def _logged(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by pasted lines of a log: "loss: 450.9", "loss: 1603.0", "loss: 5698.4"."""
    row = reading.tokens
    by_split: dict[frozenset[str], list[int]] = defaultdict(list)
    for s in subjects:
        at = s.last + 1
        if s.kind == "loss" and at < len(row) and row[at].value is not None and ("=" in row[at].before or ":" in row[at].before):
            by_split[s.splits].append(at)
    for splits, found in by_split.items():
        values = [v for i in found if (v := row[i].value) is not None]
        if len(values) >= ROW and (move := _shape(values)):
            yield Frame("loss", splits, move, row[found[-1]].clause, row[found[-1]].sentence, found[0] - 1, found[-1])


def _dated(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by numbers with their epochs behind them: "loss 2.5 at epoch 10, 2.4 at epoch 100"."""
    row = reading.tokens
    said = [
        (row[i + 3].value or 0.0, t.value, i)
        for i, t in enumerate(row[:-3])
        if t.value is not None and row[i + 1].key in ("at", "after", "in", "by") and row[i + 2].key in STEPS and row[i + 3].value is not None and not t.glued
    ]
    owner = next((s for s in subjects if s.kind in ("loss", "score") and said and s.last < said[0][2]), None)
    if owner is None or len(said) < 2 or min(v for _, v, _ in said) <= 0 or said[0][2] - owner.last > NEAR:
        return
    said.sort()
    (_, first, _), (_, last, at) = said[0], said[-1]
    worse = "fall" if owner.kind == "score" else "rise"
    better = "rise" if owner.kind == "score" else "fall"
    ratio = last / first if owner.kind == "loss" else first / last
    move = worse if ratio >= 1 + LITTLE else "slow" if CREEP <= ratio <= 1 else better if ratio < 1 else ""
    if move:
        yield Frame(owner.kind, owner.splits, move, row[at].clause, row[at].sentence, owner.first, max(i for _, _, i in said) + 3)


def _is_of_step(row: list[Token], at: int) -> bool:
    """Whether a number is the loss of the step whose number stands before it."""
    if at < 2 or row[at - 1].key in (*STEPS, "lr") or row[at].before.startswith("/") or (row[at - 1].value is None and row[at - 2].value is None):
        return False
    return any(t.key in STEPS for t in row[max(0, at - 4) : at])


def pairs(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """Frames made by two numbers of one thing: "from 0.8 to 350", "41 -> 6100", 从 1.8 直接上到 3.9."""
    row = reading.tokens
    rates = [Subject("lr", frozenset(), m.first, m.last) for m in reading["subject"] if m.label == "lr"]
    for a, b in itertools.pairwise(i for i, t in enumerate(row) if t.value is not None and not t.glued):
        if row[a].sentence != row[b].sentence or row[b].clause - row[a].clause > 1 or _distance(reading, a, b) > APART or not _leads(row, a, b) or row[a].percent != row[b].percent:
            continue
        if b + 1 < len(row) and row[b + 1].key in COUNTERS and not row[b + 1].before.strip("-"):
            continue
        owner = max((s for s in [*subjects, *rates] if s.last < a and row[s.last].sentence == row[a].sentence), key=lambda s: s.last, default=None)
        if owner is None or any(_chosen(reading, i) for i in range(max(owner.last, a - APART), b)):
            continue
        before, after = row[a].value or 0.0, row[b].value or 0.0
        if (move := _leap(owner.kind, before, after)) is not None:
            yield Frame(owner.kind, owner.splits, move, row[b].clause, row[b].sentence, owner.first, b)
        if move == "rise" and (back := _returned(row, b, before)) is not None:
            yield Frame(owner.kind, owner.splits, "recover", row[back].clause, row[back].sentence, owner.first, back)


def _returned(row: list[Token], at: int, level: float) -> int | None:
    """The number, later in the sentence, by which a loss is back where it came from."""
    for i in range(at + 1, len(row)):
        if row[i].sentence != row[at].sentence:
            return None
        value = row[i].value
        if value is not None and not row[i].percent and not row[i].glued and 0 < value <= BACK * level and "." in row[i].raw:
            return i
    return None


def _leads(row: list[Token], a: int, b: int) -> bool:
    """Whether the second number is what the first became."""
    if "->" in row[b].before:
        return b == a + 1
    between = [t.key for t in row[a + 1 : b]]
    starts = a and row[a - 1].key in ("from", "从", "由")
    return bool(between) and ((starts and (between[-1] in REACHED or "to" in between[-3:])) or "".join(between) in BECAME)


def _chosen(reading: Reading, at: int) -> bool:
    """Whether somebody set the number rather than saw it change: "raised the lr from ..."."""
    return reading.tokens[at].key in CHOSEN


def _leap(kind: str, before: float, after: float) -> str | None:
    if before <= 0 or after <= 0:
        return None
    ratio = after / before
    if kind == "loss":
        return "rise" if ratio >= JUMP else "up" if ratio >= 1 + LITTLE else "fall" if ratio <= 1 - LITTLE else "slow" if CREEP <= ratio < 1 else None
    if kind == "lr":
        return "jump" if ratio >= JUMP else None
    if kind == "scale":
        return "fall" if ratio < 1 else None
    if kind in ("grad", "weight"):
        return "jump" if ratio >= LEAP else "collapse" if ratio <= 1 / LEAP else None
    return None


def _shape(values: list[float]) -> str:
    for at in range(1, len(values)):
        head, tail = values[:at], values[at:]
        if len(tail) > 1 and 0 < JUMP * max(head) <= min(tail) and max(head) <= JUMP * min(head) and max(tail) <= JUMP * min(tail):
            return "step"
    if min(values) > 0 and max(values) <= SAME * min(values):
        return "stuck"
    steps = [b - a for a, b in itertools.pairwise(values) if abs(b - a) > TURN * max(abs(a), abs(b))]
    turns = sum((a > 0) != (b > 0) for a, b in itertools.pairwise(steps))
    if turns >= 2:
        return "swing"
    low = values.index(min(values))
    if 0 < low < len(values) - 2 and min(values) > 0 and values[-1] >= GROWTH * values[0] and all(b > a for a, b in itertools.pairwise(values[low:])):
        return "rise"
    if steps and values[0] > 0 and values[-1] > 0 and max(values[-1] / values[0], values[0] / values[-1]) >= GROWTH:
        return "rise" if min(steps) > 0 else "fall" if max(steps) < 0 else ""
    return ""
