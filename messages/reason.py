"""Why the system refused: the names of its error codes. The English is the system's own."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "EACCES": ("Permission denied", "没有权限"),
    "EBUSY": ("Device or resource busy", "正被占用"),
    "EDQUOT": ("Disk quota exceeded", "磁盘配额已用完"),
    "EEXIST": ("File exists", "已有同名文件"),
    "EFBIG": ("File too large", "文件太大"),
    "EIO": ("Input/output error", "磁盘读写出错"),
    "EISDIR": ("Is a directory", "这是文件夹"),
    "ELOOP": ("Too many levels of symbolic links", "符号链接层数太多"),
    "EMFILE": ("Too many open files", "打开的文件太多"),
    "ENAMETOOLONG": ("File name too long", "文件名太长"),
    "ENOENT": ("No such file or directory", "文件或文件夹不存在"),
    "ENOSPC": ("No space left on device", "磁盘已满"),
    "ENOTDIR": ("Not a directory", "路径中有一段不是文件夹"),
    "EPERM": ("Operation not permitted", "不允许这样操作"),
    "EROFS": ("Read-only file system", "文件系统只读"),
    "ETXTBSY": ("Text file busy", "正被占用"),
}
