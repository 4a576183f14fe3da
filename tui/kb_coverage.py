"""`kb coverage`: which entry carries which claim of the sources."""

from __future__ import annotations

from collections.abc import Callable

from ..kb import KnowledgeBase
from ..messages import say
from .exit_codes import ExitCode
from .handbook.crossings import Crossings
from .kb_options import Options
from .page import Page
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["coverage_command"]


def coverage_command(kb: KnowledgeBase, options: Options, terminal: Terminal, write: Callable[[list[Line]], None]) -> ExitCode:
    """One line a claim; exit status 1 when a claim has no place, or a disputed one no correction."""
    found = Crossings(kb).coverage()
    page = Page(terminal)
    for claim, citations in found.cited.items():
        disputed = kb.claim(claim).disputed
        mark = "!" if claim in found.homeless or claim in found.uncorrected else "*" if disputed else " "
        entries = ", ".join(f"{c.kind}/{c.id}{'*' if c.corrects else ''}" for c in citations) or say("kb.nowhere", options.lang)
        page.text(entries, first=(Span(f"{claim} {mark} ", "bad" if mark == "!" else ""),))
    total = len(found.cited)
    disputed = [id for id in kb.ids("claims") if kb.claim(id).disputed]
    page.add()
    page.text(
        say(
            "kb.coverage", options.lang, n=total - len(found.homeless), total=total,
            corrected=len(disputed) - len([id for id in found.uncorrected if id in disputed]), disputed=len(disputed),
        ),
        indent=0, style="bad" if found.homeless or found.uncorrected else "good",
    )  # fmt: skip
    for entry, ids in (("homeless", found.homeless), ("uncorrected", found.uncorrected), ("unknown_claims", list(found.unknown))):
        if ids:
            page.text(say(f"kb.{entry}", options.lang, ids=", ".join(ids)), indent=0, style="bad")
    write(page.lines)
    return ExitCode.FOUND if found.homeless or found.uncorrected or found.unknown else ExitCode.DONE
