"""Questions at a plain prompt: numbered answers, one line each, on standard error; works over ssh, a pipe, and for screen readers."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TextIO

from ..engine.diagnosis import Diagnosis
from ..errors import InputError
from ..kb import KnowledgeBase
from ..kb.model import Fact
from ..messages import say
from .answers import Value, value_of
from .display import printable, wrap
from .language import Lang
from .phrases import Phrases

__all__ = ["Enough", "Prompt"]

WIDTH = 80

APART = 3
"""Causes named when the user asks why a question matters."""

STOP = frozenset({"q", "quit", "exit", "stop", "退出", "结束"})
SKIP = frozenset({"", "0", "unknown", "不知道", "dont know", "don't know", "跳过", "skip"})
WHY = frozenset({"?", "why", "how", "为什么", "怎么查"})


class Enough(Exception):  # noqa: N818 - it is no error
    """The user wants no more questions."""


class Prompt:
    """Puts questions to a person, one at a time."""

    def __init__(self, kb: KnowledgeBase, lang: Lang, replies: TextIO, screen: TextIO, *, most: int) -> None:
        """Reads from `replies`, writes to `screen`; `most` questions at most, as the user is told once."""
        self.kb = kb
        self.lang: Lang = lang
        self._replies = replies
        self._screen = screen
        self._most = most
        self._count = 0

    def ask(self, fact: str, so_far: Callable[[], Diagnosis]) -> Value | None:
        """The answer to the question about `fact`; None = "I don't know". `so_far` gives the diagnosis as it stands, to explain why the
        question matters. Raises `Enough` on "q" and at the end of the input."""
        entry = self.kb.fact(fact)
        if self._count == 0:
            self._tell("ask.intro", n=self._most)
        self._count += 1
        self._say("")
        self._tell("ask.question", n=self._count, ask=entry.ask.pick(self.lang))
        choices = self._choices(entry)
        for number, (_, label) in enumerate(choices, start=1):
            self._tell("ask.answer", indent=4, n=number, label=label)
        if not choices:
            unit = say("cli.ask.unit", self.lang, unit=entry.unit) if entry.unit else ""
            self._tell("ask.number", indent=4, unit=unit)
        while True:
            reply = self._reply()
            if reply in WHY:
                self._explain(fact, entry, so_far())
            elif reply in SKIP and (choices or reply != "0"):
                return None
            else:
                try:
                    return self._understood(fact, choices, reply)
                except InputError:
                    self._complain(entry, len(choices))

    def _choices(self, entry: Fact) -> list[tuple[str, str]]:
        """Value and wording of each answer; none for a number."""
        if entry.type == "number":
            return []
        values = entry.values or ("true", "false")
        plain = {"true": say("cli.ask.yes", self.lang), "false": say("cli.ask.no", self.lang)}
        return [(v, entry.labels[v].pick(self.lang) if v in entry.labels else plain.get(v, v)) for v in values]

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
        return reply

    def _explain(self, fact: str, entry: Fact, diagnosis: Diagnosis) -> None:
        phrases = Phrases(self.lang, self.kb)
        keys = {fact, entry.reads_as}
        apart = [cause for cause in diagnosis.causes if keys & self.kb.cause(cause.id).expects.keys()][:APART]
        names = [say("cli.ask.cause", self.lang, name=c.name, percent=phrases.percent(c.probability)) for c in apart]
        if len(names) > 1:
            self._tell("ask.why", causes=say("cli.ask.comma", self.lang).join(names))
        else:
            self._tell("ask.why_general")
        self._tell("ask.how", how=entry.find.pick(self.lang))
        code = phrases.code(entry.code, ())
        if code:
            for line in code[1].splitlines():
                self._say("    " + printable(line))

    def _complain(self, entry: Fact, choices: int) -> None:
        if choices:
            self._tell("ask.pick", n=choices)
        else:
            bounded = entry.minimum is not None and entry.maximum is not None
            span = say("cli.range", self.lang, low=entry.minimum, high=entry.maximum) if bounded else ""
            self._tell("ask.not_number", range=span)

    def close(self) -> None:
        """An empty line between the conversation and what follows, if there was a conversation."""
        if self._count:
            self._say("")

    def _tell(self, entry: str, indent: int = 0, **values: object) -> None:
        """A text; its lines after the first are indented by `indent`, the first one by half of it."""
        for number, line in enumerate(wrap(printable(say(f"cli.{entry}", self.lang, **values)), WIDTH - indent)):
            self._say(" " * (indent if number else indent // 2) + line)

    def _say(self, line: str) -> None:
        self._screen.write(line + "\n")
