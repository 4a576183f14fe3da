"""A message as a row of words, Chinese characters and numbers, with the pauses between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .forms import HAN_FILLERS, SKIPPED, keys
from .numerals import NUMBER, SHARE, WRITTEN, read_number, read_share, read_written
from .script import Plain

Kind = Literal["word", "han", "number"]


@dataclass(slots=True)
class Token:
    """One word (by its key), one Chinese character, or one number."""

    key: str
    kind: Kind
    start: int
    end: int
    """Place in the plain text."""
    raw: str
    value: float | None = None
    percent: bool = False
    glued: bool = False
    """Whether a letter stands right before it ("resnet50", "fp16")."""
    skip: bool = False
    """Whether a phrase that does not name it may step over it."""
    before: str = ""
    """Punctuation that stands between it and the token before, without pauses: "=", "(", "->" ..."""
    clause: int = 0
    sentence: int = 0
    mended: bool = False
    """Whether its key is that of the word it was taken to be a misspelling of."""
    asked: bool = False
    """Whether its sentence ends in a question mark."""


HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
PIECES = re.compile(
    rf"(?P<abbreviation>(?:e\.g|i\.e|etc|vs|approx|resp|w\.r\.t)\.|\bno\.(?=\s?\d))|(?P<version>\d+\.\d+\.\d+[\w.+]*)|(?P<times>(?<=\d)\s?[x*×](?=\s?[^\W_]))|(?P<number>{NUMBER})|(?P<share>{SHARE})|(?P<written>{WRITTEN})|(?P<han>[{HAN}])|(?P<without>w/o\b)"
    rf"|(?P<word>[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*)|(?P<arrow>-+>|=>|→|⇒|~>)|(?P<stop>[!?。\n…]+|\.{{2,}}|\.(?=\s|$|[{HAN}\"'])|;)"
    rf"|(?P<pause>,|、|—|–|\s-+\s|:\s(?!\s?['\"]?-?\.?\d)|:(?=[{HAN}]))|(?P<soft>[^\w\s]|_)",
)
ASIDE = re.compile(r"(?<=\s)\((?=[^()\n]{24,200}\))(?=[^()=:]*\))")
"""A parenthesis that opens a remark in words."""
LIST_PAUSE = "、"


def tokens(plain: Plain) -> list[Token]:
    """The tokens of a text, fillers left out, numbered by clause and sentence as far as punctuation tells."""
    out: list[Token] = []
    clause = sentence = 0
    soft = ""
    first_of_sentence = 0
    previous_end = -1
    asides = {i for opening in ASIDE.finditer(plain.text) for i in (opening.start(), plain.text.index(")", opening.end()))}
    for match in PIECES.finditer(plain.text):
        kind, raw = match.lastgroup, match[0]
        start, end = match.span()
        if kind == "stop":
            if "?" in raw:
                for token in out[first_of_sentence:]:
                    token.asked = True
            if len(out) > first_of_sentence:
                sentence, clause, first_of_sentence = sentence + 1, clause + 1, len(out)
            soft = ""
            continue
        if (kind == "pause" and raw != LIST_PAUSE) or start in asides:
            if out and out[-1].clause == clause:
                clause += 1
            soft = ","
            continue
        if kind == "without":
            kind = "word"
        if kind in ("soft", "arrow", "pause", "abbreviation"):
            soft += "->" if kind == "arrow" else raw.strip()
            continue
        glued = start == previous_end and bool(out) and out[-1].kind == "word"
        previous_end = end
        found: list[Token] = []
        if kind == "number":
            value, percent = read_number(raw)
            found = [Token("#", "number", start, end, raw, value, percent, glued)]
        elif kind == "share":
            found = [Token("#", "number", start, end, raw, read_share(raw), percent=True)]
        elif kind == "written":
            found = [Token("#", "number", start, end, raw, read_written(raw))]
        elif kind == "times":
            found = [Token("x", "word", start, end, raw.strip())]
        elif kind == "version":
            found = [Token("<version>", "word", start, end, raw)]
        elif kind == "han":
            found = [] if raw in HAN_FILLERS else [Token(raw, "han", start, end, raw)]
        else:
            numbered = len(raw) == 1 and plain.text[end : end + 1].isdigit()
            found = [Token(key, "word", start, end, raw) for key in ((raw,) if numbered else keys(raw))]
        for token in found:
            token.before, token.clause, token.sentence, token.skip = soft, clause, sentence, token.key in SKIPPED
            soft = ""
            out.append(token)
    return out
