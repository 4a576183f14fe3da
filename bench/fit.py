"""Fit what is fitted in the ranking on labelled runs: likelihood counts, an exponent for each finding, the temperature; report held-out figures.

    uv run bench/fit.py ../shared/runs/dev            # cross-validated figures only
    uv run bench/fit.py ../shared/runs/dev --also LAB  # learn from the runs that bench/lab/make.py trained as well
    uv run bench/fit.py ../shared/runs/dev --posts ../shared/posts/open.jsonl --write    # and write kb/knowledge/weights/runs.yaml

Counts are added to the authors' words. Exponents are then chosen so that evidence from counts of *other* tasks and *other* models predicts
the cause best (stacking: maximum conditional likelihood, with a ridge towards the exponents below, over random parts of the answers):
findings that say less on a new task than their counts claim, and findings that repeat each other, are believed less.

With `--posts`, public reports with a confirmed cause, of which the runs know nothing, are one more fold of the exponents; they are counted
as well, after the exponents: what they name as half a case, a symptom that they do not name as a quarter of a case without it.

Folds are whole tasks, and again whole models, so that nothing is judged on a task (model) it was counted on; exponents are fitted inside
each fold. What is trained (`DESIGN`) is never counted: in generated runs it tells the task, not the cause. Other facts about the setup
are counted only for causes whose author expects them. An update whose held-out Brier score is worse than that of the present file is refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Collection
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from labelled import Run, load
from lossclinic.engine.mind import Mind
from lossclinic.engine.reason.ranking import Ranking
from lossclinic.engine.session import Session
from lossclinic.kb.base import ROOT, collect
from lossclinic.kb.base import load as load_kb
from lossclinic.kb.likelihood import Tables, build
from lossclinic.kb.model import Fitted

SETUP_TOPICS = frozenset({"setup", "model", "learning_rate", "numerics", "environment"})
"""Topics of facts that describe how a run was set up rather than what happened to it."""

DESIGN = frozenset({"architecture", "task_kind", "activation", "normalization", "optimizer", "very_deep_or_long", "lr_schedule", "warmup_used"})
"""Facts that were settled when the model and its training were designed. Without their counts the held-out Brier score is lower by 0.01."""

START = {"observation": 0.66, "symptom": 0.88, "fact": 1.1}
"""Exponents before fitting, by kind: observations overlap a good deal with each other and with the symptoms."""

RIDGE = 6.0
"""Nats that an exponent pays for being 1 away from its start."""

FOLDS = ("task", "model")
"""What the evidence is held out by, in turn, when exponents are fitted."""

BOUNDS = (0.1, 2.0)
"""Least and greatest exponent: no finding is silenced, none counts more than twice."""

SHARES = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Shares of the answers that are known when exponents are fitted: none, a few as after an interview, all."""

REPORT = 0.5
"""Cases that a report counts: its author tells a part, and what people tell differs from what logs show."""

ALSO = 0.35
"""Cases that a run of our own counts: its faults are of our own choice. Counted as a half or whole, it makes posts worse to diagnose."""

UNNAMED = 0.25
"""Cases that a symptom which a report does not name counts as absent: people name what struck them, not all that there was."""

Counts = dict[str, dict[str, dict[str, float]]]
FOUND = collect(ROOT)
KB = load_kb()
KIND = {id: kind[:-1] for kind in ("symptoms", "facts", "observations") for id in FOUND[kind]}


@dataclass(frozen=True)
class Case:
    """A labelled run with what is believed about it."""

    run: Run
    weight: float = 1.0
    """Cases that it counts."""

    @cached_property
    def seen(self) -> dict[str, Any]:
        """Beliefs from the log alone."""
        return Session(self.run.log, with_mind=PLAIN, seen=self.run.seen).known()

    @cached_property
    def told(self) -> dict[str, Any]:
        """Beliefs when the owner has answered everything."""
        session = Session(self.run.log, with_mind=PLAIN, seen=self.run.seen)
        for fact, value in (self.run.truth.get("answers") or {}).items():
            if value is not None:
                session.tell(fact, value)
        return session.known()

    @property
    def counted(self) -> bool:
        """Whether it teaches anything: a fault that the log can show."""
        return self.run.cause != "healthy" and bool(self.run.truth.get("visible"))


