"""One sitting of the command line: reads each log, puts the questions, and hands over diagnoses."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..engine.diagnosis import Diagnosis
from ..engine.mind import mind
from ..engine.observe.envelope import brief
from ..engine.observe.log import METRICS, Log
from ..engine.observe.read import CALLED, read
from ..engine.session import Session
from ..engine.wording import choose_language
from ..errors import InputError, refusal
from ..messages import say
from .answers import Value, cause_of, known_facts, read_answers
from .casebook_at_hand import at_hand
from .display import printable
from .language import Lang
from .options import Options
from .progress import Progress
from .suggest import hint

if TYPE_CHECKING:
    from ..engine.explanation import Explanation
    from .ask import Prompt

__all__ = ["Consultation", "Result", "columns_of"]

STDIN = "-"


class Result(NamedTuple):
    """A diagnosis and the log it is about."""

    diagnosis: Diagnosis
    log: Log | None
    filed: str = ""
    """What is told of the case that was filed."""


class Consultation:
    """What the options ask for, checked once and applied to every log. InputError for facts, answers or columns that cannot be."""

    def __init__(self, options: Options, lang: Lang) -> None:
        """Loads the knowledge base and checks what was given beside the logs."""
        self.options = options
        self.lang: Lang = lang
        self.progress = Progress(sys.stderr, os.environ)
        self.columns = columns_of(options.map, lang)
        self.progress.begin(say("cli.compiling", lang))
        try:
            self.kb = mind().kb
            self.facts = known_facts(options.know, self.kb, lang)
            self.answers = read_answers(options.answers, self.kb, lang) if options.answers is not None else {}
            colon = say("report.colon", lang)
            self.explain = [cause_of(name, self.kb, lang, "--explain" + colon) for name in options.explain]
            self.why_not = [cause_of(name, self.kb, lang, "--why-not" + colon) for name in options.why_not]
            self.what_if = [self._supposed(pair) for pair in options.what_if]
            self.casebook = at_hand(options, self.kb, lang)
        finally:
            self.progress.end()

    def _supposed(self, pair: str) -> tuple[str | None, Value | None]:
        return next(iter(known_facts([pair], self.kb, self.lang, "--what-if").items()), (None, None)) if pair else (None, None)

    def hold(self, source: str | None) -> Result:
        """The diagnosis of the log `source` ("-" = standard input), or without one of what was said. InputError when it cannot be read."""
        try:
            log = self._read(source) if source is not None else None
            self.progress.begin(say("cli.thinking", self.lang, file=log.source if log else ""))
            session, diagnosis = self._consult(log)
            return Result(diagnosis, brief(log) if log is not None else None, self._file(session, diagnosis, source))
        finally:
            self.progress.end()

    def _read(self, source: str) -> Log:
        if source == STDIN:
            return _renamed(self._read_standard_input(), say("cli.stdin", self.lang))
        self.progress.begin(say("cli.reading", self.lang, file=source))
        return _renamed(read(source, columns=self.columns or None), printable(source))

    def _read_standard_input(self) -> Log:
        """The log that comes in on standard input, by way of a file, because readers go back to the beginning."""
        if sys.stdin is None:
            raise InputError(say("cli.no_stdin", self.lang))
        name = say("cli.stdin", self.lang)
        with tempfile.TemporaryDirectory(prefix="lossclinic-") as folder:
            spool = Path(folder) / "stdin"
            try:
                with spool.open("wb") as file:
                    shutil.copyfileobj(sys.stdin.buffer, file)
            except OSError as error:
                raise InputError(say("cli.stdin_unreadable", self.lang, reason=refusal(error, self.lang))) from None
            self.progress.begin(say("cli.reading", self.lang, file=name))
            try:
                return read(str(spool), columns=self.columns or None)
            except InputError as error:
                raise InputError(error.in_words(self.lang).replace(str(spool), name)) from None

    def _session(self, log: Log | None) -> Session:
        session = Session(log, lang=choose_language(self.lang, self.options.say))
        if self.options.say:
            session.hear(self.options.say)
        for fact, value in self.facts.items():
            session.tell(fact, value)
        return session if self.casebook is None else self.casebook.teaching.taught(session)

    def _file(self, session: Session, diagnosis: Diagnosis, source: str | None) -> str:
        if self.casebook is None or not self.options.file:
            return ""
        log = str(Path(source).absolute()) if source not in (None, STDIN) else ""
        return self.casebook.file(session, diagnosis, title=self.options.title, text=self.options.say or "", log=log)

    def _consult(self, log: Log | None) -> tuple[Session, Diagnosis]:
        """The session after the questions, and its diagnosis with the explanations that were asked for."""
        session = self._session(log)
        if self.options.ask:
            self._interview(session)
        else:
            session.interview(self.answers, self.options.max_questions)
        wanted = self.explain or self.why_not or self.what_if
        if session.healthy and wanted:
            sys.stderr.write(say("explain.healthy", self.lang) + "\n")
        explanations = tuple(self._explanations(session)) if wanted and not session.healthy else ()
        diagnosis = session.diagnosis().model_copy(update={"explanations": explanations})
        return session, diagnosis if self.casebook is None else self.casebook.teaching.explain(diagnosis, session)

    def _explanations(self, session: Session) -> Iterator[Explanation]:
        from ..engine.reason import explain

        yield from (explain.how(session, cause) for cause in self.explain)
        yield from (explain.why_not(session, cause) for cause in self.why_not)
        yield from (explain.what_if(session, fact, value) for fact, value in self.what_if)

    def _interview(self, session: Session) -> None:
        """Ask at the prompt whatever the answer file leaves open."""
        if sys.stdin is None:
            raise InputError(say("cli.no_stdin", self.lang))
        from .ask import Back, Enough, Prompt

        self.progress.end()
        prompt = Prompt(self.kb, self.lang, sys.stdin, sys.stderr, most=self.options.max_questions)
        again: str | None = None
        session.stopped = ""
        try:
            while len(session.asked) < self.options.max_questions:
                fact = again or session.next_question()
                if fact is None:
                    return
                again = None
                session.ask(fact)
                if fact in self.answers:
                    session.answer(fact, self.answers[fact])
                    continue
                try:
                    answer = prompt.ask(fact, session)
                except Back:
                    again = self._take_back(session, prompt) or fact
                else:
                    session.answer(fact, answer)
            session.stopped = "healthy" if session.healthy else "cap"
        except Enough:
            session.stopped = "enough"
        finally:
            prompt.close()

    def _take_back(self, session: Session, prompt: Prompt) -> str | None:
        """Take the last answer back that was given at the prompt, and show what that changes."""
        given = [answer.fact for answer in session.asked if answer.fact not in self.answers]
        prompt.taken_back(given[-1] if given else None)
        if not given:
            return None
        from ..engine.reason import explain

        before = explain.snapshot(session)
        session.take_back(given[-1])
        prompt.show(explain.difference(before, explain.snapshot(session)))
        return given[-1]


def _renamed(log: Log, source: str) -> Log:
    return Log(source, log.format, log.series, log.axis, log.columns, log.notes, log.restarts)


def columns_of(pairs: tuple[str, ...], lang: Lang) -> dict[str, str]:
    """Metric to column, from `METRIC=COLUMN` arguments."""
    columns: dict[str, str] = {}
    for pair in pairs:
        metric, equals, column = pair.partition("=")
        if not equals or not column:
            raise InputError(say("cli.not_a_pair", lang, option="--map", shape=say("cli.value.map", lang), value=printable(pair)))
        metric = CALLED.get(metric, metric)
        if metric not in METRICS and metric != "step":
            raise InputError(say("cli.unknown_metric", lang, name=printable(metric), hint=hint(metric, ("step", *METRICS), lang)))
        if metric in columns:
            raise InputError(say("cli.map_twice", lang, name=metric))
        columns[metric] = column
    return columns
