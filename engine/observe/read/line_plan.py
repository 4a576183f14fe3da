"""How one shape of text line is read: which of its numbers is a counter, which is a metric and what it is called.

A line is split at its numbers; what is left between them is its shape, and a log has few shapes. A shape is understood once
(`make_plan`) and every line of that shape is then read by position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .columns import Meaning, meaning
from .names import clean
from .positional import positional
from .vocabulary import name_set, word_set

__all__ = ["NUMBER", "Field", "Plan", "make_plan"]

SETTINGS = 4
"""So many unknown names on a line without a counter look like settings."""
_GUARD = r"(?:(?<![A-Za-z0-9_.@#].)|(?<=[Ee]poch.)|(?<=[Ss]tep.)|(?<=[Ii]ter.)|(?<=\[[Ee].))"
_EXPONENT = r"(?:\.\d*)?(?:[eE][-+]?\d+)?"
_UNIT = r"(?:ms|us|s|secs?|seconds|mins?|h|hrs?|%|[KMGTB]|[KMGT]i?B|it/s|x|tok/s)?"
NUMBER = re.compile(
    rf"([-+.0-9nNiI]{_GUARD}(?:(?<=[1-9])\d{{0,2}}(?:,\d{{3}})+(?![\d]){_EXPONENT}|(?<=\d)\d*{_EXPONENT}"
    rf"|(?<=[-+])(?:[1-9]\d{{0,2}}(?:,\d{{3}})+(?!\d){_EXPONENT}|\d+{_EXPONENT}|\.\d+(?:[eE][-+]?\d+)?|[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
    rf"|(?<=\.)\d+(?:[eE][-+]?\d+)?|(?<=[nN])[aA][nN]|(?<=[iI])[nN][fF](?:inity)?)(?={_UNIT}(?![A-Za-z0-9_]))(?!:\d\d(?![\d.]))(?!\.[\dA-Za-z]))"
)
"""A number that stands on its own in a line of text: no part of a word, a version, a clock time; a unit may follow."""

_PHASE = re.compile(
    r"(?<![A-Za-z0-9_/.\-])(?:(?P<val>val|valid|validation|validate|validating|eval|evaluation|evaluating|evaluate|test|testing|dev)"
    r"|(?P<train>train|training))(?![A-Za-z0-9_/.])|(?P<zval>(?:验证|测试|评估)(?:集|结果|阶段|中)?(?=[\s:：\]】,，|]|$))|(?P<ztrain>训练(?:集|阶段|中)?(?=[\s:：\]】,，|]|$))",
    re.I,
)
_TAIL = re.compile(r"[\s:=：＝\"'\[(|~≈（【]*$")
_PIECES = re.compile(r"[|,;{}()\[\]<>\t\"'`•·→，；。、（）【】「」!]+|\s[-–—]+\s|:\s|：|\.\s|\s{3,}|=>|->|%|\s#\s?")
_OPENED = re.compile(r"[\[(【]\s*[A-Za-z_ ]+[:=\s]*$")
"""A counter as the first thing in brackets, "[step=", is a heading wherever it stands."""
_IN_PARENS = re.compile(r"[^|,;{}()\[\]<>\t\"'`:：，]*\([A-Za-z/%\u4e00-\u9fff ]*\)$")
_LEADING_UNIT = re.compile(r"^\s*(?:ms|us|secs?|s|seconds|mins?|hrs?|h|%|[KMGT]i?B|[KMGTB]|it/s|x|tok/s)(?![A-Za-z0-9_/])")
_LEADING_CJK = re.compile(r"^\s*(?:个?轮次?|代|期|步|次迭代|次|批次?|个?epoch)(?:\s|的)*", re.I)
_LETTER = re.compile(r"[A-Za-z\u3400-\u9fff]")
_TRIM = " \t-*#•>.:=|/\\_~✓✔"
_FILLERS = word_set("the a an steps iterations iters epochs and with our current is was of equals at")
_PHASELESS = frozenset({"lr", "grad_norm", "loss_scale", "weight_norm"})
"""Metrics that belong to the training wherever they are printed."""
_OF = frozenset({"/", "of", "out of", "／", "共"})
_NOT_NOW = word_set("""
    best total max num last resume resumed resuming loaded loading from every per until warmup save saved saving checkpoint start starting
    end early remaining next each after before
""")
_AMOUNTS = name_set("""
    epochs, num_epochs, num epochs, n_epochs, num_steps, num steps, total steps, iterations, timesteps, num_timesteps, train_steps,
    train steps, training steps, train_iters, batches, samples, num_samples, num samples, train samples, examples, num examples, tokens,
    total tokens, train batches, val batches, updates, warmup_steps, 总步数, 总轮数, 总轮次
