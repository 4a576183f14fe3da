"""Damaged logs: a seeded sample of what `bench/fuzz.py` tries by the ten thousand."""

from __future__ import annotations

import gzip
import os
import random
import sys
import time
from pathlib import Path

import lossclinic
import numpy as np
import pytest
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Log, Series
from lossclinic.engine.observe.read import read
from lossclinic.errors import InputError

BENCH = Path(__file__).parents[3] / "bench"
PARTS = 10
CASES = 30
"""Damaged logs in each part."""
SECONDS = 5.0
"""Processor time that one log may take."""
UNWELCOME = {"read.unforeseen", "read.too_large"}


@pytest.fixture(scope="module")
def well_formed() -> dict[str, bytes]:
    """A small log in every format that can be written here."""
    sys.path.insert(0, os.fspath(BENCH))
    try:
        from fuzzing.seeds import seeds
    finally:
        sys.path.remove(os.fspath(BENCH))
    return seeds()


def refused(path: Path) -> InputError | None:
    """Why the log at `path` is not read; None when it is diagnosed."""
    try:
        lossclinic.diagnose(path, lang="en")
    except InputError as error:
        return error
    return None


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_log_is_read_or_refused(part: int, well_formed: dict[str, bytes], tmp_path: Path) -> None:
    """Whatever happened to a log, it is diagnosed or refused in one line, soon, and with no other error or warning."""
    from fuzzing import mutations

    chance = random.Random(part)  # noqa: S311
    names = sorted(well_formed)
    for number in range(CASES):
        name = names[(part * CASES + number) % len(names)]
        data = well_formed[name]
        for _ in range(chance.choice((1, 1, 2, 3, 5))):
            data = chance.choice(mutations.MUTATIONS)(data, chance)[: mutations.LONGEST]
        path = tmp_path / f"{number}"
        path.write_bytes(data)
        began = time.process_time()
        refusal = refused(path)
        assert refusal is None or refusal.id not in UNWELCOME, f"{name} {part}/{number}: {refusal}"
        assert refusal is None or "\n" not in str(refusal)
        assert time.process_time() - began < SECONDS, f"{name} {part}/{number}"


@pytest.mark.parametrize("columns", [2_000, 20_000])
@pytest.mark.parametrize("name", ["c{}", "layers.{}.weight/norm", "train/loss_{}"])
def test_a_very_wide_table_is_soon_done_with(name: str, columns: int, tmp_path: Path) -> None:
    """Thousands of columns, whatever they are called, are read or refused within seconds."""
    header = ",".join(["step", *(name.format(i) for i in range(columns))])
    path = tmp_path / "wide.csv"
    path.write_text(header + "\n" + "".join(f"{row}" + ",1.5" * columns + "\n" for row in range(20)))
    began = time.process_time()
    refusal = refused(path)
    assert refusal is None or refusal.id not in UNWELCOME
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("n", [12, 60, 150, 15_000])
@pytest.mark.parametrize("which", ["steps", "values", "both"])
def test_numbers_at_the_edge_of_the_possible_are_no_trouble(n: int, which: str) -> None:
    """Steps and losses from the smallest to the largest number there is overflow nowhere (a warning would fail the test)."""
    chance = np.random.default_rng(n)
    wild = chance.choice([0.0, 5e-324, 1e-300, 1e-99, 1.0, -1.0, 1e99, -1e99, 1.79e308, -1.79e308, np.inf], size=(3, n))
    wild[1, : n // 2] = 0.0
    steps = np.sort(wild[0]) if which != "values" else np.arange(n, dtype=np.float64)
    loss, val = wild[1:] if which != "steps" else (1.0 + chance.random((2, n)))
    series = (
        Series("train_loss", "loss", steps, loss), Series("val_loss", "val_loss", steps, val), Series("grad_norm", "gnorm", steps, np.abs(val)),
    )  # fmt: skip
    seen = observe(Log("(data)", "csv", series, "step"))
    assert all(0.0 <= finding.strength <= 1.0 for finding in seen.findings)


def test_a_step_longer_than_any_number_is_no_step(tmp_path: Path) -> None:
    """An MLflow line with a step of hundreds of digits is passed over; the other lines are read."""
    path = tmp_path / "loss"
    path.write_text("".join(f"1700000000{i:03d} {2 - i / 40} {i}\n" for i in range(40)) + "1700000000999 1.0 " + "9" * 400 + "\n")
    found = read(path)
    assert len(found.series[0]) == 40


def test_an_archive_of_one_log_over_and_over_is_soon_done_with(well_formed: dict[str, bytes], tmp_path: Path) -> None:
    """A file of half a megabyte that unpacks to thirty is read in part, and a thousand starts of one counter are put end to end at once."""
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(well_formed["csv"] * (32_000_000 // len(well_formed["csv"])), compresslevel=1))
    began = time.process_time()
    found = read(path)
    assert time.process_time() - began < SECONDS
    assert [note.values["size"] for note in found.notes if note.id == "swollen_archive"] == [8]
    assert len(found.restarts) > 1000


def test_a_validation_loss_that_begins_with_zero_divides_nothing() -> None:
    """A training loss that comes down by a third, and a validation whose first value is exactly zero."""
    chance = np.random.default_rng(1)
    steps = np.arange(24.0)
    train = (2.1 + 0.9 * np.exp(-steps / 5)) * (1 + 0.01 * chance.standard_normal(24))
    series = (Series("train_loss", "loss", steps, train), Series("val_loss", "val_loss", steps, np.where(steps == 0, 0.0, train + 0.1)))
    assert not any(finding.alarming for finding in observe(Log("(data)", "csv", series, "step")).findings)


def test_an_epoch_that_is_no_number_measures_nothing() -> None:
    """A loss that swings with a period, beside an epoch that begins and ends with infinity."""
    steps = np.arange(240.0)
    epoch = np.concatenate([[np.inf], np.arange(1.0, 239.0) / 12, [np.inf]])
    series = (Series("train_loss", "loss", steps, 2.0 + 0.5 * np.sin(steps * np.pi / 6)), Series("epoch", "epoch", steps, epoch))
    assert "periodic.epoch" in [finding.message for finding in observe(Log("(data)", "csv", series, "step")).findings]
