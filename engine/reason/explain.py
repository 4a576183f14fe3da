"""Explanations from one proof: the evidence rows of the ranking, the fired rules, and where each fact came from.

    why(session, fact)             why this question: what each answer would do to the leaders
    how(session, cause)            how this cause came to its place: everything for and against it
    why_not(session, cause)        why it is not first: what separates the two, and what would have to be true
    what_if(session)               which single answer would change the verdict
    what_if(session, fact, value)  what this answer would change
    difference(before, after)      what changed between two `snapshot(session)`

None of them changes the session. Texts are in its language; all results are `engine/explanation.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InputError
from ...messages import say
from ..diagnosis import Finding, Origin
from ..explanation import Cited, Contrast, Difference, Flip, Ground, How, IfAnswer, Reason, Shift, Standing, WhatIf, Why, WhyNot
from ..facts import check_value
from ..observe.log import Floats
from ..report import DECIBANS, in_words, origin_of, value_label, worded_findings
from .kernel import Value
from .questions import Candidate
from .ranking import RULE_BOUND
from .suppose import options_of, rule_effect, suppose

if TYPE_CHECKING:
    from ..session import Session

__all__ = ["Snapshot", "difference", "how", "snapshot", "what_if", "why", "why_not"]

LEADERS = 3
"""Causes that a question is explained by."""

MOVED = 0.01
"""Change of a probability that is worth telling."""

NEEDS = 4
"""Answers listed that would lift a cause."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a session believed at one moment: all that is needed to tell later what has changed."""

    session: Session
    posterior: Floats
    known: dict[str, Value]
    fired: frozenset[int]


def snapshot(session: Session) -> Snapshot:
    """What the session believes now."""
    known = session.known()
    return Snapshot(session, session.mind.ranking.posterior(known, session.memory), known, frozenset(session.memory.fired))


def why(session: Session, fact: str) -> Why:
    """Why the question about `fact` is asked: what each answer would do to the leading causes. InputError for what cannot be asked."""
    candidate = _candidate(session, fact)
    kb, lang, now = session.mind.kb, session.lang, snapshot(session)
    entry, leaders = kb.fact(fact), () if session.healthy else _order(session, now.posterior)[:LEADERS]
    return Why(
        fact=fact, name=entry.name.pick(lang), ask=entry.ask.pick(lang), find=entry.find.pick(lang), code={**entry.code}, gain=candidate.gain,
        effort=candidate.ask.effort, minutes=candidate.ask.minutes, urgent=candidate.urgent,
        leaders=tuple(_standing(session, i, now.posterior) for i in leaders),
        answers=tuple(_if_answered(session, candidate, now, leaders)) if leaders else (),
    )  # fmt: skip


def _if_answered(session: Session, candidate: Candidate, now: Snapshot, leaders: Sequence[int]) -> Iterator[IfAnswer]:
    """What each answer to a question would do to the leading causes."""
    kb, finding, red_flag = session.mind.kb, candidate.ask.finding, candidate.ask.red_flag
    values = options_of(session.mind.ranking.values[finding])
    chances = session.mind.questions.chances(now.posterior)[candidate.ask.fact]
    after = suppose(session.mind.ranking, session.memory, [(finding, value) for value in values])
    for value, chance, row in zip(values, chances, after, strict=True):
        first = _order(session, row)[0]
        yield IfAnswer(
            value=value, label=value_label(kb, finding, value, session.lang), chance=chance, first=_first(session, row),
            changes=first != leaders[0], stop=red_flag is not None and _text(value) == red_flag,
            shifts=_shifts(session, now.posterior, row, dict.fromkeys([*leaders, first])),
        )  # fmt: skip


