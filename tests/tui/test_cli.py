"""The commands as a user starts them: real processes, real files."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen

import lossclinic
import pytest

Run = Callable[..., "CompletedProcess[str]"]

ROWS = "\n".join(f"{step},{2.3 / (1 + step / 30):.4f}" for step in range(200))
FALLING = f"step,train_loss\n{ROWS}\n"
BROKEN = "step,train_loss\n" + "\n".join(f"{s},{'nan' if s > 150 else 2.3}" for s in range(200)) + "\n"


@pytest.fixture
def falling(tmp_path: Path) -> str:
    """A log in which all is well."""
    (tmp_path / "falling.csv").write_text(FALLING)
    return "falling.csv"


@pytest.fixture
def broken(tmp_path: Path) -> str:
    """A log that ends in NaN."""
    (tmp_path / "broken.csv").write_text(BROKEN)
    return "broken.csv"


def one_error_line(done: CompletedProcess[str], *pieces: str) -> None:
    """Exactly one line on standard error, naming `pieces`; nothing else; exit status 2."""
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(("lossclinic: error: ", "lossclinic: 错误："))
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith("\n")
    for piece in pieces:
        assert piece in done.stderr


def test_a_log_is_diagnosed_by_its_name_alone(run: Run, broken: str) -> None:
    """`diagnose broken.csv` and `diagnose --metrics broken.csv` give the same report on standard output, and no word beside it."""
    short, long = run("diagnose", broken), run("diagnose", "--metrics", broken)
    assert short.returncode == long.returncode == 0
    assert short.stdout == long.stdout
    assert "What we see" in short.stdout
    assert short.stderr == long.stderr == ""


def test_standard_input_is_a_log_too(run: Run) -> None:
    """`cat log | diagnose --metrics -` works, and the report says where the log came from."""
    done = run("diagnose", "--metrics", "-", stdin=BROKEN)
    assert done.returncode == 0
    assert done.stdout.startswith("(standard input)\n")


def test_the_exit_status_says_nothing_unless_asked(run: Run, broken: str, falling: str) -> None:
    """Status 1 needs --exit-code and something found."""
    assert run("diagnose", broken).returncode == 0
    assert run("diagnose", broken, "--exit-code").returncode == 1
    assert run("diagnose", falling, "--exit-code").returncode == 0


def test_json_is_one_object_a_line(run: Run, broken: str, falling: str) -> None:
    """Two logs give two lines, each a complete diagnosis."""
    done = run("diagnose", "--format", "json", "--metrics", broken, falling)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry["log"]["source"] for entry in found] == [broken, falling]
    assert [entry["healthy"] for entry in found] == [False, True]


def test_several_logs_come_one_after_another_and_a_bad_one_stops_no_other(run: Run, broken: str, falling: str) -> None:
    """The missing file is one line on standard error, the others are diagnosed, and the exit status is 2."""
    done = run("diagnose", broken, "missing.csv", falling)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "missing.csv" in done.stderr
    assert done.stdout.index(broken) < done.stdout.index(falling)


def test_the_language_follows_option_then_words_then_locale(run: Run, broken: str) -> None:
    """--lang beats --say, --say beats the locale, LC_ALL beats LANG."""
    chinese = {"LANG": "zh_CN.UTF-8"}
    assert "可能的原因" in run("diagnose", broken, **chinese).stdout
    assert "可能的原因" in run("diagnose", broken, "--say", "loss 变成 nan 了").stdout
    assert "Likely causes" in run("diagnose", broken, "--say", "the loss became nan", **chinese).stdout
    assert "Likely causes" in run("diagnose", broken, "--say", "损失变成 nan", "--lang", "en").stdout
    assert "Likely causes" in run("diagnose", broken, LC_ALL="C.UTF-8", **chinese).stdout


@pytest.mark.parametrize(("name", "sign"), [("r.json", '{"'), ("r.md", "# "), ("r.html", "<!DOCTYPE html>"), ("r.txt", "broken.csv")])
def test_the_output_file_decides_the_format(run: Run, broken: str, tmp_path: Path, name: str, sign: str) -> None:
    """`--output report.html` needs no --format; standard output stays empty."""
    done = run("diagnose", broken, "--output", name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / name).read_text("utf-8").startswith(sign)


def test_colour_needs_a_terminal_or_a_wish(run: Run, broken: str) -> None:
    """A pipe gets none; --color and FORCE_COLOR give it, --no-color and NO_COLOR take it."""
    escape = "\x1b["
    assert escape not in run("diagnose", broken).stdout
    assert escape in run("diagnose", broken, "--color").stdout
    assert escape in run("diagnose", broken, FORCE_COLOR="1").stdout
    assert escape not in run("diagnose", broken, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert escape not in run("diagnose", broken, "--no-color", FORCE_COLOR="1").stdout


def test_ascii_terminals_get_ascii(run: Run, broken: str) -> None:
    """Where the encoding has no braille, the report is drawn without it."""
    done = run("diagnose", broken, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "|" in done.stdout


BAD_FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "binary.csv": bytes(range(256)) * 64,
    "header.csv": b"step,train_loss\n",
    "noloss.csv": b"name,colour\na,red\nb,blue\n",
    "allnan.csv": b"step,train_loss\n" + b"".join(b"%d,nan\n" % n for n in range(50)),
    "line.txt": b"x" * 9_000_000,
    "cut.json": b'{"log_history": [{"step": 1, "loss": 2.3}, {"st',
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_log_is_one_clear_line(run: Run, tmp_path: Path, name: str) -> None:
    """Empty, binary, only a header, no loss, all NaN, one endless line, cut off: never a traceback."""
    (tmp_path / name).write_bytes(BAD_FILES[name])
    one_error_line(run("diagnose", "--metrics", name), name)


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_log_is_one_clear_line_in_chinese(run: Run, tmp_path: Path, name: str) -> None:
    """The same with --lang zh, Chinese, and what to do at the end."""
    (tmp_path / name).write_bytes(BAD_FILES[name])
    done = run("diagnose", "--metrics", name, "--lang", "zh")
    one_error_line(done, f"lossclinic: 错误：{name}")
    assert re.search("[\u4e00-\u9fff]；请[^；]*[\u4e00-\u9fff]", done.stderr)


def test_errors_speak_the_language_of_the_run(run: Run) -> None:
    """A Chinese description makes the whole run Chinese, standard input and columns included."""
    one_error_line(run("diagnose", "nowhere.csv", "--say", "损失变成 nan"), "错误：nowhere.csv：文件不存在；请检查路径")
    piped = run("diagnose", "-", "--lang", "zh", stdin="step,foo\n1,2\n2,3\n")
    one_error_line(piped, "错误：（标准输入）：看不出哪一列是损失，现有的列：step、foo；请")
    one_error_line(run("diagnose", "--know", "optimizr=adam", "--lang", "zh"), "错误：--know：没有名为 optimizr 的事实")


def test_a_missing_file_is_one_clear_line(run: Run) -> None:
    """The message names the file, in the language of the user."""
    one_error_line(run("diagnose", "--metrics", "nowhere.csv"), "nowhere.csv")
    one_error_line(run("diagnose", "--metrics", "nowhere.csv", "--lang", "zh"), "错误：nowhere.csv：文件不存在；请检查路径\n")


def test_a_folder_without_logs_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    """A folder given by mistake is named."""
    (tmp_path / "folder").mkdir()
    one_error_line(run("diagnose", "--metrics", "folder"), "folder")


@pytest.mark.parametrize(
    ("arguments", "pieces"),
    [
        ((), ("--metrics",)),
        (("--fromat", "json"), ("--fromat", "--format")),
        (("--metrics",), ("--metrics",)),
        (("a.csv", "--format", "jsn"), ("--format", "jsn", "json")),
        (("a.csv", "--lang", "de"), ("--lang", "de", "en, zh")),
        (("a.csv", "--max-questions", "-1"), ("--max-questions", "-1")),
        (("a.csv", "--max-questions", "many"), ("many",)),
        (("a.csv", "--ask=yes"), ("--ask",)),
        (("-", "-"), ("-",)),
        (("-", "--ask"), ("--ask",)),
        (("a.csv", "--color", "--no-color"), ("--no-color",)),
        (("a.csv", "--map", "train_los=x"), ("train_los", "did you mean train_loss?")),
        (("a.csv", "--map", "train_loss"), ("METRIC=COLUMN",)),
        (("a.csv", "--know", "optimzer=adam"), ("optimzer", "did you mean optimizer?")),
        (("a.csv", "--know", "optimizer=adan"), ("adan", "did you mean adam")),
        (("a.csv", "--know", "optimizer"), ("FACT=VALUE",)),
        (("a.csv", "--know", "shuffle=maybe"), ("shuffle", "maybe")),
        (("a.csv", "--know", "learning_rate=-1"), ("learning_rate", "-1")),
        (("a.csv", "--explain", "bad bach"), ("bad bach", "did you mean bad_batch?")),
        (("a.csv", "--explain", "xyzzy"), ("xyzzy", "lossclinic kb search")),
        (("a.csv", "--answers", "nowhere.yaml"), ("nowhere.yaml",)),
        (("a.csv", "--output", "missing/report.txt"), ("missing/report.txt",)),
    ],
)
def test_bad_usage_is_one_clear_line(run: Run, arguments: tuple[str, ...], pieces: tuple[str, ...]) -> None:
    """What is wrong, and what was probably meant, before any work is done."""
    one_error_line(run("diagnose", *arguments), *pieces)
    one_error_line(run("diagnose", *arguments, "--lang", "zh") if "--lang" not in arguments else run("diagnose", *arguments))


@pytest.mark.parametrize(
    ("content", "line", "piece"),
    [
        ("optimizer: adam\noptimzer: adam\n", 2, "did you mean optimizer?"),
        ("# mine\n\noptimizer: adan\n", 3, "adam"),
        ("shuffle: perhaps\n", 1, "perhaps"),
        ("learning_rate: 1e9\n", 1, "1e9"),
        ("optimizer: [adam\n", 2, "YAML"),
        ("- optimizer\n", 1, "FACT: VALUE"),
        ("optimizer: {a: 1}\n", 1, "FACT: VALUE"),
        ("shuffle: yes\nshuffle: no\n", 2, "twice"),
    ],
)
def test_a_bad_answer_file_is_one_line_with_its_place(run: Run, falling: str, tmp_path: Path, content: str, line: int, piece: str) -> None:
    """An unknown fact, an impossible value or broken YAML is named by file and line."""
    (tmp_path / "answers.yaml").write_text(content, "utf-8")
    one_error_line(run("diagnose", falling, "--answers", "answers.yaml"), f"answers.yaml:{line}: ", piece)


def test_hostile_names_are_shown_harmlessly(run: Run, tmp_path: Path) -> None:
    """Escape codes and markup in file and column names reach no terminal."""
    name = "\x1b[31m[bold]run.csv"
    rows = BROKEN.replace("\n", ",1\n").replace("train_loss,1", "train_loss,\x1b[2J[bold]x", 1)
    (tmp_path / name).write_text(rows)
    for arguments in (("--format", "text"), ("--format", "json"), ("--format", "markdown"), ("--format", "html"), ("--color",)):
        done = run("diagnose", name, *arguments)
        assert done.returncode == 0
        assert "\x1b[31m[bold]" not in done.stdout
        assert "\x1b[2J" not in done.stdout
    one_error_line(run("diagnose", "\x1b[31mmissing\nfile.csv"), "missing")


def test_the_log_itself_is_never_overwritten(run: Run, broken: str, tmp_path: Path) -> None:
    """--output with the name of the log is refused."""
    one_error_line(run("diagnose", broken, "--output", broken), broken)
    assert (tmp_path / broken).read_text() == BROKEN


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_one_clear_line(run: Run, broken: str) -> None:
    """A report that cannot be written is no success."""
    one_error_line(run("diagnose", broken, "--output", "/dev/full"), "/dev/full")


def test_a_reader_that_leaves_early_is_no_error(broken: str, tmp_path: Path) -> None:
    """`diagnose ... | head -1` ends in silence."""
    root = str(Path(lossclinic.__path__[0]).parent)
    command = [sys.executable, "-m", "lossclinic", "diagnose", *[broken] * 8]
    with Popen(command, stdout=PIPE, stderr=PIPE, cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_words_alone_are_enough(run: Run) -> None:
    """--say without a log gives causes too."""
    done = run("diagnose", "--say", "loss became NaN after 3000 steps, fp16, no gradient clipping")
    assert done.returncode == 0
    assert "Likely causes" in done.stdout


def test_facts_and_answers_are_used(run: Run, broken: str, tmp_path: Path) -> None:
    """--know is believed at once; an answer file is used for what is asked, and for nothing else."""
    (tmp_path / "answers.yaml").write_text("mixed_precision: fp16\nlearning_rate: 1e-3\nshuffle: unknown\n")
    known = json.loads(run("diagnose", broken, "--know", "optimizer=adam", "--format", "json").stdout)
    assert known["facts"]["optimizer"]["value"] == "adam"
    assert known["asked"] == []
    asked = json.loads(run("diagnose", broken, "--answers", "answers.yaml", "--max-questions", "3", "--format", "json").stdout)
    assert 0 < len(asked["asked"]) <= 3


def test_questions_are_asked_at_a_plain_prompt(run: Run, broken: str) -> None:
    """--ask works over a pipe: questions on standard error, the report on standard output."""
    done = run("diagnose", broken, "--ask", "--max-questions", "2", stdin="?\n１\n\n")
    assert done.returncode == 0
    assert done.stderr.startswith("Up to 2 questions.")
    assert "How to find out: " in done.stderr
    assert done.stdout.startswith("broken.csv\n")


def test_asking_ends_with_the_input(run: Run, broken: str) -> None:
    """When nobody answers any more, the diagnosis stands on what is known."""
    done = run("diagnose", broken, "--ask", stdin="")
    assert done.returncode == 0
    assert "Likely causes" in done.stdout
