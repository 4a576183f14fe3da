"""The contract of a casebook, the same for the SQLite file and the PostgreSQL server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import numpy as np
import pytest
from lossclinic.casebook.case import Case, Opinion, Sign, now
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.search import tokens
from lossclinic.casebook.store import Filter, Store
from lossclinic.errors import ConflictError, StoreError

Make = Callable[..., Case]
YEAR = now().year


def test_a_case_comes_back_as_it_was_filed(store: Store, make: Make) -> None:
    """With a number, a name for life and its first entry in the history."""
    filed = store.add(make(facts={"lr": 3e-4, "amp": True}, symptoms=[Sign(id="loss_spike", numbers={"ratio": 5.0})]), by="lin")
    assert filed.id == f"LC-{YEAR}-0001"
    assert (filed.version, filed.history[0].by, filed.history[0].what) == (1, "lin", "opened")
    assert store.get(filed.id) == filed == store.by_uid(filed.uid)
    assert store.get("LC-1999-0001") is None


def test_numbers_follow_one_another(store: Store, make: Make) -> None:
    """Without gaps, and those of one year do not disturb those of another."""
    store.add(make(id="LC-2020-0041"))
    assert [store.add(make(str(n))).id for n in range(3)] == [f"LC-{YEAR}-{n:04d}" for n in (1, 2, 3)]
    store.add(make(id=f"LC-{YEAR}-0010"))
    assert store.add(make()).id == f"LC-{YEAR}-0011"


def test_the_same_case_filed_twice_is_there_once(store: Store, make: Make) -> None:
    """Whoever repeats an add because the answer got lost doubles nothing."""
    first = store.add(make(uid="a1"))
    assert store.add(make("other words", uid="a1")) == first
    assert store.count() == 1


def test_a_number_that_is_taken_is_refused(store: Store, make: Make) -> None:
    """The case that has it stays as it is."""
    first = store.add(make(id="LC-2020-0001"))
    with pytest.raises(ConflictError, match="LC-2020-0001"):
        store.add(make("another", id="LC-2020-0001"))
    assert store.get("LC-2020-0001") == first
    assert store.add(make()).id == f"LC-{YEAR}-0001"


def test_every_version_is_kept(store: Store, make: Make) -> None:
    """A change makes a new version; what was there before can be read for ever."""
    first = store.add(make())
    second = store.put(first.revised(status="resolved", cause="lr_too_high", resolved=now()), expected=first.rev, by="wang", what="confirmed")
    third = store.put(second.revised(status="withdrawn"), expected=second.rev, what="withdrawn")
    assert [change.what for change in third.history] == ["opened", "confirmed", "withdrawn"]
    assert store.history(first.id) == [first, second, third]
    assert store.get(first.id) == third
    assert store.history("LC-1999-0001") == []


def test_a_change_made_on_an_old_version_is_refused(store: Store, make: Make) -> None:
    """Nobody's change is overwritten by somebody who did not see it."""
    first = store.add(make())
    second = store.put(first.revised(cause="lr_too_high"), expected=first.rev)
    with pytest.raises(ConflictError, match=first.id):
        store.put(first.revised(cause="bad_batch"), expected=first.rev)
    assert store.get(first.id) == second
    with pytest.raises(StoreError, match="LC-1999-0001"):
        store.put(first.revised(id="LC-1999-0001"), expected=first.rev)


def test_lists_are_filtered_and_newest_first(store: Store, make: Make) -> None:
    """By cause (confirmed, or else the likeliest), status and day."""
    old = store.add(make("old", opened=datetime(2020, 1, 1, tzinfo=UTC), cause="bad_batch", status="resolved"))
    guess = store.add(make("guess", opened=datetime(2021, 1, 1, tzinfo=UTC), diagnosis=Opinion(causes={"bad_batch": 0.6, "lr_too_high": 0.3})))
    other = store.add(make("other", opened=datetime(2022, 1, 1, tzinfo=UTC), cause="lr_too_high"))
    assert [sketch.id for sketch in store.list()] == [other.id, guess.id, old.id]
    assert [sketch.title for sketch in store.list(limit=1, offset=1)] == ["guess"]
    assert [sketch.id for sketch in store.list(Filter(cause="bad_batch"))] == [guess.id, old.id]
    assert [sketch.id for sketch in store.list(Filter(status="resolved"))] == [old.id]
    assert [sketch.id for sketch in store.list(Filter(since=datetime(2021, 1, 1, tzinfo=UTC)))] == [other.id, guess.id]
    assert (store.count(), store.count(Filter(cause="bad_batch", status="open"))) == (3, 1)


def test_candidates_are_those_that_share_rare_words(store: Store, make: Make) -> None:
    """In either language, after an edit by the new words only."""
    spike = store.add(make("Loss spikes after a bad batch"))
    resume = store.add(make("续训之后验证损失骤升", lang="zh"))
    for n in range(5):
        store.add(make(f"Loss is flat {n}"))
    assert store.candidates(tokens("batch loss"))[0].id == spike.id
    assert [sketch.id for sketch in store.candidates(tokens("续训"))] == [resume.id]
    assert store.candidates(["nowhere"]) == store.candidates([]) == []
    assert store.candidates(tokens("batch"), Filter(status="resolved")) == []
    store.put(spike.revised(texts={"en": {"title": "Gradient norm explodes"}}), expected=spike.rev)
    assert store.candidates(tokens("batch")) == []
    assert store.candidates(tokens("explodes"))[0].id == spike.id
    assert store.counts(["nowhere", "续训"]) == {"nowhere": 0, "续训": 1}


