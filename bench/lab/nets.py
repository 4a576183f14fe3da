"""Small networks on data that needs no download: convolutional, recurrent, attending, variational, deep and shallow.

A task gives its data, the shapes of its parameters and a forward pass; everything that a fault changes about a network is in `Net`.
"""

from __future__ import annotations

import pydoc_data.topics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from sklearn import datasets

Tree = dict[str, Any]


@dataclass(frozen=True)
class Net:
    """What a network is built like; a fault changes one of these."""

    activation: str = "relu"
    norm: str = "none"
    depth: int = 2
    width: int = 48
    dropout: float = 0.0
    init: str = "default"
    """default, zeros, too_small, too_large"""
    loss: str = "plain"
    """plain, double_softmax, nll_on_logits, naive_exp, division"""
    bn: str = "right"
    """right, never_follows, polluted"""
    eval_in_train: bool = False
    train_in_eval: bool = False
    gain: float = 1.0


@dataclass
class Data:
    """Rows to train on and to validate on."""

    x: np.ndarray
    y: np.ndarray
    vx: np.ndarray
    vy: np.ndarray


@dataclass(frozen=True)
class Task:
    """A dataset with a network and sound settings."""

    name: str
    model: str
    kind: str
    architecture: str
    data: Callable[[int], Data]
    net: Net
    optimizer: str
    lr: float
    batch: int
    steps: int
    classes: int = 0
    clip: float = 0.0
    schedule: str = "none"
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


ACT: dict[str, Callable[[Any], Any]] = {
    "relu": jax.nn.relu, "tanh": jnp.tanh, "gelu": jax.nn.gelu, "sigmoid": jax.nn.sigmoid, "square": lambda x: x * x * 0.5,
}  # fmt: skip


def _split(x: np.ndarray, y: np.ndarray, seed: int, share: float = 0.2) -> Data:
    order = np.random.default_rng(seed).permutation(len(x))
    n = int(len(x) * share)
    return Data(x[order[n:]], y[order[n:]], x[order[:n]], y[order[:n]])


@lru_cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    found: Any = datasets.load_digits()
    return (found.data / 16.0).astype(np.float32), found.target.astype(np.int32)


def digits(seed: int) -> Data:
    """1,797 images of 8 x 8, ten classes."""
    return _split(*_digits(), seed)


def pictures(seed: int) -> Data:
    """The images as their own targets."""
    data = digits(seed)
    return Data(data.x, data.x, data.vx, data.vx)


def diabetes(seed: int) -> Data:
    """442 patients, ten measurements, one target of mean 0 and standard deviation 1."""
    x, y = datasets.load_diabetes(return_X_y=True)
    return _split((x * 21).astype(np.float32), ((y - y.mean()) / y.std()).astype(np.float32), seed, 0.25)


def signals(seed: int) -> Data:
    """3,000 noisy waves of 64 samples, six shapes and frequencies as classes."""
    rng = np.random.default_rng(1234)
    y = rng.integers(0, 6, 3000).astype(np.int32)
    t = np.arange(64) / 64
    phase = rng.uniform(0, 2 * np.pi, (3000, 1))
    wave = np.sin(2 * np.pi * (2 + y[:, None] % 3 * 1.5) * t + phase)
    x = np.where(y[:, None] >= 3, np.sign(wave), wave) * rng.uniform(0.7, 1.3, (3000, 1)) + rng.normal(0, 0.9, (3000, 64))
    return _split(x.astype(np.float32), y, seed)


def waves(seed: int) -> Data:
    """The waves as their own targets."""
    data = signals(seed)
    return Data(data.x, data.x, data.vx, data.vx)


def teacher(seed: int) -> Data:
    """2,000 rows of 20 numbers of two kinds, as a small random network tells them apart; one label in twenty is wrong."""
    rng = np.random.default_rng(99)
    x = rng.normal(0, 1, (2000, 20)).astype(np.float32)
    score = np.tanh(x @ rng.normal(0, 0.4, (20, 8))) @ rng.normal(0, 1, 8)
    y = (score > np.median(score)) ^ (rng.random(2000) < 0.05)
    return _split(x, y.astype(np.int32), seed)


LENGTH = 32


