"""Questions at a plain prompt: numbered answers, one line each, on standard error; works over ssh, a pipe, and for screen readers.

Beside an answer one may type why, how [CAUSE], why not CAUSE, what if [FACT=VALUE], back (为什么, 怎么得出, 为什么不是, 如果, 返回).
"""

from __future__ import annotations

import unicodedata
from typing import TextIO

from ..engine.diagnosis import Model
from ..engine.reason import explain
from ..engine.session import Session
from ..errors import InputError
from ..kb import KnowledgeBase
from ..kb.model import Fact
from ..messages import say
from .answers import Value, cause_of, fact_of, value_of
from .blocks_text import add_blocks
from .display import printable, wrap
from .explaining import explanation_blocks
from .language import Lang
from .page import Page
from .phrases import Phrases
from .spans import plain
from .terminal import Terminal

__all__ = ["Back", "Enough", "Prompt"]

WIDTH = 80

LISTED = 5
"""Causes that are listed with a number to choose from."""

STOP = frozenset({"q", "quit", "exit", "stop", "退出", "结束"})
SKIP = frozenset({"", "0", "unknown", "不知道", "dont know", "don't know", "跳过", "skip"})
BACK = frozenset({"back", "undo", "返回", "撤销", "上一个"})
WHY = frozenset({"?", "why", "为什么", "怎么查", "为什么问"})
WHY_NOT = ("why not", "为什么不是", "为何不是")
HOW = ("how", "怎么得出", "依据")
WHAT_IF = ("what if", "如果", "假如")


class Enough(Exception):  # noqa: N818 - it is no error
    """The user wants no more questions."""


class Back(Exception):  # noqa: N818 - it is no error
    """The user takes the last answer back."""


