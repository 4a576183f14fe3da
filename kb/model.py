"""What an entry of the knowledge base is: the schema of every YAML file under `knowledge/`.

Each class is one kind of entry. Everything a person reads is a `Text` (English and Chinese, same facts, each written natively).
How likely a finding is under a cause is a `Likelihood`: one word of a fixed scale, so that an author argues about "usual" or
"seldom" and not about the third decimal. `WORDS` turns the scale into probabilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from .record import Record

if TYPE_CHECKING:
    from pydantic import Field

Likelihood = Literal["always", "usual", "often", "sometimes", "seldom", "rare", "never"]

WORDS: dict[str, float] = {
    "always": 0.97,
    "usual": 0.85,
    "often": 0.6,
    "sometimes": 0.35,
    "seldom": 0.15,
    "rare": 0.05,
    "never": 0.01,
}
"""Probability of a finding under a cause, by word. Seven steps of roughly equal weight in log-odds; nothing is certain (0 or 1),
so that no single finding can rule out a cause for good: only an explicit `exclude` rule does."""

Frequency = Literal["everyday", "common", "occasional", "uncommon", "exotic"]

FREQUENCY: dict[str, float] = {"everyday": 1.6, "common": 1.25, "occasional": 1.0, "uncommon": 0.8, "exotic": 0.65}
"""Relative prior weight of a cause before anything is known, by word. The scale is narrow on purpose: confirmed causes of public
reports are spread almost evenly (the commonest, a learning rate too high, is one in ten), and what a team's own casebook counts moves it."""

Weight = Literal["weak", "moderate", "strong"]

WEIGHT: dict[str, float] = {"weak": 0.4, "moderate": 0.9, "strong": 1.8}
"""Natural-log odds that a fired rule adds to (or takes from) a cause. 1.8 nats is about 8 decibans, a factor of six."""

Effort = Literal["look", "check", "rerun"]
"""What an answer costs: `look` = known or read off code, config or log; `check` = minutes of looking into data, gradients or
weights; `rerun` = a training run or part of one."""

Scalar = bool | int | float | str
Framework = Literal["pytorch", "lightning", "transformers", "keras", "shell"]


class Entry(Record):
    """Base of all entries: unknown keys are errors, values cannot be changed once loaded."""

    model_config = {"extra": "forbid", "frozen": True}


class Text(Entry):
    """The same fact in English and in Chinese. Chinese paragraphs stand on one line: YAML folding would put blanks between characters."""

    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]

    def pick(self, lang: str) -> str:
        """The wording in `lang` ("en" or "zh")."""
        return self.zh if lang == "zh" else self.en


