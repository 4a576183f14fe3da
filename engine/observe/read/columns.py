"""What a column means, from its name alone: English and Chinese names onto the canonical metrics, the step counters and the epoch.

`meaning` looks at one name; which of several columns is the main one is decided in `ranking`, and which counter is used in `axis`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .source import clean

__all__ = ["Meaning", "meaning", "words"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column is taken for."""

    kind: str | None
    """A metric of `METRICS`, "step", or None."""
    score: float = 0.0
    """How well the name fits the kind, 0..110; for losses: how surely it is the total that is trained on."""
    part: str = ""
    """Name of the part when it is not the main series ("box_loss")."""
    twin: str = ""
    """"step" or "epoch" when the name says so at its end (`train_loss_step`)."""
    why_not: str = ""
    phase: str = ""
    """"train", "val", "test" or ""."""


_TRAIN = frozenset({"train", "training", "tr", "trn", "trl"})
_VAL = frozenset({"val", "valid", "validation", "validate", "validating", "eval", "evaluation", "evaluate", "evaluating", "dev", "holdout", "heldout"})  # fmt: skip
_TEST = frozenset({"test", "testing", "predict", "prediction", "tst", "tel"})
_BEST = frozenset({"best", "lowest", "min", "minimum", "highest", "prev", "previous", "old", "target"})
_BENCHMARKS = frozenset({"hellaswag", "mmlu", "arc", "piqa", "winogrande", "boolq", "gsm", "sciq", "copa", "openbookqa", "lambada", "hella"})
_NOT_A_LOSS = frozenset(
    {
        "weight", "weights", "coef", "coeff", "coefficient", "lambda", "num", "count", "time", "times", "sec", "secs", "seconds", "patience",
        "multiplier", "mult", "std", "var", "variance", "stddev", "improvement", "delta", "diff", "change", "ratio", "gap", "threshold", "decreased", "improved",
        "type", "fn", "function", "name", "factor", "slope", "packet", "id", "total_count", "limit", "interval", "every", "nan", "skipped", "scores",
        "signs", "logits", "acc", "accuracy", "perplexity", "ppl",
    }
)  # fmt: skip
_SIDE_LOSS = frozenset(
    {
        "kl", "kld", "reg", "regularization", "aux", "auxiliary", "z", "entropy", "value", "policy", "pg", "penalty", "l1", "l2", "commit",
        "commitment", "balance", "balancing", "router", "moe", "load", "critic", "actor", "generator", "discriminator", "gen", "disc", "gan",
        "adv", "adversarial", "g", "d", "real", "fake", "perceptual", "tv", "smooth", "ema", "smoothed", "teacher", "student", "consistency",
        "contrastive", "decay", "ponder", "bbox", "box", "cls", "obj", "dfl", "mask", "seg", "iou", "giou", "landm", "rpn", "loc", "kobj",
        "pose", "ent", "vf", "pl", "vq", "codebook", "divergence", "indexer", "mtp",
    }
)  # fmt: skip
_PLAIN = frozenset({"loss", "losses", "train", "training", "lm", "total", "tot", "sum", "all", "overall", "objective", "obj", "cost", "step", "batch", "iter", "epoch", "set", "the", "current", "cur", "running", "avg", "average", "mean", "a", "trainer", "model", "per", "metrics", "metric", "scalar", "log", "logs", "final", "global", "reduced", "val", "valid", "validation", "eval", "evaluation", "dev", "test", "testing", "fit", "on", "data", "is", "loop", "phase", "raw", "unscaled", "minibatch", "mini", "interval", "trn", "tr", "history", "iteration"})  # fmt: skip

