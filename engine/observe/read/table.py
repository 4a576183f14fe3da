"""What every format is brought to before it is understood: named columns of numbers over the rows of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..log import Floats, Note
from .names import clean

__all__ = ["Builder", "NotThisFormatError", "Table", "Track"]

MAX_COLUMNS = 4000


class NotThisFormatError(Exception):
    """A reader looked more closely and the file is not its format after all; the next reader is asked."""


@dataclass(slots=True)
class Track:
    """One column: its name, the rows at which it has a value (ascending), and the values."""

    name: str
    rows: NDArray[np.int64]
    values: Floats
    means: str = ""
    """A name that says what it is where the log's own name does not ("" = the name says it)."""
    run: str = ""
    """Which run it belongs to, where one file holds several side by side."""

    def __len__(self) -> int:
        return len(self.values)


@dataclass(slots=True)
class Table:
    """All that a reader found, rows in the order of the file."""

    format: str
    tracks: list[Track]
    n_rows: int
    text_columns: dict[str, str] = field(default_factory=dict[str, str])
    """Columns without a single number, and why: "text" or "empty"."""
    labels: dict[str, list[str]] = field(default_factory=dict[str, "list[str]"])
    """Cells of the text columns, one a row, where the reader keeps them."""
    notes: list[Note] = field(default_factory=list[Note])
    restart_rows: list[int] = field(default_factory=list[int])
    """Rows before which the file says that training was started again."""
    within: set[str] = field(default_factory=set[str])
    """Counters that the reader knows to start again in each epoch."""
    is_table: bool = True
    """Rows are records of a table; False for free text, whose lines share what was said before."""


class Builder:
    """Collects numbers by column name while a file is walked row by row."""

    def __init__(self) -> None:
        """Start with an empty row 0."""
        self.columns: dict[str, tuple[list[int], list[float]]] = {}
        self.texts: dict[str, str] = {}
        self.row = 0

    def add(self, name: str, value: float) -> None:
        """`value` for the current row; a name that comes twice in a row keeps the last value."""
        column = self.columns.get(name)
        if column is None:
            if len(self.columns) >= MAX_COLUMNS:
                return
            column = self.columns[name] = ([], [])
        rows, values = column
        if rows and rows[-1] == self.row:
            values[-1] = value
        else:
            rows.append(self.row)
            values.append(value)

    def text(self, name: str, why: str = "text") -> None:
        """A cell of `name` that is no number."""
        if len(self.texts) < MAX_COLUMNS:
            self.texts.setdefault(name, why)

    def tracks(self) -> list[Track]:
        """One `Track` a name, in order of first appearance."""
        return [
            Track(clean(name), np.array(rows, dtype=np.int64), np.array(values, dtype=np.float64)) for name, (rows, values) in self.columns.items()
        ]

    def table(self, format_id: str, notes: Iterable[Note] = ()) -> Table:
        """Everything collected, as a `Table` of `self.row` rows."""
        texts = {clean(name): why for name, why in self.texts.items() if name not in self.columns}
        return Table(format_id, self.tracks(), self.row, texts, notes=list(notes))
