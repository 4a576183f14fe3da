"""Everything that lossclinic raises on purpose.

    LossclinicError
    ├── InputError       what the user handed over: a file, a column, an answer, a word
    ├── KnowledgeError   the knowledge base: names file:line:column
    └── StoreError       the casebook
        └── ConflictError    somebody else was there first

Each message is one line: what is wrong, where, and what to do about it.
"""

from __future__ import annotations

import errno
from typing import Self

from .messages import catalogue, say

__all__ = ["ConflictError", "InputError", "KnowledgeError", "LossclinicError", "StoreError", "refusal"]


class LossclinicError(Exception):
    """Base of the family.

    `InputError.of("read.no_file", name="a.csv")` takes its words from the catalogue: `str` of it is English, `in_words` has the other
    language too. `InputError(text)` says the same in both.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.id: str | None = None
        """Id of the message in the catalogue, if it is from there."""
        self.values: dict[str, object] = {}
        """What fills its placeholders; a tuple is listed, an OSError says its reason."""

    @classmethod
    def of(cls, id: str, /, **values: object) -> Self:
        """The error with the message `id` of the catalogue, filled with `values`."""
        error = cls(_worded(id, "en", values))
        error.id, error.values = id, values
        return error

    def in_words(self, lang: str) -> str:
        """The message in `lang` ("zh"; anything else is English)."""
        return str(self) if self.id is None else _worded(self.id, lang, self.values)


class InputError(LossclinicError):
    """The user's file or words cannot be used; the message names the file, the place and the way out."""


class KnowledgeError(LossclinicError):
    """An entry of the knowledge base is wrong; the message starts with file:line:column."""


class StoreError(LossclinicError):
    """The casebook cannot be reached, read or written."""


class ConflictError(StoreError):
    """The case has changed since it was read, or its number is taken: nothing was written."""


def refusal(error: OSError, lang: str) -> str:
    """Why the system refused, in `lang`."""
    name = errno.errorcode.get(error.errno or 0, "")
    return say(f"reason.{name}", lang) if name in catalogue("reason") else error.strerror or type(error).__name__


def _worded(id: str, lang: str, values: dict[str, object]) -> str:
    return say(id, lang, **{name: _value(value, lang) for name, value in values.items()})


def _value(value: object, lang: str) -> object:
    if isinstance(value, tuple):
        return say("read.comma", lang).join(map(str, value))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return refusal(value, lang) if isinstance(value, OSError) else value
