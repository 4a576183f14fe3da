"""Every fault that an author can make is caught, at the place where it was made."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from lossclinic.kb.base import ROOT
from lossclinic.kb.lint import Finding, Vocabulary, lint
from lossclinic.kb.lint.taxonomy import FactKind
from lossclinic.messages import catalogue

SMALL = Path(__file__).with_name("small_base")

CONTRACT = Vocabulary(
    causes={"hot_rate": "learning_rate", "cold_rate": "learning_rate"},
    symptoms={"swings": ("train_loss",), "crawls": ("train_loss",)},
    facts={"cooler_helps": FactKind("bool", (), "rerun")},
    metrics=frozenset({"train_loss"}),
)


class Fault(NamedTuple):
    """`old` is replaced by `new` in `file`; the rule must fire on the line that holds `where` (default: what is new)."""

    rule: str
    file: str
    old: str
    new: str
    where: str = ""
    wording: str = ""


HOT, COLD, SWINGS = "causes/hot_rate.yaml", "causes/cold_rate.yaml", "symptoms/swings.yaml"

RULE = """
extra:
  if: {%s}
  then: {%s}
  because: {en: "So it is.", zh: "就是这样。"}
  examples:
    - {given: {%s}, fires: true}
    - {given: {swings: false}, fires: false}
