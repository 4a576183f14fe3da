"""What a card is: a question in both languages, how it is answered, and what is shown afterwards."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from ..kb.model import Dimension, Level, Text
from ..messages import say
from .curves import Curve
from .rubric import Rubric

__all__ = ["DIMENSIONS", "KINDS", "LEVELS", "NOWHERE", "Card", "Choice", "Cloze", "Option", "Order", "Words", "both", "dimension_of"]

Kind = Literal["name", "explain", "apart", "order", "fix", "judge", "code", "interview", "curve", "case"]
KINDS: tuple[Kind, ...] = ("name", "explain", "apart", "order", "fix", "judge", "code", "interview", "curve", "case")
LEVELS: tuple[Level, ...] = ("recall", "mechanism", "design", "debug")
DIMENSIONS: tuple[Dimension, ...] = ("data", "learning_rate", "gradients", "model_numerics", "optimizer", "code_environment", "method")

_GROUPS: dict[str, Dimension] = {
    "data": "data",
    "learning_rate": "learning_rate",
    "gradient": "gradients",
    "model": "model_numerics",
    "numerics": "model_numerics",
    "optimizer": "optimizer",
    "code": "code_environment",
    "environment": "code_environment",
    "strategy": "method",
}

NOWHERE: Dimension = "method"
"""Dimension of what belongs to no single one, as a symptom."""


def dimension_of(group: str) -> Dimension:
    """The dimension of the interview in which a group of causes lies."""
    return _GROUPS.get(group, NOWHERE)


def both(entry: str, **values: object) -> Text:
    """A text of the catalogue in both languages; a `Text` among the values is filled in in the same language."""
    said = {
        lang: say(entry, lang, **{name: value.pick(lang) if isinstance(value, Text) else value for name, value in values.items()})
        for lang in ("en", "zh")
    }
    return Text(**said)


class Option(NamedTuple):
    """One of the answers to choose from."""

    text: Text
    right: bool = False
    why: Text | None = None
    """What to say when it was chosen although it is wrong."""


@dataclass(frozen=True)
class Choice:
    """Answered by picking one option."""

    options: tuple[Option, ...]
    fixed: bool = False
    """Whether the order of the options means something."""

    def shuffled(self, seed: str) -> tuple[Option, ...]:
        """The options in an order that depends on `seed` alone."""
        mixed = list(self.options)
        if not self.fixed:
            random.Random(seed).shuffle(mixed)  # noqa: S311 - an order, no secret
        return tuple(mixed)


@dataclass(frozen=True)
class Order:
    """Answered by putting items in order; items of one rank may change places."""

    items: tuple[Text, ...]
    ranks: tuple[int, ...]

    def shuffled(self, seed: str) -> tuple[int, ...]:
        """Positions of the items in an order that depends on `seed` alone and is not the right one."""
        places = list(range(len(self.items)))
        mixer = random.Random(seed)  # noqa: S311 - an order, no secret
        for _ in range(20):
            mixer.shuffle(places)
            if self.share(places) < 1.0:
                break
        return tuple(places)

    def share(self, places: list[int] | tuple[int, ...]) -> float:
        """Share of the pairs that stand in the right order (Kendall's tau, from 0 to 1); pairs of one rank count for nothing."""
        pairs = [(a, b) for n, a in enumerate(places) for b in places[n + 1 :] if self.ranks[a] != self.ranks[b]]
        return sum(self.ranks[a] < self.ranks[b] for a, b in pairs) / len(pairs) if pairs else 1.0


@dataclass(frozen=True)
class Cloze:
    """Answered by typing what the gap hides."""

    accept: tuple[str, ...]

    def right(self, typed: str) -> bool:
        """Whether `typed` fills the gap; blanks and call brackets do not matter, capitals do."""
        bare = typed.strip().strip("`'\"").removesuffix("()").removesuffix("(").strip()
        return bare in self.accept or bare.rpartition(".")[2] in self.accept


@dataclass(frozen=True)
class Words:
    """Answered in one's own words, graded against a rubric that is made when it is needed."""

    make: Callable[[], Rubric]

    @cached_property
    def rubric(self) -> Rubric:
        """The rubric."""
        return self.make()


@dataclass(frozen=True)
class Card:
    """A question. Its id stays the same when its wording changes; `content` does not."""

    id: str
    """`KIND/ID` with the ids of the knowledge base (or of the case)."""
    kind: Kind
    level: Level
    dimension: Dimension
    prompt: Text
    answer: Choice | Order | Cloze | Words
    topics: frozenset[str] = frozenset()
    """Ids, groups and names by which `--topic` finds it."""
    code: str = ""
    """Lines shown with the question."""
    reveal: tuple[Text, ...] = ()
    """Paragraphs shown after the answer."""
    reference: str = ""
    """Primary source, where one contradicts a common belief."""
    claims: tuple[str, ...] = ()
    curve: Curve | None = None
    name: Text | None = field(default=None)
    """A few words for lists that give nothing away; None = the first words of the question."""

    @cached_property
    def content(self) -> str:
        """Hash of everything that makes the answer what it is: when it changes, what was learnt may no longer hold."""
        parts: list[str] = [self.prompt.en, self.prompt.zh, self.code]
        match self.answer:
            case Choice(options=options):
                parts += [f"{option.text.en}|{option.text.zh}|{option.right}" for option in options]
            case Order(items=items, ranks=ranks):
                parts += [f"{rank}|{item.en}|{item.zh}" for item, rank in zip(items, ranks, strict=True)]
            case Cloze(accept=accept):
                parts += accept
            case Words():
                parts += [f"{text.en}|{text.zh}" for text in self.reveal]
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
