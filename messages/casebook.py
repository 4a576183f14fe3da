"""Words of the casebook: its files, its stores, its commands and its screen."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # Markdown files
    "file.no_front": (
        "{file}: does not start with front matter (a line ---, YAML, a line ---); `lossclinic casebook export` shows how a case is written",
        "{file}：开头没有 front matter（一行 ---、YAML、再一行 ---）；`lossclinic casebook export` 导出的文件就是样例",
    ),
    "file.yaml": ("{file}:{line}: not readable YAML: {reason}", "{file}:{line}：YAML 有误：{reason}"),
    "file.alias": ("{file}:{line}: YAML aliases (*name) are not taken; write the value out", "{file}:{line}：不支持 YAML 别名（*名字），请把值直接写出来"),
    "file.doubled": ("{file}:{line}: the key {key} stands twice; keep one", "{file}:{line}：键 {key} 出现了两次，请只留一个"),
    "file.unknown_key": ("{file}:{line}: a case has no field {key}; check the spelling or remove the line", "{file}:{line}：病例没有 {key} 这个字段，请检查拼写或删掉这一行"),
    "file.newer": (
        "{file}: written in form {schema}, this version of lossclinic knows forms up to {known}; update lossclinic",
        "{file}：格式版本是 {schema}，当前 lossclinic 只认识到 {known}；请升级 lossclinic",
    ),
    "file.section_twice": ("{file}:{line}: the section {heading} stands twice; keep one", "{file}:{line}：小节 {heading} 出现了两次，请合并成一个"),
    "file.unfit": ("{file}:{line}: {key}: {reason}", "{file}:{line}：{key} 不合格式：{reason}"),
}
