"""From a consultation to a case, and from a case to its outcome."""

from __future__ import annotations

import getpass
import math
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..engine.diagnosis import Diagnosis
from .case import Case, Opinion, Sign, Telling, Value, now

if TYPE_CHECKING:
    from ..engine.session import Session

__all__ = ["case_of", "confirmed", "person", "withdrawn"]

LEAST = 0.0005
"""Probability below which a cause is left out of the diagnosis that is kept."""

LONGEST_TITLE = 80


def person(environ: Mapping[str, str] = os.environ) -> str:
    """Who is at the keyboard: LOSSCLINIC_USER, else the name of the login; "" when there is none."""
    try:
        return environ.get("LOSSCLINIC_USER") or getpass.getuser()
    except (KeyError, OSError):
        return ""


def case_of(
    session: Session, *, diagnosis: Diagnosis | None = None, title: str = "", text: str = "", log: str = "", by: str = "", product: str = ""
) -> Case:  # fmt: skip
    """The case of a consultation, ready to be filed: what was seen, what is known, and the diagnosis as it stands.

    `diagnosis`: as it was shown, when it is not the session's own.
    `title`: "" = the first sentence of `text` (what the user typed), or else of what was found. `log`: path of the log. `by`: who files it.
    """
    from .similar import fingerprint

    diagnosis = diagnosis or session.diagnosis()
    facts = session.mind.kb.names["facts"]
    known = session.known()
    lines = [f"- {finding.summary}" for finding in diagnosis.symptoms]
    seen = "\n\n".join(part for part in (text, "\n".join(lines)) if part)
    fallback = text or next((finding.summary for finding in diagnosis.symptoms), "") or log or "?"
    return Case(
        lang=diagnosis.lang,
        people=(by,) if by else (),
        texts={diagnosis.lang: Telling(title=title or _first_sentence(fallback), seen=seen)},
        symptoms=_signs(diagnosis),
        facts={id: value for id, value in known.items() if id in facts and _storable(value)},
        observed={id: value for id, value in known.items() if id not in facts and _storable(value)},
        diagnosis=_opinion(diagnosis, product),
        log=log,
        fingerprint=fingerprint(session.log, session.seen) if session.log is not None else (),
    )


def _first_sentence(text: str) -> str:
    line = text.strip().split("\n")[0]
    sentence = re.split(r"(?<=[。！？；])|(?<=[.!?;])\s", line)[0].strip().rstrip("。.；;")
    return sentence if len(sentence) <= LONGEST_TITLE else sentence[: LONGEST_TITLE - 1] + "…"


def _storable(value: Value) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _signs(diagnosis: Diagnosis) -> tuple[Sign, ...]:
    return tuple(
        Sign(
            id=finding.id, metric=finding.metric or "", first_step=_finite(finding.first_step), last_step=_finite(finding.last_step),
            strength=round(finding.strength, 3), numbers={name: float(f"{n:.6g}") for name, n in finding.numbers.items() if math.isfinite(n)},
            summary=finding.summary,
        )
        for finding in diagnosis.symptoms
    )  # fmt: skip


def _opinion(diagnosis: Diagnosis, product: str) -> Opinion:
    causes = {cause.id: cause.probability for cause in diagnosis.causes if cause.probability >= LEAST}
    learnt = any(evidence.origin.kind == "casebook" for cause in diagnosis.causes for evidence in cause.evidence)
    return Opinion(
        causes=causes, something_else=round(diagnosis.something_else, 4), healthy=diagnosis.healthy, at=now(), product=product, casebook=learnt
    )  # fmt: skip


def confirmed(case: Case, cause: str, *, fix: str = "", verified: str = "", ruled_out: Mapping[str, str] | None = None, by: str = "") -> Case:
    """The case with its outcome: the cause (of the taxonomy, or in words), what fixed it, and how that was verified."""
    told = case.texts[case.lang]
    telling = told.model_copy(update={name: text for name, text in (("fix", fix), ("verified", verified)) if text})
    people = case.people if not by or by in case.people else (*case.people, by)
    return case.revised(
        cause=cause, status="resolved", superseded_by="", resolved=now(), people=people,
        texts={**case.texts, case.lang: Telling.model_validate(telling.model_dump())}, ruled_out={**case.ruled_out, **(ruled_out or {})},
    )  # fmt: skip


def withdrawn(case: Case, superseded_by: str = "") -> Case:
    """The case out of circulation: it stays, and teaches nothing. `superseded_by`: the case that takes its place."""
    return case.revised(status="superseded" if superseded_by else "withdrawn", superseded_by=superseded_by)
