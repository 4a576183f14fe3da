"""Fit the likelihood counts, temperature and prior weight of the ranking on labelled runs; report held-out figures.

    uv run bench/fit.py ../shared/runs/dev            # cross-validated figures only
    uv run bench/fit.py ../shared/runs/dev --write    # and write kb/knowledge/weights/runs.yaml

Folds are whole tasks, and again whole models, so that nothing is judged on a task (model) it was counted on. Facts that describe the
setup (optimizer, activation, clipping ...) are counted only for causes whose author expects them: in generated runs they tell the
task, not the cause. An update whose held-out Brier score is worse than that of the present file is refused.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from labelled import Run, load
from lossclinic.engine.session import Mind, Session
from lossclinic.kb.base import ROOT, collect
from lossclinic.kb.base import load as load_kb
from lossclinic.kb.likelihood import build
from lossclinic.kb.model import Fitted

SETUP_TOPICS = frozenset({"setup", "model", "learning_rate", "numerics", "environment"})
"""Topics of facts that describe how a run was set up rather than what happened to it."""

OBSERVED = 0.6
"""Exponent of the observations (levels, onset, gap ...): they overlap a good deal with each other and with the symptoms."""

SYMPTOMS = 0.8
"""Exponent of the symptoms: several of them often tell of one event."""

Counts = dict[str, dict[str, dict[str, float]]]
FOUND = collect(ROOT)
EXPONENTS = {**{o.group: OBSERVED for o in FOUND["observations"].values()}, "symptoms": SYMPTOMS, "learning_rate": (1 + OBSERVED) / 2}
KB = load_kb()


def count(runs: list[Run]) -> Counts:
    """How often each finding was seen with each value, per cause, over the visible faulty runs."""
    counts: Counts = {}
    plain = mind(Fitted(provenance=""))
    for run in runs:
        if run.cause == "healthy" or not run.truth.get("visible"):
            continue
        session = Session(run.log, with_mind=plain, seen=run.seen)
        for fact, value in (run.truth.get("answers") or {}).items():
            if value is not None:
                session.tell(fact, value)
        expects = FOUND["causes"][run.cause].expects
        for id, value in session.known().items():
            fact = FOUND["facts"].get(id)
            if fact is not None and (fact.type == "number" or (fact.topic in SETUP_TOPICS and fact.effort == "look" and id not in expects)):
                continue
            key = str(value).lower() if isinstance(value, bool) else str(value)
            row = counts.setdefault(run.cause, {}).setdefault(id, {})
            row[key] = row.get(key, 0.0) + 1.0
    return counts


def mind(fitted: Fitted) -> Mind:
    """A mind with the product's knowledge and these weights."""
    return Mind(KB, build(FOUND["causes"], FOUND["symptoms"], FOUND["facts"], FOUND["observations"], fitted))


@dataclass
class Score:
    """Figures over evident runs, as `score_runs` counts them."""

    n: int = 0
    top1: int = 0
    top3: int = 0
    asked: int = 0
    brier: list[float] = field(default_factory=list)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    per_cause: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, run: Run, with_mind: Mind, questions: int) -> None:
        """Diagnose one run and count."""
        session = Session(run.log, with_mind=with_mind, seen=run.seen)
        session.interview({k: v for k, v in run.truth["answers"].items() if v is not None}, questions)
        posterior = with_mind.ranking.posterior(session.known(), session.memory)[:-1]
        order = [with_mind.ranking.causes[i] for i in np.argsort(-posterior)[:3]]
        found = not session.healthy
        hit = found and order[0] in run.right
        self.n += 1
        self.top1 += hit
        self.top3 += found and any(c in run.right for c in order)
        self.asked += len(session.asked)
        row = self.per_cause[run.cause]
        row[0] += 1
        row[1] += hit
        if found:
            p = float(posterior.max())
            self.brier.append((p - hit) ** 2)
            self.sure.append((p, hit))

    def ece(self) -> float:
        """Expected calibration error over ten bins."""
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for p, hit in self.sure:
            bins[min(int(p * 10), 9)].append((p, hit))
        gap = sum(abs(sum(p for p, _ in b) - sum(h for _, h in b)) for b in bins.values())
        return gap / max(1, len(self.sure))

    def __str__(self) -> str:
        macro = np.mean([hit / n for n, hit in self.per_cause.values()])
        return (
            f"n {self.n}  top1 {self.top1 / self.n:.3f}  macro {macro:.3f}  top3 {self.top3 / self.n:.3f}  questions {self.asked / self.n:.2f}"
            f"  brier {np.mean(self.brier):.3f}  ece {self.ece():.3f}"
        )


