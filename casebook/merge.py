"""Bringing cases in from files: what is new is filed, what was edited becomes a new version, what conflicts is reported.

Each version has a random name (`rev`), and a file carries the names of all versions it has behind it. So it shows which of the two
sides has seen the other: nothing is ever overwritten by somebody who did not know of it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .case import Case
from .privacy import scrub
from .store import Store

__all__ = ["Merged", "bring_in"]


class Merged(NamedTuple):
    """What became of one file."""

    outcome: Literal["added", "updated", "same", "older", "conflict", "taken"]
    """`same`: nothing to do. `older`: the casebook has moved on from what the file says. `conflict`: both sides changed it. `taken`: its
    number belongs to another case here."""
    id: str
    """Of the case in the casebook, or as the file has it when nothing was filed."""
    mine: int = 0
    """Version in the casebook before."""
    theirs: int = 0
    """Version of the file."""


def bring_in(case: Case, store: Store, *, by: str = "", renumber: bool = False, write: bool = True) -> Merged:
    """Merge one case into the casebook. `renumber`: a case whose number is taken gets the next free one. `write` false: only say what
    would happen."""
    mine = (store.by_uid(case.uid) if case.uid else None) or (store.get(case.id) if case.id else None)
    if mine is None:
        filed = store.add(case, by=by, what="imported") if write else case
        return Merged("added", filed.id, 0, filed.version)
    if case.uid and mine.uid != case.uid:
        if not renumber:
            return Merged("taken", case.id, mine.version, case.version)
        filed = store.add(case.revised(id=""), by=by, what=f"imported as {case.id}") if write else case
        return Merged("added", filed.id, 0, filed.version)
    return _meet(case.revised(id=mine.id, uid=mine.uid), mine, store, by, write)


def _meet(theirs: Case, mine: Case, store: Store, by: str, write: bool) -> Merged:
    public = scrub(mine)
    met = Merged("same", mine.id, mine.version, theirs.version)
    if _said(theirs) in (_said(mine), _said(public)):
        return met
    seen_by_them = {change.rev for change in theirs.history}
    if mine.rev in seen_by_them:
        if write:
            store.put(_with_what_was_scrubbed(theirs, mine, public), expected=mine.rev, by=by, what="imported")
        return met._replace(outcome="updated", theirs=max(theirs.version, mine.version + 1))
    for old in store.history(mine.id):
        if old.rev == theirs.rev and _said(theirs) in (_said(old), _said(scrub(old))):
            return met._replace(outcome="older")
    return met._replace(outcome="conflict")


def _said(case: Case) -> Case:
    """What a case says, without its history."""
    return case.model_copy(update={"history": ()})


def _with_what_was_scrubbed(theirs: Case, mine: Case, public: Case) -> Case:
    """What the file left as the export had scrubbed it stays what it was; the rest is as the file says."""
    private = {
        name: getattr(mine, name)
        for name in Case.model_fields
        if name not in ("texts", "history") and getattr(theirs, name) == getattr(public, name)
    }  # fmt: skip
    texts = dict(theirs.texts)
    for lang, telling in theirs.texts.items():
        if lang in mine.texts:
            kept = {name: text for name, text in mine.texts[lang].model_dump().items() if getattr(telling, name) == getattr(public.texts[lang], name)}
            texts[lang] = telling.model_copy(update=kept)
    return theirs.revised(**private, texts=texts)
