"""Findings in words: a raw finding's numbers put into its sentence, in either language."""

from __future__ import annotations

import locale
import os
import unicodedata
from typing import Literal

from ..messages import catalogue, say
from .diagnosis import Finding, Origin, Skipped
from .finding import NotChecked, RawFinding

Lang = Literal["en", "zh"]


def number(value: float) -> str:
    """A figure as a person would write it: four significant digits, no trailing zeros, thousands plain, extremes scientific."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) and abs(value) < 1e7:
        return str(int(value))
    size = abs(value)
    if size >= 1e6 or size < 1e-4:
        return f"{value:.2e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    if size >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def metric_name(metric: str, part: str, lang: Lang) -> str:
    """The name of a metric in words, with its part where there are several."""
    key = f"metric.{metric}"
    name = say(f"observe.{key}", lang) if key in catalogue("observe") else metric
    name = f"{name} ({part})" if part else name
    return name[:1].upper() + name[1:] if lang == "en" else name


def finding(raw: RawFinding, lang: Lang, axis: str = "step") -> Finding:
    """The finding with its sentence; `axis` is what the steps of its log count ("step", "epoch", "row")."""
    unit = say(f"observe.axis.{axis}", lang)
    values = {"axis": unit, **{name: number(value) for name, value in raw.numbers.items()}}
    summary = say(f"observe.{raw.message}", lang, metric=metric_name(raw.metric, raw.part, lang), **values)
    if raw.moved:
        summary += ("" if lang == "zh" else " ") + _moved(raw, lang, unit)
    return Finding(
        id=raw.id, metric=raw.metric, first_step=raw.first_step, last_step=raw.last_step, strength=raw.strength, summary=summary,
        part=raw.part, numbers=raw.numbers, recovery=raw.recovery, alarming=raw.alarming,
        origin=Origin(kind="metric", detail=raw.metric, first_step=raw.first_step, last_step=raw.last_step),
    )  # fmt: skip


def _moved(raw: RawFinding, lang: Lang, unit: str) -> str:
    """What left its band first, in a sentence."""
    first = raw.moved[0]
    lead = raw.first_step - first.step
    within = number(max(m.within for m in raw.moved))
    if lead > first.within / 2:
        name = metric_name(first.metric, "", lang)
        known = number(first.within)
        return say("observe.moved.before", lang, metric=name, step=number(first.step), lead=number(lead), within=known, axis=unit)
    along = [m for m in raw.moved if m.metric != raw.metric and abs(m.step - raw.first_step) <= m.within / 2]
    if along:
        names = say("observe.moved.and", lang).join(metric_name(m.metric, "", lang).lower() for m in along)
        return say("observe.moved.along", lang, metrics=names, within=number(max(m.within for m in along)), axis=unit)
    return say("observe.moved.alone", lang, within=within)


def skipped(check: NotChecked, name: str, lang: Lang) -> Skipped:
    """A skipped check with its reason in words; `name` is the symptom that it looks for."""
    return Skipped(check=name, reason=say(f"observe.{check.reason}", lang, **check.values))


def choose_language(lang: str | None, text: str | None) -> Lang:
    """The language to answer in: the one asked for, else that of the text, else that of the locale."""
    if lang in ("en", "zh"):
        return lang  # pyright: ignore[reportReturnType]
    if text:
        wide = sum("CJK" in unicodedata.name(c, "") for c in text[:500])
        return "zh" if wide >= 2 else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"
