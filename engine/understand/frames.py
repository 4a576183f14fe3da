"""Frames: what is said to do what. "val loss, though, never went down" -> validation loss, does not fall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .clauses import Reading
from .lexicon import Mention

ADJECTIVES = frozenset({"huge", "tiny", "nan", "bad", "good", "slow", "stuck", "zero", "same", "swing"})
"""Movements that may stand before what they describe ("a huge loss", 很大的 loss)."""
CONCLUSIONS = frozenset({"overfit", "vanish", "explode"})
"""Movements that are a diagnosis rather than an observation when they are only suspected."""
CLOSE, FAR = 1, 4
"""Tokens between an adjective and its noun; between a noun before which the movement stands ("a drop in accuracy") and the movement."""
NEGATED: dict[str, str] = {"fall": "stuck", "learn": "stuck", "move": "stuck", "good": "bad", "recover": "stays", "bad": "good"}
"""What a negated movement amounts to; those not listed leave nothing."""
NUMBERS = {0.693: 0.002, 1.0986: 0.002, 1.386: 0.002, 1.609: 0.002, 2.3026: 0.004, 4.605: 0.006, 6.9078: 0.008}
"""Natural logarithms of 2, 3, 4, 5, 10, 100 and 1000, the cross entropy of a uniform guess, with how exactly people copy them."""
HUGE = 1e5
"""A loss from here on is out of any ordinary scale."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A movement with its subject."""

    kind: str
    splits: frozenset[str]
    move: str
    clause: int
    sentence: int
    first: int
    last: int
    """First and last token it was read from."""


