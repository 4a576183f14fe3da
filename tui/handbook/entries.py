"""The pages of symptoms, fixes, facts, rules and playbooks."""

from __future__ import annotations

from collections.abc import Mapping

from ...kb.model import Condition, Range, Rule, Step
from .blocks import Block, Bullets, Inline, Item, Link, Para, Section, Sheet, Spans
from .composer import Composer
from .crossings import sentence_case

__all__ = ["fact_sheet", "fix_sheet", "playbook_sheet", "rule_sheet", "symptom_sheet"]

TELLING_ANSWERS = 12
"""Most causes named under the answers of a fact."""


def symptom_sheet(compose: Composer, id: str) -> Sheet:
    """The page of a symptom: how to recognise it, what it is not, and where it usually comes from."""
    symptom = compose.kb.symptom(id)
    causes = tuple(
        Item((compose.link("causes", cause),), body=(Para((compose.pick(compose.kb.cause(cause).what),)),), strong=True)
        for cause in symptom.usual_causes
    )
    is_not: list[Item] = []
    for other in symptom.is_not:
        kind = compose.x.kind_of(other.id, ("symptoms", "causes")) or "symptoms"
        is_not.append(Item((compose.link(kind, other.id),), body=(Para((compose.pick(other.tell_apart),)),), strong=True))
    harmless = compose.para(symptom.harmless_when) if symptom.harmless_when else None
    sections: list[Section] = [
        *compose.section("reading", compose.para(symptom.reading)),
        *compose.section("first_minutes", compose.links("playbooks", compose.x.walked.get(id, ()))),
        *compose.section("harmless", harmless),
        *compose.section("is_not", Bullets(tuple(is_not))),
        *compose.section("usual_causes", Bullets(causes, ordered=True)),
        *compose.thresholds(symptom.thresholds),
        *compose.misconceptions(symptom.misconceptions),
        *compose.section("see_also", compose.links("rules", compose.x.ruled.get(id, ()), "rules")),
        *compose.sources((*symptom.claims, *(c for item in symptom.misconceptions for c in item.claims)), symptom.references),
    ]
    kicker = compose.say("kicker.symptoms", metrics=", ".join(symptom.seen_in))
    return Sheet("symptoms", id, compose.title(symptom.name), kicker, (compose.para(symptom.what, style="lead"),), tuple(sections), compose.lang)


def fix_sheet(compose: Composer, id: str) -> Sheet:
    """The page of a fix: what to do, what it costs, what it can break."""
    fix = compose.kb.fix(id)
    uses: list[Block] = []
    for horizon in ("now", "for_good"):
        causes = [cause for cause, when in compose.x.cure_of.get(id, ()) if when == horizon]
        if line := compose.links("causes", causes, f"cures.{horizon}"):
            uses.append(line)
    sections: list[Section] = [
        *compose.section("code", *compose.code(fix.code)),
        *compose.section("price", compose.para(fix.cost, "cost"), compose.para(fix.risk, "risk")),
        *compose.section("cures", *uses),
        *compose.misconceptions(fix.misconceptions),
        *compose.sources((*fix.claims, *(c for item in fix.misconceptions for c in item.claims)), fix.references),
    ]
    return Sheet(
        "fixes", id, compose.title(fix.name), compose.say("kicker.fixes"), (compose.para(fix.do, style="lead"),), tuple(sections), compose.lang
    )


def fact_sheet(compose: Composer, id: str) -> Sheet:
    """The page of a fact: the question, how to find the answer, and what each answer speaks for."""
    fact = compose.kb.fact(id)
    signs = [sign for sign in compose.x.telling() if sign.finding == (fact.reads_as or id) and sign.kind != "symptoms"]
    answers: list[Item] = []
    told = {sign.value for sign in signs}
    finding, kind = fact.reads_as or id, signs[0].kind if signs else "facts"
    values = compose.kb.observation(finding).values if kind == "observations" else compose.kb.fact(finding).values or ("true", "false")
    for value in (value for value in values if value in told):
        label = sentence_case(compose.x.value(kind, finding, value, compose.lang))
        body: list[Block] = []
        for side, sign in (("for", 1), ("against", -1)):
            links: list[Inline] = [
                Link("causes", s.cause, compose.x.name("causes", s.cause, compose.lang)) for s in signs if s.value == value and s.decibans * sign > 0
            ]
            if links:
                body.append(Para(compose.joined(links[:TELLING_ANSWERS]), compose.say(side)))
        answers.append(Item((label,), body=tuple(body), strong=True))
    stop = Para((compose.say("red_flag", answer=compose.answer(id, fact.red_flag)),)) if fact.red_flag else None
    sections: list[Section] = [
        *compose.section("find", compose.para(fact.find), stop, *compose.code(fact.code)),
        *compose.section("answers", Bullets(tuple(answers))),
        *compose.section(
            "see_also",
            compose.links("causes", compose.x.settled_by.get(id, ()), "settles_for"),
            compose.links("playbooks", compose.x.walked.get(id, ()), "playbooks"),
            compose.links("rules", compose.x.ruled.get(id, ()), "rules"),
        ),
        *compose.sources(fact.claims, ()),
    ]
    kicker = compose.say("kicker.facts", effort=compose.say(f"effort.{fact.effort}"), time=compose.minutes(fact.minutes))
    return Sheet("facts", id, compose.title(fact.name), kicker, (compose.para(fact.ask, style="lead"),), tuple(sections), compose.lang)


