"""Explanations in the reports and on the command line: the same content in every format, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import log10
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from lossclinic.kb import load
from lossclinic.tui.answers import known_facts

Run = Callable[..., "CompletedProcess[str]"]
EXAMPLES = Path(__file__).parents[2] / "examples"
SPIKE = ("--say", "loss spikes at step 3000 and recovers; Adam; the gradient norm jumps at the same step")
ASKED = ("--explain", "bad_batch", "--why-not", "learning rate too high", "--what-if", "--what-if", "bad_batch_found=yes")
TOLD = {"en": ("came to", "and not", "What would change the verdict", "If it were so"), "zh": ("是怎么得出的", "不是“", "什么会改变结论", "假如")}


@pytest.mark.parametrize(("format", "lang"), [("text", "en"), ("text", "zh"), ("markdown", "zh"), ("html", "en")])
def test_explanations_stand_in_every_report(run: Run, format: str, lang: str) -> None:
    """How, why not, what if and a supposed answer, one after another, in each format and language."""
    done = run("diagnose", *SPIKE, *ASKED, "--lang", lang, "--format", format)
    assert done.returncode == 0, done.stderr
    text = done.stdout.replace("&quot;", '"')
    places = [text.find(piece) for piece in TOLD[lang]]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(("cause", "lang"), [("bad_batch", "en"), ("lr_too_high", "zh")])
def test_the_account_of_a_cause_adds_up(run: Run, cause: str, lang: str) -> None:
    """What is listed for and against a cause makes, with what is too weak to list, the sum that leads from its prior to its probability."""
    done = run("diagnose", *SPIKE, "--explain", cause, "--lang", lang, "--format", "json")
    told = json.loads(done.stdout)["explanations"][0]
    total = 10 * log10(told["cause"]["probability"] / (1 - told["cause"]["probability"])) - 10 * log10(told["prior"] / (1 - told["prior"]))
    assert sum(reason["decibans"] for reason in (*told["reasons_for"], *told["reasons_against"])) == pytest.approx(total, abs=1.0)
    done = run("diagnose", *SPIKE, "--explain", cause, "--lang", lang, COLUMNS="200")
    section = done.stdout[done.stdout.index("came to" if lang == "en" else "怎么得出的") :]
    listed = [float(number) for number in re.findall(r"^ *([+-][0-9.]+) dB ", section, re.M)]
    assert listed
    weaker = re.search(r"[(（]([+-][0-9.]+) dB[)）]", section)
    sum_ = re.search(r"(?:together|Together|合计) ([+-][0-9.]+) dB", section)
    assert sum_
    assert float(sum_[1]) == pytest.approx(total, abs=0.06)
    assert sum(listed) + (float(weaker[1]) if weaker else 0.0) == pytest.approx(total, abs=0.06 * (len(listed) + 2))


def test_what_decibans_mean_is_said_once(run: Run) -> None:
    """Two causes explained in one report share one legend."""
    done = run("diagnose", *SPIKE, "--explain", "bad_batch", "--explain", "lr_too_high", "--lang", "en", COLUMNS="200")
    assert done.stdout.count("ten times as likely") == 1


def test_why_not_promises_no_front_place_that_no_answer_gives(run: Run) -> None:
    """When no single answer would put the other cause first, the answers that help most are not announced as if they did."""
    asked = ("diagnose", "--say", "validation loss rises while training loss falls, AdamW", "--why-not", "hardware_fault", "--lang", "en")
    told = json.loads(run(*asked, "--format", "json").stdout)["explanations"][0]
    decisive = any(flip["first"]["id"] == "hardware_fault" for flip in (*told["open"], *told["otherwise"]))
    text = run(*asked, COLUMNS="200").stdout
    assert ("What would bring" in text) == decisive or not told["open"]
    assert ("No single answer would bring" in text) != decisive


def test_the_json_holds_the_whole_explanation(run: Run) -> None:
    """Each with its kind and all figures, one object on one line."""
    done = run("diagnose", *SPIKE, *ASKED, "--lang", "en", "--format", "json")
    explanations = json.loads(done.stdout)["explanations"]
    assert [e["kind"] for e in explanations] == ["how", "why_not", "what_if", "difference"]
    assert explanations[0]["cause"]["id"] == "bad_batch"
    assert explanations[1]["other"]["id"] == "lr_too_high"
    assert explanations[3]["first_after"]["probability"] > explanations[3]["first_before"]["probability"]


def test_a_misspelt_cause_is_pointed_out(run: Run) -> None:
    """With the nearest name, in one line, and exit status 2."""
    done = run("diagnose", *SPIKE, "--explain", "bad_bach")
    assert done.returncode == 2
    assert "did you mean bad_batch" in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_if_does_not_swallow_the_log(run: Run) -> None:
    """`--what-if run.csv` is a question about that log."""
    done = run("diagnose", "--lang", "en", "--what-if", str(EXAMPLES / "spike.tsv"))
    assert done.returncode == 0, done.stderr
    assert "What would change the verdict" in done.stdout


def test_an_answer_is_taken_back_at_the_prompt(run: Run) -> None:
    """After "back" the change is shown and the question is put again; the verdict stands at the end, with the reason for stopping."""
    done = run("diagnose", *SPIKE, "--lang", "en", "--ask", stdin="2\nback\n2\nq\n")
    assert done.returncode == 0, done.stderr
    assert "Taken back: your answer to" in done.stderr
    assert "What changed" in done.stderr
    assert done.stderr.count("Question 1: ") == 2
    assert "In short" in done.stdout[-700:]
    assert done.stdout.rstrip().endswith("You ended the questions.")


def test_there_may_be_nothing_to_take_back(run: Run) -> None:
    """Then it is said, and the same question is put again."""
    done = run("diagnose", *SPIKE, "--lang", "zh", "--ask", stdin="返回\nq\n")
    assert "没有可以收回的回答" in done.stderr


def test_red_flags_stand_at_the_top(run: Run) -> None:
    """Before anything else is said, the run is to be stopped; in every format."""
    for format in ("text", "html"):
        done = run("diagnose", "--say", "loss is noisy", "--know", "gpu_overheat=yes", "--lang", "en", "--format", format)
        assert 0 <= done.stdout.find("Stop the run now") < done.stdout.find("Likely causes")


def test_a_healthy_log_says_what_became_of_the_facts(run: Run) -> None:
    """What was told is taken in; a few checks of what a log cannot show are offered, and none is made without --ask."""
    log = str(EXAMPLES / "healthy_nanogpt.txt")
    done = run("diagnose", log, "--know", "lr=3e-4", "--lang", "en")
    assert "What you told us is taken in" in done.stdout
    assert "Nothing is asked" in done.stdout
    done = run("diagnose", log, "--ask", "--lang", "en", stdin="why\n\n\n\n")
    assert "this fault would not have to show in it" in done.stderr
    assert "Some faults leave no trace in a log" in done.stderr
    assert done.stderr.count("Question ") == 3
    assert "neither the log nor the checks" in done.stdout


def test_a_healthy_log_has_nothing_to_explain(run: Run) -> None:
    """That is said, rather than the wish passed over."""
    done = run("diagnose", str(EXAMPLES / "healthy_nanogpt.txt"), "--explain", "lr_too_high", "--lang", "en")
    assert done.returncode == 0
    assert done.stderr == "No causes are ranked for a log that looks healthy, so there is nothing to explain.\n"


def test_the_reason_for_stopping_is_said(run: Run, tmp_path: Path) -> None:
    """Sure, nothing gained, or the cap: in words, in both languages."""
    answers = tmp_path / "answers.yaml"
    answers.write_text("bad_batch_found: true\n")
    for lang, words in (("en", "No more questions: "), ("zh", "不再提问：")):
        done = run("diagnose", *SPIKE, "--answers", str(answers), "--max-questions", "1", "--lang", lang)
        assert words in done.stdout


@pytest.mark.parametrize("name", ["lr", "Learning Rate", "学习率", "learning-rate"])
def test_facts_have_the_names_people_use(name: str) -> None:
    """`--know lr=3e-4` needs no id."""
    assert known_facts([f"{name}=3e-4"], load(), "en") == {"learning_rate": 0.0003}
