"""What the reader tests share: a log written to disk and read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lossclinic.engine.observe.log import Log
from lossclinic.engine.observe.read import read

ReadText = Callable[..., Log]


@pytest.fixture
def read_text(tmp_path: Path) -> ReadText:
    """A function that writes text or bytes to a file without a telling name and reads it as a log."""

    def run(content: str | bytes, columns: dict[str, str] | None = None, encoding: str = "utf-8") -> Log:
        path = tmp_path / "file"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return read(path, columns=columns)

    return run
