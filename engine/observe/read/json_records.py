"""One JSON object -> the numbers of one row, whatever is nested in it; shared by JSON lines and JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, cast

from .cells import to_float
from .table import Builder

__all__ = ["add_record", "number"]

_PHASE_KEYS = ("mode", "split", "phase", "stage", "subset", "type", "set", "dataset")
_VAL_WORDS = frozenset({"val", "valid", "validation", "eval", "evaluation", "test", "dev", "验证", "测试"})
_MEANS = ("mean", "value", "avg", "average", "val")
"""In {"num": .., "mean": .., "std": ..} these hold the value itself."""
_WRAPPERS = frozenset({"metrics", "logs", "log", "data", "scalars", "stats", "results", "values", "history", "payload", "record"})
MAX_DEPTH = 6


def number(value: Any) -> float | None:
    """The number that a JSON value stands for; None for text, lists, booleans and null."""
    kind = type(value)
    if kind is float:
        return value
    if kind is int:
        try:
            return float(value)
        except OverflowError:
            return inf if value > 0 else -inf
    if kind is str:
        return to_float(value) if len(value) <= 40 else None
    return None


def add_record(builder: Builder, record: Mapping[str, Any]) -> None:
    """Put the numbers of `record` into the current row of `builder`."""
    prefix = ""
    for key in _PHASE_KEYS:
        word = record.get(key)
        if isinstance(word, str) and word.lower() in _VAL_WORDS:
            prefix = "val/"
            break
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
        kind = type(value)
        if kind is float:
            builder.add(_name(path, key, prefix), value)
        elif kind is int:
            builder.add(_name(path, key, prefix), cast("float", number(value)))
        elif kind is dict:
            if depth < MAX_DEPTH:
                _nested(builder, value, _join(path, str(key)), prefix, depth)
        elif value is None or kind is bool:
            if value is None:
                builder.text(_join(path, str(key)), "empty")
        elif kind is str:
            found = number(value)
            if found is None:
                builder.text(_join(path, str(key)))
            else:
                builder.add(_name(path, key, prefix), found)
        elif kind is list and len(value) == 1 and (found := number(value[0])) is not None:
            builder.add(_name(path, key, prefix), found)


def _nested(builder: Builder, value: Mapping[str, Any], path: str, prefix: str, depth: int) -> None:
    for mean in _MEANS:
        if mean in value and (found := number(value[mean])) is not None and len(value) <= 8:
            builder.add(_name("", path, prefix), found)
            return
    _add(builder, value, "" if path.lower() in _WRAPPERS else path, prefix, depth + 1)


def _name(path: str, key: str, prefix: str) -> str:
    name = _join(path, str(key))
    if prefix and name.lower() not in {"epoch", "step", "iter", "global_step", "iteration", "time", "lr"}:
        return prefix + name
    return name


def _join(path: str, key: str) -> str:
    return f"{path}/{key}" if path else key
