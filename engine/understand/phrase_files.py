"""What stands in the phrase files of a knowledge base (`phrases/*.yaml`)."""

from __future__ import annotations

from pathlib import Path

from ...errors import KnowledgeError
from ...kb.model import Aliases, Entry
from .judgement import Learnt
from .rules import SymptomEntry
from .settings import SettingWords

Concepts = dict[str, Aliases]


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

    values: Concepts = {}
    mention: Aliases = Aliases()
    negated: dict[str, str] = {}
    action: Aliases = Aliases()
    refined: dict[str, str] = {}
    """Value that is said -> value that a mere hint makes of it ("SGD" beside Ultralytics is SGD with momentum)."""
    units: Aliases = Aliases()


class Name(Entry):
    """One group of proper names of `phrases/names.yaml`, with what they say and what they hint at."""

    names: tuple[str, ...]
    says: dict[str, str] = {}
    hints: dict[str, str] = {}


class Phrases(Entry):
    """All phrase files, by their names."""

    grammar: Grammar
    facts: dict[str, FactWords]
    names: tuple[Name, ...]
    symptoms: dict[str, SymptomEntry]
    settings: tuple[SettingWords, ...]
    judgement: Learnt


def read(folder: Path) -> Phrases:
    """The phrase files in `folder`, validated. KnowledgeError (file:line:column) when one does not fit."""
    from pydantic import ValidationError

    from ...kb.source import parse, position

    data = {name: parse(folder / f"{name}.yaml") for name in Phrases.model_fields}
    try:
        return Phrases.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        name, *place = first["loc"]
        line, column = position(folder / f"{name}.yaml", tuple(place))
        raise KnowledgeError(f"{folder / str(name)}.yaml:{line}:{column}: {'.'.join(map(str, place))}: {first['msg']}") from None
