"""A line on standard error while something takes longer than a second; never in a pipe, never before a second has passed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TextIO

from .display import printable

__all__ = ["Progress"]

DELAY = 1.0
"""Seconds after which waiting is noticed (Nielsen 1993, Usability Engineering, section 5.5: the limit of uninterrupted thought)."""


class Progress:
    """Shows what is going on, and wipes it away when it is over."""

    def __init__(self, stream: TextIO | None, environ: Mapping[str, str]) -> None:
        """Shows on `stream` if that is a terminal, else nowhere."""
        self._stream = stream if stream is not None and stream.isatty() and environ.get("TERM") != "dumb" else None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._shown = False

    def begin(self, text: str) -> None:
        """From now on `text` is what is going on."""
        self.end()
        if self._stream is not None:
            self._timer = threading.Timer(DELAY, self._show, (printable(text),))
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """Nothing is going on any more."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._shown and self._stream is not None:
                self._stream.write("\r\x1b[K")
                self._stream.flush()
            self._shown = False

    def _show(self, text: str) -> None:
        with self._lock:
            if self._timer is not None and self._stream is not None:
                self._stream.write(f"\r\x1b[K{text}")
                self._stream.flush()
                self._shown = True
