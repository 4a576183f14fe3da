"""The quiz at a plain prompt: a question, a reply, what came of it. Works over ssh, in a pipe, and for screen readers."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TextIO

from ..kb import KnowledgeBase
from ..messages import say
from ..quiz.card import Choice, Cloze, Order
from ..quiz.check import Outcome, Presented, Reply
from ..quiz.drill import Drill
from ..quiz.mock import Mock, Scorecard
from .display import printable
from .language import Lang
from .page import Page
from .quiz_page import card_lines, decision_lines, letter, outcome_lines
from .quiz_report import clock
from .spans import Line, paint
from .terminal import Terminal

__all__ = ["BrokenOff", "Conversation", "run_drill", "run_mock", "when"]

HEIGHT = 22
"""Lines shown at once on a terminal before it waits, so that nothing scrolls away unread."""

LONGEST = 200
"""Lines of one answer."""


class BrokenOff(Exception):  # noqa: N818 - it is no error
    """The user wants to stop, or the input is at its end."""


class Command(Exception):  # noqa: N818 - it is no error
    """The user typed /undo or /skip."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Conversation:
    """Reads replies, shows lines."""

    def __init__(self, replies: TextIO, screen: TextIO, lang: Lang, terminal: Terminal, *, height: int = 0) -> None:
        """`height` > 0: wait after so many lines."""
        self.lang: Lang = lang
        self.terminal = terminal
        self._replies, self._screen, self._height = replies, screen, height

    def show(self, lines: Sequence[Line]) -> None:
        """Write lines; on a terminal a screenful at a time."""
        step = self._height or max(1, len(lines))
        for start in range(0, len(lines), step):
            if start:
                self._screen.write(say("quiz.more", self.lang))
                self._screen.flush()
                self._line()
            self._screen.write(paint(lines[start : start + step], colour=self.terminal.colour))
        self._screen.flush()

    def tell(self, entry: str, **values: object) -> None:
        """Write a text of the catalogue, wrapped."""
        page = Page(self.terminal)
        page.text(say(entry, self.lang, **values), indent=0)
        self.show(page.lines)

    def ask(self) -> str:
        """One line, stripped. Raises BrokenOff and Command."""
        self._screen.write("> ")
        self._screen.flush()
        line = self._line().strip()
        bare = unicodedata.normalize("NFKC", line).casefold()
        if bare.startswith("/"):
            if bare in ("/quit", "/q", "/exit", "/退出"):
                raise BrokenOff
            if bare in ("/undo", "/skip", "/撤销", "/稍后"):
                raise Command({"/撤销": "/undo", "/稍后": "/skip"}.get(bare, bare))
            self.tell("quiz.no_command")
            return self.ask()
        return line

    def ask_words(self) -> str:
        """Lines up to an empty one."""
        said: list[str] = []
        while len(said) < LONGEST:
            try:
                line = self.ask()
            except BrokenOff:
                if said and not self._more:
                    break
                raise
            if not line:
                break
            said.append(line)
        return "\n".join(said)

    _more = True
    """Whether the input may go on."""

    def _line(self) -> str:
        try:
            line = self._replies.readline()
        except UnicodeDecodeError:
            return "\ufffd"
        if not line:
            self._more = False
            self._screen.write("\n")
            raise BrokenOff
        if not self._replies.isatty():
            self._screen.write(printable(line.strip()) + "\n")
        return line


def when(due: datetime, now: datetime, lang: Lang) -> str:
    """How long until `due`, in words."""
    minutes = max(0.0, (due - now).total_seconds() / 60)
    for unit, length in (("days", 1440), ("hours", 60)):
        if minutes >= length:
            return say(f"quiz.when.{unit}", lang, n=round(minutes / length))
    return say("quiz.when.minutes", lang, n=max(1, round(minutes)))


def run_drill(drill: Drill, kb: KnowledgeBase, talk: Conversation) -> None:
    """Ask until there is nothing left or the user stops."""
    lang = talk.lang
    try:
        while drill.shown is not None:
            shown = drill.shown
            place = say("quiz.place", lang, n=min(drill.done + 1, drill.total), total=drill.total)
            talk.show([(), *card_lines(shown, kb, lang, talk.terminal, place, changed=drill.changed), ()])
            begun = time.monotonic()
            try:
                reply = _reply(talk, shown)
            except Command as command:
                _obey(command.name, drill, talk)
                continue
            took = time.monotonic() - begun
            outcome = drill.reply(reply, took)
            talk.show([(), *outcome_lines(shown, outcome, kb, lang, talk.terminal)])
            _leech(drill, shown, talk)
            try:
                _rate(drill, outcome, talk)
            except Command as command:
                _obey(command.name, drill, talk)
        drill.end()
    except BrokenOff:
        pass
    talk.tell("quiz.done", n=drill.answers, right=drill.right)
    if drill.shown is not None:
        talk.tell("quiz.left", n=max(1, drill.total - drill.done))


