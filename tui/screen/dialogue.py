"""The conversation as it reads: every event becomes what somebody said, in whichever language is asked for.

Words are made when they are shown, from ids and numbers, so that a change of language says the whole conversation anew.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from ...engine.events import (
    Answered,
    Asked,
    Began,
    ChipRemoved,
    Ended,
    Event,
    Filed,
    HeardText,
    LogNamed,
    LogOutline,
    LogRead,
    LogRefused,
    TakenBack,
    Told,
)
from ...engine.finding import Observed
from ...engine.reason.kernel import Value
from ...engine.report import worded_findings
from ...engine.residual import red_flags
from ...engine.session import Session
from ...engine.wording import finding
from ...messages import catalogue, say
from ..display import cut, printable
from ..phrases import FAINT, Phrases
from ..sightings import by_kind
from .turns import LONG, CauseId, Id, Paragraph, Share, Turn, cause_name, in_both, is_pasted, name_of, phrase, plainly, saying, shown

__all__ = ["Dialogue", "leading", "verdict", "voice_of"]

MOVED = 0.08
"""Change of the first cause's probability that is worth a remark."""

CERTAIN, LIKELY = 0.8, 0.5
"""Probabilities from which the conclusion speaks of being sure, and of the likeliest."""

FINDINGS = 4
"""Findings of a log that are told one by one; the pane of the curve has all."""

NOTES = 2
"""Notes on how a log was read that are told."""

QUIET = frozenset({"encoding", "repeated_header", "progress_bars", "within_epoch", "decimal_comma", "picked_file", "partial_last_line"})
"""Notes that are good to know, but no reason to doubt what was read."""

QUOTED = 1_000
"""Characters of a message that stand in its bubble; the record has all."""

LEFT_OVER = 3
"""Pieces of a message that were not understood and are quoted."""


class Lead(NamedTuple):
    """The first cause and its probability."""

    id: str
    probability: float


def leading(session: Session) -> Lead | None:
    """The cause that is ahead; None while nothing is known, and when all is well."""
    known = session.known()
    if session.healthy or not known:
        return None
    posterior = session.mind.ranking.posterior(known, session.memory)[:-1]
    at = int(posterior.argmax())
    return Lead(session.mind.ranking.causes[at], float(posterior[at]))


def voice_of(session: Session) -> Phrases:
    """What puts a consultation into words: its language, its knowledge, and what its log counts."""
    return Phrases(session.lang, session.mind.kb, session.outline.axis if session.outline is not None else "step")


