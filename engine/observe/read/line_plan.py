"""How one shape of text line is read: which of its numbers is a counter, which is a metric and what it is called.

A line is split at its numbers; what is left between them is its shape, and a log has few shapes. A shape is understood once
(`make_plan`) and every line of that shape is then read by position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .columns import meaning
from .line_keys import PHASE, Label, label_before
from .positional import positional
from .vocabulary import name_set

__all__ = ["AT_SOME_TIME", "NUMBER", "WHEN", "Field", "Plan", "make_plan"]

SETTINGS = 4
"""So many unknown names on a line without a counter look like settings."""
HEADING = 60
"""Characters before a counter that heads the lines below it."""
_ONE_LETTER = frozenset({"i", "s", "x", "it"})
_GUARD = r"(?:(?<![A-Za-z0-9_.@#].)|(?<=[Ee]poch.)|(?<=[Ss]tep.)|(?<=[Ii]ter.)|(?<=\[[Ee].))"
_EXPONENT = r"(?:\.\d*)?(?:[eE][-+]?\d+)?"
_UNIT = r"(?:ms|us|s|secs?|seconds|mins?|h|hrs?|%|[KMGTB]|[KMGT]i?B|its?|x|tok|epochs?|batch(?:es)?|steps?|iters?)?"
NUMBER = re.compile(
    rf"([-+.0-9nNiI]{_GUARD}(?:(?<=[1-9])\d{{0,2}}(?:,\d{{3}})+(?![\d]){_EXPONENT}|(?<=\d)\d*{_EXPONENT}"
    rf"|(?<=[-+])(?:[1-9]\d{{0,2}}(?:,\d{{3}})+(?!\d){_EXPONENT}|\d+{_EXPONENT}|\.\d+(?:[eE][-+]?\d+)?|[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
    rf"|(?<=\.)\d+(?:[eE][-+]?\d+)?|(?<=[nN])[aA][nN]|(?<=[iI])[nN][fF](?:inity)?)(?={_UNIT}(?![A-Za-z0-9_]))(?!:\d\d(?![\d.]))(?!\.[\dA-Za-z]))"
)
"""A number that stands on its own in a line of text: no part of a word, a version, a date or a clock time; a unit may follow."""

WHEN = re.compile(
    r"(?<![\w.])(?:\d{4}-\d\d?-\d\d?(?:[T_]\d\d:\d\d:\d\d(?:[.,]\d+)?Z?)?|\d{4}/\d\d?/\d\d?|\d{1,3}:\d\d(?:(?::\d\d(?:[.,]\d{1,6})?)|(?![.\d])))(?![\d:])"
)
"""A date, a clock time or a duration in hours, minutes and seconds."""
AT_SOME_TIME = "·"
"""Stands for it in a line that is read."""
_OPENED = re.compile(r"[\[(【]\s*[A-Za-z_ ]+[:=\s]*$")
"""A counter as the first thing in brackets, "[step=", is a heading wherever it stands."""
_EPOCH_OF = frozenset({"train", "training"})
_PHASELESS = frozenset({"lr", "grad_norm", "loss_scale", "weight_norm"})
"""Metrics that belong to the training wherever they are printed."""
_OF = re.compile(r"(?:its?|steps?|iters?|batch(?:es)?|epochs?)?\s*[(（]?\s*(?:/|of|out of|／|共)\s*", re.I)
"""Between a count and its total: "3/10", "10it/1000it", "3 (of 10)"."""
_GLUED = re.compile(r"(?:(?P<epoch>epochs?)|batch(?:es)?|steps?|iters?)(?![A-Za-z0-9_/])", re.I)
"""A counter that follows its number without a blank: "3epoch:train:1-100batch"."""
_NAME_AFTER = re.compile(r"\s+([A-Za-z][A-Za-z_ ]*[A-Za-z])\s*(?:[,;|)]\s*|$)")
"""A name behind its number: "2.31, 2.45 avg loss, 0.001 rate"."""
_AMOUNTS = name_set("""
    epochs, num_epochs, num epochs, n_epochs, num_steps, num steps, total steps, iterations, timesteps, num_timesteps, train_steps,
    train steps, training steps, train_iters, batches, samples, num_samples, num samples, train samples, examples, num examples, tokens,
    total tokens, train batches, val batches, updates, warmup_steps, 总步数, 总轮数, 总轮次
