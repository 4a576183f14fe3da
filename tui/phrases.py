"""How results are put into words: one voice for the text, Markdown and HTML reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from ..engine.diagnosis import ColumnUse, Diagnosis, FixAdvice, LogSummary, Origin, Question, RankedCause
from ..engine.observe.log import Log
from ..kb.model import Fact, Text
from ..messages import catalogue, say
from .display import printable
from .language import Lang
from .sightings import Sighting

__all__ = ["Phrases", "Reference", "sentences"]

FAINT = 0.6
"""Findings weaker than this are said to be faint."""

STEPS_SHOWN = 8
"""Places of further findings of a kind that are listed."""

COLUMNS_SHOWN = 12
"""Used columns listed; enough for every metric there is but one, and a wide table stays two lines."""

UNUSED_SHOWN = 4
"""Unused columns named one by one; of the rest only the number."""


class Reference(Protocol):
    """The part of the knowledge base that a report looks things up in."""

    @property
    def facts(self) -> Mapping[str, Text]:
        """Short name of every fact."""
        ...

    @property
    def symptoms(self) -> Mapping[str, Text]:
        """Short name of every symptom."""
        ...

    def fact(self, id: str, /) -> Fact:
        """The entry of a fact."""
        ...


class Phrases(NamedTuple):
    """Puts results into words of one language, with names from the knowledge base."""

    lang: Lang
    kb: Reference
    axis: str = "step"
    """What the steps of the log count: "step", "epoch" or "row"."""
    dash: str = "–"

    def say(self, entry: str, **values: object) -> str:
        """An interface text of the reports."""
        return say(f"report.{entry}", self.lang, **values)

    def symptom(self, name: str) -> str:
        """Short name of a symptom."""
        text = self.kb.symptoms.get(name)
        return self.named(text.pick(self.lang) if text else name)

    def named(self, name: str) -> str:
        """A short name as it stands on its own: in English with a capital."""
        return printable(name[:1].upper() + name[1:] if self.lang == "en" else name)

    def fact(self, name: str) -> str:
        """Short name of a fact."""
        text = self.kb.facts.get(name)
        return text.pick(self.lang) if text else printable(name)

    def value(self, fact: str, value: object) -> str:
        """How a value of `fact` reads as an answer."""
        if value is None:
            return self.say("unknown")
        key = str(value).lower() if isinstance(value, bool) else str(value)
        entry = self.kb.fact(fact) if fact in self.kb.facts else None
        if entry and key in entry.labels:
            return entry.labels[key].pick(self.lang)
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        number = f"{value:g}" if isinstance(value, float) else printable(key)
        return f"{number} {entry.unit}" if entry and entry.unit else number

    def metric(self, name: str) -> str:
        """A metric in words."""
        entry = f"metric.{name}"
        return say(f"observe.{entry}", self.lang) if entry in catalogue("observe") else printable(name)

    def series(self, metric: str, part: str) -> str:
        """A metric in words, with the part of it that a series is."""
        return self.metric(metric) + (f" ({printable(part)})" if part else "")

    def steps(self, first: float | None, last: float | None) -> str:
        """ "steps 1200–1240"; nothing when not known."""
        if first is None:
            return ""
        if last is None or last == first:
            return self.say(self.axis, at=_count(first))
        return self.say(f"{self.axis}s", first=_count(first), dash=self.dash, last=_count(last))

    def place(self, metric: str | None, part: str, first: float | None, last: float | None) -> str:
        """ "training loss, steps 1200–1240"."""
        name = self.series(metric, part) if metric else ""
        return self.say("clause").join(printable(piece) for piece in (name, self.steps(first, last)) if piece)

    def sighting(self, seen: Sighting) -> tuple[str, str]:
        """Heading of a kind of finding, and where it was seen."""
        finding = seen.strongest
        name = self.symptom(finding.id)
        if len(seen.findings) > 1:
            name = self.say("times", name=name, n=len(seen.findings))
        elif finding.strength < FAINT:
            name = self.say("faint", name=name)
        where = self.place(finding.metric, finding.part, seen.first_step, seen.last_step)
        return name, where if finding.metric else self.origin(finding.origin)

    def also(self, seen: Sighting) -> str:
        """The steps of the findings that are not described; "" for a single finding."""
        others = [_count(f.first_step) for f in seen.findings if f is not seen.strongest and f.first_step is not None]
        if not others:
            return ""
        listed = self.say("comma").join(others[:STEPS_SHOWN])
        return self.say("also_more" if len(others) > STEPS_SHOWN else "also", steps=listed)

    def origin(self, origin: Origin) -> str:
        """Where something is known from, in a few words."""
        if origin.kind == "metric":
            metrics = self.say("comma").join(self.metric(name) for name in origin.detail.split(", "))
            return self.say("clause").join(piece for piece in (metrics, self.steps(origin.first_step, origin.last_step)) if piece)
        if origin.kind == "text" and origin.detail:
            return self.say("origin.text") + self.say("colon") + f'"{printable(origin.detail)}"'
        return self.say(f"origin.{origin.kind}", detail=printable(origin.detail))

    def cost(self, question: Question) -> str:
        """What the answer to a question costs: kind of work and time."""
        return self.say(f"effort.{question.effort}") + self.say("clause") + self.minutes(question.minutes)

    def minutes(self, minutes: float) -> str:
        """A duration that is only roughly known."""
        if minutes < 90:
            return self.say("minutes", n=max(1, round(minutes)))
        return self.say("hours", n=round(minutes / 60))

    def read(self, summary: LogSummary, log: Log | None) -> str:
        """Format, number of points, range of steps, and what the columns were taken for."""
        ends = [(float(s.steps.min()), float(s.steps.max())) for s in log.series if len(s)] if log else []
        span = self.steps(min(e[0] for e in ends), max(e[1] for e in ends)) if ends else summary.axis
        entry = f"format.{summary.format}"
        name = self.say(entry) if entry in catalogue("report") else printable(summary.format)
        facts = self.say("read", format=name, points=summary.points, range=span)
        return self.say("semicolon").join((facts, self.columns(summary.columns))) if summary.columns else facts

    def columns(self, columns: Sequence[ColumnUse]) -> str:
        """Which column was understood as what: "train_loss = 训练损失, lr"; and which were not used."""
        used = [_equation(column) for column in columns if column.metric]
        if (hidden := len(used) - COLUMNS_SHOWN) > 0:
            used = [*used[:COLUMNS_SHOWN], self.say("used_more", n=hidden)]
        unused = [printable(column.column) for column in columns if not column.metric]
        text = self.say("comma").join(used)
        if unused:
            names = self.say("comma").join(unused[:UNUSED_SHOWN])
            more = len(unused) - UNUSED_SHOWN
            total = more if self.lang == "en" else len(unused)
            names = self.say("unused_more", columns=names, n=total) if more > 0 else names
            text += self.say("semicolon") + self.say("unused", columns=names)
        return text

    def told(self, diagnosis: Diagnosis) -> str:
        """What a report without a log goes by."""
        return self.say("told_only" if diagnosis.symptoms or diagnosis.facts else "nothing_told")

    def known(self, diagnosis: Diagnosis) -> str:
        """The facts that came from a person, so that a misunderstanding shows."""
        pairs = [
            self.say("is", name=self.fact(name), value=self.value(name, fact.value))
            for name, fact in diagnosis.facts.items()
            if fact.origin.kind in ("answer", "told", "text") and name in self.kb.facts
        ]
        return self.say("semicolon").join(pairs)

    def skipped(self, diagnosis: Diagnosis) -> list[str]:
        """What could not be checked, one text for each reason."""
        by_reason: dict[str, list[str]] = {}
        for skipped in diagnosis.skipped:
            by_reason.setdefault(skipped.reason, []).append(printable(skipped.check))
        listed = {reason: self.named(self.say("comma").join(dict.fromkeys(names))) for reason, names in by_reason.items()}
        return [names + self.say("colon") + printable(reason) for reason, names in listed.items()]

    def percent(self, probability: float) -> str:
        """ "62%"; what rounds to nothing is "<1%", what rounds to all is ">99%"."""
        rounded = round(100 * probability)
        if rounded == 0 < probability:
            return "<1%"
        return ">99%" if rounded == 100 and probability < 1 else f"{rounded}%"

    def fixes(self, cause: RankedCause) -> dict[Literal["now", "for_good"], list[FixAdvice]]:
        """What to do about a cause by horizon; what is to be done now is not repeated for good."""
        now = [fix for fix in cause.fixes if fix.horizon == "now"]
        done = {fix.id for fix in now}
        return {"now": now, "for_good": [fix for fix in cause.fixes if fix.horizon == "for_good" and fix.id not in done]}

    def code(self, code: Mapping[Any, str], frameworks: Iterable[str]) -> tuple[str, str] | None:
        """The code for the likeliest framework for which there is some: (name of the framework, lines)."""
        for framework in (*frameworks, "pytorch", *code):
            if framework in code:
                return self.say(f"framework.{framework}"), code[framework].strip("\n")
        return None


_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)\s+(?=[A-Z\"'`(])")


def sentences(text: str, most: int) -> str:
    """The first `most` sentences of a text."""
    return "".join(piece if piece[-1:] in "。！？" else piece + " " for piece in _SENTENCE_END.split(text)[:most] if piece).strip()


def _equation(column: ColumnUse) -> str:
    if column.column == column.metric:
        return column.column
    part = f" ({printable(column.note)})" if column.note not in ("", column.column) else ""
    return f"{column.metric}{part} = {printable(column.column)}"


def _count(step: float) -> str:
    return f"{step:.0f}" if step == round(step) else f"{step:.4g}"
