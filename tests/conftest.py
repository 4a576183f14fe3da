"""What the tests of every room start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossclinic.kb import cache


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home directory of its own, that shares nothing but the compiled knowledge with the real one."""
    compiled = cache.folder()
    compiled.mkdir(parents=True, exist_ok=True)
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "cache").symlink_to(compiled, target_is_directory=True)
    return folder
