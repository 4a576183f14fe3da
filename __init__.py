"""lossclinic (损失门诊): a clinic for deep-learning training runs.

>>> import lossclinic
>>> diagnosis = lossclinic.diagnose("metrics.csv")
>>> diagnosis.healthy, [cause.id for cause in diagnosis.causes[:3]]  # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import InputError, KnowledgeError, LossclinicError, StoreError

if TYPE_CHECKING:
    from .engine.diagnosis import Diagnosis

__all__ = ["InputError", "KnowledgeError", "LossclinicError", "StoreError", "diagnose"]

__version__ = "0.1.0"


def diagnose(
    metrics: str | os.PathLike[str] | Mapping[str, Sequence[float]] | None = None,
    *,
    text: str | None = None,
    facts: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | Callable[[str], Any] | None = None,
    max_questions: int = 0,
    lang: str | None = None,
) -> Diagnosis:
    """Diagnose a training run from its log, from words, or from both.

    `metrics`: path of a log in any supported format, or a mapping column name -> 1-D sequence of numbers (all columns equally long).
    `text`: what the user typed, Chinese, English or mixed.
    `facts`: fact id -> value, known before the interview starts.
    `answers`: fact id -> value, or a callable(fact id) -> value or None (None = "I don't know"); consulted only for the questions
    that the engine itself decides to ask.
    `max_questions`: how many questions it may ask; it may stop earlier, never later.
    `lang`: "en" or "zh"; None = that of the text, then of the locale. Changes wording only.

    Returns a `Diagnosis`. Raises `InputError` when the log, a fact or a value cannot be used; the message says what, where, and the way out.
    """
    from .engine.one_call import diagnose_log
    from .kb.record import published

    if metrics is None and not text and not facts:
        raise InputError.of("read.nothing_given")
    if metrics is None:
        log = None
    else:
        from .engine.observe.read import read

        log = read(metrics)
    return published(diagnose_log(log, text=text, facts=facts, answers=answers, max_questions=max_questions, lang=lang))
