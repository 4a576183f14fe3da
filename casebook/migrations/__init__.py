"""The tables of a casebook, step by step: each step is numbered, goes forward only, and is one transaction.

A step that was released is never changed; a new need is a new step at the end of `STEPS`.
"""

from __future__ import annotations

from typing import NamedTuple

from . import m0001_cases

__all__ = ["STEPS", "Step"]


class Step(NamedTuple):
    """One migration, in the words of each database."""

    number: int
    name: str
    sqlite: tuple[str, ...]
    postgres: tuple[str, ...]


STEPS = (Step(1, "cases", m0001_cases.SQLITE, m0001_cases.POSTGRES),)
"""All steps, in order: numbers 1, 2, 3, ..."""
