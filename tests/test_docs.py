"""The documentation keeps its word: its commands run, its links lead somewhere, and both READMEs say the same."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import lossclinic
import pytest

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md", *(str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("docs/**/*.md"))))
COMMANDS = ("diagnose", "lossclinic")


class Block(NamedTuple):
    """A fenced block of code."""

    language: str
    code: str


def text_of(page: str) -> str:
    """A page as it stands in the repository."""
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    return [Block(*found) for found in re.findall(r"^```(\w*)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)]


def prose(page: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[list[list[str]]]:
    """Calls of the product in each shell block of a page, without `uv run`."""
    out: list[list[list[str]]] = []
    for block in blocks(page):
        if block.language == "sh":
            parts = [shlex.split(part, comments=True) for line in block.code.splitlines() for part in line.split("&&")]
            calls = [part[2:] if part[:2] == ["uv", "run"] else part for part in parts]
            out.append([call for call in calls if call and call[0] in COMMANDS])
    return [calls for calls in out if calls]


CALLS = [pytest.param(calls, id=f"{page}: {' '.join(calls[0])}") for page in PAGES for calls in commands(page)]


@pytest.mark.parametrize("calls", CALLS)
def test_every_command_of_the_docs_runs(calls: list[list[str]], tmp_path: Path, home: Path) -> None:
    """What a reader pastes into a shell works, line after line, also when nobody answers its questions."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = {**os.environ, "LOSSCLINIC_HOME": str(home)}
    for call in calls:
        program = str(Path(sys.executable).with_name(call[0]))
        done = subprocess.run(
            [program, *call[1:]], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout or done.stderr or "--output" in call


@pytest.mark.parametrize("page", READMES)
def test_the_readme_starts_with_the_two_lines_that_do_everything(page: str) -> None:
    """One line to see a diagnosis, one line to test, exactly."""
    first, second = [block.code.strip() for block in blocks(page) if block.language == "sh"][:2]
    assert re.fullmatch(r"python3 -m pip install uv && uv run diagnose --metrics examples/\S+", first)
    assert second == "uv run pytest"


@pytest.mark.parametrize("page", READMES)
def test_the_python_of_the_readme_runs(page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The snippet prints what was found and three causes."""
    monkeypatch.chdir(ROOT)
    for block in blocks(page):
        if block.language == "python":
            exec(compile(block.code, page, "exec"), {})  # noqa: S102 - it is our own
    assert re.search(r"^\d+% \S+.*: \S+", capsys.readouterr().out, re.MULTILINE)


def test_both_readmes_have_the_same_build() -> None:
    """A heading, a table or a list in one language has its counterpart in the other, at the same place."""
    shape = re.compile(r"^(#{1,6} |\||\d+\. |- |!\[)", re.MULTILINE)
    english, chinese = ([mark.strip() for mark in shape.findall(prose(page))] for page in READMES)
    assert english == chinese


def test_both_readmes_have_the_same_code() -> None:
    """Commands and snippets are the same; drawings are there in both, each in its language."""
    english, chinese = (blocks(page) for page in READMES)
    assert [b.language for b in english] == [b.language for b in chinese]
    assert [b for b in english if b.language != "text"] == [b for b in chinese if b.language != "text"]
    assert all(b.language for b in english)


def test_both_readmes_have_the_same_figures() -> None:
    """A figure in a table is the same in both languages."""
    english, chinese = (re.findall(r"(?<=\| )\d[\d.]*(?: %)?(?= \|)", text_of(page)) for page in READMES)
    assert len(english) > 10
    assert english == chinese


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Every file and picture that a page points at is in the repository."""
    targets = re.findall(r"\]\(([^)#\s]+)", prose(page))
    missing = [t for t in targets if "://" not in t and not ((ROOT / page).parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_options_in_the_prose_exist(page: str) -> None:
    """An option that a page mentions is one that the product has."""
    from lossclinic.tui import casebook_options, quiz_options
    from lossclinic.tui.options import OPTIONS

    known = {option.flag for option in OPTIONS} | {*quiz_options.GRAMMAR.flags, *casebook_options.GRAMMAR.flags} | {"--write", "--run-snippets"}
    mentioned = set(re.findall(r"`(--[a-z][a-z-]+)", prose(page)))
    assert mentioned <= known


def test_one_answer_settles_the_spike() -> None:
    """As the README says: one answer lifts the first cause of `examples/spike.tsv` to about 90 %."""
    log = ROOT / "examples" / "spike.tsv"
    before = lossclinic.diagnose(log)
    after = lossclinic.diagnose(log, answers={"bad_batch_found": True}, max_questions=1)
    assert before.causes[0].id == after.causes[0].id == "bad_batch"
    assert before.causes[0].probability < 0.8
    assert after.causes[0].probability > 0.85


def test_the_knowledge_is_as_large_as_the_readme_says() -> None:
    """22 symptoms, 43 causes, over 60 questions, 70 fixes and 100 rules."""
    from lossclinic.kb import load

    sizes = {kind: len(load().ids(kind)) for kind in ("symptoms", "causes", "facts", "fixes", "rules")}
    assert (sizes["symptoms"], sizes["causes"]) == (22, 43)
    assert sizes["facts"] > 60
    assert sizes["fixes"] > 70
    assert sizes["rules"] > 100
