"""The transcripts in docs/: a hard case in each language, as the program prints it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PARTS = {
    "en": (
        "Why ask:", "came to", "and not", "What would change the verdict", "If it were so", "Taken back", "The next experiment|Check next",
        "In short",
    ),
    "zh": ("为什么问：", "是怎么得出的", "，不是“", "什么会改变结论", "假如：", "已收回", "下一步实验|接下来查什么", "一句话"),
}  # fmt: skip


def drawn(lang: str) -> str:
    """The page as the program draws it now."""
    spec = importlib.util.spec_from_file_location("transcribe", DOCS / "transcribe.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.transcript(lang)


@pytest.mark.parametrize(("lang", "name"), [("en", "transcript.md"), ("zh", "transcript.zh-CN.md")])
def test_the_transcript_is_what_the_program_prints(lang: str, name: str) -> None:
    """The page in docs/ and one drawn now open alike and have the same parts in the same order; probabilities move with the knowledge."""
    pages = [(DOCS / name).read_text("utf-8"), drawn(lang)]
    assert pages[0].split("> ")[0] == pages[1].split("> ")[0]
    for page in pages:
        place = 0
        for part in PARTS[lang]:
            found = re.compile(part).search(page, place)
            assert found, part
            place = found.end()
