"""What a person states about the setup: values of facts, with negation, and with doubt about advice, hearsay and guesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..reason.kernel import Value
from .clauses import Reading
from .lexicon import Mention
from .vocabulary import NOTHING, Vocabulary

NATURE = frozenset({"task_kind", "architecture"})
"""Facts that are so whether one asks, quotes or wishes: what is being trained."""
DENYING = frozenset({"no", "not", "without", "非", "不", "无", "是", "没", "有", "用"})
"""Words right before the name of a task or a network that deny it; "unable to train the transformer" does not."""
WEIGHT = {"said": 3.0, "mention": 2.9, "says": 2.5, "hint": 1.0}
"""How much a word weighs: the value itself, a name that entails it, a name that usually goes with it."""
PRECISE = 0.01
"""What each word of a phrase adds: of two equal ones, the more precise is believed."""
TRIED, FINE, GUESSED = 1.2, 1.5, 0.4
"""What is taken off when it was only tried, only in a run that went well, or only guessed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of a fact, where it was read, and how much it weighs."""

    fact: str
    value: Value
    first: int
    last: int
    weight: float


def statements(reading: Reading, vocabulary: Vocabulary, fine: set[int], counted: Iterable[Statement] = ()) -> dict[str, Statement]:
    """The value of every fact that is stated in words. `fine` are the clauses about runs that went well, `counted` what numbers state besides."""
    heard: dict[str, list[Statement]] = defaultdict(list)
    for family in [f for f in reading.families if f.startswith("fact:")]:
        fact = family[5:]
        for mention in reading[family]:
            if mention.label != NOTHING and not _replaced(reading, mention, reading[family]):
                heard[fact].extend(_state(reading, vocabulary, fact, mention, fine))
    for statement in counted:
        clause = reading.clauses[reading.tokens[statement.first].clause]
        if reading.told(statement.first) and "earlier_setup" not in clause.stances:
            heard[statement.fact].append(replace(statement, weight=statement.weight - FINE if clause.index in fine else statement.weight))
    return {fact: _choose(found, vocabulary.facts[fact].refined if fact in vocabulary.facts else {}) for fact, found in heard.items() if found}


def _state(reading: Reading, vocabulary: Vocabulary, fact: str, mention: Mention, fine: set[int]) -> Iterator[Statement]:
    clause = reading.clause(mention)
    if not reading.told(mention.first) and fact not in NATURE:
        return
    spec, guessing = vocabulary.spec[fact], "guessing" in clause.stances
    wondering = clause.asked and mention.label == "false" and mention.last == clause.last
    if mention.label in spec.fault and (guessing or wondering):  # "did I forget zero_grad?"
        return
    if spec.effort != "look" and mention.detail != "says" and ((guessing and not reading.negated(mention)) or wondering):
        return
    label = mention.label
    beside = fact not in NATURE or reading.tokens[mention.first - 1].key in DENYING
    if beside and reading.negated(mention, _bindable(reading, mention), off=True):
        if vocabulary.spec[fact].type == "bool":
            label = "false" if label == "true" else "true"
        else:
            label = vocabulary.facts[fact].negated.get(label, "") if fact in vocabulary.facts else ""
    if not label:
        return
    weight = WEIGHT[mention.detail]
    weight -= TRIED if "attempting" in clause.stances and fact not in NATURE else 0
    weight -= FINE if clause.index in fine else 0
    weight -= GUESSED if "guessing" in clause.stances else 0
    yield Statement(fact, vocabulary.value(fact, label), mention.first, mention.last, weight + PRECISE * len(mention.indices))


def _replaced(reading: Reading, mention: Mention, others: list[Mention]) -> bool:
    """Whether the text says that it gave way to another value: "replaced relu by sigmoid", 换成."""
    clause = reading.clause(mention)
    if "changing" not in clause.stances or mention.detail not in ("said", "says"):
        return False
    for other in others:
        if other.first > mention.last and other.label != mention.label and reading.clause(other) is clause and other.detail == mention.detail:
            between = {t.key for t in reading.tokens[mention.last + 1 : other.first]}
            return bool(between & {"to", "by", "with", "into", "for", "成", "为", "到"})
    return False


def _bindable(reading: Reading, mention: Mention) -> list[Mention]:
    """What a negation may belong to instead of `mention`."""
    return [m for m in reading.bindable if not m.overlaps(mention)]


def _choose(found: list[Statement], refined: Mapping[str, str]) -> Statement:
    """The value that is best supported; the heaviest word decides, then how often it was said, then what came first."""
    total: dict[Value, float] = defaultdict(float)
    for s in found:
        total[s.value] += s.weight
    best = max(found, key=lambda s: (round(s.weight, 1), total[s.value], s.weight, -s.first))
    finer = refined.get(str(best.value))
    return replace(best, value=finer) if finer is not None and finer in total else best
