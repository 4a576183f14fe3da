"""The knowledge base in memory: entries by kind and id and the compiled tables, each decoded when asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import KnowledgeError
from . import cache, plain
from .layout import KINDS, files, fingerprint

if TYPE_CHECKING:
    from .likelihood import Tables
    from .model import Cause, Claim, Entry, Fact, Fitted, Fix, Interview, Observation, Playbook, Rule, Symptom, Term, Text

ROOT = Path(__file__).parent / "knowledge"


class KnowledgeBase:
    """All entries of a knowledge folder. Entries and tables are decoded on first use."""

    def __init__(self, header: dict[str, Any], plain: bytes, body: bytes) -> None:
        """From the compiled form: names and offsets, the plain data as JSON, and all tables and entries as JSON one after another."""
        self._plain = plain
        self.names: dict[str, dict[str, Any]] = header["names"]
        self._offsets: dict[str, dict[str, list[int]]] = header["offsets"]
        self._body = body
        self._decoded: dict[tuple[str, str], Entry] = {}
        self._named: dict[str, dict[str, Text]] = {}

    @cached_property
    def tables(self) -> Tables:
        """What the ranking needs for a run whose log was read, as plain data."""
        return self._raw("tables", "logs")

    @cached_property
    def told(self) -> Tables:
        """What the ranking needs for a report in words alone, as plain data; the same findings and causes as in `tables`."""
        return self._raw("tables", "words")

    @cached_property
    def plain(self) -> plain.Plain:
        """Rules, facts and symptoms as far as reasoning needs them, as plain data."""
        return json.loads(self._plain)

    def _raw(self, kind: str, id: str) -> Any:
        start, end = self._offsets[kind][id]
        return json.loads(self._body[start:end])

    def ids(self, kind: str) -> tuple[str, ...]:
        """Ids of all entries of a kind ("causes", "symptoms", "facts", "fixes", "rules", ...)."""
        return tuple(self._offsets.get(kind, {}))

    def entry(self, kind: str, id: str) -> Entry:
        """The entry `id` of `kind`; KeyError when there is none (so for all of these)."""
        from .model import MODELS
        from .record import decoded

        entry = self._decoded.get((kind, id))
        if entry is None:
            try:
                start, end = self._offsets[kind][id]
            except KeyError:
                raise KeyError(f"no such entry in {kind}: {id}") from None
            entry = decoded(MODELS[kind], self._body[start:end])
            self._decoded[kind, id] = entry
        return entry

    def called(self, kind: str, id: str) -> tuple[str, ...]:
        """Everything that an entry is called in either language, its names first; read without building the entry."""
        raw: dict[str, Any] = self._raw(kind, id)
        name: dict[str, str] = raw.get("name", raw)
        aliases: dict[str, list[str]] = raw.get("aliases", {})
        return (name["en"], name["zh"], *aliases.get("en", ()), *aliases.get("zh", ()))

    def cause(self, id: str) -> Cause:
        """The cause `id`."""
        return cast("Cause", self.entry("causes", id))

    def symptom(self, id: str) -> Symptom:
        """The symptom `id`."""
        return cast("Symptom", self.entry("symptoms", id))

    def fact(self, id: str) -> Fact:
        """The fact `id`."""
        return cast("Fact", self.entry("facts", id))

    def fix(self, id: str) -> Fix:
        """The fix `id`."""
        return cast("Fix", self.entry("fixes", id))

    def rule(self, id: str) -> Rule:
        """The rule `id`."""
        return cast("Rule", self.entry("rules", id))

    def observation(self, id: str) -> Observation:
        """The observation `id`."""
        return cast("Observation", self.entry("observations", id))

    def playbook(self, id: str) -> Playbook:
        """The playbook `id`."""
        return cast("Playbook", self.entry("playbooks", id))

    def interview(self, id: str) -> Interview:
        """The interview question `id`."""
        return cast("Interview", self.entry("interviews", id))

    def claim(self, id: str) -> Claim:
        """The source claim `id`."""
        return cast("Claim", self.entry("claims", id))

    def terms(self) -> tuple[Term, ...]:
        """The glossary."""
        return tuple(cast("Term", self.entry("glossary", id)) for id in self.ids("glossary"))

    @property
    def causes(self) -> dict[str, Text]:
        """Names of all causes by id."""
        return self._texts("causes")

    @property
    def symptoms(self) -> dict[str, Text]:
        """Names of all symptoms by id."""
        return self._texts("symptoms")

    @property
    def facts(self) -> dict[str, Text]:
        """Names of all facts by id."""
        return self._texts("facts")

    def _texts(self, kind: str) -> dict[str, Text]:
        from .model import Text

        if kind not in self._named:
            self._named[kind] = {id: Text(**name) for id, name in self.names[kind].items()}
        return self._named[kind]


@lru_cache(maxsize=4)
def load(root: Path | None = None, on_compile: Callable[[], None] | None = None) -> KnowledgeBase:
    """The knowledge base under `root` (default: the one of the product), from the cache when the YAML has not changed.

    `on_compile` is called before a cold compile, which takes seconds. Raises KnowledgeError (file:line:column) when an entry is wrong.
    """
    root = root or ROOT
    key = fingerprint(root)
    found = cache.read(key)
    if found is None:
        if on_compile is not None:
            on_compile()
        found = compile_all(root)
        cache.write(key, *found)
    return KnowledgeBase(*found)


def collect(root: Path) -> dict[str, dict[str, Entry]]:
    """Every entry under `root`, validated, by kind and id. An id stands only once in its kind."""
    from .source import entries

    found: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
    for kind, path in files(root):
        for id, entry in entries(kind, path).items():
            if id in found[kind]:
                raise KnowledgeError(f"{path}:1:1: {kind} {id!r} is defined twice")
            found[kind][id] = entry
    return found


def compile_all(root: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, plain data and body of the compiled form."""
    from .likelihood import build, in_words

    found: dict[str, dict[str, Any]] = collect(root)  # pyright: ignore[reportAssignmentType]
    fitted: Fitted | None = found["weights"].get("runs")
    told: Fitted | None = in_words(fitted, found["weights"].get("reports"))
    body = bytearray()
    offsets: dict[str, dict[str, list[int]]] = {}
    for kind, items in found.items():
        offsets[kind] = {}
        for id, entry in items.items():
            if kind == "weights":
                continue
            raw = entry.model_dump_json(exclude_defaults=True).encode()
            offsets[kind][id] = [len(body), len(body) + len(raw)]
            body += raw
    names = {kind: {id: e.name.model_dump() for id, e in found[kind].items()} for kind in ("causes", "symptoms", "facts", "fixes", "observations")}
    offsets["tables"] = {}
    for id, weights in (("logs", fitted), ("words", told)):
        raw = _json(build(found["causes"], found["symptoms"], found["facts"], found["observations"], weights, told=id == "words"))
        offsets["tables"][id] = [len(body), len(body) + len(raw)]
        body += raw
    header: dict[str, Any] = {"names": names, "offsets": offsets}
    return header, _json(plain.pack(found["rules"], found["facts"], found["symptoms"])), bytes(body)


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
