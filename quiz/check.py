"""Whether a reply to a card is right, whatever kind of card it is, and which rating that suggests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .card import Card, Choice, Cloze, Option, Order, Words
from .grade import Grade, Verdict, grade, overrule

__all__ = ["AGAIN", "EASY", "GOOD", "HARD", "Outcome", "Presented", "Reply", "check", "overruled", "present"]

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

SWIFT = 6.0
"""Seconds in which a right choice counts as easy."""

FLUENT = 90.0
"""The same for an answer in words that leaves nothing out (95 % of the weight)."""

NEARLY = 0.6
"""Share of pairs in the right order from which an order is partly right."""


Reply = str | int | tuple[int, ...]
"""What was typed; the position of an option, from 0; the positions of the items as shown, in the order given."""


class Presented(NamedTuple):
    """A card as it is put to the learner this time: what there is to choose from, and in which order."""

    card: Card
    options: tuple[Option, ...] = ()
    items: tuple[int, ...] = ()
    """For an order: positions in `card.answer.items` as they are shown."""


class Outcome(NamedTuple):
    """What came of a reply."""

    verdict: Verdict
    score: float
    suggested: int
    """Rating: 1 = again ... 4 = easy."""
    grade: Grade | None = None
    """For answers in words."""
    chosen: Option | None = None


def present(card: Card, seed: str) -> Presented:
    """The card with its options in an order that depends on `seed`."""
    match card.answer:
        case Choice():
            return Presented(card, options=card.answer.shuffled(f"{card.id}.{seed}"))
        case Order():
            return Presented(card, items=card.answer.shuffled(f"{card.id}.{seed}"))
        case _:
            return Presented(card)


def check(shown: Presented, reply: Reply, took: float) -> Outcome:
    """Judge a reply; `took` = seconds."""
    answer = shown.card.answer
    match answer:
        case Choice():
            option = shown.options[reply if isinstance(reply, int) else -1]
            verdict = Verdict.GOOD if option.right else Verdict.WRONG
            return Outcome(verdict, float(option.right), _rating(verdict, took <= SWIFT), chosen=option)
        case Order():
            places = [shown.items[at] for at in reply] if isinstance(reply, tuple) else []
            share = answer.share(places)
            verdict = Verdict.GOOD if share == 1.0 else Verdict.PARTIAL if share >= NEARLY else Verdict.WRONG
            return Outcome(verdict, share, _rating(verdict, swift=False))
        case Cloze():
            verdict = Verdict.GOOD if answer.right(str(reply)) else Verdict.WRONG
            return Outcome(verdict, float(verdict is Verdict.GOOD), _rating(verdict, took <= SWIFT))
        case Words():
            return _of(grade(answer.rubric, str(reply)), took)


def overruled(shown: Presented, outcome: Outcome, ids: Sequence[str], took: float) -> Outcome:
    """The outcome after the learner turned some decisions round."""
    if outcome.grade is None or not isinstance(shown.card.answer, Words):
        return outcome
    return _of(overrule(shown.card.answer.rubric, outcome.grade, ids), took)


def _of(graded: Grade, took: float) -> Outcome:
    return Outcome(graded.verdict, graded.score, _rating(graded.verdict, graded.score >= 0.95 and took <= FLUENT), grade=graded)


def _rating(verdict: Verdict, swift: bool) -> int:
    return {Verdict.GOOD: EASY if swift else GOOD, Verdict.PARTIAL: HARD}.get(verdict, AGAIN)
