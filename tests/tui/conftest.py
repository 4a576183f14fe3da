"""A run with a spike, by hand: a log, the diagnosis of it in both languages, and the entries of the knowledge base it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import lossclinic
import numpy as np
import pytest
from lossclinic.engine.diagnosis import (
    Answer,
    ColumnUse,
    Diagnosis,
    Evidence,
    Finding,
    FixAdvice,
    LogSummary,
    Origin,
    Question,
    RankedCause,
    Skipped,
    TrustedFact,
)
from lossclinic.engine.observe.log import Column, Log, Series
from lossclinic.kb.model import Fact, Text

SPIKE, END = 13000.0, 20000.0


class Book:
    """As much of the knowledge base as the sample needs."""

    symptoms: ClassVar = {
        "loss_spike": Text(en="loss spike", zh="损失尖峰"),
        "grad_norm_spike": Text(en="gradient-norm spike", zh="梯度范数骤增"),
    }
    facts: ClassVar = {
        "grad_clipping": Text(en="Gradient clipping", zh="梯度裁剪"),
        "learning_rate": Text(en="Learning rate", zh="学习率"),
        "optimizer": Text(en="Optimizer", zh="优化器"),
    }
    _entries: ClassVar = {
        "grad_clipping": Fact(
            type="bool",
            effort="look",
            minutes=1,
            topic="gradient",
            name=facts["grad_clipping"],
            ask=Text(en="Are gradients clipped before each update?", zh="每次更新前做梯度裁剪吗？"),
            find=Text(
                en="Look for `clip_grad_norm_` between backward and step. A trainer may do it for you: max_grad_norm.",
                zh="在 backward 和 step 之间找 `clip_grad_norm_`。训练器也可能代劳，看 max_grad_norm。",
            ),
            labels={"true": Text(en="Yes", zh="有裁剪"), "false": Text(en="No", zh="没有裁剪")},
        ),
        "learning_rate": Fact(
            type="number",
            minimum=0,
            maximum=1000,
            effort="look",
            minutes=0.2,
            topic="learning_rate",
            name=facts["learning_rate"],
            ask=Text(en="What is the base learning rate?", zh="基础学习率是多少？"),
            find=Text(en="Print it from the optimizer.", zh="从优化器里打印出来。"),
        ),
        "optimizer": Fact(
            type="enum",
            values=("sgd", "adam", "other"),
            effort="look",
            minutes=0.2,
            topic="learning_rate",
            name=facts["optimizer"],
            ask=Text(en="Which optimizer is it?", zh="用的哪个优化器？"),
            find=Text(en="Print its type.", zh="打印它的类型。"),
            labels={
                "sgd": Text(en="Plain SGD", zh="SGD（无动量）"),
                "adam": Text(en="Adam", zh="Adam"),
                "other": Text(en="Another", zh="其他"),
            },
        ),
    }

    def fact(self, name: str, /) -> Fact:
        """The entry of a fact."""
        return self._entries[name]


def spiky_log(source: str = "runs/spike.csv") -> Log:
    """2,000 points: a falling loss, a spike at step 13,000, NaN from 17,000 to 17,400."""
    noise = np.random.default_rng(7)
    steps = np.arange(0.0, END, 10.0)
    loss = 2.3 * np.exp(-steps / 4000) + 0.3 + noise.normal(0, 0.03, len(steps))
    loss[1300:1340] += np.linspace(8, 0, 40)
    loss[1700:1741] = np.nan
    norm = np.abs(noise.normal(1, 0.1, len(steps)))
    norm[1300:1305] = 60.0
    series = (
        Series("train_loss", "训练损失", steps, loss),
        Series("val_loss", "val_loss", steps[::50], 2.5 * np.exp(-steps[::50] / 4000) + 0.42),
        Series("grad_norm", "grad_norm", steps, norm),
    )
    columns = (Column("step", "step"), *(Column(s.column, s.metric) for s in series), Column("note", None, why_not="text"))
    return Log(source, "csv", series, "step", columns)


def _seen(metric: str, first: float, last: float) -> Origin:
    return Origin(kind="metric", detail=metric, first_step=first, last_step=last)


def _found(symptom: str, summary: str, origin: Origin, strength: float) -> Finding:
    place = {"metric": origin.detail, "first_step": origin.first_step, "last_step": origin.last_step}
    return Finding(id=symptom, strength=strength, summary=summary, origin=origin, **place)


def spiky_diagnosis(lang: str = "en", source: str = "runs/spike.csv") -> Diagnosis:
    """The diagnosis of `spiky_log`, as the engine would give it."""
    zh = lang == "zh"
    unlogged = "没有记录学习率" if zh else "no learning rate was logged"
    spike, burst = _seen("train_loss", SPIKE, 13400), _seen("grad_norm", SPIKE, 13040)
    says = (
        ("训练损失在第 13000 步从 0.39 跳到 8.4（22 倍），40 个点后回落。", "梯度范数在第 13000 步从 1.0 跳到 60（60 倍）。")
        if zh
        else (
            "Training loss jumps from 0.39 to 8.4 at step 13000 (22x) and is back after 40 points.",
            "The gradient norm jumps from 1.0 to 60 at step 13000 (60x).",
        )
    )
    fixes = (
        FixAdvice(
            id="clip",
            horizon="now",
            name="梯度裁剪，上限取 1.0" if zh else "Clip the gradient norm at 1.0",
            do="在 backward 之后、step 之前裁剪总范数。上限取平时范数的两到三倍。裁剪前的范数要记录下来。"
            if zh
            else "Clip the total norm after backward and before step. Two to three times the usual norm is a good limit. "
            "Log the norm before clipping.",
            code={"pytorch": "torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)\n"},
        ),
        FixAdvice(
            id="warmup",
            horizon="for_good",
            name="加上学习率预热" if zh else "Warm the learning rate up",
            do="前 1% 到 5% 的步数线性升到峰值。" if zh else "Rise linearly over the first 1 to 5 per cent of the steps.",
        ),
    )
    causes = (
        RankedCause(
            id="gradient_explosion",
            name="梯度爆炸（无裁剪）" if zh else "unclipped exploding gradients",
            probability=0.58,
            evidence=(
                Evidence(id="grad_norm_spike", value=True, decibans=8.2, text=says[1], origin=burst),
                Evidence(id="loss_spike", value=True, decibans=4.1, text=says[0], origin=spike),
                Evidence(
                    id="optimizer",
                    value="adam",
                    decibans=-2.6,
                    text="优化器：Adam" if zh else "Optimizer: Adam",
                    origin=Origin(kind="text", detail="Adam"),
                ),
            ),
            fixes=fixes,
        ),
        RankedCause(id="bad_batch", name="异常批次" if zh else "bad batch", probability=0.25, fixes=fixes[1:]),
        RankedCause(id="lr_too_high", name="学习率过高" if zh else "learning rate too high", probability=0.11),
    )
    return Diagnosis(
        lang="zh" if zh else "en",
        healthy=False,
        symptoms=(
            _found("loss_spike", says[0], spike, 0.97),
            _found("grad_norm_spike", says[1], burst, 0.55),
        ),
        causes=causes,
        something_else=0.06,
        facts={"optimizer": TrustedFact(value="adam", origin=Origin(kind="text", detail="Adam"))},
        asked=(Answer(fact="learning_rate", answer=None),),
        next_questions=(
            Question(fact="grad_clipping", ask=Book().fact("grad_clipping").ask.pick(lang), gain=0.4, effort="look", minutes=1),
            Question(fact="learning_rate", ask=Book().fact("learning_rate").ask.pick(lang), gain=0.1, effort="look", minutes=0.2),
        ),
        skipped=(
            Skipped(check="学习率骤增" if zh else "learning-rate jump", reason=unlogged),
            Skipped(check="学习率调度" if zh else "learning-rate schedule", reason=unlogged),
        ),
        log=LogSummary(
            source=source,
            format="csv",
            axis="step",
            points=2000,
            columns=tuple(ColumnUse(column=c.name, metric=c.metric, note=c.why_not) for c in spiky_log().columns),
        ),
    )


@pytest.fixture
def book() -> Book:
    """The knowledge base of the sample."""
    return Book()


@pytest.fixture
def log() -> Log:
    """The sample log."""
    return spiky_log()


@pytest.fixture
def diagnosis() -> Diagnosis:
    """Its diagnosis in English."""
    return spiky_diagnosis("en")


@pytest.fixture
def chinese() -> Diagnosis:
    """Its diagnosis in Chinese."""
    return spiky_diagnosis("zh")


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The installed command as a user starts it: `run("diagnose", "--metrics", path)`, in an empty folder, with a plain English locale."""

    def start(*arguments: str, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "LOSSCLINIC_HOME") if name in os.environ}
        root = str(Path(lossclinic.__path__[0]).parent)
        done = subprocess.run(
            [sys.executable, "-m", "lossclinic", *arguments],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            cwd=tmp_path,
            env={**keep, "PYTHONPATH": root, "LANG": "C.UTF-8", **environment},
            check=False,
            timeout=120,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return start
