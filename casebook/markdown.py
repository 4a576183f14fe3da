"""Cases as Markdown files with YAML front matter, for people and for git.

The form is canonical: one order of keys, one way to write each value, LF, one newline at the end. What was exported and is imported
again comes out the same, byte for byte, and two versions of a case differ in the lines that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

import yaml
from pydantic import ValidationError

from ..errors import InputError
from ..kb.strict_yaml import DoubledKey, StrictLoader
from .case import SCHEMA, Case, Lang

__all__ = ["HEADINGS", "from_markdown", "to_markdown"]

HEADINGS: dict[Lang, dict[str, str]] = {
    "en": {
        "seen": "What was seen",
        "course": "How it was found",
        "cause": "What it was",
        "fix": "What fixed it",
        "verified": "How that was verified",
        "notes": "Notes",
    },
    "zh": {
        "seen": "现象",
        "course": "排查经过",
        "cause": "病因",
        "fix": "处理办法",
        "verified": "如何验证",
        "notes": "备注",
    },
}
"""Heading of each section: it tells both the section and the language."""

_PLACES: dict[str, tuple[Lang, str]] = {f"## {text}": (lang, name) for lang, names in HEADINGS.items() for name, text in names.items()}
_ESCAPED = re.compile(r"\\*(## .*)")

_ORDER = (
    "schema", "id", "uid", "title", "title_en", "title_zh", "lang", "status", "superseded_by", "opened", "resolved", "people", "cause",
    "symptoms", "facts", "observed", "diagnosis", "ruled_out", "links", "log", "fingerprint", "source", "history",
)  # fmt: skip
"""Keys of the front matter, in the order they are written."""

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?[eE][-+]?\d+")
"""`3e-4`, which YAML 1.1 takes for a word."""


class _Flow(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Block style, lists indented under their key, nothing aliased."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature of the base
        return True


class _Loader(StrictLoader):
    """The strict loader, with numbers as this file knows them."""


def _flow(dumper: yaml.SafeDumper, data: _Flow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)


def _moment(_: yaml.SafeDumper, data: datetime) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:timestamp", data.strftime("%Y-%m-%dT%H:%M:%SZ"))


_Dumper.add_representer(_Flow, _flow)
_Dumper.add_representer(datetime, _moment)
_sides: tuple[Any, ...] = (_Dumper, _Loader)
for _side in _sides:
    _side.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-+0123456789"))


def to_markdown(case: Case) -> str:
    """The case as a Markdown file."""
    front = yaml.dump(_front(case), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**30, default_flow_style=False)
    parts = [f"---\n{front}---\n"]
    for lang in sorted(case.texts, key=lambda lang: lang != case.lang):
        for name, text in case.texts[lang].sections().items():
            lines = (("\\" + line if _escapable(line) else line) for line in text.split("\n"))
            parts.append(f"## {HEADINGS[lang][name]}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _escapable(line: str) -> bool:
    """Whether a line of text would be taken for the heading of a section, or for one that was escaped."""
    match = _ESCAPED.fullmatch(line)
    return match is not None and match[1] in _PLACES


def _front(case: Case) -> dict[str, Any]:
    data = case.model_dump(exclude={"schema_version", "texts"}, exclude_defaults=True)
    data = {name: value for name, value in data.items() if value not in (None, "")}
    data |= {"schema": case.schema_version, "lang": case.lang, "status": case.status, "opened": case.opened}
    for lang, telling in case.texts.items():
        data["title" if lang == case.lang else f"title_{lang}"] = telling.title
    for name in ("people", "fingerprint"):
        if name in data:
            data[name] = _Flow(data[name])
    if "source" in data and "claims" in data["source"]:
        data["source"]["claims"] = _Flow(data["source"]["claims"])
    return {name: _listed(data[name]) for name in _ORDER if name in data}


def _listed(value: Any) -> Any:
    """Tuples as lists, which is what YAML knows."""
    if isinstance(value, _Flow):
        return value
    if isinstance(value, tuple | list):
        return [_listed(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def from_markdown(text: str, name: str = "case.md") -> Case:
    """The case that a Markdown file tells. `name` is the file's, for the errors.

    `id`, `uid`, `history` and `opened` may be missing: a case that is filed for the first time. InputError with file:line for what cannot
    be used: no front matter, no YAML, a key that does not exist or stands twice, a value that does not fit, a section told twice.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or "---" not in (closing := [line.rstrip() for line in lines[1:]]):
        raise InputError.of("casebook.file.no_front", file=name)
    end = 1 + closing.index("---")
    data = _yaml("\n".join(lines[1:end]), name)
    lang: Lang = "zh" if data.get("lang") == "zh" else "en"
    texts = _sections(lines[end + 1 :], end + 2, lang, name)
    for key in ("title", "title_en", "title_zh"):
        if key in data:
            spoken = lang if key == "title" else cast("Lang", key[-2:])
            texts.setdefault(spoken, {})["title"] = str(data.pop(key))
    data["texts"] = texts
    if "schema" in data:
        data["schema_version"] = data.pop("schema")
    data.setdefault("lang", lang)
    schema = data.get("schema_version", SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        raise InputError.of("casebook.file.newer", file=name, schema=schema, known=SCHEMA)
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        raise _unfit(error, lines[:end], name) from None


def _yaml(front: str, name: str) -> dict[str, Any]:
    try:
        _refuse_aliases(front, name)
        data = yaml.load(front, Loader=_Loader)  # noqa: S506 - a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        if isinstance(error, DoubledKey):
            raise InputError.of("casebook.file.doubled", file=name, line=line, key=error.key) from None
        raise InputError.of("casebook.file.yaml", file=name, line=line, reason=error.problem or "?") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise InputError.of("casebook.file.yaml", file=name, line=2, reason=str(error).split("\n")[0]) from None
    if not isinstance(data, dict):
        raise InputError.of("casebook.file.no_front", file=name)
    mapping = {str(key): value for key, value in cast("dict[object, Any]", data).items()}
    unknown = next((key for key in mapping if key not in _ORDER), None)
    if unknown is not None:
        raise InputError.of("casebook.file.unknown_key", file=name, line=_line(front.split("\n"), unknown) + 1, key=unknown)
    return mapping


def _refuse_aliases(front: str, name: str) -> None:
    """They can blow a small file up."""
    if "*" in front:
        events = cast("Iterator[Any]", yaml.parse(front, Loader=_Loader))  # pyright: ignore[reportUnknownMemberType]
        for event in events:
            if isinstance(event, yaml.AliasEvent):
                raise InputError.of("casebook.file.alias", file=name, line=event.start_mark.line + 2)


def _line(lines: list[str], key: str) -> int:
    return next((number for number, line in enumerate(lines, 1) if line.startswith(key)), 1)


def _sections(lines: list[str], first: int, lang: Lang, name: str) -> dict[Lang, dict[str, str]]:
    """Language to section name to text. What stands before the first heading belongs to `seen`."""
    found: dict[tuple[Lang, str], list[str]] = {(lang, "seen"): []}
    place = (lang, "seen")
    opened: set[tuple[Lang, str]] = set()
    for number, line in enumerate(lines, first):
        heading = _PLACES.get(line.rstrip())
        if heading is not None:
            if heading in opened or any(part.strip() for part in found.get(heading, ())):
                raise InputError.of("casebook.file.section_twice", file=name, line=number, heading=line.rstrip())
            place = heading
            opened.add(place)
            found[place] = []
        else:
            found[place].append(line[1:] if line.startswith("\\") and _escapable(line) else line)
    texts: dict[Lang, dict[str, str]] = {}
    for (spoken, section), part in found.items():
        if any(line.strip() for line in part):
            texts.setdefault(spoken, {})[section] = "\n".join(part)
    return texts


def _unfit(error: ValidationError, front: list[str], name: str) -> InputError:
    first = error.errors()[0]
    where: Mapping[str, str] = {"schema_version": "schema", "texts": "title"}
    path = [str(part) for part in first["loc"]]
    message = first["msg"].removeprefix("Value error, ")
    if not path:
        key, _, message = message.partition(": ")
        path = [key]
    key = where.get(path[0], path[0])
    shown = ".".join([key, *(part for part in path[1:] if not part.startswith(("bool", "int", "float", "str")))])
    if path[0] == "texts":
        shown = "title" if path[-1] == "title" or len(path) == 1 else ".".join(path[1:])
    return InputError.of("casebook.file.unfit", file=name, line=_line(front, key + ":"), key=shown, reason=message)
