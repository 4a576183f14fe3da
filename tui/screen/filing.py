"""The end of a consultation: the report as a file."""

from __future__ import annotations

import re
from pathlib import Path

from ...engine.diagnosis import Diagnosis
from ...messages import say
from ..language import Lang
from ..report_markdown import markdown_report
from .consult import Consult
from .plan import as_markdown, plan_of

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
        return say("triage.export.failed", lang, file=str(target.absolute()), reason=error.strerror or str(error))
    return say("triage.export.done", lang, file=str(target.absolute()))


def file_case(consult: Consult, diagnosis: Diagnosis, lang: Lang) -> str:
    """Put the case into the casebook, if there is one; what to tell the user."""
    del consult, diagnosis
    return say("triage.file.no_casebook", lang)
