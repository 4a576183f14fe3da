"""`kb export`: the whole handbook into a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...errors import InputError, refusal
from ...kb import KnowledgeBase
from ...messages import say
from ..display import printable
from ..language import Lang
from .blocks import Sheet
from .compose import PAGES, sheet
from .composer import Composer
from .crossings import Crossings
from .front import front_sheet
from .html import html_page
from .ledger import claims_sheet, glossary_sheet
from .markdown import markdown_page
from .search_data import search_script

__all__ = ["export", "html_files", "markdown_files"]

MARKER = ".lossclinic-handbook"
"""Stands in an exported folder, so that the next export may write over it."""

LANGUAGES: tuple[Lang, Lang] = ("en", "zh")
OWN_PAGES = tuple(kind for kind in PAGES if kind != "claims")
LEDGERS = ("claims", "glossary")


def export(kb: KnowledgeBase, folder: str, form: str, lang: Lang) -> int:
    """Write the handbook ("html" or "markdown") into `folder` and say how many files it has.

    InputError when the folder holds something else, or cannot be written.
    """
    target = Path(folder)
    if target.is_file():
        raise InputError(say("kb.not_a_folder", lang, folder=printable(folder)))
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).exists():
        raise InputError(say("kb.not_empty", lang, folder=printable(folder)))
    count = 0
    try:
        target.mkdir(parents=True, exist_ok=True)
        (target / MARKER).write_text("", encoding="utf-8")
        for name, text in (html_files if form == "html" else markdown_files)(kb):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            count += 1
    except OSError as error:
        raise InputError(say("cli.output_fails", lang, file=printable(folder), reason=refusal(error, lang))) from None
    return count


def html_files(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Name and text of every file of the site."""
    crossings = Crossings(kb)
    composers = {lang: Composer(crossings, lang) for lang in LANGUAGES}
    ids = {id: kind for kind in reversed(OWN_PAGES) for id in kb.ids(kind) if "_" in id}
    yield "index.html", html_page({lang: front_sheet(c) for lang, c in composers.items()}, "", _from("", "html"), ids, index=True)
    for kind in OWN_PAGES:
        for id in kb.ids(kind):
            both = {lang: sheet(c, kind, id) for lang, c in composers.items()}
            yield f"{kind}/{id}.html", html_page(both, "../", _from("../", "html"), ids)
    ledgers = {"claims": claims_sheet, "glossary": glossary_sheet}
    for kind, composed in ledgers.items():
        yield f"{kind}.html", html_page({lang: composed(c) for lang, c in composers.items()}, "", _from("", "html", here=kind), ids)
    yield "search-data.js", search_script(crossings, _urls(kb))


def markdown_files(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Name and text of every file of the Markdown handbook: a folder for each language, a front page for both."""
    crossings = Crossings(kb)
    yield "README.md", "# lossclinic\n\n- [English](en/README.md)\n- [中文](zh/README.md)\n"
    for lang in LANGUAGES:
        compose = Composer(crossings, lang)
        other = "zh" if lang == "en" else "en"
        yield f"{lang}/README.md", _markdown(front_sheet(compose), "", f"../{other}/README.md")
        for kind in OWN_PAGES:
            for id in kb.ids(kind):
                yield f"{lang}/{kind}/{id}.md", _markdown(sheet(compose, kind, id), "../", f"../../{other}/{kind}/{id}.md")
        yield f"{lang}/claims.md", _markdown(claims_sheet(compose), "", f"../{other}/claims.md")
        yield f"{lang}/glossary.md", _markdown(glossary_sheet(compose), "", f"../{other}/glossary.md")


def _markdown(page: Sheet, base: str, other: str) -> str:
    return markdown_page(page, _from(base, "md"), other)


class _From:
    """Where pages are, seen from one place."""

    def __init__(self, base: str, suffix: str, here: str) -> None:
        self.base, self.suffix, self.here = base, suffix, here

    def __call__(self, kind: str, id: str) -> str | None:
        if kind in LEDGERS:
            if kind == self.here:
                return ""
            anchor = f"#{id}" if id and self.suffix == "html" else ""
            return f"{self.base}{kind}.{self.suffix}{anchor}"
        return f"{self.base}{kind}/{id}.{self.suffix}" if kind in OWN_PAGES else None


def _from(base: str, suffix: str, here: str = "") -> _From:
    return _From(base, suffix, here)


def _urls(kb: KnowledgeBase) -> dict[tuple[str, str], str]:
    urls = {(kind, id): f"{kind}/{id}.html" for kind in OWN_PAGES for id in kb.ids(kind)}
    urls |= {("claims", id): f"claims.html#{id}" for id in kb.ids("claims")}
    urls |= {("glossary", id): "glossary.html" for id in kb.ids("glossary")}
    return urls
