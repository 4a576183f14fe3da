"""Cards about causes, symptoms and fixes, made from their entries in the knowledge base."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from ..kb import KnowledgeBase
from ..kb.model import Cause, Misconception, Text
from .card import NOWHERE, Card, Choice, Option, Order, Words, both, dimension_of
from .gist import content
from .rubric import Names, Point, Rubric, Side, Wrong, heedless
from .wording import Wording, compile_wording

__all__ = ["apart_cards", "belief_cards", "explain_cards", "first_sentence", "fix_cards", "name_cards", "order_cards", "rule_cards"]

OPTIONS = 4
"""Answers to choose from."""

TELLING = frozenset({"always", "usual", "often"})
"""Likelihoods from which a symptom is typical of a cause."""

GAP = "____"

_SMALL = frozenset({"the", "and", "for", "with", "from", "into", "all", "your", "its", "that", "not", "off"})

_PART = re.compile(r"[;；]")
_HERE = re.compile(r"\bhere\b|\bthis\b|这里|此处|本")

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘'\"(`])|(?<=[。！？])")


def first_sentence(text: Text) -> Text:
    """The first sentence in both languages."""
    return Text(en=_END.split(text.en)[0].strip(), zh=_END.split(text.zh)[0].strip())


def explain_cards(kb: KnowledgeBase, names: Names) -> Iterator[Card]:
    """Explain a cause: what happens inside, how it shows, how to confirm it, what to do."""
    for id in kb.ids("causes"):
        cause = kb.cause(id)
        reveal = (cause.mechanism, cause.signature.log, cause.confirm[0].how, *(kb.fix(fix).name for fix in cause.now))
        yield Card(
            f"explain/{id}", "explain", "mechanism", dimension_of(cause.group), both("quiz.ask.explain", name=cause.name),
            Words(partial(_explained, kb, cause, names)), _topics(kb, id, cause), reveal=reveal, claims=cause.claims, name=cause.name,
        )  # fmt: skip


def _explained(kb: KnowledgeBase, cause: Cause, names: Names) -> Rubric:
    dimension = dimension_of(cause.group)
    shows = [id for id, word in cause.expects.items() if id in kb.ids("symptoms") and isinstance(word, str) and word in TELLING]
    signs = tuple(compile_wording(f"@{id}", names) for id in shows)
    facts = dict.fromkeys(result.fact for check in cause.confirm for result in check.results if result.fact)
    asked = tuple(compile_wording(f"@{id}", names) for id in facts)
    fixes = dict.fromkeys((*cause.now, *cause.for_good))
    done = tuple(wording for id in fixes for wording in (compile_wording(f"@{id}", names), *_named(kb.fix(id).name, names)))
    listed = Text(**{lang: {"en": "; ", "zh": "；"}[lang].join(kb.fix(id).name.pick(lang) for id in fixes) for lang in ("en", "zh")})
    points = [
        Point("mechanism", cause.mechanism, dimension, (), 2.0, statements=_statements(cause.what, cause.mechanism)),
        Point("signs", cause.signature.log, dimension, signs, 1.0, statements=_statements(cause.signature.log)),
        Point("confirm", cause.confirm[0].how, "method", asked, 1.0, statements=_statements(*(check.how for check in cause.confirm))),
        Point("cure", listed, "method", done, 1.0, statements=_statements(*(kb.fix(id).name for id in fixes))),
    ]
    return heedless(Rubric(tuple(points)), both("quiz.ask.explain", name=cause.name))


def _statements(*texts: Text) -> tuple[str, ...]:
    """The sentences of texts, in both languages."""
    return tuple(sentence for text in texts for told in (text.en, text.zh) for sentence in _END.split(told) if sentence.strip())


def _named(name: Text, names: Names) -> Iterator[Wording]:
    """The content words of a name, in any order."""
    english = [word for word in re.findall(r"[A-Za-z_]{3,}", name.en) if word.lower() not in _SMALL]
    if len(english) >= 2:
        yield compile_wording(" + ".join(english[:3]), names)
    yield compile_wording(re.sub(r"[()（）].*", "", name.zh), names)


def name_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """Recognise a cause by its signature, and a symptom by its description; the other answers are what it is mistaken for."""
    for id in kb.ids("causes"):
        cause = kb.cause(id)
        near = [other.id for other in cause.mistaken_for if other.id in kb.ids("causes")]
        near += [other for other in kb.ids("causes") if other != id and kb.cause(other).group == cause.group]
        told = {other.id: other.tell_apart for other in cause.mistaken_for}
        others = _distinct(id, near, kb.ids("causes"))
        options = (Option(cause.name, right=True), *(Option(kb.causes[other], why=told.get(other)) for other in others))
        masked = _masked(cause.signature.log, cause.name, cause.aliases.en, cause.aliases.zh, id)
        yield Card(
            f"name/{id}", "name", "recall", dimension_of(cause.group), both("quiz.ask.which_cause", signature=masked),
            Choice(options), _topics(kb, id, cause), reveal=(cause.what,), claims=cause.claims,
        )  # fmt: skip
    for id in kb.ids("symptoms"):
        symptom = kb.symptom(id)
        near = [other.id for other in symptom.is_not if other.id in kb.ids("symptoms")]
        told = {other.id: other.tell_apart for other in symptom.is_not}
        others = _distinct(id, near, kb.ids("symptoms"))
        options = (Option(symptom.name, right=True), *(Option(kb.symptoms[other], why=told.get(other)) for other in others))
        masked = _masked(symptom.what, symptom.name, symptom.aliases.en, symptom.aliases.zh, id)
        yield Card(
            f"name/{id}", "name", "recall", NOWHERE, both("quiz.ask.which_symptom", signature=masked),
            Choice(options), frozenset({id, symptom.name.en, symptom.name.zh}), reveal=(symptom.reading,), claims=symptom.claims,
        )  # fmt: skip


def apart_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """Tell two look-alikes apart: one card for each pair, whichever of the two names the other."""
    pairs: dict[tuple[str, str], list[tuple[str, Text]]] = {}
    kinds: dict[str, str] = {}
    for kind in ("symptoms", "causes"):
        for id in kb.ids(kind):
            entry = kb.cause(id) if kind == "causes" else kb.symptom(id)
            for other in entry.mistaken_for if isinstance(entry, Cause) else entry.is_not:
                pairs.setdefault((min(id, other.id), max(id, other.id)), []).append((id, other.tell_apart))
            kinds.setdefault(id, kind)
    for (one, two), telling in pairs.items():
        first, second = (kb.causes[id] if kinds[id] == "causes" else kb.symptoms[id] for id in (one, two))
        cause = next((kb.cause(id) for id in (one, two) if kinds[id] == "causes"), None)
        asked = both("quiz.ask.apart", one=first, two=second)
        called = {id: frozenset[str]().union(*(content(name) for name in kb.called(kinds[id], id))) for id in (one, two)}
        yield Card(
            f"apart/{one}+{two}", "apart", "mechanism", dimension_of(cause.group) if cause else NOWHERE, asked,
            Words(partial(_told_apart, tuple(telling), called, asked)),
            frozenset({one, two, first.en, first.zh, second.en, second.zh}), reveal=tuple(text for _, text in telling),
            name=both("quiz.name.apart", one=first, two=second),
        )  # fmt: skip


def _told_apart(telling: Sequence[tuple[str, Text]], called: Mapping[str, frozenset[str]], asked: Text) -> Rubric:
    """A point for what holds of each of the two where the text says so statement by statement, and else one for each text."""
    one, two = called
    sides = {one: Side(called[one] - called[two], called[two] - called[one])}
    sides[two] = sides[one].turned()
    points: dict[str, list[tuple[Text, str]]] = {}
    for number, (owner, text) in enumerate(telling):
        parts = [part for sentence in _statements(text) for part in _PART.split(sentence) if part.strip()]
        of = [_of_which(part, owner, sides) for part in parts]
        sided = all(of) and {one, two} <= set(of)
        for part, side in zip(parts, of, strict=True) if sided else ((text.en, f"{number}"), (text.zh, f"{number}")):
            points.setdefault(side, []).append((text, part))
    made = tuple(
        Point(id, told[0][0], NOWHERE, (), statements=tuple(part for _, part in told), side=sides.get(id)) for id, told in points.items()
    )
    whole = Text(en=" ".join(text.en for _, text in telling), zh="".join(text.zh for _, text in telling))
    wrong = (Wrong("mixed_up", both("quiz.mixed_up"), whole, (), 1.0, mixed_up=True),) if one in points else ()
    return Rubric(made, wrong, enough=0.8, asked=asked)


def _of_which(statement: str, owner: str, sides: Mapping[str, Side]) -> str:
    """Which of two look-alikes a statement is about; "" = not one of them alone."""
    named = content(statement)
    of = [id for id, side in sides.items() if named & side.mine]
    return of[0] if len(of) == 1 else owner if not of and _HERE.search(statement.casefold()) else ""


def order_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """Put the checks in order: of a cause from cheap to dear, of a playbook as it says."""
    effort = {"look": 0, "check": 1, "rerun": 2}
    for id in kb.ids("causes"):
        cause = kb.cause(id)
        ranks = tuple(effort[check.effort] for check in cause.confirm)
        if len(ranks) >= 3 and len(set(ranks)) >= 2:
            items = tuple(first_sentence(check.how) for check in cause.confirm)
            yield Card(
                f"order/{id}", "order", "design", dimension_of(cause.group), both("quiz.ask.order_cause", name=cause.name),
                Order(items, ranks), _topics(kb, id, cause), reveal=tuple(check.how for check in cause.confirm), name=cause.name,
            )  # fmt: skip
    for id in kb.ids("playbooks"):
        playbook = kb.playbook(id)
        for part, at in enumerate(range(0, len(playbook.steps) - 2, 5), start=1):
            steps = playbook.steps[at : at + 5]
            yield Card(
                f"order/{id}.{part}", "order", "design", "method", both("quiz.ask.order_playbook", name=playbook.name),
                Order(tuple(first_sentence(step.do) for step in steps), tuple(range(len(steps)))),
                frozenset({id, playbook.symptom or "", playbook.name.en, playbook.name.zh}), reveal=tuple(step.do for step in steps),
                claims=tuple(claim for step in steps for claim in step.claims), name=playbook.name,
            )  # fmt: skip


def fix_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """Pick the fix: what helps at once, and what keeps it from coming back. The other answers belong to what it is mistaken for."""
    for id in kb.ids("causes"):
        cause = kb.cause(id)
        own = {*cause.now, *cause.for_good}
        near = [kb.cause(other.id) for other in cause.mistaken_for if other.id in kb.ids("causes")]
        for horizon, right in (("now", cause.now[0]), ("for_good", cause.for_good[0])):
            others = dict.fromkeys(fix for other in near for fix in (other.now if horizon == "now" else other.for_good) if fix not in own)
            mixer = random.Random(f"{id}.{horizon}")  # noqa: S311 - a choice of distractors
            rest = [fix for fix in kb.ids("fixes") if fix not in own and fix not in others]
            chosen = [*others, *mixer.sample(rest, OPTIONS)][: OPTIONS - 1]
            fix = kb.fix(right)
            options = (Option(fix.name, right=True), *(Option(kb.fix(other).name) for other in chosen))
            yield Card(
                f"fix/{id}.{horizon}", "fix", "design", dimension_of(cause.group), both(f"quiz.ask.fix_{horizon}", name=cause.name),
                Choice(options), _topics(kb, id, cause) | {right}, reveal=(fix.do, fix.risk, cause.verify), claims=fix.claims, name=cause.name,
            )  # fmt: skip


def belief_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """True or not: every misconception of the knowledge base, each with what holds instead."""
    for kind in ("causes", "symptoms", "fixes", "playbooks"):
        for id in kb.ids(kind):
            for at, (item, group) in enumerate(_beliefs(kb, kind, id), start=1):
                prompt = both("quiz.ask.judge", statement=item.belief)
                yield Card(
                    f"judge/{id}.{at}", "judge", "mechanism", dimension_of(group), prompt, _verdict(holds=False),
                    frozenset({id}), reveal=(item.truth,), reference=item.reference or "", claims=item.claims,
                )  # fmt: skip


def _beliefs(kb: KnowledgeBase, kind: str, id: str) -> list[tuple[Misconception, str]]:
    if kind == "causes":
        return [(item, kb.cause(id).group) for item in kb.cause(id).misconceptions]
    if kind == "symptoms":
        return [(item, "") for item in kb.symptom(id).misconceptions]
    if kind == "fixes":
        return [(item, "") for item in kb.fix(id).misconceptions]
    return [(item, "") for item in kb.playbook(id).disagreements]


def rule_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """True or not: what the rules conclude, and why. These hold."""
    for id in kb.ids("rules"):
        rule = kb.rule(id)
        causes = [cause for cause in (*rule.then.support, *rule.then.oppose, *rule.then.exclude) if cause in kb.ids("causes")]
        group = kb.cause(causes[0]).group if causes else ""
        yield Card(
            f"judge/{id}", "judge", "recall", dimension_of(group), both("quiz.ask.judge", statement=rule.because), _verdict(holds=True),
            frozenset({id, *causes}), claims=rule.claims,
        )  # fmt: skip


def _verdict(*, holds: bool) -> Choice:
    return Choice((Option(both("quiz.holds"), right=holds), Option(both("quiz.does_not_hold"), right=not holds)), fixed=True)


def _topics(kb: KnowledgeBase, id: str, cause: Cause) -> frozenset[str]:
    typical = (symptom for symptom in kb.ids("symptoms") if cause.expects.get(symptom) in TELLING)
    return frozenset({id, cause.group, cause.name.en, cause.name.zh, *typical})


def _distinct(id: str, near: Iterable[str], everything: Sequence[str]) -> list[str]:
    """Three others, the likeliest to be confused first."""
    mixer = random.Random(id)  # noqa: S311 - a choice of distractors
    far = [other for other in everything if other != id]
    mixer.shuffle(far)
    return list(dict.fromkeys(other for other in (*near, *far) if other != id))[: OPTIONS - 1]


def _masked(text: Text, name: Text, en: Iterable[str], zh: Iterable[str], id: str) -> Text:
    """The text without the names of what it is about."""
    english = sorted({name.en, *en, *id.split("_"), id}, key=len, reverse=True)
    pattern = "|".join(re.escape(word) for word in english if len(word) > 3)
    chinese = sorted({name.zh, *zh, id}, key=len, reverse=True)
    masked = text.zh
    for word in chinese:
        masked = re.sub(re.escape(word), GAP, masked, flags=re.IGNORECASE)
    return Text(en=re.sub(rf"\b(?:{pattern})\w*", GAP, text.en, flags=re.IGNORECASE), zh=masked)
