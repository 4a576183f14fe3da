"""Symptoms by their aliases: the names and slang of the knowledge base, found in normalised text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from ...kb import KnowledgeBase
from ..reason.kernel import Value


@dataclass(slots=True)
class Heard:
    """What was understood, each with the words it was understood from."""

    symptoms: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, tuple[Value, str]] = field(default_factory=dict[str, "tuple[Value, str]"])


def understand(text: str, kb: KnowledgeBase) -> Heard:
    """Symptoms whose name or alias stands in `text` (NFKC, case folded)."""
    heard = Heard()
    plain = unicodedata.normalize("NFKC", text).casefold()
    for id in kb.ids("symptoms"):
        symptom = kb.symptom(id)
        words = (symptom.name.en, symptom.name.zh, *symptom.aliases.en, *symptom.aliases.zh)
        found = next((w for w in words if unicodedata.normalize("NFKC", w).casefold() in plain), None)
        if found:
            heard.symptoms[id] = found
    return heard
