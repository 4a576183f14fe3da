"""Settings as code, configs and command lines give them: "warmup_steps=0", "max_grad_norm: 1.0", "--fp16", "AdamW(lr=3e-4)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ...kb.model import Entry
from ..reason.kernel import Value

ASSIGNED = re.compile(
    r"(?<![\w.])(?P<dash>--?)?[\"']?(?P<name>[a-z][a-z0-9_.-]{0,40}?)[\"']?"
    r"(?:\s?[=:]{1,2}\s?|(?<=[a-z0-9])\s(?=[\d.]+(?:e-?\d+)?(?![\w.])|(?:true|false|none|[a-z]+)\b))"
    r"(?P<value>[\[(]\s*[\d.e-]+\s*,\s*[\d.e-]+\s*[\])]|[\"']?[\w.+-]+[\"']?)",
    re.IGNORECASE,
)
"""A name with its value; a space joins them only behind dashes, as on a command line."""
TOLD = re.compile(
    r"(?<![\w.-])(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\s(?:from\s[\w.-]+\s)?(?:to|of|is|was|at|set to)\s(?P<value>[\w.+-]*\w)", re.IGNORECASE
)
"""A name in the way of code, with its value in words: "changed nproc_per_node from 8 to 2"."""
FLAG = re.compile(r"(?<![\w-])--(?P<name>[a-z][\w-]*)(?=\s+-|\s*\\|\s*$|\s*\n)", re.IGNORECASE | re.MULTILINE)
"""A switch of a command line without a value."""
GATHERED = re.compile(
    r"(?:accumulat\w*\s(?:gradients?\s|grads?\s)?(?:over\s|for\s|across\s)?|累[积加](?:了|梯度)?\s?)(?P<value>\d+)\s?(?:micro|mini|steps?|batches|iter|步|次|个)"
)
"""Accumulation in words: "accumulate 4 steps", 累积 4 步."""
YES = frozenset({"true", "yes", "on", "enabled", "1", "o1", "o2"})
NO = frozenset({"false", "no", "off", "none", "null", "disabled", "0"})


class SettingWords(Entry):
    """One row of `phrases/settings.yaml`: names of a setting, and what its values say of a fact."""

    fact: str
    kind: Literal["number", "positive", "switch", "many", "words", "usual"]
    names: tuple[str, ...]
    on: str = ""
    off: str = ""
    words: dict[str, str] = {}
    usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A fact as a setting states it, with its place in the text that was read."""

    fact: str
    value: Value
    start: int
    end: int


class Settings:
    """Reads settings. Text is in one way of writing (lower case, NFKC)."""

    def __init__(self, rows: tuple[SettingWords, ...]) -> None:
        self.rows = rows
        self.by_name: dict[str, list[SettingWords]] = {}
        for row in rows:
            for name in row.names:
                self.by_name.setdefault(name, []).append(row)

    def found(self, text: str) -> Iterator[Setting]:
        """Every setting in `text` that says something, in text order."""
        for match in GATHERED.finditer(text):
            yield Setting("accumulation_steps", float(match["value"]), match.start(), match.end())
        for match in TOLD.finditer(text):
            yield from self._read(match["name"], match["value"], match.start("name"), match.end("value"))
        if "=" not in text and ":" not in text and "--" not in text:
            return
        at = 0
        while (match := ASSIGNED.search(text, at)) is not None:
            known = _plain(match["name"]) in self.by_name
            at = match.end() if known else match.end("name")
            joined = text[match.end("name") : match.start("value")].strip(" \"'")
            if not joined and not match["dash"]:
                continue
            yield from self._read(match["name"], match["value"], match.start("name"), match.end("value"))
        for match in FLAG.finditer(text):
            yield from self._read(match["name"], "true", match.start("name"), match.end("name"), flag=True)

    def _read(self, name: str, value: str, start: int, end: int, *, flag: bool = False) -> Iterator[Setting]:
        for row in self.by_name.get(_plain(name), ()):
            if flag and row.kind != "switch":
                continue
            said = _meaning(row, value.strip("\"'"))
            if said is not None:
                yield Setting(row.fact, said, start, end)


def _plain(name: str) -> str:
    return re.sub(r"[_-]", "", name.rpartition(".")[2])


def _meaning(row: SettingWords, raw: str) -> Value | None:
    if row.kind == "words":
        return row.words.get(re.sub(r"[_-]", "", raw))
    if row.kind == "usual":
        return re.sub(r"[\[\]()\s]", "", raw) in row.usual if re.search(r"\d", raw) else None
    if row.kind == "switch":
        said = row.on if raw in YES else row.off if raw in NO else ""
        return {"true": True, "false": False}.get(said, said) if said else None
    if row.kind == "positive" and raw in NO:
        return False
    try:
        number = float(raw)
    except ValueError:
        return None
    if row.kind == "number":
        return number if number > 0 else None
    return number > (1 if row.kind == "many" else 0)
