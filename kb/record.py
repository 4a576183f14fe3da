"""Records: pydantic models where data comes in from people or goes out to them, plain objects everywhere in between.

A record is written like a pydantic model, and to a type checker it is one. `model_validate` and its kin make real ones (`published_type`):
that is how the YAML of the knowledge base is checked when it is compiled, and what `lossclinic.diagnose` hands out. What was checked once
(entries out of the compiled knowledge) and what the engine makes itself (findings, ranked causes) needs no second look: it stays a plain
object with the same fields and methods, and a diagnosis on the command line starts without pydantic, in little more than half the time.

Annotations are strings (`from __future__ import annotations`), so that a module of records imports nothing of pydantic: `Field` and
`SerializeAsAny` are understood wherever they stand in one. A method `validated` is called with every instance that pydantic has made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from inspect import get_annotations
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from pydantic import BaseModel, GetCoreSchemaHandler
    from pydantic_core import CoreSchema

__all__ = ["Record", "built", "decoded", "published", "published_type"]

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def _is_model(kind: type[Any]) -> bool:
    """Whether a class was made by pydantic."""
    return type(kind) is not type


if TYPE_CHECKING:

    class Record(BaseModel):
        """Base of all records: named values that cannot be changed."""

else:

    class Record:
        """Base of all records: named values that cannot be changed."""

        model_config = {"frozen": True}
        model_fields = {}
        """Names of the fields; a model has them under the same name."""
        _defaults: Mapping[str, Any] = {}
        _required: frozenset[str] = frozenset()

        def __init_subclass__(cls) -> None:
            if _is_model(cls):
                return
            own = [name for name in get_annotations(cls) if not name.startswith("_")]
            cls.model_fields = {**cls.model_fields, **dict.fromkeys(own)}
            given = {name: cls.__dict__[name] for name in own if name in cls.__dict__}
            for name in given:
                delattr(cls, name)
            cls._defaults = {**cls._defaults, **given}
            cls._required = frozenset(cls.model_fields) - cls._defaults.keys()

        def __init__(self, /, **values: Any) -> None:
            if not self._required <= values.keys() <= self.model_fields.keys():
                odd = sorted((self._required - values.keys()) | (values.keys() - self.model_fields.keys()))
                raise TypeError(f"{type(self).__name__}: {', '.join(odd)} missing or unknown")
            vars(self).update(self._defaults)
            vars(self).update(values)

        def __setattr__(self, name: str, value: Any) -> None:
            raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")

        def __eq__(self, other: object) -> bool:
            if not isinstance(other, Record) or self.model_fields.keys() != type(other).model_fields.keys():
                return NotImplemented
            return all(getattr(self, name) == getattr(other, name) for name in self.model_fields)

        def __hash__(self) -> int:
            return hash(tuple(vars(self).values()))

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.model_fields)})"

        def model_copy(self, *, update: Mapping[str, Any] | None = None) -> Record:
            """The same with other values for some fields."""
            made = type(self).__new__(type(self))
            vars(made).update(vars(self))
            vars(made).update(update or {})
            return made

        def model_dump(self, **how: Any) -> dict[str, Any]:
            """Plain data, as pydantic gives it."""
            return published(self).model_dump(**how)

        def model_dump_json(self, **how: Any) -> str:
            """JSON, as pydantic writes it."""
            return published(self).model_dump_json(**how)

        @classmethod
        def model_validate(cls, data: Any, **how: Any) -> Record:
            """The model in plain data. `pydantic.ValidationError` when it is none."""
            return published_type(cls).model_validate(data, **how)

        @classmethod
        def model_validate_json(cls, data: str | bytes, **how: Any) -> Record:
            """The model in JSON. `pydantic.ValidationError` when it is none."""
            return published_type(cls).model_validate_json(data, **how)

        @classmethod
        def model_json_schema(cls, **how: Any) -> dict[str, Any]:
            """The JSON schema."""
            return published_type(cls).model_json_schema(**how)

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
            return handler.generate_schema(published_type(cls))


@cache
def published_type(kind: Any) -> Any:
    """The pydantic model with the fields, defaults and methods of the record `kind`; a subclass of it."""
    from pydantic import BaseModel, Field, SerializeAsAny, model_validator

    if kind is Record:
        return BaseModel
    parent = published_type(kind.__base__)
    hints = get_type_hints(kind, localns={"Field": Field, "SerializeAsAny": SerializeAsAny}, include_extras=True)
    own = [name for name in get_annotations(kind) if name in kind.model_fields]
    body: dict[str, Any] = {name: published(kind._defaults[name]) for name in own if name in kind._defaults}
    body |= {"__annotations__": {name: hints[name] for name in own}, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
    body |= {"__doc__": kind.__doc__, "__reduce__": _reduced, "model_config": {**kind.model_config, "defer_build": True}}
    if "validated" in vars(kind):
        body["_validated"] = model_validator(mode="after")(kind.validated)
    return type(parent)(kind.__name__, (parent, kind), body)


def published(value: T) -> T:
    """The pydantic model for a record, with all records in it; anything else as it is."""
    inside: Any = value
    if isinstance(value, Record) and not _is_model(type(value)):
        inside = published_type(type(value))(**{name: published(part) for name, part in vars(value).items()})
    elif isinstance(value, tuple):
        inside = tuple(published(part) for part in inside)
    elif isinstance(value, dict):
        inside = {name: published(part) for name, part in inside.items()}
    return inside


def _reduced(model: Any) -> tuple[Any, ...]:
    """How a model is pickled: by its record, since its own class cannot be looked up in a module."""
    kind: Any = next(kind for kind in type(model).__mro__ if not _is_model(kind))
    return _made_again, (kind, {name: getattr(model, name) for name in kind.model_fields})


def _made_again(kind: Any, values: dict[str, Any]) -> Any:
    return published_type(kind).model_construct(**values)


def decoded(kind: type[T], raw: bytes) -> T:
    """The record in JSON that was written from a valid one: nothing is checked again."""
    return built(kind, json.loads(raw))


def built(kind: type[T], data: Mapping[str, Any]) -> T:
    """The record in the plain data of a valid one: nothing is checked again."""
    made, change, record = kind.__new__(kind), _decoders(kind), cast("type[Any]", kind)
    made.__dict__.update(record._defaults)
    made.__dict__.update((name, change[name](value) if name in change else value) for name, value in data.items())
    return made


@cache
def _decoders(kind: Any) -> dict[str, Decoder]:
    """For each field that JSON shows as something else than it is: what makes it again."""
    hints = get_type_hints(kind, localns={"Field": _nothing})
    return {name: change for name, hint in hints.items() if name in kind.model_fields and (change := _decoder(hint)) is not None}


def _nothing(*_: Any, **__: Any) -> None:
    """Stands for `pydantic.Field`, which says nothing about how JSON is read."""


def _decoder(hint: Any) -> Decoder | None:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _decoder(inner[0])
    if origin in (Union, UnionType):  # a list is the option that is a tuple, an object the one that is a mapping or a record
        found = {list if get_origin(option) is tuple else dict: change for option in inner if (change := _decoder(option)) is not None}
        return (lambda value: found[type(value)](value) if type(value) in found else value) if found else None
    if origin is tuple:
        item = _decoder(inner[0])
        return (lambda values: tuple(values)) if item is None else lambda values: tuple(item(value) for value in values)
    if origin is dict:
        item = _decoder(inner[1])
        return None if item is None else lambda values: {name: item(value) for name, value in values.items()}
    return partial(built, hint) if isinstance(hint, type) and issubclass(hint, Record) else None
