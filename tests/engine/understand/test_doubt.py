"""What was not said, not understood, only guessed or never read is told apart from what was said."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from lossclinic.engine.understand import Heard

Hear = Callable[[str], Heard]


@pytest.mark.parametrize(
    ("text", "symptom"),
    [("no NaN so far, but loss is stuck", "loss_nan_inf"), ("没有出现nan，但是loss不降", "loss_nan_inf"), ("loss 卡住，一点波动都没有", "loss_oscillation"), ("val is fine, loss oscillates", "val_only_bad")],
)
def test_what_is_denied_is_noted_as_absent(text: str, symptom: str, hear: Hear) -> None:
    """I say what I do not see, and it is not taken for something I see."""
    heard = hear(text)
    assert symptom in heard.absent
    assert symptom not in heard.symptoms


@pytest.mark.parametrize("text", ["hello", "what's the weather like in Paris today?", "今天中午吃什么好"])
def test_idle_talk_is_said_to_be_not_understood(text: str, hear: Hear) -> None:
    """I write something that has nothing to do with training, and I am told so."""
    heard = hear(text)
    assert heard.missed
    assert not heard.symptoms
    assert not heard.facts


def test_the_part_that_was_not_understood_is_pointed_out(hear: Hear) -> None:
    """Of a message of which half is understood, the other half is named."""
    text = "loss explodes after 100 steps, I like bananas with chocolate sauce"
    heard = hear(text)
    assert heard.symptoms
    assert [text[a:b] for a, b in heard.missed] == ["I like bananas with chocolate sauce"]


def test_a_guess_is_marked_as_one(hear: Hear) -> None:
    """A misspelt word and a name that merely suggests something are guesses; plain words are not."""
    assert "loss_oscillation" in hear("the loss is oscilating").guesses
    assert "loss_oscillation" not in hear("the loss is oscillating").guesses
    heard = hear("500 validation images, lr=3e-4")
    assert "architecture" in heard.guesses
    assert "learning_rate" not in heard.guesses
    assert heard.confidence.keys() == heard.spans.keys()


@pytest.mark.parametrize(("text", "fact"), [("500 validation images", "dataset_size"), ("8 张卡", "dataset_size")])
def test_not_every_count_is_the_size_of_the_data(text: str, fact: str, hear: Hear) -> None:
    """Validation images and graphics cards are no training samples."""
    assert fact not in hear(text).facts


def test_a_message_of_ten_megabytes_is_cut_and_said_to_be(hear: Hear) -> None:
    """A whole log pasted into the chat neither hangs nor vanishes silently."""
    hear("warm")
    before = process_time()
    heard = hear("loss is nan. " * 800_000)
    assert process_time() - before < 3
    assert heard.unread > 10_000_000
    assert "loss_nan_inf" in heard.symptoms


@pytest.mark.parametrize(
    "text",
    [
        "train",
        "validation",
        "gradient",
        "training is fine",
        "I pick the batches at random",
        "the loss goes down nicely",
        "validation accuracy is 95%",
        "val loss 0.31 train loss 0.30",
        "lr=3e-4, adam, batch size 32",
        "I use a transformer on 8 GPUs",
        "I shuffle every epoch",
        "I resumed from epoch 20",
        "test it on another machine",
        "how do I log the gradient norm?",
        "训练",
        "验证集",
        "一切正常",
        "loss 正常下降",
        "验证集准确率 95%",
        "从第 20 轮接着训",
        "用的 transformer，8 卡",
        "没有梯度裁剪，余弦退火",
        "怎么记录梯度范数？",
        "语音数据里有杂音和静音段需要先去掉吗",
        "怎么把多个 lora 合并到一起",
        "空转的时候 gpu 利用率是 0 正常吗",
        "训练一切顺利，谢谢作者",
    ],
)
def test_a_message_that_tells_of_no_trouble_is_not_made_into_one(text: str, hear: Hear) -> None:
    """I name a setting, say that all is well or ask how to do something, and no symptom is put in my mouth."""
    assert not hear(text).symptoms


@pytest.mark.parametrize("text", ["loss is stuck, no OOM, memory is fine", "显存够用，没有OOM，loss不降"])
def test_an_alarm_that_is_denied_is_none(text: str, hear: Hear) -> None:
    """I say that memory is not the trouble, and nobody tells me to stop the run for it."""
    heard = hear(text)
    assert list(heard.symptoms) == ["loss_plateau"]
    assert heard.facts["oom_seen"][0] is False


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("loss 不降，是不是优化器状态没加载", "optimizer_state_restored"),
        ("could it be that i forgot zero_grad?", "zero_grad_called"),
        ("单卡正常，多卡精度掉了5个点", "gpu_errors_logged"),
        ("调大学习率也没用，loss还是不降", "lower_lr_helps"),
    ],
)
def test_a_suspicion_or_something_else_is_not_taken_for_a_fact(text: str, fact: str, hear: Hear) -> None:
    """I wonder whether it is so, or speak of other things in words that are alike."""
    assert fact not in hear(text).facts
