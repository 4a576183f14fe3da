"""A consultation is its events: written down line by line, they lead to the same place again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lossclinic.engine.events import Began, Event, HeardText, LogRead, Record, header_line, parse, to_line
from lossclinic.engine.observe.read import read
from lossclinic.engine.session import Session
from lossclinic.errors import InputError

EXAMPLES = sorted(path for path in (Path(__file__).parents[2] / "examples").iterdir() if path.suffix != ".md")


def written(session: Session) -> list[bytes]:
    """The record of a session, as it stands in its file."""
    return [header_line().encode(), *(to_line(event).encode() for event in session.events)]


def again(session: Session) -> Session:
    """The session that its record leads to."""
    record = parse(written(session), "a.jsonl")
    assert not record.torn
    return Session.resumed(record.events, log=session.log)


WORDS = ["loss 变 nan 了, lr=3e-4, fp16", "spikes after resuming", "没开梯度裁剪", "hello", "overfitting, bs 8"]
ANSWERS = [("grad_clipping", False), ("bad_batch_found", True), ("learning_rate", 0.5), ("optimizer", None)]
DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.sampled_from(WORDS)),
        st.tuples(st.just("answer"), st.sampled_from(ANSWERS)),
        st.tuples(st.just("tell"), st.sampled_from([("optimizer", "adam"), ("learning_rate", 1e-3)])),
        st.tuples(st.just("take_back"), st.sampled_from(["grad_clipping", "learning_rate", "loss_spike", "optimizer"])),
        st.tuples(st.just("remove_chip"), st.sampled_from(["loss_nan_inf", "learning_rate", "loss_spike"])),
        st.tuples(st.just("ask"), st.sampled_from(["optimizer", "bad_batch_found"])),
        st.tuples(st.just("switch_language"), st.sampled_from(["en", "zh"])),
        st.tuples(st.just("file"), st.just("LC-2026-0001")),
        st.tuples(st.just("read"), st.sampled_from(EXAMPLES)),
    ),
    max_size=12,
)


def do(session: Session, doings: list[tuple[str, Any]]) -> None:
    """One thing after the other."""
    for deed, what in doings:
        if deed == "read":
            session.read(read(what), path=str(what))
        else:
            getattr(session, deed)(*what if isinstance(what, tuple) else (what,))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOINGS)
def test_a_record_leads_to_the_same_session_whatever_happened(doings: list[tuple[str, Any]]) -> None:
    """Beliefs, where they come from, answers, the open question, the diagnosis in its language: everything follows from the events."""
    session = Session(lang="en")
    do(session, doings)
    other = again(session)
    assert other.events == session.events
    assert other.known() == session.known()
    assert {id: type(value) for id, value in other.known().items()} == {id: type(value) for id, value in session.known().items()}
    assert other.origins == session.origins
    assert (other.heard, other.asked, other.current, other.lang, other.filed) == (
        session.heard, session.asked, session.current, session.lang, session.filed,
    )  # fmt: skip
    assert other.diagnosis().to_json() == session.diagnosis().to_json()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_diagnosis_needs_the_log_no_more(path: Path) -> None:
    """What was seen is in the record: the same diagnosis when the log was deleted meanwhile."""
    session = Session(lang="zh")
    session.read(read(path), path=str(path))
    other = again(session)
    other.log = None
    assert other.diagnosis().to_json() == session.diagnosis().to_json()


def test_it_does_not_matter_whether_the_log_or_the_words_come_first(columns_of: Any) -> None:
    """A log that is handed over in the middle counts as one that was there from the start."""
    log = read(columns_of("surge"))
    first = Session(log)
    first.hear("lr=0.1, the loss is NaN")
    first.answer("grad_clipping", True)
    later = Session()
    later.hear("lr=0.1, the loss is NaN")
    later.answer("grad_clipping", True)
    later.read(log)
    assert later.known() == first.known()
    assert later.diagnosis() == first.diagnosis()


def test_a_second_log_takes_the_place_of_the_first(columns_of: Any) -> None:
    """Nothing of the first log is believed any more; what was said stays."""
    session = Session(read(columns_of("surge")))
    session.answer("grad_clipping", True)
    session.read(read(columns_of("healthy")))
    fresh = Session(read(columns_of("healthy")))
    fresh.answer("grad_clipping", True)
    assert session.known() == fresh.known()


def test_a_question_stays_open_until_it_is_answered_or_settled_by_words() -> None:
    """`current` is what the screen waits for."""
    session = Session()
    session.ask("learning_rate")
    assert session.current == "learning_rate"
    session.hear("hello")
    assert session.current == "learning_rate"
    session.hear("lr=3e-4")
    assert session.current is None
    session.ask("optimizer")
    session.answer("optimizer", None)
    assert session.current is None


def test_every_event_is_told_to_whoever_listens() -> None:
    """That is how a file grows with the consultation."""
    session = Session()
    told: list[Event] = []
    session.listeners.append(told.append)
    session.hear("loss is NaN")
    session.ask("optimizer")
    assert told == session.events[1:]
    assert isinstance(session.events[0], Began)
    assert isinstance(told[0], HeardText)


def test_a_torn_last_line_is_left_out_and_said() -> None:
    """After a crash in the middle of a line everything before it is there."""
    session = Session()
    session.hear("loss is NaN")
    session.answer("optimizer", "adam")
    whole = b"".join(written(session))
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for cut in range(last + 1, len(whole)):
        record = parse(whole[:cut].splitlines(keepends=True), "a.jsonl")
        assert record == Record(session.events[:-1], torn=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "not a recorded consultation"),
        (b"step,loss\n1,2\n", "not a recorded consultation"),
        (b'{"a": 1}\n', "not a recorded consultation"),
        (b'{"lossclinic": "record", "version": 99}\n', "format 99"),
        (b'{"lossclinic": "record", "version": 1}\nrubbish\n{"at": "", "event": {"kind": "began", "lang": "en"}}\n', "a.jsonl:2"),
        (b'{"lossclinic": "record", "version": 1}\n{"event": {"kind": "magic"}}\n{"at": "", "event": {"kind": "ended"}}\n', "a.jsonl:2"),
    ],
)
def test_what_is_no_record_is_refused_in_one_line(text: bytes, says: str) -> None:
    """With the file, the line, and what to do, in both languages."""
    with pytest.raises(InputError, match=says) as caught:
        parse(text.splitlines(keepends=True), "a.jsonl")
    assert caught.value.in_words("zh") != str(caught.value)


def test_entries_that_are_no_more_in_the_knowledge_are_passed_over() -> None:
    """A record outlives the knowledge it was made with."""
    lines = [
        header_line().encode(),
        b'{"at": "", "event": {"kind": "began", "lang": "en"}}\n',
        b'{"at": "", "event": {"kind": "heard", "text": "x", "symptoms": {"gone": "x"}, "facts": {"lost": [1.0, "x"]}}}\n',
        b'{"at": "", "event": {"kind": "asked", "fact": "lost"}}\n',
        b'{"at": "", "event": {"kind": "answered", "fact": "lost", "value": true}}\n',
        b'{"at": "", "event": {"kind": "told", "fact": "optimizer", "value": "adam"}}\n',
    ]
    session = Session.resumed(parse(lines, "a.jsonl").events)
    assert session.known()["optimizer"] == "adam"
    assert session.asked == []
    assert session.diagnosis().causes


def test_five_hundred_events_are_replayed_within_a_second(columns_of: Any) -> None:
    """Reading the lines and following them."""
    session = Session(read(columns_of("surge")))
    for n in range(125):
        session.hear("lr=3e-4 and fp16")
        session.ask("optimizer")
        session.answer("optimizer", "adam")
        session.take_back("optimizer" if n % 2 else "learning_rate")
    lines = written(session)
    start = time.perf_counter()
    other = Session.resumed(parse(lines, "a.jsonl").events)
    assert time.perf_counter() - start < 1.0
    assert len(other.events) > 500
    assert isinstance(other.events[1], LogRead)
