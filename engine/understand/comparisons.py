"""What two numbers say together: training against validation, one setup against another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .clauses import Reading
from .scene import Frame, Subject

CHANCE = 12.0
"""Percentages up to this one look like guessing rather than like overfitting."""
WIDE = 12.0
"""Points between training and validation score that make a gap."""
APART_LOSS, FOLD = 1.6, 10.0
"""Factors between validation and training loss that make a gap, and that make the former huge."""
APART = 5.0
"""Points between the scores of two setups that make a contrast."""
ROW, ALIKE = 4, 0.05
"""Numbers, one a device, that make a row at least; share by which those of devices in step differ at most."""
DIFFER = 1.2
"""Factor between the losses of two devices that makes them differ."""
OTHERS = frozenset({"other", "another", "fourth", "third", "second", "rest", "remain", "last", "one", "剩", "另", "其", "别", "号"})
"""Words that set one device against the others."""
REACH = 6
BEING = frozenset({"stai", "stuck", "around", "at", "about", "only", "reach", "get", "hit", "remain", "of", "to", "up", "down", "still", "go", "hover", "from", "on", "until", "climb", "rise", "fall", "drop", "只", "有", "到", "就", "才", "在", "是", "为", "能", "了", "死", "活", "也", "都", "最", "高", "达", "卡", "停", "左", "右", "从", "掉", "跌", "升", "涨", "剩"})
"""Words that may stand between a score and its value."""
NOT_SCORES = frozenset({"epoch", "step", "iter", "iteration", "point", "time", "run", "x", "轮", "步", "个", "次", "点", "倍"})
"""What makes a bare number behind a score another number."""
"""Tokens between a subject and the number that is its level, at most."""


@dataclass(frozen=True, slots=True)
class Level:
    """A number said of a score (in percent) or a loss."""

    value: float
    subject: Subject
    index: int


def comparisons(reading: Reading, subjects: list[Subject]) -> Iterator[Frame]:
    """`gap` or `lowgap` of scores, `huge` validation loss, `contrast` between scores of setups."""
    scores = [*_levels(reading, subjects, "score"), *_named_behind(reading)]
    losses = _levels(reading, subjects, "loss")
    high = max((x.value for x in scores if "val" not in x.subject.splits), default=None)
    for low in (x for x in scores if "val" in x.subject.splits):
        if high is not None and high - low.value >= WIDE:
            yield _frame(reading, low, "gap" if low.value > CHANCE else "lowgap")
            break
    low_train = min((x.value for x in scores if set(x.subject.splits) == {"train"}), default=None)
    above = next((x for x in scores if set(x.subject.splits) == {"val"} and low_train is not None and x.value - low_train >= WIDE), None)
    if above is not None:
        yield _frame(reading, above, "over_train")
    least = min((x.value for x in losses if "train" in x.subject.splits), default=None)
    for big in (x for x in losses if set(x.subject.splits) == {"val"}):
        if least is not None and least > 0 and big.value >= APART_LOSS * least:
            percent = reading.tokens[big.index].percent
            yield _frame(reading, big, "huge" if big.value >= max(FOLD * least, FOLD) and not percent else "gap")
            break
    yield from _apart(reading)
    alike = [x for x in scores if not x.subject.splits]
    if len(alike) >= 2 and max(x.value for x in alike) - min(x.value for x in alike) >= APART:
        yield _frame(reading, min(alike, key=lambda x: x.value), "contrast")


def _apart(reading: Reading) -> Iterator[Frame]:
    """Losses of single devices that differ: "three workers report 0.9, the fourth reports 4.2"."""
    row = reading.tokens
    for place in [m for m in reading["manner"] if m.label == "rank"]:
        sentence = row[place.first].sentence
        said = [(t.value, i) for i, t in enumerate(row) if t.sentence == sentence and t.value and ("." in t.raw or row[i - 1].key == "loss") and not t.percent and not t.glued]
        others = any(t.sentence == sentence and t.key in OTHERS for t in row) or _one_off([v for v, _ in said])
        if others and len(said) >= 2 and max(v for v, _ in said) >= DIFFER * min(v for v, _ in said):
            yield Frame("loss", frozenset(), "differ", row[place.first].clause, sentence, place.first, said[-1][1])
            return


def _one_off(values: list[float]) -> bool:
    """Whether all numbers of a row but one are nearly the same: "1.1, 1.1, 1.1, 6.3"."""
    if len(values) < ROW:
        return False
    usual = sorted(values)[len(values) // 2]
    return sum(abs(v - usual) > ALIKE * usual for v in values) == 1


def _frame(reading: Reading, level: Level, move: str) -> Frame:
    token = reading.tokens[level.index]
    first, last = min(level.subject.first, level.index), max(level.subject.first, level.index)
    return Frame(level.subject.kind, level.subject.splits, move, token.clause, token.sentence, first, last)


def _levels(reading: Reading, subjects: list[Subject], kind: str) -> list[Level]:
    out: list[Level] = []
    for i, token in enumerate(reading.tokens):
        if token.value is None or token.glued or (kind == "score" and not (token.percent or (0 < token.value < 1 and "." in token.raw) or _plain_percent(reading, subjects, i))):
            continue
        owner = next((s for s in reversed(subjects) if s.last < i or (s.kind == kind and s.first <= i < s.last)), None)
        after = next((s for s in subjects if i < s.first <= i + 2 and s.kind == kind), None)
        if owner is None or owner.kind not in (kind, "none", "data", "model") or i - owner.last > REACH or reading.tokens[owner.first].sentence != token.sentence:
            owner = after
        shown = owner is not None and owner.kind in ("none", "data") and "val" in owner.splits and 0 < token.value < 1
        shown = shown or (owner is not None and kind == "score" and owner.kind == "none" and bool(owner.splits))
        if owner is not None and (owner.kind == kind or token.percent or shown):
            scale = 100.0 if kind == "score" and not token.percent and token.value < 1 else 1.0
            out.append(Level(scale * token.value, owner, i))
    return out


def _plain_percent(reading: Reading, subjects: list[Subject], at: int) -> bool:
    """Whether a bare number is a score in percent: "train acc 97, test acc 11"."""
    value, row = reading.tokens[at].value or 0.0, reading.tokens
    if not 1 < value <= 100 or any(t.key in NOT_SCORES for t in row[at + 1 : at + 2] if t.clause == row[at].clause):
        return False
    scored = any(s.kind == "score" and row[s.first].sentence == row[at].sentence for s in subjects)
    for s in subjects:
        if row[s.last].clause != row[at].clause or not (s.kind == "score" or (scored and s.kind == "none" and s.splits)):
            continue
        near = 2 if s.kind == "score" else 0
        if (s.kind == "score" and s.first <= at < s.last) or 0 < at - s.last <= near or (0 < at - s.last <= REACH and all(t.key in BEING for t in row[s.last + 1 : at])):
            return True
    return False


def _named_behind(reading: Reading) -> Iterator[Level]:
    """Levels whose part of the data is named behind them: "99.5 on train and 71 on validation"."""
    for split in reading["split"]:
        at = split.first if reading.tokens[split.first].key in ("on", "in") else split.first - 1
        if at >= 1 and reading.tokens[at].key in ("on", "for", "in") and (value := reading.tokens[at - 1].value) is not None and 0 < value <= 100 and value != 1:
            yield Level(value if value > 1 else 100 * value, Subject("score", frozenset({split.label}), split.first, split.last), at - 1)
