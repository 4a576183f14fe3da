"""`lossclinic casebook`, as people type it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import lossclinic
import pytest
from lossclinic.casebook.case import now
from lossclinic.tui.casebook_filters import case_id
from lossclinic.tui.cli import main

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(lossclinic.__path__[0])
SPIKE = str(ROOT / "examples" / "spike.tsv")
FIRST = f"LC-{now().year}-0001"


@pytest.fixture
def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a casebook of its own; returns exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOSSCLINIC_CASEBOOK", str(tmp_path / "team.db"))
    monkeypatch.setenv("LOSSCLINIC_USER", "linhai")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["casebook", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_from_a_log_to_a_confirmed_case(casebook: Run) -> None:
    """Filed, found, confirmed, shown, counted."""
    status, said, _ = casebook("add", "--metrics", SPIKE, "--know", "optimizer=adam", "--title", "Spike in the ranking run", "--by", "wang")
    assert (status, said) == (0, f"{FIRST} filed: Spike in the ranking run\n")
    assert FIRST in casebook("find", "ranking spike")[1]
    assert casebook("confirm", "1", "--cause", "Bad batch", "--fix", "Skipped the batch.", "--verified", "Second run is clean.")[0] == 0
    status, page, _ = casebook("show", "1")
    for words in ("Spike in the ranking run", "Bad batch", "Skipped the batch.", "Second run is clean.", "Optimizer: Adam", "this was it"):
        assert words in page
    assert "1 confirmed case" in casebook("calibrate")[1]
    assert "已确诊 1" in casebook("stats", "--lang", "zh")[1]
    history = casebook("show", "1", "--history")[1]
    assert "opened" in history
    assert "confirmed bad_batch" in history


def test_a_diagnosis_is_filed_and_its_like_is_found(casebook: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """With `diagnose --file`; the same curve is most alike, and the clean run opens nothing."""
    assert main(["diagnose", SPIKE, "--lang", "en", "--no-casebook"]) == 0
    assert "0 cases" in casebook("where")[1]
    assert main(["diagnose", SPIKE, "--lang", "en", "--file", "--title", "the first spike"]) == 0
    assert f"filed as {FIRST}: the first spike" in capsys.readouterr().err
    found = [json.loads(line) for line in casebook("find", "--like", SPIKE, "--format", "json")[1].splitlines()]
    assert found[0]["id"] == FIRST
    assert found[0]["likeness"] > max(0.9, found[1]["likeness"])
    found = [json.loads(line) for line in casebook("find", "--like", SPIKE, "status:open", "--format", "json")[1].splitlines()]
    assert {case["status"] for case in found} == {"open"}
    assert main(["diagnose", SPIKE, "--lang", "en"]) == 0
    assert "1 confirmed" not in capsys.readouterr().err
    casebook("confirm", "1", "--cause", "bad_batch")
    assert main(["diagnose", SPIKE, "--lang", "en"]) == 0
    assert "1 confirmed case so far" in capsys.readouterr().err
    assert main(["diagnose", SPIKE, "--lang", "en", "--file", "--no-casebook"]) == 2


def test_a_case_that_is_not_there_makes_no_casebook(casebook: Run, tmp_path: Path) -> None:
    """Only filing and importing begin one."""
    for arguments in (("confirm", "1", "--cause", "bad_batch"), ("edit", "1", "--set", "fix=x"), ("withdraw", "1"), ("list",)):
        casebook(*arguments)
        assert not (tmp_path / "team.db").exists()


def test_only_what_answers_well_is_listed_and_the_rest_counted(casebook: Run) -> None:
    """Weak matches are said to be there, and listed when they are wanted; so is the tail of a long list."""
    strong, every, two = (casebook("find", "dead relu learning rate", *more)[1].splitlines() for more in ((), ("--all",), ("--limit", "2")))
    assert len(strong) < len(every)
    assert strong[0] == every[0]
    assert f"{(len(every) - len(strong) + 1) // 2} weaker matches; --all lists them too" in strong[-1]
    assert len(two) == 5


def test_a_reference_case_shows_the_day_of_its_source(casebook: Run) -> None:
    """A day, or a year where no more is known, or nothing; never the day on which it was written down. Titles in the reader's language."""
    assert "2021-12-16" in casebook("show", "ref-15")[1].splitlines()[2]
    assert "resolved  2021  " in casebook("find", "FFN_HIDDEN_SIZE")[1]
    assert casebook("show", "ref-1")[1].splitlines()[2] == "resolved"
    assert "实际是畸形的 58B" in casebook("find", "FFN_HIDDEN_SIZE", "--lang", "zh")[1]
    assert casebook("find", "html", "since:3000d", "--format", "json")[1].count("LC-REF-0001") == 0


