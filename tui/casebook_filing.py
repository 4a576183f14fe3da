"""`casebook add`, `confirm`, `edit` and `withdraw`: what changes a casebook."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ..casebook.case import SECTIONS, Case, Telling
from ..casebook.filing import case_of, confirmed, person, withdrawn
from ..casebook.markdown import from_markdown, to_markdown
from ..casebook.reference import is_reference
from ..errors import InputError, StoreError
from ..messages import say
from .answers import known_facts
from .casebook_filters import case_id, cause_meant
from .display import printable

if TYPE_CHECKING:
    from .casebook_command import Desk

__all__ = ["read_case", "run"]

TEXTS = ("title", *SECTIONS)
"""Fields that `--set` takes as text, in the language of the case."""

FIELDS = (*TEXTS, "cause", "status", "people", "links", "log")


def run(desk: Desk) -> None:
    """Do what the command says, and say what came of it."""
    command = desk.options.command
    by = person() if desk.options.by is None else desk.options.by
    if command == "add":
        for case in _new(desk, by):
            _said(desk, desk.store.add(case, by=by), "added")
        return
    case = _mine(desk)
    if command == "confirm":
        if not desk.options.cause:
            raise InputError(say("casebook.no_cause_given", desk.lang, usage=say("casebook.usage.confirm", desk.lang)))
        cause = cause_meant(desk.options.cause, desk.kb, desk.lang)
        after = confirmed(case, cause, fix=desk.options.fix, verified=desk.options.verified, by=by)
        _said(desk, desk.store.put(after, expected=case.rev, by=by, what=f"confirmed {cause}"), "confirmed")
    elif command == "withdraw":
        instead = case_id(desk.options.superseded_by) if desk.options.superseded_by else ""
        if instead and (instead == case.id or desk.store.get(instead) is None):
            raise InputError(say("casebook.unknown_case", desk.lang, id=printable(instead), where=printable(desk.store.where)))
        what = f"superseded by {instead}" if instead else "withdrawn"
        _said(desk, desk.store.put(withdrawn(case, instead), expected=case.rev, by=by, what=what), "withdrawn")
    else:
        _edit(desk, case, by)


def _said(desk: Desk, case: Case, entry: str) -> None:
    if desk.json:
        desk.data(case.model_dump(mode="json"))
    else:
        desk.tell(f"done.{entry}", id=case.id, title=printable(case.title), version=case.version)


def _mine(desk: Desk) -> Case:
    id = case_id(desk.options.words[0])
    if is_reference(id):
        raise InputError(say("casebook.reference_stays", desk.lang, id=id))
    case = desk.store.get(id)
    if case is None:
        raise InputError(say("casebook.unknown_case", desk.lang, id=printable(desk.options.words[0]), where=printable(desk.store.where)))
    return case


def read_case(path: Path) -> Case:
    """The case in a Markdown file. InputError with file:line when it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise InputError.of("casebook.file.not_utf8", file=str(path)) from None
    except OSError as error:
        raise InputError.of("casebook.file.unreadable", file=str(path), reason=error) from None
    return from_markdown(text, str(path))


def _new(desk: Desk, by: str) -> list[Case]:
    options = desk.options
    if options.words:
        if options.metrics or options.say or options.know or options.title:
            raise InputError(say("casebook.file_or_flags", desk.lang))
        cases = [read_case(Path(word)) for word in options.words]
    else:
        cases = [_from_flags(desk, by)]
    return [_with_outcome(desk, case, by) for case in cases]


def _from_flags(desk: Desk, by: str) -> Case:
    options, lang = desk.options, desk.lang
    if not (options.metrics or options.say or options.title):
        raise InputError(say("casebook.nothing_to_add", lang, usage=say("casebook.usage.add", lang)))
    facts = known_facts(options.know, desk.kb, lang)
    if not (options.metrics or options.say or facts):
        return _checked(lambda: Case(lang=lang, people=(by,) if by else (), texts={lang: Telling(title=options.title)}))
    from .. import __version__
    from ..engine.observe.read import read
    from ..engine.session import Session

    session = Session(read(options.metrics) if options.metrics else None, lang=lang)
    if options.say:
        session.hear(options.say)
    for fact, value in facts.items():
        session.tell(fact, value)
    where = str(Path(options.metrics).absolute()) if options.metrics else ""
    return _checked(lambda: case_of(session, title=options.title, text=options.say or "", log=where, by=by, product=__version__))


