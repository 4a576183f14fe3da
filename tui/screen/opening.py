"""What a consultation begins with: logs and words, or the record of an earlier one, and what the casebook teaches."""

from __future__ import annotations

import gc
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..language import Lang
from ..places import records_folder

if TYPE_CHECKING:
    from ...casebook.teaching import Teaching
    from .consult import Consult

__all__ = ["Opening", "begin"]


class Opening(NamedTuple):
    """What a consultation begins with."""

    logs: tuple[str, ...] = ()
    say: str = ""
    record: Path | None = None
    """A record to take up again."""
    replay: bool = False
    """Only look at the record: nothing is added to it."""


def begin(opening: Opening, lang: Lang) -> Consult:
    """A consultation, new or taken up again; for a worker, it loads the engine. InputError when the record cannot be read.

    Its first notes say that the record is taken up or only looked at, and whether its end was torn off.
    """
    from .consult import Consult
    from .record import Recorder, open_record, read_record
    from .turns import saying

    _settle()
    if opening.record is None:
        consult = Consult(lang, open_record(records_folder()), taught=_taught())
        if opening.say:
            consult.send(opening.say)
        for log in opening.logs[:1]:
            consult.session.name_log(str(Path(log).absolute()))
        return consult
    record = read_record(opening.record, mend=not opening.replay)
    recorder = Recorder(opening.record, deaf=True) if opening.replay else Recorder(opening.record, kept=len(record.events))
    consult = Consult(lang, recorder, record.events, _taught())
    if record.torn:
        consult.note("torn")
    consult.fresh.append(saying("note", "note.replay" if opening.replay else "note.resumed"))
    return consult


@cache
def _settle() -> None:
    """Load what stays in memory until the end, and keep the garbage collector away from it: a look through all of it takes a tenth
    of a second, and would come in the midst of a keystroke."""
    from ...engine.mind import mind
    from ...engine.understand.vocabulary import vocabulary
    from ...kb import load

    mind()
    vocabulary(load())
    gc.freeze()


def _taught() -> Teaching | None:
    """What the user's casebook teaches; None without one, and for one that cannot be read."""
    from ...casebook.opening import is_server, open_casebook, place
    from ...errors import StoreError
    from ...kb import load

    found = place(None, os.environ)
    if not is_server(found.where) and not Path(found.where).expanduser().exists():
        return None
    from ...casebook.teaching import teaching

    try:
        book = open_casebook(found.where, create=False)
        try:
            return teaching(book, load())
        finally:
            book.close()
    except StoreError:
        return None
