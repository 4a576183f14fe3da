"""Clauses and how they are meant: asked, guessed, heard from others, wished for, tried; and what a "not" belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .lexicon import Mention, longest
from .tokens import Token

REACH = 4
"""Tokens between a negation and what it negates, at most."""
REACH_OFF = 3
"""The same for "without", "disabled", "forgot"."""
LEADING = frozenset({"without", "no", "not", "never", "forget", "lack", "miss", "missing", "zero", "skip", "remov", "drop"})
"""Last words of negations that speak of what follows them, if anything does."""
DENIED_BEHIND = frozenset({"都没有", "都没", "也没有", "也没", "全没有", "都没出", "都无"})
"""Negations that stand behind what they deny."""
AGENTS = frozenset({"被", "给", "我", "他", "by", "me", "us", "was", "is", "be", "been", "line", "行", "这", "那", "句", "call"})
"""Words that may stand between a thing and "commented out"."""
GIVING = frozenset("练试理测证别割出成验估终算样化真现译写")
"""Last characters of what gives a result: 测试结果, 推理结果."""
CASUAL = frozenset({"boundary", "occasional", "sudden"})
"""Manners that are no manner within a longer phrase that means nothing here: "between epochs 30 and 100", "randomly initialized"."""
LOADING = frozenset({"resume", "reload"})
"""Manners that say nothing of training within a longer phrase about testing: "restored it for prediction"."""
GRAMMAR = ("subject", "split", "move", "manner", "stance", "break")


@dataclass(slots=True)
class Clause:
    """One clause: where it stands and how it is meant."""

    index: int
    sentence: int
    first: int
    last: int
    stances: set[str] = field(default_factory=set[str])
    asked: bool = False

    @property
    def told(self) -> bool:
        """Whether what it says is the speaker's own experience: no advice asked for, nothing quoted."""
        return not self.stances & {"asking", "hearsay"}


