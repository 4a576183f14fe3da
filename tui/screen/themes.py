"""Three looks: dark, light, and high contrast. Lines and marks have their own colours, which are told apart by glyphs as well."""

from __future__ import annotations

from textual.content import Content
from textual.theme import Theme

from ..spans import Line

__all__ = ["STYLES", "THEMES", "painted"]

THEMES = (
    Theme(
        name="clinic-dark",
        primary="#6cb6c9",
        secondary="#c6a0d6",
        accent="#e5c07b",
        warning="#e0a458",
        error="#f0766b",
        success="#8cc58f",
        foreground="#d9dee2",
        background="#14181b",
        surface="#1b2024",
        panel="#242b30",
        dark=True,
        variables={"train": "#6cc7dd", "val": "#d19ae0", "other": "#e0b060", "axis": "#6f7b84", "soft": "#8f9ba4", "mark": "#f0766b"},
    ),
    Theme(
        name="clinic-light",
        primary="#0b6477",
        secondary="#7d3f8c",
        accent="#8a5a00",
        warning="#9a5b00",
        error="#b3261e",
        success="#256b3a",
        foreground="#1f2529",
        background="#faf9f5",
        surface="#f1efe8",
        panel="#e4e1d7",
        dark=False,
        variables={"train": "#0b6e8f", "val": "#8a3f97", "other": "#8a5a00", "axis": "#7c848a", "soft": "#5c656b", "mark": "#b3261e"},
    ),
    Theme(
        name="clinic-contrast",
        primary="#00e5ff",
        secondary="#ff9cff",
        accent="#ffff00",
        warning="#ffd000",
        error="#ff7b7b",
        success="#5dff7a",
        foreground="#ffffff",
        background="#000000",
        surface="#181818",
        panel="#2b2b2b",
        dark=True,
        text_alpha=1.0,
        variables={
            "train": "#00e5ff", "val": "#ff9cff", "other": "#ffff00", "axis": "#c8c8c8", "soft": "#d8d8d8", "mark": "#ff7b7b",
            "border": "#ffffff", "border-blurred": "#c8c8c8", "footer-key-foreground": "#ffff00",
        },
    ),
)  # fmt: skip

STYLES = {
    "title": "bold",
    "heading": "bold $primary",
    "strong": "bold",
    "dim": "$soft",
    "axis": "$axis",
    "good": "$success",
    "warn": "$warning",
    "bad": "$error",
    "mark": "bold $mark",
    "train": "$train",
    "val": "$val",
    "other": "$other",
    "bar": "$primary",
    "code": "$accent",
    "for": "$success",
    "against": "$error",
    "you": "$primary",
    "chosen": "bold $foreground on $primary 35%",
}
"""What each style of the reports (`tui/spans.py`) looks like on a screen, in colours of the theme."""


def painted(lines: list[Line]) -> Content:
    """Styled lines as something that Textual can show."""
    pieces: list[tuple[str, str] | str] = []
    for number, line in enumerate(lines):
        if number:
            pieces.append("\n")
        pieces += [(span.text, STYLES[span.style]) if span.style else span.text for span in line]
    return Content.assemble(*pieces)
