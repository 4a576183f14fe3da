"""Values of facts: what the user typed, checked against the type of the fact."""

from __future__ import annotations

import math
from typing import Any

from ..errors import InputError
from ..kb import KnowledgeBase
from .reason.kernel import Value

YES = frozenset({"true", "yes", "y", "1", "on", "是", "是的", "对", "有", "会", "开", "yep"})
NO = frozenset({"false", "no", "n", "0", "off", "否", "不", "不是", "不对", "没有", "无", "没", "关", "nope"})


def check_value(kb: KnowledgeBase, fact: str, value: Any) -> Value:
    """`value` as the fact's type has it: bool, one of the enum's values, or a number in range.

    Raises InputError naming the fact, the value, and what is possible.
    """
    if fact not in kb.names["facts"]:
        raise _unknown(fact, kb)
    spec = kb.fact(fact)
    if spec.type == "bool":
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in YES or word in NO:
            return word in YES
        raise InputError.of("read.fact_bool", fact=fact, value=repr(value))
    if spec.type == "enum":
        word = str(value).strip().lower()
        if word in spec.values:
            return word
        if word == "false" and "none" in spec.values:
            return "none"
        raise InputError.of("read.fact_enum", fact=fact, value=repr(value), choices=tuple(spec.values))
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError.of("read.fact_number", fact=fact, value=repr(value)) from None
    low, high = spec.minimum, spec.maximum
    if isinstance(value, bool) or not math.isfinite(number) or (low is not None and number < low) or (high is not None and number > high):
        if low is None or high is None:
            raise InputError.of("read.fact_number", fact=fact, value=repr(value))
        raise InputError.of("read.fact_range", fact=fact, value=repr(value), low=low, high=high)
    return number


def _unknown(fact: str, kb: KnowledgeBase) -> InputError:
    from rapidfuzz import process

    best = process.extractOne(fact, list(kb.names["facts"]), score_cutoff=70)
    if best is None:
        return InputError.of("read.fact_unknown", fact=repr(fact))
    return InputError.of("read.fact_misspelt", fact=repr(fact), near=repr(best[0]))
