"""The compiled knowledge base on disk: a line of JSON with names and offsets, one with the plain data, then every entry and table as JSON.

Parsing the YAML takes seconds, reading this takes milliseconds, because an entry is only decoded when someone asks for it. The file
is named after the hash of the YAML, so a changed word means a new file. A cache that cannot be written is no error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

FORMAT = 12
"""Raise when the layout of the file or the compiled tables change."""


def folder() -> Path:
    """Where compiled knowledge is kept: `$LOSSCLINIC_HOME/cache`, or the user's cache directory."""
    home = os.environ.get("LOSSCLINIC_HOME")
    if home:
        return Path(home) / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("lossclinic", appauthor=False))


def read(key: str) -> tuple[dict[str, Any], bytes, bytes] | None:
    """Header, plain data and body of the cache for `key`, or None when there is none that can be used."""
    try:
        raw = (folder() / f"kb-{FORMAT}-{key}.json").read_bytes()
        first = raw.index(b"\n")
        second = raw.index(b"\n", first + 1)
        header = json.loads(raw[:first])
        if header.get("size") != len(raw) - first - 1:
            return None
        return header, raw[first + 1 : second], raw[second + 1 :]
    except (OSError, ValueError):
        return None


def kept(name: str, key: str, make: Callable[[], Any], use: Callable[[Any], T]) -> T:
    """What `use` makes of the plain data called `name` that was kept for `key`, or else of what `make` makes now.

    The file begins with a line that holds the hash of the rest: what is not whole is made again.
    """
    target = folder() / f"{name}-{FORMAT}-{key}.json"
    try:
        check, _, raw = target.read_bytes().partition(b"\n")
    except OSError:
        check, raw = b"", b""
    if not raw or check != _digest(raw):
        raw = json.dumps(make(), ensure_ascii=False, separators=(",", ":")).encode()
        _replace(target, b"\n".join((_digest(raw), raw)), f"{name}-*.json")
    return use(json.loads(raw))


def _digest(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=16).hexdigest().encode()


def write(key: str, header: dict[str, Any], plain: bytes, body: bytes) -> None:
    """Keep the compiled form for next time; older ones are removed. Fails silently (read-only home, full disk)."""
    size = len(plain) + 1 + len(body)
    head = json.dumps({**header, "size": size}, ensure_ascii=False, separators=(",", ":")).encode()
    _replace(folder() / f"kb-{FORMAT}-{key}.json", b"\n".join((head, plain, body)), "kb-*.json")


def _replace(target: Path, content: bytes, older: str) -> None:
    """Write a file whole or not at all, in place of those whose names fit `older`."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        import tempfile

        handle, name = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            Path(name).replace(target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        for old in target.parent.glob(older):
            if old != target:
                old.unlink(missing_ok=True)
    except OSError:
        return
