"""Pages of the handbook as HTML: both languages in one file, everything it needs inside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from ...messages import say
from ..display import printable
from .blocks import Belief, Block, Bullets, Code, Inline, Item, Link, Para, Section, Sheet, Spans, Table
from .html_script import EARLY, LATE
from .html_style import STYLE

__all__ = ["Address", "html_page"]

Address = Callable[[str, str], str | None]
"""Kind and id of an entry -> where its page is from here, or None when it has none."""

FRAMEWORKS = {"pytorch": "PyTorch", "lightning": "Lightning", "transformers": "HF Trainer", "keras": "Keras", "shell": "Shell"}

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'self' file:; base-uri 'none'; form-action 'none'"
"""Nothing is fetched but the search data beside the pages."""

_LINKED = re.compile(r"`([^`]+)`|(https?://[^\s;,)，。；）]+)|\barXiv:(\d{4}\.\d{4,5})|(?<![A-Za-z0-9_.])([a-z]+(?:_[a-z0-9]+)+)(?![A-Za-z0-9_(])")


def html_page(sheets: Mapping[str, Sheet], base: str, address: Address, ids: Mapping[str, str], *, index: bool = False) -> str:
    """A page from its sheet in each language ("en", "zh").

    `base`: the way to the top of the handbook ("" or "../"). `ids`: entry id -> kind, for ids named in prose. `index`: the front page.
    """
    english, chinese = sheets["en"], sheets["zh"]
    site = {lang: say("kb.handbook.title", lang) for lang in sheets}
    titles = {lang: site[lang] if index else f"{sheet.title} · {site[lang]}" for lang, sheet in sheets.items()}
    writer = _Writer(address, ids)
    articles = "".join(writer.article(sheet, index=index) for sheet in (english, chinese))
    placeholders = " ".join(f'data-{lang}="{_text(say("kb.handbook.search", lang))}"' for lang in ("en", "zh"))
    home = "".join(f'<span data-l="{lang}" lang="{lang}">{_text(say("kb.handbook.home", lang))}</span>' for lang in ("en", "zh"))
    buttons = "".join(f'<button type="button" data-set="{lang}" lang="{lang}">{label}</button>' for lang, label in (("en", "EN"), ("zh", "中文")))
    footer = "".join(f'<span data-l="{lang}" lang="{lang}">{_text(say("kb.handbook.footer", lang))}</span>' for lang in ("en", "zh"))
    return f"""<!DOCTYPE html>
