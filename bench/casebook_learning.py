"""Whether confirmed cases make later diagnoses better: labelled runs filed as cases in random time orders.

    uv run bench/casebook_learning.py ../shared/runs/dev

Every run is diagnosed when its turn comes, with up to five questions, by the knowledge base alone and by what the cases filed before it
teach; then it is filed with its true cause (or one in ten with another one). Learning is done anew after every --step cases. The weights
that ship were counted on these very runs, so that they cannot improve on them: figures are given for tables of the authors' words alone, for
weights counted on the other half of the tasks (each half in turn is counted and the other one filed), and, to compare, for those that ship.

A run is judged again in every order: its verdicts are repeated measurements of one run, not new runs. The intervals are those of a crossed
bootstrap, in which runs and orders are drawn anew; without and with the casebook are compared on the same run at the same place of the
same order.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from fit import FOUND, KB, KIND, START, Case, count, exponents, tables, tally
from labelled import Run, load
from lossclinic.casebook.learn import Learned, learn
from lossclinic.casebook.lessons import Lesson, countable
from lossclinic.engine.mind import Mind
from lossclinic.engine.session import Session
from lossclinic.kb.likelihood import Tables
from lossclinic.kb.model import Fitted

RUNS: list[Run] = []
TABLES: dict[str, tuple[Tables, list[int]]] = {}


def session_of(run: Run, mind: Mind, questions: int) -> Session:
    """The triage of a run with its owner's answers."""
    session = Session(run.log, with_mind=mind, seen=run.seen)
    session.interview({k: v for k, v in run.truth["answers"].items() if v is not None}, questions)
    return session


def verdict(run: Run, mind: Mind, questions: int) -> tuple[bool, float, Session]:
    """Whether the first cause is right, and the Brier score of its probability."""
    session = session_of(run, mind, questions)
    posterior = mind.ranking.posterior(session.known(), session.memory)[:-1]
    best = int(posterior.argmax())
    right = not session.healthy and mind.ranking.causes[best] in run.right
    return right, (float(posterior[best]) - right) ** 2, session


class Judged(NamedTuple):
    """An evident run of the second half of an order."""

    order: int
    run: int
    without: float
    """Whether the first cause was right by the knowledge base alone, 0 or 1."""
    with_it: float
    brier: float
    brier_with: float
    verdict: str
    """What became of the learning."""


def one_order(job: tuple[str, int, float, int, int]) -> list[Judged]:
    """One random order, filed run by run."""
    start, seed, wrong, step, questions = job
    tables, use = TABLES[start]
    rng = np.random.default_rng(seed)
    order = [use[i] for i in rng.permutation(len(use))]
    plain = Mind(KB, tables)
    lessons: list[Lesson] = []
    learned = Learned("few")
    out = []
    for place, at in enumerate(order):
        run = RUNS[at]
        without, brier, session = verdict(run, plain, questions)
        if run.evident and 2 * place >= len(use):
            now, brier_with = without, brier
            if learned.tables is not None:
                now, brier_with, _ = judged(run, learned, questions)
            out.append(Judged(seed, at, float(without), float(now), brier, brier_with, learned.verdict))
        label = run.cause
        if rng.random() < wrong:
            label = str(rng.choice([cause for cause in plain.ranking.causes if cause != run.cause]))
        lessons.append(Lesson(run.id, label, countable(label, session.known(), KB)))
        if len(lessons) % step == 0:
            learned = learn(lessons, tables)
    return out


def judged(run: Run, learned: Learned, questions: int) -> tuple[bool, float, Session]:
    """`verdict` by what was learnt, with the similar past cases heard as well."""
    first = Session(run.log, with_mind=Mind(KB, learned.tables), seen=run.seen)
    return verdict(run, Mind(KB, learned.tables_for(first.known())), questions)


def interval(values: np.ndarray, runs: np.ndarray, orders: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the mean; runs and orders are drawn anew, each with what was measured on it."""
    rng = np.random.default_rng(0)
    _, run = np.unique(runs, return_inverse=True)
    _, order = np.unique(orders, return_inverse=True)
    means = []
    for _ in range(4000):
        drawn = np.bincount(rng.integers(run.max() + 1, size=run.max() + 1), minlength=run.max() + 1)[run]
        drawn = drawn * np.bincount(rng.integers(order.max() + 1, size=order.max() + 1), minlength=order.max() + 1)[order]
        means.append(np.average(values, weights=drawn))
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def report(label: str, rows: list[Judged]) -> None:
    """A line of the table."""
    runs, orders = np.array([row.run for row in rows]), np.array([row.order for row in rows])
    before, after, brier, brier_after = (np.array(column) for column in list(zip(*rows, strict=True))[2:6])
    low, high = interval(after - before, runs, orders)
    easier, harder = interval(brier_after - brier, runs, orders)
    print(
        f"{label:18} top1 {before.mean():.3f} -> {after.mean():.3f}  gain {np.mean(after - before):+.3f} [{low:+.3f}, {high:+.3f}]"
        f"  brier {brier.mean():.3f} -> {brier_after.mean():.3f} [{easier:+.3f}, {harder:+.3f}]"
        f"  learning used {np.mean([row.verdict == 'used' for row in rows]):.0%}  {len(np.unique(runs))} runs, {len(rows)} verdicts",
        flush=True,
    )


def main() -> None:
    """Run all orders and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--step", type=int, default=25)
    parser.add_argument("--questions", type=int, default=5)
    parser.add_argument("--start", nargs="*", default=["words", "half", "shipped"])
    args = parser.parse_args()
    RUNS.extend(run for run in load(args.folder) if run.cause != "healthy" and run.truth.get("visible"))
    every = list(range(len(RUNS)))
    tasks = sorted({run.truth["task"] for run in RUNS})
    shipped: Fitted = FOUND["weights"]["runs"]
    weight = shipped.prior_weight
    words = Fitted(provenance="", prior_weight=weight, exponents={finding: START[kind] for finding, kind in KIND.items()})
    starts = {"words": ["words"], "half": ["half 0", "half 1"], "shipped": ["shipped"]}
    TABLES["words"] = tables(words), every
    TABLES["shipped"] = tables(shipped), every
    for side in (0, 1) if "half" in args.start else ():
        other = [Case(run) for run in RUNS if run.truth["task"] in tasks[side::2]]
        fitted = Fitted(provenance="", prior_weight=weight, counts=count(other), cases=tally(other), exponents=exponents(other, "task", weight))
        TABLES[f"half {side}"] = tables(fitted), [i for i in every if RUNS[i].truth["task"] not in tasks[side::2]]
    jobs = [
        (part, seed, wrong, args.step, args.questions)
        for start in args.start for wrong in (0.0, 0.1) for part in starts[start] for seed in range(args.seeds)
    ]  # fmt: skip
    print(f"{len(RUNS)} faulty runs with visible faults, {args.seeds} orders, figures on the evident runs of the second half of each order")
    with ProcessPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(one_order, jobs), strict=True))
    for start in args.start:
        for wrong in (0.0, 0.1):
            rows = [row for (part, _, w, _, _), result in results.items() if part in starts[start] and w == wrong for row in result]
            report(f"{start}, wrong {wrong:.0%}", rows)


if __name__ == "__main__":
    main()
