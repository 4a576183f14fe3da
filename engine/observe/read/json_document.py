"""One JSON document: Hugging Face trainer_state.json (log_history), Keras History (lists by name), lists of records, TensorBoard's
[time, step, value] triples, and any of these nested somewhere in it.

Recognised by a first character "{" or "[" of something that is not JSON lines. Of all lists of records in the document, the one with
the most losses is the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import numpy as np

from ....errors import InputError
from ..log import Note
from .columns import meaning
from .json_records import add_record, number, with_json_numbers
from .names import clean
from .source import Source
from .table import Builder, Table, Track

__all__ = ["read", "sniff", "table_of_lists"]

MAX_NODES = 20_000
"""Places of the document looked at while searching for the log."""
MAX_DEPTH = 12


def sniff(source: Source) -> float:
    """0..1: how sure it is that the file is one JSON document."""
    start = source.head_text.lstrip()
    if start[:1] == "{":
        rest = start[1:].lstrip()
        return 0.9 if rest[:1] in {'"', "}"} else 0.0
    if start[:1] == "[":
        rest = start[1:].lstrip()
        if rest[:1] in {"{", "[", "]"}:
            return 0.8
        return 0.8 if rest[:1] and rest[:1] in '-0123456789"N' and _only_json(start) else 0.0
    return 0.0


def _only_json(start: str) -> bool:
    """ "[1.0, 2.0" rather than "[2024-05-01 12:00:00] loss"."""
    first = start.split("\n", 1)[0]
    return not any(c.isalpha() for c in first.replace("NaN", "").replace("Infinity", "").replace("e", "").replace("E", "")) and ":" not in first


def read(source: Source) -> Table:
    """The log inside the document; raises `InputError` with line and column where the document breaks, or when no log is in it."""
    text = source.text()
    table = _table(_document(text, source))
    if table is None:
        raise InputError.of("read.no_records", name=source.name)
    table.notes = [*source.notes, *table.notes]
    return table


def _document(text: str, source: Source) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError.of("read.json_nested", name=source.name) from None
    except ValueError as error:
        first = error
    text = with_json_numbers(text)
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError.of("read.json_nested", name=source.name) from None
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and (objects := _one_after_another(text, source)):
            return objects
        cut = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        if cut:
            raise InputError.of("read.json_cut", name=source.name, line=error.lineno, column=error.colno) from None
        reason = clean(error.msg)
        raise InputError.of("read.json_broken_at", name=source.name, line=error.lineno, column=error.colno, reason=reason) from None
    except ValueError:
        raise InputError.of("read.json_broken", name=source.name, reason=clean(str(first))) from None


def _one_after_another(text: str, source: Source) -> list[Any]:
    """Objects written one after the other over several lines each; the last one may break off."""
    decoder = json.JSONDecoder()
    objects: list[Any] = []
    at = 0
    while at < len(text):
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text):
            break
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            source.notes.append(Note("partial_last_line"))
            break
        objects.append(item)
    return objects if all(isinstance(item, dict) for item in objects) else []


def _table(document: Any) -> Table | None:
    if isinstance(document, dict):
        history = cast("dict[str, Any]", document).get("log_history")
        if isinstance(history, list) and history:
            return _records(cast("list[Any]", history), "hf_trainer")
    best: tuple[float, Table] | None = None
    for found in _candidates(document):
        score = _score(found)
        if score > 0 and (best is None or score > best[0]):
            best = (score, found)
    if best is None and isinstance(document, dict):
        alone = _records([document], "json")
        return alone if alone.tracks else None
    return best[1] if best else None


def _score(table: Table) -> float:
    kinds = [meaning(t.means or t.name).kind for t in table.tracks]
    losses = sum(1 for k in kinds if k in {"train_loss", "val_loss"})
    longest = max((len(t) for t in table.tracks), default=0)
    return (losses > 0) * 1000 + min(losses, 5) * 10 + float(np.log1p(longest)) * 20 + 0.1 * len(kinds) if longest else 0.0


def _candidates(document: Any) -> Iterator[Table]:
    for node in _nodes(document):
        if isinstance(node, list):
            items = cast("list[Any]", node)
            records = sum(1 for i in items[:50] if isinstance(i, dict))
            if records and records >= 0.8 * min(len(items), 50):
                yield _records(items, "json")
            elif triples := _triples(items):
                yield triples
        elif isinstance(node, dict):
            table = table_of_lists(cast("dict[str, Any]", node), "json")
            if table is not None:
                yield table
            keyed = _keyed_by_step(cast("dict[str, Any]", node))
            if keyed:
                yield _records(keyed, "json")
            split = _split_frame(cast("dict[str, Any]", node))
            if split is not None:
                yield split
    if isinstance(document, list):
        plain = table_of_lists({"loss": document}, "json")
        if plain is not None:
            yield plain


def _nodes(document: Any) -> Iterator[Any]:
    queue: list[tuple[Any, int]] = [(document, 0)]
    seen = 0
    while queue and seen < MAX_NODES:
        node, depth = queue.pop(0)
        seen += 1
        yield node
        if depth >= MAX_DEPTH:
            continue
        inner: list[Any] = []
        if isinstance(node, dict):
            inner = list(cast("dict[str, Any]", node).values())
        elif isinstance(node, list):
            inner = cast("list[Any]", node)[:200]
        queue += [(i, depth + 1) for i in inner if isinstance(i, (dict, list))]


def _records(items: list[Any], format_id: str) -> Table:
    builder = Builder()
    for item in items:
        if isinstance(item, dict):
            add_record(builder, cast("dict[str, Any]", item))
            builder.next()
    return builder.table(format_id)


def _keyed_by_step(node: dict[str, Any]) -> list[dict[str, Any]]:
    """{"0": {"loss": ..}, "1": {..}}: the keys count."""
    records: list[dict[str, Any]] = []
    for key, value in node.items():
        digits = "".join(c for c in key if c.isdigit())
        if not isinstance(value, dict) or not digits or len(digits) > 15 or len(key) - len(digits) > 8:
            return []
        inner = cast("dict[str, Any]", value)
        counted = any(meaning(k).kind in {"step", "epoch"} for k in inner)
        records.append(inner if counted else {("epoch" if "ep" in key.lower() else "step"): int(digits), **inner})
    return records if len(records) > 1 else []


def _split_frame(node: dict[str, Any]) -> Table | None:
    """A data frame as pandas writes it with orient="split": the names apart from the rows."""
    names, rows = node.get("columns"), node.get("data")
    if not isinstance(names, list) or not isinstance(rows, list):
        return None
    named = [str(name) for name in cast("list[Any]", names)]
    lists = [cast("list[Any]", row) for row in cast("list[Any]", rows) if isinstance(row, list)]
    if not lists or any(len(row) != len(named) for row in lists):
        return None
    return table_of_lists({name: [row[i] for row in lists] for i, name in enumerate(named)}, "json")


def _as_list(value: Any) -> Any:
    """{"0": 2.1, "1": 1.9}, as pandas writes a column, is a list."""
    if not isinstance(value, dict) or len(cast("dict[str, Any]", value)) < 2:
        return cast("Any", value)
    inner = cast("dict[str, Any]", value)
    if any(key != str(i) or isinstance(v, (dict, list)) for i, (key, v) in enumerate(inner.items())):
        return inner
    return list(inner.values())


def _triples(items: list[Any]) -> Table | None:
    """TensorBoard's download: [[wall time, step, value], ...]."""
    if len(items) < 2 or not all(isinstance(i, list) and len(cast("list[Any]", i)) in {2, 3} for i in items):
        return None
    rows = [[number(v) for v in cast("list[Any]", i)] for i in items]
    if any(v is None for row in rows for v in row[:-1]) or len({len(row) for row in rows}) != 1:
        return None
    names = ("wall_time", "step", "value")[-len(rows[0]) :]
    builder = Builder()
    for row in rows:
        for name, value in zip(names, row, strict=True):
            if value is not None:
                builder.add(name, value)
        builder.next()
    return builder.table("json")


