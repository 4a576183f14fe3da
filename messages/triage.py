"""Words of the triage chat: the clinic's side of the conversation, panes, keys, help, records."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # records
    "record.not_one": (
        "{file}: not a recorded consultation; `lossclinic resume` lists those that there are",
        "{file}：不是问诊记录；用 `lossclinic resume` 可接着上次的问诊",
    ),
    "record.bad_line": ("{file}:{line}: not an event of a consultation; the file was changed or damaged", "{file}:{line}：不是有效的问诊事件，文件可能被改动或损坏"),
    "record.too_new": (
        "{file}: written by a later version of lossclinic (format {version}, this one reads up to {known}); upgrade it",
        "{file}：由更新版本的 lossclinic 写成（格式 {version}，当前最高支持 {known}），请先升级",
    ),
}
