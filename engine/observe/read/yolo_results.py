"""results.txt of YOLOv3 to v7: one line an epoch, no header, "150/299 11.8G 0.02 ..." and thirteen more fields in a fixed order.

Recognised by a first field n/N and a second field of gigabytes, followed only by numbers.
"""

from __future__ import annotations

import re

from ..log import Note
from .cells import to_float
from .source import Source
from .table import Builder, NotThisFormatError, Table

__all__ = ["read", "sniff"]

_LINE = re.compile(r"\s*\d+/\d+\s+[\d.]+G(?:\s+(?:[-+\d.eE]+|nan|inf)){8,14}\s*", re.I)
_NAMES = (
    "epoch", "gpu_mem", "box_loss", "obj_loss", "cls_loss", "total_loss", "labels", "img_size",
    "precision", "recall", "mAP@.5", "mAP@.5:.95", "val/box_loss", "val/obj_loss", "val/cls_loss",
)  # fmt: skip


def sniff(source: Source) -> float:
    """0..1: how sure it is that this is such a file."""
    if not source.head_text.lstrip()[:1].isdigit():
        return 0.0
    lines = [line for line in source.head_lines[:5] if line.strip()]
    return 0.98 if lines and all(_LINE.fullmatch(line) for line in lines[:3]) else 0.0


def read(source: Source) -> Table:
    """One row a line."""
    builder = Builder()
    bad = 0
    for lines in source.lines():
        for line in lines:
            if not _LINE.fullmatch(line):
                bad += bool(line.strip())
                continue
            cells = line.split()
            builder.add("epoch", float(cells[0].split("/")[0]))
            for name, cell in zip(_NAMES[1:], cells[1:], strict=False):
                value = to_float(cell)
                if value is not None:
                    builder.add(name, value)
            builder.next()
    if not builder.rows:
        raise NotThisFormatError
    notes = [*source.notes, *([Note("bad_lines", {"count": bad})] if bad else [])]
    return builder.table("yolo_results", notes)
