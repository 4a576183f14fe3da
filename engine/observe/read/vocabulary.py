"""The words that column names are made of, in English and Chinese; `columns` and `measures` say what follows from them."""

from __future__ import annotations

import re

__all__ = [
    "ABOUT_LOSS",
    "BARE_LOSSES",
    "BEST",
    "EPOCHS",
    "FIT_LOSS",
    "GAN",
    "PHASE_EDGE",
    "PLAIN",
    "PREFIXES",
    "SIDE_LOSS",
    "STEPS",
    "TEST",
    "TRAIN",
    "VAL",
    "name_set",
    "word_set",
]


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, separated by blanks."""
    return frozenset(text.split())


def name_set(text: str) -> frozenset[str]:
    """The names in `text`, separated by commas."""
    return frozenset(" ".join(name.split()) for name in text.split(","))


def _scored(text: str) -> dict[str, float]:
    """ "95: a b, c; 90: d" -> {"a b": 95, "c": 95, "d": 90}."""
    table: dict[str, float] = {}
    for line in text.strip().split(";"):
        score, names = line.split(":")
        table |= {name.strip(): float(score) for name in names.split(",")}
    return table


TRAIN = word_set("train training tr trn trl")
VAL = word_set("val valid validation validate validating eval evaluation evaluate evaluating dev cv holdout heldout")
TEST = word_set("test testing predict prediction tst tel")
BEST = word_set("best lowest min minimum highest prev previous old target")
"""Of a value that the log only repeats."""

ABOUT_LOSS = word_set("""
    weight weights coef coeff coefficient lambda num count time times sec secs seconds patience multiplier mult std var variance stddev
    improvement delta diff change ratio gap threshold decreased improved type fn name factor slope packet id limit interval every
    nan skipped scores signs logits acc accuracy perplexity ppl
""")
"""Beside "loss" these make the column something about the loss, not the loss."""

SIDE_LOSS = word_set("""
    kl kld reg regularization aux auxiliary z entropy value policy pg penalty l1 l2 commit commitment balance balancing router moe load
    critic actor generator discriminator gen disc gan adv adversarial g d real fake perceptual tv smooth ema smoothed teacher student
    consistency contrastive decay ponder bbox box cls obj dfl mask seg iou giou landm rpn loc kobj pose ent vf pl vq codebook divergence
    indexer mtp surrogate
""")
"""Beside "loss" these make it one term of several."""

FIT_LOSS = word_set("entropy crossentropy ce nll lm xent mse bce reconstruction rec recon")
"""Beside "loss" these say how well the model fits: the likeliest total where none is called so."""

PLAIN = word_set("""
    loss losses train training lm total tot sum all overall objective cost step batch iter epoch set the current cur running avg average
    mean a trainer model per metrics metric scalar log logs final global reduced val valid validation eval evaluation dev test testing fit
    on data is loop phase raw unscaled minibatch mini interval trn tr history iteration
""")
"""Words that leave "loss" the plain loss."""

BARE_LOSSES = word_set("box obj cls kobj total giou iou dfl seg mask landm lbox lobj lcls")
"""Columns of detectors' tables that are losses without saying so."""

PREFIXES = word_set("train training time times trainer progress global general charts perf info misc stats log base state")
"""Namespaces in front of a counter ("train/step", "time/iterations")."""

STEPS = _scored("""
    110: total timesteps, timesteps total;
    105: num timesteps;
    101: global step, global steps, trainer global step, train global step, 全局步数, 全局步;
    100: step, 步数, 训练步数;
    97: num updates, current steps, current step, cur step, curr step, global iter, global iteration, 迭代次数, 迭代步数, 当前步数, 当前步, 训练步;
    96: iteration, iter, training step, train step, cur iter, current iter, iter num, step num, 迭代, 迭代数;
    95: iters, train iter, iter no, step no, step idx, iteration number, completed steps, iteration count, 步, 步骤;
    94: iterations, training steps, train steps;
    93: total iters, n iter;
    92: steps, update step, update steps;
    90: optimizer step, optim step, opt step, step count, itr, update num, 更新次数, 更新步数;
    89: gradient step, gradient steps;
    88: timesteps;
    85: timestep, global batch;
    80: update, updates, env steps;
    75: it;
    70: num steps;
    60: batch, batch idx, batch num, batch no, batch index, batch id, batch step, minibatch, mini batch, 批次;
    58: batches;
    57: episode, episodes;
    55: tick;
    54: kimg;
    50: n updates;
    45: cur nimg, nimg;
    42: tokens seen, consumed tokens;
    40: total tokens, tokens, num tokens;
    36: samples seen, consumed samples;
    35: samples, examples;
    30: num samples, i, up;
    20: s;
    10: x
""")
"""Names of step counters, the more exact ones with the higher score."""

EPOCHS = _scored("""
    100: epoch, 轮次, 轮数, 训练轮次, 训练轮数;
    98: current epoch, cur epoch, curr epoch, 轮, 当前轮次;
    97: train epoch, training epoch, global epoch;
    96: trainer epoch, 迭代轮次, 迭代轮数;
    95: epoch num, epoch no, epoch idx, epoch index, epoch id, epoch number;
    92: fractional epoch;
    90: epochs, epoch fraction, epoch轮, 周期;
    85: 回合;
    80: ep, n epoch, epoch count, epochs trained, 纪元;
    70: 世代, 时期;
    40: num epochs, passes;
    20: e
""")
"""Names of the epoch."""

GAN = re.compile(
    r"(?:(?:loss|err)[ _/]?)?(?:[dg]|cycle|idt|rec|netd|netg|sim|cyc|id|fm|vgg)"
    r"(?:[ _/](?:[ab]|real|fake|gan|l1|total|vgg|feat|loss|basic|identity))*(?:[ _/](?:loss|err))?"
)
"""Losses of generators and discriminators as CycleGAN, pix2pix, DCGAN and their kin call them: D_A, G_GAN, loss_G, errD."""

PHASE_EDGE = re.compile(
    r"(?:^|(?<=[/_.\s:\-]))(?:train(?:ing)?|val(?:id(?:ation|ate)?)?|eval(?:uation)?|test(?:ing)?|dev)(?=$|[/_.\s:\-])"
    r"|(?-i:(?<![a-zA-Z])(?:[Tt]rain(?:ing)?|[Vv]al(?:id(?:ation)?)?|[Ee]val(?:uation)?|[Tt]est)(?=[A-Z]))|训练集?|验证集?|测试集?|评估",
    re.I | re.A,
)
"""The phase as a word of its own inside a name."""
