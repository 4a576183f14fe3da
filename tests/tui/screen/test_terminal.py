"""The program in a real terminal: it opens, listens, survives being killed, and leaves the terminal as it found it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pty")

from lossclinic.engine.session import Session
from lossclinic.tui.screen.record import newest, read_record

from .terminal import Terminal

EXAMPLES = Path(__file__).parents[3] / "examples"
LOSSCLINIC = str(Path(sys.executable).with_name("lossclinic"))


def kept(home: Path) -> Session:
    """What the newest record leads to."""
    path = newest(home / "sessions")
    assert path is not None
    return Session.resumed(read_record(path).events)


def test_without_arguments_it_opens_and_a_killed_consultation_goes_on(home: Path) -> None:
    """Typed in one burst as an input method does it; killed with SIGKILL, resumed, finished: nothing that was sent is lost."""
    first = Terminal("--lang", "zh", LOSSCLINIC_HOME=str(home))
    first.wait("1 loss 变成 NaN 了")
    first.type("loss 变 nan 了，没开梯度裁剪\r")
    first.wait("我的理解是")
    first.type("lr=3e-4\r")
    first.wait("学习率：0.0003")
    first.type("还没发出去")
    first.wait("还没发出去")
    first.kill()
    session = kept(home)
    assert session.known()["loss_nan_inf"] is True
    assert session.known()["learning_rate"] == 3e-4
    assert session.known()["grad_clipping"] is False

    again = Terminal("resume", LOSSCLINIC_HOME=str(home))
    again.wait("欢迎回来")
    assert "还没发出去" not in again.text()
    again.type("\x11")
    assert again.end() == 0
    assert b"\x1b[?1049l" in again.raw
    assert kept(home).known() == session.known()


def test_killed_at_any_moment_it_loses_only_what_was_not_sent(home: Path) -> None:
    """Killed at random moments after a message was sent, while it is taken in or answered: everything answered before is in the record."""
    chance = random.Random(20261121)  # noqa: S311 - moments, no secrets
    told: dict[str, object] = {}
    messages = [("lr=3e-4", "learning_rate", 3e-4), ("batch size 16", "batch_size", 16.0), ("optimizer is adamw", "optimizer", "adamw")]
    for turn, (text, fact, value) in enumerate(messages):
        arguments = ("resume",) if turn else ("triage", "--lang", "en", "--say", "the loss is NaN")
        terminal = Terminal(*arguments, LOSSCLINIC_HOME=str(home))
        terminal.wait("Why do you ask?")
        terminal.type(f"{text}\rand this was never sent")
        terminal.glimpse(chance.randrange(6))
        _, sent, after = terminal.shown().rpartition(f"> {text}")
        answered = bool(sent) and "Understood:" in after
        terminal.kill()
        known = kept(home).known()
        assert known["loss_nan_inf"] is True
        assert {fact: known.get(fact) for fact in told} == told
        if answered or fact in known:
            assert known[fact] == value
            told[fact] = value


def test_a_burst_begins_a_message_while_the_answers_have_focus(home: Path) -> None:
    """Text that an input method commits in one piece lands in the line in its order, and Enter sends it, not an answer."""
    terminal = Terminal("triage", "--lang", "en", "--say", "the loss is NaN", LOSSCLINIC_HOME=str(home))
    terminal.wait("Why do you ask?")
    terminal.type("优化器是 adamw，bs 8 也试过\r")
    terminal.wait("Optimizer: AdamW")
    terminal.kill()
    assert not kept(home).asked


def test_a_log_is_read_from_the_command_line_and_from_a_paste(home: Path) -> None:
    """`--metrics FILE` at 200 columns; then other lines pasted into the chat."""
    terminal = Terminal("triage", "--metrics", str(EXAMPLES / "spike.tsv"), "--lang", "en", size=(200, 50), LOSSCLINIC_HOME=str(home))
    terminal.wait("Bad batch")
    terminal.wait("How to confirm")
    assert any("⠁" <= cell <= "⣿" for cell in terminal.text())
    terminal.paste("step,loss\n" + "\n".join(f"{n},{2.3 if n < 60 else 'nan'}" for n in range(100)) + "\n")
    terminal.wait("the pasted lines")
    terminal.wait("NaN or Inf")
    terminal.type("\x11")
    assert terminal.end() == 0


def test_without_colour_everything_is_still_told(home: Path) -> None:
    """NO_COLOR: no colour but grey is sent, and signs tell what is chosen."""
    terminal = Terminal(
        "triage", str(EXAMPLES / "spike.tsv"), "--lang", "en", size=(120, 40), NO_COLOR="1", COLORTERM="truecolor", LOSSCLINIC_HOME=str(home)
    )
    terminal.wait(">1 Bad batch")
    terminal.wait("Why do you ask?")
    colours = {cell.fg for row in terminal.screen.buffer.values() for cell in row.values()} - {"default"}
    assert all(len({name[0:2], name[2:4], name[4:6]}) == 1 for name in colours if len(name) == 6)
    terminal.kill()


@pytest.mark.parametrize("command", [("triage",), ("resume",), ("triage", "--bogus"), ("replay",), ("triage", "none.csv")])
def test_without_a_terminal_there_is_one_clear_line(command: tuple[str, ...]) -> None:
    """In a pipe the screen does not open; exit status 2."""
    done = subprocess.run([LOSSCLINIC, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_record_is_replayed_as_text_into_a_pipe(home: Path) -> None:
    """The conversation and the report; a torn last line is mentioned."""
    terminal = Terminal("triage", "--lang", "en", "--say", "the loss is NaN, lr=3e-4", LOSSCLINIC_HOME=str(home))
    terminal.wait("Why do you ask?")
    terminal.kill()
    path = newest(home / "sessions")
    assert path is not None
    with path.open("ab") as file:
        file.write(b'{"at": "20')
    done = subprocess.run([LOSSCLINIC, "replay", str(path)], capture_output=True, text=True)
    assert done.returncode == 0
    assert "Understood:" in done.stdout
    assert "Likely causes" in done.stdout
    assert "cut off" in done.stderr
