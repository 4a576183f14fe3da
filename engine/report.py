"""From a session to its `Diagnosis`: findings in words, causes with their evidence and fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..kb import KnowledgeBase
from ..messages import say
from .diagnosis import ColumnUse, Diagnosis, Evidence, Finding, FixAdvice, LogSummary, Origin, RankedCause, Skipped, TrustedFact
from .events import LogOutline
from .reason.kernel import Value
from .reason.ranking import Contribution
from .wording import Lang, finding, skipped

if TYPE_CHECKING:
    from .session import Session

EXPLAINED = 8
"""Causes that come with evidence and fixes; the others are listed with their probability alone."""

DECIBANS = 4.342944819
"""Decibans in a nat: 10 / ln 10."""


def build(session: Session) -> Diagnosis:
    """The diagnosis as the session stands now."""
    from .experiment import experiment
    from .residual import also, red_flags

    lang, healthy = session.lang, session.healthy
    findings = worded_findings(session)
    sick = not healthy and bool(session.known())
    return Diagnosis(
        lang=lang, healthy=healthy, symptoms=tuple(findings), causes=() if healthy else _causes(session, findings),
        something_else=1.0 if healthy else _else(session), facts=_facts(session), asked=tuple(session.asked),
        next_questions=() if healthy else tuple(session.questions()), stopped=session.stopped,
        red_flags=red_flags(session, findings), also=also(session, findings) if sick else None,
        experiment=experiment(session) if sick else None, skipped=_skipped(session),
        log=_log_summary(session.outline, lang) if session.outline is not None else None,
    )  # fmt: skip


def worded_findings(session: Session) -> list[Finding]:
    """The symptoms found in the log, then those heard in words."""
    kb, lang = session.mind.kb, session.lang
    axis = session.outline.axis if session.outline is not None else "step"
    findings = [finding(raw, lang, axis) for raw in session.seen.in_order()]
    for id, words in session.heard.items():
        if id not in {f.id for f in findings}:
            origin = Origin(kind="text", detail=words)
            summary = say("observe.heard", lang, name=kb.symptoms[id].pick(lang), words=words)
            findings.append(Finding(id=id, strength=0.6, summary=summary, origin=origin))
    return findings


def _else(session: Session) -> float:
    return float(session.mind.ranking.posterior(session.known(), session.memory)[-1])


def _causes(session: Session, findings: list[Finding]) -> tuple[RankedCause, ...]:
    ranking, kb, lang = session.mind.ranking, session.mind.kb, session.lang
    known = session.known()
    posterior = ranking.posterior(known, session.memory)
    order = sorted(range(len(ranking.causes)), key=lambda i: (-posterior[i], ranking.causes[i]))
    out: list[RankedCause] = []
    for place, i in enumerate(order):
        id = ranking.causes[i]
        explained = place < EXPLAINED
        contributions = ranking.contributions(id, known, session.memory) if explained else []
        out.append(RankedCause(
            id=id, name=kb.causes[id].pick(lang), probability=float(posterior[i]),
            evidence=tuple(_evidence(c, session, findings) for c in contributions), fixes=_fixes(kb, id, lang) if explained else (),
        ))  # fmt: skip
    return tuple(out)


def _evidence(contribution: Contribution, session: Session, findings: list[Finding]) -> Evidence:
    id, value = contribution.id, contribution.value
    decibans = round(contribution.nats * DECIBANS, 2)
    return Evidence(id=id, value=value, decibans=decibans, text=in_words(session, id, value, findings), origin=origin_of(session, id))


def origin_of(session: Session, id: str) -> Origin:
    """Where a symptom, fact, observation or fired rule comes from."""
    if id in session.origins:
        return session.origins[id]
    if id in session.mind.rules.ids:
        return Origin(kind="rule", detail=id, claims=session.mind.kb.rule(id).claims)
    return Origin(kind="rule", detail=", ".join(session.memory.supports(id)))


def in_words(session: Session, id: str, value: Value, findings: list[Finding]) -> str:
    """A symptom, fact, observation or fired rule with its value, as a sentence; a symptom as its finding says it, if it is among `findings`."""
    kb, lang = session.mind.kb, session.lang
    if id in kb.names["symptoms"]:
        if value is True:
            found = [f.summary for f in findings if f.id == id] or [kb.symptoms[id].pick(lang)]
            return found[0] if len(found) == 1 else say("observe.one_of", lang, text=found[0], n=len(found))
        return say("observe.not_seen", lang, name=kb.symptoms[id].pick(lang))
    if id in kb.names["facts"] or id in kb.names["observations"]:
        entry = kb.fact(id) if id in kb.names["facts"] else kb.observation(id)
        text = say("observe.fact_is", lang, name=entry.name.pick(lang), value=value_label(kb, id, value, lang))
        return text[:1].upper() + text[1:]
    return kb.rule(id).because.pick(lang)


def value_label(kb: KnowledgeBase, id: str, value: Value, lang: Lang) -> str:
    """A value of a fact or observation in words."""
    labels = kb.fact(id).labels if id in kb.names["facts"] else kb.observation(id).labels
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if key in labels:
        return labels[key].pick(lang)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fixes(kb: KnowledgeBase, cause: str, lang: Lang) -> tuple[FixAdvice, ...]:
    entry = kb.cause(cause)
    out: list[FixAdvice] = []
    plan: tuple[tuple[tuple[str, ...], Literal["now", "for_good"]], ...] = ((entry.now, "now"), (entry.for_good, "for_good"))
    for ids, horizon in plan:
        for id in ids:
            fix = kb.fix(id)
            out.append(FixAdvice(id=id, horizon=horizon, name=fix.name.pick(lang), do=fix.do.pick(lang), code={**fix.code}))
    return tuple(out)


def _facts(session: Session) -> dict[str, TrustedFact]:
    names = session.mind.kb.names["facts"]
    known = session.known()
    return {
        id: TrustedFact(value=value, origin=session.origins.get(id) or Origin(kind="rule", detail=", ".join(session.memory.supports(id))))
        for id, value in known.items()
        if id in names
    }


def _skipped(session: Session) -> tuple[Skipped, ...]:
    kb, lang = session.mind.kb, session.lang
    return tuple(skipped(check, kb.symptoms[check.check].pick(lang), lang) for check in session.seen.skipped)


def _log_summary(log: LogOutline, lang: Lang) -> LogSummary:
    notes = [say(f"read.note.{note.id}", lang, **note.values) for note in log.notes]
    return LogSummary(
        source=log.source, format=log.format, axis=log.axis, points=log.points,
        columns=tuple(ColumnUse(column=c.name, metric=c.metric, note=c.part or c.why_not) for c in log.columns), notes=tuple(notes),
    )  # fmt: skip
