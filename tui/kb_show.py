"""`kb show`, `kb playbook`, `kb claim`: entries as pages on the terminal."""

from __future__ import annotations

from ..errors import InputError
from ..kb import KnowledgeBase
from ..messages import say
from .display import printable
from .handbook.compose import PAGES, sheet
from .handbook.composer import Composer
from .handbook.crossings import Crossings
from .handbook.text import text_page
from .kb_options import Options
from .page import Page
from .spans import Line, Span
from .suggest import hint
from .terminal import Terminal

__all__ = ["show_command"]

SURE = 150.0
"""Search score from which a word is taken for a name: the name itself, or one with a typing error."""

NEAR = 80.0
"""Search score from which an entry is worth suggesting."""


def show_command(kb: KnowledgeBase, options: Options, terminal: Terminal) -> list[Line]:
    """The pages asked for, one after another. InputError for an id or a name that does not exist."""
    if options.command == "playbook" and not options.words:
        return _list_playbooks(kb, options, terminal)
    compose = Composer(Crossings(kb), options.lang)
    lines: list[Line] = []
    for word in options.words:
        for kind, id in _found(kb, word, options):
            if lines:
                lines += [(), ()]
            lines += text_page(sheet(compose, kind, id), terminal, options.framework)
    return lines


def _found(kb: KnowledgeBase, word: str, options: Options) -> list[tuple[str, str]]:
    """Every page under an id (a symptom and a question may share one); else the one whose name or alias it is."""
    kinds = {"playbook": ("playbooks",), "claim": ("claims",)}.get(options.command, tuple(PAGES))
    bare = word.strip()
    for id in (bare, bare.lower().replace("-", "_").replace(" ", "_"), bare.upper(), f"first_five_minutes_{bare.lower()}"):
        found = [(kind, id) for kind in kinds if id in kb.ids(kind)]
        if found:
            return found
    from ..kb.search import index

    hits = index(kb).search(word, 3, kinds)
    if hits and hits[0].score >= SURE and (len(hits) == 1 or hits[1].score < hits[0].score - 5):
        return [(hits[0].kind, hits[0].id)]
    hits = [hit for hit in hits if hit.score >= NEAR]
    if hits:
        listed = ", ".join(hit.id for hit in hits)
        raise InputError(say("kb.unknown_but", options.lang, name=printable(word), names=listed))
    names = [id for kind in kinds for id in kb.ids(kind)]
    raise InputError(say("kb.unknown", options.lang, name=printable(word), hint=hint(word, names, options.lang)))


def _list_playbooks(kb: KnowledgeBase, options: Options, terminal: Terminal) -> list[Line]:
    page = Page(terminal)
    for id in kb.ids("playbooks"):
        playbook = kb.playbook(id)
        page.text(playbook.name.pick(options.lang), style="strong", indent=0, aside=id)
        page.text(playbook.goal.pick(options.lang))
        page.add()
    page.add(Span(say("kb.playbook_hint", options.lang), "dim"))
    return page.lines
