"""What was understood of a message, as the other rooms see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..reason.kernel import Value

Span = tuple[int, int]
"""Start and end of words in the text as it was typed."""


SURE = 0.7
"""From here on it counts as said; below it is a guess (a misspelt word, a name that merely suggests it, a vague phrase) to be asked about."""


@dataclass(slots=True)
class Heard:
    """What was understood, each with the words it was understood from."""

    symptoms: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, tuple[Value, str]] = field(default_factory=dict[str, "tuple[Value, str]"])
    absent: dict[str, str] = field(default_factory=dict[str, str])
    """Symptoms that were denied ("no NaN so far")."""
    confidence: dict[str, float] = field(default_factory=dict[str, float])
    """How sure it is of each symptom and fact, 0 to 1."""
    missed: list[Span] = field(default_factory=list["tuple[int, int]"])
    """Stretches that say something of which nothing was understood."""
    unread: int = 0
    """Characters at the end of a very long message that were not read."""
    spans: dict[str, Span] = field(default_factory=dict[str, "tuple[int, int]"])
    """Where the words of each symptom and fact stand in the text."""

    @property
    def guesses(self) -> list[str]:
        """Symptoms and facts that were guessed rather than said, in the order of the text."""
        return sorted((id for id, sure in self.confidence.items() if sure < SURE), key=self.spans.__getitem__)
