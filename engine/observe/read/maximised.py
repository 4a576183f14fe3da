"""Objectives that are maximised (Kaldi's objective function, an ELBO): the loss is their negative."""

from __future__ import annotations

import numpy as np

from ..log import Note
from .columns import words
from .table import Track
from .vocabulary import word_set

__all__ = ["turn_maximised"]

_MAXIMISED = word_set("objective objf elbo likelihood")
_NEGATED = word_set("negative neg nll nelbo minus")


def turn_maximised(track: Track, notes: list[Note]) -> None:
    """Negate the values of `track` where its name is that of something maximised, they are negative as a rule and do not fall."""
    named = set(words(track.means or track.name))
    if not named & _MAXIMISED or named & _NEGATED:
        return
    sound = track.values[np.isfinite(track.values)]
    few = max(1, len(sound) // 5)
    if len(sound) and np.mean(sound < 0.0) > 0.9 and float(np.median(sound[-few:])) >= float(np.median(sound[:few])):
        track.values = -track.values
        notes.append(Note("maximised", {"column": track.name}))