""")
"""Names that, in free text, say how many there will be rather than where the training is."""
_BANNER = re.compile(
    r"\bresum(?:e|ing|ed)\b(?!\s*[:=]\s*(?:false|none|'?'?$))|\brestor(?:ed?|ing)\b.{0,40}(?:checkpoint|state|ckpt)"
    r"|\b(?:loaded|loading)\b.{0,30}(?:checkpoint|ckpt)"
    r"|断点续训|恢复训练|从.{0,20}(?:检查点|断点).{0,10}(?:恢复|继续|加载)|加载.{0,10}(?:检查点|断点)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One metric on a line: which number it is, its name in the log, and a name with its meaning where the log's has none."""

    index: int
    name: str
    means: str = ""
    phase: str = ""
    total: int = -1
    """For a share written as n/N: which number is N."""
    behind: int = -1
    """A number that follows without a name of its own: "loss 100 0.5" may mean step 100."""


@dataclass(slots=True)
class Plan:
    """How to read the lines of one shape. Indexes count the numbers of the line; -1 = none."""

    fields: list[Field] = field(default_factory=list[Field])
    epoch: int = -1
    step: int = -1
    step_name: str = ""
    total: int = -1
    """Which number says how many steps there will be."""
    within: bool = False
    """The step counter starts again each epoch."""
    phase: str = ""
    """"val" when the line says so before its first name."""
    has_loss: bool = False
    alone: bool = False
    """No metric of known meaning is on the line: its counter is only a heading."""
    dump: bool = False
    """Many numbers of unknown meaning and no counter: perhaps a list of settings."""
    banner: bool = False


def make_plan(texts: Sequence[str], header: Sequence[str] = ()) -> Plan | None:
    """The plan for lines made of `texts` with a number between each two; None when nothing on them is of use.

    `header` holds the column names of the last line that looked like a header, for lines of bare numbers.
    """
    fixed = positional(texts, header)
    if fixed is not None:
        fields, step, epoch, within = fixed
        plan = Plan([Field(i, name, means) for i, name, means in fields], epoch, step, "step", within)
        plan.has_loss = any("loss" in (f.means or f.name.lower()) for f in plan.fields)
        return plan
    plan = _Planner(texts).plan()
    return plan if plan.fields or plan.epoch >= 0 or plan.step >= 0 or plan.banner else None


