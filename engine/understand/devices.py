"""Counts of devices: "8 GPUs", "4x V100", "8xH100", 8 张 A100, 4 卡."""

from __future__ import annotations

from collections.abc import Iterator

from .clauses import Reading
from .statements import Statement
from .tokens import Token
from .vocabulary import NOTHING

DEVICES = frozenset({"gpu", "card", "rtx", "gtx", "node", "machine", "worker", "tpu", "npu", "device", "rank", "titan"})
"""What is counted."""
FILLS = frozenset({"x", "个", "nvidia", "tesla", "local", "different", "of", "physical"})
"""Words between the count and what is counted."""
MEMORY = frozenset({"g", "gb", "gib"})
"""Units of memory."""
CARDS = frozenset({4.0, 10.0, 20.0, 30.0, 40.0, 100.0, 200.0, 800.0, 1080.0, 2080.0, 3060.0, 3080.0, 3090.0, 4080.0, 4090.0, 5000.0, 5090.0, 6000.0})
"""Numbers in the names of graphics cards."""
SERIES = frozenset({"v", "a", "h", "t", "p", "l"})
"""Letters before such a number: V100, A100, H100, T4, P100, L40."""
MEASURES = frozenset({"块", "张", "台"})
"""Chinese measure words of devices."""
WRITTEN = {"one": 1.0, "singl": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "six": 6.0, "eight": 8.0, "sixteen": 16.0}
"""Counts in words."""
STUCK = frozenset({"住", "死", "在", "着"})
"""What follows 卡 where it means to be stuck and not a card."""


DEEP = 20
"""Layers from which a network is called very deep here."""
LARGE, SMALL = 80.0, 10.0
"""Percentages of the samples from which, and up to which, a class makes the classes uneven."""
SAMPLES = frozenset({"sampl", "imag", "pixel", "row", "data", "transaction", "transact", "patient", "label", "case", "record", "exampl", "target", "token", "user", "click", "review", "sentenc", "box", "pictur", "them", "message", "messag", "email", "mail", "样", "图", "像", "交", "用", "标", "病", "记", "条", "张", "数", "评", "邮"})
"""What samples are called; of Chinese words the first character."""
NO_CLASS = frozenset({"wrong", "mislabel", "nois", "noisi", "miss", "nan", "corrupt", "train", "validation", "test", "memori", "time", "错", "坏", "缺", "空", "训", "验", "测", "噪", "重"})
"""What makes a share of the samples no class."""


def device_counts(reading: Reading) -> Iterator[Statement]:
    """Whether training is distributed, per count of devices."""
    row = reading.tokens
    for i, token in enumerate(row):
        count = WRITTEN.get(token.key) if token.value is None else token.value
        if count is None or token.glued or count != int(count) or not 1 <= count <= 4096:
            continue
        j = i + 1
        while j < len(row) and j - i <= 3 and row[j].clause == token.clause and (row[j].key in FILLS or _is_memory(row, j)):
            j += 1
        compared = any(t.key == "than" and t.clause == token.clause for t in row[max(0, i - 5) : i])
        named = any(m.label == NOTHING and i in m.indices for m in reading["fact:distributed"])
        if j < len(row) and row[j].clause == token.clause and _is_device(row, j) and not compared and not named:
            yield Statement("distributed", count > 1, i, j, 2.8 if token.value is None else 3.2 if count > 1 else 3.0)


def shares(reading: Reading) -> Iterator[Statement]:
    """Whether classes are imbalanced, per share of the samples: "97% of the transactions are legit", 97% 的交易都是正常的."""
    row = reading.tokens
    for i, token in enumerate(row):
        if not token.percent or token.value is None or not (LARGE <= token.value < 100 or 0 < token.value <= SMALL):
            continue
        after = [t.key for t in row[i + 1 : i + 7] if t.clause == token.clause]
        spoken_of = any(m.label in ("score", "loss", "unit") and reading.tokens[m.first].clause == token.clause for m in reading["subject"])
        if not spoken_of and after and (after[0] == "of" or row[i + 1].kind == "han") and SAMPLES.intersection(after[:4]) and not NO_CLASS.intersection(after):
            yield Statement("classes_imbalanced", True, i, min(i + 4, len(row) - 1), 2.9)


def depths(reading: Reading) -> Iterator[Statement]:
    """Whether the network is very deep, per number of layers: "50 dense layers", 60 层."""
    row = reading.tokens
    for i, token in enumerate(row):
        if token.value is None or token.glued or not DEEP <= token.value <= 5000 or token.value != int(token.value):
            continue
        after = [t.key for t in row[i + 1 : i + 4] if t.clause == token.clause]
        if after[:1] == ["层"] or "layer" in after:
            yield Statement("very_deep_or_long", True, i, i + 1, 2.9)


def _is_memory(row: list[Token], at: int) -> bool:
    """Whether it is part of the memory of a card: the 40G of "four 40G cards"."""
    after = row[at + 1].key if at + 1 < len(row) else ""
    return (row[at].value is not None and after in MEMORY) or (row[at].key in MEMORY and row[at - 1].value is not None)


def _is_device(row: list[Token], at: int) -> bool:
    after = row[at + 1] if at + 1 < len(row) else None
    key = row[at].key
    if row[at].value in CARDS and row[at - 1].key == "x":
        return True
    if key in SERIES:
        return after is not None and after.glued and after.value in CARDS
    if key in MEASURES:
        return after is not None and (after.key in ("卡", "gpu", "显", "rtx", "机") or after.key in SERIES or after.value in CARDS)
    if key == "卡":
        return after is None or after.key not in STUCK
    return key in DEVICES
