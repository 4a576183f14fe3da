""" "Did you mean ...?" for mistyped names."""

from __future__ import annotations

from collections.abc import Iterable

from ..messages import say
from .language import Lang

__all__ = ["hint", "nearest"]

CLOSE = 60
"""Least similarity (0..100) of a suggestion; below it a wrong guess is likelier than a help."""


def nearest(word: str, names: Iterable[str], close: float = CLOSE) -> str | None:
    """The nearest of `names`, or None when none is near; `close` = least similarity, 0..100."""
    from rapidfuzz import process, utils

    best = process.extractOne(word, list(names), processor=utils.default_process, score_cutoff=close)
    return best[0] if best else None


def hint(word: str, names: Iterable[str], lang: Lang) -> str:
    """Tail of an error message that names the nearest of `names`, or "" when none is near."""
    best = nearest(word, names)
    return say("cli.did_you_mean", lang, name=best) if best else ""
