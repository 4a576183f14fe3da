"""The two transcripts: one hard case at the plain prompt, with why, how, why not, what if and an answer taken back.

    uv run docs/transcribe.py            # write docs/transcript.md and docs/transcript.zh-CN.md
    uv run docs/transcribe.py --check    # exit status 1 when they are not what the program prints now

Everything below the first command is what the program prints; only the lines after ">" are typed. A typist answers each question by the
fact it is about, so that the order of the questions is the program's own.
"""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from lossclinic.kb import load
from lossclinic.tui.diagnose import main as diagnose

HERE = Path(__file__).parent
FILES = {"en": "transcript.md", "zh": "transcript.zh-CN.md"}
SAID = {
    "en": "At step 8000 the loss jumped from 0.4 to 3 within one step, a spike that came back over about 200 steps. AdamW, learning rate 3e-4, "
    "a learning rate scheduler that I wrote myself, gradients clipped at 1.0.",
    "zh": "第 8000 步损失突然飙升，一步之内从 0.4 跳到 3，过了大约 200 步又掉回来。用的 AdamW，学习率 3e-4，调度器是自己写的，梯度裁剪 1.0。",
}
OPENING = {
    "en": (
        "# A hard case: bad batch or learning-rate jump?",
        "A spike that heals may be one rotten batch, or a scheduler that raised the rate for a moment. The user asks back before answering, "
        "answers too soon, takes the answer back, looks into the batch, and answers again.",
        "This page is drawn by `uv run docs/transcribe.py`; only the lines after `>` are typed.",
    ),
    "zh": (
        "# 疑难一例：异常批次，还是学习率骤增？",
        "会自己愈合的尖峰，可能是一个烂批次，也可能是调度器把学习率抬高了一下。用户先反过来追问，答得太快，又把回答收回，看过那一批数据之后重新作答。",
        "本页由 `uv run docs/transcribe.py` 生成；只有 `>` 后面的内容是键入的。",
    ),
}
ASIDES = {
    "en": ("why", "how", "why not learning-rate schedule fault", "what if", "what if lr_changed_at_onset=yes"),
    "zh": ("为什么", "怎么得出", "为什么不是学习率调度错误", "如果", "如果 lr_changed_at_onset=是"),
}
BACK = {"en": "back", "zh": "返回"}
REPLIES = {
    "bad_batch_found": ("2", "1"),
    "lr_changed_at_onset": ("2",),
    "resumed_at_onset": ("2",),
    "data_changed_midrun": ("2",),
    "reproduces_same_step": ("1",),
    "logic_error_found": ("2",),
    "zero_grad": ("1",),
    "custom_layers": ("2",),
    "shuffle": ("1",),
}
"""By fact: the replies to its question, time after time; "1" is yes, "2" no, "" don't know. Other questions get no answer."""


class Typist(io.StringIO):
    """Types what `REPLIES` say about the question that stands on the screen."""

    def __init__(self, lang: str, screen: io.StringIO) -> None:
        super().__init__()
        self.lang, self.screen = lang, screen
        self.asides = list(ASIDES[lang])
        self.asked: dict[str, int] = {}
        self.regret = ""
        kb = load()
        self.facts = {"".join(kb.fact(id).ask.pick(lang).split()): id for id in kb.ids("facts")}

    def readline(self, _size: int = -1, /) -> str:
        """The next line that is typed."""
        if self.regret:
            self.regret = ""
            return BACK[self.lang] + "\n"
        if self.asides:
            return self.asides.pop(0) + "\n"
        fact = self.on_screen()
        turn = self.asked.get(fact, 0)
        self.asked[fact] = turn + 1
        replies = REPLIES.get(fact, ("",))
        if fact == "bad_batch_found" and turn == 0:
            self.regret = fact
        return replies[min(turn, len(replies) - 1)] + "\n"

    def on_screen(self) -> str:
        """The fact that the last question is about."""
        text = "".join(self.screen.getvalue().split())
        found = {text.rfind(ask): id for ask, id in self.facts.items() if ask in text}
        return found[max(found)]


def transcript(lang: str) -> str:
    """The page."""
    screen = io.StringIO()
    typist, before = Typist(lang, screen), sys.stdin
    arguments = ["--say", SAID[lang], "--lang", lang, "--ask", "--max-questions", "8"]
    try:
        sys.stdin = typist
        with redirect_stdout(screen), redirect_stderr(screen):
            diagnose(arguments, lambda _error: None)
    finally:
        sys.stdin = before
    shown = "\n".join(line.rstrip() for line in screen.getvalue().splitlines())
    command = f'$ diagnose --say "{SAID[lang]}" --ask --max-questions 8'
    return "\n\n".join([*OPENING[lang], f"```text\n{command}\n\n{shown}\n```"]) + "\n"


def main() -> int:
    """Write or check both pages."""
    stale = 0
    for lang, name in FILES.items():
        page, file = transcript(lang), HERE / name
        if "--check" in sys.argv[1:]:
            stale += not file.exists() or file.read_text("utf-8") != page
        else:
            file.write_text(page, "utf-8")
    return int(stale > 0)


if __name__ == "__main__":
    sys.exit(main())
