"""Finding cases by words: Chinese, English or mixed, with typing errors, and across the two languages.

`tokens` is what a text is found by, in a store and in a query: words, pairs of neighbouring Chinese characters, and the concepts of
the knowledge base that it names. A store looks up the cases that share rare tokens with the query (`Store.candidates`); `rank` puts
them in order: how much of the query a case covers, each word weighing by its rarity, more when it stands in the title or is the
confirmed cause.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from rapidfuzz import fuzz, process

from ..kb.search import plain
from .concepts import concepts, units

if TYPE_CHECKING:
    from .case import Case
    from .store import Filter, Sketch

__all__ = ["Found", "Query", "Searchable", "Source", "find", "hits", "index_text", "rank", "read_query", "tokens"]

SPELT = 75.0
"""Least similarity (0..100) of a known word that an unknown one is read as: one error in a word of four letters or more."""

CONCEPT = 0.9
"""Worth of a concept against the words that name it: "exploding gradients" for 梯度爆炸."""

LOOSE = 0.5
"""The same for a fact: "discriminator" only hints at the architecture."""

TITLE = 0.5
"""What standing in the title adds to the worth of a word."""

CAUSE = 0.6
"""What a query that names the confirmed cause adds, against a query covered in full."""

SIGN = 0.15
"""The same for a symptom of the case."""

NAMED = 0.5
"""What a title that reads like the query adds at most."""

POOL = 200
"""Candidates that are taken from each source for ranking."""

END_OF_TITLE = "|"
"""Stands between the tokens of the titles and the others."""

FAINT = 0.15
"""Share of the query that a case must cover to be shown."""

STRONG = 0.5
"""Share of the best score from which a match is a strong one."""

_COMPOUND: Final = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9]*(?:[._+-][a-z0-9]+)+")
_JOINT: Final = re.compile(r"[._+-]")
_ASKING: Final = re.compile("怎么办|为什么|为啥|怎么回事|怎么样|怎么|什么|如何|请问|有没有|是不是|咋办|咋|[的了吗呢吧啊]")


def tokens(text: str) -> list[str]:
    """What `text` is found by, without repeats, in order: letters, digits and Chinese characters only.

    Latin words in their stem (a compound also in its parts), Chinese in pairs (a lone character as it is), and each concept that is
    named, as "x" and its id without underscores.
    """
    path = units(text)
    found = _literal(path) + _compounds(text)
    found += sorted({_concept_token(concept) for _, _, named in concepts().found(path) for concept in named})
    return list(dict.fromkeys(found))


def index_text(case: Case) -> str:
    """What a case is found by, as a store keeps it: tokens with blanks between them, those of its titles first, then `END_OF_TITLE`.

    Its words in all languages, its cause and symptoms, and the facts that hold of it.
    """
    titles = "\n".join(telling.title for telling in case.texts.values())
    ids = [case.cause, *(sign.id for sign in case.symptoms), *(_in_words(id, value) for id, value in case.facts.items())]
    if case.source is not None:
        ids.append(case.source.work)
    return " ".join([*tokens(titles), END_OF_TITLE, *tokens("\n".join((case.words(), *ids)))])


def _in_words(fact: str, value: object) -> str:
    """A fact as it is looked for: the name of one that holds, the value of any other."""
    return "" if value is False else fact if value is True else str(value)


def _literal(path: Sequence[str]) -> list[str]:
    """Words, numbers and pairs of neighbouring Chinese characters of a sequence of units."""
    found: list[str] = []
    run = ""
    for unit in (*path, " "):
        if unit >= "\u3400":
            run += unit
            continue
        if run:
            found.extend(_pairs(run))
            run = ""
        if unit != " ":
            found.append(unit)
    return found


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] if len(run) > 1 else [run]


@lru_cache(maxsize=4096)
def _concept_token(concept: str) -> str:
    return "x" + "".join(letter for letter in concept if letter.isalnum())


class Searchable(Protocol):
    """What ranking reads of a case."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def cause(self) -> str: ...  # noqa: D102
    @property
    def symptoms(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def words(self) -> str:
        """`index_text` of the case."""
        ...


class Term(NamedTuple):
    """One thing that is asked for, and the tokens that satisfy it."""

    words: tuple[str, ...]
    """As it was typed."""
    meant: dict[str, float]
    """Tokens of the concepts that it names, each with its worth."""
    concepts: tuple[str, ...]
    """Ids of these concepts."""

    @property
    def tokens(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.meant, *self.words)


@dataclass(frozen=True, slots=True)
class Query:
    """Words that are looked for, understood."""

    text: str
    """Plain, without the parts that were filters."""
    terms: tuple[Term, ...]
    read_as: tuple[tuple[str, str], ...]
    """Words that were taken for typing errors, and what they were read as."""

    @property
    def tokens(self) -> list[str]:
        """Every token that a case may be found by, most telling first."""
        ordered: dict[str, None] = {}
        for term in sorted(self.terms, key=lambda term: not term.concepts):
            ordered.update(dict.fromkeys(term.tokens))
        return list(ordered)

    @property
    def concepts(self) -> set[str]:
        """Ids of all concepts that are named."""
        return {concept for term in self.terms for concept in term.concepts}


def read_query(text: str, known: Callable[[str], bool] | None = None) -> Query:
    """Understand a query. `known` tells whether a word stands in some case, and so is no typing error."""
    vocabulary = concepts()
    path, read_as = _corrected(units(_ASKING.sub(" ", text)), known)
    terms: list[Term] = []
    covered: set[int] = set()
    for first, end, named in vocabulary.found(path, spelt=False):
        covered.update(range(first, end))
        meant = {_concept_token(concept): LOOSE if concept in vocabulary.loose else CONCEPT for concept in sorted(named)}
        terms.append(Term(tuple(_literal(path[first:end])), meant, tuple(sorted(named))))
    terms += [Term((token,), {}, ()) for token in (*_loose(path, covered), *_compounds(text))]
    return Query(plain(text).strip(), tuple(terms), tuple(read_as))


def _corrected(path: Sequence[str], known: Callable[[str], bool] | None) -> tuple[list[str], list[tuple[str, str]]]:
    vocabulary = concepts()
    fixed: list[str] = []
    read_as: list[tuple[str, str]] = []
    for unit in path:
        strange = len(unit) >= 4 and unit.isascii() and unit.isalpha() and unit not in vocabulary.words
        if strange and not (known is not None and known(unit)):
            best = process.extractOne(unit, _spellings(), scorer=fuzz.ratio, score_cutoff=SPELT)
            if best is not None:
                read_as.append((unit, best[0]))
                fixed.append(best[0])
                continue
        fixed.append(unit)
    return fixed, read_as


@lru_cache(maxsize=1)
def _spellings() -> tuple[str, ...]:
    return tuple(sorted(word for word in concepts().words if len(word) > 3 and not any(letter.isdigit() for letter in word)))


def _loose(path: Sequence[str], covered: set[int]) -> list[str]:
    """Tokens of what no concept covers."""
    left = [unit if i not in covered else "" for i, unit in enumerate(path)]
    return [token for token in dict.fromkeys(_literal(left)) if token]


def _compounds(text: str) -> list[str]:
    """Words with a joint, such as opt-175b, also in one piece."""
    return ["".join(_JOINT.split(word)) for word in _COMPOUND.findall(plain(text))]


class Found(NamedTuple):
    """A case that was found."""

    id: str
    score: float
    """Comparable within one search only."""


def rank(query: Query, cases: Iterable[Searchable], *, limit: int = 20, rarity: Callable[[str], float] | None = None) -> list[Found]:
    """`cases` (the candidates) in the order in which they answer `query`, best first; those that hardly touch it are left out.

    `rarity`: weight of a token, larger for a rarer one; without it the candidates themselves tell (a token that stands in all of
    them tells nothing about which is meant).
    """
    pool = list(cases)
    if not query.terms or not pool:
        return []
    parted = [case.words.partition(END_OF_TITLE) for case in pool]
    heads = [set(head.split()) for head, _, _ in parted]
    words = [head | set(rest.split()) for head, (_, _, rest) in zip(heads, parted, strict=True)]
    weigh = rarity or _rarity(words)
    weights = [max(weigh(token) for token in term.tokens) for term in query.terms]
    whole = sum(weights) or 1.0
    asked = query.concepts
    scored: list[tuple[float, int]] = []
    for at, case in enumerate(pool):
        covered = sum(weight * _worth(term, words[at], heads[at]) for term, weight in zip(query.terms, weights, strict=True)) / whole
        if covered < FAINT:
            continue
        score = covered + CAUSE * (case.cause in asked) + SIGN * bool(asked.intersection(case.symptoms))
        score += NAMED * fuzz.token_set_ratio(query.text, plain(case.title)) / 100.0 * min(1.0, covered)
        scored.append((score, -at))
    scored.sort(reverse=True)
    return [Found(pool[-at].id, score) for score, at in scored[:limit]]


def _worth(term: Term, words: set[str], head: set[str]) -> float:
    """How far a case satisfies a term: its concept, or its words, whichever is more; more when they stand in the title."""

    def value(token: str) -> float:
        return (1.0 + TITLE * (token in head)) if token in words else 0.0

    literal = sum(value(token) for token in term.words) / max(1, len(term.words))
    return max(literal, max((worth * value(token) for token, worth in term.meant.items()), default=0.0))


def _rarity(words: Sequence[set[str]]) -> Callable[[str], float]:
    return lambda token: math.log(1.0 + len(words) / (0.5 + sum(token in some for some in words)))


class Source(Protocol):
    """Where cases can be looked up: a store, or the shelf of reference cases."""

    def candidates(self, tokens: Sequence[str], wanted: Filter = ..., *, limit: int = ...) -> list[Sketch]:
        """The cases that share most with `tokens`."""
        ...

    def counts(self, tokens: Sequence[str]) -> Mapping[str, int]:
        """In how many cases each token stands, or about how many."""
        ...


def find(text: str, sources: Sequence[Source], wanted: Filter | None = None, *, limit: int = 20) -> list[Sketch]:
    """The cases of all `sources` that answer `text`, best first."""
    return [sketch for sketch, _ in hits(text, sources, wanted, limit=limit)]


def hits(text: str, sources: Sequence[Source], wanted: Filter | None = None, *, limit: int = POOL) -> list[tuple[Sketch, bool]]:
    """The same, each with whether it is a strong match (`STRONG`)."""
    wanted = wanted if wanted is not None else _everything()

    def known(word: str) -> bool:
        return any(source.counts([word])[word] for source in sources)

    query = read_query(text, known)
    pool = {sketch.id: sketch for source in sources for sketch in source.candidates(query.tokens, wanted, limit=POOL)}
    ranked = rank(query, pool.values(), limit=limit)
    return [(pool[found.id], found.score >= STRONG * ranked[0].score) for found in ranked]


def _everything() -> Filter:
    from .store import Filter

    return Filter()