"""


def extra_rule(rule: str, when: str, then: str, *, where: str = "extra:", given: str = "swings: true", wording: str = "") -> Fault:
    """A fault that is a rule of its own, at the end of the rules."""
    last = "    - {given: {swings: true, cooler_helps: false}, fires: false}\n"
    return Fault(rule, "rules.yaml", last, last + RULE % (when, then, given), where, wording)


FAULTS = [
    # reading and schema
    Fault("unreadable", HOT, "group: learning_rate", "group: [learning_rate", "name: {en: \"rate too hot\""),
    Fault("doubled-key", HOT, "frequency: common", "frequency: common\nfrequency: exotic", "frequency: exotic"),
    Fault("doubled-id", "facts.yaml", "", "", "cooler_helps:"),
    Fault("file-name", HOT, "id: hot_rate\ngroup", "id: hotter_rate\ngroup", "id: hotter_rate"),
    Fault("language-missing", HOT, 'mechanism: {en: "Steps of 0.25 overshoot.", zh: "步长 0.25 会迈过头。"}',
        'mechanism: {en: "Steps of 0.25 overshoot."}'),
    Fault("language-missing", HOT, 'zh: "不再摆动。"', 'zh: ""'),
    Fault("schema", HOT, "frequency: common\n", "", "id: hot_rate", "missing"),
    Fault("schema", HOT, "frequency: common", "frequency: common\nfrequent: true", "frequent: true", "unknown"),
    Fault("schema", HOT, "frequency: common", "frequency: daily", "frequency: daily", "one_of"),
    Fault("schema", HOT, "swings: usual", "swings: frequently", "swings: frequently", "one_of"),
    Fault("schema", HOT, "rate_kind: {high: often, low: rare}", "rate_kind: {high: oft, low: rare}", "high: oft", "one_of"),
    Fault("schema", "facts.yaml", "minutes: 30", "minutes: soon", "minutes: soon", "other"),
    # references
    Fault("unknown-id", HOT, "now: [cool_down]", "now: [cool_it]", "cool_it"),
    Fault("unknown-id", HOT, "id: cold_rate", "id: colder_rate", "colder_rate"),
    Fault("unknown-id", HOT, "  swings: usual", "  swings: usual\n  swinging: often", "swinging: often"),
    Fault("unknown-id", HOT, "symptoms: [swings]", "symptoms: [swing]", "[swing]"),
    Fault("unknown-id", HOT, "facts: {cooler_helps: true}", "facts: {cool_helps: true}", "cool_helps"),
    Fault("unknown-id", HOT, "claims: [T-001]", "claims: [T-009]", "T-009"),
    Fault("unknown-id", HOT, "fact: cooler_helps, value: true}\n  - effort: check", "fact: cooler, value: true}\n  - effort: check",
        "fact: cooler,"),
    Fault("unknown-id", SWINGS, "usual_causes: [hot_rate]", "usual_causes: [hot_rate, warm_rate]", "warm_rate"),
    Fault("unknown-id", SWINGS, "seen_in: [train_loss]", "seen_in: [train_loss, lose]", "lose]"),
    Fault("unknown-id", "playbooks/first_minutes.yaml", "cause: [hot_rate]", "cause: [hot]", "[hot]"),
    Fault("unknown-id", "rules.yaml", "support: {hot_rate: moderate}", "support: {heat: moderate}", "heat: moderate"),
    Fault("unknown-id", "rules.yaml", "if: {swings: true, cooler_helps: true}", "if: {swing: true, cooler_helps: true}",
        "{swing: true, cooler_helps"),
    Fault("impossible-value", HOT, "rate_kind: {high: often, low: rare}", "rate_kind: {huge: often, low: rare}", "huge: often"),
    Fault("impossible-value", HOT, "facts: {cooler_helps: true}", "facts: {rate_kind: huge}", "huge"),
    Fault("impossible-value", HOT, "facts: {cooler_helps: true}", "facts: {learning_rate: 1000}", "1000"),
    Fault("impossible-value", COLD, "fact: rate_kind, value: low", "fact: rate_kind, value: small", "value: small"),
    Fault("impossible-value", "rules.yaml", "conclude: {rate_kind: low}", "conclude: {rate_kind: lower}", "lower"),
    Fault("value-missing", COLD, "fact: rate_kind, value: low}", "fact: rate_kind}"),
    Fault("points-to-itself", HOT, "id: cold_rate", "id: hot_rate", "- {id: hot_rate"),
    Fault("likelihood-shape", HOT, "  swings: usual", "  swings: {high: usual}", "swings: {", "word"),
    Fault("likelihood-shape", HOT, "rate_kind: {high: often, low: rare}", "rate_kind: often", "rate_kind: often", "mapping"),
    Fault("likelihood-shape", HOT, "  swings: usual", "  swings: usual\n  learning_rate: often", "learning_rate: often", "number"),
    Fault("reads-as-nothing", "facts.yaml", "reads_as: rate_kind", "reads_as: cooler_helps"),
    # completeness
    Fault("section-missing", HOT, "mistaken_for:\n  - {id: cold_rate, tell_apart: {en: \"Too cold is smooth.\", zh: \"太小的曲线很平。\"}}\n",
        "", "id: hot_rate"),
    Fault("section-missing", HOT, "zh: [太大]", "zh: []", "aliases:"),
    Fault("section-missing", HOT, '    reference: "A paper"\n', "", "belief:"),
    Fault("section-missing", "facts.yaml", '    "false": {en: "No", zh: "没用"}\n', "", "labels:"),
    Fault("dear-before-cheap", HOT, "- effort: look", "- effort: rerun", "- effort: check"),
    Fault("fix-unused", COLD, "warm_up", "cool_down", "warm_up:"),
    # prose
    Fault("unfinished", HOT, "Not always.", "TODO say why"),
    Fault("folded", HOT, "未必。", "未 必。"),
    Fault("half-width", HOT, "未必。", "未必(看情况)。"),
    Fault("wrong-language", HOT, "Not always.", "Not 总是.", wording="en"),
    Fault("wrong-language", HOT, 'zh: "未必。"', 'zh: "by no means in every case"', wording="zh"),
    Fault("placeholder-missing", HOT, "Not always.", "Not {always}."),
    Fault("figure-differs", HOT, "步长 0.25 会", "步长 0.35 会"),
    Fault("avoided-word", HOT, "学习率太大。", "学习速率太大。"),
    Fault("avoided-word", HOT, "The learning rate is too large.", "The step pace is too large."),
    # rules
    extra_rule("never-fires", "swings: true, learning_rate: {gt: 5, lt: 1}", "support: {hot_rate: weak}",
        where="if: {swings: true, learning_rate"),
    extra_rule("never-fires", "learning_rate: {gt: 500}", "support: {hot_rate: weak}", where="gt: 500"),
    extra_rule("subsumed", "swings: true, cooler_helps: true, rate_kind: high", "support: {hot_rate: weak}"),
    extra_rule("contradicts", "swings: true, cooler_helps: true, rate_kind: high", "oppose: {hot_rate: weak}",
        where="then: {oppose: {hot_rate: weak}}"),
    extra_rule("contradicts", "swings: true", "support: {hot_rate: weak}, exclude: [hot_rate]", where="exclude: [hot_rate]",
        wording="itself"),
    extra_rule("contradicts", "learning_rate: {gt: 2}, swings: true", "conclude: {rate_kind: low}",
        where="then: {conclude: {rate_kind: low}}", wording="value"),
    extra_rule("circle", "rate_kind: high", "conclude: {rate_kind: high}", where="then: {conclude: {rate_kind: high}}"),
    extra_rule("leads-nowhere", "swings: true", "", where="then: {}", wording="empty"),
    Fault("leads-nowhere", "rules.yaml", "then: {conclude: {rate_kind: low}}", "then: {conclude: {spare: true}}", "spare: true", "unused"),
    Fault("example-fails", "rules.yaml", "cooler_helps: false}, fires: false}", "cooler_helps: false}, fires: true}", wording="stays"),
    Fault("example-fails", "rules.yaml", "{swings: true, cooler_helps: true}, fires: true}",
        "{swings: true, cooler_helps: true}, fires: false}", wording="fires"),
    Fault("example-missing", "rules.yaml", "    - {given: {swings: true, cooler_helps: false}, fires: false}\n", "", "examples:", "stays"),
    Fault("example-missing", "rules.yaml", "    - {given: {swings: true, cooler_helps: true}, fires: true}\n", "", "examples:", "fires"),
    # evidence
    Fault("unconfirmable", HOT, "  swings: usual\n  cooler_helps: usual\n  rate_kind: {high: often, low: rare}", "  swings: sometimes",
        "expects:"),
    Fault("inseparable", COLD, "  crawls: usual\n  swings: never\n  cooler_helps: never\n  rate_kind: {high: rare, low: usual}",
        "  swings: usual\n  cooler_helps: usual\n  rate_kind: {high: often, low: rare}", "expects:"),
    Fault("changes-nothing", "facts.yaml", "rate_kind:\n  type: enum", "spare:\n  type: enum", "spare:", "fact"),
    Fault("changes-nothing", COLD, "  crawls: usual\n", "", "symptoms/crawls.yaml", "symptom"),
    Fault("backfires", HOT, "  cooler_helps: usual", "  crawls: rare\n  cooler_helps: usual", "crawls: rare"),
    Fault("usual-yet-unexpected", SWINGS, "usual_causes: [hot_rate]", "usual_causes: [hot_rate, cold_rate]"),
    # code, claims, contract
    Fault("snippet-broken", HOT, "        print(rate)\n", "        print(rate\n", "print(rate"),
    Fault("snippet-broken", "playbooks/first_minutes.yaml", "grep lr train.log | tail", "grep lr train.log | (", "grep"),
    Fault("snippet-import", HOT, "        print(rate)\n", "        print(math.log(rate))\n", "print(math.log(rate))"),
    Fault("claim-uncited", "claims.yaml", 'T-001: {gist: "hot rates swing"}', 'T-001: {gist: "hot rates swing"}\nT-003: {gist: "new"}',
        "T-003"),
    Fault("claim-uncorrected", "claims.yaml", 'T-001: {gist: "hot rates swing"}', 'T-001: {gist: "hot rates swing", disputed: true}'),
    Fault("contract-id-missing", "facts.yaml", "cooler_helps:\n  type", "cools:\n  type", "facts"),
    Fault("contract-differs", HOT, "group: learning_rate", "group: optimizer"),
    Fault("contract-differs", "facts.yaml", "effort: rerun", "effort: look"),
]  # fmt: skip


def planted(fault: Fault, folder: Path) -> list[Finding]:
    """What the lint finds in a copy of the small base with one fault in it."""
    root = folder / "base"
    shutil.copytree(SMALL, root)
    path = root / fault.file
    text = path.read_text("utf-8")
    if fault.rule == "doubled-id":
        (root / "facts").mkdir()
        path = root / "facts" / "again.yaml"
        path.write_text(text.partition("learning_rate:")[0], encoding="utf-8")
    elif fault.rule == "backfires":
        crawls = root / "symptoms" / "crawls.yaml"
        crawls.write_text(crawls.read_text("utf-8").replace("base: seldom", "base: never"), encoding="utf-8")
    elif fault.rule == "inseparable":
        rules = root / "rules.yaml"
        rules.write_text(rules.read_text("utf-8").replace(", oppose: {cold_rate: moderate}", ""), encoding="utf-8")
    if fault.old:
        assert fault.old in text
        path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return lint(root, CONTRACT)


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.rule}-{at}" for at, fault in enumerate(FAULTS)])
def test_a_fault_is_caught_where_it_was_made(fault: Fault, tmp_path: Path) -> None:
    """I plant one fault of this kind, and the lint names the rule, the file and the line."""
    found = [finding for finding in planted(fault, tmp_path) if finding.rule == fault.rule and fault.wording in ("", finding.wording)]
    assert found, "not caught"
    if fault.rule == "contract-id-missing":
        return
    places = [(finding.path, finding.path.read_text("utf-8").splitlines()[finding.line - 1], finding.column) for finding in found]
    wanted = fault.where or fault.new
    assert any(wanted in line or wanted in path.as_posix() for path, line, _ in places), places
    assert all(0 < column <= len(line) + 1 for _, line, column in places)


@pytest.mark.parametrize("fault", FAULTS[:1] + FAULTS[12:14] + FAULTS[40:42])
def test_a_finding_reads_in_both_languages(fault: Fault, tmp_path: Path) -> None:
    """I read a finding in English or in Chinese, and both name the same things."""
    for finding in planted(fault, tmp_path):
        english, chinese = finding.message("en"), finding.message("zh")
        assert english != chinese
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
        assert "{" not in english + chinese


def test_every_rule_has_a_planted_fault() -> None:
    """Nobody adds a rule without a fault that proves it; running code is proved where PyTorch is."""
    rules = {id.split(".")[1] for id in catalogue("kb") if id.startswith("lint.")} - {"near", "snippet-fails"}
    assert rules == {fault.rule for fault in FAULTS}


def test_a_sound_base_has_nothing_to_mend() -> None:
    """The small base without a fault is clean, so what the other tests see is the fault and nothing else."""
    assert lint(SMALL, CONTRACT) == []


def test_our_own_base_has_nothing_to_mend() -> None:
    """The knowledge that ships is clean, snippets included."""
    assert [f"{f.path}:{f.line}:{f.column}: {f.message('en')}" for f in lint(ROOT)] == []


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_a_snippet_that_does_not_run_is_caught(tmp_path: Path) -> None:
    """Where PyTorch is installed, a call that does not exist is found on its line."""
    root = tmp_path / "base"
    shutil.copytree(SMALL, root)
    path = root / HOT
    path.write_text(path.read_text("utf-8").replace("print(rate)", "torch.no_such_thing(rate)"), encoding="utf-8")
    found = [finding for finding in lint(root, CONTRACT, run_snippets=True) if finding.rule == "snippet-fails"]
    assert [path.read_text("utf-8").splitlines()[finding.line - 1].strip() for finding in found] == ["torch.no_such_thing(rate)"]
