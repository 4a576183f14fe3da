"""What past cases have to do with the run at hand: the most alike of them, and how far the casebook moves the ranking."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...casebook.case import Case
from ...casebook.opening import is_server, open_casebook, place
from ...casebook.reference import is_reference, shelf
from ...casebook.similar import Alike, Kept, fingerprint, like
from ...errors import StoreError
from ...messages import say
from ..display import cut, printable
from ..phrases import Phrases
from .turns import Paragraph, Turn, cause_name, phrase

if TYPE_CHECKING:
    from ...engine.diagnosis import Diagnosis
    from ...engine.finding import Observed
    from ...engine.observe.log import Log
    from ...engine.reason.kernel import Value

__all__ = ["most_alike", "recalled"]

TITLE = 120
"""Cells of the title of a case."""

NEAR = 0.6
"""Likeness from which a case is worth a word: about half of the logs with a finding have one among the reference cases."""


def most_alike(log: Log, seen: Observed, facts: dict[str, Value]) -> Alike | None:
    """The case of the user's casebook or of the reference cases that is most like a log; None when none is near.

    For a worker: it opens the casebook. One that cannot be read is left out, as everywhere in the chat.
    """
    if not any(finding.alarming for finding in seen.findings):
        return None
    sought = fingerprint(log, seen)
    found = like(sought, facts, [shelf()], limit=1)
    where = place(None, os.environ).where
    if is_server(where) or Path(where).expanduser().exists():
        try:
            book = open_casebook(where, create=False)
            try:
                kept: list[Kept] = [book]
                found += like(sought, facts, kept, limit=1)
            finally:
                book.close()
        except StoreError:
            pass
    best = max(found, key=lambda alike: alike.likeness, default=None)
    return best if best is not None and best.likeness >= NEAR else None


def recalled(alike: Alike | None, diagnoses: Mapping[str, Diagnosis], *, moved: bool) -> Turn | None:
    """A note on the case most alike and, with `moved`, on how far the casebook moved the leading cause; None when there is nothing to
    tell. `diagnoses`: the same in each language."""
    shifts = {lang: _shift(diagnosis) if moved else "" for lang, diagnosis in diagnoses.items()}
    if alike is None and not any(shifts.values()):
        return None

    def words(words: Phrases) -> list[Paragraph]:
        said = list(_case(alike, diagnoses[words.lang], words)) if alike is not None else []
        if shift := shifts[words.lang]:
            said.append(Paragraph(shift))
        return said

    return Turn("note", words)


def _shift(diagnosis: Diagnosis) -> str:
    first = diagnosis.causes[0]
    told = next((sign.text for sign in first.evidence if sign.id == "casebook"), "")
    return told and say("triage.alike.moved", diagnosis.lang, cause=printable(first.name), told=told)


def _case(alike: Alike, diagnosis: Diagnosis, words: Phrases) -> Iterator[Paragraph]:
    case = alike.case
    title = cut(printable(case.told(words.lang).title), TITLE)
    named = phrase(words, "alike", id=case.id, title=title.rstrip("。."), percent=round(100 * alike.likeness))
    place = next((n for n, cause in enumerate(diagnosis.causes, start=1) if cause.id == case.cause), None)
    if place is not None:
        p = words.percent(diagnosis.causes[place - 1].probability)
        said = phrase(words, "alike.placed", cause=cause_name(words, case.cause), n=place, p=p)
    elif case.cause:
        said = phrase(words, "alike.cause", cause=_told(case, words))
    else:
        said = phrase(words, "alike.open")
    yield Paragraph(named + said + (phrase(words, "alike.reference") if is_reference(case.id) else ""))


def _told(case: Case, words: Phrases) -> str:
    """A cause that the knowledge base does not have, in the words of the case."""
    return printable((case.told(words.lang).cause or case.cause).partition("\n")[0]).rstrip("。.")
