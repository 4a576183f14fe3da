"""Judge the detectors on courses that training takes, drawn at random: false alarms on healthy ones, symptoms named on faulty ones.

    uv run bench/courses.py                 # 120 runs of each kind
    uv run bench/courses.py --times 40 --only spike,llm --show

Every kind is drawn over lengths, scales (1e-6 to 1e6), logging intervals and kinds
of noise: Gaussian, heavy tails, additive, correlated, smoothed, with a saw of the epochs in it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from drawn.draw import drawn
from drawn.faulty import FAULTY
from drawn.healthy import HEALTHY
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Log

MAKERS = {make.__name__: make for make in (*HEALTHY, *FAULTY)}


@dataclass(frozen=True)
class Outcome:
    """What came of one run."""

    alarmed: bool
    named: bool
    dated: bool | None
    noise: str
    n: int
    said: str


def judge(job: tuple[str, int]) -> Outcome:
    """Draw one run of the kind and look at it."""
    kind, seed = job
    d = drawn(np.random.default_rng((sum(map(ord, kind)), seed)))
    made = MAKERS[kind](d)
    columns, names = made[0], made[1]
    start, restart = columns.pop("start", 0.0), columns.pop("restart", None)
    log = d.log(columns, start * d.n * d.every)
    if restart is not None:
        log = Log(log.source, log.format, log.series, log.axis, restarts=(restart * d.every,))
    findings = observe(log).findings
    right = [f for f in findings if f.id in names]
    dated = abs(right[0].first_step / d.every - made[2]) <= max(1.0, 0.02 * d.n) if right and len(made) > 2 else None
    said = " ".join(f"{f.id}{'' if f.alarming else '-'}[{f.message}]({f.metric}@{f.first_step / d.every:g})" for f in findings)
    return Outcome(
        any(f.alarming for f in findings), bool(right), dated, d.noise, d.n, f"n={d.n} x{d.scale:g} sigma={d.sigma:.3f} {d.noise} #{seed}: {said}"
    )


def main() -> None:
    """Draw the runs and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=120, help="runs of each kind")
    parser.add_argument("--first", type=int, default=0, help="number of the first run: other numbers are other runs")
    parser.add_argument("--only", default="", help="only kinds whose name has one of these (comma-separated)")
    parser.add_argument("--show", action="store_true", help="what was said of the runs that went wrong")
    args = parser.parse_args()
    wanted = [part for part in args.only.split(",") if part]
    rates: dict[str, list[float]] = {"false": [], "alarmed": [], "named": []}
    with ProcessPoolExecutor(2) as pool:
        for makers, healthy in ((HEALTHY, True), (FAULTY, False)):
            print(f"\n{'healthy' if healthy else 'faulty':<24}" + ("   alarms  by noise" if healthy else "  alarmed   named   dated"))
            for make in makers:
                if wanted and not any(part in make.__name__ for part in wanted):
                    continue
                outcomes = list(pool.map(judge, [(make.__name__, args.first + i) for i in range(args.times)], chunksize=8))
                alarmed, named = (float(np.mean([getattr(o, name) for o in outcomes])) for name in ("alarmed", "named"))
                dated = [o.dated for o in outcomes if o.dated is not None]
                if healthy:
                    rates["false"].append(alarmed)
                    print(f"{make.__name__:<24}{alarmed:>9.3f}  {dict(Counter(o.noise for o in outcomes if o.alarmed)) or ''}")
                else:
                    rates["alarmed"].append(alarmed)
                    rates["named"].append(named)
                    print(f"{make.__name__:<24}{alarmed:>9.3f}{named:>8.3f}" + (f"{np.mean(dated):>8.3f}" if dated else ""))
                if args.show:
                    for o in [o for o in outcomes if (o.alarmed if healthy else not (o.alarmed and o.named) or o.dated is False)][:12]:
                        print(f"    {o.said[:230]}")
    print("\n" + "  ".join(f"{name} {np.mean(values):.3f}" for name, values in rates.items() if values))


if __name__ == "__main__":
    main()
