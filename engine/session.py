"""One triage, from what is known at first to the diagnosis.

A `Session` holds what was seen and told, asks the questions that are worth asking, and can be asked for its diagnosis at any time.
It never talks to anyone: answers come in through `answer`, or through the `answers` of `diagnose`. Whatever happens to it is an event
(`events.py`): the list of them is the session, and can be kept, taken up again, and replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..errors import InputError
from .diagnosis import Answer, Diagnosis, Origin, Question
from .events import (
    Answered,
    Asked,
    Began,
    ChipRemoved,
    Ended,
    Event,
    Filed,
    HeardText,
    LanguageSwitched,
    LogNamed,
    LogOutline,
    LogRead,
    LogRefused,
    TakenBack,
    Ticked,
    Told,
)
from .facts import check_value
from .finding import Observed
from .mind import Mind, mind
from .observe.detect import observe
from .observe.log import Log
from .reason.kernel import Memory, Value
from .reason.questions import Candidate, should_stop
from .report import build
from .wording import Lang

SCREENED = 3
"""Questions asked about a log that looks healthy. On labelled runs, three bring 22 of 115 faults to light that the log hides, five 24."""

Answers = Mapping[str, Any] | Callable[[str], Any]


class Session:
    """What one triage knows and has asked so far: a fold over its `events`."""

    def __init__(self, log: Log | None = None, *, lang: Lang = "en", with_mind: Mind | None = None, seen: Observed | None = None) -> None:
        """`with_mind`: other knowledge than the product's; `seen`: what was observed in `log` already."""
        self._mind = with_mind or mind()
        self.events: list[Event] = []
        self.listeners: list[Callable[[Event], None]] = []
        """Called with each event after it took effect."""
        self.lang: Lang = lang
        self.log: Log | None = None
        self._forget()
        self._happen(Began(lang))
        if log is not None:
            self.read(log, seen)

    @classmethod
    def resumed(
        cls,
        events: Iterable[Event],
        *,
        log: Log | None = None,
        with_mind: Mind | None = None,
        listeners: Iterable[Callable[[Session, Event], None]] = (),
    ) -> Session:
        """The session that these events led to. `log`: the log of the last `LogRead`, if it could be read again. `listeners` are told
        each event on the way, when it took effect.

        Entries that the knowledge base does not have any more are passed over.
        """
        session = cls(with_mind=with_mind)
        session.events.clear()
        for event in events:
            session._happen(event)
            for listen in listeners:
                listen(session, event)
        session.log = log
        return session

    @property
    def mind(self) -> Mind:
        """The knowledge that is reasoned with: about words alone until a log is read."""
        return self._mind.told if self.outline is None else self._mind

    @mind.setter
    def mind(self, other: Mind) -> None:
        self._mind = other

    def _forget(self) -> None:
        self.outline: LogOutline | None = None
        self.path = ""
        """Where the log can be read again."""
        self.pending = ""
        """The log that was handed over and is not read yet."""
        self.seen = Observed()
        self.memory = Memory(self.mind.rules)
        self.origins: dict[str, Origin] = {}
        self.beliefs: dict[str, Value] = {}
        self.heard: dict[str, str] = {}
        self.asked: list[Answer] = []
        self.unknown: set[str] = set()
        self.current: str | None = None
        """The question that was put and has no answer yet."""
        self.done: set[str] = set()
        """Items of the plan that were ticked off."""
        self.filed = ""
        """The case that it was filed as."""
        self.ended = False
        self.stopped = ""
        self._topic: str | None = None
        self._overruled: dict[str, list[tuple[Value, Origin]]] = {}

    def _happen(self, event: Event) -> None:
        """Let an event take effect, and keep it."""
        self._apply(event)
        self.events.append(event)
        for listen in self.listeners:
            listen(event)

    def _apply(self, event: Event) -> None:
        match event:
            case Began(lang=lang) | LanguageSwitched(lang=lang):
                self.lang = lang
            case LogNamed(path=path):
                self.pending = path
            case LogRefused():
                self.pending = ""
            case LogRead():
                self._apply_log(event)
            case HeardText():
                self._apply_heard(event)
            case Told(fact=fact, value=value):
                if self._exists(fact):
                    self._believe(fact, value, Origin(kind="told"))
            case Asked(fact=fact):
                self.current = fact if self._exists(fact) else None
            case Answered(fact=fact, value=value):
                if self._exists(fact):
                    self._apply_answer(fact, value)
            case TakenBack(fact=fact):
                self._unsay(fact)
            case ChipRemoved(id=id):
                self.heard.pop(id, None)
                self._unsay(id)
            case Ticked(item=item, done=done):
                (self.done.add if done else self.done.discard)(item)
            case Filed(case=case):
                self.filed = case
            case Ended():
                self.ended = True
        if not isinstance(event, Began | Ticked | Filed | Ended | LanguageSwitched):
            self.ended = False

    def _exists(self, id: str) -> bool:
        names = self.mind.kb.names
        return id in names["facts"] or id in names["symptoms"]

    def _apply_log(self, event: LogRead) -> None:
        """Start again from the log: whatever was said before counts against it as if it had been said after."""
        again = self.outline is not None
        earlier = [e for e in self.events if not isinstance(e, LogRead)]
        self._forget()
        self.outline, self.path, self.seen = event.outline, event.path, event.seen
        self._take_in_log(event.outline)
        for old in earlier:
            self._apply(old)
        self.pending = ""
        if again:
            self.current = None

    def _take_in_log(self, outline: LogOutline) -> None:
        kb = self.mind.kb
        found = {f.id for f in self.seen.findings}
        for raw in reversed(self.seen.in_order()):  # so that of several findings it is the first told whose place is remembered
            self._believe(raw.id, True, Origin(kind="metric", detail=raw.metric, first_step=raw.first_step, last_step=raw.last_step))
        logged = set(outline.logged)
        unchecked = {check.check for check in self.seen.skipped}
        for id in kb.ids("symptoms"):
            if id not in found and id not in unchecked and logged.intersection(kb.plain["seen_in"][id]):
                self._believe(id, False, Origin(kind="metric", detail=", ".join(sorted(logged.intersection(kb.plain["seen_in"][id])))))
        for seen in self.seen.seen.values():
            self._believe(seen.id, seen.value, Origin(kind="metric", detail=seen.metric, first_step=seen.first_step, last_step=seen.last_step))

    def _apply_heard(self, event: HeardText) -> None:
        for id, words in event.symptoms.items():
            if self._exists(id):
                self.heard[id] = words
                if self.memory.value(id) is not True:
                    self._believe(id, True, Origin(kind="text", detail=words))
        for id, words in event.absent.items():
            if self._exists(id) and self.memory.value(id) is None:
                self._believe(id, False, Origin(kind="text", detail=words))
        for id, (value, words) in event.facts.items():
            if self._exists(id):
                self._believe(id, value, Origin(kind="text", detail=words))
        if self.current in event.facts:
            self.current = None

    def _apply_answer(self, fact: str, value: Value | None) -> None:
        self.asked.append(Answer(fact=fact, answer=value))
        self._topic = self.mind.kb.fact(fact).topic
        self.current = None
        if value is None:
            self.unknown.add(fact)
        else:
            self._believe(fact, value, Origin(kind="answer"))

    def _unsay(self, fact: str) -> None:
        said = self.origins.get(fact)
        if said is not None and said.kind != "metric":
            self.memory.retract(fact)
            del self.origins[fact]
            if said.kind == "text":
                self.heard.pop(fact, None)
            if overruled := self._overruled.get(fact):
                self._believe(fact, *overruled.pop())
        self.asked = [a for a in self.asked if a.fact != fact]
        self.unknown.discard(fact)
        self.stopped = ""

    def _believe(self, id: str, value: Value, origin: Origin) -> None:
        before = self.origins.get(id)
        if before is not None and before.kind in ("metric", "text") and before.kind != origin.kind:
            self._overruled.setdefault(id, []).append((self.memory.told[id], before))
        self.memory.tell(id, value)
        self.origins[id] = origin

    def read(self, log: Log, seen: Observed | None = None, path: str = "") -> None:
        """Look at a log, in place of an earlier one. `seen`: what was observed in it already; `path`: where it can be read again."""
        self._happen(LogRead(LogOutline.of(log), seen or observe(log), path))
        self.log = log

    def name_log(self, path: str) -> None:
        """A log was handed over and is about to be read: it is `pending` until `read` or `refuse_log`."""
        self._happen(LogNamed(path))

    def refuse_log(self, path: str, error: InputError) -> None:
        """The log cannot be read."""
        self._happen(LogRefused(path, error.in_words("en"), error.in_words("zh")))

    def hear(self, text: str) -> HeardText:
        """Take in what the user typed: symptoms and facts, each with the words it was heard in."""
        from .understand import understand

        heard = understand(text, self.mind.kb)
        missed = tuple(heard.missed)
        event = HeardText(text, heard.symptoms, heard.facts, heard.absent, heard.spans, heard.confidence, tuple(heard.guesses), missed)
        self._happen(event)
        return event

    def tell(self, fact: str, value: Any) -> None:
        """Believe a fact that the user states. InputError when the fact or the value does not exist."""
        self._happen(Told(fact, check_value(self.mind.kb, fact, value)))

    def ask(self, fact: str) -> None:
        """Put the question about `fact`: it is `current` until it is answered, or settled otherwise."""
        self._happen(Asked(fact))

    def answer(self, fact: str, value: Any) -> None:
        """Record the answer to a question; None = "I don't know", which changes nothing and is not asked again."""
        known = value is not None or fact not in self.mind.kb.names["facts"]
        self._happen(Answered(fact, check_value(self.mind.kb, fact, value) if known else None))

    def take_back(self, fact: str) -> None:
        """Forget a fact that was told, answered or heard; everything that rested on it alone falls too.

        What it overruled stands again: the words of the text, and what the log shows, which is not the user's to take back.
        """
        self._happen(TakenBack(fact))

    def remove_chip(self, id: str) -> None:
        """Forget something that was heard in the user's words and had not been meant."""
        self._happen(ChipRemoved(id))

    def switch_language(self, lang: Lang) -> None:
        """Go on in another language."""
        self._happen(LanguageSwitched(lang))

    def tick(self, item: str, done: bool = True) -> None:
        """An item of the plan is done (or not after all)."""
        self._happen(Ticked(item, done))

    def file(self, case: str) -> None:
        """It was filed in the casebook as `case`."""
        self._happen(Filed(case))

    def end(self) -> None:
        """The consultation is over; anything but ticking off and filing takes it up again."""
        self._happen(Ended())

    def known(self) -> dict[str, Value]:
        """All beliefs: told and derived."""
        return {**self.memory.told, **self.memory.derived()}

    @property
    def healthy(self) -> bool:
        """Whether a log was read, nothing in it calls for action, nobody complained, and nobody told of a fault that a log may hide."""
        return self.outline is not None and not self.heard and not self.faults() and not any(f.alarming for f in self.seen.findings)

    def faults(self) -> list[str]:
        """Facts that a person stated and that are a fault in themselves, in the order in which they were told."""
        said = ((id, self.memory.told.get(id)) for id, origin in self.origins.items() if origin.kind != "metric")
        return [id for id, value in said if id in self.mind.faults and str(value).lower() in self.mind.faults[id]]

    @property
    def screening(self) -> bool:
        """Whether a log that looks healthy leaves a few checks to be made: some faults leave no trace in a log."""
        return self.healthy and self.outline is not None and self.outline.points > 0 and len(self.asked) < SCREENED

    def candidates(self) -> list[Candidate]:
        """Open questions, most worthwhile first."""
        known = self.known()
        posterior = self.mind.ranking.posterior(known, self.memory)
        return self.mind.questions.rank(posterior, known, self.unknown, self._topic)

    def next_question(self) -> str | None:
        """The fact to ask now, or None when it is better to stop (`stopped` says why)."""
        posterior = self.mind.ranking.posterior(self.known(), self.memory)
        if self.healthy:
            revealing = self.mind.questions.revealing(posterior, self.known(), self.unknown) if self.screening else None
            self.stopped = "" if revealing else "healthy"
            return revealing
        candidates = self.candidates()
        reason = should_stop(candidates, posterior)
        if reason == "sure" and (settling := self.mind.questions.settles(int(posterior[:-1].argmax()), candidates, self.known())):
            return settling.ask.fact
        if reason:
            self.stopped = reason
            return None
        return candidates[0].ask.fact

    def interview(self, answers: Answers, max_questions: int) -> None:
        """Ask until sure, until nothing is left worth asking, or until the cap."""
        reply = answers if callable(answers) else answers.get
        self.stopped = ""
        while len(self.asked) < max_questions:
            fact = self.next_question()
            if fact is None:
                return
            self.ask(fact)
            self.answer(fact, reply(fact))
        self.stopped = "healthy" if self.healthy else "cap"

    def questions(self, limit: int = 5) -> list[Question]:
        """What it would ask next, best first."""
        kb, lang = self.mind.kb, self.lang
        return [
            Question(
                fact=c.ask.fact, ask=kb.fact(c.ask.fact).ask.pick(lang), gain=round(c.gain, 4), effort=c.ask.effort, minutes=c.ask.minutes,
                urgent=c.urgent,
            )
            for c in self.candidates()[:limit]
            if c.gain >= 0.005
        ]  # fmt: skip

    def diagnosis(self) -> Diagnosis:
        """The diagnosis as things stand."""
        return build(self)
