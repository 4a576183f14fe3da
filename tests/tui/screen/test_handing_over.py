"""How a log comes into the chat: from the command line, named in a sentence, pasted, or dropped into the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from lossclinic.tui.screen.curve_view import CurveView
from lossclinic.tui.screen.prompt import Prompt
from lossclinic.tui.screen.ranking import Ranking

from .guest import Guest, Use, talk

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_a_log_given_at_the_start_is_read_and_drawn(use: Use, size: tuple[int, int]) -> None:
    """`lossclinic triage --metrics FILE`: what stands out is told, the curve has its mark, the ranking its bars."""

    async def conversation(guest: Guest) -> None:
        assert any("jumps from" in text for text in guest.said())
        await guest.press("f4")
        curve = guest.screen.query_one(CurveView)
        assert curve.has_focus
        assert any("\u2800" < c <= "\u28ff" for c in str(curve.render()))
        assert "1 Loss spike" in str(curve.render())
        await guest.press("f4")
        assert "Bad batch" in str(guest.screen.query_one(Ranking).render())
        assert "━" in str(guest.screen.query_one(Ranking).render())

    talk(use, conversation, size=size, logs=(str(EXAMPLES / "spike.tsv"),))


def test_a_log_can_be_named_in_a_sentence(use: Use) -> None:
    """The file is read, and the rest of the sentence is heard."""

    async def conversation(guest: Guest) -> None:
        await guest.type(f"看看 {EXAMPLES / 'spike.tsv'}，没开梯度裁剪")
        assert guest.session.outline is not None
        assert guest.session.known()["grad_clipping"] is False
        assert guest.session.known()["loss_spike"] is True
        assert guest.screen.query_one(CurveView).plot is not None

    talk(use, conversation, "zh")


def test_lines_of_a_log_can_be_pasted(use: Use, home: Path) -> None:
    """A block of log lines is read at once, and kept beside the record; a pasted sentence waits in the line."""

    async def conversation(guest: Guest) -> None:
        await guest.paste("the loss becomes")
        assert guest.screen.query_one(Prompt).text == "the loss becomes"
        guest.screen.query_one(Prompt).clear()
        rows = "\n".join(f"step {n}: loss {2.3 / (1 + n / 50):.4f}" for n in range(200))
        await guest.paste(rows.replace("step 150: loss 0.5750", "step 150: loss 9.9000"))
        assert guest.session.outline is not None
        assert guest.session.outline.points == 200
        assert guest.session.known()["loss_spike"] is True
        assert Path(guest.session.path).parent == home / "sessions"

    talk(use, conversation)


def test_a_file_dropped_into_the_window_is_read(use: Use, tmp_path: Path) -> None:
    """A terminal pastes its path, quoted or with escaped blanks."""
    target = tmp_path / "my run.tsv"
    target.write_bytes((EXAMPLES / "spike.tsv").read_bytes())

    async def conversation(guest: Guest) -> None:
        await guest.paste(str(target).replace(" ", "\\ ") + " ")
        assert guest.session.path == str(target)

    talk(use, conversation)


def test_what_cannot_be_read_is_said_in_the_chat(use: Use, tmp_path: Path) -> None:
    """One line with the reason; the conversation goes on."""
    broken = tmp_path / "photo.csv"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)

    async def conversation(guest: Guest) -> None:
        await guest.type(str(broken))
        assert "photo.csv" in guest.said()[-1]
        await guest.type("runs/none.csv")
        assert "none.csv" in guest.said()[-1]
        await guest.type("loss is NaN")
        assert guest.session.current is not None

    talk(use, conversation)
