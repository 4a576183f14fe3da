"""Lines of several processes in one text: "[rank 3] step 10 loss 2.1", "[default3]: ...", "(Worker pid=1234) ...", or "3: ..." in front of
every line (srun -l).

The process whose loss comes first is the log; the losses of the others are rank losses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..log import Note

__all__ = ["Ranks"]

SURE = 20
"""Lines with a number in front that tell whether it is a rank."""
_NAMED = re.compile(
    r"[\[(<{]?\s*(?<![\w/.\-])(?:local[_ ]?|global[_ ]?)?rank[ :=_#]{0,2}(?P<a>\d{1,4})(?![\w./%\-])\s*[\])>}]?\s*:?"
    r"|\[default(?P<b>\d{1,4})\]:?|\(\w+ pid=(?P<c>\d{1,9})[^()]{0,60}\)",
    re.I,
)
_IN_FRONT = re.compile(r"\s*(\d{1,4}):\s+(?=\S)")


class Ranks:
    """Takes the rank off each line, and remembers whose lines are the log."""

    def __init__(self, head: Sequence[str]) -> None:
        """`head`: the first lines, from which it is seen whether each begins with a rank."""
        self.in_front = _each_begins_with_a_rank(head)
        self.main: int | None = None
        self.others: set[int] = set()

    def taken_off(self, text: str) -> tuple[str, int | None]:
        """`text` without the rank, and the rank; None when the line names none."""
        if self.in_front:
            found = _IN_FRONT.match(text)
            if found is not None:
                return text[found.end() :], int(found[1])
        if "ank" in text or "ANK" in text or "[default" in text or " pid=" in text:
            found = _NAMED.search(text)
            if found is not None:
                return text[: found.start()] + " " + text[found.end() :], int(found["a"] or found["b"] or found["c"])
        return text, None

    def is_another(self, rank: int) -> bool:
        """Whether `rank`, whose line has a loss, is not the one that the log is read from."""
        if self.main is None:
            self.main = rank
        if rank != self.main:
            self.others.add(rank)
        return rank != self.main

    def notes(self) -> list[Note]:
        """What is to be said about it."""
        return [Note("several_ranks", {"count": len(self.others) + 1, "main": self.main or 0})] if self.others else []


def _each_begins_with_a_rank(head: Sequence[str]) -> bool:
    """Whether the lines begin with a few numbers that come again and again, in no order."""
    lines = [line for line in head if line.strip()]
    numbers = [int(found[1]) for line in lines if (found := _IN_FRONT.match(line))]
    if len(numbers) < max(SURE, 0.9 * len(lines)):
        return False
    falls = sum(b < a for a, b in pairwise(numbers))
    return len(set(numbers)) <= len(numbers) / 4 and (falls > 0 or len(set(numbers)) == 1)
