"""What a column means, from its name alone: English and Chinese names onto the canonical metrics, the step counters and the epoch.

`meaning` looks at one name; which of several columns is the main one is decided in `ranking`, and which counter is used in `axis`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .losses import LossName, loss_name
from .measures import measure
from .names import clean
from .vocabulary import EPOCHS, PHASE_EDGE, PREFIXES, STEPS, TEST, TRAIN, VAL

__all__ = ["Meaning", "meaning", "phrase", "simplified", "words"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is taken for."""

    kind: str | None
    """A metric of `METRICS`, "step", or None."""
    score: float = 0.0
    """How well the name fits the kind, 0..110; for losses: how surely it is the total that is trained on."""
    part: str = ""
    """Name of the part when it is not the main series ("box_loss")."""
    twin: str = ""
    """"step" or "epoch" when the name says so at its end (`train_loss_step`)."""
    why_not: str = ""
    phase: str = ""
    """"train", "val", "test" or ""."""


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_WORD = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")
_UNIT = re.compile(r"(?<=\S)\s*(?:\([^()]*\)|\[[^\[\]]*\])$")
"""A unit or remark in brackets at the end of a name: "Time (s)", "lr(LinearWarmup)", "memory(GiB)", "Iter(s)"."""
_MEASURED = frozenset({"time", "lr", "gpu_mem", "gpu_temp", "grad_norm"})
"""Metrics whose name keeps its meaning whatever stands in brackets behind it: of a loss it may say which one."""
_COUNTERS = frozenset({"step", "epoch"})
_SIMPLIFIED = str.maketrans(
    "訓練損驗證測試評準確學習輪數權範總時間餘誤價縮層階段類當個溫顯記憶體佔",
    "训练损验证测试评准确学习轮数权范总时间余误价缩层阶段类当个温显记忆体占",
)
_TWIN = re.compile(r"[\s_/\-.(]*(?<![a-z])(step|epoch)\)?$", re.I)


def simplified(text: str) -> str:
    """`text` with the traditional characters of our subject as the simplified ones: 訓練損失 -> 训练损失."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)


def words(name: str) -> list[str]:
    """The words of a column name in lower case: "TrainLoss" and "train/loss" both give train, loss; digits are words of their own."""
    return _WORD.findall(_CAMEL.sub(" ", simplified(unicodedata.normalize("NFKC", name))).lower())


@lru_cache(maxsize=4096)
def phrase(name: str) -> str:
    """The `words` of a column name with a blank between."""
    return " ".join(words(name))


@lru_cache(maxsize=65_536)
def meaning(name: str) -> Meaning:
    """What the column called `name` most probably is. Never raises; an unknown name has kind None."""
    name = clean(name, 400)
    bare = _UNIT.sub("", name)
    if bare != name and ((what := meaning(bare)).kind in _MEASURED or (what.kind in _COUNTERS and name.endswith("(s)"))):
        return what
    tokens = words(name)
    if not tokens:
        return Meaning(None, why_not="no name")
    joined = " ".join(tokens)
    phase = _phase(set(tokens), joined)
    twin = tokens[-1] if len(tokens) > 1 and tokens[-1] in {"step", "epoch"} else ""
    counter = _counter(tokens, joined, phase)
    if counter is not None:
        return counter
    loss = loss_name(name, tokens, joined, phase)
    if loss is not None:
        return _as_meaning(loss, name, phase, twin)
    found = measure(tokens, joined, validation=phase in {"val", "test"})
    if found is None:
        return Meaning(None, why_not="unknown meaning", phase=phase)
    kind, score = found
    return Meaning(kind, score, part=_part(name, twin), twin=twin, phase=phase)


def _as_meaning(loss: LossName, name: str, phase: str, twin: str) -> Meaning:
    if not loss.kind:
        return Meaning(None, why_not=loss.why_not, phase=phase)
    if loss.kind == "rank_loss":
        return Meaning("rank_loss", loss.score, "" if words(name) == ["rank", "loss"] else clean(name, 60), phase=phase)
    if loss.kind == "loss_scale":
        return Meaning("loss_scale", loss.score, phase=phase)
    return Meaning("val_loss" if phase in {"val", "test"} else "train_loss", loss.score, _part(name, twin), twin, phase=phase)


def _phase(have: set[str], joined: str) -> str:
    if have & VAL or re.search("验证|校验|评估|开发集", joined):
        return "val"
    if have & TEST or "测试" in joined:
        return "test"
    if have & TRAIN or "训练" in joined:
        return "train"
    return ""


def _counter(tokens: list[str], joined: str, phase: str) -> Meaning | None:
    for table, kind in ((STEPS, "step"), (EPOCHS, "epoch")):
        if joined in table and phase not in {"val", "test"}:
            return Meaning(kind, table[joined], phase=phase)
    if len(tokens) > 1 and tokens[0] in PREFIXES:
        rest = " ".join(tokens[1:])
        for table, kind in ((STEPS, "step"), (EPOCHS, "epoch")):
            if rest in table and not (kind == "epoch" and tokens[0] == "time"):
                return Meaning(kind, table[rest] - 3, phase=phase)
    if len(tokens) > 2 and tokens[-2] in {"at", "after"} and tokens[-1] in {"step", "iteration", "iter", "epoch"}:
        return Meaning("epoch" if tokens[-1] == "epoch" else "step", 50, phase=phase)
    if re.fullmatch(r"第.*(轮|代|周期)", joined):
        return Meaning("epoch", 95, phase=phase)
    if re.fullmatch(r"第.*(步|次|批).*", joined):
        return Meaning("step", 95, phase=phase)
    return None


def _part(name: str, twin: str) -> str:
    """What is left of `name` without the phase: "train/box_loss" and "val/box_loss" are the same part."""
    text = clean(name, 200)
    bare = PHASE_EDGE.sub("", text).strip("/_.:- ")
    bare = re.sub(r"[/_.\s:\-]{2,}", lambda m: m.group(0)[0], bare)
    if twin:
        bare = _TWIN.sub("", bare).strip("/_.:- ")
    return bare[:60] or text[:60]
