"""The front page of the handbook: everything by kind and group, with a line on each."""

from __future__ import annotations

from collections.abc import Iterator

from ...kb.model import Text
from .blocks import Block, Bullets, Item, Link, Para, Section, Sheet
from .composer import Composer

__all__ = ["front_sheet"]


def front_sheet(compose: Composer) -> Sheet:
    """The front page in one language."""
    kb = compose.kb
    urgent = [id for id in kb.ids("playbooks") if id.startswith("first_five_minutes")]
    calm = [id for id in kb.ids("playbooks") if id not in urgent]
    symptoms = [_card(compose, "symptoms", id, kb.symptom(id).what) for id in kb.ids("symptoms")]
    fixes = [_card(compose, "fixes", id) for id in kb.ids("fixes")]
    sections: list[Section] = [
        Section("urgent", compose.say("front.urgent"), (_cards([_card(compose, "playbooks", id, kb.playbook(id).goal) for id in urgent]),)),
        Section("symptoms", compose.say("front.symptoms"), (_cards(symptoms),)),
        Section("causes", compose.say("front.causes"), tuple(_grouped(compose, "causes"))),
        Section("calm", compose.say("front.calm"), (_cards([_card(compose, "playbooks", id, kb.playbook(id).goal) for id in calm]),)),
        Section("fixes", compose.say("front.fixes"), (_cards(fixes),)),
        Section("facts", compose.say("front.facts"), tuple(_grouped(compose, "facts"))),
        Section("rules", compose.say("front.rules"), (_cards([Item((compose.link("rules", id),)) for id in kb.ids("rules")]),)),
        Section(
            "ledgers",
            compose.say("front.ledgers"),
            (_cards([Item((Link(kind, "", compose.say(f"ledger.{kind}")),)) for kind in ("claims", "glossary")]),),
        ),
    ]
    return Sheet("index", "", compose.say("front.title"), "", (Para((compose.say("front.lead"),), style="lead"),), tuple(sections), compose.lang)


def _grouped(compose: Composer, kind: str) -> Iterator[Block]:
    groups: dict[str, list[Item]] = {}
    for id in compose.kb.ids(kind):
        if kind == "causes":
            cause = compose.kb.cause(id)
            groups.setdefault(f"group.{cause.group}", []).append(_card(compose, kind, id, cause.what))
        else:
            fact = compose.kb.fact(id)
            groups.setdefault(f"topic.{fact.topic}", []).append(_card(compose, kind, id))
    for group, items in groups.items():
        yield Para((), compose.say(group))
        yield _cards(items)


def _card(compose: Composer, kind: str, id: str, text: Text | None = None) -> Item:
    body = (Para((_first_sentence(compose.pick(text)),)),) if text else ()
    return Item((compose.link(kind, id),), body=body, strong=text is not None)


def _cards(items: list[Item]) -> Bullets:
    return Bullets(tuple(items), cards=True)


def _first_sentence(text: str) -> str:
    for at, character in enumerate(text):
        if character in "。！？" or (character in ".!?" and text[at + 1 : at + 2] == " "):
            return text[: at + 1]
    return text
