"""The two mock interviews of the documentation: answers typed by a person, everything else from the program.

    uv run docs/interview.py            # write docs/mock-interview.md and docs/mock-interview.zh-CN.md
    uv run docs/interview.py --check    # exit status 1 when they are not what the program writes now

The answers stand in ANSWERS by question and, for follow-ups, by the point they are after. The times are those of a steady typist
(4 letters, or 1.6 Chinese characters, a second), because nobody sat there when the page was drawn.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from lossclinic.kb import load
from lossclinic.quiz.deck import build
from lossclinic.quiz.journal import Journal
from lossclinic.quiz.mock import Mock
from lossclinic.tui.quiz_report import scorecard_markdown

HERE = Path(__file__).parent
FILES = {"en": "mock-interview.md", "zh": "mock-interview.zh-CN.md"}
QUESTIONS = ("interview/loss_spike", "interview/nan_or_spike", "interview/both_surge", "interview/clipping", "interview/guard_a_run")
SPEED = {"en": 4.0, "zh": 1.6}
OPENING = {
    "en": "This page is drawn by `uv run docs/interview.py`. The answers were typed by a person, with good and weak ones among them; questions, "
    "follow-ups, marks and model answers are the program's. The same comes from `lossclinic quiz --mock --export interview.md`.",
    "zh": "本页由 `uv run docs/interview.py` 生成。回答是人打的，有好有差；提问、追问、评分、参考答案都出自程序。"
    "运行 `lossclinic quiz --mock --export interview.md` 得到的就是这样一份。",
}
ANSWERS: dict[str, dict[str, dict[str, str]]] = {
    "en": {
        "interview/loss_spike": {
            "": "I'd split it up. It could be the data, say one corrupted batch with outliers or wrong labels. It could be the learning "
            "rate, too high for "
            "this phase or bumped by the scheduler. Gradients may explode, so I look at the grad norm per layer, before and after. And there is "
            "mixed precision, fp16 overflow. To find out I fix the seed, reproduce the spike from the last checkpoint and swap one thing at a time.",
            "repair": "I'd stop it, roll back to the checkpoint before the spike, halve the learning rate or skip those batches, and "
            "switch on clipping.",
            "numerics": "Dividing by something tiny, log of zero, or an exp that overflows.",
        },
        "interview/nan_or_spike": {
            "": "NaN is what you get when a value overflows, so it can be the end of a big spike. I would lower the learning rate, add clipping and "
            "check the inputs for NaN, and see whether it is gone in fp32.",
            "spreads": "They all become NaN, because every gradient is NaN and the update puts it into all weights.",
            "stop_reload": "From the last checkpoint where everything was still finite.",
            "illegal": "Not sure. Maybe the data?",
        },
        "interview/both_surge": {
            "": "Both go up together, so that's not overfitting. I'd lay the learning rate curve beside it, because a scheduler bug would "
            "show there. Then "
            "the data of that epoch: a corrupt shard, or another distribution. Gradients might have exploded without clipping. I'd replay "
            "epoch 21 from "
            "the epoch 20 checkpoint with the same seed; if it comes back, I change one thing at a time.",
            "environment": "Whether the job was restarted there, and from which checkpoint.",
        },
        "interview/clipping": {
            "": "It rescales the gradient when its norm is above a threshold, so the direction is kept. Clipping by value cuts each component, which "
            "changes the direction. It protects against exploding gradients. I normally use 1.0.",
            "place": "After loss.backward() and before optimizer.step().",
            "cannot": "Clipping solves all instabilities as far as I know.",
            "limit": "I would log the gradient norm for a few hundred steps first and take something a bit above the usual norm.",
        },
        "interview/guard_a_run": {
            "": "Before the start I validate the data, ranges and labels, and do a dry run at small scale with one kill and resume. "
            "Warmup and cosine decay "
            "for the learning rate, gradient clipping, bf16. While it runs I log loss, learning rate and gradient norm at each step, with alerts "
            "when the norm passes a threshold. Checkpoints every hour with the optimizer state, several of them kept.",
        },
    },
    "zh": {
        "interview/loss_spike": {
            "": "我会分几块看。数据方面，可能有一个坏批次，里面有离群值或者标签标错。学习率可能过高，或者调度器有 bug 突然升上去。梯度可能爆炸，"
            "要看每层的梯度范数。还有混合精度，fp16 容易溢出。定位的话固定种子，从之前的检查点复现，每次只改一处。",
            "repair": "先停掉，回滚到出事前的检查点，学习率减半，或者跳过那几批数据，再打开梯度裁剪。",
            "numerics": "除以很小的数、对零取对数、exp 上溢这些。",
        },
        "interview/nan_or_spike": {
            "": "尖峰太大就会溢出成 NaN，所以有联系。我会降低学习率、加梯度裁剪，检查输入里有没有 NaN，再换成 fp32 看看还会不会出。",
            "spreads": "梯度都是 NaN，更新之后所有权重都变成 NaN 了。",
            "stop_reload": "回退到最近一个权重还正常的检查点。",
            "illegal": "不太确定，可能还是数据的问题？",
        },
        "interview/both_surge": {
            "": "两条一起往上，所以不是过拟合。我先把学习率曲线叠上去看调度器有没有跳，再看那一轮的数据是不是有坏文件或者分布变了，"
            "梯度也可能爆炸了又没裁剪。证明的话，从第 20 轮的检查点用同样的种子重放第 21 轮，复现了就一次只改一处。",
            "environment": "任务那时候有没有重启，从哪个检查点恢复的。",
        },
        "interview/clipping": {
            "": "总范数超过阈值就整体等比例缩放，方向不变；按值是每个分量单独截断，方向会变。可以防止梯度爆炸。我一般设 1.0。",
            "place": "在 loss.backward() 之后、optimizer.step() 之前。",
            "cannot": "据我所知裁剪能解决所有的不稳定。",
            "limit": "先记录几百步的梯度范数，取比平时略高一点的值。",
        },
        "interview/guard_a_run": {
            "": "开跑前校验数据，范围、标签都查，再小规模试跑一遍，包括杀掉再恢复。学习率用预热加余弦衰减，开梯度裁剪，用 bf16。过程中逐步记录损失、"
            "学习率、梯度范数，范数超过阈值就告警。检查点每小时存一次，带优化器状态，保留多份。",
        },
    },
}  # fmt: skip


def interview(lang: str) -> str:
    """The page in `lang`."""
    cards = build(load())
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "quiz.db") as journal:
        mock = Mock(cards, journal, QUESTIONS)
        mock.begin()
        while (asked := mock.next()) is not None:
            said = ANSWERS[lang][asked.card.id].get(asked.point, "")
            mock.answer(asked, said, 6.0 + len(said) / SPEED[lang])
        title, _, rest = scorecard_markdown(mock.end(), "zh" if lang == "zh" else "en").partition("\n")
    return f"{title}\n\n{OPENING[lang]}\n{rest}"


def main() -> int:
    """Write the pages, or compare."""
    stale = 0
    for lang, name in FILES.items():
        page = interview(lang)
        if "--check" in sys.argv:
            stale |= (HERE / name).read_text("utf-8") != page
        else:
            (HERE / name).write_text(page, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
