"""Whole messages are understood: what they state, and nothing that they do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lossclinic.engine.understand import Heard

HERE = Path(__file__).parent
REPORTS: list[dict[str, Any]] = [
    {"kind": kind, **report} for kind, reports in yaml.safe_load((HERE / "reports.yaml").read_text("utf-8")).items() for report in reports
]
FORUM: list[dict[str, Any]] = [json.loads(line) for line in (HERE / "forum.jsonl").read_text("utf-8").splitlines()]
"""Posts as forums hold them, reworded, in both languages, with their symptoms and facts; the hard ones are left in."""

PRECISION, RECALL, FACTS, CONTRADICTED = 0.88, 0.86, 0.95, 8
"""What is held on `FORUM`: of the symptoms heard, so many are stated; of those stated, so many are heard; the same of facts."""


def same(heard: object, stated: object) -> bool:
    """Whether a value is the one stated, numbers by value."""
    if isinstance(heard, bool) or isinstance(stated, (bool, str)):
        return heard == stated
    return isinstance(heard, int | float) and isinstance(stated, int | float) and abs(heard - stated) <= 1e-9 * max(1.0, abs(stated))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["text"][:40])
def test_a_message_is_understood_to_the_letter(report: dict[str, Any], hear: Callable[[str], Heard]) -> None:
    """I am told just the symptoms that I wrote of, all the facts that I stated, and none that I only asked about or quoted."""
    heard = hear(report["text"])
    assert set(heard.symptoms) == set(report.get("symptoms", []))
    wrong = {fact: heard.facts.get(fact) for fact, value in report.get("facts", {}).items() if not same(heard.facts.get(fact, (None,))[0], value)}
    assert not wrong
    assert not heard.facts.keys() & set(report.get("silent", []))


def test_most_of_what_forums_say_is_understood(hear: Callable[[str], Heard]) -> None:
    """Even loosely worded posts are mostly understood, and what is heard is mostly right."""
    right = extra = missed = known = contradicted = lost = 0
    for post in FORUM:
        heard, stated = hear(post["text"]), set(post["symptoms"])
        right += len(stated & set(heard.symptoms))
        extra += len(set(heard.symptoms) - stated)
        missed += len(stated - set(heard.symptoms))
        for fact, value in post["facts"].items():
            found = heard.facts.get(fact)
            known += found is not None and same(found[0], value)
            contradicted += found is not None and not same(found[0], value)
            lost += found is None
    assert right / (right + extra) >= PRECISION
    assert right / (right + missed) >= RECALL
    assert known / (known + contradicted + lost) >= FACTS
    assert contradicted <= CONTRADICTED
