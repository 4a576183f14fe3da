"""The casebook on the screen, in both languages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from lossclinic.casebook.case import Case, Telling, now
from lossclinic.casebook.opening import open_casebook
from lossclinic.casebook.store import Store
from lossclinic.tui.screen.app import ClinicApp
from lossclinic.tui.screen.casebook import CasebookScreen
from lossclinic.tui.screen.sheet import Sheet
from lossclinic.tui.spans import plain
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

Use = Callable[[ClinicApp, Callable[[Pilot[None]], Awaitable[None]]], None]
FIRST, SECOND = f"LC-{now().year}-0001", f"LC-{now().year}-0002"


@pytest.fixture
def store(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A casebook with two cases."""
    monkeypatch.setenv("LOSSCLINIC_CASEBOOK", str(home / "team.db"))
    monkeypatch.setenv("LOSSCLINIC_USER", "lin")
    store = open_casebook(home / "team.db")
    store.add(Case(lang="en", texts={"en": Telling(title="Ranking model spikes \x1b[2J[red]", fix="Skipped the batch.")}))
    store.add(Case(lang="zh", texts={"zh": Telling(title="续训之后验证损失骤升")}, facts={"optimizer": "adam"}))
    yield store
    store.close()


async def settled(pilot: Pilot[None]) -> CasebookScreen:
    """The screen once all is found and drawn."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    screen = pilot.app.screen
    assert isinstance(screen, CasebookScreen)
    return screen


def page(screen: CasebookScreen) -> str:
    """What stands on the page of the chosen case."""
    return "\n".join(plain(line) for line in screen.query_one(Sheet).lines(80))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_browse_filter_open_and_confirm(lang: str, store: Store, use: Use) -> None:
    """The newest first, filtered while typing in either language, opened on the right, confirmed with F9."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = await settled(pilot)
        assert [sketch.id for sketch in screen.sketches[:2]] == [SECOND, FIRST]
        assert screen.case is not None
        assert screen.case.id == SECOND
        await pilot.press(*"ranking")
        screen = await settled(pilot)
        assert screen.sketches[0].id == FIRST
        await pilot.press("down")
        screen = await settled(pilot)
        assert isinstance(screen.focused, OptionList)
        assert "Skipped the batch." in page(screen)
        assert "\x1b" not in page(screen)
        await pilot.press("f9")
        screen = await settled(pilot)
        field = screen.query_one("#filter", Input)
        field.value = "lr_to_high"
        await pilot.press("enter")
        assert store.get(FIRST) == screen.case
        field.value = "学习率过高" if lang == "zh" else "Learning rate too high"
        await pilot.press("enter")
        screen = await settled(pilot)
        after = store.get(FIRST)
        assert after is not None
        assert (after.cause, after.status, after.history[-1].by) == ("lr_too_high", "resolved", "lin")
        assert field.value == ""

    use(ClinicApp("zh" if lang == "zh" else "en", room="casebook"), deed)


def test_reference_cases_stay_and_comparing_needs_a_run(store: Store, use: Use) -> None:
    """What cannot be done is said, and the room goes on."""

    async def deed(pilot: Pilot[None]) -> None:
        screen = await settled(pilot)
        await pilot.press("f10")
        assert not screen.comparing
        await pilot.press(*"cause:dead_relu")
        screen = await settled(pilot)
        assert screen.case is not None
        assert screen.case.id.startswith("LC-REF-")
        await pilot.press("f9")
        assert not screen.confirming
        await pilot.press("f2")
        screen = await settled(pilot)
        assert "已确诊" in page(screen)
        assert screen.query_one("#filter", Input).value == "cause:dead_relu"

    use(ClinicApp("en", room="casebook"), deed)
    assert store.count() == 2