class Aliases(Entry):
    """Other words people use for the thing, per language; matched after NFKC and case folding."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


class Misconception(Entry):
    """A common belief that is wrong or too simple, and what holds instead."""

    belief: Text
    truth: Text
    claims: tuple[str, ...] = ()
    reference: str | None = None
    """Primary source of the correction: paper with arXiv id or venue, or the official documentation page."""


Code = dict[Framework, str]
"""Lines to paste, per framework. Only frameworks where the code differs are listed."""


class Result(Entry):
    """What one outcome of a check means, and the fact that it settles, if it settles one."""

    when: Text
    means: Text
    fact: str | None = None
    value: Scalar | None = None


class Check(Entry):
    """One way to confirm or rule out a cause."""

    effort: Effort
    how: Text
    code: Code = {}
    results: Annotated[tuple[Result, ...], Field(min_length=1)]


class Lookalike(Entry):
    """Another cause (or symptom) that this one is mistaken for, and how to tell the two apart."""

    id: str
    tell_apart: Text


class Signature(Entry):
    """How a cause shows: in the curves of a log, and in the words of the person reporting it."""

    log: Text
    words: Text


class Example(Entry):
    """A case that the tests run: what is given, and where the cause must rank (1 = first)."""

    name: str
    symptoms: tuple[str, ...] = ()
    facts: dict[str, Scalar] = {}
    rank: int = 1


class Cause(Entry):
    """A root cause: `knowledge/causes/ID.yaml`."""

    id: str
    group: str
    name: Text
    aliases: Aliases = Aliases()
    frequency: Frequency
    what: Text
    mechanism: Text
    signature: Signature
    confirm: Annotated[tuple[Check, ...], Field(min_length=1)]
    now: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ids of fixes to apply at once, most useful first."""
    for_good: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ids of fixes that keep it from coming back."""
    verify: Text
    prevent: Text
    mistaken_for: tuple[Lookalike, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    expects: dict[str, Likelihood | dict[str, Likelihood]]
    """How likely each finding is when this cause is at work. Key: id of a symptom, fact or observation. A bare word is the
    probability that it is present / true; a mapping gives a word per value. What is not listed is as likely as without the cause."""
    told: dict[str, Likelihood | dict[str, Likelihood]] = {}
    """What takes the place of `expects` when a report in words is judged: what people name of it more often, or less, than logs show it."""
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


class Threshold(Entry):
    """A number that separates normal from abnormal, with where it comes from and when to trust it."""

    value: str
    means: Text
    source: str
    claims: tuple[str, ...] = ()


class Symptom(Entry):
    """Something that can be seen in a log or by a person: `knowledge/symptoms/ID.yaml`."""

    id: str
    name: Text
    aliases: Aliases = Aliases()
    seen_in: tuple[str, ...]
    what: Text
    reading: Text
    """How to read it on the curve: shape, timescale, what else to look at beside it."""
    thresholds: tuple[Threshold, ...] = ()
    is_not: tuple[Lookalike, ...] = ()
    usual_causes: tuple[str, ...] = ()
    harmless_when: Text | None = None
    misconceptions: tuple[Misconception, ...] = ()
    base: Likelihood = "seldom"
    """How often it is seen in a troubled run whatever the cause."""
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


class Range(Entry):
    """A half-open or closed numeric condition: every bound given must hold."""

    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None


Condition = Scalar | tuple[Scalar, ...] | Range
"""What a fact must be: one value, one of several, or a number in a range. For a symptom: true or false."""


class Fact(Entry):
    """Something the engine may ask or be told."""

    type: Literal["bool", "enum", "number"]
    values: tuple[str, ...] = ()
    """Values of an enum, ids from the taxonomy."""
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    """Smallest and largest possible value of a number; outside is an input error."""
    effort: Effort
    minutes: float
    """Typical minutes to find out, for someone who has the code and the machine at hand."""
    topic: str
    """Questions of one topic are kept together in an interview."""
    red_flag: str | None = None
    """Value (as text) on which the run should be stopped at once, if there is one."""
    volunteered: bool = False
    """Whoever tells of trouble says this unasked when there is something to say: a report that is silent about it is hardly worth asking."""
    fault: tuple[str, ...] = ()
    """Values (as text) that are a fault in themselves, however calm the log looks: gradients that are never cleared, say."""
    name: Text
    ask: Text
    find: Text
    """How to find the answer."""
    code: Code = {}
    labels: dict[str, Text] = {}
    """What each value reads like as an answer; keys `true`/`false` or the enum values."""
    aliases: Aliases = Aliases()
    base: Likelihood | dict[str, Likelihood] | None = None
    """How common each value is among troubled runs whatever the cause; None = all values alike."""
    only_if: dict[str, Condition] = {}
    """Asked only when all of this is believed: whether the optimizer state was restored is no question for a run that never resumed."""
    known: Likelihood | None = None
    """How likely the owner of a run can answer at all; None = what is usual for the effort (`engine/reason/questions.py`)."""
    reads_as: str | None = None
    """Observation that rules derive from this number: asking for the number is worth what knowing the observation is worth."""
    claims: tuple[str, ...] = ()

    def validated(self) -> Self:
        """ValueError when the values do not fit the type."""
        if (self.type == "enum") != bool(self.values):
            raise ValueError("an enum lists its values, and only an enum does")
        return self


class Fix(Entry):
    """Something to do about a cause."""

    name: Text
    do: Text
    code: Code = {}
    cost: Text
    """What it costs: time, throughput, quality."""
    risk: Text
    """What it can break or hide."""
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()


class Then(Entry):
    """What a rule concludes: derived facts, bounded evidence for or against causes, or the exclusion of causes."""

    conclude: dict[str, Scalar] = {}
    support: dict[str, Weight] = {}
    oppose: dict[str, Weight] = {}
    exclude: tuple[str, ...] = ()


class RuleExample(Entry):
    """Facts under which the rule must fire, or must not."""

    given: dict[str, Scalar]
    fires: bool


class Rule(Entry):
    """A forward-chaining rule: when all of `if` holds and none of `unless`, `then` follows, because of `because`."""

    model_config = {"extra": "forbid", "frozen": True, "populate_by_name": True}

    when: Annotated[dict[str, Condition], Field(alias="if", min_length=1)]
    unless: dict[str, Condition] = {}
    then: Then
    because: Text
    claims: tuple[str, ...] = ()
    examples: Annotated[tuple[RuleExample, ...], Field(min_length=1)]


class Observation(Entry):
    """A feature that the detectors derive from a log, with a few discrete values; never asked, only observed."""

    values: tuple[str, ...]
    name: Text
    labels: dict[str, Text]
    group: str
    """Correlated observations share a group; the ranking tempers each group."""


class Step(Entry):
    """One step of a playbook."""

    do: Text
    looks_like: Text | None = None
    """What one sees when this step finds the culprit, and where to go then."""
    cause: tuple[str, ...] = ()
    fact: str | None = None
    minutes: float | None = None
    code: Code = {}
    claims: tuple[str, ...] = ()


class Playbook(Entry):
    """An order of checks for one kind of trouble: `knowledge/playbooks/ID.yaml`."""

    id: str
    name: Text
    symptom: str | None = None
    goal: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    disagreements: tuple[Misconception, ...] = ()
    """Where sources give different numbers: both, and which to trust when."""
    thresholds: tuple[Threshold, ...] = ()
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


Dimension = Literal["data", "learning_rate", "gradients", "model_numerics", "optimizer", "code_environment", "method"]
"""Where a cause can lie, as the source interview divides it (six dimensions), and how the search is gone about (`method`)."""

SIX: tuple[Dimension, ...] = ("data", "learning_rate", "gradients", "model_numerics", "optimizer", "code_environment")
"""The dimensions that every model answer covers."""

Level = Literal["recall", "mechanism", "design", "debug"]


class FollowUp(Entry):
    """What an interviewer asks when a point was missed. The question must not give the point away."""

    ask: Text
    answer: Text
    claims: tuple[str, ...] = ()


class KeyPoint(Entry):
    """One thing that a good answer says. `aliases` are wordings that count as having said it: `a + b` wants both in one sentence
    (`a & b`: in one clause), `a/b` one of them, and `@id` stands for every name of a symptom, a cause or a fact."""

    id: str
    dimension: Dimension
    point: Text
    aliases: Aliases
    weight: Annotated[float, Field(gt=0, le=5)] = 1.0
    must: bool = False
    """Without it the answer is not a good one, whatever else it says."""
    follow_up: FollowUp | None = None
    claims: tuple[str, ...] = ()


class WrongClaim(Entry):
    """Something that candidates say and that costs points; `aliases` as for a key point."""

    id: str
    says: Text
    truth: Text
    aliases: Aliases
    cost: Annotated[float, Field(gt=0, le=5)] = 1.0
    claims: tuple[str, ...] = ()
    reference: str | None = None


class Interview(Entry):
    """A full interview question with its rubric: `knowledge/interviews/ID.yaml`."""

    id: str
    level: Level
    name: Text
    """A few words for lists; gives nothing away."""
    ask: Text
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=3)]
    wrong: tuple[WrongClaim, ...] = ()
    answer: dict[Dimension, Text]
    """A model answer, a paragraph for each dimension."""
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def validated(self) -> Self:
        """ValueError when the model answer or the ids are not whole."""
        if missing := [dimension for dimension in SIX if dimension not in self.answer]:
            raise ValueError(f"the model answer lacks {', '.join(missing)}")
        ids = [item.id for item in (*self.points, *self.wrong)]
        if twice := sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"these ids stand twice: {', '.join(twice)}")
        return self


class Term(Entry):
    """A word of the field as this knowledge base writes it, and the wordings it avoids."""

    en: str
    zh: str
    avoid_zh: tuple[str, ...] = ()
    avoid_en: tuple[str, ...] = ()


class Claim(Entry):
    """A claim of the sources, by id, in a line of our own words; `disputed` claims must be cited by a misconception."""

    gist: str
    disputed: bool = False


class Fitted(Entry):
    """What labelled runs taught: counts of findings per cause, and how strongly evidence is believed. Written by `bench/fit.py`."""

    provenance: str
    """Which runs, when, by which command, with which held-out figures."""
    held_out_brier: float | None = None
    """Brier score of the first cause on runs of tasks that were not counted: what an update must not worsen."""
    temperature: float = 1.0
    """Factor on all evidence; below 1 = less sure."""
    exponents: dict[str, float] = {}
    """Factor on the evidence of a finding (by its id) or of a group of correlated findings (by the name of the group)."""
    prior_weight: float = 20.0
    """Number of cases that an author's word is worth when counts are added to it (Dirichlet; see engines.md on 5, 20 and 80)."""
    cases: dict[str, float] = {}
    """cause -> number of labelled cases (runs and public reports); moves the prior of a cause away from its author's frequency."""
    counts: dict[str, dict[str, dict[str, float]]] = {}
    """cause -> finding -> value -> number of runs in which it was seen."""


MODELS: dict[str, type[Entry]] = {
    "causes": Cause,
    "symptoms": Symptom,
    "playbooks": Playbook,
    "interviews": Interview,
    "facts": Fact,
    "fixes": Fix,
    "rules": Rule,
    "observations": Observation,
    "claims": Claim,
    "glossary": Term,
    "weights": Fitted,
}
"""Kind of entry -> its model."""
