"""Phrases as they are written, and the tree that they are compiled into.

A phrase is written as words; `(a|b|)` are alternatives (an empty one may be left out), `<n>` is any number, `..` is up to eight other
tokens, `=word` is that form of the word and no other, `<version>` a number like 1.13.1. A phrase never crosses a pause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from .forms import HAN_FILLERS, keys
from .lexicon import GAP_MARK, NUMBER_MARK, End, State, exact_key, number_key
from .script import plain
from .tokens import HAN, tokens

VERSION_MARK = "<version>"
ALTERNATIVES = re.compile(r"\(([^()]*)\)")
STRAY = re.compile(r"[()|]")
PLAIN_HAN = re.compile(rf"(?![^一二两三四五六七八九十百千万亿]*[一二两三四五六七八九十百千万亿])[{HAN}]+")
"""Characters among which no number can be."""


@dataclass(slots=True)
class Node:
    """A state of the tree: what may follow, where it may go on as well, and the phrases that end here."""

    next: dict[str, Node] = field(default_factory=dict[str, "Node"])
    joins: list[Node] = field(default_factory=list["Node"])
    ends: list[End] = field(default_factory=list[End])


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


class Tree:
    """All phrases of a vocabulary, while they are put together."""

    def __init__(self) -> None:
        self.root = Node()

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
        for key in keys:
            node = node.next.setdefault(key, Node())
        return node

    def packed(self) -> list[State]:
        """All states as plain data, the first one first: what a `Lexicon` is made of."""
        states, numbers = [self.root], {id(self.root): 0}
        for state in states:  # grows while it is read
            for other in (*state.next.values(), *state.joins):
                if id(other) not in numbers:
                    numbers[id(other)] = len(states)
                    states.append(other)
        return [({k: numbers[id(other)] for k, other in s.next.items()}, [numbers[id(other)] for other in s.joins], s.ends) for s in states]
