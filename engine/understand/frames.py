"""Frames: what is said to do what. "val loss, though, never went down" -> validation loss, does not fall."""

from __future__ import annotations

from .clauses import Reading
from .figures import figures, gaps, moved, rows
from .lexicon import Mention
from .scene import Frame, Place, Scene, Subject
from .subjects import joined, subjects

ADJECTIVES = frozenset({"differ", "huge", "tiny", "nan", "bad", "good", "slow", "stuck", "zero", "same", "swing"})
"""Movements that may stand before what they describe ("a huge loss", 很大的 loss)."""
CONCLUSIONS = frozenset({"overfit", "vanish"})
"""Movements that are a diagnosis rather than an observation: doubted when only suspected."""
PASSING = frozenset({"lr", "model", "data", "unit", "memory"})
"""Subjects that the next clause does not go on about without naming them."""
CLOSE, FAR = 1, 4
"""Tokens between an adjective and its noun; between a noun before which the movement stands ("a drop in accuracy") and the movement."""
NEGATED: dict[str, str] = {"fall": "stuck", "learn": "stuck", "move": "stuck", "good": "bad", "recover": "stays", "bad": "good"}
"""What a negated movement amounts to; those not listed leave nothing."""


def scene(reading: Reading) -> Scene:
    """The frames and manners of a message."""
    frames: list[Frame] = []
    absent: list[Frame] = []
    spoken_of = subjects(reading)
    moves = [m for m in reading["move"] if not _unreal(reading, m)]
    blocks = _blocks(reading)
    topic: list[Subject] = []
    for clause in reading.clauses:
        here = [s for s in spoken_of if clause.first <= s.first <= clause.last]
        inherited = [s for s in topic if reading.tokens[s.first].sentence == clause.sentence or s.kind != "grad"]
        for move in moves:
            if not clause.first <= move.first <= clause.last:
                continue
            negated = reading.negated(move, blocks)
            for subject in _owners(reading, move, here, inherited):
                label = move.label if move.label != "worsen" else "fall" if subject.kind == "score" else "rise"
                label = label if label != "goto" else moved(reading, move, subject)
                label = label if not negated else _denial(reading, move, subject)
                first, last = (subject.first, subject.last) if subject.first >= clause.first else (move.first, move.last)
                frame = Frame(
                    subject.kind, subject.splits, label or move.label, clause.index, clause.sentence, min(first, move.first), max(last, move.last)
                )  # fmt: skip
                (frames if label and label != "goto" else absent).append(frame)
        frames.extend(figures(reading, clause, here or inherited))
        lasting = [s for s in here if s.kind not in PASSING]
        if lasting:
            topic = lasting if joined(reading, lasting) else lasting[-1:]
    frames.extend([*rows(reading, spoken_of), *gaps(reading, spoken_of)])
    frames.sort(key=lambda f: (f.clause, f.last))
    places = [Place(m.label, (c := reading.clause(m)).index, c.sentence) for m in reading["manner"] if not _denied(reading, m)]
    places += [Place("no_help", (c := reading.clause(m)).index, c.sentence) for m in reading.by_stance["no_help"]]
    places += [Place("stays", f.clause, f.sentence) for f in frames if f.move == "stays"]
    return Scene(frames, places, absent)


def _denial(reading: Reading, move: Mention, subject: Subject) -> str:
    """What a negated movement amounts to: "never went under 88 again" is no plateau but a lasting rise."""
    if (move.label, subject.kind) == ("rise", "score"):
        return "stuck"
    clause = reading.clause(move)
    again = any(t.key in ("again", "再") for t in reading.tokens[clause.first : clause.last + 1])
    return "stays" if move.label == "fall" and again else NEGATED.get(move.label, "")


def _denied(reading: Reading, manner: Mention) -> bool:
    return manner.label == "resume" and (reading.negated(manner) or not reading.clause(manner).told)


def _blocks(reading: Reading) -> list[Mention]:
    """What takes a negation for itself, so that it reaches nothing behind: another movement, a fact, the name of a number."""
    facts = [m for family, found in reading.families.items() if family.startswith(("fact:", "anchor:")) for m in found if m.detail not in ("says", "hint")]
    return [*reading["move"], *facts]


def _unreal(reading: Reading, move: Mention) -> bool:
    """Whether the movement is only wished for, expected, feared or asked about."""
    clause = reading.clause(move)
    if "asking" in clause.stances:
        return True
    if move.label in CONCLUSIONS and clause.stances & {"guessing", "hearsay"}:
        return True
    return any(clause.first <= w.first < move.first <= clause.last for w in reading.by_stance["wishing"])


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
        if not joined(reading, pair):
            break
        picked.append(other)
    return picked
