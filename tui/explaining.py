"""Explanations, the next experiment and a second cause as blocks of text: one wording for the terminal, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log10
from typing import Literal, NamedTuple

from ..engine.diagnosis import Diagnosis, Experiment, Model, Question
from ..engine.explanation import Cited, Contrast, Difference, Flip, Ground, How, Reason, Shift, WhatIf, Why, WhyNot
from ..engine.observe.log import Log
from ..messages import say
from .phrases import Phrases

__all__ = ["Block", "also_blocks", "calm", "experiment_blocks", "explanation_blocks", "stopped"]

FEWEST = 5
"""Points that it takes for the least demanding of all checks."""

SIGNS, FLIPS, MOVES = 8, 6, 6
"""Most entries of each list; the JSON is complete."""

WEAK = 0.5
"""Decibans (a factor of 1.12) below which a reason for or against a cause gets no line of its own; the JSON is complete."""


class Block(NamedTuple):
    """A piece of an explanation."""

    kind: Literal["title", "heading", "text", "item", "sign", "code"]
    text: str
    aside: str = ""
    decibans: float = 0.0
    """Of a sign."""
    below: tuple[str, ...] = ()
    """Lines under an item or a sign."""


def explanation_blocks(explanation: Model, words: Phrases, *, legend: bool = True) -> list[Block]:
    """The blocks of any explanation. `legend`: what decibans mean, where it does not stand already."""
    match explanation:
        case Why():
            return list(_why(explanation, words))
        case How():
            return list(_how(explanation, words, legend))
        case WhyNot():
            contrasts = (*explanation.for_first[:SIGNS], *explanation.for_other[:SIGNS])
            return [*_why_not(explanation, words), *_sources(words, [cite for one in contrasts for cite in one.cites[:CITED]])]
        case WhatIf():
            return list(_what_if(explanation, words))
        case Difference():
            return list(_difference(explanation, words))
        case _:
            raise TypeError(type(explanation).__name__)


def experiment_blocks(experiment: Experiment, words: Phrases) -> Iterator[Block]:
    """The next experiment: what it separates, how it is done, and what each outcome would mean."""
    yield Block("title", _say(words, "experiment"))
    causes = words.say("comma").join(words.named(name) for name in experiment.separates)
    entry = "experiment.separates" if len(experiment.separates) > 1 else "experiment.confirms"
    yield Block("text", _say(words, entry, causes=causes, cause=causes), _cost(experiment, words))
    yield Block("text", experiment.how)
    yield from _code(experiment.code, words)
    for outcome in experiment.outcomes:
        label = outcome.label if outcome.chance is None else _label(words, outcome.label, outcome.chance)
        then = ""
        if outcome.probability is not None:
            then = _say(words, "experiment.then", name=words.named(outcome.name), percent=words.percent(outcome.probability))
        yield Block("item", label, then, below=(outcome.means,) if outcome.means else ())


def also_blocks(diagnosis: Diagnosis, words: Phrases) -> Iterator[Block]:
    """A second cause beside the first, if there may be one."""
    if diagnosis.also is None:
        return
    yield Block("title", _say(words, "also"))
    yield Block("text", _say(words, "also.text", name=words.named(diagnosis.also.name), first=words.named(diagnosis.causes[0].name)))
    for sign in diagnosis.also.explains:
        yield Block("sign", sign.text, words.origin(sign.origin), sign.decibans)


def unjudged(diagnosis: Diagnosis, log: Log | None) -> bool:
    """Whether a log was read that holds no curve to judge: then nothing was found, which is not to say that nothing is wrong."""
    return diagnosis.healthy and log is not None and not log.series and not diagnosis.symptoms


def calm(diagnosis: Diagnosis, log: Log | None) -> str:
    """What a diagnosis without findings amounts to: "healthy", "brief" (too few points of any loss to say so) or "unjudged" (no curve)."""
    if unjudged(diagnosis, log):
        return "unjudged"
    losses = [series for series in log.series if series.metric in ("train_loss", "val_loss")] if log is not None else []
    return "brief" if losses and max(map(len, losses)) < FEWEST else "healthy"


def stopped(diagnosis: Diagnosis, log: Log | None, words: Phrases) -> str:
    """Why no further question was asked; "" when none was to be."""
    if not diagnosis.stopped or unjudged(diagnosis, log) or (diagnosis.stopped == "cap" and not diagnosis.asked):
        return ""
    why = "checked" if diagnosis.stopped == "healthy" and diagnosis.asked else diagnosis.stopped
    return _say(words, f"stopped.{why}", n=len(diagnosis.asked))


def _why(why: Why, words: Phrases) -> Iterator[Block]:
    yield Block("title", _say(words, "why.title", ask=why.ask))
    question = Question(fact=why.fact, ask=why.ask, gain=why.gain, effort=why.effort, minutes=why.minutes)
    if why.leaders:
        yield Block("text", _say(words, "why.worth", gain=f"{why.gain:.2f}", cost=words.cost(question)))
    else:
        yield Block("text", _say(words, "why.hidden"))
    if why.urgent:
        yield Block("text", _say(words, "why.urgent"))
    for answer in why.answers:
        effects = [_say(words, "why.stop")] if answer.stop else []
        effects += [_say(words, "why.leads", name=words.named(answer.first.name))] if answer.changes else []
        moved = words.say("semicolon").join(_shift(words, shift) for shift in answer.shifts)
        yield Block("item", _label(words, answer.label, answer.chance), words.say("clause").join(effects), below=(moved,))
    yield Block("text", _say(words, "why.find", how=why.find))
    yield from _code(why.code, words)


def _how(how: How, words: Phrases, legend: bool) -> Iterator[Block]:
    cause = words.named(how.cause.name)
    yield Block("title", _say(words, "how.title", cause=cause, percent=words.percent(how.cause.probability), place=how.place))
    for rule in how.excluded_by:
        yield Block("text", _say(words, "how.excluded", because=rule.text), words.origin(rule.origin))
    listed = [*_listed(how.reasons_for), *_listed(how.reasons_against)]
    if not listed:
        yield Block("text", _say(words, "how.none"))
    else:
        yield Block("text", _say(words, "how.prior", prior=words.percent(how.prior)))
    for heading, reasons in (("how.for", how.reasons_for), ("how.against", how.reasons_against)):
        if _listed(reasons):
            yield Block("heading", _say(words, heading))
            for reason in _listed(reasons):
                below = tuple(_say(words, "how.because", text=_ground(words, ground)) for ground in reason.rests_on)
                yield Block("sign", reason.text, words.origin(reason.origin) + _ids(reason.cites), reason.decibans, below)
    if listed:
        yield from _sum(how, words, listed)
        if legend:
            yield Block("text", words.say("decibans"))
    yield from _sources(words, _all_cites(listed))


def _listed(reasons: tuple[Reason, ...]) -> list[Reason]:
    return [reason for reason in reasons if abs(reason.decibans) >= WEAK]


def _sum(how: How, words: Phrases, listed: list[Reason]) -> Iterator[Block]:
    """The account: from the prior odds, with all that is listed and all that is too weak to be, to the odds now."""
    if how.excluded_by or not 0.0 < how.cause.probability < 1.0:
        return
    total = _odds(how.cause.probability) - _odds(how.prior)
    weaker = total - sum(reason.decibans for reason in listed)
    entry = "how.sum_with_weaker" if abs(weaker) >= 0.05 else "how.sum"
    prior, percent = words.percent(how.prior), words.percent(how.cause.probability)
    yield Block("text", _say(words, entry, weak=WEAK, weaker=f"{weaker:+.1f}", total=f"{total:+.1f}", prior=prior, percent=percent))


def _odds(probability: float) -> float:
    """Odds in decibans."""
    return 10 * log10(probability / (1 - probability))


def _why_not(why_not: WhyNot, words: Phrases) -> Iterator[Block]:
    first, other = words.named(why_not.first.name), words.named(why_not.other.name)
    p, q = words.percent(why_not.first.probability), words.percent(why_not.other.probability)
    yield Block("title", _say(words, "why_not.title", first=first, other=other, p=p, q=q))
    for rule in why_not.excluded_by:
        yield Block("text", _say(words, "how.excluded", because=rule.text), words.origin(rule.origin))
    for cause, contrasts, sign in ((first, why_not.for_first, 1), (other, why_not.for_other, -1)):
        yield from _contrasts(words, cause, contrasts, sign, why_not.prior_decibans * sign)
    if why_not.tell_apart:
        yield Block("text", _say(words, "why_not.apart", text=why_not.tell_apart))
    if why_not.excluded_by:
        return
    flips = (*why_not.open, *why_not.otherwise)
    reached = not flips or any(flip.first.id == why_not.other.id for flip in flips)
    yield Block("heading", _say(words, "why_not.needs" if reached else "why_not.helps", other=other))
    if not why_not.open and not why_not.otherwise:
        yield Block("text", _say(words, "why_not.nothing"))
    for flip in flips:
        entry = "why_not.then_first" if flip.first.id == why_not.other.id else "why_not.then"
        contrary = (_say(words, "why_not.otherwise"),) if flip.chance is None else ()
        yield Block("item", _flip(words, flip), _say(words, entry, other=other, q=words.percent(flip.probability)), below=contrary)


def _contrasts(words: Phrases, cause: str, contrasts: tuple[Contrast, ...], sign: int, prior: float) -> Iterator[Block]:
    if contrasts or prior >= 1.0:
        yield Block("heading", _say(words, "why_not.for", cause=cause))
    for contrast in contrasts[:SIGNS]:
        yield Block("sign", contrast.text, words.origin(contrast.origin) + _ids(contrast.cites), contrast.decibans * sign)
    if prior >= 1.0:
        yield Block("sign", _say(words, "why_not.prior"), words.say("origin.prior"), prior)


def _what_if(what_if: WhatIf, words: Phrases) -> Iterator[Block]:
    yield Block("title", _say(words, "what_if.title"))
    if not what_if.flips:
        yield Block("text", _say(words, "what_if.none", first=words.named(what_if.first.name)))
    for flip in what_if.flips[:FLIPS]:
        then = _say(words, "what_if.then", name=words.named(flip.first.name), percent=words.percent(flip.first.probability))
        yield Block("item", _flip(words, flip), then)
    if what_if.held_up_by:
        yield Block("heading", _say(words, "what_if.held"))
    for flip in what_if.held_up_by[:FLIPS]:
        then = _say(words, "what_if.without", name=words.named(flip.first.name), percent=words.percent(flip.first.probability))
        yield Block("item", flip.label, below=(then,))


def _difference(change: Difference, words: Phrases) -> Iterator[Block]:
    yield Block("title", _say(words, "change.suppose", title=change.title) if change.title else _say(words, "change.title"))
    old, new = change.first_before, change.first_after
    entry = "change.same" if old.id == new.id else "change.first"
    yield Block("text", _say(
        words, entry, name=words.named(new.name), old=words.named(old.name), new=words.named(new.name),
        before=words.percent(old.probability), after=words.percent(new.probability),
    ))  # fmt: skip
    if not change.shifts:
        yield Block("text", _say(words, "change.nothing"))
    for shift in change.shifts[:MOVES]:
        yield Block("item", _shift(words, shift))
    for entry, texts in (("change.came", () if change.title else change.came), ("change.instead" if change.title else "change.gone", change.gone)):
        if texts:
            yield Block("heading", _say(words, entry))
            yield from (Block("item", text) for text in texts)
    for entry, rules in (("change.fired", change.fired), ("change.fell", change.fell)):
        if rules:
            yield Block("heading", _say(words, entry))
            yield from (Block("item", rule.text, words.origin(rule.origin) + _ids(rule.cites)) for rule in rules)
    yield from _sources(words, [cite for rule in (*change.fired, *change.fell) for cite in rule.cites])


# ------------------------------------------------------------------------------------------------------------------------ small parts


def _say(words: Phrases, entry: str, **values: object) -> str:
    return say(f"explain.{entry}", words.lang, **values)


def _label(words: Phrases, label: str, chance: float) -> str:
    return _say(words, "why.answer", label=label, chance=words.percent(chance))


def _flip(words: Phrases, flip: Flip) -> str:
    text = words.say("is", name=flip.name, value=flip.label)
    return text if flip.chance is None else _label(words, text, flip.chance)


def _shift(words: Phrases, shift: Shift) -> str:
    entry = "shift" if shift.place_before == shift.place_after else "place"
    return _say(
        words, entry, name=words.named(shift.name), before=words.percent(shift.before), after=words.percent(shift.after),
        old=shift.place_before, new=shift.place_after,
    )  # fmt: skip


def _ground(words: Phrases, ground: Ground) -> str:
    where = words.origin(ground.origin) + _ids(ground.cites)
    return f"{ground.text}（{where}）" if words.lang == "zh" else f"{ground.text} ({where})"


def _cost(experiment: Experiment, words: Phrases) -> str:
    return words.say(f"effort.{experiment.effort}") + words.say("clause") + words.minutes(experiment.minutes)


def _code(code: dict[str, str], words: Phrases) -> Iterator[Block]:
    if found := words.code(code, ()):
        yield Block("code", found[1], found[0])


CITED = 2
"""Claims named beside a piece of evidence; all of them are in the JSON and on the page of the entry."""


def _ids(cites: tuple[Cited, ...]) -> str:
    return f" [{', '.join(cite.id for cite in cites[:CITED])}]" if cites else ""


def _all_cites(reasons: list[Reason]) -> Iterator[Cited]:
    for reason in reasons:
        yield from reason.cites[:CITED]
        for ground in reason.rests_on:
            yield from ground.cites[:CITED]


def _sources(words: Phrases, cites: Iterable[Cited]) -> Iterator[Block]:
    """What the sources of these claims are."""
    by_source: dict[str, list[str]] = {}
    for cite in dict.fromkeys(cites):
        by_source.setdefault(cite.source, []).append(cite.id)
    if by_source:
        comma = words.say("comma")
        entries = [_say(words, "source.entry", source=source, ids=comma.join(sorted(ids))) for source, ids in sorted(by_source.items())]
        end = "。" if words.lang == "zh" else ". "
        yield Block("text", _say(words, "sources", list=words.say("semicolon").join(entries)) + end + _say(words, "claims.hint"))
