"""Findings in words: every sentence exists in both languages, is used, and can be filled."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import lossclinic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lossclinic.engine import report, wording
from lossclinic.engine.wording import choose_language, number
from lossclinic.messages import catalogue

MESSAGES = catalogue("observe")
DETECTORS = Path(lossclinic.__path__[0]) / "engine" / "observe" / "detect"
WORDING = re.compile(r"axis\.|^(skip\.|metric\.)|^(heard|not_seen|fact_is|denied)$")


def placeholders(text: str) -> set[str]:
    """Names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("id", MESSAGES)
def test_every_sentence_has_the_same_numbers_in_both_languages(id: str) -> None:
    """Neither language leaves out a number that the other one gives."""
    english, chinese = MESSAGES[id]
    assert english.strip()
    assert chinese.strip()
    assert placeholders(english) == placeholders(chinese)


def test_every_sentence_that_a_detector_says_exists_and_every_one_that_exists_is_said() -> None:
    """No detector names a sentence that is missing, and no sentence waits in vain."""
    source = "\n".join(path.read_text("utf-8") for path in DETECTORS.glob("*.py"))
    literals = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)?)"', source))
    findings = {id for id in MESSAGES if not WORDING.match(id)}
    for module in (wording, report):
        literals |= set(re.findall(r'"observe\.([a-z_.]+)"', Path(module.__file__).read_text("utf-8")))
    assert findings - literals == set()
    families = {id.partition(".")[0] for id in MESSAGES if "." in id}
    spoken = {word for word in literals if "." in word and word.partition(".")[0] in families}
    assert spoken - set(MESSAGES) == set()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"), (12.0, "12"), (50000.0, "50000"), (0.12345, "0.123"), (123.45, "123"), (3e-4, "0.0003"), (2.5e-5, "2.5e-5"), (1e8, "1e8"),
        (-4.0, "-4"), (float("inf"), "inf"), (float("nan"), "nan"),
    ],
)  # fmt: skip
def test_numbers_read_as_a_person_would_write_them(value: float, said: str) -> None:
    """Whole numbers stay whole, others are short, extremes are scientific."""
    assert number(value).replace(".00e", "e").replace("0e-5", "e-5") == said


@given(st.floats(-1e300, 1e300))
def test_a_number_in_words_is_still_that_number(value: float) -> None:
    """What is said is within half a per cent of what was measured, for any number, in at most twelve characters."""
    assert float(number(value)) == pytest.approx(value, rel=0.0051, abs=1e-320)
    assert len(number(value)) <= 12


@pytest.mark.parametrize(
    ("lang", "text", "locale", "chosen"),
    [
        ("zh", "loss is NaN", "en_US.UTF-8", "zh"), ("en", "损失变成 NaN", "zh_CN.UTF-8", "en"), (None, "损失变成 NaN", "en_US.UTF-8", "zh"),
        (None, "loss is NaN", "zh_CN.UTF-8", "en"), (None, None, "zh_CN.UTF-8", "zh"), (None, None, "C", "en"), (None, "", "zh_TW", "zh"),
        ("fr", "loss", "zh_CN", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_asked_for_then_that_of_the_text_then_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, lang: str | None, text: str | None, locale: str, chosen: str
) -> None:
    """People are answered in the language they chose, or else the one they wrote in, or else that of their machine."""
    monkeypatch.setenv("LC_ALL", locale)
    assert choose_language(lang, text) == chosen
