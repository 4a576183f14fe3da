"""`lossclinic casebook`: look cases up, file them, confirm what they were, keep them in git."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..messages import say
from .casebook_options import MAKING, Options, casebook_help, parse
from .display import printable
from .exit_codes import ExitCode
from .language import Lang
from .output import Output
from .spans import Line, Span, paint
from .terminal import look_at

if TYPE_CHECKING:
    from ..casebook.case import Case
    from ..casebook.store import Filter, Sketch, Store
    from ..kb import KnowledgeBase

__all__ = ["Desk", "main", "open_store", "sketch_data", "the_case"]

LISTED = 20
"""Cases that are listed when neither `--limit` nor `--all` is given; of those found, only the strong matches."""


class Desk:
    """What every command works with: options, knowledge, the open casebook, and where to write."""

    def __init__(self, options: Options, store: Store, kb: KnowledgeBase) -> None:
        """`store` stays open until the command is done."""
        self.options = options
        self.store = store
        self.kb = kb
        self.lang: Lang = options.lang
        self.terminal = look_at(sys.stdout, os.environ, colour=options.color, pictures=not options.plain)
        self.out = Output(None, options.lang, data=options.format == "json")

    def write(self, lines: Sequence[Line]) -> None:
        """Lines on standard output."""
        self.out.write(paint(lines, colour=self.terminal.colour))

    def tell(self, entry: str, **values: object) -> None:
        """One line of the catalogue."""
        self.write([(Span(say(f"casebook.{entry}", self.lang, **values)),)])

    def data(self, value: Any) -> None:
        """One JSON object on one line."""
        self.out.write(json.dumps(value, ensure_ascii=False) + "\n")

    @property
    def json(self) -> bool:
        """Whether data is wanted, not a page."""
        return self.options.format == "json"


def main(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:
    """Run `lossclinic casebook ...`. InputError or StoreError for what stops it; one file of several goes to `report`."""
    options = parse(arguments, os.environ)
    terminal = look_at(sys.stdout, os.environ, colour=options.color, pictures=not options.plain)
    if options.help or not options.command:
        Output(None, options.lang, data=False).write(paint(casebook_help(options.command, options.lang, terminal.width), colour=terminal.colour))
        return ExitCode.DONE
    from .kb_command import open_knowledge

    kb = open_knowledge(options.lang)
    store = open_store(options.casebook, options.lang, create=options.command in MAKING, aloud=options.command != "where")
    try:
        return _run(Desk(options, store, kb), report)
    finally:
        store.close()


def open_store(where: str | None, lang: Lang, *, create: bool, aloud: bool = True) -> Store:
    """The casebook that is meant. `aloud`: what is worth knowing about it goes to standard error."""
    from ..casebook.opening import open_casebook, place

    store = open_casebook(place(where, os.environ).where, create=create)
    if aloud and sys.stderr is not None:
        for entry, values in store.notes:
            sys.stderr.write(printable(say(entry, lang, **values)) + "\n")
    return store


def _run(desk: Desk, report: Callable[[InputError], None]) -> ExitCode:
    command = desk.options.command
    if command in ("add", "confirm", "edit", "withdraw"):
        from . import casebook_filing

        casebook_filing.run(desk)
    elif command in ("export", "import"):
        from . import casebook_exchange

        return casebook_exchange.run(desk, report)
    elif command == "find":
        _find(desk)
    elif command == "list":
        _list(desk)
    elif command == "show":
        _show(desk)
    elif command == "stats":
        _stats(desk)
    elif command == "calibrate":
        _calibrate(desk)
    else:
        _where(desk)
    return ExitCode.DONE


def the_case(store: Store, word: str, lang: Lang) -> Case:
    """The case that `word` means, of the casebook or of the reference cases. InputError when there is none."""
    from ..casebook.reference import shelf
    from .casebook_filters import case_id

    id = case_id(word)
    case = store.get(id) or shelf().get(id)
    if case is None:
        raise InputError(say("casebook.unknown_case", lang, id=printable(word), where=printable(store.where)))
    return case


def sketch_data(sketch: Sketch) -> dict[str, object]:
    """What a program reads of a case in a list."""
    from ..casebook.reference import UNDATED

    opened = None if sketch.opened == UNDATED else f"{sketch.opened:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "id": sketch.id, "title": sketch.title, "lang": sketch.lang, "status": sketch.status, "opened": opened,
        "cause": sketch.cause or None, "likeliest": sketch.guess or None, "symptoms": list(sketch.symptoms),
    }  # fmt: skip


def _deliver(desk: Desk, sketches: Sequence[Sketch], likeness: Sequence[float] = ()) -> None:
    from .casebook_pages import list_page

    if desk.json:
        for number, sketch in enumerate(sketches):
            desk.data(sketch_data(sketch) | ({"likeness": round(likeness[number], 3)} if likeness else {}))
        return
    desk.write(list_page(sketches, desk.kb, desk.lang, desk.terminal, likeness))


def _find(desk: Desk) -> None:
    from ..casebook.reference import shelf
    from ..casebook.search import hits
    from .casebook_filters import filters

    text, wanted = filters(desk.options.words, desk.kb, desk.lang)
    if desk.options.like is not None:
        _like(desk, wanted, desk.options.limit or LISTED)
        return
    if not text:
        raise InputError(say("cli.wrong_words", desk.lang, usage=say("casebook.usage.find", desk.lang)))
    every = hits(text, [desk.store, shelf()], wanted)
    limit = len(every) if desk.options.all else desk.options.limit or min(LISTED, sum(strong for _, strong in every))
    if not every and not desk.json:
        desk.tell("nothing_found", words=printable(text))
    _deliver(desk, [sketch for sketch, _ in every[:limit]])
    if len(every) > limit and not desk.json:
        desk.tell("find_more", n=len(every) - limit)


def _like(desk: Desk, wanted: Filter, limit: int) -> None:
    from ..casebook.reference import matches, shelf, sketch_of
    from ..casebook.similar import fingerprint, like
    from ..engine.observe.read import read
    from ..engine.session import Session

    session = Session(read(str(desk.options.like)), lang=desk.lang)
    facts = {id: value for id, value in session.known().items() if id in desk.kb.facts}

    sought = fingerprint(session.log, session.seen)
    found = like(sought, facts, [desk.store, shelf()], limit=limit, wanted=lambda case: matches(sketch_of(case), wanted))
    if not found and not desk.json:
        desk.tell("nothing_alike")
    _deliver(desk, [sketch_of(alike.case) for alike in found], [alike.likeness for alike in found])


def _list(desk: Desk) -> None:
    from .casebook_filters import filters

    text, wanted = filters(desk.options.words, desk.kb, desk.lang)
    if text:
        raise InputError(say("casebook.list_takes_filters", desk.lang, words=printable(text)))
    limit = None if desk.options.all else desk.options.limit or LISTED
    found = desk.store.list(wanted, limit=limit)
    if not found and not desk.json:
        desk.tell("list_empty", where=printable(desk.store.where))
    _deliver(desk, found)
    total = desk.store.count(wanted)
    if total > len(found) and not desk.json:
        desk.tell("list_more", n=total - len(found))


def _show(desk: Desk) -> None:
    from .casebook_pages import case_page, history_page

    for number, word in enumerate(desk.options.words):
        case = the_case(desk.store, word, desk.lang)
        if desk.json:
            desk.data([old.model_dump(mode="json") for old in desk.store.history(case.id)] if desk.options.history else case.model_dump(mode="json"))
            continue
        if number:
            desk.write([()])
        if desk.options.history:
            desk.write(history_page(desk.store.history(case.id) or [case], desk.lang, desk.terminal))
        else:
            desk.write(case_page(case, desk.kb, desk.lang, desk.terminal))


def _stats(desk: Desk) -> None:
    from ..casebook.case import STATUSES
    from ..casebook.outcomes import tally
    from ..casebook.store import Filter
    from .casebook_pages import stats_page

    counts = {status: desk.store.count(Filter(status=status)) for status in STATUSES}
    rows = tally(desk.store.all_confirmed())
    if desk.json:
        desk.data({"cases": counts, "causes": [row._asdict() for row in rows]})
    else:
        desk.write(stats_page(counts, rows, desk.kb, desk.lang, desk.terminal))


def _calibrate(desk: Desk) -> None:
    from ..casebook.outcomes import calibration
    from .casebook_pages import calibration_page

    outcomes = calibration(desk.store.all_confirmed())
    if desk.json:
        desk.data(outcomes._asdict() | {"bins": [row._asdict() for row in outcomes.bins]})
    else:
        desk.write(calibration_page(outcomes, desk.lang, desk.terminal))


def _where(desk: Desk) -> None:
    from ..casebook.opening import place

    found = place(desk.options.casebook, os.environ)
    if desk.json:
        desk.data({"where": desk.store.where, "because": found.reason, "cases": desk.store.count(), "read_only": desk.store.read_only})
        return
    desk.write([(Span(printable(desk.store.where), "strong"),)])
    desk.tell(f"because.{found.reason}")
    desk.tell("holds", n=desk.store.count())
    for entry, values in desk.store.notes:
        desk.write([(Span(say(entry, desk.lang, **values), "warn"),)])
