"""Numbers with a name: learning rate, batch size, size of the data, accumulation steps."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .clauses import Clause, Reading
from .devices import CARDS, SERIES
from .lexicon import Mention
from .statements import FINE, GUESSED, TRIED, Statement
from .tokens import Token
from .vocabulary import Vocabulary

LINKS = frozenset(
    ["read", "show", "still", "const", "constant", "of", "to", "at", "as", "around", "about", "only", "=", "set", "with", "be", "use", "start", "from", "initial", "value", "for", "too", "high", "low", "large", "small", "equal", "default", "approx", "base", "fix", "leave", "keep", "stay", "stai", "rais", "increas", "reduc", "lower", "drop", "bump", "chang", "switch", "经", "约", "以", "能", "是", "只", "between", "up", "by-default", "peak", "max", "为", "是", "设", "置", "成", "用", "到", "从", "调", "改", "大", "概", "约", "取", "给", "了", "都", "就", "只", "有", "才", "固", "定", "初", "始", "默", "认", "值", "一", "直", "也", "还", "在", "得", "开", "上", "加", "升", "降", "换", "到", "至", "过", "没", "跟", "着", "动", "变", "保", "持", "仍", "然", "先", "提", "高", "大", "小", "增", "减", "少", "低", "adjust", "cut", "shrink", "limit", "scale", "init", "比", "较", "由", "照", "沿", "教", "程", "依", "目", "前", "现"]
)
"""Words that may stand between the name of a number and the number."""
SCALERS = frozenset(["class", "categori", "类", "倍", "x", "time", "fold", "折", "次", "epoch", "epochs", "step", "iter", "iteration", "轮", "步", "gpu", "卡", "个", "layer", "层", "hour", "h", "day"])
"""What makes the number behind a name another number: ten times, 30 epochs."""
MULTIPLIED = frozenset({"grad", "gradient", "accumulation", "accum", "gpu", "card", "卡"})
"""What a batch is multiplied with: "a batch of 4 x grad accumulation of 16"."""
BY = frozenset(["by", "除", "乘", "every", "each", "per", "第"])
"""Words after which the number is a factor, a period or an ordinal."""
LEADS = frozenset(["with", "at", "to", "for", "use", "or", "and", "then", "用", "换", "成", "到", "改", "为", "或", "和", "是", "设", "定"])
"""Words before a further number of a kind that was named before."""
SETTING = frozenset(["调", "改", "加", "升", "降", "换", "提", "减", "设", "开", "到"])
"""Characters before 到 that make it the setting of a number."""
CHANGE = frozenset(["to", "then", "chang", "switch", "later", "now", "换", "改", "后", "到", "加", "升"])
"""Words by which a number replaces one said before."""
COUNTED = frozenset(["epoch", "step", "iter", "iteration", "sample", "imag", "layer", "run", "hour", "day", "class", "gpu", "层", "轮", "步", "个", "张", "条", "次", "类", "卡", "万", "million", "%", "point"])
"""Words that make a number the count of something else."""
FELL = frozenset({"掉", "跌", "降", "升", "涨", "fall", "drop", "reach", "get"})
"""Words that make the number behind "validation set" a score."""
METRICS = frozenset({"loss", "score", "grad", "output"})
"""Subjects whose numbers are no settings."""
INDEX = frozenset(["at", "after", "until", "in", "from", "第", "到", "on", "th"])
"""Words before "batch 37" that make it the 37th batch."""
NOT_DATA = frozenset(["validation", "evaluation", "eval", "dev", "held", "holdout", "per", "every", "each", "valid", "val", "test", "验", "测", "batch", "minibatch", "predict"])
TRIAL = frozenset({"run", "script", "try", "code", "project"})
"""What makes the word "test" before it no part of the data."""
BASE = frozenset({"initial", "base", "peak", "start", "default", "max", "初", "始", "峰", "基", "起"})
"""Words before the number that a schedule starts from or peaks at."""
OTHER_RATES = frozenset({"ep", "epsilon", "decay", "wd", "beta", "sigma", "margin", "threshold", "alpha", "lambda", "dropout", "drop", "clip", "tol"})
"""Names of other small numbers."""
MORE = frozenset({"多", "余", "来", "几"})
"""Characters that round a number up: 4 万多张."""
MOST = 64
"""Cards that somebody counts in a sentence about cards, at most."""
BASE_BONUS = 0.3
"""How much more such a number weighs."""
AROUND_RATES = frozenset({"with", "at", "use", "have", "i", "on", "now", "现", "在", "是", "用", "了", "adam", "adamw", "sgd", "and", "constant", "fix", "恒", "定", "固", "敢", "开", "只", "给", "设", "to", "down", "up", "go", "降", "到", "调", "改", "成"})
"""Words that may stand before a learning rate that is not called one."""
REACH = 5
"""Tokens between "validation set" and the number of its samples, at most."""
SCORED = frozenset({"worse", "bett", "better", "low", "lower", "high", "higher", "below", "behind", "good", "gap", "差", "低", "高", "掉", "少", "好", "多"})
"""Words beside which points are points of a score."""
BOUNDS: dict[str, tuple[float, float]] = {"learning_rate": (1e-12, 1000.0), "batch_size": (1, 1e7), "dataset_size": (1, 1e12), "accumulation_steps": (1, 1e5)}
"""Smallest and largest number that is believed."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number said of a fact: where, how much it weighs, and whether it came with a run that went well or badly."""

    fact: str
    value: float
    first: int
    last: int
    weight: float
    fine: bool
    index: int
    """Token of the number."""
    changed: bool
    """Whether it replaced a number said before ("then fixed at 1e-2", 改成 4096)."""
    joined: bool
    """Whether it stands in a row with the number before ("0.01 or 0.1")."""