def test_both_languages_find_each_other(casebook: Run) -> None:
    """A case filed in English is found in Chinese, in the words of the catalogue."""
    casebook("add", "--title", "Exploding gradients after the warmup change")
    status, page, _ = casebook("find", "梯度爆炸")
    assert status == 0
    assert FIRST in page
    assert "未结" in page


def test_lists_are_filtered(casebook: Run) -> None:
    """By cause, state and day; what is no filter is said."""
    casebook("add", "--title", "first", "--cause", "lr_too_high")
    casebook("add", "--title", "second")
    assert [json.loads(line)["title"] for line in casebook("list", "--format", "json")[1].splitlines()] == ["second", "first"]
    assert [json.loads(line)["cause"] for line in casebook("list", "病因：学习率过高", "--format", "json")[1].splitlines()] == ["lr_too_high"]
    assert "first" in casebook("list", "cause:lr_too_high", "status:resolved", "since:1d")[1]
    assert "second" not in casebook("list", "状态：已确诊")[1]
    assert "and 1 more" in casebook("list", "--limit", "1")[1]
    assert "did you mean open" in casebook("list", "status:opne")[2]
    assert "since: takes" in casebook("list", "since:yesterday")[2]
    assert "find looks for words" in casebook("list", "spike")[2]


def test_single_fields_are_changed(casebook: Run) -> None:
    """Texts, facts, people; what does not exist is said."""
    casebook("add", "--title", "first")
    changes = ("title=better", "facts.optimizer=sgd", "people=lin, wang", "notes=看过了")
    assert casebook("edit", "1", *(word for change in changes for word in ("--set", change)))[0] == 0
    case = json.loads(casebook("show", "1", "--format", "json")[1])
    assert (case["texts"]["en"]["title"], case["facts"], case["people"]) == ("better", {"optimizer": "sgd"}, ["lin", "wang"])
    assert "no field titel" in casebook("edit", "1", "--set", "titel=x")[2]
    status, _, error = casebook("edit", "1", "--set", "status=closed")
    assert (status, error.count("\n")) == (2, 1)
    assert casebook("edit", "1")[2].startswith("lossclinic: error: ")


