"""Who refers to whom: the way back along every reference of the knowledge base, and the names to show for it."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...kb import KnowledgeBase
from ...kb.lint.claims import Citation, Coverage, coverage
from ...kb.model import Misconception
from ..language import Lang
from .blocks import Link

__all__ = ["Crossings", "Telling", "sentence_case"]

KINDS = ("causes", "symptoms", "playbooks", "fixes", "facts", "rules", "observations")

TELLING = 2.0
"""Decibans from which a finding is named as speaking for or against a cause (a factor of 1.6)."""


class Telling(NamedTuple):
    """A value of a finding and how much it speaks for a cause."""

    kind: str
    finding: str
    value: str
    cause: str
    decibans: float
    likely: float
    """Probability of the value under the cause."""


class Crossings:
    """The knowledge base with its references turned round."""

    def __init__(self, kb: KnowledgeBase) -> None:
        """Reads every entry once."""
        self.kb = kb
        self.usual_for: dict[str, list[str]] = {}
        """Cause -> symptoms that list it as usual."""
        self.mistaken_by: dict[str, list[str]] = {}
        """Cause -> causes that list it as a lookalike."""
        self.cure_of: dict[str, list[tuple[str, str]]] = {}
        """Fix -> causes, each with "now" or "for_good"."""
        self.ruled: dict[str, list[str]] = {}
        """Cause, symptom, fact or observation -> rules that name it."""
        self.settled_by: dict[str, list[str]] = {}
        """Fact -> causes whose checks settle it."""
        self.walked: dict[str, list[str]] = {}
        """Symptom, cause or fact -> playbooks that name it."""
        for id in kb.ids("symptoms"):
            for cause in kb.symptom(id).usual_causes:
                _add(self.usual_for, cause, id)
        for id in kb.ids("causes"):
            self._cause(id)
        for id in kb.ids("rules"):
            rule = kb.rule(id)
            then = rule.then
            for name in (*rule.when, *rule.unless, *then.conclude, *then.support, *then.oppose, *then.exclude):
                _add(self.ruled, name, id)
        for id in kb.ids("playbooks"):
            playbook = kb.playbook(id)
            for name in (playbook.symptom, *(n for step in playbook.steps for n in (*step.cause, step.fact))):
                if name is not None:
                    _add(self.walked, name, id)
        self._coverage: Coverage | None = None
        self._telling: list[Telling] | None = None

    def _cause(self, id: str) -> None:
        cause = self.kb.cause(id)
        for other in cause.mistaken_for:
            _add(self.mistaken_by, other.id, id)
        for horizon, fixes in (("now", cause.now), ("for_good", cause.for_good)):
            for fix in fixes:
                if all(id != known for known, _ in self.cure_of.get(fix, [])):
                    self.cure_of.setdefault(fix, []).append((id, horizon))
        for check in cause.confirm:
            for result in check.results:
                if result.fact is not None:
                    _add(self.settled_by, result.fact, id)

    def has(self, kind: str, id: str) -> bool:
        """Whether there is such an entry."""
        return id in self.kb.ids(kind)

    def name(self, kind: str, id: str, lang: Lang) -> str:
        """What to call an entry."""
        if kind == "playbooks":
            return self.kb.playbook(id).name.pick(lang)
        if kind == "glossary":
            term = self.kb.terms()[int(id)]
            return term.zh if lang == "zh" else term.en
        if kind == "rules":
            return id.replace("_", " ")
        names = self.kb.names.get(kind, {}).get(id)
        return sentence_case(names[lang]) if names else id

    def link(self, kind: str, id: str, lang: Lang) -> Link:
        """A link under the entry's name."""
        return Link(kind, id, self.name(kind, id, lang))

    def kind_of(self, id: str, kinds: tuple[str, ...] = KINDS) -> str | None:
        """The first kind that has an entry with this id."""
        return next((kind for kind in kinds if self.has(kind, id)), None)

    def value(self, kind: str, finding: str, value: str, lang: Lang) -> str:
        """How a value of a finding reads, "" when it goes without saying (a symptom that is there)."""
        if kind == "symptoms":
            return "" if value == "true" else value
        labels = self.kb.fact(finding).labels if kind == "facts" else self.kb.observation(finding).labels
        return labels[value].pick(lang) if value in labels else value

    def coverage(self) -> Coverage:
        """Claims and their citations."""
        if self._coverage is None:
            kb = self.kb
            claims = {id: kb.claim(id) for id in kb.ids("claims")}
            everything = ((kind, id, kb.entry(kind, id)) for kind in KINDS for id in kb.ids(kind))
            self._coverage = coverage(claims, everything)
        return self._coverage

    def citations(self, claim: str) -> list[Citation]:
        """Entries that cite a claim."""
        return self.coverage().cited.get(claim, [])

    def corrections(self, kind: str, id: str, claim: str) -> list[Misconception]:
        """The misconceptions of an entry that set a claim right."""
        entry = self.kb.entry(kind, id)
        found: tuple[Misconception, ...] = getattr(entry, "misconceptions", ()) or getattr(entry, "disagreements", ())
        return [item for item in found if claim in item.claims]

    def telling(self) -> list[Telling]:
        """Every value of every finding that speaks for or against a cause, strongest first."""
        if self._telling is None:
            tables = self.kb.tables
            kinds = {"symptom": "symptoms", "fact": "facts", "observation": "observations"}
            found: list[Telling] = []
            for at, finding in enumerate(tables["findings"]):
                for v, value in enumerate(tables["values"][at]):
                    base = tables["base"][at][v]
                    for c, cause in enumerate(tables["causes"]):
                        given = tables["given"][at][v][c]
                        decibans = 10 * math.log10(given / base)
                        if abs(decibans) >= TELLING and max(given, base) >= 0.15:
                            found.append(Telling(kinds[tables["kinds"][at]], finding, value, cause, decibans, given))
            self._telling = sorted(found, key=lambda t: -abs(t.decibans))
        return self._telling


def sentence_case(name: str) -> str:
    """A name as it stands on its own: with a capital, unless its first word is an API's or an abbreviation's spelling."""
    first = name.split(" ", 1)[0]
    return name[:1].upper() + name[1:] if first.replace("-", "").isalpha() and first.islower() and first not in ("lr", "bf16", "fp32") else name


def _add(table: dict[str, list[str]], key: str, value: str) -> None:
    row = table.setdefault(key, [])
    if value not in row:
        row.append(value)
