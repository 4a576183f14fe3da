"""How long `diagnose` takes from nothing to a report, beside what Python needs to import numpy and pydantic.

    uv run bench/start_up.py                 # 21 rounds, the two commands in turn
    uv run bench/start_up.py --rounds 51
    uv run bench/start_up.py --imports 25    # and the modules that cost most, by `python -X importtime`

Both commands run in the same interpreter and environment, one after the other in every round, so that whatever else the machine is
doing hits both. The log is made here: 2,000 rows of step, loss, validation loss, learning rate and gradient norm, with one spike. The
compiled knowledge base is warm, as in every run but the first after an upgrade.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROWS = 2000
TARGET = 3.0
"""`diagnose` may take at most this many times what the imports take."""

IMPORTS = (sys.executable, "-c", "import numpy, pydantic")
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled once and not at every start, as for anyone who installed the program."""

DIAGNOSE = str(Path(sys.executable).with_name("diagnose"))


def write_log(path: Path) -> None:
    """A training run of `ROWS` points with a spike in the middle, as CSV."""
    noise = np.random.default_rng(20)
    step = np.arange(ROWS)
    loss = 2.3 * np.exp(-step / 400) + 0.3 + noise.normal(0, 0.03, ROWS)
    loss[1200:1206] += np.linspace(6, 0, 6)
    norm = np.abs(noise.normal(1, 0.1, ROWS))
    norm[1200:1203] = 40.0
    lines = ["step,train_loss,val_loss,lr,grad_norm"]
    for i in step:
        val = f"{loss[i] + 0.05:.5f}" if i % 50 == 0 else ""
        lines.append(f"{i},{loss[i]:.5f},{val},{3e-4 * (1 - i / ROWS):.6g},{norm[i]:.5f}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def seconds(command: Sequence[str]) -> float:
    """Wall-clock time of one run; the command has to succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=COMPILED)
    return time.perf_counter() - start


def line(name: str, times: Sequence[float]) -> str:
    """Name, median and fastest run, in milliseconds."""
    return f"{name:<34}{1000 * statistics.median(times):>8.0f}{1000 * min(times):>8.0f}"


def dearest(command: Sequence[str], count: int) -> list[str]:
    """The modules that `command` spends most time on by themselves, and how many it imports in all."""
    done = subprocess.run([sys.executable, "-X", "importtime", *command], check=True, capture_output=True, text=True, env=COMPILED)
    found = re.findall(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)", done.stderr)
    own = sorted(((int(alone), int(total), name) for alone, total, name in found), reverse=True)
    rows = [f"{alone / 1000:>8.1f}{total / 1000:>9.1f}  {name}" for alone, total, name in own[:count]]
    return [f"{len(found)} modules; milliseconds alone, with what they import:", *rows]


def main() -> int:
    """Measure, print, and say whether the target is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--imports", type=int, default=0, metavar="N", help="also list the N dearest modules")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lossclinic-") as folder:
        log = Path(folder) / "metrics.csv"
        write_log(log)
        diagnose = (DIAGNOSE, "--metrics", str(log))
        seconds(IMPORTS), seconds(diagnose)  # warm up
        imports, diagnoses = [], []
        for _ in range(args.rounds):
            imports.append(seconds(IMPORTS))
            diagnoses.append(seconds(diagnose))
        if args.imports:
            print("\n".join(dearest(diagnose, args.imports)), end="\n\n")
    print(f"{args.rounds} rounds on {os.cpu_count()} cores, Python {sys.version.split()[0]}, numpy {np.__version__}")
    print(f"{'milliseconds':<34}{'median':>8}{'fastest':>8}")
    print(line('python -c "import numpy, pydantic"', imports))
    print(line(f"diagnose --metrics ({ROWS:,} rows)", diagnoses))
    ratio = statistics.median(diagnoses) / statistics.median(imports)
    print(f"{'ratio':<34}{ratio:>8.2f}{min(diagnoses) / min(imports):>8.2f}   (target: at most {TARGET:g})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
