"""`casebook export` and `casebook import`: cases as Markdown files, one a case, so that a team can keep them in git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..casebook.case import Case
from ..casebook.filing import person
from ..casebook.markdown import from_markdown, to_markdown
from ..casebook.merge import Merged, bring_in
from ..casebook.privacy import scrub
from ..errors import InputError, LossclinicError, refusal
from ..messages import say
from .casebook_filing import read_case
from .display import printable
from .exit_codes import ExitCode

if TYPE_CHECKING:
    from .casebook_command import Desk

__all__ = ["run"]

Report = Callable[[InputError], None]


def run(desk: Desk, report: Report) -> ExitCode:
    """Export or import. What cannot be done with one file goes to `report`, and the others go on."""
    return _export(desk, report) if desk.options.command == "export" else _import(desk, report)


def _wanted(desk: Desk) -> Iterator[Case]:
    from .casebook_command import the_case

    if len(desk.options.words) == 1:
        yield from desk.store.all()
    for word in desk.options.words[1:]:
        yield the_case(desk.store, word, desk.lang)


def _export(desk: Desk, report: Report) -> ExitCode:
    folder = Path(desk.options.words[0])
    failed = written = same = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for case in _wanted(desk):
            text = to_markdown(case if desk.options.keep_private else scrub(case))
            path = folder / f"{case.id}.md"
            old = path.read_bytes() if path.exists() else None
            if old == text.encode():
                same += 1
            elif old is not None and not _known(desk, old, path):
                failed += 1
                report(InputError(say("casebook.export.unmerged", desk.lang, file=printable(str(path)))))
            else:
                path.write_text(text, encoding="utf-8", newline="\n")
                written += 1
    except OSError as error:
        raise InputError(say("cli.output_fails", desk.lang, file=printable(str(folder)), reason=refusal(error, desk.lang))) from None
    desk.tell("export.done", n=written, same=same, folder=printable(str(folder)))
    if not desk.options.keep_private and written:
        desk.tell("export.scrubbed")
    return ExitCode.BAD_INPUT if failed else ExitCode.DONE


def _known(desk: Desk, old: bytes, path: Path) -> bool:
    """Whether the casebook has all that a file says, so that nothing is lost when it is written anew."""
    try:
        case = from_markdown(old.decode("utf-8"), str(path))
    except (LossclinicError, UnicodeDecodeError):
        return False
    return bring_in(case, desk.store, write=False).outcome in ("same", "older")


def _files(words: tuple[str, ...], lang: str) -> Iterator[Path]:
    """The files meant: those named, and in folders every Markdown file that starts with front matter."""
    for word in words:
        path = Path(word)
        if path.is_dir():
            for file in sorted(path.glob("*.md")):
                with file.open("rb") as opened:
                    if opened.read(3) == b"---":
                        yield file
        elif path.exists():
            yield path
        else:
            raise InputError(say("casebook.file.missing", lang, file=printable(word)))


def _import(desk: Desk, report: Report) -> ExitCode:
    by = person() if desk.options.by is None else desk.options.by
    counts: Counter[str] = Counter()
    for path in _files(desk.options.words, desk.lang):
        try:
            case = read_case(path)
        except InputError as error:
            counts["bad"] += 1
            report(error)
            continue
        merged = bring_in(case, desk.store, by=by, renumber=desk.options.renumber, write=not desk.options.dry_run)
        counts[merged.outcome] += 1
        if desk.json:
            desk.data({"file": str(path), **merged._asdict()})
        elif merged.outcome in ("conflict", "taken"):
            report(InputError(_conflict(merged, path, desk.lang)))
        elif merged.outcome in ("added", "updated"):
            desk.tell(f"import.{merged.outcome}", id=merged.id or path.name, title=printable(case.title), version=merged.theirs)
    if not desk.json:
        if not counts:
            desk.tell("import.nothing", where=printable(" ".join(desk.options.words)))
            return ExitCode.DONE
        parts = [say(f"casebook.import.count.{name}", desk.lang, n=n) for name, n in counts.items()]
        desk.tell("import.dry" if desk.options.dry_run else "import.done", parts=say("read.comma", desk.lang).join(parts))
    return ExitCode.BAD_INPUT if counts["bad"] or counts["conflict"] or counts["taken"] else ExitCode.DONE


def _conflict(merged: Merged, path: Path, lang: str) -> str:
    return say(f"casebook.import.{merged.outcome}", lang, id=merged.id, mine=merged.mine, theirs=merged.theirs, file=printable(str(path)))