def how(session: Session, cause: str) -> How:
    """How `cause` came to its place. InputError for a cause that does not exist."""
    at, now = _cause(session, cause), snapshot(session)
    kb, ranking = session.mind.kb, session.mind.ranking
    findings = worded_findings(session)
    reasons = [
        Reason(
            id=c.id, value=c.value, decibans=round(c.nats * DECIBANS, 2), text=in_words(session, c.id, c.value, findings),
            origin=origin_of(session, c.id), rests_on=tuple(_rests_on(session, c.id, findings)), cites=_cites(session, c.id),
        )
        for c in ranking.contributions(cause, now.known, session.memory)
    ]  # fmt: skip
    return How(
        cause=_standing(session, at, now.posterior), place=_order(session, now.posterior).index(at) + 1, prior=float(np.exp(ranking.prior[at])),
        reasons_for=tuple(r for r in reasons if r.decibans > 0), reasons_against=tuple(r for r in reasons if r.decibans < 0),
        excluded_by=_excluding(session, cause), cites=_cited(session, kb.cause(cause).claims),
    )  # fmt: skip


def why_not(session: Session, cause: str) -> WhyNot:
    """Why `cause` is not first; for the first cause: why it stands above the second. InputError for a cause that does not exist."""
    other, now = _cause(session, cause), snapshot(session)
    order, ranking, kb = _order(session, now.posterior), session.mind.ranking, session.mind.kb
    first = order[0]
    if other == first:
        other = order[1]
    contrasts = list(_contrasts(session, now, first, other))
    pair = (ranking.causes[first], ranking.causes[other])
    apart = [look.tell_apart for one, two in (pair, pair[::-1]) for look in kb.cause(one).mistaken_for if look.id == two]
    lifts = sorted(_open_flips(session, now, other), key=lambda f: (f.first.id != ranking.causes[other], -f.probability))
    lifts = [flip for flip in lifts if flip.probability > now.posterior[other] + MOVED]
    one_each = {flip.fact: flip for flip in reversed(lifts)}
    return WhyNot(
        first=_standing(session, first, now.posterior), other=_standing(session, other, now.posterior),
        prior_decibans=round(float(ranking.prior[first] - ranking.prior[other]) * DECIBANS, 2),
        for_first=tuple(c for c in contrasts if c.decibans > 0), for_other=tuple(c for c in contrasts if c.decibans < 0),
        excluded_by=_excluding(session, ranking.causes[other]), tell_apart=apart[0].pick(session.lang) if apart else "",
        open=tuple(flip for flip in lifts if one_each[flip.fact] is flip)[:NEEDS],
        otherwise=tuple(f for f in _otherwise(session, now, other) if f.first.id == ranking.causes[other])[:NEEDS],
    )  # fmt: skip