_STEPS: dict[str, float] = {
    "step": 100, "global step": 101, "global steps": 101, "current steps": 97, "current step": 97, "cur step": 97, "num updates": 97,
    "iteration": 96, "iter": 96, "iters": 95, "iterations": 94, "training step": 96, "training steps": 94, "train step": 96, "train iter": 95,
    "train steps": 94, "global iter": 97, "global iteration": 97, "cur iter": 96, "current iter": 96, "total iters": 93, "n iter": 93, "steps": 92,
    "optimizer step": 90, "optim step": 90, "opt step": 90, "gradient step": 89, "gradient steps": 89, "update": 80, "updates": 80, "n updates": 50,
    "num steps": 70, "total timesteps": 110, "num timesteps": 105, "timesteps": 88, "timestep": 85, "env steps": 80, "it": 75, "itr": 90,
    "iteration number": 95, "iter num": 96, "iter no": 95, "step num": 96, "step no": 95, "step idx": 95, "step count": 90, "total steps done": 80,
    "batch": 60, "batches": 58, "batch idx": 60, "batch num": 60, "batch no": 60, "minibatch": 60, "mini batch": 60, "batch index": 60, "batch id": 60,
    "global batch": 85, "batch step": 60, "i": 30, "tick": 55, "kimg": 54, "cur nimg": 45, "nimg": 45, "total tokens": 40, "tokens": 40,
    "tokens seen": 42, "consumed tokens": 42, "num tokens": 40, "samples": 35, "samples seen": 36, "consumed samples": 36, "examples": 35,
    "num samples": 30, "s": 20, "trainer global step": 101, "completed steps": 95, "train global step": 101, "步": 95, "步数": 100, "训练步数": 100,
    "全局步数": 101, "全局步": 101, "迭代": 96, "迭代次数": 97, "迭代步数": 98, "迭代数": 96, "当前步数": 98, "当前步": 98, "训练步": 98, "批次": 60,
    "更新次数": 90, "更新步数": 90, "步骤": 95, "iteration count": 95, "update num": 90, "update step": 92, "update steps": 90, "x": 10,
}  # fmt: skip
_EPOCHS: dict[str, float] = {
    "epoch": 100, "epochs": 90, "epoch num": 95, "epoch no": 95, "epoch idx": 95, "epoch index": 95, "epoch id": 95, "current epoch": 98, "cur epoch": 98,
    "ep": 80, "e": 20, "train epoch": 97, "training epoch": 97, "epoch number": 95, "global epoch": 97, "num epochs": 40, "n epoch": 80, "epoch count": 80,
    "epochs trained": 80, "fractional epoch": 92, "epoch fraction": 90, "passes": 40, "trainer epoch": 96, "轮次": 100, "轮": 98, "轮数": 100, "训练轮次": 100, "训练轮数": 100,
    "周期": 90, "回合": 85, "纪元": 80, "当前轮次": 98, "迭代轮次": 96, "迭代轮数": 96, "epoch轮": 90, "世代": 70, "时期": 70,
}  # fmt: skip
_PREFIXES = frozenset({"train", "training", "time", "times", "trainer", "progress", "global", "general", "charts", "perf", "info", "misc", "stats", "log", "base", "state"})

_CJK_LOSS = re.compile("损失|代价|误差")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_WORD = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+")
_GAN = re.compile(r"(?:(?:loss|err)[ _/]?)?(?:[dg]|cycle|idt|rec|netd|netg|sim|cyc|id|fm|vgg)(?:[ _/](?:[ab]|real|fake|gan|l1|total|vgg|feat|loss|basic|identity))*(?:[ _/](?:loss|err))?")
_PHASE_EDGE = re.compile(
    r"(?:^|(?<=[/_.\s:\-]))(?:train(?:ing)?|val(?:id(?:ation|ate)?)?|eval(?:uation)?|test(?:ing)?|dev)(?=$|[/_.\s:\-])"
    r"|(?<![a-zA-Z])(?:[Tt]rain(?:ing)?|[Vv]al(?:id(?:ation)?)?|[Ee]val(?:uation)?|[Tt]est)(?=[A-Z])|训练集?|验证集?|测试集?|评估",
    re.I | re.A,
)
_TWIN = re.compile(r"[\s_/\-.(]*(?<![a-z])(step|epoch)\)?$", re.I)


def words(name: str) -> list[str]:
    """The words of a column name in lower case: "TrainLoss" and "train/loss" both give train, loss; digits are words of their own."""
    return _WORD.findall(_CAMEL.sub(" ", unicodedata.normalize("NFKC", name)).lower())


