"""`kb facts`: what can be told with `--know` and answered in an answer file, with the values there are."""

from __future__ import annotations

from ..kb import KnowledgeBase
from ..messages import say
from .kb_options import Options
from .page import Page
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["facts_command"]


def facts_command(kb: KnowledgeBase, options: Options, terminal: Terminal) -> list[Line]:
    """One fact after another by topic: what to write, and what it means."""
    page, lang = Page(terminal), options.lang
    topics: dict[str, list[str]] = {}
    for id in kb.ids("facts"):
        topics.setdefault(kb.fact(id).topic, []).append(id)
    page.text(say("kb.facts.intro", lang), indent=0)
    for ids in topics.values():
        page.add()
        for id in ids:
            fact = kb.fact(id)
            if fact.type == "number":
                bounded = fact.minimum is not None and fact.maximum is not None
                values = say("kb.facts.number", lang) + (f" {fact.minimum:g}..{fact.maximum:g}" if bounded else "")
            else:
                values = "|".join(fact.values or ("yes", "no"))
            page.text(f"{id}={values}", style="strong", indent=0)
            page.text(fact.ask.pick(lang), first=(Span("    "),), style="dim")
    return page.lines
