"""Grading a free answer, in Chinese, English or a mixture, against a rubric; every decision can be shown and overruled.

A point counts when one of its wordings is said and not denied, or when a sentence of the answer says nearly the same words as the
point itself. A wrong claim costs when it is said and neither denied nor called a mistake. A term by itself earns nothing, and terms lined
up without a sentence around them are worth at most a partial mark.

The share of the weight that was reached, less what wrong claims cost, gives the verdict: GOOD from 62 % with nothing indispensable
missing, PARTIAL from 8 % (30 % when a wrong claim stands beside it); an answer about something else is OFF_TOPIC. The limits were
chosen on two thirds of the labelled answers of `tests/quiz/answers.yaml`; `bench/quiz_grading.py` shows the third put aside as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import NamedTuple

from ..engine.understand.forms import stem
from ..kb.model import Text
from .gist import about, asked_words, content, names_any, pairs, same_words, told
from .rubric import Point, Rubric
from .wording import Found, Wording, find
from .words import Word, light, words

__all__ = ["Grade", "Hit", "Verdict", "grade", "overrule"]

FULL = 0.62
"""Share of the weight from which an answer is good."""

SOME = 0.08
"""Share of the weight from which an answer is partial: one point of a dozen, rightly made, is not nothing."""

SOME_IN_SPITE = 0.3
"""The same for an answer that also makes a wrong claim."""

ALMOST = 0.8
"""Share of the weight at which one indispensable point may be lacking."""

def _phrases(listed: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word.key for word in words(said)) for said in listed.split("|"))


LONGEST = 6000
"""Characters of an answer that are read; nobody speaks longer in an interview."""

RELATED = 0.3
"""Share of the content words of an answer that belong to the question, below which it is about something else."""

BARE = 0.15
"""Share of words that tie a sentence together ("the", "if", 的, 会) below which there is no sentence."""

TERM = 2.0
"""An answer of no more words (two Chinese characters make one) names something and says nothing of it: "gradient clipping" alone."""

MANY, SHORT, SHORT_HAN = 5, 3.2, 5.0
"""An answer of so many pieces between commas, of so few words (Chinese characters) each on average, is a list of terms."""

REACH = 3
"""Words between a denial and what it denies, at most."""

_BEFORE = _phrases(
    "not | never | no need | unnecessary | rather than | instead of"
    " | 不是 | 不要 | 不用 | 不需要 | 不必 | 没必要 | 无需 | 别 | 并非 | 绝非 | 不应该 | 不该"
)
"""What denies the words that follow."""

_AFTER = _phrases(
    "is useless | no use"
    " | does not matter | do not matter | is unnecessary | is irrelevant | pointless | is not needed | nothing to do with"
    " | 没用 | 没有用 | 没必要 | 不需要 | 不重要 | 无关 | 没关系 | 没有关系 | 不用管"
)
"""What denies the words before it."""

_NOT_ONLY = _phrases("not only | not just | not necessarily | not merely | not simply | 不仅 | 不只 | 不光 | 不但 | 不止 | 不一定")
_NO_DENIAL = _phrases("是不是 | 要不要 | 特别 | 分别 | 区别 | 级别 | 类别 | 识别 | 判别 | 别人 | 别的")
"""Where the letters of a negation mean something else: the first still doubt a claim that is too strong, the others nothing."""

_MYTH = re.compile(
    r"\b(myth|misconception|mistaken|common mistake|wrong|not true|incorrect|fallacy|people (say|think|believe)|naive)\b"
    r"|误区|误解|不对|是错|错误的?(看法|想法|认知|说法)|片面|有人(说|觉得|认为)|很多人"
)
_ANY_NOT = frozenset({"not", "never", "不", "没", "非", "未", "别", "无", "rather", "instead", "hardly", "isn", "rarely"})

_WITHOUT = frozenset({"no", "without", "noth", "nothing", "miss", "lack", "unrecoverable"})

_SAYS = frozenset((
    *(stem(verb) for verb in (
        "add", "check", "divide", "find", "halve", "log", "look", "lower", "plot", "print", "raise", "reduce", "reload", "remove", "replay",
        "restore", "resume", "rollback", "shuffle", "shrink", "skip", "stop", "turn", "use",
    )),
    *"降升加减停换查看关开调设改删用太过不没是",
))  # fmt: skip
"""Words with which even two make a statement or an order: "lower lr", 降学习率."""

_TIES = frozenset(("if", "then", "becaus", "when", "to", "of", "in", "and", "or", "with", "for", "at", "on", "by", "from", *"是因如果后看从"))


class Verdict(IntEnum):
    """What the answer amounts to; the order is the order of quality."""

    OFF_TOPIC = 0
    WRONG = 1
    PARTIAL = 2
    GOOD = 3


class Hit(NamedTuple):
    """A point or a wrong claim, and what was found of it."""

    id: str
    text: Text
    said: str
    """The words of the answer that count; "" when it was missed."""
    weight: float
    must: bool = False
    denied: bool = False
    """It was mentioned, but denied."""


class Grade(NamedTuple):
    """What an answer is worth, and why."""

    verdict: Verdict
    score: float
    """Share of the weight reached, less the costs, 0..1."""
    points: tuple[Hit, ...]
    wrong: tuple[Hit, ...]
    """Wrong claims that were made."""
    bare: bool = False
    """Only terms lined up, without a sentence around them."""
    related: bool = True
    """Whether the answer is about the question at all."""

    @property
    def hit(self) -> tuple[Hit, ...]:
        """Points that were made."""
        return tuple(hit for hit in self.points if hit.said and not hit.denied)

    @property
    def missed(self) -> tuple[Hit, ...]:
        """Points that were not."""
        return tuple(hit for hit in self.points if not hit.said or hit.denied)


def grade(rubric: Rubric, answer: str, *, brief: bool = False) -> Grade:
    """The grade of `answer`; an empty one is off topic and worth nothing. `brief`: the question can be answered with a term."""
    row = words(answer[:LONGEST])
    points = tuple(_point(each, row, answer, rubric.asked) for each in rubric.points)
    wrong = tuple(hit for each in rubric.wrong if (hit := _claimed(each.id, each.says, each.wordings, each.cost, row, answer)) is not None)
    term = not brief and _term(row)
    named = any(hit.said for hit in points)
    if term:
        points = tuple(hit._replace(said="", denied=False) for hit in points)
    if mixed := next((each for each in rubric.wrong if each.mixed_up), None):
        said = _mixed_up(rubric, points, row, answer)
        wrong += (Hit(mixed.id, mixed.says, said, mixed.cost),) if said else ()
    made = frozenset(hit.id for hit in points if hit.said and not hit.denied)
    bare = (term and named) or _bare(answer, row, len(made))
    related = named or bool(wrong) or _related(rubric, row, answer)
    verdict, score = _weigh(rubric, made, frozenset(hit.id for hit in wrong), bare=bare, related=related)
    return Grade(verdict, score, points, wrong, bare, related)


def overrule(rubric: Rubric, graded: Grade, ids: Collection[str]) -> Grade:
    """The grade with the decisions about `ids` (points and wrong claims) turned round by the learner, who has the last word."""
    points = tuple(
        hit if hit.id not in ids else hit._replace(said="" if hit.said and not hit.denied else (hit.said or hit.text.en), denied=False)
        for hit in graded.points
    )  # fmt: skip
    wrong = tuple(hit for hit in graded.wrong if hit.id not in ids)
    made = frozenset(hit.id for hit in points if hit.said and not hit.denied)
    verdict, score = _weigh(rubric, made, frozenset(hit.id for hit in wrong), bare=graded.bare and not ids, related=graded.related or bool(made))
    return graded._replace(verdict=verdict, score=score, points=points, wrong=wrong)


def _weigh(rubric: Rubric, made: Collection[str], wrong: Collection[str], *, bare: bool, related: bool) -> tuple[Verdict, float]:
    total = sum(point.weight for point in rubric.points) or 1.0
    share = sum(point.weight for point in rubric.points if point.id in made) / total / (rubric.enough or 1.0)
    cost = sum(claim.cost for claim in rubric.wrong if claim.id in wrong) / total
    score = max(0.0, min(1.0, share) - cost)
    lacking = sum(point.must and point.id not in made for point in rubric.points)
    if not related:
        return Verdict.OFF_TOPIC, 0.0
    if score >= FULL and not wrong and not bare and (lacking == 0 or (lacking == 1 and score >= ALMOST)):
        return Verdict.GOOD, score
    if score >= (SOME_IN_SPITE if wrong else SOME):
        return Verdict.PARTIAL, min(score, FULL) if bare else score
    return Verdict.WRONG, score


def _point(point: Point, row: Sequence[Word], answer: str, asked: Text | None) -> Hit:
    made = Hit(point.id, point.text, "", point.weight, point.must)
    denied = ""
    for wording in point.wordings:
        for found in find(wording, row):
            if _negative(found, row) or not _denied(found, row):
                return made._replace(said=_quote(found, row, answer))
            denied = denied or _quote(found, row, answer)
    if not denied and (said := _in_other_words(point, row, answer, asked)):
        return made._replace(said=said)
    return made._replace(said=denied, denied=bool(denied))


def _claimed(id: str, text: Text, wordings: Sequence[Wording], cost: float, row: Sequence[Word], answer: str) -> Hit | None:
    for wording in wordings:
        for found in find(wording, row):
            if _called_a_mistake(found, row, answer) or (not _negative(found, row) and (_denied(found, row) or _doubted(found, row))):
                continue
            return Hit(id, text, _quote(found, row, answer), cost)
    return None


def _quote(found: Found, row: Sequence[Word], answer: str) -> str:
    return answer[row[found.first].start : row[found.last].end]


def _negative(found: Found, row: Sequence[Word]) -> bool:
    """Whether the words themselves hold a negation, so that a negation before them says nothing."""
    return any(row[at].key in _ANY_NOT or row[at].key in _WITHOUT for at in found.at)


def _denied(found: Found, row: Sequence[Word]) -> bool:
    """Whether a denial stands right before the words, or behind them in their clause."""
    first, last = found.first, found.last
    for phrase in _BEFORE:
        for start in range(max(0, first - REACH - len(phrase)), first):
            if _stands(phrase, row, start) and start + len(phrase) <= first and row[start].clause == row[first].clause and not _excepted(row, start):
                return True
    return any(
        _stands(phrase, row, start) and row[start].clause == row[last].clause and not set(range(start, start + len(phrase))) & set(found.at)
        for phrase in _AFTER
        for start in range(last + 1, min(len(row), last + 1 + 2 * REACH))
    )


def _doubted(found: Found, row: Sequence[Word]) -> bool:
    """Whether a negation stands among the words or close before them, as in "clipping will not solve everything"."""
    clause = row[found.first].clause
    return any(
        row[at].key in _ANY_NOT and at not in found.at and not _excepted(row, at, doubt=True)
        for at in range(max(0, found.first - REACH), found.last)
        if row[at].clause >= clause
    )


def _called_a_mistake(found: Found, row: Sequence[Word], answer: str) -> bool:
    """Whether the sentence, or the one behind it, calls it a mistake or somebody else's belief."""
    sentence = row[found.first].sentence
    there = [word for word in row if sentence <= word.sentence <= sentence + 1]
    clause = row[found.last].clause
    near = [word for word in there if word.sentence == sentence or word.clause <= clause + 1]
    return bool(_MYTH.search(answer[near[0].start : near[-1].end].casefold()))


