"""A knowledge file with the place of everything in it: the YAML nodes beside the plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..strict_yaml import Loader

__all__ = ["Document", "Leaf", "Location", "read"]

Location = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of text in a file."""

    location: Location
    text: str
    node: yaml.ScalarNode

    @property
    def lang(self) -> str:
        """ "en" or "zh" for one side of a `Text`, else ""."""
        last = self.location[-1] if self.location else ""
        return last if last in ("en", "zh") else ""  # pyright: ignore[reportReturnType]


class Document:
    """One file: its kind, its plain data, and where each part of it stands."""

    def __init__(self, kind: str, path: Path, text: str, node: yaml.Node | None, data: Any) -> None:
        """`node` and `data` are two views of the same `text`."""
        self.kind = kind
        self.path = path
        self.lines = text.splitlines()
        self.node = node
        self.data = data

    def place(self, location: Location, *, key: bool = False) -> tuple[int, int]:
        """Line and column (from 1) of the deepest part of `location` that is there; `key` = of its key rather than its value."""
        node, mark = self.node, self.node.start_mark if self.node else None
        for part in location:
            pair = _step(node, part)
            if pair is None:
                break
            mark = (pair[0] if key else pair[1]).start_mark
            node = pair[1]
        return (mark.line + 1, mark.column + 1) if mark else (1, 1)

    def has(self, location: Location) -> bool:
        """Whether the file has a value at `location`."""
        node = self.node
        for part in location:
            pair = _step(node, part)
            if pair is None:
                return False
            node = pair[1]
        return True

    def place_in(self, leaf: Leaf, part: str) -> tuple[int, int]:
        """Line and column of `part` inside the text of `leaf`, or of the leaf when it cannot be seen as it stands."""
        first, last = leaf.node.start_mark.line, min(leaf.node.end_mark.line, len(self.lines) - 1)
        for line in range(first, last + 1):
            at = self.lines[line].find(part, leaf.node.start_mark.column if line == first else 0)
            if at >= 0:
                return line + 1, at + 1
        return first + 1, leaf.node.start_mark.column + 1

    def leaves(self) -> Iterator[Leaf]:
        """Every text value with its location (keys as they are written)."""
        if self.node is not None:
            yield from _leaves(self.node, ())

    def doubled(self) -> Iterator[yaml.Node]:
        """Keys that stand twice in one mapping: YAML silently keeps the last."""
        if self.node is not None:
            yield from _doubled(self.node)


def read(kind: str, path: Path) -> Document:
    """The file as a `Document`. Raises yaml.YAMLError, OSError or UnicodeDecodeError when it cannot be read."""
    text = path.read_text("utf-8")
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()
    return Document(kind, path, text, node, data)


def _step(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        wanted = str(part).lower() if isinstance(part, bool) else str(part)
        return next(((key, value) for key, value in node.value if key.value == wanted), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _leaves(node: yaml.Node, location: Location) -> Iterator[Leaf]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _leaves(value, (*location, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _leaves(value, (*location, at))
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
        yield Leaf(location, str(node.value), node)


def _doubled(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield key
            seen.add(name)
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled(value)
