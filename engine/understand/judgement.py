"""What everything noticed in a message amounts to, learnt from labelled reports.

Rules name symptoms; words, frames and manners that no rule speaks of stand beside them. Each of these signs has a weight for each symptom
(`phrases/judgement.yaml`, made by `bench/hearing/learn.py`): a logistic regression per symptom over all signs of the message.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from ...kb.model import Entry
from .clauses import Reading
from .scene import Scene
from .tokens import Token

LARGE = 1000.0
"""Numbers from here on are no usual loss or score."""

FEW = 12
"""Signs among which the weight of words and of happenings is shared out at least: a message of a word or two tells little."""

VALIDATION = frozenset({"val"})

Signs = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Signs of a message in three groups: its words, what is said to happen, and the symptoms that the rules heard."""


class Learnt(Entry):
    """The whole of `phrases/judgement.yaml`."""

    provenance: str
    scales: tuple[float, float, float]
    """How much the words, the happenings and the rules count; each of the first two is shared out among the signs of its group."""
    keep: float
    """Probability below which a symptom that the rules heard is left out after all."""
    add: float
    """Probability from which one that they did not hear is guessed. At both, precision and recall balance on reports not learnt from."""
    bias: dict[str, float]
    weights: str
    """One sign a line: the sign, a tab, and `symptom weight` pairs parted by commas."""


class Judge:
    """The learnt weights, each read when it is first asked for. ValueError for a line that is none."""

    def __init__(self, learnt: Learnt) -> None:
        self.symptoms = tuple(learnt.bias)
        self.scales, self.keep, self.add = learnt.scales, learnt.keep, learnt.add
        self.bias = tuple(learnt.bias.values())
        self._place = {id: i for i, id in enumerate(self.symptoms)}
        self._lines: dict[str, str] = dict(_parted(line) for line in learnt.weights.splitlines())
        self._read: dict[str, tuple[tuple[int, float], ...]] = {}

    def weights(self, sign: str) -> tuple[tuple[int, float], ...]:
        """What a sign counts: places of symptoms and weights. ValueError when its line cannot be read."""
        if sign not in self._lines:
            return ()
        found = self._read.get(sign)
        if found is None:
            pairs = (pair.split() for pair in self._lines[sign].split(","))
            found = self._read[sign] = tuple((self._place[id], float(weight)) for id, weight in pairs)
        return found

    def check(self) -> None:
        """Read all weights. ValueError for a line that cannot be read."""
        for sign, line in self._lines.items():
            try:
                self.weights(sign)
            except (KeyError, ValueError):
                raise ValueError(f"{sign!r}, {line!r}: symptoms and their weights, parted by commas") from None

    def probabilities(self, signs: Signs) -> dict[str, float]:
        """How likely each symptom is, given the signs of a message."""
        total = list(self.bias)
        for group, share in zip(signs, shares(signs, self.scales), strict=True):
            for sign in group:
                for at, weight in self.weights(sign):
                    total[at] += share * weight
        return {id: 1 / (1 + math.exp(-max(-30.0, min(30.0, x)))) for id, x in zip(self.symptoms, total, strict=True)}

    def telling(self, id: str, row: list[Token]) -> list[float]:
        """How much each token speaks for a symptom, by itself and with the one before."""
        at = self.symptoms.index(id)
        keys = _keys(row)
        pairs = ["", *(f"{a} {b}" for a, b in pairwise(keys))]
        return [sum(w for sign in both for place, w in self.weights(sign) if place == at) for both in zip(keys, pairs, strict=True)]


def _parted(line: str) -> tuple[str, str]:
    sign, tab, pairs = line.partition("\t")
    if not tab:
        raise ValueError(f"{line!r}: a sign, a tab, and its weights")
    return sign, pairs


def shares(signs: Signs, scales: tuple[float, float, float]) -> tuple[float, float, float]:
    """How much a sign of each group counts: words and happenings share what their group counts, what the rules heard does not."""
    words, happenings, rules = scales
    return words / math.sqrt(max(len(signs[0]), FEW)), happenings / math.sqrt(max(len(signs[1]), FEW)), rules


def signs(reading: Reading, seen: Scene, heard: Collection[str]) -> Signs:
    """The signs of a message: its words one to three at a time, its frames and what stands beside them, and what the rules heard."""
    return _once(_words(reading.tokens)), _once(_happenings(reading, seen)), _once(verdicts(sorted(heard)))


def _once(signs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(signs))


def _words(row: list[Token]) -> list[str]:
    keys = _keys(row)
    pairs = [f"{a} {b}" for a, b in pairwise(keys)]
    return [*keys, *pairs, *(f"{pair} {key}" for pair, key in zip(pairs, keys[2:], strict=False))]


def _keys(row: list[Token]) -> list[str]:
    return [t.key if t.key != "#" else _number(t) for t in row]


def _number(token: Token) -> str:
    """A number by its sort alone."""
    value = token.value or 0.0
    if token.percent:
        return "#%"
    if value in (0.0, 1.0):
        return f"#{value:g}"
    return "#large" if abs(value) >= LARGE else "#whole" if value == int(value) else "#part"


def _happenings(reading: Reading, seen: Scene) -> Iterator[str]:
    frames = [(f.kind, f.move, f.clause, "val." if f.splits == VALIDATION else "train." if "train" in f.splits else "") for f in seen.frames]
    for kind, move, _, split in frames:
        yield f"{split}{kind}:{move}"
        yield f":{kind}:{move}"
        yield f":{move}"
        yield f"{kind}:"
    for i, (kind, move, _, _) in enumerate(frames):
        for other, then, _, _ in frames[i + 1 :]:
            yield f"{kind}:{move} > {other}:{then}"
            yield f":{move} > :{then}"
    for mention in reading["manner"]:
        yield f"({mention.label})"
        clause = reading.tokens[mention.first].clause
        for kind, move, at, _ in frames:
            if at == clause:
                yield f"({mention.label}) {kind}:{move}"
                yield f"({mention.label}) :{move}"
    for frame in seen.absent:
        yield f"no {frame.kind}:{frame.move}"
    for mention in reading["symptom"]:
        yield f"says {mention.label}"
    for clause in reading.clauses:
        for stance in clause.stances:
            yield f"[{stance}]"


def verdicts(heard: list[str]) -> Iterator[str]:
    """Signs of what the rules heard, in the order of the ids."""
    yield from (f"heard {id}" for id in heard)
    for i, id in enumerate(heard):
        for other in heard[i + 1 :]:
            yield f"heard {id} + {other}"
    if len(heard) < 2:
        yield f"heard only {heard[0]}" if heard else "heard nothing"
