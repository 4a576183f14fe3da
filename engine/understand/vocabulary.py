"""The vocabulary of a knowledge base: the aliases of its symptoms and facts and the phrase files, compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

from pydantic import BaseModel, Field, ValidationError

from ...errors import KnowledgeError
from ...kb import KnowledgeBase, cache
from ...kb.base import ROOT
from ...kb.model import Aliases, Entry
from ...kb.source import parse, position
from ..reason.kernel import Value
from .judgement import Judge, Learnt
from .lexicon import Lexicon
from .rules import SymptomRules, SymptomTable
from .settings import SettingFile, Settings
from .typos import Corrector

Concepts = dict[str, Aliases]
NOTHING = "-"
"""The value of phrases that name the thing but state nothing ("classification loss" is no task)."""


class Spelling(Entry):
    """Words that misspellings are traced back to, and words that are no misspellings."""

    right: tuple[str, ...]
    never: tuple[str, ...] = ()


class Grammar(Entry):
    """`phrases/grammar.yaml`: the words for what runs do, by concept."""

    subjects: Concepts
    splits: Concepts
    movements: Concepts
    manners: Concepts
    stances: Concepts
    breaks: Aliases
    spelling: Spelling


class FactWords(Entry):
    """One fact of `phrases/facts.yaml`."""

    values: Concepts = Field(default_factory=dict)
    mention: Aliases = Aliases()
    negated: dict[str, str] = Field(default_factory=dict)
    action: Aliases = Aliases()
    refined: dict[str, str] = Field(default_factory=dict)
    """Value that is said -> value that a mere hint makes of it ("SGD" beside Ultralytics is SGD with momentum)."""
    units: Aliases = Aliases()


class Name(Entry):
    """One group of proper names of `phrases/names.yaml`, with what they say and what they hint at."""

    names: tuple[str, ...]
    says: dict[str, str] = Field(default_factory=dict)
    hints: dict[str, str] = Field(default_factory=dict)


class FactFile(BaseModel):
    """The whole of `phrases/facts.yaml`."""

    facts: dict[str, FactWords]


class NameFile(BaseModel):
    """The whole of `phrases/names.yaml`."""

    names: tuple[Name, ...]


M = TypeVar("M", bound=BaseModel)


def read(path: Path, model: type[M], key: str | None = None) -> M:
    """One phrase file, validated; `key` wraps a file that is a bare list or mapping. KnowledgeError (file:line:column) when it does not fit."""
    data = parse(path)
    try:
        return model.model_validate(data if key is None else {key: data})
    except ValidationError as error:
        first = error.errors()[0]
        place = first["loc"][0 if key is None else 1 :]
        line, column = position(path, place)
        raise KnowledgeError(f"{path}:{line}:{column}: {'.'.join(map(str, place))}: {first['msg']}") from None


class Vocabulary:
    """Everything that can be heard: one lexicon, the symptom rules, and what is known of each fact."""

    def __init__(self, kb: KnowledgeBase, folder: Path = ROOT / "phrases") -> None:
        grammar = read(folder / "grammar.yaml", Grammar)
        self.facts: Mapping[str, FactWords] = read(folder / "facts.yaml", FactFile, "facts").facts
        names = read(folder / "names.yaml", NameFile, "names").names
        self.rules = SymptomRules(read(folder / "symptoms.yaml", SymptomTable, "symptoms"))
        rows = read(folder / "settings.yaml", SettingFile, "settings").settings
        self.settings = Settings(rows)
        self.spelling = Corrector(grammar.spelling.right, grammar.spelling.never)
        self.spec = {id: kb.fact(id) for id in kb.ids("facts")}
        self._check(kb, folder, names)
        try:
            key = self._key(kb, folder)
            self.lexicon = cache.kept("phrases", key, lambda: self._compiled(kb, grammar, names).packed(), Lexicon.unpacked)
            self.judge = Judge(read(folder / "judgement.yaml", Learnt))
        except ValueError as error:
            raise KnowledgeError(f"{folder}: {error}") from None

    def _key(self, kb: KnowledgeBase, folder: Path) -> str:
        """Hash of everything that the lexicon is made from, and of the code that makes it."""
        digest = blake2b(digest_size=16)
        for path in (*sorted(folder.glob("*.yaml")), *sorted(Path(__file__).parent.glob("*.py"))):
            digest.update(path.read_bytes())
        digest.update(repr([(id, kb.symptom(id).aliases) for id in kb.ids("symptoms")]).encode())
        digest.update(repr([(id, spec.type, spec.aliases) for id, spec in self.spec.items()]).encode())
        return digest.hexdigest()

    def _check(self, kb: KnowledgeBase, folder: Path, names: tuple[Name, ...]) -> None:
        said = [(f, v) for n in names for f, v in [*n.says.items(), *n.hints.items()]]
        said += [(r.fact, v) for r in self.settings.rows for v in (r.on, r.off, *r.words.values()) if v]
        said += [(f, v) for f, w in self.facts.items() for v in [*w.values, *w.negated.values()] if v != NOTHING]
        for fact, value in said:
            spec = self.spec.get(fact)
            if spec is None or value not in (spec.values or ("true", "false")):
                raise KnowledgeError(f"{folder}: no fact {fact!r} with a value {value!r}")
        for id in [*self.facts, *self.rules.ids]:
            if id not in kb.names["facts"] and id not in kb.names["symptoms"]:
                raise KnowledgeError(f"{folder}: no fact or symptom {id!r}")

    def _compiled(self, kb: KnowledgeBase, grammar: Grammar, names: tuple[Name, ...]) -> Lexicon:
        lexicon = Lexicon()
        add = lexicon.add
        for family, concepts in (
            ("subject", grammar.subjects), ("split", grammar.splits), ("move", grammar.movements), ("manner", grammar.manners), ("stance", grammar.stances),
        ):  # fmt: skip
            for label, words in concepts.items():
                add(family, label, both(words))
        add("break", "break", both(grammar.breaks))
        for id in kb.ids("symptoms"):
            add("symptom", id, (*both(kb.symptom(id).aliases), *both(self.rules.entries[id].says)) if id in self.rules.entries else both(kb.symptom(id).aliases))
        for id, words in self.facts.items():
            for value, phrases in words.values.items():
                add(f"fact:{id}", value, both(phrases), "said")
            add(f"fact:{id}", "true", both(words.mention), "mention")
            add(f"action:{id}", id, both(words.action))
            add(f"unit:{id}", id, both(words.units), exact=True)
        for id, spec in self.spec.items():
            if spec.type == "number":
                add(f"anchor:{id}", id, both(spec.aliases))
        for name in names:
            for detail, told in (("says", name.says), ("hint", name.hints)):
                for fact, value in told.items():
                    add(f"fact:{fact}", value, name.names, detail, exact=True)
        return lexicon

    def value(self, fact: str, label: str) -> Value:
        """A value of a fact from its label in the phrase files."""
        return label == "true" if self.spec[fact].type == "bool" else label


def both(words: Aliases) -> tuple[str, ...]:
    """The phrases of both languages."""
    return (*words.en, *words.zh)


_compiled: WeakKeyDictionary[KnowledgeBase, Vocabulary] = WeakKeyDictionary()


def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    """The vocabulary of `kb`, compiled on first use. KnowledgeError when a phrase file is wrong."""
    found = _compiled.get(kb)
    if found is None:
        found = _compiled[kb] = Vocabulary(kb)
    return found
