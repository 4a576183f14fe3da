"""lossclinic beside the published tools that read a training log: runmedic, trainspotter, trainproof and losslint, on the same runs.

    uv run bench/peers.py RUNS                  # one table
    uv run bench/peers.py RUNS --families       # and in how many runs each family of symptoms was found
    uv run bench/peers.py RUNS --all-columns    # give every tool all that the log holds, not only what every tool has a name for
    uv run bench/peers.py RUNS --env DIR        # the environment of the peers (default: in the user's cache; made on first use)

RUNS is a folder of labelled runs, one folder a run, with its log and a case.yaml. Every log is written anew for every tool: CSV, one row a
step, with train loss, validation loss, learning rate and gradient norm as far as it has them, under the column names that the tool
documents. Each tool then reads all of them in one process, with its defaults. What its findings mean in our families of symptoms
stands in peers/mapping.yaml, where anyone can argue with it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from lossclinic import InputError
from peers import cold, drive, mapping, neutral, score
from peers.environment import EnvironmentFailure, default_folder, prepare

NOTES = """
named: {nameable} evident faulty runs with a labelled symptom; a finding of any severity counts when its family is right (peers/mapping.yaml)
warned: {healthy} healthy runs; counts {severities}
family precision: families found that are true, over the {evident} evident faulty runs; then the same for warnings alone
seconds: processor time for reading and finding symptoms, once, the tool being imported already; a run may take {limit:g} s on the clock
command: processor time of a whole process of each tool's own command, from the start of Python to the report, median of {sampled} runs
lossclinic, whole diagnosis (words, causes, advice), in process: median {diagnosis:.4f} s; it found the same in {same} of {total} runs
lossclinic's thresholds were chosen with the runs of ../shared/runs in view, the peers' were not: on those, its figures flatter it
"""


def main() -> int:
    """Install, write, run, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="RUNS")
    parser.add_argument("--env", type=Path, metavar="DIR", help="environment of the peers")
    parser.add_argument("--limit", type=float, default=20.0, metavar="SECONDS", help="for one run (default 20)")
    parser.add_argument("--all-columns", action="store_true", help="write every column that has a canonical name")
    parser.add_argument("--families", action="store_true", help="print what was found by family")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every finding of every tool here")
    args = parser.parse_args()

    family_of, tools = mapping.load()
    cases = neutral.cases(args.folder, family_of)
    if not cases:
        print(f"no labelled runs under {args.folder}: a run is a folder with a log and a case.yaml", file=sys.stderr)
        return 2
    pins = {tool.name: tool.version for tool in tools if tool.version}
    try:
        peers_python = prepare(args.env.absolute() if args.env else default_folder(pins), pins)
    except EnvironmentFailure as failure:
        print(failure, file=sys.stderr)
        return 3

    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        logs = write_all(Path(folder), cases, tools, everything=args.all_columns)
        cases = [case for case in cases if case.id in logs[tools[0].name]]
        rows, said = [], {}
        for tool in tools:
            print(f"{tool.name}: {len(cases)} runs", file=sys.stderr, flush=True)
            python = peers_python if tool.version else Path(sys.executable)
            try:
                version, outcomes = drive.run(python, tool.name, logs[tool.name], args.limit)
                rows.append(score.score(tool, version, cases, outcomes))
            except (drive.WorkerFailure, mapping.UnmappedError) as failure:
                print(failure, file=sys.stderr)
                return 1
            rows[-1].cold = cold.seconds(tool.name, python.parent, logs[tool.name])
            said[tool.name] = {id: asdict(outcome) for id, outcome in outcomes.items()}
            for id, outcome in [(id, o) for id, o in outcomes.items() if o.error][:5]:
                print(f"  {id}: {outcome.error[:200]}", file=sys.stderr)

        _, whole = drive.run(Path(sys.executable), "lossclinic-diagnosis", logs["lossclinic"], args.limit)
    print(score.table(rows))
    if args.families:
        print("\n" + score.by_family(rows))
    severities = "; ".join(f"{tool.name} {', '.join(sorted(tool.warns))}" for tool in tools)
    evident = sum(case.evident for case in cases)
    found = {id: {f["id"] for f in outcome["findings"]} for id, outcome in said["lossclinic"].items()}
    same = sum({f.id for f in outcome.findings} == found[id] for id, outcome in whole.items())
    diagnosis = statistics.median(outcome.seconds for outcome in whole.values() if outcome.seconds is not None)
    counts = {"nameable": rows[0].nameable, "healthy": rows[0].healthy, "evident": evident}
    counts |= {"sampled": cold.SAMPLED, "same": same, "total": len(whole)}
    print(NOTES.format(**counts, severities=severities, diagnosis=diagnosis, limit=args.limit).rstrip())
    if args.json:
        args.json.write_text(json.dumps(said, indent=1), "utf-8")
    return 0


def write_all(folder: Path, cases: list[neutral.Case], tools: list[mapping.Tool], *, everything: bool) -> Mapping[str, Mapping[str, Path]]:
    """Every log for every tool: tool -> run -> file. A log that cannot be read is left out for all of them, and said so."""
    logs: dict[str, dict[str, Path]] = {tool.name: {} for tool in tools}
    for tool in tools:
        (folder / tool.name).mkdir()
    for case in cases:
        try:
            log = neutral.curves(case.log, everything=everything)
        except InputError as error:
            print(f"left out for every tool: {error}", file=sys.stderr)
            continue
        for tool in tools:
            path = folder / tool.name / f"{case.id}.csv"
            neutral.write(path, log, tool.columns)
            logs[tool.name][case.id] = path
    return logs


if __name__ == "__main__":
    sys.exit(main())
