"""Words of the quiz: questions, verdicts, commands, statistics."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # questions
    "ask.explain": (
        "Explain “{name}”: what happens inside, how it shows in the log, how you confirm it, and what you do about it.",
        "讲讲「{name}」：内部发生了什么，日志上怎么表现，怎么确认，怎么处理。",
    ),
    "ask.which_cause": ("Which cause shows like this?\n{signature}", "下面这种表现，是哪种病因？\n{signature}"),
    "ask.which_symptom": ("What is this called?\n{signature}", "这叫什么？\n{signature}"),
    "ask.apart": (
        "“{one}” or “{two}”: they are taken for each other. What tells them apart?",
        "「{one}」和「{two}」常被弄混。怎么区分？",
    ),
    "ask.order_cause": (
        "You suspect “{name}”. Put the checks in order, the one you make first at the top: cheap before dear.",
        "怀疑是「{name}」。把这些检查排个序，先做的在前：先便宜后昂贵。",
    ),
    "ask.order_playbook": ("“{name}”: put the steps in order.", "「{name}」：把步骤排好顺序。"),
    "ask.fix_now": ("“{name}” is confirmed. What do you do at once?", "确认是「{name}」。马上该做什么？"),
    "ask.fix_for_good": ("“{name}” is confirmed and the run is safe. What keeps it from coming back?", "确认是「{name}」，训练已经稳住。怎样让它不再出现？"),
    "ask.judge": ("Does this hold?\n{statement}", "这个说法成立吗？\n{statement}"),
    "ask.code": ("{name}: what stands in the gap? ({about})", "{name}：空格里该填什么？（{about}）"),
    "ask.curve": ("What does this curve show?", "这条曲线说明什么？"),
    "ask.case": ("A case of your team: {title}\n{summary}\nWhat was the cause?", "团队的一个病例：{title}\n{summary}\n病因是什么？"),
    "name.apart": ("{one} or {two}", "{one}，还是{two}"),
    "holds": ("It holds", "成立"),
    "does_not_hold": ("Wrong, or too simple", "不成立，或过于简单"),
    "healthy": ("Nothing: a healthy run", "没有问题：正常的训练"),
    "answer_of": ("{dimension}: {text}", "{dimension}：{text}"),
    # what cards are about
    "dimension.data": ("Data", "数据"),
    "dimension.learning_rate": ("Learning rate", "学习率"),
    "dimension.gradients": ("Gradients", "梯度"),
    "dimension.model_numerics": ("Model and numerics", "模型与数值"),
    "dimension.optimizer": ("Optimizer", "优化器"),
    "dimension.code_environment": ("Code and environment", "代码与环境"),
    "dimension.method": ("Method", "方法"),
    "level.recall": ("recall", "识记"),
    "level.mechanism": ("mechanism", "机理"),
    "level.design": ("design", "设计"),
    "level.debug": ("debug", "排查"),
    "kind.name": ("name it", "辨认"),
    "kind.explain": ("explain", "讲解"),
    "kind.apart": ("tell apart", "区分"),
    "kind.order": ("order", "排序"),
    "kind.fix": ("pick the fix", "选处理"),
    "kind.judge": ("true or not", "判断"),
    "kind.code": ("code", "补代码"),
    "kind.interview": ("interview", "面试题"),
    "kind.curve": ("curve", "看曲线"),
    "kind.case": ("case", "病例"),
}
