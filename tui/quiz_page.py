"""A card on a page: the question, and after the reply what was right, what was missed, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.diagnosis import Diagnosis
from ..engine.observe.log import Log
from ..kb import KnowledgeBase
from ..messages import say
from ..quiz.card import Choice, Cloze, Order, Words
from ..quiz.check import Outcome, Presented
from ..quiz.curves import diagnosed, log_of
from ..quiz.grade import Hit
from .curve import Panel, draw_curve
from .display import display_width, printable
from .language import Lang
from .page import Page
from .phrases import Phrases
from .picture import marks
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["card_lines", "decision_lines", "folded", "letter", "outcome_lines"]

MAIN_ROWS, STRIP_ROWS = 9, 3

LOSSES = ("train_loss", "val_loss")
STRIPS = ("lr", "grad_norm")

CAUSES, SIGNS = 3, 3
"""Of the engine's reasoning: causes, and signs for the first."""


CODE = 4
"""Cells before a line of code."""


def folded(code: str, room: int) -> str:
    """`code` with no line wider than `room` cells: a remark goes above its line, and what is still too long goes on below, further in;
    within a string only where there is no other place."""
    return "\n".join(part for line in code.expandtabs(4).splitlines() for part in _folded(line, room))


def _folded(line: str, room: int) -> Iterator[str]:
    lead = " " * (len(line) - len(line.lstrip()))
    body, mark, remark = line.partition("  # ")
    if display_width(line) > room and mark and body.strip():
        yield from _folded(f"{lead}# {remark.strip()}", room)
        line = body.rstrip()
    more = lead + ("# " if line.startswith(lead + "# ") else "    " * 2)
    while display_width(line) > room:
        ends = [at for at in range(len(more) + 1, room + 1) if line[at - 1] in " ([{"]
        at = max(ends, key=lambda end: (line[:end].count('"') % 2 == 0, line[end - 1] == " ", end), default=room)
        yield line[:at].rstrip()
        line = more + line[at:].lstrip()
    yield line


def letter(number: int) -> str:
    """The letter by which the decision `number` (from 0) is turned round."""
    return chr(ord("a") + number)


def card_lines(
    shown: Presented, kb: KnowledgeBase, lang: Lang, terminal: Terminal, head: str = "", *, changed: bool = False, options: bool = True
) -> list[Line]:
    """The question. `head` stands above it: where in the session we are; without
    `options` the answers to pick are shown elsewhere."""
    card = shown.card
    page = Page(terminal)
    kind = say("quiz.head", lang, kind=say(f"quiz.kind.{card.kind}", lang), level=say(f"quiz.level.{card.level}", lang), place=head)
    page.add(Span(kind.strip(), "dim"))
    if changed:
        page.text(say("quiz.changed", lang), indent=0, style="warn")
    first, *rest = card.prompt.pick(lang).split("\n")
    page.text(first, indent=0, style="strong")
    for paragraph in rest:
        page.text(paragraph)
    if card.code:
        page.add()
        page.code(folded(card.code, page.prose - CODE), indent=CODE)
    if card.curve is not None:
        page.add()
        _curve(page, log_of(card.curve), kb, lang)
    page.add()
    for number, option in enumerate(shown.options if options else (), start=1):
        page.text(option.text.pick(lang), indent=5, first=(Span(f"{number:>3}. ", "strong"),))
    if isinstance(card.answer, Order):
        for number, at in enumerate(shown.items, start=1):
            page.text(card.answer.items[at].pick(lang), indent=5, first=(Span(f"{number:>3}. ", "strong"),))
    return page.lines


def outcome_lines(shown: Presented, outcome: Outcome, kb: KnowledgeBase, lang: Lang, terminal: Terminal) -> list[Line]:
    """What came of the reply, and what the knowledge base says."""
    card = shown.card
    page = Page(terminal)
    page.lines += decision_lines(outcome, lang, terminal)
    match card.answer:
        case Choice(options=options):
            if outcome.chosen is not None and not outcome.chosen.right and outcome.chosen.why is not None:
                page.text(outcome.chosen.why.pick(lang))
            right = next(option for option in options if option.right)
            _labelled(page, say("quiz.right_answer", lang), right.text.pick(lang), lang)
        case Order(items=items, ranks=ranks):
            _labelled(page, say("quiz.right_order", lang), "", lang)
            for _, at in sorted((rank, at) for at, rank in enumerate(ranks)):
                page.text(items[at].pick(lang), indent=5, first=(Span("   - ", "dim"),))
        case Cloze(accept=accept):
            _labelled(page, say("quiz.right_answer", lang), accept[0], lang)
        case Words():
            if card.reveal:
                page.heading(say("quiz.model_answer", lang))
    for text in card.reveal:
        page.text(text.pick(lang))
    if card.reference:
        page.text(say("quiz.source", lang, source=card.reference), style="dim")
    if card.curve is not None:
        _reasoning(page, diagnosed(card.curve, lang), log_of(card.curve), kb, lang)
    return page.lines


