"""Phrases found in tokens: a tree of all phrases of the vocabulary, walked once from every token.

A phrase is written as words; `(a|b|)` are alternatives (an empty one may be left out), `<n>` is any number, `..` is up to eight other
tokens, `=word` is that
form of the word and no other, `<version>` a number like 1.13.1. A phrase never crosses a pause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from .forms import HAN_FILLERS, keys
from .script import plain
from .tokens import HAN, Token, tokens

GAP = 8
GAP_MARK = ".."
NUMBER_MARK = "<n>"
VERSION_MARK = "<version>"
BARS = frozenset({"but", "whil", "whereas", "although", "though", "however"})
"""Words that no gap steps over: another clause begins."""
ALTERNATIVES = re.compile(r"\(([^()]*)\)")
STRAY = re.compile(r"[()|]")
PLAIN_HAN = re.compile(rf"(?![^一二两三四五六七八九十百千万亿]*[一二两三四五六七八九十百千万亿])[{HAN}]+")
"""Characters among which no number can be."""


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


@dataclass(slots=True)
class Node:
    """A state of the tree: what may follow, where it may go on as well, and the phrases that end here."""

    next: dict[str, Node] = field(default_factory=dict[str, "Node"])
    joins: list[Node] = field(default_factory=list["Node"])
    ends: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    states: tuple[Node, ...] = ()
    """The state itself and all it goes on as without another word, known from the first walk through it on."""

    def reached(self) -> tuple[Node, ...]:
        """The state itself and all it goes on as without another word. To be called when all phrases are there."""
        if not self.states:
            self.states = (self, *(state for join in self.joins for state in join.reached()))
        return self.states


def groups(phrase: str, exact: bool = False) -> list[list[list[str]]]:
    """A phrase as a row of groups, each a list of alternatives, each a list of keys.

    Raises ValueError when a gap stands first or last, or a parenthesis is left open.
    """
    out: list[list[list[str]]] = []
    if "(" not in phrase:
        out.append([elements(phrase, exact)])
    else:
        for i, part in enumerate(ALTERNATIVES.split(phrase)):
            if i % 2:
                choices = [(choice.strip(), elements(choice, exact)) for choice in part.split("|")]
                meaning = [found for written, found in choices if found or not written]
                if any(meaning):
                    out.append(meaning)
            elif part and (plain_keys := elements(part, exact)):
                out.append([plain_keys])
    if STRAY.search(ALTERNATIVES.sub("", phrase) if "(" in phrase else phrase):
        raise ValueError(f"stray parenthesis or bar in {phrase!r}")
    ends = [choice[i] for group, i in ((out[:1], 0), (out[-1:], -1)) for choices in group for choice in choices if choice]
    if not ends or GAP_MARK in ends:
        raise ValueError(f"nothing to look for at an end of {phrase!r}")
    return out


def elements(words: str, exact: bool = False) -> list[str]:
    """The keys of plain words, a number by its value; `exact` asks for English words as written rather than for any inflection."""
    out: list[str] = []
    for piece in words.replace(NUMBER_MARK, f" {NUMBER_MARK} ").replace(VERSION_MARK, f" {VERSION_MARK} ").split():
        out += _piece(piece[1:], True) if piece[0] == "=" else _piece(piece, exact)
    return out


@cache
def _piece(piece: str, exact: bool) -> tuple[str, ...]:
    if piece in (NUMBER_MARK, VERSION_MARK, GAP_MARK):
        return (piece,)
    if piece.isascii() and piece.isalpha() and not exact:
        return keys(piece.lower())
    if PLAIN_HAN.fullmatch(piece):
        return tuple(char for char in piece if char not in HAN_FILLERS)
    return tuple(number_key(t) if t.kind == "number" else exact_key(t) if exact and t.kind == "word" else t.key for t in tokens(plain(piece)))


def exact_key(token: Token) -> str:
    """The key of an English word as written, for proper names: "clip" is no "clipping"."""
    return "=" + token.raw.partition("'")[0]


def number_key(token: Token) -> str:
    """The key of a number that a phrase names ("fp16", "0 loss")."""
    return f"{token.value:g}{'%' if token.percent else ''}"


Packed = tuple[dict[str, int], list[int], list[tuple[str, str, str]]]
"""A state with the numbers of the states it leads to: by the next word, and without one; and the phrases that end in it."""


class Lexicon:
    """All phrases of a vocabulary, ready to be found."""

    def __init__(self) -> None:
        self.root = Node()
        self.known: set[str] = set()
        """Keys of all phrases."""

    def add(self, family: str, label: str, phrases: Iterable[str], detail: str = "", *, exact: bool = False) -> None:
        """Let each of `phrases` stand for `label`. Raises ValueError for a phrase that cannot be looked for."""
        for phrase in phrases:
            row = groups(phrase, exact)
            while row:
                first = [choice for choice in row[0] if choice]
                if first:
                    self._insert([first, *row[1:]], (family, label, detail))
                if len(first) == len(row[0]):
                    break
                row = row[1:]

    def _insert(self, row: list[list[list[str]]], end: tuple[str, str, str]) -> None:
        at = [self.root]
        for group in row:
            if len(at) > 1:
                join = Node()
                for node in at:
                    node.joins.append(join)
                at = [join]
            at = [self._path(at[0], keys) for keys in group]
        for node in at:
            if end not in node.ends:
                node.ends.append(end)

    def _path(self, node: Node, keys: list[str]) -> Node:
        self.known.update(keys)
        for key in keys:
            node = node.next.setdefault(key, Node())
        return node

    def packed(self) -> list[Packed]:
        """All states as plain data, the first one first."""
        states, numbers = [self.root], {id(self.root): 0}
        for state in states:  # grows while it is read
            for other in (*state.next.values(), *state.joins):
                if id(other) not in numbers:
                    numbers[id(other)] = len(states)
                    states.append(other)
        return [({k: numbers[id(other)] for k, other in s.next.items()}, [numbers[id(other)] for other in s.joins], s.ends) for s in states]

    @classmethod
    def unpacked(cls, rows: Sequence[Packed]) -> Lexicon:
        """The lexicon that was `packed`, also by way of JSON."""
        lexicon = cls()
        states = [lexicon.root, *(Node() for _ in rows[1:])]
        for state, (follows, joins, ends) in zip(states, rows, strict=True):
            state.next = {key: states[number] for key, number in follows.items()}
            state.joins = [states[number] for number in joins]
            state.ends = [(family, label, detail) for family, label, detail in ends]
            lexicon.known.update(follows)
        return lexicon

    def find(self, row: list[Token]) -> list[Mention]:
        """Every phrase in the row, overlapping ones too, in the order of their first tokens."""
        found: list[Mention] = []
        keys = [(NUMBER_MARK, number_key(t)) if t.kind == "number" else (t.key, exact_key(t)) if t.kind == "word" else (t.key,) for t in row]
        first = self.root.next
        for start, of_token in enumerate(keys):
            for key in of_token:
                child = first.get(key)
                if child is not None:
                    self._step(row, keys, start + 1, child, (start,), found)
        return found

    def _walk(self, row: list[Token], keys: list[tuple[str, ...]], at: int, node: Node, taken: tuple[int, ...], found: list[Mention]) -> None:
        if at >= len(row) or row[at].clause != row[taken[-1]].clause:
            return
        for key in keys[at]:
            child = node.next.get(key)
            if child is not None:
                self._step(row, keys, at + 1, child, (*taken, at), found)
        for join in node.joins:
            self._walk(row, keys, at, join, taken, found)
        if row[at].skip:
            self._walk(row, keys, at + 1, node, taken, found)

    def _step(self, row: list[Token], keys: list[tuple[str, ...]], at: int, node: Node, taken: tuple[int, ...], found: list[Mention]) -> None:
        for state in node.reached():
            for family, label, detail in state.ends:
                found.append(Mention(family, label, taken, detail))
            gap = state.next.get(GAP_MARK)
            if gap is not None:
                clause = row[taken[-1]].clause
                for place in range(at, min(at + GAP + 1, len(row))):
                    if row[place].clause != clause or (place > at and row[place - 1].key in BARS):
                        break
                    if not any(key in s.next for key in keys[place] for s in gap.reached()) and not row[place].skip:
                        continue
                    before = len(found)
                    self._walk(row, keys, place, gap, taken, found)
                    if len(found) > before:
                        break
        if node.next or node.joins:
            self._walk(row, keys, at, node, taken, found)


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
