"""What a message tells of: frames (something does something), how and when, and what was denied."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Scene:
    """All frames and manners of a message. `absent` are frames that were denied ("no NaN")."""

    frames: list[Frame]
    manners: list[Place]
    absent: list[Frame]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of: a kind of quantity, on which part of the data."""

    kind: str
    splits: frozenset[str]
    first: int
    last: int
