"""The report as one HTML file: no script, nothing from the network, light and dark, fit to print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from ..engine.diagnosis import Diagnosis, FixAdvice, RankedCause
from ..engine.observe.log import Log
from ..messages import say
from .course import course
from .display import printable
from .explaining import Block, also_blocks, calm, experiment_blocks, explanation_blocks, stopped
from .phrases import Phrases, Reference
from .picture import frameworks, marks, panels
from .sightings import sightings
from .style import STYLE
from .svg import svg_curve

__all__ = ["html_report"]

CAUSES, SIGNS = 8, 12

def html_report(results: Sequence[tuple[Diagnosis, Log | None]], kb: Reference) -> str:
    """One page with an article for each result."""
    lang = results[0][0].lang
    words = Phrases(lang, kb)
    articles = "".join(_article(diagnosis, log, kb) for diagnosis, log in results)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(words.say('title'))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{articles}</main>\n</body>\n</html>\n"
    )


def _article(diagnosis: Diagnosis, log: Log | None, kb: Reference) -> str:
    words = Phrases(diagnosis.lang, kb, diagnosis.log.axis if diagnosis.log else "step")
    parts = [_header(words, diagnosis, log)]
    if log:
        parts.append(f"<figure>{svg_curve(panels(log, diagnosis, words), marks(diagnosis), axis=log.axis)}</figure>")
    if diagnosis.healthy:
        calmness = calm(diagnosis, log)
        told = words.say(f"{calmness}_text")
        lines = "".join(f"<p>{_text(line)}</p>" for line in (course(log, words) if log else ()))
        style = ' class="good"' if calmness == "healthy" else ""
        parts.append(_section(words.say(calmness), f'<p{style}>{_text(told)}</p>{lines}'))
    parts.append(_findings(words, diagnosis))
    if not diagnosis.healthy and diagnosis.causes:
        first = diagnosis.causes[0]
        parts += [_causes(words, diagnosis), _why(words, first), _explained(also_blocks(diagnosis, words))]
        parts += [_explained(explanation_blocks(explanation, words, legend=False)) for explanation in diagnosis.explanations]
        parts += [*_fixes(words, first, frameworks(log)), _next(words, diagnosis)]
        if diagnosis.experiment:
            parts.append(_explained(experiment_blocks(diagnosis.experiment, words)))
    if diagnosis.skipped:
        parts.append(_section(words.say("not_checked"), _list("ul", [_prose(line) for line in words.skipped(diagnosis)])))
    if reason := stopped(diagnosis, log, words):
        parts.append(f'<p class="soft">{_text(reason)}</p>')
    return f"<article>\n{''.join(parts)}</article>\n"


def _header(words: Phrases, diagnosis: Diagnosis, log: Log | None) -> str:
    summary = diagnosis.log
    title = printable(summary.source) if summary else words.say("title")
    lines = [words.read(summary, log) if summary else words.told(diagnosis)]
    lines += [words.say("note") + words.say("colon") + note for note in (summary.notes if summary else ())]
    if known := words.known(diagnosis):
        lines.append(words.say("you_told") + words.say("colon") + known)
    alarm = "".join(
        f'<p class="against"><strong>{_text(say("explain.stop_now", diagnosis.lang) + words.say("colon") + flag.text)}</strong></p>\n'
        for flag in diagnosis.red_flags
    )
    return f"<h1>{_text(title)}</h1>\n" + alarm + "".join(f'<p class="soft">{_text(line)}</p>\n' for line in lines)


def _findings(words: Phrases, diagnosis: Diagnosis) -> str:
    entries: list[str] = []
    for seen in sightings(diagnosis):
        name, where = words.sighting(seen)
        summaries = "".join(f"<br>{_text(finding.summary)}" for finding in seen.findings)
        entries.append(f"<strong>{_text(name)}</strong>{_where(where)}{summaries}")
    return _section(words.say("seen_anyway" if diagnosis.healthy else "seen"), _list("ol", entries)) if entries else ""


def _causes(words: Phrases, diagnosis: Diagnosis) -> str:
    rest = diagnosis.causes[CAUSES:]
    rows = [("", words.named(cause.name), cause.probability) for cause in diagnosis.causes[:CAUSES]]
    if rest:
        rows.append(("rest", words.say("others", n=len(rest)), sum(cause.probability for cause in rest)))
    rows.append(("rest", words.say("something_else"), diagnosis.something_else))
    table = "".join(
        f'<tr class="{kind}"><td>{_text(name)}</td><td class="n">{_text(words.percent(p))}</td>'
        f'<td class="b"><div class="bar" style="width:{100 * p:.1f}%"></div></td></tr>\n'
        for kind, name, p in rows
    )
    return _section(words.say("causes"), f"<table>\n{table}</table>")


def _why(words: Phrases, cause: RankedCause) -> str:
    signs = sorted((sign for sign in cause.evidence if round(sign.decibans)), key=lambda sign: -sign.decibans)[:SIGNS]
    rows = "".join(
        f'<tr><td class="n {"for" if sign.decibans > 0 else "against"}">{sign.decibans:+.0f} dB</td>'
        f"<td>{_prose(sign.text)}{_where(words.origin(sign.origin))}</td></tr>\n"
        for sign in signs
    )
    note = words.say("decibans" if rows else "no_evidence")
    body = f'<table>\n{rows}</table><p class="soft">{_text(note)}</p>'
    return _section(words.say("why", cause=words.named(cause.name)), body)


def _fixes(words: Phrases, cause: RankedCause, likely: tuple[str, ...]) -> list[str]:
    sections: list[str] = []
    for horizon, fixes in words.fixes(cause).items():
        if fixes:
            sections.append(_section(words.say(horizon), _list("ol", [_fix(words, fix, likely) for fix in fixes])))
    return sections


def _fix(words: Phrases, fix: FixAdvice, likely: tuple[str, ...]) -> str:
    code = words.code(fix.code, likely)
    block = f'<div class="soft">{_text(code[0])}</div><pre><code>{escape(code[1])}</code></pre>' if code else ""
    return f"<strong>{_prose(words.named(fix.name))}</strong><br>{_prose(fix.do)}{block}"


def _next(words: Phrases, diagnosis: Diagnosis) -> str:
    entries: list[str] = []
    for question in diagnosis.next_questions:
        how = _prose(words.kb.fact(question.fact).find.pick(words.lang)) if question.fact in words.kb.facts else ""
        entries.append(f"<strong>{_prose(question.ask)}</strong>{_where(words.cost(question))}<br>{how}")
    return _section(words.say("next"), _list("ol", entries)) if entries else ""


def _explained(blocks: Iterable[Block]) -> str:
    """Blocks of an explanation as one section."""
    title, body, entries = "", "", list[str]()
    for block in (*blocks, None):
        if entries and (block is None or block.kind not in ("item", "sign")):
            body += _list("ul", entries)
            entries = []
        match block:
            case None:
                pass
            case Block(kind="title"):
                title = block.text
            case Block(kind="heading"):
                body += f"<p><strong>{_prose(block.text)}</strong></p>"
            case Block(kind="text"):
                body += f"<p>{_prose(block.text)}{_where(block.aside)}</p>"
            case Block(kind="code"):
                body += f'<div class="soft">{_text(block.aside)}</div><pre><code>{escape(block.text)}</code></pre>'
            case Block(kind=kind):
                lead = f"<strong>{block.decibans:+.1f} dB</strong> " if kind == "sign" else ""
                entries.append(lead + _prose(block.text) + _where(block.aside) + "".join(f"<br>{_prose(line)}" for line in block.below))
    return _section(title, body) if title else ""


def _section(title: str, body: str) -> str:
    return f"<section>\n<h2>{_text(title)}</h2>\n{body}\n</section>\n"


def _list(kind: str, entries: list[str]) -> str:
    return f"<{kind}>\n" + "".join(f"<li>{entry}</li>\n" for entry in entries) + f"</{kind}>"


def _where(text: str) -> str:
    return f'<span class="where">{_text(text)}</span>' if text else ""


def _text(text: str) -> str:
    return escape(printable(text))


def _prose(text: str) -> str:
    """A text of the knowledge base; its `code spans` become `<code>`."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _text(text))
