"""Phrases found in tokens: a tree of all phrases of the vocabulary, walked once from every token.

A phrase is written as words; `(a|b|)` are alternatives (an empty one may be left out), `#` is any number, `..` is up to five other
tokens. A phrase never crosses a pause.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .script import plain
from .tokens import Token, tokens

GAP = 5
GAP_MARK = ".."


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
        return bool(set(self.indices) & set(other.indices))


@dataclass(slots=True)
class Node:
    """A state of the tree: what may follow, and the phrases that end here."""

    next: dict[str, Node] = field(default_factory=dict[str, "Node"])
    ends: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])


def expand(phrase: str) -> Iterator[str]:
    """The phrases that one with alternatives stands for: "go (up|down)" -> "go up", "go down"."""
    parts = re.split(r"\(([^()]*)\)", phrase)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    for choice in itertools.product(*choices):
        yield "".join(choice)


def elements(phrase: str) -> list[str]:
    """The keys a phrase consists of, a number by its value."""
    out: list[str] = []
    for piece in phrase.replace("#", " # ").split():
        if piece in ("#", GAP_MARK):
            out.append(piece)
        else:
            out.extend(number_key(t) if t.kind == "number" else t.key for t in tokens(plain(piece)))
    return out


def number_key(token: Token) -> str:
    """The key of a number that a phrase names ("fp16", "0 loss")."""
    return f"{token.value:g}{'%' if token.percent else ''}"


class Lexicon:
    """All phrases of a vocabulary, ready to be found."""

    def __init__(self) -> None:
        self.root = Node()
        self.words: set[str] = set()
        """English words of all phrases as written, which typing errors are corrected to."""
        self.known: set[str] = set()
        """Keys of all phrases."""

    def add(self, family: str, label: str, phrases: Iterable[str], detail: str = "") -> None:
        """Let each of `phrases` stand for `label`."""
        for written in phrases:
            for phrase in expand(written):
                keys = elements(phrase)
                if not keys or keys[0] == GAP_MARK:
                    continue
                self.words.update(word for word in re.findall(r"[a-z]{5,}", phrase.casefold()))
                self.known.update(keys)
                node = self.root
                for key in keys:
                    node = node.next.setdefault(key, Node())
                if (family, label, detail) not in node.ends:
                    node.ends.append((family, label, detail))

    def find(self, row: list[Token]) -> list[Mention]:
        """Every phrase in the row, overlapping ones too, in the order of their first tokens."""
        found: list[Mention] = []
        for start in range(len(row)):
            self._walk(row, start, self.root, (), found)
        return found

    def _walk(self, row: list[Token], at: int, node: Node, taken: tuple[int, ...], found: list[Mention]) -> None:
        if at >= len(row):
            return
        token = row[at]
        if taken and token.clause != row[taken[-1]].clause:
            return
        for key in (token.key, number_key(token)) if token.kind == "number" else (token.key,):
            child = node.next.get(key)
            if child is None:
                continue
            here = (*taken, at)
            found.extend(Mention(family, label, here, detail) for family, label, detail in child.ends)
            if child.next:
                self._walk(row, at + 1, child, here, found)
                gap = child.next.get(GAP_MARK)
                if gap is not None:
                    for skipped in range(1, GAP + 2):
                        before = len(found)
                        self._walk(row, at + skipped, gap, here, found)
                        if len(found) > before:
                            break
        if taken and token.skip:
            self._walk(row, at + 1, node, taken, found)


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
