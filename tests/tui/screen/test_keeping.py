"""What stays of a conversation: the record to take up or to look at again, the report, and the case in the casebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lossclinic.casebook.opening import open_casebook
from lossclinic.tui.screen.curve_view import CurveView
from lossclinic.tui.screen.record import read_record

from .guest import Guest, Use, talk

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_a_consultation_is_taken_up_where_it_stopped(use: Use) -> None:
    """The record alone is enough: words, answers, log, language, the open question. What past cases had to do with it is not said again."""
    kept: dict[str, Any] = {}

    async def first(guest: Guest) -> None:
        await guest.type("没开梯度裁剪")
        await guest.press("1")
        kept.update(said=guest.said(), current=guest.session.current, path=guest.record(), known=guest.session.known())

    talk(use, first, "zh", logs=(str(EXAMPLES / "spike.tsv"),))

    async def second(guest: Guest) -> None:
        assert guest.session.known() == kept["known"]
        assert guest.session.current == kept["current"]
        said = [text for text in kept["said"] if "LC-REF-" not in text]
        assert guest.said()[: len(said)] == said
        assert guest.screen.query_one(CurveView).plot is not None
        assert guest.screen.lang == "zh"
        before = len(guest.session.events)
        await guest.type("lr=3e-4")
        assert len(read_record(kept["path"]).events) > before

    talk(use, second, "en", record=kept["path"])


def test_a_replay_adds_nothing(use: Use) -> None:
    """It can be looked at from all sides, and stays as it was."""
    kept: dict[str, Any] = {}

    async def first(guest: Guest) -> None:
        await guest.type("loss is NaN")
        kept.update(path=guest.record())

    talk(use, first)
    before = kept["path"].read_bytes()

    async def second(guest: Guest) -> None:
        await guest.type("lr=3e-4")
        await guest.press("f9", "f2")
        assert "learning_rate" not in guest.session.known()

    talk(use, second, record=kept["path"], replay=True)
    assert kept["path"].read_bytes() == before


def test_the_report_is_written_beside_earlier_ones(use: Use, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markdown with the plan, JSON as `diagnose` writes it; nothing is overwritten."""
    monkeypatch.chdir(tmp_path)

    async def conversation(guest: Guest) -> None:
        await guest.press("ctrl+s", "ctrl+s", "ctrl+l")

    talk(use, conversation, logs=(str(EXAMPLES / "spike.tsv"),))
    first, second = tmp_path / "lossclinic-spike.md", tmp_path / "lossclinic-spike-2.md"
    assert first.read_text("utf-8") == second.read_text("utf-8")
    assert "- [ ]" in first.read_text("utf-8")
    assert json.loads((tmp_path / "lossclinic-spike.json").read_text("utf-8"))["schema_version"] == 1


def test_the_case_is_filed_with_one_key(use: Use, home: Path) -> None:
    """F10 puts it into the casebook once, with the words, the facts and the diagnosis, and says where."""

    async def conversation(guest: Guest) -> None:
        await guest.type("the loss spikes now and then, lr=3e-4")
        await guest.press("f10", "f10")
        assert guest.session.filed
        assert guest.session.filed in guest.said()[-1]

    talk(use, conversation)
    book = open_casebook(home / "casebook.db")
    (case,) = book.all()
    assert case.facts["learning_rate"] == 3e-4
    assert {sign.id for sign in case.symptoms} == {"loss_spike"}
    book.close()