def _with_outcome(desk: Desk, case: Case, by: str) -> Case:
    options = desk.options
    if options.link:
        case = case.revised(links=(*case.links, *options.link))
    if options.cause:
        return confirmed(case, cause_meant(options.cause, desk.kb, desk.lang), fix=options.fix, verified=options.verified, by=by)
    if options.fix or options.verified:
        told = case.texts[case.lang].model_dump() | {name: text for name, text in (("fix", options.fix), ("verified", options.verified)) if text}
        return case.revised(texts={**case.texts, case.lang: Telling.model_validate(told)})
    return case


def _edit(desk: Desk, case: Case, by: str) -> None:
    if desk.options.set:
        after = _checked(lambda: _changed(desk, case))
        _said(desk, desk.store.put(after, expected=case.rev, by=by), "edited")
        return
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise InputError(say("casebook.no_editor", desk.lang))
    before = to_markdown(case)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", prefix=f"{case.id}-", suffix=".md", delete=False) as file:
        file.write(before)
    path = Path(file.name)
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)
    except (OSError, ValueError) as error:
        path.unlink(missing_ok=True)
        raise InputError(say("casebook.editor_fails", desk.lang, editor=printable(editor), reason=str(error))) from None
    if done.returncode:
        path.unlink(missing_ok=True)
        raise InputError(say("casebook.editor_fails", desk.lang, editor=printable(editor), reason=str(done.returncode)))
    try:
        after = read_case(path)
        if to_markdown(after) == before:
            desk.tell("done.unchanged", id=case.id)
        else:
            after = after.revised(id=case.id, uid=case.uid, history=case.history)
            _said(desk, desk.store.put(after, expected=case.rev, by=by), "edited")
    except (InputError, StoreError):
        sys.stderr.write(say("casebook.edit_kept", desk.lang, file=str(path)) + "\n")
        raise
    path.unlink(missing_ok=True)


def _changed(desk: Desk, case: Case) -> Case:
    """The case with the fields of `--set FIELD=VALUE` (a fact: `--set facts.lr=3e-4`; a value that is empty takes it away)."""
    for pair in desk.options.set:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals:
            shape = say("casebook.option.set.shape", desk.lang)
            raise InputError(say("cli.not_a_pair", desk.lang, option="--set", shape=shape, value=printable(pair)))
        if name.startswith("facts."):
            fact = name.removeprefix("facts.")
            facts = {id: old for id, old in case.facts.items() if id != fact}
            case = case.revised(facts=facts | (known_facts([f"{fact}={value}"], desk.kb, desk.lang) if value else {}))
        elif name in TEXTS:
            told = case.texts[case.lang].model_dump() | {name: value}
            case = case.revised(texts={**case.texts, case.lang: Telling.model_validate(told)})
        elif name in ("people", "links"):
            case = case.revised(**{name: tuple(part.strip() for part in value.split(",") if part.strip())})
        elif name == "cause":
            case = case.revised(cause=cause_meant(value, desk.kb, desk.lang) if value else "")
        elif name in FIELDS:
            case = case.revised(**{name: value})
        else:
            known = say("report.comma", desk.lang).join((*FIELDS, "facts.ID"))
            raise InputError(say("casebook.unknown_field", desk.lang, name=printable(name), known=known))
    return case


def _checked(make: Callable[[], Case]) -> Case:
    """The case that `make` makes; what does not fit is one line."""
    try:
        return make()
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "case"
        raise InputError.of("casebook.unfit", field=field, reason=first["msg"].removeprefix("Value error, ")) from None
