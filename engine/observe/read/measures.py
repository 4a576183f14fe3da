"""The metrics besides losses and counters, as a table of rules: learning rate, norms, accuracy, batch statistics, sensors, speed, time.

The first rule that fits a name wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .vocabulary import BEST, name_set, word_set

__all__ = ["measure"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Fits a name that is one of `exact`, or has a word of each group of `words` and none of `without`, or matches `chinese`."""

    metric: str | None
    """None: the names that fit mean nothing to us."""
    score: float
    exact: frozenset[str] = field(default=frozenset())
    words: tuple[frozenset[str], ...] = ()
    without: frozenset[str] = field(default=frozenset())
    longest: int = 12
    """The most words that such a name has."""
    chinese: str = ""

    def exact_words(self) -> frozenset[str]:
        """The words of the names in `exact`."""
        return frozenset(word for name in self.exact for word in name.split())

    def fits(self, tokens: list[str], joined: str) -> bool:
        """Whether the name made of `tokens` is meant."""
        have = set(tokens)
        if have & self.without:
            return False
        if joined in self.exact or (self.chinese and re.search(self.chinese, joined)):
            return True
        return bool(self.words) and len(tokens) <= self.longest and all(have & group for group in self.words)


_GRAD = word_set("grad gradient gradients grads gradnorm")
_NORM = word_set("norm norms")
_SPEED_OF = word_set("tok tokens token samples sample images img imgs it iter steps sequences seq examples batches items")
_SECOND = word_set("s sec second seconds persec")
_GPU = word_set("gpu cuda device vram")
_WEIGHT = word_set("weight weights param params parameter parameters")
_ELSEWHERE = word_set("eval test val validation predict prediction")
_ACC = word_set("acc accuracy trainacc valacc testacc")

RULES: tuple[Rule, ...] = (
    Rule(
        "lr", 95, words=(word_set("lr learningrate"),), chinese="学习率|learning rate",
        without=word_set("min max base decay init initial warmup mult scale factor ratio final peak"),
    ),
    Rule("grad_norm", 98, exact=name_set("gnorm, gradnorm, 梯度范数, 梯度模长")),
    Rule("grad_norm", 40, words=(_GRAD, _NORM, word_set("clip clipped max threshold coef")), without=word_set("total pre before")),
    Rule("grad_norm", 98, words=(_GRAD, _NORM, word_set("total global")), longest=7),
    Rule("grad_norm", 97, words=(_GRAD, _NORM), longest=3),
    Rule("grad_norm", 40, words=(_GRAD, _NORM), chinese="梯度.*(范数|模长)"),
    Rule("update_norm", 95, words=(word_set("update updates delta"), _NORM), chinese="更新.*(范数|模长)"),
    Rule("weight_norm", 95, words=(_WEIGHT, _NORM), longest=3, chinese="(权重|参数).*(范数|模长)"),
    Rule("weight_norm", 40, words=(_WEIGHT, _NORM), without=word_set("layer batch rms group")),
    Rule("grad_norm", 80, exact=name_set("norm, global norm, total norm, train norm")),
    Rule(None, 0, words=(_ACC, BEST | word_set("max maximum highest grad accumulated reward rewards")), chinese="最佳.*(准确|正确|精)"),
    Rule("accuracy", 40, words=(_ACC | word_set("top"), word_set("5 10")), without=word_set("1")),
    Rule("accuracy", 90, words=(_ACC,), chinese="准确率|正确率|精确度|准确度|(?<![合半单双])精度$|top 1"),
    Rule(
        "loss_scale", 85, chinese="缩放",
        exact=name_set("scale, amp scale, grad scale, grad scaler, scaler, scaler scale, fp 16 scale, amp scaler"),
    ),
    Rule(
        "dead_fraction", 90, exact=name_set("dead, dying"), chinese="死(亡)?神经元|死亡.*比例|死亡单元",
        words=(word_set("dead dying"), word_set("fraction ratio relu relus neuron neurons unit units frac pct percent share")),
    ),
    Rule("batch_mean", 90, words=(word_set("batch input inputs data x"), word_set("mean")), longest=3, chinese="(批|输入).*均值"),
    Rule("batch_std", 90, words=(word_set("batch input inputs data x"), word_set("std")), longest=3, chinese="(批|输入).*标准差"),
    Rule("label_mean", 90, words=(word_set("label labels target targets y"), word_set("mean")), longest=3, chinese="标签.*(均值|平均)"),
    Rule("gpu_temp", 90, exact=name_set("gputemp"), words=(_GPU, word_set("temp temperature temps")), chinese="(gpu|显卡).*温度"),
    Rule(
        "gpu_mem", 85, exact=name_set("memory, mem, max mem, gpumem, vram, max memory, memory allocated, memory reserved"), chinese="显存",
        words=(_GPU, word_set("mem memory reserved allocated vram")), without=word_set("cpu"),
    ),
    Rule(
        "throughput", 78, words=(word_set("throughput fps wps ips"),), longest=3, chinese="吞吐|每秒",
        without=_ELSEWHERE | word_set("total gflops flops"),
    ),
    Rule("throughput", 74, words=(_SPEED_OF, _SECOND), without=_ELSEWHERE | word_set("time total elapsed timing")),
    Rule(
        "time", 68, exact=name_set("time, total sec, timing total sec, time s"),
        words=(word_set("elapsed walltime timestamp wall cumulative duration runtime"),),
        without=_ELSEWHERE | word_set("eta remaining left data load loading"),
    ),
    Rule(
        "time", 48, words=(word_set("time dt seconds secs"),), longest=3, chinese="(?<!剩余)(时间|耗时|用时)",
        without=_ELSEWHERE | word_set("eta remaining left data load loading"),
    ),
)  # fmt: skip

_WORDS: frozenset[str] = frozenset({"top", "learning"}).union(
    *(rule.exact_words() for rule in RULES), *(group for rule in RULES for group in rule.words)
)
"""A name without any of these words fits no rule."""
_CJK = re.compile("[\u3400-\u9fff]")

_BENCHMARKS = word_set("hellaswag mmlu arc piqa winogrande boolq gsm sciq copa openbookqa lambada hella")


def measure(tokens: list[str], joined: str, *, validation: bool) -> tuple[str, float] | None:
    """(metric, score) of the name made of `tokens`; None when it means nothing to us. Longer names fit a little less."""
    if _WORDS.isdisjoint(tokens) and not _CJK.search(joined):
        return None
    rule = next((rule for rule in RULES if rule.fits(tokens, joined)), None)
    if rule is None or rule.metric is None:
        return None
    metric = rule.metric
    if metric == "accuracy":
        held_out = validation or bool(set(tokens) & (_BENCHMARKS | {"valacc", "testacc"}))
        metric = "val_accuracy" if held_out else "train_accuracy"
    return metric, rule.score - len(tokens)
