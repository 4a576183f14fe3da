"""The next experiment: the cheapest check or run that best separates the leading causes, with its code and what each outcome would mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..kb.model import Check
from .diagnosis import Experiment, Outcome
from .observe.log import Floats
from .reason.questions import COST, Candidate
from .reason.suppose import options_of, suppose
from .report import value_label

if TYPE_CHECKING:
    from .session import Session

__all__ = ["experiment"]

LEADERS = 3
"""Causes that an experiment is to separate, at most."""

IN_THE_RUNNING = 0.25
"""A cause is in the running while it is at least this share of the first one's probability."""

LEAST_GAIN = 0.03
"""Bits below which an outcome would not tell the leaders apart; then the first cause is checked on its own."""


def experiment(session: Session) -> Experiment:
    """What to do next when nothing more is to be asked: also what the owner could not say may be found out by trying."""
    ranking, kb = session.mind.ranking, session.mind.kb
    known = session.known()
    posterior = ranking.posterior(known, session.memory)
    order: list[int] = np.argsort(-posterior[:-1], kind="stable")[:LEADERS].tolist()
    leaders = [i for i in order if i == order[0] or i == order[1] or posterior[i] >= IN_THE_RUNNING * posterior[order[0]]]
    narrowed = np.zeros_like(posterior)
    narrowed[leaders] = posterior[leaders] / posterior[leaders].sum()
    names = tuple(kb.causes[ranking.causes[i]].pick(session.lang) for i in leaders)
    candidates = [c for c in session.mind.questions.rank(narrowed, known) if c.gain >= LEAST_GAIN]
    if not candidates:
        return _confirm(session, ranking.causes[leaders[0]], names[:1])
    best = min(candidates, key=lambda c: (-c.gain / COST[c.ask.effort], c.ask.minutes, c.ask.fact))
    return _separate(session, best, [ranking.causes[i] for i in leaders], names, posterior)


def _separate(session: Session, best: Candidate, leaders: list[str], names: tuple[str, ...], posterior: Floats) -> Experiment:
    kb, lang, ask = session.mind.kb, session.lang, best.ask
    entry = kb.fact(ask.fact)
    check = _check(session, leaders, {ask.fact, ask.finding})
    means = {r.value: r.means.pick(lang) for r in check.results if r.fact in (ask.fact, ask.finding)} if check else {}
    values = options_of(session.mind.ranking.values[ask.finding])
    rows = suppose(session.mind.ranking, session.memory, [(ask.finding, value) for value in values])
    chances = session.mind.questions.chances(posterior)[ask.fact]
    outcomes: list[Outcome] = []
    for value, chance, row in zip(values, chances, rows, strict=True):
        first = int(row[:-1].argmax())
        id = session.mind.ranking.causes[first]
        outcomes.append(Outcome(
            value=value, label=value_label(kb, ask.finding, value, lang), chance=chance, means=means.get(value, ""),
            cause=id, name=kb.causes[id].pick(lang), probability=float(row[first]),
        ))  # fmt: skip
    return Experiment(
        fact=ask.fact, title=entry.ask.pick(lang), separates=names, effort=ask.effort, minutes=ask.minutes, gain=round(best.gain, 4),
        how=(check.how if check else entry.find).pick(lang), code={**((check.code if check else None) or entry.code)}, outcomes=tuple(outcomes),
    )  # fmt: skip


def _check(session: Session, leaders: list[str], facts: set[str]) -> Check | None:
    """The check of a leading cause whose results settle one of `facts`, the likelier cause first."""
    checks = (check for cause in leaders for check in session.mind.kb.cause(cause).confirm)
    return next((check for check in checks if facts & {result.fact for result in check.results}), None)


def _confirm(session: Session, cause: str, names: tuple[str, ...]) -> Experiment:
    """The cheapest check of one cause that has code, else the cheapest of all."""
    kb, lang = session.mind.kb, session.lang
    order = {"look": 0, "check": 1, "rerun": 2}
    check = min(kb.cause(cause).confirm, key=lambda check: (not check.code, order[check.effort]))
    outcomes = [Outcome(label=r.when.pick(lang), means=r.means.pick(lang)) for r in check.results]
    minutes = {"look": 2.0, "check": 15.0, "rerun": 60.0}[check.effort]
    return Experiment(
        title=kb.causes[cause].pick(lang), separates=names, effort=check.effort, minutes=minutes, gain=0.0,
        how=check.how.pick(lang), code={**check.code}, outcomes=tuple(outcomes),
    )  # fmt: skip
