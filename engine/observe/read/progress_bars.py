"""What the states of progress bars tell of them: whether they show the losses of batches or running means, and whether they are one bar in pieces."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from .line_plan import NUMBER

__all__ = ["Bars"]

STATES = 8
"""A bar of fewer states does not tell a running mean from the loss of each batch."""
SAMPLED = 24
"""So many bars tell which it is."""
SETTLED = 0.5
"""Below this ratio of the changes in the second half of a bar to those in its first quarter its losses are running means: those change
by a k-th at state k, in the end by a sixth of what they did; losses of batches change as much all along."""
_OF = re.compile(r".*\b(\d{1,15})/(\d{1,15})\b")
"""Where a bar is: the last count, behind that of the epochs."""


class Bars:
    """The progress bars of a text, one after the other."""

    def __init__(self) -> None:
        self.count = 0
        self._at = (0, 0)
        """Where the last bar was left, and where it ends."""
        self._resumed = self._restarted = 0
        """Bars that went on where the one before was left, with losses in many of their states; and all others."""
        self._settling: list[float] = []
        """Of the first bars with enough losses, how much less they change in the second half of each."""

    @property
    def of_batches(self) -> bool:
        """Whether the losses in the bars are those of batches, no running means."""
        return len(self._settling) > 0 and float(np.median(self._settling)) >= SETTLED

    @property
    def is_one(self) -> bool:
        """Whether they are one bar in pieces, with other lines printed between."""
        return self._resumed > self._restarted

    def follow(self, states: list[str], loss_of: Callable[[str], float | None]) -> None:
        """The states of the next bar, the last of which holds a loss."""
        self.count += 1
        if self.count <= SAMPLED:
            self._settle([value for state in states if (value := loss_of(state)) is not None])
        last = _OF.match(states[-1])
        if last is None:
            return
        alike = [found for state in states if (found := _OF.match(state)) is not None and found[2] == last[2]]
        at, end = self._at
        if int(last[2]) == end and at <= int(alike[0][1]) and at < int(last[1]):
            self._resumed += len(NUMBER.findall(states[len(states) // 2])) == len(NUMBER.findall(states[-1]))
        elif end:
            self._restarted += 1
        self._at = int(last[1]), int(last[2])

    def _settle(self, losses: list[float]) -> None:
        values = np.array(losses)
        change = np.abs(np.diff(values[np.isfinite(values)]))
        if len(change) + 1 >= STATES and (first := float(np.median(change[: len(change) // 4 + 1]))) > 0.0:
            self._settling.append(float(np.median(change[len(change) // 2 :])) / first)
