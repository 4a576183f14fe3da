"""Cases as Markdown files: what goes out comes back, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lossclinic.casebook.case import SECTIONS, Case, Change, Lang, Opinion, Sign, Source, Status, Telling
from lossclinic.casebook.markdown import HEADINGS, from_markdown, to_markdown
from lossclinic.errors import InputError

MOMENTS = st.datetimes(min_value=datetime(1999, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
HEADING_LINES = st.sampled_from([f"{slashes}## {text}" for names in HEADINGS.values() for text in names.values() for slashes in ("", "\\", "\\\\")])
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.one_of(HEADING_LINES, st.text(max_size=20)), max_size=4).map("\n".join))
SHARES = st.dictionaries(st.text(max_size=12), st.floats(0, 1), max_size=3)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = ["3e-4", "yes", "1_000", "2026-01-01", "~", "null"]
VALUES = st.one_of(st.booleans(), st.integers(-(10**12), 10**12), NUMBERS, st.text(max_size=12), st.sampled_from(WORDS))
TELLINGS = st.builds(Telling, title=TEXTS, **dict.fromkeys(SECTIONS, TEXTS))
SIGNS = st.builds(
    Sign,
    id=st.text(max_size=10), metric=st.text(max_size=10), first_step=st.none() | NUMBERS, strength=st.none() | st.floats(0, 1),
    numbers=st.dictionaries(st.text(max_size=5), NUMBERS, max_size=2), summary=TEXTS,
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case at all."""
    lang: Lang = draw(st.sampled_from(["en", "zh"]))
    other: Lang = "zh" if lang == "en" else "en"
    texts = {lang: draw(TELLINGS), **({other: draw(TELLINGS)} if draw(st.booleans()) else {})}
    status: Status = draw(st.sampled_from(["open", "resolved", "withdrawn", "superseded"]))
    return Case(
        id=draw(st.sampled_from(["", "LC-2026-0007", "LC-REF-0001"])), uid=draw(st.text(max_size=8)), lang=lang, status=status,
        opened=draw(MOMENTS), resolved=draw(st.none() | MOMENTS), people=tuple(draw(st.lists(st.text(max_size=8), max_size=3))), texts=texts,
        symptoms=tuple(draw(st.lists(SIGNS, max_size=2))), facts=draw(st.dictionaries(st.text(max_size=8), VALUES, max_size=4)),
        diagnosis=draw(st.none() | st.builds(Opinion, causes=SHARES, something_else=st.floats(0, 1), at=st.none() | MOMENTS)),
        cause="lr_too_high" if status == "resolved" else draw(TEXTS), ruled_out=draw(st.dictionaries(st.text(max_size=8), TEXTS, max_size=2)),
        links=tuple(draw(st.lists(st.text(max_size=20), max_size=2))), fingerprint=tuple(draw(st.lists(NUMBERS, max_size=3))),
        source=draw(st.none() | st.builds(Source, work=TEXTS, claims=st.just(("OPT-001",)))),
        superseded_by="LC-2026-0008" if status == "superseded" else "",
        history=tuple(draw(st.lists(st.builds(Change, rev=st.text(max_size=8), at=MOMENTS, what=TEXTS), max_size=2))),
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(cases())
def test_any_case_comes_back_as_it_was(case: Case) -> None:
    """Export and import lose nothing, and exporting again gives the same bytes, whatever the texts hold."""
    written = to_markdown(case)
    again = from_markdown(written)
    assert again == case
    assert to_markdown(again).encode() == written.encode()
    assert written.endswith("\n")
    assert "\r" not in written


def test_a_case_by_hand_needs_only_a_title() -> None:
    """The smallest file; what stands before the first heading is what was seen."""
    case = from_markdown("---\ntitle: 验证损失骤升\nlang: zh\n---\n续训后验证损失翻倍。\n\n## 处理办法\n\n恢复学习率。\n")
    assert case.title == "验证损失骤升"
    assert case.texts["zh"].seen == "续训后验证损失翻倍。"
    assert case.texts["zh"].fix == "恢复学习率。"
    assert (case.status, case.id, case.version) == ("open", "", 0)


def test_a_file_reads_well() -> None:
    """Chinese is written as Chinese, one value a line, keys in a fixed order, nothing that is empty."""
    case = Case(
        lang="zh", opened=datetime(2026, 11, 21, 5, tzinfo=UTC), status="resolved", cause="lr_too_high", people=("林",),
        facts={"lr": 3e-4, "optimizer": "adam"},
        texts={"zh": Telling(title="损失出现尖峰", seen="第 1200 步。"), "en": Telling(title="A spike in the loss")},
        diagnosis=Opinion(causes={"bad_batch": 0.2, "lr_too_high": 0.7}, something_else=0.1),
    )  # fmt: skip
    assert to_markdown(case) == (
        "---\nschema: 1\ntitle: 损失出现尖峰\ntitle_en: A spike in the loss\nlang: zh\nstatus: resolved\nopened: 2026-11-21T05:00:00Z\npeople: [林]\n"
        "cause: lr_too_high\nfacts:\n  lr: 0.0003\n  optimizer: adam\ndiagnosis:\n  causes:\n    lr_too_high: 0.7\n    bad_batch: 0.2\n"
        "  something_else: 0.1\n---\n\n## 现象\n\n第 1200 步。\n"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# just text", "a.md: does not start with front matter"),
        ("---\ntitle: a\n", "a.md: does not start with front matter"),
        ("---\ntitle: [\n---\n", "a.md:3: not readable YAML"),
        ("---\ntitle: a\ntitle: b\n---\n", "a.md:3: the key title appears twice"),
        ("---\ntitle: &a x\ncause: *a\n---\n", "a.md:3: YAML aliases"),
        ("---\ntitle: a\ncuase: b\n---\n", "a.md:3: a case has no field cuase"),
        ("---\ntitle: a\nstatus: closed\n---\n", "a.md:3: status: "),
        ("---\ntitle: a\nfacts: {lr: .nan}\n---\n", "a.md:3: facts.lr: "),
        ("---\nlang: en\n---\n", "a.md:1: title: "),
        ("---\nschema: 99\ntitle: a\n---\n", "a.md: written in form 99"),
        ("---\ntitle: a\nstatus: resolved\n---\n", "a.md:1: cause: a resolved case has one"),
        ("---\ntitle: a\n---\n## Notes\na\n## Notes\nb\n", "a.md:6: the section ## Notes appears twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(text: str, says: str) -> None:
    """One line: which file, where, what is wrong."""
    with pytest.raises(InputError) as caught:
        from_markdown(text, "a.md")
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)
    assert caught.value.in_words("zh")


def test_control_characters_are_drawn_not_sent() -> None:
    """Escape codes, NUL and halves of surrogate pairs become visible characters as soon as a case is made."""
    telling = Telling(title="\x1b[31mred\x00", seen="a\r\nb\x07\ud800")
    assert telling.title == "␛[31mred␀"
    assert telling.seen == "a\nb␇\ufffd"


def test_every_section_has_a_heading_in_both_languages() -> None:
    """And no heading stands for two sections."""
    assert [list(names) for names in HEADINGS.values()] == [list(SECTIONS)] * 2
    assert len({text for names in HEADINGS.values() for text in names.values()}) == 2 * len(SECTIONS)
