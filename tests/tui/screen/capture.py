"""A screen as text: its rows, and the colours on it; to be compared with one that was looked at and kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from textual.app import App

CAPTURES = Path(__file__).parent / "captures"
UPDATE = "LOSSCLINIC_UPDATE_CAPTURES"
"""Set to 1 to keep what is on the screen now; look at the difference before committing it."""


def shown(app: App[Any]) -> str:
    """Rows of the screen without blanks at their ends, and the colours, sorted."""
    rows: list[str] = []
    colours: set[str] = set()
    for strip in app.screen._compositor.render_strips():
        rows.append("".join(segment.text for segment in strip).rstrip())
        for segment in strip:
            if segment.style is not None:
                colours |= {colour.name for colour in (segment.style.color, segment.style.bgcolor) if colour is not None}
    return "\n".join(rows).rstrip() + "\n\n" + " ".join(sorted(colours)) + "\n"


def compare(app: App[Any], name: str) -> None:
    """Compare the screen with the one that was kept as `name`."""
    now, file = shown(app), CAPTURES / f"{name}.txt"
    if os.environ.get(UPDATE) == "1":
        file.write_text(now, encoding="utf-8", newline="\n")
    kept = file.read_text("utf-8")
    assert now == kept, f"{file.name} looks otherwise now; {UPDATE}=1 keeps it"
