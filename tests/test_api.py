"""The contract that outside programs use: `lossclinic.diagnose` and what it returns."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import lossclinic
import numpy as np
import pytest
from lossclinic import InputError, diagnose
from lossclinic.engine.diagnosis import Diagnosis

HOUSE = Path(lossclinic.__path__[0])
Columns = dict[str, Any]


def columns(kind: str) -> Columns:
    """Columns of a synthetic training log: healthy, spike, surge, nan, overfit."""
    n = 300
    x, rng = np.linspace(0, 1, n), np.random.default_rng(3)
    train = (0.2 + 2.1 * np.exp(-5 * x)) * np.exp(0.03 * rng.standard_normal(n))
    val = 1.05 * (0.2 + 2.1 * np.exp(-5 * x)) * np.exp(0.005 * rng.standard_normal(n))
    if kind == "spike":
        train[200:203] *= 6
    elif kind == "surge":
        train[200:] *= 8
        val[200:] *= 8
    elif kind == "nan":
        train[220:] = np.nan
    elif kind == "overfit":
        train, val = train - 0.19, 0.5 + np.abs(x - 0.4) * 2
    return {"step": 10 * np.arange(n), "train_loss": train, "val_loss": val}


SICK = ("spike", "surge", "nan", "overfit")


@pytest.fixture(params=SICK)
def sick(request: pytest.FixtureRequest) -> Columns:
    """A run in which something is wrong."""
    return columns(request.param)


def total(diagnosis: Diagnosis) -> float:
    """All probabilities together."""
    return sum(cause.probability for cause in diagnosis.causes) + diagnosis.something_else


# -------------------------------------------------------------------------------------------------------------------------------- input


def test_a_mapping_of_columns_is_diagnosed(sick: Columns) -> None:
    """Columns in memory are enough: symptoms, ranked causes and the next questions come back."""
    out = diagnose(sick, lang="en")
    assert not out.healthy
    assert out.symptoms
    assert [c.probability for c in out.causes] == sorted((c.probability for c in out.causes), reverse=True)
    assert total(out) == pytest.approx(1.0)
    assert out.next_questions
    assert out.asked == ()


@pytest.mark.parametrize("as_type", [list, tuple, np.asarray, lambda v: np.asarray(v, dtype=np.float64).astype(object)])
def test_columns_may_be_any_sequence_of_numbers(as_type: Callable[[Any], Any]) -> None:
    """Lists, tuples and arrays of the same numbers give the same diagnosis."""
    given = columns("surge")
    assert diagnose({name: as_type(v.tolist()) for name, v in given.items()}, lang="en") == diagnose(given, lang="en")


def test_a_file_is_diagnosed_like_the_same_numbers_in_memory(tmp_path: Path, sick: Columns) -> None:
    """A CSV, by path or by string, gives the symptoms and probabilities of its columns."""
    path = tmp_path / "metrics.csv"
    rows = zip(*(v.tolist() for v in sick.values()), strict=True)
    path.write_text("\n".join([",".join(sick), *(",".join(repr(v) for v in row) for row in rows)]), "utf-8")
    memory, by_path, by_name = diagnose(sick, lang="en"), diagnose(path, lang="en"), diagnose(str(path), lang="en")
    assert by_path == by_name
    assert by_path.symptoms == memory.symptoms
    assert by_path.causes == memory.causes
    assert by_path.log is not None
    assert by_path.log.source == str(path)


@pytest.mark.parametrize(("text", "lang"), [("My training loss became NaN", "en"), ("训练损失变成 NaN 了", "zh")])
def test_words_alone_are_diagnosed_in_their_language(text: str, lang: str) -> None:
    """A sentence is enough to begin with, and the answer is in the language of the sentence."""
    out = diagnose(text=text)
    assert out.lang == lang
    assert out.log is None
    assert "loss_nan_inf" in out.symptom_ids()
    assert out.symptoms[0].origin.kind == "text"
    assert total(out) == pytest.approx(1.0)
    assert not out.healthy


def test_facts_alone_are_diagnosed() -> None:
    """Known facts without a log or a word are ranked too, and come back with their origin."""
    out = diagnose(facts={"gpu_errors_logged": True, "learning_rate": "1e-3"}, lang="en")
    assert out.facts["gpu_errors_logged"].value is True
    assert out.facts["learning_rate"].value == 1e-3
    assert {out.facts[fact].origin.kind for fact in ("gpu_errors_logged", "learning_rate")} == {"told"}
    assert out.causes[0].id == "hardware_fault"
    assert total(out) == pytest.approx(1.0)


def test_facts_add_to_a_log(sick: Columns) -> None:
    """What is known beforehand changes the ranking of what the log shows."""
    assert diagnose(sick, facts={"gpu_errors_logged": True}).causes != diagnose(sick).causes


@pytest.mark.parametrize("nothing", [{}, {"text": ""}, {"facts": {}}, {"metrics": None, "text": "", "facts": {}}, {"answers": {"optimizer": "sgd"}}])
def test_nothing_is_refused(nothing: Mapping[str, Any]) -> None:
    """Without a log, words or facts there is one line saying what to give."""
    with pytest.raises(InputError, match=r"nothing to diagnose.*metrics log, words, or facts"):
        diagnose(**nothing)


@pytest.mark.parametrize(
    "metrics",
    [{}, {"step": [1, 2, 3]}, {"train_loss": []}, {"train_loss": [None, None]}, {"train_loss": "2.3, 2.2"}, {"train_loss": 2.3}, {"train_loss": [{}]},
     {"accuracy": [0.1, 0.2]}, {"train_loss": [[1, 2], [3, 4]]}],
)  # fmt: skip
def test_columns_that_are_no_training_log_are_refused(metrics: Any) -> None:
    """Columns without a loss, without numbers or of the wrong shape raise one line, never a traceback of something else."""
    with pytest.raises(InputError) as error:
        diagnose(metrics)
    assert str(error.value).count("\n") == 0
    assert str(error.value).startswith("(data)")


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    """A missing file is named in the error."""
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        diagnose(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("facts", "says"),
    [({"learning_rat": 1}, "'learning_rat'.*learning_rate"), ({"optimizer": "magic"}, "optimizer.*sgd.*'magic'|'magic'.*optimizer.*sgd"),
     ({"learning_rate": -3}, "learning_rate.*-3"), ({"gpu_overheat": "lukewarm"}, "gpu_overheat.*'lukewarm'")],
)  # fmt: skip
def test_an_unknown_fact_or_an_impossible_value_is_refused_by_name(facts: Columns, says: str) -> None:
    """The error names the fact, the value and what is possible."""
    with pytest.raises(InputError, match=says):
        diagnose(columns("surge"), facts=facts)


def test_an_impossible_answer_is_refused_by_name(sick: Columns) -> None:
    """A wrong answer to a question that is asked raises one line naming the fact and the value."""
    first = diagnose(sick, answers={}, max_questions=1).asked[0].fact
    with pytest.raises(InputError, match=f"{first}.*'lukewarm'"):
        diagnose(sick, answers={first: "lukewarm"}, max_questions=1)


# ---------------------------------------------------------------------------------------------------------------------------- interview


@pytest.mark.parametrize("cap", [0, 1, 3, 8])
def test_answers_are_consulted_only_for_the_questions_that_are_asked(sick: Columns, cap: int) -> None:
    """A callable is called once for each question, in order, and never more often than the cap."""
    called: list[str] = []

    def answer(fact: str) -> Any:
        called.append(fact)

    out = diagnose(sick, answers=answer, max_questions=cap)
    assert [a.fact for a in out.asked] == called
    assert len(called) == len(set(called)) <= cap
    assert all(a.answer is None for a in out.asked)
    assert out.causes == diagnose(sick).causes


def test_a_mapping_answers_like_a_callable(sick: Columns) -> None:
    """A mapping is asked by key; what it does not hold is "I don't know"."""
    known = {"bad_batch_found": True, "gpu_errors_logged": False, "checkpoint_verified": True, "optimizer": "adam", "reproduces_same_step": True}
    by_mapping = diagnose(sick, answers=known, max_questions=6, lang="en")
    assert by_mapping == diagnose(sick, answers=known.get, max_questions=6, lang="en")
    assert {a.fact: a.answer for a in by_mapping.asked} == {a.fact: known.get(a.fact) for a in by_mapping.asked}


def test_answers_that_are_never_asked_for_are_never_looked_at(sick: Columns) -> None:
    """Answers without questions change nothing, not even wrong ones."""
    assert diagnose(sick, answers={"no_such_fact": "?"}, max_questions=3) == diagnose(sick, answers={}, max_questions=3)
    assert diagnose(sick, answers={"bad_batch_found": True}, max_questions=0) == diagnose(sick, answers=None, max_questions=5) == diagnose(sick)


def test_an_answer_becomes_a_fact_and_its_question_is_not_asked_again(sick: Columns) -> None:
    """What was answered is believed as an answer and is not among the next questions."""
    first = diagnose(sick, answers=lambda _: None, max_questions=1).asked[0].fact
    value = {"bool": True, "number": 1.0}.get(_type_of(first))
    value = value if value is not None else _values_of(first)[0]
    out = diagnose(sick, answers={first: value}, max_questions=1)
    assert (out.asked[0].fact, out.asked[0].answer) == (first, value)
    assert (out.facts[first].value, out.facts[first].origin.kind) == (value, "answer")
    assert first not in {q.fact for q in out.next_questions}
    assert out.causes != diagnose(sick).causes


def _type_of(fact: str) -> str:
    from lossclinic.kb import load

    return load().fact(fact).type


def _values_of(fact: str) -> tuple[str, ...]:
    from lossclinic.kb import load

    return load().fact(fact).values


# ------------------------------------------------------------------------------------------------------------------------------- output


def test_a_healthy_run_has_no_causes() -> None:
    """A run in order comes back healthy: nothing alarming, no causes, and no more than three checks when questions are allowed."""
    for cap, asked in ((0, 0), (5, 3)):
        out = diagnose(columns("healthy"), answers={}, max_questions=cap)
        assert out.healthy
        assert not any(s.alarming for s in out.symptoms)
        assert (out.causes, len(out.asked), out.next_questions, out.something_else) == ((), asked, (), 1.0)


def test_words_of_trouble_make_a_healthy_log_a_case() -> None:
    """Someone who complains is taken seriously even if the log looks fine."""
    out = diagnose(columns("healthy"), text="loss spikes every now and then")
    assert not out.healthy
    assert out.causes


CONTRACT = {
    "": {"healthy", "symptoms", "causes", "facts", "asked", "next_questions"},
    "symptoms": {"id", "metric", "first_step", "last_step", "strength", "summary"},
    "causes": {"id", "probability", "evidence", "fixes"},
    "asked": {"fact", "answer"},
    "next_questions": {"fact", "gain"},
}
"""Fields that contract/api.md promises, per table."""


def test_every_promised_field_is_there(sick: Columns) -> None:
    """The JSON has each field of the contract, with the promised meaning and range."""
    out = diagnose(sick, answers={}, max_questions=2).model_dump(mode="json")
    assert set(out) >= CONTRACT[""]
    for table, fields in CONTRACT.items():
        if table:
            assert out[table], table
            assert all(set(row) >= fields for row in out[table]), table
    assert all(0.0 <= s["strength"] <= 1.0 for s in out["symptoms"])
    assert all(0.0 <= c["probability"] <= 1.0 for c in out["causes"])
    assert [q["gain"] >= 0 for q in out["next_questions"]] == [True] * len(out["next_questions"])
    assert all(set(fact) == {"value", "origin"} and fact["origin"]["kind"] for fact in out["facts"].values())
    assert all(e["origin"]["kind"] for c in out["causes"] for e in c["evidence"])
    assert any(e["decibans"] > 0 for e in out["causes"][0]["evidence"])
    assert out["causes"][0]["fixes"]


def test_ids_are_those_of_the_knowledge_base(sick: Columns) -> None:
    """Symptoms, causes, facts and fixes go by ids that can be looked up."""
    from lossclinic.kb import load

    kb, out = load(), diagnose(sick, answers={}, max_questions=3)
    assert set(out.symptom_ids()) <= set(kb.ids("symptoms"))
    assert {c.id for c in out.causes} == set(kb.ids("causes"))
    assert set(out.facts) | {a.fact for a in out.asked} | {q.fact for q in out.next_questions} <= set(kb.ids("facts"))
    assert {f.id for c in out.causes for f in c.fixes} <= set(kb.ids("fixes"))


def test_json_goes_there_and_back(sick: Columns) -> None:
    """The JSON is one line, plain, and read back it is the same diagnosis."""
    out = diagnose(sick, answers={"bad_batch_found": True}, max_questions=4)
    line = out.to_json()
    assert "\n" not in line
    assert Diagnosis.model_validate_json(line) == out
    assert json.loads(line) == out.to_dict() == out.model_dump(mode="json")
    assert json.dumps(json.loads(line), allow_nan=False)


WORDS = {"lang", "summary", "name", "text", "do", "ask", "reason", "check", "notes", "detail", "title", "separates", "how", "label", "means"}
"""Fields that are wording."""


def bare(data: Any) -> Any:
    """`data` without its wording."""
    if isinstance(data, dict):
        return {key: bare(value) for key, value in data.items() if key not in WORDS}
    return [bare(value) for value in data] if isinstance(data, list) else data


def said(data: Any) -> list[str]:
    """All of the wording in `data`."""
    if isinstance(data, dict):
        own = [value for key, value in data.items() if key in WORDS - {"lang", "detail"} and isinstance(value, str) and value]
        return own + [text for value in data.values() for text in said(value)]
    return [text for value in data for text in said(value)] if isinstance(data, list) else []


def test_language_changes_wording_only(sick: Columns) -> None:
    """In English and in Chinese ids, numbers, order and code are the same, and the sentences are in the language asked for."""
    english = diagnose(sick, answers={"bad_batch_found": True}, max_questions=3, lang="en").to_dict()
    chinese = diagnose(sick, answers={"bad_batch_found": True}, max_questions=3, lang="zh").to_dict()
    assert bare(english) == bare(chinese)
    assert (english["lang"], chinese["lang"]) == ("en", "zh")
    assert not any("\u4e00" <= c <= "\u9fff" for text in said(english) for c in text)
    sentences = [text for text in said(chinese) if len(text) > 30]
    assert sentences
    assert all(any("\u4e00" <= c <= "\u9fff" for c in text) for text in sentences)


def test_the_same_input_gives_the_same_output(sick: Columns) -> None:
    """Nothing is left to chance, and the caller's columns are left as they were."""
    copy = {name: v.copy() for name, v in sick.items()}
    one = diagnose(sick, text="loss went up", answers={"optimizer": "adam"}, max_questions=4, lang="en")
    two = diagnose(copy, text="loss went up", answers={"optimizer": "adam"}, max_questions=4, lang="en")
    assert one.to_json() == two.to_json()
    for name, values in copy.items():
        np.testing.assert_array_equal(values, sick[name])


# ------------------------------------------------------------------------------------------------------------------------------ package


def test_the_package_offers_what_the_readme_uses() -> None:
    """`import lossclinic` gives `diagnose`, the errors as one family, and the version of the package."""
    assert set(lossclinic.__all__) >= {"diagnose", "InputError", "KnowledgeError", "StoreError", "LossclinicError"}
    assert all(issubclass(getattr(lossclinic, name), lossclinic.LossclinicError) for name in ("InputError", "KnowledgeError", "StoreError"))
    assert lossclinic.__version__ == tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["version"]


EXAMPLES = sorted(path for path in (HOUSE / "examples").iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_diagnosed_as_their_names_say(path: Path) -> None:
    """Each log in examples/ is read, and what its name promises is what is found."""
    out = diagnose(path, lang="en")
    promised = {"healthy": None, "diverging": "loss_divergence", "nan": "loss_nan_inf", "overfitting": "overfitting_gap", "spike": "loss_spike",
                "surge": "loss_surge"}[path.name.replace(".", "_").split("_")[0]]  # fmt: skip
    assert out.healthy is (promised is None)
    assert promised is None or promised in out.symptom_ids()