def decision_lines(outcome: Outcome, lang: Lang, terminal: Terminal) -> list[Line]:
    """The verdict, and for an answer in words every decision with its letter."""
    page = Page(terminal)
    name = outcome.verdict.name.lower()
    style = {"good": "good", "partial": "warn"}.get(name, "bad")
    page.add(Span(say(f"quiz.verdict.{name}", lang), style), Span("  " + say("quiz.score", lang, percent=f"{outcome.score:.0%}"), "dim"))
    if outcome.grade is not None:
        _graded(page, outcome, lang)
    return page.lines


def _labelled(page: Page, label: str, text: str, lang: Lang) -> None:
    page.text(label + say("report.colon", lang) + text)


def _graded(page: Page, outcome: Outcome, lang: Lang) -> None:
    """Every decision with its letter: points made and missed, wrong claims."""
    graded = outcome.grade
    assert graded is not None  # noqa: S101 - the caller looked
    if graded.bare:
        page.text(say("quiz.bare", lang), style="warn")
    if not graded.related:
        page.text(say("quiz.off_topic", lang), style="warn")
    for number, hit in enumerate((*graded.points, *graded.wrong)):
        wrong = number >= len(graded.points)
        made = bool(hit.said) and not hit.denied and not wrong
        sign, style = ("[!]", "bad") if wrong else ("[+]", "good") if made else ("[-]", "warn")
        page.text(_decision(hit, lang, wrong=wrong), indent=8, first=(Span(f" {letter(number)} ", "strong"), Span(f"{sign} ", style)))


def _decision(hit: Hit, lang: Lang, *, wrong: bool) -> str:
    text = hit.text.pick(lang)
    if hit.must and not hit.said:
        text += say("quiz.must", lang)
    if hit.denied:
        return text + say("quiz.denied", lang, said=_short(hit.said))
    if hit.said and hit.said not in (hit.text.en, hit.text.zh):
        text += say("quiz.wrongly_said" if wrong else "quiz.said", lang, said=_short(hit.said))
    return text


def _short(said: str) -> str:
    bare = printable(" ".join(said.split()))
    return bare if len(bare) <= 60 else bare[:57] + "..."


def _curve(page: Page, log: Log, kb: KnowledgeBase, lang: Lang) -> None:
    """The curve, without marks and without anything that was found."""
    words = Phrases(lang, kb, log.axis, page.terminal.glyphs.dash)
    losses = tuple(series for metric in LOSSES if (series := log.get(metric)) is not None and len(series))
    panels = [Panel(losses, MAIN_ROWS)] if losses else []
    panels += [Panel((series,), STRIP_ROWS) for metric in STRIPS if (series := log.get(metric)) is not None and len(series)]
    drawn: list[Panel] = []
    for panel in panels:
        names = say("quiz.comma", lang).join(words.series(series.metric, series.part) for series in panel.series)
        drawn.append(panel._replace(caption=(Span(" " * 9), Span(names, "dim"))))
    if page.terminal.pictures:
        page.lines += draw_curve(drawn, width=page.terminal.width, axis=log.axis, glyphs=page.terminal.glyphs)
        return
    for panel in panels:
        for series in panel.series:
            page.text(f"{words.series(series.metric, series.part)}{say('report.colon', lang)}{_sampled(series.steps, series.values)}")


def _sampled(steps: object, values: object) -> str:
    """The lowest and the highest value of eight stretches, for those who hear the curve read out: no spike is left out."""
    import numpy as np

    at, value = np.asarray(steps, dtype=float), np.asarray(values, dtype=float)
    stretches = [part for part in np.array_split(np.flatnonzero(np.isfinite(value)), 8) if len(part)]
    extremes = [int(part[pick(value[part])]) for part in stretches for pick in (np.argmin, np.argmax)]
    picked = np.unique([0, *extremes, *np.flatnonzero(~np.isfinite(value))[:1].tolist(), len(at) - 1])
    return ", ".join(f"{at[n]:g}: {value[n]:.3g}" for n in picked)


def _reasoning(page: Page, diagnosis: Diagnosis, log: Log, kb: KnowledgeBase, lang: Lang) -> None:
    """What the engine sees and concludes, beside what the learner said."""
    page.heading(say("quiz.engine", lang))
    words = Phrases(lang, kb, log.axis, page.terminal.glyphs.dash)
    if diagnosis.healthy:
        page.text(say("quiz.engine_healthy", lang))
    for finding in diagnosis.symptoms:
        page.text(finding.summary, first=(Span("  - ", "dim"),))
    for number, cause in enumerate(diagnosis.causes[:CAUSES]):
        page.text(say("cli.ask.cause", lang, name=cause.name, percent=words.percent(cause.probability)), style="strong")
        if number == 0:
            for evidence in cause.evidence[:SIGNS]:
                sign, style = ("+", "for") if evidence.decibans > 0 else ("-", "against")
                page.text(evidence.text, indent=6, first=(Span(f"    {sign} ", style),))
    if page.terminal.pictures and marks(diagnosis):
        page.add()
        losses = tuple(series for metric in LOSSES if (series := log.get(metric)) is not None and len(series))
        page.lines += draw_curve([Panel(losses, 5)], marks(diagnosis), width=page.terminal.width, axis=log.axis, glyphs=page.terminal.glyphs)
