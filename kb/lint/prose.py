"""What people read: both languages, no folded Chinese, the same placeholders, the words of the glossary, nothing left to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from ..model import Term
from .document import Document, Leaf
from .finding import Finding
from .shelf import Shelf

__all__ = ["check"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
MARKS = "\u3001\u3002\uff0c\uff1b\uff1a\uff1f\uff01\uff08\uff09"

FOLDED = re.compile(f"[{HAN}{MARKS}] +(?=[{HAN}{MARKS}])|[{HAN}{MARKS}][ \t]*\n")
"""A blank or a line break after a Chinese character and before the next: what YAML folding leaves behind."""

HALF_WIDTH = re.compile(f"[{HAN}]\\(")
"""A bracket of the Latin alphabet where Chinese text has its own; `log(0)` and `(0.9, 0.999)` stay as they are."""

QUOTED = re.compile(r"`[^`]*`|「[^」]*」|『[^』]*』|‘[^’]*’|“[^”]*”|(?<![A-Za-z0-9])'[^']*'(?![A-Za-z0-9])|https?://\S+")
"""Code, quotations and addresses: words in them are somebody else's."""

FIGURE = re.compile(r"(?<![A-Za-z0-9_.])(\d+(?:\.\d+)?(?:e-?\d+)?)(?![A-Za-wyz0-9_]|\.\d)\s?([万亿]?)")
THOUSANDS = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")

TODO = re.compile(r"\bTODO\b")

FREE = frozenset({"aliases", "code", "references", "reference", "source", "avoid_zh", "avoid_en", "name", "examples", "provenance"})
"""Keys under which the words of the glossary do not bind: what others say, code, titles of papers, names that translate a term."""


def check(shelf: Shelf) -> Iterator[Finding]:
    """All faults of the prose."""
    avoid = _avoided(list(shelf.terms.values()))
    for document in shelf.documents:
        if document.kind in ("weights", "claims"):
            continue
        leaves = list(document.leaves())
        yield from _pairs(document, leaves)
        for leaf in leaves:
            yield from _one(document, leaf)
            if leaf.lang and document.kind != "glossary" and not FREE.intersection(leaf.location[:-1]):
                yield from _wordings(document, leaf, avoid)


def _one(document: Document, leaf: Leaf) -> Iterator[Finding]:
    if match := TODO.search(leaf.text):
        yield _at(document, leaf, match[0], "unfinished", text=_short(leaf.text))
    if leaf.lang == "zh":
        if match := FOLDED.search(leaf.text.strip()):
            yield _at(document, leaf, leaf.text.strip()[max(0, match.start() - 3) : match.end() + 4], "folded")
        if not re.search(f"[{HAN}]", leaf.text) and len(re.findall("[A-Za-z]{2,}", QUOTED.sub("", leaf.text))) > 4:
            yield _at(document, leaf, "", "wrong-language", wording="zh")
        if not FREE.intersection(leaf.location[:-1]) and (match := HALF_WIDTH.search(QUOTED.sub("", leaf.text))):
            yield _at(document, leaf, match[0], "half-width", text=_short(leaf.text))
    elif leaf.lang == "en" and "words" not in leaf.location and (match := re.search(f"[{HAN}]+", QUOTED.sub("", leaf.text))):
        yield _at(document, leaf, match[0], "wrong-language", wording="en", text=match[0])


def _pairs(document: Document, leaves: list[Leaf]) -> Iterator[Finding]:
    """The two sides of a text name the same placeholders and the same things in `code`."""
    sides = {leaf.location: leaf for leaf in leaves if leaf.lang}
    for location, english in sides.items():
        chinese = sides.get((*location[:-1], "zh")) if location[-1] == "en" else None
        if chinese is None or "aliases" in location:
            continue
        a, b = _placeholders(english.text), _placeholders(chinese.text)
        if a != b:
            here = chinese if a - b else english
            yield _at(document, here, "", "placeholder-missing", names=", ".join(sorted(a ^ b)))
        if "words" not in location and (differ := _figures(english.text) ^ _figures(chinese.text)):
            yield _at(document, chinese, "", "figure-differs", names=", ".join(f"{figure:g}" for figure in sorted(differ)))


def _placeholders(text: str) -> frozenset[str]:
    """Names of the `{placeholders}` outside of code."""
    bare = QUOTED.sub("", text)
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(bare) if name and name.isidentifier())
    except ValueError:
        return frozenset()


def _figures(text: str) -> frozenset[float]:
    """The exact figures of a text: decimals, powers of ten, and numbers of three or more digits that are not round.

    Small and round ones are left out, because a native writes "half", "twice" or 百来步 where the other language has a digit.
    """
    out: set[float] = set()
    for digits, unit in FIGURE.findall(THOUSANDS.sub("", text)):
        value = float(digits) * {"万": 1e4, "亿": 1e8}.get(unit, 1.0)
        if (value % 1 or "e" in digits or value >= 100) and value % 100:
            out.add(value)
    return frozenset(out)


def _avoided(terms: list[Term]) -> list[tuple[str, re.Pattern[str], str]]:
    """Language, what to look for, and what to write instead."""
    out: list[tuple[str, re.Pattern[str], str]] = []
    for term in terms:
        out.extend(("zh", re.compile(re.escape(word)), term.zh) for word in term.avoid_zh)
        out.extend(("en", re.compile(rf"(?<![A-Za-z_.]){re.escape(word)}s?(?![A-Za-z_(])", re.IGNORECASE), term.en) for word in term.avoid_en)
    return out


def _wordings(document: Document, leaf: Leaf, avoid: list[tuple[str, re.Pattern[str], str]]) -> Iterator[Finding]:
    bare = QUOTED.sub(lambda match: "`" * len(match[0]), leaf.text)
    for lang, pattern, instead in avoid:
        if lang == leaf.lang and (match := pattern.search(bare)):
            yield _at(document, leaf, match[0], "avoided-word", word=match[0], instead=instead)


def _at(document: Document, leaf: Leaf, part: str, rule: str, wording: str = "", **values: object) -> Finding:
    place = document.place_in(leaf, part) if part else document.place(leaf.location)
    return Finding(document.path, *place, rule, values, wording)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
