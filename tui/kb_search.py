"""`kb search`: the entries that fit some words, best first."""

from __future__ import annotations

from ..kb import KnowledgeBase
from ..kb.search import KINDS, Hit, index
from ..messages import say
from .display import cut, printable
from .handbook.crossings import Crossings
from .kb_options import Options
from .page import INDENT, Page
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["search_command"]

SNIPPET = 2
"""Most lines of the sentence that fits."""


def search_command(kb: KnowledgeBase, options: Options, terminal: Terminal) -> list[Line]:
    """What was found, or what to try when nothing was."""
    query = " ".join(options.words)
    kinds = (options.kind,) if options.kind else KINDS
    hits = index(kb).search(query, options.limit, kinds)
    page = Page(terminal)
    if not hits:
        page.text(say("kb.nothing_found", options.lang, words=printable(query)), indent=0)
        return page.lines
    crossings = Crossings(kb)
    for hit in hits:
        _hit(page, crossings, hit, options)
    page.add()
    page.add(Span(say("kb.search_hint", options.lang, entry=hits[0].id) if hits[0].kind != "glossary" else "", "dim"))
    return page.lines


def _hit(page: Page, crossings: Crossings, hit: Hit, options: Options) -> None:
    kind = say(f"kb.one.{hit.kind}", options.lang)
    if hit.kind == "glossary":
        term = crossings.kb.terms()[int(hit.id)]
        page.text(f"{term.en} = {term.zh}", style="strong", indent=0, aside=kind)
        return
    name = crossings.name(hit.kind, hit.id, options.lang)
    page.text(name, style="strong", indent=0, aside=f"{kind}  {hit.id}" if name != hit.id else kind)
    snippet = hit.snippet.get(options.lang) or next(iter(hit.snippet.values()), "")
    if snippet:
        page.text(cut(snippet.replace("`", ""), SNIPPET * (page.prose - INDENT) - 8, page.terminal.glyphs.ellipsis))
