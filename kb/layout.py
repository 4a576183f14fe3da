"""Which folder holds which kind of entry, and whether anything in them has changed. Needs neither YAML nor pydantic, so that
a warm start is quick."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

KINDS = ("causes", "symptoms", "playbooks", "interviews", "facts", "fixes", "rules", "observations", "claims", "glossary", "weights")
"""Kinds of entries (`model.MODELS` has the model of each). A kind is a folder of `knowledge/` or a single file of that name."""

ONE_A_FILE = frozenset({"causes", "symptoms", "playbooks", "interviews", "weights"})
"""Kinds with one entry a file, named after its id; in the other kinds a file maps ids to entries."""

COMPILED_BY = ("model.py", "record.py", "likelihood.py", "base.py")
"""Modules that shape the compiled form: when one of them changes, so does the fingerprint."""


def files(root: Path) -> list[tuple[str, Path]]:
    """Every knowledge file with its kind, in a fixed order."""
    return [(kind, Path(path)) for kind, path in _names(root)]


def _names(root: Path) -> Iterator[tuple[str, str]]:
    """The same as plain names: `Path` costs more than reading the files does."""
    for kind in KINDS:
        single = os.path.join(root, f"{kind}.yaml")
        if os.path.isfile(single):
            yield kind, single
        folder = os.path.join(root, kind)
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder)):
                if name.endswith(".yaml"):
                    yield kind, os.path.join(folder, name)


def fingerprint(root: Path) -> str:
    """Hash of the contents (and names) of all knowledge files, and of the code that compiles them."""
    digest = hashlib.blake2b(digest_size=16)
    for kind, path in _names(root):
        digest.update(f"{kind}/{os.path.basename(path)}\0".encode())
        with open(path, "rb") as file:
            digest.update(file.read())
    for name in COMPILED_BY:
        source = Path(__file__).with_name(name)
        digest.update(source.read_bytes() if source.is_file() else name.encode())
    return digest.hexdigest()