""")
"""Names that, in free text, say how many there will be rather than where the training is."""
_BANNER = re.compile(
    r"\bresum(?:e|ing|ed)\b(?!\s*[:=]\s*(?:false|none|'?'?$))|\brestor(?:ed?|ing)\b.{0,40}(?:checkpoint|state|ckpt)|\b(?:loaded|loading)\b.{0,30}(?:checkpoint|ckpt)"
    r"|断点续训|恢复训练|从.{0,20}(?:检查点|断点).{0,10}(?:恢复|继续|加载)|加载.{0,10}(?:检查点|断点)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One metric on a line: which number it is, its name in the log, and a name with its meaning where the log's has none."""

    index: int
    name: str
    means: str = ""
    phase: str = ""
    total: int = -1
    """For a share written as n/N: which number is N."""


@dataclass(slots=True)
class Plan:
    """How to read the lines of one shape. Indexes count the numbers of the line; -1 = none."""

    fields: list[Field] = field(default_factory=list[Field])
    epoch: int = -1
    step: int = -1
    step_name: str = ""
    within: bool = False
    """The step counter starts again each epoch."""
    has_loss: bool = False
    alone: bool = False
    """No metric of known meaning is on the line: its counter is only a heading."""
    dump: bool = False
    """Many numbers of unknown meaning and no counter: perhaps a list of settings."""
    banner: bool = False


@dataclass(slots=True)
class _Key:
    name: str
    what: Meaning
    strong: bool
    whole: bool
    """The name is all that stands there, not the end of a sentence."""


def make_plan(texts: Sequence[str], header: Sequence[str] = ()) -> Plan | None:
    """The plan for lines made of `texts` with a number between each two; None when nothing on them is of use.

    `header` holds the column names of the last line that looked like a header, for lines of bare numbers.
    """
    fixed = positional(texts, header)
    if fixed is not None:
        fields, step, epoch, within = fixed
        plan = Plan([Field(i, name, means) for i, name, means in fields], epoch, step, "step", within)
        plan.has_loss = any("loss" in f.means or "loss" in f.name.lower() for f in plan.fields)
        return plan
    plan = Plan(banner=bool(_BANNER.search(" ".join(texts))))
    phase = ""
    rank = 0.0
    bare: list[int] = []
    metric_before = False
    heading = False
    for i in range(len(texts) - 1):
        before = texts[i]
        phase = _phase(before) or phase
        if i and before.strip().lower() in _OF:
            continue
        has_total = i + 2 < len(texts) and texts[i + 1].strip().lower() in _OF
        counted = _chinese_counter(texts, i, has_total=has_total)
        key = None if counted else _key(before, first=i == 0)
        if counted or (key and key.what.kind in {"step", "epoch"}):
            heading = heading or (i == 0 and len(before) <= 60) or bool(_OPENED.search(before))
        if counted == "epoch" or (key and key.what.kind == "epoch"):
            if plan.epoch < 0 and (has_total or not key or key.name.lower() not in _AMOUNTS):
                plan.epoch = i
            continue
        if counted == "step" or (key and key.what.kind == "step"):
            score = key.what.score if key else 95.0
            amount = key is not None and not has_total and key.name.lower() in _AMOUNTS
            if score > rank and not amount and not (key and phase == "val" and _phase(key.name)):
                plan.step, rank, plan.step_name = i, score, key.name if key else "step"
            continue
        if key is None or (has_total and key.what.kind is None):
            if has_total and not metric_before and phase != "val":
                bare.append(i)
            continue
        if key.what.kind is None and not key.strong:
            continue
        total = i + 1 if has_total and (key.what.kind or "").endswith("accuracy") else -1
        prefix = "val" if phase == "val" and not meaning(key.name).phase and key.what.kind not in _PHASELESS else ""
        plan.fields.append(Field(i, key.name, "", prefix, total))
        if key.what.kind is not None:
            metric_before = True
            plan.has_loss = plan.has_loss or key.what.kind in {"train_loss", "val_loss"}
    if bare and plan.step < 0 and metric_before:
        plan.step, plan.step_name, plan.within = bare[-1], "iter", True
        if len(bare) == 2 and plan.epoch < 0:
            plan.epoch = bare[0]
    elif plan.step < 0 and plan.epoch < 0 and metric_before and not texts[0].strip() and plan.fields[0].index > 0 and texts[1][:1] in " \t:|,":
        plan.step, plan.step_name = 0, "step"
    plan.alone = not metric_before
    if plan.alone and not heading:
        plan.epoch = plan.step = -1
    unknown = sum(1 for f in plan.fields if meaning(f.name).kind is None)
    plan.dump = unknown >= SETTINGS and plan.step < 0 and plan.epoch < 0
    if plan.step_name.lower() in {"i", "s", "x", "it"} and not plan.has_loss:
        plan.step = -1
    return plan if plan.fields or plan.epoch >= 0 or plan.step >= 0 or plan.banner else None


