"""The scorecard of a mock interview and the statistics: as lines for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..kb import KnowledgeBase
from ..messages import say
from ..quiz.card import Card, Words
from ..quiz.mock import Answered, Scorecard
from ..quiz.rubric import Point, Wrong
from ..quiz.stats import WEEKS, Statistics
from .display import pad, printable
from .language import Lang
from .page import Page
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["clock", "scorecard_lines", "scorecard_markdown", "statistics_lines", "statistics_markdown"]

BAR = 12
"""Cells of a full bar."""

REVISE = 6
"""Points to revise that are told in full."""


def clock(seconds: float) -> str:
    """Minutes and seconds, as in 4:05; hours where there are some."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def scorecard_lines(card: Scorecard, lang: Lang, terminal: Terminal) -> list[Line]:
    """The scorecard on a terminal: dimensions, questions with what was said and missed, what to revise."""
    page = Page(terminal)
    page.heading(say("quiz.mock.title", lang))
    page.text(_total(card, lang), style="strong")
    page.heading(say("quiz.mock.dimensions", lang))
    for name, (got, total) in card.dimensions.items():
        share = got / total
        page.add(f"  {share:>4.0%} ", page.bar(share, BAR), Span(f"  {say(f'quiz.dimension.{name}', lang)}"))
    page.heading(say("quiz.mock.questions", lang))
    for one in card.answered:
        page.add()
        page.text(_line(one, lang), style="strong")
        for label, style, points in _parts(one, lang):
            for text in points:
                page.text(text, indent=6, first=(Span(f"    {label} ", style),))
        for text in one.card.reveal:
            page.text(text.pick(lang), indent=6, style="dim")
    page.heading(say("quiz.mock.revise", lang))
    for text in _revise(card, lang):
        page.text(text, first=(Span("  - ", "dim"),))
    for command in _commands(card):
        page.text(say("quiz.mock.practise", lang, command=command), style="dim")
    return page.lines


def scorecard_markdown(card: Scorecard, lang: Lang) -> str:
    """The whole interview as a document: what was asked and said, then the scorecard with the model answers."""
    lines = [f"# {say('quiz.mock.document', lang)}", ""]
    for number, one in enumerate(card.answered, start=1):
        lines += [f"## {number}. {_inline(one.card.name.pick(lang) if one.card.name else one.card.id)}", ""]
        points = {point.id: point for point in _points(one.card)}
        for turn in one.turns:
            point = points.get(turn.point)
            asked = point.follow_up.ask if point and point.follow_up else one.card.prompt
            lines += [f"**{say('quiz.mock.interviewer', lang)}**{say('report.colon', lang)}{_inline(asked.pick(lang))}", ""]
            said = _inline(" ".join(turn.answer.split())) or f"*{say('quiz.mock.passed', lang)}*"
            took = say("quiz.mock.seconds", lang, n=round(turn.took))
            lines += [f"> **{say('quiz.mock.you', lang)}** ({took}){say('report.colon', lang)}{said}", ""]
    lines += [f"## {say('quiz.mock.title', lang)}", "", f"**{_total(card, lang)}**", "", f"### {say('quiz.mock.dimensions', lang)}", ""]
    for name, (got, total) in card.dimensions.items():
        lines.append(f"- {say(f'quiz.dimension.{name}', lang)}{say('report.colon', lang)}{got / total:.0%}")
    lines += ["", f"### {say('quiz.mock.questions', lang)}", ""]
    for one in card.answered:
        lines += [f"**{_inline(_line(one, lang))}**", ""]
        for label, _, told in _parts(one, lang):
            lines += [f"- {label} {_inline(text)}" for text in told]
        lines += ["", f"<details><summary>{say('quiz.model_answer', lang)}</summary>", ""]
        lines += [f"- {_inline(text.pick(lang))}" for text in one.card.reveal]
        lines += ["", "</details>", ""]
    lines += [f"### {say('quiz.mock.revise', lang)}", ""]
    lines += [f"- {_inline(text)}" for text in _revise(card, lang)]
    lines += ["", *(f"- {say('quiz.mock.practise', lang, command=f'`{command}`')}" for command in _commands(card))]
    return "\n".join(lines).rstrip() + "\n"


def _total(card: Scorecard, lang: Lang) -> str:
    return say("quiz.mock.total", lang, percent=f"{card.score:.0%}", asked=len(card.answered), total=card.asked_for, time=clock(card.seconds))


def _line(one: Answered, lang: Lang) -> str:
    name = one.card.name.pick(lang) if one.card.name else one.card.id
    return say("quiz.mock.line", lang, percent=f"{one.score:.0%}", name=name, verdict=say(f"quiz.verdict.{one.grade.verdict.name.lower()}", lang))


def _parts(one: Answered, lang: Lang) -> Iterator[tuple[str, str, list[str]]]:
    """Sign, style and texts of what was said, said late, missed, and wrong."""
    points = {point.id: point.text.pick(lang) for point in _points(one.card)}
    made = {hit.id for hit in one.grade.hit}
    yield "[+]", "good", [text for id, text in points.items() if id in made]
    yield "[~]", "warn", [f"{say('quiz.mock.made_late', lang)}{say('report.colon', lang)}{points[id]}" for id in points if id in one.late - made]
    yield "[-]", "warn", [text for id, text in points.items() if id not in made and id not in one.late]
    truths = {wrong.id: wrong.truth.pick(lang) for wrong in _wrong(one.card)}
    yield "[!]", "bad", [say("quiz.mock.ask_and_answer", lang, ask=hit.text.pick(lang), answer=truths.get(hit.id, "")) for hit in one.wrong]


