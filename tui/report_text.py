"""The report in a terminal: what a colleague would say after a look at the curve, most important first."""

from __future__ import annotations

from collections.abc import Sequence

from ..engine.diagnosis import Diagnosis, Evidence, FixAdvice, RankedCause
from ..engine.observe.log import Log
from ..messages import say
from .blocks_text import add_blocks
from .course import course
from .curve import draw_curve
from .display import cut, display_width, pad, printable
from .explaining import calm, experiment_blocks, explanation_blocks, stopped
from .page import INDENT, Page
from .phrases import Phrases, Reference, sentences
from .picture import frameworks, marks, panels
from .sightings import sightings
from .spans import Line, Span
from .terminal import Terminal

__all__ = ["text_report", "why"]

FINDINGS, CAUSES, SIGNS_FOR, SIGNS_AGAINST, FIXES, QUESTIONS = 8, 5, 4, 3, 2, 3
"""Most entries of each list; a report is read, a JSON file is complete."""

CAUSES_IN_SHORT = 3
"""Causes named again at the end of an interview."""

SURE = 0.5
"""From this probability on the first cause is the working hypothesis; below it, finding out comes before doing."""

NAME = 44
"""Widest name of a cause in the table, in cells."""

NOTABLE = 1.5
"""Decibans from which a piece of evidence is worth a line: a factor of 1.4."""

LONG_CODE = 4
"""Lines from which the code of a second fix is left to the Markdown report."""

DECIBAN_BAR = 8
"""Cells of the longest evidence bar."""


def text_report(diagnosis: Diagnosis, log: Log | None, kb: Reference, terminal: Terminal, *, asks: bool = False) -> list[Line]:
    """The whole report as styled lines. `asks` = the questions were already put to the user, so nothing advertises them."""
    page = Page(terminal)
    words = Phrases(diagnosis.lang, kb, diagnosis.log.axis if diagnosis.log else "step", terminal.glyphs.dash)
    _header(page, words, diagnosis, log)
    for flag in diagnosis.red_flags:
        page.text(flag.text, indent=0, first=(Span(say("explain.stop_now", diagnosis.lang) + words.say("colon"), "mark"),))
    if log and terminal.pictures:
        drawn = draw_curve(panels(log, diagnosis, words), marks(diagnosis), width=terminal.width, axis=log.axis, glyphs=terminal.glyphs)
        page.add()
        page.lines += drawn
    if diagnosis.healthy:
        _healthy(page, words, diagnosis, log)
    _findings(page, words, diagnosis)
    if not diagnosis.healthy and diagnosis.causes:
        first = diagnosis.causes[0]
        _causes(page, words, diagnosis)
        why(page, words, diagnosis, first)
        for explanation in diagnosis.explanations:
            add_blocks(page, explanation_blocks(explanation, words, legend=False))
        if first.probability < SURE:
            _next(page, words, diagnosis, asks=asks)
            _fixes(page, words, first, frameworks(log), sure=False)
        else:
            _fixes(page, words, first, frameworks(log), sure=True)
            _next(page, words, diagnosis, asks=asks)
        if diagnosis.experiment and diagnosis.stopped in ("no_gain", "nothing_left", "enough", "cap") and diagnosis.asked:
            add_blocks(page, experiment_blocks(diagnosis.experiment, words))
    _not_checked(page, words, diagnosis)
    _ending(page, words, diagnosis, log, asks=asks)
    return page.lines


def _header(page: Page, words: Phrases, diagnosis: Diagnosis, log: Log | None) -> None:
    summary = diagnosis.log
    if summary is None:
        page.text(words.told(diagnosis), indent=0, style="title")
    else:
        page.add(Span(cut(printable(summary.source), page.terminal.width, page.terminal.glyphs.ellipsis), "title"))
        page.text(words.read(summary, log), indent=0, style="dim")
        for note in summary.notes:
            page.text(note, indent=0, first=(Span(words.say("note") + words.say("colon"), "warn"),))
    if known := words.known(diagnosis):
        page.text(words.say("you_told") + words.say("colon") + known, indent=0)