@dataclass(frozen=True, slots=True)
class Place:
    """A manner ("suddenly", "every epoch", "after resuming") and where it was said."""

    label: str
    clause: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Scene:
    """All frames and manners of a message. `absent` are frames that were denied ("no NaN")."""

    frames: list[Frame]
    manners: list[Place]
    absent: list[Frame]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of: a kind of quantity, on which part of the data."""

    kind: str
    splits: frozenset[str]
    first: int
    last: int


def scene(reading: Reading) -> Scene:
    """The frames and manners of a message."""
    frames: list[Frame] = []
    absent: list[Frame] = []
    moves = reading["move"]
    subjects = _subjects(reading)
    topic: list[Subject] = []
    for clause in reading.clauses:
        here = [s for s in subjects if clause.first <= s.first <= clause.last]
        inherited = [s for s in topic if reading.tokens[s.first].sentence == clause.sentence or s.kind != "grad"]
        for move in moves:
            if not clause.first <= move.first <= clause.last or _unreal(reading, move):
                continue
            negated = reading.negated(move, _between(reading, moves, subjects))
            label = NEGATED.get(move.label, "") if negated else move.label
            label = "bad" if label == "good" and clause.stances & {"guessing"} and negated else label
            for subject in _owners(reading, move, here, inherited):
                first, last = (subject.first, subject.last) if subject.first >= clause.first else (move.first, move.last)
                frame = Frame(
                    subject.kind, subject.splits, label or move.label, clause.index, clause.sentence, min(first, move.first), max(last, move.last)
                )  # fmt: skip
                if "mood" in clause.stances:
                    continue
                (frames if label else absent).append(frame)
        frames.extend(_numbers(reading, clause.index, here or inherited, clause.first, clause.last))
        if lasting := [s for s in here if s.kind not in ("lr", "model", "data")]:
            topic = lasting[-1:] if not _joined(reading, lasting) else lasting
    places = [Place(m.label, (c := reading.clause(m)).index, c.sentence) for m in reading["manner"] if not _denied(reading, m)]
    places += [Place(label, (c := reading.clause(m)).index, c.sentence) for label in ("no_help", "asking") for m in reading.by_stance[label]]
    places += [Place("stays", f.clause, f.sentence) for f in frames if f.move == "stays"]
    frames.sort(key=lambda f: (f.clause, f.last))
    return Scene(frames, places, absent)


def _denied(reading: Reading, manner: Mention) -> bool:
    return manner.label == "resume" and (reading.negated(manner) or not reading.clause(manner).told)


def _between(reading: Reading, moves: list[Mention], subjects: list[Subject]) -> list[Mention]:
    facts = [m for family, found in reading.families.items() if family.startswith(("fact:", "anchor:")) for m in found]
    return [*moves, *facts]


def _unreal(reading: Reading, move: Mention) -> bool:
    """Whether the movement is only wished for, expected, feared or asked about."""
    clause = reading.clause(move)
    if "asking" in clause.stances:
        return True
    if move.label in CONCLUSIONS and (clause.stances & {"guessing", "hearsay"}) and move.label != "explode":
        return True
    return any(clause.first <= w.first < move.first <= clause.last for w in reading.by_stance["wishing"])


def _subjects(reading: Reading) -> list[Subject]:
    """Subjects with the part of the data they are about, in text order."""
    kinds, splits = reading["subject"], reading["split"]
    bound: set[Mention] = set()
    out: list[Subject] = []
    for kind in kinds:
        if kind.label == "model" and any(s.overlaps(kind) for s in splits) and _precedes_metric(reading, kind, kinds):
            continue
        own = [s for s in splits if s not in bound and not s.overlaps(kind) and _belongs(reading, s, kind)]
        bound.update(own)
        inner = {s.label for s in splits if s.overlaps(kind) and len(s.indices) < len(kind.indices)} if kind.label != "model" else set[str]()
        bound.update(s for s in splits if s.overlaps(kind) and kind.label != "model")
        edge = [kind.first, kind.last, *(i for s in own for i in (s.first, s.last))]
        out.append(Subject(kind.label, frozenset({s.label for s in own} | inner), min(edge), max(edge)))
    for split in splits:
        if split in bound or (split.label == "train" and len(split.indices) == (2 if reading.tokens[split.first].kind == "han" else 1)):
            continue
        if not any(k.overlaps(split) for k in kinds if k.label != "model"):
            out.append(Subject("none", frozenset({split.label}), split.first, split.last))
    return sorted(out, key=lambda s: s.first)


def _precedes_metric(reading: Reading, kind: Mention, kinds: list[Mention]) -> bool:
    return any(0 < other.first - kind.last <= 3 and other.label != "model" for other in kinds if reading.clause(other) is reading.clause(kind))


def _belongs(reading: Reading, split: Mention, kind: Mention) -> bool:
    """Whether "validation" goes with "loss": beside it, joined by "and", or "loss on the validation set"."""
    if reading.tokens[split.first].clause != reading.tokens[kind.first].clause or kind.label in ("lr", "model", "memory"):
        return False
    if split.last < kind.first:
        gap = reading.tokens[split.last + 1 : kind.first]
        return len(gap) <= 3 and all(
            t.key in ("and", "or", "和", "与", "跟", "集", "上", "set", "data") or t.key in ("val", "valid", "test", "train", "验", "证", "训", "练", "测", "试", "eval", "s")
            or t.skip for t in gap
        )  # fmt: skip
    gap = reading.tokens[kind.last + 1 : split.first]
    return len(gap) <= 2 and bool(gap) and gap[0].key in ("on", "for", "of", "in", "at", "在", "dur", "during", "from")


def _joined(reading: Reading, subjects: list[Subject]) -> bool:
    """Whether the subjects form one row: "train loss and val loss"."""
    for a, b in zip(subjects, subjects[1:], strict=False):
        gap = reading.tokens[a.last + 1 : b.first]
        if len(gap) > 1 or any(t.key not in ("and", "or", "和", "与", "跟", "plu", "vs") for t in gap) or (not gap and not reading.tokens[b.first].before):
            return False
    return len(subjects) > 1


def _owners(reading: Reading, move: Mention, here: list[Subject], inherited: list[Subject]) -> list[Subject]:
    """The subjects a movement belongs to."""
    before = [s for s in here if s.last < move.first or s.first <= move.first <= s.last]
    after = [s for s in here if s.first > move.last]
    if after and _describes(reading, move, after[0], before):
        return _row(reading, after, 0)
    if before:
        return _row(reading, before, -1)
    if after and after[0].first - move.last <= FAR + 1:
        return _row(reading, after, 0)
    return inherited or [Subject("none", frozenset(), move.first, move.last)]


def _describes(reading: Reading, move: Mention, subject: Subject, before: list[Subject]) -> bool:
    gap = reading.tokens[move.last + 1 : subject.first]
    linked = bool(gap) and gap[0].key in ("in", "of") and len(gap) <= 3
    adjective = move.label in ADJECTIVES and len(gap) <= CLOSE and not (before and move.first - before[-1].last <= 3)
    return linked or adjective


def _row(reading: Reading, subjects: list[Subject], at: int) -> list[Subject]:
    """The subject and those joined to it by "and"."""
    picked = [subjects[at]]
    rest = subjects[:-1][::-1] if at else subjects[1:]
    for other in rest:
        pair = [other, picked[-1]] if at else [picked[-1], other]
        if not _joined(reading, pair):
            break
        picked.append(other)
    return picked


def _numbers(reading: Reading, clause: int, subjects: list[Subject], first: int, last: int) -> Iterator[Frame]:
    """Frames that a bare number makes: a loss of 0, of ln 2, of 1e30; an accuracy of 100 %."""
    anchors = {i for family, found in reading.families.items() if family.startswith(("anchor:", "unit:")) for m in found for i in range(m.last, m.last + 3)}
    for i in range(first, last + 1):
        token = reading.tokens[i]
        if token.value is None or token.glued or i in anchors:
            continue
        owner = next((s for s in reversed(subjects) if s.last < i), None)
        if owner is None or owner.kind not in ("loss", "score"):
            continue
        move = _number_move(token.raw, token.value, token.percent, owner.kind, i - owner.last)
        if move:
            start = owner.first if owner.first >= first else i
            yield Frame(owner.kind, owner.splits, move, clause, token.sentence, start, i)


def _number_move(raw: str, value: float, percent: bool, kind: str, distance: int) -> str:
    if kind == "score":
        if value == 0 and distance <= 4:
            return "zero"
        return "full" if (percent and value >= 99) or (raw in ("1.0", "1.00", "1.000") and distance <= 4) else ""
    if percent:
        return ""
    if value == 0 and distance <= 4:
        return "zero"
    if value >= HUGE:
        return "astronomic"
    digits = len(raw.partition(".")[2])
    return "ln" if digits >= 2 and any(abs(value - n) <= max(e, 0.5 * 10.0**-digits) for n, e in NUMBERS.items()) else ""
