"""The screens look as they did when they were last looked at: two languages, three themes, small and middling terminals."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossclinic.tui.screen.app import ClinicApp
from lossclinic.tui.screen.opening import Opening
from lossclinic.tui.screen.settings import Settings
from textual.pilot import Pilot

from .capture import compare
from .conftest import settled
from .guest import Use

LOG = str(Path(__file__).parents[3] / "examples" / "spike.tsv")
SMALL, MIDDLING = (80, 24), (120, 40)


@pytest.mark.parametrize(
    ("lang", "size", "theme"), [("en", SMALL, "dark"), ("zh", SMALL, "light"), ("en", MIDDLING, "contrast"), ("zh", MIDDLING, "dark")]
)
def test_the_first_screen_the_help_and_the_empty_panes(use: Use, lang: str, size: tuple[int, int], theme: str) -> None:
    """What a newcomer sees before anything was said, what F1 says of it, and the panes that wait."""
    name = f"{lang}-{size[0]}-{theme}"

    async def look(pilot: Pilot[None]) -> None:
        compare(pilot.app, f"first-{name}")
        await pilot.press("f1")
        await settled(pilot)
        compare(pilot.app, f"help-{name}")
        await pilot.press("escape", "f9")
        await settled(pilot)
        compare(pilot.app, f"plan-{name}")

    use(ClinicApp(lang, settings=Settings(theme=theme)), look, size)  # type: ignore[arg-type]


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("zh", "contrast")])
def test_the_curve_in_a_small_terminal(use: Use, lang: str, theme: str) -> None:
    """A spike, its mark and its legend on eighty columns, whole and from near."""

    async def look(pilot: Pilot[None]) -> None:
        await pilot.press("escape", "f4")
        await settled(pilot)
        compare(pilot.app, f"curve-{lang}-80-{theme}")
        await pilot.press("1")
        await settled(pilot)
        compare(pilot.app, f"curve-near-{lang}-80-{theme}")

    use(ClinicApp(lang, opening=Opening((LOG,)), settings=Settings(theme=theme)), look, SMALL)  # type: ignore[arg-type]
