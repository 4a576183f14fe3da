"""The habit of a run: observations that are no symptom but tell causes apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lossclinic.kb import load


def value(seen: Any, id: str) -> Any:
    """What was observed for `id`, or None."""
    return seen.seen[id].value if id in seen.seen else None


@pytest.mark.parametrize(("share", "phase"), [(0.1, "early"), (0.4, "middle"), (0.8, "late")])
def test_the_phase_in_which_the_trouble_began_is_observed(run: Any, share: float, phase: str) -> None:
    """A surge early, in the middle and late in the run is told apart, at any scale and length."""
    loss, at = run.descent(noise=0.01), run.at(share)
    loss[at:] *= 8
    seen = run.see(train_loss=loss)
    assert seen.findings
    assert value(seen, "onset_phase") == phase


def test_a_healthy_run_has_no_onset(run: Any) -> None:
    """Where nothing alarms there is nothing that began, rose or was left behind."""
    seen = run.see(train_loss=run.descent(noise=0.01))
    assert [value(seen, id) for id in ("onset_phase", "jump_count", "jump_rise", "level_after", "data_statistics")] == [None] * 5


@pytest.mark.parametrize(("spikes", "count"), [(1, "one"), (3, "few"), (6, "many")])
def test_jumps_are_counted(plain: Any, spikes: int, count: str) -> None:
    """One jump, a few and many are told apart."""
    loss = plain.descent(noise=0.01, rate=12)
    loss[np.linspace(80, 380, spikes).astype(int)] *= 6
    assert value(plain.see(train_loss=loss), "jump_count") == count


@pytest.mark.parametrize(
    ("noise", "level"),
    [(0.001, "none"), (0.06, "low"), (0.2, "medium"), (0.6, "high")],
)
def test_the_noise_of_the_loss_is_observed(run_of: Any, noise: float, level: str) -> None:
    """Almost none, low, medium and high noise are told apart, whatever the scale."""
    for scale in (1e-6, 1.0, 1e6):
        run = run_of(2000, scale)
        assert value(run.see(train_loss=run.descent(noise=noise)), "noise_level") == level


@pytest.mark.parametrize(("floor", "end"), [(1e-4, "nil"), (0.02, "low"), (0.15, "usual"), (0.6, "high")])
def test_how_far_the_loss_came_down_is_observed(run_of: Any, floor: float, end: str) -> None:
    """The last loss as a share of the first is observed, whatever the scale."""
    for scale in (1e-6, 1.0, 1e6):
        run = run_of(2000, scale)
        assert value(run.see(train_loss=run.descent(floor=floor, rate=12, noise=0.01)), "end_level") == end


@pytest.mark.parametrize(("factor", "size"), [(0.5, "below"), (1.0, "equal"), (2.0, "above"), (5.0, "far"), (50.0, "very_far"), (500.0, "absurd")])
def test_how_far_validation_stands_above_training_is_observed(plain: Any, factor: float, size: str) -> None:
    """The distance of validation from training at the end is observed in steps of about a factor of three."""
    train = plain.descent(noise=0.01)
    seen = plain.see(train_loss=train, val_loss=(plain.evaluations(20), factor * plain.descent(noise=0.01, n=20)))
    assert value(seen, "val_over_train") == size


@pytest.mark.parametrize(("kind", "observed"), [("steady", "steady"), ("moment", "outlier"), ("good", "lasting")])
def test_batch_statistics_at_the_onset_are_observed(plain: Any, kind: str, observed: str) -> None:
    """Whether the data changed where the trouble began, for a moment or for good, is observed."""
    loss, mean = plain.descent(noise=0.02), 0.5 * plain.noise(0.05, seed=3)
    loss[240:] *= 6
    mean[240 : 242 if kind == "moment" else plain.n] += 0.0 if kind == "steady" else 3.0
    assert value(plain.see(train_loss=loss, batch_mean=mean), "data_statistics") == observed


def test_weights_and_updates_are_observed(plain: Any) -> None:
    """The growth of the weights and the size of the updates against them are observed."""
    seen = plain.see(train_loss=plain.descent(), weight_norm=np.linspace(10, 30, plain.n), update_norm=np.full(plain.n, 0.1))
    assert (value(seen, "weight_growth"), value(seen, "update_rate")) == ("swells", "usual")
    seen = plain.see(train_loss=plain.descent(), weight_norm=np.full(plain.n, 10.0), update_norm=np.zeros(plain.n))
    assert (value(seen, "weight_growth"), value(seen, "update_rate")) == ("frozen", "none")


@pytest.mark.parametrize(("top", "losses", "validation"), [(1.0, "start", "start"), (1.5, "above", "above"), (4.0, "far", "far")])
def test_how_high_the_losses_ever_stood_is_observed(plain: Any, top: float, losses: str, validation: str) -> None:
    """A run whose loss was highest at its start, one that climbed above it and one that climbed far above it are told apart."""
    course = np.r_[np.linspace(1, top, plain.n // 2), np.linspace(top, 0.3, plain.n - plain.n // 2)]
    seen = plain.see(train_loss=course, val_loss=(plain.steps[::20], course[::20]))
    assert (value(seen, "train_peak"), value(seen, "val_peak")) == (losses, validation)


def test_whether_validation_moves_when_training_does_is_observed(plain: Any) -> None:
    """Validation that falls with training does so steadily and in its company; one that wanders does neither."""
    at, train = plain.evaluations(30), plain.descent(noise=0.0)
    together = plain.see(train_loss=train, val_loss=(at, 1.1 * np.interp(at, plain.steps, train)))
    assert (value(together, "val_course"), value(together, "val_company")) == ("steady", "closely")
    apart = plain.see(train_loss=train, val_loss=(at, 1.0 + 0.1 * np.cos(np.arange(30) * 2.5)))
    assert (value(apart, "val_course"), value(apart, "val_company")) == ("wavers", "apart")


@pytest.mark.parametrize(("side", "lean"), [(1.0, "up"), (-1.0, "down"), (0.0, "even")])
def test_which_way_single_points_stray_is_observed(plain: Any, side: float, lean: str) -> None:
    """Noise with points far above the curve, with points far below it and with neither are told apart."""
    loss = 1.0 + 0.01 * np.random.default_rng(4).standard_normal(plain.n)
    loss[25::50] += side * 0.08
    assert value(plain.see(train_loss=loss), "noise_lean") == lean


@pytest.mark.parametrize(("sigma", "roughness"), [(0.03, "even"), (0.15, "calm"), (0.25, "usual"), (0.4, "rough"), (0.9, "wild")])
def test_how_rough_the_gradient_norm_is_is_observed(plain: Any, sigma: float, roughness: str) -> None:
    """The usual change of the gradient norm from one record to the next is observed as a share of the norm."""
    assert value(plain.see(train_loss=plain.descent(), grad_norm=plain.noise(sigma, seed=2)), "grad_roughness") == roughness


@pytest.mark.parametrize(("leap", "size"), [(0.0, "none"), (0.2, "clear"), (20.0, "extreme")])
def test_the_largest_step_of_the_weights_is_observed(plain: Any, leap: float, size: str) -> None:
    """A single change of the weight norm is measured against what it usually changes by."""
    norm = 10 + 0.01 * np.arange(plain.n)
    norm[200:] += leap
    assert value(plain.see(train_loss=plain.descent(), weight_norm=norm), "weight_leap") == size


def test_a_negative_loss_has_no_shares(plain: Any) -> None:
    """Where the loss is below zero, its level is told as negative and no share of it is computed."""
    seen = plain.see(train_loss=plain.descent() - 5)
    assert value(seen, "start_level") == "negative"
    assert value(seen, "end_level") is None


def test_whatever_is_observed_is_in_the_knowledge_base(run: Any) -> None:
    """Every observation and fact read off a log exists in the knowledge base, with a value that it knows there."""
    kb = load()
    n = run.n
    loss = run.descent()
    loss[run.at(0.6) :] *= 6
    columns = {
        "val_loss": (run.evaluations(12), run.descent(n=12)), "lr": np.full(n, 1e-3), "grad_norm": run.noise(0.3), "weight_norm": 10 + run.noise(0.1),
        "update_norm": 0.01 * run.noise(0.1), "dead_fraction": np.full(n, 0.1), "batch_mean": run.noise(0.1), "gpu_temp": np.full(n, 70.0),
        "loss_scale": np.full(n, 1024.0), "rank_loss": loss * run.noise(0.01), "epoch": np.arange(n) / 10,
    }  # fmt: skip
    seen = run.see(train_loss=loss, **columns)
    assert len(seen.seen) > 15
    for id, one in seen.seen.items():
        if id in kb.ids("observations"):
            assert one.value in kb.observation(id).values, (id, one.value)
        else:
            fact = kb.fact(id)
            allowed = {"bool": (True, False), "enum": fact.values}.get(fact.type)
            assert one.value in allowed if allowed else np.isfinite(one.value), (id, one.value)
    assert {f.id for f in seen.findings} | {s.check for s in seen.skipped} <= set(kb.ids("symptoms"))
