"""Cards with a gap in a line of code: the call or argument that does the work is hidden wherever it stands."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator
from typing import NamedTuple

from ..kb import KnowledgeBase
from ..kb.model import Text
from .card import NOWHERE, Card, Cloze, both, dimension_of
from .derived import GAP, first_sentence

__all__ = ["code_cards", "hidden_name"]

LONGEST = 16
"""Lines of a snippet on a card, around the gap."""

PLAIN = frozenset({
    "print", "item", "append", "items", "keys", "values", "format", "join", "open", "read", "write", "close", "range", "len", "sum", "min",
    "max", "sorted", "enumerate", "zip", "isinstance", "float", "int", "str", "list", "dict", "set", "tuple", "any", "all", "abs", "round",
    "torch", "nn", "model", "optimizer", "loader", "train_loader", "loss", "inputs", "targets", "labels", "step", "backward", "data", "name",
    "args", "self", "super", "parameters", "named_parameters", "numpy", "tolist", "split", "strip", "get", "next", "iter", "flush", "exists",
    "dataset", "batch", "to", "device", "numel", "shape", "size", "dim", "end",
})  # fmt: skip
"""Names that carry nothing: hiding them would ask for spelling, not for knowledge."""


class _Source(NamedTuple):
    id: str
    name: Text
    about: Text
    code: str
    topics: frozenset[str]
    dimension: str


def code_cards(kb: KnowledgeBase) -> Iterator[Card]:
    """One card for each PyTorch snippet in which something worth knowing can be hidden."""
    for source in _sources(kb):
        told = f"{source.name.en} {source.name.zh} {source.about.en} {source.about.zh}".casefold()
        hidden = hidden_name(source.code, told)
        if hidden is None:
            continue
        entry = "quiz.ask.code_of" if source.about == source.name else "quiz.ask.code"
        asked = both(entry, name=source.name, about=source.about)
        code = re.sub(rf"\b{re.escape(hidden)}\b", GAP, source.code).rstrip()
        yield Card(
            f"code/{source.id}", "code", "debug", source.dimension, asked,  # pyright: ignore[reportArgumentType]
            Cloze((hidden,)), source.topics, code=_around(code), reveal=(), name=source.name,
        )  # fmt: skip


def _sources(kb: KnowledgeBase) -> Iterator[_Source]:
    for id in kb.ids("fixes"):
        fix = kb.fix(id)
        if code := fix.code.get("pytorch"):
            yield _Source(id, fix.name, fix.name, code, frozenset({id, fix.name.en, fix.name.zh}), NOWHERE)
    for id in kb.ids("causes"):
        cause = kb.cause(id)
        for at, check in enumerate(cause.confirm, start=1):
            if code := check.code.get("pytorch"):
                topics = frozenset({id, cause.group, cause.name.en, cause.name.zh})
                yield _Source(f"{id}.{at}", cause.name, first_sentence(check.how), code, topics, dimension_of(cause.group))
    for id in kb.ids("facts"):
        fact = kb.fact(id)
        if code := fact.code.get("pytorch"):
            yield _Source(id, fact.name, fact.ask, code, frozenset({id, fact.name.en, fact.name.zh}), NOWHERE)


def hidden_name(code: str, told: str) -> str | None:
    """The name to hide: of a call on something, or of an argument given by name; the longest that the words `told` do not mention."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                names.append(node.func.attr)
            names += [word.arg for word in node.keywords if word.arg]
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
    fit = [
        name
        for name in dict.fromkeys(names)
        if len(name) >= 4 and name not in PLAIN and name not in own and not keyword.iskeyword(name) and name.casefold() not in told
        and name.replace("_", " ").strip().casefold() not in told
    ]  # fmt: skip
    return max(fit, key=lambda name: ("_" in name, len(name)), default=None)


def _around(code: str) -> str:
    lines = code.splitlines()
    if len(lines) <= LONGEST:
        return code
    at = next(n for n, line in enumerate(lines) if GAP in line)
    start = max(0, min(at - LONGEST // 2, len(lines) - LONGEST))
    return "\n".join(lines[start : start + LONGEST])
