"""What the output may use: colours, glyphs, width; and the line of progress."""

from __future__ import annotations

import io
import time

import pytest
from lossclinic.tui import progress
from lossclinic.tui.terminal import ASCII, UNICODE, look_at, wants_colour


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        """It is."""
        return True


class Latin(Screen):
    """A terminal without Unicode."""

    encoding = "latin-1"  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("environ", "option", "colour"),
    [
        ({"TERM": "xterm"}, None, True),
        ({"TERM": "dumb"}, None, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, None, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, None, True),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, None, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, None, False),
        ({"NO_COLOR": "1"}, True, True),
        ({"TERM": "xterm"}, False, False),
    ],
)
def test_who_decides_about_colour(environ: dict[str, str], option: bool | None, colour: bool) -> None:
    """The option, then NO_COLOR, then FORCE_COLOR, then the terminal."""
    assert wants_colour(Screen(), environ, option) is colour


def test_a_pipe_gets_no_colour_and_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless somebody asked for it."""
    monkeypatch.delenv("COLUMNS", raising=False)
    terminal = look_at(io.StringIO(), {})
    assert (terminal.width, terminal.colour) == (80, False)


@pytest.mark.parametrize(("columns", "width"), [("30", 40), ("100", 100), ("300", 120)])
def test_the_width_is_that_of_the_terminal_within_reason(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    """Very wide lines are hard to read, very narrow ones hold no curve."""
    monkeypatch.setenv("COLUMNS", columns)
    assert look_at(Screen(), {"COLUMNS": columns}).width == width


def test_the_encoding_decides_the_glyphs() -> None:
    """No braille where it would turn into question marks."""
    assert look_at(Screen(), {}).glyphs is UNICODE
    assert look_at(Latin(), {}).glyphs is ASCII


def test_progress_shows_after_a_while_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short job shows nothing; a long one says what it is doing and wipes that away."""
    monkeypatch.setattr(progress, "DELAY", 0.02)
    screen = Screen()
    line = progress.Progress(screen, {"TERM": "xterm"})
    line.begin("short")
    line.end()
    assert screen.getvalue() == ""
    line.begin("reading \x1b[2J")
    deadline = time.monotonic() + 5
    while not screen.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    line.end()
    assert screen.getvalue() == "\r\x1b[Kreading \\x1b[2J\r\x1b[K"


def test_progress_is_silent_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error of a script stays clean."""
    monkeypatch.setattr(progress, "DELAY", 0.0)
    stream = io.StringIO()
    line = progress.Progress(stream, {})
    line.begin("reading")
    time.sleep(0.05)
    line.end()
    assert stream.getvalue() == ""