def tables(fitted: Fitted) -> Tables:
    """The likelihood tables of the product's knowledge with these weights."""
    return build(FOUND["causes"], FOUND["symptoms"], FOUND["facts"], FOUND["observations"], fitted)


def mind(fitted: Fitted) -> Mind:
    """A mind with the product's knowledge and these weights."""
    return Mind(KB, tables(fitted))


PLAIN = mind(Fitted(provenance=""))


@dataclass(frozen=True)
class Report:
    """A public report with its confirmed cause."""

    cause: str
    seen: frozenset[str]
    """Findings that its words name."""
    told: dict[str, Any]
    """Beliefs when its author has answered as well."""


def count(cases: list[Case], reports: list[Report] | None = None) -> Counts:
    """How often each finding was seen with each value, per cause, over the visible faulty runs and the reports."""
    counts: Counts = {}
    for case in cases:
        if case.counted:
            for id, value in case.told.items():
                _tally(counts, case.run.cause, id, _key(value), case.weight)
    for report in reports or ():
        for id, value in report.told.items():
            _tally(counts, report.cause, id, _key(value), REPORT)
        for symptom in FOUND["symptoms"]:
            if symptom not in report.told:
                _tally(counts, report.cause, symptom, "false", UNNAMED)
    return counts


def _tally(counts: Counts, cause: str, id: str, key: str, weight: float) -> None:
    fact = FOUND["facts"].get(id)
    if id in DESIGN or (fact is not None and fact.type == "number"):
        return
    if fact is not None and fact.topic in SETUP_TOPICS and fact.effort == "look" and id not in FOUND["causes"][cause].expects:
        return
    row = counts.setdefault(cause, {}).setdefault(id, {})
    row[key] = row.get(key, 0.0) + weight


def read_reports(path: Path | None) -> list[Report]:
    """Cause and beliefs of each report in a JSONL file: what it names, and what its author would answer."""
    out: list[Report] = []
    for line in path.read_text("utf-8").splitlines() if path else ():
        post = json.loads(line)
        session = Session(with_mind=PLAIN)
        for symptom in post["symptoms"]:
            session.memory.tell(symptom, True)
        _tell(session, post.get("facts"))
        seen = frozenset(session.known())
        _tell(session, post.get("answers"))
        out.append(Report(post["cause"], seen, session.known()))
    return out


def _tell(session: Session, facts: dict[str, Any] | None) -> None:
    for fact, value in (facts or {}).items():
        if value is not None:
            session.tell(fact, value)


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def exponents(cases: list[Case], prior_weight: float, reports: list[Report] | None = None) -> dict[str, float]:
    """Exponent of each finding, fitted on evidence from counts of other tasks, of other models, and of runs alone for the reports."""
    cases = [case for case in cases if case.counted]
    stack = _Stack(mind(Fitted(provenance="", cases=tally(cases))).ranking)
    for key in FOLDS:
        for value in sorted({case.run.truth[key] for case in cases}):
            ranking = _ranking([case for case in cases if case.run.truth[key] != value], prior_weight)
            for case in cases:
                if case.run.truth[key] == value:
                    stack.add(ranking, case.run.right, case.told, case.seen, case.weight / len(FOLDS))
    by_runs = _ranking(cases, prior_weight)
    for report in reports or ():
        stack.add(by_runs, {report.cause}, report.told, report.seen, 1.0)
    return stack.fit()


