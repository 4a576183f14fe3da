"""Sentences about what was handed over: logs that cannot be read, facts that cannot be, and what reading a log brought up (`note`).

An error says what is wrong, where, and after the last semicolon what to do.
"""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "comma": (", ", "、"),
    # nothing to read
    "nothing_given": ("nothing to diagnose; give a metrics log, words, or facts", "没有可诊断的内容；请给出训练日志、文字描述或已知事实"),
    "no_file": ("{name}: no such file; check the path", "{name}：文件不存在；请检查路径"),
    "no_path": ("{name}: not a valid path; check the path", "{name}：路径不合法；请检查路径"),
    "not_opened": ("{name}: cannot be opened ({reason}); check the permissions", "{name}：无法打开（{reason}）；请检查访问权限"),
    "not_readable": (
        "{name}: cannot be read ({reason}); check the disk, or copy the file again",
        "{name}：读取失败（{reason}）；请检查磁盘，或重新复制文件",
    ),
    "empty": ("{name}: the file is empty; give a log with at least a few lines", "{name}：文件是空的；请给出至少有几行内容的日志"),
    "no_log_in_folder": (
        "{name}: a folder without a log that can be read; give the log file itself",
        "{name}：文件夹里没有能读取的日志；请直接给出日志文件",
    ),
    # too much to read
    "too_large": (
        "{name}: too large for the memory of this machine; give a shorter log",
        "{name}：文件太大，本机内存放不下；请给出短一些的日志",
    ),
    "endless": ("{name}: more than {size} MB without an end; save it to a file first", "{name}：超过 {size} MB 仍未结束；请先存成文件"),
    "long_line": (
        "{name}: a line of more than {size} MB, so it is no training log or its line ends are lost; give the file that the trainer wrote",
        "{name}：有一行超过 {size} MB，可能不是训练日志，也可能丢了换行；请给出训练程序写出的原始文件",
    ),
    "long_json": (
        "{name}: a JSON document of more than {size} MB; write one object a line (.jsonl)",
        "{name}：JSON 文档超过 {size} MB；请改成每行一个对象（.jsonl）",
    ),
    "long_parquet": (
        "{name}: this Parquet file says that it holds {n} rows, more than any training log; check it, or give an extract of it",
        "{name}：这个 Parquet 文件标明有 {n} 行，不像训练日志；请检查文件，或只截取一部分",
    ),
    # no log
    "binary": (
        "{name}: binary data, not a log in any known format; give the CSV, JSON or text output of the training",
        "{name}：是二进制数据，不属于任何已知的日志格式；请给出训练输出的 CSV、JSON 或文本日志",
    ),
    "no_numbers": (
        "{name}: no line with a name and a number was found; give a training log (CSV, JSON lines, text output, ...)",
        "{name}：没有一行同时含有名称和数字；请给出训练日志（CSV、JSON Lines、文本输出等）",
    ),
    "unforeseen": (
        "{name}: cannot be read as a training log ({reason}); please report it",
        "{name}：无法当作训练日志读取（{reason}）；请向我们反馈这个问题",
    ),
    # archives
    "cut_archive": (
        "{name}: the compressed file breaks off before its first line; copy it again",
        "{name}：压缩文件不完整，连第一行都没有；请重新复制",
    ),
    "damaged_gzip": (
        "{name}: damaged gzip archive ({reason}); copy it again or unpack it by hand",
        "{name}：gzip 压缩文件已损坏（{reason}）；请重新复制，或手动解压",
    ),
    "damaged_archive": (
        "{name}: damaged archive ({reason}); copy it again or unpack it by hand",
        "{name}：压缩文件已损坏（{reason}）；请重新复制，或手动解压",
    ),
    "many_in_zip": (
        "{name}: a zip archive is read when it holds one log, and this one holds {n} {n:file|files} ({files}); unpack it and name the log",
        "{name}：zip 压缩包里只有一个日志时才能直接读取，这里有 {n} 个文件（{files}）；请解压后指定要看的日志",
    ),
    "damaged_zstd": (
        "{name}: damaged zstd archive ({reason}); copy it again or unpack it by hand",
        "{name}：zstd 压缩文件已损坏（{reason}）；请重新复制，或手动解压",
    ),
    "no_zstd": (
        "{name}: is compressed with zstd; unpack it (zstd -d), or install the package zstandard",
        "{name}：是 zstd 压缩文件；请先解压（zstd -d），或安装 zstandard 包",
    ),
    # single formats
    "bad_row": (
        "{name}: line {line} is not a table row ({reason}); repair or delete it",
        "{name}：第 {line} 行不是合法的表格行（{reason}）；请修正或删除这一行",
    ),
    "only_header": (
        "{name}: there is a header but no row below it; give a log that has been written to",
        "{name}：只有表头，没有数据；请给出已经写入数据的日志",
    ),
    "no_records": (
        "{name}: JSON without a list of log records or numbers; give trainer_state.json, a history or JSON lines",
        "{name}：JSON 里没有日志记录或数值列表；请给出 trainer_state.json、训练历史或 JSON Lines",
    ),
    "json_nested": (
        "{name}: nested too deeply for a log; give the file that the trainer wrote",
        "{name}：嵌套太深，不像日志；请给出训练程序写出的原始文件",
    ),
    "json_cut": (
        "{name}:{line}:{column}: the document breaks off at line {line}, column {column}; it was not written to its end, take an earlier one",
        "{name}:{line}:{column}：JSON 在第 {line} 行第 {column} 列中断，没有写完；请换用更早的一份",
    ),
    "json_broken_at": (
        "{name}:{line}:{column}: the document is not JSON ({reason}) at line {line}, column {column}; repair it",
        "{name}:{line}:{column}：第 {line} 行第 {column} 列不是合法的 JSON（{reason}）；请修正",
    ),
    "json_broken": ("{name}: is not JSON ({reason}); repair it", "{name}：不是合法的 JSON（{reason}）；请修正"),
    "json_lines": (
        "{name}: {n} lines are not JSON objects; give a file with one object a line",
        "{name}：有 {n} 行不是 JSON 对象；请给出每行一个对象的文件",
    ),
    "damaged_parquet": (
        "{name}: damaged Parquet file ({reason}); write it again",
        "{name}：Parquet 文件已损坏（{reason}）；请重新生成",
    ),
    "no_scalars": (
        "{name}: an event file without a single scalar; log the loss with add_scalar or tf.summary.scalar",
        "{name}：事件文件里没有标量；请用 add_scalar 或 tf.summary.scalar 记录损失",
    ),
    "no_history": (
        "{name}: an offline W&B run in which nothing was logged; log the loss with wandb.log",
        "{name}：这次 W&B 离线训练没有任何记录；请用 wandb.log 记录损失",
    ),
    # data in memory
    "data_no_columns": (
        "(data): no columns; give a mapping from column names to sequences of numbers",
        "(data)：没有任何列；请给出列名到数字序列的映射",
    ),
    "data_no_sequence": (
        '(data): column "{column}" is not a sequence of numbers; give a list or a 1-D array',
        "(data)：列“{column}”不是数字序列；请给出列表或一维数组",
    ),
    "data_no_numbers": (
        '(data): column "{column}" holds {kind}, not numbers; give a 1-D sequence of numbers',
        "(data)：列“{column}”里是 {kind}，不是数字；请给出一维的数字序列",
    ),
    # columns
    "no_values": (
        "{name}: there are columns but no values in them; give a log that has been written to",
        "{name}：有列但没有数值；请给出已经写入数据的日志",
    ),
    "loss_without_number": (
        '{name}: the loss column "{column}" holds not a single number, it is NaN throughout; say so in words instead: '
        '--say "loss is NaN from the first step"',
        "{name}：损失列“{column}”从头到尾都是 NaN，没有一个有效数字；请改用文字描述，例如 --say \"loss 从第一步就是 NaN\"",
    ),
    "loss_empty": (
        '{name}: the loss column "{column}" holds not a single number; log the loss, or choose one with --map train_loss=COLUMN',
        "{name}：损失列“{column}”是空的；请记录损失，或用 --map train_loss=列名 指定另一列",
    ),
    "no_loss": (
        "{name}: no column could be a loss; found {columns}; say which one it is with --map train_loss=COLUMN",
        "{name}：看不出哪一列是损失，现有的列：{columns}；请用 --map train_loss=列名 指定",
    ),
    "no_loss_of_many": (
        "{name}: no column could be a loss; found {columns} and {n} more; say which one it is with --map train_loss=COLUMN",
        "{name}：看不出哪一列是损失，现有的列：{columns}，另有 {n} 列；请用 --map train_loss=列名 指定",
    ),
    "all_empty": (
        "{name}: no column could be a loss, all of them are empty; give a log with the loss in it",
        "{name}：所有列都是空的，找不到损失；请给出记录了损失的日志",
    ),
    "unknown_metric": (
        '{name}: unknown metric "{metric}" in --map; use one of: {metrics}',
        "{name}：--map 里没有名为“{metric}”的指标；请从这些里选：{metrics}",
    ),
    "no_column_but": (
        '{name}: no column of numbers called "{column}" among the {n}; did you mean {near}?',
        "{name}：{n} 个数字列里没有名为“{column}”的；请确认是不是：{near}",
    ),
    "no_column": (
        '{name}: no column of numbers called "{column}"; there are: {columns}',
        "{name}：没有名为“{column}”的数字列；请从这些列里选：{columns}",
    ),
    "no_column_at_all": (
        '{name}: no column of numbers called "{column}", nor any other; give a log with numbers in it',
        "{name}：没有名为“{column}”的数字列，也没有其他数字列；请给出含有数值的日志",
    ),
    # facts
    "fact_unknown": ("unknown fact {fact}; `lossclinic kb facts` lists them", "没有名为 {fact} 的事实；请用 `lossclinic kb facts` 查看全部事实"),
    "fact_misspelt": ("unknown fact {fact}; did you mean {near}?", "没有名为 {fact} 的事实；请确认是不是想写 {near}"),
    "fact_bool": ("{fact} is true or false, not {value}", "{fact} 不能是 {value}；请填 true 或 false"),
    "fact_enum": ("{fact} is one of {choices}, not {value}", "{fact} 不能是 {value}；请从这些里选：{choices}"),
    "fact_number": ("{fact} is a number, not {value}", "{fact} 不能是 {value}；请填一个数字"),
    "fact_range": (
        "{fact} is a number between {low:g} and {high:g}, not {value}",
        "{fact} 不能是 {value}；请填 {low:g} 到 {high:g} 之间的数字",
    ),
    # what reading brought up: the ids of `Log.notes`
    "note.encoding": ("read as {encoding}", "按 {encoding} 编码读取"),
    "note.broken_characters": ("some characters are damaged and were replaced", "部分字符已损坏，已替换"),
    "note.cut_archive": ("the compressed file breaks off; read what is there", "压缩文件不完整，只读取了已有部分"),
    "note.partial_last_line": ("the last line is incomplete and was left out", "最后一行不完整，已忽略"),
    "note.bad_lines": (
        "{count} {count:line|lines} could not be understood and {count:was|were} left out",
        "有 {count} 行无法识别，已忽略",
    ),
    "note.ragged_rows": (
        "{count} {count:row has|rows have} more or fewer cells than the header",
        "有 {count} 行的列数与表头不一致",
    ),
    "note.repeated_header": ("the header comes again {count} {count:time|times} inside the file", "表头在文件中又出现了 {count} 次"),
    "note.headerless": (
        "no header: column {loss} was taken for the loss; say --map train_loss=COLUMN if that is wrong",
        "没有表头：把 {loss} 当作损失；如不对请用 --map train_loss=列名 指定",
    ),
    "note.decimal_comma": ("commas were read as decimal points", "逗号按小数点读取"),
    "note.duplicate_steps": (
        "{count} {count:step was|steps were} logged twice; the last value was kept",
        "有 {count} 个步数重复记录，保留最后一个值",
    ),
    "note.restart": (
        "training was started again {count} {count:time|times} within this log; the steps were put end to end",
        "日志中训练重新启动了 {count} 次，步数已首尾相接",
    ),
    "note.resume_banner": ("the log says {count} {count:time|times} that training was resumed", "日志中有 {count} 次提到恢复训练"),
    "note.clock_reset": (
        "the clock column starts again {count} {count:time|times}: training was resumed",
        "计时列归零 {count} 次：训练曾中断后恢复",
    ),
    "note.several_runs": ("{count} runs in one file", "一个文件中包含 {count} 次训练"),
    "note.within_epoch": (
        "the step counter starts again each epoch; {count} {count:epoch was|epochs were} put end to end",
        "步数在每轮重新计数；已把 {count} 轮首尾相接",
    ),
    "note.unsorted": (
        "{count} {count:row was|rows were} out of order and sorted by step",
        "有 {count} 行顺序不对，已按步数排序",
    ),
    "note.nan_values": ("{column}: {count} {count:value is|values are} NaN or infinite", "{column}：有 {count} 个值为 NaN 或无穷"),
    "note.maximised": ("{column} is negative and rises, as what is maximised does; its negative is taken for the loss", "{column} 为负且在上升，是被最大化的目标；取其相反数作为损失"),
    "note.nan_as_missing": (
        "{column}: {count} NaN only {count:marks a row|mark rows} without a value",
        "{column}：{count} 个 NaN 只表示该行没有值",
    ),
    "note.row_axis": ("no usable step or epoch column: rows are counted", "没有可用的步数或轮次列：按行计数"),
    "note.runs_table": (
        "a table of {count} runs, one row each: no course of a run to diagnose; export the history of one run (in W&B: a chart, or run.history())",
        "这是 {count} 次训练的汇总表，每行一次，没有训练过程可诊断；请导出单次训练的历史（W&B 中导出图表，或用 run.history()）",
    ),
    "note.swollen_archive": (
        "the archive unpacks to more than {times} times its size, as no log does; only the first {size} MB were read",
        "压缩文件解压后超过原大小的 {times} 倍，不像日志；只读取了前 {size} MB",
    ),
    "note.thinned": (
        "long log: of {count} rows {kept} were kept, among them every extreme and all rows near a jump",
        "日志很长：共 {count} 行，保留 {kept} 行，其中包括全部极值和每处突变附近的所有行",
    ),
    "note.different_lengths": (
        "columns of different lengths: the shorter ones were spread over the longest",
        "各列长度不同：较短的列已均匀铺开",
    ),
    "note.progress_bars": ("progress bars: only the last state of each was read", "进度条：只读取每条的最后状态"),
    "note.picked_file": ("of {count} logs in the folder, {file} was read", "文件夹中有 {count} 个日志，读取了 {file}"),
    "note.damaged_records": (
        "{count} {count:record is|records are} damaged and {count:was|were} left out",
        "有 {count} 条记录已损坏，已忽略",
    ),
    "note.several_ranks": (
        "{count} ranks log at the same steps; rank {main} is the main series",
        "{count} 个进程记录了相同步数；以进程 {main} 为主",
    ),
}