def _healthy(page: Page, words: Phrases, diagnosis: Diagnosis, log: Log | None) -> None:
    calmness = calm(diagnosis, log)
    page.heading(words.say(calmness))
    page.text(words.say(f"{calmness}_text"), style="good" if calmness == "healthy" else "warn")
    if calmness == "unjudged":
        return
    if log is not None and words.known(diagnosis) and not diagnosis.asked:
        page.text(say("explain.taken_in", diagnosis.lang))
    for line in course(log, words) if log else ():
        page.text(line)


def _findings(page: Page, words: Phrases, diagnosis: Diagnosis) -> None:
    if not diagnosis.symptoms:
        return
    page.heading(words.say("seen_anyway" if diagnosis.healthy else "seen"))
    kinds = sightings(diagnosis)
    for seen in kinds[:FINDINGS]:
        name, where = words.sighting(seen)
        page.text(name, style="strong", first=(Span(f"{seen.number:>{INDENT + 1}}  ", "mark"),), aside=where)
        page.text(seen.strongest.summary, indent=INDENT + 3)
        page.text(words.also(seen), indent=INDENT + 3, style="dim")
    if (more := len(kinds) - FINDINGS) > 0:
        page.text(words.say("more_findings", n=more), indent=INDENT + 3, style="dim")


def _causes(page: Page, words: Phrases, diagnosis: Diagnosis) -> None:
    page.heading(words.say("causes"))
    rest = diagnosis.causes[CAUSES:]
    rows = [(str(n), words.named(c.name), c.probability, "strong" if n == 1 else "") for n, c in enumerate(diagnosis.causes[:CAUSES], 1)]
    if rest:
        rows.append(("", words.say("others", n=len(rest)), sum(cause.probability for cause in rest), "dim"))
    rows.append(("", words.say("something_else"), diagnosis.something_else, "dim"))
    widest = min(NAME, page.terminal.width - 30, max(display_width(name) for _, name, _, _ in rows))
    for number, name, probability, style in rows:
        label = pad(cut(name, widest, page.terminal.glyphs.ellipsis), widest)
        room = page.prose - widest - INDENT - 11
        bar = page.bar(probability, room, "bar" if number else "dim")
        page.add(f"{number:>{INDENT + 1}}  ", Span(label, style), Span(f"{words.percent(probability):>5}  ", style), bar)


def why(page: Page, words: Phrases, diagnosis: Diagnosis, cause: RankedCause) -> None:
    """Why a cause is ranked as it is: its evidence, strongest first."""
    page.heading(words.say("why", cause=words.named(cause.name)))
    signs = sorted((sign for sign in cause.evidence if abs(sign.decibans) >= NOTABLE), key=lambda sign: -sign.decibans)
    for_it = [sign for sign in signs if sign.decibans > 0]
    against = [sign for sign in signs if sign.decibans < 0][::-1]
    shown = [*for_it[:SIGNS_FOR], *against[:SIGNS_AGAINST]]
    if not shown:
        page.text(words.say("no_evidence"))
        return
    largest = max(10.0, *(abs(sign.decibans) for sign in shown))
    numbers = {seen.strongest.id: seen.number for seen in reversed(sightings(diagnosis)[:FINDINGS])}
    for sign in shown:
        _sign(page, words, sign, largest, numbers.get(sign.id))
    weaker = sum(1 for sign in cause.evidence if round(sign.decibans)) - len(shown)
    scale = words.say("decibans")
    page.text(words.say("weaker", n=weaker) + words.say("stop") + scale if weaker > 0 else scale, style="dim")


