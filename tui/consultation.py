"""One sitting of the command line: reads each log, puts the questions, and hands over diagnoses."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..engine.diagnosis import Diagnosis
from ..engine.observe.log import METRICS, Log
from ..engine.observe.read import read
from ..engine.session import diagnose_log, mind
from ..errors import InputError
from ..messages import say
from .answers import Value, known_facts, read_answers
from .ask import Enough, Prompt
from .display import printable
from .language import Lang
from .options import Options
from .progress import Progress
from .suggest import hint

__all__ = ["Consultation", "Result"]

STDIN = "-"


class Result(NamedTuple):
    """A diagnosis and the log it is about."""

    diagnosis: Diagnosis
    log: Log | None


class Consultation:
    """What the options ask for, checked once and applied to every log. InputError for facts, answers or columns that cannot be."""

    def __init__(self, options: Options, lang: Lang) -> None:
        """Loads the knowledge base and checks what was given beside the logs."""
        self.options = options
        self.lang: Lang = lang
        self.progress = Progress(sys.stderr, os.environ)
        self.columns = _columns(options.map, lang)
        self.progress.begin(say("cli.compiling", lang))
        try:
            self.kb = mind().kb
            self.facts = known_facts(options.know, self.kb, lang)
            self.answers = read_answers(options.answers, self.kb, lang) if options.answers is not None else {}
        finally:
            self.progress.end()

    def hold(self, source: str | None) -> Result:
        """The diagnosis of the log `source` ("-" = standard input), or without one of what was said. InputError when it cannot be read."""
        try:
            log = self._read(source) if source is not None else None
            self.progress.begin(say("cli.thinking", self.lang, file=log.source if log else ""))
            return Result(self._interview(log) if self.options.ask else self._diagnose(log, self.answers, self.options.max_questions), log)
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
                raise InputError(say("cli.stdin_unreadable", self.lang, reason=error.strerror or str(error))) from None
            self.progress.begin(say("cli.reading", self.lang, file=name))
            try:
                return read(str(spool), columns=self.columns or None)
            except InputError as error:
                raise InputError(error.in_words(self.lang).replace(str(spool), name)) from None

    def _diagnose(self, log: Log | None, answers: Mapping[str, Value | None], most: int) -> Diagnosis:
        return diagnose_log(log, text=self.options.say, facts=self.facts, answers=answers, max_questions=most, lang=self.lang)

    def _interview(self, log: Log | None) -> Diagnosis:
        """Ask at the prompt whatever the answer file leaves open."""
        if sys.stdin is None:
            raise InputError(say("cli.no_stdin", self.lang))
        prompt = Prompt(self.kb, self.lang, sys.stdin, sys.stderr, most=self.options.max_questions)
        given: dict[str, Value | None] = {}

        def reply(fact: str) -> Value | None:
            self.progress.end()
            so_far = partial(self._diagnose, log, given, len(given))
            answer = self.answers[fact] if fact in self.answers else prompt.ask(fact, so_far)
            given[fact] = answer
            return answer

        most = self.options.max_questions
        try:
            return diagnose_log(log, text=self.options.say, facts=self.facts, answers=reply, max_questions=most, lang=self.lang)
        except Enough:
            # What is asked follows from what is known: the same answers again lead to the same questions, and no further.
            return self._diagnose(log, given, len(given))
        finally:
            prompt.close()


def _renamed(log: Log, source: str) -> Log:
    return Log(source, log.format, log.series, log.axis, log.columns, log.notes, log.restarts)


def _columns(pairs: tuple[str, ...], lang: Lang) -> dict[str, str]:
    """Metric to column, from `METRIC=COLUMN` arguments."""
    columns: dict[str, str] = {}
    for pair in pairs:
        metric, equals, column = pair.partition("=")
        if not equals or not column:
            raise InputError(say("cli.not_a_pair", lang, option="--map", shape=say("cli.value.map", lang), value=printable(pair)))
        if metric not in METRICS and metric != "step":
            raise InputError(say("cli.unknown_metric", lang, name=printable(metric), hint=hint(metric, ("step", *METRICS), lang)))
        if metric in columns:
            raise InputError(say("cli.map_twice", lang, name=metric))
        columns[metric] = column
    return columns
