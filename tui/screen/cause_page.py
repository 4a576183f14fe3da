"""What there is to say about one cause: how to confirm it, what to do, why it is ranked so, and what tells it from the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...engine.diagnosis import Diagnosis, FixAdvice, RankedCause
from ...engine.session import Session
from ...kb.model import Check
from ...messages import say
from ..page import INDENT, Page
from ..phrases import Phrases, sentences
from ..report_text import why
from ..spans import Line, Span, plain
from ..terminal import Terminal
from .code import code_lines

__all__ = ["CausePage"]

CODE = 5
"""Cells that code is set in by."""

CHECKS, RESULTS = 3, 3
"""Ways to confirm that are shown, and outcomes of each."""


class CausePage(NamedTuple):
    """One cause of a diagnosis, ready to be written at any width."""

    session: Session
    diagnosis: Diagnosis
    cause: RankedCause
    words: Phrases
    frameworks: Sequence[str]

    def lines(self, width: int) -> list[Line]:
        """The whole page."""
        page = Page(Terminal(max(20, width)))
        words, cause = self.words, self.cause
        entry = self.session.mind.kb.cause(cause.id)
        page.text(words.named(cause.name), indent=0, style="title", aside=words.percent(cause.probability))
        page.text(sentences(entry.what.pick(words.lang), 2), indent=0)
        page.heading(self._say("confirm"))
        for number, check in enumerate(entry.confirm[:CHECKS], start=1):
            self._check(page, check, number)
        self._fixes(page)
        why(page, words, self.diagnosis, cause)
        self._differs(page)
        return page.lines

    def to_do(self) -> str:
        """What to do now, with the code, as text to copy."""
        page = Page(Terminal(96, pictures=False))
        page.text(self.words.named(self.cause.name), indent=0)
        for number, fix in enumerate(self.words.fixes(self.cause)["now"], start=1):
            self._fix(page, fix, number)
        return "\n".join(plain(line).rstrip() for line in page.lines) + "\n"

    def _say(self, entry: str, **values: object) -> str:
        return say(f"triage.cause.{entry}", self.words.lang, **values)

    def _check(self, page: Page, check: Check, number: int) -> None:
        words = self.words
        page.text(check.how.pick(words.lang), first=(Span(f"{number:>{INDENT}} "),), aside=words.say(f"effort.{check.effort}"))
        for result in check.results[:RESULTS]:
            text = self._say("outcome", when=result.when.pick(words.lang).rstrip("。."), means=result.means.pick(words.lang))
            page.text(text, first=(Span("   - ", "dim"),), style="dim")
        if code := words.code(check.code, self.frameworks):
            self._code(page, code[1])

    def _fixes(self, page: Page) -> None:
        plan = self.words.fixes(self.cause)
        page.heading(self.words.say("now"))
        for number, fix in enumerate(plan["now"], start=1):
            self._fix(page, fix, number)
        if plan["for_good"]:
            page.heading(self.words.say("for_good"))
            for fix in plan["for_good"]:
                text = self.words.say("advice", name=self.words.named(fix.name), text=sentences(fix.do, 2))
                page.text(text, first=(Span("  - ", "dim"),))

    def _fix(self, page: Page, fix: FixAdvice, number: int) -> None:
        page.text(self.words.named(fix.name), style="strong", first=(Span(f"{number:>{INDENT}} "),))
        page.text(fix.do, indent=INDENT + 1)
        if code := self.words.code(fix.code, self.frameworks):
            self._code(page, code[1])

    def _code(self, page: Page, code: str) -> None:
        """Lines to paste: whole where they are copied."""
        if page.terminal.pictures:
            page.lines += code_lines(code, page.terminal.width, CODE)
        else:
            page.code(code, indent=CODE)

    def _differs(self, page: Page) -> None:
        other = next((c for c in self.diagnosis.causes if c.id != self.cause.id), None)
        if other is None:
            return
        words, kb = self.words, self.session.mind.kb
        page.heading(self._say("differs", other=words.named(other.name)))
        told = {look.id: look.tell_apart for look in kb.cause(self.cause.id).mistaken_for}
        back = {look.id: look.tell_apart for look in kb.cause(other.id).mistaken_for}
        apart = told.get(other.id) or back.get(self.cause.id)
        if apart is not None:
            page.text(apart.pick(words.lang), indent=INDENT)
        if (fact := self._telling(other.id)) is not None:
            page.text(self._say("telling", ask=kb.fact(fact).ask.pick(words.lang)), indent=INDENT)
        elif apart is None:
            page.text(self._say("alike"), indent=INDENT)

    def _telling(self, other: str) -> str | None:
        """The open question whose answers differ most between the two causes."""
        ranking = self.session.mind.ranking
        a, b = ranking.index[self.cause.id], ranking.index[other]
        best: tuple[float, str] | None = None
        for candidate in self.session.candidates():
            given = ranking.given[candidate.ask.finding]
            apart = float(np.abs(given[:, a] - given[:, b]).sum()) / 2
            if best is None or apart > best[0]:
                best = apart, candidate.ask.fact
        return best[1] if best is not None and best[0] >= 0.2 else None
