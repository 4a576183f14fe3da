"""What the user knows: `--know FACT=VALUE` and answer files, checked against the facts of the knowledge base."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, cast

from ..engine.facts import check_value
from ..errors import InputError, refusal
from ..kb import KnowledgeBase
from ..messages import say
from .display import printable
from .language import Lang
from .suggest import hint, nearest

__all__ = ["UNKNOWN", "cause_of", "known_facts", "read_answers", "value_of"]

UNKNOWN = frozenset({"", "unknown", "null", "none", "~", "?", "不知道", "未知"})
"""Ways to write "I don't know" (`none` only where it is no value of the fact)."""

Value = bool | int | float | str


def known_facts(pairs: Iterable[str], kb: KnowledgeBase, lang: Lang, option: str = "--know") -> dict[str, Value]:
    """Facts from `FACT=VALUE` arguments of `option`. InputError for an unknown fact or an impossible value."""
    facts: dict[str, Value] = {}
    for pair in pairs:
        name, equals, value = unicodedata.normalize("NFKC", pair).partition("=")
        if not equals:
            raise InputError(say("cli.not_a_pair", lang, option=option, shape=say("cli.value.know", lang), value=printable(pair)))
        place = option + say("report.colon", lang)
        fact = fact_of(name.strip(), kb, lang, place)
        known = value_of(fact, value, kb, lang, place)
        if known is not None:
            facts[fact] = known
    return facts


def fact_of(name: str, kb: KnowledgeBase, lang: Lang, place: str) -> str:
    """The id of the fact called `name`: its id, its name or another word for it in either language."""
    found = _called(name, "facts", kb)
    if found is not None:
        return found
    raise InputError(say("cli.unknown_fact", lang, place=place, name=printable(name), hint=_near(name, "facts", kb, lang)))


def cause_of(name: str, kb: KnowledgeBase, lang: Lang, place: str) -> str:
    """The id of the cause called `name`: its id, its name or another word for it in either language."""
    found = _called(name, "causes", kb)
    if found is not None:
        return found
    raise InputError(say("cli.unknown_cause", lang, place=place, name=printable(name), hint=_near(name, "causes", kb, lang)))


def _called(name: str, kind: Literal["facts", "causes"], kb: KnowledgeBase) -> str | None:
    if name in kb.ids(kind):
        return name
    return _names(kind, kb).get(_plain(name))


def _names(kind: Literal["facts", "causes"], kb: KnowledgeBase) -> dict[str, str]:
    """Every way to call an entry of a kind, plainly written, and its id: ids and names before other words."""
    names = {_plain(id): id for id in kb.ids(kind)}
    for id, both in (kb.facts if kind == "facts" else kb.causes).items():
        for text in (both.en, both.zh):
            names.setdefault(_plain(text), id)
    for id in kb.ids(kind):
        aliases = (kb.fact(id) if kind == "facts" else kb.cause(id)).aliases
        for text in (*aliases.en, *aliases.zh):
            names.setdefault(_plain(text), id)
    return names


def _near(name: str, kind: Literal["facts", "causes"], kb: KnowledgeBase, lang: Lang) -> str:
    """The id of the entry that is called most like `name`, as the tail of an error message."""
    names = _names(kind, kb)
    best = nearest(name, names)
    return say("cli.did_you_mean", lang, name=names[best]) if best else ""


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold().replace("_", " ").replace("-", " ")


def value_of(fact: str, text: str, kb: KnowledgeBase, lang: Lang, place: str = "") -> Value | None:
    """The value of `fact` that `text` says, or None for "I don't know". Values may also be given as their labels read."""
    entry = kb.fact(fact)
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    for value, label in entry.labels.items():
        if word in (unicodedata.normalize("NFKC", wording).casefold() for wording in (label.en, label.zh)):
            word = value
    if word in UNKNOWN and word not in entry.values:
        return None
    try:
        return check_value(kb, fact, word)
    except InputError:
        values: dict[str, Any] = {"place": place, "fact": fact, "value": printable(text.strip())}
        if entry.type == "enum":
            values |= {"choices": say("report.comma", lang).join(entry.values), "hint": hint(word, entry.values, lang)}
        if entry.type == "number":
            bounded = entry.minimum is not None and entry.maximum is not None
            values["range"] = say("cli.range", lang, low=entry.minimum, high=entry.maximum) if bounded else ""
        raise InputError(say(f"cli.impossible_{entry.type}", lang, **values)) from None


def read_answers(path: str, kb: KnowledgeBase, lang: Lang) -> dict[str, Value]:
    """Answers from a YAML file of `FACT: VALUE`. InputError with file:line for whatever is wrong in it."""
    import yaml

    file = printable(path)
    try:
        text = Path(path).read_text("utf-8-sig")
        root = cast("Any", yaml.compose(text, Loader=yaml.SafeLoader))  # pyright: ignore[reportUnknownMemberType]
    except FileNotFoundError:
        raise InputError(say("cli.answers_missing", lang, file=file)) from None
    except OSError as error:
        raise InputError(say("cli.answers_unreadable", lang, file=file, reason=refusal(error, lang))) from None
    except ValueError:
        raise InputError(say("cli.answers_encoding", lang, file=file)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
        line = mark.line + 1 if mark else 1
        raise InputError(say("cli.answers_syntax", lang, file=file, line=line, reason=printable(str(reason)))) from None
    answers: dict[str, Value] = {}
    seen: set[str] = set()
    for line, name, value in _pairs(root, file, lang):
        place = f"{file}:{line}" + say("report.colon", lang)
        fact = fact_of(name, kb, lang, place)
        if fact in seen:
            raise InputError(say("cli.answers_twice", lang, file=file, line=line, name=fact))
        seen.add(fact)
        known = value_of(fact, value, kb, lang, place)
        if known is not None:
            answers[fact] = known
    return answers


def _pairs(root: Any, file: str, lang: Lang) -> Iterable[tuple[int, str, str]]:
    """Line, key and value, as written, of a YAML mapping of scalars."""
    import yaml

    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise InputError(say("cli.answers_shape", lang, file=file, line=root.start_mark.line + 1))
    for key, value in root.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise InputError(say("cli.answers_shape", lang, file=file, line=line))
        yield line, str(key.value), str(value.value)
