"""The vocabulary of a knowledge base: the aliases of its symptoms and facts and the phrase files, compiled once."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from ...errors import KnowledgeError
from ...kb import KnowledgeBase, cache
from ...kb.base import ROOT
from ...kb.model import Aliases
from ...kb.record import built
from ..reason.kernel import Value
from .judgement import Judge
from .lexicon import Lexicon, State
from .phrase_files import Phrases, read
from .rules import SymptomRules
from .settings import Settings
from .typos import Corrector

Kept = tuple[dict[str, Any], list[State]]
"""The phrase files, and the states of the lexicon, as plain data."""
NOTHING = "-"
"""The value of phrases that name the thing but state nothing ("classification loss" is no task)."""


class Vocabulary:
    """Everything that can be heard: one lexicon, the symptom rules, and what is known of each fact."""

    def __init__(self, kb: KnowledgeBase, folder: Path = ROOT / "phrases") -> None:
        """KnowledgeError when a phrase file is wrong."""
        self.spec = {id: kb.fact(id) for id in kb.ids("facts")}
        phrases, states = cache.kept("phrases", self._key(kb, folder), lambda: self._compiled(kb, folder), _ready)
        self.lexicon = Lexicon(states)
        self.facts = phrases.facts
        self.rules = SymptomRules(phrases.symptoms)
        self.settings = Settings(phrases.settings)
        self.spelling = Corrector(phrases.grammar.spelling.right, phrases.grammar.spelling.never)
        self.judge = Judge(phrases.judgement)

    def _key(self, kb: KnowledgeBase, folder: Path) -> str:
        """Hash of everything that the vocabulary is made from, and of the code that makes it."""
        digest = blake2b(digest_size=16)
        for path in (*sorted(folder.glob("*.yaml")), *sorted(Path(__file__).parent.glob("*.py"))):
            digest.update(path.read_bytes())
        digest.update(repr([(id, kb.symptom(id).aliases) for id in kb.ids("symptoms")]).encode())
        digest.update(repr([(id, spec.type, spec.values, spec.aliases) for id, spec in self.spec.items()]).encode())
        return digest.hexdigest()

    def _compiled(self, kb: KnowledgeBase, folder: Path) -> Kept:
        """The phrase files and the states of their lexicon as plain data."""
        phrases = read(folder)
        self._check(kb, folder, phrases)
        try:
            Judge(phrases.judgement).check()
            SymptomRules(phrases.symptoms)
            return phrases.model_dump(mode="json"), self._states(kb, phrases)
        except ValueError as error:
            raise KnowledgeError(f"{folder}: {error}") from None

    def _check(self, kb: KnowledgeBase, folder: Path, phrases: Phrases) -> None:
        said = [(f, v) for n in phrases.names for f, v in [*n.says.items(), *n.hints.items()]]
        said += [(r.fact, v) for r in phrases.settings for v in (r.on, r.off, *r.words.values()) if v]
        said += [(f, v) for f, w in phrases.facts.items() for v in [*w.values, *w.negated.values()] if v != NOTHING]
        for fact, value in said:
            spec = self.spec.get(fact)
            if spec is None or value not in (spec.values or ("true", "false")):
                raise KnowledgeError(f"{folder}: no fact {fact!r} with a value {value!r}")
        for id in [*phrases.facts, *phrases.symptoms]:
            if id not in kb.names["facts"] and id not in kb.names["symptoms"]:
                raise KnowledgeError(f"{folder}: no fact or symptom {id!r}")

    def _states(self, kb: KnowledgeBase, phrases: Phrases) -> list[State]:
        """The lexicon of all phrases as plain data."""
        from .phrases import Tree

        grammar, tree = phrases.grammar, Tree()
        add = tree.add
        for family, concepts in (
            ("subject", grammar.subjects), ("split", grammar.splits), ("move", grammar.movements), ("manner", grammar.manners), ("stance", grammar.stances),
        ):  # fmt: skip
            for label, words in concepts.items():
                add(family, label, both(words))
        add("break", "break", both(grammar.breaks))
        for id in kb.ids("symptoms"):
            add(
                "symptom",
                id,
                (*both(kb.symptom(id).aliases), *both(phrases.symptoms[id].says)) if id in phrases.symptoms else both(kb.symptom(id).aliases),
            )
        for id, words in phrases.facts.items():
            for value, said in words.values.items():
                add(f"fact:{id}", value, both(said), "said")
            add(f"fact:{id}", "true", both(words.mention), "mention")
            add(f"action:{id}", id, both(words.action))
            add(f"unit:{id}", id, both(words.units), exact=True)
        for id, spec in self.spec.items():
            if spec.type == "number":
                add(f"anchor:{id}", id, both(spec.aliases))
        for name in phrases.names:
            for detail, told in (("says", name.says), ("hint", name.hints)):
                for fact, value in told.items():
                    add(f"fact:{fact}", value, name.names, detail, exact=True)
        return tree.packed()

    def value(self, fact: str, label: str) -> Value:
        """A value of a fact from its label in the phrase files."""
        return label == "true" if self.spec[fact].type == "bool" else label


def both(words: Aliases) -> tuple[str, ...]:
    """The phrases of both languages."""
    return (*words.en, *words.zh)


def _ready(kept: Kept) -> tuple[Phrases, list[State]]:
    phrases, states = kept
    return built(Phrases, phrases), states


_compiled: WeakKeyDictionary[KnowledgeBase, Vocabulary] = WeakKeyDictionary()


def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    """The vocabulary of `kb`, compiled on first use. KnowledgeError when a phrase file is wrong."""
    found = _compiled.get(kb)
    if found is None:
        found = _compiled[kb] = Vocabulary(kb)
    return found