def numbers(reading: Reading, vocabulary: Vocabulary, fine: set[int]) -> dict[str, list[Number]]:
    """All numbers said of each number fact, in text order."""
    out: dict[str, list[Number]] = defaultdict(list)
    for fact, spec in vocabulary.spec.items():
        if spec.type != "number":
            continue
        low, high = BOUNDS.get(fact, (float("-inf"), float("inf")))
        spots = [spot for anchor in reading[f"anchor:{fact}"] for spot in _beside(reading, fact, anchor)]
        spots += [spot for unit in reading[f"unit:{fact}"] for spot in _counted(reading, fact, unit)]
        if fact == "learning_rate":
            spots += [spot for m in reading["fact:optimizer"] if m.detail == "said" for spot in _after_optimizer(reading, m)]
        spots += [spot for anchor in reading[f"anchor:{fact}"] for spot in _answered(reading, anchor)]
        if fact == "learning_rate" and not spots:
            spots += list(_bare_rates(reading))
        spots += list(_elliptic(reading, fact, spots))
        for index, first, last in sorted(set(spots)):
            value = reading.tokens[index].value
            clause = reading.clauses[reading.tokens[index].clause]
            if value is None or not low <= value <= high or not reading.told(index) or any(n.index == index for n in out[fact]):
                continue
            tried = "attempting" in clause.stances or _still_trying(reading, clause) or (fact == "learning_rate" and _given_up(reading, index))
            changed = _is_change(reading, index) and not tried
            tried = tried or (fact == "batch_size" and any(reading.clause(m) is clause for m in reading["fact:oom_seen"]))
            base = any(t.key in BASE for t in reading.tokens[max(0, index - 2) : index])
            tried = tried or any(m.last < index and reading.clause(m) is clause and reading.tokens[m.first].kind == "word" for m in reading.by_stance["earlier_setup"])
            weight = 3.0 + BASE_BONUS * base - TRIED * tried - FINE * (clause.index in fine) - GUESSED * ("guessing" in clause.stances)
            out[fact].append(Number(fact, value, first, last, weight, clause.index in fine, index, changed, _is_joined(reading, index)))
    return out


def choose(found: list[Number]) -> Statement | None:
    """The number that is meant: plain statements before what was tried, runs with trouble before runs without; of a change, the new value."""
    if not found:
        return None
    if len(found) == 1:
        return Statement(found[0].fact, found[0].value, found[0].first, found[0].last, found[0].weight + FINE * found[0].fine)
    best = max(n.weight for n in found)
    kept = [n for n in found if n.weight >= best - 0.01]
    at = max((i for i, n in enumerate(kept) if i and n.changed), default=0)
    while at and kept[at].joined:
        at -= 1
    pick = kept[at]
    return Statement(pick.fact, pick.value, pick.first, pick.last, pick.weight)


