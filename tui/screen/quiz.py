"""The quiz on a screen: a card on a page that scrolls, answers to pick or a line to type in, and the mock interview.

Cards are asked, judged and written down by `quiz/drill.py` and `quiz/mock.py`, as at the plain prompt; this only shows them. The deck
is made in a worker, so that the screen paints at once.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ..spans import Line
from ..terminal import Terminal
from .choices import Choices
from .prompt import Prompt
from .quiz_views import page_lines, ways
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
        Binding("ctrl+b", "undo", "quiz.key.undo", show=False, id="quiz.undo"),
        Binding("ctrl+k", "skip", "quiz.key.skip", show=False, priority=True, id="quiz.skip"),
        Binding("pageup", "turn(-1)", "quiz.key.up", show=False, priority=True, id="quiz.up"),
        Binding("pagedown", "turn(1)", "quiz.key.down", show=False, priority=True, id="quiz.down"),
    ]
    DEFAULT_CSS = """
    QuizScreen #page { height: 1fr; padding: 1 2 0 2; scrollbar-size-vertical: 1; }
    QuizScreen.-narrow #page { padding: 0 2; }
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
        self.note = ""
        """Message id of a line below the head of the page, until the next answer."""
        self.page = "loading"
        self._begun = 0.0
        self.failure: LossclinicError | None = None

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
        self.failure, self.page = error, "broken"
        self.retell()

    def _loaded(self, kb: KnowledgeBase, cards: dict[str, Card], journal: Journal) -> None:
        from ...quiz.mock import Mock

        self.kb, self.cards, self.journal = kb, cards, journal
        self.level = self.options.level
        self.mock = Mock.take_up(cards, journal, lambda: datetime.now(UTC))
        if self.mock is not None:
            self._next_of_mock()
            self.note = "quiz.resumed"
            self.retell()
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

        if self.page == "scorecard" and self.scorecard is not None:
            return scorecard_markdown(self.scorecard, self.lang)
        return "\n".join(plain(line).rstrip() for line in self._lines(self.size.width or 80))

    def _lines(self, width: int) -> list[Line]:
        return page_lines(self, Terminal(max(width, 20)))

    def _tell_time(self) -> None:
        """In the bar at the top: what is going on, and how much time is left."""
        from ..quiz_report import clock

        about = ""
        if self.page == "mock" and self.mock is not None:
            about = self.say("quiz.screen.left", left=clock(max(0.0, self.mock.left - (time.monotonic() - self._begun))))
        elif self.drill is not None:
            about = self.say(f"quiz.level.{self.level}") if self.level else self.say("quiz.screen.all_levels")
        self.query_one(TopBar).about = about

    def _offer(self) -> None:
        """The answers to pick, or the line to type in, and who has the keyboard."""
        choices, typed, hint, at = ways(self)
        bar = self.query_one(Choices)
        bar.offer(tuple(choices))
        self._prompt.display = typed
        self.query_one("#hint", Static).update(hint)
        if typed:
            self._prompt.focus()
        elif choices:
            bar.highlighted = at
            bar.focus()

    def _show(self, page: str) -> None:
        self.page = page
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
            with self._written():
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
        from ...quiz.card import Cloze, Order

        passes = unicodedata.normalize("NFKC", event.text).strip() == "0"
        if self.page == "mock":
            self._answer_mock("" if passes else event.text)
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
            self._reply("" if passes and not isinstance(answer, Cloze) else event.text)

    def _reply(self, reply: Reply) -> None:
        if self.drill is None or self.drill.shown is None or self.told is not None:
            return
        shown = self.drill.shown
        with self._written():
            self.told = (shown, self.drill.reply(reply, time.monotonic() - self._begun))
            self.note = ""
            self._show("told")

    @contextmanager
    def _written(self) -> Generator[None]:
        """What cannot be written down is told, and what follows it left out: nothing counts that is not kept."""
        from ...errors import StoreError

        try:
            yield
        except StoreError as error:
            self.notify(error.in_words(self.lang), severity="error", timeout=60)

    def _rate(self, rating: int) -> None:
        assert self.drill is not None  # noqa: S101 - there was a reply
        assert self.told is not None  # noqa: S101 - there was a reply
        with self._written():
            if rating != self.told[1].suggested:
                self.drill.amend(rating)
            self.told = None
            if self.drill.shown is None:
                self.drill.end()
            self._show("card")

    def _answer_mock(self, text: str) -> None:
        if self.mock is None or self.asked is None:
            return
        with self._written():
            self.mock.answer(self.asked, text, time.monotonic() - self._begun)
            self.note = ""
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
        with self._written():
            self.drill = Drill(self.cards, chosen, self.journal, Plan(options.new, options.limit, options.due))
            self.note = "quiz.resumed" if self.drill.resumed else ""
            self.told = None
            self._show("card")

    def action_level(self) -> None:
        """The next level."""
        self.level = LEVELS[(LEVELS.index(self.level) + 1) % len(LEVELS)]
        if self.page != "mock":
            self.action_drill()

    def action_mock(self) -> None:
        """An interview: go on with it, or begin one."""
        from ...quiz.mock import Mock, pick

        if self.journal is None or self.page == "mock":
            return
        with self._written():
            if self.mock is None:
                mock = Mock(self.cards, self.journal, pick(self.cards.values(), self.journal), self.options.minutes)
                mock.begin()
                self.mock = mock
            self.told = None
            self.note = "quiz.mock.begins"
            self._next_of_mock()

    def action_stats(self) -> None:
        """How far one is; the same key goes back."""
        if self.kb is None or self.page == "mock":
            return
        self._show("card" if self.page == "stats" else "stats")

    def action_undo(self) -> None:
        """Take the last answer back."""
        if self.drill is None or self.page == "mock":
            return
        with self._written():
            undone = self.drill.undo()
            self.told = None
            self.notify(self.say("quiz.undone" if undone else "quiz.nothing_to_undo"), timeout=3)
            self._show("card")

    def action_skip(self) -> None:
        """Leave the card for later in the session."""
        if self.drill is not None and self.told is None and self.page == "card":
            self.drill.skip()
            self._show("card")

    def action_turn(self, way: int) -> None:
        """A page up or down."""
        page = self.query_one("#page", VerticalScroll)
        page.scroll_relative(y=way * max(1, page.size.height - 2), animate=False)