class _Stack:
    """Out-of-fold evidence of every finding for every cause, case after case, and the exponents that predict best from it."""

    def __init__(self, plain: Ranking) -> None:
        self.index, self.prior = plain.index, plain.prior[:-1]
        self.at = {finding: i for i, finding in enumerate(KIND)}
        self.evidence: list[Any] = []
        """Per case (findings, causes) in nats."""
        self.seen: list[Any] = []
        self.told: list[Any] = []
        self.right: list[Any] = []
        self.weights: list[float] = []

    def add(self, ranking: Ranking, right: Collection[str], told: dict[str, Any], seen: Collection[str], weight: float) -> None:
        """One case: what its log or words showed, and what is believed when all has been told."""
        causes = [self.index[cause] for cause in right if cause in self.index]
        if not causes:
            return
        evidence = np.zeros((len(self.at), len(self.index)), np.float32)
        known = np.zeros((2, len(self.at)), bool)
        for finding, belief in told.items():
            row = ranking.row(finding, belief)
            if row is not None:
                evidence[self.at[finding]] = row
                known[:, self.at[finding]] = finding in seen, True
        hit = np.zeros(len(self.index), np.float32)
        hit[causes] = 1.0
        self.evidence.append(evidence)
        self.seen.append(known[0])
        self.told.append(known[1])
        self.right.append(hit)
        self.weights.append(weight)

    def fit(self) -> dict[str, float]:
        """Minimise the mean negative log-likelihood over random parts of the answers plus the ridge: projected gradient, steps of Adam."""
        evidence, right, seen, told = (np.array(rows) for rows in (self.evidence, self.right, self.seen, self.told))
        weights = np.array(self.weights, np.float32)[:, None]
        start = np.array([START[KIND[finding]] for finding in self.at])
        random = np.random.default_rng(0)
        parts = [seen | (told & (random.random(told.shape) < share)) for share in SHARES]
        a, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
        for step in range(1, 161):
            gradient = 2 * RIDGE * (a - start)
            for part in parts:
                score = self.prior + np.einsum("nf,nfc->nc", part * a, evidence, optimize=True)
                p = np.exp(score - score.max(axis=1, keepdims=True))
                p /= p.sum(axis=1, keepdims=True)
                hit = p * right
                hit /= hit.sum(axis=1, keepdims=True) + 1e-9
                gradient += (np.einsum("nc,nfc->nf", (p - hit) * weights, evidence, optimize=True) * part).sum(axis=0) / len(parts)
            mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
            rate = 0.05 * min(1.0, 2 - step / 80)
            a = np.clip(a - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8), *BOUNDS)
        return {finding: round(float(a[i]), 2) for finding, i in self.at.items()}


def _ranking(cases: list[Case], prior_weight: float) -> Ranking:
    return Ranking(tables(Fitted(provenance="", prior_weight=prior_weight, counts=count(cases), cases=tally(cases))))


def fitted(cases: list[Case], prior_weight: float, temperature: float, reports: list[Report] | None = None) -> Fitted:
    """Everything that these cases teach."""
    return Fitted(
        provenance="", prior_weight=prior_weight, temperature=temperature, exponents=exponents(cases, prior_weight, reports),
        counts=count(cases, reports), cases=tally(cases, reports),
    )  # fmt: skip


def tally(cases: list[Case], reports: list[Report] | None = None) -> dict[str, float]:
    """How many labelled cases there are of each cause: of runs five at most, since how many were made is a choice, not a frequency."""
    found: dict[str, float] = {}
    for case in cases:
        if case.run.cause != "healthy":
            found[case.run.cause] = min(found.get(case.run.cause, 0.0) + case.weight, 5.0)
    for report in reports or ():
        found[report.cause] = found.get(report.cause, 0.0) + REPORT
    return dict(sorted(found.items()))


def _none() -> list[int]:
    return [0, 0]


