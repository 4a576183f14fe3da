"""The pages that list things: claims of the sources, and the glossary."""

from __future__ import annotations

from .blocks import Belief, Block, Bullets, Item, Link, Para, Section, Sheet, Table
from .composer import Composer

__all__ = ["claim_sheet", "claims_sheet", "glossary_sheet"]


def claim_sheet(compose: Composer, id: str) -> Sheet:
    """One claim: what the source says, which entries carry it, and what holds when it is disputed."""
    claim = compose.kb.claim(id)
    citations = compose.x.citations(id)
    carried = compose.joined(compose.link(by.kind, by.id) for by in citations if not by.corrects)
    blocks: list[Block] = []
    labels = (compose.say("belief"), compose.say("truth"))
    for by in citations:
        if by.corrects:
            where = Para((compose.link(by.kind, by.id),), compose.say("corrected_in"), "soft")
            for item in compose.x.corrections(by.kind, by.id, id):
                blocks += [Belief(compose.pick(item.belief), compose.pick(item.truth), (), item.reference or "", labels), where]
    sections: list[Section] = [
        *compose.section("corrections", *blocks),
        *compose.section("carried_by", Para(carried) if carried else None),
    ]
    kicker = compose.say("kicker.disputed" if claim.disputed else "kicker.claims", source=compose.say(f"source.{id.partition('-')[0]}"))
    return Sheet("claims", id, id, kicker, (Para((claim.gist,), style="lead"),), tuple(sections), compose.lang)


def claims_sheet(compose: Composer) -> Sheet:
    """All claims, by source."""
    groups: dict[str, list[Item]] = {}
    for id in compose.kb.ids("claims"):
        claim = compose.kb.claim(id)
        by = compose.joined(compose.link(c.kind, c.id) for c in compose.x.citations(id))
        aside = compose.say("disputed") if claim.disputed else ""
        groups.setdefault(id.partition("-")[0], []).append(Item((Link("claims", id, id), "  ", claim.gist), aside, (Para(by, style="soft"),)))
    sections = tuple(Section(source, compose.say(f"source.{source}"), (Bullets(tuple(items)),)) for source, items in groups.items())
    lead = (Para((compose.say("claims_lead"),), style="lead"),)
    return Sheet("claims", "", compose.say("ledger.claims"), compose.say("kicker.ledger"), lead, sections, compose.lang)


def glossary_sheet(compose: Composer) -> Sheet:
    """All terms: how each language writes them here, and what it avoids."""
    rows: list[tuple[tuple[str, ...], ...]] = []
    for term in compose.kb.terms():
        avoid = compose.say("comma").join((*term.avoid_en, *term.avoid_zh))
        rows.append(((term.en,), (term.zh,), (avoid,)))
    heads = ("English", "中文", compose.say("avoid"))
    section = Section("terms", compose.say("section.terms"), (Table(heads, tuple(rows)),))
    lead = (Para((compose.say("glossary_lead"),), style="lead"),)
    return Sheet("glossary", "", compose.say("ledger.glossary"), compose.say("kicker.ledger"), lead, (section,), compose.lang)
