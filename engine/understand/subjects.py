"""What is spoken of in each clause: loss, score, gradient ..., and on which part of the data."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace

from .clauses import Reading
from .lexicon import Mention
from .scene import Subject

BETWEEN = frozenset(["nor", "图", "片", "像", "样", "本", "数", "据", "imag", "sampl", "photo", "pictur", "and", "or", "s", "set", "data", "on", "和", "与", "跟", "集", "上", "val", "valid", "validation", "test", "dev", "train", "eval", "evaluation", "evaluat", "验", "证", "训", "练", "测", "试", "评", "估", "出", "来", "得", "时", "的", "后", "中"])
"""Words that may stand between "validation" and "loss"."""
LINKING = frozenset(["on", "for", "of", "in", "at", "during", "from", "在"])
"""Words between "loss" and "the validation set"."""

OPENING = frozenset({"when", "if", "on", "for", "once", "dur"})
"""Words that begin a clause about the circumstances of the next one."""
LEADING = frozenset({"on", "for", "at", "in", "with", "dur"})
"""Words before the part of the data that the rest of the clause is about."""
JOINING = frozenset({"and", "or", "vs", "plu", "both", "和", "与", "跟", "及", "集"})
"""Words that join two parts of the data."""
GUESSING = frozenset("检预探监推")
"""Characters that make another word with a 测 behind them."""
UNIT_REACH = 6
"""Tokens between units and the word for what they put out, at most."""


def subjects(reading: Reading) -> list[Subject]:
    """Subjects with the part of the data they are about, in text order."""
    kinds, splits = reading["subject"], [s for s in reading["split"] if not _cut_off(reading, s)]
    bound: set[Mention] = set()
    out: list[Subject] = []
    nearby: dict[int, list[Mention]] = defaultdict(list)
    for split in splits:
        nearby[reading.tokens[split.first].clause].append(split)
    for kind in sorted(kinds, key=lambda k: k.label == "data"):
        if kind.label == "output" and _of_metric(reading, kind, [k for k in kinds if k.label in ("weight", "grad")]):
            continue
        if kind.label == "model" and (_of_metric(reading, kind, kinds) or (any(s.overlaps(kind) for s in splits) and _precedes_metric(reading, kind, kinds))):
            continue
        if kind.label == "data" and any(m.overlaps(kind) and len(m.indices) > len(kind.indices) for m in reading["manner"]):
            continue
        if kind.label == "data" and any(t.key in ("时", "后") and t.clause == reading.tokens[kind.last].clause for t in reading.tokens[kind.last + 1 : kind.last + 3]):
            continue
        if kind.label == "lr" and _is_setting(reading, kind):
            continue
        here = nearby[reading.tokens[kind.first].clause]
        own = _nearest(reading, [s for s in here if s not in bound and not s.overlaps(kind) and _belongs(reading, s, kind)], kind)
        bound.update(own)
        inner = {s.label for s in here if s.overlaps(kind) and len(s.indices) < len(kind.indices)} if kind.label != "model" else set[str]()
        bound.update(s for s in here if s.overlaps(kind) and kind.label != "model")
        edge = [kind.first, kind.last, *(i for s in own for i in (s.first, s.last))]
        out.append(Subject(kind.label, frozenset({s.label for s in own} | inner), min(edge), max(edge)))
    for split in splits:
        if split in bound or (split.label == "train" and len(split.indices) == (2 if reading.tokens[split.first].kind == "han" else 1)):
            continue
        if not any(k.overlaps(split) for k in kinds if k.label != "model"):
            out.append(Subject("none", frozenset({split.label}), split.first, split.last))
    out = [s for s in out if not (s.kind == "output" and _of_units(reading, s, out))]
    out = [_of_score(reading, s, out) for s in out]
    return _carried(reading, sorted((s for s in out if not (s.kind == "data" and _beside_metric(reading, s, out))), key=lambda s: s.first))


def _cut_off(reading: Reading, split: Mention) -> bool:
    """Whether it is the rest of another word: the 测出来 of 检测出来."""
    token, before = reading.tokens[split.first], reading.tokens[split.first - 1]
    return split.first > 0 and token.key == "测" and before.end == token.start and before.key in GUESSING


def _of_score(reading: Reading, subject: Subject, others: list[Subject]) -> Subject:
    """A bare "curve" that follows a score in its sentence is the score's: psnr 才 17，曲线还在往上."""
    row = reading.tokens
    if subject.kind != "loss" or row[subject.last].key not in ("线", "curv") or any(t.key in ("loss", "损", "误") for t in row[subject.first : subject.last]):
        return subject
    before = [s for s in others if s.last < subject.first and row[s.first].sentence == row[subject.first].sentence and s.kind in ("loss", "score")]
    return replace(subject, kind="score") if before and before[-1].kind == "score" else subject


def _nearest(reading: Reading, own: list[Mention], kind: Mention) -> list[Mention]:
    """Of several parts of the data before a quantity, the last and those joined to it: "during training the validation loss"."""
    before = [s for s in own if s.last < kind.first]
    for a, b in reversed(list(itertools.pairwise(before))):
        gap = reading.tokens[a.last + 1 : b.first]
        if a.label != b.label and not reading.tokens[b.first].before and not any(t.key in JOINING for t in gap):
            return [s for s in own if s.first > a.last]
    return own


