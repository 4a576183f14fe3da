"""The arguments: what may be written how."""

from __future__ import annotations

import pytest
from lossclinic.errors import InputError
from lossclinic.kb import load
from lossclinic.tui.answers import known_facts, value_of
from lossclinic.tui.language import asked_for, choose
from lossclinic.tui.options import DEFAULT_QUESTIONS, parse

NOWHERE: dict[str, str] = {}


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.csv", "b.csv"],
        ["--metrics", "a.csv", "b.csv"],
        ["--metrics", "a.csv", "--metrics", "b.csv"],
        ["--metrics=a.csv", "b.csv"],
        ["--", "a.csv", "b.csv"],
        ["--lang", "en", "a.csv", "--plain", "b.csv"],
    ],
)
def test_logs_may_stand_anywhere(arguments: list[str]) -> None:
    """With --metrics or without, before or after other options."""
    assert parse(arguments, NOWHERE).metrics == ("a.csv", "b.csv")


def test_a_log_whose_name_begins_with_a_dash() -> None:
    """Everything after -- is a file."""
    assert parse(["--", "--lang"], NOWHERE).metrics == ("--lang",)


def test_questions_are_asked_only_when_someone_can_answer() -> None:
    """None by default, a handful with --ask or --answers, and as many as one says."""
    assert parse(["a.csv"], NOWHERE).max_questions == 0
    assert parse(["a.csv", "--ask"], NOWHERE).max_questions == DEFAULT_QUESTIONS
    assert parse(["a.csv", "--answers", "a.yaml"], NOWHERE).max_questions == DEFAULT_QUESTIONS
    assert parse(["a.csv", "--answers", "a.yaml", "--max-questions", "2"], NOWHERE).max_questions == 2


def test_what_was_said_may_come_in_pieces() -> None:
    """--say twice is one description."""
    assert parse(["--say", "loss is nan", "--say", "with fp16"], NOWHERE).say == "loss is nan\nwith fp16"
    assert parse(["a.csv", "--say", " "], NOWHERE).say is None


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
    ],
)
def test_the_locale_decides_when_nobody_said(environ: dict[str, str], lang: str) -> None:
    """LC_ALL over LC_MESSAGES over LANG."""
    assert choose(None, None, environ) == lang


def test_one_chinese_character_makes_a_description_chinese() -> None:
    """ "loss 变成 nan 了" is Chinese; numbers alone say nothing."""
    assert choose(None, "loss 变成 nan 了", NOWHERE) == "zh"
    assert choose(None, "3e-4", {"LANG": "zh_CN"}) == "zh"


def test_errors_about_the_arguments_are_in_the_language_of_the_arguments() -> None:
    """--lang counts even when the rest cannot be understood."""
    assert asked_for(["--lang", "zh", "--nonsense"], NOWHERE) == "zh"
    assert asked_for(["--lang=zh"], NOWHERE) == "zh"
    assert asked_for(["--say", "损失"], NOWHERE) == "zh"
    with pytest.raises(InputError, match="未知选项"):
        parse(["--lang", "zh", "--nonsense"], NOWHERE)


@pytest.mark.parametrize(
    ("pair", "fact", "value"),
    [
        ("optimizer=adam", "optimizer", "adam"),
        ("optimizer=Adam", "optimizer", "adam"),
        ("学习率=3e-4", "learning_rate", 0.0003),
        ("learning_rate＝１ｅ－３", "learning_rate", 0.001),
        ("shuffle=no", "shuffle", False),
        ("shuffle=是", "shuffle", True),
        ("mixed_precision=none", "mixed_precision", "none"),
    ],
)
def test_facts_may_be_named_and_valued_as_people_write_them(pair: str, fact: str, value: object) -> None:
    """By id or by name, in either language, with full-width characters from a Chinese keyboard."""
    assert known_facts([pair], load(), "en") == {fact: value}


def test_every_label_of_every_fact_is_understood() -> None:
    """What the report shows as an answer can be given as an answer."""
    kb = load()
    for fact in kb.facts:
        entry = kb.fact(fact)
        for value, label in entry.labels.items():
            expected = {"true": True, "false": False}.get(value, value) if entry.type == "bool" else value
            assert value_of(fact, label.en, kb, "en") == value_of(fact, label.zh, kb, "zh") == expected


def test_an_unknown_value_is_no_fact() -> None:
    """`--know shuffle=unknown` is allowed and says nothing."""
    assert known_facts(["shuffle=unknown"], load(), "en") == {}
