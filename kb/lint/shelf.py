"""A knowledge folder under scrutiny: every file with its places, every entry that fits the schema, and what does not fit it.

The loader stops at the first fault, because a clinic with half its knowledge must not open. The lint goes on, so that an author
sees everything at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ..layout import KINDS, ONE_A_FILE, files
from ..model import MODELS, Cause, Claim, Fact, Fix, Interview, Observation, Playbook, Rule, Symptom, Term
from .document import Document, Location, read
from .finding import Finding

__all__ = ["Shelf"]

E = TypeVar("E", bound=BaseModel)


class Shelf:
    """All that stands under a root. `faults` holds what made a file or an entry unreadable; such entries are left out elsewhere."""

    def __init__(self, root: Path) -> None:
        """Read and validate everything under `root`."""
        self.root = root
        self.documents: list[Document] = []
        self.faults: list[Finding] = []
        self.ids: dict[str, set[str]] = {kind: set() for kind in KINDS}
        """Ids by kind, of broken entries too: a fault in one entry makes no id elsewhere unknown."""
        self._entries: dict[tuple[str, str], BaseModel] = {}
        self._homes: dict[tuple[str, str], tuple[Document, Location]] = {}
        for kind, path in files(root):
            self._take_in(kind, path)
        self.causes = self._of("causes", Cause)
        self.symptoms = self._of("symptoms", Symptom)
        self.facts = self._of("facts", Fact)
        self.fixes = self._of("fixes", Fix)
        self.rules = self._of("rules", Rule)
        self.observations = self._of("observations", Observation)
        self.playbooks = self._of("playbooks", Playbook)
        self.interviews = self._of("interviews", Interview)
        self.claims = self._of("claims", Claim)
        self.terms = self._of("glossary", Term)

    def entries(self) -> Iterator[tuple[str, str, BaseModel]]:
        """Kind, id and content of every entry that fits the schema."""
        for (kind, id), entry in self._entries.items():
            yield kind, id, entry

    def finding(self, rule: str, kind: str, id: str, *location: str | int, key: bool = False, wording: str = "", **values: object) -> Finding:
        """A finding about an entry, at `location` inside it."""
        document, start = self._homes[kind, id]
        line, column = document.place((*start, *location), key=key)
        return Finding(document.path, line, column, rule, {"entry": id, **values}, wording)

    def _of(self, kind: str, model: type[E]) -> dict[str, E]:
        return {id: entry for (of, id), entry in self._entries.items() if of == kind and isinstance(entry, model)}

    def _take_in(self, kind: str, path: Path) -> None:
        try:
            document = read(kind, path)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.faults.append(Finding(path, *place, "unreadable", {"reason": error.problem or "not YAML"}))
            return
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            self.faults.append(Finding(path, 1, 1, "unreadable", {"reason": " ".join(str(error).split())}))
            return
        self.documents.append(document)
        for key in document.doubled():
            place = (key.start_mark.line + 1, key.start_mark.column + 1)
            self.faults.append(Finding(path, *place, "doubled-key", {"key": str(key.value)}))
        for id, location, item in _items(kind, document):
            self._validate(kind, id, location, item, document)

    def _validate(self, kind: str, id: str, location: Location, item: Any, document: Document) -> None:
        if (kind, id) in self._homes:
            other = self._homes[kind, id][0].path.name
            place = document.place(location, key=True)
            self.faults.append(Finding(document.path, *place, "doubled-id", {"kind": kind, "entry": id, "other": other}))
            return
        self._homes[kind, id] = (document, location)
        self.ids[kind].add(id)
        try:
            entry = MODELS[kind].model_validate(item)
        except ValidationError as error:
            self.faults.extend(_schema_findings(error, document, location, id))
            return
        declared = getattr(entry, "id", None)
        if kind in ONE_A_FILE and declared is not None and declared != document.path.stem:
            self.faults.append(Finding(document.path, *document.place(("id",)), "file-name", {"entry": declared, "file": document.path.name}))
        self._entries[kind, id] = entry


def _items(kind: str, document: Document) -> Iterator[tuple[str, Location, Any]]:
    """Id, place and plain data of every entry of a file."""
    data = document.data
    if kind in ONE_A_FILE:
        yield document.path.stem, (), data
    elif isinstance(data, list):
        for at, item in enumerate(data):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield str(at), (at,), item
    elif isinstance(data, dict):
        for id, item in data.items():  # pyright: ignore[reportUnknownVariableType]
            yield str(id), (str(id),), item  # pyright: ignore[reportUnknownArgumentType]


def _schema_findings(error: ValidationError, document: Document, start: Location, id: str) -> Iterator[Finding]:
    """One finding for each place that does not fit. Where a value may be of several types, the schema reports a failure for each of
    them: the one that goes deepest is the one the author meant."""
    found: dict[Location, Finding] = {}
    for item in error.errors():
        location, rest = _really_there(document, (*start, *item["loc"]))
        if any(other[: len(location)] == location for other in found):
            continue
        for other in [other for other in found if location[: len(other)] == other]:
            del found[other]
        name = ".".join(str(part) for part in (*location[len(start) :], *rest[-1:])) or id
        rule, wording = _wording(item["type"], str(item["loc"][-1]) if item["loc"] else "")
        place = document.place(location, key=item["type"] == "extra_forbidden")
        expected = str(item.get("ctx", {}).get("expected", ""))
        values = {"entry": id, "field": name, "reason": item["msg"], "expected": expected.replace("'", "").replace(" or ", ", ")}
        found[location] = Finding(document.path, *place, rule, values, wording)
        if item["type"] == "missing":  # several keys can be missing in one place
            found[*location, *rest[-1:]] = found.pop(location)
    yield from found.values()


def _really_there(document: Document, location: Location) -> tuple[Location, Location]:
    """The parts of `location` that the file has, and those that it has not (a missing key, the name of a type)."""
    there: Location = ()
    for part in location:
        if document.has((*there, part)):
            there = (*there, part)
    return there, tuple(part for part in location[len(there) :] if part not in there) if len(there) < len(location) else ()


def _wording(kind: str, last: str) -> tuple[str, str]:
    if last in ("en", "zh") and kind in ("missing", "string_too_short"):
        return "language-missing", ""
    return "schema", {"missing": "missing", "extra_forbidden": "unknown", "literal_error": "one_of", "string_too_short": "empty"}.get(kind, "other")