def _carried(reading: Reading, row: list[Subject]) -> list[Subject]:
    """Let a bare "its loss" that follows validation in a sentence that set it against training be of validation too."""
    for i, subject in enumerate(row):
        if subject.kind == "score" and not subject.splits and i and row[i - 1].kind == "score" and _listed(reading, row[i - 1], subject):
            row[i] = subject = replace(subject, splits=row[i - 1].splits)
        if subject.kind in ("model", "output", "sample") and not subject.splits and i and _led_by_test(reading, row[i - 1], subject):
            row[i] = subject = replace(subject, splits=frozenset({"val"}))
        if subject.kind in ("loss", "score") and not subject.splits and i and _under_test(reading, row[i - 1], subject):
            row[i] = subject = replace(subject, splits=frozenset({"val"}))
        before = [s for s in row[:i] if reading.tokens[s.first].sentence == reading.tokens[subject.first].sentence]
        if subject.kind in ("loss", "score") and not subject.splits and len(before) >= 2 and set(before[-1].splits) == {"val"} and any("train" in s.splits for s in before):
            row[i] = replace(subject, splits=frozenset({"val"}))
    return row


def _listed(reading: Reading, before: Subject, subject: Subject) -> bool:
    """Whether the two stand in one list, parted by nothing but a comma or "and": "precision, recall and F1"."""
    gap = reading.tokens[before.last + 1 : subject.first]
    return reading.tokens[before.last].sentence == reading.tokens[subject.first].sentence and all(t.key in JOINING for t in gap) and len(gap) <= 1


def _led_by_test(reading: Reading, before: Subject, subject: Subject) -> bool:
    """Whether it is spoken of on validation data: "on real photos the network is useless"."""
    led = before.first and reading.tokens[before.first - 1].key in LEADING
    return bool(led) and before.kind == "none" and set(before.splits) == {"val"} and reading.clauses[reading.tokens[before.first].clause] is reading.clauses[reading.tokens[subject.first].clause]


def _under_test(reading: Reading, before: Subject, subject: Subject) -> bool:
    """Whether the clause before says that it is about validation: "when the test set is used, the accuracy is only 60%"."""
    opening = reading.clauses[reading.tokens[before.first].clause]
    here = reading.tokens[subject.first]
    led = reading.tokens[opening.first].key in OPENING
    return led and set(before.splits) == {"val"} and before.kind in ("none", "data", "model") and opening.index == here.clause - 1 and opening.sentence == here.sentence


def _of_units(reading: Reading, output: Subject, others: list[Subject]) -> bool:
    """Whether what is put out is put out by units: "93% of the ReLUs output zero", 神经元输出恒为 0."""
    clause = reading.tokens[output.first].clause
    return any(o.kind == "unit" and 0 < output.first - o.last <= UNIT_REACH and reading.tokens[o.first].clause == clause for o in others)


def _beside_metric(reading: Reading, data: Subject, others: list[Subject]) -> bool:
    """Whether data are named only in passing: "loss on my dataset goes to nan"."""
    clause = reading.tokens[data.first].clause
    return any(reading.tokens[o.first].clause == clause and o.kind not in ("data", "model", "lr") for o in others)


def _precedes_metric(reading: Reading, kind: Mention, kinds: list[Mention]) -> bool:
    return any(0 < other.first - kind.last <= 3 and other.label != "model" for other in kinds if reading.clause(other) is reading.clause(kind))


def _of_metric(reading: Reading, kind: Mention, kinds: list[Mention]) -> bool:
    """Whether it only says whose: "the gradients of the first layers", "loss of the generator"."""
    for other in kinds:
        gap = reading.tokens[other.last + 1 : kind.first]
        if other.label != "model" and 1 <= len(gap) <= 4 and gap[0].key in ("of", "for", "in") and reading.clause(other) is reading.clause(kind):
            return True
    return False


def _is_setting(reading: Reading, kind: Mention) -> bool:
    """Whether the learning rate is given a value rather than said to do something."""
    after = reading.tokens[kind.last + 1 : kind.last + 3]
    return any(t.value is not None and t.clause == reading.tokens[kind.last].clause for t in after)


def _belongs(reading: Reading, split: Mention, kind: Mention) -> bool:
    """Whether "validation" goes with "loss": beside it, joined by "and", or "loss on the validation set"."""
    if reading.tokens[split.first].clause != reading.tokens[kind.first].clause or kind.label in ("lr", "model", "memory"):
        return False
    if split.last < kind.first:
        gap = reading.tokens[split.last + 1 : kind.first]
        return len(gap) <= 3 and all(t.key in BETWEEN or t.skip or (t.value is not None and kind.label == "score") for t in gap)
    gap = reading.tokens[kind.last + 1 : split.first]
    moving = {i for m in reading["move"] for i in m.indices}
    told = [t for i, t in enumerate(gap, kind.last + 1) if i not in moving and not t.skip]
    return 0 < len(told) <= 2 and told[0].key in LINKING and len(gap) <= 5


def joined(reading: Reading, subjects: list[Subject]) -> bool:
    """Whether the subjects form one row: "train loss and val loss"."""
    for a, b in itertools.pairwise(subjects):
        gap = reading.tokens[a.last + 1 : b.first]
        if len(gap) > 1 or any(t.key not in ("and", "or", "和", "与", "跟", "plu", "vs") for t in gap) or (not gap and not reading.tokens[b.first].before):
            return False
    return len(subjects) > 1
