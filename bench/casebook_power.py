"""How a casebook does at 10,000 and at 100,000 cases, in both stores: filing one, finding by words, finding by curves.

    uv run python bench/casebook_power.py [--cases 100000] [--only sqlite|postgres] [--postgres postgresql://...]

The texts are made of the reference cases: sentences of different cases, mixed by a fixed seed, half of them Chinese, with run names of
their own. The queries are those of tests/casebook/queries.yaml, each a different one. Beside them, in the same run: a plain rapidfuzz scan
of the same texts (partial_ratio and WRatio over the title and the body of every case). Additions are timed one by one, each a durable
transaction of its own; to fill the casebook before that, 2,000 at a time share one.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from casebook_server import server
from lossclinic.casebook.case import Case, Lang, Opinion, Sign, Telling
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.reference import shelf
from lossclinic.casebook.search import END_OF_TITLE, find, index_text, tokens
from lossclinic.casebook.similar import LENGTH, fingerprint_of, like
from lossclinic.casebook.store import Store
from rapidfuzz import fuzz, process

QUERIES = [
    asked["query"]
    for kind in yaml.safe_load((Path(__file__).parents[1] / "tests" / "casebook" / "queries.yaml").read_text("utf-8")).values()
    for asked in kind
]

BLOCK = 2_000
"""Cases that are filled in with one transaction."""

line = lru_cache(maxsize=None)(tokens)


def index(case: Case) -> str:
    """As `search.index_text`, with the tokens of a sentence that comes again remembered: filling in is not what is measured."""
    telling = case.texts[case.lang]
    parts = [token for text in (*telling.seen.split("\n"), telling.fix, case.cause, *(sign.id for sign in case.symptoms)) for token in line(text)]
    return " ".join([*tokens(telling.title), END_OF_TITLE, *dict.fromkeys(parts)])


def made(count: int, seed: int) -> Iterator[Case]:
    """Cases put together from the sentences of the reference cases, each with a curve of its own."""
    rng, curves = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 - the same every time
    sources = list(shelf().all())
    sentences: dict[Lang, list[str]] = {"en": [], "zh": []}
    for case in sources:
        for lang, telling in case.texts.items():
            text = "\n".join(telling.sections().values()).replace("。", "。\n").replace(". ", ".\n")
            sentences[lang] += [part for part in text.split("\n") if len(part) > 8]
    rows = {case.id: np.array(fingerprint_of(case)) for case in sources}
    for n in range(count):
        lang: Lang = rng.choice(["en", "zh"])
        source = rng.choice(sources)
        curve = rows[source.id] + curves.normal(0.0, 0.05, LENGTH)
        curve[:9] = 1.0
        yield Case(
            uid=f"{seed}-{n}", lang=lang, status="resolved" if source.cause else "open", cause=source.cause,
            texts={lang: Telling(
                title=f"{rng.choice(sentences[lang])[:60]} run-{rng.randrange(10**6):06d}",
                seen="\n".join(rng.sample(sentences[lang], 4)), fix=rng.choice(sentences[lang]),
            )},
            symptoms=tuple(Sign(id=sign.id, strength=0.8) for sign in source.symptoms), facts=source.facts,
            diagnosis=Opinion(causes={source.cause or "lr_too_high": 0.6}, something_else=0.1),
            fingerprint=tuple(curve.round(3).tolist()),
        )  # fmt: skip


def fill(store: Store, count: int) -> None:
    """Up to `count` cases."""
    start, had = time.perf_counter(), store.count()
    cases = made(count - had, seed=count)
    while block := list(islice(cases, BLOCK)):
        with store.together():
            for case in block:
                store.add(case)
    took = time.perf_counter() - start
    print(f"{store.count():,} cases; {count - had:,} filled in within {took:.0f} s, {took / (count - had) * 1e3:.1f} ms each", flush=True)


def timed(label: str, do: Callable[[Any], object], inputs: Sequence[Any]) -> None:
    """Time `do` on every input; median, 95th percentile and worst, and the median of the processor time that this process took for it."""
    times: list[float] = []
    work: list[float] = []
    for input in inputs:
        start, cpu = time.perf_counter(), time.process_time()
        assert do(input)
        times.append((time.perf_counter() - start) * 1e3)
        work.append((time.process_time() - cpu) * 1e3)
    middle, late, worst = statistics.median(times), sorted(times)[int(len(times) * 0.95)], max(times)
    print(f"{label:34} {middle:8.1f} median {late:8.1f} p95 {worst:8.1f} worst, processor {statistics.median(work):8.1f} (ms)", flush=True)


def measure(store: Store, label: str, seed: int) -> None:
    """Filing by itself; words, each query for the first time; curves; and what the first question after a change costs."""
    timed(f"{label} add", store.add, list(made(200, seed)))
    start = time.perf_counter()
    find("warm up", [store, shelf()])
    print(f"{label} the first find {(time.perf_counter() - start) * 1e3:.0f} ms")
    timed(f"{label} find", lambda query: find(query, [store, shelf()]), QUERIES)
    timed(f"{label} find again", lambda query: find(query, [store, shelf()]), QUERIES)
    sought = [fingerprint_of(case) for case in shelf().all()]
    start = time.perf_counter()
    like(sought[0], {}, [store, shelf()])
    print(f"{label} the first --like {(time.perf_counter() - start) * 1e3:.0f} ms")
    timed(f"{label} --like", lambda row: like(row, {"optimizer": "adamw"}, [store, shelf()]), sought[:40])


def synced(folder: Path) -> None:
    """What the disk itself takes: writing 20 kB and waiting for it, as every addition has to."""

    def write(number: int) -> int:
        os.pwrite(file, bytes(20_000), number * 20_000)
        os.fsync(file)
        return 1

    file = os.open(folder / "synced", os.O_CREAT | os.O_RDWR)
    timed("fsync alone", write, range(100))
    os.close(file)


def scan(count: int) -> None:
    """rapidfuzz over the same texts."""
    texts = [f"{case.title}\n{case.texts[case.lang].seen}" for case in made(count, seed=count)]
    for scorer in (fuzz.partial_ratio, fuzz.WRatio):
        timed(f"rapidfuzz {scorer.__name__} {count:,}", lambda query, by=scorer: process.extract(query, texts, scorer=by, limit=20), QUERIES[:8:2])


def trial(where: str, kind: str, most: int) -> None:
    """One store, at a tenth of the cases and at all of them."""
    filling = open_casebook(where, index=index)
    store = open_casebook(where)
    for count in (most // 10, most):
        fill(filling, count - 200 if filling.count() == 0 else count)
        measure(store, f"{kind} {count:,}", seed=count + 1)
    case = next(made(1, 3))
    start = time.perf_counter()
    index_text(case)
    print(f"{kind}: of adding a case, {(time.perf_counter() - start) * 1e3:.1f} ms go into its words", flush=True)
    filling.close()
    store.close()


def main() -> None:
    """Both stores, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgres")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        synced(Path(folder))
    if options.only != "postgres":
        with tempfile.TemporaryDirectory() as folder:
            trial(str(Path(folder) / "casebook.db"), "sqlite", options.cases)
            print(f"sqlite: {sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6:.0f} MB")
    if options.only != "sqlite":
        with server(options.postgres) as address:
            trial(address, "postgres", options.cases)
    for count in (options.cases // 10, options.cases):
        scan(count)


if __name__ == "__main__":
    main()
