"""What the search of the handbook reads: names and prose of every page, as a script that hands them over."""

from __future__ import annotations

import json

from ...kb.search import KINDS, WEIGHT, index
from ...messages import say
from .crossings import Crossings

__all__ = ["search_script"]


def search_script(crossings: Crossings, urls: dict[tuple[str, str], str]) -> str:
    """A script that calls `lossclinicPages` with one row a page: kind, address, names in both languages, all names, prose."""
    rows: list[list[object]] = []
    for page in index(crossings.kb).pages:
        url = urls.get((page.kind, page.id))
        if url is None:
            continue
        names = {lang: crossings.name(page.kind, page.id, lang) for lang in ("en", "zh")}
        if page.kind == "claims":
            names = {"en": page.id, "zh": page.id}
        prose = [" ".join(page.sentences["en"]), "".join(page.sentences["zh"]) if page.kind != "claims" else page.sentences["zh"][0]]
        rows.append([page.kind, url, names["en"], names["zh"], list(page.names), *prose])
    kinds = {kind: {lang: say(f"kb.one.{kind}", lang) for lang in ("en", "zh")} for kind in KINDS}
    data = {"kinds": kinds, "weight": WEIGHT, "pages": rows}
    return "lossclinicPages(" + json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/") + ");\n"