def what_if(session: Session, fact: str | None = None, value: Any = None) -> WhatIf | Difference:
    """Which single answer would change the verdict; with `fact`, what that answer would change. InputError as for `Session.tell`."""
    now = snapshot(session)
    if fact is None:
        first = _order(session, now.posterior)[0]
        name = session.mind.ranking.causes[first]
        flips = sorted((flip for flip in _open_flips(session, now, first) if flip.first.id != name), key=lambda flip: -(flip.chance or 0.0))
        held = [flip for flip in _without(session, now, first) if flip.first.id != name]
        return WhatIf(first=_standing(session, first, now.posterior), flips=tuple(flips), held_up_by=tuple(held))
    checked = check_value(session.mind.kb, fact, value)
    before = session.memory.told.get(fact)
    session.memory.tell(fact, checked)
    try:
        after = snapshot(session)
    finally:
        _restore(session, fact, before)
    found = difference(now, after)
    return found.model_copy(update={"title": in_words(session, fact, checked, [])})


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What changed between two snapshots of sessions with the same knowledge, in the language of the later one."""
    session = after.session
    moved = [i for i in range(len(session.mind.ranking.causes)) if abs(after.posterior[i] - before.posterior[i]) >= MOVED]
    moved.sort(key=lambda i: -abs(after.posterior[i] - before.posterior[i]))
    findings = worded_findings(session)
    came = [id for id, value in after.known.items() if before.known.get(id) != value]
    gone = [id for id, value in before.known.items() if after.known.get(id) != value]
    return Difference(
        first_before=_first(session, before.posterior), first_after=_first(session, after.posterior),
        shifts=_shifts(session, before.posterior, after.posterior, moved),
        fired=tuple(_rule(session, rule) for rule in sorted(after.fired - before.fired)),
        fell=tuple(_rule(session, rule) for rule in sorted(before.fired - after.fired)),
        came=tuple(in_words(session, id, after.known[id], findings) for id in came),
        gone=tuple(in_words(session, id, before.known[id], findings) for id in gone),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------------- the proof


def _rests_on(session: Session, id: str, findings: list[Finding]) -> Iterator[Ground]:
    """Rules behind a derived fact and what they look at; what a fired rule itself looks at."""
    memory, kb = session.memory, session.mind.kb
    if id in kb.ids("rules"):
        for fact in kb.rule(id).when:
            value = memory.value(fact)
            if value is not None:
                yield Ground(id=fact, text=in_words(session, fact, value, findings), origin=origin_of(session, fact), cites=_cites(session, fact))
    elif id not in session.origins:
        for rule in memory.supports(id):
            yield _rule(session, memory.rules.ids.index(rule))
            yield from _rests_on(session, rule, findings)


def _rule(session: Session, number: int) -> Ground:
    id = session.mind.rules.ids[number]
    rule = session.mind.kb.rule(id)
    return Ground(id=id, text=rule.because.pick(session.lang), origin=Origin(kind="rule", detail=id), cites=_cited(session, rule.claims))


def _excluding(session: Session, cause: str) -> tuple[Ground, ...]:
    rules = session.mind.rules.rules
    return tuple(_rule(session, number) for number in session.memory.fired if cause in rules[number].then.exclude)


def _cites(session: Session, id: str) -> tuple[Cited, ...]:
    kb = session.mind.kb
    kind = next((kind for kind in ("rules", "facts", "symptoms") if id in kb.ids(kind)), None)
    return _cited(session, getattr(kb.entry(kind, id), "claims", ())) if kind else ()


def _cited(session: Session, claims: Iterable[str]) -> tuple[Cited, ...]:
    return tuple(Cited(id=id, source=say(f"explain.source.{id.partition('-')[0]}", session.lang)) for id in claims)


def _contrasts(session: Session, now: Snapshot, first: int, other: int) -> Iterator[Contrast]:
    """What separates two causes, largest first; with the difference of priors it adds up to the difference of their scores."""
    ranking, findings = session.mind.ranking, worded_findings(session)
    parts: list[tuple[str, Value, float]] = []
    for id, value in now.known.items():
        row = ranking.row(id, value)
        if row is not None:
            parts.append((id, value, float(row[first] - row[other])))
    fired = sorted(now.fired)
    effects = [rule_effect(ranking, session.mind.rules.rules[rule].then)[0] for rule in fired]
    total = np.sum(effects, axis=0) if effects else np.zeros(len(ranking.causes))
    share = np.divide(np.clip(total, -RULE_BOUND, RULE_BOUND), total, out=np.ones_like(total), where=total != 0.0)
    parts += [(session.mind.rules.ids[rule], True, float((e * share)[first] - (e * share)[other])) for rule, e in zip(fired, effects, strict=True)]
    for id, value, nats in sorted(parts, key=lambda part: -abs(part[2])):
        if abs(nats) * DECIBANS >= 0.5:
            yield Contrast(
                id=id, value=value, decibans=round(nats * DECIBANS, 2), text=in_words(session, id, value, findings), origin=origin_of(session, id),
                cites=_cites(session, id),
            )  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- what would change it


def _open_flips(session: Session, now: Snapshot, cause: int) -> list[Flip]:
    """Every answer to every open question, with the first cause and the probability of `cause` then."""
    ranking, kb = session.mind.ranking, session.mind.kb
    chances = session.mind.questions.chances(now.posterior)
    open_ = [c.ask for c in session.mind.questions.rank(now.posterior, now.known)]
    cases = [(a, value, chance) for a in open_ for value, chance in zip(options_of(ranking.values[a.finding]), chances[a.fact], strict=True)]
    rows = suppose(ranking, session.memory, [(a.finding, value) for a, value, _ in cases])
    return [
        Flip(
            fact=a.fact, name=kb.facts[a.fact].pick(session.lang), value=value, label=value_label(kb, a.finding, value, session.lang), chance=chance,
            first=_first(session, row), probability=float(row[cause]),
        )
        for (a, value, chance), row in zip(cases, rows, strict=True)
    ]  # fmt: skip


def _otherwise(session: Session, now: Snapshot, cause: int) -> list[Flip]:
    """Every other value of what a person said, with the first cause and the probability of `cause` then."""
    ranking, kb = session.mind.ranking, session.mind.kb
    said = [id for id, origin in session.origins.items() if origin.kind != "metric" and id in ranking.values and id in kb.names["facts"]]
    cases = [(id, value) for id in said for value in options_of(ranking.values[id]) if value != now.known[id]]
    rows = suppose(ranking, session.memory, cases)
    flips = [
        Flip(
            fact=id, name=kb.facts[id].pick(session.lang), value=value, label=value_label(kb, id, value, session.lang), chance=None,
            first=_first(session, row), probability=float(row[cause]),
        )
        for (id, value), row in zip(cases, rows, strict=True)
    ]  # fmt: skip
    return sorted(flips, key=lambda flip: -flip.probability)


def _without(session: Session, now: Snapshot, cause: int) -> list[Flip]:
    """What the ranking would be without each thing that a person said."""
    kb = session.mind.kb
    flips: list[Flip] = []
    for id, origin in list(session.origins.items()):
        if origin.kind == "metric":
            continue
        before = session.memory.told[id]
        session.memory.retract(id)
        row = snapshot(session).posterior
        session.memory.tell(id, before)
        name = (kb.facts if id in kb.names["facts"] else kb.symptoms)[id].pick(session.lang)
        label = in_words(session, id, now.known[id], [])
        flips.append(Flip(fact=id, name=name, value=None, label=label, chance=None, first=_first(session, row), probability=float(row[cause])))
    return flips


def _restore(session: Session, fact: str, before: Value | None) -> None:
    if before is None:
        session.memory.retract(fact)
    else:
        session.memory.tell(fact, before)


# ------------------------------------------------------------------------------------------------------------------------ small parts


def _candidate(session: Session, fact: str) -> Candidate:
    if fact not in session.mind.kb.names["facts"]:
        raise InputError.of("read.fact_unknown", fact=fact)
    now = snapshot(session)
    known = {id: value for id, value in now.known.items() if id != fact}
    for candidate in session.mind.questions.rank(now.posterior, known):
        if candidate.ask.fact == fact:
            return candidate
    raise InputError.of("explain.not_open", fact=session.mind.kb.facts[fact].pick(session.lang))


def _cause(session: Session, cause: str) -> int:
    try:
        return session.mind.ranking.index[cause]
    except KeyError:
        raise InputError.of("explain.no_cause", cause=cause) from None


def _order(session: Session, posterior: Floats) -> list[int]:
    causes = session.mind.ranking.causes
    return sorted(range(len(causes)), key=lambda i: (-posterior[i], causes[i]))


def _standing(session: Session, cause: int, posterior: Floats) -> Standing:
    id = session.mind.ranking.causes[cause]
    return Standing(id=id, name=session.mind.kb.causes[id].pick(session.lang), probability=float(posterior[cause]))


def _first(session: Session, posterior: Floats) -> Standing:
    return _standing(session, int(posterior[:-1].argmax()), posterior)


def _shifts(session: Session, before: Floats, after: Floats, causes: Iterable[int]) -> tuple[Shift, ...]:
    was, now = _order(session, before), _order(session, after)
    return tuple(
        Shift(
            id=session.mind.ranking.causes[i], name=session.mind.kb.causes[session.mind.ranking.causes[i]].pick(session.lang),
            before=float(before[i]), after=float(after[i]), place_before=was.index(i) + 1, place_after=now.index(i) + 1,
        )
        for i in causes
    )  # fmt: skip


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