class Prompt:
    """Puts questions to a person, one at a time."""

    def __init__(self, kb: KnowledgeBase, lang: Lang, replies: TextIO, screen: TextIO, *, most: int) -> None:
        """Reads from `replies`, writes to `screen`; `most` questions at most, as the user is told once."""
        self.kb = kb
        self.lang: Lang = lang
        self._replies = replies
        self._screen = screen
        self._most = most
        self._begun = False

    def ask(self, fact: str, session: Session) -> Value | None:
        """The answer to the question about `fact`; None = "I don't know". `session` explains whatever the user asks meanwhile, and stays as
        it is. Raises `Back` when the last answer is taken back, `Enough` on "q" and at the end of the input."""
        entry = self.kb.fact(fact)
        if not self._begun:
            self._tell("ask.intro", n=self._most)
            self._begun = True
        self._say("")
        self._tell("ask.question", n=len(session.asked) + 1, ask=entry.ask.pick(self.lang))
        choices = self._choices(entry)
        for number, (_, label) in enumerate(choices, start=1):
            self._tell("ask.answer", indent=4, n=number, label=label)
        if not choices:
            unit = say("cli.ask.unit", self.lang, unit=entry.unit) if entry.unit else ""
            self._tell("ask.number", indent=4, unit=unit)
        while True:
            reply = self._reply()
            if reply in SKIP and (choices or reply != "0"):
                return None
            try:
                if not self._explained(reply, fact, session):
                    return self._understood(fact, choices, reply)
            except Unclear as unclear:
                self._paragraph(str(unclear))
            except InputError:
                self._complain(entry, len(choices))

    def _choices(self, entry: Fact) -> list[tuple[str, str]]:
        """Value and wording of each answer; none for a number."""
        if entry.type == "number":
            return []
        values = entry.values or ("true", "false")
        words = {"true": say("cli.ask.yes", self.lang), "false": say("cli.ask.no", self.lang)}
        return [(v, entry.labels[v].pick(self.lang) if v in entry.labels else words.get(v, v)) for v in values]

    def _understood(self, fact: str, choices: list[tuple[str, str]], reply: str) -> Value | None:
        if choices and reply.isdecimal():
            if not 1 <= int(reply) <= len(choices):
                raise InputError(reply)
            reply = choices[int(reply) - 1][0]
        return value_of(fact, reply, self.kb, self.lang)

    def _reply(self) -> str:
        self._screen.write(say("cli.ask.prompt", self.lang))
        self._screen.flush()
        try:
            line = self._replies.readline()
        except UnicodeDecodeError:
            return "\ufffd"
        if not line:
            self._say("")
            raise Enough
        if not self._replies.isatty():
            self._say(printable(line.strip()))
        reply = unicodedata.normalize("NFKC", line).strip().casefold()
        if reply in STOP:
            raise Enough
        if reply in BACK:
            raise Back
        return reply

    def _explained(self, reply: str, fact: str, session: Session) -> bool:
        """Whether the reply was a question of the user's, which is answered then."""
        if reply in WHY:
            self.show(explain.why(session, fact))
        elif (name := _after(reply, WHY_NOT)) is not None:
            self.show(explain.why_not(session, self._cause(name, session, WHY_NOT, 2)))
        elif (name := _after(reply, WHAT_IF)) is not None:
            self._what_if(name, session)
        elif (name := _after(reply, HOW)) is not None:
            self.show(explain.how(session, self._cause(name or "1", session, HOW, 1)))
        else:
            return False
        return True

    def _cause(self, name: str, session: Session, words: tuple[str, str] | tuple[str, ...], place: int) -> str:
        """A cause by its number in the present ranking, or by its name."""
        ranked = session.diagnosis().causes[:LISTED]
        if name.isdecimal() and 1 <= int(name) <= len(ranked):
            return ranked[int(name) - 1].id
        if not name:
            return ranked[place - 1].id
        try:
            return cause_of(name, self.kb, self.lang, "")
        except InputError as error:
            word = words[1 if self.lang == "zh" else 0]
            phrases = Phrases(self.lang, self.kb)
            listed = "\n".join(f"  {n}: {phrases.named(c.name)} {phrases.percent(c.probability)}" for n, c in enumerate(ranked, start=1))
            raise Unclear(f"{error.in_words(self.lang)}\n{say('explain.ask.which_cause', self.lang, word=word)}\n{listed}") from None

    def _what_if(self, text: str, session: Session) -> None:
        if not text:
            self.show(explain.what_if(session))
            return
        name, equals, value = text.partition("=")
        try:
            fact = fact_of(name.strip(), self.kb, self.lang, "")
            self.show(explain.what_if(session, fact, value_of(fact, value if equals else "true", self.kb, self.lang)))
        except InputError as error:
            raise Unclear(error.in_words(self.lang)) from None

    def show(self, explanation: Model) -> None:
        """Put an explanation on the screen."""
        page = Page(Terminal(WIDTH))
        add_blocks(page, explanation_blocks(explanation, Phrases(self.lang, self.kb)))
        for line in page.lines:
            self._say(plain(line).rstrip())
        self._say("")

    def taken_back(self, fact: str | None) -> None:
        """Say which answer is taken back; None = there was none."""
        entry = "explain.ask.back" if fact else "explain.ask.back_nothing"
        self._paragraph(say(entry, self.lang, ask=self.kb.fact(fact).ask.pick(self.lang) if fact else ""))

    def _complain(self, entry: Fact, choices: int) -> None:
        if choices:
            self._tell("ask.pick", n=choices)
        else:
            bounded = entry.minimum is not None and entry.maximum is not None
            span = say("cli.range", self.lang, low=entry.minimum, high=entry.maximum) if bounded else ""
            self._tell("ask.not_number", range=span)

    def close(self) -> None:
        """An empty line between the conversation and what follows, if there was a conversation."""
        if self._begun:
            self._say("")

    def _tell(self, entry: str, indent: int = 0, **values: object) -> None:
        self._paragraph(say(f"cli.{entry}", self.lang, **values), indent)

    def _paragraph(self, text: str, indent: int = 0) -> None:
        """A text; its lines after the first are indented by `indent`, the first one by half of it."""
        lines = [line for part in text.split("\n") for line in wrap(printable(part), WIDTH - indent)]
        for number, line in enumerate(lines):
            self._say(" " * (indent if number else indent // 2) + line)

    def _say(self, line: str) -> None:
        self._screen.write(line + "\n")


class Unclear(Exception):  # noqa: N818 - it is no error
    """A question of the user's that cannot be answered, with what to say about it."""


def _after(reply: str, words: tuple[str, ...]) -> str | None:
    """What stands after one of `words`; None when the reply begins otherwise."""
    for word in words:
        if reply == word or (reply.startswith(word) and (word[-1] > "\x7f" or reply[len(word)] in " :,")):
            return reply[len(word) :].strip(" :,?")
    return None
