"""Phrases found in tokens: a tree of all phrases of the vocabulary (`phrases.py` makes it), walked once from every token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .tokens import Token

GAP = 8
GAP_MARK = ".."
NUMBER_MARK = "<n>"
BARS = frozenset({"but", "whil", "whereas", "although", "though", "however"})
"""Words that no gap steps over: another clause begins."""

End = tuple[str, str, str]
"""Family, label and detail of a phrase."""
State = tuple[dict[str, int], list[int], list[End]]
"""The numbers of the states that a state leads to, by the next word and without one, and the phrases that end in it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found: what it stands for, and its tokens. `indices` leaves out what a gap stepped over."""

    family: str
    label: str
    indices: tuple[int, ...]
    detail: str = ""

    @property
    def first(self) -> int:
        """Index of its first token."""
        return self.indices[0]

    @property
    def last(self) -> int:
        """Index of its last token."""
        return self.indices[-1]

    def overlaps(self, other: Mention) -> bool:
        """Whether the two share a token."""
        mine, others = self.indices, other.indices
        return mine[0] <= others[-1] and others[0] <= mine[-1] and not set(mine).isdisjoint(others)


def exact_key(token: Token) -> str:
    """The key of an English word as written, for proper names: "clip" is no "clipping"."""
    return "=" + token.raw.partition("'")[0]


def number_key(token: Token) -> str:
    """The key of a number that a phrase names ("fp16", "0 loss")."""
    return f"{token.value:g}{'%' if token.percent else ''}"


class Lexicon:
    """All phrases of a vocabulary, ready to be found. `states` are a tree's, also by way of JSON; the first one is the root."""

    def __init__(self, states: Sequence[State]) -> None:
        self.states = states
        self.known = frozenset[str]().union(*(follows for follows, _, _ in states))
        """Keys of all phrases."""
        self._reached: dict[int, tuple[State, ...]] = {}

    def reached(self, number: int) -> tuple[State, ...]:
        """The state itself and all it goes on as without another word."""
        found = self._reached.get(number)
        if found is None:
            state = self.states[number]
            found = self._reached[number] = (state, *(other for join in state[1] for other in self.reached(join)))
        return found

    def find(self, row: list[Token]) -> list[Mention]:
        """Every phrase in the row, overlapping ones too, in the order of their first tokens."""
        found: list[Mention] = []
        keys = [(NUMBER_MARK, number_key(t)) if t.kind == "number" else (t.key, exact_key(t)) if t.kind == "word" else (t.key,) for t in row]
        first = self.states[0][0]
        for start, of_token in enumerate(keys):
            for key in of_token:
                child = first.get(key)
                if child is not None:
                    self._step(row, keys, start + 1, child, (start,), found)
        return found

    def _walk(self, row: list[Token], keys: list[tuple[str, ...]], at: int, number: int, taken: tuple[int, ...], found: list[Mention]) -> None:
        if at >= len(row) or row[at].clause != row[taken[-1]].clause:
            return
        follows, joins, _ = self.states[number]
        for key in keys[at]:
            child = follows.get(key)
            if child is not None:
                self._step(row, keys, at + 1, child, (*taken, at), found)
        for join in joins:
            self._walk(row, keys, at, join, taken, found)
        if row[at].skip:
            self._walk(row, keys, at + 1, number, taken, found)

    def _step(self, row: list[Token], keys: list[tuple[str, ...]], at: int, number: int, taken: tuple[int, ...], found: list[Mention]) -> None:
        for follows, _, ends in self.reached(number):
            for family, label, detail in ends:
                found.append(Mention(family, label, taken, detail))
            gap = follows.get(GAP_MARK)
            if gap is not None:
                clause = row[taken[-1]].clause
                for place in range(at, min(at + GAP + 1, len(row))):
                    if row[place].clause != clause or (place > at and row[place - 1].key in BARS):
                        break
                    if not any(key in follows for key in keys[place] for follows, _, _ in self.reached(gap)) and not row[place].skip:
                        continue
                    before = len(found)
                    self._walk(row, keys, place, gap, taken, found)
                    if len(found) > before:
                        break
        follows, joins, _ = self.states[number]
        if follows or joins:
            self._walk(row, keys, at, number, taken, found)


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that remain when a longer one takes the tokens it shares with a shorter one; same span keeps all. In text order."""
    kept: list[Mention] = []
    taken: dict[int, tuple[int, ...]] = {}
    for mention in sorted(mentions, key=lambda m: (-len(m.indices), m.first)):
        owners = {taken[i] for i in mention.indices if i in taken}
        if not owners or owners == {mention.indices}:
            kept.append(mention)
            taken.update(dict.fromkeys(mention.indices, mention.indices))
    return sorted(kept, key=lambda m: (m.first, -len(m.indices)))
