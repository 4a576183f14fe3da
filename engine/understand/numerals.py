"""Numbers as people write them: 1e-3, 10^-4, .001, 1,000, 20k, 1.2M, 3万, 8.x, 99%, 两万, 八."""

from __future__ import annotations

import re

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+\.\d+|\d+\.(?!\w)(?=\S)|\.\d+|\d+)"
POWER = r"(?:(?:\d+(?:\.\d+)?\s?[x*×·]\s?)?10\s?(?:\^|\*\*)\s?[({]?\s?[-−+]?\s?\d+\s?[)}]?|(?:\d+(?:\.\d+)?\s?[x*×·]\s?)?10−\d+)"
NUMBER = (
    rf"(?:{POWER}|(?:(?<![\w.)%])[-−+])?(?:\d+\.?\d*|\.\d+)e[-−+]?\d+|\d+\.\d*[x几多]+(?![a-z\d])|(?:(?<![\w.)%])[-−+])?{DIGITS}"
    r"(?:\s?%|\s?(?:百万|千万|万|亿|千)|[kwm](?![a-z]))?)"
)
"""Pattern of a number in digits, with its scale (k, w, m, 万 ...) or percent sign."""

SHARE = r"[一二三四五六七八九]成(?![为了功长本员绩熟])"
"""Pattern of a share in tenths: 六成 is 60 %."""
SCALES = {"k": 1e3, "w": 1e4, "m": 1e6, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
HAN_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
HAN_SCALES = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8}
WRITTEN = r"(?:[二三四五六七八九]十[一二三四五六七八九几多]|(?<!几)十[几多](?!年)|[一二两三四五六七八九][百千万][多几]|[二两三四五六七八九](?=[张块卡步台机个块层轮折]|\s?(?:gpu|epoch|step))|[一二两三四五六七八九]?[十百千万](?:[一二三四五六七八九两零]?[十百千万]?)*(?=[多余来几]?[张条个步轮卡块次行句对帧幅样]))"
"""Pattern of a number in Chinese numerals, where a measure word shows that it is one."""


def read_number(raw: str) -> tuple[float, bool]:
    """Value of a number in digits, and whether it is a percentage (0..100, as written). Never raises."""
    text = raw.replace("−", "-").replace(" ", "")
    percent = text.endswith("%")
    text = re.sub(r"^(0\.0*)[x几]+$", r"\g<1>5", text).rstrip("%x几多")
    try:
        if power := re.fullmatch(r"(?:([\d.]+)[x*×·])?10(?:\^|\*\*)?[({]?([-+]?\d+)[)}]?", text) if re.search(r"\^|\*\*|10-", text) else None:
            return float(power[1] or 1) * 10.0 ** int(power[2]), percent
        scale = 1.0
        for name in sorted(SCALES, key=len, reverse=True):
            if text.endswith(name):
                text, scale = text[: -len(name)], SCALES[name]
                break
        return float(text.replace(",", "")) * scale, percent
    except (ValueError, OverflowError):
        return 0.0, percent


def read_share(raw: str) -> float:
    """Percentage of a share in tenths: 六成 -> 60."""
    return 10.0 * HAN_DIGITS[raw[0]]


def read_written(raw: str) -> float:
    """Value of a number in Chinese numerals: 两 -> 2, 两万 -> 20000, 一百 -> 100."""
    total = part = 0.0
    digit: float | None = None
    for char in raw:
        if char in HAN_DIGITS:
            digit = HAN_DIGITS[char]
        elif char in ("万", "亿"):
            total += (part + (digit or 0) or 1) * HAN_SCALES[char]
            part, digit = 0.0, None
        elif char in HAN_SCALES:
            part += (1 if digit is None else digit) * HAN_SCALES[char]
            digit = None
    return total + part + (digit or 0)
