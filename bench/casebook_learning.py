"""Whether confirmed cases make later diagnoses better: labelled runs filed as cases in random time orders.

    uv run bench/casebook_learning.py ../shared/runs/dev

Every run is diagnosed when its turn comes, with up to five questions, by the knowledge base alone and by what the cases filed before it
teach; then it is filed with its true cause (or, with --wrong, one in ten with another one). Learning is done anew after every --step
cases. The weights that ship were counted on these very runs, so that they cannot improve on them: figures are given for tables of the
authors' words alone, for weights counted on half of the tasks (and judged on the other half), and, to compare, for those that ship.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from fit import FOUND, KB, KIND, START, Case, count, exponents, tables, tally
from labelled import Run, load
from lossclinic.casebook.learn import Learned, learn
from lossclinic.casebook.lessons import Lesson, countable
from lossclinic.engine.session import Mind, Session
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


def one_order(job: tuple[str, int, float, int, int]) -> list[tuple[int, bool, bool, float, float, str]]:
    """One random order: for every evident run its place, right without and with the casebook, Brier without and with, verdict."""
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
        if run.evident:
            now, with_it = without, brier
            if learned.tables is not None:
                now, with_it, _ = judged(run, learned, questions)
            out.append((place, without, now, brier, with_it, learned.verdict))
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


def interval(values: np.ndarray, seeds: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the mean; orders and runs are drawn again."""
    rng = np.random.default_rng(0)
    groups = [values[seeds == seed] for seed in np.unique(seeds)]
    means = []
    for _ in range(2000):
        drawn = [groups[i] for i in rng.integers(len(groups), size=len(groups))]
        means.append(np.mean([g[rng.integers(len(g), size=len(g))].mean() for g in drawn]))
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


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
    half = [Case(run) for run in RUNS if run.truth["task"] in tasks[::2]]
    shipped: Fitted = FOUND["weights"]["runs"]
    weight = shipped.prior_weight
    words = Fitted(provenance="", prior_weight=weight, exponents={finding: START[kind] for finding, kind in KIND.items()})
    TABLES["words"] = tables(words), every
    fitted = Fitted(provenance="", prior_weight=weight, counts=count(half), cases=tally(half), exponents=exponents(half, "task", weight))
    TABLES["half"] = tables(fitted), [i for i in every if RUNS[i].truth["task"] not in tasks[::2]]
    TABLES["shipped"] = tables(shipped), every
    jobs = [(start, seed, wrong, args.step, args.questions) for start in args.start for wrong in (0.0, 0.1) for seed in range(args.seeds)]
    with ProcessPoolExecutor(2) as pool:
        results = dict(zip(jobs, pool.map(one_order, jobs), strict=True))
    print(f"{len(RUNS)} faulty runs with visible faults, {args.seeds} orders, figures on the evident runs of the second half of each order")
    for start in args.start:
        for wrong in (0.0, 0.1):
            rows = [(seed, *row) for (s, seed, w, _, _), result in results.items() if s == start and w == wrong for row in result]
            half = len(TABLES[start][1]) / 2
            late = [row for row in rows if row[1] >= half]
            seeds = np.array([row[0] for row in late])
            before, after, brier, brier_after = (np.array([row[k] for row in late], dtype=float) for k in (2, 3, 4, 5))
            low, high = interval(after - before, seeds)
            used = np.mean([row[6] == "used" for row in late])
            print(
                f"{start:8} wrong {wrong:.0%}: top1 {before.mean():.3f} -> {after.mean():.3f}"
                f"  gain {np.mean(after - before):+.3f} [{low:+.3f}, {high:+.3f}]  brier {brier.mean():.3f} -> {brier_after.mean():.3f}"
                f"  learning used {used:.0%}  n {len(late)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
