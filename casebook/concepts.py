"""The concepts of the knowledge base, recognised in any text by what people call them, in Chinese and in English.

A text that says 梯度爆炸 and one that says "exploding gradients" mean the same entry: both get the same concept, and so each finds
the other. Recognition runs over the units of a text: one unit a Latin word (in its stem), one unit a Chinese character. The longest
name that fits is taken. A Chinese name of four characters or more is also recognised with one of them wrong (梯度暴炸).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from ..kb import KnowledgeBase, load
from ..kb.search import SILENT, plain, stem

__all__ = ["Concepts", "concepts", "units"]

KINDS = ("causes", "symptoms", "fixes", "facts", "observations", "glossary")
"""Kinds whose entries are concepts."""

WRONG = 4
"""Least number of Chinese characters of a name that is recognised with one of them wrong."""

LONGEST = 16
"""Names longer than this many units are not recognised."""

_UNIT: Final = re.compile(
    r"\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)(?![a-z0-9])|[\u3400-\u9fff\uf900-\ufaff]|(?:(?![\u3400-\u9fff\uf900-\ufaff])[^\W_])+"
)


def units(text: str) -> list[str]:
    """The units of a text: stems of Latin words, numbers, single Chinese characters. Words without meaning of their own are left out.

    A number with a point or an exponent is one unit however it is written: 1e-4 and 0.0001 are "n0d0001".
    """
    return [_unit(unit) for unit in _UNIT.findall(plain(text)) if unit not in SILENT]


def _unit(unit: str) -> str:
    if unit[0] >= "\u3400" or unit.isalpha():
        return unit if unit[0] >= "\u3400" else stem(unit)
    if unit.isalnum() and not re.fullmatch(r"\d+e\d+", unit):
        return stem(unit)
    return "n" + f"{float(unit):.6g}".replace(".", "d").replace("+", "").replace("-", "m")


class _Node:
    """A place in the tree of names: what may come next, and what is named by what led here."""

    __slots__ = ("after", "named")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.named: set[str] = set()


class Concepts:
    """Names to concepts, for one knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        """Concept to what it is called."""
        self.loose: set[str] = set()
        """Facts and observations: what calls them is often no more than one of their values."""
        self.words: set[str] = set()
        """Latin stems that stand in some name."""
        self._root = _Node()
        self._blurred: dict[str, set[str]] = {}
        for kind in KINDS:
            for id in kb.ids(kind):
                names = kb.called(kind, id)
                concept = id if kind != "glossary" else plain(names[0])
                if kind in ("facts", "observations"):
                    self.loose.add(concept)
                self.names[concept] = (*self.names.get(concept, ()), *names)
                for name in (*names, id.replace("_", " ")) if kind != "glossary" else names:
                    self._add(re.split(r"[（(]", name)[0] or name, concept)

    def _add(self, name: str, concept: str) -> None:
        path = units(name)
        if not path or (len(path) == 1 and len(path[0]) == 1):
            return
        self._put(path, concept)
        self.words.update(unit for unit in path if unit.isascii())
        if len(path) > 1 and all(unit.isascii() for unit in path):
            self._put(["".join(path)], concept)
        if len(path) >= WRONG and all(not unit.isascii() for unit in path):
            for i in range(len(path)):
                self._blurred.setdefault("".join((*path[:i], "?", *path[i + 1 :])), set()).add(concept)

    def _put(self, path: Sequence[str], concept: str) -> None:
        node = self._root
        for unit in path:
            node = node.after.setdefault(unit, _Node())
        node.named.add(concept)

    def found(self, path: Sequence[str], *, spelt: bool = True) -> Iterator[tuple[int, int, set[str]]]:
        """Concepts named in a sequence of units, with the span of the name: (first, past the last, concepts); longest names first
        at each place, not overlapping. `spelt=False` also takes Chinese names with one character wrong, where nothing else fits."""
        at = 0
        while at < len(path):
            node: _Node | None = self._root
            best: set[str] | None = None
            end = at
            for i in range(at, min(len(path), at + LONGEST)):
                node = node.after.get(path[i])
                if node is None:
                    break
                if node.named:
                    best, end = node.named, i + 1
            if best is None and not spelt:
                best, end = self._misspelt(path, at)
            if best is not None:
                yield at, end, best
            at = max(end, at + 1)

    def _misspelt(self, path: Sequence[str], at: int) -> tuple[set[str] | None, int]:
        run = 0
        while at + run < len(path) and run < 6 and not path[at + run].isascii():
            run += 1
        for length in range(run, WRONG - 1, -1):
            for i in range(length):
                window = "".join((*path[at : at + i], "?", *path[at + i + 1 : at + length]))
                if named := self._blurred.get(window):
                    return named, at + length
        return None, at

    def of(self, text: str) -> set[str]:
        """All concepts named in a text."""
        return {concept for _, _, named in self.found(units(text)) for concept in named}


@lru_cache(maxsize=2)
def concepts(kb: KnowledgeBase | None = None) -> Concepts:
    """The concepts of a knowledge base (default: the product's), made once."""
    return Concepts(kb or load())
