"""A message understood: symptoms and facts, each with the words and the place it was heard in."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...kb import KnowledgeBase
from ..reason.kernel import Value
from .clauses import Reading
from .frames import scene
from .lexicon import Mention
from .quantities import choose, device_counts, numbers
from .rules import SymptomRules
from .scene import Frame, Scene
from .script import Plain, plain
from .statements import Statement, statements
from .subjects import subjects
from .tokens import tokens
from .trials import TROUBLE, trials
from .vocabulary import Vocabulary, vocabulary

Span = tuple[int, int]
VALIDATION = frozenset({"overfitting_gap", "val_only_bad", "constant_prediction", "jump_at_resume", "loss_too_low", "loss_nan_inf"})
"""Symptoms whose own phrases may speak of validation."""


@dataclass(slots=True)
class Heard:
    """What was understood, each with the words it was understood from."""

    symptoms: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, tuple[Value, str]] = field(default_factory=dict[str, "tuple[Value, str]"])
    absent: dict[str, str] = field(default_factory=dict[str, str])
    """Symptoms that were denied ("no NaN so far")."""
    spans: dict[str, Span] = field(default_factory=dict[str, "tuple[int, int]"])
    """Per symptom or fact, start and end of its words in the text."""


def understand(text: str, kb: KnowledgeBase) -> Heard:
    """Symptoms and facts stated in `text`, Chinese, English or mixed. Understands nothing rather than raise."""
    words = vocabulary(kb)
    simple = plain(text)
    row = tokens(simple)
    words.spelling.mend(row, words.lexicon.known)
    reading = Reading(row, words.lexicon.find(row))
    seen = scene(reading)
    return _Ear(text, simple, reading, seen, words).heard


class _Ear:
    """Collects what was heard in one message."""

    def __init__(self, text: str, simple: Plain, reading: Reading, seen: Scene, words: Vocabulary) -> None:
        self.text, self.simple, self.reading, self.seen, self.words = text, simple, reading, seen, words
        self.heard = Heard()
        self.fine = _fine(seen)
        self._facts()
        self._symptoms()
        self._consequences()

    def _span(self, first: int, last: int) -> Span:
        row, origin = self.reading.tokens, self.simple.origin
        return origin[row[first].start], origin[row[last].end]

    def _note_fact(self, said: Statement) -> None:
        start, end = self._span(said.first, said.last)
        self.heard.facts[said.fact] = (said.value, self.text[start:end])
        self.heard.spans[said.fact] = (start, end)

    def _note_symptom(self, id: str, first: int, last: int) -> None:
        start, end = self._span(first, last)
        self.heard.symptoms[id] = self.text[start:end]
        self.heard.spans[id] = (start, end)

    def _facts(self) -> None:
        found = statements(self.reading, self.words, self.fine, device_counts(self.reading))
        said = numbers(self.reading, self.words, self.fine)
        for per_fact in said.values():
            if (number := choose(per_fact)) is not None:
                found[number.fact] = number
        found |= trials(self.reading, self.seen, said.get("learning_rate", []))
        for statement in found.values():
            self._note_fact(statement)

    def _symptoms(self) -> None:
        rules = self.words.rules
        for mention in self.reading["symptom"]:
            clause = self.reading.clause(mention)
            if "asking" in clause.stances or mention.label in self.heard.symptoms:
                continue
            if self.reading.negated(mention, self.reading["move"]) or self._about_validation(mention):
                continue
            self._note_symptom(mention.label, mention.first, mention.last)
        for strength in (rules.strong, rules.weak):
            if strength is rules.weak and self.heard.symptoms:
                break
            for id, of_symptom in strength.items():
                if id not in self.heard.symptoms and (frame := SymptomRules.first(of_symptom, self.seen)) is not None:
                    self._note_symptom(id, frame.first, frame.last)
        for id in [i for i in self.heard.symptoms if not self.heard.symptoms.keys().isdisjoint(rules.entries[i].drowned_by)]:
            del self.heard.symptoms[id]
        for id, entry in rules.entries.items():
            for fact, value in entry.shown_by.items():
                known = self.heard.facts.get(fact)
                if known is not None and known[0] == self.words.value(fact, value) and id not in self.heard.symptoms:
                    self.heard.symptoms[id] = known[1]
                    self.heard.spans.setdefault(id, self.heard.spans[fact])
        self._denials()

    def _about_validation(self, mention: Mention) -> bool:
        """Whether a phrase about training ("loss keeps going up") is said of validation alone."""
        if mention.label in VALIDATION:
            return False
        clause = self.reading.clause(mention)
        spoken_of = [s for s in subjects(self.reading) if clause.first <= s.first <= mention.last and s.kind not in ("model", "data")]
        return bool(spoken_of) and set(spoken_of[-1].splits) == {"val"}

    def _denials(self) -> None:
        denied = Scene(self.seen.absent, self.seen.manners, [])
        for id, of_symptom in self.words.rules.strong.items():
            if id not in self.heard.symptoms and (frame := SymptomRules.first(of_symptom, denied)) is not None:
                start, end = self._span(frame.first, frame.last)
                self.heard.absent[id] = self.text[start:end]

    def _consequences(self) -> None:
        for id, phrase in self.heard.symptoms.items():
            for fact, value in self.words.rules.entries[id].implies.items():
                if fact not in self.heard.facts:
                    self.heard.facts[fact] = (value, phrase)
                    self.heard.spans.setdefault(fact, self.heard.spans[id])
        for mention in self.reading["manner"]:
            if mention.label in ("resume", "reload") and "resumed_at_onset" not in self.heard.facts and self._resumed(mention):
                self._note_fact(Statement("resumed_at_onset", True, mention.first, mention.last, 3.0))

    def _resumed(self, mention: Mention) -> bool:
        """Whether the words say that training was resumed where the trouble is; loading a checkpoint alone does not."""
        clause = self.reading.clause(mention)
        if self.reading.negated(mention) or not clause.told or self.reading.within(mention, self.reading.by_stance["no_help"]):
            return "jump_at_resume" in self.heard.symptoms
        return mention.label == "resume" or "jump_at_resume" in self.heard.symptoms or self._trouble_at(mention.first)

    def _trouble_at(self, token: int) -> bool:
        sentence = self.reading.tokens[token].sentence
        return any(f.sentence == sentence and _troubled(f) for f in self.seen.frames)


def _troubled(frame: Frame) -> bool:
    return frame.move in TROUBLE or (frame.move == "fall" and frame.kind == "score")


def _fine(seen: Scene) -> set[int]:
    """Clauses that tell of a run that went well: something good, and no trouble."""
    bad = {f.clause for f in seen.frames if _troubled(f)}
    good = {f.clause for f in seen.frames if f.move in ("good", "learn", "fall", "recover") and f.kind in ("loss", "none", "model", "score") and f.move != "fall"}
    return good - bad
