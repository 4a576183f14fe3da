"""The curve pane at any zoom: a spike of one step is seen wherever it is, and moving about stays within the run."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.engine.observe.log import Log, Series
from lossclinic.kb import load
from lossclinic.tui.phrases import Phrases
from lossclinic.tui.screen.plot import Plot, View
from lossclinic.tui.spans import plain

WORDS = Phrases("en", load())
COUNT = 30_000


def plot_of(spike: int) -> Plot:
    """A quiet loss with one value ten times as high, and a gradient norm."""
    steps = np.arange(COUNT, dtype=np.float64)
    loss = 1.0 + 0.01 * np.sin(steps)
    loss[spike] = 10.0
    return Plot(Log("run.csv", "csv", (Series("train_loss", "loss", steps, loss), Series("grad_norm", "norm", steps, np.full(COUNT, 0.5))), "step"))


def top(plot: Plot, view: View, width: int, height: int) -> str:
    """The upper third of the canvas, where only the spike can be."""
    lines = [plain(line) for line in plot.lines(view, WORDS, None, width, height)]
    canvas = [line for line in lines if any("⠁" <= cell <= "⣿" for cell in line)][1:]
    return "".join(canvas[: max(1, len(canvas) // 3)])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, COUNT - 1), st.integers(0, 12), st.floats(0, 1), st.sampled_from([(40, 10), (80, 20), (160, 40)]))
def test_a_spike_of_one_step_is_seen_at_every_zoom(spike: int, closer: int, at: float, size: tuple[int, int]) -> None:
    """However far one zooms in or out, the spike is drawn as long as its step is in the window, and not otherwise."""
    plot, view = plot_of(spike), View(log=False)
    for _ in range(closer):
        view = View(window=plot.moved(view, zoom=0.7, at=at), log=False)
    first, last = view.window or plot.extent()
    drawn = any("⠁" <= cell <= "⣿" for cell in top(plot, view, *size))
    if first <= spike <= last:
        assert drawn


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["pan", "zoom"]), st.floats(-3, 3), st.floats(0, 1)), max_size=12))
def test_moving_about_stays_within_the_run(moves: list[tuple[str, float, float]]) -> None:
    """Whatever is pressed, the window lies in the run, in order, and zooming far out shows the whole run again."""
    plot, view = plot_of(100), View()
    low, high = plot.extent()
    for deed, by, at in moves:
        window = plot.moved(view, pan=by) if deed == "pan" else plot.moved(view, zoom=2.0**by, at=at)
        view = View(window=window)
        if window is not None:
            assert low <= window[0] < window[1] <= high
    assert plot.moved(view, zoom=1e9) is None


def test_each_metric_has_its_own_picture() -> None:
    """Switching the metric shows the other series under its own name, and comes round again."""
    plot = plot_of(5)
    names = [plot.name(View(metric=n), WORDS) for n in range(len(plot.choices))]
    assert len(set(names)) == len(names) == 2
    pictures = ["\n".join(plain(line) for line in plot.lines(View(metric=n), WORDS, None, 80, 20)) for n in range(2)]
    assert pictures[0] != pictures[1]
    assert names[1] in pictures[1]
