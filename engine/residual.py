"""A second cause at the same time, when strong findings stay unexplained by the first; and findings on which a run is stopped at once.

The ranking answers "which one cause?". It stays as it is: what is said here stands beside it, without a probability of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import TYPE_CHECKING

import numpy as np

from .diagnosis import Also, Evidence, Finding, RedFlag
from .observe.log import Floats
from .reason.kernel import Value
from .reason.ranking import EXCLUDED
from .report import DECIBANS, in_words, origin_of, value_label

if TYPE_CHECKING:
    from .session import Session

__all__ = ["also", "red_flags"]

ESTABLISHED = 0.5
"""Probability of the first cause from which it is worth asking what it leaves unexplained."""

UNEXPECTED, EXPECTED = 0.15, 0.4
"""A finding is left over when the first cause shows it at most this often, and explained when another does at least that often."""

TELLING = 3.0
"""How much more often than whatever the cause a finding is seen under the second one, at least."""

STRONG = 0.7
"""Strength of a finding in a log from which it asks for an explanation (0.5 = just beyond its threshold)."""

ENOUGH = log(8.0)
"""Nats by which the second cause explains what is left over better than the first, at least: odds of 8 to 1 (9 decibans)."""

DENIED = 0.1
"""A cause is out when something is said that it shows at most this often, half as often as others do, and that the first does not explain."""


def also(session: Session, findings: list[Finding]) -> Also | None:
    """The cause that best explains what the first one does not, if there is one."""
    ranking = session.mind.ranking
    known = session.known()
    scores = ranking.scores(known, session.memory)
    weights = np.exp(scores - scores.max())
    posterior = weights / weights.sum()
    first = int(posterior[:-1].argmax())
    if posterior[first] < ESTABLISHED:
        return None
    gains = np.zeros(len(ranking.causes))
    gains[first] = EXCLUDED
    gains[scores[:-1] < EXCLUDED / 2] = EXCLUDED
    left: list[tuple[str, Value, Floats]] = []
    strengths = {f.id: f.strength for f in findings if f.alarming}
    for id, value, given, base in _likelihoods(session, known):
        said = session.origins[id].kind != "metric" if id in session.origins else False
        strong = strengths.get(id, 0.0) >= STRONG or (said and id in session.heard) if value is True and id in strengths else said
        if strong and given[first] <= UNEXPECTED:
            explains = (given >= EXPECTED) & (given >= TELLING * base)
            gains += np.where(explains, ranking.weight(id) * (np.log(given) - np.log(given[first])), 0.0)
            left.append((id, value, explains * (np.log(given) - np.log(given[first]))))
        elif said and given[first] < TELLING * base:
            gains[(given <= DENIED) & (given <= base / 2)] = EXCLUDED
    second = int(gains.argmax())
    if gains[second] < ENOUGH:
        return None
    explained = [(id, value, float(nats[second])) for id, value, nats in left if nats[second] > 0]
    id = ranking.causes[second]
    return Also(
        id=id, name=session.mind.kb.causes[id].pick(session.lang), decibans=round(float(gains[second]) * DECIBANS, 1),
        explains=tuple(
            Evidence(id=f, value=v, decibans=round(nats * DECIBANS, 2), text=in_words(session, f, v, findings), origin=origin_of(session, f))
            for f, v, nats in explained
        ),
    )  # fmt: skip


def _likelihoods(session: Session, known: dict[str, Value]) -> Iterator[tuple[str, Value, Floats, float]]:
    """Each belief that the tables know: its probability under every cause, and whatever the cause."""
    ranking = session.mind.ranking
    for id, value in known.items():
        at = ranking.values.get(id, {}).get(str(value).lower() if isinstance(value, bool) else str(value))
        if at is not None:
            yield id, value, ranking.given[id][at], float(ranking.base[id][at])


def red_flags(session: Session, findings: list[Finding]) -> tuple[RedFlag, ...]:
    """What calls for stopping the run at once: an alarm of the machine, a checkpoint that is broken, NaN that stays."""
    kb, lang = session.mind.kb, session.lang
    known = session.known()
    flags = [
        RedFlag(id=f.id, text=f.summary)
        for f in findings
        if (f.id == "loss_nan_inf" and f.recovery == "none") or (f.id == "hardware_alarm" and f.alarming)
    ]
    for ask in session.mind.questions.askables:
        value = known.get(ask.fact)
        if ask.red_flag is not None and value is not None and (str(value).lower() if isinstance(value, bool) else str(value)) == ask.red_flag:
            text = f"{kb.facts[ask.fact].pick(lang)}{'：' if lang == 'zh' else ': '}{value_label(kb, ask.fact, value, lang)}"
            flags.append(RedFlag(id=ask.fact, text=text))
    return tuple(flags)