def _beside(reading: Reading, fact: str, anchor: Mention) -> Iterator[tuple[int, int, int]]:
    """Numbers after the name ("lr = 3e-4", 学习率从 A 到 B), else right before it ("a 0.01 learning rate")."""
    row = reading.tokens
    if fact == "batch_size" and _is_index(row, anchor):
        return
    at, steps, found = anchor.last + 1, 0, False
    while at < len(row) and steps <= 5 and row[at].sentence == row[anchor.last].sentence:
        token = row[at]
        if (found and token.before.startswith(")")) or (not found and token.value is not None and token.before.startswith(("/", "->"))):
            break
        if token.value is not None:
            if found and token.before not in ("/", ",", "->", "、", ",/") and row[at - 1].key not in ("or", "and", "to", "到", "或", "和", "then", "成", "了", "为", "至"):
                break
            if _scaled(row, at, fact) or token.percent or (token.glued and not _glued_to(at, anchor)) or (found and not _alike(row, at, anchor)):
                break
            if fact == "dataset_size" and _score_behind(reading, at):
                break
            if fact == "dataset_size" and FELL.intersection(t.key for t in row[anchor.last + 1 : at]):
                break
            found = True
            yield at, anchor.first, at
            steps = 0
        elif token.key in BY or (token.before == "," and not found) or (token.key not in LINKS and not _measure(token) and not _symbol(row, at)):
            break
        else:
            steps += 1
        at += 1
    if found:
        return
    before = anchor.first - 1
    if before >= 0 and row[before].key in ("of", "for", "with") and before:
        before -= 1
    if before >= 0 and row[before].value is not None and row[before].clause == row[anchor.first].clause and not row[before].glued:
        if _named(reading, before, anchor):
            return
        if fact == "learning_rate" and "|" in row[anchor.first].before:
            return
        if fact == "batch_size" and (row[anchor.last].raw.endswith("es") or row[anchor.first].before == ","):
            return
        if not row[before].percent:
            yield before, before, anchor.last


def _named(reading: Reading, at: int, anchor: Mention) -> bool:
    """Whether the number has a name of its own before it: the 2 of "train_batch_size 2 gradient_accumulation_steps 16"."""
    others = (m for family, found in reading.families.items() if family.startswith("anchor:") and family != anchor.family for m in found)
    return any(m.last + 1 == at for m in others)