@lru_cache
def _text() -> np.ndarray:
    text = " ".join(pydoc_data.topics.topics.values()).lower()
    letters = {c: i for i, c in enumerate("\x00abcdefghijklmnopqrstuvwxyz0123456789 .,\n()'\"=-_:")}
    return np.array([letters.get(c, 0) for c in text[:300_000]], np.int32)


VOCABULARY = 50


def prose(seed: int) -> Data:
    """Windows of 33 characters of English prose: 32 to read, each followed by the next to predict."""
    text = _text()
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, 240_000, 3000)
    ends = rng.integers(250_000, len(text) - LENGTH - 1, 300)
    rows = np.stack([text[s : s + LENGTH + 1] for s in starts])
    held = np.stack([text[s : s + LENGTH + 1] for s in ends])
    return Data(rows[:, :-1], rows[:, 1:], held[:, :-1], held[:, 1:])


def initial(task: Task, net: Net, seed: int) -> tuple[Tree, Tree]:
    """Fresh parameters and running statistics."""
    rng = np.random.default_rng(seed)
    scale = {"default": 1.0, "zeros": 0.0, "too_small": 0.01, "too_large": 12.0}[net.init]

    def dense(n: int, m: int, gain: float = 2.0) -> Tree:
        return {"w": jnp.array(rng.normal(0, scale * np.sqrt(gain / n), (n, m)), jnp.float32), "b": jnp.zeros(m)}

    params: Tree = {}
    w = net.width
    if task.model == "cnn":
        params["conv0"] = {"w": jnp.array(rng.normal(0, scale * np.sqrt(2 / 9), (3, 3, 1, 16)), jnp.float32), "b": jnp.zeros(16)}
        for i in range(1, net.depth):
            params[f"conv{i}"] = {"w": jnp.array(rng.normal(0, scale * np.sqrt(2 / 144), (3, 3, 16, 16)), jnp.float32), "b": jnp.zeros(16)}
        params["body"], params["head"] = dense(16 * 16, w), dense(w, task.classes, 1.0)
        wide = [16] * net.depth + [w]
    elif task.model in ("gru", "rnn"):
        gates = 3 if task.model == "gru" else 1
        params["embed"] = {"w": jnp.array(rng.normal(0, scale * 0.3, (VOCABULARY, 24)), jnp.float32)}
        params["in"], params["rec"] = dense(24, gates * w, 1.0), dense(w, gates * w, net.gain)
        params["head"] = dense(w, VOCABULARY, 1.0)
        wide = []
    elif task.model == "transformer":
        params["embed"] = {"w": jnp.array(rng.normal(0, scale * 0.3, (VOCABULARY, w)), jnp.float32)}
        params["place"] = {"w": jnp.array(rng.normal(0, scale * 0.3, (LENGTH, w)), jnp.float32)}
        for i in range(net.depth):
            params[f"attend{i}"], params[f"mix{i}"] = dense(w, 3 * w, 1.0), dense(w, w, 1.0)
            params[f"layer{i}"], params[f"out{i}"] = dense(w, 2 * w), dense(2 * w, w, 1.0)
        params["head"] = dense(w, VOCABULARY, 1.0)
        wide = [w] * 2 * net.depth
    elif task.model == "vae":
        params["enc"], params["mu"], params["logvar"] = dense(64, w), dense(w, 8, 1.0), dense(w, 8, 0.1)
        params["dec"], params["head"] = dense(8, w), dense(w, 64, 1.0)
        wide = [w, w]
    else:
        n = task.extra["inputs"]
        for i in range(net.depth):
            params[f"layer{i}"] = dense(n if i == 0 else w, w)
        params["head"] = dense(w, task.extra.get("outputs", max(task.classes, 1)), 1.0)
        wide = [w] * net.depth
    state: Tree = {}
    if net.norm == "batchnorm":
        state = {f"n{i}": {"mean": jnp.zeros(n), "var": jnp.ones(n)} for i, n in enumerate(wide)}
    if net.norm != "none":
        params["norm"] = {f"n{i}": {"g": jnp.ones(n), "b": jnp.zeros(n)} for i, n in enumerate(wide)}
    return params, state