@lru_cache(maxsize=4096)
def meaning(name: str) -> Meaning:
    """What the column called `name` most probably is. Never raises; an unknown name has kind None."""
    tokens = words(clean(name, 400))
    if not tokens:
        return Meaning(None, why_not="no name")
    joined = " ".join(tokens)
    have = set(tokens)
    phase = _phase(have, joined)
    twin = tokens[-1] if len(tokens) > 1 and tokens[-1] in {"step", "epoch"} else ""
    counter = _counter(tokens, joined, phase)
    if counter is not None:
        return counter
    loss = _loss(name, tokens, joined, have, phase, twin)
    if loss is not None:
        return loss
    found = _other(tokens, joined, have, phase)
    if found is None:
        return Meaning(None, why_not="unknown meaning", phase=phase)
    kind, score = found
    return Meaning(kind, score, part=_part(name, tokens, twin), twin=twin, phase=phase)


def _phase(have: set[str], joined: str) -> str:
    if have & _VAL or re.search("验证|校验|评估|开发集", joined):
        return "val"
    if have & _TEST or "测试" in joined:
        return "test"
    if have & _TRAIN or "训练" in joined:
        return "train"
    return ""


def _counter(tokens: list[str], joined: str, phase: str) -> Meaning | None:
    for table, kind in ((_STEPS, "step"), (_EPOCHS, "epoch")):
        if joined in table and phase not in {"val", "test"}:
            return Meaning(kind, table[joined], phase=phase)
    if len(tokens) > 1 and tokens[0] in _PREFIXES:
        rest = " ".join(tokens[1:])
        for table, kind in ((_STEPS, "step"), (_EPOCHS, "epoch")):
            if rest in table:
                return Meaning(kind, table[rest] - 3, phase=phase)
    if re.fullmatch(r"第.*(轮|代|周期)", joined):
        return Meaning("epoch", 95, phase=phase)
    if re.fullmatch(r"第.*(步|次|批).*", joined):
        return Meaning("step", 95, phase=phase)
    return None


def _loss(name: str, tokens: list[str], joined: str, have: set[str], phase: str, twin: str) -> Meaning | None:
    squeezed = "".join(tokens)
    gan = bool(_GAN.fullmatch(re.sub(r"[\s_/.\-()]+", "_", name.strip().lower()).strip("_")))
    said = any(t.endswith(("loss", "losses")) and t not in {"gloss", "bloss"} for t in tokens) or bool(_CJK_LOSS.search(joined))
    other = _loss_like(tokens, joined, have)
    if not (said or gan or other):
        return None
    kind = "val_loss" if phase in {"val", "test"} else "train_loss"
    if "scale" in have or "scaler" in have or "scaling" in have or re.search("损失缩放|缩放", joined):
        return Meaning("loss_scale", 95, phase=phase)
    if ({"rank", "local"} & have and any(t.isdigit() for t in tokens)) or tokens[:2] == ["rank", "loss"] or squeezed == "lossrank":
        return Meaning("rank_loss", 95, part="" if tokens == ["rank", "loss"] else clean(name, 60), phase=phase)
    if "lr" in have or ("norm" in have and "grad" in have):
        return None
    if have & _NOT_A_LOSS or re.search("权重|系数|次数|时间", joined):
        return Meaning(None, why_not="about the loss, not the loss", phase=phase)
    if have & _BEST or re.search("最佳|最优|最低|最小", joined):
        return Meaning(None, why_not="best so far", phase=phase)
    score = _loss_score(tokens, have, phase, said=said, gan=gan, other=other)
    if phase == "test":
        score -= 8 if "predict" not in have else 20
    if twin == "epoch":
        score -= 6
    if said:
        score = max(score, 12)
    return Meaning(kind, score, part=_part(name, tokens, twin), twin=twin, phase=phase)


def _loss_like(tokens: list[str], joined: str, have: set[str]) -> float:
    """Score of names that mean a loss without the word; 0 when it is none."""
    if "crossentropy" in have or "cross entropy" in joined or "xent" in have or "交叉熵" in joined:
        return 80
    if tokens[0] in {"tel", "trl"} and len(tokens) == 1:
        return 95
    if {"nll", "nlll"} & have:
        return 75
    if {"objective", "obj", "criterion", "cost"} & have and have & (_TRAIN | _VAL | _TEST | {"total", "function"}):
        return 85
    if tokens in (["cost"], ["objective"], ["criterion"], ["elbo"]):
        return 70
    if tokens[0] == "l" and len(tokens) >= 2 and tokens[1] in {"pix", "pixel", "total", "g", "d", "rec", "recon", "cls", "reg", "ce", "mse"}:
        return 70
    if len(tokens) <= 2 and have & {"ce", "bce", "mse", "nmse"} and have <= {"ce", "bce", "mse", "nmse"} | _TRAIN | _VAL | _TEST:
        return 5
    if have & {"bpb", "bpc"} and len(tokens) <= 2:
        return 4
    return 0


