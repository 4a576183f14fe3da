"""Lines whose numbers have no names: what they are follows from their place.

build-nanogpt ("250 train 3.41"), DARTS ("train 050 2.11e+00 20.25 71.20") and tables inside text, as YOLO prints them below a header
line ("Epoch gpu_mem box obj cls total labels img_size").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .columns import meaning, words
from .vocabulary import BARE_LOSSES

__all__ = ["header_names", "positional"]

_TAGS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "eval": "val", "test": "test"}
_UNITS = frozenset({"", "g", "m", "k", "gb", "mb", "gib", "mib", "%", "s", "ms"})

OBJECTIVE = "objective function"
"""How Kaldi calls what it maximises."""

Found = tuple[list[tuple[int, str, str]], int, int, bool]
"""(number index, name, name with meaning) of each metric; index of the step, of the epoch; whether the step counts within the epoch."""


def positional(texts: Sequence[str], header: Sequence[str]) -> Found | None:
    """What the numbers between `texts` are, if this is one of the shapes above; None otherwise."""
    n = len(texts) - 1
    if n == 2 and not texts[0].strip() and not texts[2].strip():
        tag = texts[1].strip().lower()
        if tag.isalpha():
            return [(1, tag, f"{_TAGS[tag]} loss" if tag in _TAGS else "")], 0, -1, False
    if 3 <= n <= 6 and not any(t.strip() for t in texts[1:]):
        last = texts[0].split()[-1:] or [""]
        tag = last[0].lower().strip(":[]")
        if tag in _TAGS and texts[0][-1:].isspace():
            names = ("running loss", "accuracy", "top5")
            fields = [(i + 1, f"{tag} field {i + 2}", f"{_TAGS[tag]} {name}" if name != "top5" else "") for i, name in enumerate(names) if i + 1 < n]
            step = 0 if _TAGS[tag] == "train" else -1
            return fields, step, -1, True
    if any(OBJECTIVE in text for text in texts[:-1]):
        return _objective(texts)
    if header and n >= len(header) and not texts[0].strip(" \t|"):
        return _below_header(texts, header)
    return None


def _objective(texts: Sequence[str]) -> Found | None:
    """Kaldi: "Average objective function for 'output' for minibatches 10-19 is -2.31 over 12800 frames."""
    name = next(text for text in texts if OBJECTIVE in text)
    which = re.search(r"for '([^']+)'", name)
    called = f"objective function {which[1]}" if which and which[1] != "output" else "objective function"
    value = next((i for i, text in enumerate(texts[:-1]) if text.endswith(" is ") and (OBJECTIVE in text or i)), -1)
    if value < 0 or not any(OBJECTIVE in text for text in texts[: value + 1]):
        return None
    step = next((i for i, text in enumerate(texts[:-1]) if text.rstrip().endswith("for minibatches")), -1)
    return [(value, called, f"val {called}" if "alid" in name.split(OBJECTIVE)[0] else "")], step, -1, False


def header_names(line: str) -> tuple[str, ...]:
    """The names on a line that heads a table inside text; () when it is no such line."""
    least = 2 if "|" in line else 3
    line = line.strip().strip("|")
    wide = tuple(re.split(r"\s{2,}|\s*\|\s*", line.strip()))
    names = wide if len(wide) >= least else tuple(line.split())
    if not least <= len(names) <= 20 or meaning(names[0]).kind not in {"epoch", "step"}:
        return ()
    losses = sum(1 for name in names if name.lower() in BARE_LOSSES or meaning(name).kind in {"train_loss", "val_loss"})
    return names if losses else ()


def _below_header(texts: Sequence[str], header: Sequence[str]) -> Found | None:
    logical: list[int] = []
    for i in range(len(texts) - 1):
        between = texts[i].strip(" \t|")
        if i and between == "/":
            continue
        if between.lower() not in _UNITS:
            break
        logical.append(i)
    if len(logical) < len(header):
        return None
    fields: list[tuple[int, str, str]] = []
    step = epoch = -1
    for index, name in zip(logical, header, strict=False):
        kind = meaning(name).kind
        if kind == "epoch":
            epoch = index
        elif kind == "step":
            step = index
        else:
            bare = name.lower() in BARE_LOSSES
            fields.append((index, name, f"train {words(name)[0]} loss" if bare else ""))
    return fields, step, epoch, False
