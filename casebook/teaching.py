"""From the casebook to a diagnosis: the knowledge that it was taught, and words for what that changed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, final

from ..engine.diagnosis import Diagnosis, Evidence, Origin
from ..engine.mind import Mind
from ..engine.reason.kernel import Value
from ..engine.session import Session
from ..kb import KnowledgeBase
from ..messages import say
from .learn import ENOUGH, Learned, learn
from .lessons import lessons
from .store import Store

__all__ = ["Teaching", "teaching"]

NOTICEABLE = 0.005
"""Change of a probability below which no line is written."""

DECIBANS = 10.0 / math.log(10.0)


@final
class Teaching:
    """What a casebook teaches, ready for any number of diagnoses."""

    def __init__(self, learned: Learned, kb: KnowledgeBase) -> None:
        self.learned = learned
        self.kb = kb
        self._plain = Mind(kb)

    @property
    def used(self) -> bool:
        """Whether diagnoses are changed by it."""
        return self.learned.tables is not None

    def mind(self, beliefs: Mapping[str, Value]) -> Mind:
        """The knowledge to diagnose a run with; `beliefs`: what is known of it already, by which similar past cases are found."""
        return Mind(self.kb, self.learned.tables_for(beliefs))

    def taught(self, session: Session) -> Session:
        """The same consultation, held with what the casebook teaches."""
        if not self.used:
            return session
        return Session.resumed(session.events, log=session.log, with_mind=self.mind(session.known()))

    def note(self, lang: Literal["en", "zh"]) -> str:
        """One line: whether the casebook was used, and why not; "" for an empty one."""
        learned = self.learned
        if not learned.total:
            return ""
        if learned.verdict == "few":
            return say("learn.few", lang, n=learned.total, enough=ENOUGH)
        return say(f"learn.{learned.verdict}", lang, n=learned.total, before=learned.brier_after, plain=learned.brier_before)

    def explain(self, diagnosis: Diagnosis, session: Session) -> Diagnosis:
        """`diagnosis` with a line of evidence for each cause that the casebook moved: by how many cases, from where to where."""
        if not self.used or diagnosis.healthy:
            return diagnosis
        known = session.known()
        plain = (self._plain.told if session.outline is None else self._plain).ranking
        before = dict(zip(plain.causes, plain.posterior(known, session.memory).tolist(), strict=False))
        alike = self.learned.precedents.nearest(known) if self.learned.precedents is not None else []
        causes = tuple(
            cause.model_copy(update={"evidence": (*cause.evidence, line)})
            if cause.evidence
            and (line := self._line(cause.id, cause.probability, before[cause.id], [n.id for n in alike if n.cause == cause.id], diagnosis.lang))
            else cause
            for cause in diagnosis.causes
        )
        return diagnosis.model_copy(update={"causes": causes})

    def _line(self, cause: str, after: float, before: float, alike: list[str], lang: Literal["en", "zh"]) -> Evidence | None:
        if abs(after - before) < NOTICEABLE:
            return None
        n = self.learned.cases.get(cause, 0)
        near = ", ".join(alike[:3])
        text = say("learn.moved_alike" if near else "learn.moved", lang, n=n or self.learned.total, before=before, after=after, alike=near)
        decibans = DECIBANS * (_log_odds(after) - _log_odds(before))
        return Evidence(id="casebook", value=n, decibans=round(decibans, 2), text=text, origin=Origin(kind="casebook", detail=near))


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-9), 1.0 - 1e-9)
    return math.log(p / (1.0 - p))


_learned: dict[tuple[str, int], Learned] = {}


def teaching(store: Store, kb: KnowledgeBase) -> Teaching:
    """What the casebook in `store` teaches; worked out anew only when something was filed. StoreError when it cannot be read."""
    key = store.where, store.stamp()
    if key not in _learned:
        _learned.clear()
        _learned[key] = learn(lessons(store.all_confirmed(), kb), kb.tables)
    return Teaching(_learned[key], kb)
