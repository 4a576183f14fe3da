"""What the lint says: a place in a file, the rule that is broken, and what is wrong there in either language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ...messages import say

__all__ = ["Finding"]


class Finding(NamedTuple):
    """One thing to mend."""

    path: Path
    line: int
    column: int
    rule: str
    """Id of the rule, as in `unknown-id`."""
    values: Mapping[str, object]
    """What the message names."""
    wording: str = ""
    """Which of the rule's messages it is, where it has several."""

    def message(self, lang: str) -> str:
        """What is wrong and what to do about it, in `lang` ("en" or "zh")."""
        values = dict(self.values)
        if "near" in values:
            values["near"] = say("kb.lint.near", lang, name=values["near"]) if values["near"] else ""
        return say(f"kb.lint.{self.rule}{'.' if self.wording else ''}{self.wording}", lang, **values)
