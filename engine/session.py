"""One triage, from what is known at first to the diagnosis.

A `Session` holds what was seen and told, asks the questions that are worth asking, and can be asked for its diagnosis at any time.
It never talks to anyone: answers come in through `answer`, or through the `answers` of `diagnose`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ..kb import KnowledgeBase, load, plain
from ..kb.likelihood import Tables
from .diagnosis import Answer, Diagnosis, Origin, Question
from .facts import check_value
from .finding import Observed
from .observe.detect import observe
from .observe.log import Log
from .reason.kernel import Atom, Memory, RuleSet, Value
from .reason.questions import ANSWERED, Askable, Candidate, Questions, should_stop
from .reason.ranking import Ranking
from .report import build
from .wording import Lang, choose_language

Answers = Mapping[str, Any] | Callable[[str], Any]


class Mind:
    """A knowledge base compiled for reasoning; shared by all sessions. `tables` replace those of the knowledge base (fitting, learning)."""

    def __init__(self, kb: KnowledgeBase, tables: Tables | None = None) -> None:
        self.kb = kb
        self.ranking = Ranking(tables or kb.tables)
        self.rules = RuleSet(plain.rules(kb.plain))
        self.questions = Questions(self.ranking, self._askables())

    def _askables(self) -> list[Askable]:
        out: list[Askable] = []
        for id, fact in plain.facts(self.kb.plain).items():
            if fact.finding in self.ranking.given:
                known = fact.known if fact.known is not None else ANSWERED[fact.effort]
                only_if = tuple(Atom.of(other, condition) for other, condition in fact.only_if.items())
                out.append(Askable(id, fact.finding, fact.effort, fact.minutes, fact.topic, fact.red_flag, known, only_if))
        return out


@lru_cache(maxsize=1)
def mind() -> Mind:
    """The product's own knowledge, compiled once."""
    return Mind(load())


class Session:
    """What one triage knows and has asked so far."""

    def __init__(self, log: Log | None = None, *, lang: Lang = "en", with_mind: Mind | None = None, seen: Observed | None = None) -> None:
        """`with_mind`: other knowledge than the product's; `seen`: what was observed in `log` already."""
        self.mind = with_mind or mind()
        self.log = log
        self.lang: Lang = lang
        self.memory = Memory(self.mind.rules)
        self.origins: dict[str, Origin] = {}
        self.beliefs: dict[str, Value] = {}
        self.heard: dict[str, str] = {}
        self.asked: list[Answer] = []
        self.unknown: set[str] = set()
        self.stopped = ""
        self._topic: str | None = None
        self._overruled: dict[str, list[tuple[Value, Origin]]] = {}
        self.seen = seen or (observe(log) if log is not None else Observed())
        self._take_in_log()

    def _take_in_log(self) -> None:
        kb = self.mind.kb
        found = {f.id for f in self.seen.findings}
        for raw in self.seen.findings:
            self._believe(raw.id, True, Origin(kind="metric", detail=raw.metric, first_step=raw.first_step, last_step=raw.last_step))
        if self.log is not None:
            logged = {s.metric for s in self.log.series if len(s) >= 5}
            unchecked = {check.check for check in self.seen.skipped}
            for id in kb.ids("symptoms"):
                if id not in found and id not in unchecked and logged.intersection(kb.plain["seen_in"][id]):
                    self._believe(id, False, Origin(kind="metric", detail=", ".join(sorted(logged.intersection(kb.plain["seen_in"][id])))))
        for seen in self.seen.seen.values():
            self._believe(seen.id, seen.value, Origin(kind="metric", detail=seen.metric, first_step=seen.first_step, last_step=seen.last_step))

    def _believe(self, id: str, value: Value, origin: Origin) -> None:
        before = self.origins.get(id)
        if before is not None and before.kind in ("metric", "text") and before.kind != origin.kind:
            self._overruled.setdefault(id, []).append((self.memory.told[id], before))
        self.memory.tell(id, value)
        self.origins[id] = origin

    def hear(self, text: str) -> None:
        """Take in what the user typed: symptoms and facts, each with the words it was heard in."""
        from .understand import understand

        heard = understand(text, self.mind.kb)
        for id, words in heard.symptoms.items():
            self.heard[id] = words
            if self.memory.value(id) is not True:
                self._believe(id, True, Origin(kind="text", detail=words))
        for id, (value, words) in heard.facts.items():
            self._believe(id, value, Origin(kind="text", detail=words))

    def tell(self, fact: str, value: Any, kind: str = "told") -> None:
        """Believe a fact that the user states. InputError when the fact or the value does not exist."""
        self._believe(fact, check_value(self.mind.kb, fact, value), Origin(kind="answer" if kind == "answer" else "told"))

    def answer(self, fact: str, value: Any) -> None:
        """Record the answer to a question; None = "I don't know", which changes nothing and is not asked again."""
        known = value is not None or fact not in self.mind.kb.names["facts"]
        self.asked.append(Answer(fact=fact, answer=check_value(self.mind.kb, fact, value) if known else None))
        self._topic = self.mind.kb.fact(fact).topic
        if value is None:
            self.unknown.add(fact)
        else:
            self.tell(fact, value, "answer")

    def take_back(self, fact: str) -> None:
        """Forget a fact that was told, answered or heard; everything that rested on it alone falls too.

        What it overruled stands again: the words of the text, and what the log shows, which is not the user's to take back.
        """
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

    def known(self) -> dict[str, Value]:
        """All beliefs: told and derived."""
        return {**self.memory.told, **self.memory.derived()}

    @property
    def healthy(self) -> bool:
        """Whether a log was read, nothing in it calls for action, and nobody complained."""
        return self.log is not None and not self.heard and not any(f.alarming for f in self.seen.findings)

    def candidates(self) -> list[Candidate]:
        """Open questions, most worthwhile first."""
        known = self.known()
        posterior = self.mind.ranking.posterior(known, self.memory)
        return self.mind.questions.rank(posterior, known, self.unknown, self._topic)

    def next_question(self) -> str | None:
        """The fact to ask now, or None when it is better to stop (`stopped` says why)."""
        if self.healthy:
            self.stopped = "healthy"
            return None
        candidates = self.candidates()
        reason = should_stop(candidates, self.mind.ranking.posterior(self.known(), self.memory))
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
            self.answer(fact, reply(fact))
        self.stopped = "healthy" if self.healthy else "cap"

    def questions(self, limit: int = 5) -> list[Question]:
        """What it would ask next, best first."""
        kb, lang = self.mind.kb, self.lang
        return [
            Question(fact=c.ask.fact, ask=kb.fact(c.ask.fact).ask.pick(lang), gain=round(c.gain, 4), effort=c.ask.effort, minutes=c.ask.minutes)
            for c in self.candidates()[:limit]
            if c.gain >= 0.005
        ]

    def diagnosis(self) -> Diagnosis:
        """The diagnosis as things stand."""
        return build(self)


def diagnose_log(
    log: Log | None,
    *,
    text: str | None = None,
    facts: Mapping[str, Any] | None = None,
    answers: Answers | None = None,
    max_questions: int = 0,
    lang: str | None = None,
) -> Diagnosis:
    """Diagnose a log that was read already; the arguments are those of `lossclinic.diagnose`."""
    session = Session(log, lang=choose_language(lang, text))
    if text:
        session.hear(text)
    for fact, value in (facts or {}).items():
        session.tell(fact, value)
    session.interview(answers if answers is not None else {}, max_questions if answers is not None else 0)
    return session.diagnosis()
