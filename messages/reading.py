"""Words of `lossclinic read`: what was understood of a log."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "about": ("show how a log is understood: format, steps, columns, gaps", "查看日志是如何被理解的：格式、步数、各列含义、缺口"),
    "usage": (
        "lossclinic read FILE... [--map METRIC=COLUMN]... [--format text|json] [--lang en|zh]",
        "lossclinic read 文件... [--map 指标=列名]... [--format text|json] [--lang en|zh]",
    ),
    "help": (
        "Reads logs and says what was understood, without judging the training. A column taken for the wrong thing is put right with --map, here and in diagnose: --map train_loss=objective_2",
        "读取日志并说明如何理解它，不对训练下结论。哪一列认错了，用 --map 纠正，在这里和 diagnose 里写法相同：--map train_loss=objective_2",
    ),
    "no_file": ("no log given; write `lossclinic read FILE`", "没有给出日志；写法是 `lossclinic read 文件`"),
    "shape.step": (
        "{format}, {points} {points:point|points}, steps {first} to {last}",
        "{format}，{points} 个点，第 {first} 步到第 {last} 步",
    ),
    "shape.epoch": (
        "{format}, {points} {points:point|points}, epochs {first} to {last}",
        "{format}，{points} 个点，第 {first} 轮到第 {last} 轮",
    ),
    "shape.row": (
        "{format}, {points} {points:point|points}; rows are counted, because no column counts steps or epochs",
        "{format}，{points} 个点；没有步数或轮次列，按行计数",
    ),
    "shape.none": ("{format}; no course of a training in it", "{format}；其中没有训练过程"),
    "axis_is": ("counts the steps", "作为横轴"),
    "column": ("column", "列"),
    "metric": ("read as", "理解为"),
    "points": ("points", "点数"),
    "range": ("first … last (lowest to highest)", "首值 … 末值（最低～最高）"),
    "broken": ("{count} not finite", "{count} 个非有限值"),
    "unused": ("Not used", "未使用"),
    "notes": ("Notes", "说明"),
    "every": ("logged every {every}", "每 {every} 记录一次"),
    "gap": ("longest gap: {size}, from {first} to {last}", "最长缺口：{size}，从 {first} 到 {last}"),
    "restarts": ("training starts again at {steps}", "训练在 {steps} 处重新开始"),
    "more": ("and {count} more", "另有 {count} 处"),
    "map_it": ("if it is {metric}: --map {metric}={column}", "如果它是 {metric}：--map {metric}={column}"),
    "why.text": ("text", "文本"),
    "why.empty": ("empty", "空列"),
    "why.no_name": ("no name", "没有列名"),
    "why.unknown": ("unknown meaning", "含义不明"),
    "why.another_counter": ("another counter", "另一个计数列"),
    "why.another_metric": ("another metric of the kind", "同类的其他指标"),
    "why.about_loss": ("about the loss, not the loss", "与损失有关，但不是损失"),
    "why.best": ("only repeats the best so far", "只重复历史最优值"),
    "why.range": ("range of another column", "其他列的取值范围"),
    "why.setting": ("one value a run, no course", "每次训练一个值，不是过程"),
}
