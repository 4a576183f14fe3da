"""Whether anything that was acknowledged gets lost: 16 processes file 1,000 cases each, one of them is killed every second.

    uv run python bench/casebook_loss.py [--processes 16] [--cases 1000] [--only sqlite|postgres] [--postgres postgresql://...]

A killed process is started again and goes on: it repeats the case that it has no answer for, as a person would. Afterwards every case that
was acknowledged must be there under the number that was said, none twice, numbers without gaps, and the file sound.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from casebook_server import server
from lossclinic.casebook.case import Case, now
from lossclinic.casebook.opening import open_casebook

TEXT = "Loss jumps from 2.1 to 7.9 at step 41200 and stays there; gradient norm 85. 损失在第 41200 步从 2.1 跳到 7.9。" * 4


def write(where: str, name: str, cases: int, journal: Path) -> None:
    """File `cases` cases, and put each in the journal once it is acknowledged. Goes on where the journal ends."""
    done = len(acknowledged(journal))
    store = open_casebook(where, index=Case.words)
    with journal.open("a") as file:
        for n in range(done, cases):
            filed = store.add(Case(uid=f"{name}-{n}", lang="en", texts={"en": {"title": f"case {n} of {name}", "seen": TEXT}}))
            file.write(f"{filed.id} {filed.uid}\n")
            file.flush()
    store.close()


def acknowledged(journal: Path) -> list[tuple[str, str]]:
    """Number and uid of what was acknowledged; a line that the kill cut short does not count."""
    if not journal.exists():
        return []
    text = journal.read_text()
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        journal.write_text(whole)
    return [(id, uid) for id, _, uid in (line.partition(" ") for line in whole.splitlines())]


def run(where: str, processes: int, cases: int, folder: Path) -> None:
    """The whole trial on one casebook."""
    rng = random.Random(1)  # noqa: S311 - whom to kill

    def start(n: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-W", "ignore", __file__, "--write", where, f"w{n}", str(cases), str(folder / f"w{n}")])

    began = time.monotonic()
    running = {n: start(n) for n in range(processes)}
    killed = 0
    while running:
        time.sleep(1.0)
        for n in [n for n, process in running.items() if process.poll() is not None]:
            assert running.pop(n).returncode == 0, f"writer {n} failed"
        if running:
            n = rng.choice(sorted(running))
            os.kill(running[n].pid, signal.SIGKILL)
            running[n].wait()
            killed += 1
            running[n] = start(n)
    took = time.monotonic() - began
    said = {pair for n in range(processes) for pair in acknowledged(folder / f"w{n}")}
    store = open_casebook(where, index=Case.words)
    there = {(case.id, case.uid) for case in store.all()}
    store.close()
    total = processes * cases
    print(f"{store.where.partition(':')[0][:10]:10} {len(said):,} acknowledged, {len(there):,} filed, {killed} processes killed, {took:.0f} s")
    print(f"  lost: {len(said - there)}; doubled: {len(there) - len({uid for _, uid in there})}; missing: {total - len(there)}")
    gaps = {f"LC-{now().year}-{n:04d}" for n in range(1, total + 1)} ^ {id for id, _ in there}
    print(f"  numbers: {'without gaps' if not gaps else sorted(gaps)[:5]}")
    assert said == there
    assert len(there) == total
    assert not gaps


def in_a_file(folder: Path, processes: int, cases: int) -> None:
    """The trial on SQLite, and whether the file is sound afterwards."""
    folder.mkdir()
    run(str(folder / "casebook.db"), processes, cases, folder)
    with closing(sqlite3.connect(folder / "casebook.db")) as connection:
        print("  integrity_check:", *connection.execute("pragma integrity_check").fetchone())
        connection.execute("insert into lc_search (lc_search) values ('integrity-check')")


def main() -> None:
    """Both stores."""
    if sys.argv[1:2] == ["--write"]:
        where, name, cases, journal = sys.argv[2:]
        write(where, name, int(cases), Path(journal))
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--postgres")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.only != "postgres":
            in_a_file(Path(name) / "sqlite", options.processes, options.cases)
        if options.only != "sqlite":
            with server(options.postgres) as address:
                (folder := Path(name) / "postgres").mkdir()
                run(address, options.processes, options.cases, folder)


if __name__ == "__main__":
    main()
