"""A message understood: symptoms and facts, each with the words and the place it was heard in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...kb import KnowledgeBase
from ..reason.kernel import Value
from .clauses import Reading
from .devices import depths, device_counts, shares
from .endings import endings
from .frames import scene
from .heard import Heard, Span
from .judgement import Signs, signs
from .lexicon import Mention
from .quantities import choose, numbers
from .rules import Rule
from .scene import Frame, Scene
from .script import LONGEST, Plain, plain
from .settings import Setting
from .statements import Statement, statements
from .tokens import tokens
from .trials import TROUBLE, trials
from .vocabulary import Vocabulary, vocabulary

OF_VALIDATION = frozenset({"overfitting_gap", "val_only_bad", "constant_prediction", "jump_at_resume", "loss_too_low", "loss_nan_inf"})
"""Symptoms whose own phrases may speak of validation."""
KEPT = frozenset({"learning_rate", "batch_size", "mixed_precision"})
"""Facts of which words decide before settings: several values are often said of them, one of them tried or given up."""
MOMENTUM = re.compile(r"momentum[\"']?\s?[=:]\s?(\d*\.?\d+)")
LOOP = re.compile(r"\.backward\(.{0,200}?\.step\(\)", re.DOTALL)
"""The part of a training loop in which gradients are made and used."""
CLEARED = re.compile(r"zero_grad\s*\(|clear_grad|\.grad\s*=\s*none|set_to_none")
SOLVED = frozenset({"solv", "fix", "cur", "resolv", "解", "好"})
"""Words of a run that was put right."""
VAGUE = frozenset({"stance", "break", "move", "manner"})
"""Families of phrases that say nothing about training by themselves: "not bad"."""
TURNED_OFF = frozenset({"不", "关", "去", "without", "off", "disabl", "fals", "remov"})
"""Words that take away what is otherwise there."""
GUESS = 0.6
"""How sure it is of what a pasted excerpt leaves out: the excerpt may be cut."""
CLEAR = 0.5
"""Probability from which words alone tell of a symptom, where nothing is said to happen."""
REMEDY = frozenset({"so", "therefor", "henc"})
"""Words after which somebody tells what was done about it: "it ran out of memory, so I turned on fp16"."""
FAILING = frozenset({"bad", "differ"})
"""Movements beside which a good word for validation settles nothing: "it looked perfect, now I get pure noise"."""
ALARMS = ("oom_seen", "gpu_overheat", "gpu_errors_logged")
"""Facts whose denial denies the alarm that its words name: "no OOM"."""
WELL = frozenset({"good", "learn", "recover"})
"""Movements of a run that goes well."""


def understand(text: str, kb: KnowledgeBase) -> Heard:
    """Symptoms and facts stated in `text`, Chinese, English or mixed. Understands nothing rather than raise."""
    ear = _listening(text, kb)
    ear.judge()
    ear.consequences()
    ear.overheard()
    return ear.heard


def noticed(text: str, kb: KnowledgeBase) -> Signs:
    """The signs from which it is judged what a message amounts to; what weights are learnt from."""
    ear = _listening(text, kb)
    return signs(ear.reading, ear.seen, ear.heard.symptoms)


def _listening(text: str, kb: KnowledgeBase) -> _Ear:
    """What the rules heard in `text`."""
    words = vocabulary(kb)
    simple = plain(text)
    row = tokens(simple)
    words.spelling.mend(row, words.lexicon.known)
    reading = Reading(row, words.lexicon.find(row))
    ear = _Ear(text, simple, reading, scene(reading), words)
    ear.facts()
    ear.symptoms()
    return ear


class _Ear:
    """Collects what was heard in one message."""

    def __init__(self, text: str, simple: Plain, reading: Reading, seen: Scene, words: Vocabulary) -> None:
        self.text, self.simple, self.reading, self.seen, self.words = text, simple, reading, seen, words
        self.heard = Heard()
        self.drowned: dict[str, str] = {}
        """Symptoms that were heard but are part of the same event as another, with their words."""

    def facts(self) -> None:
        """Facts stated in words or numbers, and outcomes of what was tried."""
        fine = self._fine()
        found = statements(self.reading, self.words, fine, [*device_counts(self.reading), *shares(self.reading), *depths(self.reading), *endings(self.reading)])
        said = numbers(self.reading, self.words, fine | self._relieved())
        found |= {number.fact: number for per_fact in said.values() if (number := choose(per_fact)) is not None}
        found |= trials(self.reading, self.seen, said.get("learning_rate", []))
        tried, used = found.get("fp32_fixes"), found.get("mixed_precision")
        if tried is not None and used is not None and used.value == "none" and (tried.value is True or self._turned_off(used)):
            found["mixed_precision"] = replace(used, value="fp16")
        for statement in found.values():
            self._note_fact(statement.fact, statement.value, self._span(statement.first, statement.last))
            self._trust(statement.fact, min(0.95, 0.35 + 0.2 * statement.weight), statement.first, statement.last)

        self._settings()

    def _settings(self) -> None:
        """Facts that code, configs and command lines state. Words about a learning rate or batch size that was changed say more than they do."""
        told: dict[str, Setting] = {}
        for setting in self.words.settings.found(self.simple.text):
            at = next((t for t in self.reading.tokens if t.end > setting.start), None)
            if at is not None and self.reading.clauses[at.clause].told:
                told.setdefault(setting.fact, setting)
        for fact, setting in told.items():
            if fact not in self.heard.facts or fact not in KEPT:
                origin = self.simple.origin
                self._note_fact(fact, setting.value, (origin[setting.start], origin[setting.end]))
        if "zero_grad_called" not in self.heard.facts and (loop := LOOP.search(self.simple.text)) and not CLEARED.search(self.simple.text):
            origin = self.simple.origin
            self._note_fact("zero_grad_called", False, (origin[loop.start()], origin[loop.end()]))
        momentum = MOMENTUM.search(self.simple.text)
        if momentum and float(momentum[1]) > 0 and self.heard.facts.get("optimizer", ("",))[0] == "sgd":
            self._note_fact("optimizer", "sgd_momentum", self.heard.spans["optimizer"])

    def symptoms(self) -> None:
        """Symptoms named by their own phrases, made by frames, or amounting to a fact; of one event the most telling."""
        rules, heard = self.words.rules, self.heard
        for mention in self.reading["symptom"]:
            if mention.label in heard.symptoms or self._is_framed(mention):
                continue
            if any(m.label == "swing" and m.overlaps(mention) and m.last > mention.last for m in self.reading["move"]):
                continue
            if self._is_meant(mention) and not self._is_limit(mention):
                self._note_symptom(mention.label, self._span(mention.first, mention.last))
                self._trust(mention.label, 0.95, mention.first, mention.last)
            elif self.reading.negated(mention, self.reading["move"]) and self.reading.clause(mention).told:
                start, end = self._span(mention.first, mention.last)
                heard.absent.setdefault(mention.label, self.text[start:end])
        self._apply(rules.strong, 0.9)
        shown = {
            id: heard.spans[fact]
            for id, entry in rules.entries.items()
            for fact, value in entry.shown_by.items()
            if id not in heard.symptoms and fact in heard.facts and heard.facts[fact][0] == self.words.value(fact, value)
        }
        if not heard.symptoms and not shown:
            self._apply(rules.weak, 0.6)
        present = {*heard.symptoms, *shown}
        for id in [i for i in heard.symptoms if not present.isdisjoint(rules.entries[i].drowned_by)]:
            self.drowned[id] = heard.symptoms.pop(id)
        for id, span in shown.items():
            self._note_symptom(id, span)
        for id, frame in rules.found(rules.strong, self.seen.denied()):
            if id not in heard.absent:
                start, end = self._span(frame.first, frame.last)
                heard.absent[id] = self.text[start:end]
        troubled = any(f.kind in ("output", "sample", "none", "model", "weight") for f in self.seen.moving(FAILING))
        for frame in [] if troubled else self.seen.moving(frozenset({"good"})):
            if frame.splits == frozenset({"val"}) and "val_only_bad" not in heard.absent:
                start, end = self._span(frame.first, frame.last)
                heard.absent["val_only_bad"] = self.text[start:end]
        for id in heard.absent.keys() & heard.symptoms.keys():
            del heard.absent[id]

    def _apply(self, rules: Mapping[str, Sequence[Rule]], sure: float) -> None:
        """Note what rules find that was not heard yet."""
        for id, frame in self.words.rules.found(rules, self.seen):
            if id not in self.heard.symptoms:
                self._note_symptom(id, self._span(frame.first, frame.last))
                self._trust(id, sure, frame.first, frame.last)

    def judge(self) -> None:
        """Weigh everything that was noticed: leave out what is unlikely all in all, and guess what no rule heard but the whole message tells."""
        heard, judge = self.heard, self.words.judge
        entries = self.words.rules.entries

        def drowned(id: str) -> tuple[str, ...]:
            return entries[id].drowned_by if id in entries else ()

        needed = judge.add if self.seen.frames or heard.symptoms else CLEAR
        chances = judge.probabilities(signs(self.reading, self.seen, heard.symptoms))
        for id in [i for i in heard.symptoms if chances.get(i, 1.0) < judge.keep]:
            del heard.symptoms[id]
        for id, words in self.drowned.items():
            if heard.symptoms.keys().isdisjoint(drowned(id)) and chances.get(id, 1.0) >= judge.keep:
                heard.symptoms[id] = words
        for id, chance in chances.items():
            if chance >= needed and id not in heard.symptoms and id not in heard.absent and heard.symptoms.keys().isdisjoint(drowned(id)):
                first, last = self._telling(id)
                self._note_symptom(id, self._span(first, last))
                self._trust(id, GUESS, first, last)

    def _telling(self, id: str) -> tuple[int, int]:
        """The clause whose words tell most of a symptom."""
        telling = self.words.judge.telling(id, self.reading.tokens)
        return max(((c.first, c.last) for c in self.reading.clauses), key=lambda c: sum(telling[c[0] : c[1] + 1]))

    def consequences(self) -> None:
        """Facts that a symptom amounts to, and whether training was resumed where the trouble is."""
        for id in self.heard.symptoms:
            for fact, value in self.words.rules.entries[id].implies.items():
                if fact not in self.heard.facts:
                    self._note_fact(fact, value, self.heard.spans[id])
        for mention in self.reading["manner"]:
            if mention.label in ("resume", "reload") and "resumed_at_onset" not in self.heard.facts and self._resumed(mention):
                self._note_fact("resumed_at_onset", True, self._span(mention.first, mention.last))

    def _span(self, first: int, last: int) -> Span:
        row, origin = self.reading.tokens, self.simple.origin
        return origin[row[first].start], origin[row[last].end]

    def _trust(self, id: str, sure: float, first: int, last: int) -> None:
        """Set how sure it is of what was heard in these tokens; a misspelt word among them makes it a guess."""
        mended = any(t.mended for t in self.reading.tokens[first : last + 1])
        self.heard.confidence[id] = min(sure, 0.65) if mended else sure

    def overheard(self) -> None:
        """Settle what is still open: how sure it is of what followed from something else, and what was not understood at all."""
        heard, origin = self.heard, self.simple.origin
        known = {*heard.symptoms, *heard.facts}
        heard.confidence = {id: heard.confidence.get(id, GUESS if id == "zero_grad_called" else 0.85) for id in heard.spans if id in known}
        heard.spans = {id: span for id, span in heard.spans.items() if id in known}
        heard.unread = max(0, len(self.text) - LONGEST)
        spoken = {i for family, found in self.reading.families.items() if family not in VAGUE for m in found for i in m.indices}
        spoken |= {i for found in self.reading.by_stance.values() for m in found if len(m.indices) > 1 for i in m.indices}
        for clause in self.reading.clauses:
            row = self.reading.tokens[clause.first : clause.last + 1]
            says = [t for t in row if t.kind != "number" and not t.skip and len(t.raw) + (t.kind == "han") > 1]
            place = self._span(clause.first, clause.last)
            covered = any(a < place[1] and place[0] < b for a, b in heard.spans.values())
            if len(says) >= 2 and not covered and spoken.isdisjoint(range(clause.first, clause.last + 1)):
                if heard.missed and not self.text[heard.missed[-1][1] : place[0]].strip(" ,，、"):
                    place = heard.missed.pop()[0], place[1]
                heard.missed.append(place)
        if not known and not heard.absent and not heard.missed and self.simple.text.strip():
            heard.missed.append((0, origin[-1]))

    def _note_fact(self, fact: str, value: Value, span: Span) -> None:
        self.heard.facts[fact] = (value, self.text[span[0] : span[1]])
        self.heard.spans[fact] = span

    def _note_symptom(self, id: str, span: Span) -> None:
        self.heard.symptoms[id] = self.text[span[0] : span[1]]
        self.heard.spans[id] = span

    def _is_framed(self, mention: Mention) -> bool:
        """Whether its words are a subject and what it does, of which the rules speak."""
        return any(f.first >= mention.first and f.last <= mention.last for f in self.seen.frames if f.kind not in ("none", "model"))

    def _is_meant(self, mention: Mention) -> bool:
        """Whether a symptom's own phrase is stated: neither asked about, nor denied, nor said of validation where it is about training."""
        clause = self.reading.clause(mention)
        if any(m.label == "false" and m.overlaps(mention) for fact in ALARMS for m in self.reading[f"fact:{fact}"]):
            self.heard.absent.setdefault(mention.label, self.text[slice(*self._span(mention.first, mention.last))])
            return False
        if "asking" in clause.stances or self.reading.supposed(mention) or self.reading.negated(mention, self.reading["move"]):
            return False
        spoken_of = [s for s in self.seen.subjects if clause.first <= s.first <= mention.last and s.kind not in ("model", "data")]
        return mention.label in OF_VALIDATION or not spoken_of or spoken_of[-1].splits != frozenset({"val"})

    def _turned_off(self, used: Statement) -> bool:
        """Whether the words say that mixed precision, otherwise on, was turned off: 不开 amp 也一样."""
        return any(t.key in TURNED_OFF for t in self.reading.tokens[used.first : used.last + 1])

    def _is_limit(self, mention: Mention) -> bool:
        """Whether memory is only named as what limits the batch: "more than 2 images gives out of memory"."""
        if not any(m.overlaps(mention) for m in self.reading["fact:oom_seen"]):
            return False
        at = self.reading.clause(mention).index + 1
        if at < len(self.reading.clauses) and self.reading.clauses[at].sentence == self.reading.clause(mention).sentence and self.reading.tokens[self.reading.clauses[at].first].key in REMEDY:
            return True
        return bool(self.reading.within(mention, [*self.reading["anchor:batch_size"], *self.reading["unit:batch_size"]]))

    def _resumed(self, mention: Mention) -> bool:
        """Whether the words say that training was resumed where the trouble is; loading a checkpoint alone does not."""
        if "jump_at_resume" in self.heard.symptoms:
            return True
        clause = self.reading.clause(mention)
        if self.reading.negated(mention, off=True) or not clause.told or self.reading.within(mention, self.reading.by_stance["no_help"]):
            return False
        return mention.label == "resume" or any(f.sentence == clause.sentence and _troubled(f) for f in self.seen.frames)

    def _relieved(self) -> set[int]:
        """Clauses that tell of a run without the trouble: "with 0.005 the oscillation is gone", 换 0.005 就不震了."""
        gone = {self.reading.clause(m).index for m in self.reading.by_stance["gone"]}
        return gone | {f.clause for f in self.seen.absent if f.move in TROUBLE}

    def _fine(self) -> set[int]:
        """Clauses that tell of a run that went well: something good, and no trouble."""
        good = {f.clause for f in self.seen.moving(WELL) if f.kind in ("loss", "none", "model", "score")}
        solved = [m for m in self.reading.by_stance["helps"] if {self.reading.tokens[i].key for i in m.indices} & SOLVED]
        good |= {self.reading.clause(m).index for m in solved if not self.reading.negated(m) and not self.reading.clause(m).asked}
        return good - {f.clause for f in self.seen.frames if _troubled(f)}


def _troubled(frame: Frame) -> bool:
    return frame.move in TROUBLE or (frame.move == "fall" and frame.kind == "score")
