"""The casebook while a run is diagnosed: what it teaches goes in, and the case can be filed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..engine.diagnosis import Diagnosis
from ..engine.session import Session
from ..errors import InputError, StoreError
from ..kb import KnowledgeBase
from ..messages import say
from .display import printable
from .language import Lang
from .options import Options

if TYPE_CHECKING:
    from ..casebook.store import Store
    from ..casebook.teaching import Teaching

__all__ = ["AtHand", "at_hand"]


class AtHand:
    """An open casebook and what it teaches."""

    def __init__(self, store: Store, teaching: Teaching, lang: Lang) -> None:
        self.store = store
        self.teaching = teaching
        self.lang: Lang = lang

    def note(self) -> str:
        """One line: whether the casebook was used; "" when it is empty."""
        return self.teaching.note(self.lang)

    def file(self, session: Session, diagnosis: Diagnosis, *, title: str = "", text: str = "", log: str = "") -> str:
        """File the consultation; what to tell the user. StoreError when it cannot be written."""
        from ..casebook.filing import case_of, person

        by = person()
        filed = self.store.add(case_of(session, diagnosis=diagnosis, title=title, text=text, log=log, by=by, product=__version__), by=by)
        session.file(filed.id)
        return say("cli.filed", self.lang, id=filed.id, title=printable(filed.title))


def at_hand(options: Options, kb: KnowledgeBase, lang: Lang) -> AtHand | None:
    """The casebook that `options` mean; None when there is none, or none is wanted.

    One that was named and cannot be opened is an error; the user's own is left out with a line on standard error.
    """
    if options.no_casebook:
        if options.file:
            raise InputError(say("cli.file_without", lang))
        return None
    from ..casebook.opening import is_server, open_casebook, place

    found = place(options.casebook, os.environ)
    if not options.file and not is_server(found.where) and not Path(found.where).expanduser().exists():
        if found.reason == "option":
            raise InputError(say("casebook.note.not_there", lang, where=printable(found.where)))
        return None
    from ..casebook.teaching import teaching

    try:
        store = open_casebook(found.where, create=options.file)
        return AtHand(store, teaching(store, kb), lang)
    except StoreError as error:
        if options.file or found.reason in ("option", "environment"):
            raise
        if sys.stderr is not None:
            sys.stderr.write(printable(error.in_words(lang)) + "\n")
        return None
