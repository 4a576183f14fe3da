"""One consultation behind the screen: takes what the user does, lets it happen to the session, and says what there is to show.

No widget is known here; the screen that uses it imports it late, because it brings the engine with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...engine.diagnosis import Diagnosis, Model
from ...engine.events import Event, HeardText
from ...engine.explanation import Why
from ...engine.finding import Observed
from ...engine.observe.detect import observe
from ...engine.observe.log import Log
from ...engine.observe.read import read
from ...engine.reason.explain import why
from ...engine.session import Session
from ...engine.understand import understand
from ...errors import InputError
from ...kb.model import Fact
from ...messages import say
from ..answers import UNKNOWN, value_of
from ..display import printable
from ..explaining import Block, explanation_blocks
from ..inquiry import Unclear, inquire
from ..language import Lang
from ..phrases import Phrases
from ..picture import frameworks
from .choices import Choice
from .dialogue import PASTED, Dialogue, Paragraph, Turn, plainly, saying
from .intake import bounded, take_in
from .record import Recorder

if TYPE_CHECKING:
    from ...casebook.teaching import Teaching

__all__ = ["Consult", "Reading"]

OPENINGS = ("nan", "spike", "surge", "stuck", "swing", "gap")
"""Complaints that are offered while nothing is known."""

WHY = frozenset({"?", "why", "why?", "why do you ask", "why do you ask?", "为什么", "为什么?", "为什么问", "为什么问?", "怎么查"})
BACK = frozenset({"<", "back", "go back", "undo", "返回", "上一步", "退回", "撤销"})
SKIP = UNKNOWN | {
    "don't know", "dont know", "i don't know", "i dont know", "do not know", "i do not know", "no idea", "i have no idea", "no clue", "not sure",
    "i'm not sure", "im not sure", "unsure", "dunno", "idk", "can't tell", "cant tell", "don't remember", "skip", "pass",
    "不清楚", "不太清楚", "不确定", "不太确定", "不晓得", "我不知道", "说不准", "不好说", "没查过", "没看过",
    "没注意", "记不清", "记不得", "忘了", "跳过", "没印象",
}  # fmt: skip

_FIRST = re.compile(r"([^，,。;；\n]{1,40})[，,。;；]\s*(?=\S)")

ASKS = 120
"""Characters up to which a message can be a question about the diagnosis."""
OPEN_QUESTIONS = ("how", "如果", "要是", "suppose", "假如", "假设", "凭什么")
"""Beginnings of such questions that may as well begin a report: heard as one where nothing fits."""
ANSWERS = 4
"""Answers whose effect is told when the user asks why a question matters."""


class Reading(NamedTuple):
    """What a worker brings back from a log file."""

    path: str
    log: Log | None
    seen: Observed | None
    error: InputError | None


class Consult:
    """The session, the conversation about it, and its record."""

    def __init__(self, lang: Lang, recorder: Recorder, events: Iterable[Event] = (), taught: Teaching | None = None) -> None:
        """`events`: those of a consultation that is taken up again; `taught`: what the casebook teaches."""
        self.recorder = recorder
        self.taught = taught if taught is not None and taught.used else None
        mind = self.taught.mind({}) if self.taught is not None else None
        self.dialogue = Dialogue()
        self.fresh: list[Turn] = []
        """Turns that were not shown yet."""
        events = list(events)
        if events:
            self.session = Session.resumed(events, with_mind=mind, listeners=(self._follow,))
        else:
            self.session = Session(lang=lang, with_mind=mind)
            self._follow(self.session, self.session.events[0])
            self.recorder(self.session.events[0])
        if self.taught is not None:
            self.fresh.append(_learned(self.taught))
        self.session.listeners += [self.recorder, partial(self._follow, self.session)]
        understand("loss", self.session.mind.kb)

    def _follow(self, session: Session, event: Event) -> None:
        told = len(self.dialogue.turns)
        self.dialogue.follow(session, event)
        self.fresh += self.dialogue.turns[told:]

    def take_fresh(self) -> list[Turn]:
        """The turns since the last call."""
        fresh, self.fresh = self.fresh, []
        return fresh

    @property
    def words(self) -> Phrases:
        """The voice of the moment."""
        axis = self.session.outline.axis if self.session.outline is not None else "step"
        return Phrases(self.session.lang, self.session.mind.kb, axis)

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The framework that wrote the log, if that can be told."""
        return frameworks(self.session.log)

    def left(self) -> Path | None:
        """The record by which this consultation can be taken up again; None when there is nothing in it."""
        return self.recorder.path if len(self.session.events) > 1 and not self.recorder.failed and self.recorder.path.exists() else None

    def diagnosis(self) -> Diagnosis | None:
        """The diagnosis as it stands; None while nothing is known."""
        if not self.session.known() and self.session.outline is None:
            return None
        diagnosis = self.session.diagnosis()
        return diagnosis if self.taught is None else self.taught.explain(diagnosis, self.session)

    # ---------------------------------------------------------------------------------------------------------- what the user does

    def send(self, text: str) -> None:
        """A message: an answer to the open question, a log, words, or several of these at once."""
        if self._reply(text) or self._inquired(text):
            return
        text = self._answered_first(text)
        text, cut = bounded(text)
        taken = take_in(text)
        if taken.words:
            self.session.hear(taken.words)
        for name in taken.missing:
            self.note("no_file", file=printable(name))
        if cut:
            self.note("cut")
        if taken.block:
            self._name_block(taken.block)
        elif taken.files:
            self.session.name_log(str(taken.files[0].absolute()))
            if len(taken.files) > 1:
                self.note("one_log")
        if not self.session.pending:
            self.advance()

    def _name_block(self, block: str) -> None:
        """Keep pasted lines in a file beside the record, to be read like any log."""
        try:
            self.recorder.path.parent.mkdir(parents=True, exist_ok=True)
            stem = self.recorder.path.stem
            number = 1
            while (target := self.recorder.path.with_name(f"{stem}-{number}{PASTED}")).exists():
                number += 1
            target.write_text(block, "utf-8")
        except OSError as error:
            self.note("no_room", reason=error.strerror or str(error))
            return
        self.session.name_log(str(target))

    def _answered_first(self, text: str) -> str:
        """What is left of a message whose first clause answers the open question ("yes, and lr is 3e-4")."""
        found = _FIRST.match(text)
        fact = self.session.current
        if found is None or fact is None:
            return text
        entry = self.session.mind.kb.fact(fact)
        word = unicodedata.normalize("NFKC", found[1]).strip().casefold()
        if entry.type == "number" or word in SKIP or word in WHY or word in BACK:
            return text
        try:
            value = value_of(fact, word, self.session.mind.kb, self.session.lang)
        except InputError:
            return text
        if value is None:
            return text
        self.session.answer(fact, value)
        return text[found.end() :]

    def _inquired(self, text: str) -> bool:
        """Answer a question of the user's ("why not X", "what if X", "how"), if it is one and there is something to explain."""
        word = unicodedata.normalize("NFKC", text).strip().casefold()
        if "\n" in word or len(word) > ASKS or not self.session.known() or self.session.healthy:
            return False
        try:
            said = self._in_both(lambda: inquire(word.rstrip("。.!"), self.session, self.session.mind.kb, self.session.lang))
        except Unclear as unclear:
            if word.startswith(OPEN_QUESTIONS):
                return False
            self._echo(text)
            self.fresh.append(plainly("clinic", str(unclear), "warn"))
            return True
        if said is None:
            return False
        self._echo(text)
        self.fresh.append(said)
        return True

    def _echo(self, text: str) -> None:
        self.fresh.append(plainly("you", printable(text)))

    def _in_both(self, explain: Callable[[], Model | None]) -> Turn | None:
        """An explanation as a turn: as things stand now, in both languages."""
        session, lang = self.session, self.session.lang
        said: dict[str, list[Paragraph]] = {}
        try:
            for session.lang in ("en", "zh"):
                if (explanation := explain()) is None:
                    return None
                said[session.lang] = [paragraph for block in explanation_blocks(explanation, self.words) for paragraph in _paragraphs(block)]
        finally:
            session.lang = lang

        def words(words: Phrases) -> list[Paragraph]:
            return said[words.lang]

        return Turn("clinic", words)

    def _reply(self, text: str) -> bool:
        """Take `text` as the answer to the open question, if it is one."""
        fact = self.session.current
        word = unicodedata.normalize("NFKC", text).strip().casefold().rstrip("。.!")
        if not word or "\n" in word:
            return False
        if word in BACK and self.session.asked:
            self.go_back()
            return True
        if fact is None:
            if word in SKIP and self.session.known():
                self._echo(text)
                self.note("nothing_asked")
                return True
            return False
        if word in WHY:
            self.explain()
            return True
        entry = self.session.mind.kb.fact(fact)
        if word in SKIP and word not in entry.values:
            self.answer(None)
            return True
        options = self._values(entry)
        if options and word.isdecimal() and 1 <= int(word) <= len(options):
            word = options[int(word) - 1][0]
        try:
            value = value_of(fact, word, self.session.mind.kb, self.session.lang)
        except InputError as error:
            if entry.type == "number" and _is_number(word):
                self.fresh.append(plainly("clinic", error.in_words(self.session.lang), "warn"))
                return True
            return False
        if value is None:
            return False
        self.answer(value)
        return True

    def answer(self, value: bool | int | float | str | None) -> None:
        """Answer the open question; None = "I don't know"."""
        if (fact := self.session.current) is not None:
            self.session.answer(fact, value)
            self.advance()

    def pick(self, choice: Choice) -> None:
        """A quick answer."""
        deed, _, rest = choice.value.partition(":")
        if deed == "answer" and self.session.current is not None:
            self.answer(value_of(self.session.current, rest, self.session.mind.kb, self.session.lang))
        elif deed == "unknown":
            self.answer(None)
        elif deed == "why":
            self.explain()
        elif deed == "back":
            self.go_back()
        elif deed == "hear":
            self.session.hear(rest)
            self.advance()
        elif deed == "more":
            self.advance(insist=True)

    def advance(self, *, insist: bool = False) -> None:
        """Put the next question, or say what it comes to."""
        session = self.session
        if session.current is not None and session.current not in session.known():
            return
        if not session.known() and not insist:
            return
        fact = session.next_question()
        if fact is not None:
            session.ask(fact)
        elif not session.ended:
            session.end()

    def go_back(self) -> None:
        """Take the last answer back and put its question again."""
        if self.session.asked:
            self.change(self.session.asked[-1].fact)

    def change(self, fact: str) -> None:
        """Take an answer, or whatever else was said about a fact, back and put its question."""
        self.session.take_back(fact)
        self.session.ask(fact)

    def take_out(self, id: str) -> None:
        """Something that was heard had not been meant."""
        self.session.remove_chip(id)
        if self.session.current is None:
            self.advance()

    def explain(self) -> None:
        """Why the open question is asked, and how to find the answer."""
        if (fact := self.session.current) is not None:
            self.fresh.append(self._reasons(fact))

    def note(self, entry: str, **values: object) -> None:
        """A remark that is no part of the record."""
        self.fresh.append(saying("clinic", f"note.{entry}", "warn", **values))

    def switch_language(self, lang: Lang) -> None:
        """Go on in another language."""
        if lang != self.session.lang:
            self.session.switch_language(lang)

    # ---------------------------------------------------------------------------------------------------------------- logs

    def fetch(self, path: str) -> Reading:
        """Read a log; for a worker, it touches nothing of the consultation."""
        try:
            log = read(Path(path))
            return Reading(path, log, observe(log), None)
        except InputError as error:
            return Reading(path, None, None, error)

    def take_log(self, reading: Reading) -> None:
        """What the worker brought back."""
        if reading.error is not None or reading.log is None:
            self.session.refuse_log(reading.path, reading.error or InputError(reading.path))
        else:
            self.session.read(reading.log, reading.seen, reading.path)
        self.advance()

    # ------------------------------------------------------------------------------------------------------- what there is to show

    def choices(self) -> tuple[Choice, ...]:
        """The quick answers to the open question; complaints to choose from while nothing is known."""
        lang, session = self.session.lang, self.session
        always = [Choice("<", say("triage.choice.back", lang), "back", quiet=True)] if session.asked else []
        if session.pending:
            return ()
        if session.current is None:
            if session.known() or session.outline is not None:
                return ()
            said = [say(f"triage.opening.{name}", lang) for name in OPENINGS]
            offered = [Choice(str(n), text, f"hear:{text}") for n, text in enumerate(said, start=1)]
            if any(isinstance(event, HeardText) for event in session.events):
                offered.append(Choice("0", say("triage.choice.more", lang), "more", quiet=True))
            return tuple(offered)
        entry = session.mind.kb.fact(session.current)
        values = [Choice(str(n), label, f"answer:{value}") for n, (value, label) in enumerate(self._values(entry), start=1)]
        unknown = Choice("0", say("triage.choice.unknown", lang), "unknown", quiet=True)
        why = Choice("?", say("triage.choice.why", lang), "why", quiet=True)
        return (*values, unknown, why, *always)

    def wants_number(self) -> bool:
        """Whether the open question is answered by typing a number."""
        current = self.session.current
        return current is not None and self.session.mind.kb.fact(current).type == "number"

    def hint(self) -> str:
        """What to type now."""
        lang, session = self.session.lang, self.session
        if session.pending:
            return say("triage.hint.reading", lang)
        if session.current is None:
            return say("triage.hint.start" if not session.known() else "triage.hint.more", lang)
        entry = session.mind.kb.fact(session.current)
        if entry.type != "number":
            return say("triage.hint.choose", lang)
        unit = say("cli.ask.unit", lang, unit=entry.unit) if entry.unit else ""
        return say("triage.hint.number", lang, unit=unit)

    def _values(self, entry: Fact) -> list[tuple[str, str]]:
        """Value and wording of each answer; none for a number."""
        if entry.type == "number":
            return []
        lang = self.session.lang
        plain = {"true": say("cli.ask.yes", lang), "false": say("cli.ask.no", lang)}
        return [(v, entry.labels[v].pick(lang) if v in entry.labels else plain.get(v, v)) for v in entry.values or ("true", "false")]

    def _reasons(self, fact: str) -> Turn:
        """What the answers would do, and how to find out: as things stand now, in both languages."""
        session, lang = self.session, self.session.lang
        said: dict[str, list[Paragraph]] = {}
        for session.lang in ("en", "zh"):
            said[session.lang] = self._reasoned(why(session, fact), self.words)
        session.lang = lang

        def words(words: Phrases) -> list[Paragraph]:
            return said[words.lang]

        return Turn("clinic", words)

    def _reasoned(self, reason: Why, words: Phrases) -> list[Paragraph]:
        names = [say("cli.ask.cause", words.lang, name=c.name, percent=words.percent(c.probability)) for c in reason.leaders]
        entry = "cli.ask.why" if len(names) > 1 else "cli.ask.why_general"
        said = [Paragraph(say(entry, words.lang, causes=say("cli.ask.comma", words.lang).join(names)))]
        for answer in reason.answers[:ANSWERS]:
            shifts = [
                say("triage.why.shift", words.lang, name=s.name, before=words.percent(s.before), after=words.percent(s.after))
                for s in answer.shifts
                if words.percent(s.before) != words.percent(s.after)
            ]
            if shifts:
                listed = say("cli.ask.comma", words.lang).join(shifts)
                said.append(Paragraph(say("triage.why.answer", words.lang, label=answer.label, shifts=listed), "dim", "-"))
        said.append(Paragraph(say("cli.ask.how", words.lang, how=reason.find)))
        if code := words.code(reason.code, self.frameworks):
            said += [Paragraph(row, "code") for row in code[1].splitlines()]
        return said


def _learned(taught: Teaching) -> Turn:
    """That the casebook has a say in what follows."""

    def words(words: Phrases) -> list[Paragraph]:
        return [Paragraph(taught.note(words.lang))]

    return Turn("note", words)


def _paragraphs(block: Block) -> Iterator[Paragraph]:
    """A block of an explanation as the chat shows it."""
    if block.kind == "code":
        yield from (Paragraph(row, "code") for row in block.text.splitlines())
        return
    mark = ("+" if block.decibans > 0 else "-") if block.kind == "sign" else "-" if block.kind == "item" else ""
    yield Paragraph(f"{block.text}  {block.aside}" if block.aside else block.text, "strong" if block.kind in ("title", "heading") else "", mark)
    yield from (Paragraph(below, "dim", " ") for below in block.below)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