def _loss_score(tokens: list[str], have: set[str], phase: str, *, said: bool, gan: bool, other: float) -> float:
    rest = [t for t in tokens if t not in _PLAIN and not t.isdigit() and not re.search("损失|训练|验证|测试|总|平均|当前|评估|校验|集", t)]
    if gan and have != {"loss"}:
        return 40
    if not said:
        return other
    if "value" in rest and tokens.index("value") > 0 and tokens[tokens.index("value") - 1].startswith("loss"):
        rest.remove("value")
    score = 100.0 if not rest else 50.0
    if rest and not have & _SIDE_LOSS and have & {"entropy", "crossentropy", "ce", "nll", "lm", "xent", "mse", "bce", "reconstruction", "rec", "recon"}:
        score = 72
    if "entropy" in have and "cross" in have:
        score = 85
    elif have & _SIDE_LOSS and rest:
        score = 30
    elif "ntp" in have or rest == ["ctc"]:
        score = 60
    if any(t.isdigit() for t in tokens):
        score -= 6
    if have & {"total", "tot", "overall", "sum"} or any("总" in t for t in tokens):
        score += 1 if not rest else 25
    if have & {"avg", "average", "mean", "running", "smooth", "smoothed", "ema"} or any("平均" in t for t in tokens):
        score -= 8
    if phase == "train" and not rest:
        score += 0.5
    return score


def _other(tokens: list[str], joined: str, have: set[str], phase: str) -> tuple[str, float] | None:
    val = phase in {"val", "test"}
    if tokens[0] == "lr" or "lr" in have or "learningrate" in have or "learning rate" in joined or "学习率" in joined or tokens == ["learning"]:
        if have & {"min", "max", "base", "decay", "init", "initial", "warmup", "mult", "scale", "factor", "ratio", "final", "peak"} or "衰减" in joined:
            return None
        return "lr", 95 - len(tokens)
    norm = _norm(tokens, joined, have)
    if norm is not None:
        return norm
    if have & {"acc", "accuracy", "acc1"} or "top 1" in joined or any(t in {"trainacc", "valacc", "testacc"} for t in tokens) or re.search("准确率|正确率|精确度|准确度", joined):
        if have & (_BEST | {"highest"}) or "最佳" in joined or "grad" in have or "accumulated" in have:
            return None
        val = val or bool(have & _BENCHMARKS)
        if have & {"5", "10"} and ("top" in have or "acc" in have or "at" in have) and "1" not in have:
            return ("val_accuracy" if val else "train_accuracy"), 40
        return ("val_accuracy" if val or "valacc" in have or "testacc" in have else "train_accuracy"), 95 - len(tokens)
    if tokens in (["scale"], ["amp", "scale"], ["grad", "scale"], ["grad", "scaler"], ["scaler"], ["scaler", "scale"], ["fp", "16", "scale"], ["amp", "scaler"]) or "缩放" in joined:
        return "loss_scale", 85
    if have & {"dead", "dying"} and (have & {"fraction", "ratio", "relu", "relus", "neuron", "neurons", "unit", "units", "frac", "pct", "percent", "share"} or len(tokens) == 1) or re.search("死(亡)?神经元|死亡.*比例|死亡单元", joined):
        return "dead_fraction", 90
    return _plumbing(tokens, joined, have)


