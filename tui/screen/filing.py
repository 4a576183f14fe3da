"""The end of a consultation: into the casebook, or as a report into a file."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ...engine.diagnosis import Diagnosis
from ...engine.events import HeardText
from ...errors import LossclinicError, refusal
from ...messages import say
from ..display import printable
from ..language import Lang
from ..report_markdown import markdown_report
from ..version import version_line
from .consult import Consult
from .plan import as_markdown, plan_of
from .turns import shown

__all__ = ["export", "file_case"]


def export(consult: Consult, diagnosis: Diagnosis, kind: str, lang: Lang) -> str:
    """Write the report (`md` with the plan, or `json`) into the current folder, beside earlier ones; what to tell the user."""
    session = consult.session
    if kind == "json":
        text = diagnosis.model_dump_json(indent=2) + "\n"
    else:
        text = markdown_report(diagnosis, session.log, session.mind.kb)
        if items := plan_of(session, diagnosis, consult.words, consult.frameworks):
            text += f"\n# {say('triage.pane.plan', lang)}\n\n" + as_markdown(items, session.done)
    stem = re.sub(r"[^\w.-]+", "-", Path(session.outline.source).stem if session.outline is not None else "consultation").strip("-.") or "log"
    target = Path(f"lossclinic-{stem}.{kind}")
    number = 2
    while target.exists():
        target = Path(f"lossclinic-{stem}-{number}.{kind}")
        number += 1
    try:
        target.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        return say("triage.export.failed", lang, file=shown(str(target.absolute())), reason=refusal(error, lang))
    return say("triage.export.done", lang, file=shown(str(target.absolute())))


def file_case(consult: Consult, lang: Lang) -> str:
    """Put the case into the casebook; what to tell the user."""
    session = consult.session
    if session.filed:
        return say("triage.file.already", lang, case=printable(session.filed))
    from ...casebook.filing import case_of, person
    from ...casebook.opening import open_casebook, place

    text = "\n".join(event.text for event in session.events if isinstance(event, HeardText))
    try:
        by = person()
        case = case_of(session, text=text, log=session.path, by=by, product=version_line().split()[-1])
        book = open_casebook(place(None, os.environ).where)
        try:
            filed = book.add(case, by=by)
            where = book.where
        finally:
            book.close()
    except LossclinicError as error:
        return printable(error.in_words(lang))
    session.file(filed.id)
    return say("triage.file.done", lang, case=filed.id, where=shown(where))
