"""What reports in words are judged by: what was counted in reports, with the runs beside them, and what a casebook taught."""

from __future__ import annotations

import pytest
from lossclinic.kb import load
from lossclinic.kb.base import ROOT
from lossclinic.kb.likelihood import RUNS_IN_WORDS, carried_over, in_words
from lossclinic.kb.model import Fitted

RUNS = Fitted(provenance="", temperature=1.1, cases={"a": 4.0}, counts={"a": {"nan": {"true": 2.0, "false": 8.0}}})
REPORTS = Fitted(provenance="", temperature=1.4, cases={"a": 1.0, "b": 2.0}, counts={"a": {"nan": {"true": 3.0}}, "b": {"jump": {"true": 2.0}}})


def test_reports_count_in_full_and_runs_a_little() -> None:
    """A report is a case of what people tell; a run counts beside it by a fixed share, and the confidence is that of reports."""
    told = in_words(RUNS, REPORTS)
    assert told is not None
    assert told.cases == pytest.approx({"a": 1.0 + 4.0 * RUNS_IN_WORDS, "b": 2.0})
    assert told.counts["a"]["nan"] == pytest.approx({"true": 3.0 + 2.0 * RUNS_IN_WORDS, "false": 8.0 * RUNS_IN_WORDS})
    assert told.counts["b"] == {"jump": {"true": 2.0}}
    assert told.temperature == 1.4


def test_without_counted_reports_words_are_judged_like_logs() -> None:
    """A knowledge base that has no reports uses what it has."""
    assert in_words(RUNS, None) is RUNS
    assert in_words(None, REPORTS) is None


def test_logs_and_words_speak_of_the_same_causes_and_findings() -> None:
    """What is learnt on one can be carried over to the other."""
    kb = load(ROOT)
    for part in ("causes", "findings", "values", "kinds", "groups"):
        assert kb.tables[part] == kb.told[part], part
    assert kb.tables["prior"] != kb.told["prior"]


def test_what_a_casebook_taught_holds_for_words_too() -> None:
    """What makes a cause likelier, and a finding more usual with it, does so in both; what it did not touch stays."""
    kb = load(ROOT)
    at = kb.tables["findings"].index("loss_nan_inf")
    taught = {**kb.tables, "prior": [p * (3.0 if i == 0 else 1.0) for i, p in enumerate(kb.tables["prior"])], "given": [*kb.tables["given"]]}
    taught["given"][at] = [[0.9 if i == 0 else p for i, p in enumerate(row)] if v == 0 else row for v, row in enumerate(kb.tables["given"][at])]
    carried = carried_over(kb.tables, taught, kb.told)  # pyright: ignore[reportArgumentType]
    assert sum(carried["prior"]) == pytest.approx(1.0)
    assert carried["prior"][0] > 2.0 * kb.told["prior"][0]
    assert carried["given"][at][0][0] > kb.told["given"][at][0][0]
    assert carried["given"][at][0][1] == pytest.approx(kb.told["given"][at][0][1])
    assert carried["given"][at - 1][0] == pytest.approx(kb.told["given"][at - 1][0])