def _norm(tokens: list[str], joined: str, have: set[str]) -> tuple[str, float] | None:
    grad = have & {"grad", "gradient", "gradients", "grads", "gradnorm"} or "梯度" in joined
    if tokens in (["gnorm"], ["gradnorm"]):
        return "grad_norm", 98
    if "norm" in have or "norms" in have or re.search("范数|模长", joined) or (grad and have & {"l", "l2", "magnitude"} and "2" in have):
        if have & {"layer", "batch", "rms", "group"} and not grad:
            return None
        if grad:
            if have & {"clip", "clipped", "max", "threshold", "coef"} and "total" not in have:
                return "grad_norm", 40
            extra = [t for t in tokens if t not in {"grad", "gradient", "gradients", "grads", "norm", "norms", "total", "global", "train", "training", "optim", "l", "pre", "unclipped", "before", "clip", "all", "model", "overall", "step", "epoch"} and not t.isdigit()]
            return "grad_norm", (97 if not extra else 40) + (1 if "total" in have or "global" in have else 0) if not re.search("梯度", joined) else 97
        if have & {"update", "updates", "delta"} or "更新" in joined:
            return "update_norm", 95
        if have & {"weight", "weights", "param", "params", "parameter", "parameters"} or re.search("权重|参数", joined):
            return "weight_norm", 95 - max(0, len(tokens) - 2)
        if tokens in (["norm"], ["global", "norm"], ["total", "norm"], ["train", "norm"]):
            return "grad_norm", 80
    return None


def _plumbing(tokens: list[str], joined: str, have: set[str]) -> tuple[str, float] | None:
    """Batch statistics, sensors, speed, time."""
    if have & {"batch", "input", "inputs", "data", "x"} and len(tokens) <= 3 and have & {"mean", "std"} or re.search("批.*(均值|标准差|方差)|输入(均值|标准差)", joined):
        return ("batch_mean" if "mean" in have or "均值" in joined else "batch_std"), 90
    if have & {"label", "labels", "target", "targets", "y"} and "mean" in have and len(tokens) <= 3 or re.search("标签(均值|平均)", joined):
        return "label_mean", 90
    gpu = have & {"gpu", "cuda", "device", "vram"} or re.search("显卡|显存|gpu", joined)
    if have & {"temp", "temperature", "temps"} and gpu or (gpu and "温度" in joined) or tokens == ["gputemp"]:
        return "gpu_temp", 90
    if (gpu and (have & {"mem", "memory", "reserved", "allocated", "vram"} or "内存" in joined)) or "显存" in joined or tokens in (["memory"], ["mem"], ["max", "mem"], ["gpumem"], ["vram"], ["max", "memory"], ["memory", "allocated"], ["memory", "reserved"]):
        if "cpu" in have:
            return None
        return "gpu_mem", 90 - len(tokens)
    if tokens[0] == "throughput" and len(tokens) > 1:
        tokens = tokens[1:]
        have = set(tokens)
    if {"throughput", "fps", "wps", "ips"} & have and len(tokens) <= 3 or have & {"tok", "tokens", "samples", "sample", "token", "images", "img", "imgs", "it", "iter", "steps", "sequences", "seq", "examples", "batches", "items"} and have & {"s", "sec", "second", "seconds", "persec"} and not have & {"time", "total", "elapsed"} and tokens[0] not in {"s", "sec"} or re.search("吞吐|每秒", joined):
        if have & {"eval", "test", "val", "validation", "predict"}:
            return None
        return "throughput", 80 - len(tokens)
    if tokens[-1] in {"time", "timestamp", "elapsed", "runtime", "walltime", "duration", "dt", "seconds", "secs"} or have & {"elapsed", "walltime", "timestamp"} or "wall time" in joined or "elapsed time" in joined or joined in {"total sec", "timing total sec", "time s", "elapsed s"} or re.search("时间|耗时|用时", joined):
        if have & {"eta", "remaining", "left", "eval", "val", "test", "predict", "data", "load", "loading"} or "剩余" in joined:
            return None
        return "time", (70 if have & {"elapsed", "wall", "walltime", "timestamp", "total", "runtime", "cumulative"} or tokens == ["time"] else 50) - len(tokens)
    return None


def _part(name: str, tokens: list[str], twin: str) -> str:
    """What is left of `name` without the phase: "train/box_loss" and "val/box_loss" are the same part."""
    text = clean(name, 200)
    bare = _PHASE_EDGE.sub("", text).strip("/_.:- ")
    bare = re.sub(r"[/_.\s:\-]{2,}", lambda m: m.group(0)[0], bare)
    if twin:
        bare = _TWIN.sub("", bare).strip("/_.:- ")
    return bare[:60] or text[:60]
