"""Typing errors: an unknown English word becomes the word that it was meant to be, when that is certain enough."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from .forms import stem
from .tokens import Token

SHORTEST, LONG = 6, 9
"""Letters a word must have to be corrected at all, and to be corrected in two places. Short words are too alike."""


class Corrector:
    """The words that misspellings are traced back to, by first letter: people rarely get that one wrong."""

    def __init__(self, right: Iterable[str], never: Collection[str] = ()) -> None:
        self.never = frozenset(never)
        self.shelves: dict[str, list[str]] = {}
        for word in sorted(right):
            self.shelves.setdefault(word[0], []).append(word)
        self.meant = lru_cache(maxsize=4096)(self._meant)

    def _meant(self, word: str) -> str | None:
        """The word that `word` is a misspelling of; None when it is none, or could be several."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        limit = 2 if len(word) >= LONG else 1
        near = process.extract(word, self.shelves.get(word[0], []), scorer=OSA.distance, score_cutoff=limit, limit=4)
        keys = {stem(choice) for choice, distance, _ in near if distance == near[0][1]}
        return near[0][0] if len(keys) == 1 else None

    def mend(self, row: Iterable[Token], known: Collection[str]) -> None:
        """Give misspelt words, those whose key is not `known`, the key of the word that was meant; a "MultiLogisticLoss" is a loss."""
        for token in row:
            if token.kind != "word" or token.key in known or len(token.raw) < SHORTEST or not (token.raw.isascii() and token.raw.isalpha()):
                continue
            if token.raw.endswith("loss"):
                token.key = "loss"
                continue
            meant = None if token.raw in self.never else self.meant(token.raw)
            if meant is not None:
                token.key, token.mended = stem(meant), True
