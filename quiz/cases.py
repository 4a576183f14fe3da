"""Cards from the team's casebook: what was seen is told, the confirmed cause is to be named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..casebook.case import Case
from ..kb import KnowledgeBase
from ..kb.model import Text
from .card import Card, Choice, Option, both, dimension_of
from .derived import GAP, OPTIONS

__all__ = ["case_cards"]

LONGEST = 900
"""Characters of the report that are told."""


def case_cards(kb: KnowledgeBase, cases: Iterable[Case]) -> Iterator[Card]:
    """A card for each confirmed case whose cause the knowledge base has and whose report says something."""
    for case in cases:
        if not case.confirmed or case.cause not in kb.ids("causes"):
            continue
        cause = kb.cause(case.cause)
        names = (cause.name.en, cause.name.zh, *cause.aliases.en, *cause.aliases.zh, cause.id)
        told = {lang: _told(case, lang, names) for lang in ("en", "zh")}
        if not all(told.values()):
            continue
        near = [other.id for other in cause.mistaken_for if other.id in kb.ids("causes")]
        near += [other for other in kb.ids("causes") if other != case.cause and kb.cause(other).group == cause.group]
        near += [other for other in kb.ids("causes") if other != case.cause]
        ruled_out = [other for other in case.ruled_out if other in kb.ids("causes")]
        others = list(dict.fromkeys((*ruled_out, *near)))[: OPTIONS - 1]
        options = (Option(cause.name, right=True), *(Option(kb.causes[other]) for other in others))
        prompt = both("quiz.ask.case", title=case.id, summary=Text(**told))
        reveal = tuple(
            text for section in ("cause", "fix") if (text := _pair(getattr(case.told("en"), section), getattr(case.told("zh"), section))) is not None
        )  # fmt: skip
        topics = frozenset({case.cause, cause.group, case.id, *(sign.id for sign in case.symptoms)})
        yield Card(f"case/{case.uid or case.id}", "case", "debug", dimension_of(cause.group), prompt, Choice(options), topics, reveal=reveal)


def _told(case: Case, lang: str, names: Iterable[str]) -> str:
    """What was seen, without the name of the cause: symptoms as they were recorded, and the words of the report."""
    telling = case.told(lang)
    signs = " ".join(sign.summary for sign in case.symptoms if sign.summary and case.lang == lang)
    text = " ".join(part for part in (telling.title, telling.seen, signs) if part)
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), GAP, text, flags=re.IGNORECASE)
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + " ..."


def _pair(english: str, chinese: str) -> Text | None:
    if not (english or chinese):
        return None
    return Text(en=english or chinese, zh=chinese or english)