def table_of_lists(node: dict[str, Any], format_id: str) -> Table | None:
    """{"loss": [..], "val_loss": [..]}, also one level deeper; None when no list of numbers is in it."""
    lists: dict[str, list[float | None]] = {}
    texts: dict[str, str] = {}
    pairs = [(str(k), _as_list(v)) for k, v in node.items()]
    pairs += [(f"{k}/{k2}", _as_list(v2)) for k, v in pairs if isinstance(v, dict) for k2, v2 in cast("dict[str, Any]", v).items()]
    for key, value in pairs:
        if not isinstance(value, list) or not value:
            continue
        values = [number(v) for v in cast("list[Any]", value)]
        found = sum(1 for v in values if v is not None)
        if found and found >= 0.5 * sum(1 for v in cast("list[Any]", value) if v is not None):
            lists[key] = values
        elif not any(isinstance(v, (dict, list)) for v in cast("list[Any]", value)):
            texts[clean(key)] = "empty" if not any(v is not None for v in cast("list[Any]", value)) else "text"
    if not lists:
        return None
    longest = max(len(v) for v in lists.values())
    tracks: list[Track] = []
    uneven = False
    for key, values in lists.items():
        rows = [i for i, v in enumerate(values) if v is not None]
        index = np.array(rows, dtype=np.int64)
        if len(values) != longest:
            uneven = uneven or len(values) > 1
            index = ((index + 1) * longest) // len(values) - 1
        tracks.append(Track(clean(key), index, np.array([values[i] for i in rows], dtype=np.float64)))
    notes = [Note("different_lengths")] if uneven else []
    return Table(format_id, tracks, longest, texts, notes=notes)