<html lang="en" data-base="{base}" data-title-en="{_text(titles["en"])}" data-title-zh="{_text(titles["zh"])}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(titles["en"])}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
<script>{EARLY}</script>
</head>
<body class="{"index" if index else "page"}">
<header class="bar"><div>
<a class="home" href="{base}index.html">{home}</a>
<div class="find" role="search"><input type="search" autocomplete="off" spellcheck="false" {placeholders}><ul class="found" role="listbox"></ul></div>
<div class="tongue" role="group" aria-label="Language 语言">{buttons}</div>
</div></header>
<main>
{articles}</main>
<footer>{footer}</footer>
<script>{LATE}</script>
</body>
</html>
"""


class _Writer:
    def __init__(self, address: Address, ids: Mapping[str, str]) -> None:
        self.address = address
        self.ids = ids
        self.lang = "en"
        self.own = ""

    def article(self, sheet: Sheet, *, index: bool) -> str:
        self.lang, self.own = sheet.lang, sheet.id
        tag = "zh-CN" if sheet.lang == "zh" else "en"
        identity = f'<p class="id"><code>{_text(sheet.id)}</code></p>\n' if sheet.id and sheet.id != sheet.title else ""
        lead = "".join(self.block(block) for block in sheet.lead)
        contents = "" if index or len(sheet.sections) < 4 else self.contents(sheet.sections)
        sections = "".join(self.section(section) for section in sheet.sections)
        kicker = f'<p class="kicker">{_text(sheet.kicker)}</p>\n' if sheet.kicker else ""
        head = f"{kicker}<h1>{_text(sheet.title)}</h1>\n{identity}"
        return f'<article data-l="{sheet.lang}" lang="{tag}">\n{head}{lead}{contents}{sections}</article>\n'

    def anchor(self, section: Section) -> str:
        return f"{section.anchor}-{self.lang}"

    def contents(self, sections: tuple[Section, ...]) -> str:
        rows = "".join(f'<li><a href="#{self.anchor(s)}">{_text(s.title)}</a></li>' for s in sections)
        return f'<nav class="toc" aria-label="{_text(say("kb.handbook.contents", self.lang))}"><ul>{rows}</ul></nav>\n'

    def section(self, section: Section) -> str:
        body = "".join(self.block(block) for block in section.blocks)
        anchor = self.anchor(section)
        return f'<section class="part-{section.anchor}"><h2 id="{anchor}"><a href="#{anchor}">{_text(section.title)}</a></h2>\n{body}</section>\n'

    def block(self, block: Block) -> str:
        if isinstance(block, Para):
            return self.para(block)
        if isinstance(block, Bullets):
            return self.bullets(block)
        if isinstance(block, Code):
            return self.code(block)
        if isinstance(block, Table):
            return self.table(block)
        return self.belief(block)

    def para(self, para: Para) -> str:
        text = self.spans(para.spans)
        if para.label == "\u2192":
            return f'<p class="means"><span class="label">\u2192</span>{text}</p>\n'
        colon = _text(say("kb.page.colon", self.lang)) if text else ""
        label = f'<span class="label">{_text(para.label)}{colon}</span>' if para.label else ""
        style = f' class="{para.style}"' if para.style else ""
        return f"<p{style}>{label}{text}</p>\n"

    def bullets(self, bullets: Bullets) -> str:
        tag = "ol" if bullets.ordered else "ul"
        style = ' class="cards"' if bullets.cards else ""
        return f"<{tag}{style}>\n" + "".join(self.item(item) for item in bullets.items) + f"</{tag}>\n"

    def item(self, item: Item) -> str:
        text = self.spans(item.spans)
        text = f"<strong>{text}</strong>" if item.strong else text
        aside = f'<span class="aside">{_text(item.aside)}</span>' if item.aside else ""
        anchor = next((span.id for span in item.spans if isinstance(span, Link) and span.kind == "claims"), "")
        mark = f' id="{anchor}-{self.lang}"' if anchor and self.address("claims", "") == "" else ""
        return f"<li{mark}>{aside}{text}" + "".join(self.block(block) for block in item.body) + "</li>\n"

    def code(self, code: Code) -> str:
        figures = "".join(
            f'<figure data-fw="{name}"><figcaption>{FRAMEWORKS.get(name, name)}</figcaption><pre><code>{escape(text)}</code></pre></figure>'
            for name, text in code.snippets.items()
        )
        return f'<div class="code" translate="no">{figures}</div>\n'

    def table(self, table: Table) -> str:
        heads = "".join(f"<th>{_text(head)}</th>" for head in table.heads)
        rows = "".join("<tr>" + "".join(f"<td>{self.spans(cell)}</td>" for cell in row) + "</tr>\n" for row in table.rows)
        return f'<div class="wide"><table class="stack"><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n'

    def belief(self, belief: Belief) -> str:
        colon = _text(say("kb.page.colon", self.lang))
        tail = [self.prose(belief.reference)] if belief.reference else []
        tail += [self.spans(belief.claims)] if belief.claims else []
        reference = f'<p class="reference">{" · ".join(tail)}</p>' if tail else ""
        return (
            f'<blockquote><p class="belief"><span class="label">{_text(belief.labels[0])}{colon}</span>{self.prose(belief.belief)}</p>'
            f'<p><span class="label">{_text(belief.labels[1])}{colon}</span>{self.prose(belief.truth)}</p>{reference}</blockquote>\n'
        )

    def spans(self, spans: Spans) -> str:
        return "".join(self.inline(span) for span in spans)

    def inline(self, span: Inline) -> str:
        if isinstance(span, str):
            return self.prose(span)
        where = self.address(span.kind, span.id)
        return f'<a href="{escape(where)}">{_text(span.text)}</a>' if where else _text(span.text)

    def prose(self, text: str) -> str:
        """A text with its code, its addresses, and the ids of entries turned into links."""
        out: list[str] = []
        at = 0
        for match in _LINKED.finditer(text):
            out.append(_text(text[at : match.start()]))
            out.append(self.linked(match))
            at = match.end()
        return "".join(out) + _text(text[at:])

    def linked(self, match: re.Match[str]) -> str:
        code, web, paper, id = match.groups()
        if web:
            end = web.rstrip(".")
            return f'<a href="{escape(end)}" rel="noreferrer">{_text(end)}</a>{web[len(end) :]}'
        if paper:
            return f'<a href="https://arxiv.org/abs/{paper}" rel="noreferrer">arXiv:{paper}</a>'
        name = code or id
        kind = self.ids.get(name) if name != self.own else None
        where = self.address(kind, name) if kind else None
        shown = f"<code>{_text(name)}</code>" if code else _text(name)
        return f'<a href="{escape(where)}">{shown}</a>' if where else shown


def _text(text: str) -> str:
    return escape(printable(text))
