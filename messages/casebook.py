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
    # stores
    "store.no_case": ("there is no case {id} in {where}", "{where} 里没有病例 {id}"),
    "store.moved_on": (
        "{id} was changed by somebody else in the meantime; nothing was written: look at it again and repeat the change",
        "{id} 期间已被别人改过，这次没有写入；请重新查看后再改",
    ),
    "store.number_taken": (
        "the number {id} belongs to another case here; nothing was written (import --renumber gives it a new number)",
        "编号 {id} 在这里已属于另一个病例，没有写入（import --renumber 可换一个新编号）",
    ),
    "store.too_large": ("the case is {size} MB; a casebook takes at most {most} MB a case", "这个病例有 {size} MB，单个病例最多 {most} MB"),
    "store.read_only": (
        "{where} can only be read here; nothing was written: use another --casebook, or ask its owner for the right to write",
        "{where} 在这里只读，没有写入；请换一个 --casebook，或请所有者开放写权限",
    ),
    "store.old_sqlite": (
        "the SQLite of this Python is {found}; a casebook needs {oldest} or later: use a newer Python",
        "当前 Python 自带的 SQLite 是 {found}，病例库至少需要 {oldest}；请换用较新的 Python",
    ),
    "store.is_folder": ("{where} is a folder; --casebook takes a file", "{where} 是文件夹；--casebook 要给文件"),
    "store.no_folder": (
        "{where} cannot be made: {reason}; choose another place with --casebook",
        "无法创建 {where}：{reason}；请用 --casebook 换一个位置",
    ),
    "store.cannot_open": (
        "{where} cannot be opened or made: check that the folder is there and may be written, or choose another place with --casebook",
        "无法打开或创建 {where}：请确认文件夹存在且可写，或用 --casebook 换一个位置",
    ),
    "store.not_a_casebook": (
        "{where} is not a casebook (it belongs to another program, or is no SQLite file); choose another file with --casebook",
        "{where} 不是病例库（属于别的程序，或者不是 SQLite 文件）；请用 --casebook 换一个文件",
    ),
    "store.newer": (
        "{where} was made by a newer lossclinic (tables {found}, this one knows {known}); update lossclinic",
        "{where} 由更新版本的 lossclinic 建立（表结构 {found}，当前版本只认识到 {known}）；请升级 lossclinic",
    ),
    "store.older": (
        "{where} has the tables of an older lossclinic and can only be read here; let somebody who may write open it once",
        "{where} 还是旧版表结构，而这里只能读；请让有写权限的人先打开一次",
    ),
    "store.full": ("the disk of {where} is full; nothing was written: make room and repeat", "{where} 所在磁盘已满，没有写入；请腾出空间后重试"),
    "store.io": (
        "{where} could not be written (disk full, quota, or a failing disk); nothing was changed: make room and repeat",
        "{where} 写入失败（磁盘已满、配额用尽或磁盘故障），内容没有改动；请腾出空间后重试",
    ),
    "store.corrupt": ("{where} is damaged; restore it from a backup, or import an export of it", "{where} 已损坏；请从备份恢复，或重新导入此前的导出"),
    "store.busy": (
        "{where} is kept busy by other processes; nothing was written: try again",
        "{where} 一直被其他进程占用，没有写入；请重试",
    ),
    "store.failed": ("{where}: {reason}", "{where}：{reason}"),
    "store.no_psycopg": (
        "a casebook on PostgreSQL needs psycopg: pip install 'lossclinic[postgres]'",
        "使用 PostgreSQL 病例库需要 psycopg：pip install 'lossclinic[postgres]'",
    ),
    "store.unreachable": (
        "{where} does not answer ({reason}); check address, network and server",
        "{where} 没有响应（{reason}）；请检查地址、网络和服务器",
    ),
    "store.login": ("{where} refuses the login; check user and password", "{where} 拒绝登录；请检查用户名和密码"),
    "store.no_database": ("{where}: there is no such database; create it first", "{where}：没有这个数据库，请先创建"),
    "store.no_schema": ("{where}: the schema of the search path does not exist; create it first", "{where}：search_path 里的 schema 不存在，请先创建"),
    "store.no_tables": (
        "{where} has no casebook yet, and this role may not create tables; let its owner open it once",
        "{where} 里还没有病例库，当前角色也无权建表；请让所有者先打开一次",
    ),
    "store.not_allowed": (
        "{where}: this role may not do that; docs/casebook.md has the grants it needs",
        "{where}：当前角色没有这个权限；所需授权见 docs/casebook.zh-CN.md",
    ),
    "note.not_there": ("no casebook yet at {where}; `lossclinic casebook add` makes it", "{where} 还没有病例库；`lossclinic casebook add` 会建立它"),
    "note.read_only": ("{where} can only be read here", "{where} 在这里只读"),
    "note.network": (
        "{where} lies on a network file system: the slower rollback journal is used; for a team, PostgreSQL is the better place",
        "{where} 位于网络文件系统，改用较慢的回滚日志；团队共用建议换成 PostgreSQL",
    ),
    "note.no_wal": (
        "{where}: SQLite has no write-ahead log there; the slower rollback journal is used",
        "{where}：此处 SQLite 无法使用预写日志，改用较慢的回滚日志",
    ),
}
