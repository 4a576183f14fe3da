"""Frames: what is said to do what. "val loss, though, never went down" -> validation loss, does not fall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .clauses import Clause, Reading
from .comparisons import comparisons
from .figures import creeps, figures, landed, moved, pairs, rows
from .lexicon import Mention
from .scene import Frame, Place, Scene, Subject
from .subjects import joined, subjects

ADJECTIVES = frozenset({"differ", "huge", "tiny", "nan", "bad", "good", "slow", "stuck", "zero", "same", "swing"})
"""Movements that may stand before what they describe ("a huge loss", 很大的 loss)."""
CONCLUSIONS = frozenset({"overfit", "vanish"})
"""Movements that are a diagnosis rather than an observation: doubted when only suspected."""
DESIRED = frozenset({"fall", "learn", "good", "recover", "rise", "move", "value", "plunge"})
"""Movements that people hope for; of the others they are afraid."""
TROUBLE = frozenset({"stuck", "unconverged", "nan", "inf", "explode", "swing", "spike", "bad", "rise", "zero", "slow", "same"})
"""Movements that may be told of as something that is over: "the nan problem is solved"."""
COUNTED = frozenset({"度", "张", "条", "卡", "句", "幅", "degre", "sampl", "imag", "gpu", "photo", "pictur", "row", "celsiu"})
"""What makes a number the count of something, or a temperature, rather than a loss or a score."""
SETTABLE = frozenset({"rise", "fall", "move"})
"""Movements that a person may bring about."""
TURNED = frozenset({"increas", "decreas", "reduc", "lower", "rais", "doubl", "halv", "cut", "shrink", "grow", "chang", "vari", "drop"})
"""Verbs of which somebody may be the subject."""
AGENTS = frozenset({"i", "we", "try", "by", "attempt"})
"""Words right before such a verb that make somebody its subject."""
ASKING = frozenset({"will", "would", "could", "might", "may"})
"""First words of a question about what may come."""
PARTING = frozenset({"with", "and", "sinc", "becaus", "i", "we"})
"""Words behind a movement after which something else is spoken of: "diverged with BLEU 0"."""
PASSING = frozenset({"lr", "model", "data", "unit", "memory"})
"""Subjects that the next clause does not go on about without naming them."""
SIZES = frozenset({"tiny", "huge", "large"})
"""Movements that say nothing of training where nothing was named: 资源较小, "a large project"."""
LASTING = frozenset({"always", "steady", "each_input"})
"""Manners that alone behind a comma belong to what was said before it: "accuracy 0.5, always"."""
WELL = frozenset({"good", "learn", "recover"})
"""Movements of which "nothing works" tells the contrary."""
RESULTS = frozenset({"result", "qualiti", "performanc"})
"""What is poor at test time rather than short of what others reach."""
COMING_DOWN = frozenset({"com", "down"})
"""Words of a recovery that is none where nothing went up before."""
RISES = frozenset({"rise", "jump", "spike", "surge", "explode", "huge", "swing", "collapse", "large", "plunge"})
LOW = frozenset({"low", "lower"})
"""What is bad of a score and good of a loss."""
SCARCE = frozenset("只有才剩")
"""Characters before a number that is low: little for a score, welcome for a loss."""
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
            if clause.first <= move.first <= clause.last:
                negated = reading.negated(move, blocks)
                for subject in _owners(reading, move, here, inherited):
                    label = "" if negated and _pending(reading, move) else _denial(reading, move, subject) if negated else _in_sense(reading, move, subject)
                    (frames if label else absent).append(_frame(clause, move, subject, label or move.label))
        frames.extend(creeps(reading, clause, here or inherited))
        values = list(figures(reading, clause, here or inherited))
        frames.extend(values)
        if _is_sudden(reading, clause) and not any(clause.first <= m.first <= clause.last and m.label not in ("stuck", "same") for m in moves):
            frames.extend(_landings(reading, clause, values, here, inherited))
        if "but_not" in clause.stances:
            frames.extend(replace(f, move="stuck", clause=clause.index) for f in frames[-3:] if f.move in ("learn", "fall") and f.sentence == clause.sentence)
        lasting = [s for s in here if s.kind not in PASSING]
        if lasting:
            topic = lasting if joined(reading, lasting) else lasting[-1:]
    frames.extend([*rows(reading, spoken_of), *pairs(reading, spoken_of), *comparisons(reading, spoken_of)])
    return Scene(frames, _places(reading, frames), absent, spoken_of)


def _landings(reading: Reading, clause: Clause, values: list[Frame], here: list[Subject], inherited: list[Subject]) -> Iterator[Frame]:
    """Jumps that only their suddenness and a number tell of: "abruptly the loss is at 9.8", "boom, 2.3"."""
    yield from (replace(f, move="jump") for f in values if f.move == "value" and f.kind == "loss")
    spoken = next((s for s in inherited if s.kind == "loss"), None)
    if not values and not here and spoken is not None and (at := landed(reading, clause)) is not None:
        yield Frame("loss", spoken.splits, "jump", clause.index, clause.sentence, at, at)


def _is_sudden(reading: Reading, clause: Clause) -> bool:
    return any(m.label == "sudden" and reading.clause(m) is clause for m in reading["manner"])


def _frame(clause: Clause, move: Mention, subject: Subject, label: str) -> Frame:
    kind = subject.kind
    if label in ("stuck", "unconverged") and move.label in ("unconverged", "learn") and kind not in ("loss", "score"):
        kind = "model"
    if kind == "output" and label == "stuck" and subject.first < clause.first:
        kind = "model"
    first, last = (subject.first, subject.last) if subject.first >= clause.first else (move.first, move.last)
    return Frame(kind, subject.splits, label, clause.index, clause.sentence, min(first, move.first), max(last, move.last))


def _places(reading: Reading, frames: list[Frame]) -> Iterator[Place]:
    said = [*reading["manner"], *reading.by_stance["no_help"], *reading.by_stance["away"]]
    for mention in said:
        clause = reading.clause(mention)
        if mention.label == "resume" and any(m.label == "cyclic_or_restart" and reading.tokens[m.first].sentence == clause.sentence for m in reading["fact:lr_schedule"]):
            continue
        if mention.label == "within" and any((t.value or 0) > 1 and t.clause == clause.index for t in reading.tokens[max(0, mention.first - 2) : mention.first]):
            continue
        if mention.label != "resume" or (clause.told and not reading.negated(mention, off=True)):
            yield Place(mention.label, clause.index, clause.sentence, mention.first)
        if mention.label in LASTING and clause.index and clause.first == mention.first and clause.last == mention.last and reading.clauses[clause.index - 1].sentence == clause.sentence:
            yield Place(mention.label, clause.index - 1, clause.sentence, mention.first)
    yield from (Place("stays", f.clause, f.sentence, f.first) for f in frames if f.move == "stays")


def _in_sense(reading: Reading, move: Mention, subject: Subject) -> str:
    """The movement where its sense depends on what moves: a score gets worse by falling, a loss by rising."""
    score = subject.kind == "score"
    if move.label == "worsen":
        return "fall" if score else "rise"
    if move.label == "good" and subject.kind in ("score", "loss"):
        keys = {reading.tokens[i].key for i in move.indices}
        return "fall" if score and keys & {"降", "fall", "drop", "decreas"} else "huge" if not score and "高" in keys else "good"
    if move.label == "stuck" and subject.kind in ("output", "sample") and any(reading.tokens[i].key == "线" for i in move.indices):
        return "same"
    if subject.kind == "loss" and move.label == "bad" and reading.tokens[move.last].key == "低":
        return "tiny"
    if subject.kind == "loss" and move.label == "short" and all(reading.tokens[i].key in SCARCE or reading.tokens[i].value is not None for i in move.indices):
        return "good"
    if score and move.label == "chance_level":
        return "stuck"
    if score and move.label in ("huge", "large"):
        return "good"
    if move.label == "noisy" and subject.kind in ("sample", "output"):
        return "bad"
    keys = {reading.tokens[i].key for i in move.indices}
    if move.label == "bad" and subject.kind == "loss" and keys & LOW and not keys & {"than"}:
        return "good"
    if move.label == "short" and "val" in subject.splits and keys & RESULTS and "than" not in keys:
        return "bad"
    if score and move.label == "spike" and "peak" in keys:
        return "good"
    if score and move.label == "recover" and keys & {"drop", "fall"}:
        return "fall"
    if move.label == "same" and subject.kind in ("loss", "score") and any(m.label in ("each", "steady") and reading.clause(m) is reading.clause(move) for m in reading["manner"]):
        return "stuck"
    if move.label == "recover" and subject.kind == "loss" and keys <= COMING_DOWN and not any(m.label in RISES and m.last < move.first for m in reading["move"]):
        return "fall"
    if move.label == "learn" and subject.kind in ("score", "output") and reading.tokens[move.last].key == "converg" and any(t.value is not None for t in reading.tokens[move.last + 1 : move.last + 3]):
        return "stuck" if score else "same"
    if score and move.label == "rise" and reading.tokens[move.first].key in ("creep", "inch", "crawl"):
        return "slow"
    if score and move.label == "recover" and reading.tokens[move.last].key == "down":
        return "fall"
    if move.label == "plunge" and reading.tokens[move.first].key == "crash" and subject.kind not in ("score", "loss"):
        return ""
    if move.label == "plunge":
        return "fall" if subject.kind in ("loss", "lr", "scale") else "collapse"
    if move.label == "stuck" and _again(reading, move) and any(reading.tokens[i].key in ("go", "get", "drop", "fall", "低", "下") for i in move.indices):
        return "stays"
    return move.label if move.label != "goto" else moved(reading, move, subject)


def _denial(reading: Reading, move: Mention, subject: Subject) -> str:
    """What a negated movement amounts to: "never went under 88 again" is no plateau but a lasting rise."""
    if (move.label, subject.kind) == ("rise", "score"):
        return "stays" if _again(reading, move) else "stuck"
    if move.label == "learn" and any(reading.tokens[i].key in ("converg", "convergenc") for i in move.indices):
        return "unconverged"
    return "stays" if move.label == "fall" and _again(reading, move) else NEGATED.get(move.label, "")


def _pending(reading: Reading, move: Mention) -> bool:
    """Whether it is only not so yet: "the loss hasn't moved yet"."""
    clause = reading.clause(move)
    return any(t.key == "yet" for t in reading.tokens[move.last + 1 : min(move.last + 3, clause.last + 1)])


def _again(reading: Reading, move: Mention) -> bool:
    clause = reading.clause(move)
    row = reading.tokens
    return any(row[i].key == "again" or (row[i].key == "再" and (not i or row[i - 1].key != "不")) for i in range(clause.first, clause.last + 1))


def _blocks(reading: Reading) -> list[Mention]:
    """What takes a negation for itself, so that it reaches nothing behind: another movement, a fact, the name of a number."""
    facts = [m for family, found in reading.families.items() if family.startswith(("fact:", "anchor:")) for m in found if m.detail not in ("says", "hint")]
    return [*reading["move"], *facts]


def _unreal(reading: Reading, move: Mention) -> bool:
    """Whether the movement is only wished for, feared, supposed, or said not to be the case."""
    clause = reading.clause(move)
    if move.label in TROUBLE and any(move.last < m.first and reading.clause(m) is clause for m in reading.by_stance["over"]):
        return True
    if move.label in CONCLUSIONS and (clause.stances & {"guessing", "hearsay", "asking"} or clause.asked):
        return True
    if move.label in WELL and any(n.overlaps(move) and len(n.indices) > len(move.indices) for n in reading.by_stance["no_help"]):
        return True
    if reading.supposed(move) or (clause.asked and reading.tokens[clause.first].key in ASKING):
        return True
    if _counts(reading, move):
        return True
    if move.label in SETTABLE and _of_setting(reading, move):
        return True
    ahead = {
        label
        for label in ("wishing", "fearing", "instead")
        for w in reading.by_stance[label]
        if clause.first <= w.first < move.first <= clause.last and not reading.swallowed(w) and not (label == "wishing" and w.first and reading.tokens[w.first - 1].key == "not") and (label != "instead" or move.first - w.last <= FAR)
    }
    return "instead" in ahead or ("wishing" if move.label in DESIRED else "fearing") in ahead


def _counts(reading: Reading, move: Mention) -> bool:
    """Whether its number counts something or is a temperature: "only 200 samples", 飙到 96 度."""
    row = reading.tokens
    at = next((i for i in (*reversed(move.indices), move.last + 1) if i < len(row) and row[i].value is not None), None)
    if at is None or row[at].clause != row[move.first].clause or at + 1 >= len(row) or row[at + 1].clause != row[at].clause or row[at + 1].before.strip("-"):
        return False
    return row[at + 1].key in COUNTED


def _of_setting(reading: Reading, move: Mention) -> bool:
    """Whether it is a setting that somebody moves: "I increased bs from 256 to 8192"."""
    clause, after = reading.clause(move), reading.tokens[move.last + 1 : move.last + 2]
    if reading.tokens[move.first].kind == "han" and move.first == clause.first and after and after[0].kind == "word" and after[0].clause == clause.index:
        return not any(m.first == move.last + 1 for m in reading["subject"])
    before = [t.key for t in reading.tokens[max(clause.first, move.first - 3) : move.first]]
    by_hand = "i" in before or "we" in before
    if reading.tokens[move.first].key in TURNED and before and (before[-1] in AGENTS or (before[-1] == "to" and "try" in before)):
        return True
    named = any(m.first in (move.last + 1, move.last + 2) for family, found in reading.families.items() if family.startswith("anchor:") for m in found)
    return named and (by_hand or move.first == clause.first) and bool(after) and after[0].clause == clause.index


def _owners(reading: Reading, move: Mention, here: list[Subject], inherited: list[Subject]) -> list[Subject]:
    """The subjects a movement belongs to."""
    before = [s for s in here if s.last < move.first or s.first <= move.first <= s.last]
    after = [s for s in here if s.first > move.last]
    if after and _describes(reading, move, after[0], before):
        return _row(reading, after, 0)
    if before:
        return _row(reading, before, -1)
    if after and after[0].first - move.last <= FAR + 1 and PARTING.isdisjoint(t.key for t in reading.tokens[move.last + 1 : after[0].first]):
        return _row(reading, after, 0)
    if not inherited and move.label in SIZES:
        return []
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
