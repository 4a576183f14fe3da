"""The text report: what a colleague would say, in the order of importance, on 80 columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lossclinic.engine.diagnosis import Diagnosis, LogSummary
from lossclinic.engine.observe.log import Log, Series
from lossclinic.tui.display import display_width
from lossclinic.tui.report_text import text_report
from lossclinic.tui.spans import paint
from lossclinic.tui.terminal import ASCII, Terminal

from .conftest import Run

ESCAPE = "\x1b"
Show = Callable[..., str]


@pytest.fixture
def show(book: object, log: Log) -> Show:
    """The report as text."""

    def paper(diagnosis: Diagnosis, *, of: Log | None = log, asks: bool = False, **terminal: object) -> str:
        where = Terminal(**terminal)  # type: ignore[arg-type]
        return paint(text_report(diagnosis, of, book, where, asks=asks), colour=where.colour)  # type: ignore[arg-type]

    return paper


def in_order(text: str, *pieces: str) -> bool:
    """Whether all pieces are there, one after another."""
    place = 0
    for piece in pieces:
        place = text.find(piece, place)
        if place < 0:
            return False
    return True


def test_the_most_important_comes_first(show: Show, diagnosis: Diagnosis) -> None:
    """What was read, the curve, what is seen, the causes, why, what to do, what to check, what was not checked."""
    sections = ("runs/spike.csv", "┤", "What we see", "Likely causes", "Why", "Do now", "For good", "Check next", "Not checked")
    assert in_order(show(diagnosis), *sections)


def test_the_chinese_report_has_the_same_sections(show: Show, chinese: Diagnosis) -> None:
    """Nothing is missing in Chinese."""
    sections = ("runs/spike.csv", "┤", "看到的现象", "可能的原因", "为什么是", "现在就做", "长久之计", "接下来查什么", "未能检查")
    assert in_order(show(chinese), *sections)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_line_but_code_is_wider_than_the_terminal(show: Show, request: pytest.FixtureRequest, lang: str, width: int) -> None:
    """Chinese or English, narrow or wide, the report fits."""
    text = show(request.getfixturevalue("diagnosis" if lang == "en" else "chinese"), width=width)
    assert all(display_width(line) <= width for line in text.splitlines() if "clip_grad_norm_(" not in line)


def test_how_the_columns_were_understood_is_said(show: Show, diagnosis: Diagnosis) -> None:
    """A wrong guess about a column is seen at once."""
    text = " ".join(show(diagnosis).split())
    assert "train_loss = 训练损失" in text
    assert "not used: note" in text


def test_numbers_on_the_rail_are_those_of_the_list(show: Show, diagnosis: Diagnosis) -> None:
    """The 1 and 2 under the curve are the 1 and 2 of "What we see", and evidence points back to them."""
    text = show(diagnosis)
    assert re.search(r"^ {20,}1─?$", text, re.MULTILINE)
    assert re.search(r"^  1  Loss spike .*training loss, steps 13000–13400$", text, re.MULTILINE)
    assert "Gradient-norm spike [2]" in text


def test_a_strip_shows_the_other_metric_in_which_something_was_found(show: Show, diagnosis: Diagnosis) -> None:
    """The burst of the gradient norm is drawn under the loss, on the same steps."""
    assert in_order(show(diagnosis), "training loss", "gradient norm", "step", "What we see")


def test_findings_of_one_kind_are_one_entry(show: Show, diagnosis: Diagnosis) -> None:
    """Eight spikes are listed once, with the strongest described and the places of the others."""
    first = diagnosis.symptoms[0]
    more = [first.model_copy(update={"first_step": 1000.0 * n, "last_step": 1000.0 * n, "strength": 0.7}) for n in range(1, 8)]
    text = show(diagnosis.model_copy(update={"symptoms": (first, *more)}))
    assert re.search(r"^  1  Loss spike, 8 times +training loss, steps 1000–13400$", text, re.MULTILINE)
    assert "Also at 1000, 2000, 3000, 4000, 5000, 6000, 7000." in text
    assert re.search(r"^ +1(  +1){7}─?$", text, re.MULTILINE)


def test_the_part_in_which_something_was_found_is_the_one_drawn(show: Show, diagnosis: Diagnosis, log: Log) -> None:
    """Of a box and an object loss, the curve shows the one that is ill, and says which."""
    main = log.series[0]
    part = Series("train_loss", "obj_loss", main.steps, main.values * 100, part="obj_loss")
    both = Log(log.source, log.format, (*log.series, part), log.axis, log.columns)
    ill = diagnosis.symptoms[0].model_copy(update={"part": "obj_loss"})
    text = show(diagnosis.model_copy(update={"symptoms": (ill,)}), of=both)
    assert "training loss (obj_loss)" in text
    assert "100 ┤" in text


def test_the_code_line_can_be_pasted(show: Show, diagnosis: Diagnosis) -> None:
    """Code stands on a line of its own, whole, at any width."""
    assert "\n       torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)\n" in show(diagnosis, width=40)


def test_evidence_counts_for_and_against_with_its_origin(show: Show, diagnosis: Diagnosis) -> None:
    """Each piece says how much it weighs and where it is from."""
    text = show(diagnosis)
    assert re.search(r"\+8 dB  ━+", text)
    assert re.search(r'-3 dB  ━+ +Optimizer: Adam +your words: "Adam"', text)


def test_without_a_favourite_finding_out_comes_before_doing(show: Show, diagnosis: Diagnosis) -> None:
    """Below one half the report says so, asks first, and treats only conditionally."""
    first = diagnosis.causes[0].model_copy(update={"probability": 0.3})
    text = show(diagnosis.model_copy(update={"causes": (first, *diagnosis.causes[1:])}))
    assert in_order(text, "Check next", "No clear favourite", "Do now, if it is")


def test_a_healthy_run_gets_a_short_calm_report(show: Show, diagnosis: Diagnosis) -> None:
    """No causes, no advice: that it looks healthy, and its course in a sentence."""
    healthy = diagnosis.model_copy(update={"healthy": True, "symptoms": (), "causes": (), "next_questions": (), "skipped": ()})
    text = show(healthy)
    assert in_order(text, "Looks healthy", "Nothing in this log calls for action.", "Training loss fell from 2.")
    assert "Likely causes" not in text
    assert len(text.splitlines()) < 25


def test_words_alone_get_a_report_without_a_curve(show: Show, diagnosis: Diagnosis) -> None:
    """Without a log nothing is drawn and nothing is claimed to have been read."""
    text = show(diagnosis.model_copy(update={"log": None}), of=None)
    assert text.startswith("From what you told us")
    assert "┤" not in text


def test_words_that_say_nothing_are_told_so(show: Show, diagnosis: Diagnosis) -> None:
    """Somebody who reads the ranking knows that it says no more than how common each cause is."""
    empty = diagnosis.model_copy(update={"log": None, "symptoms": (), "facts": {}})
    assert "Nothing in your words" in show(empty, of=None).split("Likely causes")[0]


def test_colour_only_when_wanted_and_never_alone(show: Show, diagnosis: Diagnosis) -> None:
    """With colour and without it the text is the same."""
    painted = show(diagnosis, colour=True)
    assert ESCAPE in painted
    assert ESCAPE not in show(diagnosis)
    bare = "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", painted).splitlines())
    assert bare == show(diagnosis).rstrip("\n")


def test_a_screen_reader_gets_words_only(show: Show, diagnosis: Diagnosis) -> None:
    """--plain draws no curve, no bars, no rules."""
    assert not re.search("[\u2500-\u259f\u2800-\u28ff]", show(diagnosis, pictures=False))


def test_without_unicode_everything_is_drawn_in_ascii(show: Show, diagnosis: Diagnosis) -> None:
    """Only names that are Chinese themselves remain."""
    assert re.sub("训练损失", "", show(diagnosis, glyphs=ASCII)).isascii()


def test_names_with_escape_codes_and_markup_are_harmless(show: Show, diagnosis: Diagnosis) -> None:
    """A hostile file or column name is spelt out, in colour too."""
    assert diagnosis.log is not None
    columns = (diagnosis.log.columns[1].model_copy(update={"column": "\x1b[2J[bold]loss\nx"}),)
    summary = LogSummary(source="\x1b]0;owned\x07.csv", format="csv", axis="step", points=1, columns=columns)
    text = show(diagnosis.model_copy(update={"log": summary}), colour=True)
    assert "\x1b[2J" not in text
    assert "\x1b]0;" not in text
    assert r"\x1b[2J[bold]loss\nx" in text


def test_who_was_just_asked_is_not_told_to_ask(show: Show, diagnosis: Diagnosis) -> None:
    """After --ask the hint about --ask is left out."""
    assert "--ask" in show(diagnosis)
    assert "--ask" not in show(diagnosis, asks=True)


@pytest.mark.parametrize(("lang", "words"), [("en", "Too short to judge"), ("zh", "太短，还没法判断")])
@pytest.mark.parametrize("points", [2, 4, 12])
def test_a_handful_of_points_is_not_called_healthy(run: Run, tmp_path: Path, lang: str, words: str, points: int) -> None:
    """My log has only just begun: nothing stands out, and I am told that this says nothing yet."""
    path = tmp_path / "log.csv"
    path.write_text("step,loss\n" + "".join(f"{n},{2.3 / (n + 1)}\n" for n in range(points)))
    assert (words in run("diagnose", str(path), "--lang", lang).stdout) is (points < 5)
