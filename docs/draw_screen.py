"""The pictures of the triage chat: the program runs in a real terminal, keys are typed, and its screen is drawn as SVG.

    uv run docs/draw_screen.py                                                     # both pictures of the guide
    uv run docs/draw_screen.py OUT.svg LANG COLUMNSxROWS THEME LOG [KEYS...]       # any screen; `-` = no log

A key is sent once the screen has stopped changing; `\\r` is Enter. Text is stretched to its cells, dots and rules are shapes, so that the
picture looks the same whatever fonts the reader has.
"""

from __future__ import annotations

import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from fcntl import ioctl
from html import escape
from itertools import groupby
from pathlib import Path

import pyte
from draw import _DOTS, FONTS
from lossclinic.tui.display import display_width

HERE = Path(__file__).parent
CELL, ROW, MARGIN = 8.4, 18.0, 14.0
QUIET, PATIENCE = 1.2, 60.0
"""Seconds without a change after which a screen stands still, and seconds to wait for that."""

NAMED = {"default": "#d9dee2", "black": "#000000"}

PICTURES = {
    "triage-en.svg": ("en", (120, 38), "dark", "examples/spike.tsv", ("no gradient clipping, lr=3e-3\r", "1")),
    "triage-zh-CN.svg": ("zh", (120, 38), "dark", "examples/spike.tsv", ("没开梯度裁剪，lr=3e-3\r", "1")),
}


