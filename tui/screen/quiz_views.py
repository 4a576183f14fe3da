"""What the quiz room shows, and how its questions can be answered, at every moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..page import Page
from ..spans import Line, Span
from ..terminal import Terminal
from .choices import Choice

if TYPE_CHECKING:
    from ...kb import KnowledgeBase
    from ...quiz.check import Outcome, Presented
    from .quiz import QuizScreen

__all__ = ["page_lines", "ways"]


def page_lines(room: QuizScreen, terminal: Terminal) -> list[Line]:
    """The page."""
    page = Page(terminal)
    if room.failure is not None:
        page.text(room.failure.in_words(room.lang), indent=0, style="bad")
    elif room.kb is None:
        page.text(room.say("quiz.screen.loading"), indent=0, style="dim")
    elif room.page == "stats":
        return _statistics(room, terminal)
    elif room.page == "scorecard" and room.scorecard is not None:
        from ..quiz_report import scorecard_lines

        return scorecard_lines(room.scorecard, room.lang, terminal)
    elif room.page == "mock" and room.mock is not None and room.asked is not None:
        entry = "quiz.screen.follow_up" if room.asked.point else "quiz.screen.question"
        page.text(room.say(entry, n=room.asked.number, total=len(room.mock.questions)), indent=0, style="dim")
        if room.note:
            page.text(room.say(room.note, n=len(room.mock.questions), minutes=f"{room.mock.minutes:g}"), indent=0, style="dim")
        page.text(room.asked.text.pick(room.lang), indent=0, style="strong")
    elif room.told is not None:
        return _verdict(room, *room.told, room.kb, terminal)
    elif room.drill is not None and room.drill.shown is not None:
        from ..quiz_page import card_lines

        place = room.say("quiz.place", n=min(room.drill.done + 1, room.drill.total), total=room.drill.total)
        lines = card_lines(room.drill.shown, room.kb, room.lang, terminal, place, changed=room.drill.changed, options=False)
        return [lines[0], (Span(room.say(room.note), "dim"),), *lines[1:]] if room.note else lines
    else:
        _over(room, page)
    return page.lines


def _verdict(room: QuizScreen, shown: Presented, outcome: Outcome, kb: KnowledgeBase, terminal: Terminal) -> list[Line]:
    """The verdict first, the question again below it."""
    from ..quiz_page import card_lines, outcome_lines

    rule: Line = (Span(terminal.glyphs.rule * terminal.width, "dim"),)
    return [*outcome_lines(shown, outcome, kb, room.lang, terminal), (), rule, *card_lines(shown, kb, room.lang, terminal)]


def _statistics(room: QuizScreen, terminal: Terminal) -> list[Line]:
    from ...quiz.progress import Progress
    from ...quiz.stats import statistics
    from ..quiz_report import statistics_lines

    assert room.kb is not None  # noqa: S101 - loaded
    assert room.journal is not None  # noqa: S101 - loaded
    now = datetime.now(UTC)
    stats = statistics(room.cards, Progress.of(room.journal.events()), now)
    return statistics_lines(stats, room.kb, room.lang, terminal, now.astimezone().date())


def _over(room: QuizScreen, page: Page) -> None:
    from ..quiz_plain import when

    if room.drill is None:
        return
    if room.drill.answers:
        page.text(room.say("quiz.done", n=room.drill.answers, right=room.drill.right), indent=0)
    now = datetime.now(UTC)
    coming = sorted(memory.due for id, memory in room.drill.progress.memory.items() if id in room.cards and not memory.leech)
    page.text(room.say("quiz.nothing_due", when=when(coming[0], now, room.lang)) if coming else room.say("quiz.nothing"), indent=0)
    page.text(room.say("quiz.screen.more"), indent=0, style="dim")


def ways(room: QuizScreen) -> tuple[list[Choice], bool, str, int]:
    """How to answer: choices, whether to type, what to say about it, and which choice is suggested."""
    from ...quiz.card import Choice as Pick
    from ...quiz.card import Cloze, Order
    from ..quiz_page import letter

    if room.kb is None or room.page in ("stats", "scorecard", "broken"):
        return ([Choice("1", room.say("quiz.key.drill"), "drill")] if room.kb is not None else []), False, "", 0
    if room.page == "mock":
        return [Choice("0", room.say("quiz.screen.pass"), "pass", quiet=True)], True, room.say("quiz.screen.words"), 0
    if room.told is not None:
        outcome = room.told[1]
        rated = [Choice(str(n), room.say(f"quiz.rating.{n}"), f"rate:{n}") for n in (1, 2, 3, 4)]
        if outcome.grade is not None:
            decided = (*outcome.grade.points, *outcome.grade.wrong)
            for n, hit in enumerate(decided):
                label = room.say("quiz.screen.turn", what=_head(hit.text.pick(room.lang)))
                rated.append(Choice(letter(n), label, f"turn:{hit.id}", quiet=True))
        return rated, False, room.say("quiz.screen.rate"), outcome.suggested - 1
    if room.drill is None or room.drill.shown is None:
        return [Choice(str(n), room.say(f"quiz.key.{deed}"), deed) for n, deed in enumerate(("drill", "mock", "stats"), start=1)], False, "", 0
    shown = room.drill.shown
    match shown.card.answer:
        case Pick():
            return [Choice(str(n), option.text.pick(room.lang), f"pick:{n - 1}") for n, option in enumerate(shown.options, start=1)], False, "", 0
        case Order():
            return [], True, room.say("quiz.your_order"), 0
        case Cloze():
            return [Choice("0", room.say("quiz.screen.unknown"), "unknown", quiet=True)], True, room.say("quiz.your_code"), 0
        case _:
            return [Choice("0", room.say("quiz.screen.unknown"), "unknown", quiet=True)], True, room.say("quiz.screen.words"), 0


def _head(text: str) -> str:
    """The first words of a point."""
    return text if len(text) <= 60 else text[:57] + "..."
