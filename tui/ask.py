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
from .answers import Value, value_of
from .blocks_text import add_blocks
from .display import printable, wrap
from .explaining import explanation_blocks
from .inquiry import Unclear, inquire
from .language import Lang
from .page import Page
from .phrases import Phrases
from .spans import plain
from .terminal import Terminal

__all__ = ["Back", "Enough", "Prompt"]

WIDTH = 80

STOP = frozenset({"q", "quit", "exit", "stop", "退出", "结束"})
SKIP = frozenset(
    {"", "0", "unknown", "不知道", "不清楚", "不确定", "没看过", "跳过", "skip"}
    | {"dont know", "don't know", "i dont know", "i don't know", "idk", "no idea", "not sure"}
)
BACK = frozenset({"back", "undo", "返回", "撤销", "上一个"})
WHY = frozenset({"?", "why", "为什么", "怎么查", "为什么问"})


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
            if session.screening:
                self._tell("ask.checks")
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
        elif (explanation := inquire(reply, session, self.kb, self.lang)) is not None:
            self.show(explanation)
        else:
            return False
        return True

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
