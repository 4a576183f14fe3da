"""Words of the commands around the knowledge base: lint, coverage, search, pages, handbook."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # lint: reading and schema
    "lint.unreadable": ("not readable YAML: {reason}", "不是可读的 YAML：{reason}"),
    "lint.doubled-key": (
        "the key {key} stands twice here; YAML keeps only the last one",
        "键 {key} 在这里出现了两次；YAML 只认最后一个",
    ),
    "lint.doubled-id": ("{entry} is defined a second time in {kind} (first in {other})", "{kind} 里 {entry} 重复定义（先见于 {other}）"),
    "lint.file-name": ("the id {entry} is not the name of the file {file}", "id {entry} 与文件名 {file} 不一致"),
    "lint.language-missing": ("{entry}: {field} is missing or empty in one language", "{entry}：{field} 缺失或为空，中英文都要写"),
    "lint.schema.missing": ("{entry}: {field} is missing", "{entry}：缺少 {field}"),
    "lint.schema.unknown": ("{entry}: there is no field {field}", "{entry}：没有 {field} 这个字段"),
    "lint.schema.one_of": ("{entry}: {field} must be one of {expected}", "{entry}：{field} 只能是 {expected}"),
    "lint.schema.empty": ("{entry}: {field} is empty", "{entry}：{field} 为空"),
    "lint.schema.other": ("{entry}: {field}: {reason}", "{entry}：{field} 不合格式（{reason}）"),
    # lint: references
    "lint.unknown-id": ("{entry}: {name} is not among {kinds}{near}", "{entry}：{kinds} 里没有 {name}{near}"),
    "lint.impossible-value": (
        "{entry}: {fact} cannot be {value}; possible: {possible}",
        "{entry}：{fact} 取不到 {value}；可取：{possible}",
    ),
    "lint.value-missing": ("{entry}: a result settles {fact} but does not say to which value", "{entry}：结果能定下 {fact}，却没写取值"),
    "lint.points-to-itself": ("{entry} is named as its own lookalike", "{entry} 把自己列成了易混对象"),
    "lint.likelihood-shape.word": ("{entry}: {fact} is true or false: give one word, not a mapping", "{entry}：{fact} 只有真假，写一个词即可，不要写映射"),
    "lint.likelihood-shape.mapping": (
        "{entry}: {fact} has the values {possible}: give a word for each that is telling",
        "{entry}：{fact} 的取值有 {possible}：请按取值分别写词",
    ),
    "lint.likelihood-shape.number": (
        "{entry}: {fact} is a number: expect the observation that rules derive from it",
        "{entry}：{fact} 是数字，请改写由规则从它得出的观察项",
    ),
    "lint.reads-as-nothing": (
        "{entry} is said to be read as {other}, but no rule derives {other} from it",
        "{entry} 声称换算成 {other}，但没有规则由它得出 {other}",
    ),
    # lint: completeness
    "lint.section-missing": ("{entry}: {field} is missing or empty", "{entry}：{field} 缺失或为空"),
    "lint.dear-before-cheap": (
        "{entry}: a check of effort {effort} comes after a dearer one; put the cheapest first",
        "{entry}：代价为 {effort} 的检查排在更贵的之后；应从便宜的开始",
    ),
    "lint.fix-unused": ("{entry}: no cause uses this fix", "{entry}：没有任何病因用到这条处理办法"),
    # lint: prose
    "lint.unfinished": ("still to be written: {text}", "尚未写完：{text}"),
    "lint.folded": (
        "blanks or a line break between Chinese characters; write the paragraph on one line, without folding",
        "中文字之间夹了空格或换行；整段写在一行里，不要折行",
    ),
    "lint.wrong-language.en": ("Chinese in an English text: {text}", "英文里混入中文：{text}"),
    "lint.wrong-language.zh": ("no Chinese in a Chinese text", "中文栏里没有中文"),
    "lint.placeholder-missing": ("placeholders differ between the languages: {names}", "两种语言的占位符不一致：{names}"),
    "lint.figure-differs": ("figures that only one language has: {names}", "只有一种语言写了这些数字：{names}"),
    "lint.avoided-word": ("{word} is avoided here; the word of the glossary is {instead}", "不用“{word}”；术语表写作“{instead}”"),
    # lint: rules
    "lint.never-fires": ("{entry} can never fire: {fact} cannot be as it asks", "{entry} 永远不会触发：{fact} 不可能满足条件"),
    "lint.subsumed": ("{entry} adds nothing: whenever it fires, {other} fires and says as much", "{entry} 多余：它触发时 {other} 必然触发，结论也已包含"),
    "lint.contradicts": (
        "{entry} contradicts {other} about {cause}: both fire together and say the opposite",
        "{entry} 与 {other} 对 {cause} 的结论相反，却会同时触发",
    ),
    "lint.contradicts.itself": ("{entry} speaks both for and against {cause}", "{entry} 对 {cause} 既支持又反对"),
    "lint.contradicts.value": (
        "{entry} and {other} can fire together and conclude different values of {fact}",
        "{entry} 与 {other} 可同时触发，却给 {fact} 得出不同的值",
    ),
    "lint.circle": ("{entry} depends on its own conclusion: {path}", "{entry} 依赖自己的结论：{path}"),
    "lint.leads-nowhere.empty": ("{entry} concludes nothing", "{entry} 没有任何结论"),
    "lint.leads-nowhere.unused": ("{entry} concludes {fact}, which no rule and no cause looks at", "{entry} 得出 {fact}，但没有规则或病因用到它"),
    "lint.example-fails.fires": ("{entry}: an example says that it stays silent, but it fires", "{entry}：示例说不触发，实际会触发"),
    "lint.example-fails.stays": ("{entry}: an example says that it fires, but it stays silent", "{entry}：示例说会触发，实际不触发"),
    "lint.example-missing.fires": ("{entry}: no example in which it fires", "{entry}：缺少一个触发的示例"),
    "lint.example-missing.stays": ("{entry}: no example in which it stays silent", "{entry}：缺少一个不触发的示例"),
    # lint: evidence
    "lint.unconfirmable": (
        "{entry}: no answer or symptom confirms it (none that it has at least sometimes makes it three times as likely)",
        "{entry}：没有任何回答或症状能确认它（找不到“它至少有时会有、且有了就可能三倍”的发现）",
    ),
    "lint.inseparable": (
        "{entry} and {other}: no symptom and no answer separates them; expect something often in one and seldom in the other",
        "{entry} 与 {other}：没有症状或回答能把它们分开；至少要有一项在一方常见、在另一方少见",
    ),
    "lint.changes-nothing.fact": (
        "{entry}: its answer can change no ranking: no cause expects it and no rule asks for it",
        "{entry}：怎么回答都不影响排名：没有病因预期它，也没有规则用它",
    ),
    "lint.changes-nothing.symptom": ("{entry}: no cause expects it and no rule asks for it", "{entry}：没有病因预期它，也没有规则用它"),
    "lint.backfires": (
        "{entry}: {word} is meant to speak against it, but {fact} is rarer still in general ({base}), so it speaks for it",
        "{entry}：{word} 本意是反对，但 {fact} 平常更少见（{base}），反而成了支持",
    ),
    "lint.usual-yet-unexpected": (
        "{entry}: {cause} is listed as a usual cause, but expects this symptom only as {word}",
        "{entry}：{cause} 被列为常见病因，但它对该症状只写了 {word}",
    ),
    # lint: code and claims and contract
    "lint.snippet-broken": ("{framework} snippet does not parse: {reason}", "{framework} 代码片段有语法错误：{reason}"),
    "lint.snippet-fails": ("{framework} snippet does not run: {reason}", "{framework} 代码片段运行失败：{reason}"),
    "lint.claim-uncited": ("no entry cites the claim {entry}", "没有条目引用断言 {entry}"),
    "lint.claim-uncorrected": (
        "the claim {entry} is disputed, but no misconception cites it",
        "断言 {entry} 有争议，但没有哪条“误区”引用它",
    ),
    "lint.contract-id-missing": ("{entry} is missing in {kind}; outside programs rely on it", "{kind} 里缺少 {entry}；外部程序依赖这个 id"),
    "lint.contract-differs": (
        "{entry}: {field} is {here}, but outside programs rely on {wanted}",
        "{entry}：{field} 写成 {here}，外部程序依赖的是 {wanted}",
    ),
    "lint.near": ("; did you mean {name}?", "；是不是 {name}？"),
}
