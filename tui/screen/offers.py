"""What is offered to answer with: quick answers to the open question, complaints to begin with, and a line that says what to type."""

from __future__ import annotations

from ...engine.events import HeardText
from ...engine.session import Session
from ...messages import say
from .choices import Choice

__all__ = ["choices", "hint", "values_of", "wants_number"]

OPENINGS = ("nan", "spike", "surge", "stuck", "swing", "gap")
"""Complaints that are offered while nothing is known."""


def choices(session: Session) -> tuple[Choice, ...]:
    """The quick answers to the open question; complaints to choose from while nothing is known."""
    if session.pending:
        return ()
    if session.current is None:
        return () if session.known() or session.outline is not None else _complaints(session)
    lang = session.lang
    values = [Choice(str(n), label, f"answer:{value}") for n, (value, label) in enumerate(values_of(session), start=1)]
    unknown = Choice("0", say("triage.choice.unknown", lang), "unknown", quiet=True)
    why = Choice("?", say("triage.choice.why", lang), "why", quiet=True)
    back = [Choice("<", say("triage.choice.back", lang), "back", quiet=True)] if session.asked else []
    return (*values, unknown, why, *back)


def _complaints(session: Session) -> tuple[Choice, ...]:
    said = [say(f"triage.opening.{name}", session.lang) for name in OPENINGS]
    offered = [Choice(str(n), text, f"hear:{text}") for n, text in enumerate(said, start=1)]
    if any(isinstance(event, HeardText) for event in session.events):
        offered.append(Choice("0", say("triage.choice.more", session.lang), "more", quiet=True))
    return tuple(offered)


def wants_number(session: Session) -> bool:
    """Whether the open question is answered by typing a number."""
    return session.current is not None and session.mind.kb.fact(session.current).type == "number"


def hint(session: Session) -> str:
    """What to type now."""
    lang = session.lang
    if session.pending:
        return say("triage.hint.reading", lang)
    if session.current is None:
        return say(f"triage.hint.{'healthy' if session.healthy else 'more' if session.known() else 'start'}", lang)
    if not wants_number(session):
        return say("triage.hint.choose", lang)
    entry = session.mind.kb.fact(session.current)
    unit = say("cli.ask.unit", lang, unit=entry.unit) if entry.unit else ""
    return say("triage.hint.number", lang, unit=unit)


def values_of(session: Session) -> list[tuple[str, str]]:
    """Value and wording of each answer to the open question; none for a number."""
    if session.current is None or wants_number(session):
        return []
    lang, entry = session.lang, session.mind.kb.fact(session.current)
    plain = {"true": say("cli.ask.yes", lang), "false": say("cli.ask.no", lang)}
    return [(v, entry.labels[v].pick(lang) if v in entry.labels else plain.get(v, v)) for v in entry.values or ("true", "false")]
