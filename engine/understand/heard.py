"""What was understood of a message, as the other rooms see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..reason.kernel import Value

Span = tuple[int, int]
"""Start and end of words in the text as it was typed."""


@dataclass(slots=True)
class Heard:
    """What was understood, each with the words it was understood from."""

    symptoms: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, tuple[Value, str]] = field(default_factory=dict[str, "tuple[Value, str]"])
    absent: dict[str, str] = field(default_factory=dict[str, str])
    """Symptoms that were denied ("no NaN so far")."""
    spans: dict[str, Span] = field(default_factory=dict[str, "tuple[int, int]"])
    """Where the words of each symptom and fact stand in the text."""