def held_out(runs: list[Run], key: str, make: Callable[[Counts], Fitted], questions: int) -> Score:
    """Figures with every run judged by counts from the other values of `key` (task or model)."""
    score = Score()
    for value in sorted({run.truth[key] for run in runs}):
        judged = mind(make(count([run for run in runs if run.truth[key] != value])))
        for run in runs:
            if run.truth[key] == value and run.evident:
                score.add(run, judged, questions)
    return score


def main() -> int:
    """Cross-validate, report, and write when asked and not worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--questions", type=int, default=5)
    parser.add_argument("--grid", action="store_true", help="try several prior weights and temperatures")
    args = parser.parse_args()
    runs = load(args.folder)
    target = ROOT / "weights" / "runs.yaml"
    present: Fitted | None = FOUND["weights"].get("runs")
    weight, temperature = (present.prior_weight, present.temperature) if present else (8.0, 1.1)
    grid = [(w, t) for w in (4.0, 8.0, 14.0) for t in (0.9, 1.1)] if args.grid else [(weight, temperature)]
    scores = {}
    for w, t in grid:

        def weighed(counts: Counts, w: float = w, t: float = t) -> Fitted:
            return Fitted(provenance="", prior_weight=w, temperature=t, exponents=EXPONENTS, counts=counts)

        scores[w, t] = held_out(runs, "task", weighed, args.questions)
        print(f"prior weight {w:g} temperature {t:g} by task: {scores[w, t]}", flush=True)
    weight, temperature = min(grid, key=lambda wt: float(np.mean(scores[wt].brier)) - scores[wt].top1 / scores[wt].n)
    by_task = scores[weight, temperature]

    def make(counts: Counts) -> Fitted:
        return Fitted(provenance="", prior_weight=weight, temperature=temperature, exponents=EXPONENTS, counts=counts)

    by_model = held_out(runs, "model", make, args.questions)
    print(f"chosen {weight:g} {temperature:g} by model: {by_model}")
    for cause, (n, hit) in sorted(by_task.per_cause.items(), key=lambda kv: kv[1][1] / kv[1][0]):
        print(f"  {cause:<24}{n:>4}{hit:>4}")
    if not args.write:
        return 0
    if present is not None:
        before = held_out(runs, "task", lambda counts: present.model_copy(update={"counts": counts}), args.questions)
        if np.mean(by_task.brier) > np.mean(before.brier) + 1e-9 and by_task.top1 <= before.top1:
            print("refused: the held-out Brier score would get worse", file=sys.stderr)
            return 1
    used = sum(run.cause != "healthy" and bool(run.truth.get("visible")) for run in runs)
    provenance = (
        f"Counts over {used} labelled runs with injected faults (uv run bench/fit.py RUNS --write). "
        f"Held out by task: {by_task}. Held out by model: {by_model}."
    )
    data = {"provenance": provenance, "temperature": temperature, "exponents": EXPONENTS, "prior_weight": weight, "counts": _sorted(count(runs))}
    target.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=None), "utf-8")
    print(f"wrote {target}")
    return 0


def _sorted(counts: Counts) -> Counts:
    return {cause: {f: dict(sorted(row.items())) for f, row in sorted(rows.items())} for cause, rows in sorted(counts.items())}


if __name__ == "__main__":
    sys.exit(main())