class _Planner:
    """Goes through the numbers of a line from left to right."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.result = Plan(banner=bool(_BANNER.search(" ".join(texts))))
        self.phase = ""
        """Of the words so far."""
        self.line_phase = ""
        """Of the line as a whole: said before its first name."""
        self.rank = 0.0
        self.bare: list[int] = []
        """Numbers without a name that are written n/N before any metric, or n/N in brackets."""
        self.boxed: list[int] = []
        """Numbers alone in brackets, or in one pair of brackets, before any metric: "[100]", "[1, 2000]"."""
        self.known = False
        self.heading = False
        self.bar: tuple[str, Label] | None = None
        """The counter that names a progress bar: "Steps: 10%|" before the numbers of the bar."""

    def plan(self) -> Plan:
        """What the line says."""
        plan = self.result
        for i in range(len(self.texts) - 1):
            self._number(i)
        if self.bare and plan.step < 0 and self.known:
            plan.step, plan.step_name, plan.within = self.bare[-1], "iter", True
            if len(self.bare) == 2 and plan.epoch < 0:
                plan.epoch = self.bare[0]
        elif self.boxed and plan.step < 0 and self.known:
            plan.step, plan.step_name, plan.within = self.boxed[-1], "iter", len(self.boxed) > 1
            if len(self.boxed) == 2 and plan.epoch < 0:
                plan.epoch = self.boxed[0]
        elif plan.step < 0 and plan.epoch < 0 and self.known and self._begins_with_a_number():
            plan.step, plan.step_name = 0, "step"
        if plan.step >= 0 and self._is_count(plan.step):
            plan.total = plan.step + 1
        plan.phase = "val" if any(f.phase == "val" for f in plan.fields) else self.line_phase
        plan.alone = not self.known
        if plan.alone and not self.heading:
            plan.epoch = plan.step = -1
        unknown = sum(1 for f in plan.fields if meaning(f.name).kind is None)
        plan.dump = unknown >= SETTINGS and plan.step < 0 and plan.epoch < 0
        if plan.step_name.lower() in _ONE_LETTER and not plan.has_loss:
            plan.step = -1
        return plan

    def _begins_with_a_number(self) -> bool:
        return not self.texts[0].strip() and self.result.fields[0].index > 0 and self.texts[1][:1] in " \t:|,"

    def _number(self, i: int) -> None:
        before = self.texts[i]
        for match in PHASE.finditer(before):
            if before[match.end() :].strip() == "=":
                continue
            self.phase = "val" if match["val"] or match["zval"] else "train"
        if i and _OF.fullmatch(before.strip()):
            return
        has_total = self._is_count(i)
        counted = self._counted(i, has_total=has_total)
        label = None if counted else label_before(before, first=i == 0)
        if label is None and not counted:
            label = self._name_after(i)
        if i == 0 and (label is None or label.what.kind is None or not label.what.phase):
            self.line_phase = self.phase
        kind = counted or (label.what.kind if label else None)
        if kind in {"step", "epoch"}:
            if label is not None and self.texts[i + 1].lstrip().startswith("%"):
                self.bar = kind, label
                return
            self.heading = self.heading or (i == 0 and len(before) <= HEADING) or bool(_OPENED.search(before))
            self._counter(i, str(kind), label, has_total=has_total)
        elif i == 0 and label is not None and label.strong and label.name.lower() in _EPOCH_OF and self._heads_a_count():
            self.heading = True
            self.result.epoch = 0
        elif label is None and has_total and self.bar is not None:
            self.heading = True
            self._counter(i, *self.bar, has_total=has_total)
            self.bar = None
        elif label is None or (has_total and kind is None):
            self._nameless(i, before, has_total=has_total)
        elif kind is not None or label.strong:
            self._metric(i, label, has_total=has_total)

    def _is_count(self, i: int) -> bool:
        """Whether number `i` is the n of n/N."""
        return i + 2 < len(self.texts) and bool(_OF.fullmatch(self.texts[i + 1].strip()))

    def _heads_a_count(self) -> bool:
        """ "Train: 3 [ 50/1251": the number before a count in brackets."""
        return len(self.texts) > 3 and self.texts[1].strip() == "[" and self._is_count(1)

    def _name_after(self, i: int) -> Label | None:
        """A loss named behind its number; only where no name stands before it."""
        found = _NAME_AFTER.match(self.texts[i + 1]) if self.texts[i].strip(" \t:,;|") == "" else None
        if found is None:
            return None
        what = meaning(found[1])
        return Label(found[1], what, strong=True) if what.kind in {"train_loss", "val_loss"} else None

    def _nameless(self, i: int, before: str, *, has_total: bool) -> None:
        if self.phase == "val":
            return
        boxed = before.rstrip().endswith("[")
        if has_total and (boxed or not self.known):
            self.bare.append(i)
        elif not self.known and not has_total:
            after = self.texts[i + 1].lstrip()
            if (boxed and after[:1] in {"]", ","}) or (before.strip() == "," and self.boxed == [i - 1] and after[:1] == "]"):
                self.boxed.append(i)

    def _counter(self, i: int, kind: str, label: Label | None, *, has_total: bool) -> None:
        if label is not None and not has_total and label.name.lower() in _AMOUNTS:
            return
        plan = self.result
        if kind == "epoch":
            plan.epoch = i if plan.epoch < 0 else plan.epoch
            return
        score = label.what.score if label else 95.0
        of_validation = label is not None and self.phase == "val" and PHASE.search(label.name) is not None
        if score > self.rank and not of_validation:
            plan.step, plan.step_name, self.rank = i, label.name if label else "step", score

    def _metric(self, i: int, label: Label, *, has_total: bool) -> None:
        kind = label.what.kind
        share = has_total and (kind or "").endswith("accuracy")
        phase = self.phase if kind in {"train_loss", "train_accuracy"} else self.line_phase
        apart = phase == "val" and not label.what.phase and kind not in _PHASELESS
        behind = i + 1 if not has_total and i + 2 < len(self.texts) and self.texts[i + 1].strip() in {"", ":"} else -1
        self.result.fields.append(Field(i, label.name, "", "val" if apart else "", i + 1 if share else -1, behind))
        if kind is not None:
            self.known = True
            self.result.has_loss = self.result.has_loss or kind in {"train_loss", "val_loss"}

    def _counted(self, i: int, *, has_total: bool) -> str:
        """ "epoch" or "step" for a number whose unit says so: 3epoch, 第3轮; "" otherwise."""
        glued = _GLUED.match(self.texts[i + 1])
        if glued and not has_total and not self.texts[i].rstrip().endswith(("=", "/")):
            return "epoch" if glued["epoch"] else "step"
        if not self.texts[i].rstrip().endswith("第"):
            return ""
        after = self.texts[i + 2 if has_total else i + 1].lstrip()
        if re.match(r"个?(?:轮|代|期|周期|epoch|回合)", after, re.I):
            return "epoch"
        return "step" if re.match(r"个?(?:步|次|批|iter|step)", after, re.I) else ""
