"""The axes of a curve: which range, linear or logarithmic, and which round numbers stand beside it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..engine.observe.curve import quantiles
from ..engine.observe.log import Floats

__all__ = ["Scale", "Tick", "choose_scale", "step_label", "step_ticks"]

LOG_FROM, LOG_IF_FLAT = 30.0, 5.0
"""Ratio of the largest to the smallest value from which the axis is logarithmic: on ten linear rows of four dots anything below a
thirtieth of the largest value lies in the last two rows of dots. From the second ratio on it is so if the curve is `FLAT` otherwise."""

FLAT = 0.15
"""A curve is flat when the middle four fifths of its values take less than this share of the range."""

_NEAR = 1e-9
"""Relative slack within which a round number still counts as inside the range."""


class Tick(NamedTuple):
    """A round number on an axis: where it lies (0 = low end, 1 = high end) and how it reads."""

    place: float
    label: str


class Scale(NamedTuple):
    """A range of values laid out from 0 (bottom) to 1 (top); `low` and `high` are decimal logarithms when `log`."""

    low: float
    high: float
    log: bool

    def place(self, values: Floats) -> Floats:
        """Where `values` lie. On a logarithmic scale zeros lie at the bottom; what is not finite has no place (NaN)."""
        usable = np.where(np.isfinite(values), values, np.nan)
        if self.log:
            usable = np.log10(np.maximum(usable, 10.0**self.low))
        return (usable - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[Tick]:
        """At most `most` round numbers inside the range, lowest first."""
        if not self.log:
            values, decimals = _round_values(self.low, self.high, most)
            return [Tick((value - self.low) / (self.high - self.low), _fixed(value, decimals)) for value in values]
        exponents = _round_exponents(self.low, self.high, most)
        return [Tick((e - self.low) / (self.high - self.low), _short(10.0**e)) for e in exponents]

    def label(self, place: float) -> str:
        """The value at `place`, to three figures."""
        value = self.low + place * (self.high - self.low)
        return _short(float(f"{10.0**value if self.log else value:.3g}"))


def choose_scale(values: Floats, *, log: bool | None = None) -> Scale:
    """The scale on which every finite value is inside and the course is best seen: logarithmic when the values span a large factor and
    none is negative (a minority of exact zeros may be among them). `log` decides that instead, as far as a logarithm is possible."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return Scale(0.0, 1.0, False)
    low, high = float(finite.min()), float(finite.max())
    positive = finite[finite > 0]
    if log and positive.size and high > float(positive.min()):
        return Scale(math.log10(float(positive.min())), math.log10(high), True)
    if log is None and low >= 0 and positive.size * 2 > finite.size:
        ratio = high / float(positive.min())
        low_tenth, high_tenth = quantiles(finite, 0.1, 0.9)
        middle = high_tenth - low_tenth
        if ratio >= LOG_FROM or (ratio >= LOG_IF_FLAT and middle < FLAT * (high - low)):
            return Scale(math.log10(float(positive.min())), math.log10(high), True)
    if high - low <= _NEAR * max(abs(high), abs(low)):
        margin = 0.5 * abs(high) or 0.5
        return Scale(low - margin, high + margin, False)
    return Scale(low, high, False)


def step_ticks(first: float, last: float, most: int) -> list[Tick]:
    """At most `most` round steps between `first` and `last`, with labels that stay short for long runs ("150k")."""
    if last <= first:
        return [Tick(0.0, step_label(first))]
    values, decimals = _round_values(first, last, most)
    return [Tick(min(1.0, max(0.0, (v - first) / (last - first))), _fixed(v, decimals) if decimals else step_label(v)) for v in values]


def step_label(step: float) -> str:
    """A step as short as it can be said exactly: "1200", "150k", "2.5M"."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(step) >= 1e5 and step % (size / 10) == 0:
            return f"{step / size:g}{letter}"
    return f"{step:.0f}" if step == round(step) else f"{step:.4g}"


def _round_values(low: float, high: float, most: int) -> tuple[list[float], int]:
    """Multiples of 1, 2 or 5 times a power of ten in [low, high], at most `most`, and the decimals they need."""
    raw = (high - low) / max(1, most)
    power = math.floor(math.log10(raw))
    for exponent in (power, power + 1):
        for factor in (1, 2, 5):
            step = factor * 10.0**exponent
            first, last = math.ceil(low / step - _NEAR), math.floor(high / step + _NEAR)
            if step >= raw * (1 - _NEAR) and last - first < most:
                return [k * step for k in range(first, last + 1)], max(0, -exponent)
    return [], 0


def _round_exponents(low: float, high: float, most: int) -> list[float]:
    """Decimal logarithms of round numbers in [low, high]: powers of ten, and 2 and 5 times them when those are few."""
    decades = list(range(math.ceil(low - _NEAR), math.floor(high + _NEAR) + 1))
    if len(decades) >= 3:
        return [float(e) for e in decades[:: math.ceil(len(decades) / most)]]
    exponents = [e + math.log10(f) for e in range(math.floor(low), math.floor(high) + 1) for f in (1, 2, 5)]
    inside = [e for e in exponents if low - _NEAR <= e <= high + _NEAR]
    return inside[:: math.ceil(len(inside) / most)] if inside else []


def _fixed(value: float, decimals: int) -> str:
    if value and (abs(value) >= 1e6 or decimals > 5):
        return _short(value)
    return f"{value:.{decimals}f}"


def _short(value: float) -> str:
    """A number in few characters: "0.001", "250", "1e-5", "2.35e8"."""
    if value and not 1e-3 * (1 - _NEAR) <= abs(value) < 1e5:
        mantissa, _, exponent = f"{value:.2e}".partition("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    return f"{value:.6g}"
