"""The name in front of a number in a line of text: what a person would read as its label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .columns import Meaning, meaning
from .names import clean
from .vocabulary import word_set

__all__ = ["PHASE", "Label", "heading_phase", "label_before"]

MAX_WORDS = 4
"""A longer phrase of unknown meaning is a sentence, not a name."""
PHASE = re.compile(
    r"(?<![A-Za-z0-9_/.\-])(?:(?P<val>val|valid|validation|validate|validating|eval|evaluation|evaluating|evaluate|test|testing|dev"
    r"|(?-i:CV|Saving dict))|(?P<train>train|training))(?![A-Za-z0-9_/.])|(?P<zval>(?:验证|测试|评估)(?:集|结果|阶段|中|完成)?(?=[\s:：\]】,，|]|$))"
    r"|(?P<ztrain>训练(?:集|阶段|中)?(?=[\s:：\]】,，|]|$))",
    re.I,
)
"""Words that say of which phase the following numbers are, standing on their own."""
_WRAPPER = re.compile(r"(?:tensor|array|np\.float\d+|float)\(\[?\s*$")
"""A value printed as Python shows it: tensor(0.5), [np.float64(0.5)]."""
_TAIL = re.compile(r"[\s:=：＝\"'\[(|~≈（【#№]*$")
_PIECES = re.compile(
    r"[|,;{}()\[\]<>\t\"`•·→，；。、（）【】「」!]+|(?<![a-z0-9])'|'(?![a-z])|\s[-–—]+\s|:\s|："
    r"|(?<!\b[Vv]al)(?<!\b[Vv]alid)(?<!\b[Ee]val)(?<!\b[Aa]vg)\.\s|\s{3,}|=>|->|%|\s#\s?"
)
_IN_PARENS = re.compile(r"[^|,;{}()\[\]<>\t\"'`:：，]*\([A-Za-z/%\u4e00-\u9fff ]*\)$")
_LEADING_UNIT = re.compile(
    r"^\s*(?:(?:ms|us|secs?|s|seconds|mins?|hrs?|h|%|[KMGT]i?B|[kKMGTB]|its?|x|tok)?(?:/(?:secs?|s|gpu|device|it|iter|step|img))+"
    r"|(?:ms|us|secs?|s|seconds|mins?|hrs?|h|%|[KMGT]i?B|[kKMGTB]|x))(?![A-Za-z0-9_/])"
)
_LEADING_CJK = re.compile(r"^\s*(?:个?轮次?|代|期|步|次迭代|次|批次?|个?epoch)(?:\s|的)*", re.I)
_LETTER = re.compile(r"[A-Za-z\u3400-\u9fff]")
_TRIM = " \t-*#•>.:=|/\\_~✓✔"
_FILLERS = word_set("the a an steps iterations iters epochs and with our current is was of equals at")
_BEGUN = re.compile("^(?:开始|正在|进行)+")
_HEADING_WORD = re.compile(r"[A-Za-z]+|[\u3400-\u9fff]+")
_HEADS = word_set("running run start starting started begin beginning performance results result phase stage loop set metrics summary on the")
"""Beside the phase, the words of a line that only announces it: "***** Running Evaluation *****", "Eval begin..."."""
_NOT_NOW = word_set("""
    best total max num last resume resumed resuming loaded loading from every per until warmup save saved saving checkpoint start starting
    end early remaining next each after before
""")
_RECORDS = word_set("best max maximum highest")


@dataclass(frozen=True, slots=True)
class Label:
    """A name, what it means, and whether a colon or an equals sign ties it to its number."""

    name: str
    what: Meaning
    strong: bool


def _section_phase(text: str) -> str:
    """ "val" when `text`, a line of words, heads the results of a validation or test; "" otherwise."""
    return "val" if any(match["val"] or match["zval"] for match in PHASE.finditer(text)) else ""


def heading_phase(text: str) -> str | None:
    """The phase of the lines below `text`, a short line without numbers: "val", "" (training); None when it heads nothing."""
    if text.rstrip()[-1:] in {":", "："}:
        return _section_phase(text)
    words = _HEADING_WORD.findall(text)
    if not PHASE.search(text) or any(word.lower() not in _HEADS and not PHASE.fullmatch(_BEGUN.sub("", word)) for word in words):
        return None
    return _section_phase(text)


def label_before(before: str, *, first: bool) -> Label | None:
    """The name at the end of `before`, the text up to a number; None when there is none. `first`: no number comes before it."""
    before = _WRAPPER.sub("", before)
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
    piece = wrapped.group(0).rpartition(" - ")[2] if wrapped else next((p for p in reversed(_PIECES.split(body)) if p and p.strip(_TRIM)), "")
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


def _known(piece: str, *, strong: bool, paren: bool) -> Label | None:
    parts = _without_fillers(piece.split())
    piece = " ".join(parts)
    full = meaning(piece)
    counter = full.kind in {"step", "epoch"}
    if full.kind is not None and len(parts) <= 8 and (strong or counter or (not paren and _ends_named(parts))):
        return Label(clean(piece, 80), full, strong)
    unphased = PHASE.sub("", piece).strip(_TRIM)
    if unphased and unphased != piece and (what := meaning(unphased)).kind in {"step", "epoch"}:
        return Label(clean(piece, 80), what, strong)
    if full.why_not not in {"", "unknown meaning", "no name"}:
        return None
    for size in range(min(MAX_WORDS, len(parts) - 1), 0, -1):
        suffix = " ".join(parts[-size:]).strip(_TRIM)
        what = meaning(suffix) if suffix else full
        if what.kind in {None, "loss_scale"} or (paren and what.kind not in {"step", "epoch"}):
            continue
        before = {p.lower() for p in parts[:-size]}
        if (what.kind in {"step", "epoch"} and before & _NOT_NOW) or ((what.kind or "").endswith("accuracy") and before & _RECORDS):
            return None
        return Label(suffix, what, strong)
    if strong and len(parts) <= MAX_WORDS and len(piece) <= 60:
        return Label(clean(piece, 80), full, strong)
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
