"""What reading a file may bring up: the ids of `Log.notes`, each with its wording in English and in Chinese.

Placeholders in braces are the keys of `Note.values`; both languages have the same ones.
"""

from __future__ import annotations

__all__ = ["NOTES"]

NOTES: dict[str, tuple[str, str]] = {
    "encoding": ("read as {encoding}", "按 {encoding} 编码读取"),
    "broken_characters": ("some characters are damaged and were replaced", "部分字符已损坏，已替换"),
    "cut_archive": ("the compressed file breaks off; read what is there", "压缩文件不完整，只读取了已有部分"),
    "partial_last_line": ("the last line is incomplete and was left out", "最后一行不完整，已忽略"),
    "bad_lines": ("{count} lines could not be understood and were left out", "有 {count} 行无法识别，已忽略"),
    "ragged_rows": ("{count} rows have more or fewer cells than the header", "有 {count} 行的列数与表头不一致"),
    "repeated_header": ("the header comes again {count} times inside the file", "表头在文件中又出现了 {count} 次"),
    "headerless": (
        "no header: column {loss} was taken for the loss; say --map train_loss=COLUMN if that is wrong",
        "没有表头：把 {loss} 当作损失；如不对请用 --map train_loss=列名 指定",
    ),
    "decimal_comma": ("commas were read as decimal points", "逗号按小数点读取"),
    "duplicate_steps": ("{count} steps were logged twice; the last value was kept", "有 {count} 个步数重复记录，保留最后一个值"),
    "restart": (
        "training was started again {count} times within this log; the steps were put end to end",
        "日志中训练重新启动了 {count} 次，步数已首尾相接",
    ),
    "resume_banner": ("the log says {count} times that training was resumed", "日志中有 {count} 次提到恢复训练"),
    "clock_reset": ("the clock column starts again {count} times: training was resumed", "计时列归零 {count} 次：训练曾中断后恢复"),
    "several_runs": ("{count} runs in one file", "一个文件中包含 {count} 次训练"),
    "within_epoch": (
        "the step counter starts again each epoch; {count} epochs were put end to end",
        "步数在每轮重新计数；已把 {count} 轮首尾相接",
    ),
    "unsorted": ("{count} rows were out of order and were sorted by step", "有 {count} 行顺序不对，已按步数排序"),
    "nan_values": ("{column}: {count} values are NaN or infinite", "{column}：有 {count} 个值为 NaN 或无穷"),
    "nan_as_missing": ("{column}: {count} NaN only mark rows without a value", "{column}：{count} 个 NaN 只表示该行没有值"),
    "row_axis": ("no usable step or epoch column: rows are counted", "没有可用的步数或轮次列：按行计数"),
    "different_lengths": (
        "columns of different lengths: the shorter ones were spread over the longest",
        "各列长度不同：较短的列已均匀铺开",
    ),
    "progress_bars": ("progress bars: only the last state of each was read", "进度条：只读取每条的最后状态"),
    "picked_file": ("of {count} logs in the folder, {file} was read", "文件夹中有 {count} 个日志，读取了 {file}"),
    "damaged_records": ("{count} records are damaged and were left out", "有 {count} 条记录已损坏，已忽略"),
    "several_ranks": (
        "{count} ranks log at the same steps; rank {main} is the main series",
        "{count} 个进程记录了相同步数；以进程 {main} 为主",
    ),
}
"""Note id -> (English, Chinese)."""
