"""Words of explanations: why, how, why not, what if, the next experiment, and why no further question is asked."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # errors
    "no_cause": ("unknown cause {cause}; see lossclinic kb search", "没有名为 {cause} 的原因；可用 lossclinic kb search 查找"),
    "not_open": ("nothing is to be asked about {fact} now: it is known, or no cause depends on it", "“{fact}”现在不必问：已经知道，或者没有哪个原因取决于它"),
    "source.S0": ("S0, a question-and-answer thread on late oscillation", "S0，一则关于后期震荡的问答"),
    "source.S1": ("S1, a blog on a loss that does not fall", "S1，讲损失不下降的博客"),
    "source.S2": ("S2, a long article on sudden surges", "S2，讲损失骤升的长文"),
    "source.S3": ("S3, an interview answer on loss spikes", "S3，讲损失尖峰的面试题解"),
    "source.S4": ("S4, a blog on NaN losses", "S4，讲损失变 NaN 的博客"),
}
