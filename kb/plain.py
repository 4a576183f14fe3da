"""What reasoning needs of every rule, fact and symptom, as plain data in the header of the cache.

A diagnosis touches all rules and facts but explains only a few: decoding and validating all entries at every start would cost more
than the thinking. The classes here have the attribute names of their pydantic originals in `model`; conditions stay as JSON has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

if TYPE_CHECKING:
    from .model import Fact, Rule, Symptom


Scalar = bool | int | float | str
PlainCondition = Scalar | list[Scalar] | dict[str, float]
"""A condition as JSON has it: a value, a list of values, or bounds of a number by name (`model.Range`)."""


class PlainThen(NamedTuple):
    """What a rule concludes, as `model.Then`."""

    conclude: Mapping[str, Scalar]
    support: Mapping[str, str]
    oppose: Mapping[str, str]
    exclude: Sequence[str]


class PlainRule(NamedTuple):
    """A rule without its words and examples, as `model.Rule`."""

    when: Mapping[str, PlainCondition]
    unless: Mapping[str, PlainCondition]
    then: PlainThen


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A fact as the choice of questions sees it."""

    finding: str
    """What its answer informs: itself, or the observation it `reads_as`."""
    effort: Literal["look", "check", "rerun"]
    minutes: float
    topic: str
    red_flag: str | None
    volunteered: bool
    known: float | None
    only_if: Mapping[str, PlainCondition]
    fault: Sequence[str]


class Plain(TypedDict):
    """The part of the header that this module writes and reads."""

    rules: dict[str, Any]
    order: list[str]
    """Facts as `order.in_order` puts them."""
    facts: dict[str, Any]
    seen_in: dict[str, list[str]]


def pack(rules: Mapping[str, Rule], facts: Mapping[str, Fact], symptoms: Mapping[str, Symptom]) -> Plain:
    """The plain data of these entries."""
    from .model import WORDS
    from .order import in_order

    keep = {"when", "unless", "then"}
    return Plain(
        rules={id: rule.model_dump(mode="json", include=keep, exclude_defaults=True) for id, rule in rules.items()},
        order=in_order(rules),
        facts={
            id: {
                "finding": fact.reads_as or id, "effort": fact.effort, "minutes": fact.minutes, "topic": fact.topic, "red_flag": fact.red_flag,
                "volunteered": fact.volunteered,
                "known": WORDS[fact.known] if fact.known else None,
                "only_if": fact.model_dump(mode="json", include={"only_if"}, exclude_defaults=True).get("only_if", {}),
                "fault": list(fact.fault),
            }
            for id, fact in facts.items()
        },
        seen_in={id: list(symptom.seen_in) for id, symptom in symptoms.items()},
    )  # fmt: skip


def rules(plain: Plain) -> dict[str, PlainRule]:
    """All rules by id."""
    return {id: _rule(data) for id, data in plain["rules"].items()}


def facts(plain: Plain) -> dict[str, PlainFact]:
    """All facts by id."""
    return {id: PlainFact(**data) for id, data in plain["facts"].items()}


_NONE: Mapping[str, Any] = {}


def _rule(data: dict[str, Any]) -> PlainRule:
    get = data["then"].get
    then = PlainThen(get("conclude", _NONE), get("support", _NONE), get("oppose", _NONE), get("exclude", ()))
    return PlainRule(data["when"], data.get("unless", _NONE), then)
