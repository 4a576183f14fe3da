"""Text in cells: Chinese counts double, lines break where Chinese typesetting allows, nothing steers the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lossclinic.tui.display import cut, display_width, pad, printable, wrap

MIXED = "（warmup 500步）之后loss突然变成NaN，梯度范数从 1.0 跳到 60（60 倍）；“学习率”是 3e-4。怎么办？"
TEXTS = st.text(alphabet="loss 学习率过高，。；：“”（）()！？abc 12.5% \u3000", max_size=200)


@pytest.mark.parametrize(("text", "cells"), [("loss", 4), ("损失", 4), ("损失loss", 8), ("", 0), ("e\u0301", 1), ("：", 2), ("⣿━", 2)])
def test_width_is_counted_in_terminal_cells(text: str, cells: int) -> None:
    """Chinese characters and full-width marks take two cells, combining marks none, braille one."""
    assert display_width(text) == cells


@pytest.mark.parametrize("width", range(12, 60))
def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(width: int) -> None:
    """Chinese paragraphs obey kinsoku at every width."""
    for line in wrap(MIXED, width):
        assert display_width(line) <= width
        assert line[0] not in "，。；：！？）”"
        assert line[-1] not in "（“"


@given(TEXTS, st.integers(4, 100))
def test_wrapping_loses_nothing_and_never_overflows(text: str, width: int) -> None:
    """Every character but blanks is still there, in order, and every line fits."""
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(display_width(line) <= width for line in lines)


def test_english_words_stay_whole() -> None:
    """A line breaks between words, not inside them."""
    assert wrap("the quick brown fox", 10) == ["the quick", "brown fox"]


def test_a_word_longer_than_the_line_is_split() -> None:
    """A path of 30 characters still shows on a narrow terminal."""
    assert wrap("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mloss\x1b[0m", r"\x1b[31mloss\x1b[0m"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\x9b2J", r"\x9b2J"),
        ("\udcff.csv", r"\udcff.csv"),
        ("[bold]loss[/bold]", "[bold]loss[/bold]"),
        ("损失", "损失"),
    ],
)
def test_control_characters_are_spelt_out(text: str, shown: str) -> None:
    """A column name with terminal escape codes is text like any other."""
    assert printable(text) == shown


def test_long_names_are_cut_by_cells_and_padding_is_in_cells() -> None:
    """Columns of a table line up whatever the language."""
    assert cut("梯度爆炸与裁剪", 9) == "梯度爆..."
    assert cut("short", 9) == "short"
    assert display_width(pad("损失", 10)) == display_width(pad("loss", 10)) == 10
    assert pad("损失", 6, right=True) == "  损失"
