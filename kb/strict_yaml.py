"""YAML as people write it by hand: the fast loader where there is one, and one that refuses a key that stands twice."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["DoubledKey", "Loader", "StrictLoader"]

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where the wheel has it (seven times faster), the pure Python loader elsewhere."""


class DoubledKey(yaml.MarkedYAMLError):
    """A key stands twice in one mapping."""

    def __init__(self, key: str, mark: yaml.Mark) -> None:
        super().__init__(problem=f"the key {key} appears twice", problem_mark=mark)
        self.key = key


class StrictLoader(Loader):
    """Raises `DoubledKey` where YAML would keep the last of two in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, when each of its keys stands once."""
        mapping: dict[Any, Any] = yaml.constructor.SafeConstructor.construct_mapping(self, node, deep)
        if len(mapping) != len(node.value):
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise DoubledKey(key.value, key.start_mark)
                seen.add(key.value)
        return mapping
