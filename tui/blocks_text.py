"""Blocks of an explanation on a text page."""

from __future__ import annotations

from collections.abc import Iterable

from .explaining import Block
from .page import INDENT, Page
from .spans import Span

__all__ = ["add_blocks"]


def add_blocks(page: Page, blocks: Iterable[Block]) -> None:
    """Write the blocks below what is on the page."""
    for block in blocks:
        match block.kind:
            case "title":
                page.heading(block.text)
            case "heading":
                page.add()
                page.text(block.text, style="strong")
            case "text":
                page.text(block.text, aside=block.aside)
            case "item":
                page.text(block.text, first=(Span(" " * INDENT + "- ", "dim"),), aside=block.aside)
                for line in block.below:
                    page.text(line, indent=INDENT + 4, style="dim")
            case "sign":
                style = "for" if block.decibans > 0 else "against"
                page.text(block.text, first=(Span(f"{block.decibans:>+{INDENT + 4}.1f} dB  ", style),), aside=block.aside)
                for line in block.below:
                    page.text(line, indent=INDENT + 9, style="dim")
            case "code":
                page.add(" " * INDENT, Span(block.aside, "dim"))
                page.code(block.text, indent=INDENT + 2)
