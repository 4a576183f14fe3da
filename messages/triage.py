"""Words of the triage chat: the clinic's side of the conversation, panes, keys, help, records."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # the clinic speaks
    "greeting": ("Hello. What is the run doing?", "你好，训练出什么情况了？"),
    "greeting.how": (
        "Tell me in your own words, or hand me the log: type its path, drop the file here, or paste some lines of it. I will ask only what matters.",
        "用自己的话说就行；也可以把日志给我：输入路径、把文件拖进来，或者直接粘贴几行。我只问关键的。",
    ),
    "read": ("I have read {file}: {format}, {points:,} {points:point|points}.", "{file} 我看过了：{format}，共 {points} 个点。"),
    "pasted": ("the pasted lines", "粘贴的日志"),
    "read.seen": ("This is what stands out:", "比较显眼的有这些："),
    "read.healthy": (
        "Nothing in it calls for action. If something worries you all the same, tell me.",
        "里面没有需要处理的问题。如果你还是觉得哪里不对，跟我说说。",
    ),
    "read.unjudged": (
        "There is no curve in it that I could judge. If this is not the file you meant, give me another, or tell me what you see.",
        "里面没有能判断的曲线。要是给错了文件，换一份；也可以直接说说现象。",
    ),
    "stop": ("Stop the run now: {why}", "请立即停止训练：{why}"),
    "understood": ("Understood:", "我的理解是："),
    "nothing": (
        "I did not recognise a symptom or a setting in that. What does the loss do, and since when?",
        "这句话里我没听出症状或设置。loss 具体是什么表现，从什么时候开始的？",
    ),
    "guessed": (
        "What has a ? in front is only a guess of mine; take it out if it is wrong.",
        "带 ? 的是我猜的，不对就删掉。",
    ),
    "absent": ("And not: {names}.", "没有出现：{names}。"),
    "left_over": ("I could not make anything of {pieces}; if it matters, put it in other words.", "这部分没看懂：{pieces}。要紧的话换个说法告诉我。"),
    "quoted": ("“{text}”", "“{text}”"),
    "unknown": ("I don't know.", "不知道。"),
    "taken_back": ("Taken back: {name}", "已撤回：{name}"),
    "filed": ("Filed in the casebook as {case}", "已存入病例库：{case}"),
    "remark.front": ("That puts “{cause}” in front ({p}).", "这样看，“{cause}”排到了第一（{p}）。"),
    "remark.fits": ("That fits “{cause}”: {before} before, {now} now.", "这和“{cause}”对得上：从 {before} 升到 {now}。"),
    "remark.against": ("That speaks against “{cause}”: {before} before, {now} now.", "这不太支持“{cause}”：从 {before} 降到 {now}。"),
    "end.sure": ("I am fairly sure: “{first}” ({p}).", "基本可以确定：{first}（{p}）。"),
    "end.likely": ("Most likely “{first}” ({p}); if not, “{second}” ({q}).", "最可能是“{first}”（{p}），其次是“{second}”（{q}）。"),
    "end.open": (
        "It stays open: “{first}” ({p}) or “{second}” ({q}). More questions would not settle it; the checks in the plan would.",
        "现在还定不下来：“{first}”（{p}）或“{second}”（{q}）。再问下去帮助不大，做一下方案里的检查才能分清。",
    ),
    "end.unanswered": (
        "{n} {n:question is|questions are} still open; an answer may move things.",
        "还有 {n} 个问题没答上来，查到了再告诉我，结论可能会变。",
    ),
    "end.first": ("First thing to do: {fix}.", "先做这一步：{fix}。"),
    "end.how": (
        "F9 shows the whole plan, F10 files the case, Ctrl+S writes a report. You can go on talking.",
        "F9 看完整方案，F10 存入病例库，Ctrl+S 导出报告。想接着聊也可以。",
    ),
    "end.still_healthy": (
        "Noted. It does not change what I see in the log: nothing calls for action.",
        "记下了。就这份日志看，结论不变：没有需要处理的问题。",
    ),
    "end.nothing": (
        "I have run out of questions, and nothing so far points anywhere. A log would help most.",
        "该问的都问完了，还看不出方向。给我一份日志最有用。",
    ),
    # remarks that are not kept
    "note.nothing_asked": ("No question is open just now. Tell me what you see, or type “how” for my reasons.", "现在没有等着回答的问题。继续说说看到的现象，或输入“依据”看看我的理由。"),
    "note.no_file": ("There is no file {file} here.", "这里没有文件 {file}。"),
    "note.cut": ("That was very long: I looked at the first part. Better save it and give me the file.", "内容太长，我只看了前面一部分。建议存成文件再给我。"),
    "note.one_log": ("One log at a time: I read the first.", "一次只看一份日志，我先看第一份。"),
    "note.no_room": ("The pasted lines cannot be kept: {reason}", "粘贴的内容无法保存：{reason}"),
    "note.not_kept": ("This consultation cannot be recorded: {reason}", "这次问诊无法记录到磁盘：{reason}"),
    "note.torn": ("The last line of the record was cut off and is left out.", "记录的最后一行不完整，已略过。"),
    "note.resumed": ("Welcome back. This is where we were.", "欢迎回来，我们上次说到这里。"),
    "note.replay": ("This is a replay; nothing is added to the record.", "这是回放，不会往记录里写任何内容。"),
    "note.locked": ("This is a replay. Ctrl+N begins a consultation of your own.", "这是回放。按 Ctrl+N 可以开始新的问诊。"),
    "note.log_gone": ("The log {file} is not there any more; what I saw in it I still know.", "日志 {file} 已经不在了，不过当时看到的情况我都记着。"),
    # past cases
    "alike": ("Most like it of the past cases ({percent}%): {id}, {title}", "过去的病例里最像的是 {id}（相似度 {percent}%）：{title}"),
    "alike.placed": ("It was “{cause}”, number {n} of the causes here ({p}).", "它的病因是“{cause}”，在这里排第 {n}（{p}）。"),
    "alike.cause": ("What it was: {cause}.", "它的病因：{cause}。"),
    "alike.open": ("What it was is still open.", "它还没有定论。"),
    "alike.moved": ("“{cause}”. {told}.", "“{cause}”：{told}。"),
    "alike.reference": (" Published cases do not move the ranking, those that you confirm do. F6 reads it.", "公开病例不影响排名，你自己确诊的才会。F6 查看。"),
    # what a newcomer may complain of; the same words could be typed
    "opening.nan": ("The loss becomes NaN", "loss 变成 NaN 了"),
    "opening.spike": ("The loss spikes now and then, and comes back", "loss 时不时冒尖峰，又掉回来"),
    "opening.surge": ("The loss suddenly shoots up and stays up", "loss 突然飙升，再也没降下来"),
    "opening.stuck": ("The loss does not go down", "loss 降不下去"),
    "opening.swing": ("The loss oscillates", "loss 一直震荡"),
    "opening.gap": ("Validation loss rises while training loss falls", "训练 loss 在降，验证 loss 却在升"),
    # what each answer would do
    "why.answer": ("“{label}”: {shifts}", "“{label}”：{shifts}"),
    "why.shift": ("{name} {before} to {after}", "{name} {before} 变 {after}"),
    # answers that are always possible
    "choice.unknown": ("I don't know", "不知道"),
    "choice.why": ("Why do you ask?", "为什么问这个？"),
    "choice.back": ("Go back", "上一步"),
    "choice.more": ("Just ask me", "直接问我吧"),
    # what to type
    "hint.start": ("Describe it, or give a log.  Enter sends", "描述一下，或给出日志。  回车发送"),
    "hint.more": ("Anything to add?  F9 plan  F10 file", "还有要补充的吗？  F9 方案  F10 存档"),
    "hint.healthy": ("Anything to add?  F10 files it", "还有要补充的吗？  F10 存档"),
    "hint.choose": ("Pick an answer, or type anything", "选一个回答，或直接输入"),
    "hint.number": ("Type a number{unit}, or anything else", "输入数字{unit}，或直接说"),
    "hint.reading": ("Reading the log ...", "正在读日志 ..."),
    "reading": ("reading {file} ...", "正在读 {file} ..."),
    "no_ranking": ("No cause is ranked yet.", "还没有原因排名。"),
    "no_curve_in_it": ("There is no curve to draw in this log.", "这份日志里没有可以画的曲线。"),
    "no_curve": ("No log yet. Its curve will be drawn here.", "还没有日志，读入后曲线会画在这里。"),
    "course": ("How it went", "训练过程"),
    "no_cause": ("Once something is known, the likeliest cause is explained here.", "有了线索之后，这里会说明最可能的原因。"),
    # beside the first greeting
    "welcome.tell": ("Tell me what you see", "说说现象"),
    "welcome.tell.text": (
        "> loss shot up at step 1500, lr 3e-4, no clipping\n"
        "> val loss rises from epoch 12, train loss still falls\n"
        "Settings and what you tried help as much as symptoms do.",
        "> 第 1500 步 loss 突然飙升，lr 3e-4，没开梯度裁剪\n> 训练 loss 还在降，验证 loss 从第 12 轮开始往上走\n超参、改动、试过的办法，说出来都有用。",
    ),
    "welcome.log": ("Or hand me the log", "或者给我日志"),
    "welcome.log.text": (
        "> runs/exp3/metrics.csv\nCSV, TSV, JSON lines, TensorBoard, W&B, trainer logs or plain output. Drop the file here, type its path, or paste some lines.",
        "> runs/exp3/metrics.csv\nCSV、TSV、JSON Lines、TensorBoard、W&B、各家 Trainer 的日志或终端输出都行。拖文件、输路径、粘贴几行都可以。",
    ),
    "welcome.then": ("What comes of it", "然后"),
    "welcome.then.text": (
        "The curve is drawn here with every anomaly numbered. Below it the likely causes, how to confirm the first, and what to do. "
        "I ask a few questions; “I don't know” is a fine answer.",
        "曲线会画在这里，异常逐个编号；下面是可能的原因、怎么确认、该怎么做。我会问几个问题，答“不知道”也没关系。",
    ),
    "welcome.keys": ("At any time", "随时可用"),
    "welcome.key.plan": ("the plan, as a checklist", "方案清单"),
    "welcome.key.file": ("keep the case in your casebook", "存入病例库"),
    "welcome.key.export": ("write a report", "导出报告"),
    "welcome.key.change": ("change an earlier answer", "修改之前的回答"),
    "welcome.key.casebook": ("cases of others, and yours", "病例库：公开的和你自己的病例"),
    "welcome.key.quiz": ("practise for interviews", "面试练习"),
    # the curve
    "zoomed": ("zoom x{times}", "放大 {times} 倍"),
    "metric_of": ("m next {n}/{total}", "m 换指标 {n}/{total}"),
    # panes
    "pane.talk": ("Talk", "对话"),
    "pane.curve": ("Curve", "曲线"),
    "pane.causes": ("Causes", "原因"),
    "pane.plan": ("Plan", "方案"),
    "cause.confirm": ("How to confirm", "怎么确认"),
    "cause.outcome": ("{when}: {means}", "{when}：{means}"),
    "cause.differs": ("Or is it “{other}”?", "和“{other}”怎么区分"),
    "cause.telling": ("This would tell them apart: {ask}", "问一句就能分开：{ask}"),
    "cause.alike": ("Nothing I could still ask tells these two apart.", "目前没有哪个问题能把两者分开。"),
    "plan.title": ("Plan, {done} of {n} done", "方案，已完成 {done}/{n}"),
    "plan.none": ("There is no plan yet: nothing is known that calls for one.", "还没有方案：目前没有需要处理的情况。"),
    "plan.find_out": ("Find out", "先弄清"),
    "plan.confirm": ("Confirm “{cause}”", "确认是不是“{cause}”"),
    "plan.verify": ("See that it helped", "验证效果"),
    "review.title": ("What you told me", "你告诉我的"),
    "review.none": ("You told me nothing yet.", "你还没说过什么。"),
    "review.keys": ("Enter asks again, Delete takes back, Esc leaves it", "回车重新回答，Delete 撤回，Esc 返回"),
    "file.nothing": ("Nothing is known yet.", "还没有任何线索。"),
    "file.done": ("Filed as {case} in {where}", "已存为 {case}，位置：{where}"),
    "file.already": ("Already filed as {case}.", "已经存过了：{case}。"),
    "export.done": ("Written: {file}", "已写入：{file}"),
    "export.failed": ("{file} cannot be written: {reason}", "{file} 无法写入：{reason}"),
    # keys
    "key.pane": ("Next pane", "下一栏"),
    "key.plan": ("Plan", "方案"),
    "key.file": ("File the case", "存入病例库"),
    "key.review": ("Change an earlier answer", "修改之前的回答"),
    "key.back": ("Go back", "上一步"),
    "key.why": ("Why do you ask?", "为什么问这个"),
    "key.unknown": ("I don't know", "不知道"),
    "key.export": ("Export as Markdown", "导出 Markdown"),
    "key.export_json": ("Export as JSON", "导出 JSON"),
    "key.fresh": ("New consultation", "新的问诊"),
    "key.send": ("Send", "发送"),
    "key.new_line": ("New line", "换行"),
    "key.leave": ("To the answers", "回到选项"),
    "key.choose": ("Choose", "选择"),
    "key.change": ("Ask again", "重新回答"),
    "key.take_out": ("Not meant", "不是这个意思"),
    "key.tick": ("Done", "完成"),
    "key.open": ("Read about it", "查看说明"),
    "key.up": ("Up", "上移"),
    "key.down": ("Down", "下移"),
    "key.previous": ("Previous", "前一个"),
    "key.next": ("Next", "后一个"),
    "key.left": ("To the left", "左移"),
    "key.right": ("To the right", "右移"),
    "key.closer": ("Closer", "放大"),
    "key.farther": ("Farther", "缩小"),
    "key.whole": ("Whole run", "看全程"),
    "key.metric": ("Metric", "换指标"),
    "key.metric_back": ("Previous metric", "上一个指标"),
    "key.log": ("Log", "对数"),
    # help
    "help.room": (
        "Triage\nTalk on the left; the curve, the likely causes and the plan beside it. F4 goes from one to the next; Esc comes back here.",
        "问诊\n左边是对话，旁边是曲线、可能的原因和方案。F4 切换，Esc 回到对话。",
    ),
    "help.prompt": (
        "The line to type in\nSay what you see, answer, or name a log file; a dropped file or pasted log lines are read. Several things at once are fine.\n"
        "What I understood comes back as chips; Tab goes to them, Delete takes one out.\nUp, or Esc, goes to the answers above.",
        "输入框\n描述现象、回答问题、给出日志路径都可以；拖入文件或粘贴几行日志会直接读取。一次说几件事也行。\n"
        "我的理解会列成标签，按 Tab 移过去，Delete 去掉不对的。\n按 ↑ 或 Esc 回到上面的选项。",
    ),
    "help.choices": (
        "Quick answers\nOne key picks: a digit, 0 for “I don't know”, ? to hear why it is asked, < to go back. Arrows and Enter, or the mouse, do as well.\n"
        "Start typing to say something else.",
        "快捷回答\n按数字直接选；0 是不知道，? 看为什么问，< 返回上一步。方向键加回车、鼠标也可以。\n直接打字就能说别的。",
    ),
    "help.chips": (
        "What was understood\nEach chip is something I took from your words. Arrows choose one, Delete takes it out.",
        "听到的内容\n每个标签都是从你的话里听出来的。方向键选择，Delete 去掉。",
    ),
    "help.curve": (
        "The curve\nUp and down zoom, left and right move, Home shows the whole run. A digit goes to the anomaly with that number. The mouse wheel zooms.\n"
        "However many points a column has, its highest and its lowest are drawn: no spike is lost.",
        "曲线\n↑ ↓ 缩放，← → 平移，Home 看全程；按数字跳到对应编号的异常，滚轮也能缩放。\n不管一列压了多少个点，最高和最低都会画出来，尖峰不会丢。",
    ),
    "help.ranking": (
        "The likely causes\nBars move when evidence comes; the points beside them say by how much. Choose one to read about it.",
        "可能的原因\n有新线索时条形会变，旁边的数字是变化的百分点。选中一项，旁边就会显示说明。",
    ),
    "help.cause": (
        "The chosen cause\nHow to confirm it, what to do now and for good, why it is ranked so, and what tells it from the next. F8 copies what to do now.",
        "选中的原因\n怎么确认，现在做什么，以后怎么避免，为什么这样排，和下一个怎么区分。F8 复制“现在就做”的内容。",
    ),
    "help.plan": ("The plan\nSpace ticks off what is done. F8 copies the plan as a task list.", "方案\n空格打勾。F8 把整个方案复制成任务清单。"),
    "help.review": ("What you told me\nEnter asks the question again, Delete takes the answer back.", "你告诉我的\n回车重新回答，Delete 撤回。"),
    # command line
    "cli.triage.about": (
        "Talks it over with you on a full screen: the curve, a few questions, the likely causes, a plan. This is what opens without a command.",
        "全屏问诊：看曲线、问几个关键问题、排出可能的原因、给出方案。不带命令时打开的就是它。",
    ),
    "cli.triage.usage": (
        "lossclinic triage [[--metrics] FILE] [--say TEXT] [--lang LANG]",
        "lossclinic triage [[--metrics] 文件] [--say 描述] [--lang 语言]",
    ),
    "cli.triage.help": (
        "Opens the triage chat, with a log and a first message if you like. Everything said is kept as it happens; after a crash, "
        "`lossclinic resume` goes on where it stopped.",
        "打开问诊界面，可以带上日志和第一句话。说过的内容会即时保存，万一中断，用 `lossclinic resume` 接着来。",
    ),
    "cli.resume.about": ("Goes on with the last consultation that was not finished.", "接着上一次没结束的问诊。"),
    "cli.resume.usage": ("lossclinic resume [FILE]", "lossclinic resume [文件]"),
    "cli.resume.help": (
        "Takes up the last consultation that did not come to an end, or the one recorded in FILE.",
        "继续最近一次没有结束的问诊，或者文件里记录的那一次。",
    ),
    "cli.replay.about": ("Shows a recorded consultation.", "回放一次问诊记录。"),
    "cli.replay.usage": ("lossclinic replay FILE", "lossclinic replay 文件"),
    "cli.replay.help": (
        "Shows a recorded consultation on the screen without adding to it; written into a pipe or a file it is text.",
        "在界面上回放一次问诊，不会改动记录；输出到管道或文件时是纯文本。",
    ),
    "cli.go_on": ("To go on with this consultation: lossclinic resume {file}", "想接着这次问诊：lossclinic resume {file}"),
    "cli.one_file": ("replay takes one file: lossclinic replay FILE", "replay 需要一个文件：lossclinic replay 文件"),
    "cli.no_screen": (
        "{command} needs a terminal with a screen and a keyboard; diagnose works without",
        "{command} 需要可交互的终端；没有终端时可用 diagnose",
    ),
    # records
    "record.not_one": (
        "{file}: not a recorded consultation; `lossclinic resume` takes up the last one",
        "{file}：不是问诊记录；用 `lossclinic resume` 可接着上一次的问诊",
    ),
    "record.bad_line": ("{file}:{line}: not an event of a consultation; the file was changed or damaged", "{file}:{line}：不是有效的问诊事件，文件可能被改动或损坏"),
    "record.too_new": (
        "{file}: written by a later version of lossclinic (format {version}, this one reads up to {known}); upgrade it",
        "{file}：由更新版本的 lossclinic 写成（格式 {version}，当前最高支持 {known}），请先升级",
    ),
    "record.missing": ("{file}: no such file; check the path", "{file}：文件不存在，请检查路径"),
    "record.unreadable": ("{file}: cannot be read: {reason}", "{file}：无法读取：{reason}"),
    "record.none": ("there is no consultation to take up again in {folder}; lossclinic triage begins one", "{folder} 里没有可以继续的问诊；用 lossclinic triage 开始新的"),
    "record.open": ("{file}: this consultation is open in another terminal; close it there first", "{file}：这次问诊正在另一个终端里进行，请先在那边退出"),
    "record.torn": ("the last line of {file} was cut off and is left out", "{file} 的最后一行不完整，已略过"),
}
