"""Finding entries by words: Chinese, English or mixed, with typing errors; by name, by what people call it, and by the text.

Names come first: a query that is (nearly) a name or an alias finds its entry before any text that merely mentions the words. Text
is ranked by how rare the words found in it are (inverse document frequency). Chinese needs no word list: two neighbouring
characters are a word. A Latin word that stands nowhere is read as the nearest one that does.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, cast

from rapidfuzz import fuzz, process

from .base import KnowledgeBase
from .model import Aliases, Entry, Text

__all__ = ["KINDS", "SILENT", "Hit", "Index", "index", "plain", "stem", "words_of"]

KINDS = ("causes", "symptoms", "playbooks", "fixes", "facts", "rules", "glossary", "claims")
"""Kinds that can be found, most wanted first: the order among equals."""

WEIGHT = {"causes": 1.0, "symptoms": 1.0, "playbooks": 0.95, "fixes": 0.9, "facts": 0.8, "glossary": 0.7, "rules": 0.5, "claims": 0.4}
"""How much an entry of a kind counts: somebody who searches wants to know what is wrong and what to do, not a ledger."""

NAMED = 60.0
"""Similarity (0..100) from which a query counts as a name of an entry."""

SPELT = 75.0
"""Least similarity of a known word that an unknown one is read as: one error in a word of four to seven letters."""

_WORD = re.compile(r"[a-z0-9]+(?:['.+-][a-z0-9]+)*|[\u3400-\u9fff\uf900-\ufaff]+")
SILENT = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "how", "i", "in", "is", "it", "my", "of", "on", "or", "that",
    "the", "this", "to", "was", "what", "when", "why", "with",
})  # fmt: skip
"""English words that say nothing about what is looked for."""


class Hit(NamedTuple):
    """An entry that was found."""

    kind: str
    id: str
    score: float
    """Comparable within one search only."""
    snippet: dict[str, str]
    """The sentence that fits best, per language; empty when the name was enough."""


class _Page(NamedTuple):
    kind: str
    id: str
    names: tuple[str, ...]
    sentences: dict[str, list[str]]
    words: Counter[str]
    length: int


def plain(text: str) -> str:
    """`text` as it is compared: full-width and half-width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text: Latin words in a simple stem, Chinese in pairs of neighbouring characters."""
    found: list[str] = []
    for word in _WORD.findall(plain(text).replace("_", " ")):
        if word[0] >= "\u3400":
            found.extend(word[i : i + 2] for i in range(len(word) - 1)) if len(word) > 1 else found.append(word)
        elif word not in SILENT:
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """A Latin word as it is compared: plural and the commonest endings away; spelling of either side of the Atlantic alike."""
    word = word.replace("isation", "ization").replace("ise", "ize") if len(word) > 5 else word
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            word = word[: -len(ending)]
            return word[:-1] if ending in ("ing", "ed") and word[-1] == word[-2] and word[-1] in "bdgmnprt" else word
    return word


class Index:
    """All entries of a knowledge base, ready to be searched."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Reads every entry once (a fifth of a second)."""
        self.pages = [_page(kind, id, kb.entry(kind, id)) for kind in KINDS for id in kb.ids(kind)]
        self.known = Counter(word for page in self.pages for word in page.words)
        self._latin = [word for word in self.known if word.isascii() and len(word) > 2]
        self._average = sum(page.length for page in self.pages) / max(1, len(self.pages))

    def search(self, query: str, limit: int = 10, kinds: tuple[str, ...] = KINDS) -> list[Hit]:
        """The entries that fit `query` best, best first; none when nothing fits."""
        bare = " ".join(plain(query).replace("_", " ").split())
        words = [self._read_as(word) for word in dict.fromkeys(words_of(query))]
        if not bare or (not words and not self._names_like(bare)):
            return []
        weight = {word: math.log(1 + len(self.pages) / (1 + self.known[word])) for word in words}
        whole = sum(weight.values()) or 1.0
        scored: list[tuple[float, int]] = []
        for at, page in enumerate(self.pages):
            if page.kind in kinds:
                score = max(self._by_name(bare, words, page), self._by_text(weight, whole, page))
                if score > 0:
                    scored.append((score * WEIGHT[page.kind], -at))
        scored.sort(reverse=True)
        best = scored[0][0] if scored else 0.0
        return [self._hit(-at, score, words) for score, at in scored[:limit] if score >= 0.2 * best]

    def _names_like(self, bare: str) -> bool:
        return any(bare in name for page in self.pages for name in page.names)

    def _read_as(self, word: str) -> str:
        """`word`, or the nearest word that stands somewhere."""
        if word in self.known or not word.isascii() or len(word) < 4:
            return word
        starts = [known for known in self._latin if known.startswith(word)]
        if starts:
            return max(starts, key=lambda known: self.known[known])
        best = process.extractOne(word, self._latin, scorer=fuzz.ratio, score_cutoff=SPELT)
        return best[0] if best else word

    def _by_name(self, bare: str, words: list[str], page: _Page) -> float:
        """Up to 200 for a query that is a name, less the more they differ; 0 when they have little in common."""
        best = 0.0
        for place, name in enumerate(page.names):
            likeness = 0.0
            if name == bare:
                best = max(best, 200.0 - min(place, 20))
                continue
            if page.kind != "claims":  # numbers of claims all look alike
                likeness = _likeness(bare, set(words), name)
            if likeness >= NAMED:
                best = max(best, 1.5 * likeness - 0.5 * min(place, 20))
        return best

    def _by_text(self, weight: dict[str, float], whole: float, page: _Page) -> float:
        """Up to 90: the share of the query that stands in the text, with a word counting by its rarity (BM25, k1 = 1.2, b = 0.5)."""
        score = 0.0
        for word, worth in weight.items():
            if count := page.words[word]:
                damp = count * 2.2 / (count + 1.2 * (0.5 + 0.5 * page.length / self._average))
                score += worth * damp / 2.2
        return 90.0 * score / whole

    def _hit(self, at: int, score: float, words: list[str]) -> Hit:
        page = self.pages[at]
        snippet: dict[str, str] = {}
        for lang, sentences in page.sentences.items():
            best, most = "", 0
            for sentence in sentences:
                found = len(set(words_of(sentence)) & set(words))
                if found > most:
                    best, most = sentence, found
            if best:
                snippet[lang] = best
        return Hit(page.kind, page.id, score, snippet)


