"""Values of facts: what the user typed, checked against the type of the fact."""

from __future__ import annotations

import math
from typing import Any

from ..errors import InputError
from ..kb import KnowledgeBase
from .reason.kernel import Value

YES = frozenset({"true", "yes", "y", "1", "on", "是", "对", "有", "会", "开"})
NO = frozenset({"false", "no", "n", "0", "off", "否", "不", "没有", "无", "没", "关"})


def check_value(kb: KnowledgeBase, fact: str, value: Any) -> Value:
    """`value` as the fact's type has it: bool, one of the enum's values, or a number in range.

    Raises InputError naming the fact, the value, and what is possible.
    """
    if fact not in kb.names["facts"]:
        raise InputError(f"unknown fact {fact!r}{_nearest(fact, kb)}")
    spec = kb.fact(fact)
    if spec.type == "bool":
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in YES or word in NO:
            return word in YES
        raise InputError(f"{fact} is true or false, not {value!r}")
    if spec.type == "enum":
        word = str(value).strip().lower()
        if word in spec.values:
            return word
        if word == "false" and "none" in spec.values:
            return "none"
        raise InputError(f"{fact} is one of {', '.join(spec.values)}, not {value!r}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{fact} is a number, not {value!r}") from None
    low, high = spec.minimum, spec.maximum
    if isinstance(value, bool) or not math.isfinite(number) or (low is not None and number < low) or (high is not None and number > high):
        span = f" between {low:g} and {high:g}" if low is not None and high is not None else ""
        raise InputError(f"{fact} is a number{span}, not {value!r}")
    return number


def _nearest(word: str, kb: KnowledgeBase) -> str:
    from rapidfuzz import process

    best = process.extractOne(word, list(kb.names["facts"]), score_cutoff=70)
    return f"; did you mean {best[0]!r}?" if best else "; `lossclinic kb search` lists them"
