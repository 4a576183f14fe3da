"""A whole triage in one call, as `lossclinic.diagnose` offers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from .diagnosis import Diagnosis
from .observe.log import Log
from .session import Answers, Session
from .wording import choose_language

__all__ = ["Teacher", "diagnose_log"]


class Teacher(Protocol):
    """Whoever knows past cases, and changes what the engine believes by them."""

    def taught(self, session: Session) -> Session:
        """The same consultation, held with what past cases teach."""
        ...

    def explain(self, diagnosis: Diagnosis, session: Session) -> Diagnosis:
        """`diagnosis`, with what past cases changed in it."""
        ...


def diagnose_log(
    log: Log | None,
    *,
    text: str | None = None,
    facts: Mapping[str, Any] | None = None,
    answers: Answers | None = None,
    max_questions: int = 0,
    lang: str | None = None,
    teacher: Teacher | None = None,
) -> Diagnosis:
    """Diagnose a log that was read already; the arguments are those of `lossclinic.diagnose`. `teacher`: whoever knows past cases."""
    session = Session(log, lang=choose_language(lang, text))
    if text:
        session.hear(text)
    for fact, value in (facts or {}).items():
        session.tell(fact, value)
    if teacher is not None:
        session = teacher.taught(session)
    session.interview(answers if answers is not None else {}, max_questions if answers is not None else 0)
    diagnosis = session.diagnosis()
    return diagnosis if teacher is None else teacher.explain(diagnosis, session)
