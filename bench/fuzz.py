"""Damaged logs: no traceback, no hang, no memory beyond a gigabyte.

    uv run bench/fuzz.py                                                  # 200,000 cases, seed 1
    uv run bench/fuzz.py --cases 2000 --seed 7 --jobs 2                   # fewer
    uv run bench/fuzz.py --only 12345 --keep DIR                          # one case again; its file is written to DIR

Every case is a well-formed log of some format (`fuzzing/seeds.py`), damaged (`fuzzing/mutations.py`), and given to `lossclinic.diagnose`
in a worker process that may map 1 GiB beyond the program and its libraries, and take 5 s of processor time a case; the system itself ends a
worker that cannot be interrupted 5 s later, and another one goes on with the next case. Four of five logs are 20 rows long, the others 60. A log
is read or refused with `InputError`; anything else is a failure, also the refusals that say that the error was unforeseen or the memory did
not suffice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

from fuzzing.mutations import mutate
from fuzzing.seeds import SHORT, seeds

SECONDS = 5
MEMORY = 1 << 30
BATCH = 1000
UNWELCOME = {"read.unforeseen", "read.too_large"}


class HangError(BaseException):
    """A case took longer than it may. No `except Exception` on the way may swallow it."""


Logs = tuple[dict[str, bytes], ...]


def lengths() -> Logs:
    """Well-formed logs to draw from: short ones four times, so that most cases are quick."""
    short = seeds(SHORT)
    return (seeds(), short, short, short, short)


def case(number: int, seed: int, logs: Logs) -> tuple[str, bytes]:
    """Format and content of a case; the same for the same numbers."""
    chance = random.Random(seed * 1_000_003 + number)  # noqa: S311
    name = chance.choice(sorted(logs[0]))
    return name, mutate(chance.choice(logs)[name], chance)


def try_one(path: Path) -> tuple[str, str]:
    """("read" | "refused" | "failed", why)."""
    import lossclinic

    def stop(*_: object) -> None:
        raise HangError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        lossclinic.diagnose(path, lang="en")
    except lossclinic.InputError as error:
        return ("failed", f"{error.id}: {str(error).rpartition('(')[2][:120]}") if error.id in UNWELCOME else ("refused", error.id or "")
    except HangError:
        frames = traceback.extract_tb(sys.exc_info()[2])
        return "failed", "hang in " + " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-4:]))
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-3:]))
        return "failed", f"{type(error).__name__}: {str(error)[:120]} at {place}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "read", ""


def work(numbers: range, seed: int) -> None:
    """Do the cases `numbers`, and print one JSON line for each."""
    import lossclinic

    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    warnings.simplefilter("error")
    logs = lengths()
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:  # noqa: S108
        path = Path(folder) / "log"
        for name in sorted({"csv", "parquet", "zstd"} & set(logs[0])):
            path.write_bytes(logs[0][name])
            lossclinic.diagnose(path)
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY, mapped + MEMORY))
        for number in numbers:
            name, data = case(number, seed, logs)
            path.write_bytes(data)
            del data
            began = time.process_time()
            resource.setrlimit(resource.RLIMIT_CPU, (int(began) + 2 * SECONDS + 1, resource.RLIM_INFINITY))
            how, why = try_one(path)
            seconds = round(time.process_time() - began, 3)
            print(json.dumps({"case": number, "format": name, "outcome": how, "why": why, "seconds": seconds}), flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"peak_mb": peak}), flush=True)


def main() -> int:
    """Share the cases among workers; print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case, to go on where a run was ended")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="worker processes at a time")
    parser.add_argument("--only", type=int, help="one case alone")
    parser.add_argument("--keep", type=Path, help="write the files of failures here")
    parser.add_argument("--work", type=int, nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        work(range(*args.work), args.seed)
        return 0
    if args.only is not None:
        name, data = case(args.only, args.seed, lengths())
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            (args.keep / f"{args.only}.{name}").write_bytes(data)
        work(range(args.only, args.only + 1), args.seed)
        return 0
    return supervise(range(args.first, args.first + args.cases), args.seed, args.jobs, args.keep)


def supervise(cases: range, seed: int, jobs: int, keep: Path | None) -> int:
    """Run the workers batch by batch; 1 when a case failed."""
    outcomes: Counter[str] = Counter()
    failures: list[dict[str, object]] = []
    slowest, peak, began = 0.0, 0, time.perf_counter()
    waiting = [(a, min(a + BATCH, cases.stop)) for a in range(cases.start, cases.stop, BATCH)][::-1]
    running: list[tuple[subprocess.Popen[str], tuple[int, int]]] = []
    done = 0
    while waiting or running:
        while waiting and len(running) < jobs:
            batch = waiting.pop()
            command = [sys.executable, __file__, "--seed", str(seed), "--work", *map(str, batch)]
            running.append((subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True), batch))
        process, batch = running.pop(0)
        try:
            said, _ = process.communicate(timeout=2 * BATCH * SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
        last = batch[0] - 1
        for line in said.splitlines():
            record = json.loads(line)
            if "peak_mb" in record:
                peak = max(peak, record["peak_mb"])
            elif "outcome" in record:
                last = record["case"]
                outcomes[record["outcome"]] += 1
                slowest = max(slowest, record["seconds"])
                if record["outcome"] == "failed":
                    failures.append(record)
                    print(f"\r{record['case']}: {record['why']}", file=sys.stderr)
        if last + 1 < batch[1] and process.returncode != 0:
            failures.append({"case": last + 1, "why": f"the worker died (exit status {process.returncode})"})
            outcomes["failed"] += 1
            if last + 2 < batch[1]:
                waiting.append((last + 2, batch[1]))
        done = sum(outcomes.values())
        print(f"\r{done} of {len(cases)}  {dict(outcomes)}", end="", file=sys.stderr, flush=True)
    minutes = (time.perf_counter() - began) / 60
    print(f"\ncases {done}  {dict(outcomes)}  slowest {slowest:.2f} s  most memory of a worker {peak} MB  {minutes:.1f} min")
    why: dict[str, list[object]] = {}
    for failure in failures:
        why.setdefault(str(failure["why"]), []).append(failure["case"])
    for reason, numbers in sorted(why.items(), key=lambda item: -len(item[1])):
        print(f"{len(numbers):6d}  {reason}   e.g. --only {numbers[0]}")
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        logs = lengths()
        for failure in failures:
            number = int(str(failure["case"]))
            name, data = case(number, seed, logs)
            (keep / f"{number}.{name}").write_bytes(data)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