def _revise(card: Scorecard, lang: Lang) -> list[str]:
    missed = card.missed[:REVISE]
    told: list[str] = []
    for _, point in missed:
        follow = point.follow_up
        told.append(
            say("quiz.mock.ask_and_answer", lang, ask=follow.ask.pick(lang), answer=follow.answer.pick(lang)) if follow else point.text.pick(lang)
        )
    return told or [say("quiz.mock.nothing_to_revise", lang)]


def _commands(card: Scorecard) -> list[str]:
    """How to practise the two weakest dimensions."""
    weak = sorted((got / total, name) for name, (got, total) in card.dimensions.items() if total and got < total)
    return [f"lossclinic quiz --topic {name}" for _, name in weak[:2]]


def _points(card: Card) -> tuple[Point, ...]:
    return card.answer.rubric.points if isinstance(card.answer, Words) else ()


def _wrong(card: Card) -> tuple[Wrong, ...]:
    return card.answer.rubric.wrong if isinstance(card.answer, Words) else ()


def _inline(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    out = printable(text.replace("\n", " "))
    for sign in "\\`*_[]<>#|":
        out = out.replace(sign, "\\" + sign)
    return out


def statistics_lines(stats: Statistics, kb: KnowledgeBase, lang: Lang, terminal: Terminal, today: date) -> list[Line]:
    """The statistics on a terminal."""
    page = Page(terminal)
    page.heading(say("quiz.stats.title", lang))
    page.text(_summary(stats, lang))
    page.heading(say("quiz.stats.calendar", lang))
    for row in _calendar(stats, today, min(WEEKS, (terminal.width - 6) // 2)):
        page.add(Span("  " + row))
    page.text(say("quiz.stats.calendar_key", lang), style="dim")
    page.heading(say("quiz.stats.retention", lang))
    page.text(_retention(stats, lang))
    page.heading(say("quiz.stats.readiness", lang))
    for name, ready in stats.readiness.items():
        page.add(Span(f"  {ready.known:>4.0%} "), page.bar(ready.known, BAR), Span("  " + _ready(name, stats, lang)))
    page.heading(say("quiz.stats.weakest", lang))
    for text in _weak(stats, kb, lang):
        page.text(text)
    if stats.leeches:
        page.heading(say("quiz.stats.leeches", lang))
        for id in stats.leeches:
            page.text(id)
    return page.lines


def statistics_markdown(stats: Statistics, kb: KnowledgeBase, lang: Lang, today: date) -> str:
    """The statistics as a document."""
    lines = [f"# {say('quiz.stats.title', lang)}", "", _inline(_summary(stats, lang)), "", f"## {say('quiz.stats.calendar', lang)}", "", "```"]
    lines += [*_calendar(stats, today, WEEKS), "```", "", f"## {say('quiz.stats.retention', lang)}", "", _inline(_retention(stats, lang)), ""]
    lines += [f"## {say('quiz.stats.readiness', lang)}", ""]
    lines += [f"- {ready.known:.0%}  {_inline(_ready(name, stats, lang))}" for name, ready in stats.readiness.items()]
    lines += ["", f"## {say('quiz.stats.weakest', lang)}", "", *(f"- {_inline(text)}" for text in _weak(stats, kb, lang))]
    if stats.leeches:
        lines += ["", f"## {say('quiz.stats.leeches', lang)}", "", *(f"- `{id}`" for id in stats.leeches)]
    return "\n".join(lines) + "\n"


def _summary(stats: Statistics, lang: Lang) -> str:
    values = {"answers": stats.answers, "days": stats.days, "streak": stats.streak, "longest": stats.longest, "due": stats.due}
    return say("quiz.stats.line", lang, time=clock(stats.seconds), **values)


def _calendar(stats: Statistics, today: date, weeks: int) -> list[str]:
    """Seven rows, Monday first; one column a week, the last one is this week."""
    monday = today - timedelta(days=today.weekday())
    rows: list[str] = []
    for weekday in range(7):
        days = [monday - timedelta(weeks=back) + timedelta(days=weekday) for back in range(weeks - 1, -1, -1)]
        rows.append(" ".join(" " if day > today else _shade(stats.calendar.get(day, 0)) for day in days).rstrip())
    return rows


def _shade(answers: int) -> str:
    return "." if not answers else str(min(9, -(-answers // 5)))


def _retention(stats: Statistics, lang: Lang) -> str:
    kept = stats.retention
    if kept is None:
        return say("quiz.stats.no_retention", lang)
    return say(
        "quiz.stats.retention_line", lang, n=kept.reviews, real=f"{kept.real:.0%}", predicted=f"{kept.predicted:.0%}", loss=f"{kept.log_loss:.2f}"
    )  # fmt: skip


def _ready(name: str, stats: Statistics, lang: Lang) -> str:
    ready = stats.readiness[name]
    said = say(
        "quiz.stats.readiness_line", lang, ready="", name=pad(say(f"quiz.dimension.{name}", lang), 0), seen=ready.seen, cards=ready.cards,
        score=f"{ready.score:.0%}",
    )  # fmt: skip
    return said.strip()


def _weak(stats: Statistics, kb: KnowledgeBase, lang: Lang) -> list[str]:
    told: list[str] = []
    for weak in stats.weakest:
        name = next((names[weak.topic].pick(lang) for names in (kb.causes, kb.symptoms, kb.facts) if weak.topic in names), weak.topic)
        told.append(say("quiz.stats.weak_line", lang, score=f"{weak.score:.0%}", topic=name, n=weak.answers))
    return told or [say("quiz.stats.no_weak", lang)]
