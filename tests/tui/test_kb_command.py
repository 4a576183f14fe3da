"""`lossclinic kb`: show, search, playbook, claim, coverage, lint, new, export, as a user types them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lossclinic.kb import load
from lossclinic.tui.cli import main
from lossclinic.tui.display import display_width
from lossclinic.tui.handbook.compose import PAGES, sheet
from lossclinic.tui.handbook.composer import Composer
from lossclinic.tui.handbook.crossings import Crossings
from lossclinic.tui.handbook.text import text_page
from lossclinic.tui.language import Lang
from lossclinic.tui.spans import plain
from lossclinic.tui.terminal import Terminal

SMALL = Path(__file__).parents[1] / "kb" / "small_base"

Kb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kb:
    """`kb("show", "bad_batch")` gives exit status, standard output and standard error."""
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)

    def start(*arguments: str) -> tuple[int, str, str]:
        status = main(["kb", *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return start


def test_an_entry_is_shown_by_its_id(kb: Kb) -> None:
    """I ask for a cause by id, and get what it is, how to be sure and what to do, with code to paste."""
    status, out, err = kb("show", "bad_batch")
    assert (status, err) == (0, "")
    for wanted in ("Bad batch", "How to be sure", "What to do now", "    from itertools import islice", "What it is mistaken for"):
        assert wanted in out


def test_an_entry_is_shown_by_its_name(kb: Kb) -> None:
    """I write the name instead of the id, in either language or with a typing error, and get the same page."""
    by_id = kb("show", "lr_too_high")[1]
    assert kb("show", "learning rate too high")[1] == by_id
    assert kb("show", "学习率过高", "--lang", "en")[1] == by_id
    assert kb("show", "lr_too_hihg")[1] == by_id


def test_the_language_is_the_one_asked_for(kb: Kb) -> None:
    """I ask for Chinese, and everything is Chinese."""
    out = kb("show", "bad_batch", "--lang", "zh")[1]
    assert "怎样确认" in out
    assert "How to be sure" not in out


def test_the_framework_is_the_one_asked_for(kb: Kb) -> None:
    """I work with Keras, and see the Keras code where there is some."""
    assert "clipnorm" in kb("show", "clip_gradients", "--framework", "keras")[1]
    assert "clip_grad_norm_(model.parameters()" in kb("show", "clip_gradients")[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "nosuchthing"), "nothing is called nosuchthing"),
        (("show",), "usage: lossclinic kb show ID..."),
        (("serch", "x"), "did you mean search?"),
        (("show", "bad_batch", "--langg", "zh"), "did you mean --lang?"),
        (("show", "bad_batch", "--lang", "fr"), "--lang is one of en, zh"),
        (("search", "x", "--limit", "none"), "--limit is a whole number"),
        (("coverage", "--framework", "keras"), "not an option of lossclinic kb coverage"),
        (("claim", "S9-999"), "nothing is called S9-999"),
        (("new", "symptom", "x"), "only causes"),
        (("new", "cause", "Not An Id"), "cannot be an id"),
        (("lint", "/no/such/folder"), "no such file or folder"),
        (("export", __file__), "is a file"),
    ],
)
def test_a_mistake_is_one_clear_line(kb: Kb, arguments: tuple[str, ...], says: str) -> None:
    """I mistype something, and one line tells me what and what to do; exit status 2, no traceback."""
    status, out, err = kb(*arguments)
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


def test_a_folder_without_knowledge_is_said_to_be_one(kb: Kb, tmp_path: Path) -> None:
    """I lint the wrong folder, and am told so rather than that all is well."""
    status, _, err = kb("lint", str(tmp_path))
    assert status == 2
    assert "no knowledge in it" in err


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", ["", "show", "search", "playbook", "claim", "coverage", "lint", "new", "export"])
def test_every_command_explains_itself(kb: Kb, command: str, lang: str) -> None:
    """I ask for help anywhere, and get usage and options in my language, at most 80 cells wide."""
    status, out, _ = kb(*([command] if command else []), "--help", "--lang", lang)
    assert status == 0
    assert ("用法" if lang == "zh" else "Usage") in out
    assert max(display_width(line) for line in out.splitlines()) <= 80


def test_search_shows_what_was_found_and_what_to_do_next(kb: Kb) -> None:
    """I search with a typing error, and see names, ids, a fitting sentence, and how to open the first."""
    status, out, _ = kb("search", "gradiant", "explosion")
    assert status == 0
    assert out.splitlines()[0].endswith("cause  gradient_explosion")
    assert "lossclinic kb show gradient_explosion" in out


def test_search_answers_in_the_language_of_the_words(kb: Kb) -> None:
    """I search in Chinese without saying so, and the answer is Chinese."""
    assert "梯度爆炸" in kb("search", "梯度爆炸")[1].splitlines()[0]


def test_search_that_finds_nothing_says_so(kb: Kb) -> None:
    """I search for nonsense, and get advice rather than silence."""
    status, out, _ = kb("search", "qqqqzzzz")
    assert status == 0
    assert out.startswith("Nothing found")


def test_playbooks_are_listed_and_shown(kb: Kb) -> None:
    """I list the playbooks, and open one by the word for its trouble."""
    assert "first_five_minutes_spike" in kb("playbook")[1]
    assert "First five minutes" in kb("playbook", "nan")[1]


def test_a_disputed_claim_is_shown_with_what_holds(kb: Kb) -> None:
    """I look up a claim that is wrong, and read what holds instead and who says so."""
    out = kb("claim", "s0-001")[1]
    assert "Disputed" in out
    assert "In fact:" in out


def test_coverage_is_complete(kb: Kb) -> None:
    """I ask whether everything the sources say has its place, and it has."""
    status, out, _ = kb("coverage")
    assert status == 0
    assert "319 of 319" in out
    assert re.search(r"^S0-003 {3}causes/lr_no_decay", out, re.MULTILINE)


def test_our_own_knowledge_is_clean(kb: Kb) -> None:
    """I lint the product's knowledge, examples included, and there is nothing to mend."""
    status, out, err = kb("lint")
    assert (status, out.strip()) == (0, "")
    assert "nothing to mend" in err


