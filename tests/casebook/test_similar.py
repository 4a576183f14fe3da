"""Runs whose curves look alike find each other, whatever their length, scale and columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from lossclinic.casebook.case import Case, Sign, Telling
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.reference import shelf
from lossclinic.casebook.similar import LENGTH, Curves, fingerprint, fingerprint_of, like
from lossclinic.casebook.store import Fingerprints
from lossclinic.engine.finding import Observed
from lossclinic.engine.observe.detect import observe
from lossclinic.engine.observe.log import Log, Series

KINDS = ("spike", "plateau", "oscillation", "overfitting", "surge")


def run(kind: str, seed: int, n: int = 400, scale: float = 1.0) -> Log:
    """A log with one kind of trouble; seeds differ in noise, place and size of it."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0.0, 1.0, n)
    loss = (0.3 + 2.0 * np.exp(-5 * t)) * np.exp(rng.normal(0, 0.03, n))
    val = (0.35 + 2.0 * np.exp(-5 * t)) * np.exp(rng.normal(0, 0.02, n))
    at = int(n * rng.uniform(0.5, 0.7))
    if kind == "spike":
        loss[at : at + n // 80] *= rng.uniform(5, 9)
    elif kind == "plateau":
        loss, val = (2.3 * np.exp(rng.normal(0, 0.005, n)) for _ in range(2))
    elif kind == "oscillation":
        loss[at:] *= np.exp(0.8 * np.sin(np.arange(n - at) / 2.0))
    elif kind == "overfitting":
        val = val * np.exp(2.0 * np.clip(t - 0.3, 0, 1))
    elif kind == "surge":
        loss[at:] *= rng.uniform(5, 8)
        val[at:] *= rng.uniform(5, 8)
    steps = np.arange(n, dtype=float) * int(rng.integers(1, 50))
    return Log("x", "csv", (Series("train_loss", "loss", steps, scale * loss), Series("val_loss", "val", steps, scale * val)), "step")


def shape(log: Log) -> tuple[float, ...]:
    """Its fingerprint."""
    return fingerprint(log, observe(log))


@pytest.fixture(scope="module")
def past() -> Curves:
    """Four runs of each kind."""
    rows = {f"{kind}-{seed}": shape(run(kind, seed)) for kind in KINDS for seed in range(4)}
    return Curves(Fingerprints(list(rows), np.array(list(rows.values()), dtype=np.float32)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_nearest_run_has_the_same_trouble(past: Curves, kind: str) -> None:
    """Another seed, another length, another scale of the loss."""
    nearest = past.nearest(shape(run(kind, 99, n=900, scale=7.0)), 3)
    assert nearest[0][0].startswith(kind)
    assert 0.0 < nearest[-1][1] <= nearest[0][1] <= 1.0


def test_a_run_is_most_like_itself(past: Curves) -> None:
    """Likeness 1, and nothing comes before it."""
    name, likeness = past.nearest(shape(run("surge", 2)), 1)[0]
    assert name == "surge-2"
    assert likeness == pytest.approx(1.0, abs=1e-3)


def test_a_log_without_validation_is_compared_by_what_both_have(past: Curves) -> None:
    """A missing curve is no difference, only less to go by."""
    log = run("spike", 50)
    assert past.nearest(shape(Log(log.source, log.format, log.series[:1], log.axis)), 1)[0][0].startswith("spike")


def test_numbers_that_are_not_finite_do_no_harm() -> None:
    """A loss that ends in NaN, an infinite one, one of zeros, one of two points: every fingerprint is finite and of one length."""
    n = np.arange(50.0)
    for values in (np.where(n > 30, np.nan, 1.0), np.where(n > 30, np.inf, n), np.zeros(50), np.full(50, np.nan), n[:2] - 5.0):
        found = fingerprint(Log("x", "csv", (Series("train_loss", "loss", n[: len(values)], values),), "step"), Observed())
        assert len(found) == LENGTH
        assert np.isfinite(found).all()


def test_a_case_without_a_log_is_found_by_its_symptoms() -> None:
    """The reference cases have no logs; a spike that recovers still finds spikes."""
    ids = [alike.case.symptoms[0].id for alike in like(shape(run("spike", 7)), {}, [shelf()], limit=5)]
    assert "loss_spike" in ids


def test_equal_facts_decide_between_equal_curves(tmp_path: Path) -> None:
    """Two cases with the same curve: the one with the same optimizer and precision comes first, and what is shared is told."""
    store = open_casebook(tmp_path / "casebook.db")
    log = run("surge", 3)
    for precision in ("bf16", "fp16"):
        facts = {"mixed_precision": precision, "optimizer": "adamw"}
        store.add(Case(lang="en", texts={"en": Telling(title=precision)}, symptoms=(Sign(id="loss_surge"),), facts=facts, fingerprint=shape(log)))
    found = like(shape(log), {"mixed_precision": "fp16", "optimizer": "adamw"}, [store, shelf()], limit=3)
    store.close()
    assert [alike.case.title for alike in found[:2]] == ["fp16", "bf16"]
    assert found[0].shared == ("mixed_precision", "optimizer")


def test_fingerprints_of_another_version_are_left_out() -> None:
    """A casebook may hold shorter or longer rows: they are compared with nothing."""
    row = shape(run("spike", 1))
    matrix = np.full((3, LENGTH + 5), np.nan, dtype=np.float32)
    matrix[0, :LENGTH], matrix[1, : LENGTH - 3], matrix[2] = row, row[:-3], 0.5
    assert Curves(Fingerprints(["a", "b", "c"], matrix)).ids == ["a"]
    assert Curves(Fingerprints([], np.zeros((0, 0), dtype=np.float32))).nearest(row, 5) == []
    short = Case(lang="en", texts={"en": Telling(title="x")}, fingerprint=(1.0, 2.0), symptoms=(Sign(id="loss_spike"),))
    assert len(fingerprint_of(short)) == LENGTH