def screen_of(lang: str, size: tuple[int, int], theme: str, log: str, keys: Sequence[str]) -> pyte.Screen:
    """The screen after the keys."""
    columns, rows = size
    with tempfile.TemporaryDirectory() as home:
        Path(home, "config.toml").write_text(f'theme = "{theme}"\n', "utf-8")
        compiled = Path.home() / ".cache" / "lossclinic"
        if compiled.is_dir():
            Path(home, "cache").symlink_to(compiled)
        command = [str(Path(sys.executable).with_name("lossclinic")), "triage", "--lang", lang, *([] if log == "-" else [log])]
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(HERE.parent)
            os.environ.update(LOSSCLINIC_HOME=home, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            for name in ("COLUMNS", "LINES", "NO_COLOR"):
                os.environ.pop(name, None)
            os.execv(command[0], command)  # noqa: S606 - our own program
        ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        screen = pyte.Screen(columns, rows)
        stream = pyte.ByteStream(screen)
        _wait(terminal, stream, screen, first=True)
        for key in keys:
            os.write(terminal, key.encode())
            _wait(terminal, stream, screen)
        os.write(terminal, b"\x11")
        time.sleep(0.5)
        os.close(terminal)
        os.waitpid(process, 0)
    return screen


def _wait(terminal: int, stream: pyte.ByteStream, screen: pyte.Screen, *, first: bool = False) -> None:
    """Until nothing changes any more; at first until the answers are there."""
    start = last = time.monotonic()
    while time.monotonic() - start < PATIENCE:
        if select.select([terminal], [], [], 0.1)[0]:
            stream.feed(os.read(terminal, 1 << 16))
            last = time.monotonic()
        rows = ("".join(screen.buffer[row][column].data for column in range(screen.columns)) for row in range(screen.lines))
        ready = not first or any(line.strip().startswith("1 ") for line in rows)
        if ready and time.monotonic() - last > (QUIET * 3 if first else QUIET):
            return


def colour(name: str, default: str) -> str:
    """A colour of the terminal as SVG wants it."""
    if name == "default":
        return default
    return f"#{name}" if len(name) == 6 and all(c in "0123456789abcdefABCDEF" for c in name) else NAMED.get(name, default)


def pieces(screen: pyte.Screen, paper: str, ink: str) -> Iterator[tuple[int, int, int, str, str, str, bool]]:
    """Row, column, cells, text, ink, paper and weight of everything on the screen that looks alike."""
    for row in range(screen.lines):
        cells = []
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            fore, back = colour(cell.fg, ink), colour(cell.bg, paper)
            if cell.reverse:
                fore, back = back, fore
            kind = "dots" if "⠀" <= cell.data <= "⣿" or "─" <= cell.data <= "╿" else "blank" if cell.data == " " else "text"
            cells.append((column, cell.data, fore, back, bool(cell.bold), kind))
        for (fore, back, bold, _), group in groupby(cells, key=lambda c: c[2:]):
            run = list(group)
            yield row, run[0][0], len(run), "".join(c[1] for c in run), fore, back, bold


def shape(text: str, row: int, column: int) -> str:
    """Braille, bars and rules as one path."""
    out: list[str] = []
    y = MARGIN + row * ROW
    for i, character in enumerate(text):
        x = MARGIN + (column + i) * CELL
        middle, centre = y + ROW / 2, x + CELL / 2
        if "⠀" <= character <= "⣿":
            for bit, (right, down) in enumerate(_DOTS):
                if (ord(character) - 0x2800) >> bit & 1:
                    out.append(f"M{x + right * CELL / 2 + 1:.1f} {y + down * ROW / 4 + 1.1:.1f}h2.4v2.4h-2.4z")
            continue
        thick = 4 if character in "━╸" else 1
        left, right = (centre if character in "└┌╭╰├" else x), (centre if character in "┘┐╮╯┤╸" else x + CELL)
        if character in "─━╸┬┴┼└┌┘┐├┤╭╮╰╯":
            out.append(f"M{left:.1f} {middle - thick / 2:.1f}H{right:.1f}v{thick}H{left:.1f}z")
        if character in "│┤├┼└┘┌┐┬┴╭╮╰╯":
            top = middle if character in "┌┐┬╭╮" else y
            bottom = middle if character in "└┘┴╰╯" else y + ROW
            out.append(f"M{centre - 0.5:.1f} {top:.1f}h1V{bottom:.1f}h-1z")
    return "".join(out)


def svg(screen: pyte.Screen) -> str:
    """The screen as a picture."""
    corner = screen.buffer[screen.lines // 2][0]
    paper, ink = colour(corner.bg, "#14181b"), NAMED["default"]
    width, height = screen.columns * CELL + 2 * MARGIN, screen.lines * ROW + 2 * MARGIN
    rects, texts, paths = [], [], dict[str, str]()
    for row, column, cells, text, fore, back, bold in pieces(screen, paper, ink):
        x, y = MARGIN + column * CELL, MARGIN + row * ROW
        if back != paper:
            rects.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{cells * CELL + 0.4:.1f}" height="{ROW + 0.4:.1f}" fill="{back}"/>')
        if not text.strip():
            continue
        if "⠀" <= text[0] <= "⣿" or "─" <= text[0] <= "╿":
            paths[fore] = paths.get(fore, "") + shape(text, row, column)
        else:
            heavy = ' style="font-weight:700"' if bold else ""
            length = display_width(text) * CELL
            place = f'x="{x:.1f}" y="{y + 13.5:.1f}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
            texts.append(f'<text {place} fill="{fore}"{heavy}>{escape(text)}</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<style>text{{font:14px {FONTS};white-space:pre}}</style>",
        f'<rect width="100%" height="100%" rx="8" fill="{paper}"/>',
        *rects,
        *texts,
        *(f'<path fill="{fore}" d="{path}"/>' for fore, path in paths.items()),
        "</svg>\n",
    ])  # fmt: skip


def main() -> None:
    """Draw what was asked for, or the pictures of the guide."""
    if len(sys.argv) > 1:
        out, lang, size, theme, log, *keys = sys.argv[1:]
        columns, _, rows = size.partition("x")
        typed = [key.replace("\\r", "\r").replace("\\e", "\x1b") for key in keys]
        Path(out).write_text(svg(screen_of(lang, (int(columns), int(rows)), theme, log, typed)), "utf-8")
        return
    for name, (lang, size, theme, log, keys) in PICTURES.items():
        (HERE / "img" / name).write_text(svg(screen_of(lang, size, theme, log, keys)), "utf-8")


if __name__ == "__main__":
    main()
