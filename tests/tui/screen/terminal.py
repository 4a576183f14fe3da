"""A real terminal: a program in a pty of its own, and the screen that it draws."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path

import pyte

PATIENCE = 60.0
"""Seconds after which something that does not happen is a failure."""


class Terminal:
    """`lossclinic ARGUMENTS` at work. `wait` for what it shows, then `type`."""

    def __init__(self, *arguments: str, size: tuple[int, int] = (80, 24), **environment: str) -> None:
        columns, rows = size
        program = str(Path(sys.executable).with_name("lossclinic"))
        self.process, self.handle = pty.fork()
        if self.process == 0:
            own = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **environment}
            inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
            os.execve(program, [program, *arguments], inherited | own)  # noqa: S606 - the installed program, with arguments of our own
        ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""

    def text(self) -> str:
        """What is on the screen, without blanks."""
        return self.shown().replace("\n", "").replace(" ", "")

    def shown(self) -> str:
        """What is on the screen; the second cell of a wide character is empty."""
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        return "\n".join("".join(self.screen.buffer[row][column].data for column in columns) for row in rows)

    def wait(self, words: str) -> None:
        """Until `words` are on the screen."""
        end = time.monotonic() + PATIENCE
        while words.replace(" ", "") not in self.text():
            assert time.monotonic() < end, f"{words!r} is not on the screen:\n" + self.shown()
            assert self._take(), f"ended before {words!r}:\n" + self.shown()

    def _take(self) -> bool:
        """Draw what came; False when the program is gone."""
        if select.select([self.handle], [], [], 0.2)[0]:
            try:
                data = os.read(self.handle, 1 << 16)
            except OSError:
                return False
            self.raw += data
            self._stream.feed(data)
            return bool(data)
        return True

    def type(self, keys: str) -> None:
        """Keys as a keyboard sends them, all at once."""
        os.write(self.handle, keys.encode())

    def paste(self, text: str) -> None:
        """A bracketed paste."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def glimpse(self, pieces: int) -> None:
        """Draw at most so many pieces of what comes, and no more."""
        for _ in range(pieces):
            self._take()

    def kill(self) -> None:
        """`kill -9`."""
        os.kill(self.process, signal.SIGKILL)
        self._reap()

    def end(self) -> int:
        """Wait until the program is over; its exit status."""
        end = time.monotonic() + PATIENCE
        while self._take():
            assert time.monotonic() < end, "the program does not end:\n" + self.shown()
        return self._reap()

    def _reap(self) -> int:
        _, status = os.waitpid(self.process, 0)
        os.close(self.handle)
        return os.waitstatus_to_exitcode(status)
