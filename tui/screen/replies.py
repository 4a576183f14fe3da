"""What a short message means while a question is open: an answer, "I don't know", "why?", one step back."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from ...engine.reason.kernel import Value
from ...engine.session import Session
from ...errors import InputError
from ..answers import UNKNOWN, value_of
from ..language import Lang
from .offers import values_of, wants_number

__all__ = ["Reply", "plainly_written", "reply_in", "split_answer"]

WHY = frozenset({"?", "why", "why?", "why do you ask", "why do you ask?", "为什么", "为什么?", "为什么问", "为什么问?", "怎么查"})
BACK = frozenset({"<", "back", "go back", "undo", "返回", "上一步", "退回", "撤销"})
SKIP = UNKNOWN | {
    "don't know", "dont know", "i don't know", "i dont know", "do not know", "i do not know", "no idea", "i have no idea", "no clue", "not sure",
    "i'm not sure", "im not sure", "unsure", "dunno", "idk", "can't tell", "cant tell", "don't remember", "skip", "pass",
    "不清楚", "不太清楚", "不确定", "不太确定", "不晓得", "我不知道", "说不准", "不好说", "没查过", "没看过",
    "没注意", "记不清", "记不得", "忘了", "跳过", "没印象",
}  # fmt: skip

_FIRST = re.compile(r"([^，,。;；\n]{1,40})[，,。;；]\s*(?=\S)")


class Reply(NamedTuple):
    """A message that concerns the open question alone."""

    deed: Literal["answer", "impossible", "why", "back", "idle"]
    """`impossible`: a number out of range; `idle`: "I don't know" while nothing is asked."""
    value: Value | None = None
    """The answer; None = "I don't know"."""
    complaint: tuple[str, str] = ("", "")
    """Why the number is impossible, in English and in Chinese."""


def plainly_written(text: str) -> str:
    """`text` in one case, with half-width signs."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def reply_in(text: str, session: Session) -> Reply | None:
    """What `text` replies to the open question; None when it is no reply."""
    fact, word = session.current, plainly_written(text).rstrip("。.!")
    if not word or "\n" in word:
        return None
    if word in BACK and session.asked:
        return Reply("back")
    if fact is None:
        return Reply("idle") if word in SKIP and session.known() else None
    if word in WHY:
        return Reply("why")
    if word in SKIP and word not in session.mind.kb.fact(fact).values:
        return Reply("answer")
    options = values_of(session)
    if options and word.isdecimal() and 1 <= int(word) <= len(options):
        word = options[int(word) - 1][0]
    try:
        value = value_of(fact, word, session.mind.kb, session.lang)
    except InputError:
        return Reply("impossible", complaint=_complaint(fact, word, session)) if wants_number(session) and _is_number(word) else None
    return None if value is None else Reply("answer", value)


def split_answer(text: str, session: Session) -> tuple[Value, str] | None:
    """The answer to the open question in the first clause of a message ("yes, and lr is 3e-4") and what comes after it; None without one."""
    found, fact = _FIRST.match(text), session.current
    if found is None or fact is None or wants_number(session):
        return None
    word = plainly_written(found[1])
    if word in SKIP or word in WHY or word in BACK:
        return None
    try:
        value = value_of(fact, word, session.mind.kb, session.lang)
    except InputError:
        return None
    return None if value is None else (value, text[found.end() :])


def _complaint(fact: str, word: str, session: Session) -> tuple[str, str]:
    """Why `word` is no answer, in both languages."""
    said: dict[Lang, str] = {"en": "", "zh": ""}
    for lang in said:
        try:
            value_of(fact, word, session.mind.kb, lang)
        except InputError as error:
            said[lang] = error.in_words(lang)
    return said["en"], said["zh"]


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
