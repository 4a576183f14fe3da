"""Learn from labelled reports which signs of a message speak for which symptom, and write `kb/knowledge/phrases/judgement.yaml`.

    uv run --with scikit-learn bench/hearing/learn.py --posts POSTS            # measured only: each batch judged by what the others taught
    uv run --with scikit-learn bench/hearing/learn.py --posts POSTS --write    # and learnt from all, and written

Learnt from: the posts and reports that the tests keep, save the batches that stand for words never met (`UNSEEN`); short notes written for
the purpose (`notes_*.txt`, symptoms before the bar); public reports as JSON lines: POSTS, those that are counted (`../reports.jsonl`), and
more of them (`reports.jsonl`), collected from excerpts of their threads: their causes are partly guesses, and are not counted. What the
rules heard in a post before anything was mended for it (`unseen.json`) is what they are worth on words never met: only that is learnt
from, not what they hear in texts that they were mended for.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from lossclinic.engine.understand.hear import noticed
from lossclinic.engine.understand.judgement import Signs, shares, verdicts
from lossclinic.kb import KnowledgeBase, load
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
POSTS = HERE.parent.parent / "tests" / "engine" / "understand"
TARGET = HERE.parent.parent / "kb" / "knowledge" / "phrases" / "judgement.yaml"
UNSEEN = {"tenth", "seventeenth_en", "seventeenth_zh"}
"""Batches kept to measure with: nothing is learnt from them."""
SCALES = (5.0, 5.0, 2.0)
RARE = 4
"""Signs that fewer texts show are left out."""
SMALL = 0.1
"""Weights smaller than this are left out."""
KEEP, ADD = 0.15, 0.3
"""Probabilities from which a symptom that the rules heard is kept, and one that they did not hear is added."""
FOLDS = 4


class Text(NamedTuple):
    """A labelled text with its signs; `fresh` when the rules had not been mended for it."""

    batch: str
    symptoms: frozenset[str]
    signs: Signs
    fresh: bool


def labelled() -> Iterator[tuple[str, str, list[str]]]:
    """Batch, text and symptoms of everything that is learnt from."""
    for path in sorted((POSTS / "posts").glob("*.yaml")):
        if path.stem not in UNSEEN:
            yield from ((path.stem, post["text"], post["symptoms"]) for post in yaml.safe_load(path.read_text("utf-8")))
    for line in (POSTS / "forum.jsonl").read_text("utf-8").splitlines():
        post = json.loads(line)
        yield "forum", post["text"], post["symptoms"]
    for group in yaml.safe_load((POSTS / "reports.yaml").read_text("utf-8")).values():
        yield from (("reports", post["text"], post.get("symptoms", [])) for post in group)
    for name, path in (("counted", HERE.parent / "reports.jsonl"), ("collected", HERE / "reports.jsonl")):
        for i, post in enumerate(map(json.loads, path.read_text("utf-8").splitlines())):
            yield from ((f"{name}{i % 8}", text, post["symptoms"]) for text in (post["text"], post["text_other"]))
    for path in sorted(HERE.glob("notes_*.txt")):
        for line in path.read_text("utf-8").splitlines():
            symptoms, _, text = line.partition("|")
            yield "notes", text, symptoms.split()


def texts(kb: KnowledgeBase, posts: Path) -> Iterator[Text]:
    """Every labelled text once, or twice where it is known what the rules heard in it unseen."""
    for post in map(json.loads, posts.read_text("utf-8").splitlines()):
        for text in (post["text"], post["text_other"]):
            yield Text("public", frozenset(post["symptoms"]), noticed(text, kb), False)
    unseen: dict[str, list[str]] = json.loads((HERE / "unseen.json").read_text("utf-8"))
    for batch, text, symptoms in labelled():
        words, happenings, rules = noticed(text, kb)
        then = unseen.get(text)
        fresh = batch.startswith(("notes", "sixteenth")) or (batch.startswith(("counted", "collected")) and then is None)
        yield Text(batch, frozenset(symptoms), (words, happenings, rules if fresh else ()), fresh)
        if then is not None:
            yield Text(batch, frozenset(symptoms), (words, happenings, tuple(verdicts(then))), True)


def matrix(rows: list[Text], place: dict[str, int]) -> csr_matrix:
    """The signs of the texts as a matrix, scaled as the product scales them."""
    at, ends, values = [], [0], []
    for row in rows:
        for group, share in zip(row.signs, shares(row.signs, SCALES), strict=True):
            known = [place[s] for s in sorted(group) if s in place]
            at += known
            values += [share] * len(known)
        ends.append(len(at))
    return csr_matrix((values, at, ends), shape=(len(rows), len(place)))


def learn(rows: list[Text], symptoms: list[str], strength: float) -> tuple[dict[str, int], np.ndarray, np.ndarray]:
    """Places of the signs, weights (symptoms x signs) and biases."""
    seen = Counter(s for row in rows for group in row.signs for s in group)
    place = {s: i for i, s in enumerate(sorted(s for s, n in seen.items() if n >= RARE))}
    x = matrix(rows, place)
    weights, bias = np.zeros((len(symptoms), len(place))), np.zeros(len(symptoms))
    for i, id in enumerate(symptoms):
        fitted = LogisticRegression(C=strength, solver="liblinear").fit(x, [id in row.symptoms for row in rows])
        weights[i], bias[i] = fitted.coef_[0], fitted.intercept_[0]
    weights[np.abs(weights) < SMALL] = 0
    return place, weights, bias


def score(rows: list[Text], chances: np.ndarray, symptoms: list[str], keep: float, add: float) -> str:
    """F1, precision and recall."""
    right = heard = stated = 0
    for row, chance in zip(rows, chances, strict=True):
        ruled = {sign.removeprefix("heard ") for sign in row.signs[2]}
        found = {id for id, p in zip(symptoms, chance, strict=True) if p >= (keep if id in ruled else add)}
        right, heard, stated = right + len(found & row.symptoms), heard + len(found), stated + len(row.symptoms)
    precision, recall = right / max(1, heard), right / max(1, stated)
    return f"F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}, precision {precision:.3f}, recall {recall:.3f}"


def main() -> None:
    """Measure, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strength", type=float, default=1.0)
    args = parser.parse_args()
    kb = load()
    rows = list(texts(kb, args.posts))
    symptoms = sorted({s for row in rows for s in row.symptoms})
    batches = sorted({row.batch for row in rows if row.fresh and row.batch != "notes"} - {"first_en", "first_zh"})
    judged: list[Text] = []
    chances: list[np.ndarray] = []
    for fold in range(FOLDS):
        out = {b for i, b in enumerate(sorted({b.removesuffix("_en").removesuffix("_zh") for b in batches})) if i % FOLDS == fold}
        inside = [row for row in rows if row.batch.removesuffix("_en").removesuffix("_zh") in out]
        place, weights, bias = learn([row for row in rows if row not in inside], symptoms, args.strength)
        held = [row for row in inside if row.fresh]
        judged += held
        chances.append(1 / (1 + np.exp(-(matrix(held, place) @ weights.T + bias))))
    every = np.vstack(chances)
    print("rules alone:", score(judged, every, symptoms, 0.0, 1.1))
    for keep in (0.03, 0.06, 0.1, 0.15, 0.2):
        for add in (0.2, 0.25, 0.3, 0.4, 0.5):
            print(f"keep {keep}, add {add}: {score(judged, every, symptoms, keep, add)}")
    for name in ("sixteenth_en", "sixteenth_zh"):
        those = [i for i, row in enumerate(judged) if row.batch == name]
        for keep, add in ((0.0, 1.1), (KEEP, ADD), (KEEP, 0.4), (0.05, ADD)):
            print(name, keep, add, score([judged[i] for i in those], every[those], symptoms, keep, add))
    print(f"{len(rows)} rows, {len(judged)} judged unseen")
    if args.write:
        place, weights, bias = learn(rows, symptoms, args.strength)
        measured = f"{len(judged)} posts, each judged without its batch: {score(judged, every, symptoms, KEEP, ADD)}"
        write(place, weights, bias, symptoms, measured, len(rows))


def write(place: dict[str, int], weights: np.ndarray, bias: np.ndarray, symptoms: list[str], measured: str, rows: int) -> None:
    """The learnt weights as a file that can be read."""
    lines = [f"provenance: '{rows} labelled texts, bench/hearing/learn.py; {measured}.'"]
    lines += [f"scales: [{', '.join(map(str, SCALES))}]", f"keep: {KEEP}", f"add: {ADD}", "bias:"]
    lines += [f"  {id}: {b:.2f}" for id, b in zip(symptoms, bias, strict=True)]
    lines += ["weights: |"]
    for sign, at in place.items():
        pairs = [f"{id} {w:.2f}" for id, w in zip(symptoms, weights[:, at], strict=True) if w]
        if pairs:
            lines.append(f"  {sign}\t{','.join(pairs)}")
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{TARGET.name}: {len(lines)} lines, {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
