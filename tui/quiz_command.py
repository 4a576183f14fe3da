"""`lossclinic quiz`: practise, be interviewed, see how far one is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..messages import say
from .display import printable
from .exit_codes import ExitCode
from .output import Output
from .places import data_folder
from .progress import Progress as Waiting
from .quiz_options import Options, parse, quiz_help
from .spans import Line, Span, paint
from .terminal import Terminal, look_at

if TYPE_CHECKING:
    from ..casebook.case import Case
    from ..kb import KnowledgeBase
    from ..quiz.card import Card
    from ..quiz.journal import Journal
    from .quiz_plain import Conversation

__all__ = ["deck", "journal_file", "main"]


def main(arguments: Sequence[str], report: Callable[[InputError], None]) -> ExitCode:  # noqa: ARG001 - the shape of every command
    """Run `lossclinic quiz ...`. InputError for what stops it."""
    options = parse(arguments, os.environ)
    terminal = look_at(sys.stdout, os.environ, colour=options.color, pictures=not options.plain)
    out = Output(None, options.lang, data=False)
    if options.help:
        out.write(paint(quiz_help(options.lang, terminal.width), colour=terminal.colour))
        return ExitCode.DONE
    if not (options.command or options.plain or options.mock) and _full_screen():
        return _screen(options)
    return _plain(options, terminal, out)


def journal_file() -> Path:
    """Where the answers of this user are kept."""
    return data_folder() / "quiz.db"


def deck(kb: KnowledgeBase, *, cases: bool = True) -> dict[str, Card]:
    """All cards: of the knowledge base and, with `cases`, of the reference cases and of the team's casebook."""
    from ..quiz.cases import case_cards
    from ..quiz.deck import build

    return build(kb, case_cards(kb, _cases()) if cases else ())


def _cases() -> Iterator[Case]:
    """The reference cases, then those of the casebook that `lossclinic casebook` would open. One that cannot be opened is told and left out."""
    from ..casebook.opening import open_casebook, place
    from ..casebook.reference import shelf
    from ..errors import StoreError

    yield from shelf().all()
    try:
        store = open_casebook(place(None, os.environ).where, create=False)
        try:
            yield from store.all_confirmed()
        finally:
            store.close()
    except StoreError as error:
        if sys.stderr is not None:
            sys.stderr.write(printable(str(error)) + "\n")


def _full_screen() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _screen(options: Options) -> ExitCode:
    from .screen.app import ClinicApp

    ClinicApp(options.lang, room="quiz", opening=options).run()
    return ExitCode.DONE


def _plain(options: Options, terminal: Terminal, out: Output) -> ExitCode:
    from ..kb import load
    from ..quiz.journal import Journal

    waiting = Waiting(sys.stderr, os.environ)
    try:
        kb = load(on_compile=lambda: waiting.begin(say("cli.compiling", options.lang)))
    finally:
        waiting.end()
    cards = deck(kb, cases=not options.mock and options.kind in ("", "case"))
    with Journal(journal_file()) as journal:
        if options.command == "stats":
            return _stats(options, kb, cards, journal, terminal, out)
        chosen = choose_cards(cards, options)
        if options.command == "list":
            return _list(options, chosen, journal, terminal, out)
        if options.mock:
            return _mock(options, cards, chosen, journal, terminal)
        return _drill(options, kb, cards, chosen, journal, terminal)


def choose_cards(cards: dict[str, Card], options: Options) -> list[Card]:
    """The cards that the options ask for. InputError when there is none."""
    from ..quiz.deck import Filter, chosen, topics_near
    from .suggest import hint

    found = chosen(cards, Filter(options.topic, options.level, options.kind))
    if not found:
        if options.topic and not chosen(cards, Filter(options.topic)):
            near = hint(options.topic, topics_near(cards), options.lang)
            raise InputError(say("quiz.no_topic", options.lang, name=printable(options.topic), hint=near))
        raise InputError.of("quiz.no_cards")
    return found


def _talk(options: Options, terminal: Terminal) -> Conversation:
    from .quiz_plain import HEIGHT, Conversation

    if sys.stdin is None:
        raise InputError.of("cli.no_stdin")
    height = max(HEIGHT, shutil.get_terminal_size((80, 24)).lines - 2) if sys.stdin.isatty() and sys.stdout.isatty() else 0
    return Conversation(sys.stdin, sys.stdout, options.lang, terminal, height=height)


