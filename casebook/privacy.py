"""What a case must not carry out of the house: paths, machines, addresses, names of people, keys.

Scrubbing is a matter of patterns: it finds what has the form of a path, an address or a key, and the names that stand in `people` and
in the history. It cannot find a secret that looks like any other word; an export is still to be read before it is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .case import Case, Telling

__all__ = ["scrub", "scrub_text"]

_NAME = r"[^\s/\\:*?\"'<>|,;()\[\]{}，。；：、（）「」“”]+"
_KEY_WORD = r"(?:api[_-]?key|access[_-]?key|secret|token|passw(?:or)?d|pwd|auth(?:orization)?)"

_RULES: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("keys", re.compile(rf"(?i)\b({_KEY_WORD}\s*[=:]\s*(?:bearer\s+)?)['\"]?[^\s'\",;，。；&]+['\"]?"), r"\1<secret>"),
    ("keys", re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]{8,}"), r"\1<secret>"),
    ("keys", re.compile(r"\b(?:sk|pk|ghp|gho|ghs|github_pat|glpat|hf|xox[abpr]|AKIA|ASIA|ya29|wandb_v\d)[-_A-Z0-9][\w-]{10,}"), "<secret>"),
    ("keys", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"), "<secret>"),
    ("keys", re.compile(r"(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{40,}(?![\w/.-])"), "<secret>"),
    ("keys", re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL), "<secret>"),
    ("addresses", re.compile(r"\b[\w.-]+@[\w.-]+:[\w./~-]*[/~][\w./~-]*"), "<path>"),
    ("addresses", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<email>"),
    (
        "addresses",
        re.compile(r"(?i)\b(https?|wss?|ftp|sftp|ssh|s3|gs|hdfs|oss|abfss?|file|git|postgres(?:ql)?|mysql|redis)://[^\s'\"<>)\]，。；（）]+"),
        lambda match: _address(match),
    ),
    ("addresses", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])"), "<ip>"),
    ("addresses", re.compile(r"(?i)(?<![\w:.])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{0,4}(?:%\w+)?(?![\w:])|(?<![\w:])fe80::[0-9a-f:]+"), "<ip>"),
    ("addresses", re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])"), "<mac>"),
    ("paths", re.compile(rf"(?<![\w/\\])[A-Za-z]:[\\/](?:{_NAME}[\\/])*({_NAME})?"), lambda match: _path(match[1])),
    ("paths", re.compile(rf"\\\\{_NAME}(?:\\{_NAME})*\\({_NAME})"), lambda match: _path(match[1])),
    ("paths", re.compile(rf"(?<![\w./<\\])(?:~[\w.-]*)?/(?:{_NAME}/)+({_NAME})?"), lambda match: _path(match[1])),
    ("paths", re.compile(rf"(?<![\w./<\\])(?:~[\w.-]*/|/(?:home|Users|root|mnt|data|nfs|scratch)/)({_NAME})"), lambda match: _path(match[1])),
    ("hosts", re.compile(r"(?i)\b((?:on |from |at )?(?:host(?:name)?|node|server|machine|机器|主机|节点|服务器)\s*[=:：]\s*)[\w.-]+"), r"\1<host>"),
    ("hosts", re.compile(r"(?i)\b(?:[\w-]+\.)+(?:local|lan|internal|intra|corp|cluster|svc|localdomain)\b(?::\d+)?"), "<host>"),
    ("hosts", re.compile(r"(?i)\b[a-z][a-z0-9-]*\.(?:[\w-]+\.)+(?:com|cn|org|net|edu|io|ai|gov|de|uk|jp)(?::\d{2,5})\b"), "<host>"),
    ("users", re.compile(r"(?i)\b((?:user(?:name)?|login|用户名?)\s*[=:：]\s*)[\w.-]+"), r"\1<user>"),
)
"""What is looked for, in this order; a file's own name stays, because it tells what was read."""

_PUBLIC = re.compile(
    r"(?i)https?://(?:www\.)?(?:github\.com|arxiv\.org|openreview\.net|pytorch\.org|docs\.[\w.-]+|huggingface\.co|tensorflow\.org|wikipedia\.org)/"
)
"""Places that anybody can read: links to them stay."""


def _address(match: re.Match[str]) -> str:
    text = match[0]
    if _PUBLIC.match(text) and "@" not in text and "?" not in text:
        return text
    return f"{match[1].lower()}://<host>"


def _path(name: str | None) -> str:
    return f"<path>/{name}" if name else "<path>"


def scrub_text(text: str, names: tuple[str, ...] = ()) -> str:
    """`text` without paths, hosts, addresses, keys and these names of people; each leaves a mark (`<path>`, `<host>`, `<person>`, ...)."""
    for _, pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= 2:
            edge = r"\b" if name.isascii() and name[0].isalnum() and name[-1].isalnum() else ""
            text = re.sub(edge + re.escape(name) + edge, "<person>", text)
    return text


def scrub(case: Case) -> Case:
    """The case as it may leave the machine: people become `person-1`, `person-2`, ... in the order they appear; figures stay."""
    names = tuple(dict.fromkeys([*case.people, *(change.by for change in case.history if change.by)]))
    numbered = {name: name if _anonymous(name) else f"person-{number}" for number, name in enumerate(names, 1)}
    private = tuple(name for name in names if not _anonymous(name))

    def clean(text: str) -> str:
        return scrub_text(text, private)

    return case.revised(
        people=tuple(numbered[name] for name in case.people),
        texts={
            lang: Telling.model_validate({name: clean(text) for name, text in telling.model_dump().items()}) for lang, telling in case.texts.items()
        },
        symptoms=tuple(sign.model_copy(update={"summary": clean(sign.summary)}) for sign in case.symptoms),
        facts={id: clean(value) if isinstance(value, str) else value for id, value in case.facts.items()},
        observed={id: clean(value) if isinstance(value, str) else value for id, value in case.observed.items()},
        cause=clean(case.cause),
        ruled_out={cause: clean(how) for cause, how in case.ruled_out.items()},
        links=tuple(clean(link) for link in case.links),
        log=clean(case.log),
        history=tuple(change.model_copy(update={"by": numbered.get(change.by, ""), "what": clean(change.what)}) for change in case.history),
    )


def _anonymous(name: str) -> bool:
    return re.fullmatch(r"person-\d+", name) is not None
