"""A page of the handbook before it becomes terminal lines, Markdown or HTML: what stands on it, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["Belief", "Block", "Bullets", "Code", "Inline", "Item", "Link", "Para", "Section", "Sheet", "Spans", "Table", "plain"]


class Link(NamedTuple):
    """A reference to another entry."""

    kind: str
    id: str
    text: str


Inline = str | Link
"""Text may hold `code` between backticks."""

Spans = tuple[Inline, ...]


class Para(NamedTuple):
    """A paragraph; `label` stands before it, as in "How: ..."."""

    spans: Spans
    label: str = ""
    style: str = ""
    """"", "lead" (the first, larger), "soft" (secondary)."""


class Code(NamedTuple):
    """The same lines to paste for several frameworks."""

    snippets: Mapping[str, str]


class Item(NamedTuple):
    """An entry of a list: a line, something short at its end, and what hangs below it."""

    spans: Spans
    aside: str = ""
    body: tuple[Block, ...] = ()
    strong: bool = False


class Bullets(NamedTuple):
    """A list."""

    items: tuple[Item, ...]
    ordered: bool = False
    cards: bool = False
    """Side by side where there is room."""


class Table(NamedTuple):
    """Rows of cells under headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]


class Belief(NamedTuple):
    """A misconception: what people believe, what holds, which claims it corrects, and who says so."""

    belief: str
    truth: str
    claims: Spans
    reference: str
    labels: tuple[str, str]
    """Words for "belief" and "truth"."""


Block = Para | Code | Bullets | Table | Belief


class Section(NamedTuple):
    """A part of a page with a heading."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


class Sheet(NamedTuple):
    """One page in one language."""

    kind: str
    id: str
    title: str
    kicker: str
    """What it is, in a few words above the title."""
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    lang: str


def plain(spans: Spans) -> str:
    """The text of some spans."""
    return "".join(span.text if isinstance(span, Link) else span for span in spans)