def forward(task: Task, net: Net, params: Tree, state: Tree, x: Any, key: Any, training: bool) -> tuple[Any, Tree, Any]:
    """Outputs, new running statistics, and the share of hidden units that are zero for every row."""
    act = ACT[net.activation]
    fresh: Tree = dict(state)
    dead: list[Any] = []
    learning = training and not net.train_in_eval
    batch_statistics = learning or (net.eval_in_train and not training)

    def normal(h: Any, i: int) -> Any:
        if net.norm == "batchnorm":
            axes = tuple(range(h.ndim - 1))
            mean, var = h.mean(axes), h.var(axes)
            if training and not net.train_in_eval:
                follow = {"right": 0.1, "never_follows": 0.0, "polluted": 0.1}[net.bn]
                dirt = 8.0 if net.bn == "polluted" else 1.0
                old = state[f"n{i}"]
                fresh[f"n{i}"] = {"mean": old["mean"] * (1 - follow) + follow * mean * dirt, "var": old["var"] * (1 - follow) + follow * var * dirt}
            if not batch_statistics:
                mean, var = state[f"n{i}"]["mean"], state[f"n{i}"]["var"]
            h = (h - mean) / jnp.sqrt(var + 1e-5)
        elif net.norm == "layernorm":
            h = (h - h.mean(-1, keepdims=True)) / jnp.sqrt(h.var(-1, keepdims=True) + 1e-5)
        if net.norm != "none":
            h = h * params["norm"][f"n{i}"]["g"] + params["norm"][f"n{i}"]["b"]
        return h

    def active(h: Any, i: int, drop: bool = True) -> Any:
        h = act(h)
        dead.append((jnp.abs(h).reshape(-1, h.shape[-1]).max(0) == 0).mean())
        if drop and net.dropout and learning:
            keep = jax.random.bernoulli(jax.random.fold_in(key, i), 1 - net.dropout, h.shape)
            h = h * keep / (1 - net.dropout)
        return h

    def hidden(h: Any, i: int, drop: bool = True) -> Any:
        return active(normal(h, i), i, drop)

    def dense(layer: str, h: Any) -> Any:
        return h @ params[layer]["w"] + params[layer]["b"]

    if task.model == "cnn":
        h = x.reshape(-1, 8, 8, 1)
        for i in range(net.depth):
            conv = (
                lax.conv_general_dilated(h, params[f"conv{i}"]["w"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
                + params[f"conv{i}"]["b"]
            )
            new = hidden(conv, i, drop=False)
            h = h + net.gain * new if net.gain != 1.0 and i else new
        h = lax.reduce_window(h, 0.0, lax.add, (1, 2, 2, 1), (1, 2, 2, 1), "VALID") / 4
        out = dense("head", hidden(dense("body", h.reshape(h.shape[0], -1)), net.depth))
    elif task.model in ("gru", "rnn"):
        e = params["embed"]["w"][x] @ params["in"]["w"] + params["in"]["b"]
        w = net.width

        def gru(h: Any, inputs: Any) -> tuple[Any, Any]:
            r = h @ params["rec"]["w"] + params["rec"]["b"]
            z = jax.nn.sigmoid(inputs[:, :w] + r[:, :w])
            reset = jax.nn.sigmoid(inputs[:, w : 2 * w] + r[:, w : 2 * w])
            new = jnp.tanh(inputs[:, 2 * w :] + reset * r[:, 2 * w :])
            h = (1 - z) * new + z * h
            return h, h

        def plain(h: Any, inputs: Any) -> tuple[Any, Any]:
            h = act(inputs + h @ params["rec"]["w"] + params["rec"]["b"])
            return h, h

        _, hs = lax.scan(gru if task.model == "gru" else plain, jnp.zeros((x.shape[0], w)), e.transpose(1, 0, 2))
        out = dense("head", hs.transpose(1, 0, 2))
    elif task.model == "transformer":
        h = params["embed"]["w"][x] + params["place"]["w"]
        past = jnp.tril(jnp.ones((LENGTH, LENGTH), bool))
        for i in range(net.depth):
            q, k, v = jnp.split(dense(f"attend{i}", normal(h, 2 * i)), 3, axis=-1)
            near = jnp.where(past, q @ k.swapaxes(-1, -2) / np.sqrt(net.width), -1e9)
            h = h + net.gain * dense(f"mix{i}", jax.nn.softmax(near) @ v)
            h = h + net.gain * dense(f"out{i}", active(dense(f"layer{i}", normal(h, 2 * i + 1)), i))
        out = dense("head", h)
    elif task.model == "vae":
        h = hidden(dense("enc", x), 0)
        mu, logvar = dense("mu", h), dense("logvar", h)
        noise = jax.random.normal(jax.random.fold_in(key, 99), mu.shape) if training else jnp.zeros_like(mu)
        out = (dense("head", hidden(dense("dec", mu + noise * jnp.exp(0.5 * logvar)), 1)), mu, logvar)
    else:
        h = x
        for i in range(net.depth):
            h = hidden(dense(f"layer{i}", h), i) * (net.gain if i else 1.0)
        out = dense("head", h)
    return out, fresh, jnp.stack(dead).mean() if dead else jnp.zeros(())


def loss_of(task: Task, net: Net, out: Any, y: Any) -> tuple[Any, Any]:
    """Mean loss over rows, and accuracy (NaN where there is none)."""
    if task.model == "vae":
        logits, mu, logvar = out
        p = jax.nn.log_sigmoid(logits), jax.nn.log_sigmoid(-logits)
        rebuilt = -(y * p[0] + (1 - y) * p[1]).sum(-1)
        if net.loss == "division":
            rebuilt = rebuilt / (jnp.abs(y.sum(-1) - jnp.exp(mu).sum(-1)) * 1e3).clip(0, 1)
        return (rebuilt + 0.5 * (jnp.exp(logvar) + mu**2 - 1 - logvar).sum(-1)).mean(), jnp.nan
    if task.kind == "regression":
        return ((out[:, 0] - y) ** 2).mean(), jnp.nan
    if task.kind == "generative":
        return ((out - y) ** 2).mean(), jnp.nan
    accuracy = (out.argmax(-1) == y).mean()
    if net.loss == "double_softmax":
        out = jax.nn.softmax(out)
    if net.loss == "naive_exp":
        p = jnp.exp(out * 4) / jnp.exp(out * 4).sum(-1, keepdims=True)
        return -jnp.log(jnp.take_along_axis(p, y[..., None], -1)).mean(), accuracy
    logs = out if net.loss == "nll_on_logits" else jax.nn.log_softmax(out)
    return -jnp.take_along_axis(logs, y[..., None], -1).mean(), accuracy


TASKS = {
    task.name: task
    for task in (
        Task("digits_cnn", "cnn", "classification", "cnn", digits, Net(width=48), "adam", 2e-3, 32, 900, 10),
        Task("digits_cnn_bn", "cnn", "classification", "cnn", digits, Net(norm="batchnorm", dropout=0.1), "sgd_momentum", 0.05, 32, 900, 10,
             schedule="cosine"),
        Task("prose_gru", "gru", "language_modeling", "rnn", prose, Net(activation="tanh", width=64), "adamw", 4e-3, 32, 800, VOCABULARY,
             clip=1.0, schedule="warmup_decay"),
        Task("digits_vae", "vae", "generative", "other", pictures, Net(width=64), "adam", 2e-3, 64, 1000),
        Task("diabetes_mlp", "mlp", "regression", "mlp", diabetes, Net(width=32, dropout=0.1), "adam", 2e-3, 16, 700, extra={"inputs": 10}),
        Task("signals_mlp", "mlp", "classification", "mlp", signals, Net(activation="gelu", norm="layernorm", width=64, dropout=0.2), "adamw", 1e-3,
             64, 900, 6, schedule="cosine", extra={"inputs": 64}),
        Task("prose_transformer", "transformer", "language_modeling", "transformer", prose, Net(activation="gelu", norm="layernorm", width=48),
             "adamw", 3e-3, 32, 700, VOCABULARY, clip=1.0, schedule="warmup_decay"),
        Task("teacher_mlp_bn", "mlp", "classification", "mlp", teacher, Net(norm="batchnorm", width=32), "sgd_momentum", 0.05, 32, 1000, 2,
             extra={"inputs": 20}),
        Task("waves_autoencoder", "mlp", "generative", "mlp", waves, Net(width=24), "adam", 2e-3, 32, 900, extra={"inputs": 64, "outputs": 64}),
        Task("signals_deep", "mlp", "classification", "mlp", signals, Net(depth=5, width=48, dropout=0.1), "sgd", 0.05, 32, 1200, 6, clip=1.0,
             extra={"inputs": 64}),
    )
}  # fmt: skip