class Dialogue:
    """The turns of one consultation, in order."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._lead: Lead | None = None
        self._alarms: set[str] = set()
        """Red flags that were told."""

    def follow(self, session: Session, event: Event) -> None:
        """Add what `event`, which just took effect, has somebody say."""
        self.turns += self._turns(session, event)

    def _turns(self, session: Session, event: Event) -> list[Turn]:
        match event:
            case Began():
                return [Turn("clinic", _greeting)]
            case LogNamed(path=path):
                return [saying("you", "pasted") if is_pasted(path) else plainly("you", shown(path))]
            case LogRefused(en=en, zh=zh):
                return [in_both("clinic", printable(en), printable(zh), "warn")]
            case LogRead(outline=outline, seen=seen):
                self._lead = leading(session)
                return [_report(outline, seen, healthy=session.healthy, checks=session.screening), *self._alarm(session)]
            case HeardText():
                return self._heard(session, event)
            case Told(fact=fact, value=value):
                return [_stated(fact, value, named=True), *self._alarm(session), *self._remark(session)]
            case Asked(fact=fact):
                return [_asked(fact)] if session.current == fact else []
            case Answered(fact=fact, value=value):
                return [saying("you", "unknown") if value is None else _stated(fact, value), *self._alarm(session), *self._remark(session)]
            case TakenBack(fact=id) | ChipRemoved(id=id):
                self._lead = leading(session)
                self._alarms = {flag.id for flag in red_flags(session, worded_findings(session))}
                return [saying("note", "taken_back", name=Id(id))]
            case Filed(case=case):
                return [saying("note", "filed", case=printable(case))]
            case Ended():
                return _conclusion(session)
            case _:
                return []

    def _heard(self, session: Session, event: HeardText) -> list[Turn]:
        ids = tuple(dict.fromkeys((*event.symptoms, *event.facts)))
        understood = _understood(event, ids, asked=session.current is not None)
        return [_quoted(event.text), understood, *self._alarm(session), *(self._remark(session) if ids else ())]

    def _alarm(self, session: Session) -> list[Turn]:
        """What calls for stopping the run at once, as soon as it is known."""
        flags = [flag.id for flag in red_flags(session, worded_findings(session))]
        new = [id for id in dict.fromkeys(flags) if id not in self._alarms]
        self._alarms = set(flags)
        return [_stop(id, session.known().get(id)) for id in new]

    def _remark(self, session: Session) -> list[Turn]:
        """What the last piece of evidence did to the ranking, if it did something."""
        before, self._lead = self._lead, leading(session)
        now = self._lead
        if now is None or before is None:
            return []
        if now.id != before.id:
            return [saying("clinic", "remark.front", cause=CauseId(now.id), p=Share(now.probability))]
        change = now.probability - before.probability
        if abs(change) < MOVED:
            return []
        entry = "remark.fits" if change > 0 else "remark.against"
        return [saying("clinic", entry, cause=CauseId(now.id), before=Share(before.probability), now=Share(now.probability))]


def _quoted(text: str) -> Turn:
    for entry, wordings in catalogue("triage").items():
        if entry.startswith("opening.") and text in wordings:
            return saying("you", entry)
    shown = text if len(text) <= QUOTED else text[:QUOTED] + " ..."
    said = [Paragraph(printable(line)) for line in shown.splitlines() if line.strip()]

    def words(_: Phrases) -> list[Paragraph]:
        return said

    return Turn("you", words)


def _stated(fact: str, value: Value, *, named: bool = False) -> Turn:
    def words(words: Phrases) -> list[Paragraph]:
        text = words.value(fact, value)
        return [Paragraph(words.say("is", name=words.fact(fact), value=text) if named else text)]

    return Turn("you", words)


def _asked(fact: str) -> Turn:
    def words(words: Phrases) -> list[Paragraph]:
        return [Paragraph(words.kb.fact(fact).ask.pick(words.lang), "strong")] if fact in words.kb.facts else []

    return Turn("clinic", words)


def _report(outline: LogOutline, seen: Observed, *, healthy: bool, checks: bool) -> Turn:
    """What the clinic says after it read a log."""

    def words(words: Phrases) -> list[Paragraph]:
        return _read(words._replace(axis=outline.axis), outline, seen, healthy, checks)

    return Turn("clinic", words)


def _understood(event: HeardText, ids: tuple[str, ...], *, asked: bool) -> Turn:
    """What the clinic says after it heard a message; `asked`: while a question is open."""
    left = [event.text[start:end] for start, end in event.missed]

    def words(words: Phrases) -> list[Paragraph]:
        return _taken(words, event, left, asked=asked)

    return Turn("clinic", words, ids, frozenset(event.guesses).intersection(ids))


def _stop(id: str, value: Value | None) -> Turn:
    """That the run should be stopped now, and for which symptom or fact."""

    def words(words: Phrases) -> list[Paragraph]:
        fact = id in words.kb.facts and value is not None
        why = words.say("is", name=words.fact(id), value=words.value(id, value)) if fact else name_of(words, id)
        return [Paragraph(phrase(words, "stop", why=why), "mark")]

    return Turn("clinic", words)


def _conclusion(session: Session) -> list[Turn]:
    known = session.known()
    if session.healthy:
        before = next((event for event in reversed(session.events) if not isinstance(event, Ended)), None)
        if isinstance(before, LogRead):
            return []
        return [saying("clinic", "end.checked" if isinstance(before, Answered) else "end.still_healthy")]
    if not known:
        return [saying("clinic", "end.nothing")]
    return [_comes_to(session, known, ended=True)]


def verdict(session: Session) -> Turn:
    """What it comes to so far, and what to do first."""
    known = session.known()
    if session.healthy:
        return saying("clinic", "read.healthy")
    return _comes_to(session, known, ended=False) if known else saying("clinic", "courtesy.nothing_yet")


def _comes_to(session: Session, known: Mapping[str, Value], *, ended: bool) -> Turn:
    ranking = session.mind.ranking
    posterior = ranking.posterior(known, session.memory)[:-1].tolist()
    order = sorted(range(len(posterior)), key=lambda i: -posterior[i])[:2]
    first, second = ((ranking.causes[i], posterior[i]) for i in order)
    fix = session.mind.kb.fix(session.mind.kb.cause(first[0]).now[0]).name
    unanswered = len(session.unknown)
    entry = "end.sure" if first[1] >= CERTAIN else "end.likely" if first[1] >= LIKELY else "end.open"

    def words(words: Phrases) -> list[Paragraph]:
        one, two = cause_name(words, first[0]), cause_name(words, second[0])
        values = {"first": one, "p": words.percent(first[1]), "second": two, "q": words.percent(second[1])}
        said = [Paragraph(phrase(words, entry, **values))]
        if unanswered and first[1] < CERTAIN:
            said.append(Paragraph(phrase(words, "end.unanswered", n=unanswered)))
        how = "end.how" if ended else "courtesy.going_on"
        return [*said, Paragraph(phrase(words, "end.first", fix=fix.pick(words.lang))), Paragraph(phrase(words, how), "dim")]

    return Turn("clinic", words)


def _greeting(words: Phrases) -> list[Paragraph]:
    return [Paragraph(phrase(words, "greeting")), Paragraph(phrase(words, "greeting.how"), "dim")]


def _read(words: Phrases, outline: LogOutline, seen: Observed, healthy: bool, checks: bool) -> list[Paragraph]:
    entry = f"format.{outline.format}"
    kind = words.say(entry) if entry in catalogue("report") else printable(outline.format)
    name = phrase(words, "pasted") if is_pasted(outline.source) else printable(os.path.basename(outline.source.rstrip(os.sep)) or outline.source)
    said = [Paragraph(phrase(words, "read", file=name, format=kind, points=outline.points))]
    findings = [finding(raw, words.lang, outline.axis) for raw in seen.in_order()]
    kinds = by_kind(findings)
    if healthy:
        judged = outline.points > 0
        entry = "read.checks" if checks else "read.healthy" if judged else "read.unjudged"
        said.append(Paragraph(phrase(words, entry), "good" if judged else "warn"))
    elif kinds:
        said.append(Paragraph(phrase(words, "read.seen")))
    for sighting in kinds[:FINDINGS]:
        strongest = sighting.strongest
        said.append(Paragraph(strongest.summary, "dim" if strongest.strength < FAINT or not strongest.alarming else "", f"{sighting.number}"))
    if len(kinds) > FINDINGS:
        said.append(Paragraph(words.say("more_findings", n=len(kinds) - FINDINGS), "dim", " "))
    told = {raw.id for raw in seen.findings}
    notes = sorted((note for note in outline.notes if not (note.id == "nan_values" and "loss_nan_inf" in told)), key=lambda note: note.id in QUIET)
    for note in notes[:NOTES]:
        text = say(f"read.note.{note.id}", words.lang, **note.values)
        said.append(Paragraph(words.say("note") + words.say("colon") + text, "dim" if note.id in QUIET else "warn"))
    return said


def _taken(words: Phrases, event: HeardText, left: list[str], *, asked: bool) -> list[Paragraph]:
    said: list[Paragraph] = []
    comma = words.say("comma")
    if event.symptoms or event.facts:
        said.append(Paragraph(phrase(words, "understood")))
    elif not event.absent:
        said.append(Paragraph(phrase(words, "nothing.asked" if asked else "nothing")))
        return said
    if event.guesses:
        said.append(Paragraph(phrase(words, "guessed", n=len(event.guesses)), "dim"))
    if event.absent:
        said.append(Paragraph(phrase(words, "absent", names=comma.join(name_of(words, id) for id in event.absent))))
    if left:
        quoted = [phrase(words, "quoted", text=cut(printable(clause), LONG)) for clause in left[:LEFT_OVER]]
        said.append(Paragraph(phrase(words, "left_over", pieces=comma.join(quoted)), "dim"))
    return said
