"""Which column names are losses, and how surely each is the total that is trained on rather than one of its terms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .vocabulary import ABOUT_LOSS, BEST, FIT_LOSS, GAN, PLAIN, SIDE_LOSS, TEST, TRAIN, VAL, word_set

__all__ = ["LossName", "loss_name"]


@dataclass(frozen=True, slots=True)
class LossName:
    """A name that has to do with a loss: `kind` "loss", "rank_loss", "loss_scale" or, with a reason, "" for none of these."""

    kind: str
    score: float = 0.0
    """100 = the plain or total loss, 50 = a loss of some name, 30 = a side term; other words for a loss lie between."""
    why_not: str = ""


_CHINESE = re.compile("损失|代价|误差")
_CHINESE_PLAIN = re.compile("损失|训练|验证|测试|总|平均|当前|评估|校验|集")
_CHINESE_ABOUT = re.compile("权重|系数|次数|时间")
_CHINESE_BEST = re.compile("最佳|最优|最低|最小")
_NO_LOSS = frozenset({"gloss", "bloss"})
_TOTAL = word_set("total tot overall sum")
_AVERAGE = word_set("avg average mean running smooth smoothed ema")
_SQUARES = word_set("ce bce mse nmse")
_L_NAMES = word_set("pix pixel total g d rec recon cls reg ce mse")


def loss_name(name: str, tokens: list[str], joined: str, phase: str) -> LossName | None:
    """What `name`, made of `tokens`, has to do with a loss; None = nothing."""
    have = set(tokens)
    gan = bool(GAN.fullmatch(re.sub(r"[\s_/.\-()]+", "_", name.strip().lower()).strip("_")))
    said = any(t.endswith(("loss", "losses")) and t not in _NO_LOSS for t in tokens) or bool(_CHINESE.search(joined))
    other = _other_word(tokens, joined, have)
    if not (said or gan or other) or "lr" in have or {"norm", "grad"} <= have:
        return None
    if have & {"scale", "scaler", "scaling"} or "缩放" in joined:
        return LossName("loss_scale", 95)
    if ("rank" in have and any(t.isdigit() for t in tokens)) or tokens[:2] == ["rank", "loss"] or tokens == ["loss", "rank"]:
        return LossName("rank_loss", 95)
    if have & ABOUT_LOSS or _CHINESE_ABOUT.search(joined):
        return LossName("", why_not="about the loss, not the loss")
    if have & BEST or _CHINESE_BEST.search(joined):
        return LossName("", why_not="best so far")
    if gan and have != {"loss"}:
        return LossName("loss", 40)
    score = _score(tokens, have, phase) if said else other
    if have & _AVERAGE or "平均" in joined:
        score -= 8
    if phase == "test":
        score -= 20 if "predict" in have else 8
    if len(tokens) > 1 and tokens[-1] == "epoch":
        score -= 6
    return LossName("loss", max(score, 12) if said else score)


def _other_word(tokens: list[str], joined: str, have: set[str]) -> float:
    """Score of names that mean a loss without the word; 0 when it is none."""
    if "crossentropy" in have or "cross entropy" in joined or "xent" in have or "交叉熵" in joined:
        return 80
    if tokens in (["tel"], ["trl"]):
        return 95
    if "nll" in have:
        return 75
    if have & {"objective", "obj", "criterion", "cost"} and have & (TRAIN | VAL | TEST | {"total", "function"}):
        return 85
    if tokens in (["cost"], ["objective"], ["criterion"], ["elbo"]) or (tokens[0] == "l" and tokens[1:2] and tokens[1] in _L_NAMES):
        return 70
    if len(tokens) <= 2 and have & _SQUARES and have <= _SQUARES | TRAIN | VAL | TEST:
        return 5
    return 4 if len(tokens) <= 2 and have & {"bpb", "bpc"} else 0


def _score(tokens: list[str], have: set[str], phase: str) -> float:
    named = [t for t in tokens if t not in PLAIN and not t.isdigit() and not _CHINESE_PLAIN.search(t)]
    if "value" in named and tokens[tokens.index("value") - 1].startswith("loss") and tokens[0] != "value":
        named.remove("value")
    if not named:
        score = 100.0
    elif {"cross", "entropy"} <= have:
        score = 85
    elif have & SIDE_LOSS:
        score = 30
    elif have & FIT_LOSS:
        score = 72
    else:
        score = 60 if named == ["ctc"] else 50
    if any(t.isdigit() for t in tokens):
        score -= 6
    if have & _TOTAL or "总" in "".join(tokens):
        score += 25 if named else 1
    return score + 0.1 if phase == "train" and not named else score