def test_a_case_is_edited_in_the_editor(casebook: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Markdown; when it cannot be read afterwards, what was typed is kept."""
    casebook("add", "--title", "first")
    script = tmp_path / "editor.py"
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    script.write_text("import sys; p = sys.argv[1]; t = open(p).read(); open(p, 'w').write(t.replace('title: first', 'title: edited'))")
    assert "changed (version 2)" in casebook("edit", "1")[1]
    assert "left as it was" in casebook("edit", "1")[1]
    script.write_text("import sys; open(sys.argv[1], 'w').write('my notes')")
    status, _, error = casebook("edit", "1")
    assert status == 2
    kept = Path(next(line for line in error.splitlines() if "is kept in" in line).split()[-1])
    assert kept.read_text() == "my notes"
    kept.unlink()


def test_a_withdrawn_case_stays_readable(casebook: Run) -> None:
    """It is only out of circulation; one that takes its place is named."""
    casebook("add", "--title", "first", "--cause", "lr_too_high")
    casebook("add", "--title", "second")
    assert casebook("withdraw", "1", "--superseded-by", "2")[0] == 0
    assert f"Superseded by {FIRST[:-1]}2" in casebook("show", "1")[1]
    assert "No confirmed case" in casebook("stats")[1]
    assert casebook("withdraw", "2", "--superseded-by", "9")[0] == 2


def test_export_and_import_by_files(casebook: Run, tmp_path: Path) -> None:
    """Private things are scrubbed, edits in the files come back, and a file with unknown edits is not overwritten."""
    casebook("add", "--metrics", SPIKE, "--title", "a spike")
    status, said, _ = casebook("export", "cases")
    assert status == 0
    assert "1 file written" in said
    file = tmp_path / "cases" / f"{FIRST}.md"
    text = file.read_text()
    assert str(ROOT) not in text
    assert "linhai" not in text
    assert "1 unchanged" in casebook("import", "cases")[1]
    file.write_text(text.replace("title: a spike", "title: an edited spike"))
    status, _, error = casebook("export", "cases")
    assert status == 2
    assert "import it first" in error
    assert "updated to version 2" in casebook("import", "cases")[1]
    assert "1 file written" in casebook("export", "cases")[1]
    casebook("edit", "1", "--set", "title=ours")
    file.write_text(file.read_text().replace("title: an edited spike", "title: theirs"))
    status, _, error = casebook("import", "cases", "--lang", "zh")
    assert status == 2
    assert "冲突：库中第 3 版" in error
    assert str(ROOT) in (casebook("export", "private", "--keep-private")[1] and (tmp_path / "private" / f"{FIRST}.md").read_text())


def test_what_cannot_be_is_one_line(casebook: Run, tmp_path: Path) -> None:
    """Unknown cases, causes, files, options; nothing is filed."""
    (tmp_path / "bad.md").write_text("no front matter")
    for arguments, words in (
        (("show", "7"), "there is no case"),
        (("confirm", "1"), "there is no case"),
        (("add",), "nothing to file"),
        (("add", "--title", "x", "--cause", "lr_to_high"), "did you mean lr_too_high"),
        (("add", "bad.md"), "bad.md: does not start with front matter"),
        (("add", "--metrics", "none.csv"), "none.csv"),
        (("import", "nowhere"), "no such file"),
        (("confirm", "ref-1", "--cause", "bad_batch"), "reference case"),
        (("fnid", "x"), "did you mean find"),
        (("list", "--fix", "x"), "not an option of lossclinic casebook list"),
        (("list", "--limit", "0"), "whole number"),
        (("find",), "usage:"),
        (("list", "--casebook", str(tmp_path)), "is a folder"),
    ):
        status, _, error = casebook(*arguments)
        assert status == 2, arguments
        assert words in error
        assert error.splitlines()[-1].startswith("lossclinic: error: ")
    assert not (tmp_path / "team.db").exists() or "0 cases" in casebook("where")[1]


def test_hostile_text_is_shown_harmlessly(casebook: Run) -> None:
    """No escape code and no direction mark reaches the terminal."""
    evil = "\x1b[2J\x1b]0;owned\x07 '; drop table lc_cases; -- [red]<b>🔥\u202eevil"
    casebook("add", "--title", evil, "--say", evil, "--by", evil, "--cause", f"{evil} words")
    for arguments in (("list",), ("show", "1"), ("show", "1", "--history"), ("find", "drop table"), ("stats",)):
        status, page, _ = casebook(*arguments)
        assert status == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(page)
    assert "drop table lc_cases" in casebook("list")[1]


def test_help_explains_every_command(casebook: Run) -> None:
    """In both languages, and without opening anything."""
    assert "find WORDS..." in casebook("--help")[1]
    for command in ("find", "show", "list", "stats", "add", "confirm", "edit", "withdraw", "export", "import", "calibrate", "where"):
        assert casebook(command, "--help")[1].startswith(f"Usage: lossclinic casebook {command}")
        assert "用法" in casebook(command, "--help", "--lang", "zh")[1]


def test_numbers_are_short() -> None:
    """As people say them."""
    assert case_id("7") == f"LC-{now().year}-0007"
    assert case_id("2025-12") == "LC-2025-0012"
    assert case_id("ref-3") == "LC-REF-0003"
    assert case_id("lc-2026-0007") == "LC-2026-0007"
