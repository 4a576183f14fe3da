"""Words of explanations: why, how, why not, what if, the next experiment, and why no further question is asked."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # errors
    "no_cause": ("unknown cause {cause}; see lossclinic kb search", "没有名为 {cause} 的原因；可用 lossclinic kb search 查找"),
    "not_open": (
        "nothing is to be asked about {fact} now: it is known, or no cause depends on it",
        "“{fact}”现在不必问：已经知道，或者没有哪个原因取决于它",
    ),
    "source.S0": ("S0, a question-and-answer thread on late oscillation", "S0，一则关于后期震荡的问答"),
    "source.S1": ("S1, a blog on a loss that does not fall", "S1，讲损失不下降的博客"),
    "source.S2": ("S2, a long article on sudden surges", "S2，讲损失骤升的长文"),
    "source.S3": ("S3, an interview answer on loss spikes", "S3，讲损失尖峰的面试题解"),
    "source.S4": ("S4, a blog on NaN losses", "S4，讲损失变 NaN 的博客"),
    # why this question
    "why.title": ('Why ask: "{ask}"', "为什么问：“{ask}”"),
    "why.worth": (
        "Worth {gain} bits (one bit settles an even choice between two causes); costs {cost}.",
        "预计提供 {gain} 比特的信息（两个原因五五开时，1 比特足以定夺）；代价：{cost}。",
    ),
    "why.hidden": (
        "The log looks fine, but this fault would not have to show in it.",
        "日志看起来正常，但这种毛病在日志里不一定看得出来。",
    ),
    "why.urgent": ("This may be a red flag: if so, stop the run at once.", "这可能是危险信号：若属实，应立即停止训练。"),
    "why.answer": ("{label} ({chance})", "{label}（{chance}）"),
    "why.stop": ("stop the run at once", "立即停止训练"),
    "why.leads": ("puts {name} first", "{name}升到第一位"),
    "why.find": ("How to find out: {how}", "怎么查：{how}"),
    "shift": ("{name} {before} → {after}", "{name} {before} → {after}"),
    "place": ("{name} {before} → {after} (place {old} → {new})", "{name} {before} → {after}（第 {old} 位 → 第 {new} 位）"),
    # how a cause
    "how.title": ('How "{cause}" came to {percent}, place {place}', "“{cause}”的 {percent} 是怎么得出的（第 {place} 位）"),
    "how.prior": (
        "Before anything is known it is {prior} of all cases. What was seen and said moved it:",
        "在一无所知时，它占所有情况的 {prior}。看到的和听到的又改变了它：",
    ),
    "how.none": ("Nothing that was seen or said speaks for or against it in particular.", "看到和听到的都与它没有特别的关系。"),
    "how.for": ("For it", "支持"),
    "how.against": ("Against it", "反对"),
    "how.excluded": ("Ruled out: {because}", "已排除：{because}"),
    "how.because": ("because: {text}", "理由：{text}"),
    "how.sum": ("Together {total} dB: from {prior} to {percent}.", "合计 {total} dB：从 {prior} 变为 {percent}。"),
    "how.sum_with_weaker": (
        "With what weighs less than {weak} dB each ({weaker} dB), together {total} dB: from {prior} to {percent}.",
        "连同单条不足 {weak} dB 的依据（{weaker} dB），合计 {total} dB：从 {prior} 变为 {percent}。",
    ),
    "sources": ("Sources: {list}", "出处：{list}"),
    "source.entry": ("{source} ({ids})", "{source}（{ids}）"),
    "claims.hint": ("`lossclinic kb claim ID` shows what a source says.", "`lossclinic kb claim 编号` 可查看出处的原意。"),
    # why not another
    "why_not.title": ('Why "{first}" ({p}) and not "{other}" ({q})', "为什么是“{first}”（{p}），不是“{other}”（{q}）"),
    "why_not.for": ('Speaks for "{cause}"', "指向“{cause}”"),
    "why_not.prior": ("It is more common to begin with.", "它本来就更常见。"),
    "why_not.apart": ("In general: {text}", "一般怎么区分：{text}"),
    "why_not.needs": ('What would bring "{other}" to the front', "什么情况下会改判为“{other}”"),
    "why_not.helps": ('No single answer would bring "{other}" to the front; these would help most', "没有哪一个回答足以改判为“{other}”；最有利的是"),
    "why_not.then": ("{other} {q}", "{other} {q}"),
    "why_not.then_first": ("{other} {q}, and first", "{other} {q}，升到第一位"),
    "why_not.otherwise": ("contrary to what you said", "与你说的相反"),
    "why_not.nothing": ("No single answer would bring it near.", "没有哪一个回答能让它接近第一位。"),
    # what if
    "what_if.title": ("What would change the verdict", "什么会改变结论"),
    "what_if.none": ('No single answer would put another cause before "{first}".', "没有哪一个回答会让别的原因排到“{first}”前面。"),
    "what_if.then": ("then {name} {percent}", "则是{name}，{percent}"),
    "what_if.held": ("What the verdict rests on", "结论靠什么撑着"),
    "what_if.without": ("without it {name} would be first, {percent}", "没有这一条，排第一的会是{name}，{percent}"),
    # what changed
    "change.title": ("What changed", "有什么变化"),
    "change.suppose": ("If it were so: {title}", "假如：{title}"),
    "change.same": ("{name} stays first, {before} → {after}.", "{name}仍排第一，{before} → {after}。"),
    "change.first": ("{old} ({before}) gives way to {new} ({after}).", "{old}（{before}）让位给{new}（{after}）。"),
    "change.nothing": ("Hardly anything moves: by less than one percentage point.", "各原因的概率几乎没有变化（不到一个百分点）。"),
    "change.came": ("Now known", "新知道的"),
    "change.gone": ("No longer known", "不再成立的"),
    "change.instead": ("Instead of what is known", "与目前所知不同"),
    "change.fired": ("Rules that now apply", "新生效的规则"),
    "change.fell": ("Rules that fell", "失效的规则"),
    # the next experiment, a second cause, red flags
    "experiment": ("The next experiment", "下一步实验"),
    "experiment.separates": ("It separates {causes}.", "用来区分{causes}。"),
    "experiment.confirms": ('It confirms or rules out "{cause}".', "用来确认或排除“{cause}”。"),
    "experiment.outcome": ("{label} ({chance})", "{label}（{chance}）"),
    "experiment.then": ("{name} {percent}", "{name} {percent}"),
    "also": ("Perhaps a second cause at the same time", "可能还有第二个原因"),
    "also.text": (
        '"{name}" would explain what "{first}" does not. The probabilities above weigh single causes; this stands beside them.',
        "“{name}”能解释“{first}”解释不了的现象。上面的概率只比较单一原因，这一条另列。",
    ),
    "stop_now": ("Stop the run now", "请立即停止训练"),
    "stop_check": ("Check at once, the run may have to be stopped", "请马上确认，可能需要立即停止训练"),
    # why no further question
    "stopped.sure": ("No more questions: the first cause is nearly certain.", "不再提问：排第一的原因已基本确定。"),
    "stopped.no_gain": ("No more questions: no answer that is left would change the advice.", "不再提问：剩下的问题无论怎么答，建议都不会变。"),
    "stopped.nothing_left": ("No more questions: everything that can be asked has been.", "不再提问：能问的都问过了。"),
    "stopped.cap": ("No more questions: the limit of {n} is reached.", "不再提问：已问满 {n} 个问题。"),
    "stopped.healthy": (
        "Nothing is asked: the log shows nothing that would have to be explained.",
        "不提问：日志里没有需要解释的现象。",
    ),
    "stopped.checked": (
        "No more questions: neither the log nor the checks show anything that would have to be explained.",
        "不再提问：日志和几项检查里都没有需要解释的现象。",
    ),
    "healthy": (
        "No causes are ranked for a log that looks healthy, so there is nothing to explain.",
        "日志看起来正常，没有给病因排名，也就没有可解释的结论。",
    ),
    "stopped.enough": ("You ended the questions.", "你结束了提问。"),
    "taken_in": ("What you told us is taken in; it changes nothing while the log looks healthy.", "你提供的信息已记下；日志看起来正常，它们不影响结论。"),
    "in_short": ("In short", "一句话"),
    # at the prompt
    "ask.back_nothing": ("There is no answer to take back.", "没有可以收回的回答。"),
    "ask.back": ('Taken back: your answer to "{ask}"', "已收回对“{ask}”的回答"),
    "ask.which_cause": ('Which cause? "{word} 2" takes the second of these:', "哪个原因？例如“{word} 2”表示下面的第 2 个："),
}
