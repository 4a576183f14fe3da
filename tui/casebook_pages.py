"""Cases as pages on a terminal: one in full, many in a list, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..casebook.case import SECTIONS, Case, Value
from ..casebook.outcomes import Outcomes, Tally
from ..casebook.reference import is_reference, shown
from ..casebook.store import Sketch
from ..kb import KnowledgeBase
from ..messages import say
from .display import cut, display_width, pad, printable
from .language import Lang
from .page import Page
from .spans import Line, Span
from .terminal import Terminal

if TYPE_CHECKING:
    from ..engine.session import Session

__all__ = ["calibration_page", "case_page", "cause_name", "comparison", "history_page", "list_page", "stats_page", "status_word"]

STATUS_STYLE = {"open": "warn", "resolved": "good", "withdrawn": "dim", "superseded": "dim"}
MOST_CAUSES = 5
"""Causes of the diagnosis that are listed."""
MOST_LINES = 400
"""Lines of a section that are shown; `--format json` and the export have all of it."""


def cause_name(cause: str, kb: KnowledgeBase, lang: Lang) -> str:
    """The name of a cause of the taxonomy; other causes are in words already."""
    return kb.causes[cause].pick(lang) if cause in kb.causes else cause


def status_word(status: str, lang: Lang) -> str:
    """`resolved` in words."""
    return say(f"casebook.status.{status}", lang)


def list_page(sketches: Sequence[Sketch], kb: KnowledgeBase, lang: Lang, terminal: Terminal, likeness: Sequence[float] = ()) -> list[Line]:
    """One paragraph a case: title, and below it number, state, day and cause."""
    page = Page(terminal)
    for number, sketch in enumerate(sketches):
        title, day, cause = shown(sketch, lang)
        title = cut(printable(title), page.prose - 14, terminal.glyphs.ellipsis)
        page.text(title, style="strong", indent=0, aside=sketch.id)
        name = cause_name(cause, kb, lang) if cause else say("casebook.no_cause", lang)
        if not sketch.cause and sketch.guess:
            name = say("casebook.guess", lang, cause=name)
        parts = [status_word(sketch.status, lang), *([day] if day else []), cut(printable(name), 60, terminal.glyphs.ellipsis)]
        if likeness:
            parts.append(say("casebook.likeness", lang, percent=round(likeness[number] * 100)))
        page.add(Span("  "), Span(parts[0], STATUS_STYLE[sketch.status]), Span("  " + "  ".join(parts[1:]), "dim"))
    return page.lines


def case_page(case: Case, kb: KnowledgeBase, lang: Lang, terminal: Terminal) -> list[Line]:
    """A case in full, in the language of the reader if it is told in it."""
    page = Page(terminal)
    told = case.told(lang)
    page.text(told.title, style="title", indent=0, aside=case.id)
    page.add(Span(status_word(case.status, lang), STATUS_STYLE[case.status]), Span(f"  {_days(case, lang)}", "dim"))
    if case.superseded_by:
        page.text(say("casebook.superseded_by", lang, id=case.superseded_by), indent=0)
    if case.people:
        page.text(say("casebook.people", lang, names=say("read.comma", lang).join(case.people)), indent=0, style="dim")
    if case.cause and (case.cause in kb.causes or case.lang == lang or not told.cause):  # else the section says it in the reader's language
        page.heading(say("casebook.part.confirmed", lang))
        page.text(cause_name(case.cause, kb, lang), style="strong", aside=case.cause if case.cause in kb.causes else "")
    if case.symptoms and not told.seen:
        page.heading(say("casebook.section.seen", lang))
        for sign in case.symptoms:
            page.text(sign.summary or (kb.symptoms[sign.id].pick(lang) if sign.id in kb.symptoms else sign.id))
    for name in SECTIONS:
        _section(page, name, getattr(told, name), lang)
    _diagnosis(page, case, kb, lang)
    if case.facts:
        page.heading(say("casebook.part.facts", lang))
        for fact, value in case.facts.items():
            name = kb.facts[fact].pick(lang) if fact in kb.facts else fact
            page.text(f"{name}{say('report.colon', lang)}{_value(fact, value, kb, lang)}")
    if case.ruled_out:
        page.heading(say("casebook.part.ruled_out", lang))
        for cause, how in case.ruled_out.items():
            page.text(f"{cause_name(cause, kb, lang)}{say('report.colon', lang)}{how}" if how else cause_name(cause, kb, lang))
    if case.links or case.log or case.source:
        page.heading(say("casebook.part.links", lang))
        source = [" ".join(part for part in (case.source.work, case.source.place, case.source.url) if part)] if case.source else []
        for link in (*source, *([case.log] if case.log else []), *case.links):
            page.text(link)
    return page.lines


def _section(page: Page, name: str, text: str, lang: Lang) -> None:
    if not text:
        return
    page.heading(say(f"casebook.section.{name}", lang))
    lines = text.split("\n")
    for line in lines[:MOST_LINES]:
        if line.strip():
            page.text(line)
        else:
            page.add()
    if len(lines) > MOST_LINES:
        page.text(say("casebook.cut", lang, n=len(lines) - MOST_LINES), style="dim")


def _diagnosis(page: Page, case: Case, kb: KnowledgeBase, lang: Lang) -> None:
    if case.diagnosis is None or not case.diagnosis.causes:
        return
    page.heading(say("casebook.part.diagnosis", lang))
    rows = list(case.diagnosis.causes.items())[:MOST_CAUSES]
    names = [cut(cause_name(cause, kb, lang), 40, "...") for cause, _ in rows]
    width = max(map(display_width, names))
    for (cause, share), name in zip(rows, names, strict=True):
        mark = say("casebook.was_it", lang) if cause == case.cause else ""
        page.add("  ", Span(f"{share:4.0%}  "), page.bar(share, 16), Span(" " + pad(name, width)), Span(f"  {mark}" if mark else "", "good"))
    if case.cause and case.cause not in case.diagnosis.causes:
        page.text(say("casebook.not_listed", lang), style="dim")


def _value(fact: str, value: Value, kb: KnowledgeBase, lang: Lang) -> str:
    from ..engine.report import value_label

    return value_label(kb, fact, value, lang) if fact in kb.facts else str(value)


def _days(case: Case, lang: Lang) -> str:
    if case.source is not None and is_reference(case.id):
        return case.source.when
    opened = say("casebook.opened", lang, day=f"{case.opened:%Y-%m-%d}")
    if case.resolved is None:
        return opened
    return opened + say("casebook.resolved_on", lang, day=f"{case.resolved:%Y-%m-%d}")


def comparison(case: Case, session: Session, kb: KnowledgeBase, lang: Lang, terminal: Terminal) -> list[Line]:
    """What a case and the run at hand have in common, and what sets them apart: symptoms and facts."""
    page = Page(terminal)
    known = session.known()
    here = {id for id, value in known.items() if id in kb.symptoms and value is True}
    there = {sign.id for sign in case.symptoms}
    page.heading(say("casebook.compare", lang))
    for entry, ids in (("both", here & there), ("only_here", here - there), ("only_there", there - here)):
        if ids:
            names = say("read.comma", lang).join(kb.symptoms[id].pick(lang) if id in kb.symptoms else id for id in sorted(ids))
            page.text(say(f"casebook.compare.{entry}", lang, names=names))
    for fact in sorted(case.facts.keys() & known.keys() & kb.facts.keys()):
        mine, other = _value(fact, known[fact], kb, lang), _value(fact, case.facts[fact], kb, lang)
        name = kb.facts[fact].pick(lang)
        if mine == other:
            page.text(say("casebook.compare.same", lang, name=name, value=mine), style="dim")
        else:
            page.text(say("casebook.compare.differs", lang, name=name, here=mine, there=other))
    return page.lines


def history_page(versions: Sequence[Case], lang: Lang, terminal: Terminal) -> list[Line]:
    """Who changed what and when: every entry of the history, and which fields each kept version changed."""
    page = Page(terminal)
    latest = versions[-1]
    page.text(latest.told(lang).title, style="title", indent=0, aside=latest.id)
    kept = {case.rev: case for case in versions}
    before: Case | None = None
    for number, change in enumerate(latest.history, 1):
        page.add(Span(f"{number:3}  {change.at:%Y-%m-%d %H:%M}Z  ", "dim"), Span(change.what), Span(f"  {change.by}" if change.by else "", "dim"))
        case = kept.get(change.rev)
        if case is not None and before is not None:
            names = [name for name in Case.model_fields if name != "history" and getattr(case, name) != getattr(before, name)]
            if names:
                page.text(say("casebook.changed", lang, fields=", ".join(names)), indent=5, style="dim")
        before = case or before
    return page.lines


def stats_page(counts: dict[str, int], rows: Sequence[Tally], kb: KnowledgeBase, lang: Lang, terminal: Terminal) -> list[Line]:
    """How many cases in each state, and of each confirmed cause how often it was named and how long it took."""
    page = Page(terminal)
    parts = [f"{status_word(status, lang)} {n}" for status, n in counts.items()]
    page.text(say("casebook.stats.total", lang, n=sum(counts.values()), parts=say("read.comma", lang).join(parts)), indent=0)
    if not rows:
        page.text(say("casebook.stats.none", lang), indent=0)
        return page.lines
    names = [cut(printable(cause_name(row.cause, kb, lang)), 36, terminal.glyphs.ellipsis) for row in rows]
    heads = [say(f"casebook.stats.{name}", lang) for name in ("cause", "confirmed", "first", "three", "days")]
    cells = [
        [name, str(row.confirmed), _share(row.first, row.diagnosed), _share(row.among_three, row.diagnosed), _number(row.days)]
        for name, row in zip(names, rows, strict=True)
    ]  # fmt: skip
    _table(page, [heads, *cells])
    return page.lines


def _share(hits: int, of: int) -> str:
    return f"{hits}/{of}" if of else "-"


def _number(days: float | None) -> str:
    return "-" if days is None else f"{days:.1f}"


def _table(page: Page, rows: Sequence[Sequence[str]]) -> None:
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    page.add()
    for number, row in enumerate(rows):
        cells = [pad(cell, width, right=column > 0) for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        page.add(Span("  ".join(cells), "heading" if number == 0 else ""))


def calibration_page(outcomes: Outcomes, lang: Lang, terminal: Terminal) -> list[Line]:
    """Predicted against confirmed."""
    page = Page(terminal)
    if not outcomes.cases:
        page.text(say("casebook.calibrate.none", lang), indent=0)
        return page.lines
    values = {"n": outcomes.cases, "right": outcomes.right, "share": outcomes.right / outcomes.cases}
    page.text(say("casebook.calibrate.total", lang, **values), indent=0)
    page.text(say("casebook.calibrate.scores", lang, brier=outcomes.brier, ece=outcomes.ece), indent=0)
    heads = [say(f"casebook.calibrate.{name}", lang) for name in ("said", "cases", "mean", "right_share", "interval")]
    rows = [
        [f"{row.low:.0%} - {row.high:.0%}", str(row.n), f"{row.said:.0%}", f"{row.right:.0%}", f"{row.least:.0%} - {row.most:.0%}"]
        for row in outcomes.bins
    ]  # fmt: skip
    _table(page, [heads, *rows])
    return page.lines
