"""What people say to a colleague besides symptoms and answers: a greeting, thanks, "so what is it?", "can we speak Chinese?"."""

from __future__ import annotations

import re
from typing import Literal

from .replies import plainly_written

__all__ = ["Courtesy", "courtesy_in"]

Courtesy = Literal["hello", "thanks", "fine", "verdict", "en", "zh"]
"""`verdict`: what it comes to, and what to do; `en`, `zh`: the language that is asked for."""

_SAID: dict[Courtesy, frozenset[str]] = {
    "hello": frozenset({"hi", "hello", "hey", "hi there", "hello there", "你好", "您好", "嗨", "哈喽", "在吗", "在么"}),
    "thanks": frozenset({
        "thanks", "thank you", "thx", "ty", "cheers", "thanks a lot", "many thanks", "thank you very much", "thank you so much",
        "谢谢", "多谢", "谢了", "感谢", "谢谢你", "谢谢您", "非常感谢", "辛苦了", "太感谢了",
    }),
    "fine": frozenset({
        "ok", "okay", "got it", "i see", "fine", "alright", "all right", "good", "great", "cool",
        "好", "好的", "嗯", "嗯嗯", "明白", "明白了", "知道了", "收到", "了解", "懂了",
    }),
    "verdict": frozenset({
        "what should i do", "what should i do now", "what do i do", "what do i do now", "what can i do", "what now", "what next", "now what",
        "how do i fix it", "how do i fix this", "how to fix it", "how can i fix it", "what is it", "so what is it", "what is wrong", "what's wrong",
        "what do you think", "what is the cause", "what's the cause", "how sure are you", "are you sure", "conclusion", "summary", "sum it up",
        "怎么办", "该怎么办", "我该怎么办", "那怎么办", "怎么修", "怎么解决", "怎么处理", "如何解决", "接下来怎么办", "现在怎么办", "下一步做什么",
        "接下来做什么", "结论", "结论是什么", "所以是什么问题", "你觉得呢", "你觉得是什么", "你觉得是什么原因", "是什么原因", "什么原因",
        "到底是什么原因", "哪里出了问题", "你确定吗", "确定吗", "有多大把握", "把握多大", "总结一下",
    }),
    "en": frozenset({
        "english", "english please", "in english please", "speak english", "can you speak english", "switch to english",
        "说英文", "用英文", "换成英文",
    }),
    "zh": frozenset({
        "中文", "说中文", "能说中文吗", "可以说中文吗", "会说中文吗", "用中文", "请说中文", "请用中文", "换成中文", "切换到中文",
        "chinese", "chinese please", "in chinese please", "speak chinese", "can you speak chinese", "switch to chinese",
    }),
}  # fmt: skip

_GREETED = re.compile(r"(?:hi|hello|hey|你好|您好|ok|okay|好的|嗯|so|那)[\s,，、]+(?=\S)")


def courtesy_in(text: str) -> Courtesy | None:
    """What `text` says when it is nothing but one of these; None otherwise."""
    word = plainly_written(text).strip("。.!?~ ,")
    for said in (word, _GREETED.sub("", word, count=1)):
        for deed, phrases in _SAID.items():
            if said in phrases:
                return deed
    return None
