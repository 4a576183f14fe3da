"""The quiz on a screen: a card on a page that scrolls, answers to pick or a line to type in, and the mock interview.

Cards are asked, judged and written down by `quiz/drill.py` and `quiz/mock.py`, as at the plain prompt; this only shows them. The deck
is made in a worker, so that the screen paints at once.
"""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ..spans import Line, Span
from ..terminal import Terminal
from .choices import Choice, Choices
from .prompt import Prompt
from .room import KeyBar, RoomScreen
from .sheet import Sheet
from .top_bar import TopBar

if TYPE_CHECKING:
    from ...errors import LossclinicError
    from ...kb import KnowledgeBase
    from ...quiz.card import Card
    from ...quiz.check import Outcome, Presented, Reply
    from ...quiz.drill import Drill
    from ...quiz.journal import Journal
    from ...quiz.mock import Asked, Mock, Scorecard
    from ..quiz_options import Options

__all__ = ["QuizScreen"]

LEVELS = ("", "recall", "mechanism", "design", "debug")

TICK = 5.0
"""Seconds between two looks at the clock of an interview: often enough, and seldom enough not to disturb typing."""


class QuizScreen(RoomScreen):
    """Practice and mock interviews."""

    HELP_ENTRY: ClassVar[str] = "quiz.help.room"
    AUTO_FOCUS = "#choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "mock", "quiz.key.mock", id="quiz.mock"),
        Binding("f10", "stats", "quiz.key.stats", id="quiz.stats"),
        Binding("ctrl+n", "drill", "quiz.key.drill", id="quiz.drill"),
        Binding("f4", "level", "quiz.key.level", id="quiz.level"),
        Binding("ctrl+b", "undo", "quiz.key.undo", id="quiz.undo"),
        Binding("ctrl+k", "skip", "quiz.key.skip", show=False, id="quiz.skip"),
        Binding("pageup", "turn(-1)", "quiz.key.up", show=False, priority=True, id="quiz.up"),
        Binding("pagedown", "turn(1)", "quiz.key.down", show=False, priority=True, id="quiz.down"),
    ]
    DEFAULT_CSS = """
    QuizScreen #page { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    QuizScreen #hint { height: auto; padding: 0 2; color: $soft; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.kb: KnowledgeBase | None = None
        self.cards: dict[str, Card] = {}
        self.journal: Journal | None = None
        self.drill: Drill | None = None
        self.mock: Mock | None = None
        self.asked: Asked | None = None
        self.told: tuple[Presented, Outcome] | None = None
        self.scorecard: Scorecard | None = None
        self.level = ""
        self._page = "loading"
        self._begun = 0.0
        self._failure: LossclinicError | None = None

    @property
    def options(self) -> Options:
        """What the command line asked for; the defaults when the room was entered from another one."""
        from ..quiz_options import Options, parse

        return self.clinic.opening if isinstance(self.clinic.opening, Options) else parse(("--lang", self.lang), {})

    def compose(self) -> ComposeResult:
        """A page, answers, a line to type in, keys."""
        yield TopBar()
        with VerticalScroll(id="page", can_focus=False):
            yield Sheet(self._lines, id="sheet")
        yield Static(id="hint")
        yield Choices(lambda event: self._prompt.take_key(event) if self._prompt.display else None)
        yield Prompt()
        yield KeyBar()

    @property
    def _prompt(self) -> Prompt:
        return self.query_one(Prompt)

    def on_mount(self) -> None:
        """Nothing to answer yet; make the deck."""
        self.query_one(Choices).offer(())
        self._prompt.display = False
        self.set_interval(TICK, self._tell_time)
        self._load()

    def on_unmount(self) -> None:
        """Close the file."""
        if self.journal is not None:
            self.journal.close()

    @work(thread=True, exclusive=True, group="load")
    def _load(self) -> None:
        from ...errors import LossclinicError
        from ...kb import load
        from ...quiz.journal import Journal
        from ..quiz_command import deck, journal_file

        try:
            kb = load()
            cards = deck(kb)
            journal = Journal(journal_file())
        except LossclinicError as error:
            self.clinic.call_from_thread(self._broken, error)
            return
        self.clinic.call_from_thread(self._loaded, kb, cards, journal)

    def _broken(self, error: LossclinicError) -> None:
        self._failure, self._page = error, "broken"
        self.retell()

    def _loaded(self, kb: KnowledgeBase, cards: dict[str, Card], journal: Journal) -> None:
        from ...quiz.mock import Mock

        self.kb, self.cards, self.journal = kb, cards, journal
        self.level = self.options.level
        self.mock = Mock.take_up(cards, journal, lambda: datetime.now(UTC))
        if self.mock is not None:
            self.notify(self.say("quiz.resumed"))
            self._next_of_mock()
        else:
            self.action_drill()

    # ------------------------------------------------------------------------------------------------------------------ what is shown

    def retell(self) -> None:
        """Say everything again."""
        if not self.is_mounted:
            return
        self.query_one("#sheet", Sheet).show()
        self._offer()
        self._tell_time()

    def copyable(self) -> str | None:
        """The page as text; the scorecard as Markdown."""
        from ..quiz_report import scorecard_markdown
        from ..spans import plain

        if self._page == "scorecard" and self.scorecard is not None:
            return scorecard_markdown(self.scorecard, self.lang)
        return "\n".join(plain(line).rstrip() for line in self._lines(self.size.width or 80))

    def _lines(self, width: int) -> list[Line]:
        """The page for a width."""
        from ..page import Page

        terminal = Terminal(max(width, 20))
        page = Page(terminal)
        if self._failure is not None:
            page.text(self._failure.in_words(self.lang), indent=0, style="bad")
        elif self.kb is None:
            page.text(self.say("quiz.screen.loading"), indent=0, style="dim")
        elif self._page == "stats":
            return self._statistics(terminal)
        elif self._page == "scorecard" and self.scorecard is not None:
            from ..quiz_report import scorecard_lines

            return scorecard_lines(self.scorecard, self.lang, terminal)
        elif self._page == "mock" and self.mock is not None and self.asked is not None:
            entry = "quiz.screen.follow_up" if self.asked.point else "quiz.screen.question"
            page.text(self.say(entry, n=self.asked.number, total=len(self.mock.questions)), indent=0, style="dim")
            page.text(self.asked.text.pick(self.lang), indent=0, style="strong")
        elif self.told is not None:
            return self._verdict(*self.told, self.kb, terminal)
        elif self.drill is not None and self.drill.shown is not None:
            from ..quiz_page import card_lines

            place = self.say("quiz.place", n=min(self.drill.done + 1, self.drill.total), total=self.drill.total)
            return card_lines(self.drill.shown, self.kb, self.lang, terminal, place, changed=self.drill.changed, options=False)
        else:
            self._over(page)
        return page.lines

    def _verdict(self, shown: Presented, outcome: Outcome, kb: KnowledgeBase, terminal: Terminal) -> list[Line]:
        """The verdict first, the question again below it."""
        from ..quiz_page import card_lines, outcome_lines

        rule: Line = (Span(terminal.glyphs.rule * terminal.width, "dim"),)
        return [*outcome_lines(shown, outcome, kb, self.lang, terminal), (), rule, *card_lines(shown, kb, self.lang, terminal)]

    def _statistics(self, terminal: Terminal) -> list[Line]:
        from ...quiz.progress import Progress
        from ...quiz.stats import statistics
        from ..quiz_report import statistics_lines

        assert self.kb is not None  # noqa: S101 - loaded
        assert self.journal is not None  # noqa: S101 - loaded
        now = datetime.now(UTC)
        stats = statistics(self.cards, Progress.of(self.journal.events()), now)
        return statistics_lines(stats, self.kb, self.lang, terminal, now.astimezone().date())

    def _over(self, page: object) -> None:
        from ..page import Page
        from ..quiz_plain import when

        assert isinstance(page, Page)  # noqa: S101 - it is
        if self.drill is None:
            return
        if self.drill.answers:
            page.text(self.say("quiz.done", n=self.drill.answers, right=self.drill.right), indent=0)
        now = datetime.now(UTC)
        coming = sorted(memory.due for id, memory in self.drill.progress.memory.items() if id in self.cards and not memory.leech)
        page.text(self.say("quiz.nothing_due", when=when(coming[0], now, self.lang)) if coming else self.say("quiz.nothing"), indent=0)
        page.text(self.say("quiz.screen.more"), indent=0, style="dim")

    def _tell_time(self) -> None:
        """In the bar at the top: what is going on, and how much time is left."""
        from ..quiz_report import clock

        about = ""
        if self._page == "mock" and self.mock is not None:
            about = self.say("quiz.screen.left", left=clock(max(0.0, self.mock.left - (time.monotonic() - self._begun))))
        elif self.drill is not None:
            about = self.say(f"quiz.level.{self.level}") if self.level else self.say("quiz.screen.all_levels")
        self.query_one(TopBar).about = about

    def _offer(self) -> None:
        """The answers to pick, or the line to type in, and who has the keyboard."""
        choices, typed, hint, at = self._ways()
        bar = self.query_one(Choices)
        bar.offer(tuple(choices))
        self._prompt.display = typed
        self.query_one("#hint", Static).update(hint)
        if typed:
            self._prompt.focus()
        elif choices:
            bar.highlighted = at
            bar.focus()

    def _ways(self) -> tuple[list[Choice], bool, str, int]:
        """How to answer: choices, whether to type, what to say about it, and which choice is suggested."""
        from ...quiz.card import Choice as Pick
        from ...quiz.card import Cloze, Order
        from ..quiz_page import letter

        if self.kb is None or self._page in ("stats", "scorecard", "broken"):
            return ([Choice("1", self.say("quiz.key.drill"), "drill")] if self.kb is not None else []), False, "", 0
        if self._page == "mock":
            return [Choice("0", self.say("quiz.screen.pass"), "pass", quiet=True)], True, self.say("quiz.screen.words"), 0
        if self.told is not None:
            outcome = self.told[1]
            rated = [Choice(str(n), self.say(f"quiz.rating.{n}"), f"rate:{n}") for n in (1, 2, 3, 4)]
            if outcome.grade is not None:
                decided = (*outcome.grade.points, *outcome.grade.wrong)
                for n, hit in enumerate(decided):
                    label = self.say("quiz.screen.turn", what=_head(hit.text.pick(self.lang)))
                    rated.append(Choice(letter(n), label, f"turn:{hit.id}", quiet=True))
            return rated, False, self.say("quiz.screen.rate"), outcome.suggested - 1
        if self.drill is None or self.drill.shown is None:
            return [Choice(str(n), self.say(f"quiz.key.{deed}"), deed) for n, deed in enumerate(("drill", "mock", "stats"), start=1)], False, "", 0
        shown = self.drill.shown
        match shown.card.answer:
            case Pick():
                return [Choice(str(n), option.text.pick(self.lang), f"pick:{n - 1}") for n, option in enumerate(shown.options, start=1)], False, "", 0
            case Order():
                return [], True, self.say("quiz.your_order"), 0
            case Cloze():
                return [Choice("0", self.say("quiz.screen.unknown"), "unknown", quiet=True)], True, self.say("quiz.your_code"), 0
            case _:
                return [Choice("0", self.say("quiz.screen.unknown"), "unknown", quiet=True)], True, self.say("quiz.screen.words"), 0

    def _show(self, page: str) -> None:
        self._page = page
        self._begun = time.monotonic()
        self.query_one("#page", VerticalScroll).scroll_home(animate=False)
        self.retell()

    # ------------------------------------------------------------------------------------------------------------------ answers

    @on(Choices.Picked)
    def _picked(self, event: Choices.Picked) -> None:
        deed, _, value = event.choice.value.partition(":")
        if deed == "pick":
            self._reply(int(value))
        elif deed == "unknown":
            self._reply("")
        elif deed == "pass":
            self._answer_mock("")
        elif deed == "rate" and self.told is not None:
            self._rate(int(value))
        elif deed == "turn" and self.drill is not None and self.told is not None:
            self.told = (self.told[0], self.drill.amend(ids=[value]))
            self.retell()
        elif deed in ("drill", "mock", "stats"):
            {"drill": self.action_drill, "mock": self.action_mock, "stats": self.action_stats}[deed]()

    @on(Prompt.WantsChoices)
    def _to_choices(self) -> None:
        if self.query_one(Choices).choices:
            self.query_one(Choices).focus()

    @on(Prompt.Sent)
    def _sent(self, event: Prompt.Sent) -> None:
        from ...quiz.card import Order

        if self._page == "mock":
            self._answer_mock(event.text)
            return
        if self.drill is None or self.drill.shown is None or self.told is not None:
            return
        answer = self.drill.shown.card.answer
        if isinstance(answer, Order):
            digits = [int(sign) for sign in unicodedata.normalize("NFKC", event.text) if sign.isdecimal()]
            if sorted(digits) != list(range(1, len(answer.items) + 1)):
                self.notify(self.say("quiz.pick_order", n=len(answer.items)), severity="warning")
                return
            self._reply(tuple(n - 1 for n in digits))
        else:
            self._reply(event.text)

    def _reply(self, reply: Reply) -> None:
        from ...errors import StoreError

        if self.drill is None or self.drill.shown is None or self.told is not None:
            return
        shown = self.drill.shown
        try:
            outcome = self.drill.reply(reply, time.monotonic() - self._begun)
        except StoreError as error:
            self.notify(error.in_words(self.lang), severity="error", timeout=60)
            return
        self.told = (shown, outcome)
        self._show("told")

    def _rate(self, rating: int) -> None:
        assert self.drill is not None  # noqa: S101 - there was a reply
        assert self.told is not None  # noqa: S101 - there was a reply
        if rating != self.told[1].suggested:
            self.drill.amend(rating)
        self.told = None
        if self.drill.shown is None:
            self.drill.end()
        self._show("card")

    def _answer_mock(self, text: str) -> None:
        if self.mock is None or self.asked is None:
            return
        self.mock.answer(self.asked, text, time.monotonic() - self._begun)
        self._next_of_mock()

    def _next_of_mock(self) -> None:
        assert self.mock is not None  # noqa: S101 - one is going on
        self.asked = self.mock.next()
        if self.asked is None:
            if self.mock.left <= 0:
                self.notify(self.say("quiz.mock.time_up"))
            self.scorecard = self.mock.end()
            self.mock = None
            self._show("scorecard")
        else:
            self._show("mock")

    # ------------------------------------------------------------------------------------------------------------------ keys

    def action_drill(self) -> None:
        """Go on with the session, or begin one."""
        from ...errors import InputError
        from ...quiz.drill import Drill, Plan
        from ..quiz_command import choose_cards

        if self.journal is None:
            return
        options = self.options
        try:
            chosen = choose_cards(self.cards, options._replace(level=self.level, lang=self.lang))
        except InputError as error:
            self.notify(error.in_words(self.lang), severity="warning", timeout=15)
            chosen = list(self.cards.values())
        self.drill = Drill(self.cards, chosen, self.journal, Plan(options.new, options.limit, options.due))
        if self.drill.resumed:
            self.notify(self.say("quiz.resumed"))
        self.told = None
        self._show("card")

    def action_level(self) -> None:
        """The next level."""
        self.level = LEVELS[(LEVELS.index(self.level) + 1) % len(LEVELS)]
        if self._page != "mock":
            self.action_drill()

    def action_mock(self) -> None:
        """An interview: go on with it, or begin one."""
        from ...quiz.mock import Mock, pick

        if self.journal is None:
            return
        if self.mock is None:
            self.mock = Mock(self.cards, self.journal, pick(self.cards.values(), self.journal), self.options.minutes)
            self.mock.begin()
        self.told = None
        self.notify(self.say("quiz.mock.begins", n=len(self.mock.questions), minutes=f"{self.mock.minutes:g}"), timeout=3)
        self._next_of_mock()

    def action_stats(self) -> None:
        """How far one is; the same key goes back."""
        if self.kb is None or self._page == "mock":
            return
        self._show("card" if self._page == "stats" else "stats")

    def action_undo(self) -> None:
        """Take the last answer back."""
        if self.drill is None or self._page == "mock":
            return
        undone = self.drill.undo()
        self.told = None
        self.notify(self.say("quiz.undone" if undone else "quiz.nothing_to_undo"), timeout=3)
        self._show("card")

    def action_skip(self) -> None:
        """Leave the card for later in the session."""
        if self.drill is not None and self.told is None and self._page == "card":
            self.drill.skip()
            self._show("card")

    def action_turn(self, way: int) -> None:
        """A page up or down."""
        page = self.query_one("#page", VerticalScroll)
        page.scroll_relative(y=way * max(1, page.size.height - 2), animate=False)


def _head(text: str) -> str:
    """The first words of a point."""
    return text if len(text) <= 60 else text[:57] + "..."
