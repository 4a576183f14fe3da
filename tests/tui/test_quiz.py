"""`lossclinic quiz` at the prompt: every card fits, every reply is understood or asked again, and nothing answered is ever lost."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lossclinic
import pytest
from lossclinic.kb import load
from lossclinic.quiz.card import Card, Choice, Order
from lossclinic.quiz.check import check, present
from lossclinic.quiz.journal import Journal
from lossclinic.tui.cli import main
from lossclinic.tui.display import display_width, printable
from lossclinic.tui.quiz_command import deck
from lossclinic.tui.quiz_page import card_lines, outcome_lines
from lossclinic.tui.spans import plain
from lossclinic.tui.terminal import ASCII, Terminal

Run = Callable[..., "subprocess.CompletedProcess[str]"]

TERMINAL = Terminal(80)


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    """The whole deck, with the cases that come with the product."""
    return deck(load())


def events(home: Path) -> list[tuple[str, object]]:
    """Kind and card of everything in the journal."""
    with Journal(home / "quiz.db") as journal:
        return [(event.kind, event.data.get("card")) for event in journal.events()]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_card_fits_a_terminal_and_loses_nothing(cards: dict[str, Card], lang: str) -> None:
    """No line is wider than 80 cells, and every word of the question and of its answers is there."""
    kb = load()
    for card in cards.values():
        shown = present(card, "0")
        lines = card_lines(shown, kb, lang, TERMINAL, "1 of 9")  # type: ignore[arg-type]
        reply: str | int | tuple[int, ...] = (
            0 if isinstance(card.answer, Choice) else tuple(range(len(shown.items))) if isinstance(card.answer, Order) else "?"
        )
        text = "".join("".join(plain(line).split()) for line in lines)
        wanted = [card.prompt.pick(lang), *(option.text.pick(lang) for option in shown.options)]
        if isinstance(card.answer, Order):
            wanted += [item.pick(lang) for item in card.answer.items]
        for piece in wanted:
            assert all("".join(printable(part).split()) in text for part in piece.split("\n")), (card.id, piece)
        if card.curve is None:
            lines += outcome_lines(shown, check(shown, reply, 1.0), kb, lang, TERMINAL)  # type: ignore[arg-type]
        for part in card.code.split("\n"):
            assert all("".join(piece.split()).replace("#", "") in text.replace("#", "") for piece in part.split("  # ")), (card.id, part)
        for line in lines:
            assert display_width(plain(line)) <= 80, (card.id, plain(line))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_curve_is_drawn_and_then_the_engine_reasons(cards: dict[str, Card], lang: str) -> None:
    """The question shows the curve without a mark; the answer names what the engine found, with its causes."""
    kb = load()
    shown = present(cards["curve/spike"], "0")
    asked = "\n".join(plain(line) for line in card_lines(shown, kb, lang, TERMINAL))  # type: ignore[arg-type]
    assert any("\u2800" < sign < "\u28ff" for sign in asked)
    told = "\n".join(plain(line) for line in outcome_lines(shown, check(shown, 0, 1.0), kb, lang, TERMINAL))  # type: ignore[arg-type]
    assert kb.causes["bad_batch"].pick(lang) in told
    assert "%" in told
    heard = "\n".join(plain(line) for line in card_lines(shown, kb, lang, Terminal(80, glyphs=ASCII, pictures=False)))  # type: ignore[arg-type]
    assert not any("\u2800" <= sign <= "\u28ff" for sign in heard)
    assert heard.count(": ") >= 10


def test_a_session_in_english(run: Run, home: Path) -> None:
    """A question, a reply that is no answer, an answer, what was right, when it comes back."""
    done = run("quiz", "--plain", "--kind", "judge", "--limit", "2", "--lang", "en", stdin="9\nx\n2\n\n1\n4\n", LOSSCLINIC_HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert "Does this hold?" in done.stdout
    assert done.stdout.count("Please give a number from 1 to 2") == 2
    assert "It comes back in" in done.stdout
    assert "Done: 2 answers" in done.stdout
    assert done.stderr == ""
    assert [kind for kind, _ in events(home)].count("review") == 2


def test_a_session_in_chinese_with_full_width_keys(run: Run, home: Path) -> None:
    """Digits and commands as a Chinese keyboard types them."""
    typed = "１\n／ｕｎｄｏ\n２\n\n／ｑｕｉｔ\n"
    done = run("quiz", "--plain", "--kind", "judge", "--limit", "2", "--lang", "zh", stdin=typed, LOSSCLINIC_HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert "这个说法成立吗" in done.stdout
    assert "已撤销" in done.stdout
    assert "还剩" in done.stdout


def test_an_answer_in_words_is_graded_and_overruled(run: Run, home: Path) -> None:
    """Points made and missed stand there with letters; a letter turns a decision round."""
    said = "Bad data in the batch, or the learning rate is too high.\nI would roll back.\n\na\nb c\n\n"
    done = run("quiz", "--plain", "--topic", "loss_spike", "--kind", "interview", "--lang", "en", stdin=said, LOSSCLINIC_HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert "[+]" in done.stdout
    assert "[-]" in done.stdout
    assert "(indispensable)" in done.stdout
    assert [kind for kind, _ in events(home)] == ["session", "review", "amend", "amend", "end"]


def test_nothing_answered_is_lost_when_the_process_is_killed(home: Path) -> None:
    """Killed with SIGKILL right after the verdict: the answer is in the journal, and the next session goes on behind it."""
    root = str(Path(lossclinic.__path__[0]).parent)
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    arguments = [sys.executable, "-m", "lossclinic", "quiz", "--plain", "--kind", "judge", "--limit", "6", "--lang", "en"]
    env = {**keep, "PYTHONPATH": root, "LOSSCLINIC_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8")
    assert process.stdin is not None
    assert process.stdout is not None
    answered = 0
    process.stdin.write("1\n\n1\n\n1\n")
    process.stdin.flush()
    for line in process.stdout:
        answered += line.startswith(("Right ", "Not right"))
        if answered == 3:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()
    before = events(home)
    assert [kind for kind, _ in before].count("review") == 3
    done = subprocess.run(arguments, input="1\n/quit\n", capture_output=True, env=env, text=True, encoding="utf-8", check=False)
    assert "Going on where you left off." in done.stdout
    after = events(home)
    assert after[: len(before)] == before
    assert [kind for kind, _ in after].count("session") == 1


def test_a_mock_interview_tells_nothing_until_the_end_and_goes_on_after_a_break(run: Run, home: Path, tmp_path: Path) -> None:
    """Broken off in the middle, taken up again, and written down as a document with everything that was said."""
    first = run("quiz", "--mock", "--plain", "--lang", "en", stdin="I would look at the data of the batch.\n\n/quit\n", LOSSCLINIC_HOME=str(home))
    assert first.returncode == 0, first.stderr
    assert "Interrupted" in first.stdout
    assert "%" not in first.stdout
    assert "[+]" not in first.stdout
    second = run("quiz", "--mock", "--plain", "--lang", "en", "--export", "card.md", stdin="\n" * 30, LOSSCLINIC_HOME=str(home))
    assert second.returncode == 0, second.stderr
    assert "Going on where you left off." in second.stdout
    assert "Scorecard" in second.stdout
    document = (tmp_path / "card.md").read_text("utf-8")
    assert "I would look at the data of the batch." in document
    assert document.count("**Interviewer**") == second.stdout.count("> \n") + 1
    assert "What to revise" in document
    third = run("quiz", "--mock", "--plain", "--lang", "zh", stdin="/quit\n", LOSSCLINIC_HOME=str(home))
    assert "接着" not in third.stdout.split("\n")[0]


def test_statistics_and_lists(run: Run, home: Path, tmp_path: Path) -> None:
    """Before the first answer and after; as Markdown too."""
    none = run("quiz", "stats", LOSSCLINIC_HOME=str(home))
    assert "No answers yet" in none.stdout
    run("quiz", "--plain", "--kind", "judge", "--limit", "4", stdin="1\n\n1\n\n1\n\n1\n\n", LOSSCLINIC_HOME=str(home))
    for lang, words in (("en", ("Streak: 1 day", "Calendar", "Readiness", "Data")), ("zh", ("连续 1 天", "日历", "准备度", "数据"))):
        done = run("quiz", "stats", "--lang", lang, "--export", "stats.md", LOSSCLINIC_HOME=str(home))
        told = " ".join(done.stdout.split())
        assert all(word in told for word in words), done.stdout
        assert all(display_width(line) <= 80 for line in done.stdout.splitlines())
        assert words[1] in (tmp_path / "stats.md").read_text("utf-8")
    listed = run("quiz", "list", "--topic", "bad_batch", LOSSCLINIC_HOME=str(home))
    assert "explain/bad_batch" in listed.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--topic", "lr_to_high"), "lr_too_high"),
        (("--level", "hard"), "--level"),
        (("--limit", "-3"), "--limit"),
        (("--limit", "x"), "--limit"),
        (("statz",), "stats"),
        (("--topicc", "x"), "--topic"),
        (("--topic",), "--topic"),
        (("--topic", "lr_too_high", "--kind", "interview"), "no card"),
        (("--mock", "--plain", "--export", "/no/such/folder/x.md"), "/no/such/folder/x.md"),
    ],
)
def test_bad_usage_is_one_line_and_status_two(
    home: Path, arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What, and what to do instead."""
    monkeypatch.setenv("LOSSCLINIC_HOME", str(home))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["quiz", *arguments]) == 2
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert words in told


@pytest.mark.parametrize("said", [b"\xff\xfe\x00\x1b[31m\x07\xe2\x80\xae\n\n\n", b"a" * 100_000 + b"\n\n", b""])
def test_hostile_input_ends_in_an_orderly_way(run: Run, home: Path, said: bytes) -> None:
    """Broken bytes, escape sequences, a huge line, no input at all."""
    done = run("quiz", "--plain", "--kind", "interview", "--limit", "1", "--lang", "en", stdin=said, LOSSCLINIC_HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "Done:" in done.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_help_explains_every_option(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In either language, within 80 cells."""
    assert main(["quiz", "--help", "--lang", lang]) == 0
    told = capsys.readouterr().out
    for option in (
        "--due",
        "--topic",
        "--level",
        "--kind",
        "--limit",
        "--new",
        "--mock",
        "--minutes",
        "--export",
        "--plain",
        "--lang",
        "stats",
        "list",
    ):
        assert option in told
    assert all(display_width(line) <= 80 for line in told.splitlines())
