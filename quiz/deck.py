"""All cards: made from the knowledge base, from curves, and from what the team's casebook has confirmed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from ..kb import KnowledgeBase
from ..kb.model import Text
from .card import DIMENSIONS, NOWHERE, Card, Choice, Option, Words, both, dimension_of
from .curves import BESIDES, EXAMPLES, SIMULATORS, Curve
from .derived import apart_cards, belief_cards, explain_cards, fix_cards, name_cards, order_cards, rule_cards
from .rubric import Names, names_of, rubric_of
from .snippets import code_cards

__all__ = ["Filter", "build", "chosen", "topics_near"]

SEEDS = 4
"""Curves drawn by each simulator."""


class Filter(NamedTuple):
    """Which cards are wanted; None or empty = all."""

    topic: str = ""
    level: str = ""
    kind: str = ""


def build(kb: KnowledgeBase, extra: Iterable[Card] = ()) -> dict[str, Card]:
    """Every card by id, in a fixed order; `extra` are those of a casebook."""
    names = names_of(kb)
    cards: dict[str, Card] = {}
    for maker in (
        _interviews(kb, names), name_cards(kb), explain_cards(kb, names), apart_cards(kb), belief_cards(kb), rule_cards(kb), order_cards(kb),
        fix_cards(kb), code_cards(kb), _curves(kb), extra,
    ):  # fmt: skip
        for card in maker:
            if card.id in cards:
                raise ValueError(f"two cards with the id {card.id}")
            cards[card.id] = card
    return cards


def chosen(cards: Mapping[str, Card], wanted: Filter) -> list[Card]:
    """The cards that fit the filter, in the order of the deck."""
    topic = _plain(wanted.topic)
    return [
        card
        for card in cards.values()
        if (not wanted.level or card.level == wanted.level)
        and (not wanted.kind or card.kind == wanted.kind)
        and (not topic or topic == _plain(card.dimension) or any(topic == _plain(name) for name in card.topics))
    ]


def topics_near(cards: Mapping[str, Card]) -> list[str]:
    """Everything that `--topic` understands."""
    return sorted({name for card in cards.values() for name in card.topics if name} | set(DIMENSIONS))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace("-", "_").replace(" ", "_").strip("_")


def _interviews(kb: KnowledgeBase, names: Names) -> Iterator[Card]:
    for id in kb.ids("interviews"):
        entry = kb.interview(id)
        claims = (*entry.claims, *(claim for part in (*entry.points, *entry.wrong) for claim in part.claims))
        reveal = tuple(both("quiz.answer_of", dimension=both(f"quiz.dimension.{d}"), text=entry.answer[d]) for d in DIMENSIONS if d in entry.answer)
        yield Card(
            f"interview/{id}", "interview", entry.level, "method", entry.ask, Words(partial(rubric_of, entry, names)),
            frozenset({id, "interview"}), reveal=reveal, claims=claims, name=entry.name,
        )  # fmt: skip


def _curves(kb: KnowledgeBase) -> Iterator[Card]:
    """What does this curve show? The other answers are what it is mistaken for."""
    sources = [(f"curve/{name.partition('.')[0]}", Curve(name), seen) for name, seen in EXAMPLES.items()]
    sources += [(f"curve/{name}.{seed}", Curve(name, seed), name) for name in SIMULATORS for seed in range(1, SEEDS + 1)]
    for id, curve, seen in sources:
        near = [other.id for other in kb.symptom(seen).is_not if other.id in SIMULATORS] if seen != "healthy" else []
        others = [name for name in (*near, *SIMULATORS) if name != seen and name not in BESIDES.get(seen, ())]
        options = [Option(_seen(kb, seen), right=True), *(Option(_seen(kb, name)) for name in list(dict.fromkeys(others))[:3])]
        causes = kb.symptom(seen).usual_causes if seen != "healthy" else ()
        dimension = dimension_of(kb.cause(causes[0]).group) if causes else NOWHERE
        reveal = (kb.symptom(seen).reading,) if seen != "healthy" else ()
        topics = frozenset({seen, "curve"})
        yield Card(id, "curve", "debug", dimension, both("quiz.ask.curve"), Choice(tuple(options)), topics, reveal=reveal, curve=curve)


def _seen(kb: KnowledgeBase, id: str) -> Text:
    return both("quiz.healthy") if id == "healthy" else kb.symptoms[id]