def _elliptic(reading: Reading, fact: str, spots: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Further numbers of the same kind in the sentence, without the name: "lr 1e-4 works, with 1e-2 it explodes"."""
    row = reading.tokens
    known = {index for index, _, _ in spots}
    named = {i for family, found in reading.families.items() if family.startswith(("anchor:", "unit:")) for m in found for i in range(m.first - 1, m.last + 2)}
    for index in sorted(known):
        kind = row[index]
        for at in range(index + 1, len(row)):
            token = row[at]
            begins = row[at - 1].clause != token.clause or (row[at - 1].key in LEADS and at >= 2 and row[at - 2].clause != token.clause)
            lone = fact == "learning_rate" and token.sentence == kind.sentence + 1 and begins and (token.value or 1) < 0.1
            if token.sentence != kind.sentence and not lone:
                if token.sentence > kind.sentence + 1:
                    break
                continue
            if token.value is None or at in known or at in named or token.glued or token.percent or not token.value or not kind.value:
                continue
            led = (row[at - 1].key in LEADS and (row[at - 1].key != "到" or row[at - 2].key in SETTING)) or (row[at - 1].clause != token.clause and fact == "learning_rate")
            plausible = token.value <= 1 if fact == "learning_rate" else token.value == int(token.value) and token.value >= 1
            if led and plausible and not _named_otherwise(reading, at) and not _of_metric(reading, at) and not _scaled(row, at) and 1e-4 < token.value / kind.value < 1e4 and not _counts_something(row, at):
                known.add(at)
                yield at, at, at


def _still_trying(reading: Reading, clause: Clause) -> bool:
    """Whether it goes on with what the clause before tried: "tried batch size 8 and 32, and learning rates from ..."."""
    before = reading.clauses[clause.index - 1] if clause.index else clause
    return before.sentence == clause.sentence and "attempting" in before.stances and reading.tokens[clause.first].key in ("and", "or", "plu", "和", "还", "以")


def _answered(reading: Reading, anchor: Mention) -> Iterator[tuple[int, int, int]]:
    """The number behind a question that names its setting: "could it be lr? mine is 1e-3"."""
    clause = reading.clause(anchor)
    if not reading.tokens[anchor.first].asked:
        return
    for mine in reading.by_stance["mine"]:
        own, at = reading.clause(mine), mine.last + 1
        if own.sentence == clause.sentence + 1 and at <= own.last and reading.tokens[at].value is not None:
            yield at, mine.first, at


def _bare_rates(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """A number like 3e-4 that stands alone in a list of settings: "4096 batch, 2e-5"."""
    named = {i for family, found in reading.families.items() if family.startswith(("anchor:", "unit:", "subject")) for m in found for i in range(m.first, m.last + 4)}
    for i, token in enumerate(reading.tokens):
        if token.value is None or "e-" not in token.raw or not 1e-7 <= token.value <= 1e-2 or token.glued or i in named:
            continue
        clause = reading.clauses[token.clause]
        words = [t.key for t in reading.tokens[clause.first : i]]
        if OTHER_RATES.intersection(words):
            continue
        judged = any(t.key in ("小", "大", "small", "low", "large", "high") for t in reading.tokens[i + 1 : i + 4] if t.clause == token.clause)
        if judged or all(k in AROUND_RATES for k in words[-2:]):
            yield i, i, i


def _of_metric(reading: Reading, at: int) -> bool:
    """Whether the number is what a loss or a score comes to."""
    clause = reading.tokens[at].clause
    named = {m.last for m in reading["subject"] if m.label in METRICS}
    return at - 1 in named or any(m.label in METRICS and m.first < at and reading.tokens[m.first].clause == clause for m in reading["subject"])


def _counts_something(row: list[Token], at: int) -> bool:
    after = row[at + 1] if at + 1 < len(row) else None
    return after is not None and after.clause == row[at].clause and not after.before.strip("-") and after.key in COUNTED


def _is_change(reading: Reading, index: int) -> bool:
    before = [t.key for t in reading.tokens[max(0, index - 5) : index]]
    return bool(CHANGE.intersection(before)) or "->" in reading.tokens[index].before


def _given_up(reading: Reading, index: int) -> bool:
    """Whether it is the rate that somebody went down to, to see whether that helps: "reducing the lr to 0.05 helped"."""
    clause = reading.tokens[index].clause
    return any(m.first <= index <= m.last + 3 and reading.tokens[m.last].clause == clause for m in reading["action:lower_lr_helps"])


def _is_joined(reading: Reading, index: int) -> bool:
    row = reading.tokens
    return index >= 2 and (row[index - 1].key in ("or", "and", "或", "和") or (row[index - 1].value is not None and row[index].before in ("/", "、", ",")))


def _alike(row: list[Token], at: int, anchor: Mention) -> bool:
    """Whether a further number of a list can still be one of the same kind."""
    previous = next(row[i] for i in range(at - 1, anchor.last, -1) if row[i].value is not None)
    a, b = abs(previous.value or 0), abs(row[at].value or 0)
    return bool(a and b) and 1e-4 < a / b < 1e4


def _measure(token: Token) -> bool:
    return token.skip or token.key in ("size", "lr", "rate")


def _score_behind(reading: Reading, at: int) -> bool:
    """Whether a score follows the number: 训练集上 95 的准确率."""
    return any(m.label == "score" and m.first == at + 1 and not reading.tokens[at + 1].before for m in reading["subject"])


def _named_otherwise(reading: Reading, at: int) -> bool:
    """Whether another setting stands right before the number and what leads to it: clip_value 为 0.5."""
    row = reading.tokens
    begin = next((i for i in range(at - 1, max(-1, at - 4), -1) if row[i].kind == "word" and row[i].clause == row[at].clause), None)
    return begin is not None and begin < at - 1 and row[begin].key not in LEADS and row[begin].key not in LINKS and row[begin].kind == "word" and row[at - 1].kind == "han"


def _symbol(row: list[Token], at: int) -> bool:
    """Whether it is the letter of a formula: 学习率 L = 0.01, "batch size B = 32"."""
    return len(row[at].raw) == 1 and row[at].kind == "word" and at + 1 < len(row) and row[at + 1].before.startswith("=")


def _glued_to(at: int, anchor: Mention) -> bool:
    return at == anchor.last + 1


def _scaled(row: list[Token], at: int, fact: str = "") -> bool:
    after = row[at + 1] if at + 1 < len(row) else None
    if after is None or after.clause != row[at].clause or after.key not in SCALERS or after.before.strip("-"):
        return False
    if after.key in ("个", "张", "条"):
        return fact != "dataset_size"
    return after.key != "x" or at + 2 >= len(row) or (row[at + 2].value is None and row[at + 2].key not in MULTIPLIED)


def _is_index(row: list[Token], anchor: Mention) -> bool:
    """Whether "batch 500" is the 500th batch rather than a batch of 500."""
    if len(anchor.indices) > 1 or row[anchor.first].key != "batch":
        return False
    before = row[anchor.first - 1] if anchor.first else None
    after = row[anchor.last + 1] if anchor.last + 1 < len(row) else None
    ordinal = before is not None and (before.key in INDEX or (before.key == "个" and anchor.first > 2))
    return ordinal or (after is not None and after.before.startswith(("#", "_")))


def _counted(reading: Reading, fact: str, unit: Mention) -> Iterator[tuple[int, int, int]]:
    """Numbers that count something: "462 data points", 一万张图."""
    row = reading.tokens
    at = unit.first - 1
    while at >= 0 and unit.first - at <= 3 and row[at].value is None and row[at].clause == row[unit.first].clause:
        if row[at].key in NOT_DATA or (row[at].kind == "han" and row[at].key not in MORE):
            return
        at -= 1
    if at < 0 or row[at].value is None or row[at].clause != row[unit.first].clause or row[at].glued or row[at].percent or (at and row[at - 1].key == "第"):
        return
    behind = [t.key for t in itertools.takewhile(lambda t: t.clause == row[at].clause and not t.before, row[unit.last + 1 : unit.last + 5])]
    around = {t.key for t in row[max(0, at - 2) : at] if t.clause == row[at].clause} | set(behind[:1] if TRIAL.intersection(behind) else behind[:3])
    if "码" in around:
        around -= {"验"}
    if fact == "dataset_size" and ((behind[:1] == ["集"] and row[unit.first].key == "个") or around & NOT_DATA or _beaten(row, unit) or _in_overfit_test(reading, unit) or _devices(row, at) or _of_validation(reading, at)):
        return
    yield at, at, unit.last


def _of_validation(reading: Reading, at: int) -> bool:
    """Whether the samples are those of the validation set: 验证集只有 200 条."""
    row = reading.tokens
    before = [s for s in reading["split"] if s.last < at <= s.last + REACH and row[s.first].clause == row[at].clause]
    return bool(before) and before[-1].label == "val"


def _beaten(row: list[Token], unit: Mention) -> bool:
    """Whether "points" are points of a score ("2 points lower")."""
    if row[unit.last].key not in ("point", "点"):
        return False
    clause = row[unit.first].clause
    said = {t.key for t in row if t.sentence == row[unit.first].sentence and abs(t.clause - clause) <= 1}
    if (row[unit.first - 1].value or 0) < 30 and row[unit.first].key in ("point", "个", "点") and SCORED & said:
        return True
    near = [t.key for t in row[unit.last + 1 : unit.last + 3]] + [t.key for t in row[max(0, unit.first - 3) : unit.first]]
    return any(k in ("low", "lower", "high", "higher", "below", "bett", "better", "worse", "drop", "by", "lose", "off", "percentag", "short", "behind") for k in near)


def _in_overfit_test(reading: Reading, unit: Mention) -> bool:
    return any(reading.clause(m) is reading.clause(unit) for m in reading["fact:overfits_tiny_batch"])


def _devices(row: list[Token], at: int) -> bool:
    if row[at + 1].key in ("张", "块") and any(t.key in ("卡", "显", "gpu") for t in row if t.sentence == row[at].sentence) and (row[at].value or 0) <= MOST:
        return True
    named = any(t.key in SERIES or t.value in CARDS for t in row[at + 2 : at + 4] if t.clause == row[at].clause)
    return named or (at + 1 < len(row) and row[at + 1].key in ("gpu", "卡")) or any(t.key in ("卡", "显", "gpu") for t in row[at + 1 : at + 4] if t.clause == row[at].clause)


def _after_optimizer(reading: Reading, optimizer: Mention) -> Iterator[tuple[int, int, int]]:
    """ "adam 0.001", "SGD(0.1)": the number behind an optimizer is its learning rate."""
    row = reading.tokens
    at = optimizer.last + 1
    if at < len(row) and row[at].key in ("at", "with", "用"):
        at += 1
    if at >= len(row) or row[at].value is None or row[at].glued or row[at].percent or row[at].clause - row[optimizer.last].clause > 1 or _scaled(row, at):
        return
    named = any(m.last == at - 1 for m in [*reading["anchor:batch_size"], *reading["anchor:learning_rate"]])
    value = row[at].value or 0
    if not named and 0 < value < 1 and value != 0.9 and value != 0.99 and value != 0.999:
        yield at, optimizer.first, at
