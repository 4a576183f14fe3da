"""Words of the frame around all screens: keys, themes, help, copying, settings."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "name": ("lossclinic", "损失门诊"),
    "room.triage": ("Triage", "问诊"),
    "room.casebook": ("Casebook", "病例库"),
    "room.quiz": ("Quiz", "练习"),
    "no_room": ("{room} is not part of this installation.", "当前安装里没有“{room}”。"),
    "palette": ("Type to search commands", "输入关键字，查找命令"),
    "ctrl_c": ("Ctrl+Q quits. Ctrl+C copies what you select with the mouse, F8 what has focus.", "退出用 Ctrl+Q。Ctrl+C 复制鼠标选中的文字，F8 复制当前焦点处的内容。"),
    # keys
    "key.help": ("Help", "帮助"),
    "key.theme": ("Next theme", "换主题"),
    "key.copy": ("Copy", "复制"),
    "key.palette": ("Commands", "命令"),
    "key.quit": ("Quit", "退出"),
    "key.close": ("Close", "关闭"),
    "theme.dark": ("Theme: dark", "主题：深色"),
    "theme.light": ("Theme: light", "主题：浅色"),
    "theme.contrast": ("Theme: high contrast", "主题：高对比度"),
    # help
    "help.room": ("Clinic\nChoose a room above, or search all commands with Ctrl+P.", "门诊\n在上方选择房间，或按 Ctrl+P 查找所有命令。"),
    "help.keys": ("Keys for this", "在这里"),
    "help.room_keys": ("Keys for this room", "在这个页面"),
    "help.all_keys": ("Everywhere", "任何地方"),
    "help.close": ("Esc closes", "Esc 关闭"),
    "help.select": ("Shift and drag selects text the way your terminal does it.", "按住 Shift 拖动，可用终端自带的方式选择文字。"),
    # copying
    "copy.nothing": ("There is nothing to copy here.", "这里没有可复制的内容。"),
    "copy.done": ("Copied, {n} {n:character|characters}.", "已复制 {n} 个字符。"),
    "copy.done_file": (
        "Copied, {n} {n:character|characters}. If your terminal does not pass it on, it is in {file}.",
        "已复制 {n} 个字符。如果终端不支持，可以到 {file} 里取。",
    ),
    # settings
    "settings.unreadable": ("{file} cannot be used: {reason}", "{file} 无法使用：{reason}"),
    "settings.value": ("{file}: {key} is one of {choices}, not {value}", "{file}：{key} 只能是 {choices} 之一，不能是 {value}"),
    "settings.unknown": ("{file}: there is no setting {key}", "{file}：没有 {key} 这个设置"),
    "settings.keymap": ('{file}: [keymap] holds lines like language = "f4"', "{file}：[keymap] 里每行应写成 language = \"f4\" 的形式"),
    "settings.no_such_key": ("keymap: there is no key with the id {key}", "keymap：没有编号为 {key} 的按键"),
    "settings.clash": ("keymap: several actions on one key: {ids}", "keymap：同一个按键对应了多个动作：{ids}"),
}