def rule_sheet(compose: Composer, id: str) -> Sheet:
    """The page of a rule: when it fires, what follows, and why."""
    rule = compose.kb.rule(id)
    sections: list[Section] = [
        *compose.section("if", _conditions(compose, rule.when)),
        *compose.section("unless", _conditions(compose, rule.unless)),
        *compose.section("then", Bullets(tuple(_conclusions(compose, rule)))),
        *compose.sources(rule.claims, ()),
    ]
    title = id.replace("_", " ")
    return Sheet("rules", id, title, compose.say("kicker.rules"), (compose.para(rule.because, style="lead"),), tuple(sections), compose.lang)


def _conditions(compose: Composer, conditions: Mapping[str, Condition]) -> Bullets:
    items: list[Item] = []
    for id, condition in conditions.items():
        kind = compose.x.kind_of(id, ("symptoms", "facts", "observations")) or "facts"
        name: Inline = compose.link(kind, id) if kind != "observations" else compose.x.name(kind, id, compose.lang)
        items.append(Item((name, compose.say("colon"), _condition(compose, kind, id, condition))))
    return Bullets(tuple(items))


def _condition(compose: Composer, kind: str, id: str, condition: Condition) -> str:
    if isinstance(condition, Range):
        signs = (("gt", ">"), ("ge", "\u2265"), ("lt", "<"), ("le", "\u2264"))
        return compose.say("and").join(f"{sign} {getattr(condition, field):g}" for field, sign in signs if getattr(condition, field) is not None)
    values = condition if isinstance(condition, tuple) else (condition,)
    words: list[str] = []
    for value in values:
        word = str(value).lower() if isinstance(value, bool) else str(value)
        if kind == "symptoms":
            words.append(compose.say("seen" if word == "true" else "absent"))
        else:
            words.append(compose.x.value(kind, id, word, compose.lang))
    return compose.say("or").join(words)


def _conclusions(compose: Composer, rule: Rule) -> list[Item]:
    items: list[Item] = []
    for fact, value in rule.then.conclude.items():
        kind = compose.x.kind_of(fact, ("facts", "observations", "symptoms")) or "facts"
        word = str(value).lower() if isinstance(value, bool) else str(value)
        spans: Spans = (compose.x.name(kind, fact, compose.lang), compose.say("colon"), compose.x.value(kind, fact, word, compose.lang))
        items.append(Item(spans))
    for side, causes in (("for", rule.then.support), ("against", rule.then.oppose)):
        for cause, weight in causes.items():
            items.append(Item((compose.say(side), compose.say("colon"), compose.link("causes", cause)), compose.say(f"weight.{weight}")))
    items.extend(Item((compose.say("excludes"), compose.say("colon"), compose.link("causes", cause))) for cause in rule.then.exclude)
    return items


def playbook_sheet(compose: Composer, id: str) -> Sheet:
    """The page of a playbook: what to do in which order."""
    playbook = compose.kb.playbook(id)
    sections: list[Section] = [
        *compose.section("steps", Bullets(tuple(_step(compose, step) for step in playbook.steps), ordered=True)),
        *compose.misconceptions(playbook.disagreements, "disagreements"),
        *compose.thresholds(playbook.thresholds),
        *compose.sources(
            (*playbook.claims, *(c for item in playbook.disagreements for c in item.claims), *(c for t in playbook.thresholds for c in t.claims)),
            playbook.references,
        ),
    ]
    symptom = compose.links("symptoms", [playbook.symptom], "about_symptom") if playbook.symptom else None
    lead: tuple[Block, ...] = (compose.para(playbook.goal, style="lead"), *((symptom,) if symptom else ()))
    return Sheet("playbooks", id, compose.title(playbook.name), compose.say("kicker.playbooks"), lead, tuple(sections), compose.lang)


def _step(compose: Composer, step: Step) -> Item:
    body: list[Block] = []
    if step.looks_like:
        body.append(compose.para(step.looks_like, "looks_like"))
    if causes := compose.links("causes", step.cause, "suspects"):
        body.append(causes)
    if fact := compose.links("facts", [step.fact] if step.fact else [], "question"):
        body.append(fact)
    body.extend(compose.code(step.code))
    if claims := compose.claims(step.claims):
        body.append(claims)
    return Item((compose.pick(step.do),), compose.minutes(step.minutes) if step.minutes else "", tuple(body))