class Reading:
    """A message taken apart: tokens, clauses, and every phrase found, by family, shorter ones inside longer ones left out."""

    def __init__(self, row: list[Token], mentions: list[Mention]) -> None:
        self.tokens = row
        by_family: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            by_family[mention.family].append(mention)
        neutral = longest(m for m in by_family["stance"] if m.label == "neutral")
        self._mute(by_family, neutral)
        self.families: dict[str, list[Mention]] = {family: self._settle(family, found) for family, found in by_family.items()}
        self._break_up()
        self.clauses = self._clauses()
        self.by_stance: dict[str, list[Mention]] = defaultdict(list)
        named = [*self["fact:task_kind"], *self["fact:architecture"], *self["move"]]
        for mention in self.families.get("stance", []):
            if mention.label in ("no_help", "helps") or not any(n.overlaps(mention) and len(n.indices) > len(mention.indices) for n in named):
                self.by_stance[mention.label].append(mention)
        self._mark_stances()
        named_of = [m for family, found in self.families.items() if family.startswith(("fact:", "anchor:", "action:")) for m in found]
        self.bindable = [*named_of, *self["move"]]
        """What a negation may belong to."""
        self.numbered = {
            i for family, found in self.families.items() if family.startswith(("anchor:", "unit:")) for m in found for i in range(m.last, m.last + 3)
        }
        """Tokens at which the number of a setting may stand."""
        self.negators = self._free("negator")
        self.offs = self._free("switched_off")

    def __getitem__(self, family: str) -> list[Mention]:
        return self.families.get(family, [])

    @staticmethod
    def _mute(by_family: dict[str, list[Mention]], neutral: list[Mention]) -> None:
        """Leave out words that are part of a longer phrase that means nothing here ("no idea", "lower learning rate")."""
        owner = {i: n for n in neutral for i in n.indices}
        for subject in by_family["subject"]:
            by_family["move"] = [m for m in by_family["move"] if not set(m.indices) < set(subject.indices)]
        for family in ("subject", "split", "move", "manner", "break"):
            by_family[family] = [
                m for m in by_family[family] if (family == "manner" and m.label not in CASUAL) or not any((n := owner.get(i)) is not None and len(n.indices) >= len(m.indices) for i in m.indices)
            ]
        guessing = [set(m.indices) for m in by_family["move"] if m.label in ("stuck", "bad")]
        by_family["manner"] = [m for m in by_family["manner"] if m.label not in CASUAL or not any(set(m.indices) < g for g in guessing)]
        tested = [set(m.indices) for m in by_family["manner"] if m.label == "evaluating"]
        by_family["manner"] = [m for m in by_family["manner"] if m.label not in LOADING or not any(set(m.indices) < t for t in tested)]
        by_family["manner"] = [
            m for m in by_family["manner"] if m.label != "resume" or not any((n := owner.get(i)) is not None and len(n.indices) > len(m.indices) for i in m.indices)
        ]
        by_family["stance"] = [
            m
            for m in by_family["stance"]
            if m.label not in ("negator", "switched_off", "neutral", "helps", "no_help", "hearsay")
            or not any(
                (n := owner.get(i)) is not None and n is not m and (m.label not in ("helps", "no_help") or len(n.indices) >= len(m.indices))
                for i in m.indices
            )
        ]

    @staticmethod
    def _settle(family: str, found: list[Mention]) -> list[Mention]:
        if family in ("manner", "stance", "symptom"):
            return sorted(found, key=lambda m: m.first)
        return longest(found)

    def _break_up(self) -> None:
        """Begin a new clause at every "but", "then", 但是 ... that is not part of a longer phrase."""
        longer = [m for family in ("stance", "manner", "move") for m in self[family] if len(m.indices) > 1]
        starts = {m.first for m in self["break"] if not any(o.overlaps(m) and len(o.indices) > len(m.indices) for o in longer) and not self._is_result(m)}
        shift = 0
        for i, token in enumerate(self.tokens):
            if i in starts and i and self.tokens[i - 1].clause == token.clause + shift:
                shift += 1
            token.clause += shift

    def _is_result(self, mention: Mention) -> bool:
        """Whether 结果 is what something gave (测试结果, 训练的结果) rather than "as it turned out"."""
        at = mention.first
        if self.tokens[at].key != "结" or not at or self.tokens[at - 1].clause != self.tokens[at].clause or self.tokens[at].before:
            return False
        before = self.tokens[at - 1]
        return before.key in GIVING or before.end < self.tokens[at].start

    def _clauses(self) -> list[Clause]:
        out: list[Clause] = []
        for i, token in enumerate(self.tokens):
            if not out or out[-1].index != token.clause:
                out.append(Clause(token.clause, token.sentence, i, i, asked=token.asked))
            out[-1].last = i
        for position, clause in enumerate(out):
            clause.index = position
            for i in range(clause.first, clause.last + 1):
                self.tokens[i].clause = position
        return out

    def clause(self, mention: Mention) -> Clause:
        """The clause a mention begins in."""
        return self.clauses[self.tokens[mention.first].clause]

    def _mark_stances(self) -> None:
        for label, found in self.by_stance.items():
            for mention in found:
                self.clause(mention).stances.add(label)
        carried: set[str] = set()
        for before, clause in zip(self.clauses, self.clauses[1:], strict=False):
            carried = (carried | before.stances) & {"asking", "hearsay"}
            starter = self.tokens[clause.first]
            broken = any(m.first == clause.first for m in self["break"])
            if clause.sentence != before.sentence or broken or "mine" in clause.stances:
                carried = set()
            elif not clause.asked and starter.key not in ("or", "and", "或"):
                carried.discard("asking")
            clause.stances |= carried

    def _free(self, label: str) -> list[Mention]:
        """Negations that are not themselves part of a longer phrase ("not sure", "stop decreasing", "no luck")."""
        longer = [m for family, found in self.families.items() if family not in ("stance", "subject", "split", "manner", "symptom") for m in found if len(m.indices) > 1]
        longer += [m for m in self.families.get("manner", []) if len(m.indices) > 2 and m.label != "stays" and m.first not in {n.first for n in self.by_stance[label]}]
        inner = {i for family in ("move", "symptom") for m in self.families.get(family, []) for i in m.indices}
        longer += [m for m in self.by_stance["helps"] if len(m.indices) > 1 and not inner.intersection(m.indices[1:])]
        longer += [m for name in ("no_help", "asking", "hearsay") for m in self.by_stance[name] if len(m.indices) > 1]
        named = {m.last + 1 for m in self.families.get("subject", []) if m.label in ("loss", "score", "lr")}
        moving = {m.indices for m in self.families.get("move", []) if m.first in named}
        return longest(
            m for m in self.by_stance[label] if not (label == "switched_off" and m.indices in moving) and not any(set(m.indices) <= set(o.indices) and len(o.indices) > len(m.indices) for o in longer)
        )

    def negated(self, mention: Mention, between: Iterable[Mention] = (), *, off: bool = False) -> bool:
        """Whether a negation before `mention`, in its clause and near, belongs to it and to nothing in between.

        `off` also counts "without", "disabled", "forgot", and "=False", "= 0", ": none" right behind.
        """
        clause = self.tokens[mention.first].clause
        for negation, reach in [(n, REACH) for n in self.negators] + ([(n, REACH_OFF) for n in self.offs] if off else []):
            if self.tokens[negation.first].clause != clause or not 0 < mention.first - negation.last <= reach + 1:
                continue
            if not any(negation.last < other.first and other.last < mention.first for other in between):
                return True
        if self._denied_behind(mention):
            return True
        return off and (self._set_to_nothing(mention) or self._switched_off_behind(mention))

    def _denied_behind(self, mention: Mention) -> bool:
        """Whether 都没有 stands right behind: 一点波动都没有."""
        behind = "".join(t.key for t in self.tokens[mention.last + 1 : mention.last + 4] if t.clause == self.tokens[mention.last].clause)
        return behind in DENIED_BEHIND

    def _set_to_nothing(self, mention: Mention) -> bool:
        after = mention.last + 1
        if after >= len(self.tokens) or self.tokens[after].clause != self.tokens[mention.last].clause:
            return False
        token = self.tokens[after]
        assigned = "=" in token.before or ":" in token.before
        return (token.key in ("fals", "none", "off") and (assigned or token.key != "none")) or (token.value == 0 and (assigned or not token.before) and token.raw in ("0", "0.0"))

    def _switched_off_behind(self, mention: Mention) -> bool:
        """Whether "off", "disabled", 没开 stands right behind and belongs to nothing that follows it."""
        for off in self.offs:
            if self.tokens[off.last].key == "用" and self.clause(off).stances & {"trying", "changing", "attempting"} and self.tokens[off.first - 1].key in ("也", "都"):
                continue
            between = [t.key for t in self.tokens[mention.last + 1 : off.first]]
            if 0 <= len([k for k in between if k not in AGENTS]) <= 1 and off.first > mention.last and self.tokens[off.first].clause == self.tokens[mention.last].clause:
                follows = any(0 < m.first - off.last <= REACH_OFF and self.clause(m) is self.clause(mention) for family, found in self.families.items() if family.startswith("fact:") for m in found)
                bare = self.tokens[off.last].key in LEADING and off.last < self.clauses[self.tokens[off.last].clause].last
                return not follows and not bare
        return False

    def supposed(self, mention: Mention) -> bool:
        """Whether it is only asked whether it is so: 是不是梯度爆炸了？"""
        clause = self.clause(mention)
        ahead = [(g, max((i for i in g.indices if i < mention.first), default=-1)) for g in self.by_stance["guessing"] if self.clause(g) is clause]
        return clause.asked and any(at >= 0 and mention.first - at <= REACH and not self.swallowed(g) for g, at in ahead)

    def swallowed(self, stance: Mention) -> bool:
        """Whether it is part of a longer phrase that doubts nothing: "what could cause"."""
        return any(n.overlaps(stance) and len(n.indices) > len(stance.indices) for n in self.by_stance["neutral"])

    def told(self, at: int) -> bool:
        """Whether what stands at a token is the speaker's own experience: "I use 2 cards instead of the 8 of the paper"."""
        clause = self.clauses[self.tokens[at].clause]
        if clause.told:
            return True
        own = any(clause.first <= m.first <= at for m in self.by_stance["mine"])
        return own and "asking" not in clause.stances and all(m.first > at for m in self.by_stance["hearsay"] if self.clause(m) is clause)

    def within(self, mention: Mention, others: Iterable[Mention]) -> list[Mention]:
        """Those of `others` that stand in the sentence of `mention`."""
        sentence = self.tokens[mention.first].sentence
        return [o for o in others if self.tokens[o.first].sentence == sentence]
