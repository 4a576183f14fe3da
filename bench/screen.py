"""How quick the triage chat is, beside an empty Textual application.

    uv run bench/screen.py                # 11 starts of each, in turn
    uv run bench/screen.py --rounds 21

All in processor time. Measured: the first paint (from the start of Python to the first frame,
both programs in one run, in turn), the answer to a keystroke with
a curve of a million points open (mean, 95th percentile and longest of pan, zoom, metric, scale and typing), the replay of 500 events, and
memory over 2,000 events in one consultation.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

POINTS = 1_000_000
TARGET_START, TARGET_KEY, TARGET_REPLAY = 1.5, 50.0, 1.0
"""Times an empty application; milliseconds; seconds."""

FIRST_FRAME = """
import os, sys
{imports}
class Program({base}):
    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        if {ready}:
            os._exit(0)
Program({arguments}).run(headless=True, size=(120, 40))
"""
EMPTY = FIRST_FRAME.format(imports="from textual.app import App", base="App", ready="True", arguments="")
CLINIC = FIRST_FRAME.format(
    imports="from lossclinic.tui.screen.app import ClinicApp", base="ClinicApp", ready='screen.query("#prompt") and screen.size', arguments='"en"'
)


def seconds(code: str) -> float:
    """Processor time from the start of Python to the first frame: on a machine that does other things as well, the clock says nothing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def resident() -> float:
    """Megabytes that the process holds."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def keystrokes(folder: Path) -> tuple[list[float], int]:
    """Milliseconds from each key to the frame that shows it, with a long curve open."""
    import numpy as np
    from lossclinic.engine.finding import Observed
    from lossclinic.engine.observe.log import Log, Series
    from lossclinic.tui.screen.app import ClinicApp
    from lossclinic.tui.screen.curve_view import CurveView
    from lossclinic.tui.screen.plot import Plot
    from lossclinic.tui.screen.prompt import Prompt

    steps = np.arange(POINTS, dtype=np.float64)
    loss = 2.3 * np.exp(-steps / 2e5) + 0.4 + np.random.default_rng(5).normal(0, 0.05, POINTS)
    loss[777_777] = 9.0
    norm = np.abs(np.random.default_rng(6).normal(1, 0.2, POINTS))
    log = Log(str(folder / "long.csv"), "csv", (Series("train_loss", "loss", steps, loss), Series("grad_norm", "norm", steps, norm)), "step")
    app = ClinicApp("en")
    times: list[float] = []
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        while app.screen.consult is None:
            await pilot.pause(0.02)
        screen = app.screen
        screen.consult.session.read(log, Observed())
        screen._plot = Plot(log)
        screen.show(moved=True)
        await pilot.pause()
        curve = screen.query_one(CurveView)
        looks = ["up", "up", "right", "left", "m", "l", "down", "home"] * 5
        for keys, target in ((looks, curve), (list("loss 变 nan 了 lr") * 2, screen.query_one(Prompt))):
            target.focus()
            await pilot.pause()
            for key in keys:
                start = time.process_time()
                await pilot.press(key)
                times.append(1000 * (time.process_time() - start))
    return times, len(times)


def replay() -> tuple[float, int]:
    """Seconds for reading and following a record."""
    from lossclinic.engine.events import header_line, parse, to_line
    from lossclinic.engine.session import Session
    from lossclinic.tui.screen.dialogue import Dialogue

    session = Session()
    for n in range(125):
        session.hear("lr=3e-4 and fp16, the loss spikes")
        session.ask("optimizer")
        session.answer("optimizer", "adam")
        session.take_back("optimizer" if n % 2 else "learning_rate")
    lines = [header_line().encode(), *(to_line(event).encode() for event in session.events)]
    start = time.perf_counter()
    Session.resumed(parse(lines, "bench").events, listeners=(Dialogue().follow,))
    return time.perf_counter() - start, len(lines) - 1


async def memory(folder: Path) -> list[tuple[int, float]]:
    """Events so far and megabytes, through one long consultation."""
    from lossclinic.tui.screen.app import ClinicApp

    os.environ["LOSSCLINIC_HOME"] = str(folder)
    app = ClinicApp("en")
    held: list[tuple[int, float]] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        while app.screen.consult is None:
            await pilot.pause(0.02)
        screen = app.screen
        consult = screen.consult
        consult.send("the loss spikes")
        while len(consult.session.events) < 2_000:
            consult.answer(None) if consult.session.current else consult.go_back()
            for fact in list(consult.session.unknown)[:1]:
                consult.change(fact)
            screen.show(moved=True)
            await pilot.pause()
            if not held or len(consult.session.events) >= held[-1][0] + 400:
                held.append((len(consult.session.events), resident()))
    return held


def line(name: str, times: Sequence[float]) -> str:
    """Name, median and fastest, in milliseconds."""
    return f"{name:<34}{1000 * statistics.median(times):>8.0f}{1000 * min(times):>8.0f}"


def main() -> int:
    """Measure, print, and say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    seconds(EMPTY), seconds(CLINIC)
    empty, clinic = [], []
    for _ in range(rounds):
        empty.append(seconds(EMPTY))
        clinic.append(seconds(CLINIC))
    print(f"{rounds} rounds on {os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    print(f"{'first paint, processor ms':<34}{'median':>8}{'fastest':>8}")
    print(line("empty Textual application", empty))
    print(line("lossclinic", clinic))
    ratio = min(clinic) / min(empty)
    print(f"{'ratio':<34}{statistics.median(clinic) / statistics.median(empty):>8.2f}{ratio:>8.2f}   (target: at most {TARGET_START:g})")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times, count = asyncio.run(keystrokes(folder))
        ordered = sorted(times)
        slow = ordered[int(0.95 * count)]
        mean, longest = statistics.mean(times), ordered[-1]
        print(f"keystroke, {POINTS:,} points: mean {mean:.1f}, 95 % {slow:.1f}, longest {longest:.1f} ms (target: {TARGET_KEY:g})")
        took, events = replay()
        print(f"replay of {events} events: {took:.2f} s (target: {TARGET_REPLAY:g})")
        held = asyncio.run(memory(folder))
        print("memory: " + ", ".join(f"{megabytes:.0f} MB at {events}" for events, megabytes in held))
    return 0 if ratio <= TARGET_START and slow <= TARGET_KEY and took <= TARGET_REPLAY else 1


if __name__ == "__main__":
    sys.exit(main())
