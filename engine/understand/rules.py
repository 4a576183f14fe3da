"""The rules of `phrases/symptoms.yaml`: which frames and manners, and how close together, make a symptom.

A rule is a row of conditions joined by `&`. The first is a frame and is what the rule is about; the others ask for more around it:

    loss:jump & sentence loss:recover & no near resume

A frame is `[split.]subjects:movements`. Subjects and movements are alternatives joined by `|`; `any` is every subject. Without a split
the frame is about training or about nothing in particular; `val.` is about validation, `all.` about either. Any other word is a manner.
How close: `clause` (the default), `sentence`, `later` (in
the sentence and behind), `after` (anywhere behind), `near` (the sentence, the one before and the one after), `message`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ...kb.model import Aliases, Entry
from .scene import Frame, Scene

Scope = Literal["clause", "sentence", "later", "after", "near", "message"]
FRAME = re.compile(r"(?:(?P<split>val|train|all)\.)?(?P<kinds>[\w|]+):(?P<moves>[\w|]+)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a frame must be."""

    split: str
    kinds: frozenset[str]
    moves: frozenset[str]

    def fits(self, frame: Frame) -> bool:
        """Whether the frame is of this pattern."""
        if frame.move not in self.moves or ("any" not in self.kinds and frame.kind not in self.kinds):
            return False
        if self.split == "all":
            return True
        if self.split == "val":
            return "val" in frame.splits and "train" not in frame.splits
        if self.split == "train":
            return "train" in frame.splits
        return "val" not in frame.splits or "train" in frame.splits


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must stand around the frame, or must not."""

    wanted: bool
    scope: Scope
    pattern: Pattern | None
    manners: frozenset[str]

    def holds(self, frame: Frame, scene: Scene) -> bool:
        """Whether it holds around `frame`."""
        if self.pattern is not None:
            found = any(
                other is not frame and self.pattern.fits(other) and self._reaches(frame, other.clause, other.sentence, other.last)
                for other in scene.moving(self.pattern.moves)
            )
        else:
            found = any(self._reaches(frame, place.clause, place.sentence, place.at) for place in scene.places(self.manners))
        return found == self.wanted

    def _reaches(self, frame: Frame, clause: int, sentence: int, at: int) -> bool:
        if self.scope == "clause":
            return clause == frame.clause
        if self.scope == "sentence":
            return sentence == frame.sentence
        if self.scope == "later":
            return sentence == frame.sentence and at > frame.last
        if self.scope == "after":
            return at > frame.last
        return self.scope == "message" or abs(sentence - frame.sentence) <= 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the frame it is about, and the conditions around it."""

    about: Pattern
    conditions: tuple[Condition, ...]

    def finds(self, scene: Scene) -> Frame | None:
        """The first frame that the rule is true of."""
        for frame in scene.moving(self.about.moves):
            if self.about.fits(frame) and all(c.holds(frame, scene) for c in self.conditions):
                return frame
        return None


def pattern(text: str) -> Pattern:
    """A frame pattern from its notation; ValueError when it is none."""
    match = FRAME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no frame; write subject:movement")
    return Pattern(match["split"] or "", frozenset(match["kinds"].split("|")), frozenset(match["moves"].split("|")))


def rule(text: str) -> Rule:
    """A rule from its notation; ValueError says what is wrong with it."""
    first, *others = (part.strip() for part in text.split("&"))
    conditions: list[Condition] = []
    for other in others:
        words = other.split()
        wanted = words[0] != "no"
        words = words if wanted else words[1:]
        scope: Scope = "clause"
        if words and words[0] in get_args(Scope):
            scope = words[0]  # pyright: ignore[reportAssignmentType]
            words = words[1:]
        if len(words) != 1:
            raise ValueError(f"{other!r}: one frame or one row of manners, after `no` and how close")
        framed = ":" in words[0]
        conditions.append(Condition(wanted, scope, pattern(words[0]) if framed else None, frozenset() if framed else frozenset(words[0].split("|"))))
    return Rule(pattern(first), tuple(conditions))


class SymptomEntry(Entry):
    """One symptom of `phrases/symptoms.yaml`."""

    says: Aliases = Aliases()
    """Phrases that name it by themselves, beside the aliases of the symptom."""
    rules: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Rules that count only where no other symptom was heard."""
    drowned_by: tuple[str, ...] = ()
    """Symptoms beside which this one is not worth a mention: part of the same event."""
    implies: dict[str, bool | str] = {}
    """Facts that hearing the symptom states as well."""
    shown_by: dict[str, str] = {}
    """Values of facts that amount to the symptom."""


class SymptomRules:
    """The rules compiled. ValueError for a rule that cannot be read."""

    def __init__(self, entries: Mapping[str, SymptomEntry]) -> None:
        self.entries = entries
        self.ids: Sequence[str] = tuple(entries)
        self.strong = {id: [rule(text) for text in entry.rules] for id, entry in entries.items()}
        self.weak = {id: [rule(text) for text in entry.weak] for id, entry in entries.items()}

    @staticmethod
    def found(rules: Mapping[str, Sequence[Rule]], scene: Scene) -> Iterator[tuple[str, Frame]]:
        """Each symptom that one of its rules finds in the scene, with the frame of the first that does."""
        for id, of_symptom in rules.items():
            for rule in of_symptom:
                frame = None if scene.moves.isdisjoint(rule.about.moves) else rule.finds(scene)
                if frame is not None:
                    yield id, frame
                    break