def _phase(text: str) -> str:
    found = ""
    for match in _PHASE.finditer(text):
        found = "val" if match["val"] or match["zval"] else "train"
    return found


def _chinese_counter(texts: Sequence[str], i: int, *, has_total: bool) -> str:
    if not texts[i].rstrip().endswith("第"):
        return ""
    after = texts[i + 2 if has_total else i + 1].lstrip()
    if re.match(r"个?(?:轮|代|期|周期|epoch|回合)", after, re.I):
        return "epoch"
    return "step" if re.match(r"个?(?:步|次|批|iter|step)", after, re.I) else ""


def _key(before: str, *, first: bool) -> _Key | None:
    """The name in front of a number, as far as there is one."""
    tail = _TAIL.search(before)
    at = tail.start() if tail else len(before)
    mark = before[at:]
    body = before[:at]
    if not first:
        body = _LEADING_CJK.sub("", _LEADING_UNIT.sub("", body))
    strong = any(c in mark for c in ":=：＝|") or (body[-1:] in {"=", ":"})
    if body[-1:] == "-" and body[-2:-1].isalnum():
        return None
    if not body or (body[-1:].isdigit() and not strong and not _LETTER.search(body[-8:])):
        return None
    wrapped = _IN_PARENS.search(body) if body.endswith(")") else None
    piece = wrapped.group(0) if wrapped else next((p for p in reversed(_PIECES.split(body)) if p and p.strip(_TRIM)), "")
    if not wrapped and body[-1:] in ")]}，,；;":
        return None
    if not piece or body.rstrip()[-1:] in {",", ";"}:
        return None
    piece = piece.strip(_TRIM)
    if not _LETTER.search(piece):
        return None
    if ":" in piece and meaning(piece).kind is None:
        piece = piece.rpartition(":")[2].strip(_TRIM) or piece
    plain = re.sub(r"\((?:val|valid|train|test|eval)\)", "", piece, flags=re.I).strip()
    return _known(plain, strong=strong, paren="(" in mark and not strong)


def _known(piece: str, *, strong: bool, paren: bool) -> _Key | None:
    parts = _without_fillers(piece.split())
    piece = " ".join(parts)
    full = meaning(piece)
    counter = full.kind in {"step", "epoch"}
    if full.kind is not None and len(parts) <= 8 and (strong or counter or (not paren and _ends_named(parts))):
        return _Key(clean(piece, 80), full, strong, whole=True)
    unphased = _PHASE.sub("", piece).strip(_TRIM)
    if unphased and unphased != piece and (what := meaning(unphased)).kind in {"step", "epoch"}:
        return _Key(clean(piece, 80), what, strong, whole=True)
    if full.why_not not in {"", "unknown meaning", "no name"}:
        return None
    for size in range(min(4, len(parts) - 1), 0, -1):
        suffix = " ".join(parts[-size:]).strip(_TRIM)
        what = meaning(suffix) if suffix else full
        if what.kind is None or (paren and what.kind not in {"step", "epoch"}):
            continue
        if what.kind in {"step", "epoch"}:
            if {p.lower() for p in parts[:-size]} & _NOT_NOW:
                return None
            return _Key(suffix, what, strong, whole=False)
        return _Key(suffix, what, strong, whole=False)
    if strong and len(parts) <= 4 and len(piece) <= 60:
        return _Key(clean(piece, 80), full, strong, whole=True)
    return None


def _without_fillers(parts: list[str]) -> list[str]:
    """ "steps the loss is" -> "loss": a sentence is cut down to the words that carry the meaning."""
    while len(parts) > 1 and parts[-1].lower() in _FILLERS and parts[-1].lower() not in {"steps", "iterations", "iters", "epochs"}:
        parts = parts[:-1]
    while len(parts) > 1 and parts[0].lower() in _FILLERS:
        parts = parts[1:]
    return parts


def _ends_named(parts: list[str]) -> bool:
    """Without a colon, the name must end in the word that gives it its meaning: "val loss 0.5", not "val loss decreased"."""
    last = parts[-1]
    return meaning(last).kind is not None or meaning(" ".join(parts[-2:])).kind is not None
