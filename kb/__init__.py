"""What is known: the YAML under `knowledge/`, its schema, loader and lint. It never learns who reads it.

`load()` gives the whole `KnowledgeBase`; entries are validated once per content and then come from a compiled cache.
"""

from __future__ import annotations

from .base import KnowledgeBase, load

__all__ = ["KnowledgeBase", "load"]