def _sign(page: Page, words: Phrases, sign: Evidence, largest: float, number: int | None) -> None:
    """One piece of evidence; what was already listed as a finding is only named, with its `number`."""
    style = "for" if sign.decibans > 0 else "against"
    cells = DECIBAN_BAR if page.terminal.pictures else 0
    bar = page.bar(abs(sign.decibans) / largest, cells, style)
    first = (Span(f"{sign.decibans:>+{INDENT + 3}.0f} dB  ", style), bar, Span("  " if cells else ""))
    if number and sign.value is True:
        page.text(f"{words.symptom(sign.id)} [{number}]", first=first)
    else:
        page.text(sign.text, first=first, aside=words.origin(sign.origin))


def _fixes(page: Page, words: Phrases, cause: RankedCause, likely: Sequence[str], *, sure: bool) -> None:
    now, for_good = (fixes[:FIXES] for fixes in words.fixes(cause).values())
    if now:
        page.heading(words.say("now") if sure else words.say("now_if", cause=words.named(cause.name)))
        for number, fix in enumerate(now, start=1):
            _fix(page, words, fix, likely, number)
    if for_good:
        page.heading(words.say("for_good"))
        for fix in for_good:
            page.text(words.say("advice", name=words.named(fix.name), text=sentences(fix.do, 1)), first=(Span(" " * INDENT + "- ", "dim"),))


def _fix(page: Page, words: Phrases, fix: FixAdvice, likely: Sequence[str], number: int) -> None:
    page.text(words.named(fix.name), style="strong", first=(Span(f"{number:>{INDENT + 1}}  "),))
    page.text(sentences(fix.do, 2), indent=INDENT + 3)
    if code := words.code(fix.code, likely):
        name, lines = code
        if number > 1 and lines.count("\n") >= LONG_CODE:
            page.text(words.say("code_elsewhere", framework=name), indent=INDENT + 3, style="dim")
            return
        page.add(" " * (INDENT + 3), Span(name, "dim"))
        page.code(lines, indent=INDENT + 5)


def _next(page: Page, words: Phrases, diagnosis: Diagnosis, *, asks: bool) -> None:
    questions = diagnosis.next_questions[:QUESTIONS]
    if not questions:
        return
    page.heading(words.say("next"))
    if diagnosis.causes[0].probability < SURE:
        page.text(words.say("unsure"))
    if questions[0].urgent:
        page.text(say("explain.stop_check", diagnosis.lang) + words.say("colon") + questions[0].ask, style="bad")
    for number, question in enumerate(questions, start=1):
        page.text(question.ask, style="strong", first=(Span(f"{number:>{INDENT + 1}}  "),), aside=words.cost(question))
        if question.fact in words.kb.facts:
            page.text(sentences(words.kb.fact(question.fact).find.pick(words.lang), 2), indent=INDENT + 3)
    if not asks:
        page.text(words.say("ask_hint"), style="dim")


def _not_checked(page: Page, words: Phrases, diagnosis: Diagnosis) -> None:
    if not diagnosis.skipped:
        return
    page.heading(words.say("not_checked"))
    for line in words.skipped(diagnosis):
        page.text(line, style="dim", first=(Span(" " * INDENT + "- ", "dim"),))


def _ending(page: Page, words: Phrases, diagnosis: Diagnosis, log: Log | None, *, asks: bool) -> None:
    """Why nothing more was asked; after an interview the verdict once more, because the beginning may have scrolled away."""
    reason = stopped(diagnosis, log, words)
    if asks and not diagnosis.healthy and diagnosis.causes:
        page.heading(say("explain.in_short", diagnosis.lang))
        for flag in diagnosis.red_flags:
            page.text(flag.text, first=(Span(" " * INDENT), Span(say("explain.stop_now", diagnosis.lang) + words.say("colon"), "mark")))
        for number, cause in enumerate(diagnosis.causes[:CAUSES_IN_SHORT], start=1):
            page.text(words.named(cause.name), style="strong" if number == 1 else "", first=(Span(f"{words.percent(cause.probability):>7}  "),))
        now = words.fixes(diagnosis.causes[0])["now"]
        if now:
            page.text(words.say("now") + words.say("colon") + words.named(now[0].name))
        if reason:
            page.text(reason)
    elif reason:
        page.add()
        page.text(reason, indent=0, style="dim")
