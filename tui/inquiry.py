"""What the user asks the clinic in the middle of a consultation: why not CAUSE, how, what if FACT=VALUE; 为什么不是 X, 依据, 如果 X.

One reading of such questions for the plain prompt and the chat.
"""

from __future__ import annotations

from ..engine.diagnosis import Model
from ..engine.reason import explain
from ..engine.session import Session
from ..errors import InputError
from ..kb import KnowledgeBase
from ..messages import say
from .answers import cause_of, fact_of, value_of
from .language import Lang
from .phrases import Phrases

__all__ = ["Unclear", "inquire"]

LISTED = 5
"""Causes that are listed with a number to choose from."""

WHY_NOT = ("why not", "why isn't it", "why is it not", "why can't it be", "为什么不是", "为啥不是", "为何不是", "怎么不是", "凭什么不是")
HOW = ("how do you know", "how did you get there", "how come", "how", "怎么得出", "怎么看出来", "依据是什么", "依据", "凭什么", "何以见得")
WHAT_IF = ("what if", "suppose", "如果", "假如", "要是", "假设")
TRAILING = " :,?：，？呢吗呀啊"


class Unclear(Exception):  # noqa: N818 - it is no error
    """A question of the user's that cannot be answered, with what to say about it."""


def inquire(reply: str, session: Session, kb: KnowledgeBase, lang: Lang) -> Model | None:
    """The explanation that `reply` (in one case, NFKC) asks for; None when it asks for none. Raises `Unclear`."""
    if (name := _after(reply, WHY_NOT)) is not None:
        return explain.why_not(session, _cause(name, session, kb, lang, WHY_NOT, 2))
    if (name := _after(reply, WHAT_IF)) is not None:
        return _what_if(name, session, kb, lang)
    if (name := _after(reply, HOW)) is not None:
        return explain.how(session, _cause(name or "1", session, kb, lang, HOW, 1))
    return None


def _cause(name: str, session: Session, kb: KnowledgeBase, lang: Lang, words: tuple[str, ...], place: int) -> str:
    """A cause by its number in the present ranking, or by its name."""
    ranked = session.diagnosis().causes[:LISTED]
    if name.isdecimal() and 1 <= int(name) <= len(ranked):
        return ranked[int(name) - 1].id
    if not name:
        return ranked[place - 1].id
    try:
        return cause_of(name, kb, lang, "")
    except InputError as error:
        word = next(w for w in words if w.isascii() != (lang == "zh"))
        phrases = Phrases(lang, kb)
        listed = "\n".join(f"  {n}: {phrases.named(c.name)} {phrases.percent(c.probability)}" for n, c in enumerate(ranked, start=1))
        raise Unclear(f"{error.in_words(lang)}\n{say('explain.ask.which_cause', lang, word=word)}\n{listed}") from None


def _what_if(text: str, session: Session, kb: KnowledgeBase, lang: Lang) -> Model:
    if not text:
        return explain.what_if(session)
    name, equals, value = text.partition("=")
    try:
        fact = fact_of(name.strip(), kb, lang, "")
        return explain.what_if(session, fact, value_of(fact, value if equals else "true", kb, lang))
    except InputError as error:
        from ..engine.understand import understand

        heard = understand(text, kb)
        for fact, (value, _) in heard.facts.items():
            return explain.what_if(session, fact, value)
        raise Unclear(error.in_words(lang)) from None


def _after(reply: str, words: tuple[str, ...]) -> str | None:
    """What stands after one of `words`; None when the reply begins otherwise."""
    for word in words:
        if reply == word or (reply.startswith(word) and (word[-1] > "\x7f" or reply[len(word)] in " :,?")):
            return reply[len(word) :].strip(TRAILING)
    return None
