"""What the ending of a made-up name says of the network: MVCNN, ConvGRU, StarGAN, TrackFormer."""

from __future__ import annotations

from collections.abc import Iterator

from .clauses import Reading
from .statements import Statement

ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "cnn": (("architecture", "cnn"),),
    "unet": (("architecture", "cnn"),),
    "gcn": (("architecture", "other"),),
    "gnn": (("architecture", "other"),),
    "ocr": (("task_kind", "other"),),
    "lstm": (("architecture", "rnn"),),
    "gru": (("architecture", "rnn"),),
    "former": (("architecture", "transformer"),),
    "bert": (("architecture", "transformer"),),
    "llama": (("architecture", "transformer"), ("task_kind", "language_modeling")),
    "gpt": (("architecture", "transformer"), ("task_kind", "language_modeling")),
    "gan": (("architecture", "gan"), ("task_kind", "generative")),
    "vae": (("task_kind", "generative"),),
    "diffusion": (("task_kind", "generative"),),
    "asr": (("task_kind", "other"),),
    "tts": (("task_kind", "generative"),),
    "rec": (("task_kind", "other"),),
    "seg": (("task_kind", "detection_segmentation"),),
    "det": (("task_kind", "detection_segmentation"),),
}
"""Endings and the values of facts that go with them."""
WORDS = frozenset({"began", "organ", "slogan", "pagan", "vegan", "hogan", "logan", "former", "performer", "informer", "platform", "albert", "robert", "hubert", "herbert", "gilbert", "rec", "seg", "det", "spec", "prec", "mediocr"})
"""Words that only end like one, and names that the vocabulary knows better."""
WEIGHT = 0.9
"""A little less than a name that is known."""


def endings(reading: Reading) -> Iterator[Statement]:
    """What names that the vocabulary does not know say by their endings."""
    named = {i for family in ("fact:architecture", "fact:task_kind") for m in reading[family] for i in m.indices}
    for i, token in enumerate(reading.tokens):
        if token.kind != "word" or i in named or token.raw in WORDS or not token.raw.isascii():
            continue
        for ending, told in ENDINGS.items():
            if len(token.raw) > len(ending) and token.raw.endswith(ending):
                yield from (Statement(fact, value, i, i, WEIGHT) for fact, value in told)
