"""How long the knowledge base takes to load: cold (cache cleared), warm, and the YAML parser alone on the same files.

    uv run bench/load_kb.py             # 15 rounds, every variant in turn in each round, CPU time of whole processes
    uv run bench/load_kb.py --rounds 31

The warm load is told beside `python -c "import pydantic"`; the issue's target is at most 30 ms more than that.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PARSE = """
import yaml
from lossclinic.kb.base import ROOT
from lossclinic.kb.layout import files
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
for _, path in files(ROOT):
    yaml.load(path.read_text("utf-8"), Loader=loader)
"""
VARIANTS = {
    "python alone": "pass",
    "import pydantic": "from pydantic import BaseModel",
    "CSafeLoader alone": PARSE,
    "cold load": "from lossclinic.kb import load; load()",
    "warm load": "from lossclinic.kb import load; load()",
    "warm load with tables": "from lossclinic.kb import load; load().tables",
}


def cpu_ms(code: str, home: Path) -> float:
    """User and system milliseconds of a Python process that runs `code` with its caches under `home`."""
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "LOSSCLINIC_HOME": str(home)})
    after = os.times()
    return 1e3 * (after.children_user - before.children_user + after.children_system - before.children_system)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    figures: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm"
        cpu_ms(VARIANTS["warm load"], warm)
        for turn in range(rounds):
            for name, code in VARIANTS.items():
                figures[name].append(cpu_ms(code, Path(folder) / f"cold{turn}" if name == "cold load" else warm))
    print(f"{'CPU milliseconds':<24}{'median':>8}{'fastest':>9}")
    for name, values in figures.items():
        print(f"{name:<24}{statistics.median(values):>8.0f}{min(values):>9.0f}")
    over = statistics.median(figures["warm load"]) - statistics.median(figures["import pydantic"])
    print(f"warm load over the interpreter with pydantic imported: {over:.0f} ms (target: at most 30)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