@dataclass
class Score:
    """Figures over evident runs, as `score_runs` counts them."""

    n: int = 0
    top1: int = 0
    top3: int = 0
    asked: int = 0
    brier: list[float] = field(default_factory=list)
    sure: list[tuple[float, bool]] = field(default_factory=list)
    per_cause: dict[str, list[int]] = field(default_factory=lambda: defaultdict(_none))

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


def held_out(
    cases: list[Case], also: list[Case], key: str, prior_weight: float, temperatures: list[float], questions: int, reports: list[Report]
) -> dict[float, Score]:
    """Figures by temperature, with every run of `cases` judged by what the other values of `key` (task or model) and `also` teach."""
    scores = {temperature: Score() for temperature in temperatures}
    for value in sorted({case.run.truth[key] for case in cases}):
        learnt = fitted([case for case in (*cases, *also) if case.run.truth[key] != value], prior_weight, 1.0, reports)
        for temperature, score in scores.items():
            judge = mind(learnt.model_copy(update={"temperature": temperature}))
            for case in cases:
                if case.run.truth[key] == value and case.run.evident:
                    score.add(case.run, judge, questions)
    return scores


def main() -> int:
    """Cross-validate, report, and write when asked and not worse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=Path, help="JSONL of public reports with confirmed causes, counted as well")
    parser.add_argument("--also", type=Path, help="folder of more labelled runs, which teach but are not judged")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--questions", type=int, default=5)
    parser.add_argument("--prior-weight", type=float, default=6.0)
    parser.add_argument("--temperatures", type=float, nargs="+", default=[0.85, 1.0])
    args = parser.parse_args()
    cases = [Case(run) for run in load(args.folder)]
    also = [Case(run, ALSO) for run in load(args.also)] if args.also else []
    reports = read_reports(args.posts)
    target = ROOT / "weights" / "runs.yaml"
    with ProcessPoolExecutor(2) as pool:
        folds = [pool.submit(held_out, cases, also, key, args.prior_weight, args.temperatures, args.questions, reports) for key in FOLDS]
        by_task, by_model = (fold.result() for fold in folds)
    for temperature, score in by_task.items():
        print(f"by task, temperature {temperature:g}: {score}", flush=True)
    temperature = min(by_task, key=lambda t: float(np.mean(by_task[t].brier)))
    score = by_task[temperature]
    print(f"by model, temperature {temperature:g}: {by_model[temperature]}")
    for cause, (n, hit) in sorted(score.per_cause.items(), key=lambda kv: kv[1][1] / kv[1][0]):
        print(f"  {cause:<24}{n:>4}{hit:>4}")
    if not args.write:
        return 0
    present: Fitted | None = FOUND["weights"].get("runs")
    if present is not None and (before := present.held_out_brier) is not None and np.mean(score.brier) > before + 0.005:
        print(f"refused: the held-out Brier score would rise from {before:.3f} to {np.mean(score.brier):.3f}", file=sys.stderr)
        return 1
    learnt = fitted([*cases, *also], args.prior_weight, temperature, reports)
    provenance = (
        f"Counts over {sum(case.counted for case in (*cases, *also))} labelled runs with injected faults, {len(also)} of them and of healthy ones "
        f"trained by bench/lab/make.py, and {len(reports)} public reports (uv run bench/fit.py RUNS --also LAB --posts POSTS --write). "
        f"Held out by task: {score}. Held out by model: {by_model[temperature]}."
    )
    data = {
        "provenance": provenance, "held_out_brier": round(float(np.mean(score.brier)), 4), "temperature": temperature,
        "exponents": learnt.exponents, "prior_weight": args.prior_weight, "cases": learnt.cases,
        "counts": _sorted(learnt.counts),
    }  # fmt: skip
    target.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=None), "utf-8")
    print(f"wrote {target}")
    return 0


def _sorted(counts: Counts) -> Counts:
    return {cause: {f: dict(sorted(row.items())) for f, row in sorted(rows.items())} for cause, rows in sorted(counts.items())}


if __name__ == "__main__":
    sys.exit(main())