def _leech(drill: Drill, shown: Presented, talk: Conversation) -> None:
    memory = drill.progress.memory[shown.card.id]
    if memory.leech:
        talk.tell("quiz.leech", n=memory.lapses, page=next((topic for topic in sorted(shown.card.topics) if "_" in topic), shown.card.id))


def _obey(command: str, drill: Drill, talk: Conversation) -> None:
    if command == "/undo":
        talk.tell("quiz.undone" if drill.undo() else "quiz.nothing_to_undo")
    else:
        drill.skip()


def _reply(talk: Conversation, shown: Presented) -> Reply:
    """What the user answers, asked again until it can be understood."""
    match shown.card.answer:
        case Choice():
            while True:
                typed = _number(talk.ask())
                if typed is not None and 1 <= typed <= len(shown.options):
                    return typed - 1
                talk.tell("quiz.pick", n=len(shown.options))
        case Order(items=items):
            talk.tell("quiz.your_order")
            while True:
                places = _numbers(talk.ask(), len(items))
                if places is not None:
                    return places
                talk.tell("quiz.pick_order", n=len(items))
        case Cloze():
            talk.tell("quiz.your_code")
            return talk.ask()
        case _:
            talk.tell("quiz.your_words")
            return talk.ask_words()


def _number(typed: str) -> int | None:
    bare = unicodedata.normalize("NFKC", typed)
    return int(bare) if bare.isdecimal() and len(bare) < 4 else None


def _numbers(typed: str, count: int) -> tuple[int, ...] | None:
    """Positions from 0, when every number from 1 to `count` was given once; "213" and "2, 1, 3" are the same."""
    digits = [int(sign) for sign in unicodedata.normalize("NFKC", typed) if sign.isdecimal()]
    return tuple(n - 1 for n in digits) if sorted(digits) == list(range(1, count + 1)) else None


def _rate(drill: Drill, outcome: Outcome, talk: Conversation) -> None:
    """Let the user turn decisions round and choose the rating; Enter accepts."""
    while True:
        entry = "quiz.rate_words" if outcome.grade is not None else "quiz.rate"
        talk.tell(entry, suggested=say(f"quiz.rating.{outcome.suggested}", talk.lang))
        typed = unicodedata.normalize("NFKC", talk.ask()).casefold()
        number = _number(typed)
        if not typed:
            break
        if number is not None and 1 <= number <= 4:
            drill.amend(number)
            break
        if outcome.grade is not None:
            ids = [hit.id for hit in (*outcome.grade.points, *outcome.grade.wrong)]
            picked = [ids[n] for n in range(len(ids)) if letter(n) in typed.replace(",", " ").split()]
            if picked:
                outcome = drill.amend(ids=picked)
                talk.show(decision_lines(outcome, talk.lang, talk.terminal))
    if drill.last is not None:
        memory = drill.progress.memory[drill.last[1].card.id]
        talk.tell("quiz.comes_back", when=when(memory.due, datetime.now(UTC), talk.lang))


def run_mock(mock: Mock, talk: Conversation) -> Scorecard | None:
    """Hold the interview; None when it was broken off."""
    mock.begin()
    lang = talk.lang
    try:
        while (asked := mock.next()) is not None:
            entry = "quiz.mock.follow_up" if asked.point else "quiz.mock.question"
            talk.show([()])
            talk.tell(entry, n=asked.number, total=len(mock.questions), left=clock(mock.left))
            page = Page(talk.terminal)
            page.text(asked.text.pick(lang), indent=0, style="strong")
            talk.show(page.lines)
            begun = time.monotonic()
            try:
                said = talk.ask_words()
            except Command:
                talk.tell("quiz.no_command")
                continue
            mock.answer(asked, said, time.monotonic() - begun)
    except BrokenOff:
        talk.tell("quiz.mock.broken_off")
        return None
    if mock.left <= 0:
        talk.tell("quiz.mock.time_up")
    return mock.end()
