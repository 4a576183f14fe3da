"""Typing errors: an unknown English word becomes the word of the vocabulary that it was meant to be, when that is certain enough."""

from __future__ import annotations

from functools import lru_cache
from weakref import WeakKeyDictionary

from .forms import stem
from .lexicon import Lexicon
from .tokens import Token

SHORTEST, LONG = 6, 9
"""Letters a word must have to be corrected at all, and to be corrected in two places. Short words are too alike."""


class Corrector:
    """Nearest words of one lexicon, by first letter and length."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.known = lexicon.known
        self.shelves: dict[str, list[str]] = {}
        for word in sorted(lexicon.words):
            self.shelves.setdefault(word[0], []).append(word)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def _correct(self, word: str) -> str | None:
        """The word that `word` is a misspelling of; None when it is none, or could be several."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        limit = 2 if len(word) >= LONG else 1
        near = process.extract(word, self.shelves.get(word[0], []), scorer=OSA.distance, score_cutoff=limit, limit=4)
        if not near:
            return None
        best = [choice for choice, distance, _ in near if distance == near[0][1]]
        return best[0] if len({stem(b) for b in best}) == 1 and len(best[0]) >= SHORTEST - 1 else None


_correctors: WeakKeyDictionary[Lexicon, Corrector] = WeakKeyDictionary()


def mend(row: list[Token], lexicon: Lexicon) -> None:
    """Give misspelt words the key of the word that was meant."""
    corrector = _correctors.get(lexicon)
    if corrector is None:
        corrector = _correctors[lexicon] = Corrector(lexicon)
    for token in row:
        strange = token.kind == "word" and len(token.raw) >= SHORTEST and token.key not in lexicon.known
        if strange and token.raw.isascii() and token.raw.isalpha() and (meant := corrector.correct(token.raw)) is not None:
            token.key = stem(meant)
