"""Records: pydantic models for whoever looks from outside, plain objects inside."""

from __future__ import annotations

import copy
import pickle

import lossclinic
import pytest
from lossclinic.engine.diagnosis import Answer, Diagnosis, Origin, TrustedFact
from lossclinic.kb.model import Misconception, Text
from lossclinic.kb.record import published
from pydantic import BaseModel, ValidationError


@pytest.fixture(scope="module")
def told() -> Diagnosis:
    """What the clinic says to a fact."""
    return lossclinic.diagnose(facts={"grad_clipping": False}, lang="en")


def test_a_diagnosis_is_a_pydantic_model_throughout(told: Diagnosis) -> None:
    """I get models from `diagnose`, down to the last origin, and can use pydantic's methods on each."""
    assert isinstance(told, Diagnosis)
    assert isinstance(told, BaseModel)
    assert isinstance(told.causes[0], BaseModel)
    assert isinstance(told.facts["grad_clipping"].origin, Origin)
    assert told.causes[0].model_dump()["id"] == told.causes[0].id
    assert "causes" in type(told).model_json_schema()["properties"]


def test_a_diagnosis_can_be_sent_to_another_process_and_copied(told: Diagnosis) -> None:
    """I diagnose many logs in a pool of processes, and the answers come back as they were."""
    assert pickle.loads(pickle.dumps(told)) == told  # noqa: S301 - its own
    assert copy.deepcopy(told) == told
    assert Diagnosis.model_validate_json(told.to_json()) == told


def test_nothing_in_a_record_can_be_changed(told: Diagnosis) -> None:
    """A finding stays what it was, whoever holds it."""
    with pytest.raises(ValidationError):
        told.healthy = True
    with pytest.raises(AttributeError):
        Origin(kind="told").kind = "text"


def test_a_field_that_is_missing_or_unknown_is_named() -> None:
    """A slip in the program is found where it is made."""
    with pytest.raises(TypeError, match="answer"):
        Answer(fact="grad_clipping")  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="reply"):
        Answer(fact="grad_clipping", answer=None, reply=1)  # pyright: ignore[reportCallIssue]


def test_a_record_equals_its_model() -> None:
    """It makes no difference which of the two I compare."""
    record = TrustedFact(value=True, origin=Origin(kind="answer"))
    model = published(record)
    assert record == model
    assert model == record
    assert isinstance(model, TrustedFact)
    assert record != TrustedFact(value=False, origin=Origin(kind="answer"))
    assert record.model_copy(update={"value": False}).value is False
    assert record.value is True


def test_what_people_wrote_is_checked() -> None:
    """An entry without its Chinese, or with a key that nobody knows, is refused."""
    right = Misconception.model_validate({"belief": {"en": "a", "zh": "b"}, "truth": {"en": "c", "zh": "d"}})
    assert isinstance(right.belief, Text)
    assert right.belief.pick("zh") == "b"
    assert right.claims == ()
    for wrong in ({"en": "a"}, {"en": "a", "zh": ""}, {"en": "a", "zh": "b", "fr": "c"}):
        with pytest.raises(ValidationError):
            Text.model_validate(wrong)
