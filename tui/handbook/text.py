"""A page of the handbook on a terminal."""

from __future__ import annotations

from ...messages import say
from ..display import display_width, wrap
from ..page import INDENT, Page
from ..spans import Line, Span
from ..terminal import Terminal
from .blocks import Belief, Block, Bullets, Code, Item, Para, Sheet, Table, plain

__all__ = ["text_page"]


def text_page(sheet: Sheet, terminal: Terminal, framework: str = "pytorch") -> list[Line]:
    """The page as styled lines; of the code only `framework` is shown, where there is a choice."""
    page = Page(terminal)
    page.text(sheet.title, indent=0, style="title", aside=sheet.id if sheet.id != sheet.title else "")
    page.text(sheet.kicker, indent=0, style="dim")
    writer = _Writer(page, sheet.lang, framework)
    page.add()
    writer.blocks(sheet.lead, 0)
    for section in sheet.sections:
        page.heading(section.title)
        writer.blocks(section.blocks, INDENT)
    return page.lines


class _Writer:
    def __init__(self, page: Page, lang: str, framework: str) -> None:
        self.page = page
        self.lang = lang
        self.framework = framework

    def blocks(self, blocks: tuple[Block, ...], indent: int) -> None:
        for block in blocks:
            self.block(block, indent)

    def block(self, block: Block, indent: int) -> None:
        if isinstance(block, Para):
            self.para(block, indent)
        elif isinstance(block, Bullets):
            for number, item in enumerate(block.items, start=1):
                self.item(item, f"{number}" if block.ordered else "-", indent)
        elif isinstance(block, Code):
            self.code(block, indent)
        elif isinstance(block, Table):
            self.table(block, indent)
        else:
            self.belief(block, indent)

    def para(self, para: Para, indent: int) -> None:
        text = plain(para.spans).replace("`", "")
        style = "dim" if para.style == "soft" else ""
        if para.label == "\u2192":
            arrow = "\u2192 " if self.page.terminal.glyphs.braille else "> "
            self.page.text(text, indent=indent + 2, style=style, first=(Span(" " * indent + arrow, "dim"),))
        elif para.label and not text:
            self.page.add(" " * indent, Span(para.label, "strong"))
        elif para.label:
            self.labelled(para.label, text, indent, style)
        else:
            self.page.text(text, indent=indent, style=style)

    def labelled(self, label: str, text: str, indent: int, style: str = "") -> None:
        """A paragraph that begins with its label; the lines below it start at the indent, not behind the label."""
        lead = label + say("kb.page.colon", self.lang)
        room = self.page.prose - indent
        lines = wrap(lead + text, room)
        for number, line in enumerate(lines):
            if number == 0 and line.startswith(lead.rstrip()):
                shown = lead if line.startswith(lead) else lead.rstrip()
                self.page.add(" " * indent, Span(shown, "dim" if style == "dim" else "strong"), Span(line[len(shown) :], style))
            else:
                self.page.add(" " * indent, Span(line, style))

    def item(self, item: Item, mark: str, indent: int) -> None:
        text = plain(item.spans).replace("`", "")
        hang = indent + 3
        lead = Span(f"{mark:>{indent + 1}} " if mark != "-" else " " * indent + "- ", "mark" if mark != "-" else "dim")
        self.page.text(text, indent=hang if mark != "-" else indent + 2, style="strong" if item.strong else "", first=(lead,), aside=item.aside)
        self.blocks(item.body, hang if mark != "-" else indent + 2)

    def code(self, code: Code, indent: int) -> None:
        name = self.framework if self.framework in code.snippets else next(iter(code.snippets))
        self.page.add(" " * indent, Span(name, "dim"))
        self.page.code(code.snippets[name], indent=indent + 2)
        others = [other for other in code.snippets if other != name]
        if others:
            self.page.text(say("kb.page.also_for", self.lang, names=", ".join(others)), indent=indent, style="dim")

    def table(self, table: Table, indent: int) -> None:
        """The first cell as a title, the last at its right edge, the rest below: columns need more room than 80 cells."""
        for row in table.rows:
            cells = [plain(cell) for cell in row]
            aside = cells[-1] if display_width(cells[-1]) < self.page.prose // 2 else ""
            self.page.text(cells[0], indent=indent, style="strong", aside=aside)
            for cell in cells[1 : -1 if aside else None]:
                self.page.text(cell, indent=indent + 2)

    def belief(self, belief: Belief, indent: int) -> None:
        self.labelled(belief.labels[0], belief.belief.replace("`", ""), indent)
        self.labelled(belief.labels[1], belief.truth.replace("`", ""), indent)
        tail = [belief.reference, plain(belief.claims)]
        note = " · ".join(part for part in tail if part)
        if note:
            self.page.text(note, indent=indent, style="dim")
        self.page.add()
