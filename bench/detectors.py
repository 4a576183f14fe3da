"""Judge the detectors alone on labelled runs, over all of them and in folds by task and by model.

    uv run bench/detectors.py ../shared/runs/dev
    uv run bench/detectors.py ../shared/runs/dev --misses --tasks digits_ae,tf_lm

The same criteria as `score_runs --questions 0`, but without ranking any cause: detected, false alarms, symptom family named, precision
of the families, onset within 2 % of the run. A fold is a group of runs that a threshold can be judged on without having been chosen on it:
`--tasks` (`--models`) looks at these alone, `--without` at all others.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from labelled import Run, load
from lossclinic.engine.finding import RawFinding
from lossclinic.engine.observe.detect import observe

FAMILIES = {
    "jump": ("loss_spike", "loss_surge", "jump_at_resume", "loss_divergence", "weight_jump"),
    "non-finite": ("loss_nan_inf", "loss_zero_tail", "loss_scale_collapse"),
    "stall": ("loss_plateau", "loss_slow", "constant_prediction", "dead_units", "grad_norm_vanishing"),
    "swing": ("loss_oscillation", "periodic_pattern"),
    "gap": ("overfitting_gap", "val_only_bad", "loss_too_low"),
    "gradient": ("grad_norm_spike",),
    "schedule": ("lr_jump",),
    "machine": ("hardware_alarm", "ranks_disagree"),
}
FAMILY = {symptom: family for family, symptoms in FAMILIES.items() for symptom in symptoms}
COLUMNS = ("evident", "detected", "healthy", "false", "named", "precision", "onset")


def truth(run: Run) -> set[str]:
    """Families of the symptoms that are really there."""
    return {FAMILY[s] for s in run.truth.get("symptoms") or []}


def found(run: Run) -> set[str]:
    """Families of the symptoms that the detectors found."""
    return {FAMILY[f.id] for f in run.seen.findings if f.id in FAMILY}


def alarmed(run: Run) -> bool:
    """Whether anything found calls for action."""
    return any(f.alarming for f in run.seen.findings)


def onsets(run: Run) -> list[tuple[str, float, float, bool]]:
    """For each symptom that is there and was found: its id, true onset, found onset, and whether they lie within 2 % of the run."""
    first: dict[str, float] = {}
    for f in sorted(run.seen.findings, key=lambda f: (not f.alarming, f.first_step)):
        first.setdefault(f.id, f.first_step)
    slack = 0.02 * run.truth.get("steps", run.truth["rows"] * run.truth["log_every"]) + run.truth["log_every"]
    return [(s, at, first[s], abs(first[s] - at) <= slack) for s, at in (run.truth.get("symptom_steps") or {}).items() if s in first]


def figures(runs: list[Run]) -> dict[str, float]:
    """The figures of one group of runs, by the names in `COLUMNS`; NaN where there is nothing to judge."""
    sick, well = [r for r in runs if r.evident], [r for r in runs if r.cause == "healthy"]
    nameable = [r for r in sick if truth(r)]
    right, seen = sum(len(truth(r) & found(r)) for r in sick), sum(len(found(r)) for r in sick)
    onset = [ok for r in sick for *_, ok in onsets(r)]
    return {
        "evident": len(sick), "detected": share(alarmed(r) for r in sick), "healthy": len(well), "false": share(alarmed(r) for r in well),
        "named": share(bool(truth(r) & found(r)) for r in nameable), "precision": right / seen if seen else float("nan"), "onset": share(onset),
    }  # fmt: skip


def share(hits: Iterable[bool]) -> float:
    """Share of True; NaN of nothing."""
    hits = list(hits)
    return sum(hits) / len(hits) if hits else float("nan")


def table(title: str, runs: list[Run], group: Callable[[Run], str] | None = None) -> None:
    """Print the figures of all runs, or of each group."""
    groups = sorted({group(r) for r in runs}) if group else ["all"]
    print(f"\n{title:<16}" + "".join(f"{name:>10}" for name in COLUMNS))
    for name in groups:
        row = figures([r for r in runs if group is None or group(r) == name])
        print(f"{name:<16}" + "".join(f"{row[c]:>10.0f}" if c in ("evident", "healthy") else f"{row[c]:>10.3f}" for c in COLUMNS))


def brief(f: RawFinding) -> str:
    """One finding in a few characters; a trailing minus marks one that is told without alarm."""
    return f"{f.id}{'' if f.alarming else '-'}({f.metric}@{f.first_step:g})"


def misses(runs: list[Run]) -> None:
    """Print every run that was missed, falsely alarmed, misnamed, or dated wrongly."""
    for r in runs:
        c = r.truth
        head = f"{r.id[:8]} {r.cause}/{c['variant']} {c['task']} {c['level']}"
        said = " ".join(brief(f) for f in r.seen.findings)
        if r.cause == "healthy":
            if alarmed(r):
                print(f"ALARM    {head}: {said}")
        elif r.evident:
            there = ",".join(c.get("symptoms") or ["-"])
            if not alarmed(r):
                print(f"MISSED   {head} [{there}; {','.join(c.get('evident_change_in') or [])}]: {said}")
            if truth(r) and not truth(r) & found(r):
                print(f"UNNAMED  {head} [{there}]: {said}")
            if found(r) - truth(r):
                print(f"EXTRA    {head} [{there}]: {said}")
            for symptom, at, seen, ok in onsets(r):
                if not ok:
                    print(f"ONSET    {head} {symptom} at {at:g}, found at {seen:g} of {c['steps']}")


def seconds(runs: list[Run]) -> list[float]:
    """Seconds of `observe` for each run, the fastest of three."""
    out: list[float] = []
    for r in runs:
        times: list[float] = []
        for _ in range(3):
            began = time.perf_counter()
            observe(r.log)
            times.append(time.perf_counter() - began)
        out.append(min(times))
    return out


def main() -> None:
    """Read the runs and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", default="", help="only runs of these tasks (comma-separated)")
    parser.add_argument("--models", default="", help="only runs of these models")
    parser.add_argument("--without", action="store_true", help="turn --tasks and --models round: all others")
    parser.add_argument("--misses", action="store_true", help="list the runs that went wrong")
    args = parser.parse_args()
    tasks, models = (set(filter(None, text.split(","))) for text in (args.tasks, args.models))
    runs = [r for r in load(args.folder) if not (tasks or models) or (r.truth["task"] in tasks or r.truth["model"] in models) != args.without]
    table("runs", runs)
    table("by task", runs, lambda r: r.truth["task"])
    table("by model", runs, lambda r: r.truth["model"])
    table("by level", runs, lambda r: r.truth["level"])
    table("by points", runs, lambda r: f"{10 ** len(str(max((len(s) for s in r.log.series), default=0))) // 10} or more")
    extra = Counter(f for r in runs if r.evident for f in found(r) - truth(r))
    missing = Counter(f for r in runs if r.evident for f in truth(r) - found(r))
    print(f"\nfamilies found though not there: {dict(extra)}\nfamilies there though not found: {dict(missing)}")
    took = np.sort(seconds(runs)) * 1e3
    print(f"\nobserve: median {np.median(took):.1f} ms, 90 % {np.quantile(took, 0.9):.1f} ms, most {took[-1]:.1f} ms")
    if args.misses:
        print()
        misses(runs)


if __name__ == "__main__":
    main()
