"""Pages of the handbook as Markdown: one file a page and language."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...messages import say
from .blocks import Belief, Block, Bullets, Code, Inline, Item, Para, Sheet, Spans, Table

__all__ = ["markdown_page"]

LANGUAGE_OF = {"pytorch": "python", "lightning": "python", "transformers": "python", "keras": "python", "shell": "bash"}


def markdown_page(sheet: Sheet, address: Callable[[str, str], str | None], other: str) -> str:
    """The page. `address`: where the page of an entry is from here; `other`: where this page is in the other language."""
    writer = _Writer(sheet.lang, address)
    switch = "English" if sheet.lang == "zh" else "中文"
    lines = [f"# {_escape(sheet.title)}", "", f"{_escape(sheet.kicker)} · [{switch}]({other})".removeprefix(" · "), ""]
    lines += writer.blocks(sheet.lead, "")
    for section in sheet.sections:
        lines += [f"## {_escape(section.title)}", "", *writer.blocks(section.blocks, "")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


class _Writer:
    def __init__(self, lang: str, address: Callable[[str, str], str | None]) -> None:
        self.lang = lang
        self.address = address

    def blocks(self, blocks: tuple[Block, ...], indent: str) -> list[str]:
        return [line for block in blocks for line in self.block(block, indent)]

    def block(self, block: Block, indent: str) -> list[str]:
        if isinstance(block, Para):
            return [indent + self.para(block), ""]
        if isinstance(block, Bullets):
            lines = [line for n, item in enumerate(block.items, start=1) for line in self.item(item, f"{n}." if block.ordered else "-", indent)]
            return [*lines, ""]
        if isinstance(block, Code):
            return [line for name, text in block.snippets.items() for line in self.code(name, text, indent)]
        if isinstance(block, Table):
            return self.table(block)
        return self.belief(block, indent)

    def para(self, para: Para) -> str:
        text = self.spans(para.spans)
        if para.label == "\u2192":
            return "\u2192 " + text
        colon = say("kb.page.colon", self.lang).rstrip() if text else ""
        gap = " " if self.lang == "en" and text else ""
        return f"**{_escape(para.label)}{colon}**{gap}{text}" if para.label else text

    def item(self, item: Item, mark: str, indent: str) -> list[str]:
        text = self.spans(item.spans)
        text = f"**{text}**" if item.strong else text
        aside = f" *({_escape(item.aside)})*" if item.aside else ""
        inner = indent + " " * (len(mark) + 1)
        body = self.blocks(item.body, inner)
        return [f"{indent}{mark} {text}{aside}", *([""] if body else []), *body]

    def code(self, name: str, text: str, indent: str) -> list[str]:
        return [f"{indent}*{name}*", "", f"{indent}```{LANGUAGE_OF[name]}", *(indent + line for line in text.splitlines()), f"{indent}```", ""]

    def table(self, table: Table) -> list[str]:
        def row(cells: list[str]) -> str:
            return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

        rows = [row([self.spans(cell) for cell in cells]) for cells in table.rows]
        return [row([*table.heads]), row(["---"] * len(table.heads)), *rows, ""]

    def belief(self, belief: Belief, indent: str) -> list[str]:
        colon = say("kb.page.colon", self.lang)
        tail = " · ".join(part for part in (_escape(belief.reference), self.spans(belief.claims)) if part)
        lines = [f"**{belief.labels[0]}**{colon}{_escape(belief.belief)}", "", f"**{belief.labels[1]}**{colon}{_escape(belief.truth)}"]
        lines += ["", tail] if tail else []
        return [*(f"{indent}> {line}".rstrip() for line in lines), ""]

    def spans(self, spans: Spans) -> str:
        return "".join(self.inline(span) for span in spans)

    def inline(self, span: Inline) -> str:
        if isinstance(span, str):
            return _escape(span)
        where = self.address(span.kind, span.id)
        return f"[{_escape(span.text)}]({where})" if where else _escape(span.text)


def _escape(text: str) -> str:
    """Text in which nothing but `code` is Markdown."""
    parts = re.split(r"(`[^`]+`|https?://\S+)", text)
    return "".join(part if at % 2 else re.sub(r"([\\*_<>\[\]#~])", r"\\\1", part) for at, part in enumerate(parts))
