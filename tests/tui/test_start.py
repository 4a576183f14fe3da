"""Starting up: help and version at once, nothing heavy imported, no traceback whatever happens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lossclinic
import pytest
from lossclinic.tui.display import display_width

Run = Callable[..., "subprocess.CompletedProcess[str]"]

HEAVY = ("numpy", "pydantic", "textual", "rich", "yaml", "rapidfuzz")

CONTRACT = "--metrics --say --know --answers --max-questions --lang --format --output --exit-code --ask --map"

PROBE = """
import contextlib, io, sys
from lossclinic.tui.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main({arguments!r})
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & {{*{heavy!r}}}))
"""


def imported(*arguments: str, **environ: str) -> list[str]:
    """Which heavy packages a command imports."""
    root = str(Path(lossclinic.__path__[0]).parent)
    code = PROBE.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": root, **environ})
    return done.stdout.split()


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("diagnose", "--help"), ("diagnose", "--version"), ()])
def test_help_and_version_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """`--help` answers at once."""
    assert imported(*arguments) == []


@pytest.mark.parametrize("words", [(), ("--say", "the loss is NaN since step 90, 学习率 3e-4")])
def test_a_diagnosis_needs_no_screen_and_no_fuzzy_search(tmp_path: Path, home: Path, words: tuple[str, ...]) -> None:
    """The command imports neither the interactive screens nor what checks the knowledge when it is compiled."""
    path = tmp_path / "log.csv"
    path.write_text("step,train_loss\n" + "\n".join(f"{n},{1 / (n + 1)}" for n in range(100)))
    imported("diagnose", str(path), *words, LOSSCLINIC_HOME=str(home))  # the knowledge is compiled now
    assert not {"textual", "rich", "rapidfuzz", "pydantic", "yaml"} & set(imported("diagnose", str(path), *words, LOSSCLINIC_HOME=str(home)))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_the_help_fits_and_names_every_option(run: Run, lang: str, columns: str) -> None:
    """All of the contract's options are explained, in either language, within the terminal."""
    text = run("diagnose", "--help", "--lang", lang, COLUMNS=columns).stdout
    for option in CONTRACT.split():
        assert f"{option} " in text or f"{option}\n" in text
    assert all(display_width(line) <= int(columns) for line in text.splitlines() if "diagnose" not in line)


def test_the_two_commands_are_one(run: Run) -> None:
    """`lossclinic diagnose --help` is `diagnose --help`; `lossclinic` alone explains itself."""
    assert "diagnose" in run().stdout
    assert run("--version").stdout == f"lossclinic {lossclinic.__version__}\n"
    assert run("diagnose", "--version").stdout == run("--version").stdout


def test_a_mistyped_command_is_one_line(run: Run) -> None:
    """With the command that was probably meant."""
    done = run("diagnos")
    assert done.returncode == 2
    assert done.stderr == "lossclinic: error: unknown command diagnos (did you mean diagnose?); see lossclinic --help\n"


def test_a_fault_of_the_program_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever breaks, the user sees one line and where to look, not a traceback."""
    from lossclinic.tui import cli, exit_codes

    def fall_over(*_: object) -> None:
        raise ZeroDivisionError("oops\nand more")

    monkeypatch.setattr("lossclinic.tui.diagnose.main", fall_over)
    monkeypatch.delenv("LOSSCLINIC_DEBUG", raising=False)
    assert cli.diagnose_main([]) == exit_codes.ExitCode.INTERNAL
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "ZeroDivisionError" in error


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Interrupted is interrupted, without a word."""
    from lossclinic.tui import cli

    def wait(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lossclinic.tui.diagnose.main", wait)
    assert cli.diagnose_main([]) == 130
    assert capsys.readouterr().err == ""
