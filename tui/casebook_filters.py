"""What is typed to find cases: words, and filters such as `cause:lr_too_high`, `status:open`, `since:2026-01-01` or `since:30d`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ..casebook.case import STATUSES, now
from ..casebook.store import Filter
from ..errors import InputError
from ..kb import KnowledgeBase
from ..messages import say
from .display import printable
from .language import Lang
from .suggest import hint

__all__ = ["case_id", "cause_called", "cause_meant", "filters"]

_FILTER = re.compile(r"(cause|status|since|病因|状态|起)[:：](.*)")
_KIND = {"病因": "cause", "状态": "status", "起": "since"}
_AGO = re.compile(r"(\d{1,5})([dwmy天周月年])")
_DAYS = {"d": 1, "天": 1, "w": 7, "周": 7, "m": 30, "月": 30, "y": 365, "年": 365}


def filters(words: Iterable[str], kb: KnowledgeBase, lang: Lang) -> tuple[str, Filter]:
    """The words that are not filters, and the filter. InputError for a filter that does not exist or a value that cannot be."""
    left: list[str] = []
    wanted = Filter()
    for word in " ".join(words).split():
        match = _FILTER.fullmatch(word)
        if match is None:
            left.append(word)
            continue
        kind, value = _KIND.get(match[1], match[1]), match[2].strip()
        if kind == "cause":
            wanted = wanted._replace(cause=cause_called(value, kb) or value)
        elif kind == "status":
            wanted = wanted._replace(status=_status(value, lang))
        else:
            wanted = wanted._replace(since=_since(value, lang))
    return " ".join(left), wanted


def _status(value: str, lang: Lang) -> str:
    for status in STATUSES:
        if value.casefold() == status or value in (say(f"casebook.status.{status}", "zh"), say(f"casebook.status.{status}", "en")):
            return status
    near = hint(value, STATUSES, lang)
    raise InputError(say("casebook.unknown_status", lang, value=printable(value), known=say("report.comma", lang).join(STATUSES), hint=near))


def _since(value: str, lang: Lang) -> datetime:
    ago = _AGO.fullmatch(value)
    try:
        if ago is not None:
            return now() - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
        moment = datetime.fromisoformat(f"{value}-01" if re.fullmatch(r"\d{4}-\d\d", value) else value)
    except (ValueError, OverflowError):
        raise InputError(say("casebook.not_a_day", lang, value=printable(value))) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def cause_called(name: str, kb: KnowledgeBase) -> str | None:
    """The id of the cause called `name`: its id, or its name in either language."""
    wanted = unicodedata.normalize("NFKC", name).strip().casefold()
    for id, both in kb.causes.items():
        if wanted.replace("-", "_").replace(" ", "_") == id or wanted in (both.en.casefold(), unicodedata.normalize("NFKC", both.zh).casefold()):
            return id
    return None


def cause_meant(text: str, kb: KnowledgeBase, lang: Lang) -> str:
    """The id of the cause that is meant, or the text when it is a cause in words. InputError for what looks like a mistyped id."""
    cause = cause_called(text, kb)
    if cause is None and re.fullmatch(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*", text.strip()):
        raise InputError(say("casebook.unknown_cause", lang, name=printable(text), hint=hint(text, kb.causes, lang)))
    return cause or text


def case_id(word: str) -> str:
    """The id that is meant: `7` is the seventh case of this year, `2025-7` that of 2025, `ref-7` the seventh reference case."""
    text = unicodedata.normalize("NFKC", word).strip().upper()
    match = re.fullmatch(r"(?:LC-)?(?:(\d{4}|REF)-)?(\d{1,9})", text)
    if match is None:
        return text
    return f"LC-{match[1] or now().year}-{int(match[2]):04d}"
