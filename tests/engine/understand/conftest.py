"""The knowledge base, and what is heard in a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lossclinic.engine.understand import Heard, understand
from lossclinic.kb import KnowledgeBase, load


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The product's own knowledge."""
    return load()


@pytest.fixture(scope="session")
def hear(kb: KnowledgeBase) -> Callable[[str], Heard]:
    """What the product hears in a text."""
    return lambda text: understand(text, kb)