def test_a_new_cause_is_told_step_by_step_what_it_lacks(kb: Kb, tmp_path: Path) -> None:
    """I create a cause, and the lint names every line that is still to be written, with exit status 1."""
    status, out, _ = kb("new", "cause", "stale_cache", "--group", "data", "--into", str(tmp_path))
    assert status == 0
    path = tmp_path / "causes" / "stale_cache.yaml"
    assert str(path) in out
    assert "group: data" in path.read_text("utf-8")
    status, out, err = kb("lint", str(path))
    assert status == 1
    unfinished = [line for line in out.splitlines() if line.endswith("[unfinished]")]
    assert len(unfinished) == path.read_text("utf-8").count("TODO") - 1  # the one in the comment at the top
    assert f"{path}:6:8: still to be written: TODO name in a few words" in out
    assert "[section-missing]" in out
    assert f"{len(out.splitlines())} things to mend" in err
    assert kb("new", "cause", "stale_cache", "--into", str(tmp_path))[0] == 2


def test_an_example_that_fails_is_found_with_its_line(kb: Kb, tmp_path: Path) -> None:
    """I promise a rank that the engine does not give, and the lint says which example, and what rank it came to."""
    root = tmp_path / "base"
    shutil.copytree(SMALL, root)
    path = root / "causes" / "hot_rate.yaml"
    text = path.read_text("utf-8").replace("symptoms: [swings], facts: {cooler_helps: true}", "symptoms: [crawls], facts: {cooler_helps: false}")
    path.write_text(text, encoding="utf-8")
    out = kb("lint", str(path))[1]
    assert "in the example “swinging” it comes in place 2 instead of 1 [example-fails]" in out
    assert "[example-fails]" not in kb("lint", str(path), "--no-examples")[1]


COMPOSERS: dict[Lang, Composer] = {}


def composer(lang: Lang) -> Composer:
    """One composer a language for all tests."""
    return COMPOSERS.setdefault(lang, Composer(Crossings(load()), lang))


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind != "claims"])
def test_every_page_fits_the_terminal(kind: str, lang: Lang, width: int) -> None:
    """I read any entry on 80 cells or on 40, and no line of prose runs over; only code keeps its own lines."""
    for id in load().ids(kind):
        page = sheet(composer(lang), kind, id)
        lines = text_page(page, Terminal(width))
        over = [plain(line) for line in lines if display_width(plain(line)) > width and not any(span.style == "code" for span in line)]
        assert over == []
        assert not any("`" in plain(line) for line in lines if not any(span.style == "code" for span in line))


def test_a_page_without_pictures_has_no_rules_and_no_colours(kb: Kb) -> None:
    """I read with a screen reader, and get words only."""
    out = kb("show", "bad_batch", "--plain")[1]
    assert "─" not in out
    assert "\x1b" not in out


def test_facts_are_listed_with_their_values(kb: Kb) -> None:
    """Everything that `--know` takes, with the values to write and the question it answers, in the reader's language."""
    for lang, asks in (("en", "Which optimizer"), ("zh", "优化器")):
        shown = kb("facts", "--lang", lang)[1]
        assert "optimizer=sgd|sgd_momentum|adam|adamw|rmsprop|other" in shown
        assert "shuffle=yes|no" in shown
        assert asks in shown
