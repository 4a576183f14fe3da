"""One way of writing: NFKC, case folding, simplified characters, with every character's place in the original text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 6000
"""Characters of a message that are read. People type less; whole logs go to the log readers, not here."""

TRADITIONAL = (
    "損訓練學習過擬盪動斷變為無報錯點續總應該幾層數據標簽籤驗證輸預測權優調參顯記憶體機這個裡麼樣時間會對沒還開關閉後結構類別問題請網絡誤準確實現"
    "長條圖張萬億單雙節滅飆漲飛從進東馬級減縮溫設給讓說認處際發檢異離壞潰導讀寫試項組隊專業務產師細線終經緒約紅純紙統維繼縱轉輪載輕較軟鐘鍵鎖鏡響"
    "頁頂順須頓領頻顆額顧風馳驅騰鬆魚鳥麗齊齡龍斂衝擊啟種極來兩歸隨與嗎裏貝葉遞殘塊雜訊聲圍擾亂徹並盡劇獎勵隻僅傳遷複難穩態選擇適遠辦舊夠懷資迴執"
    "換決裝錄啓歷曆戶護壓擴撐觀觸詞語譯聽誰"
)
SIMPLIFIED = (
    "损训练学习过拟荡动断变为无报错点续总应该几层数据标签签验证输预测权优调参显记忆体机这个里么样时间会对没还开关闭后结构类别问题请网络误准确实现"
    "长条图张万亿单双节灭飙涨飞从进东马级减缩温设给让说认处际发检异离坏溃导读写试项组队专业务产师细线终经绪约红纯纸统维继纵转轮载轻较软钟键锁镜响"
    "页顶顺须顿领频颗额顾风驰驱腾松鱼鸟丽齐龄龙敛冲击启种极来两归随与吗里贝叶递残块杂讯声围扰乱彻并尽剧奖励只仅传迁复难稳态选择适远办旧够怀资回执"
    "换决装录启历历户护压扩撑观触词语译听谁"
)
FOLD = {ord(a): b for a, b in zip(TRADITIONAL, SIMPLIFIED, strict=True)} | {
    ord(a): b for a, b in zip("“”„‟‘’‚‛`´′＇", "\"\"\"\"''''''''", strict=True)
}
"""Traditional characters of the field, and the many quotation marks and apostrophes, each onto the one the vocabulary uses."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Text in one way of writing; `origin[i]` is where character i came from, and one more entry marks the end."""

    text: str
    origin: list[int]


FIRST_MARK = "\u0300"
"""No character before it combines with the one in front."""


@lru_cache(maxsize=8192)
def _folded(piece: str) -> str:
    if piece == "，":
        return ", "
    return unicodedata.normalize("NFKC", piece).casefold().translate(FOLD)


def plain(text: str) -> Plain:
    """`text` (its first `LONGEST` characters) in one way of writing. Never raises."""
    start, size = 0, min(len(text), LONGEST)
    if text.isascii():
        return Plain(text[:size].lower().translate(FOLD), list(range(size + 1)))
    out: list[str] = []
    origin: list[int] = []
    while start < size:
        end = start + 1
        while end < size and text[end] >= FIRST_MARK and unicodedata.combining(text[end]):
            end += 1
        piece = _folded(text[start:end])
        out.append(piece)
        origin.extend([start] * len(piece))
        start = end
    origin.append(size)
    return Plain("".join(out), origin)