def _stands(phrase: tuple[str, ...], row: Sequence[Word], start: int) -> bool:
    return start + len(phrase) <= len(row) and all(row[start + n].key == key for n, key in enumerate(phrase))


def _excepted(row: Sequence[Word], at: int, *, doubt: bool = False) -> bool:
    """Whether the negation at `at` belongs to "not only", "是不是" and the like (which still doubt a claim that is too strong)."""
    unless = _NO_DENIAL if doubt else (*_NO_DENIAL, *_NOT_ONLY)
    return any(_stands(phrase, row, start) for phrase in unless for start in range(max(0, at - len(phrase) + 1), at + 1))


def _in_other_words(point: Point, row: Sequence[Word], answer: str, asked: Text | None) -> str:
    if not point.statements:
        return same_words(point.text, row, answer, _ANY_NOT)
    return told(point.statements, about(point.side, row), answer, asked_words(asked) if asked else frozenset())


def _mixed_up(rubric: Rubric, points: Sequence[Hit], row: Sequence[Word], answer: str) -> str:
    """The words that say of one of two look-alikes what holds of the other, or ""."""
    asked = asked_words(rubric.asked) if rubric.asked else frozenset[str]()
    for point, hit in zip(rubric.points, points, strict=True):
        if point.side is not None and not hit.said and (said := told(point.statements, about(point.side.turned(), row), answer, asked)):
            return said
    return ""


