"""Ten million rows: a whole diagnosis beside what the fastest CSV readers need for the same file, and what it grows by from one million.

    uv run --with polars --with pyarrow --with duckdb --with pandas bench/scale.py            # 1 and 10 million rows, three times each
    uv run bench/scale.py --rows 1e5 1e6 --repeat 1                                             # fewer; readers not installed are left out

Each figure is that of a process of its own: wall time from its start to its end, the processor time it took, and the most memory it held
(resident set). A reader's process imports the reader and reads the file into columns of numbers; ours is `diagnose --metrics FILE`.
`inside` is the reading alone, without the start of the process and the import. Best of the repeats, taken in turns.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

COLUMNS = ("step", "loss", "grad_norm", "lr", "val_loss")
KEPT = 4
"""Columns of full length, 8 bytes a number: the measure for memory."""

READERS = {
    "polars": "import polars; began = time.perf_counter(); polars.read_csv(path)",
    "pyarrow": "import pyarrow.csv; began = time.perf_counter(); pyarrow.csv.read_csv(path)",
    "duckdb": "import duckdb; began = time.perf_counter(); duckdb.sql(f\"select * from read_csv('{path}')\").fetchnumpy()",
    "pandas (C)": "import pandas; began = time.perf_counter(); pandas.read_csv(path, engine='c')",
    "numpy.loadtxt": "import numpy; began = time.perf_counter(); numpy.loadtxt(path, delimiter=',', skiprows=1, usecols=(0, 1, 2, 3))",
    "our careful reader": (
        "from lossclinic.engine.observe.read import delimited; delimited.FROM_BYTES = 1 << 60; "
        "from lossclinic.engine.observe.read.source import Source; from pathlib import Path; "
        "began = time.perf_counter(); delimited.read(Source(Path(path)))"
    ),
    "our reader": "from lossclinic.engine.observe.read import read; began = time.perf_counter(); read(path)",
}
SLOW = {"numpy.loadtxt", "our careful reader"}
"""Measured once, and not beyond a million rows: they need a minute for ten."""


def write(path: Path, n: int) -> None:
    """A healthy run of `n` steps with one spike of 40 steps at 60 %, validated every thousand steps."""
    chance = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(COLUMNS) + "\n")
        for start in range(0, n, 100_000):
            step = np.arange(start, min(start + 100_000, n))
            t = step / n
            loss = (0.5 + 3.5 * np.exp(-8 * t)) * np.exp(0.05 * chance.standard_normal(len(step)))
            grad = np.exp(0.2 * chance.standard_normal(len(step))) * (0.4 + np.exp(-20 * t))
            rate = 3e-4 * np.minimum(1, step / (0.01 * n)) * (0.55 + 0.45 * np.cos(np.pi * t))
            val = (0.6 + 3.4 * np.exp(-8 * t)) * np.exp(0.01 * chance.standard_normal(len(step)))
            hurt = (step >= spike_at(n)) & (step < spike_at(n) + 40)
            loss[hurt] *= 6
            grad[hurt] *= 30
            shown = [f"{v:.5f}" if s % 1000 == 0 else "" for s, v in zip(step.tolist(), val.tolist(), strict=True)]
            rows = zip(step.tolist(), loss.tolist(), grad.tolist(), rate.tolist(), shown, strict=True)
            file.write("".join(f"{s},{a:.5f},{g:.5f},{r:.4e},{v}\n" for s, a, g, r, v in rows))


def spike_at(n: int) -> int:
    """The step at which the spike begins: no round number of anything."""
    return int(0.6 * n) + 77


def measure(command: list[str]) -> tuple[float, float, int, str]:
    """Wall seconds, processor seconds and peak memory (MB) of a process, and what it printed."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, said


def main() -> int:
    """Write the files, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, nargs=2, default=(1e6, 1e7), metavar=("FEW", "MANY"))
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    few, many = (int(n) for n in args.rows)
    there = [name for name in READERS if name.startswith("our") or importlib.util.find_spec(name.split()[0].split(".")[0])]
    frame = "import sys, time; path = sys.argv[1]; {}; print(time.perf_counter() - began)"
    commands = {name: [sys.executable, "-c", frame.format(READERS[name])] for name in there}
    commands["diagnose"] = [sys.executable, "-m", "lossclinic", "diagnose", "--lang", "en", "--metrics"]
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        best: dict[tuple[str, int], list[float]] = {}
        for n in (few, many):
            path = Path(folder) / f"{n}.csv"
            write(path, n)
            print(f"{n} rows, {path.stat().st_size / 1e6:.0f} MB", file=sys.stderr, flush=True)
            for turn in range(args.repeat):
                for name, command in commands.items():
                    if name in SLOW and (turn or n > 1_000_000):
                        continue
                    wall, processor, memory, said = measure([*command, str(path)])
                    inside = wall if name == "diagnose" else float(said.splitlines()[-1])
                    figures = [wall, processor, memory, inside]
                    before = best.get((name, n), figures)
                    best[name, n] = [min(a, b) for a, b in zip(before, figures, strict=True)]
                    assert name != "diagnose" or str(spike_at(n)) in said.replace(",", ""), said
    print(f"{'':20s} {'rows':>10s} {'wall s':>8s} {'inside s':>9s} {'processor s':>12s} {'MB':>6s}")
    for (name, n), (wall, processor, memory, inside) in best.items():
        print(f"{name:20s} {n:10d} {wall:8.2f} {inside:9.2f} {processor:12.2f} {memory:6.0f}")
    rivals = [(figures, name) for (name, n), figures in best.items() if n == many and not name.startswith(("our", "diagnose"))]
    ours = best["diagnose", many]
    if rivals:
        fastest, name = min(rivals)
        print(f"whole diagnosis over the fastest reader ({name}): wall {ours[0] / fastest[0]:.2f}, processor time {ours[1] / fastest[1]:.2f}")
    print(f"peak memory over the numbers of the file: {ours[2] * 1e6 / (8 * KEPT * many):.2f}")
    print(f"{many} rows over {few} rows: wall {ours[0] / best['diagnose', few][0]:.1f}, processor time {ours[1] / best['diagnose', few][1]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
