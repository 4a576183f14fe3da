"""The page of a cause: what it is, how to be sure, what to do, and what it is mistaken for."""

from __future__ import annotations

from collections.abc import Iterator

from ...kb.model import Cause, Check
from .blocks import Block, Bullets, Inline, Item, Para, Section, Sheet
from .composer import Composer
from .crossings import Telling

__all__ = ["cause_sheet"]

SIGNS = 10
"""Most findings named for and against."""


def cause_sheet(compose: Composer, id: str) -> Sheet:
    """The page of the cause `id`."""
    cause = compose.kb.cause(id)
    pick = compose.pick
    symptoms = compose.links("symptoms", compose.x.usual_for.get(id, ()), "usual_for")
    words = Para((pick(cause.signature.words),), compose.say("words"))
    sections: list[Section] = [
        *compose.section("mechanism", compose.para(cause.mechanism)),
        *compose.section("signature", Para((pick(cause.signature.log),), compose.say("log")), words, symptoms),
        *compose.section("confirm", Bullets(tuple(_check(compose, check) for check in cause.confirm), ordered=True)),
        *compose.section("now", Bullets(tuple(_fix(compose, fix) for fix in cause.now), ordered=True)),
        *compose.section("for_good", Bullets(tuple(_fix(compose, fix, told=fix in cause.now) for fix in cause.for_good))),
        *compose.section("verify", compose.para(cause.verify)),
        *compose.section("prevent", compose.para(cause.prevent)),
        *compose.section("mistaken_for", *_lookalikes(compose, id, cause)),
        *compose.misconceptions(cause.misconceptions),
        *compose.section("evidence", *_evidence(compose, id)),
        *compose.section("see_also", *_see_also(compose, id)),
        *compose.sources((*cause.claims, *(c for item in cause.misconceptions for c in item.claims)), cause.references),
    ]
    kicker = compose.say("kicker.causes", group=compose.say(f"group.{cause.group}"), frequency=compose.say(f"frequency.{cause.frequency}"))
    return Sheet("causes", id, compose.title(cause.name), kicker, (compose.para(cause.what, style="lead"),), tuple(sections), compose.lang)


def _check(compose: Composer, check: Check) -> Item:
    results: list[Item] = []
    for result in check.results:
        settled: tuple[Block, ...] = ()
        if result.fact is not None and result.value is not None:
            spans: tuple[Inline, ...] = (compose.link("facts", result.fact), compose.say("colon"), compose.answer(result.fact, result.value))
            settled = (Para(spans, compose.say("settles"), "soft"),)
        means = Para((compose.pick(result.means),), "\u2192")
        results.append(Item((compose.pick(result.when),), body=(means, *settled)))
    body = (*compose.code(check.code), Bullets(tuple(results)))
    return Item((compose.pick(check.how),), compose.say(f"effort.{check.effort}"), body)


def _fix(compose: Composer, id: str, *, told: bool = False) -> Item:
    """A fix with what to do; `told` = that stands further up already."""
    if told:
        return Item((compose.link("fixes", id),), compose.say("see_above"), strong=True)
    return Item((compose.link("fixes", id),), body=(Para((compose.pick(compose.kb.fix(id).do),)),), strong=True)


def _lookalikes(compose: Composer, id: str, cause: Cause) -> Iterator[Block | None]:
    yield Bullets(
        tuple(Item((compose.link("causes", other.id),), body=(Para((compose.pick(other.tell_apart),)),), strong=True) for other in cause.mistaken_for)
    )
    named = {other.id for other in cause.mistaken_for}
    yield compose.links("causes", (other for other in compose.x.mistaken_by.get(id, ()) if other not in named), "compare")


def _evidence(compose: Composer, id: str) -> Iterator[Block]:
    """What the inference weighs, in words."""
    found = [sign for sign in compose.x.telling() if sign.cause == id]
    yield Para((compose.say("evidence"),), style="soft")
    for label, signs in (("for", [s for s in found if s.decibans > 0]), ("against", [s for s in found if s.decibans < 0])):
        if signs:
            yield Para((), compose.say(label))
            yield Bullets(tuple(_sign(compose, sign) for sign in signs[:SIGNS]))


def _sign(compose: Composer, sign: Telling) -> Item:
    value = compose.x.value(sign.kind, sign.finding, sign.value, compose.lang)
    if sign.kind == "symptoms" and sign.value == "false":
        value = compose.say("absent")
    rest = (compose.say("colon") + value,) if value else ()
    name: Inline = compose.link(sign.kind, sign.finding) if sign.kind != "observations" else compose.x.name(sign.kind, sign.finding, compose.lang)
    return Item((name, *rest), compose.say("decibans", n=sign.decibans))


def _see_also(compose: Composer, id: str) -> Iterator[Block | None]:
    yield compose.links("playbooks", compose.x.walked.get(id, ()), "playbooks")
    yield compose.links("rules", compose.x.ruled.get(id, ()), "rules")
