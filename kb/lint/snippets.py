"""Code to paste must parse; where PyTorch is at hand it must also run."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .document import Document, Leaf
from .finding import Finding
from .shelf import Shelf
from .snippet_world import unknown_names

__all__ = ["check", "check_by_running"]

PYTHON = frozenset({"pytorch", "lightning", "transformers", "keras"})

IMPORTABLE = frozenset({
    "contextlib", "copy", "csv", "functools", "glob", "hashlib", "itertools", "json", "logging", "math", "os", "random", "re", "shutil",
    "statistics", "subprocess", "sys", "time", "warnings", "Path", "Counter", "defaultdict", "deque", "partial", "np", "pd", "plt",
})  # fmt: skip
"""Names that a snippet must import itself. PyTorch's own (torch, nn, F, DataLoader) stand at the top of every training script."""

PATIENCE = 300.0
"""Seconds that running all snippets may take; importing PyTorch is most of it."""


class _Snippet(NamedTuple):
    document: Document
    leaf: Leaf

    @property
    def framework(self) -> str:
        return str(self.leaf.location[-1])

    def finding(self, rule: str, line: int, column: int, reason: str) -> Finding:
        """A finding at a place inside the snippet, counted from its own first line and column."""
        node = self.leaf.node
        if node.style == "|":  # the text begins on the line after the bar
            source = self.document.lines[node.start_mark.line + 1 :]
            indent = len(source[0]) - len(source[0].lstrip()) if source else 0
            place = (node.start_mark.line + 1 + line, column + indent)
        else:
            place = (node.start_mark.line + 1, node.start_mark.column + 1)
        return Finding(self.document.path, *place, rule, {"framework": self.framework, "reason": reason})


def check(shelf: Shelf) -> Iterator[Finding]:
    """Snippets that do not parse, and shell lines that a shell would not accept."""
    shell = shutil.which("bash")
    for snippet in _snippets(shelf):
        if snippet.framework in PYTHON:
            try:
                ast.parse(snippet.leaf.text)
            except SyntaxError as error:
                yield snippet.finding("snippet-broken", error.lineno or 1, error.offset or 1, error.msg)
                continue
            for name in sorted(unknown_names(snippet.leaf.text, set()) & IMPORTABLE):
                line = next(n for n, text in enumerate(snippet.leaf.text.splitlines(), start=1) if name in text)
                yield snippet.finding("snippet-import", line, 1, name)
        elif snippet.framework == "shell" and shell:
            done = subprocess.run([shell, "-n"], input=snippet.leaf.text, capture_output=True, text=True, check=False)
            if done.returncode:
                yield snippet.finding("snippet-broken", 1, 1, " ".join(done.stderr.split()))


def check_by_running(shelf: Shelf) -> Iterator[Finding]:
    """PyTorch snippets that fail when they are run beside a small model and a few batches. Nothing where there is no PyTorch.

    What is not the snippet's fault counts for nothing: names of the reader's own, files, GPUs and libraries that are not there.
    """
    if importlib.util.find_spec("torch") is None:
        return
    snippets = [snippet for snippet in _snippets(shelf) if snippet.framework == "pytorch" and _parses(snippet.leaf.text)]
    world = Path(__file__).with_name("snippet_world.py")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, str(world)],
            input=json.dumps([textwrap.dedent(snippet.leaf.text) for snippet in snippets]),
            capture_output=True, text=True, check=False, cwd=folder, timeout=PATIENCE,
        )  # fmt: skip
    faults: list[list[object] | None] = json.loads(done.stdout) if done.returncode == 0 else []
    for snippet, fault in zip(snippets, faults, strict=False):
        if fault is not None:
            yield snippet.finding("snippet-fails", int(str(fault[0])), 1, str(fault[1]))


def _snippets(shelf: Shelf) -> Iterator[_Snippet]:
    for document in shelf.documents:
        for leaf in document.leaves():
            if len(leaf.location) >= 2 and leaf.location[-2] == "code":
                yield _Snippet(document, leaf)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True
