"""The knowledge base under test: the real one, a small one to break, and a real browser to read the handbook in."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lossclinic.kb import KnowledgeBase, load

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)


LEAVING = ("navigated or closed", "context was destroyed", "Cannot find context")
"""What the browser answers while a page gives way to the next one."""


class LeavingError(Exception):
    """The page was just being left: ask again."""


class Chromium:
    """A headless Chromium, spoken to over a pipe (Chrome DevTools Protocol, messages end in a zero byte)."""

    def __init__(self, binary: str, profile: Path) -> None:
        """Start it with an empty profile and open a page."""
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()

        def plug_in() -> None:  # the protocol wants descriptors 3 and 4; step aside first, or one dup2 could close the other's end
            a, b = os.dup(to_read), os.dup(to_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        command = [binary, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, close_fds=False, preexec_fn=plug_in)
        os.close(to_read)
        os.close(to_write)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self.events: list[dict[str, Any]] = []
        self._session = ""
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """End this browser."""
        self._process.kill()
        self._process.wait(timeout=20)
        os.close(self._to)
        os.close(self._from)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what happens meanwhile is kept in `events`."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params, **({"sessionId": self._session} if self._session else {})}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if any(words in str(answer.get("error", "")) for words in LEAVING):
                    raise LeavingError
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._from, 1 << 20)
            assert piece, "the browser went away"
            self._buffer += piece
        raw, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(raw)

    def size(self, width: int, height: int = 900, *, dark: bool = False) -> None:
        """The window: phones are narrower than 500 pixels."""
        mobile = width < 500
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if mobile else 1, mobile=mobile)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, url: str) -> None:
        """Go to a page and wait until it is there."""
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, script: str, seconds: float = 15.0) -> None:
        """Wait for an expression to become true."""
        end = time.monotonic() + seconds
        while not self._true(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.05)

    def _true(self, script: str) -> bool:
        try:
            return bool(self.run(script))
        except LeavingError:
            return False

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.call("Input.insertText", text=text)

    def requests(self) -> list[str]:
        """Addresses of everything that any page asked for so far."""
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """A screenshot of the window, or of the whole page."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A real browser, where there is one."""
    binary = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if binary is None or os.name != "posix":
        pytest.skip("no Chromium on this machine")
    browser = Chromium(binary, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The product's own knowledge."""
    return load()