def _related(rubric: Rubric, row: Sequence[Word], answer: str) -> bool:
    """Whether the answer is about the question: it names what is asked about, or shares words with the points."""
    said = pairs(row)
    if not said:
        return False
    if rubric.asked is not None and names_any(answer, asked_words(rubric.asked)):
        return True
    own: set[str] = set()
    for point in rubric.points:
        own |= content(point.text.en) | content(point.text.zh)
    for claim in rubric.wrong:
        own |= content(claim.says.en) | content(claim.says.zh) | content(claim.truth.en) | content(claim.truth.zh)
    return len(said & own) >= max(3, RELATED * len(said))


def _term(row: Sequence[Word]) -> bool:
    """Whether it is a term by itself: short, and nothing in it says what is so or what to do."""
    return sum(0.5 if word.han else 1.0 for word in row) <= TERM and not any(word.key in _SAYS for word in row)


def _bare(answer: str, row: Sequence[Word], made: int) -> bool:
    """Whether an answer that makes several points is no more than terms lined up: hardly a word that ties them together."""
    if made < 3:
        return False
    pieces = [piece for piece in re.split(r"[,，、;；|/\n]", answer) if piece.strip()]
    short = len(row) / len(pieces) <= (SHORT_HAN if any(word.han for word in row) else SHORT)
    return len(pieces) >= MANY and short and sum(light(word.key) or word.key in _TIES for word in row) / len(row) < BARE
