"""What reasoning needs of every rule, fact and symptom, as plain data in the header of the cache.

A diagnosis touches all rules and facts but explains only a few: decoding and validating all entries at every start would cost more
than the thinking. The classes here have the attribute names of their pydantic originals in `model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from .model import Fact, Rule, Symptom


@dataclass(frozen=True, slots=True)
class Bounds:
    """A numeric condition, as `model.Range`."""

    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None


Scalar = bool | int | float | str
PlainCondition = Scalar | tuple[Scalar, ...] | Bounds


@dataclass(frozen=True, slots=True)
class PlainThen:
    """What a rule concludes, as `model.Then`."""

    conclude: Mapping[str, Scalar]
    support: Mapping[str, str]
    oppose: Mapping[str, str]
    exclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainRule:
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
    known: float | None
    only_if: Mapping[str, PlainCondition]


class Plain(TypedDict):
    """The part of the header that this module writes and reads."""

    rules: dict[str, Any]
    facts: dict[str, Any]
    seen_in: dict[str, list[str]]


def pack(rules: Mapping[str, Rule], facts: Mapping[str, Fact], symptoms: Mapping[str, Symptom]) -> Plain:
    """The plain data of these entries."""
    from .model import WORDS

    keep = {"when", "unless", "then"}
    return Plain(
        rules={id: rule.model_dump(mode="json", include=keep, exclude_defaults=True) for id, rule in rules.items()},
        facts={
            id: {
                "finding": fact.reads_as or id, "effort": fact.effort, "minutes": fact.minutes, "topic": fact.topic, "red_flag": fact.red_flag,
                "known": WORDS[fact.known] if fact.known else None,
                "only_if": fact.model_dump(mode="json", include={"only_if"}, exclude_defaults=True).get("only_if", {}),
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
    return {
        id: PlainFact(
            data["finding"], data["effort"], data["minutes"], data["topic"], data["red_flag"], data["known"], _conditions(data["only_if"])
        )
        for id, data in plain["facts"].items()
    }  # fmt: skip


def _rule(data: Mapping[str, Any]) -> PlainRule:
    then = data["then"]
    conclusion = PlainThen(then.get("conclude", {}), then.get("support", {}), then.get("oppose", {}), tuple(then.get("exclude", ())))
    return PlainRule(_conditions(data["when"]), _conditions(data.get("unless", {})), conclusion)


def _conditions(data: Mapping[str, Any]) -> dict[str, PlainCondition]:
    return {fact: Bounds(**c) if isinstance(c, dict) else tuple(c) if isinstance(c, list) else c for fact, c in data.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
