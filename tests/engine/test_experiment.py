"""What to try next, a second cause beside the first, and what calls for stopping the run at once."""

from __future__ import annotations

from typing import Any

import pytest
from lossclinic.engine.diagnosis import Experiment
from lossclinic.engine.one_call import diagnose_log
from lossclinic.engine.reason.explain import why
from lossclinic.engine.session import Session

SPIKE = "loss spikes at step 3000 and recovers; Adam; the gradient norm jumps at the same step"
TWO = "GPU overheats and throttles. loss is NaN from step 200, fp16 and the loss scale collapses to 1"
HARDWARE = {"gpu_overheat": True, "gpu_errors_logged": True}


def told(text: str, lang: str = "en", **facts: Any) -> Session:
    """A session that heard `text` and was told `facts`."""
    session = Session(lang="zh" if lang == "zh" else "en")
    session.hear(text)
    for fact, value in facts.items():
        session.tell(fact, value)
    return session


def test_the_experiment_separates_the_leaders() -> None:
    """The next check tells the leading causes apart: it has code, every outcome with its chance, and the cause that would then be first."""
    session = told(SPIKE)
    found = session.diagnosis().experiment
    assert found is not None
    assert found.fact is not None
    assert found.gain > 0.1
    assert len(found.separates) >= 2
    assert found.code
    assert sum(outcome.chance or 0.0 for outcome in found.outcomes) == pytest.approx(1.0)
    for outcome in found.outcomes:
        really = told(SPIKE, **{found.fact: outcome.value})
        assert really.diagnosis().causes[0].id == outcome.cause
        assert really.diagnosis().causes[0].probability == pytest.approx(outcome.probability)
    assert len({outcome.cause for outcome in found.outcomes}) > 1


def test_an_outcome_is_as_likely_as_the_answer_to_the_question() -> None:
    """An experiment and the question about the same fact do not promise different chances."""
    session = told(SPIKE)
    found = session.diagnosis().experiment
    assert found is not None
    assert found.fact is not None
    assert [outcome.chance for outcome in found.outcomes] == pytest.approx([answer.chance for answer in why(session, found.fact).answers])


def test_what_the_owner_did_not_know_may_be_found_out_by_trying() -> None:
    """A question that was answered with "I don't know" comes back as the experiment when it is the one that matters."""
    session = told(SPIKE)
    before = session.diagnosis().experiment
    while (fact := session.next_question()) is not None:
        session.answer(fact, None)
    assert session.stopped == "no_gain"
    assert session.diagnosis().experiment == before


def test_a_settled_case_is_confirmed() -> None:
    """When nothing separates the leaders any more, the experiment confirms the first cause, with what each result means."""
    session = told(SPIKE)
    for askable in session.mind.questions.askables:
        if session.memory.value(askable.fact) is None and session.mind.kb.fact(askable.fact).type == "bool" and not askable.only_if:
            session.tell(askable.fact, askable.fact == "bad_batch_found")
    found = session.diagnosis().experiment
    assert isinstance(found, Experiment)
    assert found.how
    assert found.outcomes
    assert all(outcome.label for outcome in found.outcomes)


def test_the_experiment_speaks_the_language_of_the_session() -> None:
    """The same check in both languages."""
    english, chinese = (told(SPIKE, lang).diagnosis().experiment for lang in ("en", "zh"))
    assert english is not None
    assert chinese is not None
    assert english.fact == chinese.fact
    assert english.how != chinese.how
    assert [o.cause for o in english.outcomes] == [o.cause for o in chinese.outcomes]


def test_a_second_cause_explains_what_the_first_leaves() -> None:
    """Failing hardware does not collapse the loss scale: mixed precision is named beside it, with the finding it explains."""
    found = told(TWO, **HARDWARE).diagnosis()
    assert found.causes[0].id == "hardware_fault"
    assert found.also is not None
    assert found.also.id == "mixed_precision"
    assert [e.id for e in found.also.explains] == ["loss_scale_collapse"]
    assert found.also.decibans > 9


def test_a_second_cause_does_not_touch_the_ranking() -> None:
    """`also` stands beside the ranked causes, whose probabilities still make 1 with something else."""
    found = told(TWO, **HARDWARE).diagnosis()
    assert sum(c.probability for c in found.causes) + found.something_else == pytest.approx(1.0)


def test_no_second_cause_where_one_explains_everything_or_none_is_established() -> None:
    """One fault, one cause; and nothing is said of a second while the first is a guess."""
    assert told("loss scale collapses to 1 and the loss is NaN, fp16").diagnosis().also is None
    assert told(SPIKE).diagnosis().also is None


@pytest.mark.parametrize(("lang", "words"), [("en", "GPU overheating"), ("zh", "GPU 过热")])
def test_red_flags_are_raised(lang: str, words: str) -> None:
    """A hot GPU that the user confirms is a reason to stop the run, said in the user's language."""
    flags = told("loss is noisy", lang, gpu_overheat=True).diagnosis().red_flags
    assert [f.id for f in flags] == ["gpu_overheat"]
    assert words in flags[0].text


def test_no_red_flag_without_reason() -> None:
    """A cool GPU and a spike that recovers stop no run."""
    assert told(SPIKE, gpu_overheat=False).diagnosis().red_flags == ()


def test_nan_to_the_end_is_a_red_flag(columns_of: Any) -> None:
    """A loss that became NaN and stays NaN wastes every further step."""
    columns = columns_of("surge")
    columns["train_loss"][-40:] = float("nan")
    from lossclinic.engine.observe.read import read

    assert "loss_nan_inf" in {f.id for f in diagnose_log(read(columns)).red_flags}


def test_a_likely_red_flag_is_marked_among_the_questions() -> None:
    """While the GPU may well be hot, the question about it comes first and says that it is urgent."""
    questions = told("random spikes at random times, ECC errors, every rerun crashes elsewhere").diagnosis().next_questions
    urgent = [q.urgent for q in questions]
    assert urgent == sorted(urgent, reverse=True)
