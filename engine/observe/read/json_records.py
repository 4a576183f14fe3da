"""One JSON object -> the numbers of one row, whatever is nested in it; shared by JSON lines and JSON documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import inf
from typing import Any, cast

from .cells import to_float
from .table import Builder

__all__ = ["add_record", "number", "with_json_numbers"]

_PHASE_KEYS = ("mode", "split", "phase", "stage", "subset", "type", "set", "dataset")
_PHASE_NAMES = frozenset(_PHASE_KEYS)
_VAL_WORDS = frozenset({"val", "valid", "validation", "eval", "evaluation", "test", "dev", "验证", "测试"})
_PHASELESS = frozenset({"epoch", "step", "iter", "global_step", "iteration", "time", "lr"})
_MEANS = ("mean", "value", "avg", "average", "val")
"""In {"num": .., "mean": .., "std": ..} these hold the value itself."""
_WRAPPERS = frozenset({"metrics", "logs", "log", "data", "scalars", "stats", "results", "values", "history", "payload", "record"})
MAX_DEPTH = 6
_ODD_NUMBER = re.compile(r"(?<=[:\[,\s])([-+]?)(nan|inf|infinity)(?=\s*[,}\]])", re.I)
_SPELLING = {"nan": "NaN", "inf": "Infinity", "infinity": "Infinity"}


def with_json_numbers(text: str) -> str:
    """`text` with nan, inf and their like as Python's JSON reader spells them."""
    fixed = _ODD_NUMBER.sub(lambda m: m.group(1).replace("+", "") + _SPELLING[m.group(2).lower()], text)
    return fixed.replace("-NaN", "NaN")


def number(value: Any) -> float | None:
    """The number that a JSON value stands for; None for text, lists, booleans and null."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            return inf if value > 0 else -inf
    if isinstance(value, str):
        return to_float(value) if len(value) <= 40 else None
    return None


def add_record(builder: Builder, record: Mapping[str, Any]) -> None:
    """Put the numbers of `record` into the current row of `builder`."""
    if not record:
        return
    prefix = ""
    if not _PHASE_NAMES.isdisjoint(record):
        words = (record.get(key) for key in _PHASE_KEYS)
        prefix = "val/" if any(isinstance(word, str) and word.lower() in _VAL_WORDS for word in words) else ""
    label = _long_form(record)
    if label is not None:
        name, value = label
        builder.add(name, value)
        for key in record:
            if key not in {"value", "metric", "tag", "name", "key"} and (n := number(record[key])) is not None:
                builder.add(key, n)
        return
    _add(builder, record, "", prefix, 0)


def _long_form(record: Mapping[str, Any]) -> tuple[str, float] | None:
    """{"metric": "loss", "value": 0.3, "step": 10}: the name is in the record."""
    if "value" not in record or len(record) > 8:
        return None
    value = number(record["value"])
    for key in ("metric", "tag", "name", "key"):
        word = record.get(key)
        if isinstance(word, str) and value is not None:
            return word, value
    return None


def _add(builder: Builder, record: Mapping[str, Any], path: str, prefix: str, depth: int) -> None:
    for key, value in record.items():
        name = f"{path}/{key}" if path else str(key)
        if isinstance(value, dict):
            if depth < MAX_DEPTH:
                _nested(builder, cast("dict[str, Any]", value), name, prefix, depth)
            continue
        if isinstance(value, list) and len(cast("list[Any]", value)) == 1:
            value = cast("list[Any]", value)[0]
        found = number(value)
        if found is not None:
            builder.add(_phased(_of_total(name, value) if isinstance(value, str) else name, prefix), found)
        elif value is None or isinstance(value, str):
            builder.text(name, "empty" if value is None else "text")


def _of_total(name: str, value: str) -> str:
    """ "global_step/max_steps" with the value "10/1000" is the global step."""
    return name.rpartition("/")[0] if "/" in name and "/" in value else name


def _nested(builder: Builder, value: Mapping[str, Any], path: str, prefix: str, depth: int) -> None:
    for mean in _MEANS:
        if mean in value and (found := number(value[mean])) is not None and len(value) <= 8:
            builder.add(_phased(path, prefix), found)
            return
    _add(builder, value, "" if path.lower() in _WRAPPERS else path, prefix, depth + 1)


def _phased(name: str, prefix: str) -> str:
    return prefix + name if prefix and name.lower() not in _PHASELESS else name
