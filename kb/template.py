"""The skeleton of a new cause: every section in its place, with what belongs there. The lint names what is still to be written."""

from __future__ import annotations

__all__ = ["cause_skeleton"]

_SKELETON = """\
# A cause of trouble in training. Replace every TODO; `lossclinic kb lint` says what is missing and whether the evidence holds.
# Chinese stands on one line a paragraph. Numbers, ids and code are the same in both languages; sentences are native in each.
id: {id}
group: {group}              # data, learning_rate, gradient, model, numerics, optimizer, code, strategy, environment
name:
  en: "TODO name in a few words"
  zh: "TODO 简短的名字"
aliases:                    # what people call it: slang, abbreviations, error messages
  en: []
  zh: []
frequency: occasional       # everyday, common, occasional, uncommon, exotic: how often it is the root cause
what:
  en: "TODO two sentences: what it is, and what it does to the run."
  zh: "TODO 两句话：是什么，对训练有什么影响。"
mechanism:
  en: "TODO why it produces the picture, in two to five sentences."
  zh: "TODO 为什么会造成这种画面，两到五句。"
signature:
  log:
    en: "TODO which curve moves first, in what shape, on what timescale."
    zh: "TODO 哪条曲线先动，什么形状，多长时间。"
  words:
    en: "TODO 'how people describe it', 'in their own words'."
    zh: "TODO 「大家怎么描述」「用他们自己的话」。"
confirm:                    # cheapest first: look, check, rerun
  - effort: look
    how:
      en: "TODO what to look at."
      zh: "TODO 看什么。"
    code:
      pytorch: |
        print(optimizer)
    results:
      - when:
          en: "TODO one outcome"
          zh: "TODO 一种结果"
        means:
          en: "TODO what it means."
          zh: "TODO 说明什么。"
        # fact: shuffle     # the question that this outcome answers, if it answers one (`lossclinic kb search shuffle`)
        # value: false
now: [stop_and_rollback]    # ids of fixes, most useful first (`lossclinic kb search --kind fixes ...`)
for_good: [monitor_alerts]
verify:
  en: "TODO what the curve does, after how many steps, when the fix has worked."
  zh: "TODO 治好之后多少步，曲线会怎样。"
prevent:
  en: "TODO how not to get it again."
  zh: "TODO 怎样不再犯。"
mistaken_for: []            # - {{id: other_cause, tell_apart: {{en: "...", zh: "..."}}}}
misconceptions: []          # - {{belief: {{en: , zh: }}, truth: {{en: , zh: }}, claims: [], reference: "paper or documentation"}}
expects:                    # always .97  usual .85  often .6  sometimes .35  seldom .15  rare .05  never .01
  # Symptoms: how often it is visible in the log of a run with this cause. Questions: how often the answer is yes; for a question
  # with several answers a word for each that is telling. Leave out what is as likely as in any troubled run.
  loss_plateau: sometimes
claims: []
references: []
examples: []                # - {{name: "...", symptoms: [loss_plateau], facts: {{shuffle: false}}, rank: 1}}
"""


def cause_skeleton(id: str, group: str) -> str:
    """The YAML of a cause `id` with everything still to be written."""
    return _SKELETON.format(id=id, group=group)