def _drill(options: Options, kb: KnowledgeBase, cards: dict[str, Card], chosen: list[Card], journal: Journal, terminal: Terminal) -> ExitCode:
    from ..quiz.drill import Drill, Plan
    from .quiz_plain import run_drill, when

    talk = _talk(options, terminal)
    drill = Drill(cards, chosen, journal, Plan(options.new, options.limit, options.due))
    if drill.shown is None:
        now = datetime.now(UTC)
        memory = drill.progress.memory
        coming = sorted(memory[card.id].due for card in chosen if card.id in memory and not memory[card.id].leech)
        if coming:
            talk.tell("quiz.nothing_due", when=when(coming[0], now, options.lang))
        else:
            talk.tell("quiz.nothing")
        if not options.due and any(card.id not in drill.progress.memory for card in chosen):
            talk.tell("quiz.nothing_new")
        return ExitCode.DONE
    if drill.resumed:
        talk.tell("quiz.resumed")
    known = [id for id in drill.queue if id in drill.progress.memory]
    talk.tell("quiz.intro", n=len(drill.queue), due=len(known), new=len(drill.queue) - len(known))
    run_drill(drill, kb, talk)
    return ExitCode.DONE


def _mock(options: Options, cards: dict[str, Card], chosen: list[Card], journal: Journal, terminal: Terminal) -> ExitCode:
    from ..quiz.mock import Mock, pick
    from .quiz_plain import run_mock
    from .quiz_report import scorecard_lines, scorecard_markdown

    talk = _talk(options, terminal)
    mock = Mock.take_up(cards, journal, lambda: datetime.now(UTC))
    if mock is None:
        questions = pick(chosen, journal)
        if not questions:
            raise InputError.of("quiz.no_cards")
        mock = Mock(cards, journal, questions, options.minutes)
    else:
        talk.tell("quiz.resumed")
    target = Output(options.export, options.lang, data=False) if options.export else None
    if target is not None:
        target.check(())
    talk.tell("quiz.mock.intro", n=len(mock.questions), minutes=f"{mock.minutes:g}")
    card = run_mock(mock, talk)
    if card is None:
        return ExitCode.DONE
    talk.show(scorecard_lines(card, options.lang, terminal))
    if target is not None:
        target.write(scorecard_markdown(card, options.lang))
        target.close()
        talk.tell("quiz.exported", file=printable(options.export or ""))
    return ExitCode.DONE


def _stats(options: Options, kb: KnowledgeBase, cards: dict[str, Card], journal: Journal, terminal: Terminal, out: Output) -> ExitCode:
    from ..quiz.progress import Progress
    from ..quiz.stats import statistics
    from .quiz_report import statistics_lines, statistics_markdown

    now = datetime.now(UTC)
    stats = statistics(cards, Progress.of(journal.events()), now)
    if not stats.answers:
        out.write(say("quiz.stats.none", options.lang) + "\n")
        return ExitCode.DONE
    today = now.astimezone().date()
    if options.export:
        target = Output(options.export, options.lang, data=False)
        target.check(())
        target.write(statistics_markdown(stats, kb, options.lang, today))
        target.close()
    out.write(paint(statistics_lines(stats, kb, options.lang, terminal, today), colour=terminal.colour))
    return ExitCode.DONE


def _list(options: Options, chosen: list[Card], journal: Journal, terminal: Terminal, out: Output) -> ExitCode:
    from ..quiz.progress import Progress
    from .quiz_plain import when

    progress = Progress.of(journal.events())
    now = datetime.now(UTC)
    lines: list[Line] = []
    shown = 0
    for card in chosen:
        memory = progress.memory.get(card.id)
        if options.due and (memory is None or memory.due > now or memory.leech):
            continue
        state = "new" if memory is None else "leech" if memory.leech else "now" if memory.due <= now else ""
        told = say(f"quiz.list.{state}", options.lang) if state else when(memory.due, now, options.lang) if memory else ""
        lines.append((Span(printable(say("quiz.list.line", options.lang, card=card.id, when=told))),))
        shown += 1
    lines.append((Span(say("quiz.list.count", options.lang, n=shown), "dim"),))
    out.write(paint(lines, colour=terminal.colour))
    return ExitCode.DONE
