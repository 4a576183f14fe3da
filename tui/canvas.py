"""Dots on a grid of characters: a series becomes a raster, and rasters become rows of braille (or ASCII) characters.

Every character holds 2 x 4 dots. Each column of dots shows the whole range between the lowest and the highest of its points, so
that a spike of one step among a million stays visible. Where that makes a solid band, the running median is left blank in it, so
that the trend stays visible too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine.observe.log import Floats

__all__ = ["DOTS_HIGH", "DOTS_WIDE", "Bits", "Raster", "Trace", "dot_count", "glyph", "raster"]

DOTS_WIDE, DOTS_HIGH = 2, 4
"""Dots of a character."""

BAND, CROWD = 0.2, 4
"""A line is a solid band when on average it fills this share of the height with so many points in each column of dots."""

SMOOTH, FURROW, RIM = 9, 1.5, 1
"""The blank line in a band: columns its median is averaged over, half its width, and dots kept at the edges of the band."""

_BIT = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)
"""Bit of each dot in the braille block (Unicode 15, section 21.1)."""

_UPPER, _LOWER = 0x01 | 0x08 | 0x02 | 0x10, 0x04 | 0x20 | 0x40 | 0x80

Bits = NDArray[np.uint8]
"""Rows x columns of characters; each value holds the dots of one character as braille bits."""


class Trace(NamedTuple):
    """A series ready to be drawn: where its points lie, 0..1 from left to right and from bottom to top (NaN = no value)."""

    x: Floats
    y: Floats
    dotted: bool = False
    """Draw every other column of dots, as a line to be told from another without colour."""


class Raster(NamedTuple):
    """A trace as dots, and whether its median is left blank in a solid band."""

    bits: Bits
    solid: bool


def raster(trace: Trace, columns: int, rows: int) -> Raster:
    """The dots of `trace` on a grid of `columns` x `rows` characters. Points are joined by straight lines in the order in which
    they come; the line breaks where a value is missing and where x goes back (a log that starts again)."""
    solid = False
    dots = np.zeros((rows * DOTS_HIGH, columns * DOTS_WIDE), dtype=bool)
    if len(trace.x):
        joined = np.diff(trace.x, prepend=trace.x[0]) >= 0
        for run in np.split(np.arange(len(trace.x)), np.flatnonzero(~joined)):
            for piece in _unbroken(run, trace.y):
                solid |= _draw(dots, trace.x[piece], trace.y[piece])
    if trace.dotted:
        dots[:, 1::2] = False
    cells = dots.reshape(rows, DOTS_HIGH, columns, DOTS_WIDE) * _BIT[None, :, None, :]
    return Raster(cells.sum(axis=(1, 3)).astype(np.uint8), solid)


def _unbroken(run: NDArray[np.intp], y: Floats) -> list[NDArray[np.intp]]:
    """Stretches of `run` without a missing value in between."""
    present = np.isfinite(y[run])
    edges = np.flatnonzero(np.diff(present)) + 1
    return [piece for piece in np.split(run, edges) if len(piece) and np.isfinite(y[piece[0]])]


def _draw(dots: NDArray[np.bool_], x: Floats, y: Floats) -> bool:
    """Set the dots of one unbroken line, whose `x` ascends; True when it is a solid band."""
    high, wide = dots.shape
    column = np.clip(np.rint(x * (wide - 1)), 0, wide - 1).astype(np.intp)
    height = np.clip((1.0 - y) * (high - 1), 0, high - 1)
    start = np.flatnonzero(np.concatenate(([True], column[1:] != column[:-1])))
    filled = column[start]
    stop = np.append(start[1:], len(column)) - 1
    every: NDArray[np.intp] = np.arange(int(filled[0]), int(filled[-1]) + 1)
    # Columns between two points take the straight line from where one leaves to where the next enters.
    knots = np.column_stack((filled - 0.25, filled + 0.25)).ravel()
    between: Floats = np.interp(every, knots, np.column_stack((height[start], height[stop])).ravel())
    enter, leave, top, bottom = (between.copy() for _ in range(4))
    here = filled - filled[0]
    enter[here], leave[here] = height[start], height[stop]
    top[here], bottom[here] = np.minimum.reduceat(height, start), np.maximum.reduceat(height, start)
    middle = (leave[:-1] + enter[1:]) / 2
    for end in (slice(None, -1), slice(1, None)):
        top[end], bottom[end] = np.minimum(top[end], middle), np.maximum(bottom[end], middle)
    row = np.arange(high, dtype=np.float64)[:, None]
    drawn = (row >= np.rint(top)) & (row <= np.rint(bottom))
    solid = float(np.mean(bottom - top)) > BAND * high and len(x) > CROWD * len(every) and len(every) > SMOOTH
    if solid:
        order = np.lexsort((height, column))
        median = between.copy()
        median[here] = height[order[(start + stop) // 2]]
        median = np.convolve(np.pad(median, SMOOTH // 2, mode="edge"), np.ones(SMOOTH) / SMOOTH, "valid")
        drawn &= (np.abs(row - median) > FURROW) | (row <= np.rint(top) + RIM) | (row >= np.rint(bottom) - RIM)
    dots[:, every] |= drawn
    return bool(solid)


def dot_count(bits: Bits) -> NDArray[np.int64]:
    """Dots in each cell."""
    return np.unpackbits(bits[..., None], axis=-1).sum(axis=-1, dtype=np.int64)


def glyph(bits: int, *, braille: bool, dotted: bool = False) -> str:
    """The character for the dots of one cell; without braille the nearest ASCII mark, another one for a dotted line."""
    if braille or not bits:
        return chr(0x2800 + bits) if bits else " "
    if dotted:
        return "+"
    return {(True, False): "'", (False, True): ".", (True, True): "|"}[bool(bits & _UPPER), bool(bits & _LOWER)]
