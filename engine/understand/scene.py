"""What a message tells of: frames (something does something), how and when, and what was denied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of: a kind of quantity, on which part of the data."""

    kind: str
    splits: frozenset[str]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A movement with its subject."""

    kind: str
    splits: frozenset[str]
    move: str
    clause: int
    sentence: int
    first: int
    last: int
    """First and last token it was read from."""


@dataclass(frozen=True, slots=True)
class Place:
    """A manner ("suddenly", "every epoch", "after resuming") and where it was said."""

    label: str
    clause: int
    sentence: int
    at: int
    """Token it begins with."""


class Scene:
    """All frames and manners of a message, in text order, and what it speaks of. `absent` are frames that were denied ("no NaN")."""

    def __init__(self, frames: Iterable[Frame], places: Iterable[Place], absent: Sequence[Frame] = (), subjects: Sequence[Subject] = ()) -> None:
        self.frames = sorted(frames, key=lambda f: (f.clause, f.last))
        self.absent = absent
        self.subjects = subjects
        self._moving: dict[frozenset[str], list[Frame]] = {}
        self.moves = {frame.move for frame in self.frames}
        """Every movement that there is."""
        self._places: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._places[place.label].append(place)

    def moving(self, moves: frozenset[str]) -> list[Frame]:
        """The frames with one of these movements, in text order."""
        found = self._moving.get(moves)
        if found is None:
            found = self._moving[moves] = [frame for frame in self.frames if frame.move in moves]
        return found

    def places(self, labels: Iterable[str]) -> list[Place]:
        """Where one of these manners was said."""
        return [place for label in labels for place in self._places.get(label, ())]

    def denied(self) -> Scene:
        """The scene of what was denied, under the same circumstances."""
        return Scene(self.absent, (place for found in self._places.values() for place in found))
