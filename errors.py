"""Everything that lossclinic raises on purpose.

    LossclinicError
    ├── InputError       what the user handed over: a file, a column, an answer, a word
    ├── KnowledgeError   the knowledge base: names file:line:column
    └── StoreError       the casebook

Each message is one line: what is wrong, where, and what to do about it.
"""

from __future__ import annotations

__all__ = ["InputError", "KnowledgeError", "LossclinicError", "StoreError"]


class LossclinicError(Exception):
    """Base of the family."""


class InputError(LossclinicError):
    """The user's file or words cannot be used; the message names the file, the place and the way out."""


class KnowledgeError(LossclinicError):
    """An entry of the knowledge base is wrong; the message starts with file:line:column."""


class StoreError(LossclinicError):
    """The casebook cannot be reached, read or written."""