def test_curves_are_read_together(store: Store, make: Make) -> None:
    """One row a case; withdrawn cases and cases without a curve have none."""
    first = store.add(make(fingerprint=(0.5, 1.0, -1.0)))
    store.add(make())
    short = store.add(make(fingerprint=(0.25,)))
    gone = store.add(make(fingerprint=(1.0, 1.0, 1.0)))
    store.put(gone.revised(status="withdrawn"), expected=gone.rev)
    ids, matrix = store.fingerprints()
    assert ids == [first.id, short.id]
    assert np.array_equal(matrix, np.array([[0.5, 1.0, -1.0], [0.25, np.nan, np.nan]], np.float32), equal_nan=True)


def test_confirmed_cases_are_those_that_teach(store: Store, make: Make) -> None:
    """In the order they were resolved; neither open nor withdrawn ones."""
    late = store.add(make(status="resolved", cause="lr_too_high", resolved=datetime(2026, 2, 1, tzinfo=UTC)))
    early = store.add(make(status="resolved", cause="a bug of ours", resolved=datetime(2026, 1, 1, tzinfo=UTC)))
    store.add(make())
    store.add(make(status="withdrawn", cause="lr_too_high"))
    assert list(store.all_confirmed()) == [early, late]
    assert len(list(store.all())) == 4


def test_the_stamp_tells_that_something_changed(store: Store, where: str, make: Make) -> None:
    """Also when somebody else changed it."""
    before = store.stamp()
    other = open_casebook(where)
    filed = other.add(make())
    other.close()
    assert store.stamp() != before
    assert store.get(filed.id) == filed
    assert [sketch.id for sketch in store.candidates(tokens("spikes"))] == [filed.id]


HOSTILE = [
    "'; drop table lc_cases; --",
    '" OR 1=1 NEAR(a b) * ^',
    "<script>alert(1)</script> & [bold]x[/bold] {n} %s %(a)s ? $1",
    "\x1b[2J\x1b]0;owned\x07\x00\x9b31m",
    "🔥🧨 \u202eevil\u202c \u2066rtl\u2069 مرحبا",
    "\ud800 half a pair",
    "loss\u2028line\u0085next",
]


def test_hostile_text_is_only_text(store: Store, make: Make) -> None:
    """SQL, query syntax, markup, escape codes, emoji, right-to-left text: stored, found and listed like any other."""
    for text in HOSTILE:
        filed = store.add(make(text, seen=text, cause=text, facts={text: text}, links=[text], people=[text]), by=text, what=text)
        assert store.get(filed.id) == filed
        assert not {"\x00", "\x1b", "\x9b"} & set(filed.title)
        store.list(Filter(cause=text))
        store.candidates([text, text.split()[0], "'", '"', "\\", "a & !b"])
    assert store.count() == len(HOSTILE)


def test_ten_megabytes_are_taken_and_more_than_that_is_refused(store: Store, make: Make) -> None:
    """A pasted log does no harm; what no person wrote is one clear line."""
    filed = store.add(make(seen="loss 损失 0.123\n" * 700_000))
    back = store.get(filed.id)
    assert back is not None
    assert back.texts["en"].seen == filed.texts["en"].seen
    with pytest.raises(StoreError, match="at most 32 MB"):
        store.add(make(seen="x" * 32_000_000))
    assert store.count() == 1


def test_threads_share_a_casebook(store: Store, make: Make) -> None:
    """The screen asks from several threads at once."""
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda n: store.add(make(str(n))).id, range(20)))
    assert sorted(ids) == [f"LC-{YEAR}-{n:04d}" for n in range(1, 21)]


WRITER = """
import sys
from lossclinic.casebook.case import Case
from lossclinic.casebook.opening import open_casebook
where, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = open_casebook(where, index=Case.words)
for n in range(count):
    filed = store.add(Case(uid=f"{name}-{n}", lang="en", texts={"en": {"title": f"case {n} of {name}"}}))
    print(filed.id, filed.uid, flush=True)
"""


def writer(where: str, name: str, cases: int) -> subprocess.Popen[str]:
    """A process that files cases and says each once it is filed."""
    return subprocess.Popen([sys.executable, "-c", WRITER, where, name, str(cases)], stdout=subprocess.PIPE, text=True)


def test_nothing_acknowledged_is_lost_when_writers_are_killed(where: str) -> None:
    """Three processes file at once from the first moment on, one of them is killed in the middle and started again."""
    said: list[str] = []
    running = [writer(where, name, 12) for name in "abc"]
    for process in running[:1]:
        assert process.stdout is not None
        said += [process.stdout.readline() for _ in range(3)]
        process.kill()
    running.append(writer(where, "a", 12))
    for process in running:
        said += process.communicate()[0].splitlines()
    acknowledged = {tuple(line.split()) for line in said if line.count("-") >= 3 and len(line.split()) == 2}
    store = open_casebook(where)
    filed = [(sketch.id, case.uid) for sketch in store.list() if (case := store.get(sketch.id))]
    store.close()
    assert len(filed) == len({uid for _, uid in filed}) == 3 * 12
    assert {id for id, _ in filed} == {f"LC-{YEAR}-{n:04d}" for n in range(1, 37)}
    assert acknowledged <= set(filed)
    assert len(acknowledged) == 36