def _likeness(bare: str, words: set[str], name: str) -> float:
    """How far a query is a name, 0..100: the share of words they have in common, or how nearly they are spelt alike."""
    in_name = set(words_of(name))
    common = words & in_name
    likeness = 100.0 * len(common) / len(words | in_name) if common else 0.0
    if common == words and words:
        likeness = max(likeness, 60.0 + 40.0 * len(common) / len(in_name))
    if bare in name:
        likeness = max(likeness, 60.0 + 40.0 * len(bare) / len(name))
    if len(bare) >= (5 if bare.isascii() else 3):
        spelt = fuzz.ratio(bare, name)
        likeness = max(likeness, spelt if spelt >= (SPELT if bare.isascii() else NAMED) else 0.0)
    return likeness


@lru_cache(maxsize=2)
def index(kb: KnowledgeBase) -> Index:
    """The index of a knowledge base, made once."""
    return Index(kb)


def _page(kind: str, id: str, entry: Entry) -> _Page:
    name = getattr(entry, "name", None)
    names = [id.replace("_", " ")] if kind != "glossary" else [getattr(entry, "en", ""), getattr(entry, "zh", "")]
    if isinstance(name, Text):
        names += [name.en, name.zh]
    aliases = getattr(entry, "aliases", None)
    if isinstance(aliases, Aliases):
        names += [*aliases.en, *aliases.zh]
    sentences: dict[str, list[str]] = {"en": [], "zh": []}
    for text in (text for field in type(entry).model_fields if field != "name" for text in _texts(getattr(entry, field))):
        sentences["en"].extend(_sentences(text.en))
        sentences["zh"].extend(_sentences(text.zh))
    if kind == "claims":
        sentences["en"] = sentences["zh"] = [getattr(entry, "gist", "")]
    words = Counter(word for part in (names, sentences["en"], sentences["zh"]) for text in part for word in words_of(text))
    return _Page(kind, id, tuple(dict.fromkeys(plain(name).strip() for name in names)), sentences, words, sum(words.values()))


def _texts(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Entry):
        for field in type(value).model_fields:
            yield from _texts(getattr(value, field))
    elif isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in cast("dict[str, object]", value).values():
            yield from _texts(item)


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+|(?<=[。！？])", text) if sentence.strip()]
