"""The report as Markdown (GitHub flavour): complete where the terminal abridges, fit to paste into an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..engine.diagnosis import Diagnosis, FixAdvice, RankedCause
from ..engine.observe.log import Log
from ..messages import say
from .course import course
from .curve import draw_curve
from .display import printable
from .explaining import Block, also_blocks, calm, experiment_blocks, explanation_blocks, stopped
from .phrases import Phrases, Reference
from .picture import frameworks, marks, panels
from .sightings import sightings
from .spans import plain
from .terminal import PIPED

__all__ = ["markdown_report"]

CAUSES, SIGNS = 8, 12
"""Most causes in the table and pieces of evidence in the list; the JSON has all."""

_MEANS_SOMETHING = re.compile(r"([\\*\[\]<>|#~$]|(?<![^\W_])_|_(?![^\W_]))")


def markdown_report(diagnosis: Diagnosis, log: Log | None, kb: Reference) -> str:
    """The whole report."""
    words = Phrases(diagnosis.lang, kb, diagnosis.log.axis if diagnosis.log else "step")
    blocks = _header(words, diagnosis, log)
    if log:
        drawn = draw_curve(panels(log, diagnosis, words), marks(diagnosis), width=PIPED, axis=log.axis)
        blocks.append(_fenced("\n".join(plain(line).rstrip() for line in drawn), "text"))
    if diagnosis.healthy:
        calmness = calm(diagnosis, log)
        blocks += [f"## {words.say(calmness)}", words.say(f"{calmness}_text")]
        blocks += course(log, words) if log else ()
    blocks += _findings(words, diagnosis)
    if not diagnosis.healthy and diagnosis.causes:
        first = diagnosis.causes[0]
        blocks += [*_causes(words, diagnosis), *_why(words, first), *_explained(also_blocks(diagnosis, words))]
        for explanation in diagnosis.explanations:
            blocks += _explained(explanation_blocks(explanation, words, legend=False))
        blocks += [*_fixes(words, first, frameworks(log)), *_next(words, diagnosis)]
        if diagnosis.experiment:
            blocks += _explained(experiment_blocks(diagnosis.experiment, words))
    if diagnosis.skipped:
        blocks += [f"## {words.say('not_checked')}", "\n".join(f"- {_prose(line)}" for line in words.skipped(diagnosis))]
    if reason := stopped(diagnosis, log, words):
        blocks.append(_prose(reason))
    return "\n\n".join(blocks) + "\n"


def _header(words: Phrases, diagnosis: Diagnosis, log: Log | None) -> list[str]:
    summary = diagnosis.log
    if summary is None:
        blocks = [f"# {words.say('title')}", words.told(diagnosis)]
    else:
        notes = [f"- {words.say('note')}{words.say('colon')}{_escaped(note)}" for note in summary.notes]
        blocks = [f"# {_escaped(printable(summary.source))}", _escaped(words.read(summary, log)), *(["\n".join(notes)] if notes else [])]
    blocks += [f"**{say('explain.stop_now', diagnosis.lang)}{words.say('colon')}{_escaped(flag.text)}**" for flag in diagnosis.red_flags]
    if known := words.known(diagnosis):
        blocks.append(words.say("you_told") + words.say("colon") + _escaped(known))
    return blocks


def _findings(words: Phrases, diagnosis: Diagnosis) -> list[str]:
    if not diagnosis.symptoms:
        return []
    entries: list[str] = []
    for seen in sightings(diagnosis):
        name, where = words.sighting(seen)
        summaries = "  \n".join(f"   {_escaped(finding.summary)}" for finding in seen.findings)
        entries.append(f"{seen.number}. **{_escaped(name)}** ({_escaped(where)})  \n{summaries}")
    return [f"## {words.say('seen_anyway' if diagnosis.healthy else 'seen')}", "\n".join(entries)]


def _causes(words: Phrases, diagnosis: Diagnosis) -> list[str]:
    shown, rest = diagnosis.causes[:CAUSES], diagnosis.causes[CAUSES:]
    rows = [(_escaped(words.named(cause.name)), cause.probability) for cause in shown]
    if rest:
        rows.append((words.say("others", n=len(rest)), sum(cause.probability for cause in rest)))
    rows.append((words.say("something_else"), diagnosis.something_else))
    table = [f"| {name} | {words.percent(probability)} |" for name, probability in rows]
    return [f"## {words.say('causes')}", "\n".join([f"| {words.say('cause')} | {words.say('probability')} |", "| --- | ---: |", *table])]


def _why(words: Phrases, cause: RankedCause) -> list[str]:
    signs = sorted((sign for sign in cause.evidence if round(sign.decibans)), key=lambda sign: -sign.decibans)[:SIGNS]
    heading = f"## {_escaped(words.say('why', cause=words.named(cause.name)))}"
    if not signs:
        return [heading, words.say("no_evidence")]
    entries = [f"- **{sign.decibans:+.0f} dB** {_prose(sign.text)} ({_escaped(words.origin(sign.origin))})" for sign in signs]
    return [heading, "\n".join(entries), words.say("decibans")]


def _fixes(words: Phrases, cause: RankedCause, likely: tuple[str, ...]) -> list[str]:
    blocks: list[str] = []
    for horizon, fixes in words.fixes(cause).items():
        if fixes:
            blocks.append(f"## {words.say(horizon)}")
            for number, fix in enumerate(fixes, start=1):
                blocks += _fix(words, fix, likely, number)
    return blocks


def _fix(words: Phrases, fix: FixAdvice, likely: tuple[str, ...], number: int) -> list[str]:
    blocks = [f"{number}. **{_prose(words.named(fix.name))}**  \n   {_prose(fix.do)}"]
    if code := words.code(fix.code, likely):
        framework, lines = code
        fence = _fenced(lines, "bash" if framework == words.say("framework.shell") else "python")
        blocks.append("\n".join(f"   {line}".rstrip() for line in fence.splitlines()))
    return blocks


def _next(words: Phrases, diagnosis: Diagnosis) -> list[str]:
    if not diagnosis.next_questions:
        return []
    entries: list[str] = []
    for number, question in enumerate(diagnosis.next_questions, start=1):
        entry = f"{number}. **{_prose(question.ask)}** ({words.cost(question)})"
        if question.fact in words.kb.facts:
            entry += "  \n   " + _prose(words.kb.fact(question.fact).find.pick(words.lang))
        entries.append(entry)
    return [f"## {words.say('next')}", "\n".join(entries)]


def _explained(blocks: Iterable[Block]) -> list[str]:
    """Blocks of an explanation; neighbouring entries make one list."""
    out: list[str] = []
    for block in blocks:
        match block.kind:
            case "title":
                out.append(f"## {_prose(block.text)}")
            case "heading":
                out.append(f"**{_prose(block.text)}**")
            case "text":
                out.append(_prose(block.text) + (f" ({_escaped(block.aside)})" if block.aside else ""))
            case "code":
                out.append(_fenced(block.text, "python"))
            case "item" | "sign":
                lead = f"**{block.decibans:+.1f} dB** " if block.kind == "sign" else ""
                entry = f"- {lead}{_prose(block.text)}" + (f" ({_escaped(block.aside)})" if block.aside else "")
                entry += "".join(f"  \n  {_prose(line)}" for line in block.below)
                if out and out[-1].startswith("- "):
                    out[-1] += "\n" + entry
                else:
                    out.append(entry)
    return out


def _escaped(text: str) -> str:
    """`text` from outside, as literal Markdown."""
    return _MEANS_SOMETHING.sub(r"\\\1", printable(text)).replace("`", r"\`")


def _prose(text: str) -> str:
    """A text of the knowledge base, whose `code spans` stay what they are."""
    pieces = printable(text).split("`")
    if len(pieces) % 2 == 0:
        return _escaped(text)
    return "`".join(piece if number % 2 else _MEANS_SOMETHING.sub(r"\\\1", piece) for number, piece in enumerate(pieces))


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
