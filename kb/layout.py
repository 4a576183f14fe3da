"""Which folder holds which kind of entry, and whether anything in them has changed. Needs no YAML, so that a warm start is quick."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel

from .model import Cause, Claim, Fact, Fitted, Fix, Observation, Playbook, Rule, Symptom, Term

KINDS: dict[str, type[BaseModel]] = {
    "causes": Cause,
    "symptoms": Symptom,
    "playbooks": Playbook,
    "facts": Fact,
    "fixes": Fix,
    "rules": Rule,
    "observations": Observation,
    "claims": Claim,
    "glossary": Term,
    "weights": Fitted,
}
"""Kind of entry -> its model. A kind is a folder of `knowledge/` or a single file of that name."""

ONE_A_FILE = frozenset({"causes", "symptoms", "playbooks", "weights"})
"""Kinds with one entry a file, named after its id; in the other kinds a file maps ids to entries."""

COMPILED_BY = ("model.py", "likelihood.py", "base.py")
"""Modules that shape the compiled form: when one of them changes, so does the fingerprint."""


def files(root: Path) -> list[tuple[str, Path]]:
    """Every knowledge file with its kind, in a fixed order."""
    found: list[tuple[str, Path]] = []
    for kind in KINDS:
        single = root / f"{kind}.yaml"
        if single.is_file():
            found.append((kind, single))
        found.extend((kind, path) for path in sorted((root / kind).glob("*.yaml")))
    return found


def fingerprint(root: Path) -> str:
    """Hash of the contents (and names) of all knowledge files, and of the code that compiles them."""
    digest = hashlib.blake2b(digest_size=16)
    for kind, path in files(root):
        digest.update(f"{kind}/{path.name}\0".encode())
        digest.update(path.read_bytes())
    for name in COMPILED_BY:
        source = Path(__file__).with_name(name)
        digest.update(source.read_bytes() if source.is_file() else name.encode())
    return digest.hexdigest()
