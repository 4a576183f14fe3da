"""Ids that point nowhere, and values that a finding cannot have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..model import Cause, Condition, Fact, Interview, Playbook, Range, Rule, Scalar, Symptom
from .conditions import TRUTH, Domains
from .finding import Finding
from .shelf import Shelf

__all__ = ["check"]

FINDINGS = ("symptoms", "facts", "observations")


def check(shelf: Shelf) -> Iterator[Finding]:
    """All references that lead nowhere."""
    look = _Look(shelf)
    for id, cause in shelf.causes.items():
        yield from look.cause(id, cause)
    for id, symptom in shelf.symptoms.items():
        yield from look.symptom(id, symptom)
    for id, fact in shelf.facts.items():
        yield from look.fact(id, fact)
    for id, rule in shelf.rules.items():
        yield from look.rule(id, rule)
    for id, playbook in shelf.playbooks.items():
        yield from look.playbook(id, playbook)
    for id, interview in shelf.interviews.items():
        yield from look.interview(id, interview)


class _Look:
    """Looks things up for one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.domains = Domains(dict.fromkeys(shelf.ids["symptoms"]), shelf.facts, shelf.observations)

    def known(self, kinds: Iterable[str], id: str) -> bool:
        return any(id in self.shelf.ids[kind] for kind in kinds)

    def id(self, kinds: tuple[str, ...], name: str, kind: str, id: str, *place: str | int, key: bool = False) -> Iterator[Finding]:
        """`name`, which stands at `place` of an entry, must be an id of one of `kinds`."""
        if not self.known(kinds, name):
            everything = [other for of in kinds for other in self.shelf.ids[of]]
            yield self.shelf.finding("unknown-id", kind, id, *place, key=key, name=name, kinds="/".join(kinds), near=_near(name, everything))

    def ids(self, kinds: tuple[str, ...], names: Iterable[str], kind: str, id: str, *place: str | int) -> Iterator[Finding]:
        for at, name in enumerate(names):
            yield from self.id(kinds, name, kind, id, *place, at)

    def value(self, fact: str, value: Scalar, kind: str, id: str, *place: str | int) -> Iterator[Finding]:
        """`value` must be one that `fact` can have. Silent about findings that are unknown or broken: those are reported as such."""
        if self.domains.of(fact) is not None and not self.domains.fits(fact, value):
            yield self.shelf.finding("impossible-value", kind, id, *place, fact=fact, value=_plain(value), possible=self._possible(fact))

    def _possible(self, fact: str) -> str:
        values = self.domains.values(fact)
        known = self.shelf.facts.get(fact)
        if values or known is None:
            return ", ".join(values)
        return f"{known.minimum if known.minimum is not None else '-inf'} .. {known.maximum if known.maximum is not None else 'inf'}"

    def cause(self, id: str, cause: Cause) -> Iterator[Finding]:
        for field, fixes in (("now", cause.now), ("for_good", cause.for_good)):
            yield from self.ids(("fixes",), fixes, "causes", id, field)
        for at, other in enumerate(cause.mistaken_for):
            yield from self.id(("causes",), other.id, "causes", id, "mistaken_for", at, "id")
            if other.id == id:
                yield self.shelf.finding("points-to-itself", "causes", id, "mistaken_for", at, "id")
        for i, check_ in enumerate(cause.confirm):
            for j, result in enumerate(check_.results):
                if result.fact is None:
                    continue
                place = ("confirm", i, "results", j)
                yield from self.id(("facts",), result.fact, "causes", id, *place, "fact")
                if result.value is None:
                    yield self.shelf.finding("value-missing", "causes", id, *place, "fact", fact=result.fact)
                else:
                    yield from self.value(result.fact, result.value, "causes", id, *place, "value")
        for part, expected in (("expects", cause.expects), ("told", cause.told)):
            for finding, words in expected.items():
                yield from self.id(FINDINGS, finding, "causes", id, part, finding, key=True)
                yield from self._words(finding, words, "causes", id, part, finding)
        for at, example in enumerate(cause.examples):
            yield from self.ids(("symptoms",), example.symptoms, "causes", id, "examples", at, "symptoms")
            for fact, value in example.facts.items():
                yield from self.id(("facts", "observations"), fact, "causes", id, "examples", at, "facts", fact, key=True)
                yield from self.value(fact, value, "causes", id, "examples", at, "facts", fact)

    def _words(self, finding: str, words: str | Mapping[str, str], kind: str, id: str, *place: str | int) -> Iterator[Finding]:
        """A bare word fits what is true or false; a mapping has a word for values of an enum or an observation."""
        whole = self.domains.of(finding)
        if whole is None:
            return
        two = whole.values == TRUTH
        if isinstance(words, str) != two:
            wording = "number" if whole.spans else "word" if two else "mapping"
            yield self.shelf.finding("likelihood-shape", kind, id, *place, wording=wording, fact=finding, possible=self._possible(finding))
            return
        for value in words if not isinstance(words, str) else ():
            if value not in whole.values:
                values = {"fact": finding, "value": value, "possible": self._possible(finding)}
                yield self.shelf.finding("impossible-value", kind, id, *place, value, key=True, **values)

    def symptom(self, id: str, symptom: Symptom) -> Iterator[Finding]:
        yield from self.ids(("causes",), symptom.usual_causes, "symptoms", id, "usual_causes")
        for at, other in enumerate(symptom.is_not):
            yield from self.id(("symptoms", "causes"), other.id, "symptoms", id, "is_not", at, "id")
            if other.id == id:
                yield self.shelf.finding("points-to-itself", "symptoms", id, "is_not", at, "id")

    def fact(self, id: str, fact: Fact) -> Iterator[Finding]:
        values = ("true", "false") if fact.type == "bool" else fact.values
        for value in fact.labels:
            if value not in values:
                yield self.shelf.finding("impossible-value", "facts", id, "labels", value, key=True, fact=id, value=value, possible=", ".join(values))
        if isinstance(fact.base, dict) or (fact.base is not None and fact.type != "number"):
            yield from self._words(id, fact.base, "facts", id, "base")
        for value in fact.fault:
            if value not in values:
                possible = ", ".join(values)
                yield self.shelf.finding("impossible-value", "facts", id, "fault", fact=id, value=value, possible=possible)
        if fact.red_flag is not None and fact.red_flag not in values:
            possible = ", ".join(values)
            yield self.shelf.finding("impossible-value", "facts", id, "red_flag", fact=id, value=fact.red_flag, possible=possible)
        if fact.reads_as is not None:
            yield from self.id(("observations", "facts"), fact.reads_as, "facts", id, "reads_as")
            rules = self.shelf.rules.values()
            if not any(fact.reads_as in rule.then.conclude and id in rule.when for rule in rules):
                yield self.shelf.finding("reads-as-nothing", "facts", id, "reads_as", other=fact.reads_as)

    def rule(self, id: str, rule: Rule) -> Iterator[Finding]:
        for part, conditions in (("if", rule.when), ("unless", rule.unless)):
            for fact, condition in conditions.items():
                yield from self.id(FINDINGS, fact, "rules", id, part, fact, key=True)
                yield from self._condition(fact, condition, id, part)
        for fact, value in rule.then.conclude.items():
            yield from self.id(FINDINGS, fact, "rules", id, "then", "conclude", fact, key=True)
            yield from self.value(fact, value, "rules", id, "then", "conclude", fact)
        for part, causes in (("support", rule.then.support), ("oppose", rule.then.oppose)):
            for cause in causes:
                yield from self.id(("causes",), cause, "rules", id, "then", part, cause, key=True)
        yield from self.ids(("causes",), rule.then.exclude, "rules", id, "then", "exclude")
        for at, example in enumerate(rule.examples):
            for fact, value in example.given.items():
                yield from self.id(FINDINGS, fact, "rules", id, "examples", at, "given", fact, key=True)
                yield from self.value(fact, value, "rules", id, "examples", at, "given", fact)

    def _condition(self, fact: str, condition: Condition, id: str, part: str) -> Iterator[Finding]:
        if isinstance(condition, Range):
            whole = self.domains.of(fact)
            if whole is not None and not whole.spans:
                yield self.shelf.finding("impossible-value", "rules", id, part, fact, fact=fact, value="...", possible=self._possible(fact))
            return
        if isinstance(condition, tuple):
            for at, value in enumerate(condition):
                yield from self.value(fact, value, "rules", id, part, fact, at)
        else:
            yield from self.value(fact, condition, "rules", id, part, fact)

    def playbook(self, id: str, playbook: Playbook) -> Iterator[Finding]:
        if playbook.symptom is not None:
            yield from self.id(("symptoms",), playbook.symptom, "playbooks", id, "symptom")
        for at, step in enumerate(playbook.steps):
            yield from self.ids(("causes",), step.cause, "playbooks", id, "steps", at, "cause")
            if step.fact is not None:
                yield from self.id(("facts",), step.fact, "playbooks", id, "steps", at, "fact")

    def interview(self, id: str, interview: Interview) -> Iterator[Finding]:
        for field, items in (("points", interview.points), ("wrong", interview.wrong)):
            for at, item in enumerate(items):
                for lang, wordings in (("en", item.aliases.en), ("zh", item.aliases.zh)):
                    for n, wording in enumerate(wordings):
                        for term in wording.replace("&", "+").split("+"):
                            if term.strip().startswith("@"):
                                yield from self.id((*FINDINGS, "causes"), term.strip()[1:], "interviews", id, field, at, "aliases", lang, n)


def _plain(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _near(name: str, names: Iterable[str]) -> str:
    """The nearest of `names`, as a hint, or ""."""
    from rapidfuzz import process

    best = process.extractOne(name, list(names), score_cutoff=70)
    return best[0] if best else ""
