"""Explanations in the chat: why a question is asked, and what the user asks back ("why not X", "what if X", "how")."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...engine.explanation import Why
from ...engine.reason.explain import why
from ...engine.session import Session
from ...messages import say
from ..explaining import Block, explanation_blocks
from ..inquiry import Unclear, inquire
from ..language import Lang
from ..phrases import Phrases
from ..picture import frameworks
from .dialogue import voice_of
from .replies import plainly_written
from .turns import Paragraph, Turn

__all__ = ["explained", "why_asked"]

ASKS = 120
"""Characters up to which a message can be a question about the diagnosis."""

OPEN_QUESTIONS = ("how", "如果", "要是", "suppose", "假如", "假设", "凭什么")
"""Beginnings of such questions that may as well begin a report: heard as one where nothing fits."""

ANSWERS = 4
"""Answers whose effect is told when the user asks why a question matters."""


def explained(text: str, session: Session) -> Turn | None:
    """What the clinic says to a question of the user's; None when `text` is none, or there is nothing to explain yet."""
    word = plainly_written(text)
    if "\n" in word or len(word) > ASKS or not session.known() or session.healthy:
        return None

    def paragraphs() -> list[Paragraph]:
        try:
            explanation = inquire(word.rstrip("。.!"), session, session.mind.kb, session.lang)
        except Unclear as unclear:
            return [] if word.startswith(OPEN_QUESTIONS) else [Paragraph(str(unclear), "warn")]
        blocks = explanation_blocks(explanation, voice_of(session)) if explanation is not None else []
        return [paragraph for block in blocks for paragraph in _paragraphs(block, session.lang)]

    said = _in_both(session, paragraphs)
    return _turn(said) if said["en"] else None


def why_asked(fact: str, session: Session) -> Turn:
    """Why a question is asked: what its answers would do, and how to find out."""
    return _turn(_in_both(session, lambda: _reasons(why(session, fact), voice_of(session), frameworks(session.log))))


def _in_both(session: Session, explain: Callable[[], list[Paragraph]]) -> dict[str, list[Paragraph]]:
    """An explanation as things stand now, in either language."""
    lang = session.lang
    said: dict[str, list[Paragraph]] = {}
    try:
        for session.lang in ("en", "zh"):
            said[session.lang] = explain()
    finally:
        session.lang = lang
    return said


def _turn(said: dict[str, list[Paragraph]]) -> Turn:
    def words(words: Phrases) -> list[Paragraph]:
        return said[words.lang]

    return Turn("clinic", words)


def _reasons(reason: Why, words: Phrases, written_by: Sequence[str]) -> list[Paragraph]:
    names = [say("cli.ask.cause", words.lang, name=words.named(c.name), percent=words.percent(c.probability)) for c in reason.leaders]
    entry = "cli.ask.why" if len(names) > 1 else "cli.ask.why_general"
    if not names:
        entry = "explain.why.hidden"
    said = [Paragraph(say(entry, words.lang, causes=say("cli.ask.comma", words.lang).join(names)))]
    for answer in reason.answers[:ANSWERS]:
        shifts = [
            say("triage.why.shift", words.lang, name=words.named(s.name), before=words.percent(s.before), after=words.percent(s.after))
            for s in answer.shifts
            if words.percent(s.before) != words.percent(s.after)
        ]
        if shifts:
            listed = say("cli.ask.comma", words.lang).join(shifts)
            said.append(Paragraph(say("triage.why.answer", words.lang, label=answer.label, shifts=listed), "dim", "-"))
    said.append(Paragraph(say("cli.ask.how", words.lang, how=reason.find)))
    if code := words.code(reason.code, written_by):
        said.append(Paragraph(code[1], "code"))
    return said


def _paragraphs(block: Block, lang: Lang) -> Iterator[Paragraph]:
    """A block of an explanation as the chat shows it."""
    if block.kind == "code":
        yield Paragraph(block.text, "code")
        return
    mark = ("+" if block.decibans > 0 else "-") if block.kind == "sign" else "-" if block.kind == "item" else ""
    text = say(f"triage.aside.{block.kind}", lang, text=block.text, aside=block.aside) if block.aside else block.text
    yield Paragraph(text, "strong" if block.kind in ("title", "heading") else "", mark)
    yield from (Paragraph(below, "dim", " ") for below in block.below)
