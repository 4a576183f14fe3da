"""`config.toml`: language, theme, and keys of one's own. A mistake in it is said, never a reason not to start.

    lang = "zh"
    theme = "light"            # dark, light, contrast

    [keymap]                   # id of a key (see F1) = key, or several with commas
    language = "f4"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, cast

from ...messages import say
from ..language import Lang

__all__ = ["Settings", "read_settings"]

KEYS = {"lang": ("en", "zh"), "theme": ("dark", "light", "contrast")}


class Settings(NamedTuple):
    """What the file says, and what is wrong with it, as (message id, values)."""

    lang: Lang | None = None
    theme: str = "dark"
    keymap: Mapping[str, str] = MappingProxyType({})
    wrong: tuple[tuple[str, dict[str, str]], ...] = ()

    def complaints(self, lang: Lang) -> list[str]:
        """What is wrong, in words."""
        return [say(f"screen.settings.{entry}", lang, **values) for entry, values in self.wrong]


def read_settings(path: Path) -> Settings:
    """The settings in the file; the defaults where there is none."""
    file = str(path)
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        return Settings(wrong=(("unreadable", {"file": file, "reason": " ".join(str(error).split())}),))
    wrong: list[tuple[str, dict[str, str]]] = []
    chosen: dict[str, Any] = {}
    for key, value in found.items():
        if key in KEYS and value in KEYS[key]:
            chosen[key] = value
        elif key in KEYS:
            wrong.append(("value", {"file": file, "key": key, "value": str(value), "choices": ", ".join(KEYS[key])}))
        elif key != "keymap":
            wrong.append(("unknown", {"file": file, "key": key}))
    keymap = found.get("keymap", {})
    if not isinstance(keymap, dict) or not all(isinstance(v, str) and v.strip() for v in cast("dict[str, Any]", keymap).values()):
        wrong.append(("keymap", {"file": file}))
        keymap = {}
    return Settings(chosen.get("lang"), chosen.get("theme", "dark"), {**keymap}, tuple(wrong))
