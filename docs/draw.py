"""The pictures of the two READMEs: what `diagnose` prints for a log in `examples/`, as SVG.

    uv run docs/draw.py

The text is the real output with its colours, cut off where a README has to go on. Braille dots, bars and rules are drawn as shapes and
every piece of text is stretched to its cells, so that the picture looks the same whatever fonts the reader has.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from lossclinic.tui.display import display_width

HERE = Path(__file__).parent
LOG = "examples/spike.tsv"
PICTURES = {"en": "diagnosis.svg", "zh": "diagnosis.zh-CN.svg"}
SHOWN_FIXES = 1
"""Things to do that are shown before the picture ends."""

CELL, ROW, MARGIN = 8.4, 18.0, 20.0
"""Size of a character cell, and the frame around the text, in pixels."""

PAPER, INK, FAINT = "#0f1419", "#d5dbe1", "#7f8b96"
COLOURS = {"2": FAINT, "31": "#ff7b72", "1;31": "#ff7b72", "32": "#7ee0a1", "33": "#e6b455", "35": "#d2a8ff", "36": "#5cc8e8"}
"""What the terminal's colours look like here, by the codes that `diagnose` uses (ECMA-48)."""

FONTS = "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC','PingFang SC','Microsoft YaHei',monospace"
_DOTS = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
"""Column and row of each bit of a braille character (Unicode 15, section 21.1)."""


class Piece(NamedTuple):
    """Characters in one style, `column` cells from the left."""

    row: int
    column: int
    text: str
    code: str


def output(lang: str) -> list[str]:
    """The coloured lines that `diagnose` prints, up to the first things to do."""
    diagnose = Path(sys.executable).with_name("diagnose")
    command = (str(diagnose), "--metrics", LOG, "--lang", lang, "--color")
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", cwd=HERE.parent)
    lines = done.stdout.splitlines()
    headings = [i for i, line in enumerate(lines) if "──────────" in line and "└" not in line]
    to_do = headings[3]
    entries = [i for i, line in enumerate(lines) if i > to_do and re.match(r"(?:\x1b\[\S*?m)*  \d  ", line)]
    return [*lines[: entries[SHOWN_FIXES]], "     …"]


def pieces(lines: list[str]) -> Iterator[Piece]:
    """The lines cut where the style changes and where shapes and letters meet."""
    for row, line in enumerate(lines):
        column, code = 0, ""
        for escape_code, text in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b]+)", line):
            if not text:
                code = "" if escape_code == "0" else escape_code
                continue
            for part in re.findall(r"[⠀-⣿ ]+|[─-╿]+| +|[^⠀-⣿─-╿ ]+(?: [^⠀-⣿─-╿ ]+)*", text):
                if part.strip():
                    yield Piece(row, column, part, code)
                column += display_width(part)


def shapes(piece: Piece) -> str:
    """A braille character, bar or rule as a path."""
    out: list[str] = []
    y = MARGIN + (piece.row + 2) * ROW
    for i, character in enumerate(piece.text):
        x = MARGIN + (piece.column + i) * CELL
        if "⠀" <= character <= "⣿":
            for bit, (right, down) in enumerate(_DOTS):
                if (ord(character) - 0x2800) >> bit & 1:
                    out.append(f"M{x + right * CELL / 2 + 1:.1f} {y + down * ROW / 4 + 1.1:.1f}h2.4v2.4h-2.4z")
            continue
        middle, centre = y + ROW / 2, x + CELL / 2
        if character in "─┴┬┼└":
            out.append(f"M{x if character != '└' else centre:.1f} {middle - 0.5:.1f}H{x + CELL:.1f}v1H{x if character != '└' else centre:.1f}z")
        if character in "│┤└┴├":
            bottom = y + ROW if character in "│┤├" else middle
            out.append(f"M{centre - 0.5:.1f} {y:.1f}h1V{bottom:.1f}h-1z")
        if character == "┤":
            out.append(f"M{x:.1f} {middle - 0.5:.1f}H{centre:.1f}v1H{x:.1f}z")
        if character in "━╸":
            out.append(f"M{x:.1f} {middle - 2:.1f}h{CELL if character == '━' else CELL / 2:.1f}v4H{x:.1f}z")
    return "".join(out)


def letters(piece: Piece) -> str:
    """Text, stretched to its cells."""
    x, y = MARGIN + piece.column * CELL, MARGIN + (piece.row + 2) * ROW + 13
    width = display_width(piece.text) * CELL
    place = f'x="{x:.1f}" y="{y:.1f}" textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text class="{class_of(piece.code)}" {place}>{escape(piece.text)}</text>'


def class_of(code: str) -> str:
    """Name of a style in the picture's own style sheet."""
    return "c" + code.replace(";", "-")


def picture(lang: str) -> str:
    """The SVG document."""
    lines = output(lang)
    widest = max(display_width(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width, height = max(80, widest) * CELL + 2 * MARGIN, (len(lines) + 2) * ROW + 2 * MARGIN
    text, paths = [], dict[str, str]()
    for piece in pieces(lines):
        if re.match(r"\s*[⠀-⣿─-╿]", piece.text):
            paths[piece.code] = paths.get(piece.code, "") + shapes(piece)
        else:
            text.append(letters(piece))
    rules = "".join(f".{class_of(code)}{{fill:{colour}}}" for code, colour in COLOURS.items())
    prompt = Piece(-2, 0, f"$ diagnose --metrics {LOG}", "2")
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<style>text{{font:14px {FONTS};fill:{INK};white-space:pre}}path{{fill:{INK}}}.c1,.c1-31{{font-weight:700}}{rules}</style>",
        f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>',
        letters(prompt),
        *text,
        *(f'<path class="{class_of(code)}" d="{path}"/>' for code, path in paths.items()),
        "</svg>\n",
    ])  # fmt: skip


def main() -> None:
    """Write both pictures."""
    for lang, name in PICTURES.items():
        (HERE / "img" / name).write_text(picture(lang), "utf-8")


if __name__ == "__main__":
    main()
