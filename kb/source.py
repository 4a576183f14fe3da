"""Reading the YAML files into validated entries, and finding where in a file something stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from ..errors import KnowledgeError
from .layout import ONE_A_FILE
from .model import MODELS, Entry
from .strict_yaml import Loader, StrictLoader


def parse(path: Path) -> Any:
    """The plain data of a YAML file; syntax errors and doubled keys name file:line:column."""
    try:
        text = path.read_text("utf-8")
        data = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a safe one
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise KnowledgeError(f"{where}: {error.problem or 'not YAML'}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KnowledgeError(f"{path}:1:1: cannot be read: {error}") from None
    return data


def entries(kind: str, path: Path) -> dict[str, Entry]:
    """The validated entries of one file by id.

    Raises KnowledgeError with file:line:column of the first thing that does not fit the schema.
    """
    data = parse(path)
    model = MODELS[kind]
    if kind in ONE_A_FILE:
        items: dict[Any, Any] = {path.stem: data}
        prefix: tuple[str | int, ...] | None = ()
    elif kind == "glossary" and isinstance(data, list):
        items = {str(i): item for i, item in enumerate(data)}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        prefix = None
    elif isinstance(data, dict):
        items = data  # pyright: ignore[reportUnknownVariableType]
        prefix = None
    else:
        raise KnowledgeError(f"{path}:1:1: a file of {kind} maps ids to entries")
    result: dict[str, Entry] = {}
    for id, item in items.items():
        try:
            result[str(id)] = model.model_validate(item)
        except ValidationError as error:
            first = error.errors()[0]
            start = prefix if prefix is not None else ((int(id) if kind == "glossary" else id),)
            line, column = position(path, (*start, *first["loc"]))
            where = ".".join(str(part) for part in first["loc"])
            raise KnowledgeError(f"{path}:{line}:{column}: {id}: {where}: {first['msg']}") from None
        declared = getattr(result[str(id)], "id", None)
        if kind in ONE_A_FILE and declared is not None and declared != path.stem:
            line, column = position(path, ("id",))
            raise KnowledgeError(f"{path}:{line}:{column}: the id {declared!r} is not the name of the file")
    return result


def position(path: Path, location: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column (from 1) of the deepest part of `location` that the file really has."""
    try:
        node = cast("Any", yaml.compose(path.read_text("utf-8"), Loader=Loader))  # pyright: ignore[reportUnknownMemberType]
    except (OSError, yaml.YAMLError):
        return 1, 1
    mark: Any = node.start_mark if node else None
    for part in location:
        step: Any = None
        if isinstance(node, yaml.MappingNode):
            step = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            step = node.value[part]
        if step is None:
            break
        node, mark = step, step.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
