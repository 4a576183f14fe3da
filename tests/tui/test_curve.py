"""The curve: nothing that happened is invisible, whatever the log looks like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.observe.log import Series
from lossclinic.tui.curve import GUTTER, Mark, Panel, draw_curve
from lossclinic.tui.display import display_width
from lossclinic.tui.scale import choose_scale, step_ticks
from lossclinic.tui.spans import Line, Span, plain
from lossclinic.tui.terminal import ASCII

ROWS = 10


def series(values: Sequence[float], metric: str = "train_loss", steps: Sequence[float] | None = None) -> Series:
    """A series at steps 0, 1, 2, ... unless given."""
    at = np.arange(len(values)) if steps is None else np.array(steps)
    return Series(metric, metric, at.astype(np.float64), np.array(values, dtype=np.float64))


def drawn(*lines: Series, marks: Sequence[Mark] = (), width: int = 80, **more: object) -> list[str]:
    """The curve as plain text."""
    return [plain(line) for line in draw_curve([Panel(lines, ROWS)], marks, width=width, **more)]  # type: ignore[arg-type]


def canvas(text: list[str]) -> list[str]:
    """The rows with dots, without labels and axis."""
    return [line[GUTTER:] for line in text[:ROWS]]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60_000), st.data())
def test_a_spike_of_one_step_is_never_lost(count: int, data: st.DataObject) -> None:
    """One bad step among sixty thousand reaches the top of the picture, above its place."""
    place = data.draw(st.integers(0, count - 1))
    values = np.full(count, 1.0)
    values[place] = 9.0
    top = canvas(drawn(series(values.tolist())))[0] if count > 1 else "⣿" * 70
    column = round(place / max(1, count - 1) * (len(top) * 2 - 1)) // 2 if count > 1 else 0
    assert top[column : column + 1].strip("\u2800 ")


def test_values_that_are_no_numbers_are_signed_on_the_axis_and_break_the_line() -> None:
    """Where the loss is NaN there is a gap above and an x below."""
    values = [1.0] * 40 + [float("nan")] * 20 + [1.0] * 40
    text = drawn(series(values), width=60)
    axis = text[ROWS][GUTTER:]
    lost = [cell for cell, sign in enumerate(axis) if sign == "x"]
    assert lost
    assert all(row[lost[1] : lost[-1]].strip() == "" for row in canvas(text))


def test_infinite_values_do_not_flatten_the_rest() -> None:
    """An overflow is signed on the axis; the finite part keeps its scale."""
    text = drawn(series([3.0, 2.0, 1.0, float("inf"), 1.0]))
    assert "x" in text[ROWS]
    assert text[0].strip()[0].isdigit() or "3.0" in "".join(text[:2])


def test_a_loss_over_decades_is_drawn_on_a_logarithmic_axis() -> None:
    """A fall from 100 to 0.01 shows its whole course; a fall from 2.3 to 0.3 needs no logarithm."""
    assert choose_scale(np.geomspace(100, 0.01, 50)).log
    assert not choose_scale(np.linspace(2.3, 0.3, 50)).log
    assert choose_scale(np.concatenate(([26.0], np.linspace(2.4, 1.8, 100)))).log


def test_negative_losses_stay_on_a_linear_axis() -> None:
    """A log-likelihood below zero has no logarithm."""
    assert not choose_scale(np.array([-5.0, 100.0, 1e6])).log


def test_exact_zeros_on_a_logarithmic_axis_are_signed() -> None:
    """A tail of zeros after a fall over decades is told apart from a small loss."""
    text = drawn(series([*np.geomspace(100, 0.01, 90).tolist(), *[0.0] * 10]))
    assert text[ROWS].rstrip().endswith("0")


def test_marks_stand_on_a_rail_under_their_steps() -> None:
    """The number of a finding is below the place where it begins, and its line as long as it lasts."""
    text = drawn(series([1.0] * 100), marks=[Mark("1", 50, 50), Mark("2", 0, 99)], width=80)
    first, second = text[-2:]
    assert abs(first.index("1") - (GUTTER + 35)) <= 1
    assert second[GUTTER] == "2"
    assert len(second) == 79


def test_marks_that_overlap_get_rows_of_their_own() -> None:
    """Three findings at one step are three numbers, none covering another."""
    rail = drawn(series([1.0] * 10), marks=[Mark(str(n), 5, 5) for n in (1, 2, 3)])[-3:]
    assert [row.strip() for row in rail] == ["1", "2", "3"]


def test_short_marks_share_a_row_above_the_long_ones() -> None:
    """Eight spikes within a run-long oscillation are all on the rail."""
    spikes = [Mark("2", 10.0 * n, 10.0 * n) for n in range(1, 9)]
    rail = drawn(series([1.0] * 100), marks=[Mark("1", 0, 99), *spikes])[-2:]
    assert rail[0].split() == ["2"] * 8
    assert rail[1].strip().startswith("1─")


def test_a_solid_band_shows_its_trend() -> None:
    """Twenty thousand noisy points are no black box: the median is left blank, and the caption says so."""
    noise = np.random.default_rng(3).normal(0, 1, 20_000)
    dense = series((np.linspace(4, 2, 20_000) + noise).tolist())
    lines = draw_curve([Panel((dense,), ROWS, caption_if_solid=(Span("gap: median"),))], width=80)
    text = [plain(line) for line in lines]
    assert text[0] == "gap: median"
    column = [row[GUTTER + 35] for row in text[1 : ROWS + 1]]
    assert "".join(column).strip("⠀ ⣿⡇⢸") != ""
    assert draw_curve([Panel((series([1.0, 2.0]),), ROWS, caption_if_solid=(Span("x"),))], width=80)[0] != (Span("x"),)


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize(
    "values", [[1.0], [1.0] * 3, [0.0, 0.0], [float("nan")] * 5, [1e-300, 1e300], [5.0, -5.0], list(range(3000))], ids=repr
)
def test_every_log_can_be_drawn_and_fits(values: list[float], width: int) -> None:
    """One point, a constant, nothing but NaN, absurd ranges: a picture of the right width, and no error."""
    text = drawn(series(values), marks=[Mark("1", 0, len(values))], width=width)
    assert text
    assert all(display_width(line) == len(line) <= width for line in text)


def test_nothing_to_draw_is_no_picture() -> None:
    """A log without a point has no curve."""
    assert drawn(series([])) == []


def test_a_second_line_is_told_apart_without_colour() -> None:
    """Validation is dotted: every other column of dots is empty."""
    alone = canvas(drawn(series([1.0, 1.0]), series([2.0, 2.0], "val_loss")))
    upper = next(row for row in alone if row.strip())
    lower = next(row for row in reversed(alone) if row.strip())
    assert set(upper.strip()) != set(lower.strip())


def test_a_log_that_starts_again_is_not_joined_backwards() -> None:
    """Where the step counter goes back, the line is broken instead of drawn right to left."""
    text = canvas(drawn(series([1.0, 1.0, 9.0, 9.0], steps=[0, 100, 0, 100])))
    assert sum(1 for row in text if row.strip()) == 2


def test_plain_ascii_is_enough() -> None:
    """On a terminal without Unicode the curve is drawn in ASCII."""
    text = drawn(series([3.0, 1.0, 2.0]), series([3.0, 2.0], "val_loss"), marks=[Mark("1", 1, 2)], glyphs=ASCII)
    assert all(line.isascii() for line in text)


def test_styles_tell_lines_and_trouble_apart() -> None:
    """Each line has its style, and the stretch under a mark another."""
    lines: list[Line] = draw_curve(
        [Panel((series([1.0] * 50), series([2.0] * 50, "val_loss")), ROWS)], [Mark("1", 20, 30, "train_loss")], width=80
    )
    assert {"train", "val", "bad", "mark", "axis"} <= {span.style for line in lines for span in line}


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e7), st.integers(2, 10))
def test_ticks_are_round_few_and_inside(first: float, length: float, most: int) -> None:
    """An axis never has more ticks than fit, and none outside."""
    ticks = step_ticks(first, first + length, most)
    assert len(ticks) <= most
    assert all(-1e-6 <= tick.place <= 1 + 1e-6 for tick in ticks)


@pytest.mark.parametrize(("step", "label"), [(1200, "1200"), (150000, "150k"), (2.5e6, "2.5M"), (0, "0"), (123456, "123456"), (0.5, "0.5")])
def test_steps_are_written_short_but_exact(step: float, label: str) -> None:
    """Long runs get k and M where nothing is lost."""
    from lossclinic.tui.scale import step_label

    assert step_label(step) == label
