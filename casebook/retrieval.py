"""From the tokens of a query to the few cases that are worth ranking, in a casebook of any size.

A token that stands in nearly every case tells nothing and costs most: rare ones decide, common ones are looked at only when there are
no others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .database import Database

__all__ = ["COMMON", "Retrieval"]

COMMON = 8_000
"""A token in more cases than this is common: reading where it stands costs more than it tells."""

BUDGET = 40_000
"""Most places (case, token) that are read for one query, rarest tokens first: about 20 ms."""

KEPT = 2_000
"""Tokens whose places are kept in memory until the casebook changes."""


class Retrieval:
    """Finds candidates, and remembers where tokens stand until something changes."""

    def __init__(self, database: Database) -> None:
        """Reads nothing yet."""
        self.database = database
        self._stamp = -1
        self._counts: dict[str, int] = {}
        self._places: dict[str, np.ndarray] = {}

    def counts(self, tokens: Sequence[str], stamp: int) -> dict[str, int]:
        """In how many cases each token stands, counted up to `COMMON` + 1. `stamp` = that of the casebook now."""
        if stamp != self._stamp or len(self._counts) > 10 * KEPT:
            self._stamp = stamp
            self._counts, self._places = {}, {}
        missing = [token for token in dict.fromkeys(tokens) if token not in self._counts]
        if missing:
            self._counts.update(self.database.counts(missing, COMMON))
        return {token: self._counts[token] for token in tokens}

    def best(self, tokens: Sequence[str], total: int, stamp: int, allowed: np.ndarray | None, limit: int) -> list[int]:
        """Numbers of at most `limit` cases, those first that share most with `tokens`; equals newest first.

        `total`: how many cases there are; `allowed`: the numbers that may be returned, None = all.
        """
        counts = {token: n for token, n in self.counts(tokens, stamp).items() if n}
        if not counts:
            return []
        rare = sorted((token for token, n in counts.items() if n <= COMMON), key=lambda token: (counts[token], token))
        if not rare:
            common = sorted(counts)
            newest = self.database.newest_with_all(common, limit if allowed is None else total)
            newest = newest if allowed is None else newest[np.isin(newest, allowed)]
            if len(newest) >= limit or len(common) == 1:
                return newest[:limit].tolist()
            rare = common[:4]
        chosen: list[str] = []
        read = 0
        for token in rare:
            if chosen and read + counts[token] > BUDGET:
                break
            chosen.append(token)
            read += counts[token]
        return _heaviest(self._where(chosen), counts, total, allowed, limit)

    def _where(self, tokens: Sequence[str]) -> dict[str, np.ndarray]:
        if len(self._places) > KEPT:
            self._places = {}
        missing = [token for token in tokens if token not in self._places]
        if missing:
            self._places.update(self.database.postings(missing))
        return {token: self._places[token] for token in tokens}


def _heaviest(
    places: Mapping[str, np.ndarray], counts: Mapping[str, int], total: int, allowed: np.ndarray | None, limit: int
) -> list[int]:  # fmt: skip
    """The cases with the largest sum of weights; a token weighs log(1 + cases / cases with it) (inverse document frequency)."""
    weights = np.concatenate([np.full(len(found), math.log(1 + total / counts[token])) for token, found in places.items()])
    numbers, at = np.unique(np.concatenate(list(places.values())), return_inverse=True)
    scores = np.bincount(at, weights, len(numbers))
    if allowed is not None:
        keep = np.isin(numbers, allowed)
        numbers, scores = numbers[keep], scores[keep]
    order = np.lexsort((-numbers, -scores))[:limit]
    return numbers[order].tolist()
