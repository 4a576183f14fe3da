"""One consultation behind the screen: takes what the user does and lets it happen to the session, the conversation and its record.

No widget is known here; the screen that uses it imports it late, because it brings the engine with it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...engine.diagnosis import Diagnosis
from ...engine.events import Answered, ChipRemoved, Event, HeardText, LogRead, TakenBack, Told
from ...engine.finding import Observed
from ...engine.observe.detect import observe
from ...engine.observe.log import Log
from ...engine.observe.read import read
from ...engine.session import Session
from ...engine.understand import understand
from ...errors import InputError
from ...messages import say
from ..answers import value_of
from ..display import printable
from ..language import Lang
from ..phrases import Phrases
from ..picture import frameworks
from .choices import Choice
from .courtesies import courtesy_in
from .dialogue import Dialogue, leading, verdict, voice_of
from .intake import Intake, bounded, nearly, take_in
from .reasons import explained, why_asked
from .recall import most_alike, recalled
from .record import Recorder
from .replies import reply_in, split_answer
from .turns import LONG, PASTED, Turn, in_both, plainly, saying

if TYPE_CHECKING:
    from ...casebook.similar import Alike
    from ...casebook.teaching import Teaching

__all__ = ["Consult", "Reading"]


EVIDENCE = (Answered, ChipRemoved, HeardText, LogRead, TakenBack, Told)
"""Events that change what is known of the run, and so which past cases are like it."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Reading(NamedTuple):
    """What a worker brings back from a log file."""

    path: str
    log: Log | None
    seen: Observed | None
    error: InputError | None
    alike: Alike | None = None
    """The past case that is most like it."""


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
        self.wish: Lang | None = None
        """The language that the user asked for."""
        self._offered = False
        self._recalled: set[str] = set()
        """Leading causes of which was told how far the casebook moved them."""
        self._remembers = False
        """Whether every piece of evidence brings back other past cases; not while a consultation is taken up again."""
        events = list(events)
        if events:
            self.session = Session.resumed(events, with_mind=mind, listeners=(self._follow,))
            if self.taught is not None:
                self.session.mind = self.taught.mind(self.session.known())
        else:
            self.session = Session(lang=lang, with_mind=mind)
            self._follow(self.session, self.session.events[0])
            self.recorder(self.session.events[0])
        if self.taught is not None:
            self.fresh.append(saying("note", "learned", n=self.taught.learned.total))
            self._remembers = self.taught.learned.precedents is not None
        self.session.listeners += [self.recorder, partial(self._follow, self.session)]
        understand("loss", self.session.mind.kb)

    def _follow(self, session: Session, event: Event) -> None:
        if self._remembers and self.taught is not None and isinstance(event, EVIDENCE):
            session.mind = self.taught.mind(session.known())
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
        return voice_of(self.session)

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
        self._offer_chinese(text if len(text) > LONG else take_in(text).words)
        if self._reply(text) or self._courteous(text) or self._inquired(text):
            return
        if (found := split_answer(text, self.session)) is not None and self.session.current is not None:
            value, text = found
            self.session.answer(self.session.current, value)
        text, cut = bounded(text)
        taken = take_in(text)
        if taken.words and not self._says_nothing(taken):
            self.session.hear(taken.said)
            self._recall()
        for name in taken.missing:
            near = nearly(name)
            self.note("no_file_but" if near else "no_file", file=printable(name), near=printable(near))
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

    def _says_nothing(self, taken: Intake) -> bool:
        """Whether a message is about a file that is not there, or is the name of a folder, and nothing else."""
        folder = Path(os.path.expanduser(taken.words))
        is_folder = not taken.files and "\n" not in taken.words and len(taken.words) < LONG and folder.is_dir()
        if not (taken.missing or is_folder):
            return False
        heard = understand(taken.said, self.session.mind.kb)
        if heard.symptoms or heard.facts or heard.absent:
            return False
        if is_folder:
            self.session.name_log(str(folder.absolute()))
        else:
            self._echo(taken.words)
        return True

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
            self.note("no_room", reason=error)
            return
        self.session.name_log(str(target))

    def _courteous(self, text: str) -> bool:
        """Answer as one does among colleagues, if that is all it calls for."""
        said = courtesy_in(text)
        if said is None:
            return False
        self._echo(text)
        if said == "en" or said == "zh":
            self.wish = said
        elif said == "verdict":
            self.fresh.append(verdict(self.session))
        else:
            going = "asked" if self.session.current is not None else "known" if self.session.known() else "new"
            self.fresh.append(saying("clinic", f"courtesy.{said}.{going}"))
        return True

    def _offer_chinese(self, text: str) -> None:
        """Say once how to turn the screen to Chinese to somebody who writes it."""
        if self.session.lang == "en" and not self._offered and len(_CHINESE.findall(text)) > 1:
            self._offered = True
            self.fresh.append(plainly("note", say("triage.note.chinese", "zh")))

    def _inquired(self, text: str) -> bool:
        """Answer a question of the user's, if it is one."""
        said = explained(text, self.session)
        if said is not None:
            self._echo(text)
            self.fresh.append(said)
        return said is not None

    def _echo(self, text: str) -> None:
        self.fresh.append(plainly("you", printable(text)))

    def _reply(self, text: str) -> bool:
        """Do what `text` says about the open question, if it says something about it."""
        reply = reply_in(text, self.session)
        if reply is None:
            return False
        match reply.deed:
            case "back":
                self.go_back()
            case "why":
                self.explain()
            case "idle":
                self._echo(text)
                self.note("nothing_asked")
            case "impossible":
                self.fresh.append(in_both("clinic", *reply.complaint, "warn"))
            case "answer":
                self.answer(reply.value)
        return True

    def answer(self, value: bool | int | float | str | None) -> None:
        """Answer the open question; None = "I don't know"."""
        if (fact := self.session.current) is not None:
            self.session.answer(fact, value)
            self._recall()
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
            self.fresh.append(why_asked(fact, self.session))

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
            seen = observe(log)
            facts = {id: value for id, value in self.session.known().items() if id in self.session.mind.kb.facts}
            return Reading(path, log, seen, None, most_alike(log, seen, facts))
        except InputError as error:
            return Reading(path, None, None, error)

    def take_log(self, reading: Reading) -> None:
        """What the worker brought back."""
        if reading.error is not None or reading.log is None:
            self.session.refuse_log(reading.path, reading.error or InputError(reading.path))
        else:
            self.session.read(reading.log, reading.seen, reading.path)
            self._recall(reading.alike)
        self.advance()

    def _recall(self, alike: Alike | None = None) -> None:
        """Tell what past cases have to do with what was just seen or heard: the most alike, and how far the leading cause was moved."""
        session = self.session
        lead = leading(session)
        if lead is None or (alike is None and (self.taught is None or lead.id in self._recalled)):
            return
        lang, diagnoses = session.lang, dict[str, Diagnosis]()
        try:
            for session.lang in ("en", "zh"):
                if (diagnosis := self.diagnosis()) is not None and diagnosis.causes:
                    diagnoses[session.lang] = diagnosis
        finally:
            session.lang = lang
        if diagnoses and (said := recalled(alike, diagnoses, moved=lead.id not in self._recalled)) is not None:
            self._recalled.add(lead.id)
            self.fresh.append(said)
