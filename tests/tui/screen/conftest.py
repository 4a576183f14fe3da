"""The clinic on a screen without a terminal, with a home directory of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lossclinic.tui.screen.app import ClinicApp
from textual.pilot import Pilot

Deed = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture(autouse=True)
def _at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSCLINIC_HOME", str(home))
    monkeypatch.setenv("LOSSCLINIC_CLIPBOARD", "false")


@pytest.fixture
def use() -> Callable[..., None]:
    """Runs an application without a terminal, and does something in it."""

    def _use(app: ClinicApp, deed: Deed, size: tuple[int, int] = (80, 24)) -> None:
        async def run() -> None:
            async with app.run_test(size=size) as pilot:
                await settled(pilot)
                await deed(pilot)

        asyncio.run(run())

    return _use


PATIENCE = 3000
"""Looks at the screen after which an engine that is not loaded never will be."""


async def settled(pilot: Pilot[None]) -> None:
    """Wait until the engine is loaded, all workers are done, and everything is drawn. A consultation that cannot be opened fails here."""
    await pilot.pause()
    for _ in range(PATIENCE):
        if getattr(pilot.app.screen, "consult", True) is not None:
            break
        await pilot.pause(0.02)
    else:
        raise AssertionError(f"the consultation never opened: {pilot.app.screen.query_one('#hint').render()}")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
