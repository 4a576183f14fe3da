"""The lint that a diagnostician would want: what is wrong with a knowledge folder, each fault with file:line:column.

`lint(root)` looks at the folder as its author wrote it. It needs no engine: whether a cause is confirmed or two causes are told
apart is read off the authors' words. What the examples of the entries come to, the tests of the engine say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from . import claims, completeness, evidence, prose, references, rules, snippets, vocabulary
from .finding import Finding
from .shelf import Shelf
from .taxonomy import CONTRACT, Vocabulary

__all__ = ["CONTRACT", "Finding", "Shelf", "Vocabulary", "lint"]

CHECKS: tuple[Callable[[Shelf], Iterator[Finding]], ...] = (
    references.check,
    completeness.check,
    prose.check,
    rules.check,
    evidence.check,
    snippets.check,
    claims.check,
)
"""Everything that is looked at besides the schema and the contract; each finds its faults independently of the others."""


def lint(root: Path, contract: Vocabulary = CONTRACT, *, run_snippets: bool = False) -> list[Finding]:
    """All faults of the knowledge folder `root`, by file and line.

    `contract`: ids that must be there. `run_snippets`: also run the PyTorch snippets where PyTorch is installed (a minute or so).
    """
    shelf = Shelf(root)
    found = [*shelf.faults, *vocabulary.check(shelf, contract)]
    for check in CHECKS:
        found.extend(check(shelf))
    if run_snippets:
        found.extend(snippets.check_by_running(shelf))
    return sorted(found, key=lambda finding: (str(finding.path), finding.line, finding.column, finding.rule))
